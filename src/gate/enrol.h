/* enrol.h - the only step on site: one code makes this machine a gate.
 *
 * Does      decode the code, make a P-256 key here, prove it to the server whose key the code names, keep what comes back.
 * Layer     gate.
 * Trusts    the code (its check digits catch typing), and of the network only the server that holds the pinned key.
 * Fails     with a catalogue key (gate.*) that says what to do; nothing is kept unless everything came.
 */
#ifndef GATE_ENROL_H
#define GATE_ENROL_H

#include "base/err.h"

int enrol_run(const char *code, const char *dir, const char *server, struct err *e);   /* prints its words itself, in both languages */

#endif
