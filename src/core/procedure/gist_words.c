/* gist_words.c - see gist_inside.h. */
#include "core/procedure/gist_inside.h"

#include "core/calendar/calendar.h"

struct gist_text gist_plain(struct str s, const struct gist_env *env)
{
        const char *copy = arena_copy(env->arena, s.p ? s.p : "", s.n);

        return (struct gist_text){ { copy, copy } };
}

struct gist_text gist_of(const struct pack_text *t)
{
        return (struct gist_text){ { t->in[LANG_JA] ? t->in[LANG_JA] : "", t->in[LANG_EN] ? t->in[LANG_EN] : "" } };
}

struct gist_text gist_number(int64_t n, const struct gist_env *env)
{
        const char *s = arena_printf(env->arena, "%lld", (long long)n);

        return (struct gist_text){ { s, s } };
}

struct gist_text gist_buf(const struct buf b[LANG_COUNT], const struct gist_env *env)
{
        struct gist_text t;

        for (int l = 0; l < LANG_COUNT; l++)
                t.in[l] = buf_bad(&b[l]) ? NULL : arena_copy(env->arena, b[l].p ? b[l].p : "", b[l].n);
        return t;
}

struct gist_text gist_day(struct date d, const struct gist_env *env)
{
        scoped(buf_done) struct buf ja = BUF_INIT;
        struct era rows[CALENDAR_ERAS_MAX];
        struct eras eras = calendar_eras(rows, env->pack);

        wareki_format(&ja, d, &eras, WAREKI_LONG);
        return (struct gist_text){ { buf_bad(&ja) ? NULL : arena_copy(env->arena, ja.p, ja.n), arena_printf(env->arena, "%04d-%02d-%02d", d.year, d.month, d.day) } };
}

struct gist_text gist_named(enum field_type type, struct str id, const struct gist_env *env)
{
        const char *name = env->name ? env->name(env->ctx, type, id) : NULL;

        return name ? (struct gist_text){ { name, name } } : gist_plain(id, env);
}

struct gist_text gist_fill(const char *key, const struct gist_text *args, size_t n, const struct gist_env *env)
{
        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;
        struct buf *to[LANG_COUNT] = { [LANG_JA] = &ja, [LANG_EN] = &en };
        const char *in[GIST_ARGS];

        for (int l = 0; l < LANG_COUNT; l++) {
                for (size_t i = 0; i < n && i < GIST_ARGS; i++)
                        in[i] = args[i].in[l] ? args[i].in[l] : "";
                text_format(to[l], (enum lang)l, key, in, n < GIST_ARGS ? n : GIST_ARGS);
        }
        return gist_buf((struct buf[LANG_COUNT]){ ja, en }, env);
}

bool gist_ok(const struct gist_text *t)
{
        return t->in[LANG_JA] && t->in[LANG_EN];
}
