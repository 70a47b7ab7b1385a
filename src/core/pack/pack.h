/* pack.h - the policy as data: what a loaded pack holds.
 *
 * Does      describe roles, zones, forms, procedures, settings, clauses and mechanisms after the loader has checked them
 *           (pack/load.h).
 * Clause    the pack keys its rows to requirement ids; this header knows none.
 * Layer     core; pure.
 * Owns      everything lives in the pack's arena: pack_free(). A loaded pack never changes; readers share it.
 * Units     ages and periods carry their unit in the name.
 */
#ifndef CORE_PACK_PACK_H
#define CORE_PACK_PACK_H

#include "base/arena.h"
#include "core/journal/hash.h"
#include "core/text/text.h"

enum { PACK_ID_MAX = 48 };

/* A text in every language; keys live in the pack's texts/{ja,en}.yaml. */
struct pack_text { const char *key; const char *in[LANG_COUNT]; };

struct pack_role { const char *id; struct pack_text name; };
struct pack_zone { const char *id; uint16_t number; struct pack_text name; };   /* number: what gates compare; 1..65535 */
struct pack_era  { const char *id; int first_year; struct pack_text name; };    /* 令和: id "R", first_year 2019; by fiscal year */

/* Field types: a closed list (docs/formats; a new one = one row here and one in the schema). */
#define FIELD_TYPES(X)                                                             \
        X(FIELD_TEXT,   "text")    /* one line */                                  \
        X(FIELD_LINES,  "lines")   /* several lines */                             \
        X(FIELD_MAC,    "mac")     /* six octets; any usual spelling */            \
        X(FIELD_MOMENT, "moment")  /* inclusive JST date, or RFC 3339 */           \
        X(FIELD_CHOICE, "choice")  /* one of the ids listed */

enum field_type {
#define X(id, name) id,
        FIELD_TYPES(X)
#undef X
        FIELD_TYPES_COUNT
};

struct pack_choice { const char *id; struct pack_text label; };

struct pack_field {
        const char        *id;
        enum field_type    type;
        bool               required;
        bool               personal;       /* free or personal text: stored as a payload, never in the entry */
        size_t             max_chars;      /* characters, not bytes; 0 = the type's own limit */
        struct pack_text   label, help, sample, rule;     /* help, sample, rule: key NULL when absent */
        const struct pack_choice *choices;
        size_t             choices_count;
};

struct pack_form {
        const char              *id;
        const char              *number_code;       /* in the 受付番号: "NET" */
        const char              *procedure;
        struct pack_text         title, intro;
        const struct pack_field *fields;
        size_t                   fields_count;
        struct hash              hash;               /* of the form's own source bytes; stands in entries */
};

#define STEP_KINDS(X)          \
        X(STEP_APPROVE, "approve")

enum step_kind {
#define X(id, name) id,
        STEP_KINDS(X)
#undef X
        STEP_KINDS_COUNT
};

struct pack_step { const char *id; enum step_kind kind; const char *role; struct pack_text title; };

#define EFFECT_KINDS(X)            \
        X(EFFECT_OPEN_PERMIT, "open-permit")

enum effect_kind {
#define X(id, name) id,
        EFFECT_KINDS(X)
#undef X
        EFFECT_KINDS_COUNT
};

/* open-permit: which answers become the permit's subject and end. */
struct pack_effect { const char *id; enum effect_kind kind; const char *key_field; const char *until_field; const char *zone; };

struct pack_procedure {
        const char               *id;
        struct pack_text          title;
        const char               *apply_role;         /* who may file it */
        const struct pack_step   *steps;
        size_t                    steps_count;
        const struct pack_effect *effects;            /* when every step has approved */
        size_t                    effects_count;
        uint32_t                  max_days;           /* longest period a permit may run; 0 = no limit */
};

/* How strongly a clause binds. Never summed: a missing "must" is not made up for by three kept recommendations. */
#define STRENGTHS(X)                                                                        \
        X(STRENGTH_NONE, "none")   /* the source leaves it out: keeps its id, demands nothing */ \
        X(STRENGTH_MUST, "M")                                                               \
        X(STRENGTH_NECESSARY, "N")                                                          \
        X(STRENGTH_RECOMMENDED, "R")                                                        \
        X(STRENGTH_AS_NEEDED, "C")                                                          \
        X(STRENGTH_INFORMATION, "I")

enum strength {
#define X(id, name) id,
        STRENGTHS(X)
#undef X
        STRENGTHS_COUNT
};

struct pack_link { const char *id; };      /* a record of a list that only names something */

/* A part of the guideline: "S8.2". The part of a clause's id before the hyphen. */
struct pack_section { const char *id; struct pack_text title; };

struct pack_clause {
        const char             *id;
        enum strength           strength, also;      /* also: of a part of it; NONE when absent */
        const char             *slide;               /* where the source shows it: "1-5/11"; NULL when absent */
        const char             *derives_from;        /* the clause whose demand this one repeats; NULL when absent */
        const struct pack_link *actors;              /* roles; the first answers for it */
        size_t                  actors_count;
        struct pack_text        text, note;          /* note: key NULL when absent */
};

#define MECHANISM_KINDS(X)                                                                  \
        X(MECHANISM_ENFORCED, "enforced")   /* nobody can do otherwise */                   \
        X(MECHANISM_DETECTED, "detected")   /* done otherwise, it is seen */                \
        X(MECHANISM_RECORDED, "recorded")   /* that it was done stands in the journal */    \
        X(MECHANISM_TEXT,     "text")       /* it is said where it is needed */

enum mechanism_kind {
#define X(id, name) id,
        MECHANISM_KINDS(X)
#undef X
        MECHANISM_KINDS_COUNT
};

#define MECHANISM_STATES(X)            \
        X(MECHANISM_PLANNED, "planned") \
        X(MECHANISM_BUILT,   "built")

enum mechanism_state {
#define X(id, name) id,
        MECHANISM_STATES(X)
#undef X
        MECHANISM_STATES_COUNT
};

/* What carries it. The first six stand in this pack: a built one must be there (load.c). */
#define CARRIERS(X)                                                      \
        X(CARRIER_FORM,      "form")         /* <form> */                \
        X(CARRIER_FIELD,     "field")        /* <form>.<field> */        \
        X(CARRIER_PROCEDURE, "procedure")    /* <procedure> */           \
        X(CARRIER_STEP,      "step")         /* <procedure>.<step> */    \
        X(CARRIER_EFFECT,    "effect")       /* <procedure>.<effect> */  \
        X(CARRIER_TEXT,      "text")         /* a key of texts/ */       \
        X(CARRIER_CRITERION, "criterion")                                \
        X(CARRIER_REGISTER,  "register")                                 \
        X(CARRIER_DUTY,      "duty")                                     \
        X(CARRIER_COMMAND,   "command")      /* an act of the office; its journal verb */ \
        X(CARRIER_GATE,      "gate")         /* a part of the gate */    \
        X(CARRIER_AGENT,     "agent")        /* a part of the agent */   \
        X(CARRIER_IMPORT,    "import")       /* what other tools say */  \
        X(CARRIER_REPORT,    "report")

enum carrier {
#define X(id, name) id,
        CARRIERS(X)
#undef X
        CARRIERS_COUNT
};

/* What serves a clause, and how. Planned: it does not exist yet, and binds nothing. */
struct pack_mechanism {
        const char             *id;
        enum mechanism_kind     kind;
        enum mechanism_state    state;
        enum carrier            carrier;
        const char             *where;
        const struct pack_link *clauses;
        size_t                  clauses_count;
        const struct pack_link *proven;              /* tests that turn red without it: suite, or unit.function */
        size_t                  proven_count;
        struct pack_text        name;
};

struct pack_settings {
        uint32_t grant_valid_hours;      /* how long a grant table may be obeyed without the office */
        uint32_t session_idle_minutes;
        uint32_t session_hours;
        uint32_t enrol_code_hours;
        uint32_t retention_years;        /* counted from April 1 of the next fiscal year */
};

struct pack {
        struct arena                 arena;
        const char                  *id;
        uint32_t                     version;
        struct pack_text             title;
        struct hash                  hash;            /* SHA-256 over the sorted list of "name NUL length NUL bytes" of all files */
        const struct pack_role      *roles;
        size_t                       roles_count;
        const struct pack_zone      *zones;
        size_t                       zones_count;
        const struct pack_era       *eras;            /* oldest first */
        size_t                       eras_count;
        const struct pack_form      *forms;
        size_t                       forms_count;
        const struct pack_procedure *procedures;
        size_t                       procedures_count;
        const struct pack_section   *sections;
        size_t                       sections_count;
        const struct pack_clause    *clauses;
        size_t                       clauses_count;
        const struct pack_mechanism *mechanisms;
        size_t                       mechanisms_count;
        struct pack_settings         settings;
};

/* ids: [a-z][a-z0-9_-]*, codes (eras, number_code): [A-Z][A-Z0-9]*; shorter than PACK_ID_MAX, so that a char[PACK_ID_MAX] holds one. */
bool pack_id_ok(struct str s);
bool pack_code_ok(struct str s);
bool pack_section_ok(struct str s);         /* S8.2: a capital, then numbers with points between */
bool pack_clause_ok(struct str s);          /* S8.2-R2.2.ki: a section, a hyphen, then words with points between */

const struct pack_role      *pack_find_role(const struct pack *p, const char *id);            /* NULL when absent */
const struct pack_zone      *pack_find_zone(const struct pack *p, const char *id);
const struct pack_form      *pack_find_form(const struct pack *p, const char *id);
const struct pack_procedure *pack_find_procedure(const struct pack *p, const char *id);
const struct pack_section   *pack_find_section(const struct pack *p, const char *id);
const struct pack_clause    *pack_find_clause(const struct pack *p, const char *id);
const struct pack_section   *pack_section_of(const struct pack *p, const char *clause);       /* by the part before the hyphen */
const struct pack_field     *form_find_field(const struct pack_form *f, const char *id);
struct pack                 *pack_free(struct pack *p);
SCOPED(pack_free, struct pack *)

#endif
