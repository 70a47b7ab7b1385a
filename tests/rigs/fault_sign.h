/* fault_sign.h - scenes of fault.c: passwords, codes of an authenticator, resets by two people. */
#ifndef TESTS_RIGS_FAULT_SIGN_H
#define TESTS_RIGS_FAULT_SIGN_H

#include "fault_rows.h"

/* Before any fault: `of` has an authenticator and stands before its code; a reset and a rotation wait, asked by `one`; another
 * rotation is confirmed. The people live as long. */
int fault_sign_begin(struct writer *w, const char *one, const char *other, const char *of, struct err *e);

fault_rows_fn fault_password, fault_prove, fault_reset_ask, fault_reset_confirm, fault_reset_end, fault_confirm_clock, fault_rotation_ask, fault_rotation_confirm, fault_rotation_end, fault_rotation_done;

/* The office's time is held from now on: its clock stands a day after the last entry. */
int fault_hold_clock(struct office *o, struct err *e);

#endif
