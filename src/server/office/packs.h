/* packs.h - the packs of an install: the one in force, and those that older applications live under.
 *
 * Does      keep packs in <data>/office/packs/<hash>/<layer id>/…; load one when it is first asked for, and keep it loaded.
 * Clause    DESIGN §6: a bad pack is refused whole, the last good one stays.
 * Layer     server/office.
 * Owns      struct packs is the caller's: packs_close(). A pack handed out is its own and lives as long.
 * Threads   any number; each pack is read once.
 * Trusts    nothing: what is loaded must have the hash that it was asked for by.
 * Fails     pack.not-adopted (ERR_TAMPERED) when a folder does not hold what its name says.
 */
#ifndef OFFICE_PACKS_H
#define OFFICE_PACKS_H

#include "core/pack/load.h"

struct packs;

int           packs_open(struct packs **out, const char *store_dir, struct err *e);
struct packs *packs_close(struct packs *p);
int           packs_get(struct pack **out, struct packs *p, struct str hash, struct err *e);

/* Reads a folder (and what it lies over), says every mistake, and keeps it; the pack loaded is the caller's. */
int packs_take(struct pack **out, const char *store_dir, const char *folder, pack_report_fn *report, void *ctx, struct err *e);

#endif
