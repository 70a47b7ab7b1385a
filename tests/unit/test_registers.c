#include "core/register/registers.h"
#include "core/text/text.h"
#include "unit.h"

static void has_words(const char *register_id, const char *column, const char *word, size_t n)
{
        char key[160];

        (void)snprintf(key, sizeof(key), "register.%s.%s%s%.*s", register_id, column, n ? "." : "", (int)n, word);
        if (!text_known(key))
                fail_msg("no words for %s", key);
}

static void each_register_names_its_rows_once_and_has_words(void **state)
{
        for (size_t i = 0; i < registers_count; i++) {
                const struct register_info *r = &registers[i];
                size_t names = 0;

                has_words(r->id, "caption", "", 0);
                for (size_t k = 0; k < r->columns_count; k++) {
                        const struct register_column *c = &r->columns[k];

                        names += (c->flags & REGISTER_NAME) != 0;
                        has_words(r->id, c->id, "", 0);
                        for (const char *w = c->type == REGISTER_WORD ? c->words : ""; *w; w += strspn(w, " ")) {
                                has_words(r->id, c->id, w, strcspn(w, " "));
                                w += strcspn(w, " ");
                        }
                }
                assert_int_equal(names, 1);
                assert_ptr_equal(register_find(str_of(r->id)), r);
                assert_ptr_equal(register_of_table(r->table), r);
        }
}

static void columns_name_the_table_they_stand_in(void **state)
{
        for (size_t i = 0; i < registers_count; i++) {
                const struct register_info *r = &registers[i];
                const struct table_info *t = &table_infos[r->table];

                assert_true(r->of_col < (int)t->cols_count && r->state_col < (int)t->cols_count);
                assert_true((r->of_col >= 0) == (r->of != NULL) && (r->state_col >= 0) == (r->live != NULL));
                if (r->of && !register_find(str_of(r->of)))
                        fail_msg("%s hangs on %s, which is none", r->id, r->of);
                for (size_t k = 0; k < r->columns_count; k++) {
                        const struct register_column *c = &r->columns[k];

                        assert_string_equal(t->cols[c->col].name, c->id);
                        assert_int_equal(c->type == REGISTER_WORD || c->type == REGISTER_LIST || c->type == REGISTER_ROW, c->words != NULL);
                        if (c->type == REGISTER_ROW && !register_find(str_of(c->words)))
                                fail_msg("%s.%s names the register %s, which is none", r->id, c->id, c->words);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_register_names_its_rows_once_and_has_words),
                cmocka_unit_test(columns_name_the_table_they_stand_in),
        };

        return unit_run("registers", tests);
}
