/* resets.c - see resets.h. */
#include "server/office/command/resets.h"

#include "server/office/command/notice.h"
#include "server/office/session/credential.h"
#include "sys/entropy.h"

static const char *const keepers[] = { "secretariat", "system_manager" };

static bool is_keeper(const struct actor *who)
{
        return actor_has(who, keepers[0]) || actor_has(who, keepers[1]);
}

static const char *word(struct act *act, struct str s)
{
        const char *p = arena_copy(act->arena, s.p ? s.p : "", s.n);

        return p ? p : "";
}

/* The route asks for the role too; a role that ended between the two counts here. */
static int keeper_now(struct act *act, const char *person, struct err *e)
{
        struct actor who;
        int r = query_actor(&who, act->db, person, act->now, act->arena, e);

        if (r == ERR_ABSENT)
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        return r < 0 || is_keeper(&who) ? r : err_key(e, ERR_FORBIDDEN, "error.forbidden", "", NULL);
}

/* ---- who is told ---- */

/* Who may confirm it, and whom it is for: they know best whether they asked. */
static int tell_asked(struct act *act, const struct row *reset, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT, whose = NOTICE_TO_INIT;
        struct str person = row_get_text(reset, RESET_person), by = row_get_text(reset, RESET_asked_by);
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(keepers); i++) {
                struct person_line *people = NULL;
                size_t n = 0;

                r = query_holders(&people, &n, act->db, keepers[i], STR(""), act->arena, e);
                for (size_t k = 0; r == ERR_OK && k < n; k++)
                        if (!str_eq(people[k].id, person) && !str_eq(people[k].id, by))
                                notice_to_person(&to, people[k].id);
        }
        if (r == ERR_OK)
                r = notice_put(act, &(struct notice){ .key = "notice.reset-asked", .page = "resets" }, &to, e);
        notice_to_person(&whose, person);
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = "notice.reset-yours", .page = "account" }, &whose, e);
}

static int tell_confirmed(struct act *act, const struct row *reset, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;

        notice_to_person(&to, row_get_text(reset, RESET_person));
        return notice_put(act, &(struct notice){ .key = "notice.reset-confirmed", .page = "account", .urgent = true }, &to, e);
}

/* ---- the acts ---- */

static int append(struct receipt *out, struct act *act, const char *type, const char *person, const struct row *reset, struct err *e)
{
        struct changes c;
        int r;

        changes_init(&c, act->arena, type, reset->id);
        c.actor = person;
        r = changes_add(&c, reset, e);
        return r < 0 ? r : act_append(out, act, &c, e);
}

static bool is_late(const struct row *reset, utime_t now)
{
        return now >= row_get_int(reset, RESET_asked_at) + RESET_ASKED_DAYS * UTIME_DAY;
}

int act_ask_reset(struct act *act, void *arg, struct err *e)
{
        struct act_ask_reset *in = arg;
        struct row reset = row_new(TABLE_RESET, entropy_uuid(act->now), NULL), person, *open = NULL;
        size_t n = 0;
        int r = keeper_now(act, in->person, e);

        if (r == ERR_OK)
                r = store_row(&person, act->db, TABLE_PERSON, in->of, NULL, act->arena, e);
        if (r == ERR_OK && (!person.rev || !row_is(&person, PERSON_state, "active")))
                r = err_key(e, ERR_ABSENT, "reset.person.absent", "person", NULL);
        if (r == ERR_OK && strcmp(in->of, in->person) == 0)
                r = err_key(e, ERR_FORBIDDEN, "reset.self", "person", NULL);
        if (r == ERR_OK && !in->reason.n)
                r = err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);
        if (r == ERR_OK)
                r = query_rows(&open, &n, act->db, RESETS_OF, str_of(in->of), act->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (!is_late(&open[i], act->now))
                        r = err_key(e, ERR_CONFLICT, "reset.open", "person", NULL);
        if (r < 0)
                return r;
        row_text(&reset, RESET_person, str_of(person.id));
        row_personal(&reset, RESET_reason, in->reason);
        row_text(&reset, RESET_asked_by, str_of(in->person));
        row_int(&reset, RESET_asked_at, act->now);
        row_text(&reset, RESET_state, STR("asked"));
        r = append(&in->receipt, act, "credential.reset-asked", in->person, &reset, e);
        if (r == ERR_OK)
                memcpy(in->id, reset.id, sizeof(in->id));
        return r < 0 ? r : tell_asked(act, &reset, e);
}

int reset_may_confirm(const struct row *reset, const char *person, utime_t now, struct err *e)
{
        if (!row_is(reset, RESET_state, "asked") || is_late(reset, now))
                return err_key(e, ERR_CONFLICT, "reset.over", "", NULL);
        if (row_is(reset, RESET_person, person))
                return err_key(e, ERR_FORBIDDEN, "reset.self", "", NULL);
        return row_is(reset, RESET_asked_by, person) ? err_key(e, ERR_FORBIDDEN, "reset.same", "", NULL) : ERR_OK;
}

static int load(struct row *reset, struct act *act, const char *person, struct str id, struct err *e)
{
        int r = keeper_now(act, person, e);

        if (r == ERR_OK)
                r = store_row(reset, act->db, TABLE_RESET, word(act, id), NULL, act->arena, e);
        return r == ERR_OK && !reset->rev ? err_key(e, ERR_ABSENT, "reset.absent", "", NULL) : r;
}

static void finish(struct row *reset, const char *state, const char *person, utime_t now)
{
        row_text(reset, RESET_state, str_of(state));
        row_text(reset, RESET_done_by, str_of(person));
        row_int(reset, RESET_done_at, now);
}

int act_confirm_reset(struct act *act, void *arg, struct err *e)
{
        struct act_confirm_reset *in = arg;
        struct row reset, person;
        int r = load(&reset, act, in->person, in->id, e);

        if (r == ERR_OK)
                r = reset_may_confirm(&reset, in->person, act->now, e);
        if (r == ERR_OK)
                r = store_row(&person, act->db, TABLE_PERSON, word(act, row_get_text(&reset, RESET_person)), NULL, act->arena, e);
        if (r == ERR_OK && !row_is(&person, PERSON_state, "active"))
                r = err_key(e, ERR_ABSENT, "reset.person.absent", "", NULL);
        if (r == ERR_OK)
                r = credential_give_code(act, &person, in->phc, &in->until, e);
        if (r < 0)
                return r;
        finish(&reset, "confirmed", in->person, act->now);
        row_int(&reset, RESET_until_at, in->until);
        r = append(&in->receipt, act, "credential.reset-confirmed", in->person, &reset, e);
        return r < 0 ? r : tell_confirmed(act, &reset, e);
}

int act_end_reset(struct act *act, void *arg, struct err *e)
{
        struct act_end_reset *in = arg;
        struct row reset;
        int r = load(&reset, act, in->person, in->id, e);

        if (r == ERR_OK && !row_is(&reset, RESET_state, "asked"))
                r = err_key(e, ERR_CONFLICT, "reset.over", "", NULL);
        if (r < 0)
                return r;
        finish(&reset, "ended", in->person, act->now);
        return append(&in->receipt, act, "credential.reset-ended", in->person, &reset, e);
}
