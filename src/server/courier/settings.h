/* settings.h - which ways out there are: DIR/courier/settings.yaml and the files it names.
 *
 * Does      read it strictly; read certificates, and secrets from files that nobody else may read.
 * Layer     server/courier.
 * Owns      struct settings: settings_done(), which wipes the secrets.
 * Trusts    nothing: unknown keys, keys of another kind of sink, missing ones and bad values are mistakes with file and line.
 * Fails     ERR_INPUT with the first mistake (`courier.*`, `pack.tree.*`); all of them go to `report`.
 *
 *      digest_at: "08:30"                     when the one mail a day leaves, Japan time
 *      sinks:
 *        - id: log
 *          kind: file                         DIR/log/notices.log
 *        - id: mail
 *          kind: mail
 *          server: "mail.city.example.jp"     a name, or an address
 *          security: starttls                 starttls | tls | none
 *          …
 * All keys, and which kind has which: the table in settings.c; for people: docs/operations/ja/notices.md.
 */
#ifndef COURIER_SETTINGS_H
#define COURIER_SETTINGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum sink_kind { SINK_FILE, SINK_MAIL, SINK_SYSLOG, SINK_WEBHOOK, SINK_KINDS };
extern const char *const sink_kinds[SINK_KINDS];

enum { SETTINGS_SINKS_MAX = 8, SETTINGS_ID_MAX = 20 };

struct sink_settings {
        const char    *id;
        enum sink_kind kind;
        const char    *server, *security, *user, *from, *from_name, *hello, *path;   /* "" where not given */
        int64_t        port;
        struct str     ca, certificate, key, secret;                                 /* contents of the files */
        int64_t        retry_s, retry_most_s;                                        /* first pause after a failure, longest */
        int64_t        patience_s;                                                   /* for one message, or one batch, to be taken */
};

struct settings {
        struct arena         arena;
        struct sink_settings sinks[SETTINGS_SINKS_MAX];
        size_t               sinks_count;
        int                  digest_minute;                                          /* of the day, JST */
};

typedef void settings_report_fn(void *ctx, const struct err *mistake);

int  settings_load(struct settings *out, const char *dir, settings_report_fn *report, void *ctx, struct err *e);      /* dir: DIR/courier; no file: the log only */
void settings_done(struct settings *s);

static inline void settings_done_at(struct settings *s)
{
        settings_done(s);
}

#endif
