/* settings.c - see settings.h. */
#include "gate/settings.h"

#include "base/codec.h"

enum { SETTINGS_MAX = 64 * 1024, PEM_MAX = 64 * 1024, SETTINGS_VERSION = 1 };

int settings_path(char to[SETTINGS_PATH], const char *dir, const char *file, struct err *e)
{
        int n = snprintf(to, SETTINGS_PATH, "%s/%s", dir, file);

        return n < 0 || n >= SETTINGS_PATH ? err_set(e, ERR_TOO_BIG, "the path of the state directory is too long") : ERR_OK;
}

static int json_text(char *to, size_t room, const json_t *o, const char *field, struct err *e)
{
        const json_t *v = json_object_get(o, field);
        size_t n = json_string_length(v);

        if (!json_is_string(v) || n >= room || strlen(json_string_value(v)) != n)
                return err_set(e, ERR_INPUT, "'%s' is missing, no text or too long", field);
        memcpy(to, json_string_value(v), n + 1);
        return ERR_OK;
}

static int json_number(int64_t *to, const json_t *o, const char *field, int64_t least, int64_t most, struct err *e)
{
        const json_t *v = json_object_get(o, field);

        if (!json_is_integer(v) || json_integer_value(v) < least || json_integer_value(v) > most)
                return err_set(e, ERR_INPUT, "'%s' is missing or not between %lld and %lld", field, (long long)least, (long long)most);
        *to = json_integer_value(v);
        return ERR_OK;
}

static int json_id(struct uuid *to, const json_t *o, const char *field, struct err *e)
{
        char text[UUID_TEXT];
        int r = json_text(text, sizeof(text), o, field, e);

        if (r < 0)
                return r;
        return uuid_parse(str_of(text), to) ? ERR_OK : err_set(e, ERR_INPUT, "'%s' is not an id", field);
}

static int json_key(uint8_t to[ED25519_KEY], const json_t *o, const char *field, struct err *e)
{
        char hex[2 * ED25519_KEY + 1];
        int r = json_text(hex, sizeof(hex), o, field, e);

        if (r < 0)
                return r;
        return hex_decode(str_of(hex), to, ED25519_KEY) ? ERR_OK : err_set(e, ERR_INPUT, "'%s' is not 64 hexadecimal digits", field);
}

/* A gate of an office that had no next key yet knows the current one only: after a rotation it is enrolled anew. */
static int json_trust(struct key_trust *to, const json_t *o, struct err *e)
{
        int64_t generation = 1;
        int r = json_key(to->key[0], o, "table_key", e);

        memset(to->key[1], 0, ED25519_KEY);
        if (r == ERR_OK && json_object_get(o, "table_next"))
                r = json_key(to->key[1], o, "table_next", e);
        if (r == ERR_OK && json_object_get(o, "table_generation"))
                r = json_number(&generation, o, "table_generation", 1, UINT32_MAX, e);
        to->generation = (uint32_t)generation;
        return r;
}

int settings_parse(struct settings *s, const json_t *o, struct err *e)
{
        int64_t version, epoch, zone, port;
        int r;

        r = json_number(&version, o, "v", SETTINGS_VERSION, SETTINGS_VERSION, e);
        if (r == ERR_OK)
                r = json_id(&s->install, o, "install", e);
        if (r == ERR_OK)
                r = json_id(&s->gate, o, "gate", e);
        if (r == ERR_OK)
                r = json_number(&epoch, o, "epoch", 1, UINT32_MAX, e);
        if (r == ERR_OK)
                r = json_number(&zone, o, "zone", 1, UINT16_MAX, e);
        if (r == ERR_OK)
                r = json_number(&port, o, "port", 1, UINT16_MAX, e);
        if (r == ERR_OK)
                r = json_text(s->name, sizeof(s->name), o, "name", e);
        if (r == ERR_OK)
                r = json_text(s->lan, sizeof(s->lan), o, "lan", e);
        if (r == ERR_OK)
                r = json_text(s->host, sizeof(s->host), o, "host", e);
        if (r == ERR_OK)
                r = json_text(s->log_key, sizeof(s->log_key), o, "log_key", e);
        if (r == ERR_OK)
                r = json_trust(&s->table, o, e);
        if (r < 0)
                return r;
        if (!s->lan[0] || strchr(s->lan, '/'))
                return err_set(e, ERR_INPUT, "'lan' is not the name of an interface");
        s->epoch = (uint32_t)epoch;
        s->zone = (uint16_t)zone;
        s->port = (uint16_t)port;
        return ERR_OK;
}

static int pem_load(struct buf *to, const char *dir, const char *file, struct err *e)
{
        char path[SETTINGS_PATH];
        int r = settings_path(path, dir, file, e);

        return r < 0 ? r : file_read(to, path, PEM_MAX, e);
}

int settings_load(struct settings *s, const char *dir, bool with_key, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        char path[SETTINGS_PATH];
        int r = settings_path(path, dir, "settings.json", e);
        json_t *o;

        *s = (struct settings){ 0 };
        if (r == ERR_OK)
                r = file_read(&text, path, SETTINGS_MAX, e);
        if (r < 0)
                return r;
        (void)snprintf(s->dir, sizeof(s->dir), "%s", dir); /* fits: its longer path did */
        o = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
        r = o ? settings_parse(s, o, e) : err_set(e, ERR_INPUT, "not JSON");
        json_decref(o);
        if (r == ERR_OK)
                r = pem_load(&s->certificate, dir, "gate.pem", e);
        if (r == ERR_OK)
                r = pem_load(&s->ca, dir, "ca.pem", e);
        if (r == ERR_OK && with_key)
                r = pem_load(&s->key, dir, "key.pem", e);
        return r < 0 ? err_wrap(e, r, "settings in '%s'", dir) : ERR_OK;
}

static int pem_store(const struct settings *s, const char *file, const struct buf *pem, mode_t mode, struct err *e)
{
        char path[SETTINGS_PATH];
        int r = settings_path(path, s->dir, file, e);

        return r < 0 ? r : file_replace(path, buf_view(pem), mode, e);
}

int settings_store(const struct settings *s, struct err *e)
{
        char install[UUID_TEXT], gate[UUID_TEXT], table_key[2 * ED25519_KEY + 1], table_next[2 * ED25519_KEY + 1], path[SETTINGS_PATH];
        json_t *o;
        char *text;
        int r;

        r = pem_store(s, "key.pem", &s->key, 0600, e);
        if (r == ERR_OK)
                r = pem_store(s, "gate.pem", &s->certificate, 0600, e);
        if (r == ERR_OK)
                r = pem_store(s, "ca.pem", &s->ca, 0600, e);
        if (r == ERR_OK)
                r = settings_path(path, s->dir, "settings.json", e);
        if (r < 0)
                return r;

        uuid_text(install, s->install);
        uuid_text(gate, s->gate);
        hex_text(table_key, s->table.key[0], ED25519_KEY);
        hex_text(table_next, s->table.key[1], ED25519_KEY);
        o = json_pack("{s:i, s:s, s:s, s:I, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "v", SETTINGS_VERSION, "install", install, "gate", gate,
                      "epoch", (json_int_t)s->epoch, "zone", (int)s->zone, "port", (int)s->port, "name", s->name, "lan", s->lan,
                      "host", s->host, "log_key", s->log_key, "table_key", table_key, "table_next", table_next, "table_generation", (json_int_t)s->table.generation);
        text = o ? json_dumps(o, JSON_INDENT(2)) : NULL;
        json_decref(o);
        r = text ? file_replace(path, str_of(text), 0600, e) : err_set(e, ERR_NOMEM, "settings");
        free(text);
        return r;
}

bool settings_exist(const char *dir)
{
        char path[SETTINGS_PATH];

        return settings_path(path, dir, "settings.json", NULL) == ERR_OK && file_exists(path);
}

void settings_done(struct settings *s)
{
        if (s->key.p)
                explicit_bzero(s->key.p, s->key.n);
        buf_done(&s->certificate);
        buf_done(&s->ca);
        buf_done(&s->key);
}
