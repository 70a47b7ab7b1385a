/* link.c - see link.h. */
#include "core/pack/link.h"

#include "core/pack/names.h"

enum { INTEGER_HIGH = 1000000000, TABLE_HIGH = 100 };

/* The pack is not yet shared: what its readers may not change is still ours. */
static void *ours(const void *p)
{
        union { const void *read; void *write; } u = { p };

        return u.write;
}

/* ---- choices ---- */

static int options_make(const struct expr_choices **out, size_t n, enum expr_order order, struct arena *a, struct expr_choice **rows)
{
        struct expr_choices *options = arena_new(a, struct expr_choices);

        *rows = arena_array(a, n, sizeof(**rows));
        if (!options || !*rows)
                return ERR_NOMEM;

        *options = (struct expr_choices){ *rows, n, order };
        *out = options;
        return 0;
}

static struct expr_choice option(const char *id, const struct pack_text *label)
{
        return (struct expr_choice){ id, { label->in[LANG_JA], label->in[LANG_EN] } };
}

static int choices_options(const struct expr_choices **out, const struct pack_choice *choices, size_t n, bool ordered, struct arena *a)
{
        struct expr_choice *rows;
        int r = options_make(out, n, ordered ? EXPR_LOWEST_FIRST : EXPR_UNORDERED, a, &rows);

        for (size_t i = 0; r == 0 && i < n; i++)
                rows[i] = option(choices[i].id, &choices[i].label);
        return r;
}

static int axis_options(struct pack_axis *axis, struct arena *a)
{
        struct expr_choice *rows;
        int r = options_make(&axis->options, axis->levels_count, EXPR_LOWEST_FIRST, a, &rows);

        for (size_t i = 0; r == 0 && i < axis->levels_count; i++)
                rows[i] = option(axis->levels[i].id, &axis->levels[i].name);
        return r;
}

static int country_options(const struct expr_choices **out, const struct pack *p, struct arena *a)
{
        struct expr_choice *rows;
        int r = options_make(out, p->countries_count, EXPR_UNORDERED, a, &rows);

        for (size_t i = 0; r == 0 && i < p->countries_count; i++)
                rows[i] = option(p->countries[i].id, &p->countries[i].name);
        return r;
}

/* ---- fields ---- */

static const struct pack_list *list_of(const struct pack *p, const char *id)
{
        for (size_t i = 0; id && i < p->lists_count; i++)
                if (strcmp(p->lists[i].id, id) == 0)
                        return &p->lists[i];
        return NULL;
}

static int fields_complete(const struct pack_field *fields, size_t n, const struct pack *p, const struct expr_choices *countries, struct arena *a)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < n; i++) {
                struct pack_field *f = ours(&fields[i]);
                const struct pack_list *list = list_of(p, f->list);

                if (list) {
                        f->choices = list->choices;
                        f->choices_count = list->choices_count;
                        f->options = list->options;
                } else if (f->type == FIELD_CHOICE || f->type == FIELD_CHOICES) {
                        r = choices_options(&f->options, f->choices, f->choices_count, false, a);
                } else if (f->type == FIELD_COUNTRY || f->type == FIELD_COUNTRIES) {
                        f->options = countries;
                }
                if (!f->high && (f->type == FIELD_INTEGER || f->type == FIELD_TABLE))
                        f->high = f->type == FIELD_INTEGER ? INTEGER_HIGH : TABLE_HIGH;
                if (r == 0)
                        r = fields_complete(f->columns, f->columns_count, p, countries, a);
        }
        return r;
}

static int choices_complete(struct pack *p, struct arena *a)
{
        const struct expr_choices *countries = NULL;
        int r = country_options(&countries, p, a);

        for (size_t i = 0; r == 0 && i < p->lists_count; i++) {
                struct pack_list *l = ours(&p->lists[i]);

                r = choices_options(&l->options, l->choices, l->choices_count, l->ordered, a);
        }
        for (size_t i = 0; r == 0 && i < p->axes_count; i++)
                r = axis_options(ours(&p->axes[i]), a);
        if (r == 0)
                r = fields_complete(p->questions, p->questions_count, p, countries, a);
        for (size_t i = 0; r == 0 && i < p->forms_count; i++)
                r = fields_complete(p->forms[i].fields, p->forms[i].fields_count, p, countries, a);
        return r;
}

/* ---- questions ---- */

/* Whoever remembers a record by its place is told the new one. */
static void fields_moved(struct filler *f, const struct pack_field *from, size_t n, const struct pack_field *to)
{
        uintptr_t low = (uintptr_t)from, high = (uintptr_t)(from + n), moved = (uintptr_t)to - low;

        for (struct unread *u = f->unread; u; u = u->next)
                if ((uintptr_t)u->to >= low && (uintptr_t)u->to < high)
                        u->to = (struct pack_condition *)((uintptr_t)u->to + moved);
        for (size_t i = 0; i < f->origins.n; i++)
                if ((uintptr_t)f->origins.rows[i].record >= low && (uintptr_t)f->origins.rows[i].record < high)
                        f->origins.rows[i].record = (const void *)((uintptr_t)f->origins.rows[i].record + moved);
}

static int questions_put(struct filler *f, const struct pack *p, struct pack_form *form)
{
        struct pack_field *fields;

        if (!form->classified || !p->questions_count)
                return 0;
        fields = arena_array(f->arena, p->questions_count + form->fields_count, sizeof(*fields));
        if (!fields)
                return ERR_NOMEM;

        memcpy(fields, p->questions, p->questions_count * sizeof(*fields));
        memcpy(fields + p->questions_count, form->fields, form->fields_count * sizeof(*fields));
        fields_moved(f, form->fields, form->fields_count, fields + p->questions_count);
        form->fields = fields;
        form->fields_count += p->questions_count;
        return 0;
}

/* ---- steps ---- */

/* Nothing given: the step before. `start` stands for none. */
static int after_complete(struct pack_procedure *p, struct arena *a)
{
        for (size_t i = 0; i < p->steps_count; i++) {
                struct pack_step *s = ours(&p->steps[i]);
                struct pack_link *before;

                if (s->after_count == 1 && strcmp(s->after[0].id, "start") == 0)
                        s->after_count = 0;
                else if (!s->after && i) {
                        before = arena_new(a, struct pack_link);
                        if (!before)
                                return ERR_NOMEM;
                        before->id = p->steps[i - 1].id;
                        s->after = before;
                        s->after_count = 1;
                }
        }
        return 0;
}

/* ---- conditions ---- */

/* Is the file's own record of a condition part of this procedure? */
static bool is_part(const struct pack *p, const struct pack_procedure *procedure, enum schema_kind kind, const void *root)
{
        const char *id = *(const char *const *)root;

        if (kind == KIND_PROCEDURE)
                return root == procedure;
        if (kind == KIND_FORM && names_form(p, procedure) == root)
                return true;
        for (size_t i = 0; kind == KIND_FORM && i < procedure->sheets_count; i++)
                if (strcmp(procedure->sheets[i].id, id) == 0)
                        return true;
        for (size_t i = 0; kind == KIND_CRITERIA && i < procedure->steps_count; i++)
                if (procedure->steps[i].criteria && strcmp(procedure->steps[i].criteria, id) == 0)
                        return true;
        return false;
}

/* Is `name`, as the first reading had it, of the same type? */
static bool is_same_name(const struct expr *first, const struct expr_name *name)
{
        const struct expr_name *const *names;
        size_t n = 0;

        names = expr_names_used(first, &n);
        for (size_t i = 0; i < n; i++)
                if (strcmp(names[i]->id, name->id) == 0)
                        return names[i]->type == name->type && names[i]->is_list == name->is_list && names[i]->choices == name->choices;
        return false;
}

/* A sheet or a list of criteria may belong to several procedures: the first reading stays, so every other must mean the same. */
static void check_same(struct filler *f, const struct unread *u, const struct expr *tree)
{
        const struct expr_name *const *names;
        size_t n = 0;

        names = expr_names_used(tree, &n);
        for (size_t i = 0; i < n; i++)
                if (!is_same_name(u->to->tree, names[i]))
                        mistake(f->mistakes, "pack.use.other-type", (struct place){ u->node->file, u->node->line, 0 }, names[i]->id, "");
}

static int condition_read(struct filler *f, const struct unread *u, const struct expr_names *names)
{
        struct expr *tree = NULL;
        struct err e = { 0 };
        int r = expr_parse(&tree, str_of(u->to->source), names, f->arena, &e);

        if (r == ERR_NOMEM)
                return r;
        if (r < 0)
                mistake_in_text(f->mistakes, u->node, &e);
        else if (u->to->tree)
                check_same(f, u, tree);
        else
                u->to->tree = tree;
        return 0;
}

static int conditions_read(struct filler *f, const struct pack *p)
{
        struct expr_names questions = { 0 };
        int r = names_of_questions(&questions, p, f->arena);

        for (const struct unread *u = f->unread; r == 0 && u; u = u->next) {
                unsigned before = f->mistakes->count;

                if (u->kind == KIND_CLASSES)
                        r = condition_read(f, u, &questions);
                for (size_t i = 0; r == 0 && f->mistakes->count == before && i < p->procedures_count; i++)
                        if (is_part(p, &p->procedures[i], u->kind, u->root))
                                r = condition_read(f, u, &p->procedures[i].names);
        }
        return r;
}

int link_pack(struct filler *f, struct pack *p)
{
        int r = choices_complete(p, f->arena);

        for (size_t i = 0; r == 0 && i < p->forms_count; i++)
                r = questions_put(f, p, ours(&p->forms[i]));
        for (size_t i = 0; r == 0 && i < p->procedures_count; i++) {
                struct pack_procedure *procedure = ours(&p->procedures[i]);

                r = after_complete(procedure, f->arena);
                if (r == 0)
                        r = names_of_procedure(&procedure->names, p, procedure, f->arena);
        }
        if (r == 0)
                r = conditions_read(f, p);
        if (r < 0)
                return r;

        /* Questions were read in classes.yaml after they had been copied. */
        for (size_t i = 0; i < p->forms_count; i++) {
                const struct pack_form *form = &p->forms[i];
                struct pack_field *fields = ours(form->fields);

                if (form->classified && p->questions_count)
                        memcpy(fields, p->questions, p->questions_count * sizeof(*fields));
                for (size_t j = 0; form->classified && form->topics_count && j < p->questions_count; j++)
                        fields[j].under = form->topics[0].id;
        }
        return 0;
}
