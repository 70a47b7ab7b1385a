/* demo.h - an invented municipality that has lived for a while: `sekishod init --demo`.
 *
 * Does      play stories against the office' own routes, in one process, at simulated times: what stands in the database afterwards was
 *           filed, judged, decided and reminded of as people would have done it. 300 people, 24 sections, three executive bodies.
 * Layer     server; it uses the office as a caller would (server/office/api/route.h).
 * Threads   one.
 * Fails     the routes' refusals, with the story and the moment: a demonstration that cannot be played is a bug.
 *
 * All names are invented. What is written is a pure function of the day and the seed, but for keys, salts and passwords: ids too come
 * from the seed (entropy_demo_ids). A story is a row of stories.c; what it is about a row of services.c; what stands in forms, forms.c.
 */
#ifndef SERVER_DEMO_DEMO_H
#define SERVER_DEMO_DEMO_H

#include <jansson.h>

#include "server/office/office.h"

SCOPED(json_decref, json_t *)

enum { DEMO_DAYS = 430, DEMO_PEOPLE_MAX = 320 };     /* DEMO_DAYS: how long it has lived when it begins */

struct demo_person { const char *login, *section, *roles; char id[UUID_TEXT]; bool leads; };

struct demo {
        struct office      *office;
        struct db          *db;
        struct arena       *arena;
        utime_t             now, begin, end;          /* end: 00:00 of the day it is made for; everything happened before */
        uint64_t            dice;
        struct demo_person *people;
        size_t              people_count;
        size_t              deeds_done;
        char                last[UUID_TEXT];          /* what the last deed made */
};

/* ---- demo.c ---- */
/* `db` is in a transaction. people: of init's own list, in order; their ids are looked up by login. */
int      demo_play(struct demo *d, struct err *e);
uint64_t demo_dice(struct demo *d, uint64_t sides);      /* 0 … sides-1 */
utime_t  demo_begin_of(utime_t end);

/* ---- call.c: a route as a person calls it ---- */
/* body: taken; NULL: GET. out may be NULL. */
int demo_call(json_t **out, struct demo *d, const char *person, const char *path, json_t *body, struct err *e);
json_t *demo_text(struct str s);

/* ---- people.c ---- */
struct demo_section { const char *name, *body, *parent; };
extern const struct demo_section demo_sections[];
extern const size_t              demo_sections_count;
int  demo_people_add(struct demo *d, struct err *e);      /* sections, and people until there are 300 */
const struct demo_person *demo_person(const struct demo *d, const char *login);
const struct demo_person *demo_leader(const struct demo *d, const char *section);
/* Somebody of the section who leads nothing; the n-th. */
const struct demo_person *demo_staff(const struct demo *d, const char *section, size_t n);
const struct demo_person *demo_of_id(const struct demo *d, const char *id);

/* ---- services.c: what the stories are about ---- */
struct demo_provider { const char *name, *country, *address, *contact, *strength; };
extern const struct demo_provider demo_providers[];

struct demo_op;
struct demo_service {
        const char           *name;
        int                   provider;
        const char           *section, *type, *domains, *business, *users;
        const char           *info, *outage, *effect, *keep;      /* the four questions that classes come from */
        int                   days_ago;                            /* when its first form was filed */
        const struct demo_op *story;
        int                   until_years, certificate_days;       /* end of the period: that many fiscal years on; days until its certificate ends */
        bool                  abroad;                              /* a data centre outside Japan */
        const char           *successor;                           /* name of the service that takes its place */
};
extern const struct demo_service demo_services[];
extern const size_t              demo_services_count;

/* ---- stories.c ---- */
enum demo_verb {
        DEMO_FILE,           /* a: form */
        DEMO_CARRY,          /* step after step by whose turn it is, until a: step (NULL: to the end) is active */
        DEMO_DECIDE,         /* a: return | reject at the active step, b: reason */
        DEMO_CONDITION,      /* approve the active step, b: condition, n: days until it is due */
        DEMO_MEND,           /* the applicant answers what was returned */
        DEMO_WITHDRAW,       /* b: reason */
        DEMO_EXCEPTION,      /* a: items; files one for the case and carries it to its end */
        DEMO_WAIT,           /* n days */
        DEMO_UNTIL,          /* n days before the end of the demonstration */
        DEMO_CLOSE,          /* the manager closes open tasks; b: evidence */
        DEMO_ADDITION,       /* a: section that uses the service too; carried to its end */
        DEMO_OVER,
};
struct demo_op { enum demo_verb verb; const char *a, *b; int n; };
int demo_stories(struct demo *d, struct err *e);

/* ---- deeds.c: what is done besides, one after the other ---- */
utime_t demo_deed_at(const struct demo *d);              /* INT64_MAX: all are done */
int     demo_deed(struct demo *d, struct err *e);
int     demo_look_at_accounts(struct demo *d, struct err *e);     /* on the day in May when that is done */

/* ---- forms.c: what stands in forms and sheets ---- */
struct demo_pair { const char *field, *value; };
struct demo_form { const char *id; const struct demo_pair *pairs; size_t pairs_count; };
const struct demo_form *demo_form(const char *id);       /* NULL when absent */

#endif
