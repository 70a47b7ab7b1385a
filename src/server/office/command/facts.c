/* facts.c - loading a case; see facts.h. */
#include "server/office/command/facts.h"

#include "server/office/store/registers.h"

enum { ANSWERS_MAX = 12 * FORM_ANSWERS_MAX, ROWS_MAX = 1000 };      /* a form, ten sheets */

static char *id_text(struct str s, struct arena *a)
{
        struct uuid id;

        return uuid_parse(s, &id) ? arena_copy(a, s.p, s.n) : NULL;
}

const struct pack_procedure *facts_procedure(const struct pack *pack, const struct row *application)
{
        for (size_t i = 0; i < pack->procedures_count; i++)
                if (row_is(application, APPLICATION_procedure, pack->procedures[i].id))
                        return &pack->procedures[i];
        return NULL;
}

const struct pack_form *facts_form(const struct pack *pack, const struct row *application)
{
        for (size_t i = 0; i < pack->forms_count; i++)
                if (row_is(application, APPLICATION_form, pack->forms[i].id))
                        return &pack->forms[i];
        return NULL;
}

const struct pack *facts_pack(const struct office *o, const struct row *application)
{
        struct str hash = row_get_text(application, APPLICATION_pack);

        return hash.n ? office_pack(o, hash) : o->pack; /* before packs were kept, an install had one */
}

static int load_list(struct row_list *out, struct db *db, enum table t, const char *id, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_of(&rows, &n, db, t, id, ROWS_MAX, a, e);

        if (r == ERR_OK)
                *out = (struct row_list){ rows, n };
        return r;
}

static int load_by(struct row_list *out, struct db *db, enum rows_by by, const char *id, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, db, by, str_of(id), a, e);

        if (r == ERR_OK)
                *out = (struct row_list){ rows, n };
        return r;
}

/* ---- answers ---- */

/* One answer a field, empty where no row is. */
static size_t add_answers(struct answer *out, const struct pack_form *form, const struct row *rows, size_t n)
{
        for (size_t i = 0; i < form->fields_count; i++) {
                out[i].field = &form->fields[i];
                out[i].value = STR("");
                for (size_t k = 0; k < n; k++)
                        if (strcmp(rows[k].k, form->fields[i].id) == 0)
                                out[i].value = row_get_text(&rows[k], ANSWER_value);
        }
        return form->fields_count;
}

static int load_answers(struct case_facts *f, struct db *db, const struct pack *pack, const char *id, struct arena *a, struct err *e)
{
        const struct pack_form *form = facts_form(pack, &f->application), *sheet;
        const struct pack_procedure *p = facts_procedure(pack, &f->application);
        struct answer *answers;
        struct row *rows = NULL;
        size_t n = 0, have = 0;
        int r = store_rows_of(&rows, &n, db, TABLE_ANSWER, id, ANSWERS_MAX, a, e);

        if (r < 0)
                return r;
        f->answer_rows = rows;
        f->answer_rows_count = n;
        if (!form)
                return ERR_OK;
        answers = arena_array(a, ANSWERS_MAX, sizeof(*answers));
        if (!answers)
                return err_set(e, ERR_NOMEM, "answers");
        have = add_answers(answers, form, rows, n);
        for (size_t i = 0; p && i < p->sheets_count && have + FORM_ANSWERS_MAX <= ANSWERS_MAX; i++) {
                sheet = pack_find_form(pack, p->sheets[i].id);
                if (sheet)
                        have += add_answers(answers + have, sheet, rows, n);
        }
        f->answers = answers;
        f->answers_count = have;
        return ERR_OK;
}

/* Steps in the pack's order; a step the pack no longer has comes last. */
static int load_steps(struct case_facts *f, struct db *db, const struct pack *pack, const char *id, struct arena *a, struct err *e)
{
        const struct pack_procedure *p = facts_procedure(pack, &f->application);
        struct row *rows = NULL;
        size_t n = 0;
        int r = store_rows_of(&rows, &n, db, TABLE_STEP, id, PROCEDURE_STEPS_MAX, a, e);

        if (r < 0)
                return r;
        for (size_t s = 0; p && s < p->steps_count; s++)
                for (size_t i = 0; i < n; i++)
                        if (rows[i].rev && strcmp(rows[i].k, p->steps[s].id) == 0) {
                                f->steps[f->steps_count++] = rows[i];
                                rows[i].rev = 0; /* taken */
                        }
        for (size_t i = 0; i < n; i++)
                if (rows[i].rev)
                        f->steps[f->steps_count++] = rows[i];
        return ERR_OK;
}

/* ---- what it is about ---- */

/* Core says which answer it is: a successor is a service too. */
static const char *answer_id(const struct pack_field *field, const struct answer *answers, size_t n, struct arena *a)
{
        for (size_t i = 0; field && i < n; i++)
                if (strcmp(answers[i].field->id, field->id) == 0 && answers[i].value.n)
                        return id_text(answers[i].value, a);
        return NULL;
}

static int load_people(struct row_list *out, struct db *db, const struct answer *answers, size_t n, struct arena *a, struct err *e)
{
        struct row *rows = NULL;
        size_t have = 0, room = 0;

        for (size_t i = 0; i < n; i++)
                room += answers[i].field->type == FIELD_PERSON && answers[i].value.n;
        rows = room ? arena_array(a, room, sizeof(*rows)) : NULL;
        if (room && !rows)
                return err_set(e, ERR_NOMEM, "people");
        for (size_t i = 0; i < n && have < room; i++) {
                const char *id = answers[i].field->type == FIELD_PERSON && answers[i].value.n ? id_text(answers[i].value, a) : NULL;
                int r = id ? store_row(&rows[have], db, TABLE_PERSON, id, NULL, a, e) : ERR_OK;

                if (r < 0)
                        return r;
                have += id && rows[have].rev;
        }
        *out = (struct row_list){ rows, have };
        return ERR_OK;
}

static int load_service(struct subject *s, struct db *db, const char *id, struct arena *a, struct err *e)
{
        int r = store_row(&s->service, db, TABLE_SERVICE, id, NULL, a, e);

        if (r == ERR_OK)
                r = load_list(&s->service_ratings, db, TABLE_RATING, id, a, e);
        return r == ERR_OK ? load_by(&s->subcontractors, db, SUBS_OF_SERVICE, id, a, e) : r;
}

int facts_subject(struct subject *out, struct db *db, const struct pack_procedure *p, const struct pack_form *form, const struct answer *answers, size_t n,
                  struct arena *a, struct err *e)
{
        const char *service = answer_id(procedure_service_field(p, form), answers, n, a), *target = answer_id(procedure_target_field(p, form), answers, n, a);
        int r;

        *out = (struct subject){ .service.table = TABLE_SERVICE, .target.table = TABLE_APPLICATION };
        r = service ? load_service(out, db, service, a, e) : ERR_OK;
        if (r == ERR_OK && target)
                r = store_row(&out->target, db, TABLE_APPLICATION, target, NULL, a, e);
        return r == ERR_OK ? load_people(&out->people, db, answers, n, a, e) : r;
}

/* Who may be in the register already: the answers that register-service would take. */
static int load_providers(struct case_facts *f, struct db *db, const struct pack_procedure *p, struct arena *a, struct err *e)
{
        for (size_t i = 0; p && i < p->effects_count; i++) {
                const struct answer *name = p->effects[i].provider_field ? facts_answer(f, p->effects[i].provider_field) : NULL;

                if (name && name->value.n)
                        return load_by(&f->providers, db, PROVIDERS_NAMED, arena_copy(a, name->value.p, name->value.n), a, e);
        }
        return ERR_OK;
}

/* Those of the same name that are in use without approval: an approval is for them. */
static int load_twins(struct case_facts *f, struct db *db, const struct pack_procedure *p, struct arena *a, struct err *e)
{
        for (size_t i = 0; p && i < p->effects_count; i++) {
                const struct answer *name = p->effects[i].kind == EFFECT_REGISTER_SERVICE ? facts_answer(f, p->effects[i].name_field) : NULL;

                if (name && name->value.n)
                        return load_by(&f->twins, db, SERVICES_NAMED, arena_copy(a, name->value.p, name->value.n), a, e);
        }
        return ERR_OK;
}

/* What effects may change or end besides the service itself. */
static int add_hanging(struct row_list *list, struct db *db, const char *service, struct arena *a, struct err *e)
{
        static const enum table tables[] = { TABLE_USE, TABLE_CERTIFICATE, TABLE_CONTRACT, TABLE_FLOW, TABLE_RESPONSIBILITY };
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(tables); i++) {
                const struct register_info *reg = register_of_table(tables[i]);
                const struct register_filter f = { .of = str_of(service), .state = str_of(reg->live), .limit = ROWS_MAX };
                struct row *rows = NULL, *all;
                size_t n = 0;

                r = query_register(&rows, &n, db, reg, &f, a, e);
                all = r == ERR_OK && n ? arena_array(a, list->n + n, sizeof(*all)) : NULL;
                if (r < 0 || !n)
                        continue;
                if (!all)
                        return err_set(e, ERR_NOMEM, "rows of a service");
                if (list->n)
                        memcpy(all, list->rows, list->n * sizeof(*all));
                memcpy(all + list->n, rows, n * sizeof(*all));
                *list = (struct row_list){ all, list->n + n };
        }
        return r;
}

static bool fills_registers(const struct pack_procedure *p)
{
        for (size_t i = 0; p && i < p->effects_count; i++)
                if (p->effects[i].kind == EFFECT_REGISTER_USE || p->effects[i].kind == EFFECT_REGISTER_SERVICE || p->effects[i].kind == EFFECT_END_SERVICE ||
                    p->effects[i].kind == EFFECT_ROWS)
                        return true;
        return false;
}

/* Only while somebody may still approve it. */
static int load_registers(struct case_facts *f, struct db *db, const struct pack_procedure *p, struct arena *a, struct err *e)
{
        int r = ERR_OK;

        if (!fills_registers(p) || !row_is(&f->application, APPLICATION_state, "submitted"))
                return ERR_OK;
        r = load_twins(f, db, p, a, e);
        if (r == ERR_OK && f->service.rev)
                r = add_hanging(&f->hanging, db, f->service.id, a, e);
        for (size_t i = 0; r == ERR_OK && i < f->twins.n; i++)
                if (row_is(&f->twins.rows[i], SERVICE_state, "transitional"))
                        r = add_hanging(&f->hanging, db, f->twins.rows[i].id, a, e);
        return r;
}

/* What the application's row names: a service that it registered is named there, and nowhere in its answers. */
static int load_subject(struct case_facts *f, struct db *db, struct arena *a, struct err *e)
{
        const char *service = id_text(row_get_text(&f->application, APPLICATION_service), a), *target = id_text(row_get_text(&f->application, APPLICATION_target), a);
        struct subject s = { .service.table = TABLE_SERVICE };
        int r = service ? load_service(&s, db, service, a, e) : ERR_OK;

        f->target.table = TABLE_APPLICATION;
        if (r == ERR_OK && target)
                r = store_row(&f->target, db, TABLE_APPLICATION, target, NULL, a, e);
        if (r == ERR_OK && target)
                r = load_list(&f->target_exceptions, db, TABLE_EXCEPTION, target, a, e);
        if (r == ERR_OK)
                r = load_people(&f->people, db, f->answers, f->answers_count, a, e);
        f->service = s.service;
        f->service_ratings = s.service_ratings;
        f->subcontractors = s.subcontractors;
        return r;
}

/* Somebody who has left has no role any more, but stays who filed it. */
static int load_actor(struct actor *out, struct db *db, struct str person, utime_t now, struct arena *a, struct err *e)
{
        const char *id = id_text(person, a);
        int r = id ? query_actor(out, db, id, now, a, e) : ERR_OK;

        if (r == ERR_ABSENT) {
                *out = (struct actor){ .person = id };
                err_clear(e);
                r = ERR_OK;
        }
        return r;
}

/* ---- the whole ---- */

static int load_rest(struct case_facts *f, struct db *db, const struct pack *pack, const char *id, utime_t now, struct arena *a, struct err *e)
{
        static const struct { enum table table; size_t at; } lists[] = {
                { TABLE_RATING, offsetof(struct case_facts, ratings) },
                { TABLE_CRITERION, offsetof(struct case_facts, criteria) },
                { TABLE_EXCEPTION, offsetof(struct case_facts, exceptions) },
        };
        struct str permit = row_get_text(&f->application, APPLICATION_permit);
        int r = load_steps(f, db, pack, id, a, e);

        if (r == ERR_OK)
                r = load_answers(f, db, pack, id, a, e);
        if (r == ERR_OK && permit.n)
                r = store_row(&f->permit, db, TABLE_PERMIT, arena_copy(a, permit.p, permit.n), NULL, a, e);
        for (size_t i = 0; r == ERR_OK && i < countof(lists); i++)
                r = load_list((struct row_list *)(void *)((char *)f + lists[i].at), db, lists[i].table, id, a, e);
        if (r == ERR_OK)
                r = load_by(&f->duties, db, DUTIES_OF_APP, id, a, e);
        if (r == ERR_OK)
                r = load_subject(f, db, a, e);
        if (r == ERR_OK)
                r = load_providers(f, db, facts_procedure(pack, &f->application), a, e);
        if (r == ERR_OK)
                r = load_registers(f, db, facts_procedure(pack, &f->application), a, e);
        if (r == ERR_OK)
                r = load_actor(&f->applicant, db, row_get_text(&f->application, APPLICATION_applicant), now, a, e);
        return r == ERR_OK ? load_actor(&f->drafter, db, row_get_text(&f->application, APPLICATION_drafter), now, a, e) : r;
}

int facts_load(struct case_facts *out, const struct pack **pack, struct office *o, struct db *db, struct str application, utime_t now,
               struct arena *a, struct err *e)
{
        struct case_facts *f = arena_new(a, struct case_facts);
        const char *id = id_text(application, a);
        int r;

        if (!id || !f)
                return err_key(e, ERR_ABSENT, "application.absent", "", NULL);
        r = store_row(&f->application, db, TABLE_APPLICATION, id, NULL, a, e);
        if (r < 0)
                return r;
        if (!f->application.rev)
                return err_key(e, ERR_ABSENT, "application.absent", "", NULL);
        *pack = facts_pack(o, &f->application);
        if (!*pack)
                *pack = o->pack;
        r = load_rest(f, db, *pack, id, now, a, e);
        if (r == ERR_OK)
                *out = *f;
        return r;
}

int facts_of_duty(struct duty_facts *out, struct db *db, struct str duty, struct arena *a, struct err *e)
{
        static const struct { enum table table; int id, k; size_t at; } named[] = {
                { TABLE_PERSON, DUTY_person, -1, offsetof(struct duty_facts, person) },
                { TABLE_SERVICE, DUTY_service, -1, offsetof(struct duty_facts, service) },
                { TABLE_STEP, DUTY_application, DUTY_what, offsetof(struct duty_facts, step) },
        };
        const char *id = id_text(duty, a);
        struct duty_facts f = { .duty.rev = 0 };
        int r = id ? store_row(&f.duty, db, TABLE_DUTY, id, NULL, a, e) : ERR_OK;

        if (r == ERR_OK && !f.duty.rev)
                r = err_key(e, ERR_ABSENT, "duty.absent", "", NULL);
        for (size_t i = 0; r == ERR_OK && i < countof(named); i++) {
                const char *at = id_text(row_get_text(&f.duty, named[i].id), a);
                struct str k = named[i].k < 0 ? STR("") : row_get_text(&f.duty, named[i].k);

                if (at && (named[i].k < 0 || row_is(&f.duty, DUTY_kind, "condition")))
                        r = store_row((struct row *)(void *)((char *)&f + named[i].at), db, named[i].table, at,
                                      named[i].k < 0 ? NULL : arena_copy(a, k.p, k.n), a, e);
        }
        if (r == ERR_OK)
                *out = f;
        return r;
}

int facts_of_permit(struct case_facts *out, const struct pack **pack, struct office *o, struct db *db, struct str permit, utime_t now,
                    struct arena *a, struct err *e)
{
        const char *id = id_text(permit, a);
        struct row row;
        int r;

        if (!id)
                return err_key(e, ERR_ABSENT, "permit.absent", "", NULL);
        r = store_row(&row, db, TABLE_PERMIT, id, NULL, a, e);
        if (r < 0)
                return r;
        return row.rev ? facts_load(out, pack, o, db, row_get_text(&row, PERMIT_application), now, a, e) : err_key(e, ERR_ABSENT, "permit.absent", "", NULL);
}

bool actor_sees_all(const struct actor *who)
{
        static const char *const roles[] = { "secretariat", "system_manager", "auditor" };
        bool all = false;

        for (size_t i = 0; i < countof(roles); i++)
                all |= actor_has(who, roles[i]);
        return all;
}

bool facts_seen_by(const struct pack *pack, const struct case_facts *f, const struct actor *who, utime_t now)
{
        static const int people[] = { STEP_decider, STEP_principal, STEP_entered_by };
        const char *me = who->person;
        bool sees = actor_sees_all(who) || (procedure_may(pack, f, who, now) & MAY_SEE);

        for (size_t i = 0; i < f->steps_count; i++)
                for (size_t k = 0; k < countof(people); k++)
                        sees |= row_is(&f->steps[i], people[k], me);
        return sees || row_is(&f->service, SERVICE_manager, me) || row_is(&f->service, SERVICE_deputy, me);
}
