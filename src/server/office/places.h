/* places.h - where this office is reached: DIR/office/places.json, written by init.
 *
 * Does      {"v":1,"host":"localhost","user_port":8443,"machine_port":8444}; host and machine_port go into enrolment codes.
 * Layer     server/office.
 */
#ifndef OFFICE_PLACES_H
#define OFFICE_PLACES_H

#include "server/office/office.h"

int places_load(struct office *o, struct err *e);
int places_store(const char *office_dir, const char *host, uint16_t user_port, uint16_t machine_port, struct err *e);

#endif
