/* What officers really type: told of at its line, with a way to mend it, in both languages; or read as meant. */
#include "core/pack/diff.h"
#include "link/pack_dir.h"

#include "../pack/slips.h"

#include "unit.h"

static const struct pack_dir *whole(void)
{
        static const char *const roots[] = { "", "../", "../../", "../../../" };
        static struct pack_dir *dir;
        char path[256];

        for (size_t i = 0; i < countof(roots) && !dir; i++) {
                (void)snprintf(path, sizeof(path), "%stests/pack/whole", roots[i]);
                (void)pack_dir_read(&dir, path, NULL);
        }
        if (!dir) {
                printf("Bail out! tests/pack/whole is not found from here\n");
                exit(1);
        }
        return dir;
}

struct seen { const struct slip *slip; bool told; unsigned count; char all[32768]; };

/* "12" and "12:7" mean lines of the slip's own file. */
static void place_text(char to[ERR_ARG_MAX], const struct slip *s)
{
        bool own = s->at[0] >= '0' && s->at[0] <= '9';

        (void)snprintf(to, ERR_ARG_MAX, "%s%s%s", own ? s->file : "", own ? ":" : "", s->at);
}

static bool words_good(const struct err *e, enum lang lang, const char *hint)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        text_err(&b, lang, e);
        return !buf_bad(&b) && text_known(e->key) && !strstr(b.p, "{0}") && strstr(b.p, e->args[0]) && (!hint || strstr(b.p, hint));
}

static void see(void *ctx, const struct err *e)
{
        struct seen *s = ctx;
        size_t used = strlen(s->all);
        char at[ERR_ARG_MAX];

        s->count++;
        place_text(at, s->slip);
        s->told |= strcmp(e->key, s->slip->key) == 0 && strcmp(e->args[0], at) == 0 && words_good(e, LANG_JA, s->slip->hint) &&
                   words_good(e, LANG_EN, s->slip->hint);
        (void)snprintf(s->all + used, sizeof(s->all) - used, "   %s %s | %s | %s\n", e->key, e->args[0], e->args[1], e->args[2]);
}

/* A copy of `from` with the first `old` replaced; NULL: there is none. */
static char *bent(struct str from, const char *old, const char *new, size_t *n)
{
        const char *hit = memmem(from.p, from.n, old, strlen(old));
        size_t before = hit ? (size_t)(hit - from.p) : 0, after = from.n - before - (hit ? strlen(old) : 0);
        char *p = hit ? malloc(before + strlen(new) + after + 1) : NULL;

        if (!p)
                return NULL;
        memcpy(p, from.p, before);
        memcpy(p + before, new, strlen(new));
        memcpy(p + before + strlen(new), hit + strlen(old), after);
        *n = before + strlen(new) + after;
        return p;
}

static bool slip_well(const struct slip *slip)
{
        const struct pack_dir *d = whole();
        struct pack_file files[PACK_FILES_MAX];
        struct seen s = { .slip = slip };
        struct pack *p = NULL;
        char *bytes = NULL;
        bool well;
        int r;

        memcpy(files, d->files, d->n * sizeof(*files));
        for (size_t i = 0; i < d->n; i++)
                if (strcmp(files[i].name, slip->file) == 0) {
                        bytes = bent(files[i].bytes, slip->old, slip->new, &files[i].bytes.n);
                        files[i].bytes.p = bytes;
                }
        if (!bytes) {
                print_error("%s: no \"%s\" in %s\n", slip->name, slip->old, slip->file);
                return false;
        }
        r = pack_load(&p, files, d->n, slip->key ? see : NULL, &s, NULL);
        well = slip->key ? r == ERR_INPUT && !p && s.told : r == 0 && strcmp(slip->meant(p), slip->hint) == 0;
        if (!well)
                print_error("%s: %d\n%s   want %s %s %s\n", slip->name, r, s.all, slip->key ? slip->key : "read as", slip->at ? slip->at : "", slip->hint ? slip->hint : "");
        pack_free(p);
        free(bytes);
        return well;
}

static void each_slip_is_told_of_or_read_as_meant(void **state)
{
        unsigned failed = 0;

        for (size_t i = 0; i < countof(slips); i++)
                failed += !slip_well(&slips[i]);
        print_message("# %zu slips\n", countof(slips));
        assert_int_equal(failed, 0);
}

static void the_pack_that_is_bent_is_whole(void **state)
{
        struct pack *p = NULL;
        struct err e = { 0 };

        assert_ok(pack_load(&p, whole()->files, whole()->n, NULL, NULL, &e), e);
        pack_free(p);
}

/* ---- what a change says ---- */

static void tell(void *ctx, const struct change *c)
{
        char *all = ctx;
        size_t used = strlen(all);

        for (size_t i = 0; i < c->depth; i++)
                used += (size_t)snprintf(all + used, 4096 - used, "%s %s > ", c->path[i].word, c->path[i].id);
        (void)snprintf(all + used, 4096 - used, "%s: %s -> %s\n", c->key, c->before ? c->before : "", c->after ? c->after : "");
}

static const struct { const char *file, *old, *new, *want; } changes[] = {
        { USE, "5 working-days", "7 working-days", "procedure service-use > step check > due: 5 working-days after reached -> 7 working-days after reached\n" },
        { USE, "    conditional: true\n", "", "procedure service-use > step approve > conditional: true -> false\n" },
        { USE, "    hand: provider", "    hand: section", "procedure service-use > sheet answers > hand: provider -> section\n" },
        { USE, "    exception: true\n", "    exception: true\n    clauses:\n      - id: S8.2-R2.2\n", "procedure service-use > rule no-click > clause S8.2-R2.2 > :  -> \n" },
        { USE, "when: \"conf2plus\"", "when: \"not conf2plus\"", "procedure service-use > step concur > when: conf2plus -> not conf2plus\n" },
        { USE, "      - id: judge\n      - id: check\n", "      - id: check\n", "procedure service-use > step approve > step judge > :  -> \n" },
        { "procedures/service-end.yaml", "apply_scope: service\n", "", "procedure service-end > apply_scope: service -> body\n" },
        { CLASSES, "    level: conf2\n", "    level: conf3\n", "derivation personal > level: conf2 -> conf3\n" },
        { CLASSES, "        conf2plus: true\n", "", "axis confidentiality > level conf2 > conf2plus: true -> false\n" },
        { CLASSES, "    visible_when: \"personal_data == true\"\n", "", "question special_data > visible_when: personal_data == true -> \n" },
        { "criteria/selection.yaml", "    always: true\n", "", "criteria selection > criterion purpose-limit > always: true -> false\n" },
        { PACK, "    domestic: true\n", "", "country JP > domestic: true -> false\n" },
        { FORM, "        max_chars: 100\n", "", "form service-use > field flows > column what > max_chars: 100 -> \n" },
        { EN, "list.size.choice.few.label: \"few\"", "list.size.choice.few.label: \"a few\"", "list size > choice few > label: few -> a few\n" },
        { EN, "question.stop.label: \"stop\"", "question.stop.label: \"time\"", "question stop > label: stop -> time\n" },
};

/* Once each, where it stands: not again in each form that has it from a list or from classes.yaml. */
static void each_change_is_told_of_once(void **state)
{
        const struct pack_dir *d = whole();
        struct pack *before = NULL;
        struct err e = { 0 };
        unsigned failed = 0;

        assert_ok(pack_load(&before, d->files, d->n, NULL, NULL, &e), e);
        for (size_t i = 0; i < countof(changes); i++) {
                struct pack_file files[PACK_FILES_MAX];
                char all[4096] = "", *bytes = NULL;
                struct pack *after = NULL;

                memcpy(files, d->files, d->n * sizeof(*files));
                for (size_t j = 0; j < d->n; j++)
                        if (strcmp(files[j].name, changes[i].file) == 0)
                                files[j].bytes.p = bytes = bent(files[j].bytes, changes[i].old, changes[i].new, &files[j].bytes.n);
                assert_non_null(bytes);
                assert_ok(pack_load(&after, files, d->n, NULL, NULL, &e), e);
                pack_diff(before, after, tell, all);
                if (strcmp(all, changes[i].want) != 0 && ++failed)
                        print_error("%s: %s\n   got %s   want %s\n", changes[i].file, changes[i].new, all, changes[i].want);
                pack_free(after);
                free(bytes);
        }
        pack_free(before);
        assert_int_equal(failed, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_pack_that_is_bent_is_whole),
                cmocka_unit_test(each_slip_is_told_of_or_read_as_meant),
                cmocka_unit_test(each_change_is_told_of_once),
        };

        return unit_run("pack_slips", tests);
}
