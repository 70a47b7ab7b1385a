/* backup.h - `sekishod backup` and `sekishod backup-keys`: data and keys, apart, while everything runs.
 *
 * Does      backup DIR TO: one snapshot of the database, packs, attachments and the newest checkpoint, with a list of hashes, into the new
 *           folder TO. backup-keys DIR TO: key store, signer's and nginx's keys, tombstones and the courier's settings, sealed to the
 *           recovery code, into the new file TO. Leaves word of both in DIR/office/backups.
 * Clause    DESIGN §7; 8.1 (バックアップ).
 * Source    docs/formats/backup.md.
 * Layer     server.
 * Owns      TO.making while it works; TO appears when it is whole.
 * Fails     ERR_CONFLICT TO exists; ERR_FULL; ERR_TAMPERED what is there is not what was signed; ERR_ABSENT no recovery code yet.
 */
#ifndef SERVER_BACKUP_H
#define SERVER_BACKUP_H

#include "base/err.h"

int backup_main(const char *data_dir, int argc, char *const *argv, struct err *e);
int backup_keys_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
