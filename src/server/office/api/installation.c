/* installation.c - the installation looks at itself: a list of checks in words, and what to do. What it cannot see it calls unknown.
 *
 * Each check answers how many, whose names and since when; texts/ has `installation.<id>.<state>` and `installation.<id>.do`.
 * The people of the house are played through every procedure only when that is asked for (`part=people`): it takes time.
 */
#include "core/procedure/people.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/home.h"
#include "server/office/api/people_now.h"
#include "server/office/grants/issue.h"
#include "server/office/seal.h"
#include "server/office/store/outbox.h"
#include "server/office/store/query.h"
#include "server/office/store/query_incident.h"
#include "sys/files.h"

enum { NAMES_SHOWN = 12, BACKUPS_MAX = 4096, SEAL_LAG = 64, DRAFTS_MAX = 500 };

static const utime_t notice_patience = 30 * UTIME_MIN, contact_patience = 365 * UTIME_DAY, witness_patience = 45 * UTIME_DAY, backup_patience = 2 * UTIME_DAY,
                     backup_limit = 7 * UTIME_DAY;

#define FITNESSES(X) X(FIT_OK, "ok") X(FIT_ATTENTION, "attention") X(FIT_BAD, "bad") X(FIT_UNKNOWN, "unknown")
enum fitness {
#define X(id, name) id,
        FITNESSES(X)
#undef X
};
static const char *const fitness_names[] = {
#define X(id, name) name,
        FITNESSES(X)
#undef X
};

struct seen { enum fitness fit; uint64_t n; utime_t since; struct str names[NAMES_SHOWN]; size_t names_count; };

static void name(struct seen *s, struct str text)
{
        for (size_t i = 0; i < s->names_count; i++)
                if (str_eq(s->names[i], text))
                        return;
        if (s->names_count < NAMES_SHOWN)
                s->names[s->names_count++] = text;
}

/* ---- machines ---- */

static int look_gates(struct seen *s, struct request *rq, struct err *e)
{
        struct row *rows = NULL;
        uint64_t silent = 0, waiting = 0, connected = 0;
        size_t n = 0;
        int r = rq->office->practice ? ERR_OK : query_gates(&rows, &n, rq->db, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                bool enrolled = row_is(&rows[i], GATE_state, "enrolled"), there = enrolled && issuer_is_connected(rq->office->issuer, rows[i].id);

                silent += enrolled && !there;
                connected += there;
                waiting += row_is(&rows[i], GATE_state, "waiting");
                if (enrolled && !there)
                        name(s, row_get_text(&rows[i], GATE_name));
        }
        s->fit = silent ? FIT_BAD : waiting ? FIT_ATTENTION : connected ? FIT_OK : FIT_UNKNOWN;
        s->n = silent ? silent : waiting ? waiting : connected;
        return r;
}

/* Acts that no signed checkpoint covers yet. */
static int look_seal(struct seen *s, struct request *rq, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct checkpoint c = { 0 };
        uint64_t size = 0;
        utime_t last = 0;
        int r = journal_size(&size, &last, rq->db, e);

        (void)sealer_checkpoint(&c, &note, rq->office->sealer, NULL); /* none yet: 0 */
        s->n = size > c.size ? size - c.size : 0;
        s->since = last;
        s->fit = s->n && (s->n > SEAL_LAG || rq->now - last > UTIME_MIN) ? FIT_BAD : FIT_OK;
        return r;
}

/* Who remembers the log from outside, and since when they have not signed. */
static int look_witness(struct seen *s, struct request *rq, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, rq->db, WITNESSES_ACTIVE, STR(""), rq->arena, e);

        s->fit = n ? FIT_OK : FIT_UNKNOWN;
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                utime_t at = row_get_int(&rows[i], WITNESS_at);

                s->since = at > s->since ? at : s->since;
                if (rq->now - at <= witness_patience)
                        continue;
                s->fit = FIT_ATTENTION;
                s->n++;
                name(s, row_get_text(&rows[i], WITNESS_name));
        }
        s->n = s->fit == FIT_OK ? n : s->n;
        return r;
}

/* Word of `sekishod backup` and `backup-keys` in office/backups (docs/formats/backup.md); 0: never. */
static utime_t backup_at(struct str file, const char *what)
{
        struct str line, rest = file, word, at, more;
        uint64_t v;

        while (str_cut(rest, '\n', &line, &rest))
                if (str_cut(line, ' ', &word, &more) && str_is(word, what) && str_cut(more, ' ', &at, &more) && str_u64(at, INT64_MAX, &v))
                        return (utime_t)v;
        return 0;
}

/* When, not whether the copy still lies where it was put, nor whether it can be restored: only a rehearsal says that. */
static int look_backup(struct seen *s, struct request *rq, struct err *e)
{
        static const struct { const char *what, *key; } kinds[] = { { "data", "installation.backup.data" }, { "keys", "installation.backup.keys" } };
        scoped(buf_done) struct buf file = BUF_INIT;
        char path[OFFICE_PATH_MAX + 32];
        int r;

        (void)snprintf(path, sizeof(path), "%s/backups", rq->office->store_dir);
        r = file_read(&file, path, BACKUPS_MAX, e);
        s->fit = r == ERR_ABSENT ? FIT_UNKNOWN : FIT_OK;
        for (size_t i = 0; r == ERR_OK && i < countof(kinds); i++) {
                utime_t at = backup_at(buf_view(&file), kinds[i].what);
                enum fitness fit = !at || rq->now - at > backup_limit ? FIT_BAD : rq->now - at > backup_patience ? FIT_ATTENTION : FIT_OK;

                if (fit != FIT_OK)
                        name(s, str_of(text_get(rq->lang, kinds[i].key)));
                if (fit > s->fit)
                        s->fit = fit;
                if (at && (!s->since || at < s->since))
                        s->since = at;
        }
        s->n = s->since && rq->now > s->since ? (uint64_t)((rq->now - s->since) / UTIME_DAY) : 0;
        return r == ERR_ABSENT ? ERR_OK : r;
}

static int look_unknown(struct seen *s, struct request *rq, struct err *e)
{
        (void)rq;
        (void)e;
        s->fit = FIT_UNKNOWN;
        return ERR_OK;
}

static int look_sinks(struct seen *s, struct request *rq, struct err *e)
{
        struct sink_row sinks[SINKS_MAX];
        size_t n = 0;
        int r = sinks_list(sinks, &n, rq->db, rq->arena, e);

        s->fit = FIT_ATTENTION;                              /* until there is one */
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct sink_count c = { 0 };
                bool late;

                if (str_is(sinks[i].state, "removed"))
                        continue;
                r = sink_count(&c, rq->db, sinks[i].id, e);
                late = c.waiting && c.oldest_at && rq->now - c.oldest_at > notice_patience;
                s->fit = late || c.failed ? FIT_BAD : s->fit == FIT_BAD ? FIT_BAD : FIT_OK;
                s->n += (late ? c.waiting : 0) + c.failed;
                if (late || c.failed)
                        name(s, sinks[i].id);
        }
        return r;
}

static int look_practice(struct seen *s, struct request *rq, struct err *e)
{
        (void)e;
        s->fit = rq->office->practice ? FIT_ATTENTION : FIT_UNKNOWN;
        return ERR_OK;
}

static int look_store(struct seen *s, struct request *rq, struct err *e)
{
        return journal_size(&s->n, &s->since, rq->db, e);
}

/* ---- people ---- */

/* Kinds of home that are computed there already: what is wrong is wrong here, too. */
static int look_wrong(struct seen *s, struct request *rq, const char *kind, struct err *e)
{
        scoped(json_decref) json_t *list = json_array();
        struct home_scope scope = home_scope_of(rq);
        int r = wrong_list(list, rq, &scope, e);
        const json_t *o, *v;
        size_t i, k;

        json_array_foreach(list, i, o) {
                if (strcmp(json_string_value(json_object_get(o, "kind")), kind) != 0)
                        continue;
                s->fit = FIT_BAD;
                s->n = (uint64_t)json_integer_value(json_object_get(o, "count"));
                json_array_foreach(json_object_get(o, "names"), k, v)
                        name(s, str_of(arena_text(rq->arena, json_string_value(v))));
        }
        return r;
}

static int look_vacant(struct seen *s, struct request *rq, struct err *e) { return look_wrong(s, rq, "vacant", e); }
static int look_stuck(struct seen *s, struct request *rq, struct err *e)  { return look_wrong(s, rq, "stuck", e); }

/* Roles of the body in which somebody acts at a step; `decides`: only those who approve. */
static bool is_post(const struct pack *pack, const char *role, bool decides)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                for (size_t k = 0; k < pack->procedures[i].steps_count; k++) {
                        const struct pack_step *t = &pack->procedures[i].steps[k];

                        if (t->role && t->scope == SCOPE_BODY && strcmp(t->role, role) == 0 && (!decides || t->kind == STEP_APPROVE))
                                return true;
                }
        return false;
}

typedef int post_fn(struct seen *s, struct request *rq, const struct pack_role *role, const struct person_line *people, size_t n, struct err *e);

static int each_post(struct seen *s, struct request *rq, bool decides, post_fn *fn, struct err *e)
{
        const struct pack *pack = rq->office->pack;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < pack->roles_count; i++) {
                struct person_line *people = NULL;
                size_t n = 0;

                if (!is_post(pack, pack->roles[i].id, decides))
                        continue;
                r = query_people(&people, &n, rq->db, str_of(pack->roles[i].id), rq->arena, e);
                if (r == ERR_OK)
                        r = fn(s, rq, &pack->roles[i], people, n, e);
        }
        return r;
}

static int post_single(struct seen *s, struct request *rq, const struct pack_role *role, const struct person_line *people, size_t n, struct err *e)
{
        (void)people;
        (void)e;
        if (n != 1)
                return ERR_OK;
        s->fit = FIT_ATTENTION;
        s->n++;
        name(s, str_of(role->name.in[rq->lang]));
        return ERR_OK;
}

/* Who prepares does not decide: the secretariat sees to the case that this role approves. */
static int post_both(struct seen *s, struct request *rq, const struct pack_role *role, const struct person_line *people, size_t n, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < n && strcmp(role->id, "secretariat") != 0; i++) {
                struct row held;

                r = store_row(&held, rq->db, TABLE_HOLDER, word_of(rq, people[i].id), "secretariat", rq->arena, e);
                if (r < 0 || !held.rev || !row_is(&held, HOLDER_state, "active"))
                        continue;
                s->fit = FIT_ATTENTION;
                s->n++;
                name(s, people[i].name);
        }
        return r;
}

static int post_deputy(struct seen *s, struct request *rq, const struct pack_role *role, const struct person_line *people, size_t n, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && n == 1 && i < n; i++) {
                struct row *rows = NULL;
                bool found = false;
                size_t m = 0;

                r = query_rows(&rows, &m, rq->db, DEPUTIES_OF, people[i].id, rq->arena, e);
                for (size_t k = 0; k < m; k++)
                        found |= str_is(people[i].id, rows[k].id) && row_is(&rows[k], DEPUTY_state, "active") && row_get_int(&rows[k], DEPUTY_from_at) <= rq->now &&
                                 rq->now < row_get_int(&rows[k], DEPUTY_until_at) &&
                                 (!row_get_text(&rows[k], DEPUTY_role).n || str_is(row_get_text(&rows[k], DEPUTY_role), role->id));
                if (r < 0 || found)
                        continue;
                s->fit = FIT_ATTENTION;
                s->n++;
                name(s, str_of(role->name.in[rq->lang]));
        }
        return r;
}

static int look_single(struct seen *s, struct request *rq, struct err *e) { return each_post(s, rq, false, post_single, e); }
static int look_both(struct seen *s, struct request *rq, struct err *e)   { return each_post(s, rq, true, post_both, e); }
static int look_deputy(struct seen *s, struct request *rq, struct err *e) { return each_post(s, rq, true, post_deputy, e); }

static int look_contacts(struct seen *s, struct request *rq, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_incident_rows(&rows, &n, rq->db, CONTACTS_ACTIVE, STR("all"), rq->arena, e);

        s->fit = n ? FIT_OK : FIT_BAD;
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                utime_t checked = row_get_int(&rows[i], CONTACT_checked_at);

                if (checked && rq->now - checked <= contact_patience)
                        continue;
                s->fit = FIT_ATTENTION;
                s->n++;
                name(s, row_get_text(&rows[i], CONTACT_organisation).n ? row_get_text(&rows[i], CONTACT_organisation) : row_get_text(&rows[i], CONTACT_name));
        }
        return r;
}

static int look_proposals(struct seen *s, struct request *rq, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_all(&rows, &n, rq->db, TABLE_RULEDRAFT, DRAFTS_MAX, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                s->n += row_is(&rows[i], RULEDRAFT_state, "proposed");
        s->fit = s->n ? FIT_ATTENTION : FIT_OK;
        return r;
}

/* ---- the list ---- */

static const struct check {
        const char *id;
        int       (*look)(struct seen *s, struct request *rq, struct err *e);
        const char *href;                    /* where it is mended; NULL: not in a browser */
} checks[] = {
        { "vacant",    look_vacant,    "/registers/person" },
        { "stuck",     look_stuck,     "/applications?view=all" },
        { "single",    look_single,    "/registers/person" },
        { "both",      look_both,      "/registers/person" },
        { "deputy",    look_deputy,    NULL },
        { "contacts",  look_contacts,  "/registers/contact" },
        { "gates",     look_gates,     NULL },
        { "seal",      look_seal,      NULL },
        { "sinks",     look_sinks,     NULL },
        { "proposals", look_proposals, "/rules" },
        { "store",     look_store,     NULL },
        { "backup",    look_backup,    NULL },
        { "witness",   look_witness,   "/installation/witnesses" },
        { "tls",       look_unknown,   NULL },
        { "practice",  look_practice,  NULL },
        { "demo",      look_unknown,   NULL },
};

static json_t *check_json(const struct check *c, const struct seen *s)
{
        json_t *names = json_array(), *o = json_pack("{s:s, s:s, s:I, s:o}", "id", c->id, "state", fitness_names[s->fit], "count", (json_int_t)s->n, "names", names);

        for (size_t i = 0; o && i < s->names_count; i++)
                (void)json_array_append_new(names, json_of(s->names[i]));
        if (o && c->href)
                (void)json_put(o, "href", json_string(c->href));
        if (o)
                (void)put_time(o, "since", s->since);
        return o;
}

static json_t *both_words(const struct buf *ja, const struct buf *en)
{
        return json_pack("{s:s, s:s}", "ja", ja->p ? ja->p : "", "en", en->p ? en->p : "");
}

/* Every procedure, played by who works here now, with everybody there and with each one absent. */
static int people_json(json_t **out, struct request *rq, struct err *e)
{
        const struct pack *pack = rq->office->pack;
        struct people_report report = { NULL, 0, 0 };
        json_t *findings = json_array();
        struct people people;
        int r = people_now(&people, pack, rq, e);

        if (r == ERR_OK)
                r = people_check(&report, pack, &people, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < report.n; i++) {
                struct buf what[LANG_COUNT] = { BUF_INIT, BUF_INIT }, mend[LANG_COUNT] = { BUF_INIT, BUF_INIT };
                const struct people_finding *f = &report.rows[i];

                for (unsigned lang = 0; lang < LANG_COUNT; lang++)
                        people_say(&what[lang], &mend[lang], (enum lang)lang, pack, f);
                (void)json_array_append_new(findings, json_pack("{s:b, s:o, s:o}", "stops", f->step && !f->absent && !f->drafter, "what", both_words(&what[LANG_JA], &what[LANG_EN]), "mend",
                                                                both_words(&mend[LANG_JA], &mend[LANG_EN])));
                for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
                        buf_done(&what[lang]);
                        buf_done(&mend[lang]);
                }
        }
        *out = json_pack("{s:I, s:I, s:o}", "people", (json_int_t)people.n, "stuck", (json_int_t)report.stuck, "findings", findings);
        return r;
}

static int checks_json(json_t *list, struct request *rq, struct err *e)
{
        for (size_t i = 0; i < countof(checks); i++) {
                struct seen s = { 0 };
                int r = checks[i].look(&s, rq, e);

                if (r == ERR_OK && json_array_append_new(list, check_json(&checks[i], &s)) < 0)
                        r = err_set(e, ERR_NOMEM, "checks");
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

int get_installation(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *list = json_array();
        json_t *people = NULL;
        struct str part = STR("");
        int r = scgi_field(&part, rq->scgi->query, "part", rq->arena, e);

        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (part.n && !str_is(part, "people"))
                return err_key(e, ERR_INPUT, "installation.part", "part", NULL);
        r = part.n ? people_json(&people, rq, e) : checks_json(list, rq, e);
        if (r < 0) {
                json_decref(people);
                return r;
        }
        out->json = json_pack("{s:s, s:s, s:b, s:O, s:o}", "version", SEKISHO_VERSION, "name", rq->office->name, "practice", rq->office->practice, "checks", list, "checked_at",
                              json_time(rq->now));
        if (people && out->json)
                (void)json_put(out->json, "people", people);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "installation");
}
