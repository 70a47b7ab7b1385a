/* pack.c - see pack.h. */
#include "cli/pack.h"

#include <stdlib.h>

#include "cli/say.h"
#include "link/pack_dir.h"

enum { DIRS_MAX = 2 };

struct options {
        enum lang   lang;
        bool        both;            /* no --lang: mistakes are said in both languages */
        bool        json;
        const char *people;          /* check: a list of people; NULL: none */
        const char *dirs[DIRS_MAX];
        size_t      n;
};

struct mistake_printer { FILE *to; enum lang from, until; };

static void print_mistake(void *ctx, const struct err *mistake)
{
        const struct mistake_printer *p = ctx;

        for (unsigned lang = p->from; lang <= (unsigned)p->until; lang++) {
                scoped(buf_done) struct buf line = BUF_INIT;

                text_err(&line, (enum lang)lang, mistake);
                buf_char(&line, '\n');
                if (!buf_bad(&line))
                        (void)fputs(line.p, p->to);
        }
}

static int pack_read(struct pack **out, const char *dir, const struct options *o, pack_report_fn *report, void *ctx)
{
        scoped(pack_layers_free) struct pack_layers *l = NULL;
        struct err e = { 0 };
        int r = pack_layers_read(&l, dir, &e);

        if (r == ERR_INPUT)
                report(ctx, &e);
        if (r == ERR_OK)
                r = pack_layers_load(out, l, report, ctx, &e);
        if (r == ERR_OK)
                return PACK_GOOD;
        if (r == ERR_INPUT)
                return PACK_FOUND;
        say(stderr, o->lang, "pack.tool.unreadable", dir, e.text, NULL);
        return PACK_USAGE;
}

static enum lang first_lang(const struct options *o)
{
        return o->both ? LANG_JA : o->lang;
}

static enum lang last_lang(const struct options *o)
{
        return o->both ? LANG_EN : o->lang;
}

/* Mistakes go to `to`: they are the answer of `check`, and a complaint of the others. */
static int pack_open(struct pack **out, const char *dir, const struct options *o, FILE *to)
{
        struct mistake_printer printer = { to, first_lang(o), last_lang(o) };

        return pack_read(out, dir, o, print_mistake, &printer);
}

static int check_json(const struct options *o)
{
        scoped(pack_free) struct pack *p = NULL;
        json_t *mistakes = json_array();
        int r = pack_read(&p, o->dirs[0], o, pack_check_mistake, mistakes);

        if (r != PACK_USAGE)
                r = pack_check_json(p, mistakes);
        json_decref(mistakes);
        return r;
}

static int check(const struct options *o)
{
        scoped(pack_free) struct pack *p = NULL;
        int r;

        if (o->json && !o->people)
                return check_json(o);
        r = pack_open(&p, o->dirs[0], o, o->json ? stderr : stdout);
        if (r == PACK_GOOD && o->people)
                return pack_people_print(p, o->people, o->json, first_lang(o), last_lang(o));
        if (r == PACK_GOOD)
                pack_check_print(p, o->dirs[0], first_lang(o), last_lang(o));
        return r;
}

static int coverage(const struct options *o)
{
        scoped(pack_free) struct pack *p = NULL;
        int r = pack_open(&p, o->dirs[0], o, stderr);

        if (r != PACK_GOOD)
                return r;
        return o->json ? pack_coverage_json(p) : pack_coverage_print(p, o->lang);
}

static int diff(const struct options *o)
{
        scoped(pack_free) struct pack *before = NULL;
        scoped(pack_free) struct pack *after = NULL;

        if (pack_open(&before, o->dirs[0], o, stderr) != PACK_GOOD || pack_open(&after, o->dirs[1], o, stderr) != PACK_GOOD)
                return PACK_USAGE;
        return pack_diff_print(before, after, o->lang);
}

static const struct { const char *name; size_t dirs; bool json; int (*run)(const struct options *o); } verbs[] = {
        { "check",    1, true,  check },
        { "coverage", 1, true,  coverage },
        { "diff",     2, false, diff },
};

static bool option_take(struct options *o, int argc, char **argv, int *i)
{
        const char *arg = argv[*i], *lang = NULL, *people = NULL;

        if (strcmp(arg, "--json") == 0) {
                o->json = true;
                return true;
        }
        if (strncmp(arg, "--lang=", 7) == 0)
                lang = arg + 7;
        else if (strcmp(arg, "--lang") == 0 && *i + 1 < argc)
                lang = argv[++*i];
        if (lang) {
                o->lang = lang_of(str_of(lang));
                o->both = false;
                return strcmp(lang, "ja") == 0 || strcmp(lang, "en") == 0;
        }
        if (strncmp(arg, "--people=", 9) == 0)
                people = arg + 9;
        else if (strcmp(arg, "--people") == 0 && *i + 1 < argc)
                people = argv[++*i];
        if (people) {
                o->people = people;
                return *people != 0;
        }
        if (*arg == '-' || o->n == DIRS_MAX)
                return false;
        o->dirs[o->n++] = arg;
        return true;
}

int pack_main(int argc, char **argv)
{
        struct options o = { .lang = lang_of(str_of(getenv("LANG"))), .both = true };
        bool good = argc > 0;

        if (good && (strcmp(argv[0], "export") == 0 || strcmp(argv[0], "import") == 0))
                return pack_sheet_main(argc, argv);
        for (int i = 1; i < argc; i++)
                good = option_take(&o, argc, argv, &i) && good;
        for (size_t v = 0; good && v < countof(verbs); v++)
                if (strcmp(argv[0], verbs[v].name) == 0 && o.n == verbs[v].dirs && (!o.json || verbs[v].json) && (!o.people || verbs[v].run == check))
                        return verbs[v].run(&o);
        say(stderr, o.lang, "pack.tool.usage", NULL);
        return PACK_USAGE;
}
