/* Evidence packs: proofs by tiles are the proofs of the tree; whatever leaves a trace leads to where its traces are. */
#include "core/pack/coverage.h"
#include "mic_r4_pack.h"
#include "server/office/evidence/prover.h"
#include "server/office/evidence/scope.h"
#include "server/office/store/journal.h"
#include "server/office/store/tree.h"
#include "small_store.h"

#include "unit.h"

enum { LOG = 1100 };

static struct pack *mic_r4;

static void fill(struct small_store *s)
{
        struct err e = { 0 };

        assert_ok(db_begin(s->db, &e), e);
        for (int i = 0; i < LOG; i++) {
                struct receipt receipt;
                struct changes c;

                changes_init(&c, &s->arena, i % 10 ? "session.opened" : "epoch.opened", i % 3 ? "01960000-0000-7000-8000-000000000001" : "01960000-0000-7000-8000-000000000002");
                changes_note_int(&c, "seq", i);
                assert_ok(journal_append(&receipt, s->db, &c, STORE_NOW + i * UTIME_S, "SHI-2026", &e), e);
        }
        assert_ok(db_commit(s->db, &e), e);
}

/* Of every entry in trees of every shape, the same bytes as core's, in ascending order and in none. */
static void proofs_by_tiles_are_the_trees(void **state)
{
        static const uint64_t sizes[] = { 1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 512, 513, 768, 1023, 1024, 1025 };
        struct small_store *s = store_make();

        fill(s);
        for (size_t i = 0; i < countof(sizes); i++) {
                struct prover *p = NULL;
                struct err e = { 0 };

                assert_ok(prover_new(&p, s->db, sizes[i], &e), e);
                for (uint64_t k = 0; k < sizes[i]; k++) {
                        uint64_t index = i % 2 ? k * 257 % sizes[i] : k;
                        struct proof want, got;

                        assert_ok(tree_prove_inclusion(&want, index, sizes[i], tree_read_db, s->db, &e), e);
                        assert_ok(prover_prove(&got, p, index, &e), e);
                        if (got.n != want.n || memcmp(got.hash, want.hash, want.n * sizeof(want.hash[0])) != 0)
                                fail_msg("entry %llu of %llu: another proof", (unsigned long long)index, (unsigned long long)sizes[i]);
                }
                assert_int_equal(prover_prove(&(struct proof){ 0 }, p, sizes[i], &e), ERR_INPUT);
                p = prover_free(p);
        }
        store_end(s);
}

static void the_first_entry_of_a_moment_is_found_by_halves(void **state)
{
        static const struct { utime_t at; uint64_t size, want; } cases[] = {
                { STORE_NOW - UTIME_DAY, LOG, 0 }, { STORE_NOW, LOG, 0 }, { STORE_NOW + 1, LOG, 1 }, { STORE_NOW + 500 * UTIME_S, LOG, 500 },
                { STORE_NOW + 500 * UTIME_S + 1, LOG, 501 }, { STORE_NOW + UTIME_DAY, LOG, LOG }, { STORE_NOW + 500 * UTIME_S, 100, 100 }, { STORE_NOW, 0, 0 },
        };
        struct small_store *s = store_make();

        fill(s);
        for (size_t i = 0; i < countof(cases); i++) {
                struct err e = { 0 };
                uint64_t index = 0;

                assert_ok(gather_first(&index, s->db, cases[i].at, cases[i].size, &e), e);
                assert_int_equal(index, cases[i].want);
        }
        store_end(s);
}

static void a_range_of_entries_is_half_open_and_settled_once(void **state)
{
        struct small_store *s = store_make();
        struct index_set set = INDEX_SET_INIT;
        struct err e = { 0 };

        fill(s);
        assert_ok(gather_entries(&set, s->db, GATHER_TYPE, STR("epoch.opened"), STR(""), (struct entry_range){ 10, 30 }, &e), e);
        assert_ok(gather_entries(&set, s->db, GATHER_REF, STR("01960000-0000-7000-8000-000000000002"), STR(""), (struct entry_range){ 18, 22 }, &e), e);
        assert_ok(gather_entries(&set, s->db, GATHER_TYPE, STR("epoch.opened"), STR(""), (struct entry_range){ 0, 11 }, &e), e);
        index_set_settle(&set);
        assert_int_equal(set.n, 5);
        for (size_t i = 0; i < set.n; i++)
                assert_int_equal(set.v[i], ((const uint64_t[]){ 0, 10, 18, 20, 21 })[i]);
        index_set_done(&set);
        store_end(s);
}

/* Words, and what is not there yet, leave none. */
static void every_mechanism_that_leaves_a_trace_has_a_source(void **state)
{
        struct arena a = ARENA_INIT;
        size_t looked = 0;

        for (size_t i = 0; i < mic_r4->mechanisms_count; i++) {
                const struct pack_mechanism *m = &mic_r4->mechanisms[i];
                struct sources_of *of = arena_new(&a, struct sources_of);

                if (m->state != MECHANISM_BUILT || m->kind == MECHANISM_TEXT || m->carrier == CARRIER_REPORT || m->carrier == CARRIER_AGENT || m->carrier == CARRIER_IMPORT ||
                    m->carrier == CARRIER_TEXT || !m->clauses_count)
                        continue;
                scope_sources_of_clause(of, mic_r4, m->clauses[0].id, &a);
                if (!of->n)
                        fail_msg("clause %s: nothing to look for, though %s serves it", m->clauses[0].id, m->id);
                looked++;
        }
        assert_true(looked > 50);
        arena_done(&a);
}

static void a_scope_that_is_none_is_refused(void **state)
{
        static const struct { struct dossier_scope s; int want; } cases[] = {
                { { DOSSIER_CLAUSE, "S8.2-R2.8", "", 1, 2 }, ERR_OK },          { { DOSSIER_CLAUSE, "S8.2-R2.8\"", "", 1, 2 }, ERR_ABSENT },
                { { DOSSIER_CLAUSE, "S9.9-R9", "", 1, 2 }, ERR_ABSENT },         { { DOSSIER_CLAUSE, "S8.2-R2.8", "", 2, 2 }, ERR_INPUT },
                { { DOSSIER_PROCEDURE, "service-use", "", 1, 2 }, ERR_OK },      { { DOSSIER_PROCEDURE, "x", "", 1, 2 }, ERR_ABSENT },
                { { DOSSIER_BODY, "", "SHI", 1, 2 }, ERR_OK },                   { { DOSSIER_BODY, "", "", 1, 2 }, ERR_ABSENT },
                { { DOSSIER_ROW, "service:01960000-0000-7000-8000-000000000001", "", 1, 2 }, ERR_OK }, { { DOSSIER_ROW, "x:01960000-0000-7000-8000-000000000001", "", 1, 2 }, ERR_ABSENT },
                { { DOSSIER_ROW, "service:1", "", 1, 2 }, ERR_ABSENT },
        };

        for (size_t i = 0; i < countof(cases); i++)
                assert_int_equal(scope_check(&cases[i].s, mic_r4, NULL), cases[i].want);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(proofs_by_tiles_are_the_trees),
                cmocka_unit_test(the_first_entry_of_a_moment_is_found_by_halves),
                cmocka_unit_test(a_range_of_entries_is_half_open_and_settled_once),
                cmocka_unit_test(every_mechanism_that_leaves_a_trace_has_a_source),
                cmocka_unit_test(a_scope_that_is_none_is_refused),
        };

        struct err e = { 0 };
        size_t n = 0;
        const struct pack_file *files = mic_r4_pack(&n);
        int r = pack_load(&mic_r4, files, n, NULL, NULL, &e);

        if (r < 0) {
                (void)fprintf(stderr, "packs/mic-r4: %s\n", e.text);
                return 1;
        }
        r = unit_run("evidence", tests);
        mic_r4 = pack_free(mic_r4);
        return r;
}
