/* packs/mic-r4: every requirement of the guideline stands in it, and what it says is built, it has. */
#include "core/pack/coverage.h"
#include "core/pack/load.h"

#include "mic_r4_pack.h"

#include "unit.h"

static struct pack *loaded(void)
{
        struct pack *p = NULL;
        struct err e;
        size_t n;
        const struct pack_file *files = mic_r4_pack(&n);

        assert_ok(pack_load(&p, files, n, NULL, NULL, &e), e);
        return p;
}

static enum strength strength_of(const char *name)
{
        for (unsigned s = 0; s < STRENGTHS_COUNT; s++)
                if (strcmp(name, strength_name((enum strength)s)) == 0)
                        return (enum strength)s;
        fail_msg("no strength %s", name);
        return STRENGTH_NONE;
}

/* tests/golden/requirement-ids.txt: the ids and strengths, taken from the study of the source. */
static void every_requirement_is_a_clause_with_its_strength(void **state)
{
        struct pack *p = loaded();
        FILE *f = tree_open("tests/golden/requirement-ids.txt");
        char line[160], id[64], strength[8];
        size_t n = 0;

        assert_non_null(f);
        while (fgets(line, sizeof(line), f)) {
                if (*line == '#')
                        continue;
                assert_int_equal(sscanf(line, "%63s %7s", id, strength), 2);
                assert_text(p->clauses[n].id, id);
                assert_int_equal(p->clauses[n].strength, strength_of(strength));
                n++;
        }
        (void)fclose(f);
        assert_int_equal(n, 132);
        assert_int_equal(p->clauses_count, 132);
        pack_free(p);
}

static void the_counts_are_those_of_the_study(void **state)
{
        static const struct { const char *section; size_t want; } sections[] = { { "S8.2", 62 }, { "S3", 8 }, { "S5.1", 20 }, { "S6.1", 30 }, { "S6.2", 12 } };
        static const size_t strengths[STRENGTHS_COUNT] = { [STRENGTH_NONE] = 1, [STRENGTH_MUST] = 60, [STRENGTH_NECESSARY] = 36, [STRENGTH_RECOMMENDED] = 5,
                                                           [STRENGTH_AS_NEEDED] = 15, [STRENGTH_INFORMATION] = 15 };
        size_t by_section[countof(sections)] = { 0 }, by_strength[STRENGTHS_COUNT] = { 0 };
        struct pack *p = loaded();

        assert_int_equal(p->sections_count, countof(sections));
        for (size_t i = 0; i < p->clauses_count; i++) {
                by_section[pack_section_of(p, p->clauses[i].id) - p->sections]++;
                by_strength[p->clauses[i].strength]++;
        }
        for (size_t i = 0; i < countof(sections); i++) {
                assert_text(p->sections[i].id, sections[i].section);
                assert_int_equal(by_section[i], sections[i].want);
        }
        for (size_t i = 0; i < STRENGTHS_COUNT; i++)
                assert_int_equal(by_strength[i], strengths[i]);
        pack_free(p);
}

static void every_clause_names_its_slide_and_two_strengths_are_explained(void **state)
{
        struct pack *p = loaded();

        for (size_t i = 0; i < p->clauses_count; i++) {
                const struct pack_clause *c = &p->clauses[i];

                if (!c->slide)
                        fail_msg("%s: no slide", c->id);
                if (c->also && !c->note.key && strcmp(c->id, "S6.2-N5.2") != 0 && strcmp(c->id, "S6.2-N5.3") != 0)      /* as N5.1 */
                        fail_msg("%s: two strengths and no note", c->id);
                if (strcmp(c->text.in[LANG_JA], c->text.in[LANG_EN]) == 0)
                        fail_msg("%s: the same words in both languages", c->id);
        }
        pack_free(p);
}

static void no_clause_is_forgotten_by_the_mechanisms(void **state)
{
        struct pack *p = loaded();

        for (size_t i = 0; i < p->clauses_count; i++)
                if (coverage_of(p, &p->clauses[i]) == COVER_NOTHING)
                        fail_msg("%s: no mechanism, not even a planned one", p->clauses[i].id);
        pack_free(p);
}

static void every_role_of_the_glossary_is_there(void **state)
{
        static const char *const roles[] = { "ciso", "senior_officer", "dept_officer", "section_manager", "system_manager", "csirt", "approving_authority",
                                             "service_manager", "service_user", "provider", "staff", "contractor", "drafter", "nominal", "secretariat",
                                             "decider", "auditor", "platform_operator", "records_manager" };
        struct pack *p = loaded();

        assert_int_equal(p->roles_count, countof(roles));
        for (size_t i = 0; i < countof(roles); i++)
                if (!pack_find_role(p, roles[i]))
                        fail_msg("no role %s", roles[i]);
        pack_free(p);
}

/* 6.1(19) */
static void the_connection_procedure_is_decided_by_the_section_manager(void **state)
{
        struct pack *p = loaded();
        const struct pack_procedure *procedure = pack_find_procedure(p, "network-connection");

        assert_non_null(procedure);
        assert_text(procedure->apply_role, "staff");
        assert_int_equal(procedure->steps_count, 1);
        assert_text(procedure->steps[0].role, "section_manager");
        assert_int_equal(procedure->steps[0].kind, STEP_APPROVE);
        pack_free(p);
}

/* 6.1 note 16: user, purpose, information used, terminal; and what the gate compares. */
static void the_connection_form_asks_what_note_16_names(void **state)
{
        static const char *const fields[] = { "user", "purpose", "information", "device_name", "mac", "until" };
        struct pack *p = loaded();
        const struct pack_form *form = pack_find_form(p, "network-connection");

        assert_non_null(form);
        assert_text(form->procedure, "network-connection");
        for (size_t i = 0; i < countof(fields); i++) {
                const struct pack_field *f = form_find_field(form, fields[i]);

                if (!f || !f->required)
                        fail_msg("%s is not asked for", fields[i]);
        }
        pack_free(p);
}

/* 6.1 note 16: the period is part of the permission. */
static void the_permit_ends_with_the_date_applied_for(void **state)
{
        struct pack *p = loaded();
        const struct pack_procedure *procedure = pack_find_procedure(p, "network-connection");

        assert_int_equal(procedure->effects_count, 1);
        assert_int_equal(procedure->effects[0].kind, EFFECT_OPEN_PERMIT);
        assert_text(procedure->effects[0].until_field, "until");
        assert_text(procedure->effects[0].key_field, "mac");
        assert_true(procedure->max_days > 0);
        pack_free(p);
}

/* xorshift64*: the same mutations on every machine. */
static uint32_t next(uint64_t *seed)
{
        *seed ^= *seed >> 12;
        *seed ^= *seed << 25;
        *seed ^= *seed >> 27;
        return (uint32_t)(*seed * 2685821657736338717ull >> 32);
}

static void mutate(struct buf *to, struct str from, uint64_t *seed)
{
        static const char *const pieces[] = { "\n", " ", "  ", "- id: S8.2-P.1\n", "      - id: staff\n", ":", "\"", "|", "M", "none", "S9-P.1", ".", "-", "：", "　", "\xff",
                                              "    actors:\n", "    proven:\n      - id: a\n", "built", "planned", "text", "network-connection.user", "" };
        size_t at = next(seed) % (from.n + 1), cut = next(seed) % 8 == 0 ? next(seed) % (from.n - at + 1) : next(seed) % 12;
        const char *piece = pieces[next(seed) % countof(pieces)];

        if (cut > from.n - at)
                cut = from.n - at;
        buf_clear(to);
        buf_add(to, from.p, at);
        buf_text(to, piece);
        buf_add(to, from.p + at + cut, from.n - at - cut);
}

static void count(void *ctx, const struct err *mistake)
{
        unsigned *n = ctx;

        if (!text_known(mistake->key))
                fail_msg("no text for %s", mistake->key);
        (*n)++;
}

static void hundreds_of_mutations_do_no_harm(void **state)
{
        unsigned good = 0, refused = 0;
        uint64_t seed = 20220325;
        struct buf b = BUF_INIT;
        size_t n;
        const struct pack_file *whole = mic_r4_pack(&n);

        for (unsigned i = 0; i < 450; i++) {
                struct pack_file files[MIC_R4_MAX];
                size_t which = next(&seed) % n;
                struct pack *p = NULL;
                struct err e = { 0 };
                unsigned mistakes = 0;
                int r;

                memcpy(files, whole, n * sizeof(files[0]));
                mutate(&b, files[which].bytes, &seed);
                files[which].bytes = buf_view(&b);
                r = pack_load(&p, files, n, count, &mistakes, &e);
                if (r == 0) {
                        assert_int_equal(mistakes, 0);
                        for (size_t j = 0; j < p->clauses_count; j++) {
                                const struct pack_clause *c = &p->clauses[j];

                                assert_true(c->id && c->text.in[LANG_JA] && c->text.in[LANG_EN] && pack_section_of(p, c->id));
                                (void)coverage_of(p, c);
                        }
                        good++;
                } else {
                        assert_int_equal(r, ERR_INPUT);
                        assert_true(mistakes > 0 && e.key[0] && !p);
                        refused++;
                }
                pack_free(p);
        }
        buf_done(&b);
        print_message("# %u refused, %u loaded and whole\n", refused, good);
        assert_true(good > 5 && refused > 150);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_requirement_is_a_clause_with_its_strength),
                cmocka_unit_test(the_counts_are_those_of_the_study),
                cmocka_unit_test(every_clause_names_its_slide_and_two_strengths_are_explained),
                cmocka_unit_test(no_clause_is_forgotten_by_the_mechanisms),
                cmocka_unit_test(every_role_of_the_glossary_is_there),
                cmocka_unit_test(the_connection_procedure_is_decided_by_the_section_manager),
                cmocka_unit_test(the_connection_form_asks_what_note_16_names),
                cmocka_unit_test(the_permit_ends_with_the_date_applied_for),
                cmocka_unit_test(hundreds_of_mutations_do_no_harm),
        };

        return unit_run("pack_mic_r4", tests);
}
