/* log_epochs.c - see log_view.h: where epochs begin, what was lost between them, and whose word leads from one key to the next. */
#include "base/codec.h"
#include "cli/log_view.h"
#include "core/journal/canon.h"

enum { EPOCH_PATH = 40, PRINT_ROOM = 64, SIG_DIGITS = 2 * ED25519_SIG };

static void json_drop(json_t *j)
{
        json_decref(j);
}
SCOPED(json_drop, json_t *)

/* ---- what epoch.opened says ---- */

struct opened { uint64_t epoch, before, size, known_size, gap; const char *known_root, *log_key, *reason, *known_sig; };

static bool note_u64(const json_t *note, const char *key, uint64_t *out)
{
        const json_t *v = json_object_get(note, key);

        if (!json_is_integer(v) || json_integer_value(v) < 0)
                return false;
        *out = (uint64_t)json_integer_value(v);
        return true;
}

/* What does not hold, in words; NULL: all of it does. */
static const char *opened_wrong(const struct opened *o, const struct log_view *v, uint32_t i, const struct log_special *s)
{
        scoped(buf_done) struct buf key = BUF_INIT;
        uint8_t sig[ED25519_SIG];

        vkey_format(&key, &v->epochs.key[i]);
        if (o->epoch != v->epochs.number[i] || o->before != o->epoch - 1 || o->before < v->epochs.number[i - 1])
                return "it opens another epoch than sekisho-log lists";
        if (o->size != s->index)
                return "it is not at the place it names";
        if (o->known_size < o->size || o->gap != o->known_size - o->size)
                return "its gap is not what its sizes say";
        if (!str_is(buf_view(&key), o->log_key))
                return "its key is not the one that sekisho-log lists";
        if (o->known_sig && !hex_decode(str_of(o->known_sig), sig, sizeof(sig)))
                return "its signature is malformed";
        return NULL;
}

/* Fills v->opening[i]; false: said. */
static bool opening_read(struct log_view *v, uint32_t i, const struct log_special *s)
{
        scoped(json_drop) json_t *entry = NULL;
        struct log_opening *to = &v->opening[i];
        struct opened o = { 0 };
        struct err e = { 0 };
        const char *wrong = NULL;
        const json_t *note;

        if (canon_parse(&entry, s->entry, &e) < 0) {
                report(v->report, VERDICT_TAMPERED, "verify-log.epoch.bad", decimal(s->index), e.text, NULL);
                return false;
        }
        note = json_object_get(entry, "note");
        o.known_root = json_string_value(json_object_get(note, "known_root"));
        o.log_key = json_string_value(json_object_get(note, "log_key"));
        o.reason = json_string_value(json_object_get(note, "reason"));
        o.known_sig = json_string_value(json_object_get(note, "known_sig"));
        if (!note_u64(note, "epoch", &o.epoch) || !note_u64(note, "before", &o.before) || !note_u64(note, "size", &o.size) ||
            !note_u64(note, "known_size", &o.known_size) || !note_u64(note, "gap", &o.gap) || !o.known_root || !o.log_key || !o.reason ||
            !hex_decode(str_of(o.known_root), to->known_root.b, HASH_SIZE))
                wrong = "a field is missing or malformed";
        else
                wrong = opened_wrong(&o, v, i, s);
        if (wrong) {
                report(v->report, VERDICT_TAMPERED, "verify-log.epoch.bad", decimal(s->index), wrong, NULL);
                return false;
        }
        to->index = s->index;
        to->known_size = o.known_size;
        to->has_sig = o.known_sig != NULL;
        (void)snprintf(to->reason, sizeof(to->reason), "%s", o.reason);
        return true;
}

/* ---- the last checkpoint of an older epoch ---- */

/* Up to where the next epoch begins it must be this very tree; beyond that it tells how much is lost. */
static void old_compare(struct log_view *v, uint32_t i, const struct point *old)
{
        const struct log_opening *next = &v->opening[i + 1];
        const char *number = decimal(v->epochs.number[i]);
        struct err e = { 0 };
        int r;

        if (old->size > next->known_size) {
                report(v->report, VERDICT_TAMPERED, "verify-log.gap.hidden", number, decimal(old->size), decimal(next->known_size), NULL);
                return;
        }
        if (old->size == next->known_size && !hash_eq(&old->root, &next->known_root)) {
                report(v->report, VERDICT_TAMPERED, "verify-log.old.differs", number, decimal(old->size), "epoch.opened", NULL);
                return;
        }
        if (old->size > next->index || !old->size)
                return;
        r = log_view_agrees(v, old, &e);
        if (r == ERR_ABSENT)
                report(v->report, VERDICT_INCOMPLETE, "verify-log.old.step", number, decimal(old->size), NULL);
        else if (r < 0)
                report(v->report, VERDICT_TAMPERED, "verify-log.old.differs", number, decimal(old->size), e.text, NULL);
}

/* The checkpoint of epoch i as a point; false: there is none that counts (said). */
static bool old_read(struct log_view *v, uint32_t i, struct point *out)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        const struct log_opening *next = &v->opening[i + 1];
        char path[EPOCH_PATH];
        struct err e = { 0 };
        int r;

        (void)snprintf(path, sizeof(path), "epochs/%u/checkpoint", v->epochs.number[i]);
        r = v->files->read(v->files->ctx, &note, path, NOTE_MAX, &e);
        if (r == ERR_ABSENT && !next->has_sig) {
                report(v->report, VERDICT_VERIFIED, "verify-log.old.none", decimal(v->epochs.number[i]), NULL);
                return false;
        }
        if (r < 0) {
                log_file_failed(v->report, path, r, &e);
                return false;
        }
        if (point_from_checkpoint(out, buf_view(&note), &v->epochs.key[i], &e) < 0) {
                report(v->report, VERDICT_TAMPERED, "verify.file.bad", path, e.text, NULL);
                return false;
        }
        return true;
}

static void epoch_say(struct log_view *v, uint32_t i)
{
        static const char *const reasons[] = { "restore", "clone", "key-lost", "rotation" };
        scoped(buf_done) struct buf print = BUF_INIT;
        const struct log_opening *o = &v->opening[i];
        const char *why = o->reason;
        char key[PRINT_ROOM];

        vkey_fingerprint(&print, &v->epochs.key[i]);
        for (size_t k = 0; k < countof(reasons); k++)
                if (strcmp(o->reason, reasons[k]) == 0) {
                        (void)snprintf(key, sizeof(key), "verify-log.reason.%s", reasons[k]);
                        why = text_get(v->report->lang, key);
                }
        if (i)
                report(v->report, VERDICT_VERIFIED, "verify-log.epoch", decimal(v->epochs.number[i]), decimal(o->index), why, buf_view(&print).p, NULL);
        else
                report(v->report, VERDICT_VERIFIED, "verify-log.epoch.first", decimal(v->epochs.number[i]), buf_view(&print).p, NULL);
        if (i && o->known_size > o->index)
                report(v->report, VERDICT_VERIFIED, "verify-log.gap", decimal(o->known_size - o->index), decimal(v->epochs.number[i - 1]),
                       decimal(o->index), decimal(o->known_size), NULL);
}

void log_epochs_check(struct log_view *v)
{
        uint32_t i = 0;

        for (size_t k = 0; k < v->n_special; k++) {
                if (!v->special[k].opens)
                        continue;
                if (++i < v->epochs.n && !opening_read(v, i, &v->special[k]))
                        return;
        }
        if (i + 1 != v->epochs.n) {
                report(v->report, VERDICT_TAMPERED, "verify-log.epoch.count", decimal(v->epochs.n), decimal(i + 1), NULL);
                return;
        }
        for (i = 0; i < v->epochs.n; i++)
                epoch_say(v, i);
        for (i = 0; i + 1 < v->epochs.n; i++) {
                struct point old;

                if (old_read(v, i, &old))
                        old_compare(v, i, &old);
        }
}

/* ---- keys ---- */

/* 32 hexadecimal digits, blanks between as people type them. */
static bool print_parse(char to[PRINT_ROOM], const char *typed)
{
        size_t n = 0;

        for (; *typed; typed++) {
                char c = *typed >= 'A' && *typed <= 'F' ? (char)(*typed - 'A' + 'a') : *typed;

                if (c == ' ' || c == '-' || c == ':')
                        continue;
                if (n == 32 || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
                        return false;
                to[n++] = c;
        }
        to[n] = 0;
        return n == 32;
}

/* Which epoch's key was typed: -1 none. */
static int typed_epoch(const struct log_view *v, const char *typed)
{
        char want[PRINT_ROOM], have[PRINT_ROOM];
        bool is_print = print_parse(want, typed);
        struct vkey k;

        if (!is_print && vkey_parse(&k, str_trim(str_of(typed)), NULL) < 0)
                return -1;
        for (uint32_t i = 0; i < v->epochs.n; i++) {
                scoped(buf_done) struct buf print = BUF_INIT;

                vkey_fingerprint(&print, &v->epochs.key[i]);
                if (is_print ? print_parse(have, buf_view(&print).p) && strcmp(have, want) == 0
                             : strcmp(k.name, v->epochs.key[i].name) == 0 && memcmp(k.key, v->epochs.key[i].key, ED25519_KEY) == 0)
                        return (int)i;
        }
        return -1;
}

/* The old key signed a tree in which the entry stands that names the new one; *at is that entry. */
static bool vouched(struct log_view *v, uint32_t i, uint64_t *at)
{
        scoped(buf_done) struct buf key = BUF_INIT, note = BUF_INIT;
        char path[EPOCH_PATH];
        struct point old;

        vkey_format(&key, &v->epochs.key[i + 1]);
        (void)snprintf(path, sizeof(path), "epochs/%u/checkpoint", v->epochs.number[i]);
        if (v->files->read(v->files->ctx, &note, path, NOTE_MAX, NULL) < 0 ||
            point_from_checkpoint(&old, buf_view(&note), &v->epochs.key[i], NULL) < 0 || old.size > v->opening[i + 1].index ||
            !old.size || log_view_agrees(v, &old, NULL) < 0)
                return false;
        for (size_t k = 0; k < v->n_special; k++) {
                const struct log_special *s = &v->special[k];
                scoped(json_drop) json_t *entry = NULL;
                const char *next, *use;

                if (s->opens || s->index < v->opening[i].index || s->index >= old.size || canon_parse(&entry, s->entry, NULL) < 0)
                        continue;
                next = json_string_value(json_object_get(json_object_get(entry, "note"), "next"));
                use = json_string_value(json_object_get(json_object_get(entry, "note"), "use"));
                if (use && strcmp(use, "log") == 0 && next && str_is(buf_view(&key), next)) {
                        *at = s->index;
                        return true;
                }
        }
        return false;
}

void log_keys_check(struct log_view *v, const char *const *typed, size_t n)
{
        scoped(buf_done) struct buf print = BUF_INIT;
        uint32_t last = v->epochs.n - 1, missing;
        int trusted = -1;

        for (size_t i = 0; i < n; i++) {
                int epoch = typed_epoch(v, typed[i]);

                if (epoch < 0)
                        report(v->report, VERDICT_TAMPERED, "verify-log.key.foreign", typed[i], NULL);
                else
                        report(v->report, VERDICT_VERIFIED, "verify-log.key.typed", decimal(v->epochs.number[epoch]), NULL);
                trusted = epoch > trusted ? epoch : trusted;
        }
        for (uint64_t at; trusted >= 0 && (uint32_t)trusted < last && vouched(v, (uint32_t)trusted, &at); trusted++)
                report(v->report, VERDICT_VERIFIED, "verify-log.key.vouched", decimal(v->epochs.number[trusted]), decimal(v->epochs.number[trusted + 1]),
                       decimal(at), NULL);
        if (trusted == (int)last)
                return;
        missing = trusted < 0 ? last : (uint32_t)trusted + 1;
        vkey_fingerprint(&print, &v->epochs.key[missing]);
        report(v->report, VERDICT_INCOMPLETE, n ? "verify-log.key.unreached" : "verify-log.key.none", decimal(v->epochs.number[missing]),
               buf_view(&print).p, NULL);
}
