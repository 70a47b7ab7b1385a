/* settings.h - what enrolment left on this gate: DIR/settings.json, DIR/key.pem, DIR/gate.pem, DIR/ca.pem.
 *
 * Does      read and write them durably; settings.json is written last, so its presence means "enrolled".
 * Layer     gate; jansson.
 * Owns      strings live in the struct; PEM texts in its bufs: settings_done().
 * Trusts    the directory (0700, ours), but checks every field.
 * Fails     ERR_ABSENT not enrolled; ERR_INPUT with words; ERR_IO.
 */
#ifndef GATE_SETTINGS_H
#define GATE_SETTINGS_H

#include <jansson.h>

#include "base/uuid.h"
#include "core/journal/note.h"
#include "sys/files.h"
#include "wire/keylink.h"

enum { SETTINGS_NAME = 256, SETTINGS_HOST = 256, SETTINGS_LAN = 16, SETTINGS_PATH = 1024 };

struct settings {
        char        dir[SETTINGS_PATH];
        struct uuid install, gate;
        uint32_t    epoch;                 /* at enrolment; tables may carry a higher one */
        uint16_t    zone, port;
        char        name[SETTINGS_NAME], lan[SETTINGS_LAN], host[SETTINGS_HOST];
        char        log_key[NOTE_VKEY_MAX];
        struct key_trust table;            /* whose grant tables are obeyed, at enrolment; links lead on (book.h) */
        struct buf  certificate, ca, key;  /* PEM */
};

int  settings_load(struct settings *s, const char *dir, bool with_key, struct err *e);
int  settings_store(const struct settings *s, struct err *e);              /* all four files; nothing is overwritten half */
void settings_done(struct settings *s);
bool settings_exist(const char *dir);
int  settings_path(char to[SETTINGS_PATH], const char *dir, const char *file, struct err *e);

/* The fields that settings.json and the server's answer have in common; strict about type and range. */
int  settings_parse(struct settings *s, const json_t *o, struct err *e);

static inline void settings_done_at(struct settings *s)
{
        settings_done(s);
}

#endif
