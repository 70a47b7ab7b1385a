/* coverage.c - which clause of the guideline is served by what, what of it is proven, and when that was last seen to work. */
#include "core/pack/coverage.h"
#include "core/procedure/flow.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/store/evidence.h"

/* The strongest way in which something that exists serves a clause; then what does not exist yet, then nothing. */
#define HOWS(X)                        \
        X(HOW_NOTHING,  "nothing")     \
        X(HOW_PLANNED,  "planned")     \
        X(HOW_TEXT,     "text")        \
        X(HOW_RECORDED, "recorded")    \
        X(HOW_DETECTED, "detected")    \
        X(HOW_ENFORCED, "enforced")

enum how {
#define X(id, name) id,
        HOWS(X)
#undef X
        HOWS_COUNT
};

static const char *const how_names[] = {
#define X(id, name) name,
        HOWS(X)
#undef X
};

static enum how how_of(const struct pack_mechanism *m)
{
        static const enum how kinds[] = { [MECHANISM_ENFORCED] = HOW_ENFORCED, [MECHANISM_DETECTED] = HOW_DETECTED, [MECHANISM_RECORDED] = HOW_RECORDED,
                                          [MECHANISM_TEXT] = HOW_TEXT };

        return m->state == MECHANISM_PLANNED ? HOW_PLANNED : kinds[m->kind];
}

/* ---- evidence: by what carries the mechanism ---- */

/* Words and what is not there yet leave no trace; saying "none" of them would be a reproach. */
static bool leaves_trace(const struct pack_mechanism *m)
{
        return m->state == MECHANISM_BUILT && m->kind != MECHANISM_TEXT && m->carrier != CARRIER_REPORT && m->carrier != CARRIER_AGENT && m->carrier != CARRIER_IMPORT;
}

struct look { struct request *rq; const struct pack *pack; struct evidence newest; };

static int look_at(struct look *l, enum evidence_of what, const char *procedure, const char *k, struct err *e)
{
        struct evidence one = { 0 };
        int r = evidence_find(&one, l->rq->db, what, procedure, k, l->rq->arena, e);

        if (r == ERR_OK && one.at > l->newest.at)
                l->newest = one;
        return r;
}

/* Where answers to a form stand: in cases of its procedure, or of those that have it as a sheet. `k` NULL: the form as a whole. */
static int look_at_form(struct look *l, const char *form, const char *k, struct err *e)
{
        const struct pack_form *f = pack_find_form(l->pack, form);
        char mark[SHEET_MARK_MAX];
        int r = ERR_OK;

        if (f && f->procedure)
                return look_at(l, k ? EVIDENCE_ANSWER : EVIDENCE_CASE, f->procedure, k, e);
        for (size_t i = 0; f && i < l->pack->procedures_count; i++)
                for (size_t s = 0; r == ERR_OK && s < l->pack->procedures[i].sheets_count; s++)
                        if (strcmp(l->pack->procedures[i].sheets[s].id, form) == 0) {
                                flow_sheet_mark(mark, f);
                                r = look_at(l, EVIDENCE_ANSWER, l->pack->procedures[i].id, k ? k : mark, e);
                        }
        return r;
}

static int look_at_criterion(struct look *l, const char *k, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < l->pack->procedures_count; i++)
                for (size_t s = 0; s < l->pack->procedures[i].steps_count; s++)
                        if (l->pack->procedures[i].steps[s].kind == STEP_JUDGE) {
                                r = look_at(l, EVIDENCE_CRITERION, l->pack->procedures[i].id, k, e);
                                break;
                        }
        return r;
}

/* Parts of the gate, by what they report. */
static int look_at_gate(struct look *l, const char *part, struct err *e)
{
        return look_at(l, EVIDENCE_ENTRY, NULL, strcmp(part, "permit-end") == 0 ? "permit.expired" : "grants.applied", e);
}

static const char *entry_type(const char *command)
{
        return strcmp(command, "decide") == 0 ? "application.decided" : command;
}

static int evidence_of(struct look *l, const struct pack_mechanism *m, struct err *e)
{
        struct str left = str_of(m->where), right = { "", 0 };
        const char *outer, *inner;

        (void)str_cut(left, '.', &left, &right);
        outer = word_of(l->rq, left);
        inner = word_of(l->rq, right);
        switch (m->carrier) {
        case CARRIER_FORM:
                return look_at_form(l, m->where, NULL, e);
        case CARRIER_FIELD:
                return look_at_form(l, outer, inner, e);
        case CARRIER_PROCEDURE:
                return look_at(l, EVIDENCE_DECIDED, m->where, NULL, e);
        case CARRIER_RULE:
                return look_at(l, EVIDENCE_DECIDED, outer, NULL, e);
        case CARRIER_EFFECT:
                return look_at(l, EVIDENCE_APPROVED, outer, NULL, e);
        case CARRIER_STEP:
                return look_at(l, EVIDENCE_STEP, outer, inner, e);
        case CARRIER_CRITERION:
                return look_at_criterion(l, m->where, e);
        case CARRIER_REGISTER:
                return look_at(l, EVIDENCE_REGISTER, NULL, m->where, e);
        case CARRIER_DUTY:
                return look_at(l, EVIDENCE_DUTY, NULL, m->where, e);
        case CARRIER_COMMAND:
                return look_at(l, EVIDENCE_ENTRY, NULL, entry_type(m->where), e);
        case CARRIER_GATE:
                return look_at_gate(l, m->where, e);
        default:
                return ERR_OK;
        }
}

/* ---- answer ---- */

static json_t *evidence_json(const struct evidence *x, utime_t now)
{
        json_t *o = json_pack("{s:o, s:o, s:I}", "at", json_time(x->at), "entry", json_of(x->entry), "days", (json_int_t)((now - x->at) / UTIME_DAY));

        if (o && x->id.n)
                (void)json_put(o, "about", json_pack("{s:o, s:o}", "id", json_of(x->id), "number", json_of(x->number)));
        return o;
}

/* What there is to say of one mechanism; found once, though several clauses name it. */
struct seen { bool looked; struct evidence newest; };

static json_t *mechanism_json(const struct pack_mechanism *m, const struct evidence *x, utime_t now)
{
        json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "id", m->id, "kind", mechanism_kind_name(m->kind), "state", mechanism_state_name(m->state),
                              "carrier", carrier_name(m->carrier), "where", m->where, "proven", m->proven_count > 0, "traced", leaves_trace(m));

        if (o)
                (void)json_put(o, "title", json_text(&m->name));
        if (o && x->at)
                (void)json_put(o, "evidence", evidence_json(x, now));
        return o;
}

struct totals { json_int_t clauses, how[HOWS_COUNT], proven, traced, seen; };

static int covered_json(json_t **out, struct look *l, const struct pack_clause *c, struct seen *seen, struct totals *sum, struct err *e)
{
        json_t *list = json_array(), *o;
        enum how best = HOW_NOTHING;
        struct evidence newest = { 0 };
        bool proven = false, traced = false;
        int r = list ? ERR_OK : err_set(e, ERR_NOMEM, "clause");

        for (size_t i = 0; r == ERR_OK && i < l->pack->mechanisms_count; i++) {
                const struct pack_mechanism *m = &l->pack->mechanisms[i];
                enum how how = how_of(m);

                if (!mechanism_serves(m, c->id))
                        continue;
                if (!seen[i].looked && leaves_trace(m)) {
                        l->newest = (struct evidence){ 0 };
                        r = evidence_of(l, m, e);
                        seen[i] = (struct seen){ true, l->newest };
                }
                proven = how == best ? proven || m->proven_count : how > best ? m->proven_count > 0 : proven;
                best = how > best ? how : best;
                traced |= leaves_trace(m);
                newest = seen[i].newest.at > newest.at ? seen[i].newest : newest;
                (void)json_array_append_new(list, mechanism_json(m, &seen[i].newest, l->rq->now));
        }
        proven = proven && best > HOW_PLANNED;
        o = json_pack("{s:s, s:s, s:s, s:b, s:b, s:o}", "id", c->id, "strength", strength_name(c->strength), "how", how_names[best], "proven", proven, "traced", traced, "mechanisms", list);
        if (r < 0 || !o) {
                json_decref(o);
                return r < 0 ? r : err_set(e, ERR_NOMEM, "clause");
        }
        (void)(put_text(o, "text", &c->text) && put_text(o, "note", &c->note));
        if (newest.at)
                (void)json_put(o, "evidence", evidence_json(&newest, l->rq->now));
        sum->clauses++;
        sum->how[best]++;
        sum->proven += proven;
        sum->traced += traced;
        sum->seen += newest.at > 0;
        *out = o;
        return ERR_OK;
}

static int sections_json(json_t *sections, struct look *l, struct totals *sum, struct err *e)
{
        struct seen *seen = arena_array(l->rq->arena, l->pack->mechanisms_count + 1, sizeof(*seen));
        int r = seen ? ERR_OK : err_set(e, ERR_NOMEM, "coverage");

        for (size_t i = 0; r == ERR_OK && i < l->pack->sections_count; i++) {
                const struct pack_section *s = &l->pack->sections[i];
                json_t *clauses = json_array(), *one = NULL;

                for (size_t k = 0; r == ERR_OK && k < l->pack->clauses_count; k++)
                        if (pack_section_of(l->pack, l->pack->clauses[k].id) == s) {
                                r = covered_json(&one, l, &l->pack->clauses[k], seen, sum, e);
                                if (r == ERR_OK)
                                        (void)json_array_append_new(clauses, one);
                        }
                one = json_pack("{s:s, s:o}", "id", s->id, "clauses", clauses);
                if (one)
                        (void)put_text(one, "title", &s->title);
                if (json_array_append_new(sections, one) < 0 && r == ERR_OK)
                        r = err_set(e, ERR_NOMEM, "coverage");
        }
        return r;
}

static json_t *totals_json(const struct totals *sum)
{
        json_t *o = json_pack("{s:I, s:I, s:I, s:I}", "clauses", sum->clauses, "proven", sum->proven, "traced", sum->traced, "seen", sum->seen);

        for (int how = HOWS_COUNT; o && how-- > 0;)
                (void)json_put(o, how_names[how], json_integer(sum->how[how]));
        return o;
}

int get_coverage(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *sections = json_array();
        struct look l = { .rq = rq, .pack = rq->office->pack };
        struct totals sum = { 0 };
        int r;

        if (!caller_sees(rq, "secretariat") && !caller_sees(rq, "auditor") && !caller_sees(rq, "ciso") && !caller_sees(rq, "senior_officer"))
                return err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
        r = db_begin_read(rq->db, e);
        if (r < 0)
                return r;
        r = sections_json(sections, &l, &sum, e);
        db_rollback(rq->db);
        if (r < 0)
                return r;
        out->json = json_pack("{s:{s:s, s:I}, s:o, s:O, s:i, s:o}", "pack", "id", l.pack->id, "version", (json_int_t)l.pack->version, "totals", totals_json(&sum), "sections", sections,
                              "looked_at", EVIDENCE_CASES, "checked_at", json_time(rq->now));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "coverage");
}
