/* verify_log.c - see verify_log.h. */
#include "cli/verify_log.h"

#include <stdlib.h>

#include "sys/files.h"

enum { KEY_FILE_MAX = 1024 };

/* ---- words ---- */

/* The value behind '=' or in the next argument (*i moves there); NULL: argv[*i] is not this option, or has no value. */
static const char *value_of(const char *name, int argc, char **argv, int *i)
{
        size_t n = strlen(name);

        if (strncmp(argv[*i], name, n) != 0)
                return NULL;
        if (argv[*i][n] == '=')
                return argv[*i] + n + 1;
        return argv[*i][n] || *i + 1 == argc ? NULL : argv[++*i];
}

int log_ask_parse(struct log_ask *out, const char *what, int argc, char **argv)
{
        struct log_ask a = { .lang = lang_of(str_of(getenv("LANG"))) };
        const struct { const char *name; struct log_list *list; } options[] = {
                { "--key", &a.keys }, { "--root", &a.roots }, { "--checkpoint", &a.checkpoints },
                { "--signer-state", &a.signer_states }, { "--witness-key", &a.witnesses },
        };
        const char *bad = NULL;

        for (int i = 0; i < argc; i++) {
                const char *arg = argv[i], *value = value_of(what, argc, argv, &i);
                bool known = value && !a.dir;

                if (known)
                        a.dir = value;
                else if (!value && (value = value_of("--lang", argc, argv, &i)) != NULL) {
                        a.lang = lang_of(str_of(value));
                        known = true;
                }
                for (size_t o = 0; !value && o < countof(options); o++) {
                        value = value_of(options[o].name, argc, argv, &i);
                        known = value && options[o].list->n < LOG_ASK_MAX;
                        if (known)
                                options[o].list->item[options[o].list->n++] = value;
                }
                if (!known && !bad)
                        bad = arg;
        }
        if (bad)
                say(stderr, a.lang, "verify.argument", bad, NULL);
        if (bad || !a.dir) {
                say(stderr, a.lang, "verify.usage", NULL);
                return ERR_INPUT;
        }
        *out = a;
        return ERR_OK;
}

/* ---- the check ---- */

/* Keys as typed, or from files. */
static void keys_check(struct log_view *v, const struct log_list *keys)
{
        struct buf file[LOG_ASK_MAX] = { 0 };
        const char *typed[LOG_ASK_MAX];
        size_t n = 0;

        for (size_t i = 0; i < keys->n; i++) {
                struct err e = { 0 };

                typed[n] = keys->item[i];
                if (*typed[n] == '@') {
                        if (file_read(&file[i], typed[n] + 1, KEY_FILE_MAX, &e) < 0) {
                                report(v->report, VERDICT_USAGE, "verify.unreadable", typed[n] + 1, e.text, NULL);
                                continue;
                        }
                        typed[n] = buf_view(&file[i]).p;
                }
                n++;
        }
        log_keys_check(v, typed, n);
        for (size_t i = 0; i < keys->n; i++)
                buf_done(&file[i]);
}

struct log_view *log_check(const struct log_files *files, const struct log_ask *ask, struct report *r)
{
        struct log_view *v = log_view_open(files, r);

        if (!v)
                return NULL;
        log_epochs_check(v);
        if (r->verdict == VERDICT_TAMPERED)     /* openings may not have been read: what would be said of keys and gaps would be guessed */
                return v;
        keys_check(v, &ask->keys);
        log_anchors_check(v, ask);
        return v;
}

int verify_log_main(int argc, char **argv)
{
        static const char *const answers[] = {
                [VERDICT_VERIFIED] = "verify-log.verified", [VERDICT_TAMPERED] = "verify.tampered", [VERDICT_INCOMPLETE] = "verify.incomplete",
        };
        scoped(log_view_free) struct log_view *v = NULL;
        scoped(fd_close) int fd = -1;
        struct report r = { .verdict = VERDICT_VERIFIED };
        struct log_files files;
        struct log_ask ask;
        struct err e = { 0 };

        if (log_ask_parse(&ask, "--log", argc, argv) < 0)
                return VERDICT_USAGE;
        r.lang = ask.lang;
        if (log_folder_open(&fd, ask.dir, &e) < 0) {
                say(stderr, ask.lang, "verify.unreadable", ask.dir, e.text, NULL);
                return VERDICT_USAGE;
        }
        files = log_folder(fd);
        v = log_check(&files, &ask, &r);
        if (r.verdict != VERDICT_USAGE)
                say(stdout, ask.lang, answers[r.verdict], NULL);
        return r.verdict;
}
