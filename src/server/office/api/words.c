/* words.c - see words.h. */
#include "server/office/api/words.h"

#include "server/office/store/query.h"

const char *word_of(struct request *rq, struct str s)
{
        const char *p = s.n ? arena_copy(rq->arena, s.p, s.n) : NULL;

        return p ? p : "";
}

json_t *person_name(struct request *rq, struct str id)
{
        struct row p;

        if (!id.n || store_row(&p, rq->db, TABLE_PERSON, word_of(rq, id), NULL, rq->arena, NULL) < 0)
                return json_string("");
        return json_of(row_get_text(&p, PERSON_name));
}

json_t *person_json(struct request *rq, struct str id)
{
        return json_pack("{s:o, s:o}", "id", json_of(id), "name", person_name(rq, id));
}

json_t *service_name(struct request *rq, struct str id)
{
        struct row s;

        if (!id.n || store_row(&s, rq->db, TABLE_SERVICE, word_of(rq, id), NULL, rq->arena, NULL) < 0)
                return json_string("");
        return json_of(row_get_text(&s, SERVICE_name));
}

json_t *role_name(const struct pack *pack, const char *role)
{
        const struct pack_role *r = pack_find_role(pack, role);

        return r ? json_text(&r->name) : json_pack("{s:s, s:s}", "ja", role, "en", role);
}

const struct pack_form *form_in(const struct pack *pack, struct str id)
{
        for (size_t i = 0; i < pack->forms_count; i++)
                if (str_is(id, pack->forms[i].id))
                        return &pack->forms[i];
        return NULL;
}

json_t *form_title(const struct pack *pack, struct str form)
{
        const struct pack_form *f = form_in(pack, form);

        return f ? json_text(&f->title) : json_pack("{s:o, s:o}", "ja", json_of(form), "en", json_of(form));
}

bool put_text(json_t *o, const char *key, const struct pack_text *t)
{
        return !t->key || json_put(o, key, json_text(t));
}

bool put_str(json_t *o, const char *key, struct str s)
{
        return !s.n || json_put(o, key, json_of(s));
}

bool put_time(json_t *o, const char *key, utime_t t)
{
        return !t || json_put(o, key, json_time(t));
}
