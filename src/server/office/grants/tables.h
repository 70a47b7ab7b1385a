/* tables.h - the signed tables the office remembers, and the gates that listen.
 *
 * Does      keep the last TABLES_KEPT tables in memory; give each listening gate deltas (or a snapshot), heartbeats, server time.
 * Layer     server/office/grants.
 * Owns      published tables belong to it and live until tables_free() (a gate may be far behind); sockets of listeners.
 * Threads   one thread a listener; publishing wakes them all. A listener that does not read for WRITE_MS is dropped, alone.
 */
#ifndef OFFICE_GRANTS_TABLES_H
#define OFFICE_GRANTS_TABLES_H

#include "wire/grants.h"

enum { TABLES_KEPT = 64, LISTENERS_MAX = 1024, HEARTBEAT_MS = 10000, WRITE_MS = 10000 };

struct tables;

int                  tables_new(struct tables **out, struct err *e);
struct office;
void                 tables_live_by(struct tables *t, const struct office *o);                 /* the time that frames say; before the first listener */
struct tables       *tables_free(struct tables *t);
int                  tables_publish(struct tables *t, struct grants *table, struct err *e);   /* takes it over on success */
const struct grants *tables_newest(struct tables *t);    /* NULL before the first; for the publishing thread only */
uint64_t             tables_seq(struct tables *t);       /* of the newest; 0 before the first */
bool                 tables_header_hash(struct tables *t, uint64_t seq, struct hash *out);
int                  tables_serve(struct tables *t, int fd, const char *gate_id, uint32_t epoch, uint64_t seq, struct err *e);
size_t               tables_listeners(struct tables *t);
bool                 tables_listens(struct tables *t, const char *gate_id);

#endif
