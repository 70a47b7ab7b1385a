/* pack.h - `sekisho pack check | coverage | diff | export | import`: a pack as a folder of files, without a server.
 *
 * Does      check      every mistake with file, line and how to mend it; without one, the numbers that are only proposed;
 *                      with --people, whether those people can finish what they may file (docs/formats/people.md)
 *           coverage   each clause with what serves it, and what of that is proven
 *           diff       what one pack says otherwise than another
 *           export     its forms, criteria or words as a table
 *           import     such a table back, into a new folder
 *           A folder with overlay.yaml is read together with what it lies over; what that loosens is said by all three.
 * Layer     cli.
 * Fails     exit codes: check and coverage 0 good, 1 the pack has mistakes; diff 0 the same, 1 different;
 *           3 for all: wrong usage, or something cannot be read (for diff and export also a pack with mistakes); import 0 written, 1 the table has mistakes and
 *           nothing is written.
 */
#ifndef CLI_PACK_H
#define CLI_PACK_H

#include <jansson.h>

#include "core/pack/diff.h"
#include "core/pack/load.h"

enum { PACK_GOOD = 0, PACK_FOUND = 1, PACK_USAGE = 3 };

int pack_main(int argc, char **argv);
int pack_sheet_main(int argc, char **argv);      /* export, import */

/* The parts of it; the packs are whole. */
void pack_check_print(const struct pack *p, const char *dir, enum lang from, enum lang until);
void pack_check_mistake(void *mistakes, const struct err *mistake);      /* a pack_report_fn that fills a json_t array */
int  pack_check_json(const struct pack *p, json_t *mistakes);            /* p NULL: it has mistakes */
int  pack_people_print(const struct pack *p, const char *path, bool json, enum lang from, enum lang until);   /* PACK_FOUND: some case cannot finish */
int pack_coverage_print(const struct pack *p, enum lang lang);
int pack_coverage_json(const struct pack *p);
void pack_layers_print(const struct pack *p, enum lang lang);      /* its layers, their changes with the reasons, and what they loosen */
json_t *pack_layers_json(const struct pack *p);
json_t *pack_loosened_json(const struct pack *p);
int pack_diff_print(const struct pack *before, const struct pack *after, enum lang lang);

#endif
