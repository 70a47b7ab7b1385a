/* scgi.h - what nginx hands us: one request a connection, headers as a netstring, then the body.
 *
 * Does      read and check a request; a body over SCGI_MEMORY_MAX goes through a file of its own (spool.h), so that memory stays
 *           bounded; write an answer, whole or as a stream.
 * Source    docs/formats/scgi.md; the SCGI specification (netstring of NUL-separated names and values, CONTENT_LENGTH first).
 * Layer     link.
 * Owns      everything in struct scgi_request lives in the arena given to scgi_parse / scgi_read; a spooled body until scgi_done().
 * Units     bytes; deadlines SCGI_HEADER_MS, SCGI_BODY_MS from accept.
 * Trusts    nginx to have parsed HTTP, and nothing else: lengths are capped before allocation, names not in the list are
 *           skipped, a name given twice, an unknown method, an odd path are refused.
 * Fails     ERR_INPUT, ERR_TOO_BIG, ERR_TIMEOUT, ERR_METHOD; ERR_FULL `error.full` when there is no room for the body.
 */
#ifndef LINK_SCGI_H
#define LINK_SCGI_H

#include "base/arena.h"
#include "sys/sock.h"

enum {
        SCGI_HEADERS_MAX = 48 * 1024,      /* nginx: large_client_header_buffers 4 8k, plus a certificate */
        SCGI_MEMORY_MAX  = 64 * 1024,      /* a larger body is spooled */
        SCGI_BODY_MAX    = 20 * 1024 * 1024, /* attachments. Every route has its own, most of some KiB */
        SCGI_PATH_MAX    = 512,
        SCGI_QUERY_MAX   = 4096,           /* a file's name and note, percent-encoded */
        SCGI_HEADER_MS   = 10 * 1000,
        SCGI_BODY_MS     = 60 * 1000,
};

enum method { METHOD_GET, METHOD_POST, METHOD_HEAD };

/* P(field, "NAME"): the only parameters that are read. */
#define SCGI_PARAMS(P)                                     \
        P(content_length,  "CONTENT_LENGTH")               \
        P(scgi,            "SCGI")                         \
        P(request_method,  "REQUEST_METHOD")               \
        P(request_uri,     "REQUEST_URI")                  \
        P(content_type,    "CONTENT_TYPE")                 \
        P(remote_addr,     "REMOTE_ADDR")                  \
        P(cookie,          "HTTP_COOKIE")                  \
        P(origin,          "HTTP_ORIGIN")                  \
        P(fetch_site,      "HTTP_SEC_FETCH_SITE")          \
        P(csrf,            "HTTP_X_SEKISHO_CSRF")          \
        P(accept_language, "HTTP_ACCEPT_LANGUAGE")         \
        P(wire_version,    "HTTP_SEKISHO_VERSION")         \
        P(host,            "HTTP_HOST")                    \
        P(client_cert,     "CLIENT_CERT")                  \
        P(client_verify,   "CLIENT_VERIFY")                \
        P(request_id,      "REQUEST_ID")

struct scgi_request {
#define X(field, name) struct str field;
        SCGI_PARAMS(X)
#undef X
        enum method method;
        struct str  path, query;                           /* from REQUEST_URI, not decoded: paths are plain ASCII */
        struct str  body;
        bool        spooled;                               /* body is a mapped file */
};

/* Parses the header block (between the netstring's colon and comma). Checks method, path, query, lengths. */
int scgi_parse(struct scgi_request *out, struct str headers, struct arena *a, struct err *e);

/* Whether a body is read at all: asked when the headers are there, with body.n as announced and nothing to read behind body.p. */
typedef int scgi_admit_fn(void *ctx, const struct scgi_request *r, struct err *e);
struct scgi_door { scgi_admit_fn *admit; void *ctx; const char *spool; };      /* spool: directory for large bodies */

/* Reads one request from an accepted socket. */
int  scgi_read(struct scgi_request *out, int fd, struct arena *a, const struct scgi_door *door, struct err *e);
void scgi_done(struct scgi_request *r);

/* Query parameter or form field `name`, percent-decoded into the arena; ERR_ABSENT when not given; twice is ERR_INPUT. */
int scgi_field(struct str *out, struct str encoded, const char *name, struct arena *a, struct err *e);
/* ERR_INPUT when `encoded` names a field not in the NULL-ended list. */
int scgi_fields_known(struct str encoded, const char *const *names, struct err *e);
/* Cookie value, or the empty view; a cookie given twice counts as absent. */
struct str scgi_cookie(struct str header, const char *name);

struct scgi_answer { int status; const char *type; struct str headers; struct str body; };   /* headers: whole lines with CRLF */

void scgi_head_format(struct buf *out, const struct scgi_answer *a, uint64_t body_bytes);      /* for a body that follows in pieces */
void scgi_format(struct buf *out, const struct scgi_answer *a);     /* status line and headers, then the body */

/* A request as a client sends it (tests, courier). pairs: name, value, …, NULL. */
void scgi_request_format(struct buf *out, struct str body, const char *const *pairs);

#endif
