/* check_filled.c - effects that fill a register from answers; see check.h. What people could not type into a column, no answer can fill. */
#include "core/pack/check.h"

#include "core/form/form.h"
#include "core/register/registers.h"

/* Which columns a field of a type may fill. A choice must be of the column's own list. */
static const struct { enum field_type field; enum register_type column; } fits[] = {
        { FIELD_TEXT, REGISTER_TEXT },       { FIELD_TEXT, REGISTER_LINES }, { FIELD_LINES, REGISTER_LINES },     { FIELD_DOMAINS, REGISTER_LINES },
        { FIELD_INTEGER, REGISTER_INTEGER }, { FIELD_DATE, REGISTER_DAY },   { FIELD_DATE, REGISTER_LAST_DAY },   { FIELD_DATE, REGISTER_DATE },
        { FIELD_YES_NO, REGISTER_YES_NO },   { FIELD_CHOICE, REGISTER_LIST }, { FIELD_COUNTRY, REGISTER_COUNTRY },
};

static bool fits_column(const struct pack_field *field, const struct register_column *c)
{
        for (size_t i = 0; i < countof(fits); i++)
                if (fits[i].field == field->type && fits[i].column == c->type)
                        return c->type != REGISTER_LIST || (field->list && strcmp(field->list, c->words) == 0);
        return false;
}

/* A column of the table, or a field of the form or of a sheet. */
static const struct pack_field *source_of(const struct pack *p, const struct pack_procedure *procedure, const struct pack_field *table, const char *id)
{
        for (size_t i = 0; table && i < table->columns_count; i++)
                if (strcmp(table->columns[i].id, id) == 0)
                        return &table->columns[i];
        return check_field_of(p, procedure, id);
}

static const struct pack_filled *filled(const struct pack_effect *e, const char *column)
{
        for (size_t i = 0; i < e->columns_count; i++)
                if (strcmp(e->columns[i].id, column) == 0)
                        return &e->columns[i];
        return NULL;
}

/* Set by the effect itself when no answer says it. */
static bool sets_itself(const struct register_column *c)
{
        return strcmp(c->id, "from_at") == 0 || strcmp(c->id, "checked_at") == 0;
}

void check_filled(struct filler *f, const struct pack *p, const struct pack_procedure *procedure, const struct pack_effect *e)
{
        const struct register_info *r = register_find(str_of(effect_register_names[e->reg]));
        const struct pack_field *table = e->table_field ? check_field_of(p, procedure, e->table_field) : NULL;

        for (size_t i = 0; i < e->columns_count; i++) {
                const struct register_column *c = register_column_find(r, str_of(e->columns[i].id));
                const struct pack_field *field = source_of(p, procedure, table, e->columns[i].field);

                if (!c || (c->flags & REGISTER_FIXED) || c->type == REGISTER_ROW)
                        mistake(f->mistakes, "pack.effect.column", fill_place(f, &e->columns[i], "id"), e->columns[i].id, r->id);
                else if (!field || !fits_column(field, c))
                        mistake(f->mistakes, "pack.effect.filled", fill_place(f, &e->columns[i], "field"), e->columns[i].field, c->id);
        }
        for (size_t i = 0; r->of && i < r->columns_count; i++) {
                const struct register_column *c = &r->columns[i];

                if ((c->flags & (REGISTER_REQUIRED | REGISTER_NAME)) && !(c->flags & REGISTER_FIXED) && !sets_itself(c) && !filled(e, c->id))
                        mistake(f->mistakes, "pack.effect.unfilled", fill_place(f, e, "columns"), e->id, c->id);
        }
}

/* As many rows as all tables may have lines: an approval never fails for want of ids. */
void check_filled_rows(struct filler *f, const struct pack *p, const struct pack_procedure *procedure)
{
        char most[24], sum[24];
        size_t rows = 0;

        for (size_t i = 0; i < procedure->effects_count; i++) {
                const struct pack_effect *e = &procedure->effects[i];
                const struct pack_field *table = e->kind == EFFECT_ROWS && e->table_field ? check_field_of(p, procedure, e->table_field) : NULL;

                rows += e->kind != EFFECT_ROWS ? 0 : table ? (table->high ? table->high : FORM_ROWS_MAX) : 1;
        }
        if (rows <= EFFECT_ROWS_MAX)
                return;
        (void)snprintf(sum, sizeof(sum), "%zu", rows);
        (void)snprintf(most, sizeof(most), "%d", EFFECT_ROWS_MAX);
        mistake(f->mistakes, "pack.effect.rows", fill_place(f, procedure, "effects"), sum, most);
}
