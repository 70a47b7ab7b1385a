/* proof.c - the proof files of note.h.
 *
 * tlog-proof (c2sp.org/tlog-proof@v1), every line ends in a newline:
 *
 *      c2sp.org/tlog-proof@v1
 *      extra <Base64 of the entry's bytes>     (the specification makes it optional; without it nothing can be shown)
 *      index <decimal>
 *      <Base64 hash>                           (none or more, RFC 6962 §2.1.1: from the leaf's sibling up)
 *      <empty line>
 *      <checkpoint, a signed note>
 *
 * Consistency file (ours) in the same manner; it ties a tree of `from` leaves to the one of its checkpoint:
 *
 *      sekisho-consistency@v1
 *      from <decimal>
 *      <Base64 hash>                           (none or more, RFC 6962 §2.1.2)
 *      <empty line>
 *      <checkpoint>
 */
#include "core/journal/lines.h"
#include "core/journal/note.h"

#define PROOF_FIRST       "c2sp.org/tlog-proof@v1"
#define CONSISTENCY_FIRST "sekisho-consistency@v1"
#define EXTRA             "extra "

static void hashes_format(struct buf *out, const struct proof *p)
{
        for (size_t i = 0; i < p->n; i++)
                line_hash_format(out, &p->hash[i]);
        buf_char(out, '\n');
}

/* Hash lines up to the empty line; *rest is then the checkpoint. */
static int hashes_parse(struct proof *out, struct str *rest, struct err *e)
{
        struct str line;

        out->n = 0;
        while (line_next(rest, &line)) {
                if (!line.n)
                        return rest->n ? ERR_OK : err_set(e, ERR_INPUT, "there is no checkpoint behind the proof");
                if (out->n == TREE_PROOF_MAX)
                        return err_set(e, ERR_INPUT, "more than %d hashes", TREE_PROOF_MAX);
                if (!line_hash(line, &out->hash[out->n++]))
                        return err_set(e, ERR_INPUT, "hash %zu of the proof is malformed", out->n);
        }
        return err_set(e, ERR_INPUT, "the proof ends in the middle");
}

static int extra_parse(struct str *out, struct str text, struct buf *room, struct err *e)
{
        size_t most = text.n / 4 * 3, n;

        if (most > ENTRY_MAX + 2)
                return err_set(e, ERR_TOO_BIG, "the entry is larger than %d bytes", ENTRY_MAX);
        buf_clear(room);
        for (n = 0; n < most; n++)
                buf_char(room, 0);
        if (buf_bad(room))
                return err_set(e, ERR_NOMEM, "reading an entry");
        if (!base64_decode(text, room->p, room->n, &n) || !n)
                return err_set(e, ERR_INPUT, "the entry is not Base64");
        if (n > ENTRY_MAX)
                return err_set(e, ERR_TOO_BIG, "the entry is larger than %d bytes", ENTRY_MAX);
        room->n = n;
        room->p[n] = 0;
        *out = buf_view(room);
        return ERR_OK;
}

void proof_format(struct buf *out, struct str entry, uint64_t index, const struct proof *p, struct str checkpoint_note)
{
        buf_text(out, PROOF_FIRST "\n" EXTRA);
        base64_encode(out, entry.p, entry.n);
        buf_printf(out, "\nindex %llu\n", (unsigned long long)index);
        hashes_format(out, p);
        buf_str(out, checkpoint_note);
}

int proof_parse(struct entry_proof *out, struct str file, struct buf *entry_room, struct err *e)
{
        struct entry_proof p = { 0 };
        struct str rest = file, line;
        int r;

        if (!line_next(&rest, &line) || !str_is(line, PROOF_FIRST))
                return err_set(e, ERR_INPUT, "the first line is not " PROOF_FIRST);
        if (!line_next(&rest, &line))
                return err_set(e, ERR_INPUT, "the proof ends in the middle");
        if (str_starts(line, EXTRA)) {
                r = extra_parse(&p.entry, (struct str){ line.p + strlen(EXTRA), line.n - strlen(EXTRA) }, entry_room, e);
                if (r < 0)
                        return r;
                if (!line_next(&rest, &line))
                        return err_set(e, ERR_INPUT, "the proof ends in the middle");
        }
        if (!line_number(line, "index ", TREE_SIZE_MAX - 1, &p.index))
                return err_set(e, ERR_INPUT, "the index line is malformed");
        r = hashes_parse(&p.proof, &rest, e);
        if (r < 0)
                return r;
        p.checkpoint = rest;
        *out = p;
        return ERR_OK;
}

void consistency_format(struct buf *out, uint64_t from, const struct proof *p, struct str checkpoint_note)
{
        buf_printf(out, CONSISTENCY_FIRST "\nfrom %llu\n", (unsigned long long)from);
        hashes_format(out, p);
        buf_str(out, checkpoint_note);
}

int consistency_parse(struct consistency *out, struct str file, struct err *e)
{
        struct consistency c = { 0 };
        struct str rest = file, line;
        int r;

        if (!line_next(&rest, &line) || !str_is(line, CONSISTENCY_FIRST))
                return err_set(e, ERR_INPUT, "the first line is not " CONSISTENCY_FIRST);
        if (!line_next(&rest, &line) || !line_number(line, "from ", TREE_SIZE_MAX, &c.from))
                return err_set(e, ERR_INPUT, "the line of the earlier size is malformed");
        r = hashes_parse(&c.proof, &rest, e);
        if (r < 0)
                return r;
        c.checkpoint = rest;
        *out = c;
        return ERR_OK;
}
