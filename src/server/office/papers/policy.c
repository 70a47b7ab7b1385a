/* policy.c - the pack as a document that people who do not work with it can read (公表版): rules, criteria, classes, procedures, periods.
 *
 * What stands in it is what the pack says to everybody: texts of clauses, criteria and steps. Reasons of layers, helps and samples do not.
 */
#include "server/office/papers/press.h"

static struct str strength_word(const struct press *p, enum strength s)
{
        static const char *const keys[STRENGTHS_COUNT] = {
                [STRENGTH_MUST] = "paper.strength.must", [STRENGTH_NECESSARY] = "paper.strength.necessary", [STRENGTH_RECOMMENDED] = "paper.strength.recommended",
                [STRENGTH_AS_NEEDED] = "paper.strength.as-needed", [STRENGTH_INFORMATION] = "paper.strength.information",
        };

        return keys[s] ? str_of(press_word(p, keys[s])) : STR("");
}

static void clause_row(struct press *p, const struct pack_clause *c)
{
        scoped(buf_done) struct buf who = BUF_INIT;

        for (size_t i = 0; i < c->actors_count; i++) {
                buf_text(&who, i ? press_word(p, "paper.and") : "");
                buf_str(&who, press_role(p, str_of(c->actors[i].id)));
        }
        paper_row(&p->m);
        paper_cell(&p->m, str_of(c->id));
        paper_cell(&p->m, press_text(p, &c->text));
        paper_cell(&p->m, strength_word(p, c->strength));
        paper_cell(&p->m, buf_view(&who));
}

int part_rules(struct press *p, const struct pack_part *part, struct err *e)
{
        press_title(p, part, "paper.rules");
        for (size_t i = 0; i < p->pack->sections_count; i++) {
                const struct pack_section *s = &p->pack->sections[i];

                paper_heading(&p->m, 2, press_text(p, &s->title));
                paper_table(&p->m);
                paper_column(&p->m, press_word(p, "paper.no"), 17, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.rule"), 50, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.strength"), 13, PAPER_CENTER);
                paper_column(&p->m, press_word(p, "paper.who"), 20, PAPER_LEFT);
                for (size_t k = 0; k < p->pack->clauses_count; k++)
                        if (pack_section_of(p->pack, p->pack->clauses[k].id) == s && p->pack->clauses[k].strength != STRENGTH_NONE)
                                clause_row(p, &p->pack->clauses[k]);
        }
        return ERR_OK;
}

int part_demands(struct press *p, const struct pack_part *part, struct err *e)
{
        press_title(p, part, "paper.demands");
        for (size_t i = 0; i < p->pack->criteria_count; i++) {
                const struct pack_criteria *list = &p->pack->criteria[i];

                if (part->criteria && strcmp(part->criteria, list->id) != 0)
                        continue;
                paper_heading(&p->m, 2, press_text(p, &list->title));
                paper_table(&p->m);
                paper_column(&p->m, press_word(p, "paper.no"), 7, PAPER_CENTER);
                paper_column(&p->m, press_word(p, "paper.criterion"), 70, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.strength"), 13, PAPER_CENTER);
                for (size_t k = 0; k < list->criteria_count; k++) {
                        paper_row(&p->m);
                        paper_cell(&p->m, press_number(p, (int64_t)k + 1));
                        paper_cell(&p->m, press_text(p, &list->criteria[k].text));
                        paper_cell(&p->m, strength_word(p, list->criteria[k].strength));
                }
        }
        return ERR_OK;
}

int part_classes(struct press *p, const struct pack_part *part, struct err *e)
{
        press_title(p, part, "paper.classes");
        for (size_t i = 0; i < p->pack->axes_count; i++) {
                const struct pack_axis *axis = &p->pack->axes[i];

                paper_heading(&p->m, 2, press_text(p, &axis->name));
                paper_table(&p->m);
                paper_column(&p->m, press_word(p, "paper.level"), 35, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.because"), 65, PAPER_LEFT);
                for (size_t k = axis->levels_count; k-- > 0;) {
                        scoped(buf_done) struct buf why = BUF_INIT;

                        for (size_t d = 0; d < p->pack->derivations_count; d++)
                                if (strcmp(p->pack->derivations[d].axis, axis->id) == 0 && strcmp(p->pack->derivations[d].level, axis->levels[k].id) == 0) {
                                        buf_text(&why, why.n ? "\n" : "");
                                        buf_str(&why, press_text(p, &p->pack->derivations[d].because));
                                }
                        paper_row(&p->m);
                        paper_cell(&p->m, press_text(p, &axis->levels[k].name));
                        paper_cell(&p->m, why.n ? buf_view(&why) : str_of(press_word(p, "paper.otherwise")));
                }
        }
        return ERR_OK;
}

static struct str period_words(const struct press *p, const struct pack_period *period)
{
        scoped(buf_done) struct buf out = BUF_INIT;

        if (!period->source)
                return STR("");
        period_print(&out, &period->period, press_word(p, "paper.day.reached"), p->lang);
        return str_of(word_of(p->rq, buf_view(&out)));
}

int part_procedures(struct press *p, const struct pack_part *part, struct err *e)
{
        press_title(p, part, "paper.procedures");
        for (size_t i = 0; i < p->pack->procedures_count; i++) {
                const struct pack_procedure *proc = &p->pack->procedures[i];

                paper_heading(&p->m, 2, press_text(p, &proc->title));
                paper_table(&p->m);
                paper_column(&p->m, press_word(p, "paper.no"), 7, PAPER_CENTER);
                paper_column(&p->m, press_word(p, "paper.step"), 35, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.step.role"), 30, PAPER_LEFT);
                paper_column(&p->m, press_word(p, "paper.due"), 28, PAPER_LEFT);
                for (size_t k = 0; k < proc->steps_count; k++) {
                        const struct pack_step *s = &proc->steps[k];

                        paper_row(&p->m);
                        paper_cell(&p->m, press_number(p, (int64_t)k + 1));
                        paper_cell(&p->m, press_text(p, &s->title));
                        paper_cell(&p->m, s->role ? press_role(p, str_of(s->role)) : str_of(press_word(p, "steps.machine")));
                        paper_cell(&p->m, period_words(p, &s->due));
                }
        }
        return ERR_OK;
}

int part_periods(struct press *p, const struct pack_part *part, struct err *e)
{
        press_title(p, part, "paper.periods");
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        paper_row2(&p->m, press_word(p, "paper.retention"), press_both(p, "paper.years", press_number(p, p->pack->settings.retention_years), STR("")));
        for (size_t i = 0; i < p->pack->duties_count; i++) {
                const struct pack_duty *d = &p->pack->duties[i];

                if (d->title.key && d->period.source)
                        paper_row2(&p->m, d->title.in[p->lang], period_words(p, &d->period));
        }
        return ERR_OK;
}
