/* answer_sheets.h - a provider's answers against a form that lives on: which of them it still takes.
 *
 * Layer     server/office/api.
 * Owns      everything lives in the request's arena.
 */
#ifndef OFFICE_API_ANSWER_SHEETS_H
#define OFFICE_API_ANSWER_SHEETS_H

#include "server/office/api/answers.h"
#include "wire/answer_file.h"

/* kept: field and stored value, in the form's order. dropped: what the form has no field for, or no longer takes; why is NULL for the first. */
struct dropped { struct str field; const struct err *why; };
struct sheet_fit { struct answer_line *kept; struct dropped *dropped; size_t kept_n, dropped_n; };

/* Missing answers are no mistake here: a provider answers once for all cases, and each case demands its own. */
int sheet_fit(struct sheet_fit *out, struct request *rq, const struct setting *s, const struct given *given, size_t n, struct err *e);

/* ERR_FORBIDDEN `answer-sheet.role`. */
int sheet_check_rights(struct request *rq, bool keep, struct err *e);
/* The sheet in the path and its answers. ERR_ABSENT `answer-sheet.absent`. */
int sheet_load(struct row *sheet, struct given **given, size_t *n, struct request *rq, struct str id, struct err *e);
/* The form of a sheet that other hands fill in, in that pack. */
int sheet_form(const struct pack_form **out, const struct pack *pack, struct str id, struct err *e);

#endif
