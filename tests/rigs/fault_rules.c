/* fault_rules.c - see fault_rules.h. */
#include "fault_rules.h"

#include "server/office/command/appoint.h"
#include "server/office/command/erasures.h"
#include "server/office/command/rules.h"
#include "sys/clock.h"

static struct fault_rules on;
static char kept[UUID_TEXT], proposed[UUID_TEXT], asked[UUID_TEXT];
static int64_t proposed_rev, asked_rev;

/* What a draft comes to is the pack in force: which pack it is matters to nobody here. */
static int deed(struct writer *w, enum rules_deed which, const char *id, int64_t rev, char made[UUID_TEXT], int64_t *after, struct err *e)
{
        struct act_rules act = { .deed = which, .person = which == RULES_RETURN || which == RULES_ADOPT ? on.judge : on.one, .id = str_of(id), .rev = rev,
                                 .title = STR("期間を改める"), .reason = STR("確かめた。"), .files = STR("{}"), .edits = STR("[]"), .todo = STR("[]"),
                                 .pack = on.office->pack, .loosened = 1 };
        int r = writer_run(w, act_rules, &act, e);

        if (r == ERR_OK && made)
                memcpy(made, act.row, UUID_TEXT);
        if (r == ERR_OK && after)
                *after = act.rev_after;
        return r;
}

static int appoint(struct writer *w, const char *of, const char *role, utime_t from, char made[UUID_TEXT], int64_t *after, struct err *e)
{
        struct act_appoint act = { .person = on.one, .of = of, .role = role, .from = from, .why = STR("人第12号") };
        int r = writer_run(w, act_ask_appointment, &act, e);

        if (r == ERR_OK && made)
                memcpy(made, act.id, UUID_TEXT);
        if (r == ERR_OK && after)
                *after = act.rev_after;
        return r;
}

static int settle(struct writer *w, act_fn *fn, const char *who, struct err *e)
{
        struct act_appointment act = { .person = who, .id = str_of(asked), .reason = STR("人を改める。"), .rev = asked_rev };

        return writer_run(w, fn, &act, e);
}

static utime_t in_days(int64_t days)
{
        return clock_now() + days * UTIME_DAY;
}

int fault_rules_begin(struct writer *w, const struct fault_rules *who, struct err *e)
{
        int64_t rev;
        int r;

        on = *who;
        r = deed(w, RULES_MAKE, "", 0, kept, NULL, e);
        if (r == ERR_OK)
                r = deed(w, RULES_MAKE, "", 0, proposed, &rev, e);
        if (r == ERR_OK)
                r = deed(w, RULES_PROPOSE, proposed, rev, NULL, &proposed_rev, e);
        if (r == ERR_OK)
                r = appoint(w, on.of, "auditor", in_days(3), asked, &asked_rev, e);
        return r < 0 ? r : appoint(w, on.judge, "staff", in_days(3), NULL, NULL, e);
}

int fault_rules_make(struct writer *w, struct err *e) { return deed(w, RULES_MAKE, "", 0, NULL, NULL, e); }
int fault_rules_save(struct writer *w, struct err *e) { return deed(w, RULES_SAVE, kept, 1, NULL, NULL, e); }
int fault_rules_propose(struct writer *w, struct err *e) { return deed(w, RULES_PROPOSE, kept, 1, NULL, NULL, e); }
int fault_rules_drop(struct writer *w, struct err *e) { return deed(w, RULES_DROP, kept, 1, NULL, NULL, e); }
int fault_rules_return(struct writer *w, struct err *e) { return deed(w, RULES_RETURN, proposed, proposed_rev, NULL, NULL, e); }
int fault_rules_adopt(struct writer *w, struct err *e) { return deed(w, RULES_ADOPT, proposed, proposed_rev, NULL, NULL, e); }

int fault_appoint_ask(struct writer *w, struct err *e) { return appoint(w, on.of, "section_manager", in_days(1), NULL, NULL, e); }
int fault_appoint_confirm(struct writer *w, struct err *e) { return settle(w, act_confirm_appointment, on.other, e); }
int fault_appoint_refuse(struct writer *w, struct err *e) { return settle(w, act_refuse_appointment, on.other, e); }

static int much_later(struct act *act, void *arg, struct err *e)
{
        act->now += 5 * UTIME_DAY;
        return act_appointments(act, NULL, e);
}

int fault_appoint_days(struct writer *w, struct err *e) { return writer_run(w, much_later, NULL, e); }

int fault_role_end(struct writer *w, struct err *e)
{
        struct act_end_role act = { .person = on.one, .of = on.manager, .role = "section_manager", .reason = STR("異動のため。"), .rev = 1 };

        return writer_run(w, act_end_role, &act, e);
}

/* Forty years on a unit is proposed and confirmed, in one act. */
static int two_people(struct act *act, void *arg, struct err *e)
{
        char unit[UNIT_NAME];
        struct str units[1];
        struct act_erasure_ask ask = { .person = on.one, .units = units, .units_count = 1, .reason = STR("保存期間満了") };
        struct act_erasure confirm = { .person = on.manager };
        int r;

        retention_unit(unit, RETENTION_PEOPLE, act->now);
        units[0] = str_of(unit);
        act->office->pack->settings.records_role = "section_manager";
        act->now += 40 * 366 * UTIME_DAY;
        r = act_ask_erasure(act, &ask, e);
        confirm.id = str_of(ask.id);
        return r < 0 ? r : act_confirm_erasure(act, &confirm, e);
}

int fault_erasure(struct writer *w, struct err *e) { return writer_run(w, two_people, NULL, e); }
