/* people_say.c - findings in words. */
#include "core/procedure/people.h"

static const struct { const char *why, *mend; } words[PEOPLE_WHYS_COUNT] = {
        [PEOPLE_NOBODY] = { "people.why.nobody", "people.mend.appoint" },
        [PEOPLE_AWAY]   = { "people.why.away",   "people.mend.deputy" },
        [PEOPLE_SELF]   = { "people.why.self",   "people.mend.substitute" },
        [PEOPLE_SECOND] = { "people.why.second", "people.mend.another" },
        [PEOPLE_SAME]   = { "people.why.same",   "people.mend.another" },
        [PEOPLE_LONG]   = { "people.why.long",   "people.mend.fewer" },
};

static const char *role_name(const struct pack *pack, const char *id, enum lang lang)
{
        const struct pack_role *role = id ? pack_find_role(pack, id) : NULL;

        return role && role->name.in[lang] ? role->name.in[lang] : id ? id : "";
}

static void say(struct buf *out, enum lang lang, const char *key, const char *a, const char *b, const char *c, const char *d)
{
        const char *args[] = { a, b, c, d };

        if (out->n && lang != LANG_JA)
                buf_char(out, ' ');
        text_format(out, lang, key, args, countof(args));
}

/* 佐藤 一郎（総務課） */
static void person_text(struct buf *out, enum lang lang, const struct person *p, size_t alike)
{
        scoped(buf_done) struct buf section = BUF_INIT;
        char others[24];

        buf_str(&section, p->section);
        (void)snprintf(others, sizeof(others), "%zu", alike - 1);
        say(out, lang, alike > 1 ? "people.person-and" : "people.person", p->name[0] ? p->name : p->id, section.p ? section.p : "", others, "");
}

/* Where a holder of the role is looked for. */
static void place_text(struct buf *out, enum lang lang, const struct people_finding *f)
{
        enum scope scope = f->sheet ? f->sheet->scope : f->step->scope;

        if (scope == SCOPE_SECTION)
                buf_str(out, f->applicant->section);
        else
                buf_text(out, text_get(lang, scope == SCOPE_BODY ? "people.place.body" : "people.place.service"));
}

static void say_condition(struct buf *out, enum lang lang, const struct pack_step *step)
{
        scoped(buf_done) struct buf when = BUF_INIT;

        if (!step->when.tree)
                return;
        expr_print(&when, step->when.tree, lang);
        say(out, lang, "people.when", when.p ? when.p : "", "", "", "");
}

static void say_case(struct buf *out, enum lang lang, const struct people_finding *f)
{
        scoped(buf_done) struct buf who = BUF_INIT, other = BUF_INIT;

        person_text(&who, lang, f->applicant, f->alike);
        if (f->absent)
                person_text(&other, lang, f->absent, 1);
        else if (f->drafter)
                person_text(&other, lang, f->drafter, 1);
        say(out, lang, f->absent ? "people.stop.absent" : f->drafter ? "people.stop.drafted" : "people.stop.all", f->procedure->title.in[lang],
            who.p ? who.p : "", f->step->title.in[lang], other.p ? other.p : "");
}

/* A substitute acts for the whole body, whatever the step's own scope is. */
static void say_mend(struct buf *out, enum lang lang, const struct pack *pack, const struct people_finding *f, const char *place)
{
        bool substitute = f->why == PEOPLE_SELF && f->step->substitute && !f->sheet;
        const char *role = role_name(pack, substitute ? f->step->substitute : f->role, lang);

        if (substitute)
                place = text_get(lang, "people.place.body");
        say(out, lang, f->absent ? "people.mend.deputy" : substitute ? "people.mend.apart" : words[f->why].mend, role, place, "", "");
}

void people_say(struct buf *what, struct buf *mend, enum lang lang, const struct pack *pack, const struct people_finding *f)
{
        scoped(buf_done) struct buf place = BUF_INIT;
        const char *role = role_name(pack, f->role, lang);

        if (!f->step) {
                say(what, lang, "people.no-applicant", f->procedure->title.in[lang], role, "", "");
                say(mend, lang, "people.mend.applicant", role, "", "", "");
                return;
        }
        place_text(&place, lang, f);
        say_case(what, lang, f);
        say_condition(what, lang, f->step);
        if (f->sheet)
                say(what, lang, "people.sheet", role, place.p ? place.p : "", "", "");
        else
                say(what, lang, words[f->why].why, role, place.p ? place.p : "", "", "");
        say_mend(mend, lang, pack, f, place.p ? place.p : "");
}
