/* rules.h - drafts of rules, and the two who put one into force.
 *
 * Does      make, save, propose, return, drop and adopt a draft, each one entry; say who may.
 * Clause    DESIGN §6: adopted by a two-person decision, which is a journal entry. docs/formats/pack-drafts.md.
 * Layer     server/office/command.
 * Trusts    that the pack handed over for adoption is one of office->packs (packs_keep()); which one is in force, who asks and what the
 *           draft came to are looked at again here.
 * Fails     ERR_FORBIDDEN rules.role.*, rules.own; ERR_CONFLICT rules.stale, rules.state, common.rev; ERR_ABSENT rules.absent.
 */
#ifndef OFFICE_COMMAND_RULES_H
#define OFFICE_COMMAND_RULES_H

#include "server/office/writer.h"
#include "core/register/permit.h"

/* Who may put rules into force, by the register of roles: who keeps them, and another who answers for them. */
bool rules_may_keep(const struct actor *who);
bool rules_may_adopt(const struct actor *who);
bool rules_may_see(const struct actor *who);
/* Whoever made, last changed or proposed it does not adopt it. */
bool rules_is_own(const struct row *draft, const char *person);
/* A gate compares numbers: one that meant another zone would open that one. */
int  rules_check_zones(const struct pack *before, const struct pack *after, struct err *e);

enum rules_deed { RULES_MAKE, RULES_SAVE, RULES_PROPOSE, RULES_DROP, RULES_RETURN, RULES_ADOPT, RULES_DEEDS };

struct act_rules {
        enum rules_deed deed;
        const char     *person;
        struct str      id;              /* not MAKE */
        int64_t         rev;
        struct str      title, reason;   /* MAKE; RETURN, ADOPT */
        struct str      files, edits, todo;      /* MAKE, SAVE: as they stand from now on; todo only MAKE */
        struct pack    *pack;            /* PROPOSE, ADOPT: what it comes to */
        size_t          loosened;        /* PROPOSE, ADOPT */
        char            row[UUID_TEXT];  /* out */
        int64_t         rev_after;
        struct receipt  receipt;
};
act_fn act_rules;

#endif
