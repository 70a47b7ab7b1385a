/* rules.c - see rules.h. */
#include "server/office/command/rules.h"

#include "base/codec.h"
#include "server/office/command/notice.h"
#include "server/office/store/query.h"
#include "sys/entropy.h"

enum { HEX_ROOM = 2 * HASH_SIZE + 1 };

static const char *const keep_roles[] = { "secretariat", "system_manager", NULL },
                  *const adopt_roles[] = { "senior_officer", "ciso", "approving_authority", "system_manager", NULL };

static bool has_one(const struct actor *who, const char *const *roles)
{
        for (; *roles; roles++)
                if (actor_has(who, *roles))
                        return true;
        return false;
}

bool rules_may_keep(const struct actor *who)
{
        return has_one(who, keep_roles);
}

bool rules_may_adopt(const struct actor *who)
{
        return has_one(who, adopt_roles);
}

bool rules_may_see(const struct actor *who)
{
        return rules_may_keep(who) || rules_may_adopt(who) || actor_has(who, "auditor");
}

bool rules_is_own(const struct row *draft, const char *person)
{
        return row_is(draft, RULEDRAFT_author, person) || row_is(draft, RULEDRAFT_editor, person) || row_is(draft, RULEDRAFT_proposer, person);
}

int rules_check_zones(const struct pack *before, const struct pack *after, struct err *e)
{
        for (const struct pack_zone *z = before->zones; z < before->zones + before->zones_count; z++)
                for (const struct pack_zone *n = after->zones; n < after->zones + after->zones_count; n++)
                        if (z->number == n->number && strcmp(z->id, n->id) != 0)
                                return err_key(e, ERR_INPUT, "adopt.zone.reused", "", z->id, n->id, NULL);
        return ERR_OK;
}

/* What each deed asks and says. from: states it may begin in, as bits of `states`. */
enum { DRAFT = 1, PROPOSED = 2, RETURNED = 4 };
static const struct { const char *word; unsigned bit; } states[] = { { "draft", DRAFT }, { "proposed", PROPOSED }, { "returned", RETURNED } };
static const struct { const char *type, *to; unsigned from; bool adopts, fresh; } deeds[RULES_DEEDS] = {
        [RULES_MAKE]    = { "rules.drafted",  "draft",    0,                false, false },
        [RULES_SAVE]    = { "rules.drafted",  "draft",    DRAFT | RETURNED, false, true },
        [RULES_PROPOSE] = { "rules.proposed", "proposed", DRAFT | RETURNED, false, true },
        [RULES_DROP]    = { "rules.dropped",  "dropped",  DRAFT | RETURNED | PROPOSED, false, false },
        [RULES_RETURN]  = { "rules.returned", "returned", PROPOSED,         true,  false },
        [RULES_ADOPT]   = { "pack.adopted",   "adopted",  PROPOSED,         true,  true },
};

static unsigned state_bit(const struct row *row)
{
        for (size_t i = 0; i < countof(states); i++)
                if (row_is(row, RULEDRAFT_state, states[i].word))
                        return states[i].bit;
        return 0;
}

static bool is_stale(const struct row *row, const struct office *o)
{
        char hex[HEX_ROOM];

        hex_text(hex, o->pack->hash.b, HASH_SIZE);
        return !row_is(row, RULEDRAFT_base, hex);
}

static int check(const struct act_rules *in, const struct row *row, const struct office *o, const struct actor *who, struct err *e)
{
        if (deeds[in->deed].adopts ? !rules_may_adopt(who) : !rules_may_keep(who))
                return err_key(e, ERR_FORBIDDEN, deeds[in->deed].adopts ? "rules.role.adopt" : "rules.role.keep", "", NULL);
        if (in->deed == RULES_MAKE)
                return ERR_OK;
        if (row->rev != in->rev)
                return err_key(e, ERR_CONFLICT, "rules.rev", "", NULL);
        if (!(state_bit(row) & deeds[in->deed].from))
                return err_key(e, ERR_CONFLICT, "rules.state", "", NULL);
        if (deeds[in->deed].fresh && is_stale(row, o))
                return err_key(e, ERR_CONFLICT, "rules.stale", "", NULL);
        if (in->deed == RULES_ADOPT && rules_is_own(row, who->person))
                return err_key(e, ERR_FORBIDDEN, "rules.own", "", NULL);
        return ERR_OK;
}

static int load(struct row *row, struct act *act, const struct act_rules *in, struct err *e)
{
        struct uuid id;
        int r;

        if (in->deed == RULES_MAKE) {
                *row = row_new(TABLE_RULEDRAFT, entropy_uuid(act->now), NULL);
                return ERR_OK;
        }
        if (!uuid_parse(in->id, &id))
                return err_key(e, ERR_ABSENT, "rules.absent", "", NULL);
        r = store_row(row, act->db, TABLE_RULEDRAFT, arena_copy(act->arena, in->id.p, in->id.n), NULL, act->arena, e);
        return r == ERR_OK && !row->rev ? err_key(e, ERR_ABSENT, "rules.absent", "", NULL) : r;
}

/* ---- what each deed puts into the row ---- */

static void put_draft(struct row *row, const struct act_rules *in, struct act *act, const struct actor *who)
{
        char hex[HEX_ROOM];

        if (in->deed == RULES_MAKE) {
                hex_text(hex, act->office->pack->hash.b, HASH_SIZE);
                row_text(row, RULEDRAFT_base, str_of(arena_text(act->arena, hex)));
                row_personal(row, RULEDRAFT_title, in->title);
                row_personal(row, RULEDRAFT_todo, in->todo);
                row_text(row, RULEDRAFT_author, str_of(who->person));
                row_int(row, RULEDRAFT_made_at, act->now);
        }
        row_personal(row, RULEDRAFT_files, in->files);
        row_personal(row, RULEDRAFT_edits, in->edits);
        row_text(row, RULEDRAFT_editor, str_of(who->person));
        row_int(row, RULEDRAFT_changed_at, act->now);
}

static int put_decision(struct row *row, const struct act_rules *in, struct act *act, const struct actor *who, struct err *e)
{
        char hex[HEX_ROOM];

        row_text(row, RULEDRAFT_decider, str_of(who->person));
        row_int(row, RULEDRAFT_decided_at, act->now);
        row_personal(row, RULEDRAFT_reason, in->reason);
        if (in->deed != RULES_ADOPT)
                return ERR_OK;
        hex_text(hex, in->pack->hash.b, HASH_SIZE);
        if (!row_is(row, RULEDRAFT_pack, hex))
                return err_key(e, ERR_CONFLICT, "rules.rev", "", NULL);
        return rules_check_zones(act->office->pack, in->pack, e);
}

static int put(struct row *row, const struct act_rules *in, struct act *act, const struct actor *who, struct err *e)
{
        char hex[HEX_ROOM];

        row_text(row, RULEDRAFT_state, str_of(deeds[in->deed].to));
        switch (in->deed) {
        case RULES_MAKE:
        case RULES_SAVE:
                put_draft(row, in, act, who);
                return ERR_OK;
        case RULES_PROPOSE:
                hex_text(hex, in->pack->hash.b, HASH_SIZE);
                row_text(row, RULEDRAFT_pack, str_of(arena_text(act->arena, hex)));
                row_int(row, RULEDRAFT_loosened, (int64_t)in->loosened);
                row_text(row, RULEDRAFT_proposer, str_of(who->person));
                row_int(row, RULEDRAFT_proposed_at, act->now);
                return rules_check_zones(act->office->pack, in->pack, e);
        case RULES_RETURN:
        case RULES_ADOPT:
                return put_decision(row, in, act, who, e);
        default:
                return ERR_OK;
        }
}

/* As `sekishod adopt` writes it: by who proposed, second who adopted. */
static int put_adopted(struct changes *c, const struct act_rules *in, const struct row *draft, struct act *act, struct err *e)
{
        char before[HEX_ROOM], after[HEX_ROOM];
        struct row install;
        int r = query_install(&install, act->db, act->arena, e);

        if (r < 0)
                return r;
        hex_text(before, act->office->pack->hash.b, HASH_SIZE);
        hex_text(after, in->pack->hash.b, HASH_SIZE);
        c->pack = str_of(arena_text(act->arena, after));
        row_text(&install, INSTALL_pack, c->pack);
        row_text(&install, INSTALL_pack_id, str_of(in->pack->id));
        row_personal(&install, INSTALL_pack_reason, in->reason);
        (void)snprintf(c->ref, sizeof(c->ref), "%s", install.id);
        changes_note(c, "before", str_of(arena_text(act->arena, before)));
        changes_note(c, "after", c->pack);
        changes_note(c, "second", str_of(c->actor));
        c->actor = arena_copy(act->arena, row_get_text(draft, RULEDRAFT_proposer).p, row_get_text(draft, RULEDRAFT_proposer).n);
        changes_note_int(c, "version", in->pack->version);
        changes_note_int(c, "loosened", (int64_t)in->loosened);
        return changes_add(c, &install, e);
}

/* Who may adopt is told of a proposal; who made it, of what became of it. */
static int tell(struct act *act, const struct act_rules *in, const struct row *row, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        static const char *const keys[RULES_DEEDS] = { [RULES_PROPOSE] = "notice.rules-proposed", [RULES_RETURN] = "notice.rules-returned", [RULES_ADOPT] = "notice.rules-adopted" };
        int r = ERR_OK;

        if (!keys[in->deed])
                return ERR_OK;
        for (const char *const *role = adopt_roles; in->deed == RULES_PROPOSE && r == ERR_OK && *role; role++)
                r = notice_to_role(&to, act, *role, STR(""), e);
        if (in->deed != RULES_PROPOSE) {
                notice_to_person(&to, row_get_text(row, RULEDRAFT_author));
                notice_to_person(&to, row_get_text(row, RULEDRAFT_proposer));
        }
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = keys[in->deed], .page = "rules/proposals", .ref = arena_text(act->arena, row->id) }, &to, e);
}

int act_rules(struct act *act, void *arg, struct err *e)
{
        struct act_rules *in = arg;
        struct changes c;
        struct actor who;
        struct row row;
        int r = query_actor(&who, act->db, in->person, act->now, act->arena, e);

        if (r == ERR_ABSENT)
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        if (r == ERR_OK)
                r = load(&row, act, in, e);
        if (r == ERR_OK)
                r = check(in, &row, act->office, &who, e);
        if (r == ERR_OK)
                r = put(&row, in, act, &who, e);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, deeds[in->deed].type, row.id);
        c.actor = who.person;
        if (in->deed == RULES_PROPOSE)
                changes_note(&c, "pack", row_get_text(&row, RULEDRAFT_pack));
        r = changes_add(&c, &row, e);
        if (r == ERR_OK && in->deed == RULES_ADOPT)
                r = put_adopted(&c, in, &row, act, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r == ERR_OK)
                r = tell(act, in, &row, e);
        if (r < 0)
                return r;
        if (in->deed == RULES_ADOPT)
                act->adopted = in->pack;
        (void)snprintf(in->row, sizeof(in->row), "%s", row.id);
        in->rev_after = c.rows[0].rev;
        return ERR_OK;
}
