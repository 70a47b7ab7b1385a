/* args.h - what `sekisho verify` was asked.
 *
 * Does      read options and file names in any order; `--name value` and `--name=value`.
 * Layer     cli.
 * Owns      nothing: all texts are argv's.
 * Fails     ERR_INPUT, with a sentence for the person already said on standard error.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "base/err.h"
#include "core/text/text.h"

enum { ARGS_CONSISTENCY_MAX = 4 };

struct verify_args {
        enum lang   lang;
        const char *key, *root, *checkpoint, *signer_state;
        const char *consistency[ARGS_CONSISTENCY_MAX];
        size_t      n_consistency;
        bool        checkpoints;        /* compare files[0] (old) with files[1] (new) instead of verifying an entry */
        const char *files[2];
        size_t      n_files;
};

int verify_args_parse(struct verify_args *out, int argc, char **argv);

#endif
