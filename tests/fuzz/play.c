/* play.c - fuzz targets without a fuzzer: the corpus, then changed copies of it, the same ones each time.
 *
 *      fuzz_x CORPUS ROUNDS [LAST]
 *
 * CORPUS is a folder (it may be missing: then everything grows from nothing); ROUNDS changed inputs are made of it. The input being
 * tried always stands in the file LAST, so that it is still there when the target crashed. TAP on standard output.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#include "sys/files.h"

enum { INPUT_MAX = 128 * 1024, SEEDS_MAX = 256, CHANGES_MAX = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct player {
        struct buf seed[SEEDS_MAX];
        size_t     seeds;
        uint64_t   dice;
        uint8_t   *last;                /* shared with the file */
        int        last_fd;
};

/* xorshift64: quick, and the same on every machine. */
static uint64_t roll(struct player *p, uint64_t below)
{
        p->dice ^= p->dice << 13;
        p->dice ^= p->dice >> 7;
        p->dice ^= p->dice << 17;
        return below ? p->dice % below : 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
        return strcmp((*a)->d_name, (*b)->d_name);
}

static void seeds_load(struct player *p, const char *dir)
{
        struct dirent **names = NULL;
        int n = scandir(dir, &names, NULL, by_name);    /* sorted: the changes must be the same ones each time */

        for (int i = 0; i < n; i++) {
                char path[4096];

                (void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
                if (names[i]->d_name[0] != '.' && p->seeds < SEEDS_MAX && file_read(&p->seed[p->seeds], path, INPUT_MAX, NULL) == ERR_OK)
                        p->seeds++;
                free(names[i]);
        }
        free(names);
}

static void last_open(struct player *p, const char *path)
{
        p->last_fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (p->last_fd < 0 || ftruncate(p->last_fd, INPUT_MAX) < 0)
                abort();
        p->last = mmap(NULL, INPUT_MAX, PROT_READ | PROT_WRITE, MAP_SHARED, p->last_fd, 0);
        if (p->last == MAP_FAILED)
                abort();
}

static void try(struct player *p, const struct buf *b)
{
        uint8_t *exact = malloc(b->n ? b->n : 1);       /* its own allocation: ASan sees one byte too far */

        if (!exact)
                abort();
        memcpy(p->last, b->p, b->n);
        (void)!ftruncate(p->last_fd, (off_t)b->n);
        memcpy(exact, b->p, b->n);
        (void)LLVMFuzzerTestOneInput(exact, b->n);
        free(exact);
        (void)!ftruncate(p->last_fd, INPUT_MAX);
}

static void cut(struct buf *b, size_t from, size_t n)
{
        memmove(b->p + from, b->p + from + n, b->n - from - n);
        b->n -= n;
}

/* One change: flip a bit, set a byte to a border value, cut a piece out, double one, or put in one of another seed. */
static void change(struct player *p, struct buf *b)
{
        static const uint8_t borders[] = { 0, 1, 0x7f, 0x80, 0xff, '\n', ' ', '"', '{', '-', '0', '9' };
        size_t at = roll(p, b->n), n = roll(p, b->n - at > 64 ? 64 : b->n - at + 1);
        const struct buf *other = p->seeds ? &p->seed[roll(p, p->seeds)] : b;
        uint8_t piece[64];

        switch (b->n ? roll(p, 6) : 5) {
        case 0:
                b->p[at] = (char)(b->p[at] ^ 1 << roll(p, 8));
                break;
        case 1:
                b->p[at] = (char)borders[roll(p, countof(borders))];
                break;
        case 2:
                cut(b, at, n);
                break;
        case 3:
                memcpy(piece, b->p + at, n);
                buf_add(b, piece, n);
                break;
        case 4:
                n = roll(p, other->n < 64 ? other->n + 1 : 64);
                at = roll(p, other->n - n + 1);
                memcpy(piece, other->p + at, n);
                at = roll(p, b->n);
                for (size_t i = 0; i < n && at + i < b->n; i++)
                        b->p[at + i] = (char)piece[i];
                break;
        default:
                buf_char(b, (char)roll(p, 256));
        }
}

int main(int argc, char **argv)
{
        struct player p = { .dice = 88172645463325252u };
        scoped(buf_done) struct buf b = BUF_INIT;
        uint64_t rounds;

        if (argc < 3 || !str_u64(str_of(argv[2]), UINT32_MAX, &rounds))
                return 3;
        seeds_load(&p, argv[1]);
        last_open(&p, argc > 3 ? argv[3] : "/dev/shm/fuzz-last");
        for (size_t i = 0; i < p.seeds; i++)
                try(&p, &p.seed[i]);
        (void)printf("ok 1 - the corpus, %zu inputs\n", p.seeds);
        for (uint64_t i = 0; i < rounds; i++) {
                if (i % 8 == 0 || b.n > INPUT_MAX / 2) {        /* a fresh start now and then, else change what was changed */
                        buf_clear(&b);
                        buf_add(&b, "", 0);
                        if (p.seeds)
                                buf_str(&b, buf_view(&p.seed[roll(&p, p.seeds)]));
                }
                for (uint64_t changes = 1 + roll(&p, CHANGES_MAX); changes; changes--)
                        change(&p, &b);
                if (buf_bad(&b))
                        abort();
                try(&p, &b);
        }
        (void)printf("ok 2 - %llu changed inputs\n1..2\n", (unsigned long long)rounds);
        for (size_t i = 0; i < p.seeds; i++)
                buf_done(&p.seed[i]);
        return 0;
}
