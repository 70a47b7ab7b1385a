/* zip.h - one zip file, written member by member, each measured and hashed as it goes by.
 *
 * Does      deflated or stored members with UTF-8 names and one date for all; a list of what was written, for the manifest.
 * Layer     server/office/evidence; minizip.
 * Owns      zip_out_close() ends it whole; zip_out_drop() ends and removes what was begun.
 * Units     bytes.
 * Fails     ERR_IO, ERR_FULL, ERR_NOMEM, ERR_TOO_BIG (more than ZIP_MEMBERS_MAX members or ZIP_BYTES_MAX of them).
 */
#ifndef OFFICE_EVIDENCE_ZIP_H
#define OFFICE_EVIDENCE_ZIP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/utime.h"
#include "core/journal/hash.h"

enum { ZIP_MEMBERS_MAX = 500 * 1000, ZIP_NAME_MAX = 240 };
#define ZIP_BYTES_MAX ((uint64_t)4 * 1024 * 1024 * 1024)

struct zip_out;
struct zip_member { char *path; uint64_t size; struct hash sha256; bool listed; };

int  zip_out_open(struct zip_out **out, const char *path, utime_t made_at, struct err *e);
/* Begin, pieces, end. `listed`: stands in the manifest. `packed`: what does not shrink is stored. */
int  zip_out_begin(struct zip_out *z, const char *name, bool listed, bool packed, struct err *e);
int  zip_out_add(struct zip_out *z, struct str bytes, struct err *e);
int  zip_out_end(struct zip_out *z, struct err *e);
int  zip_out_file(struct zip_out *z, const char *name, struct str bytes, bool listed, struct err *e);      /* all three */
bool zip_out_has(const struct zip_out *z, const char *name);

const struct zip_member *zip_out_members(const struct zip_out *z, size_t *n);
uint64_t                 zip_out_bytes(const struct zip_out *z);

int  zip_out_close(struct zip_out *z, struct err *e);       /* durable; z is gone, whatever it answers */
void zip_out_drop(struct zip_out *z);

#endif
