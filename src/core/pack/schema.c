/* schema.c - see schema.h. The order of the rows is the order in which what is missing is reported. */
#include "core/pack/schema.h"

static const char *const field_names[] = {
#define X(id, name) name,
        FIELD_TYPES(X)
#undef X
        NULL
};

static const char *const step_names[] = {
#define X(id, name) name,
        STEP_KINDS(X)
#undef X
        NULL
};

static const char *const effect_names[] = {
#define X(id, name) name,
        EFFECT_KINDS(X)
#undef X
        NULL
};

static const char *const strength_names[] = {
#define X(id, name) name,
        STRENGTHS(X)
#undef X
        NULL
};

static const char *const mechanism_names[] = {
#define X(id, name) name,
        MECHANISM_KINDS(X)
#undef X
        NULL
};

static const char *const state_names[] = {
#define X(id, name) name,
        MECHANISM_STATES(X)
#undef X
        NULL
};

static const char *const carrier_names[] = {
#define X(id, name) name,
        CARRIERS(X)
#undef X
        NULL
};

#define AT(s, m)    .offset = offsetof(struct s, m), .width = sizeof(((struct s *)NULL)->m)
#define KEY(s, m)   .name = #m, AT(s, m)
#define MUST        .required = true
#define FORMAT      { .name = "sekisho-pack", .type = SCHEMA_FORMAT, MUST }
#define ID(s)       { KEY(s, id), .type = SCHEMA_ID, MUST, .unique = true }
#define RECORDS(s, m, kind, most) \
        KEY(s, m), .type = SCHEMA_RECORDS, .count_offset = offsetof(struct s, m##_count), .refers = (kind), .low = 1, .high = (most)
#define INTEGER(s, m, least, most)  KEY(s, m), .type = SCHEMA_INTEGER, .low = (least), .high = (most)
#define REFERENCE(s, m, kind)       KEY(s, m), .type = SCHEMA_REFERENCE, .refers = (kind)
#define NAMES(s, m, list)           KEY(s, m), .type = SCHEMA_ENUM, .names = (list)
#define FIELD(s, m, which)          KEY(s, m), .type = SCHEMA_FIELD, .field = (which)
#define TEXT(s, m, must)            { #m, offsetof(struct s, m), must }

static const struct schema_key pack_keys[] = {
        FORMAT,
        ID(pack),
        { INTEGER(pack, version, 1, 1000000), MUST },
        { RECORDS(pack, roles, KIND_ROLE, 200), MUST },
        { RECORDS(pack, zones, KIND_ZONE, 200), MUST },
        { RECORDS(pack, eras, KIND_ERA, 20), MUST },
        { KEY(pack, settings), .type = SCHEMA_RECORD, .refers = KIND_SETTINGS, MUST },
};
static const struct schema_text pack_texts[] = { TEXT(pack, title, true) };

static const struct schema_key role_keys[] = { ID(pack_role) };
static const struct schema_text role_texts[] = { TEXT(pack_role, name, true) };

static const struct schema_key zone_keys[] = {
        ID(pack_zone),
        { INTEGER(pack_zone, number, 1, 65535), MUST, .unique = true },
};
static const struct schema_text zone_texts[] = { TEXT(pack_zone, name, true) };

static const struct schema_key era_keys[] = {
        { KEY(pack_era, id), .type = SCHEMA_CODE, MUST, .unique = true },
        { INTEGER(pack_era, first_year, 1900, 9999), MUST, .unique = true },
};
static const struct schema_text era_texts[] = { TEXT(pack_era, name, true) };

/* The ranges are what the programs can bear, not what is wise: that is the pack's. */
static const struct schema_key settings_keys[] = {
        { INTEGER(pack_settings, grant_valid_hours, 1, 24 * 31), MUST },
        { INTEGER(pack_settings, session_idle_minutes, 1, 24 * 60), MUST },
        { INTEGER(pack_settings, session_hours, 1, 24 * 7), MUST },
        { INTEGER(pack_settings, enrol_code_hours, 1, 24 * 31), MUST },
        { INTEGER(pack_settings, retention_years, 1, 100), MUST },
};

static const struct schema_key form_keys[] = {
        FORMAT,
        ID(pack_form),
        { KEY(pack_form, number_code), .type = SCHEMA_CODE, MUST, .unique = true },
        { REFERENCE(pack_form, procedure, KIND_PROCEDURE), MUST },
        { RECORDS(pack_form, fields, KIND_FIELD, 200), MUST },
};
static const struct schema_text form_texts[] = { TEXT(pack_form, title, true), TEXT(pack_form, intro, false) };

static const char *const text_types[] = { "text", "lines", NULL }, *const choice_types[] = { "choice", NULL };
static const struct schema_when when_text = { "type", text_types, false, false }, when_choice = { "type", choice_types, true, false };

static const struct schema_key field_keys[] = {
        ID(pack_field),
        { NAMES(pack_field, type, field_names), MUST },
        { KEY(pack_field, required), .type = SCHEMA_BOOL },
        { KEY(pack_field, personal), .type = SCHEMA_BOOL },
        { INTEGER(pack_field, max_chars, 1, 4000), .when = &when_text },
        { RECORDS(pack_field, choices, KIND_CHOICE, 200), .when = &when_choice },
};
static const struct schema_text field_texts[] = {
        TEXT(pack_field, label, true), TEXT(pack_field, help, false), TEXT(pack_field, sample, false), TEXT(pack_field, rule, false),
};

static const struct schema_key choice_keys[] = { ID(pack_choice) };
static const struct schema_text choice_texts[] = { TEXT(pack_choice, label, true) };

static const struct schema_key procedure_keys[] = {
        FORMAT,
        ID(pack_procedure),
        { REFERENCE(pack_procedure, apply_role, KIND_ROLE), MUST },
        { INTEGER(pack_procedure, max_days, 1, 3660) },
        { RECORDS(pack_procedure, steps, KIND_STEP, 20), MUST },
        { RECORDS(pack_procedure, effects, KIND_EFFECT, 10) },
};
static const struct schema_text procedure_texts[] = { TEXT(pack_procedure, title, true) };

static const struct schema_key step_keys[] = {
        ID(pack_step),
        { NAMES(pack_step, kind, step_names), MUST },
        { REFERENCE(pack_step, role, KIND_ROLE), MUST },
};
static const struct schema_text step_texts[] = { TEXT(pack_step, title, true) };

static const struct schema_key effect_keys[] = {
        ID(pack_effect),
        { NAMES(pack_effect, kind, effect_names), MUST },
        { FIELD(pack_effect, key_field, FIELD_MAC), MUST },
        { FIELD(pack_effect, until_field, FIELD_MOMENT), MUST },
        { REFERENCE(pack_effect, zone, KIND_ZONE), MUST },
};

static const struct schema_key section_keys[] = { { KEY(pack_section, id), .type = SCHEMA_SECTION, MUST, .unique = true } };
static const struct schema_text section_texts[] = { TEXT(pack_section, title, true) };

static const char *const binding[] = { "M", "N", "R", "C", NULL };
static const struct schema_when when_binding = { "strength", binding, true, true };

static const struct schema_key actor_keys[] = { { REFERENCE(pack_link, id, KIND_ROLE), MUST, .unique = true } };

static const struct schema_key clause_keys[] = {
        { KEY(pack_clause, id), .type = SCHEMA_CLAUSE, .refers = KIND_SECTION, MUST, .unique = true },
        { NAMES(pack_clause, strength, strength_names), MUST },
        { NAMES(pack_clause, also, strength_names) },
        { KEY(pack_clause, slide), .type = SCHEMA_SLIDE },
        { REFERENCE(pack_clause, derives_from, KIND_CLAUSE) },
        { RECORDS(pack_clause, actors, KIND_ACTOR, 20), .when = &when_binding },
};
static const struct schema_text clause_texts[] = { TEXT(pack_clause, text, true), TEXT(pack_clause, note, false) };

static const struct schema_key clauses_keys[] = {
        FORMAT,
        { RECORDS(pack, sections, KIND_SECTION, 100), MUST },
        { RECORDS(pack, clauses, KIND_CLAUSE, 1000), MUST },
};

static const struct schema_key served_keys[] = { { REFERENCE(pack_link, id, KIND_CLAUSE), MUST, .unique = true } };
static const struct schema_key proof_keys[] = { { KEY(pack_link, id), .type = SCHEMA_TEST, MUST, .unique = true } };

static const char *const built[] = { "built", NULL };
static const struct schema_when when_built = { "state", built, false, false };

static const struct schema_key mechanism_keys[] = {
        ID(pack_mechanism),
        { NAMES(pack_mechanism, kind, mechanism_names), MUST },
        { NAMES(pack_mechanism, state, state_names), MUST },
        { NAMES(pack_mechanism, carrier, carrier_names), MUST },
        { KEY(pack_mechanism, where), .type = SCHEMA_WHERE, MUST },
        { RECORDS(pack_mechanism, clauses, KIND_SERVED, 200), MUST },
        { RECORDS(pack_mechanism, proven, KIND_PROOF, 50), .when = &when_built },
};
static const struct schema_text mechanism_texts[] = { TEXT(pack_mechanism, name, true) };

static const struct schema_key mechanisms_keys[] = {
        FORMAT,
        { RECORDS(pack, mechanisms, KIND_MECHANISM, 1000), MUST },
};

#define KEYS(k)       .keys = k##_keys, .keys_count = countof(k##_keys)
#define TEXTS(k)      .texts = k##_texts, .texts_count = countof(k##_texts)
#define KEPT(m)       .list = offsetof(struct pack, m), .count = offsetof(struct pack, m##_count)

static const struct schema schemas[KIND_COUNT] = {
        [KIND_PACK]      = { "pack", true, sizeof(struct pack), KEYS(pack), TEXTS(pack) },
        [KIND_ROLE]      = { "role", false, sizeof(struct pack_role), KEYS(role), TEXTS(role), KEPT(roles) },
        [KIND_ZONE]      = { "zone", false, sizeof(struct pack_zone), KEYS(zone), TEXTS(zone), KEPT(zones) },
        [KIND_ERA]       = { "era", false, sizeof(struct pack_era), KEYS(era), TEXTS(era), KEPT(eras) },
        [KIND_SETTINGS]  = { "settings", false, sizeof(struct pack_settings), KEYS(settings) },
        [KIND_FORM]      = { "form", false, sizeof(struct pack_form), KEYS(form), TEXTS(form), KEPT(forms) },
        [KIND_FIELD]     = { "field", false, sizeof(struct pack_field), KEYS(field), TEXTS(field) },
        [KIND_CHOICE]    = { "choice", false, sizeof(struct pack_choice), KEYS(choice), TEXTS(choice) },
        [KIND_PROCEDURE] = { "procedure", false, sizeof(struct pack_procedure), KEYS(procedure), TEXTS(procedure), KEPT(procedures) },
        [KIND_STEP]      = { "step", false, sizeof(struct pack_step), KEYS(step), TEXTS(step) },
        [KIND_EFFECT]    = { "effect", false, sizeof(struct pack_effect), KEYS(effect) },
        [KIND_CLAUSES]   = { "clauses", true, sizeof(struct pack), KEYS(clauses) },
        [KIND_SECTION]   = { "section", false, sizeof(struct pack_section), KEYS(section), TEXTS(section), KEPT(sections) },
        [KIND_CLAUSE]    = { "clause", false, sizeof(struct pack_clause), KEYS(clause), TEXTS(clause), KEPT(clauses) },
        [KIND_ACTOR]     = { "actor", false, sizeof(struct pack_link), KEYS(actor) },
        [KIND_MECHANISMS] = { "mechanisms", true, sizeof(struct pack), KEYS(mechanisms) },
        [KIND_MECHANISM] = { "mechanism", false, sizeof(struct pack_mechanism), KEYS(mechanism), TEXTS(mechanism), KEPT(mechanisms) },
        [KIND_SERVED]    = { "clause", false, sizeof(struct pack_link), KEYS(served) },
        [KIND_PROOF]     = { "test", false, sizeof(struct pack_link), KEYS(proof) },
};

const struct schema *schema_of(enum schema_kind kind)
{
        return &schemas[kind];
}

const struct schema_key *schema_id_of(enum schema_kind kind)
{
        const struct schema *s = schema_of(kind);

        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                if (strcmp(k->name, "id") == 0)
                        return k;
        return NULL;
}

const struct schema_file schema_files[] = {
        { "pack.yaml", false, true, KIND_PACK },
        { "clauses.yaml", false, false, KIND_CLAUSES },
        { "mechanisms.yaml", false, false, KIND_MECHANISMS },
        { "forms/", true, false, KIND_FORM },
        { "procedures/", true, false, KIND_PROCEDURE },
};
const size_t schema_files_count = countof(schema_files);
