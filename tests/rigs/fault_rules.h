/* fault_rules.h - scenes of fault.c: rules drafted and put into force by two, people appointed to roles by two. */
#ifndef TESTS_RIGS_FAULT_RULES_H
#define TESTS_RIGS_FAULT_RULES_H

#include "server/office/writer.h"

/* one and other keep the rules, judge adopts them; manager is a section_manager, of is appointed. All live as long as the scenes. */
struct fault_rules { const struct office *office; const char *one, *other, *judge, *manager, *of; };
/* Before any fault: a draft, a proposal, an appointment that waits for a second person and one that waits for its day. */
int fault_rules_begin(struct writer *w, const struct fault_rules *who, struct err *e);

typedef int fault_rules_fn(struct writer *w, struct err *e);
fault_rules_fn fault_rules_make, fault_rules_save, fault_rules_propose, fault_rules_drop, fault_rules_return, fault_rules_adopt;
fault_rules_fn fault_appoint_ask, fault_appoint_confirm, fault_appoint_refuse, fault_appoint_days, fault_role_end, fault_erasure;

#endif
