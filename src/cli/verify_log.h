/* verify_log.h - `sekisho verify --log DIR`: is this log whole, unchanged, and the one that was fixed outside?
 *
 * Does      read the words of the command; check a log directory, full or partial, against typed keys and anchors; say the answer.
 * Source    docs/formats/log.md.
 * Layer     cli.
 * Fails     never: the answer is a verdict (cli/verify.h).
 *
 *     sekisho verify --log DIR --key KEY|FINGERPRINT|@FILE… [--root SIZE:ROOT]… [--checkpoint FILE]… [--signer-state FILE] [--witness-key KEY|@FILE]…
 */
#ifndef CLI_VERIFY_LOG_H
#define CLI_VERIFY_LOG_H

#include "cli/log_view.h"

enum { LOG_ASK_MAX = 16 };

struct log_list { const char *item[LOG_ASK_MAX]; size_t n; };

struct log_ask {
        enum lang       lang;
        const char     *dir;            /* behind --log, or whatever option the caller named */
        struct log_list keys, roots, checkpoints, signer_states, witnesses;
};

/* `what`: the option whose value is the thing to check ("--log"). ERR_INPUT: said on standard error. */
int log_ask_parse(struct log_ask *out, const char *what, int argc, char **argv);

/* Reads the log and holds it against what was asked; all but the last sentence is said. NULL: as log_view_open(). */
struct log_view *log_check(const struct log_files *files, const struct log_ask *ask, struct report *r);

/* Roots, checkpoints, states and witnesses (log_anchors.c). */
void log_anchors_check(struct log_view *v, const struct log_ask *ask);

int verify_log_main(int argc, char **argv);

#endif
