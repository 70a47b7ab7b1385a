/* clock.c - see clock.h. */
#include "server/office/command/clock.h"

#include "server/office/grants/issue.h"
#include "server/office/store/query.h"
#include "sys/clock.h"
#include "sys/log.h"

#define KEEP_EVERY UTIME_MIN
#define SEEN_LEEWAY (2 * UTIME_MIN)     /* between looking at the screen and pressing */

static const char *const hold_names[] = { [TIME_RUNS] = "none", [TIME_JUMPED] = "jump", [TIME_MASS] = "mass" };

static int keep(struct act *act, struct err *e)
{
        struct time_kept k;

        office_time_keep(&k, act->office->time, clock_boot());
        return clock_put(act->db, &k, e);
}

static int append(struct receipt *out, struct act *act, const char *type, const char *person, const struct time_state *s, struct err *e)
{
        struct changes c;

        changes_init(&c, act->arena, type, act->office->install_text);
        c.actor = person;
        changes_note(&c, "why", str_of(hold_names[s->hold]));
        changes_note_int(&c, "wall", s->wall);
        changes_note_int(&c, "house", s->now);
        return act_append(out, act, &c, e);
}

static int act_keep(struct act *act, void *arg, struct err *e)
{
        (void)arg;
        return keep(act, e);
}

static int act_changed(struct act *act, void *arg, struct err *e)
{
        struct time_state *s = arg;
        struct receipt receipt;
        int r = append(&receipt, act, s->hold ? "clock.held" : "clock.resumed", NULL, s, e);

        return r < 0 ? r : keep(act, e);
}

static int write_changed(struct office *o, struct err *e)
{
        struct time_state s;

        office_time_state(&s, o->time, clock_now(), clock_boot());
        if (s.hold)
                log_say(LOG_ERROR, "the machine's clock is %+lld s away from where it should be (%s): what time does waits for a person", (long long)((s.wall - s.now) / UTIME_S), hold_names[s.hold]);
        else
                log_say(LOG_NOTICE, "the machine's clock is right again");
        return writer_run(o->writer, act_changed, &s, e);
}

int clock_round(struct office *o, utime_t *kept_at, struct err *e)
{
        utime_t boot = clock_boot();
        int r = ERR_OK;

        if (!o->time || clock_is_told())
                return ERR_OK;
        if (office_time_look(o->time, clock_now(), boot) || (office_held(o) && !*kept_at))
                r = write_changed(o, e);
        else if (!*kept_at || boot - *kept_at > KEEP_EVERY)
                r = writer_run(o->writer, act_keep, NULL, e);
        *kept_at = boot;
        return r;
}

/* ---- the start ---- */

int clock_begin(struct office *o, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        struct time_kept kept;
        char boot_id[BOOT_ID_MAX + 1];
        uint64_t size;
        utime_t newest = 0;
        int r = db_open(&db, o->store_dir, DB_READ, e), found;

        if (r == ERR_OK)
                r = journal_size(&size, &newest, db, e);
        if (r < 0)
                return r;
        found = clock_find(&kept, db, e);
        if (found < 0 && found != ERR_ABSENT)
                return found;
        clock_boot_id(boot_id, sizeof(boot_id));
        return office_time_start(&o->time, found == ERR_OK ? &kept : NULL, newest, boot_id, clock_now(), clock_boot(), clock_is_told(), e);
}

int clock_look_mass(struct office *o, struct err *e)
{
        const struct pack_settings *s = &o->pack->settings;
        scoped(db_close) struct db *db = NULL;
        uint64_t all = 0, ending = 0;
        utime_t from, to;
        int r;

        if (!s->mass_end_percent || !office_time_gap(o->time, &from, &to, clock_boot()))
                return ERR_OK;
        r = db_open(&db, o->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = query_permits_ending(&all, &ending, db, from, to, e);
        if (r == ERR_OK && ending && ending >= s->mass_end_from && ending * 100 > all * s->mass_end_percent)
                office_time_hold_mass(o->time, clock_boot());
        return r;
}

/* ---- a person ---- */

int act_confirm_clock(struct act *act, void *arg, struct err *e)
{
        struct act_confirm_clock *in = arg;
        struct time_state s = { 0 };
        struct time_kept k;
        int r;

        in->wall = clock_now();
        in->boot = clock_boot();
        if (act->office->time)
                office_time_state(&s, act->office->time, in->wall, in->boot);
        if (!s.hold)
                return err_key(e, ERR_CONFLICT, "clock.runs", "", NULL);
        if (in->wall - in->seen > SEEN_LEEWAY || in->seen - in->wall > SEEN_LEEWAY)
                return err_key(e, ERR_CONFLICT, "clock.moved", "", NULL);
        office_time_keep(&k, act->office->time, in->boot);
        k.seen_at = in->wall;
        k.ahead = in->wall - in->boot;
        k.hold = TIME_RUNS;
        k.since = 0;
        r = append(&in->receipt, act, "clock.confirmed", in->person, &s, e);
        if (r == ERR_OK)
                r = session_clear(act->db, e);
        return r < 0 ? r : clock_put(act->db, &k, e);
}

int clock_confirm(struct office *o, struct act_confirm_clock *in, struct err *e)
{
        int r = writer_run(o->writer, act_confirm_clock, in, e);

        if (r < 0)
                return r;
        office_time_confirm(o->time, in->wall, in->boot);
        if (o->issuer)
                issuer_wake(o->issuer);
        return ERR_OK;
}
