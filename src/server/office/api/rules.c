/* rules.c - the rules in force and their drafts: seen, proposed, returned, adopted. Editing: rules_edit.c. */
#include "server/office/api/rules.h"

#include "base/codec.h"
#include "core/procedure/people.h"
#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/api/people_now.h"
#include "server/office/api/shape.h"
#include "server/office/command/rules.h"
#include "server/office/office.h"
#include "server/office/packs.h"
#include "server/office/store/query.h"

enum { DRAFTS_MAX = 500, TITLE_BYTES = 600 };

static int refuse_others(const struct request *rq, struct err *e)
{
        return rules_may_see(&rq->session.who) ? ERR_OK : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
}

/* ---- in force ---- */

struct listing { json_t *list; const struct pack *pack; struct arena *arena; };

static json_t *both_text(const char *ja, const char *en)
{
        return json_pack("{s:s, s:s}", "ja", ja, "en", en);
}

static void see_number(void *ctx, const char *where, const struct pack_proposal *x)
{
        struct listing *l = ctx;
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;

        draft_place_text(&ja, l->pack, where, LANG_JA, l->arena);
        draft_place_text(&en, l->pack, where, LANG_EN, l->arena);
        (void)json_array_append_new(l->list, json_pack("{s:s, s:s, s:s, s:o, s:o}", "where", where, "key", x->key, "value", x->value, "name",
                                                       both_text(buf_view(&ja).p, buf_view(&en).p), "label",
                                                       both_text(draft_key_text(x->key, LANG_JA), draft_key_text(x->key, LANG_EN))));
}

/* Who put the pack in force there, by the newest entry that says so; the installation itself when there is none. */
static int put_since(json_t *o, struct request *rq, struct err *e)
{
        struct journal_line *lines = NULL;
        struct row install, *drafts = NULL;
        size_t n = 0, at = 0, m = 0;
        const char *by = "", *second = "";
        int r = journal_lines_of(&lines, &n, rq->db, rq->office->install_text, rq->arena, e);

        for (size_t i = 0; i < n; i++)
                if (str_is(lines[i].type, "pack.adopted"))
                        at = i + 1;
        if (r == ERR_OK)
                r = query_install(&install, rq->db, rq->arena, e);
        if (r == ERR_OK)
                r = store_rows_all(&drafts, &m, rq->db, TABLE_RULEDRAFT, DRAFTS_MAX, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < m && at; i++)
                if (row_is(&drafts[i], RULEDRAFT_state, "adopted") && row_get_int(&drafts[i], RULEDRAFT_decided_at) == lines[at - 1].at) {
                        by = rules_person(rq, row_get_text(&drafts[i], RULEDRAFT_proposer));
                        second = rules_person(rq, row_get_text(&drafts[i], RULEDRAFT_decider));
                }
        if (at && !*by)
                by = rules_person(rq, lines[at - 1].actor);
        if (n)
                (void)json_put(o, "since", json_time(lines[at ? at - 1 : 0].at));
        (void)json_put(o, "adopted", json_boolean(at != 0));
        (void)json_put(o, "by", json_string(by));
        (void)json_put(o, "second", json_string(second));
        return json_put(o, "reason", json_of(row_get_text(&install, INSTALL_pack_reason))) ? ERR_OK : err_set(e, ERR_NOMEM, "rules");
}

static json_t *layers_json(const struct pack *p)
{
        json_t *list = json_array();

        for (size_t i = 0; i < p->layers_count; i++)
                (void)json_array_append_new(list, json_pack("{s:s, s:I}", "id", p->layers[i].id, "version", (json_int_t)p->layers[i].version));
        return list;
}

static int put_drafts(json_t *o, struct request *rq, struct err *e)
{
        json_t *list = json_array();
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_all(&rows, &n, rq->db, TABLE_RULEDRAFT, DRAFTS_MAX, rq->arena, e);

        for (size_t i = n; i-- > 0;) {
                json_t *line = json_pack("{s:s, s:o, s:o, s:s, s:o}", "id", rows[i].id, "state", json_of(row_get_text(&rows[i], RULEDRAFT_state)), "title",
                                         json_of(row_get_text(&rows[i], RULEDRAFT_title)), "by", rules_person(rq, row_get_text(&rows[i], RULEDRAFT_editor)), "changed_at",
                                         json_time(row_get_int(&rows[i], RULEDRAFT_changed_at)));

                if (row_get_int(&rows[i], RULEDRAFT_decided_at))
                        (void)json_put(line, "decided_at", json_time(row_get_int(&rows[i], RULEDRAFT_decided_at)));
                (void)json_array_append_new(list, line);
        }
        return json_put(o, "drafts", list) ? r : err_set(e, ERR_NOMEM, "rules");
}

int get_rules(struct request *rq, struct reply *out, struct err *e)
{
        const struct pack *p = rq->office->pack;
        struct listing numbers = { json_array(), p, rq->arena };
        char hex[2 * HASH_SIZE + 1];
        scoped(json_decref) json_t *o = NULL;
        int r = refuse_others(rq, e);

        hex_text(hex, p->hash.b, HASH_SIZE);
        if (r == ERR_OK)
                r = draft_numbers(p, see_number, &numbers, rq->arena) < 0 ? err_set(e, ERR_NOMEM, "numbers") : ERR_OK;
        o = json_pack("{s:s, s:I, s:s, s:o, s:o, s:o, s:b, s:b}", "id", p->id, "version", (json_int_t)p->version, "hash", hex, "title", json_text(&p->title), "layers",
                      layers_json(p), "numbers", numbers.list, "may_keep", rules_may_keep(&rq->session.who), "may_adopt", rules_may_adopt(&rq->session.who));
        if (r == ERR_OK)
                r = o ? put_since(o, rq, e) : err_set(e, ERR_NOMEM, "rules");
        if (r == ERR_OK)
                r = put_drafts(o, rq, e);
        if (r == ERR_OK)
                out->json = take(o);
        return r;
}

/* ---- drafts ---- */

int rules_done(struct request *rq, struct reply *out, const struct act_rules *act, struct err *e)
{
        out->json = json_pack("{s:s, s:I, s:o}", "id", act->row, "rev", (json_int_t)act->rev_after, "receipt", json_receipt(&act->receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int rules_make(struct request *rq, struct act_rules *act, const struct desk *d, struct err *e)
{
        json_t *files = desk_files_json(&d->files);
        char *text = files ? json_dumps(files, JSON_COMPACT) : NULL;
        int r;

        act->deed = RULES_MAKE;
        act->person = rq->session.who.person;
        act->files = str_of(text ? text : "");
        if (!act->edits.n)
                act->edits = STR("[]");
        r = text ? writer_run(rq->office->writer, act_rules, act, e) : err_set(e, ERR_NOMEM, "draft");
        free(text);
        json_decref(files);
        return r;
}

int start_draft(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "title", MEMBER_TEXT, TITLE_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        scoped(desk_close) struct desk *d = NULL;
        struct act_rules act = { 0 };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = shape_text(&act.title, str_trim(v[0].text), "title", rq->arena, e);
        if (r == ERR_OK && !act.title.n)
                r = err_key(e, ERR_INPUT, "rules.title.missing", "title", NULL);
        if (r == ERR_OK)
                r = desk_start(&d, rq, e);
        if (r == ERR_OK)
                r = rules_make(rq, &act, d, e);
        if (r < 0)
                return r;
        out->status = 201;
        return rules_done(rq, out, &act, e);
}

int get_draft(struct request *rq, struct reply *out, struct err *e)
{
        scoped(desk_close) struct desk *d = NULL;
        int r = refuse_others(rq, e);

        if (r == ERR_OK)
                r = desk_open(&d, rq, e);
        if (r < 0)
                return r;
        out->json = desk_json(rq, d, e);
        return out->json ? ERR_OK : e && e->code ? e->code : ERR_NOMEM;
}

/* ---- deeds ---- */

static int run(struct request *rq, struct reply *out, struct act_rules *act, struct err *e)
{
        int r;

        act->person = rq->session.who.person;
        act->id = rq->param;
        r = writer_run(rq->office->writer, act_rules, act, e);
        return r < 0 ? r : rules_done(rq, out, act, e);
}

static int read_rev(struct act_rules *act, struct request *rq, struct err *e)
{
        const struct member members[] = { { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act->rev = v[0].i;
        return r;
}

int drop_draft(struct request *rq, struct reply *out, struct err *e)
{
        struct act_rules act = { .deed = RULES_DROP };
        int r = read_rev(&act, rq, e);

        return r < 0 ? r : run(rq, out, &act, e);
}

int propose_draft(struct request *rq, struct reply *out, struct err *e)
{
        struct act_rules act = { .deed = RULES_PROPOSE };
        scoped(desk_close) struct desk *d = NULL;
        int r = read_rev(&act, rq, e);

        if (r == ERR_OK)
                r = desk_open(&d, rq, e);
        if (r == ERR_OK && d->row.rev != act.rev)
                r = err_key(e, ERR_CONFLICT, "rules.rev", "", NULL);
        if (r == ERR_OK && !d->draft)
                r = err_key(e, ERR_INPUT, "rules.mistakes", "", NULL);
        if (r == ERR_OK && !desk_changes(d))
                r = err_key(e, ERR_INPUT, "rules.nothing", "", NULL);
        if (r == ERR_OK)
                r = desk_loosened(d->draft, d->base, e);
        if (r < 0)
                return r;
        act.pack = d->draft;
        act.loosened = d->draft->loosened_count;
        return run(rq, out, &act, e);
}

/* The files are durable before the entry that names them; who is not sure to be let through writes none. */
static int may_adopt_now(const struct request *rq, const struct desk *d, int64_t rev, struct err *e)
{
        if (!rules_may_adopt(&rq->session.who))
                return err_key(e, ERR_FORBIDDEN, "rules.role.adopt", "", NULL);
        if (d->row.rev != rev)
                return err_key(e, ERR_CONFLICT, "rules.rev", "", NULL);
        if (!row_is(&d->row, RULEDRAFT_state, "proposed"))
                return err_key(e, ERR_CONFLICT, "rules.state", "", NULL);
        if (rules_is_own(&d->row, rq->session.who.person))
                return err_key(e, ERR_FORBIDDEN, "rules.own", "", NULL);
        return d->draft ? ERR_OK : err_key(e, ERR_INPUT, "rules.mistakes", "", NULL);
}

int adopt_proposal(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "rev", MEMBER_INT, 0, false }, { "pack", MEMBER_TEXT, 2 * HASH_SIZE, false }, { "reason", MEMBER_TEXT, REASON_BYTES, true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        scoped(desk_close) struct desk *d = NULL;
        scoped(pack_layers_free) struct pack_layers *layers = NULL;
        struct act_rules act = { .deed = RULES_ADOPT };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act.rev = v[0].i;
        if (r == ERR_OK && v[2].text.n)
                r = answers_reason(&act.reason, v[2].text, rq, e);
        if (r == ERR_OK)
                r = desk_open(&d, rq, e);
        if (r == ERR_OK)
                r = may_adopt_now(rq, d, act.rev, e);
        if (r == ERR_OK && !row_is(&d->row, RULEDRAFT_pack, arena_copy(rq->arena, v[1].text.p, v[1].text.n)))
                r = err_key(e, ERR_CONFLICT, "rules.rev", "", NULL);
        if (r == ERR_OK)
                r = desk_layers(&layers, d, e);
        if (r == ERR_OK)
                r = packs_keep(&act.pack, rq->office->packs, layers, e);
        act.loosened = r == ERR_OK ? (size_t)row_get_int(&d->row, RULEDRAFT_loosened) : 0;
        return r < 0 ? r : run(rq, out, &act, e);
}

int return_proposal(struct request *rq, struct reply *out, struct err *e)
{
        const struct member members[] = { { "rev", MEMBER_INT, 0, false }, { "reason", MEMBER_TEXT, REASON_BYTES, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_rules act = { .deed = RULES_RETURN };
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act.rev = v[0].i;
        if (r == ERR_OK)
                r = rules_reason(&act.reason, v[1].text, rq, e);
        return r < 0 ? r : run(rq, out, &act, e);
}

/* ---- can these people finish it? ---- */

static json_t *finding_json(const struct pack *p, const struct people_finding *f)
{
        scoped(buf_done) struct buf what_ja = BUF_INIT, mend_ja = BUF_INIT, what_en = BUF_INIT, mend_en = BUF_INIT;

        people_say(&what_ja, &mend_ja, LANG_JA, p, f);
        people_say(&what_en, &mend_en, LANG_EN, p, f);
        return json_pack("{s:b, s:o, s:o}", "stops", f->step && !f->absent && !f->drafter, "what", both_text(buf_view(&what_ja).p, buf_view(&what_en).p), "mend",
                         both_text(buf_view(&mend_ja).p, buf_view(&mend_en).p));
}

int check_draft_people(struct request *rq, struct reply *out, struct err *e)
{
        scoped(desk_close) struct desk *d = NULL;
        scoped(json_decref) json_t *list = json_array();
        struct people_report report = { NULL, 0, 0 };
        struct people people;
        int r = desk_open(&d, rq, e);

        if (r == ERR_OK && !d->draft)
                r = err_key(e, ERR_INPUT, "rules.mistakes", "", NULL);
        if (r == ERR_OK)
                r = people_now(&people, d->draft, rq, e);
        if (r == ERR_OK)
                r = people_check(&report, d->draft, &people, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < report.n; i++)
                (void)json_array_append_new(list, finding_json(d->draft, &report.rows[i]));
        out->json = json_pack("{s:I, s:I, s:O}", "people", (json_int_t)people.n, "stuck", (json_int_t)report.stuck, "findings", list);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "people");
}
