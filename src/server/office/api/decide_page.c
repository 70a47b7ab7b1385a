/* decide_page.c - one page on which one case is decided, reached by the link in a mail; without JavaScript.
 *
 * Shows     what, who, until when; what approval does; what differs from last time and what the secretariat said, as the API says it
 *           (gist.h); what is still in the way. The buttons go through decide_application(): the page is a second face of the same act.
 * Clause    practice.md, People: a mail link leads to one decision page.
 *
 * Whoever opens it when it is not their turn, or no more, reads whose it is and who decided.
 */
#include "server/office/api/caller.h"
#include "server/office/api/gist.h"
#include "server/office/api/handlers.h"
#include "server/office/api/waiting.h"
#include "server/office/papers/press.h"

#include "plain_pages.h"

enum { NONE = PROCEDURE_STEPS_MAX, NEXT_PAGE = 2 };

/* What a browser sent, to be shown again. */
enum typed_field { TYPED_DECISION, TYPED_REV, TYPED_STEP, TYPED_REASON, TYPED_PHRASE, TYPED_CONDITION, TYPED_DUE, TYPED_COUNT };
static const char *const typed_names[TYPED_COUNT] = { "decision", "rev", "step", "reason", "phrase", "condition", "condition_due" };
struct typed { const char *v[TYPED_COUNT]; };

struct page {
        struct request    *rq;
        struct press       p;                        /* for its words; nothing is printed */
        struct plain_decide in;
        size_t             step;                     /* that this person may decide here; NONE */
        bool               elsewhere;                /* it is their turn, at something that wants the screen */
};

/* ---- words ---- */

static const char *say(struct page *g, struct str s)
{
        return word_of(g->rq, s);
}

static const char *say_with(struct page *g, const char *key, struct str a, struct str b)
{
        return say(g, press_both(&g->p, key, a, b));
}

static struct str clock_text(struct page *g, utime_t t)
{
        int64_t minutes = (t + UTIME_JST) / UTIME_MIN;
        const char *text = t ? arena_printf(g->rq->arena, "%.*s %02d:%02d", (int)press_day_of(&g->p, t).n, press_day_of(&g->p, t).p,
                                            (int)(minutes / 60 % 24), (int)(minutes % 60)) : "";

        return str_of(text ? text : "");
}

/* Rows of the page are as many as there may be; what does not fit memory fails the request as a whole (arena). */
#define ROWS(g, name, n) struct plain_decide_##name *name = arena_array((g)->rq->arena, (n) + 1, sizeof(*name)); size_t name##_count = 0
#define PUT_ROWS(g, name) ((g)->in.name = name, (g)->in.name##_count = name##_count)

/* ---- what, who, until when ---- */

/* The last answer of a type. */
static struct str last_of_type(const struct page *g, enum field_type type)
{
        const struct pack_form *form = facts_form(g->p.pack, &g->p.view.facts->application);
        struct str found = STR("");

        for (size_t i = 0; form && i < form->fields_count; i++) {
                const struct answer *a = form->fields[i].type == type ? facts_answer(g->p.view.facts, form->fields[i].id) : NULL;

                if (a && a->value.n)
                        found = press_answer(&g->p, a->field, a->value);
        }
        return found;
}

/* Of the permit there is; else what an effect will take for the end, else the last moment that was answered. */
static struct str last_day(const struct page *g)
{
        const struct case_facts *f = g->p.view.facts;
        const struct pack_procedure *p = g->p.view.procedure;

        if (f->permit.rev)
                return press_last_day(&g->p, row_get_int(&f->permit, PERMIT_until_at));
        for (size_t i = 0; p && i < p->effects_count; i++) {
                const struct answer *a = p->effects[i].until_field ? facts_answer(f, p->effects[i].until_field) : NULL;

                if (a && a->value.n)
                        return press_answer(&g->p, a->field, a->value);
        }
        return last_of_type(g, FIELD_MOMENT);
}

static const char *both(const struct page *g, const struct gist_text *t)
{
        return t->in[g->p.lang] ? t->in[g->p.lang] : t->in[LANG_JA];
}

static void put_gist(struct page *g, const struct gist *gist)
{
        const struct case_facts *f = g->p.view.facts;
        const struct pack_form *form = facts_form(g->p.pack, &f->application);
        struct str until = last_day(g);

        g->in.number = say(g, row_get_text(&f->application, APPLICATION_number));
        g->in.title = say(g, form ? press_text(&g->p, &form->title) : row_get_text(&f->application, APPLICATION_form));
        g->in.about = both(g, &gist->outline.what);
        g->in.about = g->in.about && *g->in.about ? g->in.about : g->in.title;
        g->in.who = say_with(g, "decide.page.section-name", row_get_text(&f->application, APPLICATION_section),
                             press_person(&g->p, row_get_text(&f->application, APPLICATION_applicant)));
        g->in.until = until.n ? say_with(g, "decide.page.until-day", until, STR("")) : press_word(&g->p, "decide.page.until-none");
}

static void put_answers(struct page *g)
{
        const struct case_facts *f = g->p.view.facts;
        const struct pack_form *form = facts_form(g->p.pack, &f->application);
        ROWS(g, answers, form ? form->fields_count : 0);

        for (size_t i = 0; answers && form && i < form->fields_count; i++) {
                const struct answer *a = form->fields[i].type == FIELD_TABLE ? NULL : facts_answer(f, form->fields[i].id);

                if (a && a->value.n)
                        answers[answers_count++] = (struct plain_decide_answers){ .label = say(g, press_text(&g->p, &a->field->label)),
                                                                                  .value = say(g, press_answer(&g->p, a->field, a->value)) };
        }
        PUT_ROWS(g, answers);
}

/* ---- whose turn it is ---- */

static bool is_entered(const struct page *g, size_t i)
{
        return row_is(&g->p.view.facts->steps[i], STEP_state, "entered");
}

static void find_step(struct page *g, const char *wanted)
{
        const struct flow *w = g->p.view.flow;

        g->step = NONE;
        for (size_t i = 0; w && i < w->procedure->steps_count; i++) {
                if (!w->active[i] || flow_standing(w, i, &g->rq->session.who, is_entered(g, i), NULL).capacity == CAPACITY_NONE)
                        continue;
                g->elsewhere |= !step_is_plain(w->procedure->steps[i].kind);
                if (step_is_plain(w->procedure->steps[i].kind) && (g->step == NONE || (wanted && strcmp(wanted, w->procedure->steps[i].id) == 0)))
                        g->step = i;
        }
}

static void put_steps(struct page *g)
{
        const struct case_facts *f = g->p.view.facts;
        const struct flow *w = g->p.view.flow;
        ROWS(g, steps, f->steps_count);

        for (size_t i = 0; steps && i < f->steps_count; i++) {
                const struct row *row = &f->steps[i];
                const struct pack_step *s = g->p.view.procedure ? procedure_find_step(g->p.view.procedure, row->k) : NULL;

                if (w && i < w->procedure->steps_count && !w->needed[i] && !row_get_int(row, STEP_decided_at))
                        continue;
                steps[steps_count++] = (struct plain_decide_steps){
                        .title = say(g, s ? press_text(&g->p, &s->title) : str_of(row->k)),
                        .state = say(g, w && w->active[i] && row_is(row, STEP_state, "waiting") ? str_of(press_word(&g->p, "state.step.active"))
                                                                                                  : press_state(&g->p, "step", row_get_text(row, STEP_state))),
                        .who = say(g, row_get_text(row, STEP_authority).n ? row_get_text(row, STEP_authority)
                                                                          : press_person(&g->p, row_get_text(row, STEP_decider))),
                        .when = say(g, clock_text(g, row_get_int(row, STEP_decided_at))),
                        .said = say(g, row_get_text(row, STEP_reason)),
                };
        }
        PUT_ROWS(g, steps);
}

/* The newest decision: what came of the case, or how it came to be where it is. */
static const struct row *newest(const struct case_facts *f)
{
        const struct row *last = NULL;

        for (size_t i = 0; i < f->steps_count; i++)
                if (row_get_int(&f->steps[i], STEP_decided_at) && (!last || row_get_int(&f->steps[i], STEP_decided_at) >= row_get_int(last, STEP_decided_at)))
                        last = &f->steps[i];
        return last;
}

/* "suzuki, section manager: approved, July 5, 10:12". */
static const char *decided_words(struct page *g, const struct row *s)
{
        const char *args[] = { say(g, press_person(&g->p, row_get_text(s, STEP_decider))), say(g, clock_text(g, row_get_int(s, STEP_decided_at))),
                               say(g, press_state(&g->p, "step", row_get_text(s, STEP_state))), say(g, press_role(&g->p, row_get_text(s, STEP_role))) };
        scoped(buf_done) struct buf out = BUF_INIT;
        bool own = str_is(row_get_text(s, STEP_decider), g->rq->session.who.person);

        text_format(&out, g->p.lang, own ? "decide.page.you-decided" : "decide.page.decided", args, countof(args));
        return word_of(g->rq, buf_view(&out));
}

/* What became of it, for whoever has nothing to decide here (any more): who decided last, what follows, or whose turn it is. */
static void put_turn(struct page *g)
{
        static const struct { const char *state, *key; } ends[] = {
                { "approved", "decide.page.then.approved" }, { "rejected", "decide.page.then.rejected" }, { "returned", "decide.page.then.returned" },
                { "withdrawn", "decide.page.then.withdrawn" },
        };
        const struct case_facts *f = g->p.view.facts;
        const struct flow *w = g->p.view.flow;
        const struct row *last = newest(f);
        bool own = last && str_is(row_get_text(last, STEP_decider), g->rq->session.who.person), over = !row_is(&f->application, APPLICATION_state, "submitted");
        const char *words = last ? decided_words(g, last) : NULL;
        ROWS(g, after, PROCEDURE_STEPS_MAX + 1);

        g->in.heading = own ? press_word(&g->p, "decide.page.done") : NULL;
        g->in.turn = (own || over) && words ? words : press_word(&g->p, g->elsewhere ? "decide.page.elsewhere" : over ? "decide.over" : "decide.page.not-yours");
        if (after && words && g->in.turn != words)
                after[after_count++].text = words;
        for (size_t i = 0; after && w && !over && i < w->procedure->steps_count; i++)
                if (w->active[i])
                        after[after_count++].text = say_with(g, "decide.page.waits", press_text(&g->p, &w->procedure->steps[i].title),
                                                             press_role(&g->p, row_get_text(&f->steps[i], STEP_role)));
        for (size_t i = 0; after && i < countof(ends); i++)
                if (row_is(&f->application, APPLICATION_state, ends[i].state))
                        after[after_count++].text = press_word(&g->p, ends[i].key);
        PUT_ROWS(g, after);
}

/* What else of mine waits, with a link to the first of it. */
static int put_waiting(struct page *g, struct err *e)
{
        struct app_filter filter = { .list = APPS_WAITING, .before_at = INT64_MAX };
        struct app_line *lines = NULL;
        size_t n = 0;
        uint64_t total = 0;
        bool more = false;
        int r = waiting_list(&lines, &n, &total, &more, g->rq, &filter, NEXT_PAGE, WAITING_SCAN, e);

        if (r < 0)
                return r;
        g->in.waiting = total ? say_with(g, "decide.page.waiting", press_number(&g->p, (int64_t)total), STR("")) : press_word(&g->p, "decide.page.waiting-none");
        if (!n)
                return ERR_OK;
        g->in.next = arena_printf(g->rq->arena, "/decide/%.*s", (int)lines[0].id.n, lines[0].id.p);
        g->in.next_name = say_with(g, "decide.page.open-next", lines[0].number, lines[0].applicant_name);
        return ERR_OK;
}

/* ---- what a decider reads before deciding ---- */

/* What the effects say. An approval that does not end the case says whose turn is next, before what all of them do in the end. */
static void put_will(struct page *g, const struct gist *gist)
{
        static const char *const keys[STEP_KINDS_COUNT] = { [STEP_APPROVE] = "decide.effect.approve", [STEP_CONCUR] = "decide.effect.concur",
                                                            [STEP_CONFIRM] = "decide.effect.confirm" };
        enum step_kind kind = g->p.view.procedure->steps[g->step].kind;
        ROWS(g, will, gist->wills.n + 2);

        if (!will)
                return;
        if (!gist->wills.n || kind != STEP_APPROVE)
                will[will_count++].text = say_with(g, keys[kind], str_of(g->in.about), STR(""));
        if (!gist->last && *gist->next.in[LANG_JA])
                will[will_count++].text = say_with(g, "decide.page.goes-on", str_of(both(g, &gist->next)), STR(""));
        for (size_t i = 0; i < gist->wills.n; i++)
                will[will_count++].text = both(g, &gist->wills.items[i].text);
        PUT_ROWS(g, will);
}

static void put_differs(struct page *g, const struct gist *gist)
{
        ROWS(g, differs, gist->differs.n);

        for (size_t i = 0; differs && i < gist->differs.n; i++)
                differs[differs_count++] = (struct plain_decide_differs){ .label = say(g, press_text(&g->p, &gist->differs.items[i].field->label)),
                                                                          .before = both(g, &gist->differs.items[i].before), .now = both(g, &gist->differs.items[i].now) };
        PUT_ROWS(g, differs);
        if (gist->previous.rev)
                g->in.previous = say_with(g, "decide.page.previous", row_get_text(&gist->previous, APPLICATION_number),
                                          press_day_of(&g->p, row_get_int(&gist->previous, APPLICATION_ended_at)));
        g->in.no_difference = gist->previous.rev && !gist->differs.n;
}

static void put_opinions(struct page *g, const struct gist *gist)
{
        ROWS(g, opinion, gist->opinions.n);

        for (size_t i = 0; opinion && i < gist->opinions.n; i++)
                opinion[opinion_count++] = (struct plain_decide_opinion){ .label = say(g, press_text(&g->p, &gist->opinions.items[i].field->label)),
                                                                          .text = both(g, &gist->opinions.items[i].said) };
        PUT_ROWS(g, opinion);
}

/* Sentences to choose instead of writing one: of the three buttons, in their order. */
static void put_phrases(struct page *g, const struct gist *gist, const char *chosen)
{
        static const enum phrase_use uses[] = { PHRASE_APPROVE, PHRASE_RETURN, PHRASE_REJECT };
        static const char *const decision_words[] = { "approve", "return", "reject" };
        ROWS(g, phrases, gist->phrases_count);

        for (size_t u = 0; phrases && u < countof(uses) - !g->in.reject; u++)
                for (size_t i = 0; i < gist->phrases_count; i++)
                        if (gist->phrases[i]->use == uses[u]) {
                                const char *text = say(g, press_text(&g->p, &gist->phrases[i]->text));

                                const char *value = arena_printf(g->rq->arena, "%s %s", decision_words[u], text);

                                phrases[phrases_count++] = (struct plain_decide_phrases){ .text = text, .at = arena_printf(g->rq->arena, "phrase-%zu", phrases_count),
                                                                                          .value = value, .chosen = chosen && value && strcmp(chosen, value) == 0 };
                        }
        PUT_ROWS(g, phrases);
}

static const char *lang_text(struct page *g, const json_t *o, const char *key)
{
        const char *text = json_string_value(json_object_get(json_object_get(o, key), g->p.lang == LANG_EN ? "en" : "ja"));

        return text ? arena_text(g->rq->arena, text) : NULL;
}

static void put_open(struct page *g)
{
        scoped(json_decref) json_t *list = case_open(&g->p.view);
        const json_t *o;
        size_t i;
        ROWS(g, open, json_array_size(list));

        json_array_foreach(list, i, o)
                if (open)
                        open[open_count++] = (struct plain_decide_open){ .text = lang_text(g, o, "message"), .mend = lang_text(g, o, "mend") };
        g->in.open_title = say_with(g, "decide.still-open", press_number(&g->p, (int64_t)open_count), STR(""));
        PUT_ROWS(g, open);
}

static void put_form(struct page *g, const struct typed *typed, const struct gist *gist)
{
        static const char *const approve[STEP_KINDS_COUNT] = { [STEP_APPROVE] = "decide.approve", [STEP_CONCUR] = "decide.approve.concur",
                                                               [STEP_CONFIRM] = "decide.approve.confirm" };
        const struct pack_step *s = &g->p.view.procedure->steps[g->step];

        g->in.mine = true;
        g->in.approve = approve[s->kind];
        g->in.reject = s->kind == STEP_APPROVE;
        g->in.conditional = s->conditional;
        g->in.step = s->id;
        g->in.step_title = say_with(g, "decide.step", press_text(&g->p, &s->title), STR(""));
        g->in.rev = arena_printf(g->rq->arena, "%lld", (long long)g->p.view.facts->application.rev);
        g->in.reason = typed->v[TYPED_REASON];
        g->in.condition = typed->v[TYPED_CONDITION];
        g->in.condition_due = typed->v[TYPED_DUE];
        g->in.condition_open = (g->in.condition && *g->in.condition) || (g->in.condition_due && *g->in.condition_due);
        put_will(g, gist);
        put_phrases(g, gist, typed->v[TYPED_PHRASE]);
}

static void put_problem(struct page *g, const struct err *why)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        if (!why)
                return;
        text_err(&words, g->p.lang, why);
        g->in.error = word_of(g->rq, buf_view(&words));
        g->in.at_reason = strcmp(why->field, "reason") == 0;
        g->in.at_condition = strcmp(why->field, "condition") == 0;
        g->in.at_condition_due = strcmp(why->field, "condition_due") == 0;
        g->in.condition_open |= g->in.at_condition || g->in.at_condition_due;
}

/* ---- the page ---- */

static int load(struct page *g, struct err *e)
{
        struct request *rq = g->rq;
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        int r = f ? facts_load(f, &g->p.pack, rq->office, rq->db, rq->param, rq->now, rq->arena, e) : err_set(e, ERR_NOMEM, "page");

        if (r == ERR_OK && !caller_sees_case(rq, g->p.pack, f))
                r = err_key(e, ERR_ABSENT, "application.absent", "", NULL);
        g->p.rq = rq;
        g->p.lang = rq->lang;
        g->p.today = utime_date_jst(rq->now);
        return r < 0 ? r : case_view_init(&g->p.view, rq, g->p.pack, f, e);
}

static int fill(struct page *g, const struct typed *typed, const struct err *why, struct err *e)
{
        struct gist gist;
        int r = load(g, e);

        if (r == ERR_OK)
                r = gist_make(&gist, &g->p.view, e);
        if (r < 0)
                return r;
        find_step(g, typed->v[TYPED_STEP]);
        put_gist(g, &gist);
        put_answers(g);
        put_steps(g);
        if (g->step == NONE)
                put_turn(g);
        else
                put_form(g, typed, &gist);
        put_differs(g, &gist);
        put_opinions(g, &gist);
        if (row_is(&g->p.view.facts->application, APPLICATION_state, "submitted"))
                put_open(g);
        put_problem(g, why);
        g->in.csrf = g->rq->session.csrf;
        g->in.me = say(g, press_person(&g->p, str_of(g->rq->session.who.person)));
        g->in.practice = g->rq->office->practice;
        g->in.action = arena_printf(g->rq->arena, "/decide/%.*s", (int)g->rq->param.n, g->rq->param.p);
        g->in.whole = arena_printf(g->rq->arena, "/applications/%.*s", (int)g->rq->param.n, g->rq->param.p);
        return g->step == NONE ? put_waiting(g, e) : ERR_OK;
}

/* One snapshot, as of the API's answer. */
static int show(struct request *rq, struct reply *out, const struct typed *typed, const struct err *why, struct err *e)
{
        struct page *g = arena_new(rq->arena, struct page);
        int r = g ? db_begin_read(rq->db, e) : err_set(e, ERR_NOMEM, "page");

        if (r < 0)
                return r;
        g->rq = rq;
        r = fill(g, typed, why, e);
        db_rollback(rq->db);
        if (r < 0)
                return r;
        out->type = "text/html; charset=utf-8";
        plain_decide(&out->text, rq->lang, &g->in);
        return ERR_OK;
}

int page_decide(struct request *rq, struct reply *out, struct err *e)
{
        return show(rq, out, &(struct typed){ 0 }, NULL, e);
}

/* ---- a button was pressed ---- */

/* Browsers end lines with CR LF; people's texts have LF (form types refuse a CR). */
static struct str without_cr(struct str s, struct arena *a)
{
        char *to = arena_alloc(a, s.n + 1);
        size_t n = 0;

        for (size_t i = 0; to && i < s.n; i++)
                if (s.p[i] != '\r')
                        to[n++] = s.p[i];
        if (!to)
                return STR("");
        to[n] = 0;
        return (struct str){ to, n };
}

static int read_typed(struct typed *out, struct request *rq, struct err *e)
{
        static const char *const names[] = { "csrf", "decision", "rev", "step", "reason", "phrase", "condition", "condition_due", NULL };
        int r = scgi_fields_known(rq->scgi->body, names, e);

        for (int i = 0; r == ERR_OK && i < TYPED_COUNT; i++) {
                struct str v = STR("");

                r = scgi_field(&v, rq->scgi->body, typed_names[i], rq->arena, e);
                if (r == ERR_ABSENT && i > TYPED_STEP)
                        r = ERR_OK;
                else if (r == ERR_ABSENT)
                        r = err_key(e, ERR_INPUT, "common.member.missing", typed_names[i], typed_names[i], NULL);
                if (r == ERR_OK && !utf8_ok(v))
                        r = err_key(e, ERR_INPUT, "common.form.encoding", typed_names[i], NULL);
                out->v[i] = r == ERR_OK ? without_cr(v, rq->arena).p : "";
        }
        return r;
}

/* What was written; else the sentence that was chosen, if it belongs to the button that was pressed: "return It is too long." */
static const char *reason_of(const struct typed *t)
{
        size_t n = strlen(t->v[TYPED_DECISION]);

        if (*t->v[TYPED_REASON])
                return t->v[TYPED_REASON];
        return n && strncmp(t->v[TYPED_PHRASE], t->v[TYPED_DECISION], n) == 0 && t->v[TYPED_PHRASE][n] == ' ' ? t->v[TYPED_PHRASE] + n + 1 : "";
}

/* The same body that a screen sends: one act, one set of checks. */
static int send_typed(struct request *rq, const struct typed *t, struct err *e)
{
        struct scgi_request scgi = *rq->scgi;
        struct request sub = *rq;
        struct reply answer = { 0 };
        uint64_t rev = 0;
        scoped(json_decref) json_t *o = NULL;
        bool ok;
        char *body;
        int r;

        if (!str_u64(str_of(t->v[TYPED_REV]), INT64_MAX, &rev))
                return err_key(e, ERR_INPUT, "common.member.type", "rev", "rev", NULL);
        o = json_pack("{s:s, s:I, s:s, s:s}", "decision", t->v[TYPED_DECISION], "rev", (json_int_t)rev, "step", t->v[TYPED_STEP], "reason",
                      reason_of(t));
        ok = o != NULL;
        if (ok && (*t->v[TYPED_CONDITION] || *t->v[TYPED_DUE]) && strcmp(t->v[TYPED_DECISION], "approve") == 0)
                ok = json_put(o, "condition", json_string(t->v[TYPED_CONDITION])) && json_put(o, "condition_due", json_string(t->v[TYPED_DUE]));
        body = ok ? json_dumps(o, JSON_COMPACT) : NULL;
        if (!body)
                return err_set(e, ERR_NOMEM, "decision");
        scgi.body = str_of(body);
        sub.scgi = &scgi;
        r = decide_application(&sub, &answer, e);
        json_decref(answer.json);
        free(body);
        return r;
}

/* What a person can mend is said on the page, with what was typed; then the page as it is by now, also after a reload. */
int act_decide_page(struct request *rq, struct reply *out, struct err *e)
{
        struct typed typed = { 0 };
        struct err why = { 0 };
        int r = read_typed(&typed, rq, e);

        if (r < 0)
                return r;
        r = send_typed(rq, &typed, &why);
        if (r == ERR_OK) {
                out->status = 303;
                out->type = "text/html; charset=utf-8";
                buf_printf(&out->headers, "Location: /decide/%.*s\r\n", (int)rq->param.n, rq->param.p);
                return ERR_OK;
        }
        if (r == ERR_ABSENT || !*why.key) {
                *e = why;
                return r;
        }
        out->status = err_status(r);
        return show(rq, out, &typed, &why, e);
}
