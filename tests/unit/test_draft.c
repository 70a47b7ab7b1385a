/* An edit of the rules comes out as an overlay that, laid over the layers below, gives exactly the pack that was edited. */
#include "core/pack/draft.h"

#include <stdlib.h>

#include "core/pack/diff.h"
#include "core/pack/flatten.h"
#include "core/pack/sheet.h"
#include "core/pack/spot.h"
#include "link/pack_dir.h"

#include "unit.h"

struct seen { char all[16384]; };

static void add(struct seen *s, const char *fmt, ...) PRINTF(2, 3);
static void add(struct seen *s, const char *fmt, ...)
{
        size_t used = strlen(s->all);
        va_list ap;

        va_start(ap, fmt);
        (void)vsnprintf(s->all + used, sizeof(s->all) - used, fmt, ap);
        va_end(ap);
}

static void see_mistake(void *ctx, const struct err *e)
{
        add(ctx, "%s %s %s %s\n", e->key, e->args[0], e->args[1], e->args[2]);
}

static void see_change(void *ctx, const struct change *c)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        pack_change_text(&b, c, LANG_EN);
        add(ctx, "%s\n", buf_view(&b).p);
}

static struct pack_dir *pack_read(const char *name)
{
        static const char *const roots[] = { "", "../", "../../", "../../../" };
        struct pack_dir *d = NULL;
        char path[256];

        for (size_t i = 0; i < countof(roots) && !d; i++) {
                (void)snprintf(path, sizeof(path), "%s%s", roots[i], name);
                (void)pack_dir_read(&d, path, NULL);
        }
        if (!d)
                fail_msg("%s is not found from here", name);
        return d;
}

/* ---- a draft over the base pack ---- */

struct desk { struct pack_dir *base; struct arena arena; struct draft_files top; };

static void desk_open(struct desk *d, const char *overlay)
{
        static const char start[] = "sekisho-pack: 1\n\nid: local\nversion: 1\nbase: mic-r4\n";

        *d = (struct desk){ .base = pack_read("packs/mic-r4"), .arena = ARENA_INIT };
        if (!overlay) {
                d->top.files[d->top.n++] = (struct pack_file){ "overlay.yaml", str_of(start) };
        } else {
                scoped(pack_dir_free) struct pack_dir *o = pack_read(overlay);

                for (size_t i = 0; i < o->n; i++)
                        d->top.files[d->top.n++] = (struct pack_file){ arena_text(&d->arena, o->files[i].name),
                                                                       { arena_copy(&d->arena, o->files[i].bytes.p, o->files[i].bytes.n), o->files[i].bytes.n } };
        }
}

static void desk_close(struct desk *d)
{
        (void)pack_dir_free(d->base);
        arena_done(&d->arena);
}

static int load(struct pack **out, const struct desk *d, const struct draft_files *top, struct seen *mistakes)
{
        struct pack_layer_files layers[2] = { { "mic-r4", d->base->files, d->base->n }, { "local", top ? top->files : NULL, top ? top->n : 0 } };
        struct err e = { 0 };

        return pack_load_layers(out, layers, top ? 2 : 1, see_mistake, mistakes, &e);
}

static const char *head_of(const struct desk *d)
{
        for (size_t i = 0; i < d->top.n; i++)
                if (strcmp(d->top.files[i].name, "overlay.yaml") == 0)
                        return d->top.files[i].bytes.p;
        fail_msg("no overlay.yaml");
        abort();
}

/* Writes what `after` says as the new overlay and looks whether it came to that. Text: what went wrong, or "". */
static const char *settle(struct desk *d, const struct pack *after, const char *reason, struct seen *s)
{
        struct draft_head head = { strstr(head_of(d), "id: demo-city") ? "demo-city" : "local", 1, "mic-r4", reason };
        struct draft_files *top = arena_new(&d->arena, struct draft_files);
        scoped(pack_free) struct pack *below = NULL, *made = NULL, *prior = NULL;
        struct err e = { 0 };

        assert_int_equal(load(&below, d, NULL, s), 0);
        assert_int_equal(load(&prior, d, &d->top, s), 0);
        if (draft_write(top, &head, below, after, prior, &d->top, &d->arena, &e) < 0) {
                add(s, "%s %s %s\n", e.key, e.args[0], e.args[1]);
                return s->all;
        }
        if (load(&made, d, top, s) < 0)
                return s->all;
        if (draft_same(made, after, &d->arena, &e) < 0) {
                add(s, "%s %s\n", e.key, e.args[0]);
                return s->all;
        }
        d->top = *top;
        return "";
}

static const char *apply(struct desk *d, const struct draft_edit *edit, const char *reason, struct seen *s)
{
        scoped(pack_free) struct pack *after = NULL;
        struct err e = { 0 };

        *s = (struct seen){ "" };
        assert_int_equal(load(&after, d, &d->top, s), 0);
        if (draft_edit(after, edit, &e) < 0) {
                add(s, "%s %s %s\n", e.key, e.args[0], e.args[1]);
                return s->all;
        }
        return settle(d, after, reason, s);
}

#define VALUES(...) ((const struct draft_value[]){ __VA_ARGS__ }), countof(((const struct draft_value[]){ __VA_ARGS__ }))
#define WORDS(...) ((const struct draft_word[]){ __VA_ARGS__ }), countof(((const struct draft_word[]){ __VA_ARGS__ }))

static const struct { const char *name; struct draft_edit edit; const char *wrong, *diff; } edits[] = {
        { "a number of the settings", { DRAFT_SET, "settings", NULL, VALUES({ "session_idle_minutes", "15" }), NULL, 0 }, "", "session_idle_minutes" },
        { "the period of a step", { DRAFT_SET, "procedures.service-use.steps.decide", NULL, VALUES({ "due", "3 working-days after reached" }), NULL, 0 }, "", "3 working days" },
        { "a role of a step", { DRAFT_SET, "procedures.service-use.steps.consent", NULL, VALUES({ "role", "dept_officer" }), NULL, 0 }, "", "Departmental security officer" },
        { "the words of a criterion", { DRAFT_SET, "criteria.trustworthiness.criteria.trust-iso27017", NULL, NULL, 0, WORDS({ "text", { "改めた文", "new text" } }) }, "", "new text" },
        { "a list that names things", { DRAFT_SET, "procedures.service-use.steps.decide", NULL, VALUES({ "not_same_as", "consent" }), NULL, 0 }, "", "consent" },
        { "a new criterion before another", { DRAFT_ADD, "criteria.trustworthiness.criteria.local-1", "trust-iso27017", VALUES({ "strength", "R" }, { "asked", "provider" }),
          WORDS({ "text", { "市の基準", "own" } }) }, "", "local-1" },
        { "a criterion that goes", { DRAFT_REMOVE, "criteria.usage-criteria.criteria.use-ai", NULL, NULL, 0, NULL, 0 }, "", "use-ai" },
        { "a field that need not be filled in", { DRAFT_SET, "forms.network-connection.fields.purpose", NULL, VALUES({ "required", "" }), NULL, 0 }, "", "required" },
        { "the days of a duty", { DRAFT_SET, "duties.service-review", NULL, VALUES({ "opens", "90 days before due" }), NULL, 0 }, "", "90 days" },
        { "a new role", { DRAFT_ADD, "roles.local_head", NULL, NULL, 0, WORDS({ "name", { "課長補佐", "" } }) }, "", "local_head" },
        { "a step that lost its period: its list is given whole", { DRAFT_SET, "procedures.service-use.steps.usage", NULL, VALUES({ "due", "" }), NULL, 0 }, "", "due" },
        { "a list of the settings", { DRAFT_SET, "settings", NULL, VALUES({ "totp_roles", "system_manager" }), NULL, 0 }, "", "system_manager" },
        { "a mistake is told", { DRAFT_SET, "settings", NULL, VALUES({ "session_hours", "0" }), NULL, 0 }, "pack.schema.integer", NULL },
        { "what refers to a record that went", { DRAFT_REMOVE, "roles.dept_officer", NULL, NULL, 0, NULL, 0 }, "pack.", NULL },
        { "a place that is none", { DRAFT_SET, "settings.x", NULL, VALUES({ "a", "1" }), NULL, 0 }, "rules.draft.where", NULL },
        { "a record that is not there", { DRAFT_SET, "roles.nobody", NULL, VALUES({ "a", "1" }), NULL, 0 }, "rules.draft.absent", NULL },
        { "a key that is none", { DRAFT_SET, "settings", NULL, VALUES({ "colour", "1" }), NULL, 0 }, "rules.draft.unknown", NULL },
        { "words that cannot be taken away", { DRAFT_SET, "criteria.trustworthiness.criteria.trust-iso27017", NULL, NULL, 0, WORDS({ "help", { "", "" } }) }, "rules.draft.word", NULL },
};

static void each_edit_becomes_an_overlay_that_says_it(void **state)
{
        for (size_t i = 0; i < countof(edits); i++) {
                scoped(pack_free) struct pack *base = NULL, *made = NULL;
                struct desk d;
                struct seen s, diff = { "" };
                const char *wrong;

                desk_open(&d, NULL);
                wrong = apply(&d, &edits[i].edit, "なぜなら", &s);
                if (*edits[i].wrong ? !strstr(wrong, edits[i].wrong) : *wrong)
                        fail_msg("%s: got '%s', wanted '%s'", edits[i].name, wrong, edits[i].wrong);
                assert_int_equal(load(&base, &d, NULL, &s), 0);
                assert_int_equal(load(&made, &d, &d.top, &s), 0);
                pack_diff(base, made, see_change, &diff);
                if (edits[i].diff && !strstr(diff.all, edits[i].diff))
                        fail_msg("%s: the difference is '%s'", edits[i].name, diff.all);
                desk_close(&d);
        }
}

static void edits_follow_each_other_and_keep_their_reasons(void **state)
{
        struct desk d;
        struct seen s;

        desk_open(&d, NULL);
        for (size_t i = 0; i < countof(edits); i++)
                if (!*edits[i].wrong && edits[i].edit.act != DRAFT_REMOVE && strcmp(edits[i].edit.where, "procedures.service-use.steps.usage") != 0)
                        assert_text(apply(&d, &edits[i].edit, edits[i].name, &s), "");
        for (size_t i = 0; i < countof(edits); i++)
                if (!*edits[i].wrong && edits[i].edit.values_count && edits[i].edit.act == DRAFT_SET && !strstr(edits[i].edit.where, "steps") && !strstr(head_of(&d), edits[i].name))
                        fail_msg("the reason '%s' is lost:\n%s", edits[i].name, head_of(&d));
        desk_close(&d);
}

static void what_was_added_may_be_changed_and_taken_away(void **state)
{
        const struct draft_edit set = { DRAFT_SET, "roles.local_head", NULL, NULL, 0, WORDS({ "name", { "参事", "Counsellor" } }) };
        const struct draft_edit away = { DRAFT_REMOVE, "roles.local_head", NULL, NULL, 0, NULL, 0 };
        struct desk d;
        struct seen s;

        desk_open(&d, NULL);
        assert_text(apply(&d, &edits[9].edit, "足す", &s), "");
        assert_text(apply(&d, &set, "改める", &s), "");
        assert_non_null(strstr(head_of(&d), "roles.local_head"));
        assert_text(apply(&d, &away, "やめる", &s), "");
        assert_null(strstr(head_of(&d), "roles.local_head"));
        assert_int_equal(d.top.n, 1);            /* its words went with it */
        desk_close(&d);
}

static void an_overlay_that_is_not_edited_says_the_same_for_the_same_reasons(void **state)
{
        scoped(pack_free) struct pack *pack = NULL, *again = NULL;
        struct desk d;
        struct seen s = { "" };

        desk_open(&d, "packs/demo-city");
        assert_int_equal(load(&pack, &d, &d.top, &s), 0);
        assert_text(settle(&d, pack, "どこにも現れない", &s), "");
        if (strstr(head_of(&d), "どこにも現れない"))
                fail_msg("a reason changed:\n%.900s", strstr(head_of(&d), "どこにも現れない") - 200);
        assert_int_equal(load(&again, &d, &d.top, &s), 0);
        assert_int_equal(again->loosened_count, pack->loosened_count);
        desk_close(&d);
}

static void an_edited_sheet_becomes_an_overlay(void **state)
{
        static const char *const overlays[] = { NULL, "packs/demo-city" };

        for (size_t i = 0; i < countof(overlays); i++) {
                scoped(pack_edit_free) struct pack_edit *edit = NULL;
                scoped(grid_done) struct grid g = GRID_INIT;
                scoped(pack_free) struct pack *pack = NULL;
                struct pack_flat *flat;
                struct err e = { 0 };
                struct desk d;
                struct seen s = { "" };
                bool found = false;

                desk_open(&d, overlays[i]);
                flat = arena_new(&d.arena, struct pack_flat);
                assert_int_equal(load(&pack, &d, &d.top, &s), 0);
                assert_ok(pack_flatten(flat, pack, &d.arena, &e), e);
                assert_ok(sheet_from_pack(&g, "criteria", flat->files, flat->n, &e), e);
                for (size_t r = 0; r < g.sheets[0].rows_count; r++)
                        for (size_t c = 0; c < g.sheets[0].columns_count; c++)
                                if (strcmp(g.sheets[0].rows[r].cells[c], "R") == 0 && !found) {
                                        g.sheets[0].rows[r].cells[c] = "M";
                                        found = true;
                                }
                assert_true(found);
                assert_ok(sheet_to_pack(&edit, "criteria", &g, flat->files, flat->n, NULL, NULL, &e), e);
                assert_text(settle(&d, edit->pack, "表で直した", &s), "");
                assert_non_null(strstr(head_of(&d), "表で直した"));
                desk_close(&d);
        }
}

/* Any record out, any two neighbours changed over: whatever can be loaded comes back as it was meant. */
static void whatever_is_done_to_a_record_can_be_said(void **state)
{
        unsigned seed = 20261123, said = 0;

        for (int round = 0; round < 60; round++) {
                scoped(pack_free) struct pack *after = NULL;
                struct desk d;
                struct seen s = { "" };
                const char *wrong;
                struct source *file;
                struct node *list;

                desk_open(&d, round % 2 ? "packs/demo-city" : NULL);
                assert_int_equal(load(&after, &d, &d.top, &s), 0);
                do {
                        file = &after->sources->list[rand_r(&seed) % after->sources->n];
                        list = file->row && file->row->is_folder ? file->tree->last : NULL;
                } while (!list || list->kind != NODE_LIST || list->count < 2);
                if (round % 3 == 0) { /* the first becomes the last */
                        struct node *first = list->first;

                        tree_drop(list, first);
                        tree_insert(list, first, NULL);
                } else {
                        tree_drop(list, list->first);
                }
                wrong = settle(&d, after, "試し", &s);
                if (strstr(wrong, "rules.draft"))      /* what refers to it is missed: not ours */
                        fail_msg("round %d, %s: %s", round, file->file.name, wrong);
                said += !*wrong;
                desk_close(&d);
        }
        assert_true(said > 15);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_edit_becomes_an_overlay_that_says_it),
                cmocka_unit_test(edits_follow_each_other_and_keep_their_reasons),
                cmocka_unit_test(what_was_added_may_be_changed_and_taken_away),
                cmocka_unit_test(an_overlay_that_is_not_edited_says_the_same_for_the_same_reasons),
                cmocka_unit_test(an_edited_sheet_becomes_an_overlay),
                cmocka_unit_test(whatever_is_done_to_a_record_can_be_said),
        };

        return unit_run("draft", tests);
}
