/* press.h - a paper being composed: a layout of the pack, filled from rows.
 *
 * Does      walk a layout's parts and append blocks of docs/formats/paper.md; the words that every part needs.
 * Clause    practice.md, Papers and decisions.
 * Layer     server/office/papers; nothing is stored, everything is read in one snapshot that the caller began.
 * Owns      texts live in the request's arena; the maker is the press's: press_done().
 * Access    as the rows shown: press_open() refuses what whoever asks may not see, and each part leaves out what they may not.
 * Fails     ERR_ABSENT `paper.absent` and what the store says; ERR_FORBIDDEN `error.forbidden`.
 *
 * A part that has nothing to say says 該当なし, so that an empty place is not taken for a forgotten one.
 */
#ifndef OFFICE_PAPERS_PRESS_H
#define OFFICE_PAPERS_PRESS_H

#include "core/paper/make.h"
#include "server/office/api/case_parts.h"

struct press {
        struct request             *rq;
        const struct pack          *pack;            /* of the case; else the one in force */
        const struct pack_paper    *paper;
        enum lang                   lang;
        struct date                 today;
        struct paper_maker          m;
        enum paper_about            about;
        struct case_view            view;            /* application: facts NULL otherwise */
        struct row                  service, incident;       /* rev 0: none */
        const struct register_info *list;            /* register */
        struct str                  of;              /* rows of the row with this id; empty: all */
        int                         year;            /* fiscal year */
        bool                        manages;         /* looks after a service: this one if it is about one */
        bool                        inside;          /* sees what hangs on the service */
};

typedef int part_fn(struct press *p, const struct pack_part *part, struct err *e);

/* case.c: an application. */
part_fn part_case_subject, part_answers, part_steps, part_outcome, part_conditions, part_decision, part_case_ratings, part_case_exceptions;
/* conditions.c: its criteria, in four shapes. */
part_fn part_criteria, part_clauses, part_checklist;
/* rows.c: registers. */
part_fn part_rows, part_service_subject, part_service_ratings, part_incident_subject, part_log;
/* duties.c: what is due. */
part_fn part_duties, part_late, part_tasks, part_expiries;
/* year.c: numbers of a fiscal year. */
part_fn part_numbers, part_year_exceptions, part_year_incidents;
/* log.c: the journal. */
part_fn part_checkpoint, part_witnesses;
/* policy.c: the pack itself. */
part_fn part_rules, part_demands, part_classes, part_procedures, part_periods;

/* `about`: "application:ID", "service:ID", "register:ID" or "register:ID:ROW", "incident:ID", "year:2026", "handover", "policy", "log". */
int  press_open(struct press *p, struct request *rq, struct str about, struct err *e);
bool press_offers(const struct press *p, const struct pack_paper *paper);
int  press_run(json_t **doc, struct press *p, const struct pack_paper *paper, struct err *e);
void press_done(struct press *p);
static inline void press_done_at(struct press *p)
{
        press_done(p);
}

/* ---- words ---- */

const char *press_word(const struct press *p, const char *key);                       /* of the catalogue, in the paper's language */
struct str  press_text(const struct press *p, const struct pack_text *t);              /* of the pack; empty when absent */
struct str  press_said(const struct press *p, const struct pack_text *t);              /* likewise, with its {words} filled in */
struct str  press_day(const struct press *p, struct date d);                           /* 令和8年4月1日 */
struct str  press_day_of(const struct press *p, utime_t t);                            /* the day of an instant; empty when 0 */
struct str  press_last_day(const struct press *p, utime_t until);                      /* of a half-open end */
struct str  press_date(const struct press *p, struct str stored);                      /* "2026-04-01" */
struct str  press_person(const struct press *p, struct str id);                        /* as registered */
struct str  press_role(const struct press *p, struct str role);
struct str  press_state(const struct press *p, const char *what, struct str state);    /* state.<what>.<state> */
struct str  press_answer(const struct press *p, const struct pack_field *f, struct str stored);      /* as people read it; not a table: case.c */
struct str  press_both(const struct press *p, const char *key, struct str a, struct str b);      /* a text of the catalogue with {0} and {1} */
struct str  press_number(const struct press *p, int64_t n);
void        press_title(struct press *p, const struct pack_part *part, const char *otherwise);  /* heading: the part's title, else the catalogue's key */
void        press_none(struct press *p);                                               /* 該当なし */

#endif
