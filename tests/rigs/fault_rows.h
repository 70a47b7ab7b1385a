/* fault_rows.h - scenes of fault.c: rows of registers, attachments, providers' answers, peers, and what the courier says. */
#ifndef TESTS_RIGS_FAULT_ROWS_H
#define TESTS_RIGS_FAULT_ROWS_H

#include "server/office/writer.h"

/* What the scenes act on, besides what they make: `manager` looks after the service. Live as long as the scenes. */
struct fault_rows { struct office *office; const char *manager, *other, *secretariat; char service[UUID_TEXT], provider[UUID_TEXT]; int64_t notices[2]; };

/* Before any fault: an account, an attachment, a sheet, a peer, a sink that waits and a notice that is settled. */
int fault_rows_begin(struct writer *w, const struct fault_rows *on, struct err *e);

typedef int fault_rows_fn(struct writer *w, struct err *e);
fault_rows_fn fault_row_add, fault_row_change, fault_row_end, fault_file_add, fault_file_remove, fault_sheet_keep, fault_sheet_receive, fault_sheet_export, fault_peer_add,
              fault_peer_end, fault_witness_add, fault_witness_end, fault_settle, fault_say_sinks, fault_sweep, fault_scrub_keep;

/* The content that fault_file_add() brings is whole, wherever a row names it. */
int fault_file_whole(struct db *db, const char *office_dir, struct err *e);

#endif
