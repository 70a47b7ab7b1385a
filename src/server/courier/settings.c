/* settings.c - see settings.h. */
#include "server/courier/settings.h"

#include <stddef.h>
#include <sys/stat.h>

#include "core/notice/mail.h"
#include "core/pack/tree.h"
#include "sys/files.h"

enum { PATH_ROOM = 1024, FILE_MAX = 64 * 1024, NODES_MAX = 400, NAME_MAX_BYTES = 253 };
enum value_kind { VALUE_NAME, VALUE_WORD, VALUE_ADDRESS, VALUE_PATH, VALUE_NUMBER, VALUE_FILE, VALUE_SECRET };

#define OF(kind) (1u << SINK_##kind)
#define NETWORK  (OF(MAIL) | OF(SYSLOG) | OF(WEBHOOK))
#define ANY      (OF(FILE) | NETWORK)

const char *const sink_kinds[SINK_KINDS] = { [SINK_FILE] = "file", [SINK_MAIL] = "mail", [SINK_SYSLOG] = "syslog", [SINK_WEBHOOK] = "webhook" };

/* NAME: a host; WORD: any text of one line; FILE: PEM; SECRET: the first line of a file with mode 0600. */
static const struct setting { const char *key; enum value_kind type; unsigned may, must; size_t at; int64_t least, most; const char *words; } known[] = {
        { "server",        VALUE_NAME,    NETWORK,    NETWORK,    offsetof(struct sink_settings, server) },
        { "port",          VALUE_NUMBER,  NETWORK,    0,          offsetof(struct sink_settings, port), 1, 65535 },
        { "security",      VALUE_WORD,    OF(MAIL),   OF(MAIL),   offsetof(struct sink_settings, security), .words = " starttls tls none " },
        { "ca_file",       VALUE_FILE,    NETWORK,    OF(SYSLOG) | OF(WEBHOOK), offsetof(struct sink_settings, ca) },
        { "certificate_file", VALUE_FILE, OF(SYSLOG), 0,          offsetof(struct sink_settings, certificate) },
        { "key_file",      VALUE_SECRET,  OF(SYSLOG), 0,          offsetof(struct sink_settings, key) },
        { "user",          VALUE_WORD,    OF(MAIL),   0,          offsetof(struct sink_settings, user) },
        { "password_file", VALUE_SECRET,  OF(MAIL),   0,          offsetof(struct sink_settings, secret) },
        { "from",          VALUE_ADDRESS, OF(MAIL),   OF(MAIL),   offsetof(struct sink_settings, from) },
        { "from_name",     VALUE_WORD,    OF(MAIL),   0,          offsetof(struct sink_settings, from_name) },
        { "hello",         VALUE_NAME,    OF(MAIL),   0,          offsetof(struct sink_settings, hello) },
        { "path",          VALUE_PATH,    OF(WEBHOOK), OF(WEBHOOK), offsetof(struct sink_settings, path) },
        { "secret_file",   VALUE_SECRET,  OF(WEBHOOK), OF(WEBHOOK), offsetof(struct sink_settings, secret) },
        { "retry_s",       VALUE_NUMBER,  NETWORK,    0,          offsetof(struct sink_settings, retry_s), 1, 3600 },
        { "retry_most_s",  VALUE_NUMBER,  NETWORK,    0,          offsetof(struct sink_settings, retry_most_s), 1, 3600 },
        { "patience_s",    VALUE_NUMBER,  NETWORK,    0,          offsetof(struct sink_settings, patience_s), 1, 120 },
};

struct reader { struct settings *out; const char *dir; struct mistakes m; };

static void wrong(struct reader *r, const char *key, const struct node *n, const char *what, const char *more)
{
        mistake(&r->m, key, (struct place){ n->file, n->line }, what, more);
}

/* ---- values ---- */

static bool is_host(const char *s)
{
        size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:");

        return n && !s[n] && n <= NAME_MAX_BYTES && *s != '-' && *s != '.';
}

static bool is_line(const char *s)
{
        for (; *s; s++)
                if ((unsigned char)*s < 0x20 || *s == 0x7f)
                        return false;
        return true;
}

static bool is_path(const char *s)
{
        for (const char *p = s; *p; p++)
                if (*p <= 0x20 || *p >= 0x7f || strchr("\"<>\\^`{|}#", *p))
                        return false;
        return *s == '/' && strlen(s) < 400;
}

static bool is_listed(const char *words, const char *s)
{
        char padded[80];

        (void)snprintf(padded, sizeof(padded), " %.60s ", s);
        return strstr(words, padded) != NULL;
}

/* A file beside settings.yaml. What is secret nobody else may read: then it is one line without its end, or a key in PEM. */
static bool read_beside(struct str *out, struct reader *r, const struct node *n, bool secret)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        char path[PATH_ROOM];
        struct err e = { 0 };
        struct stat st;
        struct str s;
        char *copy;

        if (strchr(n->text, '/') || *n->text == '.' || !*n->text) {
                wrong(r, "courier.settings.file-name", n, n->text, "");
                return false;
        }
        (void)snprintf(path, sizeof(path), "%s/%s", r->dir, n->text);
        if (file_read(&b, path, FILE_MAX, &e) < 0 || stat(path, &st) < 0) {
                wrong(r, "courier.settings.file-missing", n, n->text, e.text);
                return false;
        }
        if (secret && st.st_mode & 077) {
                wrong(r, "courier.settings.file-open", n, n->text, "");
                return false;
        }
        s = buf_view(&b);
        if (secret && !str_starts(s, "-----BEGIN"))
                s = str_trim(s);
        copy = arena_copy(&r->out->arena, s.p, s.n);
        if (b.p)
                explicit_bzero(b.p, b.n);
        *out = (struct str){ copy, copy ? s.n : 0 };
        if (!copy || !s.n || (secret && !str_starts(*out, "-----BEGIN") && strpbrk(copy, "\r\n"))) {
                wrong(r, "courier.settings.file-empty", n, n->text, "");
                return false;
        }
        return true;
}

static void take_value(struct reader *r, struct sink_settings *s, const struct setting *f, const struct node *n)
{
        void *to = (char *)s + f->at;
        uint64_t v = 0;
        bool good = true;

        if (n->kind != NODE_PLAIN && n->kind != NODE_TEXT) {
                wrong(r, "courier.settings.value", n, n->key, "");
                return;
        }
        switch (f->type) {
        case VALUE_NAME:
                good = is_host(n->text);
                break;
        case VALUE_WORD:
                good = is_line(n->text) && *n->text && strlen(n->text) < 200 && (!f->words || is_listed(f->words, n->text));
                break;
        case VALUE_ADDRESS:
                good = mail_address_ok(str_of(n->text));
                break;
        case VALUE_PATH:
                good = is_path(n->text);
                break;
        case VALUE_NUMBER:
                good = str_u64(str_of(n->text), (uint64_t)f->most, &v) && (int64_t)v >= f->least;
                break;
        case VALUE_FILE:
        case VALUE_SECRET:
                (void)read_beside(to, r, n, f->type == VALUE_SECRET);
                return;
        }
        if (!good)
                wrong(r, "courier.settings.value", n, n->key, n->text);
        else if (f->type == VALUE_NUMBER)
                *(int64_t *)to = (int64_t)v;
        else
                *(const char **)to = n->text;
}

/* ---- one sink ---- */

static const struct setting *find_setting(const char *key)
{
        for (size_t i = 0; i < countof(known); i++)
                if (strcmp(known[i].key, key) == 0)
                        return &known[i];
        return NULL;
}

static bool id_ok(const char *s)
{
        size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

        return n && !s[n] && n <= SETTINGS_ID_MAX && *s != '-';
}

static int kind_of(const char *word)
{
        for (int k = 0; k < SINK_KINDS; k++)
                if (strcmp(sink_kinds[k], word) == 0)
                        return k;
        return -1;
}

/* What only two keys together can say. */
static void check_together(struct reader *r, const struct sink_settings *s, const struct node *item)
{
        if (s->kind == SINK_MAIL && strcmp(s->security, "none") != 0 && !s->ca.n)
                wrong(r, "courier.settings.missing", item, s->id, "ca_file");
        if (s->kind == SINK_MAIL && *s->user && !s->secret.n)
                wrong(r, "courier.settings.missing", item, s->id, "password_file");
        if (s->kind == SINK_MAIL && *s->user && strcmp(s->security, "none") == 0)
                wrong(r, "courier.settings.password-open", item, s->id, "");
        if (s->kind == SINK_SYSLOG && !s->certificate.n != !s->key.n)
                wrong(r, "courier.settings.missing", item, s->id, s->key.n ? "certificate_file" : "key_file");
        for (size_t i = 0; i < r->out->sinks_count; i++)
                if (strcmp(r->out->sinks[i].id, s->id) == 0)
                        wrong(r, "courier.settings.twice", item, s->id, "");
}

static void fill_in(struct sink_settings *s)
{
        static const int64_t ports[SINK_KINDS] = { [SINK_SYSLOG] = 6514, [SINK_WEBHOOK] = 443 };

        if (!s->port)
                s->port = s->kind == SINK_MAIL ? strcmp(s->security, "tls") == 0 ? 465 : strcmp(s->security, "starttls") == 0 ? 587 : 25 : ports[s->kind];
        if (!*s->hello)
                s->hello = "localhost";
        if (s->retry_most_s < s->retry_s)
                s->retry_most_s = s->retry_s;
}

static void read_sink(struct reader *r, const struct node *item)
{
        struct sink_settings s = { .server = "", .security = "", .user = "", .from = "", .from_name = "", .hello = "", .path = "", .retry_s = 2, .retry_most_s = 300, .patience_s = 30 };
        const struct node *id = tree_find(item, "id"), *kind = tree_find(item, "kind");
        unsigned before = r->m.count;
        int k = kind && kind->kind == NODE_PLAIN ? kind_of(kind->text) : -1;

        if (item->kind != NODE_MAP || !id || id->kind != NODE_PLAIN || !id_ok(id->text)) {
                wrong(r, "courier.settings.id", id ? id : item, id && id->text ? id->text : "", "");
                return;
        }
        if (k < 0) {
                wrong(r, "courier.settings.kind", kind ? kind : item, kind && kind->text ? kind->text : "", "");
                return;
        }
        s.id = id->text;
        s.kind = (enum sink_kind)k;
        for (const struct node *n = item->first; n; n = n->next) {
                const struct setting *f = find_setting(n->key);

                if (n == id || n == kind)
                        continue;
                if (!f || !(f->may & 1u << k))
                        wrong(r, "courier.settings.unknown", n, n->key, sink_kinds[k]);
                else
                        take_value(r, &s, f, n);
        }
        for (size_t i = 0; i < countof(known); i++)
                if (known[i].must & 1u << k && !tree_find(item, known[i].key))
                        wrong(r, "courier.settings.missing", item, s.id, known[i].key);
        if (r->m.count == before)
                check_together(r, &s, item);
        fill_in(&s);
        if (r->out->sinks_count == SETTINGS_SINKS_MAX)
                wrong(r, "courier.settings.many", item, s.id, "");
        else
                r->out->sinks[r->out->sinks_count++] = s;
}

/* ---- the file ---- */

static bool read_minute(int *out, const char *s)
{
        uint64_t h = 0, m = 0;
        const char *hour = *s == '0' && s[1] ? s + 1 : s;

        if (strlen(s) != 5 || s[2] != ':' || !str_u64((struct str){ hour, (size_t)(s + 2 - hour) }, 23, &h) ||
            !str_u64((struct str){ s[3] == '0' ? s + 4 : s + 3, s[3] == '0' ? 1 : 2 }, 59, &m))
                return false;
        *out = (int)(60 * h + m);
        return true;
}

static void read_top(struct reader *r, const struct node *top)
{
        const struct node *sinks = tree_find(top, "sinks");

        for (const struct node *n = top->first; n; n = n->next)
                if (strcmp(n->key, "digest_at") == 0) {
                        if ((n->kind != NODE_TEXT && n->kind != NODE_PLAIN) || !read_minute(&r->out->digest_minute, n->text))
                                wrong(r, "courier.settings.value", n, n->key, n->text ? n->text : "");
                } else if (n != sinks) {
                        wrong(r, "courier.settings.unknown", n, n->key, "");
                }
        if (!sinks || sinks->kind != NODE_LIST || !sinks->count)
                wrong(r, "courier.settings.none", sinks ? sinks : top, "", "");
        else
                for (const struct node *n = sinks->first; n; n = n->next)
                        read_sink(r, n);
}

void settings_done(struct settings *s)
{
        for (size_t i = 0; i < s->sinks_count; i++) {
                const struct str secrets[] = { s->sinks[i].secret, s->sinks[i].key };

                for (size_t k = 0; k < countof(secrets); k++)
                        if (secrets[k].n)
                                explicit_bzero((char *)(uintptr_t)secrets[k].p, secrets[k].n);
        }
        arena_done(&s->arena);
        *s = (struct settings){ 0 };
}

static int only_log(struct settings *s)
{
        s->sinks[0] = (struct sink_settings){ .id = "log", .kind = SINK_FILE, .retry_s = 2, .retry_most_s = 300 };
        s->sinks_count = 1;
        return ERR_OK;
}

int settings_load(struct settings *out, const char *dir, settings_report_fn *report, void *ctx, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        struct reader r = { .out = out, .dir = dir, .m = { .report = report, .ctx = ctx } };
        uint32_t budget = NODES_MAX;
        struct node *top = NULL;
        char path[PATH_ROOM];
        int x;

        *out = (struct settings){ .digest_minute = 8 * 60 + 30 };
        if ((size_t)snprintf(path, sizeof(path), "%s/settings.yaml", dir) >= sizeof(path) / 2)
                return err_set(e, ERR_TOO_BIG, "data directory path too long");
        x = file_read(&b, path, FILE_MAX, e);
        if (x == ERR_ABSENT) {
                err_clear(e);
                return only_log(out);
        }
        if (x == ERR_OK)
                x = tree_read(&top, "courier/settings.yaml", buf_view(&b), &budget, &out->arena, &r.m);
        if (x < 0) {
                settings_done(out);
                return x;
        }
        if (top && top->kind == NODE_MAP)
                read_top(&r, top);
        else if (!r.m.count)
                mistake(&r.m, "courier.settings.none", (struct place){ "courier/settings.yaml", 1 }, "", "");
        if (!r.m.count)
                return ERR_OK;
        settings_done(out);
        if (e)
                *e = r.m.first;
        return ERR_INPUT;
}
