/* outbox.c - what the courier fetches and reports; its own socket (docs/formats/courier.md). */
#include "base/codec.h"
#include "core/notice/item.h"
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/command/deliveries.h"
#include "server/office/store/rows.h"

/* An act must never wait for much of this: a sink is given a small page at a time, and what it reports is written down in small acts. */
enum { AT_ONCE = 100, PAGE = 25, SETTLE_AT_ONCE = 10, SINK_MAX = 20, WHY_MAX = 800, LINK_ROOM = 600, KNOWN_MAX = 16 };

/* ---- fetching ---- */

struct address { const char *id; enum table table; struct str mail, lang; };
struct asked   { struct str sink; int64_t after; bool mails; struct address known[KNOWN_MAX]; size_t known_count; };      /* known: looked up for this answer */

static int read_query(struct asked *out, struct request *rq, struct err *e)
{
        struct sink_row sinks[SINKS_MAX];
        struct str text = STR("0");
        uint64_t v = 0;
        size_t n = 0;
        int r = scgi_field(&out->sink, rq->scgi->query, "sink", rq->arena, e);

        if (r == ERR_OK || r == ERR_ABSENT)
                r = scgi_field(&text, rq->scgi->query, "after", rq->arena, e);
        if (r < 0 && r != ERR_ABSENT)
                return r;
        err_clear(e);
        if (!str_u64(text, INT64_MAX, &v))
                return err_key(e, ERR_INPUT, "common.member.type", "", "after", NULL);
        out->after = (int64_t)v;
        r = sinks_list(sinks, &n, rq->db, rq->arena, e);
        for (size_t i = 0; i < n; i++)
                out->mails |= str_eq(sinks[i].id, out->sink) && str_is(sinks[i].kind, "mail");
        return r;
}

/* An address is given only for as long as its person works here. */
static int read_address(struct str *mail, struct str *lang, struct request *rq, enum table table, const char *id, struct err *e)
{
        bool contact = table == TABLE_CONTACT;
        struct row row;
        int r = store_row(&row, rq->db, table, id, NULL, rq->arena, e);

        *mail = STR("");
        *lang = STR("ja");
        if (r == ERR_OK && row_is(&row, contact ? CONTACT_state : PERSON_state, "active"))
                *mail = row_get_text(&row, contact ? CONTACT_mail : PERSON_mail);
        if (r == ERR_OK && contact && !mail->n && row_get_text(&row, CONTACT_person).n)
                return read_address(mail, lang, rq, TABLE_PERSON, arena_copy(rq->arena, row_get_text(&row, CONTACT_person).p, row_get_text(&row, CONTACT_person).n), e);
        if (r == ERR_OK && !contact && row_get_text(&row, PERSON_lang).n)
                *lang = row_get_text(&row, PERSON_lang);
        if (r == ERR_ABSENT)
                err_clear(e);
        return r == ERR_ABSENT ? ERR_OK : r;
}

/* The same few people stand in most notices of a page. */
static int find_address(struct address *out, struct request *rq, struct asked *asked, enum table table, const char *id, struct err *e)
{
        int r;

        for (size_t i = 0; i < asked->known_count; i++)
                if (asked->known[i].table == table && strcmp(asked->known[i].id, id) == 0) {
                        *out = asked->known[i];
                        return ERR_OK;
                }
        *out = (struct address){ .id = arena_copy(rq->arena, id, strlen(id)), .table = table };
        r = out->id ? read_address(&out->mail, &out->lang, rq, table, id, e) : err_set(e, ERR_NOMEM, "outbox");
        if (r == ERR_OK && asked->known_count < KNOWN_MAX)
                asked->known[asked->known_count++] = *out;
        return r;
}

static int add_receivers(json_t *to, struct request *rq, struct asked *asked, const json_t *ids, enum table table, struct err *e)
{
        const json_t *v;
        size_t i;

        json_array_foreach(ids, i, v) {
                struct address at;
                int r = find_address(&at, rq, asked, table, json_string_value(v), e);

                if (r < 0)
                        return r;
                if (json_array_append_new(to, json_pack("{s:s, s:o, s:o}", "who", json_string_value(v), "mail", json_of(at.mail), "lang", json_of(at.lang))) < 0)
                        return err_set(e, ERR_NOMEM, "outbox");
        }
        return ERR_OK;
}

static void write_link(char out[LINK_ROOM], const struct office *o, const json_t *body)
{
        const char *page = json_string_value(json_object_get(body, "page")), *ref = json_string_value(json_object_get(body, "ref"));
        char port[8] = "";

        if (o->user_port != 443)
                (void)snprintf(port, sizeof(port), ":%u", o->user_port);
        (void)snprintf(out, LINK_ROOM, "https://%s%s/%s%s%s", o->machines_host, port, page ? page : "", ref && *ref ? "/" : "", ref ? ref : "");
}

static int add_item(json_t *items, struct request *rq, struct asked *asked, const struct outbox_row *row, struct err *e)
{
        const struct str parts[] = { { (const char *)&row->made_at, sizeof(row->made_at) }, row->body };
        json_t *body = json_loadb(row->body.p, row->body.n, JSON_REJECT_DUPLICATES, NULL), *to = json_array(), *item;
        struct hash h = hash_runs(parts, countof(parts));
        char tag[2 * HASH_SIZE + 1], link[LINK_ROOM];
        int r = ERR_OK;

        if (!body)
                r = err_set(e, ERR_TAMPERED, "outbox row %lld", (long long)row->id);
        if (r == ERR_OK && asked->mails)
                r = add_receivers(to, rq, asked, json_object_get(body, "to"), TABLE_PERSON, e);
        if (r == ERR_OK && asked->mails)
                r = add_receivers(to, rq, asked, json_object_get(body, "contacts"), TABLE_CONTACT, e);
        if (r < 0) {
                json_decref(body);
                json_decref(to);
                return r;
        }
        hex_text(tag, h.b, HASH_SIZE);
        tag[NOTICE_TAG] = 0;
        write_link(link, rq->office, body);
        item = json_pack("{s:I, s:s, s:o, s:b, s:s, s:o, s:o}", "id", (json_int_t)row->id, "tag", tag, "at", json_time(row->made_at), "urgent", row->urgent, "link", link,
                         "body", body, "receivers", to);
        return json_array_append_new(items, item) < 0 ? err_set(e, ERR_NOMEM, "outbox") : ERR_OK;
}

/* Without a sink: everything that lies there, oldest first. */
int list_outbox(struct request *rq, struct reply *out, struct err *e)
{
        struct outbox_row *rows = arena_array(rq->arena, AT_ONCE, sizeof(*rows));
        scoped(json_decref) json_t *items = json_array();
        struct asked asked = { .sink = STR("") };
        int64_t last = 0;
        size_t n = 0;
        int r = rows ? read_query(&asked, rq, e) : err_set(e, ERR_NOMEM, "outbox");

        if (r == ERR_OK)
                r = outbox_last(&last, rq->db, e);
        if (r == ERR_OK)
                r = asked.sink.n ? outbox_open(rows, PAGE, &n, rq->db, asked.sink, asked.after, rq->arena, e) : outbox_list(rows, AT_ONCE, &n, rq->db, asked.after, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                r = add_item(items, rq, &asked, &rows[i], e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:i, s:b, s:o, s:s, s:s, s:I, s:O}", "v", 1, "practice", rq->office->practice, "now", json_time(rq->now), "town", rq->office->name,
                              "host", rq->office->machines_host, "last", (json_int_t)last, "items", items);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "outbox");
}

/* ---- reporting ---- */

static bool is_one_of(struct str s, const char *const *words, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(s, words[i]))
                        return true;
        return false;
}

static int read_settled(struct sent_row *out, json_t *item, struct arena *a, struct err *e)
{
        static const struct member members[] = {
                { "id", MEMBER_INT }, { "who", MEMBER_TEXT, NOTICE_WHO_MAX }, { "state", MEMBER_TEXT, 10 }, { "why", MEMBER_TEXT, WHY_MAX },
        };
        static const char *const states[] = { "done", "failed" };
        struct member_value v[countof(members)];
        int r = shape_members(v, item, members, countof(members), a, e);

        if (r == ERR_OK && !is_one_of(v[2].text, states, countof(states)))
                r = err_key(e, ERR_INPUT, "common.member.type", "", "state", NULL);
        if (r == ERR_OK)
                *out = (struct sent_row){ .id = v[0].i, .who = v[1].text, .state = v[2].text, .why = v[3].text };
        return r;
}

int settle_outbox(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "sink", MEMBER_TEXT, SINK_MAX }, { "items", MEMBER_ARRAY } };
        struct sent_row *rows = arena_array(rq->arena, AT_ONCE, sizeof(*rows));
        scoped(json_decref) json_t *doc = NULL;
        struct member_value v[countof(members)];
        json_t *item;
        size_t i, n = 0;
        int r = rows ? shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e) : err_set(e, ERR_NOMEM, "outbox");

        if (r == ERR_OK && (json_array_size(v[1].object) > AT_ONCE || !v[0].text.n))
                r = err_key(e, ERR_INPUT, "common.member.long", "", "items", NULL);
        if (r < 0)
                return r;
        json_array_foreach(v[1].object, i, item) {
                r = read_settled(&rows[n++], item, rq->arena, e);
                if (r < 0)
                        return r;
        }
        for (size_t at = 0; at < n; at += SETTLE_AT_ONCE) { /* if one fails, all of it is said again: what stands is left as it is */
                r = writer_run(rq->office->writer, act_settle, &(struct act_settle){ v[0].text, rows + at, n - at < SETTLE_AT_ONCE ? n - at : SETTLE_AT_ONCE }, e);
                if (r < 0)
                        return r;
        }
        out->json = json_pack("{s:i}", "v", 1);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "outbox");
}

static int read_sink(struct sink_row *out, json_t *item, struct arena *a, struct err *e)
{
        static const struct member members[] = {
                { "id", MEMBER_TEXT, SINK_MAX }, { "kind", MEMBER_TEXT, 10 }, { "state", MEMBER_TEXT, 10 }, { "why", MEMBER_TEXT, WHY_MAX },
        };
        static const char *const kinds[] = { "file", "mail", "syslog", "webhook" }, *const states[] = { "works", "waits", "unknown" };
        struct member_value v[countof(members)];
        int r = shape_members(v, item, members, countof(members), a, e);

        if (r == ERR_OK && (!v[0].text.n || !is_one_of(v[1].text, kinds, countof(kinds)) || !is_one_of(v[2].text, states, countof(states))))
                r = err_key(e, ERR_INPUT, "common.member.type", "", "sinks", NULL);
        if (r == ERR_OK)
                *out = (struct sink_row){ .id = v[0].text, .kind = v[1].text, .state = v[2].text, .why = v[3].text };
        return r;
}

int say_sinks(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "sinks", MEMBER_ARRAY } };
        struct sink_row rows[SINKS_MAX];
        scoped(json_decref) json_t *doc = NULL;
        struct member_value v[countof(members)];
        json_t *item;
        size_t i, n = 0;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK && json_array_size(v[0].object) > SINKS_MAX)
                r = err_key(e, ERR_INPUT, "common.member.long", "", "sinks", NULL);
        if (r < 0)
                return r;
        json_array_foreach(v[0].object, i, item) {
                r = read_sink(&rows[n], item, rq->arena, e);
                if (r < 0)
                        return r;
                n += !rq->office->practice || str_is(rows[n].kind, "file"); /* 練習: nothing waits for a way that is not gone */
        }
        r = writer_run(rq->office->writer, act_say_sinks, &(struct act_sinks){ rows, n }, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:i, s:b}", "v", 1, "practice", rq->office->practice);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "sinks");
}
