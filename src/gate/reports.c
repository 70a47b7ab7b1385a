/* reports.c - see reports.h. */
#include "gate/reports.h"

#include "base/codec.h"

static void drop_first(struct reports *r)
{
        r->n--;
        memmove(r->wait, r->wait + 1, r->n * sizeof(r->wait[0]));
}

bool reports_add(struct reports *r, const struct pipe_message *applied)
{
        bool room = r->n < REPORTS_MAX;

        if (!room)
                drop_first(r);
        r->wait[r->n++] = (struct report){ ++r->last_seq, *applied };
        return room;
}

const struct report *reports_first(const struct reports *r)
{
        return r->n ? &r->wait[0] : NULL;
}

void reports_json(struct buf *out, const struct reports *r, const struct report *which)
{
        const struct pipe_message *m = &which->applied;
        char boot[UUID_TEXT], hash[2 * HASH_SIZE + 1];

        uuid_text(boot, r->boot);
        hex_text(hash, m->hash.b, HASH_SIZE);
        buf_printf(out, "{\"v\":1,\"boot\":\"%s\",\"stream\":\"applied\",\"seq\":%llu,\"applied\":{\"epoch\":%u,\"table\":%llu,\"hash\":\"%s\","
                        "\"at\":%lld,\"count\":%u}}",
                   boot, (unsigned long long)which->seq, m->epoch, (unsigned long long)m->seq, hash, (long long)m->server, m->count);
}

void reports_acknowledge(struct reports *r, uint64_t seq)
{
        while (r->n && r->wait[0].seq <= seq)
                drop_first(r);
}
