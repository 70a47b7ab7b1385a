/* said.c - see said.h. */
#include "server/office/evidence/said.h"

#include "core/period/period.h"

static const char *kept(struct arena *a, struct str s)
{
        const char *p = arena_copy(a, s.p ? s.p : "", s.n);

        return p ? p : "";
}

const char *said_column(const struct dossier *d, const struct row *row, int col, bool open, struct arena *a)
{
        const struct value *v = &row->v[col];

        if (v->kind == VALUE_ERASED)
                return text_get(d->job->lang, "answers.erased");
        if (v->kind == VALUE_TEXT && v->personal && d->job->withhold && !open)
                return text_get(d->job->lang, "evidence.withheld");
        return kept(a, row_get_text(row, col));
}

const char *said_person(const struct dossier *d, struct str id, struct arena *a)
{
        struct row row;
        const char *post, *section;

        if (!id.n)
                return "";
        if (store_row(&row, d->job->db, TABLE_PERSON, kept(a, id), NULL, a, NULL) < 0 || !row.rev)
                return kept(a, id);
        if (!d->job->posts && !d->job->withhold)
                return said_column(d, &row, PERSON_name, false, a);
        post = said_column(d, &row, PERSON_post, true, a);
        section = said_column(d, &row, PERSON_section, true, a);
        if (!*post)
                post = text_get(d->job->lang, "evidence.person");
        return *section ? arena_printf(a, "%s %s", section, post) : post;
}

const char *said_moment(utime_t t, struct arena *a)
{
        struct date d = utime_date_jst(t);
        int64_t s = (t - utime_from_jst(d)) / UTIME_S;
        const char *text = t ? arena_printf(a, "%04d-%02d-%02d %02d:%02d:%02d", d.year, d.month, d.day, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60)) : "";

        return text ? text : "";
}

const char *said_last_day(utime_t until, struct arena *a)
{
        struct date d = period_last_day(until);
        const char *text = until ? arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day) : "";

        return text ? text : "";
}

const char *said_word(const struct dossier *d, const char *area, struct str word, struct arena *a)
{
        const char *key = word.n ? arena_printf(a, "%s.%.*s", area, (int)word.n, word.p) : NULL;

        return key && text_known(key) ? text_get(d->job->lang, key) : kept(a, word);
}

const char *said_pack(const struct dossier *d, const struct pack_text *t)
{
        return t->key ? t->in[d->job->lang] : "";
}

const char *said_form(const struct dossier *d, const struct row *application, struct arena *a)
{
        const struct pack_form *form = pack_find_form(d->job->office->pack, kept(a, row_get_text(application, APPLICATION_form)));

        return form ? said_pack(d, &form->title) : kept(a, row_get_text(application, APPLICATION_form));
}

const char *said_role(const struct dossier *d, struct str role, struct arena *a)
{
        const struct pack_role *r = role.n ? pack_find_role(d->job->office->pack, kept(a, role)) : NULL;

        return r ? said_pack(d, &r->name) : kept(a, role);
}
