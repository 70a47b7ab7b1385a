/* show.c - see show.h. */
#include "cli/show.h"

#include <stdlib.h>

#include "base/codec.h"
#include "base/utime.h"
#include "cli/say.h"
#include "core/journal/canon.h"

static void json_drop(json_t *j)
{
        json_decref(j);
}
SCOPED(json_drop, json_t *)

/* Fields that are one string, in the order people ask for them. */
static const struct { const char *field, *key; } strings[] = {
        { "actor", "verify.entry.actor" },
        { "post", "verify.entry.post" },
        { "for", "verify.entry.for" },
        { "drafter", "verify.entry.drafter" },
        { "ref", "verify.entry.ref" },
        { "pack", "verify.entry.pack" },
        { "form", "verify.entry.form" },
};

/* 2026-04-01 09:30:00 in Japan. */
static void show_when(enum lang lang, const json_t *at)
{
        char text[UTIME_TEXT];

        if (!json_is_integer(at))
                return;
        utime_text(text, json_integer_value(at) + UTIME_JST);
        if (strlen(text) > 19) {
                text[10] = ' ';
                text[19] = 0;
        }
        say(stdout, lang, "verify.entry.when", text, NULL);
}

/* "承認 (application.decided)" where the catalogue has a name for the type, else the type alone. */
static void show_what(enum lang lang, const char *type)
{
        scoped(buf_done) struct buf key = BUF_INIT, both = BUF_INIT;

        if (!type)
                return;
        buf_printf(&key, "entry.%s", type);
        if (!buf_bad(&key) && text_known(key.p))
                buf_printf(&both, "%s (%s)", text_get(lang, key.p), type);
        else
                buf_text(&both, type);
        if (!buf_bad(&both))
                say(stdout, lang, "verify.entry.what", both.p, NULL);
}

static void show_changes(enum lang lang, const json_t *set)
{
        for (size_t i = 0; i < json_array_size(set); i++) {
                const json_t *row = json_array_get(set, i);
                const char *table = json_string_value(json_object_get(row, "t")), *id = json_string_value(json_object_get(row, "id"));
                json_int_t rev = json_integer_value(json_object_get(row, "rev"));

                if (table && id && rev >= 0)
                        say(stdout, lang, "verify.entry.set", table, id, decimal((uint64_t)rev), NULL);
        }
}

static void show_note(enum lang lang, json_t *note)
{
        const char *name;
        json_t *value;

        json_object_foreach(note, name, value) {
                char number[24];

                (void)snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
                if (json_is_string(value) || json_is_integer(value))
                        say(stdout, lang, "verify.entry.note", name, json_is_string(value) ? json_string_value(value) : number, NULL);
        }
}

void show_entry(enum lang lang, struct str entry)
{
        scoped(json_drop) json_t *o = NULL;
        struct hash h = hash_leaf(entry);
        char hex[2 * HASH_SIZE + 1];

        hex_text(hex, h.b, HASH_SIZE);
        if (canon_parse(&o, entry, NULL) < 0 || !json_is_object(o)) {
                say(stdout, lang, "verify.entry.unreadable", NULL);
                say(stdout, lang, "verify.entry.leaf", hex, NULL);
                return;
        }
        show_when(lang, json_object_get(o, "at"));
        show_what(lang, json_string_value(json_object_get(o, "type")));
        for (size_t i = 0; i < countof(strings); i++) {
                const char *value = json_string_value(json_object_get(o, strings[i].field));

                if (value)
                        say(stdout, lang, strings[i].key, value, NULL);
                else if (!i)
                        say(stdout, lang, "verify.entry.program", NULL);
        }
        show_changes(lang, json_object_get(o, "set"));
        show_note(lang, json_object_get(o, "note"));
        say(stdout, lang, "verify.entry.leaf", hex, NULL);
}
