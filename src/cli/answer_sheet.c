/* answer_sheet.c - see answer_sheet.h. */
#include "cli/answer_sheet.h"

#include <stdlib.h>

#include "cli/say.h"
#include "cli/verify.h"
#include "sys/files.h"
#include "wire/answer_file.h"

struct words { const char *file, *key; enum lang lang; };

static bool words_take(struct words *w, int argc, char **argv)
{
        *w = (struct words){ .lang = lang_of(str_of(getenv("LANG"))) };
        if (argc < 1 || strcmp(argv[0], "verify") != 0)
                return false;
        for (int i = 1; i < argc; i++) {
                if (!strcmp(argv[i], "--key") && i + 1 < argc && !w->key)
                        w->key = argv[++i];
                else if (!strcmp(argv[i], "--lang") && i + 1 < argc)
                        w->lang = lang_of(str_of(argv[++i]));
                else if (argv[i][0] != '-' && !w->file)
                        w->file = argv[i];
                else
                        return false;
        }
        return w->file && w->key;
}

/* What was asked for: a fingerprint, a verifier key, or @FILE with either. False: it is none of them. */
static bool wanted(char to[FINGERPRINT_TEXT], const char *key)
{
        scoped(buf_done) struct buf file = BUF_INIT, print = BUF_INIT;
        struct str text = str_of(key);
        struct vkey k;

        if (str_starts(text, "@")) {
                if (file_read(&file, key + 1, NOTE_VKEY_MAX, NULL) < 0)
                        return false;
                text = str_trim(buf_view(&file));
        }
        if (fingerprint_parse(to, text))
                return true;
        if (vkey_parse(&k, text, NULL) < 0)
                return false;
        vkey_fingerprint(&print, &k);
        return fingerprint_parse(to, buf_view(&print));
}

static int refused(const struct words *w, const struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        text_err(&words, w->lang, e);
        buf_char(&words, '\n');
        (void)fputs(words.p ? words.p : "", stdout);
        return VERDICT_TAMPERED;
}

static int verify(const struct words *w, struct str file, const char *want, struct arena *a)
{
        scoped(buf_done) struct buf print = BUF_INIT;
        struct answer_file f;
        struct err e = { 0 };

        if (answer_file_open(&f, file, a, &e) < 0)
                return refused(w, &e);
        vkey_fingerprint(&print, &f.key);
        if (!str_is(buf_view(&print), want)) {
                (void)err_key(&e, ERR_INPUT, "answer-file.unknown", "", print.p, NULL);
                return refused(w, &e);
        }
        say(stdout, w->lang, "answer-file.verified", f.install.p, f.provider.p, f.subject.p, decimal(f.index), NULL);
        return VERDICT_VERIFIED;
}

int answer_sheet_main(int argc, char **argv)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf file = BUF_INIT;
        char want[FINGERPRINT_TEXT];
        struct err e = { 0 };
        struct words w;

        if (!words_take(&w, argc, argv) || !wanted(want, w.key)) {
                say(stderr, w.lang, "answer-file.usage", NULL);
                return VERDICT_USAGE;
        }
        if (file_read(&file, w.file, ANSWER_FILE_MAX + 1, &e) < 0) {
                say(stderr, w.lang, "verify.unreadable", w.file, e.text, NULL);
                return VERDICT_USAGE;
        }
        return verify(&w, buf_view(&file), want, &a);
}
