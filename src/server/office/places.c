/* places.c - see places.h. */
#include "server/office/places.h"

#include <jansson.h>

#include "sys/files.h"

enum { FILE_MAX = 4096, PATH_ROOM = OFFICE_PATH_MAX + 64 };

SCOPED(json_decref, json_t *)

int places_read(struct places *out, const char *office_dir, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        scoped(json_decref) json_t *doc = NULL;
        char path[PATH_ROOM];
        const char *host = NULL;
        int version = 0, user = 0, machine = 0, r;

        (void)snprintf(path, sizeof(path), "%s/places.json", office_dir);
        r = file_read(&b, path, FILE_MAX, e);
        if (r < 0)
                return r;
        doc = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, NULL);
        if (json_unpack(doc, "{s:i, s:s, s:i, s:i}", "v", &version, "host", &host, "user_port", &user, "machine_port", &machine) < 0 || version != 1 ||
            user < 1 || user > UINT16_MAX || machine < 1 || machine > UINT16_MAX || strlen(host) >= sizeof(out->host))
                return err_set(e, ERR_INPUT, "'%s' is not {\"v\":1,\"host\":…,\"user_port\":…,\"machine_port\":…}", path);
        *out = (struct places){ .user_port = (uint16_t)user, .machine_port = (uint16_t)machine };
        (void)snprintf(out->host, sizeof(out->host), "%s", host);
        return ERR_OK;
}

int places_load(struct office *o, struct err *e)
{
        struct places p;
        int r = places_read(&p, o->store_dir, e);

        if (r < 0)
                return r;
        (void)snprintf(o->machines_host, sizeof(o->machines_host), "%s", p.host);
        o->machines_port = p.machine_port;
        o->user_port = p.user_port;
        return ERR_OK;
}

int places_store(const char *office_dir, const char *host, uint16_t user_port, uint16_t machine_port, struct err *e)
{
        scoped(json_decref) json_t *doc = json_pack("{s:i, s:s, s:i, s:i}", "v", 1, "host", host, "user_port", user_port, "machine_port", machine_port);
        char path[PATH_ROOM], *text = doc ? json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
        int r;

        (void)snprintf(path, sizeof(path), "%s/places.json", office_dir);
        r = text ? file_replace(path, str_of(text), 0600, e) : err_set(e, ERR_NOMEM, "places");
        free(text);
        return r;
}
