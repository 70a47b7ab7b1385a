/* show.h - an entry as a person reads it: when, what, who, about what.
 *
 * Does      print the fields of a verified entry; only ids and facts are in there, people's texts never are (journal.md).
 * Layer     cli.
 * Trusts    the bytes to be in the log, not to be well-formed: what is not canonical is shown by its hash only. Canonical
 *           text is printable ASCII, so nothing in it can move a terminal's cursor.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "core/text/text.h"

void show_entry(enum lang lang, struct str entry);

#endif
