/* drafts.c - see drafts.h. */
#include "server/office/command/drafts.h"

#include "sys/entropy.h"

static int add_draft(struct draft *d, struct act *act, struct act_draft *in, struct err *e)
{
        struct draft *kept = arena_array(act->arena, DRAFTS_MAX, sizeof(*kept));
        size_t n = 0;
        int r = kept ? draft_list(kept, &n, act->db, str_of(in->person), act->arena, e) : err_set(e, ERR_NOMEM, "drafts");

        if (r < 0)
                return r;
        if (n == DRAFTS_MAX)
                return err_key(e, ERR_CONFLICT, "draft.many", "", arena_printf(act->arena, "%d", DRAFTS_MAX), NULL);
        uuid_text(in->new_id, entropy_uuid(act->now));
        *d = (struct draft){ .id = str_of(in->new_id), .person = str_of(in->person), .form = in->form, .about = in->about };
        return ERR_OK;
}

static int find_draft(struct draft *d, struct act *act, const struct act_draft *in, struct err *e)
{
        int r = draft_get(d, act->db, in->id, act->arena, e);

        if (r == ERR_ABSENT || (r == ERR_OK && !str_is(d->person, in->person)))
                return err_key(e, ERR_ABSENT, "draft.absent", "", NULL);
        if (r == ERR_OK && d->rev != in->rev)
                return err_key(e, ERR_CONFLICT, "draft.moved", "", NULL);
        return r;
}

int act_save_draft(struct act *act, void *arg, struct err *e)
{
        struct act_draft *in = arg;
        struct draft d = { 0 };
        int r = in->id.n ? find_draft(&d, act, in, e) : add_draft(&d, act, in, e);

        if (r < 0)
                return r;
        d.body = in->body;
        d.saved_at = act->now;
        d.rev++;
        r = draft_put(act->db, &d, e);
        if (r < 0)
                return r;
        in->rev_after = d.rev;
        in->saved_at = d.saved_at;
        return ERR_OK;
}

int act_drop_draft(struct act *act, void *arg, struct err *e)
{
        struct act_draft_drop *in = arg;
        struct draft d;
        int r = draft_get(&d, act->db, in->id, act->arena, e);

        if (r == ERR_ABSENT || (r == ERR_OK && !str_is(d.person, in->person)))
                return err_key(e, ERR_ABSENT, "draft.absent", "", NULL);
        return r < 0 ? r : draft_drop(act->db, in->id, str_of(in->person), e);
}

int draft_sent(struct act *act, struct str id, const char *person, struct err *e)
{
        return id.n ? draft_drop(act->db, id, str_of(person), e) : ERR_OK;
}

static utime_t oldest(const struct pack *pack, utime_t now)
{
        return now - (utime_t)pack->settings.draft_days * UTIME_DAY;
}

int drafts_due(bool *due, struct db *db, const struct pack *pack, utime_t now, struct err *e)
{
        *due = false;
        return pack->settings.draft_days ? drafts_old(due, db, oldest(pack, now), e) : ERR_OK;
}

int act_sweep_drafts(struct act *act, void *arg, struct err *e)
{
        const struct pack *pack = act->office->pack;

        return pack->settings.draft_days ? drafts_sweep(act->db, oldest(pack, act->now), e) : ERR_OK;
}
