/* pack_people.c - `sekisho pack check FOLDER --people FILE`: can these people finish what they may file? */
#include <jansson.h>

#include "cli/pack.h"
#include "cli/say.h"
#include "core/procedure/people.h"
#include "sys/files.h"

struct talk { enum lang from, until; };

static void print_mistake(void *ctx, const struct err *mistake)
{
        const struct talk *t = ctx;

        for (unsigned lang = t->from; lang <= (unsigned)t->until; lang++) {
                scoped(buf_done) struct buf line = BUF_INIT;

                text_err(&line, (enum lang)lang, mistake);
                (void)fprintf(stderr, "%s\n", line.p ? line.p : "");
        }
}

/* ---- for people ---- */

static bool is_stuck(const struct people_finding *f)
{
        return f->step && !f->absent && !f->drafter;
}

static void print_finding(const struct pack *p, const struct people_finding *f, enum lang lang)
{
        scoped(buf_done) struct buf what = BUF_INIT, mend = BUF_INIT;

        people_say(&what, &mend, lang, p, f);
        (void)printf("%s %s\n", text_get(lang, is_stuck(f) ? "people.tool.error" : "people.tool.warning"), what.p ? what.p : "");
        say(stdout, lang, "people.tool.mend", mend.p ? mend.p : "", NULL);
}

static void print_report(const struct pack *p, const char *path, const struct people *people, const struct people_report *r, enum lang lang)
{
        for (int stuck = 1; stuck >= 0; stuck--)
                for (size_t i = 0; i < r->n; i++)
                        if (is_stuck(&r->rows[i]) == (stuck == 1))
                                print_finding(p, &r->rows[i], lang);
        if (r->stuck)
                say(stdout, lang, "people.tool.stuck", path, decimal(r->stuck), decimal(r->n - r->stuck), NULL);
        else
                say(stdout, lang, "people.tool.good", path, decimal(people->n), decimal(p->procedures_count), decimal(r->n), NULL);
}

/* ---- for programs ---- */

static json_t *person_json(const struct person *p)
{
        return p ? json_string(p->id) : json_null();
}

static json_t *finding_json(const struct pack *p, const struct people_finding *f)
{
        struct buf words[LANG_COUNT][2] = { { BUF_INIT, BUF_INIT }, { BUF_INIT, BUF_INIT } };
        json_t *j;

        for (unsigned lang = 0; lang < LANG_COUNT; lang++)
                people_say(&words[lang][0], &words[lang][1], (enum lang)lang, p, f);
        j = json_pack("{ss ss ss? so so so sI ss ss? ss? s{ss ss} s{ss ss}}", "kind", is_stuck(f) ? "stops" : "note", "procedure", f->procedure->id,
                      "step", f->step ? f->step->id : NULL, "applicant", person_json(f->applicant), "drafter", person_json(f->drafter),
                      "absent", person_json(f->absent), "alike", (json_int_t)f->alike, "why", people_why_name(f->why), "role", f->role,
                      "sheet", f->sheet ? f->sheet->id : NULL, "what", "ja", words[LANG_JA][0].p, "en", words[LANG_EN][0].p,
                      "mend", "ja", words[LANG_JA][1].p, "en", words[LANG_EN][1].p);
        for (unsigned lang = 0; lang < LANG_COUNT; lang++)
                for (int i = 0; i < 2; i++)
                        buf_done(&words[lang][i]);
        return j;
}

static int print_json(const struct pack *p, const struct people *people, const struct people_report *r)
{
        json_t *findings = json_array(), *doc;

        for (size_t i = 0; i < r->n; i++)
                (void)json_array_append_new(findings, finding_json(p, &r->rows[i]));
        doc = json_pack("{si s{ss sI} sI sI so}", "sekisho-people-check", 1, "pack", "id", p->id, "version", (json_int_t)p->version,
                        "people", (json_int_t)people->n, "stuck", (json_int_t)r->stuck, "findings", findings);
        if (!doc || json_array_size(findings) != r->n || json_dumpf(doc, stdout, JSON_INDENT(2)) < 0) {
                json_decref(doc);
                return PACK_USAGE;
        }
        (void)printf("\n");
        json_decref(doc);
        return r->stuck ? PACK_FOUND : PACK_GOOD;
}

int pack_people_print(const struct pack *p, const char *path, bool json, enum lang from, enum lang until)
{
        struct talk talk = { from, until };
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf bytes = BUF_INIT;
        struct people people = { NULL, 0 };
        struct people_report report = { NULL, 0, 0 };
        struct err e = { 0 };
        int r = file_read(&bytes, path, PEOPLE_BYTES_MAX, &e);

        if (r == ERR_OK) {
                r = people_read(&people, p, path, buf_view(&bytes), &a, print_mistake, &talk, &e);
                if (r == ERR_INPUT)
                        return PACK_USAGE;
        }
        if (r == ERR_OK)
                r = people_check(&report, p, &people, &a, &e);
        if (r < 0) {
                say(stderr, from, "pack.tool.unreadable", path, e.text, NULL);
                return PACK_USAGE;
        }
        if (json)
                return print_json(p, &people, &report);
        for (unsigned lang = from; lang <= (unsigned)until; lang++)
                print_report(p, path, &people, &report, (enum lang)lang);
        return report.stuck ? PACK_FOUND : PACK_GOOD;
}
