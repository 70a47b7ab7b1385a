/* sink.c - see sink.h. */
#include "server/courier/sink.h"

#include "server/courier/desk.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log.h"

enum {
        PATH_ROOM = 1024, URI_ROOM = 128, POLL_MS = 500, NAP_MS = 50, BREATH_MS = 10, PAGE_MAX = 100, QUEUE_MAX = 5000, PARCELS_MAX = 100, DELAYS_MAX = 200,
        REFRESH_S = 600, REPORTS_AT_ONCE = 50, GIVE_UP_DAYS = 5, GIVE_UP_TRIES = 10,
};

struct entry  { struct arena arena; struct notice_item item; bool is_settled; };
struct report { int64_t id; char who[NOTICE_WHO_MAX + 1], why[WHY_ROOM]; bool failed, told; };
struct delay  { char who[NOTICE_WHO_MAX + 1]; utime_t until; unsigned tries; };

struct queue {
        struct entry  *entries[QUEUE_MAX];
        size_t         n;
        int64_t        after;                    /* fetched up to here */
        utime_t        fetched_all;              /* boot time of the last look at everything that is open */
        struct report *reports;                  /* receivers given up: kept until their notice is settled */
        size_t         reports_n, reports_room;
        struct delay   delays[DELAYS_MAX];
        size_t         delays_n;
        utime_t        pause_until;
        unsigned       tries;
};

static const char whole[] = "-";

const struct way *way_of(enum sink_kind kind)
{
        static const struct way *const ways[SINK_KINDS] = { [SINK_FILE] = &way_file, [SINK_MAIL] = &way_mail, [SINK_SYSLOG] = &way_syslog, [SINK_WEBHOOK] = &way_webhook };

        return ways[kind];
}

utime_t sink_digest_cut(utime_t now, int minute)
{
        utime_t cut = utime_from_jst(utime_date_jst(now)) + minute * UTIME_MIN;

        return cut <= now ? cut : cut - UTIME_DAY;
}

void sink_why(char to[WHY_ROOM], const char *text)
{
        size_t n = 0;

        for (; text[n] && n < WHY_ROOM - 1; n++)
                to[n] = text[n] >= 0x20 && text[n] < 0x7f ? text[n] : '?';
        to[n] = 0;
}

/* ---- patience ---- */

/* Doubles from the first pause to the longest, a quarter more or less, so that many do not come back at once. */
static utime_t pause_of(int64_t first_s, int64_t most_s, unsigned tries)
{
        utime_t pause = first_s * UTIME_S, most = most_s * UTIME_S;
        uint16_t dice = 0;

        for (unsigned i = 0; i < tries && pause < most; i++)
                pause *= 2;
        if (pause > most)
                pause = most;
        entropy_fill(&dice, sizeof(dice));
        return pause * 3 / 4 + pause / 2 * dice / UINT16_MAX;
}

static struct delay *delay_of(struct queue *q, const char *who)
{
        for (size_t i = 0; i < q->delays_n; i++)
                if (strcmp(q->delays[i].who, who) == 0)
                        return &q->delays[i];
        return NULL;
}

static unsigned delay_more(struct sink *s, const char *who)
{
        struct queue *q = s->queue;
        struct delay *d = delay_of(q, who);

        if (!d && q->delays_n == DELAYS_MAX)
                return 0; /* tried again at once: no harm */
        if (!d) {
                d = &q->delays[q->delays_n++];
                *d = (struct delay){ 0 };
                (void)snprintf(d->who, sizeof(d->who), "%s", who);
        }
        d->until = clock_boot() + pause_of(s->set->retry_s, s->set->retry_most_s, d->tries);
        return ++d->tries;
}

static void delay_over(struct queue *q, const char *who)
{
        struct delay *d = delay_of(q, who);

        if (d)
                *d = q->delays[--q->delays_n];
}

static void show(struct sink *s, bool waits, const char *why)
{
        (void)pthread_mutex_lock(&s->board.lock);
        if (s->board.waits != waits) {
                s->board.changed = true;
                log_say(waits ? LOG_WARN : LOG_NOTICE, "sink '%s' %s%s", s->set->id, waits ? "does not take notices, they wait: " : "takes notices again", why);
        }
        s->board.changed |= !s->board.tried || strncmp(s->board.why, why, 20) != 0;
        s->board.tried = true;
        s->board.waits = waits;
        sink_why(s->board.why, why);
        (void)pthread_mutex_unlock(&s->board.lock);
}

/* ---- what is open ---- */

static void entry_free(struct entry *e)
{
        arena_done(&e->arena);
        free(e);
}

static void queue_empty(struct queue *q)
{
        for (size_t i = 0; i < q->n; i++)
                entry_free(q->entries[i]);
        q->n = 0;
        q->after = 0;
}

static int take_in(struct sink *s, const json_t *o, struct err *e)
{
        struct queue *q = s->queue;
        struct entry *entry = calloc(1, sizeof(*entry));
        int r = entry ? notice_item_read(&entry->item, o, &entry->arena, e) : err_set(e, ERR_NOMEM, "notice");

        if (r < 0) {
                if (entry)
                        entry_free(entry);
                return r;
        }
        q->after = entry->item.id;
        q->entries[q->n++] = entry;
        return ERR_OK;
}

static void hear_of_office(struct sink *s, const json_t *doc)
{
        const char *town = json_string_value(json_object_get(doc, "town")), *host = json_string_value(json_object_get(doc, "host"));
        const char *now = json_string_value(json_object_get(doc, "now"));

        (void)snprintf(s->town, sizeof(s->town), "%s", town ? town : "");
        (void)snprintf(s->host, sizeof(s->host), "%s", host ? host : "localhost");
        if (!now || !utime_parse(str_of(now), &s->now))
                s->now = clock_now();
        s->practice = json_is_true(json_object_get(doc, "practice"));
}

/* Between two calls: with much to fetch or to say, the office's time is for people first. */
static void breathe(void)
{
        struct timespec t = { .tv_nsec = BREATH_MS * 1000 * 1000L };

        (void)nanosleep(&t, NULL);
}

/* Everything anew from time to time: addresses change, and a database that was put back counts from an earlier number. */
static int fetch(struct sink *s, struct err *e)
{
        struct queue *q = s->queue;
        int64_t upto = -1; /* what is there when we begin: more may come as fast as we fetch */
        size_t got = 1;

        if (clock_boot() - q->fetched_all > REFRESH_S * UTIME_S) {
                queue_empty(q);
                q->fetched_all = clock_boot();
        }
        while (got && (upto < 0 || q->after < upto) && q->n + PAGE_MAX <= QUEUE_MAX && !atomic_load(s->stop)) {
                scoped(json_decref) json_t *doc = NULL;
                const json_t *item, *items;
                int64_t last;
                char uri[URI_ROOM];
                size_t i;
                int r;

                (void)snprintf(uri, sizeof(uri), "/c/v1/outbox?sink=%s&after=%lld", s->set->id, (long long)q->after);
                r = desk_get(&doc, s->office, uri, e);
                if (r < 0)
                        return r;
                hear_of_office(s, doc);
                last = json_integer_value(json_object_get(doc, "last"));
                if (last < q->after) {
                        queue_empty(q);
                        continue;
                }
                upto = upto < 0 ? last : upto;
                items = json_object_get(doc, "items");
                got = json_array_size(items);
                json_array_foreach(items, i, item) {
                        r = take_in(s, item, e);
                        if (r < 0)
                                return r;
                }
                if (got)
                        breathe();
        }
        return ERR_OK;
}

/* ---- who is given up ---- */

static struct report *report_of(const struct queue *q, int64_t id, const char *who)
{
        for (size_t i = 0; i < q->reports_n; i++)
                if (q->reports[i].id == id && strcmp(q->reports[i].who, who) == 0)
                        return &q->reports[i];
        return NULL;
}

static void give_up(struct sink *s, int64_t id, const char *who, const char *why)
{
        struct queue *q = s->queue;
        struct report *r = report_of(q, id, who);

        if (r)
                return;
        if (q->reports_n == q->reports_room) {
                r = reallocarray(q->reports, q->reports_room + 64, sizeof(*r));
                if (!r)
                        return; /* it is tried again, and given up again */
                q->reports = r;
                q->reports_room += 64;
        }
        r = &q->reports[q->reports_n++];
        *r = (struct report){ .id = id, .failed = true };
        (void)snprintf(r->who, sizeof(r->who), "%s", who);
        sink_why(r->why, why);
}

static bool is_over(const struct sink *s, const struct notice_item *n, const char *who)
{
        return memory_has(s->memory, n->id, n->tag, who) || report_of(s->queue, n->id, who);
}

/* ---- parcels ---- */

struct packing { struct parcel parcels[PARCELS_MAX]; size_t n; struct arena arena; };

static void pack_item(struct packing *p, const struct notice_item *n, const char *who, const struct notice_receiver *to, bool gather)
{
        struct parcel *at = NULL;
        const struct notice_item **more;

        for (size_t i = 0; gather && i < p->n; i++)
                if (p->parcels[i].daily && strcmp(p->parcels[i].who, who) == 0)
                        at = &p->parcels[i];
        if (!at && p->n == PARCELS_MAX)
                return; /* in the next round */
        more = arena_array(&p->arena, (at ? at->items_count : 0) + 1, sizeof(*more));
        if (!more)
                return;
        if (!at) {
                at = &p->parcels[p->n++];
                *at = (struct parcel){ .who = who, .mail = to ? to->mail : "", .lang = to ? to->lang : LANG_JA, .daily = gather };
        }
        if (at->items_count)
                memcpy(more, at->items, at->items_count * sizeof(*more));
        more[at->items_count++] = n;
        at->items = more;
}

static void pack_for_people(struct sink *s, struct packing *p, const struct notice_item *n)
{
        utime_t cut = sink_digest_cut(s->now, s->digest_minute);

        if (!n->to_count)
                give_up(s, n->id, "", "no-receiver");
        for (size_t i = 0; i < n->to_count; i++) {
                const struct notice_receiver *to = &n->to[i];
                const struct delay *d = delay_of(s->queue, to->who);

                if (is_over(s, n, to->who) || (n->daily && n->at >= cut) || (d && clock_boot() < d->until))
                        continue;
                if (*to->mail)
                        pack_item(p, n, to->who, to, n->daily);
                else
                        give_up(s, n->id, to->who, "no-address");
        }
}

static void pack_all(struct sink *s, struct packing *p)
{
        struct queue *q = s->queue;

        for (int urgent = 1; urgent >= 0; urgent--)
                for (size_t i = 0; i < q->n; i++) {
                        const struct notice_item *n = &q->entries[i]->item;

                        if (q->entries[i]->is_settled || n->urgent != (urgent != 0))
                                continue;
                        if (s->set->kind == SINK_MAIL)
                                pack_for_people(s, p, n);
                        else if (!is_over(s, n, whole) && !report_of(q, n->id, ""))
                                pack_item(p, n, whole, NULL, false);
                }
}

int sink_taken(struct sink *s, const struct parcel *p, struct err *e)
{
        int r = ERR_OK;

        if (!s->memory)
                return ERR_OK; /* a trial */
        for (size_t i = 0; i < p->items_count; i++) {
                int x = memory_add(s->memory, p->items[i]->id, p->items[i]->tag, p->who, e);

                r = x < 0 ? x : r;
        }
        return r < 0 ? r : memory_sync(s->memory, e);
}

static void note_outcome(struct sink *s, const struct parcel *p)
{
        unsigned tries = 0;
        bool late = false;

        if (p->state == PARCEL_LATER)
                tries = delay_more(s, p->who);
        else if (p->state == PARCEL_TAKEN)
                delay_over(s->queue, p->who);
        for (size_t i = 0; i < p->items_count; i++) {
                late = p->state == PARCEL_LATER && tries >= GIVE_UP_TRIES && s->now - p->items[i]->at > GIVE_UP_DAYS * UTIME_DAY;
                if (p->state == PARCEL_REFUSED || late)
                        give_up(s, p->items[i]->id, s->set->kind == SINK_MAIL ? p->who : "", p->why);
        }
}

static int deliver(struct sink *s, struct err *e)
{
        struct packing *p = calloc(1, sizeof(*p));
        int r = p ? ERR_OK : err_set(e, ERR_NOMEM, "parcels");

        if (r < 0)
                return r;
        pack_all(s, p);
        if (p->n && !s->with) {
                s->with = s->way->open(s, e);
                r = s->with ? ERR_OK : ERR_IO;
        }
        if (p->n && r == ERR_OK)
                r = s->way->deliver(s, p->parcels, p->n, e);
        for (size_t i = 0; i < p->n; i++)
                note_outcome(s, &p->parcels[i]);
        if (r < 0 && s->with) { /* a way that failed is made anew */
                s->way->close(s->with);
                s->with = NULL;
        }
        if (p->n || r < 0)
                show(s, r < 0, r < 0 ? e->text : "");
        arena_done(&p->arena);
        free(p);
        return r;
}

/* ---- what the office is told ---- */

/* All receivers are dealt with: `reached` when at least one got it. */
static bool is_done(const struct sink *s, const struct notice_item *n, bool *reached)
{
        *reached = s->set->kind != SINK_MAIL ? memory_has(s->memory, n->id, n->tag, whole) : false;
        if (s->set->kind != SINK_MAIL || !n->to_count)
                return *reached || report_of(s->queue, n->id, "");
        for (size_t i = 0; i < n->to_count; i++) {
                *reached |= memory_has(s->memory, n->id, n->tag, n->to[i].who);
                if (!is_over(s, n, n->to[i].who))
                        return false;
        }
        return true;
}

static void say(json_t *items, int64_t id, const char *who, bool failed, const char *why)
{
        (void)json_array_append_new(items, json_pack("{s:I, s:s, s:s, s:s+}", "id", (json_int_t)id, "who", who, "state", failed ? "failed" : "done", "why", why, ""));
}

static json_t *gather_reports(struct sink *s)
{
        struct queue *q = s->queue;
        json_t *items = json_array();

        for (size_t i = 0; i < q->reports_n && json_array_size(items) < REPORTS_AT_ONCE / 2; i++)
                if (*q->reports[i].who && !q->reports[i].told)
                        say(items, q->reports[i].id, q->reports[i].who, true, q->reports[i].why);
        for (size_t i = 0; i < q->n && json_array_size(items) < REPORTS_AT_ONCE; i++) {
                const struct notice_item *n = &q->entries[i]->item;
                const struct report *none = report_of(q, n->id, "");
                bool reached;

                q->entries[i]->is_settled = is_done(s, n, &reached);
                if (q->entries[i]->is_settled)
                        say(items, n->id, "", !reached, none ? none->why : reached ? "" : "nobody");
        }
        return items;
}

/* The office has it in writing: what was told leaves the queue and the memory. */
static void forget_settled(struct sink *s, const json_t *items)
{
        struct queue *q = s->queue;
        const json_t *v;
        size_t i, left = 0;

        json_array_foreach(items, i, v) {
                int64_t id = json_integer_value(json_object_get(v, "id"));
                const char *who = json_string_value(json_object_get(v, "who"));
                struct report *r = report_of(q, id, who);

                if (r)
                        r->told = true;
                for (size_t k = 0; !*who && k < q->n; k++)
                        if (q->entries[k]->item.id == id) {
                                memory_forget(s->memory, id);
                                entry_free(q->entries[k]);
                                memmove(&q->entries[k], &q->entries[k + 1], (q->n - k - 1) * sizeof(q->entries[0]));
                                q->n--;
                        }
                for (size_t k = left = 0; !*who && k < q->reports_n; k++)
                        if (q->reports[k].id != id)
                                q->reports[left++] = q->reports[k];
                q->reports_n = *who ? q->reports_n : left;
        }
}

static int report(struct sink *s, struct err *e)
{
        for (;;) {
                scoped(json_decref) json_t *items = gather_reports(s);
                scoped(json_decref) json_t *said = NULL;
                int r;

                if (!json_array_size(items))
                        return ERR_OK;
                r = desk_post(&said, s->office, "/c/v1/outbox/settle", json_pack("{s:s, s:O}", "sink", s->set->id, "items", items), e);
                if (r < 0)
                        return r;
                forget_settled(s, items);
                breathe();
        }
}

/* ---- life ---- */

static void nap(const struct sink *s, int ms)
{
        for (int slept = 0; slept < ms && !atomic_load(s->stop); slept += NAP_MS) {
                struct timespec t = { .tv_nsec = NAP_MS * 1000 * 1000L };

                (void)nanosleep(&t, NULL);
        }
}

void sink_run(struct sink *s)
{
        struct queue *q = s->queue;
        bool office_away = false;

        while (!atomic_load(s->stop)) {
                struct err e = { 0 };
                int r = report(s, &e); /* of a life before, too: those are fetched again below */

                if (r == ERR_OK)
                        r = fetch(s, &e);
                if (r < 0 && !office_away)
                        log_err(&e, "sink '%s'", s->set->id);
                office_away = r < 0;
                if (r == ERR_OK && clock_boot() >= q->pause_until) {
                        r = deliver(s, &e);
                        if (r < 0)
                                q->pause_until = clock_boot() + pause_of(s->set->retry_s, s->set->retry_most_s, q->tries++);
                        else
                                q->tries = 0;
                        if (report(s, &e) < 0)
                                office_away = true;
                }
                nap(s, POLL_MS);
        }
}

struct sink *sink_free(struct sink *s)
{
        if (s) {
                if (s->with)
                        s->way->close(s->with);
                if (s->queue) {
                        queue_empty(s->queue);
                        free(s->queue->reports);
                }
                free(s->queue);
                s->memory = memory_close(s->memory);
                (void)pthread_mutex_destroy(&s->board.lock);
                free(s);
        }
        return NULL;
}

int sink_new(struct sink **out, const struct sink_settings *set, const char *data_dir, const char *office, int digest_minute, const atomic_bool *stop, struct err *e)
{
        struct sink *s = calloc(1, sizeof(*s));
        char path[PATH_ROOM];
        int r;

        if (!s)
                return err_set(e, ERR_NOMEM, "sink");
        *s = (struct sink){ .set = set, .data_dir = data_dir, .office = office, .digest_minute = digest_minute, .stop = stop, .way = way_of(set->kind) };
        (void)pthread_mutex_init(&s->board.lock, NULL);
        s->queue = calloc(1, sizeof(*s->queue));
        (void)snprintf(path, sizeof(path), "%s/courier/%s.sent", data_dir, set->id);
        r = s->queue ? memory_open(&s->memory, path, e) : err_set(e, ERR_NOMEM, "sink");
        if (r < 0) {
                (void)sink_free(s);
                return r;
        }
        s->queue->fetched_all = clock_boot();
        *out = s;
        return ERR_OK;
}
