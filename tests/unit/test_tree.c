/* test_tree.c - the tree against RFC 6962's own recursive definition, and against every small lie.
 *
 * The oracle below is written straight from RFC 6962 §2.1 (MTH, PATH, SUBPROOF) and shares no code with tree.c.
 */
#include "base/codec.h"
#include "core/journal/tree.h"

#include "unit.h"

enum { LEAVES = 700, SMALL = 34, LEVEL_ONE = LEAVES / 256 };

static struct hash leaf[LEAVES], level_one[LEVEL_ONE];

static uint64_t split(uint64_t n)
{
        uint64_t k = 1;

        while (2 * k < n)
                k *= 2;
        return k;
}

static struct hash mth(const struct hash *d, uint64_t n)
{
        struct hash left, right;

        if (n == 1)
                return d[0];
        left = mth(d, split(n));
        right = mth(d + split(n), n - split(n));
        return hash_node(&left, &right);
}

static void path(struct proof *p, uint64_t m, const struct hash *d, uint64_t n)
{
        uint64_t k;

        if (n == 1)
                return;
        k = split(n);
        if (m < k) {
                path(p, m, d, k);
                p->hash[p->n++] = mth(d + k, n - k);
        } else {
                path(p, m - k, d + k, n - k);
                p->hash[p->n++] = mth(d, k);
        }
}

static void subproof(struct proof *p, uint64_t m, const struct hash *d, uint64_t n, bool b)
{
        uint64_t k;

        if (m == n) {
                if (!b)
                        p->hash[p->n++] = mth(d, n);
                return;
        }
        k = split(n);
        if (m <= k) {
                subproof(p, m, d, k, b);
                p->hash[p->n++] = mth(d + k, n - k);
        } else {
                subproof(p, m - k, d + k, n - k, false);
                p->hash[p->n++] = mth(d, k);
        }
}

/* What is stored: all leaves, and level 1 for each complete 256; asked for anything else the test fails. */
struct store { uint64_t size; unsigned calls, fail_at; };

static int store_read(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e)
{
        struct store *s = ctx;

        assert_in_range(level, 0, 1);
        assert_in_range(n, 1, 128);
        assert_true((at + n) << 8 * level <= s->size);
        if (++s->calls == s->fail_at)
                return err_set(e, ERR_IO, "unreadable");
        memcpy(out, (level ? level_one : leaf) + at, n * sizeof(*out));
        return ERR_OK;
}

static const uint64_t sizes[] = { 1, 2, 3, 4, 7, 8, 9, 33, 64, 127, 255, 256, 257, 300, 511, 512, 513, 640, 699, 700 };

static int leaves_make(void **state)
{
        for (size_t i = 0; i < LEAVES; i++) {
                uint8_t b[2] = { (uint8_t)(i >> 8), (uint8_t)i };

                leaf[i] = hash_leaf((struct str){ (char *)b, 2 });
        }
        for (size_t i = 0; i < LEVEL_ONE; i++)
                level_one[i] = mth(leaf + 256 * i, 256);
        return 0;
}

static void roots_are_the_published_ones(void **state)
{
        static const struct { struct str entry; const char *root; } rows[] = {   /* Certificate Transparency's reference tree */
                { STR(""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
                { STR("\x00"), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
                { STR("\x10"), "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
                { STR("\x20\x21"), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
                { STR("\x30\x31"), "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
                { STR("\x40\x41\x42\x43"), "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
                { STR("\x50\x51\x52\x53\x54\x55\x56\x57"), "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
                { STR("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
                  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
        };
        struct edge edge = { 0 };
        char text[2 * HASH_SIZE + 1];

        hex_text(text, edge_root(&edge).b, HASH_SIZE);
        assert_text(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (size_t i = 0; i < countof(rows); i++) {
                struct hash h = hash_leaf(rows[i].entry);

                assert_int_equal(edge_append(&edge, &h, NULL), ERR_OK);
                hex_text(text, edge_root(&edge).b, HASH_SIZE);
                assert_text(text, rows[i].root);
        }
}

static void edge_and_stored_hashes_give_the_defined_root(void **state)
{
        struct edge edge = { 0 };

        for (uint64_t n = 1; n <= LEAVES; n++) {
                struct store s = { .size = n };
                struct hash want, got;

                assert_int_equal(edge_append(&edge, &leaf[n - 1], NULL), ERR_OK);
                assert_int_equal(edge_count(n), __builtin_popcountll(n));
                want = mth(leaf, n);
                got = edge_root(&edge);
                assert_memory_equal(got.b, want.b, HASH_SIZE);
                assert_int_equal(tree_root(&got, n, store_read, &s, NULL), ERR_OK);
                assert_memory_equal(got.b, want.b, HASH_SIZE);
        }
}

static void check_inclusion(uint64_t index, uint64_t size)
{
        struct proof want = { 0 }, got;
        struct store s = { .size = size };
        struct hash root = mth(leaf, size);

        path(&want, index, leaf, size);
        assert_int_equal(tree_prove_inclusion(&got, index, size, store_read, &s, NULL), ERR_OK);
        assert_int_equal(got.n, want.n);
        assert_memory_equal(got.hash, want.hash, want.n * HASH_SIZE);
        assert_int_equal(tree_verify_inclusion(&leaf[index], index, size, got.hash, got.n, &root, NULL), ERR_OK);
}

static void inclusion_proofs_are_the_defined_ones(void **state)
{
        for (uint64_t size = 1; size <= SMALL; size++)
                for (uint64_t index = 0; index < size; index++)
                        check_inclusion(index, size);
        for (size_t i = 0; i < countof(sizes); i++)
                for (uint64_t index = 0; index < sizes[i]; index += index < 8 ? 1 : 13)
                        check_inclusion(index, sizes[i]);
}

static void check_consistency(uint64_t from, uint64_t size)
{
        struct proof want = { 0 }, got;
        struct store s = { .size = size };
        struct hash old = mth(leaf, from), root = mth(leaf, size);

        subproof(&want, from, leaf, size, true);
        assert_int_equal(tree_prove_consistency(&got, from, size, store_read, &s, NULL), ERR_OK);
        assert_int_equal(got.n, want.n);
        assert_memory_equal(got.hash, want.hash, want.n * HASH_SIZE);
        assert_int_equal(tree_verify_consistency(from, &old, size, &root, got.hash, got.n, NULL), ERR_OK);
}

static void consistency_proofs_are_the_defined_ones(void **state)
{
        for (uint64_t size = 1; size <= SMALL; size++)
                for (uint64_t from = 1; from <= size; from++)
                        check_consistency(from, size);
        for (size_t i = 0; i < countof(sizes); i++)
                for (size_t j = 0; j <= i; j++)
                        check_consistency(sizes[j], sizes[i]);
}

/* A proof is believed for exactly one leaf, index, size, root and list of hashes. */
static void any_change_of_an_inclusion_proof_is_refused(void **state)
{
        for (uint64_t size = 1; size <= SMALL; size++)
                for (uint64_t index = 0; index < size; index++) {
                        struct hash root = mth(leaf, size), bad = root;
                        struct proof p = { 0 }, q;

                        path(&p, index, leaf, size);
                        bad.b[index % HASH_SIZE] ^= 1;
                        assert_int_equal(tree_verify_inclusion(&leaf[index], index, size, p.hash, p.n, &bad, NULL), ERR_TAMPERED);
                        assert_int_equal(tree_verify_inclusion(&leaf[index + 1], index, size, p.hash, p.n, &root, NULL), ERR_TAMPERED);
                        for (uint64_t other = 0; other < size; other++)
                                if (other != index)
                                        assert_int_equal(tree_verify_inclusion(&leaf[index], other, size, p.hash, p.n, &root, NULL),
                                                         ERR_TAMPERED);
                        for (size_t i = 0; i < p.n; i++) {
                                q = p;
                                q.hash[i].b[(index + i) % HASH_SIZE] ^= 0x80;
                                assert_int_equal(tree_verify_inclusion(&leaf[index], index, size, q.hash, q.n, &root, NULL), ERR_TAMPERED);
                        }
                        q = p;
                        q.hash[q.n] = root;
                        assert_int_equal(tree_verify_inclusion(&leaf[index], index, size, q.hash, q.n + 1, &root, NULL), ERR_TAMPERED);
                        if (p.n)
                                assert_int_equal(tree_verify_inclusion(&leaf[index], index, size, p.hash, p.n - 1, &root, NULL), ERR_TAMPERED);
                        assert_int_equal(tree_verify_inclusion(&leaf[index], size, size, p.hash, p.n, &root, NULL), ERR_INPUT);
                }
        assert_int_equal(tree_verify_inclusion(&leaf[0], 0, 0, NULL, 0, &leaf[0], NULL), ERR_INPUT);
        assert_int_equal(tree_verify_inclusion(&leaf[0], 0, TREE_SIZE_MAX + 1, NULL, 0, &leaf[0], NULL), ERR_INPUT);
        assert_int_equal(tree_verify_inclusion(&leaf[0], UINT64_MAX, UINT64_MAX, NULL, 0, &leaf[0], NULL), ERR_INPUT);
}

static void any_change_of_a_consistency_proof_is_refused(void **state)
{
        for (uint64_t size = 1; size <= SMALL; size++)
                for (uint64_t from = 1; from <= size; from++) {
                        struct hash old = mth(leaf, from), root = mth(leaf, size), bad;
                        struct proof p = { 0 }, q;

                        subproof(&p, from, leaf, size, true);
                        bad = old;
                        bad.b[0] ^= 1;
                        assert_int_equal(tree_verify_consistency(from, &bad, size, &root, p.hash, p.n, NULL), ERR_TAMPERED);
                        bad = root;
                        bad.b[31] ^= 1;
                        assert_int_equal(tree_verify_consistency(from, &old, size, &bad, p.hash, p.n, NULL), ERR_TAMPERED);
                        for (size_t i = 0; i < p.n; i++) {
                                q = p;
                                q.hash[i].b[i % HASH_SIZE] ^= 4;
                                assert_int_equal(tree_verify_consistency(from, &old, size, &root, q.hash, q.n, NULL), ERR_TAMPERED);
                        }
                        q = p;
                        q.hash[q.n] = old;
                        assert_int_equal(tree_verify_consistency(from, &old, size, &root, q.hash, q.n + 1, NULL), ERR_TAMPERED);
                        if (p.n)
                                assert_int_equal(tree_verify_consistency(from, &old, size, &root, p.hash, p.n - 1, NULL), ERR_TAMPERED);
                        if (from < size)
                                assert_int_equal(tree_verify_consistency(size, &root, from, &old, p.hash, p.n, NULL), ERR_INPUT);
                        assert_int_equal(tree_verify_consistency(0, &old, size, &root, p.hash, p.n, NULL), ERR_INPUT);
                }
}

/* The history was rewritten: one leaf changed, then grown on. No proof can tie the old root to the new tree. */
static void a_rewritten_history_cannot_be_tied_to_the_old_root(void **state)
{
        struct hash old = mth(leaf, 21), root;
        struct proof p = { 0 };

        leaf[5].b[0] ^= 1;
        subproof(&p, 21, leaf, 34, true);
        root = mth(leaf, 34);
        leaf[5].b[0] ^= 1;
        assert_int_equal(tree_verify_consistency(21, &old, 34, &root, p.hash, p.n, NULL), ERR_TAMPERED);
}

static void building_refuses_what_is_not_in_the_tree(void **state)
{
        struct store s = { .size = 10 };
        struct proof p;
        struct hash h;

        assert_int_equal(tree_prove_inclusion(&p, 10, 10, store_read, &s, NULL), ERR_INPUT);
        assert_int_equal(tree_prove_inclusion(&p, 0, 0, store_read, &s, NULL), ERR_INPUT);
        assert_int_equal(tree_prove_consistency(&p, 11, 10, store_read, &s, NULL), ERR_INPUT);
        assert_int_equal(tree_prove_consistency(&p, 0, 10, store_read, &s, NULL), ERR_INPUT);
        assert_int_equal(tree_root(&h, TREE_SIZE_MAX + 1, store_read, &s, NULL), ERR_INPUT);
        assert_int_equal(s.calls, 0);
        assert_int_equal(tree_root(&h, 0, store_read, &s, NULL), ERR_OK);
        assert_int_equal(s.calls, 0);
}

static void a_reader_that_fails_is_passed_on(void **state)
{
        struct proof untouched, p;

        memset(&p, 0x5a, sizeof(p));
        untouched = p;
        for (unsigned at = 1;; at++) {
                struct store s = { .size = LEAVES, .fail_at = at };
                struct err e = { 0 };
                int r = tree_prove_inclusion(&p, 300, LEAVES, store_read, &s, &e);

                if (r == ERR_OK) {
                        assert_true(at > 10);
                        break;
                }
                assert_int_equal(r, ERR_IO);
                assert_non_null(strstr(e.text, "unreadable"));
                assert_memory_equal(&p, &untouched, sizeof(p));
        }
}

static int one_hash_read(void *ctx, unsigned level, uint64_t at, size_t n, struct hash *out, struct err *e)
{
        assert_true((at + n) << 8 * level <= TREE_SIZE_MAX);
        for (size_t i = 0; i < n; i++)
                out[i] = leaf[0];
        return ERR_OK;
}

static void the_largest_tree_has_its_place(void **state)
{
        static const uint64_t at[] = { 0, 1, 255, 256, TREE_SIZE_MAX / 2, TREE_SIZE_MAX - 2 };
        struct edge full = { .size = TREE_SIZE_MAX };
        struct proof p;
        struct hash h;

        for (size_t i = 0; i < countof(at); i++) {
                assert_int_equal(tree_prove_inclusion(&p, at[i], TREE_SIZE_MAX - 1, one_hash_read, NULL, NULL), ERR_OK);
                assert_in_range(p.n, 39, 40);
                assert_int_equal(tree_prove_consistency(&p, at[i] + 1, TREE_SIZE_MAX, one_hash_read, NULL, NULL), ERR_OK);
                assert_in_range(p.n, 1, TREE_PROOF_MAX);
        }
        assert_int_equal(tree_root(&h, TREE_SIZE_MAX - 1, one_hash_read, NULL, NULL), ERR_OK);
        assert_int_equal(edge_append(&full, &leaf[0], NULL), ERR_FULL);
        assert_int_equal(full.size, TREE_SIZE_MAX);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(roots_are_the_published_ones),
                cmocka_unit_test(edge_and_stored_hashes_give_the_defined_root),
                cmocka_unit_test(inclusion_proofs_are_the_defined_ones),
                cmocka_unit_test(consistency_proofs_are_the_defined_ones),
                cmocka_unit_test(any_change_of_an_inclusion_proof_is_refused),
                cmocka_unit_test(any_change_of_a_consistency_proof_is_refused),
                cmocka_unit_test(a_rewritten_history_cannot_be_tied_to_the_old_root),
                cmocka_unit_test(building_refuses_what_is_not_in_the_tree),
                cmocka_unit_test(a_reader_that_fails_is_passed_on),
                cmocka_unit_test(the_largest_tree_has_its_place),
        };

        leaves_make(NULL);
        return unit_run("tree", tests);
}
