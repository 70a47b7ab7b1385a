/* suspend.c - see suspend.h. */
#include "server/office/command/suspend.h"

#include "server/office/command/notice.h"

/* Who answers for a section: the role's name in the glossary. */
static const char head[] = "section_manager";
enum { STEPS_MAX = 100 };

int suspend_facts(struct service_facts *out, struct db *db, struct str service, struct arena *a, struct err *e)
{
        struct service_facts f = { .service.rev = 0 };
        struct str app;
        struct row *steps = NULL;
        struct uuid id;
        size_t n = 0;
        int r = uuid_parse(service, &id) ? store_row(&f.service, db, TABLE_SERVICE, arena_copy(a, service.p, service.n), NULL, a, e) : ERR_OK;

        if (r == ERR_OK && !f.service.rev)
                r = err_key(e, ERR_ABSENT, "service.absent", "", NULL);
        if (r < 0)
                return r;
        app = row_get_text(&f.service, SERVICE_application);
        if (app.n)
                r = store_row(&f.application, db, TABLE_APPLICATION, arena_copy(a, app.p, app.n), NULL, a, e);
        if (r == ERR_OK && app.n)
                r = store_rows_of(&steps, &n, db, TABLE_STEP, arena_copy(a, app.p, app.n), STEPS_MAX, a, e);
        f.steps = (struct row_list){ steps, n };
        if (r == ERR_OK)
                *out = f;
        return r;
}

int suspend_tell(struct act *act, const struct row *service, struct err *e)
{
        scoped(notice_to_done) struct notice_to to = NOTICE_TO_INIT;
        bool suspended = row_is(service, SERVICE_state, "suspended");
        struct row *uses = NULL;
        size_t n = 0;
        int r = query_rows(&uses, &n, act->db, USES_OF_SERVICE, str_of(service->id), act->arena, e);

        notice_to_person(&to, row_get_text(service, SERVICE_manager));
        notice_to_person(&to, row_get_text(service, SERVICE_deputy));
        if (r == ERR_OK && row_get_text(service, SERVICE_section).n)
                r = notice_to_role(&to, act, head, row_get_text(service, SERVICE_section), e);
        for (size_t i = 0; r == ERR_OK && i < n; i++)
                if (row_is(&uses[i], USE_state, "active") && row_get_text(&uses[i], USE_section).n)
                        r = notice_to_role(&to, act, head, row_get_text(&uses[i], USE_section), e);
        return r < 0 ? r : notice_put(act, &(struct notice){ .key = suspended ? "notice.service-suspended" : "notice.service-resumed",
                                                             .args = { { .text = row_get_text(service, SERVICE_name) } }, .page = "services",
                                                             .ref = arena_text(act->arena, service->id), .urgent = suspended }, &to, e);
}

int act_suspend(struct act *act, void *arg, struct err *e)
{
        struct act_suspend *in = arg;
        struct service_facts f;
        struct changes c;
        struct actor who;
        int r = query_actor(&who, act->db, in->person, act->now, act->arena, e);

        if (r == ERR_ABSENT)
                return err_key(e, ERR_UNKNOWN, "session.none", "", NULL);
        if (r == ERR_OK)
                r = suspend_facts(&f, act->db, in->service, act->arena, e);
        if (r < 0)
                return r;
        changes_init(&c, act->arena, in->resume ? "service.resumed" : "service.suspended", f.service.id);
        r = service_suspend(&c, act->office->pack, &f, in->resume, in->reason, in->rev, &who, act->now, e);
        if (r == ERR_OK)
                r = act_append(&in->receipt, act, &c, e);
        if (r < 0)
                return r;
        in->rev_after = c.rows[0].rev;
        return suspend_tell(act, &c.rows[0], e);
}
