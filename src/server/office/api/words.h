/* words.h - names and words that several answers show: people, titles, the pack's and the catalogue's texts in both languages.
 *
 * Layer     server/office/api.
 * Owns      JSON built belongs to whoever built it.
 * Fails     a name that cannot be read is an empty text: an answer is not refused for want of a name.
 */
#ifndef OFFICE_API_WORDS_H
#define OFFICE_API_WORDS_H

#include "server/office/api/route.h"
#include "server/office/api/shape.h"

const char *word_of(struct request *rq, struct str s);                        /* NUL-terminated, in the arena; "" when empty */
json_t     *person_name(struct request *rq, struct str id);
json_t     *person_json(struct request *rq, struct str id);                   /* {id,name} */
json_t     *role_name(const struct pack *pack, const char *role);             /* Text; the id when the pack has no such role */
json_t     *form_title(const struct pack *pack, struct str form);
json_t     *service_name(struct request *rq, struct str id);
const struct pack_form *form_in(const struct pack *pack, struct str id);
bool        put_text(json_t *o, const char *key, const struct pack_text *t);  /* nothing when the pack has none */
bool        put_str(json_t *o, const char *key, struct str s);                /* nothing when empty */
bool        put_time(json_t *o, const char *key, utime_t t);                  /* nothing when 0 */

#endif
