/* command.h - `sekishod evidence`: an evidence pack from the command line, whether the office runs or not.
 *
 * Does      read the words, make the pack, say how far it is, leave the note that the office journals.
 * Layer     server/office/evidence.
 * Fails     as dossier.h; ERR_INPUT `evidence.word.*`.
 */
#ifndef OFFICE_EVIDENCE_COMMAND_H
#define OFFICE_EVIDENCE_COMMAND_H

#include "base/err.h"

int evidence_main(const char *data_dir, int argc, char *const *argv, struct err *e);

#endif
