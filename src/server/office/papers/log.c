/* log.c - the journal on paper: what an auditor types in later. One state of the log, taken once for a paper, and who else remembers it. */
#include "base/codec.h"
#include "core/journal/canon.h"
#include "core/journal/cosign.h"
#include "server/office/papers/press.h"
#include "server/office/seal.h"
#include "server/office/store/query.h"

enum { GROUP = 8 };

/* 64 digits in eight groups: nobody types them in one breath. */
static struct str grouped(struct press *p, const struct hash *h)
{
        char hex[2 * HASH_SIZE + 1], to[2 * HASH_SIZE + HASH_SIZE] = "";
        size_t n = 0;

        hex_text(hex, h->b, HASH_SIZE);
        for (size_t i = 0; i < 2 * HASH_SIZE; i++) {
                if (i && i % GROUP == 0)
                        to[n++] = ' ';
                to[n++] = hex[i];
        }
        return str_of(word_of(p->rq, (struct str){ to, n }));
}

/* When the last entry under the checkpoint was made. */
static struct str made(struct press *p, uint64_t size)
{
        scoped(json_decref) json_t *o = NULL;
        struct str entry;
        char text[UTIME_TEXT];

        if (!size || journal_entry(&entry, p->rq->db, size - 1, p->rq->arena, NULL) < 0 || canon_parse(&o, entry, NULL) < 0)
                return STR("");
        utime_text(text, json_integer_value(json_object_get(o, "at")));
        return str_of(word_of(p->rq, str_of(text)));
}

int part_checkpoint(struct press *p, const struct pack_part *part, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT, print = BUF_INIT;
        struct checkpoint c;
        int r = sealer_checkpoint(&c, &note, p->rq->office->sealer, e);

        if (r < 0)
                return r;
        press_title(p, part, "paper.checkpoint");
        vkey_fingerprint(&print, &p->rq->office->log_key);
        paper_rows(&p->m, PAPER_PAIRS, NULL);
        paper_row2(&p->m, press_word(p, "paper.checkpoint.install"), str_of(p->rq->office->name));
        paper_row2(&p->m, press_word(p, "paper.checkpoint.origin"), str_of(word_of(p->rq, str_of(c.origin))));
        paper_row2(&p->m, press_word(p, "paper.checkpoint.key"), str_of(word_of(p->rq, buf_view(&print))));
        paper_row2(&p->m, press_word(p, "paper.checkpoint.size"), press_number(p, (int64_t)c.size));
        paper_row2(&p->m, press_word(p, "paper.checkpoint.root"), grouped(p, &c.root));
        paper_row2(&p->m, press_word(p, "paper.checkpoint.at"), made(p, c.size));
        return ERR_OK;
}

int part_witnesses(struct press *p, const struct pack_part *part, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, p->rq->db, WITNESSES_ACTIVE, STR(""), p->rq->arena, e);

        if (r < 0)
                return r;
        press_title(p, part, "paper.witnesses");
        if (!n) {
                press_none(p);
                return ERR_OK;
        }
        paper_table(&p->m);
        paper_column(&p->m, press_word(p, "paper.witnesses.name"), 30, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.witnesses.key"), 40, PAPER_LEFT);
        paper_column(&p->m, press_word(p, "paper.witnesses.size"), 14, PAPER_RIGHT);
        paper_column(&p->m, press_word(p, "paper.witnesses.at"), 16, PAPER_LEFT);
        for (size_t i = 0; i < n; i++) {
                scoped(buf_done) struct buf print = BUF_INIT;
                struct vkey key;

                if (witness_key_parse(&key, row_get_text(&rows[i], WITNESS_key), NULL) == ERR_OK)
                        witness_key_fingerprint(&print, &key);
                paper_row(&p->m);
                paper_cell(&p->m, row_get_text(&rows[i], WITNESS_name));
                paper_cell(&p->m, str_of(word_of(p->rq, buf_view(&print))));
                paper_cell(&p->m, press_number(p, row_get_int(&rows[i], WITNESS_size)));
                paper_cell(&p->m, press_day_of(p, row_get_int(&rows[i], WITNESS_at)));
        }
        return ERR_OK;
}
