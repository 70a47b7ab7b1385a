/* check_fields.c - forms, sheets and questions; see check.h. */
#include "core/pack/check.h"

static void check_field(struct filler *f, const struct pack *p, const struct pack_field *field)
{
        bool chosen = field->type == FIELD_CHOICE || field->type == FIELD_CHOICES;

        if (chosen && !field->choices == !field->list)
                mistake(f->mistakes, field->list ? "pack.field.choices-twice" : "pack.field.choices", fill_place(f, field, "list"), field->id, "");
        if ((field->type == FIELD_COUNTRY || field->type == FIELD_COUNTRIES) && !p->countries_count)
                mistake(f->mistakes, "pack.field.countries", fill_place(f, field, "type"), field->id, "");
        if (field->high && field->low > field->high)
                mistake(f->mistakes, "pack.field.range", fill_place(f, field, "low"), field->id, "");
        if (field->required && field->required_when.source)
                mistake(f->mistakes, "pack.field.required", fill_place(f, field, "required_when"), field->id, "");
}

static void check_list(struct filler *f, const struct pack *p, const struct pack_field *fields, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                check_field(f, p, &fields[i]);
                check_list(f, p, fields[i].columns, fields[i].columns_count);
        }
}

void check_fields(struct filler *f, const struct pack *p)
{
        check_list(f, p, p->questions, p->questions_count);
        for (size_t i = 0; i < p->forms_count; i++)
                check_list(f, p, p->forms[i].fields, p->forms[i].fields_count);
}
