/* fuzz_frame.c - the stream in two portions gives the same frames as in one. */
#include "wire/grants.h"

struct seen { size_t frames, bytes; };

static int see(void *ctx, const struct frame *f, struct err *e)
{
        struct seen *s = ctx;
        uint64_t seq;

        s->frames++;
        s->bytes += f->body.n;
        return f->type == FRAME_HEARTBEAT ? frame_heartbeat_decode(&seq, f->body, e) : ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct frame_reader one = { 0 }, two = { 0 };
        struct seen a = { 0 }, b = { 0 };
        size_t cut = n ? data[0] % n : 0;
        int ra = frame_feed(&one, (struct str){ (const char *)data, n }, see, &a, NULL);
        int rb = frame_feed(&two, (struct str){ (const char *)data, cut }, see, &b, NULL);

        if (rb == ERR_OK)
                rb = frame_feed(&two, (struct str){ (const char *)data + cut, n - cut }, see, &b, NULL);
        if (ra != rb || a.frames != b.frames || a.bytes != b.bytes)
                __builtin_trap();
        frame_reader_done(&one);
        frame_reader_done(&two);
        return 0;
}
