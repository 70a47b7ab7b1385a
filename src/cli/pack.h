/* pack.h - `sekisho pack check | coverage | diff`: a pack as a folder of files, without a server.
 *
 * Does      check      every mistake with file, line and how to mend it
 *           coverage   each clause with what serves it, and what of that is proven
 *           diff       what one pack says otherwise than another
 * Layer     cli.
 * Fails     exit codes: check and coverage 0 good, 1 the pack has mistakes; diff 0 the same, 1 different;
 *           3 for all: wrong usage, or something cannot be read (for diff also a pack with mistakes).
 */
#ifndef CLI_PACK_H
#define CLI_PACK_H

#include "core/pack/load.h"

enum { PACK_GOOD = 0, PACK_FOUND = 1, PACK_USAGE = 3 };

int pack_main(int argc, char **argv);

/* The parts of it; the packs are whole. */
int pack_coverage_print(const struct pack *p, enum lang lang);
int pack_coverage_json(const struct pack *p);
int pack_diff_print(const struct pack *before, const struct pack *after, enum lang lang);

#endif
