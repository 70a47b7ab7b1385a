/* read.c - session, status, checkpoint and proofs: reading that is not about applications. */
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/shape.h"
#include "server/office/command/facts.h"
#include "server/office/grants/issue.h"
#include "server/office/seal.h"
#include "server/office/store/outbox.h"
#include "server/office/store/tree.h"

#include "core/journal/canon.h"

enum { LOST_SHOWN = 20 };

static const char plain[] = "text/plain; charset=utf-8";

/* Forms whose procedure this person may start. */
static json_t *forms_for(const struct pack *pack, const struct actor *who)
{
        json_t *list = json_array();

        for (size_t i = 0; i < pack->forms_count; i++) {
                const struct pack_procedure *p = pack->forms[i].procedure ? pack_find_procedure(pack, pack->forms[i].procedure) : NULL;

                if (p && actor_has(who, p->apply_role))
                        (void)json_array_append_new(list, json_string(pack->forms[i].id));
        }
        return list;
}

int get_session(struct request *rq, struct reply *out, struct err *e)
{
        const struct actor *who = &rq->session.who;
        json_t *roles = json_array();
        struct row person;
        int r = store_row(&person, rq->db, TABLE_PERSON, who->person, NULL, rq->arena, e);

        for (size_t i = 0; i < who->roles_count; i++)
                (void)json_array_append_new(roles, json_string(who->roles[i]));
        if (r < 0) {
                json_decref(roles);
                return r;
        }
        out->json = json_pack("{s:{s:s, s:o, s:o, s:o, s:o}, s:s, s:s, s:{s:s, s:s, s:o}, s:o, s:b}", "person", "id", who->person,
                              "login", json_of(row_get_text(&person, PERSON_login)), "name", json_of(row_get_text(&person, PERSON_name)),
                              "section", json_of(who->section), "roles", roles, "csrf", rq->session.csrf, "lang", rq->lang == LANG_EN ? "en" : "ja",
                              "install", "id", rq->office->install_text, "name", rq->office->name, "forms", forms_for(rq->office->pack, who),
                              "now", json_time(rq->now), "practice", rq->office->practice);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "session");
}

static json_t *json_sink(const struct sink_row *s, const struct sink_count *count, bool why)
{
        json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "id", json_of(s->id), "kind", json_of(s->kind), "state", json_of(s->state), "since", json_time(s->since_at),
                              "seen", json_time(s->seen_at), "waiting", (json_int_t)count->waiting, "failed", (json_int_t)count->failed);

        if (o && count->oldest_at)
                (void)json_put(o, "oldest", json_time(count->oldest_at));
        if (o && why)
                (void)json_put(o, "why", json_of(s->why));
        return o;
}

/* How notices leave. Why one does not is for those who can mend it. */
static int put_sinks(json_t *status, struct request *rq, struct err *e)
{
        bool keeper = caller_sees(rq, "secretariat") || caller_sees(rq, "system_manager");
        json_t *list = json_array(), *failed = json_array();
        struct sent_row lost[LOST_SHOWN];
        struct sink_row sinks[SINKS_MAX];
        size_t n = 0, m = 0;
        int r = sinks_list(sinks, &n, rq->db, rq->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                struct sink_count count = { 0 };

                r = sink_count(&count, rq->db, sinks[i].id, e);
                (void)json_array_append_new(list, json_sink(&sinks[i], &count, keeper));
        }
        if (r == ERR_OK && keeper)
                r = sent_failed(lost, LOST_SHOWN, &m, rq->db, rq->arena, e);
        for (size_t i = 0; i < m; i++)
                (void)json_array_append_new(failed, json_pack("{s:I, s:o, s:o, s:o, s:o}", "notice", (json_int_t)lost[i].id, "sink", json_of(lost[i].sink), "who", json_of(lost[i].who),
                                                              "why", json_of(lost[i].why), "at", json_time(lost[i].at)));
        if (json_object_set_new(status, "sinks", list) < 0 || json_object_set_new(status, "undelivered", failed) < 0)
                return err_set(e, ERR_NOMEM, "status");
        return r;
}

int get_status(struct request *rq, struct reply *out, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct checkpoint c = { 0 };
        uint64_t size = 0;
        int r = journal_size(&size, NULL, rq->db, e);

        if (r < 0)
                return r;
        (void)sealer_checkpoint(&c, &note, rq->office->sealer, NULL); /* none yet: 0 */
        out->json = json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:I}", "version", SEKISHO_VERSION, "practice", rq->office->practice, "journal_size", (json_int_t)size, "sealed_size", (json_int_t)c.size,
                              "table_seq", (json_int_t)issuer_seq(rq->office->issuer), "gates_connected", (json_int_t)issuer_connected(rq->office->issuer),
                              "duties_failed", (json_int_t)(rq->office->duties_failed ? atomic_load(rq->office->duties_failed) : 0));
        return out->json ? put_sinks(out->json, rq, e) : err_set(e, ERR_NOMEM, "status");
}

int get_checkpoint(struct request *rq, struct reply *out, struct err *e)
{
        struct checkpoint c;

        out->type = plain;
        return sealer_checkpoint(&c, &out->text, rq->office->sealer, e);
}

int get_consistency(struct request *rq, struct reply *out, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct checkpoint c;
        struct proof *p = arena_new(rq->arena, struct proof);
        struct str text;
        uint64_t from;
        int r = scgi_field(&text, rq->scgi->query, "from", rq->arena, e);

        if (r < 0 && r != ERR_ABSENT)
                return r;
        if (r == ERR_ABSENT || !str_u64(text, TREE_SIZE_MAX, &from) || !from)
                return err_key(e, ERR_INPUT, "proof.from.bad", "from", NULL);
        r = sealer_checkpoint(&c, &note, rq->office->sealer, e);
        if (r < 0 || !p)
                return r < 0 ? r : err_set(e, ERR_NOMEM, "proof");
        if (from > c.size)
                return err_key(e, ERR_INPUT, "proof.from.bad", "from", NULL);
        r = tree_prove_consistency(p, from, c.size, tree_read_db, rq->db, e);
        if (r < 0)
                return r;
        out->type = plain;
        consistency_format(&out->text, from, p, buf_view(&note));
        return ERR_OK;
}

/* An entry may be read by those who may see what it is about; all others only by the system manager. */
static int may_read_entry(struct request *rq, struct str entry, struct err *e)
{
        scoped(json_decref) json_t *o = NULL;
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        const struct pack *pack;
        struct str ref;
        int r = f ? canon_parse(&o, entry, e) : err_set(e, ERR_NOMEM, "entry");

        if (r < 0)
                return r;
        if (caller_sees(rq, "system_manager"))
                return ERR_OK;
        ref = str_of(json_string_value(json_object_get(o, "ref")));
        if (str_is(ref, rq->session.who.person))
                return ERR_OK;
        r = facts_load(f, &pack, rq->office, rq->db, ref, rq->now, rq->arena, NULL);
        if (r == ERR_ABSENT)
                r = facts_of_permit(f, &pack, rq->office, rq->db, ref, rq->now, rq->arena, NULL);
        if (r == ERR_OK && caller_sees_case(rq, pack, f))
                return ERR_OK;
        return err_key(e, ERR_ABSENT, "entry.absent", "", NULL); /* whether it exists is not told */
}

int get_entry_proof(struct request *rq, struct reply *out, struct err *e)
{
        scoped(buf_done) struct buf note = BUF_INIT;
        struct proof *p = arena_new(rq->arena, struct proof);
        struct checkpoint c;
        struct str entry;
        uint64_t index;
        int r;

        if (!str_u64(rq->param, TREE_SIZE_MAX, &index) || !p)
                return err_key(e, ERR_ABSENT, "entry.absent", "", NULL);
        r = journal_entry(&entry, rq->db, index, rq->arena, e);
        if (r == ERR_OK)
                r = may_read_entry(rq, entry, e);
        if (r == ERR_OK)
                r = sealer_checkpoint(&c, &note, rq->office->sealer, e);
        if (r == ERR_OK && index >= c.size)
                r = err_key(e, ERR_BUSY, "seal.waiting", "", NULL);
        if (r == ERR_OK)
                r = tree_prove_inclusion(p, index, c.size, tree_read_db, rq->db, e);
        if (r < 0)
                return r;
        out->type = plain;
        buf_printf(&out->headers, "Content-Disposition: attachment; filename=\"entry-%llu.tlog-proof\"\r\n", (unsigned long long)index);
        proof_format(&out->text, entry, index, p, buf_view(&note));
        return ERR_OK;
}
