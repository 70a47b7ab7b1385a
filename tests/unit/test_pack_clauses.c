/* Clauses and mechanisms: what they hold, what is refused and where, when a clause counts as served. */
#include "core/pack/coverage.h"
#include "core/pack/diff.h"
#include "core/pack/schema.h"

#include "clause_pack.h"

#include "unit.h"

enum { PACK, FORM, PROCEDURE, JA, EN };

struct seen { unsigned count; char all[16384]; };

static void see(void *ctx, const struct err *mistake)
{
        struct seen *s = ctx;
        size_t used = strlen(s->all);

        s->count++;
        (void)snprintf(s->all + used, sizeof(s->all) - used, "%s %s %s %s\n", mistake->key, mistake->args[0], mistake->args[1], mistake->args[2]);
        if (!text_known(mistake->key))
                fail_msg("no text for %s", mistake->key);
}

static void clauses_hold_what_the_file_says(void **state)
{
        const struct pack_clause *c;
        struct pack *p = NULL;
        struct err e;

        assert_ok(pack_load(&p, clause_pack(), CLAUSE_FILES, NULL, NULL, &e), e);
        assert_int_equal(p->clauses_count, 4);
        c = pack_find_clause(p, "S8.2-R2.5");
        assert_int_equal(c->strength, STRENGTH_MUST);
        assert_int_equal(c->also, STRENGTH_AS_NEEDED);
        assert_text(c->slide, "1-4/11");
        assert_int_equal(c->actors_count, 2);
        assert_text(c->actors[0].id, "section_manager");
        assert_text(c->text.in[LANG_EN], "law");
        assert_text(c->note.in[LANG_JA], "both");
        assert_text(pack_section_of(p, c->id)->id, "S8.2");
        c = pack_find_clause(p, "S6.1-X21h.b1");
        assert_text(c->derives_from, "S8.2-R2.5");
        assert_null(c->note.key);
        assert_null(c->slide);
        assert_int_equal(c->also, STRENGTH_NONE);
        assert_null(pack_section_of(p, "S9-P.1"));
        assert_int_equal(p->mechanisms[0].carrier, CARRIER_FIELD);
        assert_text(p->mechanisms[0].proven[1].id, "gate-enforcer");
        pack_free(p);
}

static void ids_of_clauses_are_a_section_a_hyphen_and_words(void **state)
{
        static const struct { const char *id; bool section, clause; } ids[] = {
                { "S8.2-R2.2.ki", false, true }, { "S3-N10.1", false, true },  { "S8.2-P.6.b1", false, true }, { "S6.1-X21h.b4", false, true },
                { "S8.2-X6.ref", false, true },  { "S8.2", true, false },      { "S3", true, false },          { "S10.12.3", true, false },
                { "I8.2-1", false, true },       { "", false, false },         { "S", false, false },          { "8.2-R1", false, false },
                { "s8.2-R1", false, false },     { "S8..2-R1", false, false }, { "S8.-R1", false, false },     { "S8.2-", false, false },
                { "S8.2-R2.", false, false },    { "S8.2-.a", false, false },  { "S8.2-R2..a", false, false }, { "S8.2-R2.Ki", false, false },
                { "S8.2-R2-a", false, false },   { "S8.2_R2", false, false },  { "S8.2-R2 ", false, false },   { "SS8-R1", false, false },
                { "S8.2-R23456789012345678901234567890123456789012", false, true }, { "S8.2-R234567890123456789012345678901234567890123", false, false },
        };

        for (size_t i = 0; i < countof(ids); i++)
                if (pack_section_ok(str_of(ids[i].id)) != ids[i].section || pack_clause_ok(str_of(ids[i].id)) != ids[i].clause)
                        fail_msg("%s: section %d, clause %d", ids[i].id, pack_section_ok(str_of(ids[i].id)), pack_clause_ok(str_of(ids[i].id)));
}

/* A text key is kind.id.name, nested kinds one behind the other. With dots in ids that is unambiguous only because
 * such a kind has nothing with words below it and names have no dots: what stands before the last dot is the id. */
static void no_two_records_can_ask_for_the_same_text(void **state)
{
        for (int i = 0; i < KIND_COUNT; i++) {
                const struct schema *s = schema_of((enum schema_kind)i);
                const struct schema_key *id = schema_id_of((enum schema_kind)i);

                for (size_t t = 0; t < s->texts_count; t++) {
                        assert_null(strchr(s->texts[t].name, '.'));
                        for (size_t u = 0; u < t; u++)
                                assert_string_not_equal(s->texts[t].name, s->texts[u].name);
                }
                if (id && (id->type == SCHEMA_SECTION || id->type == SCHEMA_CLAUSE))
                        for (size_t k = 0; k < s->keys_count; k++)
                                if (s->keys[k].type == SCHEMA_RECORDS || s->keys[k].type == SCHEMA_RECORD)
                                        assert_int_equal(schema_of(s->keys[k].refers)->texts_count, 0);
                for (int j = 0; j < i; j++)      /* one word a kind, among those with words of their own */
                        if (s->texts_count && schema_of((enum schema_kind)j)->texts_count)
                                assert_string_not_equal(s->word, schema_of((enum schema_kind)j)->word);
        }
}

/* `want` must be one of the mistakes; "" means that the pack loads. */
static const struct { const char *name; int file; const char *old, *new, *want; } slips[] = {
        { "nothing is wrong", CLAUSES, "strength: M", "strength: M", "" },
        { "unknown strength", CLAUSES, "strength: M", "strength: S", "pack.schema.enum clauses.yaml:7 strength: S none, M, N, R, C, I" },
        { "two strengths in one", CLAUSES, "strength: I", "strength: I/C", "pack.scan.unquoted clauses.yaml:14" },
        { "strength in small letters", CLAUSES, "strength: M", "strength: m", "pack.schema.enum clauses.yaml:7 strength" },
        { "strength in full width", CLAUSES, "strength: M", "strength: Ｍ", "pack.scan.wide-letter clauses.yaml:7 Ｍ" },
        { "strength forgotten", CLAUSES, "    strength: M\n", "", "pack.schema.missing clauses.yaml:6 strength" },
        { "second strength unknown", CLAUSES, "also: C", "also: Z", "pack.schema.enum clauses.yaml:8 also" },
        { "id without a section", CLAUSES, "id: S8.2-N1\n", "id: N1\n", "pack.schema.clause clauses.yaml:13 id N1" },
        { "id with a capital item", CLAUSES, "id: S8.2-N1\n", "id: S8.2-N1.A\n", "pack.schema.clause clauses.yaml:13 id S8.2-N1.A" },
        { "id in quotes", CLAUSES, "id: S8.2-N1\n", "id: \"S8.2-N1\"\n", "pack.schema.clause clauses.yaml:13 id S8.2-N1" },
        { "id with a full-width hyphen", CLAUSES, "id: S8.2-N1\n", "id: S8.2－N1\n", "pack.scan.wide-hyphen clauses.yaml:13 －" },
        { "section that is not listed", CLAUSES, "id: S8.2-N1\n", "id: S8.3-N1\n", "pack.reference.absent clauses.yaml:13 section: S8.3 S8.2" },
        { "section that is no section", CLAUSES, "id: S8.2\n", "id: section8\n", "pack.schema.section clauses.yaml:3 id section8" },
        { "the same clause twice", CLAUSES, "  - id: S8.2-N1\n", "  - id: S8.2-R2.5\n", "pack.schema.same clauses.yaml:13 id clauses.yaml:6" },
        { "the same section twice", CLAUSES, "  - id: S6.1\n", "  - id: S8.2\n", "pack.schema.same clauses.yaml:4 id clauses.yaml:3" },
        { "the same actor twice", CLAUSES, "      - id: staff\n", "      - id: section_manager\n", "pack.schema.same clauses.yaml:12 id clauses.yaml:11" },
        { "actor that is no role", CLAUSES, "      - id: staff\n", "      - id: stuff\n", "pack.reference.absent clauses.yaml:12 role: stuff staff" },
        { "actor by the code of a paper", CLAUSES, "      - id: staff\n", "      - id: Staff\n", "pack.schema.id clauses.yaml:12 id Staff" },
        { "a must without an actor", CLAUSES, "    actors:\n      - id: section_manager\n      - id: staff\n", "", "pack.schema.missing clauses.yaml:6 actors" },
        { "information may have an actor", CLAUSES, "strength: I\n", "strength: I\n    actors:\n      - id: staff\n", "" },
        { "slide without quotes", CLAUSES, "\"1-4/11\"", "1-4/11", "pack.scan.unquoted clauses.yaml:9" },
        { "slide beyond the last", CLAUSES, "\"1-4/11\"", "\"1-12/11\"", "pack.schema.slide clauses.yaml:9 slide 1-12/11" },
        { "slide in words", CLAUSES, "\"1-4/11\"", "\"4\"", "pack.schema.slide clauses.yaml:9 slide 4" },
        { "slide zero", CLAUSES, "\"1-4/11\"", "\"1-0/11\"", "pack.schema.slide clauses.yaml:9 slide 1-0/11" },
        { "derived from nothing", CLAUSES, "derives_from: S8.2-R2.5", "derives_from: S8.2-R2.6", "pack.reference.absent clauses.yaml:17 clause: S8.2-R2.6 S8.2-R2.5" },
        { "text in the file of clauses", CLAUSES, "strength: I\n", "strength: I\n    text: \"x\"\n", "pack.schema.unknown clauses.yaml:15 text id, strength" },
        { "a clause that is a key", CLAUSES, "  - id: S8.2-N1\n    strength: I\n", "  S8.2-N1: I\n", "pack.scan.indent clauses.yaml:13" },
        { "text missing in one language", EN, "clause.S8.2-N1.text: \"see\"\n", "", "pack.text.other-language texts/ja.yaml:51 clause.S8.2-N1.text texts/en.yaml" },
        { "note in one language only", JA, "clause.S8.2-R2.5.note: \"both\"\n", "", "pack.text.other-language texts/en.yaml:50 clause.S8.2-R2.5.note texts/ja.yaml" },
        { "text under a misspelt clause", JA, "clause.S8.2-N1.text", "clause.S8.2-N2.text", "pack.text.unused texts/ja.yaml:51 clause.S8.2-N2.text" },
        { "text under another name", JA, "clause.S8.2-N1.text", "clause.S8.2-N1.title", "pack.text.unused texts/ja.yaml:51 clause.S8.2-N1.title" },
        { "clause without words", CLAUSES, "  - id: S8.2-N1\n", "  - id: S8.2-N3\n", "pack.text.missing clauses.yaml:13 clause.S8.2-N3.text" },
        { "empty words", EN, "clause.S8.2-N1.text: \"see\"", "clause.S8.2-N1.text: \"\"", "pack.text.empty texts/en.yaml:51 clause.S8.2-N1.text" },
        { "mechanism for an unknown clause", MECHANISMS, "      - id: S8.2-N1\n", "      - id: S8.2-N2\n", "pack.reference.absent mechanisms.yaml:19 clause: S8.2-N2 S8.2-N1" },
        { "mechanism for no clause", MECHANISMS, "    clauses:\n      - id: S6.1-X2.0\n", "", "pack.schema.missing mechanisms.yaml:21 clauses" },
        { "the same clause twice in a mechanism", MECHANISMS, "      - id: S6.1-X21h.b1\n", "      - id: S8.2-N1\n", "pack.schema.same mechanisms.yaml:20 id mechanisms.yaml:19" },
        { "clauses in one line", MECHANISMS, "    clauses:\n      - id: S6.1-X2.0\n", "    clauses: S6.1-X2.0\n", "pack.schema.list mechanisms.yaml:26 clauses" },
        { "the same mechanism twice", MECHANISMS, "id: words", "id: law", "pack.schema.same mechanisms.yaml:13 id mechanisms.yaml:3" },
        { "unknown kind", MECHANISMS, "kind: enforced", "kind: prevented", "pack.schema.enum mechanisms.yaml:4 kind: prevented enforced, detected, recorded, text" },
        { "unknown state", MECHANISMS, "state: planned", "state: soon", "pack.schema.enum mechanisms.yaml:23 state: soon planned, built" },
        { "unknown carrier", MECHANISMS, "carrier: gate", "carrier: firewall", "pack.schema.enum mechanisms.yaml:24 carrier: firewall form, field" },
        { "built on a field that is gone", MECHANISMS, "where: network-connection.mac", "where: network-connection.ip",
          "pack.reference.carrier mechanisms.yaml:7 field: network-connection.ip" },
        { "built on a form where a field is meant", MECHANISMS, "where: network-connection.mac", "where: network-connection",
          "pack.reference.carrier mechanisms.yaml:7 field: network-connection" },
        { "built on a text that is gone", MECHANISMS, "where: clause.S8.2-N1.text", "where: clause.S8.2-N1.help",
          "pack.reference.carrier mechanisms.yaml:17 text: clause.S8.2-N1.help" },
        { "planned on what does not exist is fine", MECHANISMS, "carrier: gate\n    where: sightings", "carrier: form\n    where: byod", "" },
        { "proof of what is planned", MECHANISMS, "      - id: S6.1-X2.0\n", "      - id: S6.1-X2.0\n    proven:\n      - id: gate-enforcer\n",
          "pack.schema.when mechanisms.yaml:28 proven state: built" },
        { "proof in words", MECHANISMS, "id: gate-enforcer", "id: \"gate enforcer\"", "pack.schema.test mechanisms.yaml:12 id gate enforcer" },
        { "proof without a function behind the dot", MECHANISMS, "id: gate-enforcer", "id: test_form.", "pack.schema.test mechanisms.yaml:12 id test_form." },
        { "proof as a file", MECHANISMS, "id: gate-enforcer", "id: test_form.c.x", "pack.schema.test mechanisms.yaml:12 id test_form.c.x" },
        { "the same proof twice", MECHANISMS, "id: gate-enforcer", "id: test_form.refusals_have_words", "pack.schema.same mechanisms.yaml:12 id mechanisms.yaml:11" },
        { "mechanism without a name", JA, "mechanism.law.name", "mechanism.low.name", "pack.text.unused texts/ja.yaml:54 mechanism.low.name" },
        { "an id for the file", CLAUSES, "sections:\n", "id: clauses\nsections:\n", "pack.schema.unknown clauses.yaml:2 id" },
        { "clauses without sections", CLAUSES, "sections:\n  - id: S8.2\n  - id: S6.1\n", "", "pack.schema.missing clauses.yaml:1 sections" },
};

static void each_slip_is_named_at_its_line(void **state)
{
        unsigned failed = 0;

        for (size_t i = 0; i < countof(slips); i++) {
                struct pack_file files[CLAUSE_FILES];
                struct seen s = { 0 };
                struct pack *p = NULL;
                struct err e;
                int r;

                memcpy(files, clause_pack(), sizeof(files));
                files[slips[i].file] = bent(files[slips[i].file], slips[i].old, slips[i].new);
                r = pack_load(&p, files, CLAUSE_FILES, see, &s, &e);
                if ((*slips[i].want ? r != ERR_INPUT || p || !strstr(s.all, slips[i].want) : r != 0) && ++failed)
                        print_error("%s: %d\n%s   want %s\n", slips[i].name, r, s.all, slips[i].want);
                pack_free(p);
                free((void *)(uintptr_t)files[slips[i].file].bytes.p);
        }
        assert_int_equal(failed, 0);
}

/* Bends a file that may be bent already. */
static void bend_again(struct pack_file *file, const char *old, const char *new, const struct pack_file *original)
{
        struct pack_file before = *file;

        *file = bent(before, old, new);
        if (before.bytes.p != original->bytes.p)
                free((void *)(uintptr_t)before.bytes.p);
}

/* What is taken away from the pack takes the mechanism's ground away: the pack says so before anyone counts on it. */
static void a_field_that_a_mechanism_stands_on_cannot_vanish_unseen(void **state)
{
        struct pack_file files[CLAUSE_FILES];
        struct seen s = { 0 };
        struct pack *p = NULL;
        struct err e;

        memcpy(files, clause_pack(), sizeof(files));
        files[MECHANISMS] = bent(files[MECHANISMS], "network-connection.mac", "network-connection.purpose");
        files[FORM] = bent(files[FORM], "id: purpose", "id: reason");
        for (int lang = JA; lang <= EN; lang++)
                for (int i = 0; i < 4; i++)
                        bend_again(&files[lang], "field.purpose.", "field.reason.", &clause_pack()[lang]);
        assert_int_equal(pack_load(&p, files, CLAUSE_FILES, see, &s, &e), ERR_INPUT);
        assert_text(s.all, "pack.reference.carrier mechanisms.yaml:7 field: network-connection.purpose \n");
        for (size_t i = 0; i < CLAUSE_FILES; i++)
                if (files[i].bytes.p != clause_pack()[i].bytes.p)
                        free((void *)(uintptr_t)files[i].bytes.p);
}

static void only_what_exists_serves_and_words_serve_only_information(void **state)
{
        static const struct { const char *old, *new, *clause; enum cover want; } cases[] = {
                { "", "", "S8.2-R2.5", COVER_PROVEN },
                { "", "", "S8.2-N1", COVER_BOUND },
                { "", "", "S6.1-X21h.b1", COVER_TEXT },
                { "", "", "S6.1-X2.0", COVER_PLANNED },
                { "      - id: S6.1-X21h.b1\n", "", "S6.1-X21h.b1", COVER_NOTHING },
                { "    proven:\n      - id: test_form.refusals_have_words\n      - id: gate-enforcer\n", "", "S8.2-R2.5", COVER_BOUND },
                { "state: built\n    carrier: text", "state: planned\n    carrier: text", "S8.2-N1", COVER_PLANNED },
                { "state: planned", "state: built", "S6.1-X2.0", COVER_BOUND },
                { "      - id: S6.1-X2.0\n", "      - id: S8.2-R2.5\n", "S8.2-R2.5", COVER_PROVEN },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct pack_file files[CLAUSE_FILES];
                enum cover got;
                struct pack *p = NULL;
                struct err e;

                memcpy(files, clause_pack(), sizeof(files));
                files[MECHANISMS] = bent(files[MECHANISMS], cases[i].old, cases[i].new);
                assert_ok(pack_load(&p, files, CLAUSE_FILES, NULL, NULL, &e), e);
                got = coverage_of(p, pack_find_clause(p, cases[i].clause));
                if (got != cases[i].want)
                        fail_msg("case %zu, %s: %s, want %s", i, cases[i].clause, cover_name(got), cover_name(cases[i].want));
                pack_free(p);
                free((void *)(uintptr_t)files[MECHANISMS].bytes.p);
        }
}

static void tell(void *ctx, const struct change *c)
{
        static const char *const kinds[] = { "added", "removed", "value", "text", "order" };
        char *all = ctx;
        size_t used = strlen(all), room = 8192 - used;

        used = (size_t)snprintf(all + used, room, "%s", kinds[c->kind]) + used;
        for (size_t i = 0; i < c->depth; i++)
                used += (size_t)snprintf(all + used, 8192 - used, " %s:%s", c->path[i].word, c->path[i].id);
        (void)snprintf(all + used, 8192 - used, "%s%s%s%s%s%s\n", *c->key ? " " : "", c->key, c->before ? " " : "", c->before ? c->before : "",
                       c->after ? " -> " : "", c->after ? c->after : "");
}

static void each_difference_is_told_once_with_its_path(void **state)
{
        static const struct { int file; const char *old, *new, *want; } cases[] = {
                { PACK, "version: 1", "version: 2", "value version 1 -> 2\n" },
                { PACK, "session_hours: 10", "session_hours: 12", "value session_hours 10 -> 12\n" },
                { PACK, "version: 1", "# a comment\nversion: 1", "" },
                { FORM, "    max_chars: 80\n", "", "value form:network-connection field:device_name max_chars 80 -> \n" },
                { FORM, "type: lines\n    required: true\n", "type: lines\n", "value form:network-connection field:purpose required true -> false\n" },
                { FORM, "type: lines", "type: text", "value form:network-connection field:purpose type lines -> text\n" },
                { PROCEDURE, "role: section_manager", "role: system_manager", "value procedure:network-connection step:decide role section_manager -> system_manager\n" },
                { PROCEDURE, "apply_role: staff", "apply_role: section_manager", "value procedure:network-connection apply_role staff -> section_manager\n" },
                { JA, "\"職員等\"", "\"職員\"", "text role:staff name 職員等 -> 職員\n" },
                { CLAUSES, "strength: M", "strength: C", "value clause:S8.2-R2.5 strength M -> C\n" },
                { CLAUSES, "    also: C\n", "", "value clause:S8.2-R2.5 also C -> none\n" },
                { CLAUSES, "      - id: section_manager\n", "", "removed clause:S8.2-R2.5 actor:section_manager\n" },
                { CLAUSES, "      - id: section_manager\n      - id: staff\n", "      - id: staff\n      - id: section_manager\n", "order clause:S8.2-R2.5 actors\n" },
                { MECHANISMS, "      - id: gate-enforcer\n", "      - id: gate-uplink\n",
                  "removed mechanism:law test:gate-enforcer\nadded mechanism:law test:gate-uplink\n" },
                { MECHANISMS, "state: planned", "state: built", "value mechanism:later state planned -> built\n" },
        };
        struct pack *before = NULL;
        struct err e;

        assert_ok(pack_load(&before, clause_pack(), CLAUSE_FILES, NULL, NULL, &e), e);
        for (size_t i = 0; i < countof(cases); i++) {
                static char all[8192];
                struct pack_file files[CLAUSE_FILES];
                struct pack *after = NULL;

                memcpy(files, clause_pack(), sizeof(files));
                files[cases[i].file] = bent(files[cases[i].file], cases[i].old, cases[i].new);
                assert_ok(pack_load(&after, files, CLAUSE_FILES, NULL, NULL, &e), e);
                all[0] = 0;
                pack_diff(before, after, tell, all);
                assert_text(all, cases[i].want);
                pack_free(after);
                free((void *)(uintptr_t)files[cases[i].file].bytes.p);
        }
        pack_free(before);
}

/* A pack with clauses against one without: every record is told, from both sides. */
static void whole_files_come_and_go(void **state)
{
        static char all[8192];
        struct pack *with = NULL, *without = NULL;
        struct err e;

        assert_ok(pack_load(&with, clause_pack(), CLAUSE_FILES, NULL, NULL, &e), e);
        assert_ok(pack_load(&without, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        all[0] = 0;
        pack_diff(without, with, tell, all);
        assert_text(all, "added section:S8.2\nadded section:S6.1\nadded clause:S8.2-R2.5\nadded clause:S8.2-N1\nadded clause:S6.1-X21h.b1\n"
                         "added clause:S6.1-X2.0\nadded mechanism:law\nadded mechanism:words\nadded mechanism:later\n");
        all[0] = 0;
        pack_diff(with, without, tell, all);
        assert_non_null(strstr(all, "removed clause:S6.1-X2.0\n"));
        all[0] = 0;
        pack_diff(with, with, tell, all);
        assert_text(all, "");
        pack_free(with);
        pack_free(without);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(clauses_hold_what_the_file_says),
                cmocka_unit_test(ids_of_clauses_are_a_section_a_hyphen_and_words),
                cmocka_unit_test(no_two_records_can_ask_for_the_same_text),
                cmocka_unit_test(each_slip_is_named_at_its_line),
                cmocka_unit_test(a_field_that_a_mechanism_stands_on_cannot_vanish_unseen),
                cmocka_unit_test(only_what_exists_serves_and_words_serve_only_information),
                cmocka_unit_test(each_difference_is_told_once_with_its_path),
                cmocka_unit_test(whole_files_come_and_go),
        };

        return unit_run("pack_clauses", tests);
}
