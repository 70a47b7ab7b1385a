/* witness.c - see witness.h: the words of the command line. */
#include "cli/witness.h"

#include <stdlib.h>

#include "cli/say.h"
#include "cli/verify.h"
#include "cli/witness_look.h"
#include "cli/witness_serve.h"
#include "sys/files.h"
#include "wire/answer_file.h"

enum { WORDS_MAX = 3 };

struct words { const char *word[WORDS_MAX], *name, *fingerprint, *out; size_t n; enum lang lang; };

static bool words_take(struct words *w, int argc, char **argv)
{
        const struct { const char *name; const char **to; } options[] = { { "--name", &w->name }, { "--fingerprint", &w->fingerprint }, { "--out", &w->out } };
        bool ok = true;

        for (int i = 0; i < argc && ok; i++) {
                const char **to = NULL;

                if (!strcmp(argv[i], "--lang") && i + 1 < argc) {
                        w->lang = lang_of(str_of(argv[++i]));
                        continue;
                }
                for (size_t o = 0; o < countof(options); o++)
                        if (!strcmp(argv[i], options[o].name) && !*options[o].to)
                                to = options[o].to;
                if (to && i + 1 < argc)
                        *to = argv[++i];
                else if (!to && argv[i][0] != '-' && w->n < WORDS_MAX)
                        w->word[w->n++] = argv[i];
                else
                        ok = false;
        }
        return ok;
}

static int failed(const struct words *w, int r, const struct err *e)
{
        scoped(buf_done) struct buf line = BUF_INIT;

        text_err(&line, w->lang, e);
        (void)fprintf(stderr, "%s\n", line.p ? line.p : e->text);
        return r == ERR_TAMPERED ? VERDICT_TAMPERED : VERDICT_USAGE;
}

static int say_key(const struct words *w, const struct witness *me)
{
        scoped(buf_done) struct buf key = BUF_INIT, print = BUF_INIT;

        witness_key_format(&key, &me->me);
        witness_key_fingerprint(&print, &me->me);
        if (!buf_bad(&key) && !buf_bad(&print))
                say(stdout, w->lang, "witness.me", key.p, print.p, NULL);
        return VERDICT_VERIFIED;
}

static int run_init(const struct words *w)
{
        struct witness me;
        struct err e = { 0 };
        int r = witness_make(w->word[0], w->name, &e);

        if (r == ERR_OK)
                r = witness_open(&me, w->word[0], &e);
        if (r < 0)
                return failed(w, r, &e);
        (void)say_key(w, &me);
        witness_close(&me);
        return VERDICT_VERIFIED;
}

/* A verifier key, or @FILE with one. */
static int vkey_load(struct vkey *out, const char *word, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct str text = str_of(word);
        int r = ERR_OK;

        if (*word == '@') {
                r = file_read(&file, word + 1, NOTE_VKEY_MAX, e);
                text = str_trim(buf_view(&file));
        }
        if (r == ERR_OK && vkey_parse(out, text, e) < 0)
                r = err_key(e, ERR_INPUT, "witness.vkey", "", word, NULL);
        return r;
}

/* The fingerprint is typed from paper: a key that came with the data vouches for nothing. */
static int trust(const struct words *w, const struct witness *me, struct err *e)
{
        scoped(buf_done) struct buf print = BUF_INIT;
        char is[FINGERPRINT_TEXT], typed[FINGERPRINT_TEXT];
        struct known k = { 0 }, had;
        int r = vkey_load(&k.log, w->word[1], e);

        if (r < 0)
                return r;
        vkey_fingerprint(&print, &k.log);
        if (!fingerprint_parse(typed, str_of(w->fingerprint)) || !fingerprint_parse(is, buf_view(&print)) || strcmp(is, typed) != 0)
                return err_key(e, ERR_INPUT, "witness.fingerprint", "", k.log.name, NULL);
        r = known_load(&had, me, str_of(k.log.name), e);
        if (r == ERR_OK)
                return memcmp(had.log.key, k.log.key, ED25519_KEY) == 0 ? ERR_OK : err_key(e, ERR_TAMPERED, "witness.other-key", "", k.log.name, NULL);
        if (r != ERR_ABSENT)
                return r;
        *e = (struct err){ 0 };
        r = known_store(me, &k, e);
        if (r == ERR_OK)
                say(stdout, w->lang, "witness.trusted", k.log.name, NULL);
        return r;
}

static int show_known(void *ctx, const struct known *k, struct err *e)
{
        scoped(buf_done) struct buf root = BUF_INIT;
        const struct words *w = ctx;
        char when[UTIME_TEXT];

        (void)e;
        for (size_t i = 0; i < HASH_SIZE; i++)
                buf_printf(&root, "%02x", k->root.b[i]);
        if (k->at)
                utime_text(when, (utime_t)k->at * UTIME_S);
        say(stdout, w->lang, k->size ? "witness.known" : "witness.known.nothing", k->log.name, decimal(k->size), buf_bad(&root) ? "" : root.p, k->at ? when : "", NULL);
        return ERR_OK;
}

static int with_state(const struct words *w, int (*run)(const struct words *w, const struct witness *me, struct err *e))
{
        struct witness me;
        struct err e = { 0 };
        int r = witness_open(&me, w->word[0], &e);

        if (r < 0)
                return failed(w, r, &e);
        r = run(w, &me, &e);
        witness_close(&me);
        return r < 0 ? failed(w, r, &e) : r;
}

static int status(const struct words *w, const struct witness *me, struct err *e)
{
        struct words copy = *w;

        (void)say_key(w, me);
        return known_each(me, show_known, &copy, e);
}

static int look(const struct words *w, const struct witness *me, struct err *e)
{
        (void)e;
        return witness_look(me, w->word[1], w->out, w->lang);
}

static int serve(const struct words *w, const struct witness *me, struct err *e)
{
        return witness_serve(me, w->word[1], e);
}

static int run_trust(const struct words *w)  { return with_state(w, trust); }
static int run_cosign(const struct words *w) { return with_state(w, look); }
static int run_serve(const struct words *w)  { return with_state(w, serve); }
static int run_status(const struct words *w) { return with_state(w, status); }

int witness_main(int argc, char **argv)
{
        static const struct { const char *name; size_t words; bool named, typed; int (*run)(const struct words *w); } commands[] = {
                { "init",   1, true,  false, run_init },
                { "trust",  2, false, true,  run_trust },
                { "cosign", 2, false, false, run_cosign },
                { "serve",  2, false, false, run_serve },
                { "status", 1, false, false, run_status },
        };
        struct words w = { .lang = lang_of(str_of(getenv("LANG"))) };
        bool ok = argc > 0 && words_take(&w, argc - 1, argv + 1);

        for (size_t i = 0; ok && i < countof(commands); i++)
                if (!strcmp(argv[0], commands[i].name) && w.n == commands[i].words && !w.name == !commands[i].named && !w.fingerprint == !commands[i].typed)
                        return commands[i].run(&w);
        say(stderr, w.lang, "witness.usage", NULL);
        return VERDICT_USAGE;
}
