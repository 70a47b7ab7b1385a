/* schema.c - see schema.h. The order of the rows is the order in which what is missing is reported. */
#include "core/pack/schema.h"

#include "core/pack/overlay.h"

/* Words of an enum in its order. */
#define X(id, name) name,
static const char *const field_names[] = { FIELD_TYPES(X) NULL };
static const char *const axis_kind_names[] = { AXIS_KINDS(X) NULL };
static const char *const strength_names[] = { STRENGTHS(X) NULL };
static const char *const hand_names[] = { HANDS(X) NULL };
static const char *const step_names[] = { STEP_KINDS(X) NULL };
static const char *const scope_names[] = { SCOPES(X) NULL };
static const char *const effect_names[] = { EFFECT_KINDS(X) NULL };
static const char *const about_names[] = { PAPER_ABOUTS(X) NULL };
static const char *const offer_names[] = { PAPER_OFFERS(X) NULL };
const char *const effect_register_names[] = { EFFECT_REGISTERS(X) NULL };
static const char *const mechanism_names[] = { MECHANISM_KINDS(X) NULL };
static const char *const state_names[] = { MECHANISM_STATES(X) NULL };
static const char *const carrier_names[] = { CARRIERS(X) NULL };
static const char *const leak_names[] = { LEAKS(X) NULL };
static const char *const malice_names[] = { MALICES(X) NULL };
const char *const phrase_use_names[] = { PHRASE_USES(X) NULL };
static const char *const overlay_act_names[] = { OVERLAY_ACTS(X) NULL };
#undef X
#define X(id, name, kind) name,
static const char *const trigger_names[] = { TRIGGERS(X) NULL };
#undef X

#define X(id, name, about) name,
static const char *const part_names[] = { PAPER_PARTS(X) NULL };
#undef X

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
#define FIELD(s, m, rows)           KEY(s, m), .type = SCHEMA_FIELD, .when = (rows)
#define STEP(s, m)                  KEY(s, m), .type = SCHEMA_STEP
#define CONDITION(s, m)             KEY(s, m), .type = SCHEMA_CONDITION
#define PERIOD(s, m, kinds, days)   KEY(s, m), .type = SCHEMA_PERIOD, .low = (kinds), .names = (days), OURS
#define BOOL(s, m)                  KEY(s, m), .type = SCHEMA_BOOL
#define OURS                        .proposal = true
#define TEXT(s, m, must)            { #m, offsetof(struct s, m), must, NULL }
#define WORDS(...)                  ((const char *const[]){ __VA_ARGS__, NULL })

static const struct schema_key pack_keys[] = {
        FORMAT,
        ID(pack),
        { INTEGER(pack, version, 1, 1000000), MUST },
        { RECORDS(pack, roles, KIND_ROLE, 200), MUST },
        { RECORDS(pack, zones, KIND_ZONE, 200), MUST },
        { RECORDS(pack, eras, KIND_ERA, 20), MUST },
        { KEY(pack, settings), .type = SCHEMA_RECORD, .refers = KIND_SETTINGS, MUST },
        { RECORDS(pack, lists, KIND_LIST, 200) },
        { RECORDS(pack, countries, KIND_COUNTRY, 300) },
        { RECORDS(pack, retention, KIND_RETENTION, 20) },
};
static const struct schema_text pack_texts[] = { TEXT(pack, title, true) };

static const struct schema_key role_keys[] = { ID(pack_role), { RECORDS(pack_role, apart, KIND_ACTOR, 50) } };
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
        { INTEGER(pack_settings, grant_valid_hours, 1, 24 * 31), MUST, OURS },
        { INTEGER(pack_settings, session_idle_minutes, 1, 24 * 60), MUST, OURS },
        { INTEGER(pack_settings, session_hours, 1, 24 * 7), MUST, OURS },
        { INTEGER(pack_settings, enrol_code_hours, 1, 24 * 31), MUST, OURS },
        { INTEGER(pack_settings, retention_years, 1, 100), MUST, OURS },
        { INTEGER(pack_settings, personnel_percent, 1, 100), OURS },
        { INTEGER(pack_settings, transitional_days, 1, 3660), OURS },
        { INTEGER(pack_settings, draft_days, 1, 3660), OURS },
        { INTEGER(pack_settings, mass_end_percent, 1, 100), OURS },
        { INTEGER(pack_settings, mass_end_from, 1, 100000), OURS },
        { INTEGER(pack_settings, password_min_chars, 8, 64), OURS },
        { RECORDS(pack_settings, totp_roles, KIND_ACTOR, 50) },
        { REFERENCE(pack_settings, records_role, KIND_ROLE) },
};

static const struct schema_key retention_keys[] = {
        ID(pack_retention),
        { INTEGER(pack_retention, years, 1, 100), MUST, OURS },
};

static const struct schema_key list_keys[] = {
        ID(pack_list),
        { BOOL(pack_list, ordered) },
        { RECORDS(pack_list, choices, KIND_CHOICE, 300), MUST },
};

static const struct schema_key country_keys[] = {
        { KEY(pack_country, id), .type = SCHEMA_CODE, MUST, .unique = true },
        { BOOL(pack_country, domestic) },
};
static const struct schema_text country_texts[] = { TEXT(pack_country, name, true) };

/* A sheet is filled in within a procedure: nobody files it. */
static const char *const no[] = { "false", NULL };
static const struct schema_when when_filed[] = { { "sheet", no, true, false, .absent = "false" }, { .key = NULL } };
static const struct schema_when when_form[] = { { "sheet", no, false, false, .absent = "false" }, { .key = NULL } };

static const struct schema_key form_keys[] = {
        FORMAT,
        ID(pack_form),
        { BOOL(pack_form, sheet) },
        { KEY(pack_form, number_code), .type = SCHEMA_CODE, .unique = true, .when = when_filed },
        { REFERENCE(pack_form, procedure, KIND_PROCEDURE), .when = when_filed },
        { BOOL(pack_form, classified), .when = when_form },
        { RECORDS(pack_form, topics, KIND_TOPIC, 20) },
        { RECORDS(pack_form, fields, KIND_FIELD, 200), MUST },
};
static const struct schema_text form_texts[] = { TEXT(pack_form, title, true), TEXT(pack_form, intro, false) };

static const struct schema_key topic_keys[] = { ID(pack_topic) };
static const struct schema_text topic_texts[] = { TEXT(pack_topic, title, true) };

static const char *const long_types[] = { "text", "lines", "domains", NULL }, *const choice_types[] = { "choice", "choices", NULL },
                  *const ranged_types[] = { "integer", "table", NULL }, *const table_types[] = { "table", NULL };
static const struct schema_when when_long[] = { { "type", long_types }, { .key = NULL } }, when_choice[] = { { "type", choice_types }, { .key = NULL } },
                                when_ranged[] = { { "type", ranged_types }, { .key = NULL } }, when_table[] = { { "type", table_types, true }, { .key = NULL } };

/* What a field, a question and a column have in common. */
#define FIELD_KEYS                                                               \
        { KEY(pack_field, id), .type = SCHEMA_ID, MUST, .unique = true, .reserved = RESERVED_NAME }, \
        { NAMES(pack_field, type, field_names), MUST },                          \
        { BOOL(pack_field, required) },                                          \
        { INTEGER(pack_field, max_chars, 1, 4000), OURS, .when = when_long },    \
        { RECORDS(pack_field, choices, KIND_CHOICE, 200), .when = when_choice }, \
        { REFERENCE(pack_field, list, KIND_LIST), .when = when_choice },         \
        { INTEGER(pack_field, low, 0, 1000000000), OURS, .when = when_ranged },  \
        { INTEGER(pack_field, high, 0, 1000000000), OURS, .when = when_ranged }

#define ASKED_KEYS                                                               \
        { BOOL(pack_field, personal) },                                          \
        { CONDITION(pack_field, visible_when) },                                 \
        { CONDITION(pack_field, required_when) },                                \
        { RECORDS(pack_field, columns, KIND_COLUMN, 20), .when = when_table }

static const struct schema_key field_keys[] = { FIELD_KEYS, { KEY(pack_field, under), .type = SCHEMA_TOPIC }, { BOOL(pack_field, opinion) }, ASKED_KEYS };
static const struct schema_key question_keys[] = { FIELD_KEYS, ASKED_KEYS };        /* they stand in the forms of many topics */
static const struct schema_key column_keys[] = { FIELD_KEYS };      /* the table as a whole is shown, hidden, personal */
static const struct schema_text field_texts[] = {
        TEXT(pack_field, label, true), TEXT(pack_field, help, false), TEXT(pack_field, sample, false), TEXT(pack_field, rule, false),
};

static const struct schema_key choice_keys[] = { { KEY(pack_choice, id), .type = SCHEMA_ID, MUST, .unique = true, .reserved = RESERVED_WORD } };
static const struct schema_text choice_texts[] = { TEXT(pack_choice, label, true) };

static const struct schema_key classes_keys[] = {
        FORMAT,
        { RECORDS(pack, questions, KIND_QUESTION, 50), MUST },
        { RECORDS(pack, axes, KIND_AXIS, 20), MUST },
        { RECORDS(pack, derivations, KIND_DERIVATION, 100) },
};

static const struct schema_key axis_keys[] = {
        { KEY(pack_axis, id), .type = SCHEMA_ID, MUST, .unique = true, .reserved = RESERVED_STEP },
        { NAMES(pack_axis, kind, axis_kind_names), MUST },
        { RECORDS(pack_axis, levels, KIND_LEVEL, 10), MUST },
};
static const struct schema_text axis_texts[] = { TEXT(pack_axis, name, true) };

static const struct schema_key level_keys[] = {
        { KEY(pack_level, id), .type = SCHEMA_ID, MUST, .unique = true, .reserved = RESERVED_WORD },
        { BOOL(pack_level, conf2plus) },
};
static const struct schema_text level_texts[] = { TEXT(pack_level, name, true) };

static const struct schema_key derivation_keys[] = {
        ID(pack_derivation),
        { REFERENCE(pack_derivation, axis, KIND_AXIS), MUST },
        { KEY(pack_derivation, level), .type = SCHEMA_LEVEL, MUST },
        { CONDITION(pack_derivation, when), MUST },
};
static const struct schema_text derivation_texts[] = { TEXT(pack_derivation, because, true) };

static const struct schema_key criteria_keys[] = {
        FORMAT,
        ID(pack_criteria),
        { RECORDS(pack_criteria, criteria, KIND_CRITERION, 200), MUST },
};
static const struct schema_text criteria_texts[] = { TEXT(pack_criteria, title, true) };

static const struct schema_key criterion_keys[] = {
        ID(pack_criterion),
        { NAMES(pack_criterion, strength, strength_names), MUST },
        { NAMES(pack_criterion, asked, hand_names), MUST },
        { CONDITION(pack_criterion, when) },
        { BOOL(pack_criterion, article) },
        { BOOL(pack_criterion, document) },
        { BOOL(pack_criterion, always) },
        { BOOL(pack_criterion, exception) },
        { RECORDS(pack_criterion, clauses, KIND_SERVED, 200) },
};
static const struct schema_text criterion_texts[] = {
        TEXT(pack_criterion, text, true), TEXT(pack_criterion, ask, false), TEXT(pack_criterion, help, false), TEXT(pack_criterion, specification, false),
};

static const struct schema_key procedure_keys[] = {
        FORMAT,
        ID(pack_procedure),
        { REFERENCE(pack_procedure, apply_role, KIND_ROLE), MUST },
        { NAMES(pack_procedure, apply_scope, scope_names + SCOPE_BODY), .low = SCOPE_BODY, .otherwise = SCOPE_BODY },
        { REFERENCE(pack_procedure, draft_role, KIND_ROLE) },
        { INTEGER(pack_procedure, max_days, 1, 3660), OURS },
        { RECORDS(pack_procedure, steps, KIND_STEP, 20), MUST },
        { RECORDS(pack_procedure, sheets, KIND_SHEET, 10) },
        { RECORDS(pack_procedure, rules, KIND_RULE, 100) },
        { RECORDS(pack_procedure, effects, KIND_EFFECT, 20) },
};
static const struct schema_text procedure_texts[] = { TEXT(pack_procedure, title, true) };

static const char *const manned[] = { "approve", "judge", "concur", "confirm", "council", "external-decision", NULL },
                  *const judged[] = { "judge", NULL }, *const machine[] = { "machine", NULL },
                  *const entered[] = { "council", "external-decision", NULL },
                  *const deciding[] = { "approve", "council", "external-decision", NULL };
static const struct schema_when when_manned[] = { { "kind", manned }, { .key = NULL } }, when_held[] = { { "kind", manned, true }, { .key = NULL } },
                                when_judged[] = { { "kind", judged, true }, { .key = NULL } }, when_machine[] = { { "kind", machine, true }, { .key = NULL } },
                                when_entered[] = { { "kind", entered }, { .key = NULL } }, when_deciding[] = { { "kind", deciding }, { .key = NULL } };
static const char *const start[] = { "start", NULL }, *const reached[] = { "reached", NULL }, *const approved[] = { "approved", NULL };

static const struct schema_key step_keys[] = {
        { KEY(pack_step, id), .type = SCHEMA_ID, MUST, .unique = true, .reserved = RESERVED_STEP },
        { NAMES(pack_step, kind, step_names), MUST },
        { REFERENCE(pack_step, role, KIND_ROLE), .when = when_held },
        { NAMES(pack_step, scope, scope_names), .when = when_manned },
        { REFERENCE(pack_step, substitute, KIND_ROLE), .when = when_manned },
        { REFERENCE(pack_step, confirm_role, KIND_ROLE), .when = when_entered },
        { RECORDS(pack_step, after, KIND_AFTER, 20) },
        { CONDITION(pack_step, when) },
        { RECORDS(pack_step, not_same_as, KIND_OTHER, 20), .when = when_manned },
        { REFERENCE(pack_step, criteria, KIND_CRITERIA), .when = when_judged },
        { CONDITION(pack_step, demand), .when = when_machine },
        { PERIOD(pack_step, due, 1 << PERIOD_AFTER, reached) },
        { BOOL(pack_step, conditional), .when = when_deciding },
        { BOOL(pack_step, no_deputy), .when = when_manned },
};
static const struct schema_text step_texts[] = { TEXT(pack_step, title, true), TEXT(pack_step, help, false) };

static const struct schema_key after_keys[] = { { STEP(pack_link, id), .names = start, MUST, .unique = true } };
static const struct schema_key other_keys[] = { { STEP(pack_link, id), MUST, .unique = true } };

static const struct schema_key sheet_keys[] = {
        { REFERENCE(pack_sheet, id, KIND_FORM), MUST, .unique = true },
        { REFERENCE(pack_sheet, role, KIND_ROLE), MUST },
        { NAMES(pack_sheet, scope, scope_names) },
        { STEP(pack_sheet, step), MUST },
        { NAMES(pack_sheet, hand, hand_names), MUST },
};

static const struct schema_key rule_keys[] = {
        ID(pack_rule),
        { STEP(pack_rule, at) },
        { CONDITION(pack_rule, demand), MUST },
        { BOOL(pack_rule, exception) },
        { RECORDS(pack_rule, clauses, KIND_SERVED, 200) },
};
static const struct schema_text rule_texts[] = { TEXT(pack_rule, message, true), TEXT(pack_rule, mend, false) };

/* Which key an effect of which kind takes, and from what sort of field. A field that is `answered` is required in its form. */
#define T(type) (1u << FIELD_##type)
#define OF(...) { "kind", WORDS(__VA_ARGS__)
#define END     { .key = NULL }
static const struct schema_when
        effect_key[] = { OF("open-permit"), true, .fields = T(MAC), .answered = true }, END },
        effect_until_field[] = { OF("open-permit"), true, .fields = T(MOMENT), .answered = true },
                                 OF("grant-exception"), true, .fields = T(DATE), .answered = true },
                                 OF("register-service"), .fields = T(DATE), .answered = true }, END },
        effect_zone[] = { OF("open-permit"), true }, END },
        effect_name[] = { OF("register-service", "register-subcontractor"), true, .fields = T(TEXT), .answered = true }, END },
        effect_provider[] = { OF("register-service"), true, .fields = T(TEXT), .answered = true }, END },
        effect_manager[] = { OF("register-service"), true, .fields = T(PERSON), .answered = true }, END },
        effect_deputy[] = { OF("register-service"), .fields = T(PERSON) }, END },
        effect_domains[] = { OF("register-service"), .fields = T(DOMAINS) }, END },
        effect_service[] = { OF("register-use", "register-subcontractor", "service-reviewed", "end-service"), true, .fields = T(SERVICE), .answered = true }, END },
        effect_country[] = { OF("register-subcontractor"), true, .fields = T(COUNTRY), .answered = true },
                             OF("register-service"), .fields = T(COUNTRY) }, END },
        effect_work[] = { OF("register-subcontractor"), .fields = T(TEXT) | T(LINES) }, END },
        effect_parent[] = { OF("register-subcontractor"), .fields = T(TEXT) }, END },
        effect_successor[] = { OF("end-service"), .fields = T(SERVICE) }, END },
        effect_application[] = { OF("grant-exception"), true, .fields = T(APPLICATION), .answered = true }, END },
        effect_items[] = { OF("grant-exception"), true, .fields = T(CHOICES), .answered = true }, END },
        effect_until[] = { OF("register-service") }, END },
        effect_review[] = { OF("register-service", "service-reviewed"), true }, END },
        effect_rows[] = { OF("register-rows"), true }, END },
        effect_table[] = { OF("register-rows"), .fields = T(TABLE) }, END },
        effect_due[] = { OF("open-duty") }, END },
        effect_due_field[] = { OF("open-duty"), .fields = T(DATE), .answered = true }, END },
        effect_duty[] = { OF("open-duty"), true }, END };

static const struct schema_key filled_keys[] = {
        { KEY(pack_filled, id), .type = SCHEMA_ID, MUST, .unique = true },
        { KEY(pack_filled, field), .type = SCHEMA_WHERE, MUST },
};

static const struct schema_key effect_keys[] = {
        ID(pack_effect),
        { NAMES(pack_effect, kind, effect_names), MUST },
        { CONDITION(pack_effect, when) },
        { FIELD(pack_effect, key_field, effect_key) },
        { FIELD(pack_effect, until_field, effect_until_field) },
        { REFERENCE(pack_effect, zone, KIND_ZONE), .when = effect_zone },
        { FIELD(pack_effect, name_field, effect_name) },
        { FIELD(pack_effect, provider_field, effect_provider) },
        { FIELD(pack_effect, manager_field, effect_manager) },
        { FIELD(pack_effect, deputy_field, effect_deputy) },
        { FIELD(pack_effect, domains_field, effect_domains) },
        { FIELD(pack_effect, service_field, effect_service) },
        { FIELD(pack_effect, country_field, effect_country) },
        { FIELD(pack_effect, work_field, effect_work) },
        { FIELD(pack_effect, parent_field, effect_parent) },
        { FIELD(pack_effect, successor_field, effect_successor) },
        { FIELD(pack_effect, application_field, effect_application) },
        { FIELD(pack_effect, items_field, effect_items) },
        { PERIOD(pack_effect, until, PERIODS_END, NULL), .when = effect_until },
        { PERIOD(pack_effect, review, PERIODS_REPEATED, NULL), .when = effect_review },
        { REFERENCE(pack_effect, role, KIND_ROLE), .when = effect_duty },
        { PERIOD(pack_effect, due, 1 << PERIOD_AFTER, approved), .when = effect_due },
        { FIELD(pack_effect, due_field, effect_due_field) },
        { .name = "register", AT(pack_effect, reg), .type = SCHEMA_ENUM, .names = effect_register_names, .when = effect_rows },
        { FIELD(pack_effect, table_field, effect_table) },
        { RECORDS(pack_effect, columns, KIND_FILLED, 24), .when = effect_rows },
};
static const struct schema_text effect_texts[] = { { "title", offsetof(struct pack_effect, title), true, effect_duty } };

/* What a rule that opens duties needs, and what one that only reminds of them has no use for. */
static const char *const due_day[] = { "due", NULL };
#define ABOUT(...) { "trigger", WORDS(__VA_ARGS__)
static const struct schema_when
        duty_opens[] = { ABOUT("review", "certificate", "contract", "service-end", "apply-by", "account-check", "contact-check", "drill", "holidays") }, END },
        duty_has[] = { ABOUT("review", "certificate", "contract", "service-end", "apply-by", "account-check", "contact-check", "drill", "holidays", "incident-clock"), true },
                       END },
        duty_service[] = { ABOUT("review", "certificate", "contract", "service-end", "apply-by", "account-check") }, END },
        duty_repeated[] = { ABOUT("account-check", "contact-check", "drill"), true }, END },
        duty_clock[] = { ABOUT("incident-clock") }, END };

static const struct schema_key duty_keys[] = {
        ID(pack_duty),
        { NAMES(pack_duty, trigger, trigger_names), MUST },
        { REFERENCE(pack_duty, role, KIND_ROLE), .when = duty_has },
        { NAMES(pack_duty, scope, scope_names), .when = duty_service, .otherwise = SCOPE_BODY },
        { PERIOD(pack_duty, opens, 1 << PERIOD_BEFORE, due_day), .when = duty_opens },
        { RECORDS(pack_duty, remind, KIND_REMIND, 20) },
        { REFERENCE(pack_duty, overdue_role, KIND_ROLE) },
        { PERIOD(pack_duty, overdue_every, 1 << PERIOD_EVERY, NULL) },
        { BOOL(pack_duty, suspend), .when = duty_service },
        { PERIOD(pack_duty, period, PERIODS_REPEATED, NULL), .when = duty_repeated },
        { INTEGER(pack_duty, hours, 1, 10000), OURS, .when = duty_clock },
        { INTEGER(pack_duty, days, 1, 1000), OURS, .when = duty_clock },
        { NAMES(pack_duty, leak, leak_names), .low = LEAK_POSSIBLE, .when = duty_clock },
        { BOOL(pack_duty, reportable), .when = duty_clock },
        { NAMES(pack_duty, malice, malice_names), .low = MALICE_ONLY, .when = duty_clock },
};
static const struct schema_text duty_texts[] = { { "title", offsetof(struct pack_duty, title), true, duty_has } };
static const struct schema_key remind_keys[] = { ID(pack_remind), { PERIOD(pack_remind, at, 1 << PERIOD_BEFORE, due_day), MUST } };
static const struct schema_key duties_keys[] = { FORMAT, { RECORDS(pack, duties, KIND_DUTY, 100), MUST } };

static const struct schema_key holiday_keys[] = { ID(pack_holiday) };
static const struct schema_text holiday_texts[] = { TEXT(pack_holiday, name, true) };
static const struct schema_key day_off_keys[] = {
        { KEY(pack_day_off, id), .type = SCHEMA_DAY, MUST, .unique = true },
        { REFERENCE(pack_day_off, name, KIND_HOLIDAY), MUST },
};
static const struct schema_key closing_day_keys[] = {
        { KEY(pack_day_off, id), .type = SCHEMA_MONTH_DAY, MUST, .unique = true },
        { REFERENCE(pack_day_off, name, KIND_HOLIDAY), MUST },
};
static const struct schema_key year_keys[] = {
        { KEY(pack_year, id), .type = SCHEMA_YEAR, MUST, .unique = true },
        { RECORDS(pack_year, days, KIND_DAY_OFF, 100), MUST },
};
static const struct schema_key holidays_keys[] = {
        FORMAT,
        { RECORDS(pack, holiday_names, KIND_HOLIDAY, 100), MUST },
        { RECORDS(pack, years, KIND_YEAR, 50), MUST },
        { RECORDS(pack, closing_days, KIND_CLOSING_DAY, 50) },
};

static const char *const of_case[] = { "application", NULL };
static const struct schema_when when_case[] = { { "about", of_case }, { .key = NULL } };
static const struct schema_when when_answers[] = { { "kind", WORDS("answers") }, { .key = NULL } },
                                when_criteria[] = { { "kind", WORDS("criteria", "clauses", "checklist", "demands") }, { .key = NULL } },
                                when_rows[] = { { "kind", WORDS("rows") }, { .key = NULL } },
                                when_days[] = { { "kind", WORDS("expiries"), true }, { .key = NULL } },
                                when_said[] = { { "kind", WORDS("text", "note", "addressee", "sender", "closing", "signature", "checks") }, { .key = NULL } };

static const struct schema_key paper_keys[] = {
        FORMAT,
        ID(pack_paper),
        { NAMES(pack_paper, about, about_names), MUST },
        { NAMES(pack_paper, offered, offer_names), .when = when_case },
        { BOOL(pack_paper, landscape) },
        { BOOL(pack_paper, numbered) },
        { BOOL(pack_paper, undated) },
        { BOOL(pack_paper, plain) },
        { RECORDS(pack_paper, forms, KIND_PAPER_FORM, 50), .when = when_case },
        { RECORDS(pack_paper, roles, KIND_ACTOR, 20) },
        { RECORDS(pack_paper, seals, KIND_SEAL, 10) },
        { RECORDS(pack_paper, parts, KIND_PART, 50), MUST },
};
static const struct schema_text paper_texts[] = { TEXT(pack_paper, title, true), TEXT(pack_paper, form_number, false) };

static const struct schema_key paper_form_keys[] = { { REFERENCE(pack_link, id, KIND_FORM), MUST, .unique = true } };
static const struct schema_key seal_keys[] = { ID(pack_seal) };
static const struct schema_text seal_texts[] = { TEXT(pack_seal, title, true) };

static const struct schema_key part_keys[] = {
        ID(pack_part),
        { NAMES(pack_part, kind, part_names), MUST },
        { REFERENCE(pack_part, form, KIND_FORM), .when = when_answers },
        { RECORDS(pack_part, fields, KIND_PART_FIELD, 100), .when = when_answers },
        { REFERENCE(pack_part, criteria, KIND_CRITERIA), .when = when_criteria },
        { .name = "register", AT(pack_part, of), .type = SCHEMA_WHERE, .when = when_rows },
        { INTEGER(pack_part, days, 1, 3660), OURS, .when = when_days },
};
static const struct schema_text part_texts[] = { TEXT(pack_part, title, false), { "text", offsetof(struct pack_part, text), false, when_said } };
static const struct schema_key part_field_keys[] = { { KEY(pack_link, id), .type = SCHEMA_WHERE, MUST, .unique = true } };

static const struct schema_key phrase_keys[] = {
        ID(pack_phrase),
        { NAMES(pack_phrase, use, phrase_use_names), MUST },
        { NAMES(pack_phrase, kind, step_names), .low = 1 },
        { REFERENCE(pack_phrase, procedure, KIND_PROCEDURE) },
};
static const struct schema_text phrase_texts[] = { TEXT(pack_phrase, text, true) };
static const struct schema_key phrases_keys[] = { FORMAT, { RECORDS(pack, phrases, KIND_PHRASE, 200), MUST } };

static const struct schema_key section_keys[] = { { KEY(pack_section, id), .type = SCHEMA_SECTION, MUST, .unique = true } };
static const struct schema_text section_texts[] = { TEXT(pack_section, title, true) };

static const char *const binding[] = { "M", "N", "R", "C", NULL };
static const struct schema_when when_binding[] = { { "strength", binding, true, true }, { .key = NULL } };

static const struct schema_key actor_keys[] = { { REFERENCE(pack_link, id, KIND_ROLE), MUST, .unique = true } };

static const struct schema_key clause_keys[] = {
        { KEY(pack_clause, id), .type = SCHEMA_CLAUSE, .refers = KIND_SECTION, MUST, .unique = true },
        { NAMES(pack_clause, strength, strength_names), MUST },
        { NAMES(pack_clause, also, strength_names) },
        { KEY(pack_clause, slide), .type = SCHEMA_SLIDE },
        { REFERENCE(pack_clause, derives_from, KIND_CLAUSE) },
        { RECORDS(pack_clause, actors, KIND_ACTOR, 20), .when = when_binding },
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
static const struct schema_when when_built[] = { { "state", built }, { .key = NULL } };

static const struct schema_key mechanism_keys[] = {
        ID(pack_mechanism),
        { NAMES(pack_mechanism, kind, mechanism_names), MUST },
        { NAMES(pack_mechanism, state, state_names), MUST },
        { NAMES(pack_mechanism, carrier, carrier_names), MUST },
        { KEY(pack_mechanism, where), .type = SCHEMA_WHERE, MUST },
        { RECORDS(pack_mechanism, clauses, KIND_SERVED, 200), MUST },
        { RECORDS(pack_mechanism, proven, KIND_PROOF, 50), .when = when_built },
};
static const struct schema_text mechanism_texts[] = { TEXT(pack_mechanism, name, true) };

static const struct schema_key mechanisms_keys[] = {
        FORMAT,
        { RECORDS(pack, mechanisms, KIND_MECHANISM, 1000), MUST },
};

/* Hours as hhmm, an alarm's id is a severity: check_incidents() looks at them. */
#define OWN(key, m) .name = key, AT(pack, m)
static const struct schema_key incidents_keys[] = {
        FORMAT,
        { OWN("number_code", incident_code), .type = SCHEMA_CODE, MUST },
        { OWN("form", incident_form), .type = SCHEMA_REFERENCE, .refers = KIND_FORM },
        { OWN("day_from", incident_day_from), .type = SCHEMA_INTEGER, .low = 0, .high = 2359, MUST, OURS },
        { OWN("day_until", incident_day_until), .type = SCHEMA_INTEGER, .low = 0, .high = 2359, MUST, OURS },
        { OWN("many_people", incident_many), .type = SCHEMA_INTEGER, .low = 1, .high = 1000000, OURS },
        { RECORDS(pack, alarms, KIND_ALARM, 10) },
};

static const struct schema_key alarm_keys[] = {
        ID(pack_alarm),
        { INTEGER(pack_alarm, day_minutes, 1, 24 * 60), MUST, OURS },
        { INTEGER(pack_alarm, night_minutes, 1, 24 * 60), OURS },
        { INTEGER(pack_alarm, repeat_minutes, 1, 24 * 60), MUST, OURS },
};

/* overlay.yaml; the records of pack.yaml that stand there too are not looked at here (overlay.c). */
static const char *const add_act[] = { "add", NULL };
static const struct schema_when when_added[] = { { "act", add_act }, { .key = NULL } };

static const struct schema_key change_keys[] = {
        ID(pack_change),
        { NAMES(pack_change, act, overlay_act_names), MUST },
        { KEY(pack_change, where), .type = SCHEMA_WHERE, MUST },
        { KEY(pack_change, reason), .type = SCHEMA_REASON, MUST },
        { KEY(pack_change, before), .type = SCHEMA_WHERE, .when = when_added },
};

static const struct schema_key overlay_keys[] = {
        FORMAT,
        ID(overlay),
        { INTEGER(overlay, version, 1, 1000000), MUST },
        { KEY(overlay, base), .type = SCHEMA_ID, MUST },
        { RECORDS(overlay, changes, KIND_CHANGE, 500) },
};

#define KEYS(k)       .keys = k##_keys, .keys_count = countof(k##_keys)
#define TEXTS(k)      .texts = k##_texts, .texts_count = countof(k##_texts)
#define KEPT(m)       .list = offsetof(struct pack, m), .count = offsetof(struct pack, m##_count)

static const struct schema schemas[KIND_COUNT] = {
        [KIND_PACK]        = { "pack", .size = sizeof(struct pack), KEYS(pack), TEXTS(pack), .is_root = true },
        [KIND_ROLE]        = { "role", .size = sizeof(struct pack_role), KEYS(role), TEXTS(role), KEPT(roles) },
        [KIND_ZONE]        = { "zone", .size = sizeof(struct pack_zone), KEYS(zone), TEXTS(zone), KEPT(zones) },
        [KIND_ERA]         = { "era", .size = sizeof(struct pack_era), KEYS(era), TEXTS(era), KEPT(eras) },
        [KIND_SETTINGS]    = { "settings", .size = sizeof(struct pack_settings), KEYS(settings) },
        [KIND_RETENTION]   = { "retention", .size = sizeof(struct pack_retention), KEYS(retention), KEPT(retention) },
        [KIND_LIST]        = { "list", .size = sizeof(struct pack_list), KEYS(list), KEPT(lists) },
        [KIND_COUNTRY]     = { "country", .size = sizeof(struct pack_country), KEYS(country), TEXTS(country), KEPT(countries) },
        [KIND_CLASSES]     = { "classes", .size = sizeof(struct pack), KEYS(classes), .is_root = true },
        [KIND_QUESTION]    = { "question", .size = sizeof(struct pack_field), KEYS(question), TEXTS(field), KEPT(questions) },
        [KIND_AXIS]        = { "axis", .size = sizeof(struct pack_axis), KEYS(axis), TEXTS(axis), KEPT(axes) },
        [KIND_LEVEL]       = { "level", .size = sizeof(struct pack_level), KEYS(level), TEXTS(level) },
        [KIND_DERIVATION]  = { "derivation", .size = sizeof(struct pack_derivation), KEYS(derivation), TEXTS(derivation), KEPT(derivations) },
        [KIND_CRITERIA]    = { "criteria", .size = sizeof(struct pack_criteria), KEYS(criteria), TEXTS(criteria), KEPT(criteria) },
        [KIND_CRITERION]   = { "criterion", .size = sizeof(struct pack_criterion), KEYS(criterion), TEXTS(criterion), .is_flat = true },
        [KIND_FORM]        = { "form", .size = sizeof(struct pack_form), KEYS(form), TEXTS(form), KEPT(forms) },
        [KIND_TOPIC]       = { "topic", .size = sizeof(struct pack_topic), KEYS(topic), TEXTS(topic) },
        [KIND_FIELD]       = { "field", .size = sizeof(struct pack_field), KEYS(field), TEXTS(field) },
        [KIND_COLUMN]      = { "column", .size = sizeof(struct pack_field), KEYS(column), TEXTS(field) },
        [KIND_CHOICE]      = { "choice", .size = sizeof(struct pack_choice), KEYS(choice), TEXTS(choice) },
        [KIND_PROCEDURE]   = { "procedure", .size = sizeof(struct pack_procedure), KEYS(procedure), TEXTS(procedure), KEPT(procedures) },
        [KIND_STEP]        = { "step", .size = sizeof(struct pack_step), KEYS(step), TEXTS(step) },
        [KIND_AFTER]       = { "step", .size = sizeof(struct pack_link), KEYS(after) },
        [KIND_OTHER]       = { "step", .size = sizeof(struct pack_link), KEYS(other) },
        [KIND_SHEET]       = { "sheet", .size = sizeof(struct pack_sheet), KEYS(sheet) },
        [KIND_RULE]        = { "rule", .size = sizeof(struct pack_rule), KEYS(rule), TEXTS(rule) },
        [KIND_EFFECT]      = { "effect", .size = sizeof(struct pack_effect), KEYS(effect), TEXTS(effect) },
        [KIND_FILLED]      = { "column", .size = sizeof(struct pack_filled), KEYS(filled) },
        [KIND_DUTIES]      = { "duties", .size = sizeof(struct pack), KEYS(duties), .is_root = true },
        [KIND_DUTY]        = { "duty", .size = sizeof(struct pack_duty), KEYS(duty), TEXTS(duty), KEPT(duties) },
        [KIND_REMIND]      = { "remind", .size = sizeof(struct pack_remind), KEYS(remind) },
        [KIND_HOLIDAYS]    = { "holidays", .size = sizeof(struct pack), KEYS(holidays), .is_root = true },
        [KIND_HOLIDAY]     = { "holiday", .size = sizeof(struct pack_holiday), KEYS(holiday), TEXTS(holiday), KEPT(holiday_names) },
        [KIND_YEAR]        = { "year", .size = sizeof(struct pack_year), KEYS(year), KEPT(years) },
        [KIND_DAY_OFF]     = { "day-off", .size = sizeof(struct pack_day_off), KEYS(day_off) },
        [KIND_CLOSING_DAY] = { "day-off", .size = sizeof(struct pack_day_off), KEYS(closing_day), KEPT(closing_days) },
        [KIND_PAPER]       = { "paper", .size = sizeof(struct pack_paper), KEYS(paper), TEXTS(paper), KEPT(papers) },
        [KIND_PAPER_FORM]  = { "form", .size = sizeof(struct pack_link), KEYS(paper_form) },
        [KIND_SEAL]        = { "seal", .size = sizeof(struct pack_seal), KEYS(seal), TEXTS(seal) },
        [KIND_PART]        = { "part", .size = sizeof(struct pack_part), KEYS(part), TEXTS(part) },
        [KIND_PART_FIELD]  = { "field", .size = sizeof(struct pack_link), KEYS(part_field) },
        [KIND_PHRASES]     = { "phrases", .size = sizeof(struct pack), KEYS(phrases), .is_root = true },
        [KIND_PHRASE]      = { "phrase", .size = sizeof(struct pack_phrase), KEYS(phrase), TEXTS(phrase), KEPT(phrases) },
        [KIND_CLAUSES]     = { "clauses", .size = sizeof(struct pack), KEYS(clauses), .is_root = true },
        [KIND_SECTION]     = { "section", .size = sizeof(struct pack_section), KEYS(section), TEXTS(section), KEPT(sections) },
        [KIND_CLAUSE]      = { "clause", .size = sizeof(struct pack_clause), KEYS(clause), TEXTS(clause), KEPT(clauses) },
        [KIND_ACTOR]       = { "actor", .size = sizeof(struct pack_link), KEYS(actor) },
        [KIND_MECHANISMS]  = { "mechanisms", .size = sizeof(struct pack), KEYS(mechanisms), .is_root = true },
        [KIND_MECHANISM]   = { "mechanism", .size = sizeof(struct pack_mechanism), KEYS(mechanism), TEXTS(mechanism), KEPT(mechanisms) },
        [KIND_SERVED]      = { "clause", .size = sizeof(struct pack_link), KEYS(served) },
        [KIND_PROOF]       = { "test", .size = sizeof(struct pack_link), KEYS(proof) },
        [KIND_INCIDENTS]   = { "incidents", .size = sizeof(struct pack), KEYS(incidents), .is_root = true },
        [KIND_ALARM]       = { "alarm", .size = sizeof(struct pack_alarm), KEYS(alarm), KEPT(alarms) },
        [KIND_OVERLAY]     = { "overlay", .size = sizeof(struct overlay), KEYS(overlay), .is_root = true },
        [KIND_CHANGE]      = { "change", .size = sizeof(struct pack_change), KEYS(change) },
};

const struct schema *schema_of(enum schema_kind kind)
{
        return &schemas[kind];
}

const struct schema_key *schema_key_of(enum schema_kind kind, const char *name)
{
        const struct schema *s = schema_of(kind);

        for (const struct schema_key *k = s->keys; k < s->keys + s->keys_count; k++)
                if (strcmp(k->name, name) == 0)
                        return k;
        return NULL;
}

const struct schema_key *schema_id_of(enum schema_kind kind)
{
        return schema_key_of(kind, "id");
}

const struct schema_file schema_files[] = {
        { "pack.yaml", false, true, KIND_PACK },
        { "clauses.yaml", false, false, KIND_CLAUSES },
        { "mechanisms.yaml", false, false, KIND_MECHANISMS },
        { "classes.yaml", false, false, KIND_CLASSES },
        { "duties.yaml", false, false, KIND_DUTIES },
        { "holidays.yaml", false, false, KIND_HOLIDAYS },
        { "incidents.yaml", false, false, KIND_INCIDENTS },
        { "phrases.yaml", false, false, KIND_PHRASES },
        { "criteria/", true, false, KIND_CRITERIA },
        { "forms/", true, false, KIND_FORM },
        { "procedures/", true, false, KIND_PROCEDURE },
        { "papers/", true, false, KIND_PAPER },
};
const size_t schema_files_count = countof(schema_files);
