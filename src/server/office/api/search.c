/* search.c - one field that finds what this person may see: rows of registers, and cases. */
#include "core/register/access.h"
#include "core/register/record.h"
#include "core/search/spelling.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/facts.h"
#include "server/office/store/registers.h"
#include "server/office/store/search.h"

/* SCAN: hits looked at for one page; behind them the page ends early, the total says "at least", and `next` goes on. */
enum { PAGE = 50, SCAN = 500, BEFORE_LETTERS = 20, SNIPPET_LETTERS = 60 };

struct hit { const struct search_hit *at; const struct register_info *info; struct row row; struct case_facts *facts; const struct pack *pack; };

static bool is_case(const struct search_hit *hit)
{
        return str_is(hit->register_id, "application");
}

/* ---- who sees what ---- */

static int load_case(struct hit *h, struct request *rq, struct err *e)
{
        h->facts = arena_new(rq->arena, struct case_facts);
        return h->facts ? facts_load(h->facts, &h->pack, rq->office, rq->db, h->at->id, rq->now, rq->arena, e) : err_set(e, ERR_NOMEM, "case");
}

/* Loads what the hit is; ERR_ABSENT: not for this person. */
static int look_at(struct hit *h, struct request *rq, const struct search_hit *at, struct err *e)
{
        bool manages = false;
        int r;

        *h = (struct hit){ .at = at, .info = register_find(at->register_id) };
        if (is_case(at)) {
                r = load_case(h, rq, e);
                return r < 0 ? r : caller_sees_case(rq, h->pack, h->facts) ? ERR_OK : ERR_ABSENT;
        }
        if (!h->info)
                return ERR_ABSENT;
        r = store_row(&h->row, rq->db, h->info->table, at->id.p, NULL, rq->arena, e);
        if (r == ERR_OK && !access_sees(h->info, rq->office->pack, &rq->session.who, false))
                r = query_looks_after(&manages, rq->db, h->info, at->id.p, rq->session.who.person, e);
        return r < 0 ? r : h->row.rev && access_sees(h->info, rq->office->pack, &rq->session.who, manages) ? ERR_OK : ERR_ABSENT;
}

/* Without a look at the row itself: so that counting on behind the page costs nothing. */
static bool sees_any(const struct request *rq, const struct search_hit *hit)
{
        const struct register_info *info = register_find(hit->register_id);

        return is_case(hit) ? caller_sees_all(rq) : info && access_sees(info, rq->office->pack, &rq->session.who, false);
}

/* ---- what is shown ---- */

static size_t letters_back(struct str s, size_t at, size_t letters)
{
        while (at && letters--)
                for (at--; at && ((unsigned char)s.p[at] & 0xc0) == 0x80; at--)
                        ;
        return at;
}

static size_t letters_on(struct str s, size_t at, size_t letters)
{
        while (at < s.n && letters--)
                for (at++; at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80; at++)
                        ;
        return at;
}

/* The piece of `text` around the first of the terms that stands in it; false when none does. */
static bool snippet_of(struct buf *out, struct str text, const struct search_terms *t)
{
        scoped(buf_done) struct buf folded = BUF_INIT, from = BUF_INIT;
        size_t at = SIZE_MAX, begin, end;
        uint32_t where = 0;

        spelling_fold(&folded, &from, text);
        for (size_t i = 0; at == SIZE_MAX && !buf_bad(&folded) && i < t->n; i++)
                at = search_find(buf_view(&folded), t->terms[i]);
        if (at == SIZE_MAX || buf_bad(&from))
                return false;
        memcpy(&where, from.p + at * sizeof(where), sizeof(where));
        begin = letters_back(text, where, BEFORE_LETTERS);
        end = letters_on(text, begin, SNIPPET_LETTERS);
        if (begin)
                buf_text(out, "…");
        for (size_t i = begin; i < end; i++)
                buf_char(out, text.p[i] == '\n' ? ' ' : text.p[i]);
        if (end < text.n)
                buf_text(out, "…");
        return !buf_bad(out);
}

static json_t *both(const char *key)
{
        return json_pack("{s:s, s:s}", "ja", text_get(LANG_JA, key), "en", text_get(LANG_EN, key));
}

static json_t *label_of(struct request *rq, const struct register_info *info, const struct register_column *c)
{
        const char *key = arena_printf(rq->arena, "register.%s.%s", info->id, c->id);

        return both(key ? key : "");
}

static json_t *row_json_of(struct request *rq, const struct hit *h, const struct search_terms *t)
{
        struct record_env env = { .pack = rq->office->pack, .lang = rq->lang, .arena = rq->arena, .any_section = true };
        scoped(buf_done) struct buf title = BUF_INIT, snippet = BUF_INIT;
        const struct register_column *c = register_name_column(h->info);

        for (size_t i = 0; i < h->info->columns_count && !snippet.n; i++)
                if ((h->info->columns[i].flags & REGISTER_SEARCHED) && snippet_of(&snippet, row_get_text(&h->row, h->info->columns[i].col), t))
                        c = &h->info->columns[i];
        record_show(&title, &h->row, register_name_column(h->info), &env, rq->lang);
        return json_pack("{s:s, s:s, s:o, s:o, s:o}", "register", h->info->id, "id", h->row.id, "title", json_of(buf_view(&title)),
                         "where", label_of(rq, h->info, c), "snippet", json_of(buf_view(&snippet)));
}

/* The question of an answer: of the case's form first, then of the sheets. */
static const struct pack_field *field_of(const struct hit *h, const char *k)
{
        const struct pack_form *own = facts_form(h->pack, &h->facts->application);
        const struct pack_field *found = own ? form_find_field(own, k) : NULL;

        for (size_t i = 0; !found && i < h->pack->forms_count; i++)
                found = form_find_field(&h->pack->forms[i], k);
        return found;
}

static json_t *case_json_of(struct request *rq, const struct hit *h, const struct search_terms *t)
{
        const struct row *app = &h->facts->application;
        const struct pack_form *form = facts_form(h->pack, app);
        scoped(buf_done) struct buf snippet = BUF_INIT;
        const struct pack_field *field = NULL;
        const char *number = word_of(rq, row_get_text(app, APPLICATION_number));
        const char *title = arena_printf(rq->arena, "%s %s", form && form->title.in[rq->lang] ? form->title.in[rq->lang] : "", number);

        if (!snippet_of(&snippet, str_of(number), t))
                for (size_t i = 0; i < h->facts->answer_rows_count; i++)
                        if (h->facts->answer_rows[i].v[ANSWER_value].personal && snippet_of(&snippet, row_get_text(&h->facts->answer_rows[i], ANSWER_value), t)) {
                                field = field_of(h, h->facts->answer_rows[i].k);
                                break;
                        }
        return json_pack("{s:s, s:s, s:o, s:o, s:o}", "register", "application", "id", app->id, "title", json_of(str_of(title)), "where",
                         field ? json_text(&field->label) : both("search.number"), "snippet", json_of(buf_view(&snippet)));
}

/* ---- the route ---- */

static int read_after(struct search_hit *out, struct str after, struct err *e)
{
        struct uuid check;

        if (!after.n)
                return ERR_OK;
        if (!str_cut(after, ':', &out->register_id, &out->id) || !uuid_parse(out->id, &check))
                return err_key(e, ERR_INPUT, "list.after.bad", "after", NULL);
        return ERR_OK;
}

static int field_or_none(struct str *out, struct request *rq, const char *name, struct err *e)
{
        int r = scgi_field(out, rq->scgi->query, name, rq->arena, e);

        return r == ERR_ABSENT ? ERR_OK : r;
}

/* Roles held and stood in for, as a JSON list: whose steps are theirs to look at, core says of each case. */
static struct str roles_json(struct request *rq)
{
        const struct actor *who = &rq->session.who;
        scoped(json_decref) json_t *list = json_array();
        char *text;
        struct str out;

        for (size_t i = 0; i < who->roles_count; i++)
                (void)json_array_append_new(list, json_string(who->roles[i]));
        for (size_t i = 0; i < who->deputises_count; i++)
                (void)json_array_append_new(list, json_string(who->deputises[i].role));
        text = json_dumps(list, JSON_COMPACT);
        out = str_of(text ? arena_text(rq->arena, text) : NULL);
        free(text);
        return out;
}

static int read_filter(struct search_filter *f, struct search_terms *t, struct request *rq, struct err *e)
{
        struct str typed = STR(""), plain = STR(""), after = STR("");
        int r = field_or_none(&typed, rq, "q", e);

        *f = (struct search_filter){ .terms = t, .limit = SCAN + 1 };
        if (r == ERR_OK)
                r = field_or_none(&f->register_id, rq, "register", e);
        if (r == ERR_OK)
                r = field_or_none(&after, rq, "after", e);
        if (r == ERR_OK)
                r = read_after(&f->after, after, e);
        if (r == ERR_OK)
                r = shape_text(&plain, typed, "q", rq->arena, e);
        if (r == ERR_OK)
                r = search_terms_read(t, plain, rq->arena, e);
        if (r < 0)
                return r;
        if (f->register_id.n && !register_find(f->register_id) && !str_is(f->register_id, "application"))
                return err_key(e, ERR_INPUT, "search.register.bad", "register", NULL);
        if (!caller_sees_all(rq)) {
                f->person = str_of(rq->session.who.person);
                f->section = rq->session.who.section;
                f->roles = roles_json(rq);
        }
        return ERR_OK;
}

/* Fills the page and counts on behind it, as far as the walk goes. */
static int walk(json_t *items, struct search_hit *last, uint64_t *total, struct request *rq, const struct search_hit *hits, size_t n,
                const struct search_terms *t, struct err *e)
{
        for (size_t i = 0; i < n; i++) {
                struct hit h;
                bool room = json_array_size(items) < PAGE;
                int r;

                if (!room && sees_any(rq, &hits[i])) {
                        ++*total;
                        continue;
                }
                r = look_at(&h, rq, &hits[i], e);
                if (r < 0 && r != ERR_ABSENT)
                        return r;
                if (r == ERR_ABSENT)
                        continue;
                ++*total;
                if (!room)
                        continue;
                *last = hits[i];
                if (json_array_append_new(items, h.info ? row_json_of(rq, &h, t) : case_json_of(rq, &h, t)) < 0)
                        return err_set(e, ERR_NOMEM, "search");
        }
        return ERR_OK;
}

int search_all(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct search_hit *hits = NULL;
        struct search_hit last = { 0 };
        struct search_terms terms;
        struct search_filter filter;
        uint64_t total = 0;
        size_t n = 0;
        bool cut;
        int r = read_filter(&filter, &terms, rq, e);

        if (r == ERR_OK)
                r = search_hits(&hits, &n, rq->db, &filter, rq->arena, e);
        if (r < 0)
                return r;
        cut = n > SCAN;
        r = walk(items, &last, &total, rq, hits, cut ? SCAN : n, &terms, e);
        if (r < 0)
                return r;
        if (cut && json_array_size(items) < PAGE)
                last = hits[SCAN - 1];         /* the next page begins behind what was looked at */
        out->json = json_pack("{s:O, s:I, s:b}", "items", items, "total", (json_int_t)total, "at_least", cut);
        if (out->json && last.id.n && (cut || total > json_array_size(items)))
                (void)json_put(out->json, "next", json_string(arena_printf(rq->arena, "%.*s:%.*s", (int)last.register_id.n, last.register_id.p,
                                                                           (int)last.id.n, last.id.p)));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "search");
}
