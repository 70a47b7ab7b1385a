/* fault_drafts.c - see fault_drafts.h. */
#include "fault_drafts.h"

#include "server/office/command/drafts.h"

static const char *who;
static const struct act_submit *sent;
static char kept[UUID_TEXT];

static int save(struct writer *w, struct str id, int64_t rev, char made[UUID_TEXT], struct err *e)
{
        struct act_draft act = { .person = who, .id = id, .form = STR("network-connection"), .rev = rev,
                                 .body = STR("{\"answers\":{\"device_name\":\"ノートパソコン\"},\"applicant\":\"\"}") };
        int r = writer_run(w, act_save_draft, &act, e);

        if (r == ERR_OK && made)
                memcpy(made, act.new_id, UUID_TEXT);
        return r;
}

int fault_drafts_begin(struct writer *w, const char *person, const struct act_submit *send, struct err *e)
{
        who = person;
        sent = send;
        return save(w, STR(""), 0, kept, e);
}

int fault_draft_add(struct writer *w, struct err *e)
{
        return save(w, STR(""), 0, NULL, e);
}

int fault_draft_save(struct writer *w, struct err *e)
{
        return save(w, str_of(kept), 1, NULL, e);
}

int fault_draft_drop(struct writer *w, struct err *e)
{
        struct act_draft_drop act = { who, str_of(kept) };

        return writer_run(w, act_drop_draft, &act, e);
}

/* The application and the end of its draft are one. */
int fault_draft_send(struct writer *w, struct err *e)
{
        struct act_submit act = *sent;

        act.draft = str_of(kept);
        return writer_run(w, act_submit, &act, e);
}

static int sweep_much_later(struct act *act, void *arg, struct err *e)
{
        return drafts_sweep(act->db, act->now + UTIME_DAY, e);
}

int fault_draft_sweep(struct writer *w, struct err *e)
{
        return writer_run(w, sweep_much_later, NULL, e);
}
