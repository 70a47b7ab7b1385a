/* setup.c - twelve questions to begin with: the answers become a draft of rules, which is looked at, proposed and adopted as any other.
 *
 * What an answer changes is a row of `sets`; what it leaves to people is a line of the draft's `todo` (texts/ `setup.<question>.<option>.todo`).
 * A question left open changes nothing. Questions whose place the pack in force does not have are not asked. docs/formats/pack-drafts.md.
 */
#include "core/pack/source.h"
#include "core/text/text.h"
#include "server/office/api/answers.h"
#include "server/office/api/handlers.h"
#include "server/office/api/rules.h"
#include "server/office/command/rules.h"
#include "server/office/office.h"
#include "server/office/store/query.h"

enum { DRAFTS_MAX = 500, ANSWER_BYTES = 200 };

#define REGISTER(p) "procedures." p ".effects.register"

/* option NULL: the number itself. value NULL: the record goes. */
static const struct set { const char *question, *option, *where, *key, *value; } sets[] = {
        { "size", "small", "settings", "personnel_percent", "50" },
        { "size", "middle", "settings", "personnel_percent", "30" },
        { "size", "large", "settings", "personnel_percent", "20" },
        { "council", "none", "procedures.service-use.steps.council", NULL, NULL },
        { "period", "year", REGISTER("service-light"), "until", "12 months" },
        { "period", "fiscal-year", REGISTER("service-light"), "until", "fiscal-year-end" },
        { "period", "fiscal-year", REGISTER("service-terms"), "until", "fiscal-year-end" },
        { "review", "half", REGISTER("service-use"), "review", "every 6 months" },
        { "review", "half", REGISTER("service-light"), "review", "every 6 months" },
        { "review", "half", REGISTER("service-terms"), "review", "every 6 months" },
        { "review", "year", REGISTER("service-use"), "review", "every 12 months" },
        { "review", "year", REGISTER("service-light"), "review", "every 12 months" },
        { "review", "year", REGISTER("service-terms"), "review", "every 12 months" },
        { "terminals", "shared", "settings", "session_idle_minutes", "15" },
        { "terminals", "own", "settings", "session_idle_minutes", "30" },
        { "retention", NULL, "settings", "retention_years", NULL },
        { "transition", NULL, "settings", "transitional_days", NULL },
};

/* options: with blanks between. needs: a place that has to be there. many: several at once. */
static const struct question { const char *id, *options, *needs; int low, high; bool many; } questions[] = {
        { "size", "small middle large", "settings", 0, 0, false },
        { "network", "alpha alpha-dash beta beta-dash", NULL, 0, 0, false },
        { "approver", "ciso", "procedures.service-use.steps.decide", 0, 0, false },
        { "council", "none", "procedures.service-use.steps.council", 0, 0, false },
        { "paper", "inside outside", NULL, 0, 0, false },
        { "period", "year fiscal-year", REGISTER("service-light"), 0, 0, false },
        { "review", "half year", REGISTER("service-use"), 0, 0, false },
        { "terminals", "own shared", "settings", 0, 0, false },
        { "retention", "", "settings", 1, 100, false },
        { "transition", "", "settings", 1, 3660, false },
        { "code", "keepers deciders", NULL, 0, 0, false },
        { "tools", "groupware directory decisions assets edr", NULL, 0, 0, true },
};

static bool in_words(const char *words, struct str one)
{
        for (const char *w = words; *w; w += strspn(w, " ")) {
                if (str_eq((struct str){ w, strcspn(w, " ") }, one))
                        return true;
                w += strcspn(w, " ");
        }
        return false;
}

static json_t *both(const char *key)
{
        return text_known(key) ? json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, key), "en", text_get(LANG_EN, key)) : NULL;
}

static json_t *words_of(const char *question, struct str option, const char *tail)
{
        char key[ERR_KEY_MAX];

        (void)snprintf(key, sizeof(key), "setup.%s%s%.*s%s", question, option.n ? "." : "", (int)option.n, option.p ? option.p : "", tail);
        return both(key);
}

/* ---- the questions, with what holds now ---- */

static bool is_there(const struct pack *p, const char *where, struct arena *a)
{
        struct draft_record r;

        return !where || draft_find(&r, p, where, a, NULL) == 0;
}

static const char *value_now(const struct pack *p, const struct set *s, struct arena *a)
{
        struct draft_record r;
        const struct node *n = draft_find(&r, p, s->where, a, NULL) == 0 ? tree_find(r.node, s->key) : NULL;

        return n && n->text ? n->text : "";
}

/* Each of its sets holds already; an option without any changes nothing by itself. */
static bool holds(const struct pack *p, const char *question, struct str option, struct arena *a)
{
        bool any = false;

        for (const struct set *s = sets; s < sets + countof(sets); s++) {
                const char *now;

                if (strcmp(s->question, question) != 0 || !s->option || !str_is(option, s->option))
                        continue;
                any = true;
                now = s->value ? value_now(p, s, a) : is_there(p, s->where, a) ? "there" : NULL;
                if (s->value ? !now || strcmp(now, s->value) != 0 : now != NULL)
                        return false;
        }
        return any;
}

static json_t *question_json(const struct question *q, const struct pack *p, struct arena *a)
{
        json_t *options = json_array(), *o = json_pack("{s:s, s:o, s:o, s:b, s:o}", "id", q->id, "title", words_of(q->id, STR(""), ".title"), "help", words_of(q->id, STR(""), ".help"), "many",
                                                       q->many, "options", options);

        for (const char *w = q->options; o && *w; w += strspn(w, " ")) {
                struct str one = { w, strcspn(w, " ") };

                (void)json_array_append_new(options, json_pack("{s:o, s:o, s:b}", "id", json_of(one), "label", words_of(q->id, one, ".label"), "now", holds(p, q->id, one, a)));
                w += one.n;
        }
        for (const struct set *s = sets; o && q->high && s < sets + countof(sets); s++)
                if (strcmp(s->question, q->id) == 0)
                        (void)json_object_update_new(o, json_pack("{s:i, s:i, s:s}", "low", q->low, "high", q->high, "now", value_now(p, s, a)));
        return o;
}

/* Where nothing was ever changed by the municipality, and nobody has begun to. */
static int is_offered(bool *out, struct request *rq, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_all(&rows, &n, rq->db, TABLE_RULEDRAFT, DRAFTS_MAX, rq->arena, e);

        *out = rq->office->pack->layers_count == 1;
        for (size_t i = 0; i < n; i++)
                *out &= row_is(&rows[i], RULEDRAFT_state, "dropped");
        return r;
}

int get_setup(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *list = json_array();
        bool offered = false;
        int r = is_offered(&offered, rq, e);

        for (const struct question *q = questions; r == ERR_OK && q < questions + countof(questions); q++)
                if (is_there(rq->office->pack, q->needs, rq->arena) && json_array_append_new(list, question_json(q, rq->office->pack, rq->arena)) < 0)
                        r = err_set(e, ERR_NOMEM, "questions");
        if (r < 0)
                return r;
        out->json = json_pack("{s:b, s:O}", "offered", offered, "questions", list);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "questions");
}

/* ---- the answers ---- */

static int set_one(struct pack *p, const char *where, const char *key, const char *value, struct err *e)
{
        const struct draft_value v = { key, value };

        return draft_edit(p, &(struct draft_edit){ .act = key ? DRAFT_SET : DRAFT_REMOVE, .where = where, .values = key ? &v : NULL, .values_count = key ? 1 : 0 }, e);
}

/* Who decides is another: at each step, and where what is overdue is shown. Whoever stood in for them makes way to the general officer. */
static int set_approver(struct pack *p, const struct pack *now, const char *to, struct arena *a, struct err *e)
{
        static const char from[] = "approving_authority";
        int r = ERR_OK;

        for (const struct pack_procedure *q = now->procedures; r == ERR_OK && q < now->procedures + now->procedures_count; q++)
                for (const struct pack_step *s = q->steps; r == ERR_OK && s < q->steps + q->steps_count; s++) {
                        const char *where = arena_printf(a, "procedures.%s.steps.%s", q->id, s->id);

                        if (!s->role || strcmp(s->role, from) != 0)
                                continue;
                        r = where ? set_one(p, where, "role", to, e) : err_set(e, ERR_NOMEM, "setup");
                        if (r == ERR_OK && s->substitute && strcmp(s->substitute, to) == 0)
                                r = set_one(p, where, "substitute", "senior_officer", e);
                }
        for (const struct pack_duty *d = now->duties; r == ERR_OK && d < now->duties + now->duties_count; d++) {
                const char *where = arena_printf(a, "duties.%s", d->id);

                if (d->overdue_role && strcmp(d->overdue_role, from) == 0)
                        r = where ? set_one(p, where, "overdue_role", to, e) : err_set(e, ERR_NOMEM, "setup");
        }
        return r;
}

static int apply(struct pack *p, const struct pack *now, const struct question *q, struct str answer, struct arena *a, struct err *e)
{
        const char *text = arena_copy(a, answer.p, answer.n);
        int r = text ? ERR_OK : err_set(e, ERR_NOMEM, "setup");

        if (r == ERR_OK && strcmp(q->id, "approver") == 0)
                return set_approver(p, now, text, a, e);
        for (const struct set *s = sets; r == ERR_OK && s < sets + countof(sets); s++)
                if (strcmp(s->question, q->id) == 0 && (!s->option || str_is(answer, s->option)) && is_there(p, s->where, a))
                        r = set_one(p, s->where, s->key, s->option ? s->value : text, e);
        return r;
}

/* An answer is one of the options, several of them with blanks between, or a number within its bounds. */
static int check_answer(const struct question *q, struct str answer, struct err *e)
{
        int64_t n = 0;
        size_t words = 0;

        if (q->high) {
                for (size_t i = 0; i < answer.n && n <= q->high; i++)
                        n = answer.p[i] >= '0' && answer.p[i] <= '9' ? 10 * n + answer.p[i] - '0' : (int64_t)q->high + 1;
                return n < q->low || n > q->high ? err_key(e, ERR_INPUT, "setup.number", q->id, NULL) : ERR_OK;
        }
        for (size_t i = 0, end; i < answer.n; i = end + 1, words++) {
                for (end = i; end < answer.n && answer.p[end] != ' '; end++)
                        ;
                if (end == i || !in_words(q->options, (struct str){ answer.p + i, end - i }))
                        return err_key(e, ERR_INPUT, "setup.option", q->id, NULL);
        }
        return words > 1 && !q->many ? err_key(e, ERR_INPUT, "setup.option", q->id, NULL) : ERR_OK;
}

static int read_answers(struct str out[countof(questions)], json_t *o, struct request *rq, struct err *e)
{
        const char *id;
        json_t *v;

        json_object_foreach(o, id, v) {
                size_t q = 0;
                int r;

                while (q < countof(questions) && strcmp(questions[q].id, id) != 0)
                        q++;
                if (q == countof(questions) || !json_is_string(v) || json_string_length(v) > ANSWER_BYTES)
                        return err_key(e, ERR_INPUT, "setup.option", "answers", NULL);
                out[q] = (struct str){ json_string_value(v), json_string_length(v) };
                r = out[q].n && !is_there(rq->office->pack, questions[q].needs, rq->arena) ? err_key(e, ERR_INPUT, "setup.option", id, NULL) : ERR_OK;
                if (r == ERR_OK && out[q].n)
                        r = check_answer(&questions[q], out[q], e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

static void add_todo(json_t *list, const struct question *q, const char *picked)
{
        for (const char *w = q->options; *w; w += strspn(w, " ")) {
                struct str one = { w, strcspn(w, " ") };
                json_t *what = in_words(picked, one) ? words_of(q->id, one, ".todo") : NULL;

                if (what)
                        (void)json_array_append_new(list, json_pack("{s:o, s:o}", "what", what, "why", words_of(q->id, one, ".label")));
                w += one.n;
        }
}

/* All answers at once: each time a draft is written and read back costs more than all edits. */
static int answer_all(bool *changed, struct desk *d, const struct str answers[countof(questions)], struct request *rq, struct err *e)
{
        scoped(json_decref) json_t *before = desk_files_json(&d->files), *files = NULL;
        scoped(pack_free) struct pack *after = NULL;
        int r = desk_load(&after, d, &d->files, NULL, e);

        for (size_t i = 0; r == ERR_OK && i < countof(questions); i++)
                if (answers[i].n)
                        r = apply(after, d->draft, &questions[i], answers[i], rq->arena, e);
        if (r == ERR_OK)
                r = rules_settle(d, after, str_of(text_get(LANG_JA, "setup.reason")), rq, e);
        files = desk_files_json(&d->files);
        *changed = !json_equal(before, files);
        return r;
}

int post_setup(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "answers", MEMBER_OBJECT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        struct str answers[countof(questions)] = { 0 };
        scoped(json_decref) json_t *doc = NULL, *todo = json_array();
        scoped(desk_close) struct desk *d = NULL;
        struct act_rules act = { .title = str_of(text_get(LANG_JA, "setup.draft-title")) };
        char *todo_text = NULL;
        bool changed = false;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = read_answers(answers, v[0].object, rq, e);
        if (r == ERR_OK)
                r = desk_start(&d, rq, e);
        for (size_t i = 0; r == ERR_OK && i < countof(questions); i++)
                if (answers[i].n)
                        add_todo(todo, &questions[i], answers[i].p);      /* a JSON text ends with NUL */
        if (r == ERR_OK)
                r = answer_all(&changed, d, answers, rq, e);
        if (r == ERR_OK && !changed && !json_array_size(todo))
                r = err_key(e, ERR_INPUT, "setup.nothing", "", NULL);
        if (r == ERR_OK && !(todo_text = json_dumps(todo, JSON_COMPACT)))
                r = err_set(e, ERR_NOMEM, "todo");
        act.todo = str_of(todo_text ? todo_text : "");
        if (r == ERR_OK)
                r = rules_make(rq, &act, d, e);
        free(todo_text);
        if (r < 0)
                return r;
        out->status = 201;
        return rules_done(rq, out, &act, e);
}
