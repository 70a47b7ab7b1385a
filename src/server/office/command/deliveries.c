/* deliveries.c - see deliveries.h. */
#include "server/office/command/deliveries.h"

enum { ONCE_ROOM = 160 };

static const char system_manager[] = "system_manager", secretariat[] = "secretariat";
static const char *const about_notices[] = { "notice.undelivered", "notice.unaddressed", "notice.stuck" };

static int tell(struct act *act, const char *role, const struct notice *n, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        bool said = false;
        int r = outbox_has(&said, act->db, str_of(n->once), e);

        if (r < 0 || said)
                return r;
        r = notice_to_role(&to, act, role, STR(""), e);
        if (r == ERR_OK && !json_array_size(to.people))
                r = notice_to_role(&to, act, system_manager, STR(""), e);
        return r < 0 ? r : notice_put(act, n, &to, e);
}

static bool is_about_notices(const char *key)
{
        for (size_t i = 0; key && i < countof(about_notices); i++)
                if (strcmp(key, about_notices[i]) == 0)
                        return true;
        return !key;
}

/* Once a month for each person: it is mended in the list of people, not by mail. */
static int tell_unaddressed(struct act *act, const char *who, struct err *e)
{
        struct date d = utime_date_jst(act->now);
        char once[ONCE_ROOM];

        (void)snprintf(once, sizeof(once), "unaddressed:%s:%04d-%02d", who, d.year, d.month);
        return tell(act, secretariat, &(struct notice){ .key = "notice.unaddressed", .page = "rows/person", .ref = who, .once = once, .daily = true }, e);
}

static int tell_undelivered(struct act *act, const struct sent_row *row, const json_t *body, struct err *e)
{
        const char *page = json_string_value(json_object_get(body, "page")), *ref = json_string_value(json_object_get(body, "ref"));
        const json_t *first = json_array_get(json_object_get(body, "args"), 0);
        struct str about = str_of(json_string_value(json_is_object(first) ? json_object_get(first, "ja") : first));
        char once[ONCE_ROOM];

        (void)snprintf(once, sizeof(once), "undelivered:%.*s:%lld:%.*s", (int)row->sink.n, row->sink.p, (long long)row->id, (int)row->who.n, row->who.p);
        return tell(act, system_manager, &(struct notice){ .key = "notice.undelivered", .args = { { row->sink }, { row->why }, { about.n ? about : STR("-") } },
                                                           .page = page, .ref = ref, .once = once }, e);
}

static int follow_up(struct act *act, const struct sent_row *row, const struct outbox_row *notice, struct err *e)
{
        json_t *body = json_loadb(notice->body.p, notice->body.n, JSON_REJECT_DUPLICATES, NULL);
        const char *who = arena_copy(act->arena, row->who.p, row->who.n);
        int r = ERR_OK;

        if (!who || !body) /* its MAC held, so that only memory can have been wanting */
                r = err_set(e, ERR_NOMEM, "notice");
        else if (is_about_notices(json_string_value(json_object_get(body, "key"))) || str_is(row->why, "nobody"))
                r = ERR_OK; /* each receiver was told of by a row of its own */
        else if (str_is(row->why, "no-address"))
                r = tell_unaddressed(act, who, e);
        else
                r = tell_undelivered(act, row, body, e);
        json_decref(body);
        return r;
}

int act_settle(struct act *act, void *arg, struct err *e)
{
        const struct act_settle *in = arg;

        for (size_t i = 0; i < in->n; i++) {
                struct sent_row row = in->rows[i];
                struct outbox_row notice;
                int r = outbox_get(&notice, act->db, row.id, act->arena, e);

                if (r == ERR_ABSENT) { /* swept meanwhile */
                        err_clear(e);
                        continue;
                }
                row.sink = in->sink;
                row.at = act->now;
                if (r == ERR_OK)
                        r = sent_put(act->db, &row, e);
                if (r == ERR_OK && str_is(row.state, "failed"))
                        r = follow_up(act, &row, &notice, e);
                if (r < 0)
                        return r;
        }
        return ERR_OK;
}

/* Once for each time that a sink stopped. */
static int tell_stuck(struct act *act, const struct sink_row *s, struct err *e)
{
        char since[UTIME_TEXT], once[ONCE_ROOM];

        if (!str_is(s->state, "waits") || act->now - s->since_at < STUCK_MIN * UTIME_MIN)
                return ERR_OK;
        utime_text(since, s->since_at);
        (void)snprintf(once, sizeof(once), "stuck:%.*s:%s", (int)s->id.n, s->id.p, since);
        return tell(act, system_manager, &(struct notice){ .key = "notice.stuck", .args = { { s->id }, { s->why } }, .page = "", .once = once, .urgent = true }, e);
}

int act_say_sinks(struct act *act, void *arg, struct err *e)
{
        const struct act_sinks *in = arg;
        struct sink_row rows[SINKS_MAX];
        size_t n = 0;
        int r = sinks_say(act->db, in->rows, in->n, act->now, act->arena, e);

        if (r == ERR_OK)
                r = sinks_list(rows, &n, act->db, act->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = tell_stuck(act, &rows[i], e);
        return r;
}

int act_sweep_outbox(struct act *act, void *arg, struct err *e)
{
        return outbox_sweep(act->db, act->now, e);
}
