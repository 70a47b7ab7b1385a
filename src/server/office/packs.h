/* packs.h - the packs of an install: the one in force, and those that older applications live under.
 *
 * Does      keep packs in <data>/office/packs/<hash>/<layer id>/…; load one when it is first asked for, and keep it loaded; say which one is
 *           in force, and put another in its place while everybody reads.
 * Clause    DESIGN §6: a bad pack is refused whole, the last good one stays.
 * Layer     server/office.
 * Owns      struct packs is the caller's: packs_close(). A pack handed out is its own and lives as long.
 * Threads   any number; each pack is read once.
 * Trusts    nothing: what is loaded must have the hash that it was asked for by.
 * Fails     pack.not-adopted (ERR_TAMPERED) when a folder does not hold what its name says.
 */
#ifndef OFFICE_PACKS_H
#define OFFICE_PACKS_H

#include "link/pack_dir.h"

struct packs;

int           packs_open(struct packs **out, const char *store_dir, struct err *e);
struct packs *packs_close(struct packs *p);
int           packs_get(struct pack **out, struct packs *p, struct str hash, struct err *e);

/* Read once by whoever begins something (office_view()): a pack that was in force stays loaded, so who began under it ends under it.
 * Only the writer puts another in its place, after the commit of the entry that says so. */
struct pack *packs_in_force(const struct packs *p);
void         packs_put_in_force(struct packs *p, struct pack *pack);

/* The files of a pack that is kept, layer by layer; the caller's. */
int packs_layers(struct pack_layers **out, const struct packs *p, const struct hash *hash, struct err *e);

/* Loads what may come into force and keeps its files, durable and whole; *out is kept loaded and is one of ours. */
int packs_keep(struct pack **out, struct packs *p, const struct pack_layers *l, struct err *e);

/* Reads a folder (and what it lies over), says every mistake, and keeps it; the pack loaded is the caller's. */
int packs_take(struct pack **out, const char *store_dir, const char *folder, pack_report_fn *report, void *ctx, struct err *e);

#endif
