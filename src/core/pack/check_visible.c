/* check_visible.c - a field that decides whether it is shown itself, be it by way of others; see check.h.
 *
 * Questions depend on questions only and are looked at by themselves; so classes, which follow from them, lead nowhere else.
 */
#include "core/pack/check.h"

#include "core/pack/names.h"

enum state { NEW, OPEN, DONE };

struct walk {
        struct filler            *filler;
        const struct pack_field **fields;
        unsigned char            *state;       /* of each */
        size_t                    n;
};

static int walk_init(struct walk *w, struct filler *f, size_t room)
{
        *w = (struct walk){ .filler = f, .fields = arena_array(f->arena, room, sizeof(*w->fields)), .state = arena_array(f->arena, room, 1) };
        return w->fields && w->state ? 0 : ERR_NOMEM;
}

static void fields_add(struct walk *w, const struct pack_field *fields, size_t n)
{
        for (size_t i = 0; i < n; i++)
                w->fields[w->n++] = &fields[i];
}

/* The field of a name, or of the table whose column it is; n: none. */
static size_t field_at(const struct walk *w, const char *name)
{
        size_t length = strcspn(name, "."), i = 0;

        while (i < w->n && (strncmp(w->fields[i]->id, name, length) != 0 || w->fields[i]->id[length]))
                i++;
        return i;
}

/* Each field is looked at once; one that is met while it is still open closes a circle. */
static void look(struct walk *w, size_t i)
{
        const struct expr *tree = w->fields[i]->visible_when.tree;
        const struct expr_name *const *names;
        bool circle = false;
        size_t n = 0;

        w->state[i] = OPEN;
        names = tree ? expr_names_used(tree, &n) : NULL;
        for (size_t k = 0; k < n; k++) {
                size_t j = field_at(w, names[k]->id);

                if (j < w->n && w->state[j] == NEW)
                        look(w, j);
                else if (j < w->n)
                        circle |= w->state[j] == OPEN;
        }
        if (circle)
                mistake(w->filler->mistakes, "pack.field.circle", fill_place(w->filler, w->fields[i], "visible_when"), w->fields[i]->id, "");
        w->state[i] = DONE;
}

static void look_all(struct walk *w)
{
        for (size_t i = 0; i < w->n; i++)
                if (w->state[i] == NEW)
                        look(w, i);
}

static int check_procedure(struct filler *f, const struct pack *p, const struct pack_procedure *procedure)
{
        const struct pack_form *main = names_form(p, procedure);
        size_t questions = main->classified ? p->questions_count : 0, room = main->fields_count;
        struct walk w;

        for (size_t i = 0; i < procedure->sheets_count; i++)
                room += pack_find_form(p, procedure->sheets[i].id)->fields_count;
        if (walk_init(&w, f, room) < 0)
                return ERR_NOMEM;

        fields_add(&w, main->fields + questions, main->fields_count - questions);
        for (size_t i = 0; i < procedure->sheets_count; i++) {
                const struct pack_form *sheet = pack_find_form(p, procedure->sheets[i].id);

                fields_add(&w, sheet->fields, sheet->fields_count);
        }
        look_all(&w);
        return 0;
}

int check_visible(struct filler *f, const struct pack *p)
{
        struct walk w;
        int r = walk_init(&w, f, p->questions_count);

        if (r < 0)
                return r;
        fields_add(&w, p->questions, p->questions_count);
        look_all(&w);
        for (size_t i = 0; r == 0 && i < p->procedures_count; i++)
                r = check_procedure(f, p, &p->procedures[i]);
        return r;
}
