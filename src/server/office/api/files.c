/* files.c - attachments: bytes in, a list, bytes out as a download, and taken off the row. See command/files.h for who may.
 *
 * What a file is, render says (kind `file-type`): this process reads no byte of it but to hash and to seal it.
 */
#include "base/codec.h"
#include "link/render_call.h"
#include "server/office/api/answers.h"
#include "server/office/api/caller.h"
#include "server/office/api/handlers.h"
#include "server/office/api/words.h"
#include "server/office/command/files.h"
#include "server/office/store/files.h"
#include "sys/clock.h"
#include "sys/fault.h"

enum { RENDER_WAIT_S = 25, NAME_CHARS = 200, ENDING_MAX = 12 };

/* Endings: with a blank around each. The first is what a name without one gets. */
static const struct kind { const char *type, *endings, *mime; } kinds[] = {
        { "pdf",  " pdf ",          "application/pdf" },
        { "png",  " png ",          "image/png" },
        { "jpeg", " jpg jpeg ",     "image/jpeg" },
        { "xlsx", " xlsx ",         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "docx", " docx ",         "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "pptx", " pptx ",         "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
        { "text", " txt csv tsv ",  "text/plain" },
};

static const struct kind *kind_of(const char *type)
{
        for (size_t i = 0; type && i < countof(kinds); i++)
                if (strcmp(type, kinds[i].type) == 0)
                        return &kinds[i];
        return NULL;
}

/* ---- in ---- */

/* A parameter as people's text, "" when it is not given. */
static int parameter(struct str *out, struct request *rq, const char *name, struct err *e)
{
        int r = scgi_field(out, rq->scgi->query, name, rq->arena, e);

        if (r == ERR_ABSENT) {
                *out = STR("");
                return ERR_OK;
        }
        return r < 0 ? r : shape_text(out, *out, name, rq->arena, e);
}

static int about_of(struct str *about, struct str *subject, struct request *rq, struct err *e)
{
        struct str text;
        int r = parameter(&text, rq, "about", e);

        if (r < 0)
                return r;
        return str_cut(text, ':', about, subject) ? ERR_OK : err_key(e, ERR_INPUT, "file.about", "about", NULL);
}

static int check_rights(struct file_rights *out, struct request *rq, struct str about, struct str subject, struct err *e)
{
        return file_rights(out, rq->office, rq->db, &rq->session.who, about, subject, rq->now, rq->arena, e);
}

static int read_words(struct act_attach *in, struct request *rq, struct err *e)
{
        static const struct pack_field fields[] = {
                { .id = "name", .type = FIELD_TEXT, .required = true, .max_chars = NAME_CHARS },
                { .id = "note", .type = FIELD_LINES, .max_chars = REASON_CHARS },
                { .id = "dated_on", .type = FIELD_DATE },
        };
        struct str texts[countof(fields)];
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < countof(fields); i++)
                r = parameter(&texts[i], rq, fields[i].id, e);
        if (r == ERR_OK)
                r = answers_texts(texts, fields, texts, countof(fields), rq, e);
        if (r < 0)
                return r;
        if (memchr(texts[0].p, '/', texts[0].n) || memchr(texts[0].p, '\\', texts[0].n))
                return err_key(e, ERR_INPUT, "file.name", "name", NULL);
        in->name = texts[0];
        in->note = texts[1];
        in->dated_on = texts[2];
        return ERR_OK;
}

/* The name's ending in small letters with a blank around: " pdf ". */
static void ending_of(char to[ENDING_MAX + 3], struct str name)
{
        const char *dot = memrchr(name.p, '.', name.n);
        size_t n = dot ? (size_t)(name.p + name.n - dot) - 1 : 0;

        (void)snprintf(to, ENDING_MAX + 3, " %.*s ", n <= ENDING_MAX ? (int)n : 0, dot ? dot + 1 : "");
        for (char *p = to; *p; p++)
                *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
}

/* Without the blanks around. */
static const char *shown(struct request *rq, const char *endings)
{
        struct str s = str_trim(str_of(endings));
        const char *text = arena_copy(rq->arena, s.p, s.n);

        return text ? text : "";
}

static int look(struct act_attach *in, struct request *rq, struct err *e)
{
        scoped(buf_done) struct buf answer = BUF_INIT;
        scoped(json_decref) json_t *o = NULL;
        char socket[OFFICE_PATH_MAX + 32], ending[ENDING_MAX + 3];
        const struct kind *k;
        struct err why = { 0 };
        int r;

        (void)snprintf(socket, sizeof(socket), "%s/run/render.sock", rq->office->dir);
        r = render_call(&answer, socket, "file-type", rq->scgi->body, clock_boot() + RENDER_WAIT_S * UTIME_S, &why);
        if (r == ERR_ABSENT || r == ERR_IO || r == ERR_TIMEOUT)
                return err_key(e, ERR_BUSY, "grid.render.absent", "", NULL);
        if (r < 0) {
                *e = why;
                return r;
        }
        o = json_loadb(answer.p, answer.n, JSON_REJECT_DUPLICATES, NULL);
        k = kind_of(json_string_value(json_object_get(o, "type")));
        if (!k)
                return err_set(e, ERR_IO, "render names no type");
        ending_of(ending, in->name);
        if (strlen(ending) <= 2 || !strstr(k->endings, ending))
                return err_key(e, ERR_INPUT, "file.type.mismatch", "name", shown(rq, ending), k->type, shown(rq, k->endings), NULL);
        in->type = k->type;
        return ERR_OK;
}

/* The file first, then the entry that names it. */
static int keep(struct act_attach *in, struct request *rq, struct err *e)
{
        struct act_file_key key = { { 0 } };
        struct err why = { 0 };
        int r = writer_run(rq->office->writer, act_file_key, &key, e);

        in->unit = key.unit;
        in->hash = hash_bytes(rq->scgi->body);
        in->size = rq->scgi->body.n;
        if (r == ERR_OK)
                r = store_file_put(rq->db, rq->office->store_dir, key.unit, &in->hash, rq->scgi->body, e);
        if (r < 0)
                return r;
        FAULT_POINT("office.file");
        r = writer_run(rq->office->writer, act_attach, in, e);
        if (r < 0)
                (void)writer_run(rq->office->writer, act_file_drop, &in->hash, &why); /* best effort: the next start sweeps */
        return r;
}

int upload_file(struct request *rq, struct reply *out, struct err *e)
{
        struct act_attach act = { .person = rq->session.who.person };
        struct file_rights rights;
        char hex[2 * HASH_SIZE + 1];
        int r = about_of(&act.about, &act.subject, rq, e);

        if (r == ERR_OK)
                r = check_rights(&rights, rq, act.about, act.subject, e);
        if (r == ERR_OK && !rights.writes)
                r = err_key(e, ERR_FORBIDDEN, "file.role", "", NULL);
        if (r == ERR_OK)
                r = read_words(&act, rq, e);
        if (r == ERR_OK)
                r = look(&act, rq, e);
        if (r == ERR_OK)
                r = keep(&act, rq, e);
        if (r < 0)
                return r;
        hex_text(hex, act.hash.b, HASH_SIZE);
        out->status = 201;
        out->json = json_pack("{s:s, s:s, s:s, s:I, s:o}", "id", act.id, "hash", hex, "type", act.type, "size", (json_int_t)act.size, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}

/* ---- the list ---- */

static json_t *file_json(struct request *rq, const struct row *f, bool may_remove)
{
        json_t *o = json_pack("{s:s, s:I, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:{s:b}}", "id", f->id, "rev", (json_int_t)f->rev, "name",
                              json_of(row_get_text(f, ATTACHMENT_name)), "type", json_of(row_get_text(f, ATTACHMENT_type)), "size",
                              (json_int_t)row_get_int(f, ATTACHMENT_size), "hash", json_of(row_get_text(f, ATTACHMENT_hash)), "by",
                              person_json(rq, row_get_text(f, ATTACHMENT_person)), "added_at", json_time(row_get_int(f, ATTACHMENT_added_at)), "state",
                              json_of(row_get_text(f, ATTACHMENT_state)), "may", "remove", may_remove && row_is(f, ATTACHMENT_state, "kept"));

        if (o && put_str(o, "note", row_get_text(f, ATTACHMENT_note)) && put_str(o, "dated_on", row_get_text(f, ATTACHMENT_dated_on)))
                (void)put_str(o, "reason", row_get_text(f, ATTACHMENT_reason));
        return o;
}

int list_files(struct request *rq, struct reply *out, struct err *e)
{
        scoped(json_decref) json_t *items = json_array();
        struct str about, subject;
        struct file_rights rights;
        struct row *rows = NULL;
        size_t n = 0, total = 0;
        int r = about_of(&about, &subject, rq, e);

        if (r == ERR_OK)
                r = check_rights(&rights, rq, about, subject, e);
        if (r == ERR_OK)
                r = query_rows(&rows, &n, rq->db, ATTACHMENTS_OF, subject, rq->arena, e);
        if (r < 0)
                return r;
        for (size_t i = 0; i < n; i++) {
                if (!str_eq(row_get_text(&rows[i], ATTACHMENT_about), about))
                        continue;
                if (json_array_append_new(items, file_json(rq, &rows[i], rights.writes)) < 0)
                        return err_set(e, ERR_NOMEM, "files");
                total++;
        }
        out->json = json_pack("{s:O, s:I, s:{s:b}}", "items", items, "total", (json_int_t)total, "may", "add", rights.writes);
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "files");
}

/* ---- out ---- */

static int load_file(struct row *f, struct file_rights *rights, struct request *rq, struct err *e)
{
        struct uuid id;
        int r = uuid_parse(rq->param, &id) ? store_row(f, rq->db, TABLE_ATTACHMENT, word_of(rq, rq->param), NULL, rq->arena, e) : ERR_ABSENT;

        if (r == ERR_ABSENT || (r == ERR_OK && !f->rev))
                return err_key(e, ERR_ABSENT, "file.absent", "", NULL);
        if (r == ERR_OK)
                r = check_rights(rights, rq, row_get_text(f, ATTACHMENT_about), row_get_text(f, ATTACHMENT_subject), e);
        return r == ERR_ABSENT ? err_key(e, r, "file.absent", "", NULL) : r;
}

/* RFC 6266, RFC 5987: a name in ASCII for old programs, and the real one. */
static void disposition(struct buf *out, struct str name, const struct kind *k)
{
        static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
        struct str first = str_trim(str_of(k->endings)), rest;

        if (!str_cut(first, ' ', &first, &rest))
                rest = STR("");
        buf_printf(out, "Content-Disposition: attachment; filename=\"file.%.*s\"; filename*=UTF-8''", (int)first.n, first.p);
        for (size_t i = 0; i < name.n; i++)
                if (memchr(plain, name.p[i], sizeof(plain) - 1))
                        buf_char(out, name.p[i]);
                else
                        buf_printf(out, "%%%02X", (uint8_t)name.p[i]);
        buf_text(out, "\r\n");
}

static int open_file(struct stored_file **out, struct request *rq, const struct row *f, struct err *e)
{
        struct str hex = row_get_text(f, ATTACHMENT_hash);
        struct hash name;
        int r;

        if (!hex_decode(hex, name.b, HASH_SIZE))
                return err_set(e, ERR_TAMPERED, "attachment row %s", f->id);
        r = store_file_open(out, rq->db, rq->office->store_dir, &name, e);
        if (r == ERR_ABSENT && row_get_text(f, ATTACHMENT_name).n)      /* the row's own words open: its unit was not erased */
                return err_key(e, ERR_TAMPERED, "file.tampered", "", hex.p, NULL);
        return r;
}

static int next_piece(void *ctx, struct str *out, struct err *e)
{
        return store_file_read(out, ctx, e);
}

static void close_file(void *ctx)
{
        (void)store_file_close(ctx);
}

int get_file(struct request *rq, struct reply *out, struct err *e)
{
        struct stored_file *file = NULL;
        struct file_rights rights;
        const struct kind *k;
        struct row f;
        int r = load_file(&f, &rights, rq, e);

        if (r == ERR_OK && !row_is(&f, ATTACHMENT_state, "kept"))
                r = err_key(e, ERR_ABSENT, "file.removed", "", NULL);
        k = r == ERR_OK ? kind_of(row_get_text(&f, ATTACHMENT_type).p) : NULL;
        if (r == ERR_OK)
                r = k ? open_file(&file, rq, &f, e) : err_set(e, ERR_TAMPERED, "attachment row %s", f.id);
        if (r < 0)
                return r;
        out->type = k->mime;
        out->pour = (struct pour){ next_piece, close_file, file, store_file_size(file) };
        disposition(&out->headers, row_get_text(&f, ATTACHMENT_name), k);
        return ERR_OK;
}

int remove_file(struct request *rq, struct reply *out, struct err *e)
{
        static const struct member members[] = { { "reason", MEMBER_TEXT, REASON_BYTES, false }, { "rev", MEMBER_INT, 0, false } };
        struct member_value v[countof(members)] = { 0 };
        scoped(json_decref) json_t *doc = NULL;
        struct act_file_remove act = { .person = rq->session.who.person, .id = rq->param };
        struct file_rights rights;
        struct row f;
        int r = shape_read(&doc, v, rq->scgi->body, members, countof(members), rq->arena, e);

        if (r == ERR_OK)
                r = answers_reason(&act.reason, v[0].text, rq, e);
        if (r == ERR_OK)
                r = load_file(&f, &rights, rq, e);
        act.rev = v[1].i;
        if (r == ERR_OK)
                r = writer_run(rq->office->writer, act_file_remove, &act, e);
        if (r < 0)
                return r;
        out->json = json_pack("{s:I, s:o}", "rev", (json_int_t)act.rev_after, "receipt", json_receipt(&act.receipt));
        return out->json ? ERR_OK : err_set(e, ERR_NOMEM, "answer");
}
