/* check.c - see maintain.h: one function a step, all steps are taken, whatever those before them found. */
#include "base/codec.h"
#include "server/office/grants/compile.h"
#include "server/office/maintain.h"
#include "server/office/office.h"
#include "server/office/store/erase.h"
#include "server/office/store/files.h"
#include "server/office/store/inspect.h"
#include "server/office/store/journal.h"
#include "server/office/store/local.h"
#include "server/office/store/query.h"
#include "server/office/store/rows.h"
#include "server/office/store/tree.h"
#include "sys/files.h"
#include "wire/signer_state.h"

enum { PATH_ROOM = OFFICE_PATH_MAX + 64, KEYS_FILE_MAX = 64 * 1024, SAID_MAX = 200 };

struct check {
        struct office  office;
        struct db     *db;
        struct inspect to;
        struct hash    root;
        uint64_t       size;             /* of the journal */
        size_t         found, missing;   /* what does not hold; what could not be compared */
        bool           journal_holds;
};

/* ---- words ---- */

static void print_words(const struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        if (*e->key) {
                text_err(&words, LANG_JA, e);
                buf_text(&words, "\n");
                text_err(&words, LANG_EN, e);
        } else {
                buf_text(&words, e->text);
        }
        (void)printf("%s: %s\n", err_name(e->code), buf_bad(&words) ? e->text : buf_view(&words).p);
}

static void found(void *ctx, const struct err *bad)
{
        struct check *c = ctx;

        if (c->found++ < SAID_MAX)
                print_words(bad);
}

static void missing(struct check *c, const char *key, const char *arg)
{
        struct err e = { 0 };

        (void)err_key(&e, ERR_ABSENT, key, "", arg, NULL);
        c->missing++;
        print_words(&e);
}

static void show_progress(void *ctx, uint64_t done, uint64_t total)
{
        (void)fprintf(stderr, "\r%s %llu / %llu", (const char *)ctx, (unsigned long long)done, (unsigned long long)total);
        if (done + 1000 >= total)
                (void)fputc('\n', stderr);
}

/* ---- steps ---- */

static int step_schema(struct check *c, struct err *e) { return inspect_schema(c->db, &c->to, e); }
static int step_pages(struct check *c, struct err *e)  { return inspect_pages(c->db, &c->to, e); }
static int step_search(struct check *c, struct err *e) { return inspect_search(c->db, &c->to, e); }
static int step_units(struct check *c, struct err *e)  { return inspect_units(c->db, &c->to, c->size, e); }

/* What is gone was erased by an entry, and nothing else is gone. */
static int step_erased(struct check *c, struct err *e)
{
        bool pending = false;
        int r = erase_check(&pending, c->db, e);

        if (r == ERR_OK && pending)
                (void)printf("erasure: an erased unit still has its key; the office destroys it when it runs\n");
        return r;
}

static int step_journal(struct check *c, struct err *e)
{
        int r = journal_check(&c->root, &c->size, c->db, show_progress, (void *)(uintptr_t)"checked", e);

        c->journal_holds = r == ERR_OK;
        return r;
}

static int step_local(struct check *c, struct err *e)
{
        uint64_t rows = 0;
        int r = inspect_local(c->db, &c->to, &rows, e);

        if (r == ERR_OK)
                (void)printf("local: %llu rows under their MAC\n", (unsigned long long)rows);
        return r;
}

/* The signer's own memory is the anchor: its tree must be the beginning of ours, and we may lead it by a moment only. */
static int step_signer(struct check *c, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct signer_state state;
        struct hash root, want;
        char path[PATH_ROOM];
        int r;

        (void)snprintf(path, sizeof(path), "%s/signer/state", c->office.dir);
        if (file_read(&file, path, 64 * 1024, e) < 0) {
                (void)printf("incomplete: no signer state to compare with\n");
                c->missing++;
                return ERR_OK;
        }
        r = signer_state_decode(&state, buf_view(&file), e);
        if (r < 0)
                return ERR_TAMPERED;
        if (!uuid_eq(state.install, c->office.install) || state.epoch != c->office.epoch)
                return err_key(e, ERR_TAMPERED, "seal.signer.foreign", "", c->office.install_text, NULL);
        if (!signer_state_is_whole(buf_view(&file)))
                missing(c, "seal.slot.torn", "signer/state");
        if (!c->journal_holds)
                return ERR_OK;
        if (state.edge.size > c->size)
                return err_key(e, ERR_TAMPERED, "seal.store.behind", "", NULL);
        want = edge_root(&state.edge);
        r = state.edge.size ? tree_root(&root, state.edge.size, tree_read_db, c->db, e) : ERR_OK;
        if (r == ERR_OK && state.edge.size && !hash_eq(&root, &want))
                return err_key(e, ERR_TAMPERED, "seal.store.differs", "", NULL);
        if (r == ERR_OK)
                (void)printf("signer: %llu of %llu entries under its checkpoint\n", (unsigned long long)state.edge.size, (unsigned long long)c->size);
        return r;
}

/* Written once, and ends with the hash of all that stands before. Who may not read it checks the rest. */
static int step_keys_file(struct check *c, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        char path[PATH_ROOM];
        struct hash sum;

        (void)snprintf(path, sizeof(path), "%s/signer/keys", c->office.dir);
        if (file_read(&file, path, KEYS_FILE_MAX, NULL) < 0)
                return ERR_OK;
        if (file.n > HASH_SIZE)
                sum = hash_bytes((struct str){ file.p, file.n - HASH_SIZE });
        if (file.n <= HASH_SIZE || memcmp(sum.b, file.p + file.n - HASH_SIZE, HASH_SIZE) != 0)
                return err_key(e, ERR_TAMPERED, "seal.keys.changed", "", "signer/keys", NULL);
        return ERR_OK;
}

/* One that is kept lies in its place and is what its name says. One that was removed or erased may be gone; if it lies there, it is whole. */
static int look_at_file(struct check *c, struct str hex, bool kept, size_t *good, struct err *e)
{
        scoped(store_file_close) struct stored_file *f = NULL;
        struct hash name;
        int r;

        if (!hex_decode(hex, name.b, HASH_SIZE))
                r = err_set(e, ERR_TAMPERED, "an attachment has the hash '%.*s'", (int)hex.n, hex.p);
        else
                r = store_file_open(&f, c->db, c->office.store_dir, &name, e);
        *good += r == ERR_OK;
        if (!kept && (r == ERR_ABSENT || strcmp(e->key, "file.lost") == 0))
                return ERR_OK;
        if (r == ERR_ABSENT)
                r = err_key(e, ERR_TAMPERED, "file.tampered", "", hex.p, NULL);
        if (r == ERR_TAMPERED) {
                e->code = r;
                found(c, e);
        }
        return r == ERR_TAMPERED ? ERR_OK : r;
}

/* Where a row's own words still open, its unit was not erased. */
static int step_files(struct check *c, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct str *kept = NULL, *gone = NULL;
        size_t n = 0, m = 0, good = 0;
        int r = query_kept_files(&kept, &n, c->db, &a, e);

        if (r == ERR_OK)
                r = query_gone_files(&gone, &m, c->db, &a, e);
        for (size_t i = 0; r == ERR_OK && i < n + m; i++) {
                struct err own = { 0 };

                r = look_at_file(c, i < n ? kept[i] : gone[i - n], i < n, &good, &own);
                if (r < 0)
                        *e = own;
        }
        if (r == ERR_OK && n)
                (void)printf("files: %zu attachments whole\n", good);
        return r;
}

/* Packs that applications were filed under: the one in force was read when we began. */
static int step_packs(struct check *c, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct str *hashes = NULL;
        size_t n = 0;
        int r = query_packs(&hashes, &n, c->db, &a, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (!office_pack(&c->office, hashes[i])) {
                        struct err bad = { 0 };

                        (void)err_key(&bad, ERR_TAMPERED, "pack.not-adopted", "", hashes[i].p, NULL);
                        found(c, &bad);
                }
        return r;
}

static bool same_grants(const struct grants *a, const struct grants *b)
{
        bool same = a->head.count == b->head.count;

        for (uint32_t i = 0; same && i < a->head.count; i++)
                same = grant_key_cmp(&a->rows[i].key, &b->rows[i].key) == 0 && a->rows[i].until == b->rows[i].until;
        return same;
}

/* The newest table says what the permits say; while the office stands still it may be older than the last of them. */
static int step_grants(struct check *c, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(grants_free) struct grants *table = NULL, *want = NULL;
        struct permit_line *permits = NULL;
        struct stored_table t;
        size_t n = 0, have = 0;
        int r = table_list(&t, 1, &have, c->db, &a, e);

        if (r == ERR_OK && have)
                r = grants_decode(&table, t.file, e);
        if (r == ERR_OK && have)
                r = query_permits_open(&permits, &n, c->db, table->head.made_at, &a, e);
        if (r == ERR_OK && have)
                r = compile_grants(&want, permits, n, 0, STR(""), e);
        if (r < 0 || !have)
                return r == ERR_INPUT ? ERR_TAMPERED : r;
        (void)printf("grants: table %llu %s\n", (unsigned long long)t.seq, same_grants(table, want) ? "says what the permits say" : "waits for the office to issue the next one");
        return ERR_OK;
}

/* Replays inside the transaction; rows that differ are named in a second round, which needs those of before in memory. */
static int step_replay(struct check *c, struct err *e)
{
        scoped(row_sums_free) struct row_sums *was = NULL;
        struct hash before, after;
        char *const word = (char *)(uintptr_t)"replayed";
        int r;

        if (!c->journal_holds)
                return ERR_OK;                  /* nothing to replay: the journal's own step has said why */
        r = store_dump(&before, c->db, NULL, e);
        if (r == ERR_OK)
                r = journal_rebuild(c->db, show_progress, word, e);
        if (r == ERR_OK)
                r = store_dump(&after, c->db, NULL, e);
        if (r < 0 || hash_eq(&before, &after))
                return r;
        (void)err_key(e, ERR_TAMPERED, "store.projection.differs", "", NULL);
        found(c, e);
        db_rollback(c->db);
        r = db_begin(c->db, e);
        if (r == ERR_OK)
                r = row_sums_take(&was, c->db, e);
        if (r == ERR_OK)
                r = journal_rebuild(c->db, NULL, NULL, e);
        return r < 0 ? r : inspect_rows(c->db, was, &c->to, e);
}

/* The order: what others stand on comes first; the replay, which changes what the rest looks at, last. */
static const struct check_step { const char *name; int (*run)(struct check *c, struct err *e); } steps[] = {
        { "schema", step_schema }, { "pages", step_pages }, { "journal", step_journal }, { "key store", step_units }, { "erased units", step_erased }, { "local rows", step_local }, { "search", step_search },
        { "signer", step_signer }, { "signer's keys", step_keys_file }, { "packs", step_packs }, { "files", step_files }, { "grant tables", step_grants }, { "replay", step_replay },
};

static int run_steps(struct check *c, struct err *e)
{
        int first = ERR_OK;

        for (size_t i = 0; i < countof(steps); i++) {
                struct err own = { 0 };
                int r = steps[i].run(c, &own);

                if (r == ERR_OK)
                        continue;
                own.code = r;
                if (!*own.key)
                        (void)err_wrap(&own, r, "%s", steps[i].name);
                if (r == ERR_TAMPERED || r == ERR_INPUT) {
                        found(c, &own);
                } else {
                        print_words(&own);      /* could not be looked at: no verdict of it */
                        c->missing++;
                        if (first == ERR_OK)
                                first = r;
                        *e = own;
                }
                if (!db_in_transaction(c->db) && (r = db_begin(c->db, e)) < 0)
                        return r;
        }
        return ERR_OK;
}

static int verdict(const struct check *c)
{
        char hex[2 * HASH_SIZE + 1];

        if (c->journal_holds) {
                hex_text(hex, c->root.b, HASH_SIZE);
                (void)printf("journal: %llu entries, root %s\n", (unsigned long long)c->size, hex);
        }
        if (c->found)
                (void)printf("tampered: %zu findings\n", c->found);
        else
                (void)printf(c->missing ? "incomplete\n" : "verified\n");
        return c->found ? CHECK_TAMPERED : c->missing ? CHECK_INCOMPLETE : CHECK_OK;
}

int check_main(const char *data_dir)
{
        scoped(db_close) struct db *db = NULL;
        struct check c = { .to = { found, &c } };
        struct err e = { 0 };
        int r = office_load(&c.office, data_dir, &e);

        if (r == ERR_OK)
                r = db_open(&db, c.office.store_dir, DB_WRITE, &e);
        if (r == ERR_OK)
                r = db_begin(db, &e); /* holds the writer off while we look; rolled back below */
        c.db = db;
        if (r == ERR_OK)
                r = run_steps(&c, &e);
        if (db)
                db_rollback(db);
        office_unload(&c.office);
        if (r < 0) {
                e.code = r;
                print_words(&e);
                return r == ERR_TAMPERED || r == ERR_INPUT ? CHECK_TAMPERED : CHECK_INCOMPLETE;
        }
        return verdict(&c);
}
