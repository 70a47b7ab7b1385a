/* records.h - the names that cells of registers give and show, read from the store.
 *
 * Does      fill a struct record_env: look rows up by name, show ids by name; each name is read once.
 * Layer     server/office/command.
 * Owns      names live in the arena.
 */
#ifndef OFFICE_COMMAND_RECORDS_H
#define OFFICE_COMMAND_RECORDS_H

#include "server/office/store/registers.h"

enum { RECORDS_NAMES = 256 };                    /* kept at once; a power of two */

struct records {
        struct record_env env;
        struct db        *db;
        struct { const struct register_info *r; char id[UUID_TEXT]; struct str name; bool over; } names[RECORDS_NAMES];
};

int records_init(struct records *x, const struct pack *pack, enum lang lang, struct db *db, struct arena *a, struct err *e);

#endif
