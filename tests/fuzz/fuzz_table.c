/* fuzz_table.c - rows of a form: what is taken is taken again as it is stored, and anything that claims to be stored can be walked. */
#include "core/form/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pack_choice kinds[] = { { .id = "data" }, { .id = "support" } };
static const struct pack_field columns[] = {
        { .id = "name", .type = FIELD_TEXT, .required = true, .max_chars = 20 },
        { .id = "kind", .type = FIELD_CHOICE, .choices = kinds, .choices_count = 2 },
        { .id = "since", .type = FIELD_DATE },
        { .id = "seats", .type = FIELD_INTEGER },
        { .id = "note", .type = FIELD_LINES },
};
static const struct pack_field field = { .id = "t", .type = FIELD_TABLE, .high = 4, .columns = columns, .columns_count = countof(columns) };
static const struct pack_form form = { .id = "x", .fields = &field, .fields_count = 1 };

/* Cells come in rows that never go back, and a column has as many items as the table has rows. */
static void walk(struct str stored, struct value_room *room)
{
        struct table_walk w = { stored, 0 };
        struct table_cell cell;
        size_t rows = table_rows(stored), row = 0;

        while (table_next(&w, &cell)) {
                if (cell.row < row || cell.row >= rows || cell.raw.p < stored.p || cell.raw.p + cell.raw.n > stored.p + stored.n)
                        __builtin_trap();
                row = cell.row;
        }
        for (size_t i = 0; i < countof(columns); i++) {
                struct expr_value v = value_of_column(&columns[i], stored, room);

                if (v.state == EXPR_KNOWN && v.n != rows)
                        __builtin_trap();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct value_room room;
        struct str bytes = { (const char *)data, size };
        struct given given = { STR("t"), bytes };
        scoped(arena_done) struct arena a = ARENA_INIT;
        struct answer once, twice;

        walk(bytes, &room);
        if (!utf8_ok(bytes) || form_check(&once, &form, &given, 1, NULL, &a, NULL) < 0)
                return 0;
        walk(once.value, &room);
        given.value = once.value;
        if (form_check(&twice, &form, &given, 1, NULL, &a, NULL) < 0 || !str_eq(once.value, twice.value))
                __builtin_trap();
        return 0;
}
