/* fault_drafts.h - scenes of fault.c: drafts that are kept, sent and let go. */
#ifndef TESTS_RIGS_FAULT_DRAFTS_H
#define TESTS_RIGS_FAULT_DRAFTS_H

#include "server/office/command/acts.h"

/* Before any fault: one draft of `person`. `send` is what they submit; both live as long as the scenes. */
int fault_drafts_begin(struct writer *w, const char *person, const struct act_submit *send, struct err *e);

typedef int fault_drafts_fn(struct writer *w, struct err *e);
fault_drafts_fn fault_draft_add, fault_draft_save, fault_draft_drop, fault_draft_send, fault_draft_sweep;

#endif
