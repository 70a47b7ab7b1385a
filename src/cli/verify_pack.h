/* verify_pack.h - `sekisho verify --pack FILE.zip|FOLDER`: does this evidence pack hold, for somebody who does not trust the office?
 *
 * Does      manifest and files, the log directory in it (verify_log.h), opened texts, attachments.
 * Source    docs/formats/evidence.md, log.md. Needs no network, no database and no office.
 * Layer     cli.
 * Fails     never: the answer is the exit code, see enum verdict. Every failed check says which file.
 *
 *     sekisho verify --pack FILE.zip|FOLDER and the words of verify_log.h
 */
#ifndef CLI_VERIFY_PACK_H
#define CLI_VERIFY_PACK_H

#include <jansson.h>

#include "cli/pack_source.h"
#include "cli/verify_log.h"

int verify_pack_main(int argc, char **argv);         /* arguments behind the word `verify` */

/* ---- inside ---- */

enum { PACK_SAID_MAX = 20 };

struct pack_check {
        struct report      *report;
        struct pack_source *source;
        unsigned            said;
        json_t             *manifest;
        uint64_t           *index;              /* of log/subset, ascending */
        uint64_t            entries, files, texts, attachments;
};

/* One failed check: its sentence; behind PACK_SAID_MAX of them only the verdict is kept. b may be NULL. */
void pack_fail(struct pack_check *c, const char *key, const char *a, const char *b);
bool pack_has(const struct pack_check *c, uint64_t index);                        /* that entry is in the pack */
/* The entry's JSON, canonical; NULL when it cannot be read. A new reference. */
json_t *pack_entry_json(struct pack_check *c, uint64_t index);

void pack_check_files(struct pack_check *c);         /* verify_pack_files.c: manifest, sizes, hashes, nothing else */
void pack_check_head(struct pack_check *c, const struct log_view *v);      /* the manifest and the log are of one install and one moment */
void pack_check_subset(struct pack_check *c);        /* nothing beside the entries that log/subset lists */
void pack_check_texts(struct pack_check *c);         /* verify_pack_texts.c: opened texts */
void pack_check_attachments(struct pack_check *c);

#endif
