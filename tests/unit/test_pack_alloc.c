/* Memory may be refused at any moment: the n-th allocation fails, for every n, and nothing crashes or stays behind. */
#include "core/form/form.h"
#include "core/pack/sheet.h"

#include "clause_pack.h"

#include "unit.h"

static unsigned long count, fail_at;       /* fail_at 0: never */
static long live;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void  __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void  __wrap_free(void *p);

/* libyaml's own, replaced for the whole process: its allocations fail and are counted like ours. */
void *yaml_malloc(size_t n);
void *yaml_realloc(void *p, size_t n);
void  yaml_free(void *p);
char *yaml_strdup(const char *s);

static bool refused(void)
{
        return ++count == fail_at;
}

static void *counted(void *p)
{
        live += p != NULL;
        return p;
}

void *__wrap_malloc(size_t n)
{
        return refused() ? NULL : counted(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
        return refused() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
        if (refused())
                return NULL;
        return p ? __real_realloc(p, n) : counted(__real_malloc(n));
}

void __wrap_free(void *p)
{
        live -= p != NULL;
        __real_free(p);
}

void *yaml_malloc(size_t n)
{
        return __wrap_malloc(n ? n : 1);
}

void *yaml_realloc(void *p, size_t n)
{
        return __wrap_realloc(p, n ? n : 1);
}

void yaml_free(void *p)
{
        __wrap_free(p);
}

char *yaml_strdup(const char *s)
{
        size_t n = s ? strlen(s) + 1 : 0;
        char *p = s ? __wrap_malloc(n) : NULL;

        return p ? memcpy(p, s, n) : NULL;
}

static void loading_survives_each_refusal(void **state)
{
        const struct pack_file *files = clause_pack();
        long before = live;
        struct err e;
        int r = ERR_NOMEM;

        for (fail_at = 1; r < 0; fail_at++) {
                struct pack *p = NULL;

                count = 0;
                r = pack_load(&p, files, CLAUSE_FILES, NULL, NULL, &e);
                if (r != ERR_NOMEM && r != 0)
                        fail_msg("allocation %lu refused: %s (%d)", fail_at, e.text, r);
                if ((r == 0) != (p != NULL) || (r == 0 && count >= fail_at))
                        fail_msg("allocation %lu refused: r %d, pack %p", fail_at, r, (void *)p);
                pack_free(p);
                if (live != before)
                        fail_msg("allocation %lu refused: %ld pieces stay behind", fail_at, live - before);
        }
        print_message("# %lu allocations refused in turn\n", fail_at - 2);
        assert_true(fail_at > 100);            /* else libyaml was not reached */
        fail_at = 0;
}

static void laying_survives_each_refusal(void **state)
{
        static const char overlay[] = "sekisho-pack: 1\nid: city\nversion: 1\nbase: thread\nchanges:\n"
                "  - id: a\n    act: remove\n    where: forms.network-connection.fields.purpose\n    reason: \"x\"\n"
                "  - id: b\n    act: add\n    where: roles.mayor\n    reason: \"x\"\n  - id: c\n    act: replace\n    where: settings\n    reason: \"x\"\n"
                "roles:\n  - id: mayor\nsettings:\n  session_hours: 9\n", texts[] = "sekisho-pack: 1\nrole.mayor.name: \"x\"\n";
        const struct pack_file files[] = { { "overlay.yaml", { overlay, sizeof(overlay) - 1 } }, { "texts/ja.yaml", { texts, sizeof(texts) - 1 } }, { "texts/en.yaml", { texts, sizeof(texts) - 1 } } };
        const struct pack_layer_files layers[] = { { "thread", thread_pack(), THREAD_FILES }, { "city", files, countof(files) } };
        long before = live;
        struct err e;
        int r = ERR_NOMEM;

        for (fail_at = 1; r < 0; fail_at++) {
                struct pack *p = NULL;

                count = 0;
                r = pack_load_layers(&p, layers, countof(layers), NULL, NULL, &e);
                if ((r != ERR_NOMEM && r != 0) || (r == 0) != (p != NULL) || (r == 0 && count >= fail_at))
                        fail_msg("allocation %lu refused: %s (%d)", fail_at, e.text, r);
                pack_free(p);
                if (live != before)
                        fail_msg("allocation %lu refused: %ld pieces stay behind", fail_at, live - before);
        }
        print_message("# %lu allocations refused in turn\n", fail_at - 2);
        assert_true(fail_at > 200);
        fail_at = 0;
}

static void checking_survives_each_refusal(void **state)
{
        static const struct given given[] = {
                { { "device_name", 11 }, { "PC", 2 } }, { { "mac", 3 }, { "02005e100001", 12 } },
                { { "purpose", 7 }, { "a\r\nb", 4 } },  { { "until", 5 }, { "2027-03-31", 10 } },
        };
        struct pack *p = NULL;
        struct err e;
        int r = ERR_NOMEM;

        fail_at = 0;
        assert_ok(pack_load(&p, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        for (fail_at = 1; r < 0; fail_at++) {
                struct arena a = ARENA_INIT;
                struct answer out[4] = { 0 };
                long before = live;

                count = 0;
                r = form_check(out, &p->forms[0], given, countof(given), NULL, &a, &e);
                assert_true(r == 0 || r == ERR_NOMEM);
                assert_true(r == 0 || !out[0].field);
                arena_done(&a);
                assert_int_equal(live, before);
        }
        fail_at = 0;
        pack_free(p);
}

static void sheets_survive_each_refusal(void **state)
{
        static const char *const names[] = { "texts", "forms" };

        for (size_t i = 0; i < countof(names); i++) {
                long before = live;
                struct err e;
                int r = ERR_NOMEM;

                for (fail_at = 1; r < 0; fail_at++) {
                        struct grid g = GRID_INIT;
                        struct pack_edit *edit = NULL;

                        count = 0;
                        r = sheet_from_pack(&g, names[i], thread_pack(), THREAD_FILES, &e);
                        if (r == 0)
                                r = sheet_to_pack(&edit, names[i], &g, thread_pack(), THREAD_FILES, NULL, NULL, &e);
                        if ((r != ERR_NOMEM && r != 0) || (r == 0) != (edit != NULL) || (r == 0 && count >= fail_at))
                                fail_msg("%s: allocation %lu refused: %s (%d)", names[i], fail_at, e.text, r);
                        pack_edit_free(edit);
                        grid_done(&g);
                        if (live != before)
                                fail_msg("%s: allocation %lu refused: %ld pieces stay behind", names[i], fail_at, live - before);
                }
                print_message("# %lu allocations refused in turn\n", fail_at - 2);
                fail_at = 0;
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(loading_survives_each_refusal),
                cmocka_unit_test(laying_survives_each_refusal),
                cmocka_unit_test(sheets_survive_each_refusal),
                cmocka_unit_test(checking_survives_each_refusal),
        };

        return unit_run("pack_alloc", tests);
}
