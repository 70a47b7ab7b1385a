/* Ten thousand packs that somebody, or something, has spoilt: each is refused at a place, or is whole.
 *
 * Bytes, lines and words of packs/thread, packs/mic-r4 and tests/pack/whole are changed, the same ones each time. What loads is walked
 * by the schema's tables and loaded once more: what is told twice must be the same.
 */
#include "core/pack/diff.h"
#include "core/pack/schema.h"
#include "link/pack_dir.h"

#include "unit.h"

static const struct { const char *dir; unsigned rounds; } seeds[] = {
        { "packs/thread", 5600 }, { "tests/pack/whole", 4000 }, { "packs/mic-r4", 400 },      /* large ones take their time */
};

static struct pack_dir *open_dir(const char *name)
{
        static const char *const roots[] = { "", "../", "../../", "../../../" };
        struct pack_dir *d = NULL;
        char path[256];

        for (size_t i = 0; i < countof(roots) && !d; i++) {
                (void)snprintf(path, sizeof(path), "%s%s", roots[i], name);
                (void)pack_dir_read(&d, path, NULL);
        }
        if (!d) {
                printf("Bail out! %s is not found from here\n", name);
                exit(1);
        }
        return d;
}

/* xorshift64*: the same on every machine. */
static size_t roll(uint64_t *dice, size_t below)
{
        *dice ^= *dice >> 12;
        *dice ^= *dice << 25;
        *dice ^= *dice >> 27;
        return below ? (size_t)(*dice * 2685821657736338717ull >> 32) % below : 0;
}

/* ---- what is done to a file ---- */

struct span { size_t from, until; };

static void replaced(struct buf *to, struct str from, struct span cut, struct str put)
{
        buf_clear(to);
        buf_add(to, from.p, cut.from);
        buf_str(to, put);
        buf_add(to, from.p + cut.until, from.n - cut.until);
}

static void change_byte(struct buf *to, struct str from, uint64_t *dice)
{
        static const char borders[] = { 0, '\n', ' ', '"', ':', '-', '#', '|', '\\', '0', '9', 'a', (char)0x80, (char)0xe3, (char)0xff, '\t' };
        size_t at = roll(dice, from.n), how = roll(dice, 4);
        char c = how == 3 ? (char)(from.p[at] ^ 1 << roll(dice, 8)) : borders[roll(dice, sizeof(borders))];

        replaced(to, from, (struct span){ at, at + (how != 1) }, (struct str){ &c, how != 2 });
}

static struct span line_at(struct str s, size_t at)
{
        struct span l = { at, at };

        while (l.from && s.p[l.from - 1] != '\n')
                l.from--;
        while (l.until < s.n && s.p[l.until] != '\n')
                l.until++;
        l.until += l.until < s.n;
        return l;
}

/* A line is deleted, doubled, put over another, or moved in or out. */
static void change_line(struct buf *to, struct str from, uint64_t *dice)
{
        struct span a = line_at(from, roll(dice, from.n)), b = line_at(from, roll(dice, from.n));
        struct str text = { from.p + a.from, a.until - a.from };

        switch (roll(dice, 5)) {
        case 0:
                replaced(to, from, a, STR(""));
                break;
        case 1:
                replaced(to, from, (struct span){ a.until, a.until }, text);
                break;
        case 2:
                replaced(to, from, b, text);
                break;
        case 3:
                replaced(to, from, (struct span){ a.from, a.from }, STR("  "));
                break;
        default:
                replaced(to, from, (struct span){ a.from, a.from + (text.n > 2 && memcmp(text.p, "  ", 2) == 0 ? 2 : 0) }, STR(""));
        }
}

static bool is_word(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static struct span word_at(struct str s, size_t at)
{
        struct span w = { at, at };

        while (w.from && is_word(s.p[w.from - 1]))
                w.from--;
        while (w.until < s.n && is_word(s.p[w.until]))
                w.until++;
        return w;
}

/* A word becomes another one of the same pack, or one that means something somewhere. */
static void change_word(struct buf *to, struct str from, struct str other, uint64_t *dice)
{
        static const char *const words[] = { "true", "false", "0", "1", "4294967296", "18446744073709551616", "and", "not", "id", "start", "conf2plus", "\"x\"",
                                             "\"a == b\"", "\"true\"", "\"every 6 months\"", "\"90 days\"", "choice", "table", "machine", "judge", "council", "classified" };
        struct span w = word_at(from, roll(dice, from.n)), v = word_at(other, roll(dice, other.n));

        replaced(to, from, w, roll(dice, 3) ? (struct str){ other.p + v.from, v.until - v.from } : str_of(words[roll(dice, countof(words))]));
}

static void change(struct buf *to, struct str from, struct str other, uint64_t *dice)
{
        switch (roll(dice, 3)) {
        case 0:
                change_byte(to, from, dice);
                break;
        case 1:
                change_line(to, from, dice);
                break;
        default:
                change_word(to, from, other, dice);
        }
}

/* ---- what has loaded ---- */

static const char *word(const char *at)
{
        return *(const char *const *)(const void *)at;
}

static void assert_record(const struct schema *s, const char *record);

static void assert_key(const struct schema_key *k, const char *at, const char *record)
{
        const struct pack_condition *c = (const void *)at;

        switch (k->type) {
        case SCHEMA_ID: case SCHEMA_CODE: case SCHEMA_SECTION: case SCHEMA_CLAUSE: case SCHEMA_TEST: case SCHEMA_REFERENCE: case SCHEMA_STEP: case SCHEMA_LEVEL:
                assert_true(!k->required || *word(at));
                break;
        case SCHEMA_CONDITION:
                assert_true(c->source ? c->tree != NULL : !k->required);
                break;
        case SCHEMA_RECORD:
                assert_record(schema_of(k->refers), at);
                break;
        case SCHEMA_RECORDS:
                assert_true(!k->required || *(const size_t *)(const void *)(record + k->count_offset));
                for (size_t i = 0; i < *(const size_t *)(const void *)(record + k->count_offset); i++)
                        assert_record(schema_of(k->refers), word(at) + i * schema_of(k->refers)->size);
                break;
        default:
                break;
        }
}

static void assert_record(const struct schema *s, const char *record)
{
        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                assert_key(k, record + k->offset, record);
        for (const struct schema_text *t = s->texts; t < s->texts + s->texts_count; t++) {
                const struct pack_text *text = (const void *)(record + t->offset);

                assert_true(t->required && !t->when ? text->in[LANG_JA] && text->in[LANG_EN] : !text->in[LANG_JA] == !text->in[LANG_EN]);
        }
}

static void assert_whole(const struct pack *p)
{
        for (const struct schema_file *f = schema_files; f < schema_files + schema_files_count; f++) {
                const struct schema *s = schema_of(f->kind);
                const char *pack = (const char *)p;

                if (f->required)
                        assert_record(s, pack);
                for (size_t i = 0; f->is_folder && i < *(const size_t *)(const void *)(pack + s->count); i++)
                        assert_record(s, word(pack + s->list) + i * s->size);
        }
        for (size_t i = 0; i < p->procedures_count; i++)
                assert_true(p->procedures[i].names.n > 0);
}

static void no_change(void *ctx, const struct change *c)
{
        fail_msg("two readings differ at %s", c->key);
}

struct seen { unsigned count, placed; };

static void see(void *ctx, const struct err *e)
{
        struct seen *s = ctx;
        const char *colon = strrchr(e->args[0], ':');

        s->count++;
        s->placed += text_known(e->key) && colon && colon > e->args[0] && colon[1] >= '1' && colon[1] <= '9';
}

/* True: it loaded. */
static bool try_pack(const struct pack_file *files, size_t n)
{
        struct pack *p = NULL, *q = NULL;
        struct seen s = { 0 };
        struct err e = { 0 };
        int r = pack_load(&p, files, n, see, &s, &e);

        if (r < 0) {
                assert_int_equal(r, ERR_INPUT);
                assert_true(!p && s.count && s.placed == s.count && e.key[0]);
                return false;
        }
        assert_int_equal(s.count, 0);
        assert_whole(p);
        assert_ok(pack_load(&q, files, n, NULL, NULL, &e), e);
        assert_true(hash_eq(&p->hash, &q->hash));
        pack_diff(p, q, no_change, NULL);
        pack_free(p);
        pack_free(q);
        return true;
}

static void ten_thousand_spoilt_packs_are_refused_at_a_place_or_whole(void **state)
{
        unsigned loaded = 0, refused = 0;
        uint64_t dice = 20261123;

        for (size_t i = 0; i < countof(seeds); i++) {
                scoped(pack_dir_free) struct pack_dir *d = open_dir(seeds[i].dir);
                struct pack_file *files = calloc(d->n, sizeof(*files));

                assert_non_null(files);
                for (unsigned round = 0; round < seeds[i].rounds; round++) {
                        size_t at = roll(&dice, d->n);
                        struct buf a = BUF_INIT, b = BUF_INIT;

                        memcpy(files, d->files, d->n * sizeof(*files));
                        change(&a, files[at].bytes, files[roll(&dice, d->n)].bytes, &dice);
                        if (roll(&dice, 4) == 0 && a.n)      /* a second time, now and then */
                                change(&b, buf_view(&a), files[roll(&dice, d->n)].bytes, &dice);
                        files[at].bytes = b.n ? buf_view(&b) : buf_view(&a);
                        if (try_pack(files, d->n))
                                loaded++;
                        else
                                refused++;
                        buf_done(&a);
                        buf_done(&b);
                }
                free(files);
        }
        print_message("# %u refused, %u loaded and whole\n", refused, loaded);
        assert_true(refused > 5000 && loaded > 500);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(ten_thousand_spoilt_packs_are_refused_at_a_place_or_whole),
        };

        return unit_run("pack_mutate", tests);
}
