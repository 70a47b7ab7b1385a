/* item.c - see item.h. */
#include "core/notice/item.h"

enum { KEY_ROOM = ERR_KEY_MAX + 16 };

static int bad(struct err *e, const char *member)
{
        return err_set(e, ERR_INPUT, "notice: '%s' is missing or of another kind", member);
}

/* A text of the object, copied; NULL: not there. */
static const char *member_text(const json_t *o, const char *name, struct arena *a)
{
        const char *text = json_string_value(json_object_get(o, name));

        return text ? arena_text(a, text) : NULL;
}

static int read_args(struct notice_item *out, const json_t *list, struct arena *a, struct err *e)
{
        static const char *const langs[LANG_COUNT] = { [LANG_JA] = "ja", [LANG_EN] = "en" };
        const json_t *v;
        size_t i;

        if (!json_is_array(list) || json_array_size(list) > NOTICE_TEXTS_MAX)
                return bad(e, "args");
        json_array_foreach(list, i, v) {
                for (int lang = 0; lang < LANG_COUNT; lang++) {
                        const char *text = json_string_value(json_is_object(v) ? json_object_get(v, langs[lang]) : v);

                        if (!text)
                                return bad(e, "args");
                        text = arena_text(a, text);
                        if (!text)
                                return err_set(e, ERR_NOMEM, "notice");
                        out->args[i][lang] = *text == '@' ? text_get(lang, text + 1) : text;
                }
                out->args_count++;
        }
        return ERR_OK;
}

static int read_receivers(struct notice_item *out, const json_t *list, struct arena *a, struct err *e)
{
        const json_t *v;
        size_t i;

        out->to = arena_array(a, json_array_size(list) + 1, sizeof(*out->to));
        if (!out->to)
                return err_set(e, ERR_NOMEM, "notice");
        json_array_foreach(list, i, v) {
                struct notice_receiver *r = &out->to[out->to_count];

                r->who = member_text(v, "who", a);
                r->mail = member_text(v, "mail", a);
                r->lang = lang_of(str_of(json_string_value(json_object_get(v, "lang"))));
                if (!r->who || !r->mail || strlen(r->who) > NOTICE_WHO_MAX)
                        return bad(e, "receivers");
                out->to_count++;
        }
        return ERR_OK;
}

int notice_item_read(struct notice_item *out, const json_t *o, struct arena *a, struct err *e)
{
        const json_t *body = json_object_get(o, "body");
        const char *tag = json_string_value(json_object_get(o, "tag")), *at = json_string_value(json_object_get(o, "at"));
        struct notice_item n = { .id = json_integer_value(json_object_get(o, "id")), .urgent = json_is_true(json_object_get(o, "urgent")),
                                 .daily = json_is_true(json_object_get(body, "daily")) };
        int r;

        n.key = member_text(body, "key", a);
        n.ref = member_text(body, "ref", a);
        n.link = member_text(o, "link", a);
        if (n.id <= 0 || !tag || strlen(tag) != NOTICE_TAG || !at || !utime_parse(str_of(at), &n.at))
                return bad(e, "id, tag or at");
        if (!n.key || !n.ref || !n.link || strlen(n.key) >= ERR_KEY_MAX)
                return bad(e, "key, ref or link");
        memcpy(n.tag, tag, NOTICE_TAG);
        r = read_args(&n, json_object_get(body, "args"), a, e);
        if (r == ERR_OK)
                r = read_receivers(&n, json_object_get(o, "receivers"), a, e);
        if (r == ERR_OK)
                *out = n;
        return r;
}

static void say(struct buf *out, const struct notice_item *n, enum lang lang, const char *part)
{
        const char *args[NOTICE_TEXTS_MAX];
        char key[KEY_ROOM];

        for (size_t i = 0; i < n->args_count; i++)
                args[i] = n->args[i][lang];
        (void)snprintf(key, sizeof(key), "%s.%s", n->key, part);
        text_format(out, lang, key, args, n->args_count);
}

void notice_subject(struct buf *out, const struct notice_item *n, enum lang lang) { say(out, n, lang, "subject"); }
void notice_body(struct buf *out, const struct notice_item *n, enum lang lang)    { say(out, n, lang, "body"); }
