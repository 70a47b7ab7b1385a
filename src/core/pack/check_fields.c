/* check_fields.c - fields, questions and ids, before names are built; see check.h. */
#include "core/pack/check.h"

#include "core/pack/names.h"

enum { TABLE_ROWS_MAX = 100 };

static void say(struct filler *f, const char *key, const void *record, const char *at, const char *what)
{
        mistake(f->mistakes, key, fill_place(f, record, at), what, "");
}

/* ---- one field ---- */

static bool is_country(const struct pack_field *field)
{
        return field->type == FIELD_COUNTRY || field->type == FIELD_COUNTRIES;
}

static bool is_plain(const struct pack_field *column)
{
        static const unsigned plain = 1u << FIELD_TEXT | 1u << FIELD_LINES | 1u << FIELD_CHOICE | 1u << FIELD_YES_NO | 1u << FIELD_INTEGER |
                                      1u << FIELD_DATE | 1u << FIELD_COUNTRY;

        return plain >> column->type & 1;
}

static void check_field(struct filler *f, const struct pack *p, const struct pack_field *field)
{
        bool chosen = field->type == FIELD_CHOICE || field->type == FIELD_CHOICES;

        if (chosen && !field->choices && !field->list)
                say(f, "pack.field.choices", field, "type", field->id);
        if (field->choices && field->list)
                say(f, "pack.field.choices-twice", field, "list", field->id);
        if (is_country(field) && !p->countries_count)
                say(f, "pack.field.countries", field, "type", field->id);
        if (field->high && field->low > field->high)
                say(f, "pack.field.range", field, "low", field->id);
        if (field->type == FIELD_TABLE && (field->low > TABLE_ROWS_MAX || field->high > TABLE_ROWS_MAX))
                say(f, "pack.field.rows", field, field->high > TABLE_ROWS_MAX ? "high" : "low", field->id);
        if (field->required && field->required_when.source)
                say(f, "pack.field.required", field, "required_when", field->id);
        for (size_t i = 0; i < p->axes_count; i++)
                if (strcmp(field->id, p->axes[i].id) == 0)
                        say(f, "pack.field.axis", field, "id", field->id);
        for (size_t i = 0; i < field->columns_count; i++) {
                if (!is_plain(&field->columns[i]))
                        say(f, "pack.field.column", &field->columns[i], "type", field->columns[i].id);
                check_field(f, p, &field->columns[i]);
        }
}

/* With topics each field has a page and each page a field; the questions of classes.yaml are on the first. */
static void check_topics(struct filler *f, const struct pack_form *form)
{
        for (size_t j = 0; form->topics_count && j < form->fields_count; j++)
                if (!form->fields[j].under)
                        say(f, "pack.field.topic", &form->fields[j], "id", form->fields[j].id);
        for (size_t i = 0; i < form->topics_count; i++) {
                bool asked = i == 0 && form->classified;

                for (size_t j = 0; j < form->fields_count && !asked; j++)
                        asked = form->fields[j].under && strcmp(form->fields[j].under, form->topics[i].id) == 0;
                if (!asked)
                        say(f, "pack.topic.empty", &form->topics[i], "id", form->topics[i].id);
        }
}

void check_fields(struct filler *f, const struct pack *p)
{
        for (size_t i = 0; i < p->questions_count; i++)
                check_field(f, p, &p->questions[i]);
        for (size_t i = 0; i < p->forms_count; i++) {
                for (size_t j = 0; j < p->forms[i].fields_count; j++)
                        check_field(f, p, &p->forms[i].fields[j]);
                check_topics(f, &p->forms[i]);
        }
}

/* ---- ids that one set of names holds ---- */

static const struct pack_field *field_find(const struct pack_field *fields, size_t n, const char *id)
{
        for (size_t i = 0; i < n; i++)
                if (strcmp(fields[i].id, id) == 0)
                        return &fields[i];
        return NULL;
}

/* Fields of `form` whose id `with` has, too. */
static void check_apart(struct filler *f, const struct pack_form *form, const struct pack_field *with, size_t n)
{
        for (size_t i = 0; i < form->fields_count; i++) {
                const struct pack_field *same = field_find(with, n, form->fields[i].id);
                struct place at;
                char first[ERR_ARG_MAX];

                if (!same)
                        continue;
                at = fill_place(f, same, "id");
                (void)snprintf(first, sizeof(first), "%s:%u", at.file, at.line);
                mistake(f->mistakes, "pack.use.same-field", fill_place(f, &form->fields[i], "id"), form->fields[i].id, first);
        }
}

static void check_names(struct filler *f, const struct pack *p, const struct pack_procedure *procedure, const struct pack_form *main)
{
        if (main->classified)
                check_apart(f, main, p->questions, p->questions_count);
        for (size_t i = 0; i < procedure->sheets_count; i++) {
                const struct pack_form *sheet = pack_find_form(p, procedure->sheets[i].id);

                check_apart(f, sheet, main->fields, main->fields_count);
                if (main->classified)
                        check_apart(f, sheet, p->questions, p->questions_count);
                for (size_t j = 0; j < i; j++) {
                        const struct pack_form *other = pack_find_form(p, procedure->sheets[j].id);

                        check_apart(f, sheet, other->fields, other->fields_count);
                }
        }
}

/* ---- who uses what ---- */

static bool has_sheet(const struct pack_procedure *procedure, const char *form)
{
        for (size_t i = 0; i < procedure->sheets_count; i++)
                if (strcmp(procedure->sheets[i].id, form) == 0)
                        return true;
        return false;
}

static bool has_criteria(const struct pack_procedure *procedure, const char *criteria)
{
        for (size_t i = 0; i < procedure->steps_count; i++)
                if (procedure->steps[i].criteria && strcmp(procedure->steps[i].criteria, criteria) == 0)
                        return true;
        return false;
}

static bool is_used(const struct pack *p, bool (*uses)(const struct pack_procedure *, const char *), const char *id)
{
        for (size_t i = 0; i < p->procedures_count; i++)
                if (uses(&p->procedures[i], id))
                        return true;
        return false;
}

static void check_forms(struct filler *f, const struct pack *p)
{
        for (const struct pack_form *form = p->forms; form < p->forms + p->forms_count; form++) {
                bool handled = p->incident_form && strcmp(p->incident_form, form->id) == 0;

                if (form->sheet && !handled && !is_used(p, has_sheet, form->id))
                        say(f, "pack.use.sheet", form, "sheet", form->id);
                if (form->classified && !p->questions_count)
                        say(f, "pack.use.classified", form, "classified", form->id);
                for (const struct pack_form *other = p->forms; form->procedure && other < form; other++)
                        if (other->procedure && strcmp(other->procedure, form->procedure) == 0)
                                say(f, "pack.use.form-twice", form, "procedure", form->procedure);
        }
}

static void check_procedure(struct filler *f, const struct pack *p, const struct pack_procedure *procedure)
{
        const struct pack_form *main = names_form(p, procedure);
        unsigned before = f->mistakes->structure;

        for (size_t i = 0; i < procedure->sheets_count; i++)
                if (!pack_find_form(p, procedure->sheets[i].id)->sheet)
                        say(f, "pack.use.no-sheet", &procedure->sheets[i], "id", procedure->sheets[i].id);
        if (!main)
                say(f, "pack.use.no-form", procedure, "id", procedure->id);
        else if (before == f->mistakes->structure)
                check_names(f, p, procedure, main);
}

/* Exceptions name rules and criteria by their id alone. */
static void check_items(struct filler *f, const struct pack *p)
{
        for (size_t i = 0; i < p->procedures_count; i++)
                for (size_t j = 0; j < p->procedures[i].rules_count; j++) {
                        const struct pack_rule *rule = &p->procedures[i].rules[j];
                        bool same = pack_find_criterion(p, rule->id);

                        for (size_t k = 0; !same && k < i; k++)
                                for (size_t l = 0; l < p->procedures[k].rules_count; l++)
                                        same |= strcmp(p->procedures[k].rules[l].id, rule->id) == 0;
                        if (same)
                                say(f, "pack.use.same-item", rule, "id", rule->id);
                }
        for (size_t i = 0; i < p->criteria_count; i++)
                for (size_t j = 0; j < p->criteria[i].criteria_count; j++) {
                        const struct pack_criterion *c = &p->criteria[i].criteria[j];

                        if (pack_find_criterion(p, c->id) != c)
                                say(f, "pack.use.same-item", c, "id", c->id);
                }
}

void check_use(struct filler *f, const struct pack *p)
{
        check_forms(f, p);
        for (size_t i = 0; i < p->criteria_count; i++)
                if (!is_used(p, has_criteria, p->criteria[i].id))
                        say(f, "pack.use.criteria", &p->criteria[i], "id", p->criteria[i].id);
        for (size_t i = 0; i < p->procedures_count; i++)
                check_procedure(f, p, &p->procedures[i]);
        check_items(f, p);
}
