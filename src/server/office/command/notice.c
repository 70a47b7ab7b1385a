/* notice.c - see notice.h. */
#include "server/office/command/notice.h"

#include <jansson.h>

#include "server/office/store/local.h"
#include "server/office/store/query.h"

SCOPED(json_decref, json_t *)

static json_t *text(struct str s)
{
        return json_stringn(s.p ? s.p : "", s.n);
}

static int put(struct act *act, const char *key, json_t *to, const struct row *app, struct err *e)
{
        scoped(json_decref) json_t *o = json_pack("{s:i, s:s, s:o, s:[o, o], s:s}", "v", 1, "key", key, "to", to, "args",
                                                  text(row_get_text(app, APPLICATION_number)), text(row_get_text(app, APPLICATION_state)),
                                                  "ref", app->id);
        char *body = o ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        int r = body ? outbox_put(act->db, act->now, str_of(body), e) : err_set(e, ERR_NOMEM, "notice");

        free(body);
        return r;
}

int notice_waiting(struct act *act, const struct row *app, struct err *e)
{
        const struct pack_procedure *p = NULL;
        struct person_line *people = NULL;
        json_t *to = json_array();
        size_t n = 0;
        int r = to ? ERR_OK : err_set(e, ERR_NOMEM, "notice");

        for (size_t i = 0; i < act->office->pack->procedures_count; i++)
                if (row_is(app, APPLICATION_procedure, act->office->pack->procedures[i].id))
                        p = &act->office->pack->procedures[i];
        if (r == ERR_OK && p && p->steps_count)
                r = query_holders(&people, &n, act->db, p->steps[0].role, row_get_text(app, APPLICATION_section), act->arena, e);
        if (r < 0) {
                json_decref(to);
                return r;
        }
        for (size_t i = 0; i < n; i++)
                if (!str_eq(people[i].id, row_get_text(app, APPLICATION_applicant)))
                        (void)json_array_append_new(to, text(people[i].id));
        return put(act, "notice.waiting", to, app, e);
}

int notice_decided(struct act *act, const struct row *app, struct err *e)
{
        json_t *to = json_pack("[o]", text(row_get_text(app, APPLICATION_applicant)));

        return to ? put(act, "notice.decided", to, app, e) : err_set(e, ERR_NOMEM, "notice");
}
