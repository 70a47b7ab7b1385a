/* demo.c - see demo.h. */
#include "server/demo/demo.h"

#include "server/office/writer.h"

/* SplitMix64, as entropy_demo_ids() has it; this one throws the dice of the stories. */
uint64_t demo_dice(struct demo *d, uint64_t sides)
{
        uint64_t z = d->dice += 0x9e3779b97f4a7c15u;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return (z ^ z >> 31) % sides;
}

utime_t demo_begin_of(utime_t end)
{
        return end - DEMO_DAYS * UTIME_DAY;
}

int demo_play(struct demo *d, struct err *e)
{
        int r = writer_start_inside(&d->office->writer, d->office, d->db, &d->now, e);

        d->now = d->begin;
        if (r == ERR_OK)
                r = demo_people_add(d, e);
        if (r == ERR_OK)
                r = demo_stories(d, e);
        d->office->writer = writer_stop(d->office->writer);
        return r;
}
