/* names.c - see names.h. */
#include "core/pack/names.h"

/* What a condition sees of each type of field (docs/formats/pack.md, Names). Of a table: how many rows there are. */
static const struct { enum expr_type type; bool is_list; } types[FIELD_TYPES_COUNT] = {
        [FIELD_TEXT] = { EXPR_TEXT, false },       [FIELD_LINES] = { EXPR_TEXT, false },     [FIELD_MAC] = { EXPR_TEXT, false },
        [FIELD_MOMENT] = { EXPR_DATE, false },     [FIELD_CHOICE] = { EXPR_CHOICE, false },  [FIELD_CHOICES] = { EXPR_CHOICE, true },
        [FIELD_YES_NO] = { EXPR_BOOL, false },     [FIELD_PLEDGE] = { EXPR_BOOL, false },    [FIELD_INTEGER] = { EXPR_INT, false },
        [FIELD_DATE] = { EXPR_DATE, false },       [FIELD_COUNTRY] = { EXPR_CHOICE, false }, [FIELD_COUNTRIES] = { EXPR_CHOICE, true },
        [FIELD_PERSON] = { EXPR_TEXT, false },     [FIELD_DOMAINS] = { EXPR_TEXT, false },   [FIELD_SERVICE] = { EXPR_TEXT, false },
        [FIELD_APPLICATION] = { EXPR_TEXT, false }, [FIELD_TABLE] = { EXPR_TEXT, true },
};

struct builder { struct expr_name *rows; size_t n; struct arena *arena; };

const struct expr_choices *names_choices(const struct pack *p, const struct pack_field *f, struct arena *a)
{
        return f->options;
}

static void name_add(struct builder *b, const char *id, enum expr_type type, bool is_list, const struct expr_choices *choices, const struct pack_text *label)
{
        b->rows[b->n++] = (struct expr_name){ id, type, is_list, choices, { label ? label->in[LANG_JA] : NULL, label ? label->in[LANG_EN] : NULL } };
}

static int table_add(struct builder *b, const struct pack_field *table)
{
        for (size_t i = 0; i < table->columns_count; i++) {
                const struct pack_field *c = &table->columns[i];
                const char *id = arena_printf(b->arena, "%s.%s", table->id, c->id);

                if (!id)
                        return ERR_NOMEM;
                name_add(b, id, types[c->type].type, true, c->options, &c->label);
        }
        return 0;
}

static int fields_add(struct builder *b, const struct pack_field *fields, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                const struct pack_field *f = &fields[i];
                int r = 0;

                name_add(b, f->id, types[f->type].type, types[f->type].is_list, f->options, &f->label);
                if (f->type == FIELD_TABLE)
                        r = table_add(b, f);
                if (r < 0)
                        return r;
        }
        return 0;
}

static bool has_service(const struct pack_form *f)
{
        for (size_t i = 0; i < f->fields_count; i++)
                if (f->fields[i].type == FIELD_SERVICE)
                        return true;
        return false;
}

/* Classes of the application, or (prefix "service.") of the service that it is about. */
static int classes_add(struct builder *b, const struct pack *p, const char *prefix)
{
        char *id;

        for (size_t i = 0; i < p->axes_count; i++) {
                id = arena_printf(b->arena, "%s%s", prefix, p->axes[i].id);
                if (!id)
                        return ERR_NOMEM;
                name_add(b, id, EXPR_CHOICE, false, p->axes[i].options, &p->axes[i].name);
        }
        id = arena_printf(b->arena, "%sconf2plus", prefix);
        if (!id)
                return ERR_NOMEM;
        if (p->axes_count)
                name_add(b, id, EXPR_BOOL, false, NULL, NULL);
        return 0;
}

static size_t room_for(const struct pack_field *fields, size_t n)
{
        size_t room = n;

        for (size_t i = 0; i < n; i++)
                room += fields[i].columns_count;
        return room;
}

const struct pack_form *names_form(const struct pack *p, const struct pack_procedure *procedure)
{
        for (size_t i = 0; i < p->forms_count; i++)
                if (p->forms[i].procedure && strcmp(p->forms[i].procedure, procedure->id) == 0)
                        return &p->forms[i];
        return NULL;
}

int names_of_procedure(struct expr_names *out, const struct pack *p, const struct pack_procedure *procedure, struct arena *a)
{
        const struct pack_form *main = names_form(p, procedure);
        size_t room = 2 * (p->axes_count + 1) + (main ? room_for(main->fields, main->fields_count) : 0);
        bool about_service = main && has_service(main);
        struct builder b = { .arena = a };
        int r = 0;

        for (size_t i = 0; i < procedure->sheets_count; i++) {
                const struct pack_form *sheet = pack_find_form(p, procedure->sheets[i].id);

                room += sheet ? room_for(sheet->fields, sheet->fields_count) : 0;
        }
        b.rows = arena_array(a, room, sizeof(*b.rows));
        if (!b.rows)
                return ERR_NOMEM;

        if (main)
                r = fields_add(&b, main->fields, main->fields_count);
        for (size_t i = 0; r == 0 && i < procedure->sheets_count; i++) {
                const struct pack_form *sheet = pack_find_form(p, procedure->sheets[i].id);

                if (sheet)
                        r = fields_add(&b, sheet->fields, sheet->fields_count);
        }
        if (r == 0 && main && main->classified)      /* nobody classes what asks no questions */
                r = classes_add(&b, p, "");
        if (r == 0 && about_service)
                r = classes_add(&b, p, "service.");
        if (r < 0)
                return r;
        *out = (struct expr_names){ b.rows, b.n };
        return 0;
}

int names_of_questions(struct expr_names *out, const struct pack *p, struct arena *a)
{
        struct builder b = { .rows = arena_array(a, room_for(p->questions, p->questions_count), sizeof(struct expr_name)), .arena = a };
        int r = b.rows ? fields_add(&b, p->questions, p->questions_count) : ERR_NOMEM;

        if (r < 0)
                return r;
        *out = (struct expr_names){ b.rows, b.n };
        return 0;
}
