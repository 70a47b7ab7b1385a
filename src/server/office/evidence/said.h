/* said.h - what stands in a pack's tables and papers, as people read it: names or posts, days, states; ［非開示］ where it is withheld.
 *
 * Layer     server/office/evidence.
 * Owns      texts live in the arena given.
 * Fails     never: what cannot be read is an empty text.
 */
#ifndef OFFICE_EVIDENCE_SAID_H
#define OFFICE_EVIDENCE_SAID_H

#include "server/office/evidence/dossier.h"
#include "server/office/store/rows.h"

const char *said_person(const struct dossier *d, struct str id, struct arena *a);         /* name, or post and section */
const char *said_moment(utime_t t, struct arena *a);                                      /* 2026-04-01 09:00:00 in Japan; "" when 0 */
const char *said_last_day(utime_t until, struct arena *a);                                /* of a half-open end */
const char *said_word(const struct dossier *d, const char *area, struct str word, struct arena *a);      /* area.word of the catalogue; the word when there is none */
/* A column as it may be shown: erased and withheld texts are words that say so. open: shown whatever the options say. */
const char *said_column(const struct dossier *d, const struct row *row, int col, bool open, struct arena *a);
const char *said_form(const struct dossier *d, const struct row *application, struct arena *a);
const char *said_role(const struct dossier *d, struct str role, struct arena *a);
const char *said_pack(const struct dossier *d, const struct pack_text *t);

#endif
