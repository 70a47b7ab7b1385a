/* epoch.c - see epoch.h. */
#include "server/epoch.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/codec.h"
#include "server/office/command/rules.h"
#include "server/office/office.h"
#include "server/office/places.h"
#include "server/office/store/journal.h"
#include "server/office/store/local.h"
#include "server/office/store/query.h"
#include "server/office/store/tree.h"
#include "server/signer/keys.h"
#include "server/signer/verbs.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/fault.h"
#include "sys/files.h"
#include "sys/sock.h"
#include "wire/signer_state.h"

enum { PATH_ROOM = 2 * OFFICE_PATH_MAX, LEAVES = 256, FILE_MAX = 1024 * 1024 };

struct work {
        const struct epoch_plan *p;
        struct arena            *a;
        struct db               *db;
        struct row               install;
        struct str               person, second;
        struct edge              edge;
        struct hash              root, known_root;
        const uint8_t           *known_sig;            /* of the present epoch's key, when it signed known_root */
        struct epoch_opened      out;
        char                     making[PATH_ROOM], signer[PATH_ROOM];
};

/* ---- who ---- */

/* By login; where the keys of local rows are gone with keys.db, by id. */
static int find_person(struct str *id, struct actor *who, struct work *w, const char *login, utime_t now, struct err *e)
{
        struct credential c;
        struct uuid uuid;
        int r = ERR_OK;

        if (uuid_parse(str_of(login), &uuid))
                *id = str_of(login);
        else {
                r = credential_find(&c, w->db, str_of(login), w->a, e);
                *id = c.person;
        }
        if (r == ERR_OK)
                r = query_actor(who, w->db, arena_copy(w->a, id->p, id->n), now, w->a, e);
        return r == ERR_ABSENT ? err_key(e, ERR_RULE, "adopt.person.absent", "", login, NULL) : r;
}

static int find_persons(struct work *w, utime_t now, struct err *e)
{
        struct actor who;
        int r = find_person(&w->person, &who, w, w->p->by, now, e);

        if (r == ERR_OK && !rules_may_keep(&who))
                r = err_key(e, ERR_FORBIDDEN, "adopt.role.by", "", w->p->by, NULL);
        if (r < 0 || !w->p->second)
                return r < 0 || !w->p->two ? r : err_key(e, ERR_INPUT, "epoch.word.missing", "", NULL);
        r = find_person(&w->second, &who, w, w->p->second, now, e);
        if (r == ERR_OK && str_eq(w->person, w->second))
                r = err_key(e, ERR_RULE, "adopt.person.same", "", NULL);
        if (r == ERR_OK && !rules_may_adopt(&who))
                r = err_key(e, ERR_FORBIDDEN, "adopt.role.second", "", w->p->second, NULL);
        return r;
}

/* ---- what is known ---- */

static int read_edge(struct edge *edge, struct db *db, struct err *e)
{
        struct hash leaves[LEAVES];
        uint64_t size = 0;
        int r = journal_size(&size, NULL, db, e);

        *edge = (struct edge){ 0 };
        while (r == ERR_OK && edge->size < size) {
                uint64_t left = size - edge->size, n = left < LEAVES ? left : LEAVES;

                r = tree_read_db(db, 0, edge->size, (size_t)n, leaves, e);
                for (size_t i = 0; r == ERR_OK && i < n; i++)
                        r = edge_append(edge, &leaves[i], e);
        }
        return r;
}

/* One numbering over all epochs: each known checkpoint up to our size must be a beginning of our tree. */
static int compare_known(struct work *w, struct err *e)
{
        char size[24], present[NOTE_ORIGIN_MAX];

        (void)snprintf(present, sizeof(present), "sekisho/%s/%lld", w->install.id, (long long)row_get_int(&w->install, INSTALL_epoch));
        w->out.size = w->out.known_size = w->edge.size;
        w->root = w->known_root = edge_root(&w->edge);
        for (size_t i = 0; i < w->p->known_count; i++) {
                const struct checkpoint *c = &w->p->known[i];
                struct hash root;
                int r;

                if (c->size > w->out.known_size) {
                        w->out.known_size = c->size;
                        w->known_root = c->root;
                        w->known_sig = NULL;
                }
                if (c->size == w->out.known_size && hash_eq(&c->root, &w->known_root) && strcmp(c->origin, present) == 0)
                        w->known_sig = w->p->known_sig[i];
                if (c->size > w->edge.size || !c->size)
                        continue;
                r = tree_root(&root, c->size, tree_read_db, w->db, e);
                if (r < 0)
                        return r;
                (void)snprintf(size, sizeof(size), "%llu", (unsigned long long)c->size);
                if (!hash_eq(&root, &c->root))
                        return err_key(e, ERR_TAMPERED, "epoch.known.differs", "", size, NULL);
        }
        w->out.gap = w->out.known_size - w->out.size;
        return ERR_OK;
}

/* "sekisho/<install>/<epoch>" */
static bool epoch_of(uint32_t *epoch, const char *origin, const char *install)
{
        char want[NOTE_ORIGIN_MAX];
        size_t n = (size_t)snprintf(want, sizeof(want), "sekisho/%s/", install);
        uint64_t v;

        if (strncmp(origin, want, n) != 0 || !str_u64(str_of(origin + n), UINT32_MAX - 1, &v))
                return false;
        *epoch = (uint32_t)v;
        return true;
}

static int number(struct work *w, struct err *e)
{
        uint32_t last = (uint32_t)row_get_int(&w->install, INSTALL_epoch), n;

        w->out.before = last;
        for (size_t i = 0; i < w->p->known_count; i++) {
                if (!epoch_of(&n, w->p->known[i].origin, w->install.id))
                        return err_key(e, ERR_INPUT, "epoch.known.foreign", "", w->p->known[i].origin, NULL);
                if (n > last)
                        last = n;
        }
        w->out.before = last;
        w->out.epoch = last + 1;
        return ERR_OK;
}

static int know(struct epoch_plan *p, const struct checkpoint *c, const uint8_t sig[ED25519_SIG], struct err *e)
{
        if (p->known_count == EPOCH_KNOWN_MAX)
                return err_set(e, ERR_TOO_BIG, "more than %d checkpoints", EPOCH_KNOWN_MAX);
        memcpy(p->known_sig[p->known_count], sig, ED25519_SIG);
        p->known[p->known_count++] = *c;
        return ERR_OK;
}

int epoch_know(struct epoch_plan *p, const char *path, const struct vkey *keys, size_t n, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct checkpoint c;
        uint8_t sig[ED25519_SIG];
        int r = file_read(&note, path, EPOCH_NOTE_MAX, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (checkpoint_open_signed(&c, sig, buf_view(&note), &keys[i], NULL) == ERR_OK)
                        return know(p, &c, sig, e);
        return r < 0 ? r : err_key(e, ERR_FORBIDDEN, "epoch.known.key", "", path, NULL);
}

int epoch_know_state(struct epoch_plan *p, const char *path, const struct vkey *log, bool *there, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT, text = BUF_INIT;
        struct signer_state s;
        struct checkpoint c = { 0 };
        char origin[NOTE_ORIGIN_MAX];

        *there = false;
        if (file_read(&file, path, 64 * 1024, NULL) < 0 || signer_state_decode(&s, buf_view(&file), NULL) < 0)
                return ERR_OK;
        note_origin(origin, s.install, s.epoch);
        memcpy(c.origin, origin, sizeof(c.origin));
        c.size = s.edge.size;
        c.root = s.root;
        checkpoint_text(&text, &c);
        if (strcmp(origin, log->name) != 0 || ed25519_verify(log->key, buf_view(&text), s.sig, NULL) < 0)
                return ERR_OK;                         /* of another epoch, or not ours: not a word of it counts */
        *there = true;
        if (s.table_seq > p->table_seq)
                p->table_seq = s.table_seq;
        if (s.crl_number > p->crl_number)
                p->crl_number = s.crl_number;
        return c.size ? know(p, &c, s.sig, e) : ERR_OK;
}

/* ---- the signer's folder ---- */

/* Whatever else lies there (recovery key, sealed root, tombstones) goes on. */
static int copy_rest(const struct work *w, struct err *e)
{
        DIR *d = opendir(w->signer);
        struct dirent *at;
        int r = ERR_OK;

        while (d && r == ERR_OK && (at = readdir(d))) {
                scoped(buf_done) struct buf b = BUF_INIT;
                char from[PATH_ROOM + 260], to[PATH_ROOM + 280];
                struct stat st;

                (void)snprintf(from, sizeof(from), "%s/%s", w->signer, at->d_name);
                (void)snprintf(to, sizeof(to), "%s/signer/%s", w->making, at->d_name);
                if (lstat(from, &st) < 0 || !S_ISREG(st.st_mode) || strcmp(at->d_name, "keys") == 0 || strcmp(at->d_name, "state") == 0 ||
                    strcmp(at->d_name, "tombstones") == 0)
                        continue;
                r = file_read(&b, from, FILE_MAX, e);
                if (r == ERR_OK)
                        r = file_create(to, buf_view(&b), 0600, e);
        }
        if (d)
                (void)closedir(d);
        return r;
}

static int read_tombs(struct signer_start *s, const struct work *w, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct tombstone *list = NULL;
        char path[PATH_ROOM + 16];
        size_t torn = 0;
        int r;

        s->tombs = w->p->tombs;
        s->tombs_count = w->p->tombs_count;
        (void)snprintf(path, sizeof(path), "%s/tombstones", w->signer);
        if (s->tombs || !file_exists(path))
                return ERR_OK;
        r = file_read(&file, path, TOMBSTONES_HEAD + TOMBSTONES_MAX * TOMBSTONE_BYTES, e);
        if (r == ERR_OK)
                r = tombstones_decode(&list, &s->tombs_count, &torn, buf_view(&file), w->a, e);
        s->tombs = list;
        return r;
}

static int make_aside(struct work *w, utime_t now, struct err *e)
{
        int64_t seq = row_get_int(&w->install, INSTALL_table_seq);
        struct signer_start s = { .epoch = w->out.epoch, .edge = &w->edge, .keys = w->p->keys, .renew = w->p->renew, .crl_number = w->p->crl_number };
        int r = dir_make(w->making, 0700, e);

        s.table_seq = w->p->table_seq > (uint64_t)seq ? w->p->table_seq : (uint64_t)seq;
        if (r == ERR_OK && !uuid_parse(str_of(w->install.id), &s.install))
                r = err_set(e, ERR_TAMPERED, "install id");
        if (r == ERR_OK)
                r = read_tombs(&s, w, e);
        if (r == ERR_OK)
                r = signer_start_epoch(&w->out.log, w->making, &s, now, e);
        return r < 0 ? r : copy_rest(w, e);
}

/* Both renames, or what a death left of them. The old keys go: their epoch is over. */
static int put_in_place(const struct work *w, struct err *e)
{
        char from[PATH_ROOM + 16];
        int r = ERR_OK;

        (void)snprintf(from, sizeof(from), "%s/signer", w->making);
        if (file_exists(from)) {
                r = dir_remove_tree(w->signer, e);
                if (r == ERR_OK && rename(from, w->signer) < 0)
                        r = err_errno(e, "rename to '%s'", w->signer);
                if (r == ERR_OK)
                        r = dir_sync_of(w->signer, e);
        }
        return r < 0 ? r : dir_remove_tree(w->making, e);
}

/* Of an earlier call: after the commit it is finished, before it it never was. */
static int finish_earlier(struct work *w, bool *finished, struct err *e)
{
        scoped(keys_free) struct keys *k = NULL;
        scoped(buf_done) struct buf vkey = BUF_INIT;
        char path[PATH_ROOM + 32];

        *finished = false;
        (void)snprintf(path, sizeof(path), "%s/signer/keys", w->making);
        if (keys_load(&k, path, NULL) == ERR_OK) {
                vkey_format(&vkey, &k->log);
                *finished = str_eq(buf_view(&vkey), row_get_text(&w->install, INSTALL_log_key));
        }
        return *finished ? put_in_place(w, e) : dir_remove_tree(w->making, e);
}

/* ---- the entry ---- */

static int append(struct work *w, utime_t now, struct err *e)
{
        scoped(buf_done) struct buf vkey = BUF_INIT;
        struct row row = row_new(TABLE_EPOCH, entropy_uuid(now), NULL);
        struct receipt receipt;
        struct changes c;
        char hex[2 * HASH_SIZE + 1], sig[2 * ED25519_SIG + 1] = "";
        int r;

        if (w->known_sig)
                hex_text(sig, w->known_sig, ED25519_SIG);
        vkey_format(&vkey, &w->out.log);
        hex_text(hex, w->known_root.b, HASH_SIZE);
        row_int(&row, EPOCH_epoch, w->out.epoch);
        row_int(&row, EPOCH_opened_at, now);
        row_int(&row, EPOCH_size, (int64_t)w->out.size);
        row_int(&row, EPOCH_known_size, (int64_t)w->out.known_size);
        row_int(&row, EPOCH_gap, (int64_t)w->out.gap);
        row_text(&row, EPOCH_reason, str_of(w->p->reason));
        row_personal(&row, EPOCH_why, str_of(w->p->why ? w->p->why : ""));
        row_text(&row, EPOCH_person, w->person);
        if (w->second.n)
                row_text(&row, EPOCH_second, w->second);
        row_text(&row, EPOCH_log_key, buf_view(&vkey));
        row_text(&row, EPOCH_known_root, str_of(hex));
        if (*sig)
                row_text(&row, EPOCH_known_sig, str_of(sig));
        row_int(&w->install, INSTALL_epoch, w->out.epoch);
        row_text(&w->install, INSTALL_log_key, buf_view(&vkey));
        w->install.v[INSTALL_table_hash] = (struct value){ .kind = VALUE_NULL };       /* the first table of an epoch has none before it */
        changes_init(&c, w->a, "epoch.opened", w->install.id);
        c.actor = arena_copy(w->a, w->person.p, w->person.n);
        changes_note_int(&c, "epoch", w->out.epoch);
        changes_note_int(&c, "before", w->out.before);
        changes_note_int(&c, "size", (int64_t)w->out.size);
        changes_note_int(&c, "known_size", (int64_t)w->out.known_size);
        changes_note(&c, "known_root", str_of(hex));
        if (*sig)
                changes_note(&c, "known_sig", str_of(sig));
        changes_note_int(&c, "gap", (int64_t)w->out.gap);
        changes_note(&c, "reason", str_of(w->p->reason));
        changes_note(&c, "log_key", buf_view(&vkey));
        if (w->second.n)
                changes_note(&c, "second", w->second);
        r = buf_bad(&vkey) || !c.actor ? err_set(e, ERR_NOMEM, "epoch") : changes_add(&c, &w->install, e);
        if (r == ERR_OK)
                r = changes_add(&c, &row, e);
        return r < 0 ? r : journal_append(&receipt, w->db, &c, now, "install", e);
}

/* ---- a planned rotation: the old key's last word names the next ---- */

static int append_leaves(struct signer *s, struct db *db, struct err *e)
{
        struct hash leaves[SIGNER_LEAVES_MAX];
        uint64_t size = 0;
        int r = journal_size(&size, NULL, db, e);

        while (r == ERR_OK && s->state.edge.size < size) {
                scoped(buf_done) struct buf body = BUF_INIT, answer = BUF_INIT;
                uint64_t left = size - s->state.edge.size, n = left < SIGNER_LEAVES_MAX ? left : SIGNER_LEAVES_MAX;

                r = tree_read_db(db, 0, s->state.edge.size, (size_t)n, leaves, e);
                signer_append_encode(&body, s->state.edge.size, leaves, (uint32_t)n);
                if (r == ERR_OK)
                        r = buf_bad(&body) ? err_set(e, ERR_NOMEM, "sealing") : signer_answer(s, SIGNER_APPEND, buf_view(&body), &answer, e);
        }
        return r;
}

static int vouch_entry(struct work *w, const struct signer *s, utime_t now, struct err *e)
{
        scoped(buf_done) struct buf vkey = BUF_INIT;
        struct receipt receipt;
        struct vkey next;
        struct changes c;
        int r = db_begin(w->db, e);

        note_origin(next.name, s->keys->install, s->keys->epoch + 1);
        memcpy(next.key, s->keys->coming_public[KEY_LOG][KEY_NEXT], ED25519_KEY);
        vkey_format(&vkey, &next);
        changes_init(&c, w->a, "key.rotated", w->install.id);
        c.actor = arena_copy(w->a, w->person.p, w->person.n);
        changes_note(&c, "use", STR("log"));
        changes_note(&c, "next", buf_view(&vkey));
        changes_note(&c, "second", w->second);
        if (r == ERR_OK && (buf_bad(&vkey) || !c.actor))
                r = err_set(e, ERR_NOMEM, "rotation");
        if (r == ERR_OK)
                r = journal_append(&receipt, w->db, &c, now, NULL, e);
        return r < 0 ? r : db_commit(w->db, e);
}

/* The signer is not running: its keys and state are used from here. What stands under its last checkpoint says who comes next, so that
 * whoever trusts the old key follows. A death in between leaves an entry that names a key which never came; the next call says it again. */
static int vouch(struct work *w, utime_t now, struct err *e)
{
        struct signer s;
        int r = find_persons(w, now, e);

        if (r == ERR_OK)
                r = signer_open(&s, w->p->dir, e);
        if (r < 0)
                return r;
        r = append_leaves(&s, w->db, e);
        if (r == ERR_OK)
                r = vouch_entry(w, &s, now, e);
        if (r == ERR_OK)
                r = append_leaves(&s, w->db, e);
        signer_close(&s);
        return r;
}

/* ---- open ---- */

static int open_epoch(struct work *w, utime_t now, struct err *e)
{
        int r = find_persons(w, now, e);

        if (r == ERR_OK)
                r = read_edge(&w->edge, w->db, e);
        if (r == ERR_OK)
                r = compare_known(w, e);
        if (r == ERR_OK)
                r = number(w, e);
        if (r == ERR_OK)
                r = make_aside(w, now, e);
        if (r == ERR_OK)
                r = db_begin(w->db, e);
        if (r == ERR_OK)
                r = append(w, now, e);
        if (r == ERR_OK)
                r = db_commit(w->db, e);
        FAULT_POINT("epoch.committed");
        return r < 0 ? r : put_in_place(w, e);
}

/* `p` NULL: only what an earlier call left is looked at; `out` NULL: the old key vouches for the next, no more. */
static int work_on(struct epoch_opened *out, const char *dir, const struct epoch_plan *p, utime_t now, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *db = NULL;
        struct work *w = calloc(1, sizeof(*w));
        char store[PATH_ROOM];
        bool finished = false;
        int r = w ? ERR_OK : err_set(e, ERR_NOMEM, "epoch");

        if (r < 0)
                return r;
        w->p = p;
        w->a = &a;
        (void)snprintf(store, sizeof(store), "%s/office", dir);
        (void)snprintf(w->making, sizeof(w->making), "%.*s/epoch.making", OFFICE_PATH_MAX, dir);
        (void)snprintf(w->signer, sizeof(w->signer), "%.*s/signer", OFFICE_PATH_MAX, dir);
        r = db_open(&db, store, DB_WRITE, e);
        w->db = db;
        if (r == ERR_OK)
                r = query_install(&w->install, w->db, w->a, e);
        if (r == ERR_OK)
                r = finish_earlier(w, &finished, e);
        if (r == ERR_OK && finished)
                r = err_key(e, ERR_CONFLICT, "epoch.finished", "", NULL);
        if (r == ERR_OK && p)
                r = out ? open_epoch(w, now, e) : vouch(w, now, e);
        if (r == ERR_OK && p && out) {
                *out = w->out;
                (void)snprintf(out->person, sizeof(out->person), "%.*s", (int)w->person.n, w->person.p);
        }
        free(w);
        return r;
}

int epoch_open(struct epoch_opened *out, const struct epoch_plan *p, utime_t now, struct err *e)
{
        return work_on(out, p->dir, p, now, e);
}

void epoch_print(const struct epoch_opened *o)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        buf_printf(&b, "epoch\t%u\nbefore\t%u\nsize\t%llu\nknown\t%llu\ngap\t%llu\nkey\t", o->epoch, o->before, (unsigned long long)o->size,
                   (unsigned long long)o->known_size, (unsigned long long)o->gap);
        vkey_format(&b, &o->log);
        buf_text(&b, "\nfingerprint\t");
        vkey_fingerprint(&b, &o->log);
        buf_char(&b, '\n');
        (void)fwrite(buf_view(&b).p, 1, buf_view(&b).n, stdout);
}

/* ---- nginx ---- */

int tls_renew(const char *data_dir, utime_t now, struct err *e)
{
        const char *names[] = { "localhost", "127.0.0.1", "::1", NULL, NULL };
        char office[PATH_ROOM];
        struct places p;
        int r;

        (void)snprintf(office, sizeof(office), "%s/office", data_dir);
        r = places_read(&p, office, e);
        if (r == ERR_OK && strcmp(p.host, "localhost") != 0)
                names[3] = p.host;
        return r < 0 ? r : signer_issue_server(data_dir, names, NULL, now, e);
}

int tls_main(const char *data_dir, struct err *e)
{
        int r = tls_renew(data_dir, clock_now(), e);

        if (r == ERR_OK)
                (void)printf("%s/tls/server.pem\n", data_dir);
        return r;
}

/* ---- sekishod epoch ---- */

static int parse_renew(unsigned *out, const char *list, struct err *e)
{
        static const struct { const char *name; unsigned bits; } uses[] = {
                { "all", KEYS_RENEW_ALL }, { "log", 1u << KEY_LOG }, { "table", 1u << KEY_TABLE }, { "order", 1u << KEY_ORDER }, { "ca", KEYS_RENEW_CA },
        };
        struct str rest = str_of(list), one;
        bool more = true;

        while (more) {
                bool known = false;

                more = str_cut(rest, ',', &one, &rest);
                if (!more)
                        one = rest;
                for (size_t i = 0; i < countof(uses); i++)
                        if (str_is(one, uses[i].name)) {
                                *out |= uses[i].bits;
                                known = true;
                        }
                if (!known)
                        return err_key(e, ERR_INPUT, "epoch.renew.bad", "", list, NULL);
        }
        return ERR_OK;
}

struct words { struct epoch_plan plan; const char *known[EPOCH_KNOWN_MAX]; size_t known_count; bool none; };      /* none: nobody can show a checkpoint */

static int parse_words(struct words *w, int argc, char *const *argv, struct err *e)
{
        const struct { const char *name; const char **to; } texts[] = {
                { "--reason", &w->plan.reason }, { "--why", &w->plan.why }, { "--by", &w->plan.by }, { "--second", &w->plan.second },
        };
        int r = ERR_OK;

        for (int i = 0; i < argc && r == ERR_OK; i += 2) {
                bool taken = false;

                if (i + 1 == argc)
                        return err_key(e, ERR_INPUT, "init.word.bad", "", argv[i], NULL);
                for (size_t t = 0; t < countof(texts); t++)
                        if (strcmp(argv[i], texts[t].name) == 0) {
                                *texts[t].to = argv[i + 1];
                                taken = true;
                        }
                if (strcmp(argv[i], "--renew") == 0)
                        r = parse_renew(&w->plan.renew, argv[i + 1], e);
                else if (strcmp(argv[i], "--known") == 0 && strcmp(argv[i + 1], "none") == 0)
                        w->none = true;
                else if (strcmp(argv[i], "--known") == 0 && w->known_count < EPOCH_KNOWN_MAX)
                        w->known[w->known_count++] = argv[i + 1];
                else if (!taken)
                        r = err_key(e, ERR_INPUT, "init.word.bad", "", argv[i], NULL);
        }
        if (r == ERR_OK && w->plan.reason && strcmp(w->plan.reason, "rotation") == 0 && argc == 2)
                return ERR_OK;          /* who asked and who confirmed stands in the register */
        if (r == ERR_OK && (!w->plan.reason || !w->plan.by || !w->plan.second || !w->plan.why || !utf8_ok(str_of(w->plan.why)) ||
                            (strcmp(w->plan.reason, "clone") != 0 && strcmp(w->plan.reason, "key-lost") != 0 && strcmp(w->plan.reason, "rotation") != 0)))
                r = err_key(e, ERR_INPUT, "epoch.word.missing", "", NULL);
        if (r == ERR_OK && strcmp(w->plan.reason, "rotation") == 0) {
                if (w->plan.renew)
                        r = err_key(e, ERR_INPUT, "epoch.renew.rotation", "", NULL);
                w->plan.renew = KEYS_TURN_LOG;
        }
        return r;
}

/* A signer that runs has the old keys in memory and would go on with them. */
static int signer_is_still(const char *data_dir, struct err *e)
{
        scoped(fd_close) int fd = -1;
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "%s/run/signer.sock", data_dir);
        return sock_connect(&fd, path, NULL) < 0 ? ERR_OK : err_key(e, ERR_CONFLICT, "epoch.signer.running", "", data_dir, NULL);
}

/* What two people confirmed in the browser, and the old key signed, names the key that is now to be the log's. */
static int load_rotation(struct words *w, const struct office *o, const char *keys, struct arena *a, struct err *e)
{
        scoped(keys_free) struct keys *k = NULL;
        scoped(db_close) struct db *db = NULL;
        struct row *rows = NULL;
        char hex[2 * ED25519_KEY + 1];
        size_t n = 0;
        int r = keys_load(&k, keys, e);

        if (r == ERR_OK)
                r = db_open(&db, o->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = query_rows(&rows, &n, db, ROTATIONS_ALL, STR(""), a, e);
        if (r < 0)
                return r;
        hex_text(hex, k->coming_public[KEY_LOG][KEY_NEXT], ED25519_KEY);
        for (size_t i = 0; i < n; i++)
                if (row_is(&rows[i], ROTATION_use, "log") && row_is(&rows[i], ROTATION_state, "done") && row_is(&rows[i], ROTATION_key, hex) &&
                    row_get_int(&rows[i], ROTATION_generation) == (int64_t)k->epoch + 1) {
                        struct str by = row_get_text(&rows[i], ROTATION_asked_by), second = row_get_text(&rows[i], ROTATION_done_by), why = row_get_text(&rows[i], ROTATION_reason);

                        w->plan.by = arena_copy(a, by.p, by.n);
                        w->plan.second = arena_copy(a, second.p, second.n);
                        w->plan.why = arena_copy(a, why.p ? why.p : "", why.n);
                        w->plan.renew = KEYS_TURN_LOG;
                        return w->plan.by && w->plan.second && w->plan.why ? ERR_OK : err_set(e, ERR_NOMEM, "rotation");
                }
        return err_key(e, ERR_RULE, "epoch.rotation.none", "", NULL);
}

static int run(struct words *w, const struct office *o, struct err *e)
{
        char keys[PATH_ROOM], state[PATH_ROOM];
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct epoch_opened done;
        bool there;
        utime_t now = clock_now();
        int r;

        (void)snprintf(keys, sizeof(keys), "%s/signer/keys", o->dir);
        (void)snprintf(state, sizeof(state), "%s/signer/state", o->dir);
        if (w->plan.renew != KEYS_RENEW_ALL && file_exists(keys))
                w->plan.keys = keys;
        r = work_on(&done, o->dir, NULL, now, e);          /* before the state is looked at: it may be that of the old epoch */
        if (r == ERR_OK && strcmp(w->plan.reason, "rotation") == 0 && !w->plan.by)
                r = load_rotation(w, o, keys, &a, e);      /* its key.rotated is in the log already */
        else if (r == ERR_OK && w->plan.renew & KEYS_TURN_LOG)
                r = work_on(NULL, o->dir, &w->plan, now, e);
        if (r == ERR_OK)
                r = epoch_know_state(&w->plan, state, &o->log_key, &there, e);
        for (size_t i = 0; r == ERR_OK && i < w->known_count; i++)
                r = epoch_know(&w->plan, w->known[i], &o->log_key, 1, e);
        if (r == ERR_OK && !there && !w->plan.known_count && !w->none)
                r = err_key(e, ERR_INPUT, "epoch.known.none", "", NULL);
        if (r == ERR_OK)
                r = epoch_open(&done, &w->plan, now, e);
        if (r == ERR_OK && (!w->plan.keys || w->plan.renew & KEYS_RENEW_CA))
                r = tls_renew(o->dir, now, e);
        if (r == ERR_OK)
                epoch_print(&done);
        return r;
}

int epoch_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        scoped(fd_close) int lock = -1;
        struct words *w = calloc(1, sizeof(*w));
        struct office o = { .dir = "" };
        int r = w ? parse_words(w, argc, argv, e) : err_set(e, ERR_NOMEM, "epoch");

        if (r == ERR_OK)
                r = office_lock(&lock, data_dir, e);
        if (r == ERR_OK)
                r = signer_is_still(data_dir, e);
        if (r == ERR_OK)
                r = office_load(&o, data_dir, e);
        if (r == ERR_OK) {
                w->plan.dir = data_dir;
                w->plan.two = true;
                r = run(w, &o, e);
        }
        office_unload(&o);
        free(w);
        return r;
}
