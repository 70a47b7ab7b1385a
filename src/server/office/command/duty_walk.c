/* duty_walk.c - see duty_walk.h. */
#include "server/office/command/duty_walk.h"

#include "server/office/command/duty_tick.h"
#include "server/office/store/duty_world.h"
#include "sys/clock.h"
#include "sys/log.h"

enum { LOOKS_A_ROUND = 8, WAIT_MAX_S = 60 };

/* The inside of one look. */
struct look { struct duty_watch *watch; struct duty_walk *walk; struct office *office; struct db *db; utime_t now; struct arena *arena; };

static void go_on(struct duty_walk *w, enum duty_stage stage, const char *from)
{
        w->stage = stage;
        (void)snprintf(w->from, sizeof(w->from), "%s", from);
}

/* Planned on the reader's side, so that the writer is not busied where nothing is to be done. */
static int look_at_part(bool *quiet, struct look *l, const char *services, struct err *e)
{
        struct duty_world world;
        struct duty_plan plan = { .n = 0 };
        int r = duty_world_load(&world, l->db, services, l->arena, e);

        if (r == ERR_OK)
                r = duties_plan(&plan, l->office->pack, &world, l->now, l->arena, e);
        if (r < 0)
                return r;
        *quiet = !plan.n;
        if (*quiet && plan.next < l->watch->next)
                l->watch->next = plan.next;
        return *quiet ? ERR_OK : writer_run(l->office->writer, act_duties, (void *)(uintptr_t)services, e);
}

static int look_at_body(struct look *l, struct err *e)
{
        bool quiet;
        int r = look_at_part(&quiet, l, NULL, e);

        if (r == ERR_OK && quiet)
                go_on(l->walk, DUTY_SERVICES, "");
        return r;
}

static int look_at_services(struct look *l, struct err *e)
{
        struct duty_services part;
        bool quiet = true;
        int r = duty_world_part(&part, l->db, l->walk->since, l->walk->from, l->arena, e);

        if (r == ERR_OK && part.n)
                r = look_at_part(&quiet, l, part.list, e);
        if (r < 0 || !quiet)
                return r;
        if (part.n < DUTY_PART)
                go_on(l->walk, DUTY_WORDS, "");
        else
                go_on(l->walk, DUTY_SERVICES, part.last);
        return ERR_OK;
}

static int look_at_words(struct look *l, struct err *e)
{
        struct row_list list = { NULL, 0 };
        struct row *some;
        size_t n = 0;
        int r = duty_world_untold(&list, l->db, l->walk->since, l->walk->from, utime_from_jst(utime_date_jst(l->now)), l->arena, e);

        if (r < 0)
                return r;
        some = arena_array(l->arena, list.n + 1, sizeof(*some));
        if (!some)
                return err_set(e, ERR_NOMEM, "duties");
        for (size_t i = 0; i < list.n; i++)
                if (duty_say(l->office->pack, &list.rows[i], l->now) != DUTY_SAY_NOTHING)
                        some[n++] = list.rows[i];
        if (n)
                return writer_run(l->office->writer, act_duty_words, &(struct row_list){ some, n }, e);
        if (list.n == DUTY_PART) {
                go_on(l->walk, DUTY_WORDS, list.rows[list.n - 1].id);
                return ERR_OK;
        }
        go_on(l->walk, DUTY_REST, "");
        if (l->walk == &l->watch->fresh)
                l->watch->seen = l->walk->target;
        return ERR_OK;
}

static int (*const looks[])(struct look *l, struct err *e) = {
        [DUTY_BODY] = look_at_body, [DUTY_SERVICES] = look_at_services, [DUTY_WORDS] = look_at_words,
};

static bool all_is_due(const struct duty_watch *w, const struct pack *pack, utime_t now)
{
        return now < w->asked || memcmp(&pack->hash, &w->pack, sizeof(w->pack)) != 0 || (now >= w->next && w->all.stage == DUTY_REST);
}

static void begin_all(struct duty_watch *w, const struct pack *pack, uint64_t size, utime_t now)
{
        w->all = (struct duty_walk){ .stage = DUTY_BODY, .target = size };
        w->fresh.stage = DUTY_REST;
        w->seen = size;
        w->next = utime_from_jst(utime_date_jst(now)) + UTIME_DAY;
        w->pack = pack->hash;
}

static int round_of(struct duty_watch *w, struct office *o, struct db *db, utime_t now, struct err *e)
{
        uint64_t size = 0;
        int r = journal_size(&size, NULL, db, e);

        if (r < 0)
                return r;
        if (all_is_due(w, o->pack, now))
                begin_all(w, o->pack, size, now);
        w->asked = now;
        for (int i = 0; r == ERR_OK && i < LOOKS_A_ROUND; i++) {
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct look l = { w, w->fresh.stage || size > w->seen ? &w->fresh : &w->all, o, db, now, &a };

                if (l.walk == &w->fresh && !w->fresh.stage)
                        w->fresh = (struct duty_walk){ .stage = DUTY_BODY, .since = w->seen, .target = size };
                if (l.walk->stage == DUTY_REST)
                        break;
                r = looks[l.walk->stage](&l, e);
        }
        return r;
}

bool duty_walk_goes_on(const struct duty_watch *w)
{
        return w->all.stage || w->fresh.stage;
}

int duty_walk(struct duty_watch *w, struct office *o, struct db *db, utime_t now, struct err *e)
{
        utime_t boot = clock_boot();
        int r;

        if (!o->pack->duties_count || boot < w->again)
                return ERR_OK;
        r = round_of(w, o, db, now, e);
        if (o->duties_failed)
                atomic_store(o->duties_failed, r < 0 ? w->failed + 1 : 0);
        if (r == ERR_OK) {
                if (w->failed)
                        log_say(LOG_INFO, "duties are looked at again after %u failures", w->failed);
                w->failed = 0;
                w->again = 0;
                return ERR_OK;
        }
        w->again = boot + (w->failed < 5 ? UTIME_S << (w->failed + 1) : WAIT_MAX_S * UTIME_S);
        return w->failed++ ? ERR_OK : r;
}
