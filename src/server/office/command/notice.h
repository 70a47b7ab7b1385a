/* notice.h - what people are told, laid into the outbox in the same transaction as the act.
 *
 * Does      put one notice; gather whom it goes to; compare a case before and after an act: who is next, what was decided, who was
 *           appointed, whom a duty binds. The courier carries it out later, each sink by itself.
 * Clause    8.2(4): the service manager is appointed by the approval, and told.
 * Layer     server/office/command.
 * Owns      struct notice_to: notice_to_done().
 * Fails     as the store.
 *
 * An outbox row: {"v":1,"key","to":[person ids],"contacts":[contact ids],"args":[text or {ja,en}],"page","ref","daily"}. It holds no name and no
 * address: who receives mail is looked up when the courier fetches, so that a person who left is not written to.
 */
#ifndef OFFICE_COMMAND_NOTICE_H
#define OFFICE_COMMAND_NOTICE_H

#include <jansson.h>

#include "server/office/command/facts.h"
#include "server/office/writer.h"

enum { NOTICE_ARGS_MAX = 4 };                   /* texts/ know {0} to {3} */

/* "@some.key": a word of texts/ in the reader's language. `words`: of the pack. They go to every sink: titles, numbers, dates, nobody's name. */
struct notice_arg { struct str text; const struct pack_text *words; };

struct notice {
        const char *key;                       /* "notice.duty-due": texts/ hold .subject (one line) and .body (what to do) of it */
        struct notice_arg args[NOTICE_ARGS_MAX];       /* {0}, {1} … of both */
        const char *page, *ref;                /* the link: https://HOST/PAGE/REF; page NULL: applications; ref NULL: PAGE alone */
        const char *once;                      /* a second notice with the same text here is not put (for a year). NULL: always put */
        bool        urgent;                    /* goes out before others */
        bool        daily;                     /* may wait for the one mail a day; not for urgent ones */
};

/* Each once. An empty list is put all the same: that something waits for nobody must be seen. */
struct notice_to { json_t *people, *contacts; };
#define NOTICE_TO_INIT ((struct notice_to){ json_array(), json_array() })

void notice_to_person(struct notice_to *to, struct str person);
void notice_to_contact(struct notice_to *to, struct str contact);      /* CONTACT id: somebody outside, reached by the row's mail address */
/* Who holds the role and who stands in for them in it now; section empty: anywhere. */
int  notice_to_role(struct notice_to *to, struct act *act, const char *role, struct str section, struct err *e);
/* Who may act at the step now, and who stands in for them. */
int  notice_to_step(struct notice_to *to, struct act *act, const struct flow *w, size_t step, struct err *e);
/* Where whoever is next at the step acts: struct notice.page. */
const char *notice_step_page(const struct pack_step *step);
void notice_to_done(struct notice_to *to);

static inline void notice_to_done_at(struct notice_to *to)
{
        notice_to_done(to);
}

int notice_put(struct act *act, const struct notice *n, const struct notice_to *to, struct err *e);

/* before NULL: the case is new. c: the act's changes, already stored; then: what followed of itself, or NULL. */
int notice_case(struct act *act, const struct case_facts *before, const struct pack *pack, const struct changes *c, const struct changes *then, struct err *e);

#endif
