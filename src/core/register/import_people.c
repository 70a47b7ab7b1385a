/* import_people.c - a personnel list: who is new, who moves, who leaves, from which day.
 *
 * A person is one line, or several of one staff number: the main posting (本務) and others (兼務, 併任). Sections that nobody has are
 * made. Names, mail and the like are set at once; section and post with the posting, on its day (posting_tick). Roles (HOLDER) are never
 * touched: who leaves or moves and holds one is told.
 * A number is text: its leading zeros count, and a list whose zeros a spreadsheet dropped is refused at the cell.
 */
#include "core/register/import_inside.h"
#include "core/register/posting.h"
#include "core/text/fold.h"

enum said { SAID_NOTHING, SAID_MAIN, SAID_CONCURRENT };

/* One line of the list. */
struct pline {
        size_t      line;
        const struct row *before;      /* NULL: new */
        struct row  said;              /* the person as this line has them */
        enum said   kind;
        struct str  key;               /* whose line it is */
        bool        done;
};

struct list {
        struct importing   *x;
        struct pline       *lines;
        size_t              n;
        struct import_index ids, numbers, bare_numbers, logins, names;      /* into in->people */
        struct import_index groups;                                         /* into lines */
        bool               *seen;                                           /* by place in in->people */
        bool                says_posts, says_kinds;                         /* the list has such columns */
        utime_t             at;                                             /* from when it holds */
};

static const struct register_info *people(void)   { return register_of_table(TABLE_PERSON); }
static const struct register_info *postings(void) { return register_of_table(TABLE_POSTING); }

static const struct register_column *column_of(int col)
{
        for (size_t i = 0; i < people()->columns_count; i++)
                if (people()->columns[i].col == col)
                        return &people()->columns[i];
        return NULL;
}

static int slip_at(struct list *l, size_t line, int col, const char *key, const char *a, const char *b, struct err *e)
{
        const struct register_column *c = col < 0 ? NULL : column_of(col);
        size_t column = IMPORT_WHOLE_LINE;
        struct str value = c ? import_said(l->x, line, IMPORT_AS_COLUMN, c, &column) : STR("");
        struct err what = { 0 };

        (void)err_key(&what, ERR_INPUT, key, c ? c->id : "", a, b, (char *)NULL);
        return import_slip(l->x, line, column, c ? c->id : "", value, &what, e);
}

/* ---- who is meant ---- */

static struct str without_zeros(struct str s)
{
        while (s.n > 1 && *s.p == '0')
                s = (struct str){ s.p + 1, s.n - 1 };
        return s;
}

static int index_people(struct list *l, struct err *e)
{
        const struct import_rows *rows = &l->x->in->people;
        struct arena *a = l->x->a;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < rows->n; i++) {
                const struct row *p = &rows->rows[i];
                struct str number = import_folded(l->x, row_get_text(p, PERSON_number));

                r = import_index_add(&l->ids, str_of(p->id), i, a, e);
                if (r == ERR_OK)
                        r = import_index_add(&l->numbers, number, i, a, e);
                if (r == ERR_OK)
                        r = import_index_add(&l->bare_numbers, without_zeros(number), i, a, e);
                if (r == ERR_OK)
                        r = import_index_add(&l->logins, import_folded(l->x, row_get_text(p, PERSON_login)), i, a, e);
                if (r == ERR_OK && !number.n && !row_is(p, PERSON_state, "left"))
                        r = import_index_add(&l->names, import_folded(l->x, row_get_text(p, PERSON_name)), i, a, e);
        }
        import_index_sort(&l->ids);
        import_index_sort(&l->numbers);
        import_index_sort(&l->bare_numbers);
        import_index_sort(&l->logins);
        import_index_sort(&l->names);
        return r;
}

static const struct row *one_of(const struct list *l, const struct import_index *index, struct str key)
{
        const struct import_item *first;

        return key.n && import_index_find(index, key, &first) == 1 ? &l->x->in->people.rows[first->at] : NULL;
}

/* Somebody whom nobody gave a number yet, of that name: the same person when the section is the same, else told. */
static int by_name(struct list *l, struct pline *p, struct str name, struct err *e)
{
        const struct row *other = one_of(l, &l->names, name);
        size_t column;
        struct str section = import_folded(l->x, import_said(l->x, p->line, IMPORT_AS_COLUMN, column_of(PERSON_section), &column));

        if (!other)
                return ERR_OK;
        if (str_eq(section, import_folded(l->x, row_get_text(other, PERSON_section)))) {
                p->before = other;
                return ERR_OK;
        }
        return import_tell(l->x, IMPORT_SAME_NAME, other->id, row_get_text(other, PERSON_name), row_get_text(other, PERSON_section), e);
}

/* Sets before and key. *bad: nobody can say who it is. */
static int identify(struct list *l, struct pline *p, bool *bad, struct err *e)
{
        size_t at;
        struct str id = import_said(l->x, p->line, IMPORT_AS_ID, NULL, &at), number, login, name;
        int r = ERR_OK;

        number = import_folded(l->x, import_said(l->x, p->line, IMPORT_AS_COLUMN, column_of(PERSON_number), &at));
        login = import_folded(l->x, import_said(l->x, p->line, IMPORT_AS_COLUMN, column_of(PERSON_login), &at));
        name = import_folded(l->x, import_said(l->x, p->line, IMPORT_AS_COLUMN, column_of(PERSON_name), &at));
        p->before = id.n ? one_of(l, &l->ids, id) : number.n ? one_of(l, &l->numbers, number) : one_of(l, &l->logins, login);
        *bad = true;
        if (id.n && !p->before)
                return slip_at(l, p->line, -1, "import.id.absent", "", "", e);
        if (!id.n && !number.n && !login.n)
                return slip_at(l, p->line, PERSON_number, "import.person.number", "", "", e);
        if (!p->before && number.n) {
                const struct row *longer = one_of(l, &l->bare_numbers, number);

                if (longer)
                        return slip_at(l, p->line, PERSON_number, "import.person.zeros", row_get_text(longer, PERSON_number).p, "", e);
                r = by_name(l, p, name, e);
        }
        *bad = false;
        if (p->before)
                p->key = str_of(p->before->id);
        else
                p->key = number.n ? number : login;
        return r;
}

/* ---- one line ---- */

static int read_kind(struct list *l, struct pline *p, bool *bad, struct err *e)
{
        const struct register_column *c = register_column_find(postings(), STR("kind"));
        struct row scratch = row_new(TABLE_POSTING, (struct uuid){ { 0 } }, NULL);
        size_t column;
        struct str cell = import_said(l->x, p->line, IMPORT_AS_POSTING, NULL, &column);
        struct err what = { 0 };

        if (!cell.n)
                return ERR_OK;
        if (record_take(&scratch, postings(), c, import_other_word(l->x, postings(), c, cell), &l->x->env, &what) < 0) {
                *bad = true;
                return import_slip(l->x, p->line, column, "posting", cell, &what, e);
        }
        p->kind = row_is(&scratch, POSTING_kind, "main") ? SAID_MAIN : SAID_CONCURRENT;
        return ERR_OK;
}

static int read_line(struct list *l, struct pline *p, bool *bad, struct err *e)
{
        int r = identify(l, p, bad, e);

        if (r < 0 || *bad)
                return r;
        p->said = p->before ? *p->before : row_new(TABLE_PERSON, (struct uuid){ { 0 } }, NULL);
        for (size_t i = 0; r == ERR_OK && i < people()->columns_count; i++) {
                const struct register_column *c = &people()->columns[i];

                if (!(c->flags & REGISTER_FIXED))
                        r = import_take(l->x, &p->said, people(), c, p->before || !(c->flags & REGISTER_REQUIRED), bad, e);
        }
        return r == ERR_OK ? read_kind(l, p, bad, e) : r;
}

static int read_lines(struct list *l, struct err *e)
{
        struct importing *x = l->x;
        int r = ERR_OK;

        l->lines = arena_array(x->a, import_lines(x->in->sheet), sizeof(*l->lines));
        if (!l->lines)
                return err_set(e, ERR_NOMEM, "import: no memory for a list");
        for (size_t line = x->out->layout.header + 1; r == ERR_OK && line <= import_lines(x->in->sheet); line++) {
                struct pline *p = &l->lines[l->n];
                enum import_why why;
                bool blank, bad = false;

                x->line = line;
                if (import_skips(x, line, &blank, &why)) {
                        x->out->skipped[x->out->skipped_n++] = (struct import_skipped){ line, why };
                        continue;
                }
                if (blank)
                        continue;
                x->out->counts.lines++;
                *p = (struct pline){ .line = line };
                r = read_line(l, p, &bad, e);
                if (r == ERR_OK && !bad)
                        r = import_index_add(&l->groups, p->key, l->n++, x->a, e);
        }
        import_index_sort(&l->groups);
        return r;
}

/* ---- one person ---- */

/* Where a person works: section and post, both may be empty. */
static bool same_place(const struct row *a, int a_section, int a_post, const struct row *b, int b_section, int b_post, bool posts)
{
        return str_eq(row_get_text(a, a_section), row_get_text(b, b_section)) && (!posts || str_eq(row_get_text(a, a_post), row_get_text(b, b_post)));
}

/* The line with the main posting; NULL: all are 兼務 of somebody we know. */
static int main_of(struct list *l, struct pline *const *of, size_t n, struct pline **out, struct err *e)
{
        char other[24];
        int r = ERR_OK;

        *out = NULL;
        for (size_t i = 0; i < n; i++) {
                if (of[i]->kind == SAID_MAIN && *out) {
                        (void)snprintf(other, sizeof(other), "%zu", (*out)->line);
                        return slip_at(l, of[i]->line, PERSON_number, "import.person.main-twice", other, "", e);
                }
                if (of[i]->kind == SAID_MAIN)
                        *out = of[i];
        }
        for (size_t i = 0; i < n && !*out; i++)
                if (of[i]->kind == SAID_NOTHING)
                        *out = of[i];
        if (!*out && !of[0]->before)
                return slip_at(l, of[0]->line, PERSON_number, "import.person.no-main", "", "", e);
        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct pline *m = *out ? *out : of[0];

                (void)snprintf(other, sizeof(other), "%zu", m->line);
                if (of[i] == m)
                        continue;
                if (!str_eq(import_folded(l->x, row_get_text(&of[i]->said, PERSON_name)), import_folded(l->x, row_get_text(&m->said, PERSON_name))))
                        r = slip_at(l, of[i]->line, PERSON_name, "import.person.names-differ", other, "", e);
                else if (m == *out && same_place(&of[i]->said, PERSON_section, PERSON_post, &m->said, PERSON_section, PERSON_post, true))
                        r = slip_at(l, of[i]->line, -1, "import.line.twice", other, "", e);
        }
        return r;
}

/* Changes to one person, gathered before they become an entry. */
enum { PERSON_ROWS_MAX = 40 };
struct person {
        const struct row *before;
        struct row        after;
        struct row       *rows;      /* postings */
        size_t            n;
        utime_t           at;        /* from when */
        bool              future, fresh, moved, leaves, left;
};

static int add_posting(struct person *p, const struct row *row, struct err *e)
{
        if (p->n == PERSON_ROWS_MAX)
                return err_set(e, ERR_TOO_BIG, "import: more than %d postings of one person", PERSON_ROWS_MAX);
        p->rows[p->n++] = *row;
        return ERR_OK;
}

static int begin_posting(struct list *l, struct person *p, const struct row *place, const char *kind, struct err *e)
{
        struct row row = row_new(TABLE_POSTING, import_fresh(l->x), NULL);

        row_text(&row, POSTING_person, str_of(arena_text(l->x->a, p->after.id)));
        row_personal(&row, POSTING_section, row_get_text(place, PERSON_section));
        row_personal(&row, POSTING_post, row_get_text(place, PERSON_post));
        row_text(&row, POSTING_kind, str_of(kind));
        row_int(&row, POSTING_from_at, p->at);
        row_text(&row, POSTING_state, p->future ? STR("coming") : STR("active"));
        return add_posting(p, &row, e);
}

/* Ends at p->at; one that has not begun by then never does. */
static int end_posting(struct person *p, const struct row *posting, struct err *e)
{
        struct row row = *posting;
        bool never = row_get_int(posting, POSTING_from_at) >= p->at;

        if (row.v[POSTING_until_at].kind != VALUE_INT || row.v[POSTING_until_at].i > p->at)
                row_int(&row, POSTING_until_at, never ? row_get_int(posting, POSTING_from_at) : p->at);
        if (never || !p->future)
                row_text(&row, POSTING_state, STR("ended"));
        return record_same(&row.v[POSTING_until_at], &posting->v[POSTING_until_at]) && record_same(&row.v[POSTING_state], &posting->v[POSTING_state]) ? ERR_OK
                                                                                                                                                      : add_posting(p, &row, e);
}

static bool is_live(const struct row *posting, const struct person *p, const char *kind)
{
        return row_is(posting, POSTING_person, p->after.id) && row_is(posting, POSTING_kind, kind) && !row_is(posting, POSTING_state, "ended");
}

/* The main posting as of p->at becomes `place`, when it is another. */
static int move(struct list *l, struct person *p, const struct row *place, struct err *e)
{
        const struct import_rows *all = &l->x->in->postings;
        const struct row *now = p->fresh ? NULL : posting_main(all->rows, all->n, p->after.id, p->at);
        int r = ERR_OK;
        bool posted = now && same_place(now, POSTING_section, POSTING_post, place, PERSON_section, PERSON_post, l->says_posts);
        bool there = !p->fresh && same_place(p->before, PERSON_section, PERSON_post, place, PERSON_section, PERSON_post, l->says_posts);

        if (now ? posted && (p->future || there) : there)
                return ERR_OK;
        p->moved = !p->fresh;
        for (size_t i = 0; r == ERR_OK && i < all->n; i++)
                if (!posted && is_live(&all->rows[i], p, "main"))
                        r = end_posting(p, &all->rows[i], e);
        if (r == ERR_OK && !posted)      /* else the person was moved by hand, and the posting still says so */
                r = begin_posting(l, p, place, "main", e);
        if (!p->future || p->fresh) {
                p->after.v[PERSON_section] = place->v[PERSON_section];
                p->after.v[PERSON_post] = place->v[PERSON_post];
        }
        return r;
}

/* 兼務 as of p->at are those of the list. */
static int concurrents(struct list *l, struct person *p, struct pline *const *of, size_t n, const struct pline *main, struct err *e)
{
        const struct import_rows *all = &l->x->in->postings;
        bool kept[PERSON_ROWS_MAX] = { 0 };
        int r = ERR_OK;

        if (n > PERSON_ROWS_MAX)
                return slip_at(l, of[0]->line, PERSON_number, "import.person.many", "", "", e);
        for (size_t i = 0; r == ERR_OK && i < all->n; i++) {
                const struct row *old = &all->rows[i];
                bool stays = false;

                if (!is_live(old, p, "concurrent"))
                        continue;
                for (size_t k = 0; k < n && !stays; k++) {
                        stays = of[k] != main && !kept[k] && posting_counts(old, p->at) &&
                                same_place(old, POSTING_section, POSTING_post, &of[k]->said, PERSON_section, PERSON_post, l->says_posts);
                        kept[k] |= stays;
                }
                if (!stays)
                        r = end_posting(p, old, e);
                p->moved |= !stays;
        }
        for (size_t k = 0; r == ERR_OK && k < n; k++)
                if (of[k] != main && !kept[k]) {
                        r = begin_posting(l, p, &of[k]->said, "concurrent", e);
                        p->moved |= !p->fresh;
                }
        return r;
}

static int roles_of(struct list *l, const struct row *person, struct err *e)
{
        const struct import_rows *all = &l->x->in->holders;
        scoped(buf_done) struct buf roles = BUF_INIT;
        const char *copy;

        for (size_t i = 0; i < all->n; i++)
                if (strcmp(all->rows[i].id, person->id) == 0 && row_is(&all->rows[i], HOLDER_state, "active"))
                        buf_printf(&roles, "%s%s", roles.n ? " " : "", all->rows[i].k);
        if (!roles.n)
                return ERR_OK;
        copy = buf_bad(&roles) ? NULL : arena_text(l->x->a, roles.p);
        return copy ? import_tell(l->x, IMPORT_HOLDS_ROLES, person->id, row_get_text(person, PERSON_name), str_of(copy), e) : err_set(e, ERR_NOMEM, "import: roles");
}

/* Whom this list lets go by its day. A later end is only kept: posting_tick() sees to it. */
static int leave(struct list *l, struct person *p, struct err *e)
{
        const struct import_rows *all = &l->x->in->postings;
        const struct value *until = &p->after.v[PERSON_until_at];
        int r = ERR_OK;

        if (until->kind != VALUE_INT || (p->before && record_same(&p->before->v[PERSON_until_at], until)) || (until->i > l->at && until->i > l->x->in->now))
                return ERR_OK;
        p->leaves = true;
        p->left = p->after.v[PERSON_until_at].i <= l->x->in->now;
        if (p->left)
                row_text(&p->after, PERSON_state, STR("left"));
        p->at = p->after.v[PERSON_until_at].i;
        p->future = !p->left;
        for (size_t i = 0; r == ERR_OK && p->left && i < all->n; i++)
                if (is_live(&all->rows[i], p, "main") || is_live(&all->rows[i], p, "concurrent"))
                        r = end_posting(p, &all->rows[i], e);
        return r == ERR_OK ? import_tell(l->x, IMPORT_LEAVING, p->after.id, row_get_text(&p->after, PERSON_name), row_get_text(&p->after, PERSON_section), e) : r;
}

static bool same_person(const struct row *a, const struct row *b)
{
        for (size_t i = 0; i < PERSON_COLS; i++)
                if (!record_same(&a->v[i], &b->v[i]))
                        return false;
        return true;
}

/* One entry with the person and their postings; counted as the strongest of what happens. */
static int conclude(struct list *l, struct person *p, struct err *e)
{
        struct import_counts *c = &l->x->out->counts;
        bool same = p->before && !p->n && same_person(p->before, &p->after);
        int r;

        if (same) {
                c->same++;
                return ERR_OK;
        }
        *(p->leaves ? &c->leaving : p->fresh ? &c->fresh : p->moved ? &c->moved : &c->changed) += 1;
        c->without_password += p->fresh && p->after.v[PERSON_login].kind == VALUE_TEXT;
        if (p->moved && !p->leaves)
                r = import_tell(l->x, IMPORT_MOVED, p->after.id, row_get_text(&p->after, PERSON_name), p->n ? row_get_text(&p->rows[p->n - 1], POSTING_section) : STR(""), e);
        else
                r = ERR_OK;
        if (r == ERR_OK && (p->moved || p->leaves))
                r = roles_of(l, &p->after, e);
        if (r == ERR_OK)
                r = import_entry(l->x, people(), !p->before ? "recorded" : p->left ? "ended" : "changed", e);
        if (r == ERR_OK)
                r = import_row(l->x, &p->after, e);
        for (size_t i = 0; r == ERR_OK && i < p->n; i++)
                r = import_row(l->x, &p->rows[i], e);
        return r;
}

static int unreadable(struct list *l, struct person *p, struct err *e)
{
        struct str name = row_get_text(&p->after, PERSON_name);

        if (!fold_has_unread(name) && !fold_has_unread(row_get_text(&p->after, PERSON_kana))) {
                if (row_get_int(&p->after, PERSON_unreadable))
                        p->after.v[PERSON_unreadable] = (struct value){ .kind = VALUE_NULL };
                return ERR_OK;
        }
        row_int(&p->after, PERSON_unreadable, 1);
        l->x->out->counts.unreadable++;
        return import_tell(l->x, IMPORT_UNREADABLE, p->after.id, name, row_get_text(&p->after, PERSON_number), e);
}

static int login_free(struct list *l, const struct pline *m, const struct person *p, struct err *e)
{
        const struct import_item *first;
        struct str login = import_folded(l->x, row_get_text(&p->after, PERSON_login));
        size_t n = import_index_find(&l->logins, login, &first);
        bool taken = false;

        if (!login.n)
                return ERR_OK;
        for (size_t i = 0; i < n; i++)
                taken |= strcmp(l->x->in->people.rows[first[i].at].id, p->after.id) != 0;
        for (size_t i = 0; i < l->x->out->rows_n && !taken; i++)
                taken = l->x->out->rows[i].table == TABLE_PERSON && str_eq(import_folded(l->x, row_get_text(&l->x->out->rows[i], PERSON_login)), login);
        return taken ? slip_at(l, m->line, PERSON_login, "import.person.login-taken", "", "", e) : ERR_OK;
}

/* From when it holds for this person: the list's day, or theirs when that is later. */
static void start(struct list *l, struct person *p)
{
        bool back = p->before && row_is(p->before, PERSON_state, "left");      /* somebody who was here before */

        p->fresh = !p->before || back;
        p->at = l->at;
        if (p->fresh && row_get_int(&p->after, PERSON_from_at) > p->at)
                p->at = row_get_int(&p->after, PERSON_from_at);
        p->future = p->at > l->x->in->now;
        if (!p->fresh)
                return;
        row_text(&p->after, PERSON_state, p->future ? STR("coming") : STR("active"));
        if (p->after.v[PERSON_from_at].kind != VALUE_INT && l->x->in->effective)
                row_int(&p->after, PERSON_from_at, p->at);
        if (back && record_same(&p->before->v[PERSON_until_at], &p->after.v[PERSON_until_at]))
                p->after.v[PERSON_until_at] = (struct value){ .kind = VALUE_NULL };
}

static int one_person(struct list *l, struct pline *const *of, size_t n, struct err *e)
{
        struct pline *main, *m;
        struct person p = { .before = of[0]->before, .rows = arena_array(l->x->a, PERSON_ROWS_MAX, sizeof(*p.rows)) };
        size_t slips = l->x->out->mistakes_total;
        int r = p.rows ? main_of(l, of, n, &main, e) : err_set(e, ERR_NOMEM, "import: postings");

        if (r < 0 || l->x->out->mistakes_total > slips)
                return r;
        m = main ? main : of[0];
        l->x->line = m->line;
        p.after = m->said;
        if (!p.before)
                uuid_text(p.after.id, import_fresh(l->x));
        else {      /* with the posting, on its day */
                p.after.v[PERSON_section] = p.before->v[PERSON_section];
                p.after.v[PERSON_post] = p.before->v[PERSON_post];
        }
        start(l, &p);
        r = main ? move(l, &p, &main->said, e) : ERR_OK;
        if (r == ERR_OK && p.fresh)
                r = import_complete(l->x, &p.after, e);
        if (r == ERR_OK && (n > 1 || l->says_kinds))
                r = concurrents(l, &p, of, n, main, e);
        if (r == ERR_OK)
                r = leave(l, &p, e);
        if (r == ERR_OK)
                r = unreadable(l, &p, e);
        if (r == ERR_OK)
                r = login_free(l, m, &p, e);
        return r == ERR_OK ? conclude(l, &p, e) : r;
}

static int each_person(struct list *l, struct err *e)
{
        struct pline *of[PERSON_ROWS_MAX + 1];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < l->n; i++) {
                const struct import_item *first;
                size_t n = l->lines[i].done ? 0 : import_index_find(&l->groups, l->lines[i].key, &first);

                for (size_t k = 0; k < n; k++) {
                        l->lines[first[k].at].done = true;
                        if (k <= PERSON_ROWS_MAX)
                                of[k] = &l->lines[first[k].at];
                }
                if (n > PERSON_ROWS_MAX)
                        r = slip_at(l, l->lines[i].line, PERSON_number, "import.person.many", "", "", e);
                else if (n)
                        r = one_person(l, of, n, e);
                if (n && l->lines[i].before)
                        l->seen[l->lines[i].before - l->x->in->people.rows] = true;
        }
        return r;
}

/* ---- who is not in it ---- */

static int missing(struct list *l, struct err *e)
{
        const struct import_rows *all = &l->x->in->people;
        int r = ERR_OK;

        l->x->line = 0;
        for (size_t i = 0; r == ERR_OK && i < all->n; i++) {
                const struct row *before = &all->rows[i];
                struct person p = { .before = before, .after = *before, .at = l->at };

                if (l->seen[i] || row_is(before, PERSON_state, "left") || !row_get_text(before, PERSON_number).n)
                        continue;
                if (before->v[PERSON_until_at].kind == VALUE_INT && before->v[PERSON_until_at].i <= l->at)
                        continue;      /* goes before that day anyway */
                p.rows = arena_array(l->x->a, PERSON_ROWS_MAX, sizeof(*p.rows));
                if (!p.rows)
                        return err_set(e, ERR_NOMEM, "import: postings");
                row_int(&p.after, PERSON_until_at, l->at);
                r = leave(l, &p, e);
                if (r == ERR_OK)
                        r = conclude(l, &p, e);
        }
        return r;
}

/* Above the pack's percentage a list is more likely the wrong file than a reform. */
static void weigh(struct list *l)
{
        struct import_plan *out = l->x->out;
        size_t base = 0, changes = out->counts.fresh + out->counts.moved + out->counts.leaving;

        for (size_t i = 0; i < l->x->in->people.n; i++)
                base += row_is(&l->x->in->people.rows[i], PERSON_state, "active") && row_get_text(&l->x->in->people.rows[i], PERSON_number).n;
        out->percent_changed = base ? (uint32_t)(changes * 100 / base) : 0;      /* the first list of all has nothing to differ from */
        out->stopped = l->x->in->percent && out->percent_changed > l->x->in->percent && !l->x->in->accepted;
}

/* From the first list on sections are known by name: those that people here work in are, too. */
static int first_sections(struct importing *x, struct err *e)
{
        const struct register_info *sections = register_of_table(TABLE_SECTION);
        struct record_found found;
        int r = ERR_OK;

        x->makes_sections = true;
        x->env.any_section = false;
        for (size_t i = 0; r == ERR_OK && x->in->env->any_section && i < x->in->people.n; i++) {
                struct str name = row_get_text(&x->in->people.rows[i], PERSON_section);

                if (name.n && row_is(&x->in->people.rows[i], PERSON_state, "active"))
                        r = x->env.find(x, sections, STR(""), name, &found, e);
        }
        return r;
}

int import_people(struct importing *x, struct err *e)
{
        struct list l = { .x = x, .at = x->in->effective ? x->in->effective : utime_from_jst(utime_date_jst(x->in->now)) };
        int r;

        l.seen = arena_array(x->a, x->in->people.n + 1, sizeof(*l.seen));
        if (!l.seen)
                return err_set(e, ERR_NOMEM, "import: no memory for a list");
        for (size_t i = 0; i < x->out->layout.n; i++) {
                l.says_kinds |= x->out->layout.columns[i].as == IMPORT_AS_POSTING;
                l.says_posts |= x->out->layout.columns[i].column == column_of(PERSON_post);
        }
        r = first_sections(x, e);
        if (r == ERR_OK)
                r = index_people(&l, e);
        if (r == ERR_OK)
                r = read_lines(&l, e);
        if (r == ERR_OK)
                r = each_person(&l, e);
        if (r == ERR_OK && x->in->whole && !x->out->mistakes_total)
                r = missing(&l, e);
        if (r == ERR_OK)
                weigh(&l);
        return r;
}
