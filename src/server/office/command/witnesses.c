/* witnesses.c - see witnesses.h. */
#include "server/office/command/witnesses.h"

#include "base/codec.h"
#include "server/office/store/query.h"
#include "server/office/store/tree.h"
#include "sys/entropy.h"

static int may(struct act *act, const char *person, struct err *e)
{
        struct actor who;
        int r = query_actor(&who, act->db, person, act->now, act->arena, e);

        if (r < 0)
                return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
        return actor_has(&who, "secretariat") || actor_has(&who, "system_manager") ? ERR_OK : err_key(e, ERR_FORBIDDEN, "witness.role", "", NULL);
}

static int active(struct row **rows, size_t *n, struct act *act, struct err *e)
{
        return query_rows(rows, n, act->db, WITNESSES_ACTIVE, STR(""), act->arena, e);
}

static struct str kept(struct act *act, const struct buf *b)
{
        return str_of(arena_copy(act->arena, b->p ? b->p : "", b->n));
}

int act_add_witness(struct act *act, void *arg, struct err *e)
{
        scoped(buf_done) struct buf key = BUF_INIT;
        struct act_witness *in = arg;
        struct row row, *rows = NULL;
        struct changes c;
        size_t n = 0;
        int r = may(act, in->person, e);

        if (r == ERR_OK)
                r = active(&rows, &n, act, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (str_is(row_get_text(&rows[i], WITNESS_name), in->key.name))
                        r = err_key(e, ERR_CONFLICT, "witness.same", "key", in->key.name, NULL);
        if (r < 0)
                return r;
        witness_key_format(&key, &in->key);
        row = row_new(TABLE_WITNESS, entropy_uuid(act->now), NULL);
        row_text(&row, WITNESS_name, str_of(arena_text(act->arena, in->key.name)));
        row_text(&row, WITNESS_key, kept(act, &key));
        row_text(&row, WITNESS_state, STR("active"));
        row_int(&row, WITNESS_added_at, act->now);
        changes_init(&c, act->arena, "witness.added", row.id);
        c.actor = in->person;
        r = changes_add(&c, &row, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                memcpy(in->id, row.id, sizeof(in->id));
        return r;
}

int act_end_witness(struct act *act, void *arg, struct err *e)
{
        struct act_witness_end *in = arg;
        struct changes c;
        struct row row;
        int r = may(act, in->person, e);

        if (r == ERR_OK)
                r = store_row(&row, act->db, TABLE_WITNESS, arena_copy(act->arena, in->id.p, in->id.n), NULL, act->arena, e);
        if (r == ERR_OK && !row.rev)
                r = err_key(e, ERR_ABSENT, "witness.none", "", NULL);
        if (r == ERR_OK && row.rev != in->rev)
                r = err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (r == ERR_OK && !row_is(&row, WITNESS_state, "active"))
                r = err_key(e, ERR_CONFLICT, "witness.over", "", NULL);
        if (r < 0)
                return r;
        row_text(&row, WITNESS_state, STR("ended"));
        changes_init(&c, act->arena, "witness.ended", row.id);
        c.actor = in->person;
        r = changes_add(&c, &row, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        in->rev_after = row.rev + 1;
        return r;
}

/* ---- what they signed ---- */

/* Our own signature, and that this is the beginning of our tree. */
static int is_ours(struct checkpoint *head, struct act *act, struct str note, struct err *e)
{
        struct hash root;
        uint64_t size = 0;
        int r = checkpoint_open(head, note, &act->office->log_key, e);

        if (r < 0)
                return err_key(e, r == ERR_NOMEM ? r : ERR_INPUT, "witness.note.bad", "note", act->office->log_key.name, NULL);
        r = journal_size(&size, NULL, act->db, e);
        if (r == ERR_OK && (!head->size || head->size > size))
                return err_key(e, ERR_INPUT, "witness.note.beyond", "note", NULL);
        if (r == ERR_OK)
                r = tree_root(&root, head->size, tree_read_db, act->db, e);
        return r == ERR_OK && !hash_eq(&root, &head->root) ? err_key(e, ERR_TAMPERED, "witness.note.differs", "note", NULL) : r;
}

static void put_base64(struct row *row, int col, struct act *act, const uint8_t *p, size_t n)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        base64_encode(&b, p, n);
        row_text(row, col, kept(act, &b));
}

/* *newer: the row now holds this checkpoint. A line of this witness that does not hold is an error; no line of it is none. */
static int sign_row(bool *newer, struct row *w, struct act *act, const struct checkpoint *head, struct str note, struct err *e)
{
        uint8_t sig[ED25519_SIG], own[ED25519_SIG];
        char root[2 * HASH_SIZE + 1];
        struct vkey key;
        uint64_t at = 0;
        int r = witness_key_parse(&key, row_get_text(w, WITNESS_key), e);

        if (r == ERR_OK)
                r = cosign_check(&at, sig, note, &key, e);
        if (r == ERR_ABSENT)
                return ERR_OK;
        if (r < 0)
                return err_key(e, ERR_INPUT, "witness.line.bad", "note", key.name, NULL);
        r = note_signature(own, note, &act->office->log_key, e);
        if (r < 0)
                return r;
        if (row_get_int(w, WITNESS_epoch) == act->office->epoch && (uint64_t)row_get_int(w, WITNESS_size) > head->size)
                return ERR_OK;                          /* an older one: what is known stays */
        hex_text(root, head->root.b, HASH_SIZE);
        row_int(w, WITNESS_epoch, act->office->epoch);
        row_int(w, WITNESS_size, (int64_t)head->size);
        row_text(w, WITNESS_root, str_of(arena_text(act->arena, root)));
        row_int(w, WITNESS_at, (utime_t)at * UTIME_S);
        put_base64(w, WITNESS_sig, act, sig, sizeof(sig));
        put_base64(w, WITNESS_own, act, own, sizeof(own));
        *newer = true;
        return ERR_OK;
}

int act_keep_cosigned(struct act *act, void *arg, struct err *e)
{
        struct act_cosigned *in = arg;
        struct checkpoint head;
        struct row *rows = NULL;
        struct changes c;
        size_t n = 0;
        int r = may(act, in->person, e);

        if (r == ERR_OK)
                r = is_ours(&head, act, in->note, e);
        if (r == ERR_OK)
                r = active(&rows, &n, act, e);
        changes_init(&c, act->arena, "witness.cosigned", n ? rows[0].id : "");
        in->signed_by = 0;
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                bool newer = false;

                r = sign_row(&newer, &rows[i], act, &head, in->note, e);
                if (r == ERR_OK && newer) {
                        if (!in->signed_by++)
                                memcpy(c.ref, rows[i].id, sizeof(rows[i].id));
                        r = changes_add(&c, &rows[i], e);
                }
        }
        if (r == ERR_OK && !in->signed_by)
                r = err_key(e, ERR_INPUT, "witness.note.nobody", "note", NULL);
        if (r < 0)
                return r;
        c.actor = in->person;
        in->size = head.size;
        return act_append(&in->receipt, act, &c, e);
}

int witness_note(struct buf *out, const struct row *witness, const struct vkey *log_key, struct err *e)
{
        uint8_t sig[ED25519_SIG], own[ED25519_SIG];
        struct checkpoint head = { .size = (uint64_t)row_get_int(witness, WITNESS_size) };
        struct vkey key;
        size_t n = 0, m = 0;

        if (!head.size)
                return err_set(e, ERR_ABSENT, "this witness has signed nothing yet");
        memcpy(head.origin, log_key->name, sizeof(head.origin));
        if (!hex_decode(row_get_text(witness, WITNESS_root), head.root.b, HASH_SIZE) || !base64_decode(row_get_text(witness, WITNESS_sig), sig, sizeof(sig), &n) ||
            !base64_decode(row_get_text(witness, WITNESS_own), own, sizeof(own), &m) || n != sizeof(sig) || m != sizeof(own) ||
            witness_key_parse(&key, row_get_text(witness, WITNESS_key), e) < 0)
                return err_set(e, ERR_TAMPERED, "the row of witness %s is malformed", witness->id);
        checkpoint_note(out, &head, log_key, own);
        cosign_line(out, &key, (uint64_t)(row_get_int(witness, WITNESS_at) / UTIME_S), sig);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "cosigned checkpoint") : ERR_OK;
}
