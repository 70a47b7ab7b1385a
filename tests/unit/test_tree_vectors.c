/* test_tree_vectors.c - other people's cases for RFC 6962 proofs: good ones, and lies that others once believed.
 *
 * The files (transparency-dev/merkle, testdata, 98 inclusion and 98 consistency cases) are not part of this repository.
 * SEKISHO_VECTORS names their folder; without it shared/corpora is looked for beside the source tree, that is upward from the
 * working directory; without either the test skips and says so.
 */
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>

#include "base/codec.h"
#include "core/journal/tree.h"

#include "unit.h"

/* Sizes 1 = 1 with twice the same 12-byte dummy as root: to be believed there. Here a root has 32 bytes or is none. */
#define DIFFERS "sizes-are-equal-one-and-proof-is-empty.json"

enum { FILES_MAX = 512, CASES = 98 };

/* ftw() has no context argument. */
static struct { char *path[FILES_MAX]; size_t n; } found;

static int found_add(const char *path, const struct stat *st, int flag)
{
        size_t n = strlen(path);

        if (flag == FTW_F && n > 5 && !strcmp(path + n - 5, ".json") && found.n < FILES_MAX)
                found.path[found.n++] = strdup(path);
        return 0;
}

static const char *vectors_find(void)
{
        static const char up[] = "../../../../../../shared/corpora/rfc6962-vectors/testdata";
        const char *env = getenv("SEKISHO_VECTORS");

        if (env)
                return env;
        for (const char *p = strstr(up, "../shared"); p >= up; p -= 3)
                if (access(p, R_OK) == 0)
                        return p;
        return NULL;
}

static bool hash_get(const json_t *j, struct hash *out)
{
        size_t n;

        return base64_decode(str_of(json_string_value(j)), out->b, HASH_SIZE, &n) && n == HASH_SIZE;
}

static bool proof_get(const json_t *list, struct proof *out)
{
        out->n = json_array_size(list);
        if (out->n > TREE_PROOF_MAX)
                return false;
        for (size_t i = 0; i < out->n; i++)
                if (!hash_get(json_array_get(list, i), &out->hash[i]))
                        return false;
        return true;
}

/* jansson reads an integer above 2^63-1 only as a real; as size or index it is above our maximum in any case. */
static json_t *case_load(const char *path)
{
        json_t *j = json_load_file(path, 0, NULL);

        return j ? j : json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
}

static bool count_get(const json_t *j, uint64_t *out)
{
        *out = json_is_integer(j) && json_integer_value(j) >= 0 ? (uint64_t)json_integer_value(j) : UINT64_MAX;
        return *out <= TREE_SIZE_MAX;
}

static bool inclusion_holds(const json_t *j)
{
        struct hash leaf, root;
        uint64_t index, size;
        struct proof p;

        return hash_get(json_object_get(j, "leafHash"), &leaf) && hash_get(json_object_get(j, "root"), &root) &&
               count_get(json_object_get(j, "leafIdx"), &index) && count_get(json_object_get(j, "treeSize"), &size) &&
               proof_get(json_object_get(j, "proof"), &p) &&
               tree_verify_inclusion(&leaf, index, size, p.hash, p.n, &root, NULL) == ERR_OK;
}

static bool consistency_holds(const json_t *j)
{
        struct hash old, root;
        uint64_t from, size;
        struct proof p;

        return hash_get(json_object_get(j, "root1"), &old) && hash_get(json_object_get(j, "root2"), &root) &&
               count_get(json_object_get(j, "size1"), &from) && count_get(json_object_get(j, "size2"), &size) &&
               proof_get(json_object_get(j, "proof"), &p) &&
               tree_verify_consistency(from, &old, size, &root, p.hash, p.n, NULL) == ERR_OK;
}

static void play(const char *kind, bool (*holds)(const json_t *), const char *differs)
{
        const char *dir = vectors_find();
        size_t agreed = 0, differed = 0;
        char path[4096];

        if (!dir) {
                print_message("# SKIP the public RFC 6962 cases are not here; set SEKISHO_VECTORS to their testdata folder\n");
                skip();
        }
        found.n = 0;
        (void)snprintf(path, sizeof(path), "%s/%s", dir, kind);
        assert_int_equal(ftw(path, found_add, 16), 0);
        for (size_t i = 0; i < found.n; i++) {
                json_t *j = case_load(found.path[i]);
                bool want = !json_is_true(json_object_get(j, "wantErr"));

                assert_non_null(j);
                if (holds(j) == want)
                        agreed++;
                else if (differs && strstr(found.path[i], differs))
                        differed++;
                else
                        fail_msg("%s: believed %d, wanted %d", found.path[i], !want, want);
                json_decref(j);
                free(found.path[i]);
        }
        print_message("# %s: %zu agree, %zu differ%s%s\n", kind, agreed, differed, differs ? ": " : "", differs ? differs : "");
        assert_int_equal(agreed + differed, CASES);
        assert_int_equal(differed, differs ? 1 : 0);
}

static void inclusion_cases_agree(void **state)
{
        play("inclusion", inclusion_holds, NULL);
}

static void consistency_cases_agree_but_the_one_with_dummies(void **state)
{
        play("consistency", consistency_holds, DIFFERS);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(inclusion_cases_agree),
                cmocka_unit_test(consistency_cases_agree_but_the_one_with_dummies),
        };

        return unit_run("tree_vectors", tests);
}
