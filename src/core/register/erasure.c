/* erasure.c - see erasure.h. */
#include "core/register/erasure.h"

static const char *const keepers[] = { "secretariat", "system_manager" }, *const watchers[] = { "auditor", "ciso", "senior_officer" };

static bool has_one(const struct actor *who, const char *const *roles, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (actor_has(who, roles[i]))
                        return true;
        return false;
}

bool erasure_may_confirm(const struct pack *pack, const struct actor *who)
{
        return pack->settings.records_role && actor_has(who, pack->settings.records_role);
}

bool erasure_may_ask(const struct pack *pack, const struct actor *who)
{
        return has_one(who, keepers, countof(keepers)) || erasure_may_confirm(pack, who);
}

bool erasure_may_see(const struct pack *pack, const struct actor *who)
{
        return erasure_may_ask(pack, who) || has_one(who, watchers, countof(watchers));
}

static int put_asked(struct changes *out, const struct erasure_scene *s, struct uuid id, const struct erasable *u, struct str reason, struct err *e)
{
        struct row row = row_new(TABLE_ERASURE, id, u->name);

        if (u->due > s->now)
                return err_key(e, ERR_RULE, "erase.unit.early", "units", u->name, NULL);
        if (u->proposed)
                return err_key(e, ERR_CONFLICT, "erase.unit.proposed", "units", u->name, NULL);
        row_text(&row, ERASURE_state, STR("asked"));
        row_int(&row, ERASURE_years, u->years);
        row_int(&row, ERASURE_due_at, u->due);
        row_int(&row, ERASURE_texts, (int64_t)u->texts);
        row_int(&row, ERASURE_files, (int64_t)u->files);
        row_text(&row, ERASURE_asked_by, str_of(s->who->person));
        row_int(&row, ERASURE_asked_at, s->now);
        row_personal(&row, ERASURE_reason, reason);
        return changes_add(out, &row, e);
}

int erasure_ask(struct changes *out, const struct erasure_scene *s, struct uuid id, const struct erasable *units, size_t n, struct str reason, struct err *e)
{
        int r = ERR_OK;

        if (!erasure_may_ask(s->pack, s->who))
                return err_key(e, ERR_FORBIDDEN, "erase.role.ask", "", NULL);
        if (!s->pack->settings.records_role)
                return err_key(e, ERR_RULE, "erase.role.none", "", NULL);
        if (!n || n > ERASURE_UNITS_MAX)
                return err_key(e, ERR_INPUT, "erase.units", "units", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                for (size_t k = 0; k < i; k++)
                        if (strcmp(units[i].name, units[k].name) == 0)
                                return err_key(e, ERR_INPUT, "erase.units", "units", NULL);
                r = put_asked(out, s, id, &units[i], reason, e);
        }
        if (r == ERR_OK)
                out->actor = s->who->person;
        return r;
}

/* All units of a proposal together. */
static int decide(struct changes *out, const struct erasure_scene *s, const struct row *rows, size_t n, const char *state, struct str answer, struct err *e)
{
        int r = n ? ERR_OK : err_key(e, ERR_ABSENT, "erase.absent", "", NULL);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct row row = rows[i];

                if (!row_is(&row, ERASURE_state, "asked"))
                        return err_key(e, ERR_CONFLICT, "erase.state", "", NULL);
                row_text(&row, ERASURE_state, str_of(state));
                row_text(&row, ERASURE_decided_by, str_of(s->who->person));
                row_int(&row, ERASURE_decided_at, s->now);
                row_personal(&row, ERASURE_answer, answer);
                r = changes_add(out, &row, e);
        }
        if (r == ERR_OK)
                out->actor = s->who->person;
        return r;
}

int erasure_confirm(struct changes *out, const struct erasure_scene *s, const struct row *rows, size_t n, struct err *e)
{
        if (!erasure_may_confirm(s->pack, s->who))
                return err_key(e, ERR_FORBIDDEN, "erase.role.confirm", "", NULL);
        for (size_t i = 0; i < n; i++)
                if (row_is(&rows[i], ERASURE_asked_by, s->who->person))
                        return err_key(e, ERR_FORBIDDEN, "erase.own", "", NULL);
        return decide(out, s, rows, n, "confirmed", STR(""), e);
}

int erasure_refuse(struct changes *out, const struct erasure_scene *s, const struct row *rows, size_t n, struct str answer, struct err *e)
{
        bool own = n && row_is(&rows[0], ERASURE_asked_by, s->who->person);      /* who proposed may take it back */

        if (!own && !erasure_may_confirm(s->pack, s->who))
                return err_key(e, ERR_FORBIDDEN, "erase.role.confirm", "", NULL);
        if (!answer.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        return decide(out, s, rows, n, "refused", answer, e);
}

int erasure_done(struct changes *out, const struct row *row, const char *unit, struct str digest, utime_t now, struct err *e)
{
        struct row after = *row;

        row_text(&after, ERASURE_state, STR("erased"));
        row_int(&after, ERASURE_erased_at, now);
        changes_note(out, "unit", str_of(unit));
        changes_note(out, "digest", digest);
        changes_note_int(out, "texts", row_get_int(row, ERASURE_texts));
        changes_note_int(out, "files", row_get_int(row, ERASURE_files));
        changes_note_int(out, "renewed", row_get_int(row, ERASURE_renewed));
        return changes_add(out, &after, e);
}
