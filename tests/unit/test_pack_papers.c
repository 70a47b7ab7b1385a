/* Papers of a pack: what could not be printed as it is written is told of before anybody prints it. */
#include "core/pack/pack.h"
#include "link/pack_dir.h"

#include "unit.h"

enum { FILES_MAX = 32 };

struct seen { char all[4096]; };

static void see(void *ctx, const struct err *e)
{
        struct seen *s = ctx;
        size_t n = strlen(s->all);

        (void)snprintf(s->all + n, sizeof(s->all) - n, "%s %s %s;", e->key, e->args[1], e->args[2]);
}

/* packs/thread with one paper, and its words in both languages. */
static void load(struct seen *out, const char *paper, const char *text)
{
        static const char *const roots[] = { "", "../", "../../", "../../../" };
        scoped(pack_dir_free) struct pack_dir *dir = NULL;
        struct buf words[2] = { BUF_INIT, BUF_INIT };
        struct pack_file files[FILES_MAX];
        struct pack *p = NULL;
        char path[64];
        size_t n = 0, w = 0;

        for (size_t i = 0; i < countof(roots) && !dir; i++) {
                (void)snprintf(path, sizeof(path), "%spacks/thread", roots[i]);
                (void)pack_dir_read(&dir, path, NULL);
        }
        assert_non_null(dir);
        for (size_t i = 0; i < dir->n; i++) {
                bool before = strcmp(dir->files[i].name, "papers/") < 0;

                if (!before && (i == 0 || strcmp(dir->files[i - 1].name, "papers/") < 0))
                        files[n++] = (struct pack_file){ "papers/p.yaml", str_of(paper) };
                files[n] = dir->files[i];
                if (str_starts(str_of(dir->files[i].name), "texts/")) {
                        buf_str(&words[w], dir->files[i].bytes);
                        buf_text(&words[w], text);
                        files[n].bytes = buf_view(&words[w++]);
                }
                n++;
        }
        if (pack_load(&p, files, n, see, out, NULL) == ERR_OK)
                (void)snprintf(out->all, sizeof(out->all), "taken");
        pack_free(p);
        buf_done(&words[0]);
        buf_done(&words[1]);
}

#define PAPER(more) "sekisho-pack: 1\nid: p\nabout: application\n" more
#define TITLE       "\npaper.p.title: \"書面\"\n"

static void a_paper_is_taken_or_told_of(void **state)
{
        static const struct { const char *name, *paper, *text, *want; } cases[] = {
                { "a paper", PAPER("parts:\n  - id: a\n    kind: answers\n"), TITLE, "taken" },
                { "words that can be filled in", PAPER("parts:\n  - id: a\n    kind: text\n"), TITLE "paper.p.part.a.text: \"{number} {applicant}\"\n", "taken" },
                { "a word that nothing fills in", PAPER("parts:\n  - id: a\n    kind: text\n"), TITLE "paper.p.part.a.text: \"{nummer} x\"\n",
                  "pack.paper.word a {nummer;pack.paper.word a {nummer;" },
                { "a brace that is not closed", PAPER("parts:\n  - id: a\n    kind: text\n"), TITLE "paper.p.part.a.text: \"{number\"\n",
                  "pack.paper.word a {number;pack.paper.word a {number;" },
                { "in the title too", PAPER("parts:\n  - id: a\n    kind: answers\n"), "\npaper.p.title: \"{x}\"\n", "pack.paper.word p {x;pack.paper.word p {x;" },
                { "a part that has no meaning there", PAPER("parts:\n  - id: a\n    kind: numbers\n"), TITLE, "pack.paper.part a ;" },
                { "seals that nobody puts", PAPER("parts:\n  - id: a\n    kind: seals\n"), TITLE, "pack.paper.seals a ;" },
                { "a field that no form has", PAPER("forms:\n  - id: network-connection\nparts:\n  - id: a\n    kind: answers\n    fields:\n      - id: mac\n      - id: colour\n"), TITLE,
                  "pack.paper.field colour ;" },
                { "a register that nobody keeps", "sekisho-pack: 1\nid: p\nabout: service\nparts:\n  - id: a\n    kind: rows\n    register: cats\n", TITLE, "pack.paper.register cats ;" },
                { "offered is for applications", "sekisho-pack: 1\nid: p\nabout: policy\noffered: decided\nparts:\n  - id: a\n    kind: rules\n", TITLE, "pack.schema.when offered about: application;" },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct seen s = { "" };

                load(&s, cases[i].paper, cases[i].text);
                if (strcmp(s.all, cases[i].want) != 0)
                        fail_msg("%s: got %s, wanted %s", cases[i].name, s.all, cases[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(a_paper_is_taken_or_told_of) };

        return unit_run("pack_papers", tests);
}
