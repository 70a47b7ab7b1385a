/* press.c - see press.h. */
#include "server/office/papers/press.h"

#include "base/codec.h"
#include "core/calendar/calendar.h"
#include "core/period/wareki.h"
#include "core/register/registers.h"
#include "server/office/api/caller.h"

enum { PUT_IN_MAX = 16 * 1024 };

/* ---- words ---- */

const char *press_word(const struct press *p, const char *key)
{
        return text_get(p->lang, key);
}

struct str press_text(const struct press *p, const struct pack_text *t)
{
        return t->key ? str_of(t->in[p->lang]) : STR("");
}

/* What a buffer came to, in the arena. */
static struct str kept(const struct press *p, const struct buf *b)
{
        const char *s = buf_bad(b) ? NULL : arena_copy(p->rq->arena, b->p ? b->p : "", b->n);

        return s ? (struct str){ s, b->n } : STR("");
}

struct str press_day(const struct press *p, struct date d)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct era rows[CALENDAR_ERAS_MAX];
        struct eras eras = calendar_eras(rows, p->pack);

        if (p->lang == LANG_JA)
                wareki_format(&b, d, &eras, WAREKI_LONG);
        else
                buf_printf(&b, "%04d-%02d-%02d", d.year, d.month, d.day);
        return kept(p, &b);
}

struct str press_day_of(const struct press *p, utime_t t)
{
        return t ? press_day(p, utime_date_jst(t)) : STR("");
}

struct str press_last_day(const struct press *p, utime_t until)
{
        return until ? press_day(p, period_last_day(until)) : STR("");
}

struct str press_date(const struct press *p, struct str stored)
{
        struct date d;

        return date_parse(stored, &d) ? press_day(p, d) : stored;
}

struct str press_person(const struct press *p, struct str id)
{
        struct row row;

        if (!id.n || store_row(&row, p->rq->db, TABLE_PERSON, word_of(p->rq, id), NULL, p->rq->arena, NULL) < 0)
                return STR("");
        return row.v[PERSON_name].kind == VALUE_ERASED ? str_of(press_word(p, "answers.erased")) : row_get_text(&row, PERSON_name);
}

struct str press_role(const struct press *p, struct str role)
{
        const struct pack_role *r = role.n ? pack_find_role(p->pack, word_of(p->rq, role)) : NULL;

        return r ? press_text(p, &r->name) : role;
}

struct str press_state(const struct press *p, const char *what, struct str state)
{
        const char *key = arena_printf(p->rq->arena, "state.%s.%.*s", what, (int)state.n, state.p ? state.p : "");

        return key && text_known(key) ? str_of(press_word(p, key)) : state;
}

struct str press_both(const struct press *p, const char *key, struct str a, struct str b)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        const char *args[] = { word_of(p->rq, a), word_of(p->rq, b) };

        text_format(&out, p->lang, key, args, countof(args));
        return kept(p, &out);
}

struct str press_number(const struct press *p, int64_t n)
{
        return str_of(word_of(p->rq, str_of(arena_printf(p->rq->arena, "%lld", (long long)n))));
}

void press_title(struct press *p, const struct pack_part *part, const char *otherwise)
{
        paper_heading(&p->m, 1, part->title.key ? press_text(p, &part->title) : otherwise ? str_of(press_word(p, otherwise)) : STR(""));
}

void press_none(struct press *p)
{
        paper_text(&p->m, str_of(press_word(p, "paper.none")), PAPER_LEFT, 1);
}

/* ---- what stands in { } ---- */

static struct str fiscal_year(const struct press *p, int year)
{
        char era[CALENDAR_ERA_YEAR];
        struct era rows[CALENDAR_ERAS_MAX];
        struct eras eras = calendar_eras(rows, p->pack);
        const struct era *e = era_at(&eras, (struct date){ year, 4, 1 });

        if (p->lang == LANG_JA && e && year >= e->from.year)
                (void)snprintf(era, sizeof(era), "%s%d年度", e->name, year - e->from.year + 1);
        else
                (void)snprintf(era, sizeof(era), p->lang == LANG_JA ? "%d年度" : "fiscal year %d", year);
        return str_of(word_of(p->rq, str_of(era)));
}

static const struct row *application_of(const struct press *p)
{
        return p->view.facts ? &p->view.facts->application : NULL;
}

static const struct row *service_of(const struct press *p)
{
        const struct row *s = p->view.facts ? &p->view.facts->service : &p->service;

        return s->rev ? s : NULL;
}

/* Before a case has registered its service, its name is what the form says. */
static struct str service_said(const struct press *p)
{
        const struct answer *a = p->view.facts ? facts_answer(p->view.facts, "service_name") : NULL;
        const struct row *s = service_of(p);

        return s ? row_get_text(s, SERVICE_name) : a ? a->value : STR("");
}

static struct str provider_said(const struct press *p)
{
        const struct answer *a = p->view.facts ? facts_answer(p->view.facts, "provider_name") : NULL;
        const struct row *s = service_of(p);
        struct row row;

        if (!s)
                return a ? a->value : STR("");
        return store_row(&row, p->rq->db, TABLE_PROVIDER, word_of(p->rq, row_get_text(s, SERVICE_provider)), NULL, p->rq->arena, NULL) == ERR_OK
                       ? row_get_text(&row, PROVIDER_name) : STR("");
}

static struct str last_reason(const struct press *p)
{
        struct str said = STR("");

        for (size_t i = 0; i < p->view.facts->steps_count; i++)
                if (row_get_text(&p->view.facts->steps[i], STEP_reason).n && !row_is(&p->view.facts->steps[i], STEP_state, "approved"))
                        said = row_get_text(&p->view.facts->steps[i], STEP_reason);
        return said;
}

static struct str word_said(const struct press *p, struct str word)
{
        const struct row *a = application_of(p), *s = service_of(p);
        const struct pack_form *form = a ? facts_form(p->pack, a) : NULL;
        const struct session *who = &p->rq->session;

        if (str_is(word, "municipality")) return str_of(p->rq->office->name);
        if (str_is(word, "today"))        return press_day(p, p->today);
        if (str_is(word, "year"))         return fiscal_year(p, p->year);
        if (str_is(word, "me"))           return press_person(p, str_of(who->who.person));
        if (str_is(word, "my_section"))   return who->who.section;
        if (str_is(word, "service"))      return service_said(p);
        if (str_is(word, "provider"))     return provider_said(p);
        if (str_is(word, "manager"))      return s ? press_person(p, row_get_text(s, SERVICE_manager)) : STR("");
        if (str_is(word, "until"))        return s ? press_last_day(p, row_get_int(s, SERVICE_until_at)) : STR("");
        if (str_is(word, "review"))       return s ? press_last_day(p, row_get_int(s, SERVICE_review_at)) : STR("");
        if (str_is(word, "register"))     return p->list ? str_of(press_word(p, arena_printf(p->rq->arena, "register.%s.caption", p->list->id))) : STR("");
        if (str_is(word, "title"))        return row_get_text(&p->incident, INCIDENT_title);
        if (str_is(word, "found"))        return press_day_of(p, row_get_int(&p->incident, INCIDENT_found_at));
        if (!a)                           return STR("");
        if (str_is(word, "number"))       return row_get_text(a, APPLICATION_number);
        if (str_is(word, "form"))         return form ? press_text(p, &form->title) : row_get_text(a, APPLICATION_form);
        if (str_is(word, "applicant"))    return press_person(p, row_get_text(a, APPLICATION_applicant));
        if (str_is(word, "section"))      return row_get_text(a, APPLICATION_section);
        if (str_is(word, "drafter"))      return press_person(p, row_get_text(a, APPLICATION_drafter));
        if (str_is(word, "state"))        return press_state(p, "application", row_get_text(a, APPLICATION_state));
        if (str_is(word, "submitted"))    return press_day_of(p, row_get_int(a, APPLICATION_submitted_at));
        if (str_is(word, "ended"))        return press_day_of(p, row_get_int(a, APPLICATION_ended_at));
        if (str_is(word, "reason"))       return last_reason(p);
        return STR("");
}

/* A text of the pack with its places filled in. The pack's check has seen to the braces. */
struct str press_said(const struct press *p, const struct pack_text *t)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        struct str rest = press_text(p, t), left, word;

        while (out.n < PUT_IN_MAX && str_cut(rest, '{', &left, &rest)) {
                buf_str(&out, left);
                if (str_cut(rest, '}', &word, &rest))
                        buf_str(&out, word_said(p, word));
        }
        buf_str(&out, rest);
        return kept(p, &out);
}

/* ---- parts that any paper may have ---- */

static int part_text(struct press *p, const struct pack_part *part, struct err *e)
{
        paper_heading(&p->m, 1, press_text(p, &part->title));
        paper_text(&p->m, press_said(p, &part->text), PAPER_LEFT, 0);
        return ERR_OK;
}

static int part_note(struct press *p, const struct pack_part *part, struct err *e)
{
        paper_note(&p->m, press_said(p, &part->text));
        return ERR_OK;
}

static int part_sender(struct press *p, const struct pack_part *part, struct err *e)
{
        paper_text(&p->m, press_said(p, &part->text), PAPER_RIGHT, 0);
        return ERR_OK;
}

static int part_seals(struct press *p, const struct pack_part *part, struct err *e)
{
        paper_seals(&p->m, part->title.key ? part->title.in[p->lang] : press_word(p, "paper.seals"));
        for (size_t i = 0; i < p->paper->seals_count; i++)
                paper_seal(&p->m, p->paper->seals[i].title.in[p->lang]);
        return ERR_OK;
}

/* A line of the text each. */
static void lines(struct press *p, const struct pack_part *part, enum paper_kind kind)
{
        struct str rest = press_said(p, &part->text), line;
        bool signs = kind == PAPER_SIGNATURE;

        paper_heading(&p->m, 1, press_text(p, &part->title));
        paper_rows(&p->m, kind, NULL);
        while (rest.n) {
                if (!str_cut(rest, '\n', &line, &rest)) {
                        line = rest;
                        rest = STR("");
                }
                if (line.n)
                        paper_row2(&p->m, signs ? word_of(p->rq, line) : "", signs ? STR("") : line);
        }
}

static int part_signature(struct press *p, const struct pack_part *part, struct err *e)
{
        lines(p, part, PAPER_SIGNATURE);
        return ERR_OK;
}

static int part_checks(struct press *p, const struct pack_part *part, struct err *e)
{
        lines(p, part, PAPER_CHECKS);
        return ERR_OK;
}

static int part_break(struct press *p, const struct pack_part *part, struct err *e)
{
        paper_break(&p->m);
        return ERR_OK;
}

/* The newest entry about what this paper is about. */
static int part_receipt(struct press *p, const struct pack_part *part, struct err *e)
{
        const char *ref = p->view.facts ? p->view.facts->application.id : p->about == ABOUT_SERVICE ? p->service.id : p->incident.id;
        scoped(buf_done) struct buf key = BUF_INIT;
        struct journal_line *all = NULL;
        char hex[2 * HASH_SIZE + 1];
        uint64_t index = 0;
        struct str entry;
        struct hash leaf;
        size_t n = 0;
        int r = journal_lines_of(&all, &n, p->rq->db, ref, p->rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                index = all[i].index > index ? all[i].index : index;
        if (r < 0 || !n)
                return r;
        r = journal_entry(&entry, p->rq->db, index, p->rq->arena, e);
        if (r < 0)
                return r;
        leaf = hash_leaf(entry);
        hex_text(hex, leaf.b, HASH_SIZE);
        vkey_fingerprint(&key, &p->rq->office->log_key);
        paper_rows(&p->m, PAPER_RECEIPT, press_word(p, "paper.receipt"));
        paper_row2(&p->m, press_word(p, "paper.receipt.entry"), press_number(p, (int64_t)index));
        paper_row2(&p->m, press_word(p, "paper.receipt.leaf"), str_of(hex));
        paper_row2(&p->m, press_word(p, "paper.receipt.key"), buf_view(&key));
        return ERR_OK;
}

/* ---- which function writes a part ---- */

struct by_about { part_fn *of[PAPER_ABOUTS_COUNT]; };
#define ALL(fn) { { fn, fn, fn, fn, fn, fn, fn, fn } }
static const struct by_about parts[PAPER_PARTS_COUNT] = {
        [PART_TEXT] = ALL(part_text),           [PART_NOTE] = ALL(part_note),             [PART_ADDRESSEE] = ALL(part_text),   [PART_SENDER] = ALL(part_sender),
        [PART_CLOSING] = ALL(part_sender),      [PART_SEALS] = ALL(part_seals),           [PART_SIGNATURE] = ALL(part_signature), [PART_CHECKS] = ALL(part_checks),
        [PART_BREAK] = ALL(part_break),         [PART_RECEIPT] = ALL(part_receipt),       [PART_ANSWERS] = ALL(part_answers),  [PART_STEPS] = ALL(part_steps),
        [PART_OUTCOME] = ALL(part_outcome),     [PART_CONDITIONS] = ALL(part_conditions), [PART_CRITERIA] = ALL(part_criteria), [PART_CLAUSES] = ALL(part_clauses),
        [PART_CHECKLIST] = ALL(part_checklist), [PART_DECISION] = ALL(part_decision),     [PART_DUTIES] = ALL(part_duties),    [PART_ROWS] = ALL(part_rows),
        [PART_TASKS] = ALL(part_tasks),         [PART_EXPIRIES] = ALL(part_expiries),     [PART_NUMBERS] = ALL(part_numbers),  [PART_LATE] = ALL(part_late),
        [PART_INCIDENTS] = ALL(part_year_incidents), [PART_LOG] = ALL(part_log), [PART_RULES] = ALL(part_rules),      [PART_DEMANDS] = ALL(part_demands),
        [PART_CLASSES] = ALL(part_classes),     [PART_PROCEDURES] = ALL(part_procedures), [PART_PERIODS] = ALL(part_periods),
        [PART_CHECKPOINT] = ALL(part_checkpoint), [PART_WITNESSES] = ALL(part_witnesses),
        [PART_SUBJECT] = { { [ABOUT_APPLICATION] = part_case_subject, [ABOUT_SERVICE] = part_service_subject, [ABOUT_INCIDENT] = part_incident_subject } },
        [PART_RATINGS] = { { [ABOUT_APPLICATION] = part_case_ratings, [ABOUT_SERVICE] = part_service_ratings } },
        [PART_EXCEPTIONS] = { { [ABOUT_APPLICATION] = part_case_exceptions, [ABOUT_SERVICE] = part_case_exceptions, [ABOUT_YEAR] = part_year_exceptions } },
};

/* ---- the paper ---- */

static bool step_is_external(const struct press *p)
{
        for (size_t i = 0; p->view.flow && i < p->view.procedure->steps_count; i++) {
                enum step_kind kind = p->view.procedure->steps[i].kind;

                if ((kind == STEP_EXTERNAL || kind == STEP_COUNCIL) && p->view.flow->active[i])
                        return true;
        }
        return false;
}

static bool offered(const struct press *p, enum paper_offer when)
{
        const struct row *a = application_of(p);
        struct str state = a ? row_get_text(a, APPLICATION_state) : STR("");

        switch (when) {
        case OFFER_OPEN:     return str_is(state, "submitted");
        case OFFER_EXTERNAL: return str_is(state, "submitted") && step_is_external(p);
        case OFFER_RETURNED: return str_is(state, "returned");
        case OFFER_DECIDED:  return str_is(state, "approved") || str_is(state, "rejected");
        case OFFER_APPROVED: return str_is(state, "approved");
        default:             return true;
        }
}

bool press_offers(const struct press *p, const struct pack_paper *paper)
{
        const struct row *a = application_of(p);
        bool form = !paper->forms_count, role = !paper->roles_count;

        for (size_t i = 0; a && !form && i < paper->forms_count; i++)
                form = row_is(a, APPLICATION_form, paper->forms[i].id);
        for (size_t i = 0; !role && i < paper->roles_count; i++)
                role = actor_has(&p->rq->session.who, paper->roles[i].id);
        return paper->about == p->about && form && role && offered(p, paper->offered);
}

/* Nothing that is printed may be taken for the time of printing but the day: it stands in the paper, and in the file. */
static void head(struct press *p)
{
        const struct row *a = application_of(p);
        char made[40];

        (void)snprintf(made, sizeof(made), "%04d%02d%02d000000", p->today.year, p->today.month, p->today.day);
        paper_put(&p->m, "lang", p->lang == LANG_EN ? STR("en") : STR("ja"));
        paper_put(&p->m, "made_at", str_of(made));
        paper_put(&p->m, "form_number", press_text(p, &p->paper->form_number));
        paper_put(&p->m, "footer", str_of(p->rq->office->name));
        paper_put(&p->m, "dated", p->paper->undated ? str_of(press_word(p, "paper.undated")) : press_day(p, p->today));
        if (p->rq->office->practice)
                paper_put(&p->m, "mark", str_of(press_word(p, "paper.practice")));
        if (p->paper->landscape)
                paper_landscape(&p->m);
        if (a)
                paper_head(&p->m, press_word(p, "paper.number"), row_get_text(a, APPLICATION_number));
        if (p->paper->numbered)
                paper_head(&p->m, press_word(p, "paper.document"), str_of(press_word(p, "paper.document.blank")));
}

int press_run(json_t **doc, struct press *p, const struct pack_paper *paper, struct err *e)
{
        int r = ERR_OK;

        p->paper = paper;
        paper_make_done(&p->m);
        paper_make(&p->m);
        paper_put(&p->m, "title", press_said(p, &paper->title));
        head(p);
        for (size_t i = 0; r == ERR_OK && i < paper->parts_count; i++) {
                part_fn *fn = parts[paper->parts[i].kind].of[p->about];

                r = fn ? fn(p, &paper->parts[i], e) : ERR_OK;
        }
        if (r < 0)
                return r;
        *doc = paper_make_end(&p->m);
        return *doc ? ERR_OK : err_set(e, ERR_NOMEM, "no memory for a paper");
}

void press_done(struct press *p)
{
        paper_make_done(&p->m);
}
