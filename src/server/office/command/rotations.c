/* rotations.c - see rotations.h. */
#include "server/office/command/rotations.h"

#include "base/codec.h"
#include "server/office/command/notice.h"
#include "server/office/grants/issue.h"
#include "server/office/seal.h"
#include "server/office/store/query.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log.h"

enum { SEALED_MS = 2000, HEX_KEY = 2 * ED25519_KEY + 1, HEX_SIG = 2 * ED25519_SIG + 1 };

static const char *const keepers[] = { "secretariat", "system_manager" };

static const char *word(struct act *act, struct str s)
{
        const char *p = arena_copy(act->arena, s.p ? s.p : "", s.n);

        return p ? p : "";
}

/* The route asks for the role too; a role that ended between the two counts here. */
static int keeper_now(struct act *act, const char *person, struct err *e)
{
        struct actor who;
        int r = query_actor(&who, act->db, person, act->now, act->arena, e);

        if (r == ERR_ABSENT)
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        return r < 0 || actor_has(&who, keepers[0]) || actor_has(&who, keepers[1]) ? r : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
}

/* ---- who is told ---- */

/* Everybody who keeps the house but this person: a rotation is rare, and nobody's alone. */
static int tell(struct act *act, const char *key, const char *but, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(keepers); i++) {
                struct person_line *people = NULL;
                size_t n = 0;

                r = query_holders(&people, &n, act->db, keepers[i], STR(""), act->arena, e);
                for (size_t k = 0; r == ERR_OK && k < n; k++)
                        if (!but || !str_is(people[k].id, but))
                                notice_to_person(&to, people[k].id);
        }
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = key, .page = "installation/keys" }, &to, e);
}

/* ---- the acts ---- */

static int append(struct receipt *out, struct act *act, struct changes *c, const char *person, const struct row *rotation, struct err *e)
{
        int r;

        c->actor = person;
        changes_note(c, "use", row_get_text(rotation, ROTATION_use));
        r = changes_add(c, rotation, e);
        return r < 0 ? r : act_append(out, act, c, e);
}

bool rotation_is_late(const struct row *rotation, utime_t now)
{
        return now >= row_get_int(rotation, ROTATION_asked_at) + ROTATION_ASKED_DAYS * UTIME_DAY;
}

static bool is_open(const struct row *rotation, utime_t now)
{
        return row_is(rotation, ROTATION_state, "confirmed") || (row_is(rotation, ROTATION_state, "asked") && !rotation_is_late(rotation, now));
}

int act_ask_rotation(struct act *act, void *arg, struct err *e)
{
        struct act_ask_rotation *in = arg;
        struct row rotation = row_new(TABLE_ROTATION, entropy_uuid(act->now), NULL), *all = NULL;
        struct changes c;
        unsigned use;
        size_t n = 0;
        int r = keeper_now(act, in->person, e);

        if (r == ERR_OK && !keylink_use_find(&use, in->use))
                r = err_key(e, ERR_INPUT, "rotation.use", "use", NULL);
        if (r == ERR_OK && !in->reason.n)
                r = err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        if (r == ERR_OK)
                r = query_rows(&all, &n, act->db, ROTATIONS_ALL, STR(""), act->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (is_open(&all[i], act->now) && str_eq(row_get_text(&all[i], ROTATION_use), in->use))
                        r = err_key(e, ERR_CONFLICT, "rotation.open", "use", NULL);
        if (r < 0)
                return r;
        row_text(&rotation, ROTATION_use, in->use);
        row_personal(&rotation, ROTATION_reason, in->reason);
        row_text(&rotation, ROTATION_asked_by, str_of(in->person));
        row_int(&rotation, ROTATION_asked_at, act->now);
        row_text(&rotation, ROTATION_state, STR("asked"));
        changes_init(&c, act->arena, "key.rotation-asked", rotation.id);
        r = append(&in->receipt, act, &c, in->person, &rotation, e);
        if (r == ERR_OK)
                memcpy(in->id, rotation.id, sizeof(in->id));
        return r < 0 ? r : tell(act, "notice.rotation-asked", in->person, e);
}

int rotation_may_confirm(const struct row *rotation, const char *person, utime_t now, struct err *e)
{
        if (!row_is(rotation, ROTATION_state, "asked") || rotation_is_late(rotation, now))
                return err_key(e, ERR_CONFLICT, "rotation.over", "", NULL);
        return row_is(rotation, ROTATION_asked_by, person) ? err_key(e, ERR_FORBIDDEN, "rotation.same", "", NULL) : ERR_OK;
}

static int load(struct row *rotation, struct act *act, const char *person, struct str id, struct err *e)
{
        int r = keeper_now(act, person, e);

        if (r == ERR_OK)
                r = store_row(rotation, act->db, TABLE_ROTATION, word(act, id), NULL, act->arena, e);
        return r == ERR_OK && !rotation->rev ? err_key(e, ERR_ABSENT, "rotation.absent", "", NULL) : r;
}

static void finish(struct row *rotation, const char *state, const char *person, utime_t now)
{
        row_text(rotation, ROTATION_state, str_of(state));
        row_text(rotation, ROTATION_done_by, str_of(person));
        row_int(rotation, ROTATION_done_at, now);
}

static void key_text(struct act *act, struct row *rotation, int col, const uint8_t key[ED25519_KEY])
{
        char *hex = arena_alloc(act->arena, HEX_KEY);

        if (hex)
                hex_text(hex, key, ED25519_KEY);
        row_text(rotation, col, str_of(hex ? hex : ""));
}

int act_confirm_rotation(struct act *act, void *arg, struct err *e)
{
        struct act_confirm_rotation *in = arg;
        scoped(buf_done) struct buf body = BUF_INIT;
        char hex[2 * HASH_SIZE + 1];
        struct row rotation;
        struct changes c;
        struct hash digest;
        int r = load(&rotation, act, in->person, in->id, e);

        if (r == ERR_OK)
                r = rotation_may_confirm(&rotation, in->person, act->now, e);
        if (r == ERR_OK && !row_is(&rotation, ROTATION_use, keylink_use_name(in->link.use)))
                r = err_set(e, ERR_BUG, "a link of another use");
        if (r < 0)
                return r;
        finish(&rotation, "confirmed", in->person, act->now);
        row_int(&rotation, ROTATION_generation, in->link.generation);
        key_text(act, &rotation, ROTATION_was, in->was);
        key_text(act, &rotation, ROTATION_key, in->link.current);
        key_text(act, &rotation, ROTATION_next, in->link.next);
        keylink_encode(&body, &in->link);
        if (buf_bad(&body) || act->arena->refused)
                return err_set(e, ERR_NOMEM, "rotation");
        digest = hash_bytes(buf_view(&body));
        hex_text(hex, digest.b, HASH_SIZE);
        changes_init(&c, act->arena, "key.rotation-confirmed", rotation.id);
        changes_note(&c, "digest", str_of(hex));
        r = append(&in->receipt, act, &c, in->person, &rotation, e);
        return r < 0 ? r : tell(act, "notice.rotation-confirmed", in->person, e);
}

int act_end_rotation(struct act *act, void *arg, struct err *e)
{
        struct act_end_rotation *in = arg;
        struct row rotation;
        struct changes c;
        int r = load(&rotation, act, in->person, in->id, e);

        if (r == ERR_OK && !row_is(&rotation, ROTATION_state, "asked"))
                r = err_key(e, ERR_CONFLICT, "rotation.over", "", NULL);
        if (r < 0)
                return r;
        finish(&rotation, "ended", in->person, act->now);
        changes_init(&c, act->arena, "key.rotation-ended", rotation.id);
        return append(&in->receipt, act, &c, in->person, &rotation, e);
}

/* ---- what was confirmed is done ---- */

static bool row_link(struct keylink *l, const struct office *o, const struct row *rotation)
{
        unsigned use = 0;

        *l = (struct keylink){ .generation = (uint32_t)row_get_int(rotation, ROTATION_generation), .install = o->install };
        if (!keylink_use_find(&use, row_get_text(rotation, ROTATION_use)))
                return false;
        l->use = (uint16_t)use;
        return hex_decode(row_get_text(rotation, ROTATION_key), l->current, ED25519_KEY) && hex_decode(row_get_text(rotation, ROTATION_next), l->next, ED25519_KEY);
}

/* The old key's last word on who follows: whoever trusts it needs no fingerprint for the epoch that `sekishod epoch` opens then. */
static int note_next_log(struct changes *c, struct act *act, const struct row *rotation, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        struct vkey next;

        note_origin(next.name, act->office->install, (uint32_t)row_get_int(rotation, ROTATION_generation));
        if (!hex_decode(row_get_text(rotation, ROTATION_key), next.key, ED25519_KEY))
                return err_set(e, ERR_TAMPERED, "rotation %s is malformed", rotation->id);
        vkey_format(&text, &next);
        changes_note(c, "next", str_of(word(act, buf_view(&text))));
        return buf_bad(&text) ? err_set(e, ERR_NOMEM, "rotation") : ERR_OK;
}

int act_rotated(struct act *act, void *arg, struct err *e)
{
        const struct act_rotated *in = arg;
        struct receipt receipt;
        struct row rotation;
        struct changes c;
        char hex[HEX_SIG];
        int r = store_row(&rotation, act->db, TABLE_ROTATION, in->id, NULL, act->arena, e);

        if (r < 0 || !row_is(&rotation, ROTATION_state, "confirmed"))
                return r;
        hex_text(hex, in->sig, ED25519_SIG);
        row_text(&rotation, ROTATION_state, STR("done"));
        row_text(&rotation, ROTATION_link, str_of(hex));
        row_int(&rotation, ROTATION_rotated_at, act->now);
        changes_init(&c, act->arena, "key.rotated", rotation.id);
        changes_note_int(&c, "generation", row_get_int(&rotation, ROTATION_generation));
        changes_note(&c, "key", row_get_text(&rotation, ROTATION_key));
        if (row_is(&rotation, ROTATION_use, "log"))
                r = note_next_log(&c, act, &rotation, e);
        else
                changes_note(&c, "next", row_get_text(&rotation, ROTATION_next));
        if (r < 0)
                return r;
        act->permits_changed |= row_is(&rotation, ROTATION_use, "table") || row_is(&rotation, ROTATION_use, "order");       /* a table with the link goes out */
        r = append(&receipt, act, &c, NULL, &rotation, e);
        return r < 0 ? r : tell(act, "notice.rotation-done", NULL, e);
}

/* The signer is away or slow: the row stays confirmed. What it refuses for good, it is asked in vain; that is said once a minute. */
static int rotate_one(struct office *o, struct db *reader, const struct row *rotation, struct err *e)
{
        struct act_rotated done = { .id = rotation->id };
        struct keylink l;
        uint64_t index = 0;
        int r = query_rotation_entry(&index, reader, rotation->id, e);

        if (r == ERR_OK && !row_link(&l, o, rotation))
                r = err_set(e, ERR_TAMPERED, "rotation %s is malformed", rotation->id);
        if (r == ERR_OK)
                r = sealer_wait(o->sealer, index, clock_boot() + SEALED_MS * UTIME_MS, e);
        if (r == ERR_OK && l.use != KEYLINK_LOG)
                r = sealer_rotate(done.sig, o->sealer, index, &l, e);
        if (r == ERR_OK)
                r = writer_run(o->writer, act_rotated, &done, e);
        if (r == ERR_OK)
                log_say(LOG_NOTICE, "the %s key is rotated: generation %u signs from now on", keylink_use_name(l.use), l.generation);
        return r < 0 ? err_wrap(e, r, "rotation %s", rotation->id) : ERR_OK;
}

int rotations_walk(struct office *o, struct db *reader, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, reader, ROTATIONS_CONFIRMED, STR(""), &a, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = rotate_one(o, reader, &rows[i], e);
        return r;
}

/* ---- what tables say of it ---- */

int rotations_links(struct buf *side, struct db *db, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        struct row install;
        struct uuid id;
        size_t n = 0;
        int r = query_rows(&rows, &n, db, ROTATIONS_DONE, STR(""), a, e);

        if (r < 0 || !n)
                return r;
        r = query_install(&install, db, a, e);
        if (r < 0)
                return r;
        if (!uuid_parse(str_of(install.id), &id))
                return err_set(e, ERR_TAMPERED, "install id is malformed");
        keylinks_begin(side, (uint32_t)n);
        for (size_t i = 0; i < n; i++) {
                struct office here = { .install = id };
                uint8_t sig[ED25519_SIG];
                struct keylink l;

                if (!row_link(&l, &here, &rows[i]) || !hex_decode(row_get_text(&rows[i], ROTATION_link), sig, sizeof(sig)))
                        return err_set(e, ERR_TAMPERED, "rotation %s is malformed", rows[i].id);
                keylink_encode(side, &l);
                put_run(side, sig, sizeof(sig));
        }
        return buf_bad(side) ? err_set(e, ERR_NOMEM, "key links") : ERR_OK;
}

int rotations_verify_table(const struct grant_header *h, const uint8_t sig[ED25519_SIG], const uint8_t current[ED25519_KEY], struct db *db, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r;

        if (grant_header_verify(h, sig, current, NULL) == ERR_OK)
                return ERR_OK;
        r = query_rows(&rows, &n, db, ROTATIONS_ALL, STR(""), a, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                uint8_t was[ED25519_KEY];

                if (row_is(&rows[i], ROTATION_use, "table") && hex_decode(row_get_text(&rows[i], ROTATION_was), was, sizeof(was)) && grant_header_verify(h, sig, was, NULL) == ERR_OK)
                        return ERR_OK;
        }
        return r < 0 ? r : grant_header_verify(h, sig, current, e);
}
