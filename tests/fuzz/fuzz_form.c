/* One answer of each type from the same bytes: what is taken must be taken again as it is stored. */
#include "core/form/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct pack_choice choices[] = { { .id = "a" } };

        for (unsigned type = 0; type < FIELD_TYPES_COUNT; type++) {
                struct pack_field field = { .id = "f", .type = (enum field_type)type, .choices = choices, .choices_count = 1 };
                struct pack_form form = { .id = "x", .fields = &field, .fields_count = 1 };
                struct given given = { STR("f"), { (const char *)data, size } };
                scoped(arena_done) struct arena a = ARENA_INIT;
                struct answer once, twice;

                if (form_check(&once, &form, &given, 1, NULL, &a, NULL) < 0)
                        continue;
                given.value = once.value;
                if (form_check(&twice, &form, &given, 1, NULL, &a, NULL) < 0 || !str_eq(once.value, twice.value))
                        __builtin_trap();
        }
        return 0;
}
