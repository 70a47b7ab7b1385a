/* pack.h - the policy as data: what a loaded pack holds.
 *
 * Does      describe roles, zones, forms, procedures and settings after the loader has checked them (pack/load.h).
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
        struct pack_settings         settings;
};

/* ids: [a-z][a-z0-9_-]*, codes (eras, number_code): [A-Z][A-Z0-9]*; shorter than PACK_ID_MAX, so that a char[PACK_ID_MAX] holds one. */
bool pack_id_ok(struct str s);
bool pack_code_ok(struct str s);

const struct pack_role      *pack_find_role(const struct pack *p, const char *id);            /* NULL when absent */
const struct pack_zone      *pack_find_zone(const struct pack *p, const char *id);
const struct pack_form      *pack_find_form(const struct pack *p, const char *id);
const struct pack_procedure *pack_find_procedure(const struct pack *p, const char *id);
const struct pack_field     *form_find_field(const struct pack_form *f, const char *id);
struct pack                 *pack_free(struct pack *p);
SCOPED(pack_free, struct pack *)

#endif
