/* fault_rows.c - see fault_rows.h. */
#include "fault_rows.h"

#include "server/office/command/answer_sheets.h"
#include "server/office/command/deliveries.h"
#include "server/office/command/files.h"
#include "server/office/command/registers.h"
#include "server/office/command/witnesses.h"
#include "server/office/store/files.h"
#include "server/office/store/scrub.h"

static struct fault_rows on;
static char account[UUID_TEXT], attachment[UUID_TEXT], sheet[UUID_TEXT], peer[UUID_TEXT], witness[UUID_TEXT];

/* ---- rows of registers ---- */

static int add_account(struct writer *w, const char *name, char id[UUID_TEXT], struct err *e)
{
        const struct change_cell cells[] = { { STR("name"), str_of(name) }, { STR("kind"), STR("administrator") }, { STR("purpose"), STR("設定") } };
        struct act_row act = { .person = on.manager, .r = register_of_table(TABLE_ACCOUNT), .id = str_of(on.service), .cells = cells, .n = countof(cells) };
        int r = writer_run(w, act_add_row, &act, e);

        if (r == ERR_OK && id)
                memcpy(id, act.row, UUID_TEXT);
        return r;
}

int fault_row_add(struct writer *w, struct err *e)
{
        return add_account(w, "second", NULL, e);
}

/* Another manager, who is told. */
int fault_row_change(struct writer *w, struct err *e)
{
        const struct change_cell cells[] = { { STR("manager"), str_of(on.other) } };
        struct act_row act = { .person = on.secretariat, .r = register_of_table(TABLE_SERVICE), .id = str_of(on.service), .reason = STR("異動のため。"),
                               .cells = cells, .n = countof(cells), .rev = 1 };

        return writer_run(w, act_change_row, &act, e);
}

int fault_row_end(struct writer *w, struct err *e)
{
        struct act_row act = { .person = on.manager, .r = register_of_table(TABLE_ACCOUNT), .id = str_of(account), .reason = STR("返した。"), .rev = 1 };

        return writer_run(w, act_end_row, &act, e);
}

/* ---- attachments ---- */

static const struct str content = { "%PDF-1.7 evidence", 17 };

/* As an upload does: the key, the file, the entry that names it; what no entry names goes away. */
static int attach(struct writer *w, struct str bytes, char id[UUID_TEXT], struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        struct act_file_key key = { { 0 } };
        struct act_attach act = { .person = on.manager, .unit = key.unit, .type = "pdf", .about = STR("service"), .subject = str_of(on.service), .name = STR("証明書.pdf"),
                                  .note = STR("2026年"), .dated_on = STR("2026-04-01"), .hash = hash_bytes(bytes), .size = bytes.n };
        struct err why = { 0 };
        int r = db_open(&db, on.office->store_dir, DB_READ, e);

        if (r == ERR_OK)
                r = writer_run(w, act_file_key, &key, e);
        if (r == ERR_OK)
                r = store_file_put(db, on.office->store_dir, key.unit, &act.hash, bytes, e);
        if (r < 0)
                return r;
        r = writer_run(w, act_attach, &act, e);
        if (r < 0)
                (void)writer_run(w, act_file_drop, &act.hash, &why);
        else if (id)
                memcpy(id, act.id, UUID_TEXT);
        return r;
}

int fault_file_add(struct writer *w, struct err *e)
{
        return attach(w, content, NULL, e);
}

int fault_file_remove(struct writer *w, struct err *e)
{
        struct act_file_remove act = { .person = on.manager, .id = str_of(attachment), .reason = STR("差し替え。"), .rev = 1 };

        return writer_run(w, act_file_remove, &act, e);
}

int fault_file_whole(struct db *db, const char *office_dir, struct err *e)
{
        scoped(store_file_close) struct stored_file *f = NULL;
        struct hash name = hash_bytes(content);
        bool named = false;
        int r = store_file_named(&named, db, &name, e);

        return r == ERR_OK && named ? store_file_open(&f, db, office_dir, &name, e) : r;
}

/* ---- providers' answers ---- */

static const struct answer_line lines[] = { { { "said_by", 7 }, { "営業部", 9 } }, { { "recovery_hours", 14 }, { "4", 1 } } };
static const char form_hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static const struct vkey foreign = { "peer.example/log", { 1 } }, third = { "third.example/log", { 2 } };

static int keep_sheet(struct writer *w, const struct answer_file *from, char id[UUID_TEXT], struct err *e)
{
        struct act_sheet act = { .person = on.secretariat, .form = "provider-sheet", .provider = str_of(on.provider), .subject = STR("会議サービス"), .answered_on = STR("2026-04-01"),
                                 .form_hash = str_of(form_hash), .answers = lines, .n = countof(lines), .from = from, .file = hash_bytes(STR("file")) };
        int r = writer_run(w, act_keep_sheet, &act, e);

        if (r == ERR_OK && id)
                memcpy(id, act.id, UUID_TEXT);
        return r;
}

/* Replaces the one before. */
int fault_sheet_keep(struct writer *w, struct err *e)
{
        return keep_sheet(w, NULL, NULL, e);
}

/* The peer's first file: its key and a provider are new. */
int fault_sheet_receive(struct writer *w, struct err *e)
{
        const struct answer_file from = { .install = STR("隣町"), .post = STR("secretariat"), .provider = STR("知らない会社"), .corporate_number = STR("1234567890123"), .key = foreign };

        return keep_sheet(w, &from, NULL, e);
}

int fault_sheet_export(struct writer *w, struct err *e)
{
        struct act_export act = { .person = on.secretariat, .sheet = str_of(sheet), .digest = hash_bytes(STR("content")) };

        return writer_run(w, act_export_sheet, &act, e);
}

static int add_peer(struct writer *w, const struct vkey *key, char id[UUID_TEXT], struct err *e)
{
        scoped(buf_done) struct buf print = BUF_INIT;
        struct act_peer act = { .person = on.secretariat, .name = STR("隣町") };
        int r;

        vkey_fingerprint(&print, key);
        if (buf_bad(&print))
                return err_set(e, ERR_NOMEM, "fingerprint");
        act.fingerprint = print.p;
        r = writer_run(w, act_add_peer, &act, e);
        if (r == ERR_OK && id)
                memcpy(id, act.id, UUID_TEXT);
        return r;
}

int fault_peer_add(struct writer *w, struct err *e)
{
        return add_peer(w, &third, NULL, e);
}

int fault_peer_end(struct writer *w, struct err *e)
{
        struct act_peer_end act = { .person = on.secretariat, .id = str_of(peer), .rev = 1 };

        return writer_run(w, act_end_peer, &act, e);
}

/* ---- witnesses ---- */

static const struct vkey near_by = { "near.example/w1", { 1 } }, far_off = { "far.example/w1", { 2 } };

static int add_witness(struct writer *w, const struct vkey *key, char id[UUID_TEXT], struct err *e)
{
        struct act_witness act = { .person = on.secretariat, .key = *key };
        int r = writer_run(w, act_add_witness, &act, e);

        if (r == ERR_OK && id)
                memcpy(id, act.id, UUID_TEXT);
        return r;
}

int fault_witness_add(struct writer *w, struct err *e)
{
        return add_witness(w, &far_off, NULL, e);
}

int fault_witness_end(struct writer *w, struct err *e)
{
        struct act_witness_end act = { .person = on.secretariat, .id = str_of(witness), .rev = 1 };

        return writer_run(w, act_end_witness, &act, e);
}

/* ---- what the courier says ---- */

static int settle(struct writer *w, int64_t notice, struct err *e)
{
        const struct sent_row rows[] = { { .id = notice, .who = str_of(on.manager), .state = STR("failed"), .why = STR("550 no such user") },
                                         { .id = notice, .who = STR(""), .state = STR("done"), .why = STR("") } };

        return writer_run(w, act_settle, &(struct act_settle){ STR("mail"), rows, countof(rows) }, e);
}

/* Somebody could not be reached, which is told. */
int fault_settle(struct writer *w, struct err *e)
{
        return settle(w, on.notices[1], e);
}

static int say(struct act *act, void *arg, struct err *e)
{
        const struct sink_row rows[] = { { .id = STR("mail"), .kind = STR("mail"), .state = STR("waits"), .why = STR("connection refused") },
                                         { .id = STR("log"), .kind = STR("syslog"), .state = STR("works"), .why = STR("") } };
        const bool *later = arg;

        act->now += *later ? UTIME_HOUR : 0;
        return act_say_sinks(act, &(struct act_sinks){ rows, *later ? 2 : 1 }, e);
}

/* One that still waits, which is told; one that is new. */
int fault_say_sinks(struct writer *w, struct err *e)
{
        bool later = true;

        return writer_run(w, say, &later, e);
}

static int sweep_later(struct act *act, void *arg, struct err *e)
{
        act->now += (OUTBOX_DAYS + 1) * UTIME_DAY;
        return act_sweep_outbox(act, arg, e);
}

int fault_sweep(struct writer *w, struct err *e)
{
        return writer_run(w, sweep_later, NULL, e);
}

static int keep_place(struct act *act, void *arg, struct err *e)
{
        const struct scrub at = { .stage = SCRUB_LOCAL, .part = 3, .place = "x", .began_at = 5 };

        return scrub_keep(act->db, &at, e);
}

int fault_scrub_keep(struct writer *w, struct err *e)
{
        return writer_run(w, keep_place, NULL, e);
}

/* ---- before ---- */

int fault_rows_begin(struct writer *w, const struct fault_rows *what, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        bool later = false;
        size_t swept;
        int r;

        on = *what;
        r = db_open(&db, on.office->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = store_files_sweep(db, on.office->store_dir, &swept, e);      /* makes the folder, as the office's start does */
        if (r == ERR_OK)
                r = add_account(w, "first", account, e);
        if (r == ERR_OK)
                r = attach(w, STR("%PDF-1.7 first"), attachment, e);
        if (r == ERR_OK)
                r = keep_sheet(w, NULL, sheet, e);
        if (r == ERR_OK)
                r = add_peer(w, &foreign, peer, e);
        if (r == ERR_OK)
                r = add_witness(w, &near_by, witness, e);
        if (r == ERR_OK)
                r = writer_run(w, say, &later, e);
        return r < 0 ? r : settle(w, on.notices[0], e);
}
