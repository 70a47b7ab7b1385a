/* clause_paper.c - clauses/<id>.pdf: one clause on paper: its words, what serves it, what was done about it in the period. */
#include <stdlib.h>

#include "base/codec.h"
#include "core/pack/coverage.h"
#include "core/paper/make.h"
#include "server/office/evidence/said.h"

enum { SHOWN = 500, SHOWN_BESIDE = 100, KINDS = 16 };

SCOPED(json_decref, json_t *)

/* What a line of the list says; read once for all papers. */
struct line { const char *number, *form, *section, *state_id, *state, *submitted, *ended, *procedure; };
struct lines { struct line *list; size_t n; };

static int read_cases(struct lines *out, struct dossier *d, struct err *e)
{
        struct arena *a = d->arena;

        out->list = arena_array(a, d->gathered.cases.n + 1, sizeof(*out->list));
        if (!out->list)
                return err_set(e, ERR_NOMEM, "paper");
        for (size_t i = 0; i < d->gathered.cases.n; i++) {
                scoped(arena_done) struct arena one = ARENA_INIT;
                struct row row;
                int r = store_row(&row, d->job->db, TABLE_APPLICATION, d->gathered.cases.v[i].p, NULL, &one, e);

                if (r < 0)
                        return r;
                out->list[out->n++] = (struct line){
                        said_column(d, &row, APPLICATION_number, true, a), said_form(d, &row, a), said_column(d, &row, APPLICATION_section, true, a),
                        said_column(d, &row, APPLICATION_state, true, a), said_word(d, "state.application", row_get_text(&row, APPLICATION_state), a),
                        said_moment(row_get_int(&row, APPLICATION_submitted_at), a), said_moment(row_get_int(&row, APPLICATION_ended_at), a), said_column(d, &row, APPLICATION_procedure, true, a),
                };
        }
        return a->refused ? err_set(e, ERR_NOMEM, "paper") : ERR_OK;
}

/* ---- parts ---- */

struct sheet { struct dossier *d; struct paper_maker m; const struct pack_clause *clause; const struct lines *lines; struct sources_of *sources; size_t shown; };

static const char *word(const struct sheet *s, const char *key)
{
        return text_get(s->d->job->lang, key);
}

static void title(struct sheet *s, const char *key)
{
        paper_heading(&s->m, 1, str_of(word(s, key)));
}

static void column(struct sheet *s, const char *key, int width)
{
        paper_column(&s->m, word(s, key), width, PAPER_LEFT);
}

static void cell(struct sheet *s, const char *text)
{
        paper_cell(&s->m, str_of(text));
}

static void put_clause(struct sheet *s)
{
        const struct pack_clause *c = s->clause;
        const struct pack_section *section = pack_section_of(s->d->job->office->pack, c->id);

        paper_rows(&s->m, PAPER_PAIRS, NULL);
        paper_row2(&s->m, word(s, "evidence.fact.clause-id"), str_of(c->id));
        if (section)
                paper_row2(&s->m, word(s, "evidence.fact.section"), str_of(said_pack(s->d, &section->title)));
        paper_row2(&s->m, word(s, "evidence.fact.strength"), str_of(said_word(s->d, "coverage.strength", str_of(strength_name(c->strength)), s->d->arena)));
        paper_row2(&s->m, word(s, "evidence.fact.clause"), str_of(said_pack(s->d, &c->text)));
        if (c->note.key)
                paper_row2(&s->m, word(s, "evidence.fact.note"), str_of(said_pack(s->d, &c->note)));
        paper_row2(&s->m, word(s, "evidence.fact.period"),
                   str_of(arena_printf(s->d->arena, "%s – %s", said_last_day(s->d->job->scope.from + 1, s->d->arena), said_last_day(s->d->job->scope.until, s->d->arena))));
        paper_row2(&s->m, word(s, "evidence.fact.made"), str_of(said_moment(s->d->job->now, s->d->arena)));
}

static void put_mechanisms(struct sheet *s)
{
        const struct pack *pack = s->d->job->office->pack;
        size_t n = 0;

        title(s, "evidence.paper.mechanisms");
        for (size_t i = 0; i < pack->mechanisms_count; i++) {
                const struct pack_mechanism *m = &pack->mechanisms[i];

                if (!mechanism_serves(m, s->clause->id))
                        continue;
                if (!n++) {
                        paper_table(&s->m);
                        column(s, "evidence.column.mechanism", 45);
                        column(s, "evidence.column.how", 15);
                        column(s, "evidence.column.carrier", 18);
                        column(s, "evidence.column.proven", 12);
                }
                paper_row(&s->m);
                cell(s, said_pack(s->d, &m->name));
                cell(s, m->state == MECHANISM_PLANNED ? word(s, "coverage.how.planned") : said_word(s->d, "coverage.how", str_of(mechanism_kind_name(m->kind)), s->d->arena));
                cell(s, said_word(s->d, "coverage.carrier", str_of(carrier_name(m->carrier)), s->d->arena));
                cell(s, word(s, m->proven_count ? "evidence.proven.yes" : "evidence.proven.no"));
        }
        if (!n)
                paper_text(&s->m, str_of(word(s, "coverage.how.nothing")), PAPER_LEFT, 1);
}

/* A case counts for the clause if its procedure carries one of its mechanisms. */
static bool counts(const struct sheet *s, const struct line *l)
{
        for (size_t i = 0; i < s->sources->n; i++)
                if (s->sources->list[i].kind == SOURCE_PROCEDURE && strcmp(s->sources->list[i].of, l->procedure) == 0)
                        return true;
        return false;
}

static void put_counts(struct sheet *s)
{
        struct { const char *state; size_t n; } by[KINDS] = { 0 };
        size_t all = 0;

        for (size_t i = 0; i < s->lines->n; i++) {
                size_t k = 0;

                if (!counts(s, &s->lines->list[i]))
                        continue;
                while (k < KINDS - 1 && by[k].state && strcmp(by[k].state, s->lines->list[i].state) != 0)
                        k++;
                by[k].state = s->lines->list[i].state;
                by[k].n++;
                all++;
        }
        title(s, "evidence.paper.counts");
        paper_rows(&s->m, PAPER_PAIRS, NULL);
        paper_row2(&s->m, word(s, "evidence.fact.cases"), str_of(arena_printf(s->d->arena, "%zu", all)));
        for (size_t k = 0; k < KINDS && by[k].state; k++)
                paper_row2(&s->m, by[k].state, str_of(arena_printf(s->d->arena, "%zu", by[k].n)));
        paper_row2(&s->m, word(s, "evidence.fact.duties"), str_of(arena_printf(s->d->arena, "%zu", s->d->gathered.duties.n)));
        paper_row2(&s->m, word(s, "evidence.fact.entries"), str_of(arena_printf(s->d->arena, "%zu", s->d->gathered.entries.n)));
}

static void put_cases(struct sheet *s)
{
        size_t n = 0;

        title(s, "evidence.paper.cases");
        for (size_t i = 0; i < s->lines->n; i++) {
                const struct line *l = &s->lines->list[i];

                if (!counts(s, l) || n++ >= s->shown)
                        continue;
                if (n == 1) {
                        paper_table(&s->m);
                        column(s, "evidence.column.number", 20);
                        column(s, "evidence.column.form", 26);
                        column(s, "evidence.column.section", 16);
                        column(s, "evidence.column.submitted", 18);
                        column(s, "evidence.column.state", 11);
                        column(s, "evidence.column.ended", 18);
                }
                paper_row(&s->m);
                cell(s, l->number);
                cell(s, l->form);
                cell(s, l->section);
                cell(s, l->submitted);
                cell(s, l->state);
                cell(s, l->ended);
        }
        if (!n)
                paper_text(&s->m, str_of(word(s, "paper.none")), PAPER_LEFT, 1);
        if (n > s->shown)
                paper_note(&s->m, str_of(word(s, "evidence.paper.more")));
}

static void put_gaps(struct sheet *s)
{
        json_t *gap;
        size_t i;

        title(s, "evidence.cover.missing");
        if (!json_array_size(s->d->gaps)) {
                paper_text(&s->m, str_of(word(s, "evidence.cover.whole")), PAPER_LEFT, 1);
                return;
        }
        paper_table(&s->m);
        column(s, "evidence.column.gap", 40);
        column(s, "evidence.column.about", 40);
        column(s, "evidence.column.count", 12);
        json_array_foreach(s->d->gaps, i, gap) {
                if (i >= s->shown)
                        break;
                paper_row(&s->m);
                cell(s, said_word(s->d, "evidence.gap", str_of(json_string_value(json_object_get(gap, "kind"))), s->d->arena));
                cell(s, json_string_value(json_object_get(gap, "about")));
                cell(s, arena_printf(s->d->arena, "%lld", (long long)json_integer_value(json_object_get(gap, "count"))));
        }
}

static void put_receipt(struct sheet *s)
{
        scoped(buf_done) struct buf key = BUF_INIT;
        char hex[2 * HASH_SIZE + 1];

        hex_text(hex, s->d->job->head.root.b, HASH_SIZE);
        vkey_fingerprint(&key, &s->d->job->office->log_key);
        paper_rows(&s->m, PAPER_RECEIPT, word(s, "evidence.paper.receipt"));
        paper_row2(&s->m, word(s, "evidence.fact.log"), str_of(arena_printf(s->d->arena, "%llu", (unsigned long long)s->d->job->head.size)));
        paper_row2(&s->m, word(s, "evidence.fact.root-hash"), str_of(hex));
        paper_row2(&s->m, word(s, "evidence.fact.fingerprint"), buf_view(&key));
}

/* ---- one paper ---- */

static void head(struct sheet *s)
{
        struct date today = utime_date_jst(s->d->job->now);
        const char *args[] = { s->clause->id };
        scoped(buf_done) struct buf name = BUF_INIT;
        char made[40];

        (void)snprintf(made, sizeof(made), "%04d%02d%02d000000", today.year, today.month, today.day);
        text_format(&name, s->d->job->lang, "evidence.title", args, 1);
        paper_put(&s->m, "title", buf_view(&name));
        paper_put(&s->m, "lang", s->d->job->lang == LANG_EN ? STR("en") : STR("ja"));
        paper_put(&s->m, "made_at", str_of(made));
        paper_put(&s->m, "footer", str_of(s->d->job->office->name));
        if (s->d->job->office->practice)
                paper_put(&s->m, "mark", str_of(word(s, "paper.practice")));
}

static int print(struct sheet *s, struct err *e)
{
        scoped(json_decref) json_t *doc = NULL;
        scoped(buf_done) struct buf pdf = BUF_INIT;
        char name[ZIP_NAME_MAX], *text;
        int r;

        paper_make(&s->m);
        head(s);
        put_clause(s);
        put_mechanisms(s);
        put_counts(s);
        put_cases(s);
        put_gaps(s);
        put_receipt(s);
        doc = paper_make_end(&s->m);
        text = doc ? json_dumps(doc, JSON_COMPACT) : NULL;
        r = text ? s->d->job->render(&pdf, s->d->job->render_ctx, "paper-to-pdf", str_of(text), e) : err_set(e, ERR_NOMEM, "no memory for a paper");
        free(text);
        (void)snprintf(name, sizeof(name), "clauses/%s.pdf", s->clause->id);
        s->d->papers += r == ERR_OK;
        return r < 0 ? r : zip_out_file(s->d->zip, name, buf_view(&pdf), true, e);
}

/* Which clauses: the one asked for; of a procedure or body those that the cases of the pack stand for. */
static bool wanted(struct sheet *s)
{
        const struct dossier_scope *scope = &s->d->job->scope;

        if (scope->kind == DOSSIER_CLAUSE)
                return strcmp(scope->id, s->clause->id) == 0;
        for (size_t i = 0; i < s->lines->n; i++)
                if (counts(s, &s->lines->list[i]))
                        return true;
        return false;
}

int dossier_put_papers(struct dossier *d, struct err *e)
{
        const struct pack *pack = d->job->office->pack;
        struct lines lines = { 0 };
        struct sheet *s = arena_new(d->arena, struct sheet);
        int r = s ? read_cases(&lines, d, e) : err_set(e, ERR_NOMEM, "paper");

        for (size_t i = 0; r == ERR_OK && i < pack->clauses_count; i++) {
                *s = (struct sheet){ .d = d, .clause = &pack->clauses[i], .lines = &lines, .sources = arena_new(d->arena, struct sources_of),
                                     .shown = d->job->scope.kind == DOSSIER_CLAUSE ? SHOWN : SHOWN_BESIDE };
                if (!s->sources)
                        return err_set(e, ERR_NOMEM, "paper");
                scope_sources_of_clause(s->sources, pack, s->clause->id, d->arena);
                if (wanted(s))
                        r = print(s, e);
                paper_make_done(&s->m);
                if (r == ERR_OK)
                        r = dossier_step(d, PHASE_PAPERS, i + 1, pack->clauses_count, e);
        }
        return r;
}
