/* scan.h - read a pack's file line by line, before YAML does.
 *
 * Does      hold each line against the few forms it may have; name the slips that YAML reports late, or takes for text.
 * Layer     core; inside pack/.
 * Trusts    nothing.
 * Fails     never; what is wrong is a mistake (keys pack.scan.*). A file without one is the YAML that it looks like.
 */
#ifndef CORE_PACK_SCAN_H
#define CORE_PACK_SCAN_H

#include "core/pack/mistake.h"

void scan_file(struct mistakes *m, const struct pack_file *file);

#endif
