/* args.c - see args.h. */
#include "cli/args.h"

#include <stdlib.h>

#include "cli/say.h"

enum option { OPT_KEY, OPT_ROOT, OPT_CHECKPOINT, OPT_CONSISTENCY, OPT_SIGNER_STATE, OPT_LANG, OPT_CHECKPOINTS };

static const struct { const char *name; enum option id; bool has_value; } options[] = {
        { "--key", OPT_KEY, true },
        { "--root", OPT_ROOT, true },
        { "--checkpoint", OPT_CHECKPOINT, true },
        { "--consistency", OPT_CONSISTENCY, true },
        { "--signer-state", OPT_SIGNER_STATE, true },
        { "--lang", OPT_LANG, true },
        { "--checkpoints", OPT_CHECKPOINTS, false },
};

/* False: given twice, or too often. */
static bool option_set(struct verify_args *a, enum option id, const char *value)
{
        const char **once = id == OPT_KEY ? &a->key : id == OPT_ROOT ? &a->root : id == OPT_CHECKPOINT ? &a->checkpoint
                          : id == OPT_SIGNER_STATE ? &a->signer_state : NULL;

        if (once) {
                if (*once)
                        return false;
                *once = value;
                return true;
        }
        if (id == OPT_LANG)
                a->lang = lang_of(str_of(value));
        if (id == OPT_CHECKPOINTS)
                a->checkpoints = true;
        if (id == OPT_CONSISTENCY) {
                if (a->n_consistency == ARGS_CONSISTENCY_MAX)
                        return false;
                a->consistency[a->n_consistency++] = value;
        }
        return true;
}

/* The option that argv[i] names, or -1; its value stands behind '=' or in the next argument (*i moves there). */
static int option_find(char **argv, int argc, int *i, const char **value)
{
        const char *arg = argv[*i];

        for (size_t o = 0; o < countof(options); o++) {
                size_t n = strlen(options[o].name);

                if (strncmp(arg, options[o].name, n) || (arg[n] && arg[n] != '='))
                        continue;
                if (!options[o].has_value)
                        return arg[n] ? -1 : (int)options[o].id;
                if (arg[n] == '=')
                        *value = arg + n + 1;
                else if (*i + 1 < argc)
                        *value = argv[++*i];
                else
                        return -1;
                return (int)options[o].id;
        }
        return -1;
}

int verify_args_parse(struct verify_args *out, int argc, char **argv)
{
        struct verify_args a = { .lang = lang_of(str_of(getenv("LANG"))) };
        const char *bad = NULL;
        bool complete;

        for (int i = 0; i < argc; i++) {
                const char *arg = argv[i], *value = NULL;
                int id;

                if (arg[0] != '-') {
                        if (a.n_files == countof(a.files))
                                bad = bad ? bad : arg;
                        else
                                a.files[a.n_files++] = arg;
                        continue;
                }
                id = option_find(argv, argc, &i, &value);
                if (id < 0 || !option_set(&a, (enum option)id, value))
                        bad = bad ? bad : arg;
        }
        if (bad)
                say(stderr, a.lang, "verify.argument", bad, NULL);
        complete = a.key && (a.checkpoints ? a.n_files == 2 && !a.root && !a.checkpoint && !a.signer_state : a.n_files == 1);
        if (bad || !complete) {
                say(stderr, a.lang, "verify.usage", NULL);
                return ERR_INPUT;
        }
        *out = a;
        return ERR_OK;
}
