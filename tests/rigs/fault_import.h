/* fault_import.h - the scene of fault.c that brings a sheet in: two sections, both or none. */
#ifndef TESTS_RIGS_FAULT_IMPORT_H
#define TESTS_RIGS_FAULT_IMPORT_H

#include "server/office/writer.h"

/* Before any fault: the sheet, and the plan that was shown. `person` is of the secretariat and lives as long. */
int  fault_import_look(struct office *o, const char *person, struct err *e);
int  fault_import_run(struct writer *w, struct err *e);
void fault_import_done(void);

#endif
