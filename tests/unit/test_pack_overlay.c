/* A layer laid over packs/thread or packs/mic-r4: what then holds, where each mistake is shown, what is found to be loosened. */
#include "core/pack/diff.h"
#include "core/pack/load.h"

#include "mic_r4_pack.h"
#include "thread_pack.h"

#include "unit.h"

#define HEAD "sekisho-pack: 1\n\nid: city\nversion: 3\nbase: thread\n"
#define CHANGES HEAD "\nchanges:\n"
#define CHANGE(id, act, where) "  - id: " id "\n    act: " act "\n    where: " where "\n    reason: \"規程による\"\n"
#define FORM(body) "sekisho-pack: 1\n\nid: network-connection\n" body
#define TEXTS(line) "sekisho-pack: 1\n\n" line "\n"

enum { LAYER_FILES_MAX = 8 };

struct seen { unsigned count; char all[8192]; };

static void see(void *ctx, const struct err *mistake)
{
        struct seen *s = ctx;
        size_t used = strlen(s->all);

        s->count++;
        (void)snprintf(s->all + used, sizeof(s->all) - used, "%s %s %s %s\n", mistake->key, mistake->args[0], mistake->args[1], mistake->args[2]);
        if (!text_known(mistake->key))
                fail_msg("no text for %s", mistake->key);
}

/* Names and texts by turns, NULL at the end; `texts` in both languages. */
struct layer { const char *files[2 * LAYER_FILES_MAX]; const char *texts; };

static size_t layer_files(struct pack_file out[LAYER_FILES_MAX], const struct layer *l)
{
        size_t n = 0;

        for (; l->files[2 * n]; n++)
                out[n] = (struct pack_file){ l->files[2 * n], str_of(l->files[2 * n + 1]) };
        for (int lang = 0; l->texts && lang < LANG_COUNT; lang++)
                out[n++] = (struct pack_file){ lang == LANG_JA ? "texts/ja.yaml" : "texts/en.yaml", str_of(l->texts) };
        return n;
}

static int load_over(struct pack **out, const struct layer *l, struct seen *s, struct err *e)
{
        struct pack_file files[LAYER_FILES_MAX];
        struct pack_layer_files layers[] = { { "thread", thread_pack(), THREAD_FILES }, { "city", files, layer_files(files, l) } };

        *s = (struct seen){ 0 };
        return pack_load_layers(out, layers, countof(layers), see, s, e);
}

static const struct layer good = {
        { "overlay.yaml", CHANGES CHANGE("a", "add", "roles.mayor") CHANGE("b", "add", "zones.lab") "    before: office\n" CHANGE("c", "replace", "settings")
          CHANGE("d", "replace", "procedures.network-connection") CHANGE("e", "replace", "procedures.network-connection.steps.decide")
          CHANGE("f", "remove", "forms.network-connection.fields.purpose") CHANGE("g", "add", "procedures.network-connection.steps.then")
          "roles:\n  - id: mayor\nzones:\n  - id: lab\n    number: 7\nsettings:\n  grant_valid_hours: 48\n",
          "procedures/network-connection.yaml",
          FORM("max_days: 730\nsteps:\n  - id: decide\n    role: system_manager\n  - id: then\n    kind: approve\n    role: mayor\n") },
        TEXTS("role.mayor.name: \"市長\"\nzone.lab.name: \"試験\"\nrole.staff.name: \"職員\"\nprocedure.network-connection.step.then.title: \"市長の許可\""),
};

static void a_layer_adds_replaces_and_removes(void **state)
{
        const struct pack_procedure *procedure;
        struct pack *p = NULL;
        struct seen s;
        struct err e;

        assert_ok(load_over(&p, &good, &s, &e), e);
        assert_text(p->id, "city");
        assert_int_equal(p->version, 3);
        assert_text(p->roles[3].id, "mayor");
        assert_text(p->zones[0].id, "lab");
        assert_text(p->zones[1].id, "office");
        assert_int_equal(p->settings.grant_valid_hours, 48);
        assert_int_equal(p->settings.session_hours, 10);
        procedure = pack_find_procedure(p, "network-connection");
        assert_int_equal(procedure->max_days, 730);
        assert_int_equal(procedure->steps_count, 2);
        assert_int_equal(procedure->steps[0].kind, STEP_APPROVE);
        assert_text(procedure->steps[0].role, "system_manager");
        assert_text(procedure->steps[1].id, "then");
        assert_null(form_find_field(&p->forms[0], "purpose"));
        assert_text(pack_find_role(p, "staff")->name.in[LANG_JA], "職員");
        assert_text(pack_find_role(p, "system_manager")->name.in[LANG_EN], "Information system manager");
        pack_free(p);
}

static void a_pack_says_what_it_is_laid_together_from(void **state)
{
        struct pack *p = NULL, *base = NULL;
        struct seen s;
        struct err e;

        assert_ok(load_over(&p, &good, &s, &e), e);
        assert_ok(pack_load(&base, thread_pack(), THREAD_FILES, NULL, NULL, &e), e);
        assert_int_equal(p->layers_count, 2);
        assert_text(p->layers[0].id, "thread");
        assert_int_equal(p->layers[0].version, 1);
        assert_text(p->layers[1].id, "city");
        assert_int_equal(p->layers[1].version, 3);
        assert_true(hash_eq(&p->layers[0].hash, &base->hash));
        assert_true(hash_eq(&base->layers[0].hash, &base->hash));
        assert_false(hash_eq(&p->hash, &base->hash));
        assert_int_equal(p->changes_count, 7);
        assert_text(p->changes[0].layer, "city");
        assert_text(p->changes[5].where, "forms.network-connection.fields.purpose");
        assert_int_equal(p->changes[5].act, OVERLAY_REMOVE);
        assert_text(p->changes[5].reason, "規程による");
        assert_true(hash_eq(&p->forms[0].hash, &base->forms[0].hash));      /* no file of this layer speaks of the form */
        assert_int_equal(base->changes_count + base->loosened_count, 0);
        pack_free(base);
        pack_free(p);
}

/* The hash of docs/formats/pack.md, put together by hand. */
static void names_in_the_hash_have_their_layer_in_front(void **state)
{
        struct pack_file files[LAYER_FILES_MAX];
        size_t n = layer_files(files, &good), used = 0;
        char *all = malloc(256 * 1024);
        struct pack *p = NULL;
        struct hash want;
        struct seen s;
        struct err e;

        if (!all)
                abort();
        for (int layer = 0; layer < 2; layer++) {
                const struct pack_file *f = layer ? files : thread_pack();
                size_t count = layer ? n : THREAD_FILES;
                const char *done = "";

                for (size_t i = 0; i < count; i++) {
                        const struct pack_file *least = NULL;

                        for (size_t j = 0; j < count; j++)
                                if (strcmp(f[j].name, done) > 0 && (!least || strcmp(f[j].name, least->name) < 0))
                                        least = &f[j];
                        if (!least)
                                abort();         /* a name twice */
                        used += (size_t)snprintf(all + used, 1024, "%s/%s", layer ? "city" : "thread", least->name) + 1;
                        used += (size_t)snprintf(all + used, 32, "%zu", least->bytes.n) + 1;
                        memcpy(all + used, least->bytes.p, least->bytes.n);
                        used += least->bytes.n;
                        done = least->name;
                }
        }
        want = hash_bytes((struct str){ all, used });
        assert_ok(load_over(&p, &good, &s, &e), e);
        assert_true(hash_eq(&p->hash, &want));
        pack_free(p);
        free(all);
}

/* `want` must be among the mistakes; "" means that the pack loads. */
static const struct { const char *name; struct layer layer; const char *want; } cases[] = {
        { "texts alone need no change", { { "overlay.yaml", HEAD }, TEXTS("role.staff.name: \"職員\"") }, "" },
        { "a text that nobody asks for", { { "overlay.yaml", HEAD }, TEXTS("role.stuff.name: \"職員\"") }, "pack.text.unused city/texts/ja.yaml:3 role.stuff.name " },
        { "a text in one language only", { { "overlay.yaml", HEAD, "texts/ja.yaml", TEXTS("role.staff.name: \"職員\"") }, NULL }, "pack.file.missing city/texts/en.yaml:1  " },
        { "no overlay.yaml", { { "forms/x.yaml", FORM("") }, NULL }, "pack.file.missing city/overlay.yaml:1  " },
        { "a pack.yaml too", { { "overlay.yaml", HEAD, "pack.yaml", HEAD }, NULL }, "pack.overlay.both city/pack.yaml:1  " },
        { "another base", { { "overlay.yaml", "sekisho-pack: 1\nid: city\nversion: 1\nbase: other\n" }, NULL }, "pack.overlay.base city/overlay.yaml:4 other thread" },
        { "its own base", { { "overlay.yaml", "sekisho-pack: 1\nid: thread\nversion: 1\nbase: thread\n" }, NULL }, "pack.overlay.cycle city/overlay.yaml:2 thread " },
        { "no base", { { "overlay.yaml", "sekisho-pack: 1\nid: city\nversion: 1\n" }, NULL }, "pack.schema.missing city/overlay.yaml:1 base " },
        { "a slip in overlay.yaml", { { "overlay.yaml", HEAD "chagnes: x\n" }, NULL }, "pack.schema.unknown city/overlay.yaml:6 chagnes " },
        { "no reason", { { "overlay.yaml", CHANGES "  - id: a\n    act: remove\n    where: roles.staff\n" }, NULL }, "pack.schema.missing city/overlay.yaml:8 reason " },
        { "an empty reason", { { "overlay.yaml", CHANGES "  - id: a\n    act: remove\n    where: roles.staff\n    reason: \" \"\n" }, NULL },
          "pack.schema.reason city/overlay.yaml:11 reason" },
        { "an act that there is not", { { "overlay.yaml", CHANGES CHANGE("a", "delete", "roles.staff") }, NULL }, "pack.schema.enum city/overlay.yaml:9 act: delete add, replace, remove" },
        { "a place that there is not", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "role.staff") }, NULL }, "pack.overlay.where city/overlay.yaml:10 role.staff " },
        { "a list without an id", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "procedures.network-connection.steps") }, NULL },
          "pack.overlay.where city/overlay.yaml:10 procedures.network-connection.steps " },
        { "a file without an id", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "procedures") }, NULL }, "pack.overlay.where city/overlay.yaml:10 procedures " },
        { "settings cannot be removed", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "settings") }, NULL }, "pack.overlay.where city/overlay.yaml:10 settings " },
        { "removing what is not there", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "roles.mayor") }, NULL }, "pack.overlay.absent city/overlay.yaml:10 roles.mayor " },
        { "replacing what is not there", { { "overlay.yaml", CHANGES CHANGE("a", "replace", "zones.lab") "zones:\n  - id: lab\n    number: 9\n" }, NULL },
          "pack.overlay.absent city/overlay.yaml:10 zones.lab " },
        { "adding into what is not there", { { "overlay.yaml", CHANGES CHANGE("a", "add", "procedures.other.steps.a"), "procedures/other.yaml",
            "sekisho-pack: 1\nid: other\nsteps:\n  - id: a\n    kind: approve\n    role: staff\n" }, NULL }, "pack.overlay.absent city/overlay.yaml:10 procedures.other.steps.a " },
        { "adding what is there", { { "overlay.yaml", CHANGES CHANGE("a", "add", "roles.staff") "roles:\n  - id: staff\n" }, NULL },
          "pack.overlay.exists city/overlay.yaml:10 roles.staff " },
        { "a change without its record", { { "overlay.yaml", CHANGES CHANGE("a", "add", "roles.mayor") }, NULL }, "pack.overlay.no-record city/overlay.yaml:10 roles.mayor overlay.yaml" },
        { "a change without its file", { { "overlay.yaml", CHANGES CHANGE("a", "add", "forms.other") }, NULL }, "pack.overlay.no-record city/overlay.yaml:10 forms.other forms/other.yaml" },
        { "a record without its change", { { "overlay.yaml", HEAD "roles:\n  - id: mayor\n" }, NULL }, "pack.overlay.no-change city/overlay.yaml:6 roles " },
        { "one of two records without its change", { { "overlay.yaml", CHANGES CHANGE("a", "add", "roles.mayor") "roles:\n  - id: mayor\n  - id: pref\n" }, NULL },
          "pack.overlay.no-change city/overlay.yaml:14 pref " },
        { "a key without its change", { { "overlay.yaml", CHANGES CHANGE("a", "replace", "procedures.network-connection.steps.decide"),
            "procedures/network-connection.yaml", FORM("max_days: 9\nsteps:\n  - id: decide\n    role: staff\n") }, NULL },
          "pack.overlay.no-change city/procedures/network-connection.yaml:4 max_days " },
        { "a file without its change", { { "overlay.yaml", HEAD, "procedures/network-connection.yaml", FORM("max_days: 9\n") }, NULL },
          "pack.overlay.no-change city/procedures/network-connection.yaml:1 network-connection " },
        { "nothing to replace", { { "overlay.yaml", CHANGES CHANGE("a", "replace", "procedures.network-connection"), "procedures/network-connection.yaml", FORM("") }, NULL },
          "pack.overlay.nothing city/procedures/network-connection.yaml:1 procedures.network-connection " },
        { "a record for what is removed", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "zones.office") "zones:\n  - id: office\n" }, NULL },
          "pack.overlay.remove-given city/overlay.yaml:13 zones.office " },
        { "two changes of one record", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "roles.staff") CHANGE("b", "remove", "roles.staff") }, NULL },
          "pack.overlay.twice city/overlay.yaml:14 roles.staff 8" },
        { "a change within what is removed", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "forms.network-connection")
            CHANGE("b", "remove", "forms.network-connection.fields.mac") }, NULL }, "pack.overlay.within city/overlay.yaml:14 forms.network-connection.fields.mac forms.network-connection" },
        { "in front of what is not there", { { "overlay.yaml", CHANGES CHANGE("a", "add", "roles.mayor") "    before: nobody\nroles:\n  - id: mayor\n" }, NULL },
          "pack.overlay.before city/overlay.yaml:12 nobody roles.mayor" },
        { "in front, when nothing is added", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "roles.staff") "    before: system_manager\n" }, NULL },
          "pack.schema.when city/overlay.yaml:12 before act: add" },
        { "the last of a list that must be there", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "zones.office") }, NULL }, "pack.schema.missing thread/pack.yaml:1 zones " },
        { "what was removed is still referred to", { { "overlay.yaml", CHANGES CHANGE("a", "remove", "roles.section_manager") }, NULL },
          "pack.reference.absent thread/procedures/network-connection.yaml:12 role: section_manager " },
        { "what is replaced refers to nothing", { { "overlay.yaml", CHANGES CHANGE("a", "replace", "procedures.network-connection.steps.decide"),
            "procedures/network-connection.yaml", FORM("steps:\n  - id: decide\n    role: nobody\n") }, NULL },
          "pack.reference.absent city/procedures/network-connection.yaml:6 role: nobody " },
        { "a value that does not fit", { { "overlay.yaml", CHANGES CHANGE("a", "replace", "settings") "settings:\n  session_hours: 999\n" }, NULL },
          "pack.schema.integer city/overlay.yaml:13 session_hours 1–168" },
        { "a list given whole", { { "overlay.yaml", CHANGES CHANGE("a", "replace", "procedures.network-connection"), "procedures/network-connection.yaml",
            FORM("steps:\n  - id: decide\n    kind: approve\n    role: system_manager\n") }, NULL }, "" },
};

static void each_mistake_is_shown_in_its_own_layer(void **state)
{
        for (size_t i = 0; i < countof(cases); i++) {
                struct pack *p = NULL;
                struct seen s;
                struct err e;
                int r = load_over(&p, &cases[i].layer, &s, &e);

                if (*cases[i].want && (r != ERR_INPUT || !strstr(s.all, cases[i].want)))
                        fail_msg("%s: wanted %s, got\n%s", cases[i].name, cases[i].want, s.all);
                if (!*cases[i].want && r != 0)
                        fail_msg("%s: %s", cases[i].name, s.all);
                if ((r == 0) != (p != NULL))
                        fail_msg("%s: refused, and yet a pack", cases[i].name);
                pack_free(p);
        }
}

static void an_overlay_alone_is_no_pack(void **state)
{
        struct pack_file files[LAYER_FILES_MAX];
        struct seen s = { 0 };
        struct pack *p = NULL;
        struct err e;

        assert_int_equal(pack_load(&p, files, layer_files(files, &good), see, &s, &e), ERR_INPUT);
        assert_non_null(strstr(s.all, "pack.overlay.alone overlay.yaml:5 thread "));
        assert_null(p);
}

/* Three layers: each lies on what the ones below made, and says only what it changed itself. */
static void layers_lie_on_layers(void **state)
{
        static const struct layer top = { { "overlay.yaml", "sekisho-pack: 1\nid: bureau\nversion: 1\nbase: city\nchanges:\n"
                CHANGE("a", "replace", "procedures.network-connection.steps.then") CHANGE("b", "remove", "zones.lab"),
                "procedures/network-connection.yaml", FORM("steps:\n  - id: then\n    role: staff\n") }, NULL };
        struct pack_file files[2][LAYER_FILES_MAX];
        struct pack_layer_files layers[] = { { "thread", thread_pack(), THREAD_FILES }, { "city", files[0], layer_files(files[0], &good) },
                                             { "bureau", files[1], layer_files(files[1], &top) } };
        struct seen s = { 0 };
        struct pack *p = NULL;
        struct err e;

        assert_ok(pack_load_layers(&p, layers, 3, see, &s, &e), e);
        assert_text(p->id, "bureau");
        assert_int_equal(p->layers_count, 3);
        assert_int_equal(p->layers[1].version, 3);
        assert_int_equal(p->changes_count, 9);
        assert_text(p->changes[8].layer, "bureau");
        assert_text(pack_find_procedure(p, "network-connection")->steps[1].role, "staff");
        assert_text(pack_find_procedure(p, "network-connection")->steps[0].role, "system_manager");
        assert_int_equal(p->zones_count, 1);
        pack_free(p);
        assert_int_equal(pack_load_layers(&p, layers, 9, see, &s, &e), ERR_INPUT);
        assert_non_null(strstr(s.all, "pack.overlay.many"));
}

/* ---- loosened ---- */

#define MIC CHANGES_OVER("mic-r4")
#define CHANGES_OVER(base) "sekisho-pack: 1\nid: city\nversion: 1\nbase: " base "\nchanges:\n"

/* `want`: clause, list and id of the last step of the path, key; "" when nothing is loosened. */
static const struct { const char *name; struct layer layer; const char *want; } loose[] = {
        { "a longer period is the city's own choice", { { "overlay.yaml", MIC CHANGE("a", "replace", "procedures.network-connection"),
            "procedures/network-connection.yaml", FORM("max_days: 900\n") }, NULL }, "" },
        { "a field that a mechanism names, need not be filled in", { { "overlay.yaml", MIC CHANGE("a", "replace", "forms.network-connection.fields.purpose"),
            "forms/network-connection.yaml", FORM("fields:\n  - id: purpose\n    required: false\n") }, NULL }, "S6.1-N16.b2 fields purpose required" },
        { "that field and its mechanism are gone", { { "overlay.yaml", MIC CHANGE("a", "remove", "forms.network-connection.fields.purpose")
            CHANGE("b", "remove", "mechanisms.net-field-purpose") }, NULL }, "S6.1-N16.b2 mechanisms net-field-purpose " },
        { "the clause itself becomes a recommendation", { { "overlay.yaml", MIC CHANGE("a", "replace", "clauses.S6.1-N16.b2"), "clauses.yaml",
            "sekisho-pack: 1\nclauses:\n  - id: S6.1-N16.b2\n    strength: R\n" }, NULL }, "S6.1-N16.b2 clauses S6.1-N16.b2 strength" },
        { "a mechanism no longer serves it", { { "overlay.yaml", MIC CHANGE("a", "remove", "mechanisms.net-field-purpose.clauses.S6.1-N16.b2")
            CHANGE("b", "add", "mechanisms.net-field-purpose.clauses.S6.1-N16.b1"), "mechanisms.yaml",
            "sekisho-pack: 1\nmechanisms:\n  - id: net-field-purpose\n    clauses:\n      - id: S6.1-N16.b1\n" }, NULL }, "S6.1-N16.b2 clauses S6.1-N16.b2 " },
        { "a mechanism only says so", { { "overlay.yaml", MIC CHANGE("a", "replace", "mechanisms.net-field-purpose"), "mechanisms.yaml",
            "sekisho-pack: 1\nmechanisms:\n  - id: net-field-purpose\n    kind: text\n" }, NULL }, "S6.1-N16.b2 mechanisms net-field-purpose kind" },
        { "a duty and its mechanism are gone", { { "overlay.yaml", MIC CHANGE("a", "remove", "duties.service-review")
            CHANGE("b", "remove", "mechanisms.duty-review") }, NULL }, "S8.2-P.5 duties service-review " },
        { "a duty opens later", { { "overlay.yaml", MIC CHANGE("a", "replace", "duties.service-review"), "duties.yaml",
            "sekisho-pack: 1\nduties:\n  - id: service-review\n    opens: \"30 days before due\"\n" }, NULL },
          "S8.2-P.5 duties service-review opens" },
        { "a duty opens earlier", { { "overlay.yaml", MIC CHANGE("a", "replace", "duties.service-review"), "duties.yaml",
            "sekisho-pack: 1\nduties:\n  - id: service-review\n    opens: \"90 days before due\"\n" }, NULL },
          "" },
        { "a duty is told of more often", { { "overlay.yaml", MIC CHANGE("a", "replace", "duties.service-review"), "duties.yaml",
            "sekisho-pack: 1\nduties:\n  - id: service-review\n    overdue_every: \"every 3 days\"\n" }, NULL },
          "" },
        { "a duty is told of less often", { { "overlay.yaml", MIC CHANGE("a", "replace", "duties.service-review"), "duties.yaml",
            "sekisho-pack: 1\nduties:\n  - id: service-review\n    overdue_every: \"every 30 days\"\n" }, NULL },
          "S8.2-P.5 duties service-review overdue_every" },
        { "another role sees what is overdue", { { "overlay.yaml", MIC CHANGE("a", "replace", "duties.service-review"), "duties.yaml",
            "sekisho-pack: 1\nduties:\n  - id: service-review\n    overdue_role: staff\n" }, NULL },
          "S8.2-P.5 duties service-review overdue_role" },
        { "nobody is reminded a week before", { { "overlay.yaml", MIC CHANGE("a", "remove", "duties.service-review.remind.week") }, NULL },
          "S8.2-P.5 remind week " },
        { "people are reminded a day before only", { { "overlay.yaml", MIC CHANGE("a", "replace", "duties.service-review.remind.week"), "duties.yaml",
            "sekisho-pack: 1\nduties:\n  - id: service-review\n    remind:\n      - id: week\n        at: \"1 day before due\"\n" }, NULL },
          "S8.2-P.5 remind week at" },
        { "and two weeks before instead", { { "overlay.yaml", MIC CHANGE("a", "replace", "duties.service-review.remind.week"), "duties.yaml",
            "sekisho-pack: 1\nduties:\n  - id: service-review\n    remind:\n      - id: week\n        at: \"10 days before due\"\n" }, NULL },
          "" },
};

static void what_serves_a_must_is_not_weakened_in_silence(void **state)
{
        for (size_t i = 0; i < countof(loose); i++) {
                struct pack_file files[LAYER_FILES_MAX];
                size_t n;
                const struct pack_file *base = mic_r4_pack(&n);
                struct pack_layer_files layers[] = { { "mic-r4", base, n }, { "city", files, layer_files(files, &loose[i].layer) } };
                struct seen s = { 0 };
                struct pack *p = NULL;
                char got[2048] = "";
                struct err e;

                if (pack_load_layers(&p, layers, 2, see, &s, &e) < 0)
                        fail_msg("%s: %s", loose[i].name, s.all);
                for (size_t j = 0; j < p->loosened_count; j++) {
                        const struct pack_loosened *l = &p->loosened[j];
                        const struct change_step *last = &l->change->path[l->change->depth - 1];
                        size_t used = strlen(got);

                        assert_text(l->layer, "city");
                        (void)snprintf(got + used, sizeof(got) - used, "%s %s %s %s\n", l->clause ? l->clause : "-", last->list, last->id, l->change->key);
                }
                if (*loose[i].want ? !strstr(got, loose[i].want) : *got != 0)
                        fail_msg("%s: wanted '%s', got\n%s", loose[i].name, loose[i].want, got);
                pack_free(p);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_layer_adds_replaces_and_removes),
                cmocka_unit_test(a_pack_says_what_it_is_laid_together_from),
                cmocka_unit_test(names_in_the_hash_have_their_layer_in_front),
                cmocka_unit_test(each_mistake_is_shown_in_its_own_layer),
                cmocka_unit_test(an_overlay_alone_is_no_pack),
                cmocka_unit_test(layers_lie_on_layers),
                cmocka_unit_test(what_serves_a_must_is_not_weakened_in_silence),
        };

        return unit_run("pack_overlay", tests);
}
