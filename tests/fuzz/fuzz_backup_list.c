/* fuzz_backup_list.c - what reads back is written to the same bytes, and names nothing outside its place. */
#include "wire/backup_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void play(struct str text)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(buf_done) struct buf again = BUF_INIT;
        struct backup_list l;

        if (backup_list_read(&l, text, &a, NULL) < 0)
                return;
        backup_list_begin(&again, &l);
        for (size_t i = 0; i < l.n; i++) {
                backup_list_file(&again, &l.file[i]);
                if (l.file[i].path.p[0] == '/' || memmem(l.file[i].path.p, l.file[i].path.n, "/.", 2))
                        __builtin_trap();
        }
        backup_list_end(&again);
        if (!str_eq(buf_view(&again), text))
                __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        scoped(buf_done) struct buf whole = BUF_INIT;

        play((struct str){ (const char *)data, n });
        buf_add(&whole, data, n);       /* the last line is beyond luck */
        backup_list_end(&whole);
        play(buf_view(&whole));
        return 0;
}
