/* report.h - what was found, said as it is found; the worst of it is the answer.
 *
 * Does      say one sentence of the catalogue and keep the worst verdict: USAGE over TAMPERED over INCOMPLETE over VERIFIED.
 * Layer     cli.
 * Threads   one.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/say.h"
#include "cli/verify.h"

struct report { enum lang lang; int verdict; };

int  verdict_worse(int a, int b);

/* `key`, then up to 4 strings, then NULL; on standard output, USAGE on standard error. */
void report(struct report *r, int verdict, const char *key, ...) __attribute__((sentinel));

#endif
