/* render.h - the role that reads what others wrote and writes what others read: everything that is not bounded JSON.
 *
 * Does      one job a process: all of standard input in, all of standard output out, by the kind named; then it ends.
 * Clause    DESIGN §2; docs/decisions/0005-render.md.
 * Layer     server/render; uses base, sys, core, link (the frame of render_call.h).
 * Owns      nothing that outlives the job.
 * Units     RENDER_SECONDS of wall clock and of processor, RENDER_MEMORY bytes of address space.
 * Trusts    nothing: before the first byte is read the process has no file, no socket, no fork, no exec, and its limits.
 * Fails     exit status 1, and the answer is {"key","args"} of the error (grid.*) instead of the result.
 *
 *     sekisho-render KIND        the kinds stand in kinds.c: csv-to-grid, grid-to-xlsx, paper-to-pdf ...; those that end in -en have English titles
 *     sekisho-render socket      the kind stands in the first line that comes in (systemd: Accept=yes, StandardInput=socket)
 */
#ifndef SERVER_RENDER_RENDER_H
#define SERVER_RENDER_RENDER_H

#include "base/err.h"

enum { RENDER_SECONDS = 20 };
#define RENDER_MEMORY (1024ull * 1024 * 1024)

int render_main(const char *kind, struct err *e);
int render_give_up(struct err *e);      /* what a job does before it reads; for the test that looks whether it can open anything */

#endif
