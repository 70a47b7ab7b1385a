/* init.c - see init.h. */
#include "server/init.h"

#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>

#include "base/codec.h"
#include "link/pack_dir.h"
#include "server/demo/demo.h"
#include "server/install.h"
#include "server/office/command/gates.h"
#include "server/office/packs.h"
#include "server/office/places.h"
#include "server/office/session/password.h"
#include "server/office/store/local.h"
#include "server/office/writer.h"
#include "server/recovery.h"
#include "server/signer/keys.h"
#include "server/signer/root.h"
#include "server/signer/signer.h"
#include "server/words.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { PEOPLE_MAX = 64, PATH_ROOM = OFFICE_PATH_MAX + 64, BODY_MAX = 8 };

struct person { struct str login, name, section, roles; char password[24]; };

struct plan {
        const char   *target, *pack_dir, *name, *body, *host, *gate;
        char          dir[OFFICE_PATH_MAX];            /* target + ".making" */
        struct person people[PEOPLE_MAX];
        size_t        people_count;
        uint16_t      user_port, machine_port;
        bool          write_accounts, demo;
        utime_t       now, entries_at;                 /* entries_at: when the first entries say that they were made */
        struct date   at;                              /* --demo: the day that it is made for */
        uint64_t      seed;
        struct uuid   install;
        struct buf    out, code;                       /* what is printed at the end */
};

/* ---- words ---- */

static int parse_person(struct plan *p, const char *word, struct err *e)
{
        struct person *who = &p->people[p->people_count];
        struct str rest = str_of(word);

        if (p->people_count == PEOPLE_MAX)
                return err_set(e, ERR_TOO_BIG, "at most %d --person", PEOPLE_MAX);
        if (!str_cut(rest, ':', &who->login, &rest) || !str_cut(rest, ':', &who->name, &rest) || !str_cut(rest, ':', &who->section, &rest) || !rest.n ||
            !who->login.n || !who->name.n || !who->section.n || !utf8_ok(str_of(word)))
                return err_key(e, ERR_INPUT, "init.person.bad", "", word, NULL);
        who->roles = rest;
        p->people_count++;
        return ERR_OK;
}

static int parse_port(uint16_t *out, const char *word, struct err *e)
{
        uint64_t v;

        if (!str_u64(str_of(word), UINT16_MAX, &v) || !v)
                return err_key(e, ERR_INPUT, "init.port.bad", "", word, NULL);
        *out = (uint16_t)v;
        return ERR_OK;
}

static int parse_demo(struct plan *p, const char *word, const char *value, bool *taken, struct err *e)
{
        *taken = true;
        if (strcmp(word, "--at") == 0)
                return date_parse(str_of(value), &p->at) ? ERR_OK : err_key(e, ERR_INPUT, "init.at.bad", "", value, NULL);
        if (strcmp(word, "--seed") == 0)
                return str_u64(str_of(value), UINT32_MAX, &p->seed) ? ERR_OK : err_key(e, ERR_INPUT, "init.seed.bad", "", value, NULL);
        *taken = false;
        return ERR_OK;
}

static int parse_words(struct plan *p, int argc, char *const *argv, struct err *e)
{
        const struct { const char *name; const char **text; } texts[] = {
                { "--pack", &p->pack_dir }, { "--name", &p->name }, { "--body", &p->body }, { "--host", &p->host }, { "--gate", &p->gate },
        };
        int r = ERR_OK;

        for (int i = 0; i < argc && r == ERR_OK; i++) {
                const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
                bool taken = false;

                if (strcmp(word, "--write-accounts") == 0 || strcmp(word, "--demo") == 0) {
                        *(word[2] == 'd' ? &p->demo : &p->write_accounts) = true;
                        continue;
                }
                if (!value)
                        return err_key(e, ERR_INPUT, "init.word.bad", "", word, NULL);
                r = parse_demo(p, word, value, &taken, e);
                if (taken || r < 0) {
                        i++;
                        continue;
                }
                for (size_t t = 0; t < countof(texts); t++)
                        if (strcmp(word, texts[t].name) == 0) {
                                *texts[t].text = value;
                                taken = true;
                        }
                if (strcmp(word, "--person") == 0)
                        r = parse_person(p, value, e);
                else if (strcmp(word, "--user-port") == 0)
                        r = parse_port(&p->user_port, value, e);
                else if (strcmp(word, "--machine-port") == 0)
                        r = parse_port(&p->machine_port, value, e);
                else if (!taken)
                        r = err_key(e, ERR_INPUT, "init.word.bad", "", word, NULL);
                i++;
        }
        if (r == ERR_OK && (!p->pack_dir || !p->name || !p->body || !p->people_count))
                r = err_key(e, ERR_INPUT, "init.word.missing", "", NULL);
        return r;
}

static int check_body(const char *body, struct err *e)
{
        size_t n = strlen(body);

        for (size_t i = 0; i < n; i++)
                if (!((body[i] >= 'A' && body[i] <= 'Z') || (body[i] >= '0' && body[i] <= '9')))
                        n = 0;
        return n && n <= BODY_MAX ? ERR_OK : err_key(e, ERR_INPUT, "init.body.bad", "", body, NULL);
}

/* ---- entries ---- */

static int add_roles(struct changes *c, const struct pack *pack, const struct person *who, struct uuid id, utime_t now, struct err *e)
{
        struct str rest = who->roles, role;
        bool more = true;

        while (more) {
                char *text;
                struct row row;
                int r;

                more = str_cut(rest, ',', &role, &rest);
                text = arena_copy(c->arena, more ? role.p : rest.p, more ? role.n : rest.n);
                if (!text)
                        return err_set(e, ERR_NOMEM, "role");
                if (!pack_find_role(pack, text))
                        return err_key(e, ERR_INPUT, "init.role.unknown", "", text, NULL);
                row = row_new(TABLE_HOLDER, id, text);
                row_int(&row, HOLDER_since_at, now);
                row_text(&row, HOLDER_state, STR("active"));
                r = changes_add(c, &row, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static int add_person(struct db *db, const struct plan *p, const struct pack *pack, struct person *who, struct arena *a, struct err *e)
{
        struct uuid id = entropy_uuid(p->entries_at);
        struct row row = row_new(TABLE_PERSON, id, NULL);
        char phc[PASSWORD_PHC_MAX];
        struct credential cred = { .login = who->login, .person = str_of(row.id), .must_change = !p->write_accounts };      /* who set the house up knows it; the demonstration's are printed */
        struct receipt receipt;
        struct changes c;
        int r;

        row_personal(&row, PERSON_login, who->login);
        row_personal(&row, PERSON_name, who->name);
        row_personal(&row, PERSON_section, who->section);
        row_text(&row, PERSON_state, STR("active"));
        changes_init(&c, a, "person.added", row.id);
        r = changes_add(&c, &row, e);
        if (r == ERR_OK)
                r = add_roles(&c, pack, who, id, p->entries_at, e);
        if (r == ERR_OK)
                r = journal_append(&receipt, db, &c, p->entries_at, NULL, e);
        password_make(who->password);
        if (r == ERR_OK)
                r = password_hash(phc, str_of(who->password), e);
        cred.phc = str_of(phc);
        return r < 0 ? r : credential_put(db, &cred, e);
}

static int add_entries(struct plan *p, const struct pack *pack, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *db = NULL;
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%s/office", p->dir);
        r = db_open(&db, path, DB_WRITE, e);
        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK)
                r = install_append(db, &(struct install){ p->install, p->dir, p->name, p->body, pack, false }, p->entries_at, &a, e);
        for (size_t i = 0; r == ERR_OK && i < p->people_count; i++)
                r = add_person(db, p, pack, &p->people[i], &a, e);
        return r < 0 ? r : db_commit(db, e);
}

/* Through the same act as the running office uses. Now, also in a demonstration that began a year ago: its code runs out in a day. */
static int add_first_gate(struct plan *p, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *db = NULL;
        struct act_add_gate gate = { .code = &p->code };
        struct act act = { .arena = &a, .now = p->now };
        struct office o;
        struct str rest = str_of(p->gate);
        int r;

        if (!str_cut(rest, ':', &gate.name, &rest) || !str_cut(rest, ':', &gate.zone, &gate.lan))
                return err_key(e, ERR_INPUT, "init.gate.bad", "", p->gate, NULL);
        r = office_load(&o, p->dir, e);
        if (r < 0)
                return r;
        act.office = &o;
        r = db_open(&db, o.store_dir, DB_WRITE, e);
        act.db = db;
        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK)
                r = act_add_gate(&act, &gate, e);
        if (r == ERR_OK)
                r = db_commit(db, e);
        if (r == ERR_OK)
                buf_printf(&p->out, "gate\t%.*s\t%s\n", (int)gate.name.n, gate.name.p, p->code.p);
        office_unload(&o);
        return r;
}

/* ---- the demonstration ---- */

/* The day decides, with the seed; not the moment at which it is made. */
static void begin_demo(struct plan *p)
{
        utime_t end;

        if (!p->at.year)
                p->at = utime_date_jst(p->now);
        end = utime_from_jst(p->at);
        p->entries_at = demo_begin_of(end);
        entropy_demo_ids(p->seed ^ (uint64_t)end);
        p->install = entropy_uuid(p->entries_at);
}

static int play_demo(struct plan *p, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *db = NULL;
        struct demo d = { .arena = &a, .begin = p->entries_at, .end = utime_from_jst(p->at), .dice = p->seed };
        struct office o;
        int r = office_load(&o, p->dir, e);

        if (r < 0)
                return r;
        d.office = &o;
        d.people = arena_array(&a, DEMO_PEOPLE_MAX, sizeof(*d.people));
        for (size_t i = 0; d.people && i < p->people_count; i++) {
                const struct person *who = &p->people[i];
                const char *roles = arena_copy(&a, who->roles.p, who->roles.n);

                d.people[d.people_count++] = (struct demo_person){ .login = arena_copy(&a, who->login.p, who->login.n), .section = arena_copy(&a, who->section.p, who->section.n),
                                                                   .roles = roles, .leads = roles && strstr(roles, "section_manager") };
        }
        r = d.people && !a.refused ? db_open(&db, o.store_dir, DB_WRITE, e) : err_set(e, ERR_NOMEM, "people");
        d.db = db;
        if (r == ERR_OK)
                r = db_begin(db, e);
        if (r == ERR_OK)
                r = demo_play(&d, e);
        if (r == ERR_OK)
                r = db_commit(db, e);
        office_unload(&o);
        return r;
}

/* ---- files ---- */

static int make_dirs(const struct plan *p, struct err *e)
{
        static const char *const dirs[] = { "", "/office", "/signer", "/run", "/tls", "/log", "/courier" };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(dirs); i++) {
                char path[PATH_ROOM];

                (void)snprintf(path, sizeof(path), "%s%s", p->dir, dirs[i]);
                if (mkdir(path, 0700) < 0)
                        r = errno == EEXIST ? err_key(e, ERR_CONFLICT, "init.dir.taken", "", path, NULL) : err_errno(e, "make '%s'", path);
        }
        return r;
}

static int write_accounts(struct plan *p, struct err *e)
{
        scoped(json_decref) json_t *doc = json_object();
        char path[PATH_ROOM], *text;
        int r;

        for (size_t i = 0; i < p->people_count; i++) {
                const struct person *who = &p->people[i];
                struct str first = who->roles, rest;

                (void)str_cut(who->roles, ',', &first, &rest);
                buf_printf(&p->out, "account\t%.*s\t%.*s\t%s\n", (int)who->login.n, who->login.p, (int)who->roles.n, who->roles.p, who->password);
                if (!json_object_getn(doc, first.p, first.n)) /* of several with the same first role the one named first */
                        (void)json_object_setn_new(doc, first.p, first.n, json_pack("{s:o, s:s}", "login", json_stringn(who->login.p, who->login.n), "password", who->password));
        }
        if (!p->write_accounts)
                return ERR_OK;
        (void)snprintf(path, sizeof(path), "%s/accounts.json", p->dir);
        text = json_dumps(doc, JSON_INDENT(2));
        r = text ? file_create(path, str_of(text), 0600, e) : err_set(e, ERR_NOMEM, "accounts");
        free(text);
        return r;
}

/* What the courier would do without it, to be read and widened. */
static int write_sinks(const struct plan *p, struct err *e)
{
        char path[PATH_ROOM];

        (void)snprintf(path, sizeof(path), "%s/courier/settings.yaml", p->dir);
        return file_create(path, STR("# 通知の送り先。書き方: docs/operations/ja/notices.md\n# Where notices go. How to write it: docs/operations/en/notices.md\n"
                                     "digest_at: \"08:30\"\nsinks:\n  - id: log\n    kind: file\n"), 0600, e);
}

static int print_key(struct plan *p, struct err *e)
{
        scoped(keys_free) struct keys *keys = NULL;
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%s/signer/keys", p->dir);
        r = keys_load(&keys, path, e);
        if (r < 0)
                return r;
        buf_text(&p->out, "key\t");
        vkey_format(&p->out, &keys->log);
        buf_text(&p->out, "\nfingerprint\t");
        vkey_fingerprint(&p->out, &keys->log);
        buf_char(&p->out, '\n');
        return ERR_OK;
}

/* Printed now or never: only its public key stays, and the CA's root sealed to it. */
static int make_recovery(struct plan *p, struct err *e)
{
        uint8_t code[RECOVERY_BYTES];
        uint8_t public[RECOVERY_PUBLIC];
        int r = recovery_make(code, p->dir, e);

        if (r == ERR_OK)
                r = recovery_key(public, p->dir, e);
        if (r == ERR_OK)
                r = root_make(p->dir, public, p->now, e);
        if (r == ERR_OK)
                recovery_say(&p->out, code);
        explicit_bzero(code, sizeof(code));
        return r;
}

static int make_all(struct plan *p, struct err *e)
{
        const char *names[] = { "localhost", "127.0.0.1", "::1", p->host, NULL };
        scoped(pack_free) struct pack *pack = NULL;
        char office[PATH_ROOM];
        int r = make_dirs(p, e);

        (void)snprintf(office, sizeof(office), "%s/office", p->dir);
        if (strcmp(p->host, "localhost") == 0)
                names[3] = NULL;
        if (r == ERR_OK)
                r = signer_init(p->dir, p->install, p->now, e);
        if (r == ERR_OK)
                r = make_recovery(p, e);
        if (r == ERR_OK)
                r = signer_issue_server(p->dir, names, NULL, p->now, e);
        if (r == ERR_OK)
                r = packs_take(&pack, office, p->pack_dir, NULL, NULL, e);
        if (r == ERR_OK)
                r = db_create(office, e);
        if (r == ERR_OK)
                r = places_store(office, p->host, p->user_port, p->machine_port, e);
        if (r == ERR_OK)
                r = add_entries(p, pack, e);
        if (r == ERR_OK)
                r = write_accounts(p, e);
        if (r == ERR_OK)
                r = write_sinks(p, e);
        if (r == ERR_OK && p->demo)
                r = play_demo(p, e);
        if (r == ERR_OK && p->gate)
                r = add_first_gate(p, e);
        return r == ERR_OK ? print_key(p, e) : r;
}

int init_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        scoped(pack_free) struct pack *pack = NULL;
        struct plan *p = calloc(1, sizeof(*p));
        int r = p ? ERR_OK : err_set(e, ERR_NOMEM, "init");

        if (r < 0)
                return r;
        *p = (struct plan){ .target = data_dir, .host = "localhost", .user_port = PLACES_USER_PORT, .machine_port = PLACES_MACHINE_PORT, .now = clock_now() };
        p->entries_at = p->now;
        p->install = entropy_uuid(p->now);
        r = parse_words(p, argc, argv, e);
        if (r == ERR_OK && p->demo)
                begin_demo(p);
        if (r == ERR_OK)
                r = check_body(p->body, e);
        if (r == ERR_OK && (size_t)snprintf(p->dir, sizeof(p->dir), "%s.making", data_dir) >= sizeof(p->dir) - 1)
                r = err_set(e, ERR_TOO_BIG, "path too long");
        if (r == ERR_OK && rmdir(data_dir) < 0 && errno != ENOENT) /* an empty directory is fine */
                r = err_key(e, ERR_CONFLICT, "init.dir.taken", "", data_dir, NULL);
        if (r == ERR_OK)
                r = pack_dir_load(&pack, p->pack_dir, words_print_mistake, NULL, e);
        if (r == ERR_OK)
                r = dir_remove_tree(p->dir, e); /* of an init that was killed */
        if (r == ERR_OK) {
                r = make_all(p, e);
                if (r < 0)
                        (void)dir_remove_tree(p->dir, NULL);
        }
        if (r == ERR_OK && rename(p->dir, data_dir) < 0)
                r = err_errno(e, "rename to '%s'", data_dir);
        if (r == ERR_OK)
                (void)fwrite(buf_view(&p->out).p, 1, buf_view(&p->out).n, stdout);
        buf_done(&p->out);
        buf_done(&p->code);
        free(p);
        return r;
}
