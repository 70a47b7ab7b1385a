/* posting.c - see posting.h. */
#include "core/register/posting.h"

static bool is_over(const struct row *p, utime_t at)
{
        return row_is(p, POSTING_state, "ended") || (p->v[POSTING_until_at].kind == VALUE_INT && p->v[POSTING_until_at].i <= at);
}

bool posting_counts(const struct row *p, utime_t at)
{
        return !is_over(p, at) && row_get_int(p, POSTING_from_at) <= at;
}

const struct row *posting_main(const struct row *postings, size_t n, const char *person, utime_t at)
{
        const struct row *best = NULL;

        for (size_t i = 0; i < n; i++)
                if (row_is(&postings[i], POSTING_person, person) && row_is(&postings[i], POSTING_kind, "main") && posting_counts(&postings[i], at) &&
                    (!best || row_get_int(&postings[i], POSTING_from_at) >= row_get_int(best, POSTING_from_at)))
                        best = &postings[i];
        return best;
}

static bool due(const struct row *row, int col, utime_t now)
{
        return row->v[col].kind == VALUE_INT && row->v[col].i <= now;
}

/* What state a posting has now; the main one that began last ends those before it. */
static const char *state_now(const struct row *p, const struct row *main, bool left, utime_t now)
{
        bool later = main && p != main && row_is(p, POSTING_kind, "main") && row_get_int(p, POSTING_from_at) <= row_get_int(main, POSTING_from_at);

        if (left || is_over(p, now) || later)
                return "ended";
        return row_get_int(p, POSTING_from_at) <= now ? "active" : "coming";
}

/* True when it was another. */
static bool set_text(struct row *row, int col, const struct value *v)
{
        bool other = v->kind != row->v[col].kind || (v->kind == VALUE_TEXT && !str_eq(v->s, row->v[col].s));

        if (other)
                row_personal(row, col, v->kind == VALUE_TEXT ? v->s : STR(""));
        return other;
}

int posting_tick(struct changes *c, const struct row *person, const struct row *postings, size_t n, utime_t now, struct err *e)
{
        const struct row *main = posting_main(postings, n, person->id, now);
        bool was_left = row_is(person, PERSON_state, "left"), left = was_left || due(person, PERSON_until_at, now);
        bool comes = !left && row_is(person, PERSON_state, "coming") && row_get_int(person, PERSON_from_at) <= now, moved = false;
        struct row after = *person;
        int r = ERR_OK;

        if (comes || (left && !was_left))
                row_text(&after, PERSON_state, left ? STR("left") : STR("active"));
        if (main && !left && row_is(main, POSTING_state, "coming")) {      /* a section that was changed by hand since an earlier one stays */
                moved = set_text(&after, PERSON_section, &main->v[POSTING_section]);
                moved |= set_text(&after, PERSON_post, &main->v[POSTING_post]);
        }
        if (comes || moved || left != was_left)
                r = changes_add(c, &after, e);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                const char *state = row_is(&postings[i], POSTING_person, person->id) ? state_now(&postings[i], main, left, now) : NULL;
                struct row p = postings[i];

                if (!state || row_is(&p, POSTING_state, state))
                        continue;
                row_text(&p, POSTING_state, str_of(state));
                if (strcmp(state, "ended") == 0 && !due(&p, POSTING_until_at, now))
                        row_int(&p, POSTING_until_at, left ? now : row_get_int(main, POSTING_from_at));
                r = changes_add(c, &p, e);
        }
        return r;
}
