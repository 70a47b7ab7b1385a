/* verify.c - see verify.h.
 *
 * Every check says its own sentence and gives its verdict; the worst one is the answer. Nothing but the last line of defence,
 * the order TAMPERED > INCOMPLETE > VERIFIED, decides between them.
 */
#include "cli/verify.h"

#include "cli/anchor.h"
#include "cli/args.h"
#include "cli/report.h"
#include "cli/show.h"
#include "cli/verify_log.h"
#include "cli/verify_pack.h"
#include "sys/files.h"

enum { FILE_MAX = 256 * 1024 };

struct verify {
        struct verify_args args;
        struct vkey        key;
        struct step        step[ARGS_CONSISTENCY_MAX];
        size_t             n_steps;
};

/* Verdict of a failed check whose words are in `e`. */
static int fail(const struct verify *v, int code, const char *what, const char *name, const struct err *e)
{
        say(stdout, v->args.lang, what, name, e->text, NULL);
        return code;
}

static int file_load(struct buf *b, const char *path, enum lang lang)
{
        struct err e = { 0 };

        if (file_read(b, path, FILE_MAX, &e) == ERR_OK)
                return VERDICT_VERIFIED;
        say(stderr, lang, "verify.unreadable", path, e.text, NULL);
        return VERDICT_USAGE;
}

/* --- the key, from the argument or from a file --- */

static int key_load(struct verify *v)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        struct str text = str_of(v->args.key);
        struct err e = { 0 };

        if (str_starts(text, "@")) {
                int r = file_load(&file, v->args.key + 1, v->args.lang);

                if (r)
                        return r;
                text = buf_view(&file);
        }
        if (vkey_parse(&v->key, str_trim(text), &e) == ERR_OK)
                return VERDICT_VERIFIED;
        say(stderr, v->args.lang, "verify.key", e.text, NULL);
        return VERDICT_USAGE;
}

static int steps_load(struct verify *v)
{
        for (size_t i = 0; i < v->args.n_consistency; i++) {
                scoped(buf_done) struct buf file = BUF_INIT;
                struct err e = { 0 };
                int r = file_load(&file, v->args.consistency[i], v->args.lang);

                if (r)
                        return r;
                if (step_parse(&v->step[v->n_steps++], buf_view(&file), &v->key, &e) < 0)
                        return fail(v, VERDICT_TAMPERED, "verify.file.bad", v->args.consistency[i], &e);
        }
        return VERDICT_VERIFIED;
}

/* --- one state of the log against another --- */

static int compare(const struct verify *v, const char *name, const struct point *anchor, const struct point *head)
{
        struct err e = { 0 };
        int r = points_joined(anchor, head, v->step, v->n_steps, &e);

        if (r == ERR_ABSENT) {
                say(stdout, v->args.lang, "verify.step.missing", name, decimal(anchor->size), decimal(head->size), NULL);
                return VERDICT_INCOMPLETE;
        }
        if (r < 0)
                return fail(v, VERDICT_TAMPERED, "verify.anchor.differs", name, &e);
        say(stdout, v->args.lang, "verify.anchor.agrees", name, decimal(anchor->size), NULL);
        return VERDICT_VERIFIED;
}

typedef int point_fn(struct point *out, struct str file, const struct vkey *k, struct err *e);

static int anchor_check(const struct verify *v, const char *key, int parsed, const struct point *anchor, const struct point *head,
                        uint64_t index, const struct err *e)
{
        const char *name = text_get(v->args.lang, key);

        if (parsed < 0)
                return fail(v, VERDICT_TAMPERED, "verify.file.bad", name, e);
        if (anchor->size <= index) {    /* it fixes what came before, not this entry: the key alone would have to be believed */
                say(stdout, v->args.lang, "verify.anchor.earlier", name, decimal(anchor->size), decimal(index), NULL);
                return VERDICT_INCOMPLETE;
        }
        return compare(v, name, anchor, head);
}

/* All anchors that were given must agree; without any the answer is INCOMPLETE. */
static int anchors_check(const struct verify *v, const struct point *head, uint64_t index)
{
        const struct { const char *path, *key; point_fn *parse; } files[] = {
                { v->args.checkpoint, "verify.anchor.checkpoint", point_from_checkpoint },
                { v->args.signer_state, "verify.anchor.signer-state", point_from_signer_state },
        };
        struct err e = { 0 };
        struct point p;
        int verdict = VERDICT_VERIFIED, given = 0;

        if (v->args.root) {
                if (point_from_root(&p, str_of(v->args.root), &e) < 0) {
                        say(stderr, v->args.lang, "verify.root", v->args.root, NULL);
                        return VERDICT_USAGE;
                }
                given++;
                verdict = anchor_check(v, "verify.anchor.root", ERR_OK, &p, head, index, &e);
        }
        for (size_t i = 0; i < countof(files); i++) {
                scoped(buf_done) struct buf file = BUF_INIT;
                int r;

                if (!files[i].path)
                        continue;
                given++;
                r = file_load(&file, files[i].path, v->args.lang);
                if (!r) {
                        int parsed = files[i].parse(&p, buf_view(&file), &v->key, &e);

                        r = anchor_check(v, files[i].key, parsed, &p, head, index, &e);
                }
                verdict = verdict_worse(verdict, r);
        }
        if (!given) {
                say(stdout, v->args.lang, "verify.anchor.none", NULL);
                return VERDICT_INCOMPLETE;
        }
        return verdict;
}

/* --- one entry --- */

/* A checkpoint whose signature lines were taken away is not signed wrongly, it is not signed. */
static bool is_unsigned(struct str note)
{
        return !note.n || !memmem(note.p, note.n, "\n\n\xe2\x80\x94 ", 6);
}

/* Signature, then inclusion; *head is the checkpoint the proof leads to. */
static int proof_check(const struct verify *v, const struct entry_proof *p, struct point *head)
{
        struct hash leaf = hash_leaf(p->entry);
        struct err e = { 0 };

        if (is_unsigned(p->checkpoint)) {
                say(stdout, v->args.lang, "verify.unsigned", NULL);
                return VERDICT_INCOMPLETE;
        }
        if (point_from_checkpoint(head, p->checkpoint, &v->key, &e) < 0)
                return fail(v, VERDICT_TAMPERED, "verify.signature", v->key.name, &e);
        if (!p->entry.n) {
                say(stdout, v->args.lang, "verify.entry.absent", NULL);
                return VERDICT_INCOMPLETE;
        }
        if (tree_verify_inclusion(&leaf, p->index, head->size, p->proof.hash, p->proof.n, &head->root, &e) < 0)
                return fail(v, VERDICT_TAMPERED, "verify.inclusion", decimal(p->index), &e);
        return VERDICT_VERIFIED;
}

static void show_place(const struct verify *v, const struct entry_proof *p, const struct point *head)
{
        scoped(buf_done) struct buf print = BUF_INIT;

        say(stdout, v->args.lang, "verify.log", v->key.name, NULL);
        vkey_fingerprint(&print, &v->key);
        if (!buf_bad(&print))
                say(stdout, v->args.lang, "verify.fingerprint", print.p, NULL);
        say(stdout, v->args.lang, "verify.place", decimal(p->index), decimal(head->size), NULL);
        show_entry(v->args.lang, p->entry);
}

static int entry_verify(struct verify *v)
{
        scoped(buf_done) struct buf file = BUF_INIT, room = BUF_INIT;
        struct entry_proof p;
        struct point head;
        struct err e = { 0 };
        int verdict = file_load(&file, v->args.files[0], v->args.lang);

        if (verdict)
                return verdict;
        if (proof_parse(&p, buf_view(&file), &room, &e) < 0)
                return fail(v, VERDICT_TAMPERED, "verify.file.bad", v->args.files[0], &e);
        verdict = proof_check(v, &p, &head);
        if (verdict)
                return verdict;
        verdict = anchors_check(v, &head, p.index);
        if (verdict != VERDICT_USAGE && verdict != VERDICT_TAMPERED)
                show_place(v, &p, &head);
        return verdict;
}

/* --- two checkpoints --- */

static int checkpoints_verify(struct verify *v)
{
        struct point p[2];

        for (size_t i = 0; i < 2; i++) {
                scoped(buf_done) struct buf file = BUF_INIT;
                struct err e = { 0 };
                int r = file_load(&file, v->args.files[i], v->args.lang);

                if (r)
                        return r;
                if (is_unsigned(buf_view(&file))) {
                        say(stdout, v->args.lang, "verify.unsigned", NULL);
                        return VERDICT_INCOMPLETE;
                }
                if (point_from_checkpoint(&p[i], buf_view(&file), &v->key, &e) < 0)
                        return fail(v, VERDICT_TAMPERED, "verify.file.bad", v->args.files[i], &e);
        }
        if (p[0].size > p[1].size) {
                say(stdout, v->args.lang, "verify.checkpoints.shrunk", decimal(p[0].size), decimal(p[1].size), NULL);
                return VERDICT_TAMPERED;
        }
        say(stdout, v->args.lang, "verify.checkpoints.sizes", decimal(p[0].size), decimal(p[1].size), NULL);
        return compare(v, v->args.files[0], &p[0], &p[1]);
}

/* What is to be verified decides which words there may be. */
static bool names(int argc, char **argv, const char *option)
{
        size_t n = strlen(option);

        for (int i = 0; i < argc; i++)
                if (!strncmp(argv[i], option, n) && (!argv[i][n] || argv[i][n] == '='))
                        return true;
        return false;
}

int verify_main(int argc, char **argv)
{
        static const char *const answers[] = {
                [VERDICT_VERIFIED] = "verify.verified", [VERDICT_TAMPERED] = "verify.tampered", [VERDICT_INCOMPLETE] = "verify.incomplete",
        };
        struct verify v = { 0 };
        int verdict;

        if (names(argc, argv, "--log"))
                return verify_log_main(argc, argv);
        if (names(argc, argv, "--pack"))
                return verify_pack_main(argc, argv);
        if (verify_args_parse(&v.args, argc, argv) < 0)
                return VERDICT_USAGE;
        verdict = key_load(&v);
        if (!verdict)
                verdict = steps_load(&v);
        if (!verdict)
                verdict = v.args.checkpoints ? checkpoints_verify(&v) : entry_verify(&v);
        if (verdict != VERDICT_USAGE)
                say(stdout, v.args.lang, verdict == VERDICT_VERIFIED && v.args.checkpoints ? "verify.continued" : answers[verdict], NULL);
        return verdict;
}
