/* gist.h - what an approver reads before deciding: what an approval does, what differs from last time, what the secretariat thinks of it.
 *
 * Does      say each effect of the pack in words of both languages; compare two cases answer by answer; pick the fields that the pack
 *           marks `opinion`.
 * Clause    practice.md of the base pack, approver's page: 何を／誰が／いつまで, what happens on approval, what differs.
 * Layer     core; pure.
 * Owns      texts live in the arena, or in the pack's.
 * Fails     ERR_NOMEM only: what cannot be said is left out by its effect, which then refuses the approval itself.
 *
 * The words promise nothing that an effect does not do. What may be used from then on is GIST_RECORD, since nothing holds anybody to
 * it, and GIST_GATE only for a permit in a zone that has a gate.
 */
#ifndef CORE_PROCEDURE_GIST_H
#define CORE_PROCEDURE_GIST_H

#include "core/procedure/flow.h"

struct gist_text { const char *in[LANG_COUNT]; };

/* What a person, service or application is called; NULL: as stored. */
typedef const char *gist_name_fn(void *ctx, enum field_type type, struct str id);
/* A gate is enrolled in that zone. */
typedef bool gist_gated_fn(void *ctx, const struct pack_zone *zone);

struct gist_env { const struct pack *pack; utime_t now; struct arena *arena; gist_name_fn *name; gist_gated_fn *gated; void *ctx; };

enum gist_hold { GIST_REGISTER, GIST_RECORD, GIST_GATE, GIST_TASK };      /* what stands behind it: a row; a row that nothing enforces; a gate's rule; a duty */

/* One thing that follows when the last approval is given; an effect may say several, and all rows of other
 * registers are one line, of the first effect that makes some. */
struct gist_will { const struct pack_effect *effect; enum gist_hold hold; struct gist_text text; };
struct gist_wills { struct gist_will *items; size_t n; };
int gist_will(struct gist_wills *out, const struct flow *w, const struct gist_env *env, struct err *e);

/* 何を, いつまで: the service it is about or would register, else the first words of its form; until when an approval would hold, an empty
 * text when nothing says so. */
struct gist_outline { struct gist_text what, until; };
int gist_outline(struct gist_outline *out, const struct flow *w, const struct gist_env *env, struct err *e);

/* The steps that wait once step `i` is approved; empty: it is the last one. */
int gist_next(struct gist_text *out, const struct flow *w, size_t i, const struct gist_env *env, struct err *e);

/* Answers to fields of one id and type that are not the same. Sheets that nobody has handed in and erased texts are not compared; of a
 * table only the lines that are gone and the lines that are new stand there. Pack and facts of the earlier case are its own. */
struct gist_case { const struct pack *pack; const struct case_facts *facts; };
struct gist_differ { const struct pack_field *field; struct gist_text before, now; };
struct gist_differs { struct gist_differ *items; size_t n, compared; };      /* compared 0: the two have no question in common */
int gist_differs(struct gist_differs *out, const struct gist_case *before, const struct gist_case *now, const struct gist_env *env, struct err *e);

/* Answers that the pack marks as somebody's opinion, as far as they are written. */
struct gist_opinion { const struct pack_field *field; struct gist_text said; };
struct gist_opinions { struct gist_opinion *items; size_t n; };
int gist_opinions(struct gist_opinions *out, const struct gist_case *c, const struct gist_env *env, struct err *e);

/* A stored answer as people read it. */
int gist_say(struct gist_text *out, const struct pack_field *f, struct str stored, const struct gist_env *env, struct err *e);

#endif
