/* answer_sheets.c - 事業者回答シート: kept, listed, used again; and the municipalities that sheets come from. */
#include "server/office/api/answer_sheets.h"

#include "base/codec.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/answer_sheets.h"

enum { SUBJECT_CHARS = 200, NAME_BYTES = 800 };

/* ---- against a form ---- */

static const struct given *given_of(const struct given *given, size_t n, const char *field)
{
        for (size_t i = 0; i < n; i++)
                if (str_is(given[i].field, field))
                        return &given[i];
        return NULL;
}

int sheet_fit(struct sheet_fit *out, struct request *rq, const struct setting *s, const struct given *given, size_t n, struct err *e)
{
        size_t fields = s->form->fields_count;
        struct answers_context *ctx = arena_new(rq->arena, struct answers_context);
        struct field_state *states = arena_array(rq->arena, fields + 1, sizeof(*states));
        struct given *known = arena_array(rq->arena, n + 1, sizeof(*known));
        size_t known_n = 0;
        int r;

        *out = (struct sheet_fit){ .kept = arena_array(rq->arena, n + 1, sizeof(*out->kept)), .dropped = arena_array(rq->arena, n + 1, sizeof(*out->dropped)) };
        if (!ctx || !states || !known || !out->kept || !out->dropped)
                return err_set(e, ERR_NOMEM, "answers");
        for (size_t i = 0; i < n; i++)
                if (form_find_field(s->form, word_of(rq, given[i].field)))
                        known[known_n++] = given[i];
                else
                        out->dropped[out->dropped_n++] = (struct dropped){ .field = given[i].field };
        r = answers_context(ctx, rq, s, known, known_n, e);
        if (r == ERR_OK)
                r = form_state(states, s->form, known, known_n, &ctx->form, rq->arena, e);
        for (size_t i = 0; r == ERR_OK && i < fields; i++) {
                const struct given *g = given_of(known, known_n, s->form->fields[i].id);

                if (g && states[i].error && strcmp(states[i].error->key, "form.required") != 0)
                        out->dropped[out->dropped_n++] = (struct dropped){ g->field, states[i].error };
                else if (g && states[i].value.n)
                        out->kept[out->kept_n++] = (struct answer_line){ g->field, states[i].value };
        }
        return r;
}

int sheet_form(const struct pack_form **out, const struct pack *pack, struct str id, struct err *e)
{
        const struct pack_form *form = form_in(pack, id);

        if (!form || !form->sheet)
                return err_key(e, ERR_INPUT, "answer-sheet.form.absent", "form", NULL);
        *out = form;
        return ERR_OK;
}

/* ---- who ---- */

int sheet_check_rights(struct request *rq, bool keep, struct err *e)
{
        bool sees = false, keeps = false;
        int r = answer_sheets_rights(&sees, &keeps, rq->db, &rq->session.who, e);

        return r < 0 || (keep ? keeps : sees) ? r : err_key(e, ERR_FORBIDDEN, "answer-sheet.role", "", NULL);
}

int sheet_load(struct row *sheet, struct given **given, size_t *n, struct request *rq, struct str id, struct err *e)
{
        struct row *rows = NULL;
        struct uuid check;
        int r = sheet_check_rights(rq, false, e);

        if (r < 0)
                return r;
        *n = 0;
        r = uuid_parse(id, &check) ? store_row(sheet, rq->db, TABLE_ANSWERSHEET, word_of(rq, id), NULL, rq->arena, e) : ERR_ABSENT;
        if (r == ERR_ABSENT || (r == ERR_OK && !sheet->rev))
                return err_key(e, ERR_ABSENT, "answer-sheet.absent", "", NULL);
        if (r == ERR_OK)
                r = store_rows_of(&rows, n, rq->db, TABLE_ANSWER, sheet->id, FORM_ANSWERS_MAX, rq->arena, e);
        *given = r == ERR_OK ? arena_array(rq->arena, *n + 1, sizeof(**given)) : NULL;
        if (r == ERR_OK && !*given)
                return err_set(e, ERR_NOMEM, "answers");
        for (size_t i = 0; r == ERR_OK && i < *n; i++)
                (*given)[i] = (struct given){ str_of(rows[i].k), row_get_text(&rows[i], ANSWER_value) };
        return r;
}

/* ---- in JSON ---- */

static json_t *named_row(struct request *rq, enum table t, int name, struct str id)
{
        struct row row;

        if (!id.n || store_row(&row, rq->db, t, word_of(rq, id), NULL, rq->arena, NULL) < 0)
                return json_pack("{s:o, s:s}", "id", json_of(id), "name", "");
        return json_pack("{s:o, s:o}", "id", json_of(id), "name", json_of(row_get_text(&row, name)));
}

static json_t *sheet_json(struct request *rq, const struct row *s)
{
        struct str peer = row_get_text(s, ANSWERSHEET_peer);
        json_t *o = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", s->id, "rev", (json_int_t)s->rev, "provider",
                              named_row(rq, TABLE_PROVIDER, PROVIDER_name, row_get_text(s, ANSWERSHEET_provider)), "subject",
                              json_of(row_get_text(s, ANSWERSHEET_subject)), "form", json_of(row_get_text(s, ANSWERSHEET_form)), "title",
                              form_title(rq->office->pack, row_get_text(s, ANSWERSHEET_form)), "source", json_of(row_get_text(s, ANSWERSHEET_source)), "by",
                              person_json(rq, row_get_text(s, ANSWERSHEET_person)), "added_at", json_time(row_get_int(s, ANSWERSHEET_added_at)), "state",
                              json_of(row_get_text(s, ANSWERSHEET_state)));

        if (o && peer.n)
                (void)json_put(o, "peer", named_row(rq, TABLE_PEER, PEER_name, peer));
        if (o)
                (void)put_str(o, "answered_on", row_get_text(s, ANSWERSHEET_answered_on));
        return o;
}

static bool contains(struct str text, struct str part)
{
        return !part.n || memmem(text.p, text.n, part.p, part.n);
}

static bool is_asked(struct request *rq, const struct row *s, struct str q)
{
        struct row provider;

        if (!q.n || contains(row_get_text(s, ANSWERSHEET_subject), q))
                return true;
        return store_row(&provider, rq->db, TABLE_PROVIDER, word_of(rq, row_get_text(s, ANSWERSHEET_provider)), NULL, rq->arena, NULL) == ERR_OK &&
               contains(row_get_text(&provider, PROVIDER_name), q);
}

static int parameter(struct str *out, struct request *rq, const char *name, struct err *e)
{
        int r = scgi_field(out, rq->scgi->query, name, rq->arena, e);

        if (r == ERR_ABSENT)
                *out = STR("");
        return r < 0 && r != ERR_ABSENT ? r : shape_text(out, *out, name, rq->arena, e);
}

static bool is_among(json_t *forms, const char *id)
{
        json_t *one;
        size_t i;

        json_array_foreach(forms, i, one)
                if (strcmp(json_string_value(json_object_get(one, "id")), id) == 0)
                        return true;
        return false;
}

/* What providers are asked: the sheets that a procedure leaves to their hand. */
static json_t *provider_forms(const struct pack *pack)
{
        json_t *forms = json_array();

        for (size_t i = 0; i < pack->procedures_count; i++)
                for (size_t k = 0; k < pack->procedures[i].sheets_count; k++) {
                        const struct pack_sheet *sheet = &pack->procedures[i].sheets[k];

                        if (sheet->hand == HAND_PROVIDER && !is_among(forms, sheet->id))
                                (void)json_array_append_new(forms, json_pack("{s:s, s:o}", "id", sheet->id, "title", form_title(pack, str_of(sheet->id))));
                }
        return forms;
}

static json_t *may_json(struct request *rq)
{
        bool sees = false, keeps = false, exchanges = actor_has(&rq->session.who, "secretariat") || actor_has(&rq->session.who, "system_manager");

        (void)answer_sheets_rights(&sees, &keeps, rq->db, &rq->session.who, NULL);
        return json_pack("{s:b, s:b}", "keep", keeps, "exchange", exchanges);
}

int list_answer_sheets(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct str provider, q;
        struct row *rows = NULL;
        size_t n = 0;
        int r = sheet_check_rights(rq, false, e);

        if (r == ERR_OK)
                r = parameter(&provider, rq, "provider", e);
        if (r == ERR_OK)
                r = parameter(&q, rq, "q", e);
        if (r == ERR_OK)
                r = query_rows(&rows, &n, rq->db, provider.n ? SHEETS_OF_PROVIDER : SHEETS_ALL, provider, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++)
                if (is_asked(rq, &rows[i], q) && json_array_append_new(items, sheet_json(rq, &rows[i])) < 0)
                        return err_set(e, ERR_NOMEM, "sheets");
        out->json = json_pack("{s:O, s:I, s:o, s:o}", "items", items, "total", (json_int_t)json_array_size(items), "forms", provider_forms(rq->office->pack), "may", may_json(rq));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "sheets");
}

static json_t *dropped_json(const struct pack_form *form, const struct sheet_fit *fit)
{
        json_t *list = json_array();

        for (size_t i = 0; i < fit->dropped_n; i++) {
                const struct dropped *d = &fit->dropped[i];
                json_t *o = json_pack("{s:o}", "field", json_of(d->field));

                for (size_t k = 0; o && k < form->fields_count; k++)
                        if (str_is(d->field, form->fields[k].id))
                                (void)json_put(o, "label", json_text(&form->fields[k].label));
                if (o && d->why) {
                        scoped(buf_done) struct buf ja = BUF_INIT, en = BUF_INIT;

                        form_say(&ja, LANG_JA, form, d->why);
                        form_say(&en, LANG_EN, form, d->why);
                        (void)json_put(o, "message", json_pack("{s:o, s:o}", "ja", json_of(buf_view(&ja)), "en", json_of(buf_view(&en))));
                }
                (void)json_array_append_new(list, o);
        }
        return list;
}

int get_answer_sheet(struct request *rq, struct reply *out, struct err *e)
{
        struct row sheet;
        struct given *given = NULL;
        const struct pack_form *form;
        json_t *answers = NULL;
        size_t n = 0;
        int r = sheet_load(&sheet, &given, &n, rq, rq->param, e);

        if (r < 0)
                return r;
        form = form_in(rq->office->pack, row_get_text(&sheet, ANSWERSHEET_form));
        out->json = sheet_json(rq, &sheet);
        answers = json_array();
        for (size_t i = 0; i < n; i++) {
                const struct pack_field *f = form ? form_find_field(form, given[i].field.p) : NULL;
                json_t *o = json_pack("{s:o, s:o, s:b}", "field", json_of(given[i].field), "value", json_of(given[i].value), "known", f != NULL);

                if (o && f)
                        (void)json_put(o, "label", json_text(&f->label));
                (void)json_array_append_new(answers, o);
        }
        return out->json && json_put(out->json, "answers", answers) ? ERR_OK : err_set(e, ERR_NOMEM, "sheet");
}

/* The answers as the fill act takes them, for one case or for none. */
int reuse_answer_sheet(struct request *rq, struct reply *out, struct err *e)
{
        struct case_facts *f = arena_new(rq->arena, struct case_facts);
        struct setting s = { .pack = rq->office->pack };
        struct given *given = NULL;
        struct sheet_fit fit;
        struct str application;
        struct row sheet;
        json_t *answers;
        size_t n = 0;
        int r = f ? sheet_load(&sheet, &given, &n, rq, rq->param, e) : err_set(e, ERR_NOMEM, "case");

        if (r == ERR_OK)
                r = parameter(&application, rq, "application", e);
        if (r == ERR_OK && application.n) {
                r = facts_load(f, &s.pack, rq->office, rq->db, application, rq->now, rq->arena, e);
                if (r == ERR_OK && !caller_sees_case(rq, s.pack, f))
                        r = err_key(e, ERR_ABSENT, "application.absent", "", NULL);
                s.facts = f;
        }
        if (r == ERR_OK)
                r = sheet_form(&s.form, s.pack, row_get_text(&sheet, ANSWERSHEET_form), e);
        if (r == ERR_OK)
                r = sheet_fit(&fit, rq, &s, given, n, e);
        if (r < 0)
                return r;
        answers = json_object();
        for (size_t i = 0; i < fit.kept_n; i++)
                (void)json_put(answers, word_of(rq, fit.kept[i].field), json_of(fit.kept[i].value));
        out->json = json_pack("{s:s, s:o, s:o}", "sheet", s.form->id, "answers", answers, "dropped", dropped_json(s.form, &fit));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answers");
}

/* ---- keep ---- */

static int made(struct reply *out, const char *id, const struct receipt *receipt, struct err *e)
{
        out->status = 201;
        out->json = json_pack("{s:s, s:o}", "id", id, "receipt", json_receipt(receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

int keep_answer_sheet(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "provider", MEMBER_TEXT, ID_BYTES, false }, { "subject", MEMBER_TEXT, NAME_BYTES, false },
                                                 { "form", MEMBER_TEXT, ID_BYTES, false },     { "answers", MEMBER_OBJECT, 0, false },
                                                 { "answered_on", MEMBER_TEXT, ID_BYTES, false } };
        static const struct pack_field fields[] = { { .id = "subject", .type = FIELD_TEXT, .required = true, .max_chars = SUBJECT_CHARS },
                                                    { .id = "answered_on", .type = FIELD_DATE, .required = true } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_sheet act = { .person = rq->session.who.person };
        struct setting s = { .pack = rq->office->pack };
        char hex[2 * HASH_SIZE + 1];
        struct given *given = NULL;
        struct sheet_fit fit;
        struct str texts[2];
        struct uuid id;
        size_t n = 0;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = sheet_check_rights(rq, true, e);
        if (r == ERR_OK && !uuid_parse(v[0].text, &id))
                r = err_key(e, ERR_INPUT, "answer-sheet.provider.absent", "provider", NULL);
        if (r == ERR_OK) {
                texts[0] = v[1].text;
                texts[1] = v[4].text;
                r = answers_texts(texts, fields, texts, 2, rq, e);
        }
        if (r == ERR_OK)
                r = sheet_form(&s.form, s.pack, v[2].text, e);
        if (r == ERR_OK)
                r = answers_read(&given, &n, v[3].object, s.form, rq->arena, e);
        if (r == ERR_OK)
                r = sheet_fit(&fit, rq, &s, given, n, e);
        if (r < 0)
                return r;
        if (fit.dropped_n) {
                const struct dropped *d = &fit.dropped[0];

                if (d->why)
                        *e = *d->why;
                return d->why ? ERR_INPUT : err_key(e, ERR_INPUT, "form.unknown-field", "", word_of(rq, d->field), NULL);
        }
        if (!fit.kept_n)
                return err_key(e, ERR_INPUT, "answer-sheet.empty", "answers", NULL);
        hex_text(hex, s.form->hash.b, HASH_SIZE);
        act.provider = v[0].text;
        act.subject = texts[0];
        act.answered_on = texts[1];
        act.form = s.form->id;
        act.form_hash = str_of(hex);
        act.answers = fit.kept;
        act.n = fit.kept_n;
        r = writer_run(rq->office->writer, act_keep_sheet, &act, e);
        return r < 0 ? r : made(out, act.id, &act.receipt, e);
}

/* ---- peers ---- */

int list_peers(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        scoped(buf_done) struct buf own = BUF_INIT;
        struct row *rows = NULL;
        size_t n = 0;
        int r = query_rows(&rows, &n, rq->db, PEERS_ALL, STR(""), rq->arena, e);

        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++) {
                const struct row *p = &rows[i];

                if (json_array_append_new(items, json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "id", p->id, "rev", (json_int_t)p->rev, "name", json_of(row_get_text(p, PEER_name)),
                                                           "fingerprint", json_of(row_get_text(p, PEER_fingerprint)), "by", person_json(rq, row_get_text(p, PEER_person)),
                                                           "added_at", json_time(row_get_int(p, PEER_added_at)), "state", json_of(row_get_text(p, PEER_state)))) < 0)
                        return err_set(e, ERR_NOMEM, "peers");
        }
        vkey_fingerprint(&own, &rq->office->log_key);
        out->json = json_pack("{s:O, s:I, s:o}", "items", items, "total", (json_int_t)n, "own", json_of(buf_view(&own)));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "peers");
}

/* What is on the sender's paper: a fingerprint, or the whole key. */
static int read_key(struct act_peer *act, char print[FINGERPRINT_TEXT], struct str text, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct vkey k;

        act->fingerprint = print;
        text = str_trim(text);
        if (fingerprint_parse(print, text))
                return ERR_OK;
        if (vkey_parse(&k, text, NULL) < 0)
                return err_key(e, ERR_INPUT, "peer.key", "key", NULL);
        vkey_fingerprint(&b, &k);
        act->log_key = text;
        return fingerprint_parse(print, buf_view(&b)) ? ERR_OK : err_set(e, ERR_NOMEM, "peer");
}

int add_peer(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "name", MEMBER_TEXT, NAME_BYTES, false }, { "key", MEMBER_TEXT, NOTE_VKEY_MAX, false } };
        static const struct pack_field field = { .id = "name", .type = FIELD_TEXT, .required = true, .max_chars = SUBJECT_CHARS };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_peer act = { .person = rq->session.who.person };
        char print[FINGERPRINT_TEXT];
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_texts(&act.name, &field, &v[0].text, 1, rq, e);
        if (r == ERR_OK)
                r = read_key(&act, print, v[1].text, e);
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_add_peer, &act, e);
        return r < 0 ? r : made(out, act.id, &act.receipt, e);
}

int end_peer(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_peer_end act = { .person = rq->session.who.person, .id = rq->param };
        struct uuid id;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        act.rev = v[0].i;
        if (r == ERR_OK)
                r = uuid_parse(rq->param, &id) ? writer_run(rq->office->writer, act_end_peer, &act, e) : err_key(e, ERR_ABSENT, "peer.absent", "", NULL);
        if (r < 0)
                return r;
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)act.rev_after, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
