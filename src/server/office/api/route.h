/* route.h - every way into the office is one row of one table.
 *
 * Does      find the row for a request; nothing is reachable without one.
 * Clause    DESIGN §11.6; the expected access stands in tests/scenario/authz.csv, written by hand and compared by a test.
 * Layer     server/office/api.
 */
#ifndef OFFICE_API_ROUTE_H
#define OFFICE_API_ROUTE_H

#include "link/scgi.h"
#include "server/office/session/session.h"

enum port { PORT_USER, PORT_MACHINE, PORT_COURIER, PORT_COUNT };
extern const char *const port_names[PORT_COUNT];

/* What a caller must show before the handler runs. */
#define AUTHS(X)                                                              \
        X(AUTH_NONE,    "none")     /* anybody */                             \
        X(AUTH_HALF,    "half")     /* on the way in: a session that lacks something */ \
        X(AUTH_SESSION, "session")  /* signed in; whose turn it is, core says */ \
        X(AUTH_KEEPER,  "secretariat")      /* or the system manager: who keeps the rules */ \
        X(AUTH_SYSTEM,  "system_manager")                                     \
        X(AUTH_CODE,    "enrol")    /* one-time code in the body */           \
        X(AUTH_GATE,    "gate")     /* certificate of an enrolled gate */     \
        X(AUTH_COURIER, "courier")  /* the courier's socket */

enum auth {
#define X(id, name) id,
        AUTHS(X)
#undef X
        AUTH_COUNT
};

struct request {
        struct office       *office;
        struct db           *db;             /* this worker's reader */
        struct arena        *arena;
        struct scgi_request *scgi;
        utime_t              now;
        enum lang            lang;
        struct str           param;          /* what stood for {} in the path */
        struct session       session;        /* AUTH_HALF, AUTH_SESSION and roles */
        struct row           gate;           /* AUTH_GATE */
        int                  fd;             /* the connection; a handler that keeps it sets -1 */
};

/* A body that is not in memory at once: pieces until an empty one, `bytes` in all; close() whatever happens. */
struct pour { int (*next)(void *ctx, struct str *piece, struct err *e); void (*close)(void *ctx); void *ctx; uint64_t bytes; };

/* Answers: JSON (owned, decref'ed by the caller), or text, or what is poured. */
struct reply { int status; const char *type; struct json_t *json; struct buf text; struct buf headers; struct pour pour; bool streamed; };

typedef int handler_fn(struct request *rq, struct reply *out, struct err *e);

/* owner: whose rows it shows or changes, beyond the role; a word for people and the test. journal: entry type, or "READ". */
struct route {
        enum method   method;
        const char   *path;                  /* {} stands for one segment */
        enum port     port;
        enum auth     auth;
        const char   *owner, *journal;
        size_t        body_max;
        const char   *query;                 /* names of query parameters, space between; "" none */
        handler_fn   *run;
        bool          raw;                   /* the body is bytes (application/octet-stream), not JSON */
};

extern const struct route routes[];
extern const size_t routes_count;

const char *auth_name(enum auth a);
const char *method_name(enum method m);

/* ERR_ABSENT: no such path on this port; ERR_METHOD: the path has other methods. */
int route_find(const struct route **out, struct str *param, const struct scgi_request *r, enum port port, struct err *e);

#endif
