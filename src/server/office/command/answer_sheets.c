/* answer_sheets.c - see answer_sheets.h. */
#include "server/office/command/answer_sheets.h"

#include "base/codec.h"
#include "sys/entropy.h"

int answer_sheets_rights(bool *sees, bool *keeps, struct db *db, const struct actor *who, struct err *e)
{
        bool manages = false;
        int r = query_manages(&manages, db, who->person, e);

        *keeps = manages || actor_has(who, "secretariat");
        *sees = *keeps || actor_sees_all(who);
        return r;
}

static int may_keep(struct act *act, const char *person, bool secretariat, struct err *e)
{
        struct actor who;
        bool sees = false, keeps = false;
        int r = query_actor(&who, act->db, person, act->now, act->arena, e);

        if (r < 0)
                return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
        r = answer_sheets_rights(&sees, &keeps, act->db, &who, e);
        if (secretariat)
                keeps = actor_has(&who, "secretariat") || actor_has(&who, "system_manager");
        return r < 0 || keeps ? r : err_key(e, ERR_FORBIDDEN, "answer-sheet.role", "", NULL);
}

static void open_text(struct row *row, int col, struct str s)
{
        if (s.n)
                row_text(row, col, s);
}

/* ---- keep ---- */

/* Ours by id; a received one's by name, or a new row. *id lives in the arena. */
static int find_provider(struct str *id, struct changes *c, struct act *act, const struct act_sheet *in, struct err *e)
{
        struct row row, *rows = NULL;
        size_t n = 0;
        int r;

        if (!in->from) {
                r = store_row(&row, act->db, TABLE_PROVIDER, arena_copy(act->arena, in->provider.p, in->provider.n), NULL, act->arena, e);
                *id = in->provider;
                return r < 0 || row.rev ? r : err_key(e, ERR_INPUT, "answer-sheet.provider.absent", "provider", NULL);
        }
        r = query_rows(&rows, &n, act->db, PROVIDERS_NAMED, in->from->provider, act->arena, e);
        if (r < 0)
                return r;
        if (!n) {
                row = row_new(TABLE_PROVIDER, entropy_uuid(act->now), NULL);
                row_personal(&row, PROVIDER_name, in->from->provider);
                row_personal(&row, PROVIDER_corporate_number, in->from->corporate_number);
                r = changes_add(c, &row, e);
                rows = &row;
        }
        *id = str_of(arena_text(act->arena, rows->id));
        return r;
}

/* What this one replaces. */
static int replace_others(struct changes *c, struct act *act, const struct act_sheet *in, struct str provider, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, act->db, SHEETS_OF_PROVIDER, provider, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                if (in->from && row_is(&rows[i], ANSWERSHEET_file_hash, c->notes_count ? c->notes[0].text.p : ""))
                        return err_key(e, ERR_CONFLICT, "answer-sheet.received", "", NULL);
                if (!row_is(&rows[i], ANSWERSHEET_state, "current") || !row_is(&rows[i], ANSWERSHEET_form, in->form) ||
                    !str_eq(row_get_text(&rows[i], ANSWERSHEET_subject), in->subject))
                        continue;
                row_text(&rows[i], ANSWERSHEET_state, STR("replaced"));
                r = changes_add(c, &rows[i], e);
        }
        return r;
}

/* The peer's key is known from its first file on. */
static int know_peer(struct row *peer, struct changes *c, struct act *act, const struct act_sheet *in, struct err *e)
{
        scoped(buf_done) struct buf print = BUF_INIT, key = BUF_INIT;
        int r;

        vkey_fingerprint(&print, &in->from->key);
        vkey_format(&key, &in->from->key);
        if (buf_bad(&print) || buf_bad(&key))
                return err_set(e, ERR_NOMEM, "peer");
        r = peer_find(peer, act->db, print.p, act->arena, e);
        if (r < 0)
                return r;
        if (!peer->rev)
                return err_key(e, ERR_RULE, "answer-file.unknown", "", print.p, NULL);
        if (row_get_text(peer, PEER_log_key).n)
                return ERR_OK;
        row_text(peer, PEER_log_key, str_of(arena_text(act->arena, key.p)));
        return changes_add(c, peer, e);
}

static int put_answers(struct changes *c, const struct act_sheet *in, struct uuid id, struct err *e)
{
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < in->n; i++) {
                char field[ROW_KEY_MAX];
                struct row row;

                (void)snprintf(field, sizeof(field), "%.*s", (int)in->answers[i].field.n, in->answers[i].field.p);
                row = row_new(TABLE_ANSWER, id, field);
                row_personal(&row, ANSWER_value, in->answers[i].value);
                r = changes_add(c, &row, e);
        }
        return r;
}

int act_keep_sheet(struct act *act, void *arg, struct err *e)
{
        struct act_sheet *in = arg;
        struct uuid id = entropy_uuid(act->now);
        struct row sheet = row_new(TABLE_ANSWERSHEET, id, NULL), peer = { 0 };
        char hex[2 * HASH_SIZE + 1];
        struct str provider;
        struct changes c;
        int r = may_keep(act, in->person, false, e);

        changes_init(&c, act->arena, in->from ? "answer-sheet.received" : "answer-sheet.recorded", sheet.id);
        c.actor = in->person;
        hex_text(hex, in->file.b, HASH_SIZE);
        if (in->from)
                changes_note(&c, "file", str_of(arena_text(act->arena, hex)));
        if (r == ERR_OK && in->from)
                r = know_peer(&peer, &c, act, in, e);
        if (r == ERR_OK)
                r = find_provider(&provider, &c, act, in, e);
        if (r == ERR_OK)
                r = replace_others(&c, act, in, provider, e);
        if (r < 0)
                return r;
        row_text(&sheet, ANSWERSHEET_provider, provider);
        row_personal(&sheet, ANSWERSHEET_subject, in->subject);
        row_text(&sheet, ANSWERSHEET_form, str_of(in->form));
        row_text(&sheet, ANSWERSHEET_form_hash, in->form_hash);
        open_text(&sheet, ANSWERSHEET_answered_on, in->answered_on);
        row_text(&sheet, ANSWERSHEET_source, in->from ? STR("received") : STR("own"));
        if (in->from) {
                row_text(&sheet, ANSWERSHEET_peer, str_of(peer.id));
                row_text(&sheet, ANSWERSHEET_file_hash, str_of(hex));
        }
        row_text(&sheet, ANSWERSHEET_person, str_of(in->person));
        row_int(&sheet, ANSWERSHEET_added_at, act->now);
        row_text(&sheet, ANSWERSHEET_state, STR("current"));
        r = changes_add(&c, &sheet, e);
        if (r == ERR_OK)
                r = put_answers(&c, in, id, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                memcpy(in->id, sheet.id, sizeof(in->id));
        return r;
}

/* ---- out ---- */

int act_export_sheet(struct act *act, void *arg, struct err *e)
{
        struct act_export *in = arg;
        char hex[2 * HASH_SIZE + 1], id[UUID_TEXT];
        struct changes c;
        int r = may_keep(act, in->person, true, e);

        if (r < 0)
                return r;
        (void)snprintf(id, sizeof(id), "%.*s", (int)in->sheet.n, in->sheet.p);
        hex_text(hex, in->digest.b, HASH_SIZE);
        changes_init(&c, act->arena, ANSWER_FILE_ENTRY, id);
        c.actor = in->person;
        changes_note(&c, "digest", str_of(hex));
        return act_append(&in->receipt, act, &c, e);
}

/* ---- peers ---- */

int peer_find(struct row *out, struct db *db, const char *fingerprint, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, db, PEERS_TRUSTED, str_of(fingerprint), a, e);

        *out = r == ERR_OK && n ? rows[0] : (struct row){ .table = TABLE_PEER };
        return r;
}

int act_add_peer(struct act *act, void *arg, struct err *e)
{
        struct act_peer *in = arg;
        struct row row, old;
        struct changes c;
        int r = may_keep(act, in->person, true, e);

        if (r == ERR_OK)
                r = peer_find(&old, act->db, in->fingerprint, act->arena, e);
        if (r == ERR_OK && old.rev)
                r = err_key(e, ERR_CONFLICT, "peer.same", "fingerprint", row_get_text(&old, PEER_name).p, NULL);
        if (r < 0)
                return r;
        row = row_new(TABLE_PEER, entropy_uuid(act->now), NULL);
        row_personal(&row, PEER_name, in->name);
        open_text(&row, PEER_log_key, in->log_key);
        row_text(&row, PEER_fingerprint, str_of(in->fingerprint));
        row_text(&row, PEER_person, str_of(in->person));
        row_int(&row, PEER_added_at, act->now);
        row_text(&row, PEER_state, STR("trusted"));
        changes_init(&c, act->arena, "peer.added", row.id);
        c.actor = in->person;
        r = changes_add(&c, &row, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                memcpy(in->id, row.id, sizeof(in->id));
        return r;
}

int act_end_peer(struct act *act, void *arg, struct err *e)
{
        struct act_peer_end *in = arg;
        struct changes c;
        struct row row;
        int r = may_keep(act, in->person, true, e);

        if (r == ERR_OK)
                r = store_row(&row, act->db, TABLE_PEER, arena_copy(act->arena, in->id.p, in->id.n), NULL, act->arena, e);
        if (r == ERR_OK && !row.rev)
                r = err_key(e, ERR_ABSENT, "peer.absent", "", NULL);
        if (r == ERR_OK && row.rev != in->rev)
                r = err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (r == ERR_OK && !row_is(&row, PEER_state, "trusted"))
                r = err_key(e, ERR_CONFLICT, "peer.over", "", NULL);
        if (r < 0)
                return r;
        row_text(&row, PEER_state, STR("ended"));
        changes_init(&c, act->arena, "peer.ended", row.id);
        c.actor = in->person;
        r = changes_add(&c, &row, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        in->rev_after = row.rev + 1;
        return r;
}
