/* files.c - see files.h. */
#include "server/office/command/files.h"

#include "base/codec.h"
#include "core/register/registers.h"
#include "core/register/retention.h"
#include "server/office/store/files.h"
#include "sys/entropy.h"

enum { ACTS = MAY_DECIDE | MAY_WITHDRAW | MAY_RESUBMIT | MAY_FILL | MAY_JUDGE | MAY_RATE | MAY_CORRECT | MAY_CONFIRM };

/* ---- who may ---- */

struct asked { struct office *o; struct db *db; const struct actor *who; const char *id; utime_t now; struct arena *a; };

static struct file_rights of_service(const struct row *service, const struct actor *who)
{
        bool keeps = actor_has(who, "secretariat"), has = service->rev && (row_is(service, SERVICE_manager, who->person) || row_is(service, SERVICE_deputy, who->person));

        return (struct file_rights){ .sees = has || actor_sees_all(who), .writes = has || keeps };
}

static int absent(struct err *e)
{
        return err_key(e, ERR_ABSENT, "file.row.absent", "about", NULL);
}

static int case_rights(struct file_rights *out, const struct asked *x, struct err *e)
{
        struct case_facts *f = arena_new(x->a, struct case_facts);
        const struct pack *pack;
        int r = f ? facts_load(f, &pack, x->o, x->db, str_of(x->id), x->now, x->a, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_ABSENT)
                return absent(e);
        if (r < 0)
                return r;
        *out = (struct file_rights){ .sees = facts_seen_by(pack, f, x->who, x->now), .writes = (procedure_may(pack, f, x->who, x->now) & ACTS) != 0 };
        return ERR_OK;
}

static int duty_rights(struct file_rights *out, const struct asked *x, struct err *e)
{
        struct duty_facts *d = arena_new(x->a, struct duty_facts);
        struct str app;
        struct asked of = *x;
        int r = d ? facts_of_duty(d, x->db, str_of(x->id), x->a, e) : err_set(e, ERR_NOMEM, "duty");

        if (r == ERR_ABSENT)
                return absent(e);
        if (r < 0)
                return r;
        app = row_get_text(&d->duty, DUTY_application);
        of.id = app.p;
        if (app.n && case_rights(out, &of, NULL) < 0)
                *out = (struct file_rights){ 0 };
        out->writes = duty_is_of(d, x->who);
        out->sees |= out->writes || actor_sees_all(x->who);
        return ERR_OK;
}

/* Rows of registers: by the service they hang on, or by who keeps the register. */
static int row_rights(struct file_rights *out, const struct asked *x, const struct register_info *info, struct err *e)
{
        const struct actor *who = x->who;
        struct row row, service = { 0 };
        struct str of;
        int r = store_row(&row, x->db, info->table, x->id, NULL, x->a, e);

        if (r < 0)
                return r;
        if (!row.rev)
                return absent(e);
        if (info->table == TABLE_INCIDENT) {
                out->writes = actor_has(who, "csirt") || actor_has(who, "secretariat");
                out->sees = out->writes || actor_sees_all(who);
                return ERR_OK;
        }
        of = info->of_col >= 0 ? row_get_text(&row, info->of_col) : STR("");
        if (info->table == TABLE_SERVICE)
                service = row;
        else if (of.n)
                r = store_row(&service, x->db, TABLE_SERVICE, of.p, NULL, x->a, e);
        if (r == ERR_OK)
                *out = of_service(&service, who);
        return r;
}

int file_rights(struct file_rights *out, struct office *o, struct db *db, const struct actor *who, struct str about, struct str subject, utime_t now,
                struct arena *a, struct err *e)
{
        const struct register_info *info = register_find(about);
        struct asked x = { o, db, who, arena_copy(a, subject.p, subject.n), now, a };
        bool service = info && (info->table == TABLE_SERVICE || info->table == TABLE_PROVIDER || info->table == TABLE_INCIDENT || (info->of && !strcmp(info->of, "service")));
        struct uuid id;
        int r;

        *out = (struct file_rights){ 0 };
        if (!uuid_parse(subject, &id) || (!service && !str_is(about, "application") && !str_is(about, "duty")))
                return absent(e);
        if (!x.id)
                return err_set(e, ERR_NOMEM, "file");
        r = service ? row_rights(out, &x, info, e) : str_is(about, "duty") ? duty_rights(out, &x, e) : case_rights(out, &x, e);
        if (r == ERR_OK && !out->sees && !out->writes)
                r = absent(e); /* whether it exists is not told */
        return r;
}

/* ---- acts ---- */

static int may_write(struct act *act, const char *person, struct str about, struct str subject, struct err *e)
{
        struct file_rights rights;
        struct actor who;
        int r = query_actor(&who, act->db, person, act->now, act->arena, e);

        if (r < 0)
                return r == ERR_ABSENT ? err_key(e, ERR_UNKNOWN, "session.none", "", NULL) : r;
        r = file_rights(&rights, act->office, act->db, &who, about, subject, act->now, act->arena, e);
        return r < 0 || rights.writes ? r : err_key(e, ERR_FORBIDDEN, "file.role", "", NULL);
}

int act_file_key(struct act *act, void *arg, struct err *e)
{
        struct act_file_key *in = arg;
        uint8_t key[32];

        retention_unit(in->unit, RETENTION_FILES, act->now);
        return db_unit_key(act->db, in->unit, true, act->now, key, e);
}

/* Not the same content twice on one row, and not more than somebody will look through. */
static int check_others(struct act *act, const struct act_attach *in, const char *hex, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0, kept = 0;
        char most[16];
        int r = query_rows(&rows, &n, act->db, ATTACHMENTS_OF, in->subject, act->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                if (!row_is(&rows[i], ATTACHMENT_state, "kept"))
                        continue;
                kept++;
                if (row_is(&rows[i], ATTACHMENT_hash, hex))
                        r = err_key(e, ERR_CONFLICT, "file.same", "", NULL);
        }
        (void)snprintf(most, sizeof(most), "%d", FILES_OF_ROW_MAX);
        return r == ERR_OK && kept >= FILES_OF_ROW_MAX ? err_key(e, ERR_CONFLICT, "file.many", "", most, NULL) : r;
}

int act_attach(struct act *act, void *arg, struct err *e)
{
        struct act_attach *in = arg;
        char hex[2 * HASH_SIZE + 1], unit[UNIT_NAME], subject[UUID_TEXT];
        struct changes c;
        struct row row;
        int r = may_write(act, in->person, in->about, in->subject, e);

        hex_text(hex, in->hash.b, HASH_SIZE);
        if (r == ERR_OK)
                r = check_others(act, in, hex, e);
        retention_unit(unit, RETENTION_FILES, act->now);
        /* Nobody takes a file away but this thread: what is there now is there when the entry is. */
        if (r == ERR_OK && (strcmp(unit, in->unit) != 0 || !store_file_is_there(act->office->store_dir, &in->hash, unit)))
                r = err_key(e, ERR_BUSY, "file.again", "", NULL);
        if (r < 0)
                return r;
        (void)snprintf(subject, sizeof(subject), "%.*s", (int)in->subject.n, in->subject.p);
        row = row_new(TABLE_ATTACHMENT, entropy_uuid(act->now), NULL);
        row_text(&row, ATTACHMENT_hash, str_of(hex));
        row_personal(&row, ATTACHMENT_name, in->name);
        row_text(&row, ATTACHMENT_type, str_of(in->type));
        row_int(&row, ATTACHMENT_size, (int64_t)in->size);
        row_text(&row, ATTACHMENT_about, in->about);
        row_text(&row, ATTACHMENT_subject, in->subject);
        row_personal(&row, ATTACHMENT_note, in->note);
        if (in->dated_on.n)
                row_text(&row, ATTACHMENT_dated_on, in->dated_on);
        row_text(&row, ATTACHMENT_person, str_of(in->person));
        row_int(&row, ATTACHMENT_added_at, act->now);
        row_text(&row, ATTACHMENT_state, STR("kept"));
        changes_init(&c, act->arena, "attachment.added", subject);
        c.actor = in->person;
        r = changes_add(&c, &row, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                memcpy(in->id, row.id, sizeof(in->id));
        return r;
}

int act_file_remove(struct act *act, void *arg, struct err *e)
{
        struct act_file_remove *in = arg;
        char *id = arena_copy(act->arena, in->id.p, in->id.n);
        struct str subject;
        struct changes c;
        struct row row;
        int r = id ? store_row(&row, act->db, TABLE_ATTACHMENT, id, NULL, act->arena, e) : err_set(e, ERR_NOMEM, "file");

        if (r == ERR_OK && !row.rev)
                r = err_key(e, ERR_ABSENT, "file.absent", "", NULL);
        if (r < 0)
                return r;
        subject = row_get_text(&row, ATTACHMENT_subject);
        r = may_write(act, in->person, row_get_text(&row, ATTACHMENT_about), subject, e);
        if (r == ERR_OK && row.rev != in->rev)
                r = err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (r == ERR_OK && !row_is(&row, ATTACHMENT_state, "kept"))
                r = err_key(e, ERR_CONFLICT, "file.removed", "", NULL);
        if (r == ERR_OK && !in->reason.n)
                r = err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        if (r < 0)
                return r;
        row_text(&row, ATTACHMENT_state, STR("removed"));
        row_personal(&row, ATTACHMENT_reason, in->reason);
        changes_init(&c, act->arena, "attachment.removed", subject.p);
        c.actor = in->person;
        r = changes_add(&c, &row, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        in->rev_after = row.rev + 1;
        return r;
}

int act_file_drop(struct act *act, void *arg, struct err *e)
{
        const struct hash *name = arg;
        bool named = true;
        int r = store_file_named(&named, act->db, name, e);

        if (r == ERR_OK && !named)
                store_file_remove(act->office->store_dir, name);
        return r;
}
