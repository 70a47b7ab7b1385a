/* From the files of a pack to the pack: what it then holds, what is refused and where, what its hash stands for. */
#include "core/pack/load.h"

#include "base/codec.h"

#include "thread_pack.h"

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

static void thread_pack_holds_what_its_files_say(void **state)
{
        static const struct { const char *id; enum field_type type; bool personal; size_t max_chars; } fields[] = {
                { "device_name", FIELD_TEXT, true, 80 }, { "mac", FIELD_MAC, true, 0 },
                { "purpose", FIELD_LINES, true, 1000 },  { "until", FIELD_MOMENT, false, 0 },
        };
        const struct pack_form *form;
        const struct pack_procedure *procedure;
        struct pack *p = NULL;
        struct hash own;
        struct err e;

        assert_ok(pack_load(&p, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        assert_text(p->id, "thread");
        assert_int_equal(p->version, 1);
        assert_int_equal(p->roles_count, 3);
        assert_text(pack_find_role(p, "section_manager")->name.in[LANG_JA], "情報セキュリティ管理者（課長）");
        assert_null(pack_find_role(p, "section-manager"));
        assert_int_equal(pack_find_zone(p, "office")->number, 1);
        assert_text(p->eras[0].id, "S");
        assert_text(p->eras[2].id, "R");
        assert_int_equal(p->settings.grant_valid_hours, 72);
        assert_int_equal(p->settings.session_idle_minutes, 30);
        assert_int_equal(p->settings.session_hours, 10);
        assert_int_equal(p->settings.enrol_code_hours, 24);
        assert_int_equal(p->settings.retention_years, 5);

        form = pack_find_form(p, "network-connection");
        assert_text(form->number_code, "NET");
        assert_text(form->procedure, "network-connection");
        assert_int_equal(form->fields_count, countof(fields));
        for (size_t i = 0; i < countof(fields); i++) {
                const struct pack_field *f = &form->fields[i];

                assert_text(f->id, fields[i].id);
                assert_int_equal(f->type, fields[i].type);
                assert_true(f->required);
                assert_int_equal(f->personal, fields[i].personal);
                assert_int_equal(f->max_chars, fields[i].max_chars);
                for (int lang = 0; lang < LANG_COUNT; lang++)
                        assert_true(f->label.in[lang] && f->help.in[lang] && f->sample.in[lang] && f->rule.in[lang]);
                assert_ptr_equal(form_find_field(form, f->id), f);
        }
        assert_text(form->fields[1].label.key, "form.network-connection.field.mac.label");
        own = hash_bytes(thread_pack()[FORM].bytes);
        assert_true(hash_eq(&form->hash, &own));

        procedure = pack_find_procedure(p, form->procedure);
        assert_text(procedure->apply_role, "staff");
        assert_int_equal(procedure->max_days, 366);
        assert_int_equal(procedure->steps_count, 1);
        assert_text(procedure->steps[0].id, "decide");
        assert_int_equal(procedure->steps[0].kind, STEP_APPROVE);
        assert_text(procedure->steps[0].role, "section_manager");
        assert_int_equal(procedure->effects_count, 1);
        assert_int_equal(procedure->effects[0].kind, EFFECT_OPEN_PERMIT);
        assert_text(procedure->effects[0].key_field, "mac");
        assert_text(procedure->effects[0].until_field, "until");
        assert_text(procedure->effects[0].zone, "office");
        pack_free(p);
}

/* A text of several lines ends where its words end; one language never shows the other's words. */
static void texts_are_joined_in_both_languages(void **state)
{
        const struct pack_field *purpose;
        struct pack *p = NULL;
        struct err e;

        assert_ok(pack_load(&p, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        purpose = form_find_field(&p->forms[0], "purpose");
        assert_non_null(strstr(purpose->sample.in[LANG_JA], "\n取り扱う情報"));
        assert_true(purpose->sample.in[LANG_JA][strlen(purpose->sample.in[LANG_JA]) - 1] != '\n');
        assert_text(purpose->label.in[LANG_EN], "Purpose, and information handled");
        pack_free(p);
}

/* `want` must be one of the mistakes; "" means that the pack loads. */
static const struct { const char *name; int file; const char *old, *new, *want; } cases[] = {
        { "optional key left out", FORM, "    max_chars: 80\n", "", "" },
        { "optional text left out in both is fine, in one is not", JA, "form.network-connection.field.mac.help:", "form.network-connection.field.mac.hint:",
          "pack.text.other-language texts/en.yaml:29 form.network-connection.field.mac.help texts/ja.yaml" },
        { "text nobody uses", JA, "form.network-connection.field.mac.help:", "form.network-connection.field.mac.hint:",
          "pack.text.unused texts/ja.yaml:29 form.network-connection.field.mac.hint " },
        { "required text missing", FORM, "  - id: until", "  - id: end",
          "pack.text.missing forms/network-connection.yaml:24 form.network-connection.field.end.label texts/ja.yaml, texts/en.yaml" },
        { "text that is a plain word", EN, "\"Staff\"", "Staff", "pack.text.plain texts/en.yaml:8 role.staff.name " },
        { "empty text", EN, "\"Staff\"", "\"\"", "pack.text.empty texts/en.yaml:8 role.staff.name " },
        { "unknown key", FORM, "    type: mac", "    typ: mac", "pack.schema.unknown forms/network-connection.yaml:16 typ type" },
        { "missing key", FORM, "    type: mac\n", "", "pack.schema.missing forms/network-connection.yaml:15 type " },
        { "text where a key is unknown", FORM, "    type: mac", "    type: mac\n    label: \"MAC\"", "pack.schema.unknown forms/network-connection.yaml:17 label" },
        { "unknown type", FORM, "type: mac", "type: ip", "pack.schema.enum forms/network-connection.yaml:16 type: ip text, lines, mac, moment, choice" },
        { "unknown step kind", PROCEDURE, "kind: approve", "kind: aprove", "pack.schema.enum procedures/network-connection.yaml:11 kind: aprove approve" },
        { "integer too large", PACK, "number: 1", "number: 65536", "pack.schema.integer pack.yaml:15 number 1–65535" },
        { "integer too small", PACK, "number: 1", "number: 0", "pack.schema.integer pack.yaml:15 number 1–65535" },
        { "integer below zero", PACK, "number: 1", "number: -1", "pack.schema.integer pack.yaml:15 number 1–65535" },
        { "integer with a leading zero", PACK, "number: 1", "number: 01", "pack.schema.integer pack.yaml:15 number 1–65535" },
        { "integer in hexadecimal", PACK, "number: 1", "number: 0x1", "pack.schema.integer pack.yaml:15 number 1–65535" },
        { "integer with a point", PACK, "number: 1", "number: 1.0", "pack.schema.integer pack.yaml:15 number 1–65535" },
        { "integer in quotes", PACK, "number: 1", "number: \"1\"", "pack.schema.integer pack.yaml:15 number 1–65535" },
        { "integer beyond 64 bits", PACK, "version: 1", "version: 18446744073709551617", "pack.schema.integer pack.yaml:5 version 1–1000000" },
        { "id with capitals", PACK, "id: thread", "id: Thread", "pack.schema.id pack.yaml:4 id Thread" },
        { "id in quotes", PACK, "id: thread", "id: \"thread\"", "pack.schema.id pack.yaml:4 id thread" },
        { "id too long", PACK, "id: thread", "id: a23456789012345678901234567890123456789012345678", "pack.schema.id pack.yaml:4 id a23" },
        { "id as long as it may be", PACK, "id: thread", "id: a2345678901234567890123456789012345678901234567", "" },
        { "code with small letters", FORM, "number_code: NET", "number_code: Net", "pack.schema.code forms/network-connection.yaml:6 number_code Net" },
        { "same id twice", PACK, "  - id: staff\n", "  - id: staff\n  - id: staff\n", "pack.schema.same pack.yaml:9 id pack.yaml:8" },
        { "same zone number twice", PACK, "    number: 1\n", "    number: 1\n  - id: other\n    number: 1\n", "pack.schema.same pack.yaml:16 number pack.yaml:14" },
        { "same first year twice", PACK, "first_year: 2019", "first_year: 1989", "pack.schema.same pack.yaml:23 first_year pack.yaml:21" },
        { "role that does not exist", PROCEDURE, "role: section_manager", "role: section-manager",
          "pack.reference.absent procedures/network-connection.yaml:12 role: section-manager section_manager" },
        { "zone that does not exist", PROCEDURE, "zone: office", "zone: ofice", "pack.reference.absent procedures/network-connection.yaml:19 zone: ofice office" },
        { "procedure that does not exist", FORM, "procedure: network-connection", "procedure: network", "pack.reference.absent forms/network-connection.yaml:7 procedure: network network-connection" },
        { "effect's field does not exist", PROCEDURE, "key_field: mac", "key_field: mca",
          "pack.reference.field procedures/network-connection.yaml:17 key_field: mca mac" },
        { "effect's field has another type", PROCEDURE, "until_field: until", "until_field: mac",
          "pack.reference.field procedures/network-connection.yaml:18 until_field: mac moment" },
        { "effect's field may be left empty", FORM, "    type: mac\n    required: true", "    type: mac",
          "pack.reference.field procedures/network-connection.yaml:17 key_field: mac mac" },
        { "choice without choices", FORM, "    type: mac", "    type: choice", "pack.field.choices forms/network-connection.yaml:16 mac " },
        { "choices without choice", FORM, "    type: mac\n", "    type: mac\n    choices:\n      - id: a\n", "pack.schema.when forms/network-connection.yaml:17 choices type: choice" },
        { "length of a moment", FORM, "    type: mac\n", "    type: mac\n    max_chars: 5\n", "pack.schema.when forms/network-connection.yaml:17 max_chars type: text, lines" },
        { "word where a list is wanted", PACK, "roles:\n", "roles: staff\nrules:\n", "pack.schema.list pack.yaml:7 roles " },
        { "list where keys are wanted", PACK, "settings:\n", "settings:\n  - id: a\nother:\n", "pack.schema.record pack.yaml:28 settings " },
        { "keys where a list is wanted", PACK, "roles:\n", "roles:\n  id: a\nother:\n", "pack.schema.list pack.yaml:7 roles " },
        { "keys where a word is wanted", PACK, "version: 1", "version:\n  a: b", "pack.schema.integer pack.yaml:5 version" },
        { "id unlike the file's name", FORM, "id: network-connection", "id: network", "pack.file.name forms/network-connection.yaml:5 network forms/" },
        { "a field of a form with topics stands under none", FORM, "fields:\n", "topics:\n  - id: device\nfields:\n",
          "pack.field.topic forms/network-connection.yaml:12 device_name " },
        { "a topic without a field", FORM, "fields:\n", "topics:\n  - id: device\nfields:\n", "pack.topic.empty forms/network-connection.yaml:10 device " },
        { "topic that does not exist", FORM, "    type: mac\n", "    type: mac\n    under: device\n",
          "pack.reference.absent forms/network-connection.yaml:17 topic: device " },
        { "eras in any order", PACK, "first_year: 1926", "first_year: 2020", "" },
};

static void each_mistake_is_named_at_its_line(void **state)
{
        unsigned failed = 0;

        for (size_t i = 0; i < countof(cases); i++) {
                struct pack_file files[THREAD_FILES];
                struct seen s = { 0 };
                struct pack *p = NULL;
                struct err e;
                int r;

                memcpy(files, thread_pack(), sizeof(files));
                files[cases[i].file] = bent(files[cases[i].file], cases[i].old, cases[i].new);
                r = pack_load(&p, files, THREAD_FILES, see, &s, &e);
                if ((*cases[i].want ? r != ERR_INPUT || p || !strstr(s.all, cases[i].want) : r != 0) && ++failed)
                        print_error("%s: %d\n%s   want %s\n", cases[i].name, r, s.all, cases[i].want);
                pack_free(p);
                free((void *)(uintptr_t)files[cases[i].file].bytes.p);
        }
        assert_int_equal(failed, 0);
}

static void eras_are_oldest_first_whatever_the_file_says(void **state)
{
        struct pack_file files[THREAD_FILES];
        struct pack *p = NULL;
        struct err e;

        memcpy(files, thread_pack(), sizeof(files));
        files[PACK] = bent(files[PACK], "eras:\n", "eras:\n  - id: X\n    first_year: 2099\n");
        files[JA] = bent(files[JA], "era.R.name:", "era.X.name: \"試\"\nera.R.name:");
        files[EN] = bent(files[EN], "era.R.name:", "era.X.name: \"Trial\"\nera.R.name:");
        assert_ok(pack_load(&p, files, THREAD_FILES, NULL, NULL, &e), e);
        assert_int_equal(p->eras_count, 4);
        for (size_t i = 1; i < p->eras_count; i++)
                assert_true(p->eras[i - 1].first_year < p->eras[i].first_year);
        assert_text(p->eras[3].name.in[LANG_JA], "試");
        pack_free(p);
        for (size_t i = 0; i < THREAD_FILES; i++)
                if (files[i].bytes.p != thread_pack()[i].bytes.p)
                        free((void *)(uintptr_t)files[i].bytes.p);
}

static const char tiny_pack[] = "sekisho-pack: 1\nid: tiny\nversion: 1\nroles:\n  - id: staff\nzones:\n  - id: office\n    number: 1\n"
                                "eras:\n  - id: R\n    first_year: 2019\nsettings:\n  grant_valid_hours: 1\n  session_idle_minutes: 1\n"
                                "  session_hours: 1\n  enrol_code_hours: 1\n  retention_years: 1\n";
static const char tiny_texts[] = "sekisho-pack: 1\npack.title: \"t\"\nrole.staff.name: \"s\"\nzone.office.name: \"o\"\nera.R.name: \"r\"\n";
static const struct pack_file tiny[] = {
        { "pack.yaml", { tiny_pack, sizeof(tiny_pack) - 1 } },
        { "texts/en.yaml", { tiny_texts, sizeof(tiny_texts) - 1 } },
        { "texts/ja.yaml", { tiny_texts, sizeof(tiny_texts) - 1 } },
};

/* The value was computed from the description in docs/formats/pack.md by another program. */
static void hash_does_not_depend_on_the_order_of_files(void **state)
{
        static const unsigned char orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
        char hex[2 * HASH_SIZE + 1];

        for (size_t i = 0; i < countof(orders); i++) {
                struct pack_file files[3];
                struct pack *p = NULL;
                struct err e;

                for (size_t j = 0; j < 3; j++)
                        files[j] = tiny[orders[i][j]];
                assert_ok(pack_load(&p, files, 3, NULL, NULL, &e), e);
                hex_text(hex, p->hash.b, HASH_SIZE);
                assert_text(hex, "674df8611ffbe23366d2fe8092dc445f414748b36d63a30f7f6466244e4058e3");
                pack_free(p);
        }
}

static void every_byte_counts_in_the_hash(void **state)
{
        struct pack_file files[THREAD_FILES];
        struct pack *p = NULL, *q = NULL;
        struct err e;

        memcpy(files, thread_pack(), sizeof(files));
        assert_ok(pack_load(&p, files, THREAD_FILES, NULL, NULL, &e), e);
        files[JA] = bent(files[JA], "職員等", "職員");
        assert_ok(pack_load(&q, files, THREAD_FILES, NULL, NULL, &e), e);
        assert_false(hash_eq(&p->hash, &q->hash));
        assert_true(hash_eq(&p->forms[0].hash, &q->forms[0].hash));
        pack_free(p);
        pack_free(q);
        free((void *)(uintptr_t)files[JA].bytes.p);
}

static void refuse_files(const struct pack_file *files, size_t n, const char *want)
{
        struct seen s = { 0 };
        struct pack *p = NULL;
        struct err e;

        assert_int_equal(pack_load(&p, files, n, see, &s, &e), ERR_INPUT);
        assert_null(p);
        if (!strstr(s.all, want))
                fail_msg("got\n%swant %s", s.all, want);
}

static void a_pack_is_its_files_and_no_others(void **state)
{
        static const char *const strangers[] = { "README.md", "form/a.yaml", "forms/A.yaml", "forms/a.yml", "forms/.yaml", "forms/a/b.yaml",
                                                 "../pack.yaml", "texts/fr.yaml", "pack.yaml~", "" };
        static char big[PACK_FILE_BYTES_MAX + 1];
        static struct pack_file many[PACK_FILES_MAX + 1];
        struct pack_file files[4];
        char want[160];

        for (size_t i = 0; i < countof(strangers); i++) {
                memcpy(files, tiny, sizeof(tiny));
                files[3] = (struct pack_file){ strangers[i], STR("sekisho-pack: 1\n") };
                (void)snprintf(want, sizeof(want), "pack.file.unknown %s:1", *strangers[i] && !strchr(strangers[i], '~') ? strangers[i] : "?");
                refuse_files(files, 4, want);
        }
        files[3] = (struct pack_file){ "a\nb", STR("") };
        refuse_files(files, 4, "pack.file.unknown ?:1");
        files[3] = files[0];
        refuse_files(files, 4, "pack.file.twice pack.yaml:1");
        refuse_files(tiny, 2, "pack.file.missing texts/ja.yaml:1");
        refuse_files(tiny + 1, 2, "pack.file.missing pack.yaml:1");
        refuse_files(NULL, 0, "pack.file.missing pack.yaml:1");
        memset(big, '\n', sizeof(big));
        files[3] = (struct pack_file){ "forms/a.yaml", { big, sizeof(big) } };
        refuse_files(files, 4, "pack.file.big forms/a.yaml:1");
        for (size_t i = 0; i < countof(many); i++)
                many[i] = tiny[0];
        refuse_files(many, countof(many), "pack.file.many");
}

/* Deep, wide and many: each is refused by a number, never by the machine. */
static void size_is_refused_by_a_named_maximum(void **state)
{
        struct pack_file files[6];
        struct buf b = BUF_INIT;

        memcpy(files, tiny, sizeof(tiny));
        files[3].name = "forms/a.yaml";
        files[4].name = "forms/b.yaml";
        files[5].name = "forms/c.yaml";
        buf_text(&b, "sekisho-pack: 1\n");
        for (int i = 0; i < 12; i++)
                buf_printf(&b, "%*sa:\n", i * 2, "");
        buf_printf(&b, "%*sa: b\n", 24, "");
        files[3].bytes = buf_view(&b);
        refuse_files(files, 4, "pack.tree.deep forms/a.yaml:14");

        buf_clear(&b);
        buf_text(&b, "sekisho-pack: 1\nid: a\nnumber_code: A\nprocedure: a\nfields:\n");
        for (int i = 0; i < 201; i++)
                buf_printf(&b, "  - id: f%d\n    type: text\n", i);
        files[3].bytes = buf_view(&b);
        refuse_files(files, 4, "pack.schema.many forms/a.yaml:5 fields 200");

        buf_clear(&b);
        buf_text(&b, "sekisho-pack: 1\n");
        for (int i = 0; i < 100000; i++)
                buf_printf(&b, "k%d: v\n", i);
        files[3].bytes = buf_view(&b);
        refuse_files(files, 4, "pack.schema.unknown forms/a.yaml:2 k0");
        files[4].bytes = files[5].bytes = files[3].bytes;
        refuse_files(files, 6, "pack.tree.many forms/b.yaml:99998");         /* each file's top and first line count, too */
        buf_done(&b);
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
        static const char *const pieces[] = { "\n", " ", "  ", "- id: a\n", ":", "\"", "|", "#", "&a", "*a", "{", "[", "\t", "\r", "：", "　", "８", "“", "\xff",
                                              "\xef\xbb\xbf", "---\n", "? a\n", "!!binary ", "sekisho-pack: 1\n", "true", "18446744073709551616", "\\", "a: b\n", "" };
        size_t at = next(seed) % (from.n + 1), cut = next(seed) % 4 == 0 ? next(seed) % (from.n - at + 1) : next(seed) % 4;
        const char *piece = pieces[next(seed) % countof(pieces)];

        if (cut > from.n - at)
                cut = from.n - at;
        buf_clear(to);
        buf_add(to, from.p, at);
        if (next(seed) % 8 == 0)      /* a run of the file once more */
                buf_add(to, from.p + at, cut);
        buf_text(to, piece);
        buf_add(to, from.p + at + cut, from.n - at - cut);
}

/* What loaded must be whole: no required text or reference is missing. */
static void assert_whole(const struct pack *p)
{
        assert_true(p->id && p->version && p->title.in[LANG_JA] && p->title.in[LANG_EN] && p->roles_count && p->zones_count && p->eras_count);
        for (size_t i = 0; i < p->forms_count; i++) {
                const struct pack_form *f = &p->forms[i];

                assert_true(f->id && f->number_code && f->title.in[LANG_JA] && f->title.in[LANG_EN] && f->fields_count);
                assert_non_null(pack_find_procedure(p, f->procedure));
                for (size_t j = 0; j < f->fields_count; j++)
                        assert_true(f->fields[j].id && f->fields[j].label.in[LANG_JA] && f->fields[j].label.in[LANG_EN]);
        }
        for (size_t i = 0; i < p->procedures_count; i++) {
                assert_non_null(pack_find_role(p, p->procedures[i].apply_role));
                for (size_t j = 0; j < p->procedures[i].steps_count; j++)
                        assert_non_null(pack_find_role(p, p->procedures[i].steps[j].role));
                for (size_t j = 0; j < p->procedures[i].effects_count; j++)
                        assert_non_null(pack_find_zone(p, p->procedures[i].effects[j].zone));
        }
}

static void ten_thousand_mutations_do_no_harm(void **state)
{
        unsigned loaded = 0, refused = 0;
        uint64_t seed = 20261122;
        struct buf b = BUF_INIT;

        for (unsigned i = 0; i < 10000; i++) {
                struct pack_file files[THREAD_FILES];
                struct seen s = { 0 };
                struct pack *p = NULL;
                struct err e = { 0 };
                size_t which = next(&seed) % THREAD_FILES;
                int r;

                memcpy(files, thread_pack(), sizeof(files));
                mutate(&b, files[which].bytes, &seed);
                files[which].bytes = buf_view(&b);
                r = pack_load(&p, files, THREAD_FILES, see, &s, &e);
                if (r == 0) {
                        assert_int_equal(s.count, 0);
                        assert_whole(p);
                        loaded++;
                } else {
                        assert_int_equal(r, ERR_INPUT);
                        assert_true(s.count > 0 && e.key[0] && !p);
                        refused++;
                }
                pack_free(p);
                if (i % 1000 == 999) {
                        assert_ok(pack_load(&p, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
                        pack_free(p);
                }
        }
        buf_done(&b);
        print_message("# %u refused, %u loaded and whole\n", refused, loaded);
        assert_true(loaded > 100 && refused > 5000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(thread_pack_holds_what_its_files_say),
                cmocka_unit_test(texts_are_joined_in_both_languages),
                cmocka_unit_test(each_mistake_is_named_at_its_line),
                cmocka_unit_test(eras_are_oldest_first_whatever_the_file_says),
                cmocka_unit_test(hash_does_not_depend_on_the_order_of_files),
                cmocka_unit_test(every_byte_counts_in_the_hash),
                cmocka_unit_test(a_pack_is_its_files_and_no_others),
                cmocka_unit_test(size_is_refused_by_a_named_maximum),
                cmocka_unit_test(ten_thousand_mutations_do_no_harm),
        };

        return unit_run("pack_load", tests);
}
