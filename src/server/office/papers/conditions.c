/* conditions.c - criteria on paper: as judged, as clauses of a specification, and as a list to check a contract against. */
#include "server/office/papers/press.h"

/* The lists that a part means: the one it names, else each that this procedure judges by. */
static size_t lists_of(const struct pack_criteria *out[PROCEDURE_STEPS_MAX], const struct press *p, const struct pack_part *part)
{
        size_t n = 0;

        if (part->criteria) {
                out[0] = pack_find_criteria(p->pack, part->criteria);
                return out[0] ? 1 : 0;
        }
        for (size_t i = 0; p->view.flow && i < p->view.procedure->steps_count; i++) {
                const struct pack_step *s = &p->view.procedure->steps[i];
                const struct pack_criteria *list = s->kind == STEP_JUDGE && p->view.flow->needed[i] ? pack_find_criteria(p->pack, s->criteria) : NULL;
                bool known = !list;

                for (size_t k = 0; !known && k < n; k++)
                        known = out[k] == list;
                if (!known)
                        out[n++] = list;
        }
        return n;
}

static bool asked(const struct press *p, const struct pack_criterion *c)
{
        return !p->view.flow || criterion_is_asked(p->view.flow, c);
}

/* "S8.2-R2.2.a S8.2-P.2" */
static struct str clauses_of(const struct press *p, const struct pack_criterion *c)
{
        scoped(buf_done) struct buf out = BUF_INIT;

        for (size_t i = 0; i < c->clauses_count; i++) {
                buf_text(&out, i ? "\n" : "");
                buf_text(&out, c->clauses[i].id);
        }
        return str_of(word_of(p->rq, buf_view(&out)));
}

static struct str joined(const struct press *p, struct str a, struct str b)
{
        return a.n && b.n ? str_of(word_of(p->rq, str_of(arena_printf(p->rq->arena, "%.*s\n%.*s", (int)a.n, a.p, (int)b.n, b.p)))) : a.n ? a : b;
}

static void criteria_table(struct press *p, const struct pack_criteria *list)
{
        paper_heading(&p->m, 2, press_text(p, &list->title));
        paper_table(&p->m);
        paper_column(&p->m, press_word(p, "paper.criterion"), 46, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.result"), 12, PAPER_CENTER);
        paper_column(&p->m, press_word(p, "paper.article"), 20, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.reason"), 24, PAPER_LEFT);
        for (size_t i = 0; i < list->criteria_count; i++) {
                const struct pack_criterion *c = &list->criteria[i];
                const struct row *row = facts_row(p->view.facts->criteria, c->id);

                if (!row && !asked(p, c))
                        continue;
                paper_row(&p->m);
                paper_cell(&p->m, press_text(p, &c->text));
                paper_cell(&p->m, press_state(p, "criterion", row ? row_get_text(row, CRITERION_result) : STR("open")));
                paper_cell(&p->m, row ? joined(p, row_get_text(row, CRITERION_article), row_get_text(row, CRITERION_document)) : STR(""));
                paper_cell(&p->m, row ? joined(p, row_get_text(row, CRITERION_reason), row_get_text(row, CRITERION_said)) : STR(""));
        }
}

int part_criteria(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct pack_criteria *lists[PROCEDURE_STEPS_MAX];
        size_t n = lists_of(lists, p, part);

        press_title(p, part, NULL);
        for (size_t i = 0; i < n; i++)
                criteria_table(p, lists[i]);
        if (!n)
                press_none(p);
        return ERR_OK;
}

/* 仕様書条項案: numbered, and what each serves. */
int part_clauses(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct pack_criteria *lists[PROCEDURE_STEPS_MAX];
        size_t n = lists_of(lists, p, part), number = 0;

        press_title(p, part, NULL);
        paper_table(&p->m);
        paper_column(&p->m, press_word(p, "paper.no"), 7, PAPER_CENTER);
        paper_column(&p->m, press_word(p, "paper.clause"), 72, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.ground"), 21, PAPER_LEFT);
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < lists[i]->criteria_count; k++) {
                        const struct pack_criterion *c = &lists[i]->criteria[k];

                        if (!c->specification.key || !asked(p, c))
                                continue;
                        paper_row(&p->m);
                        paper_cell(&p->m, press_number(p, (int64_t)++number));
                        paper_cell(&p->m, press_text(p, &c->specification));
                        paper_cell(&p->m, clauses_of(p, c));
                }
        return ERR_OK;
}

/* 契約条項チェック表: where the contract says it, and whether it does. */
int part_checklist(struct press *p, const struct pack_part *part, struct err *e)
{
        const struct pack_criteria *lists[PROCEDURE_STEPS_MAX];
        size_t n = lists_of(lists, p, part), number = 0;

        press_title(p, part, NULL);
        paper_table(&p->m);
        paper_column(&p->m, press_word(p, "paper.no"), 7, PAPER_CENTER);
        paper_column(&p->m, press_word(p, "paper.criterion"), 45, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.ground"), 19, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.article"), 18, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.result"), 13, PAPER_CENTER);
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < lists[i]->criteria_count; k++) {
                        const struct pack_criterion *c = &lists[i]->criteria[k];
                        const struct row *row = facts_row(p->view.facts->criteria, c->id);

                        if (!c->article || !asked(p, c))
                                continue;
                        paper_row(&p->m);
                        paper_cell(&p->m, press_number(p, (int64_t)++number));
                        paper_cell(&p->m, press_text(p, &c->text));
                        paper_cell(&p->m, clauses_of(p, c));
                        paper_cell(&p->m, row ? row_get_text(row, CRITERION_article) : STR(""));
                        paper_cell(&p->m, row ? press_state(p, "criterion", row_get_text(row, CRITERION_result)) : str_of(press_word(p, "paper.yes-no.blank")));
                }
        return ERR_OK;
}
