/* outbox.h - what people are told, and how far each way out has come with it.
 *
 * Does      put notices and list them; keep for each notice and sink whether it was delivered or given up; keep what the courier said
 *           of each sink. A row that was changed behind our back is refused by name: each stands under a keyed MAC.
 * Clause    DESIGN §5 (local tables: backed up, never rebuilt).
 * Layer     server/office/store.
 * Owns      texts live in the arena.
 * Fails     as db.h; ERR_ABSENT; ERR_TAMPERED when a row's MAC does not hold.
 *
 * Ids rise and are never given twice, not even after a sweep. A notice is settled for a sink by a row of outbox_sent with an empty
 * `who`; a row with a name in `who` says that one of its receivers could not be reached.
 */
#ifndef OFFICE_STORE_OUTBOX_H
#define OFFICE_STORE_OUTBOX_H

#include "server/office/store/db.h"

struct outbox_row { int64_t id; utime_t made_at; struct str once, body; bool urgent; };

/* once: a second row with the same text is not put, for as long as the first is kept (OUTBOX_ONCE_DAYS); empty: always put. */
int outbox_put(struct db *db, utime_t now, struct str once, bool urgent, struct str body, struct err *e);
int outbox_has(bool *out, struct db *db, struct str once, struct err *e);
int outbox_get(struct outbox_row *out, struct db *db, int64_t id, struct arena *a, struct err *e);
int outbox_list(struct outbox_row *out, size_t max, size_t *n, struct db *db, int64_t after, struct arena *a, struct err *e);     /* oldest first */
/* Not settled for that sink, oldest first. */
int outbox_open(struct outbox_row *out, size_t max, size_t *n, struct db *db, struct str sink, int64_t after, struct arena *a, struct err *e);
/* Settled for all sinks and older: those without `once` after a season, those with it after a year. */
enum { OUTBOX_DAYS = 90, OUTBOX_ONCE_DAYS = 366 };
int outbox_sweep(struct db *db, utime_t now, struct err *e);

struct sent_row { int64_t id; struct str sink, who, state, why; utime_t at; };     /* state: done | failed */
int sent_put(struct db *db, const struct sent_row *row, struct err *e);             /* what is there stays */
int sent_failed(struct sent_row *out, size_t max, size_t *n, struct db *db, struct arena *a, struct err *e);                       /* the last ones */
int outbox_last(int64_t *id, struct db *db, struct err *e);                                                                          /* 0: none */
int sent_list(struct sent_row *out, size_t max, size_t *n, struct db *db, int64_t id, struct arena *a, struct err *e);

/* A way out, as the courier last spoke of it. state: works | waits | removed; since_at: of that state. from_id: what was put up to there
 * is not its: the first sinks of a house begin with the first notice, one that comes later with the next. */
struct sink_row { struct str id, kind, state, why; int64_t from_id; utime_t since_at, seen_at; };
/* All sinks that the courier has now; from_id and since_at are found here. Others that are kept become `removed`. State `unknown`: the
 * courier has just begun and has not tried; what was known of it stays. */
int sinks_say(struct db *db, const struct sink_row *rows, size_t n, utime_t now, struct arena *a, struct err *e);
enum { SINKS_MAX = 16 };                                               /* that a house has, removed ones counted: ERR_TOO_BIG */
int sinks_list(struct sink_row out[SINKS_MAX], size_t *n, struct db *db, struct arena *a, struct err *e);
struct sink_count { uint64_t waiting, failed; utime_t oldest_at; };    /* failed: receivers given up; oldest_at: of those that wait, 0: none */
int sink_count(struct sink_count *out, struct db *db, struct str id, struct err *e);

#endif
