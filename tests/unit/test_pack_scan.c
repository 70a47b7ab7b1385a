/* The slips that officers really make in a text editor: each is refused at its line, or means what it looks like. */
#include "core/pack/scan.h"

#include "thread_pack.h"

#include "unit.h"

enum { PACK, FORM, PROCEDURE, JA, EN };

struct seen { unsigned count; char first[512], all[8192]; };

static void see(void *ctx, const struct err *mistake)
{
        struct seen *s = ctx;
        size_t used = strlen(s->all);

        if (!s->count++)
                (void)snprintf(s->first, sizeof(s->first), "%.63s %.159s %.159s", mistake->key, mistake->args[0], mistake->args[1]);
        (void)snprintf(s->all + used, sizeof(s->all) - used, "%s\n", mistake->text);
        if (!text_known(mistake->key))
                fail_msg("no text for %s", mistake->key);
}

/* The first mistake of the pack with one file bent: "key file:line what", "" when it loads. */
static struct seen load_bent(int file, const char *old, const char *new)
{
        struct pack_file files[THREAD_FILES];
        struct seen s = { 0 };
        struct pack *p = NULL;
        struct err e;
        int r;

        memcpy(files, thread_pack(), sizeof(files));
        files[file] = bent(files[file], old, new);
        r = pack_load(&p, files, THREAD_FILES, see, &s, &e);
        if ((r == 0) != (s.count == 0) || (r < 0 && (p || r != ERR_INPUT || !e.key[0])))
                fail_msg("returned %d with %u mistakes", r, s.count);
        pack_free(p);
        free((void *)(uintptr_t)files[file].bytes.p);
        return s;
}

static const struct slip { const char *name; int file; const char *old, *new, *want; } slips[] = {
        { "nothing is wrong", PACK, "version: 1", "version: 1", "" },

        /* the fifteen of the study of formats */
        { "full-width space as indent", FORM, "    type: mac", "　　type: mac", "pack.scan.wide-space F:16 　" },
        { "full-width space within the indent", FORM, "    type: mac", "  　type: mac", "pack.scan.wide-space F:16 　" },
        { "full-width colon", FORM, "type: mac", "type：mac", "pack.scan.wide-colon F:16 ：" },
        { "full-width quotes", JA, "\"職員等\"", "“職員等”", "pack.scan.wide-quote J:8 “" },
        { "full-width quote at the end only", JA, "\"職員等\"", "\"職員等”", "pack.scan.quote-open J:8 " },
        { "full-width quotation marks of another kind", JA, "\"職員等\"", "＂職員等＂", "pack.scan.wide-quote J:8 ＂" },
        { "full-width digits", FORM, "max_chars: 80", "max_chars: ８０", "pack.scan.wide-digit F:14 ８" },
        { "tab as indent", FORM, "    type: mac", "\ttype: mac", "pack.scan.tab F:16 " },
        { "tab behind the colon", FORM, "type: mac", "type:\tmac", "pack.scan.tab F:16 " },
        { "duplicate key", FORM, "    type: mac\n", "    type: mac\n    type: text\n", "pack.tree.duplicate F:17 type" },
        { "line outdented", FORM, "    type: mac", "  type: mac", "pack.scan.indent F:16 " },
        { "line under-indented", FORM, "    type: mac", "   type: mac", "pack.scan.indent F:16 " },
        { "line indented too far", FORM, "    type: mac", "      type: mac", "pack.scan.indent F:16 " },
        { "first record too far in", FORM, "fields:\n  - id", "fields:\n    - id", "pack.scan.indent F:10 " },
        { "first key too far in", PACK, "settings:\n  grant", "settings:\n    grant", "pack.scan.indent P:29 " },
        { "record outdented", FORM, "  - id: mac", "- id: mac", "pack.scan.indent F:15 " },
        { "colon inside text", JA, "\"職員等\"", "職員: 等", "pack.scan.unquoted J:8 " },
        { "colon inside quoted text is text", JA, "\"職員等\"", "\"職員: 等\"", "" },
        { "missing closing quote", JA, "\"職員等\"", "\"職員等", "pack.scan.quote-open J:8 " },
        { "missing opening quote", JA, "\"職員等\"", "職員等\"", "pack.scan.unquoted J:8 " },
        { "yes for true", FORM, "required: true", "required: yes", "pack.schema.bool F:12 required" },
        { "True for true", FORM, "required: true", "required: True", "pack.schema.bool F:12 required" },
        { "forgotten record marker", FORM, "  - id: mac", "    id: mac", "pack.tree.duplicate F:15 id" },
        { "hash inside text without quotes", JA, "\"職員等\"", "#1 職員", "pack.scan.comment J:8 " },
        { "hash cuts a text", JA, "\"職員等\"", "職員 #1", "pack.scan.unquoted J:8 " },
        { "hash inside quoted text is text", JA, "\"職員等\"", "\"職員 #1\"", "" },
        { "file in Shift_JIS", JA, "\"職員等\"", "\"\x90\x45\x88\xf5\"", "pack.scan.utf8 J:8 " },
        { "anchor", PACK, "id: thread", "id: &a thread", "pack.scan.yaml P:4 &" },
        { "alias", PACK, "id: thread", "id: *a", "pack.scan.yaml P:4 *" },

        /* others of the same family */
        { "full-width hyphen before a record", FORM, "  - id: mac", "  － id: mac", "pack.scan.wide-hyphen F:15 －" },
        { "long vowel mark before a record", FORM, "  - id: mac", "  ー id: mac", "pack.scan.wide-hyphen F:15 ー" },
        { "full-width hyphen in an id", FORM, "number_code: NET", "number_code: N－ET", "pack.scan.wide-hyphen F:6 －" },
        { "full-width letters", FORM, "type: mac", "type: ｍａｃ", "pack.scan.wide-letter F:16 ｍ" },
        { "full-width letters in a key", FORM, "    type: mac", "    ｔype: mac", "pack.scan.wide-letter F:16 ｔ" },
        { "full-width space behind the colon", FORM, "type: mac", "type:　mac", "pack.scan.wide-space F:16 　" },
        { "full-width space at the end", FORM, "type: mac", "type: mac　", "pack.scan.wide-space F:16 　" },
        { "full-width hash", FORM, "type: mac", "type: mac ＃端末", "pack.scan.unquoted F:16 " },
        { "full-width space within text is text", JA, "\"職員等\"", "\"職員　等\"", "" },
        { "no space behind the colon", FORM, "type: mac", "type:mac", "pack.scan.colon-space F:16 m" },
        { "comment behind a value", FORM, "max_chars: 80", "max_chars: 80 # 提案", "pack.scan.comment F:14 " },
        { "comment behind a text", JA, "\"職員等\"", "\"職員等\"  # 正規", "pack.scan.comment J:8 " },
        { "words behind a text", JA, "\"職員等\"", "\"職員等\" 等", "pack.scan.after-quote J:8 " },
        { "text with quotes in it", JA, "\"職員等\"", "\"「職員\"等\"」\"", "pack.scan.after-quote J:8 " },
        { "text with escaped quotes in it", JA, "\"職員等\"", "\"\\\"職員\\\"等\"", "" },
        { "unknown escape", JA, "\"職員等\"", "\"C:\\temp\"", "pack.scan.escape J:8 " },
        { "escape that hides a character", JA, "\"職員等\"", "\"\\u202e\"", "pack.scan.escape J:8 " },
        { "text over two lines", JA, "\"職員等\"", "\"職員\n  等\"", "pack.scan.quote-open J:8 " },
        { "single quotes", JA, "\"職員等\"", "'職員等'", "pack.scan.single-quote J:8 " },
        { "text without quotes", JA, "\"職員等\"", "職員等", "pack.scan.unquoted J:8 " },
        { "words without quotes", EN, "\"Staff\"", "All staff", "pack.scan.unquoted E:8 " },
        { "folded block", JA, "title: \"ネットワーク接続申請書\"", "title: >\n  申請書", "pack.scan.block J:18 " },
        { "block with an indicator", JA, "intro: |", "intro: |-", "pack.scan.block J:19 " },
        { "block that begins too far in", JA, "  庁内ネットワークに端末", "    庁内ネットワークに端末", "pack.scan.block-indent J:20 " },
        { "block that begins with blanks", JA, "intro: |\n", "intro: |\n     \n", "pack.scan.block-indent J:20 " },
        { "block that begins with an empty line", JA, "intro: |\n", "intro: |\n\n", "" },
        { "block not far enough in", JA, "  庁内ネットワークに端末", " 庁内ネットワークに端末", "pack.scan.empty-value J:19 " },
        { "block in full-width spaces", JA, "  庁内ネットワークに端末", "　庁内ネットワークに端末", "pack.scan.empty-value J:19 " },
        { "block whose second line slips out", JA, "  許可された期間", " 許可された期間", "pack.scan.line J:21 " },
        { "block may hold anything visible", JA, "  許可された期間", "  # - “許可”: 期間 &a [b]", "" },
        { "block with nothing in it", JA, "title: \"ネットワーク接続申請書\"", "title: |", "pack.scan.empty-value J:18 " },
        { "flow list", PACK, "roles:\n  - id: staff", "roles: [staff]\n  - id: staff", "pack.scan.yaml P:7 [" },
        { "flow map", PACK, "  - id: staff", "  - {id: staff}", "pack.scan.record P:8 " },
        { "tag", PACK, "id: thread", "id: !!str thread", "pack.scan.yaml P:4 !" },
        { "merge key", PACK, "id: thread", "<<: *base", "pack.scan.yaml P:4 <" },
        { "second document", PACK, "id: thread", "---\nid: thread", "pack.scan.yaml P:4 ---" },
        { "quoted key", PACK, "id: thread", "\"id\": thread", "pack.scan.line P:4 " },
        { "record without id", PACK, "  - id: staff", "  - staff", "pack.scan.record P:8 " },
        { "record whose id stands second", PACK, "  - id: office\n    number: 1", "  - number: 1\n    id: office", "pack.scan.record P:14 " },
        { "no space behind the hyphen", PACK, "  - id: staff", "  -id: staff", "pack.scan.record P:8 " },
        { "two spaces behind the hyphen", PACK, "  - id: staff", "  -  id: staff", "pack.scan.record P:8 " },
        { "list at the level of its key", PACK, "roles:\n  - id: staff", "roles:\n- id: staff", "pack.scan.empty-value P:7 " },
        { "key without a value", PACK, "version: 1", "version:", "pack.scan.empty-value P:5 " },
        { "last key without a value", PACK, "  retention_years: 5\n", "  retention_years:\n", "pack.scan.empty-value P:33 " },
        { "a hyphen for a value", PACK, "id: thread", "id: -", "pack.scan.yaml P:4 -" },
        { "line that is no key", PACK, "version: 1", "version 1", "pack.scan.line P:5 " },
        { "invisible character", JA, "\"職員等\"", "\"職員\xe2\x80\x8b等\"", "pack.scan.hidden J:8 U+200B" },
        { "text that runs backwards", JA, "\"職員等\"", "\"職員\xe2\x80\xae等\"", "pack.scan.hidden J:8 U+202E" },
        { "a byte that is not UTF-8", JA, "\"職員等\"", "\"職員\xff等\"", "pack.scan.utf8 J:8 " },
        { "BOM", PACK, "sekisho-pack: 1", "\xef\xbb\xbfsekisho-pack: 1", "pack.scan.bom P:1 " },
        { "line ends of Windows", PACK, "id: thread\n", "id: thread\r\n", "pack.scan.cr P:4 " },
        { "no first line", PACK, "sekisho-pack: 1\n", "", "pack.scan.first-line P:1 sekisho-pack: 1" },
        { "first line with a space too many", PACK, "sekisho-pack: 1", "sekisho-pack:  1", "pack.scan.first-line P:1 sekisho-pack: 1" },
        { "a newer language", PACK, "sekisho-pack: 1", "sekisho-pack: 2", "pack.scan.version P:1 sekisho-pack: 1" },
        { "blanks at the end of a line", PACK, "version: 1", "version: 1  ", "" },
        { "comment further in", PACK, "version: 1", "version: 1\n      # 注", "" },
        { "no line end at the end", PACK, "retention_years: 5\n", "retention_years: 5", "" },
};

/* F:16 -> forms/network-connection.yaml:16 */
static void want_of(char *to, size_t size, const char *short_form)
{
        static const char letters[] = "PFRJE";
        const char *gap = strchr(short_form, ' ');

        if (gap)
                (void)snprintf(to, size, "%.*s %s%s", (int)(gap - short_form), short_form,
                               thread_names[strchr(letters, gap[1]) - letters], gap + 2);
        else
                (void)snprintf(to, size, "%s", short_form);
}

static void each_slip_is_refused_at_its_line_or_read_as_meant(void **state)
{
        unsigned failed = 0;
        char want[512];

        for (const struct slip *c = slips; c < slips + countof(slips); c++) {
                struct seen s = load_bent(c->file, c->old, c->new);

                want_of(want, sizeof(want), c->want);
                if (strcmp(s.first, want) != 0 && ++failed)
                        print_error("%s: got \"%s\", want \"%s\"\n", c->name, s.first, want);
        }
        assert_int_equal(failed, 0);
}

/* One slip is one mistake: what follows from it is not reported again line after line. */
static void a_slip_does_not_drag_others_behind_it(void **state)
{
        static const struct { int file; const char *old, *new; unsigned most; } cases[] = {
                { JA, "\"職員等\"", "\"職員\n等\n等々\"", 1 },
                { FORM, "    type: mac", "  type: mac", 1 },
                { PACK, "sekisho-pack: 1", "\xef\xbb\xbfsekisho-pack: 1", 1 },
                { PACK, "roles:\n", "roles\n", 1 },
                { PACK, "id: thread\nversion: 1\n", "id: thread\r\nversion: 1\r\n", 1 },
        };

        for (size_t i = 0; i < countof(cases); i++) {
                struct seen s = load_bent(cases[i].file, cases[i].old, cases[i].new);

                if (s.count > cases[i].most || !s.count)
                        fail_msg("case %zu: %u mistakes\n%s", i, s.count, s.all);
        }
}

/* An officer mends everything in one go: mistakes of several lines and files come together, at most fifty. */
static void all_mistakes_come_together(void **state)
{
        struct pack_file files[THREAD_FILES];
        struct seen s = { 0 };
        struct buf many = BUF_INIT;
        struct pack *p = NULL;
        struct err e;

        memcpy(files, thread_pack(), sizeof(files));
        files[PACK].bytes = STR("sekisho-pack: 1\nid：a\nversion: ８\n");
        files[FORM] = bent(files[FORM], "type: mac", "type: mca");
        assert_int_equal(pack_load(&p, files, THREAD_FILES, see, &s, &e), ERR_INPUT);
        assert_non_null(strstr(s.all, "pack.scan.wide-colon: pack.yaml:2"));
        assert_non_null(strstr(s.all, "pack.scan.wide-digit: pack.yaml:3"));
        assert_non_null(strstr(s.all, "pack.schema.enum: forms/network-connection.yaml:16"));
        assert_text(e.key, "pack.scan.wide-colon");                  /* what cannot be read comes before what does not fit */
        free((void *)(uintptr_t)files[FORM].bytes.p);

        buf_text(&many, "sekisho-pack: 1\n");
        for (int i = 0; i < 200; i++)
                buf_text(&many, "a: '\n");
        files[FORM].bytes = buf_view(&many);
        s = (struct seen){ 0 };
        assert_int_equal(pack_load(&p, files, THREAD_FILES, see, &s, &e), ERR_INPUT);
        assert_int_equal(s.count, PACK_MISTAKES_MAX);
        buf_done(&many);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_slip_is_refused_at_its_line_or_read_as_meant),
                cmocka_unit_test(a_slip_does_not_drag_others_behind_it),
                cmocka_unit_test(all_mistakes_come_together),
        };

        return unit_run("pack_scan", tests);
}
