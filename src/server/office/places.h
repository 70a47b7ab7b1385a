/* places.h - where this office is reached: DIR/office/places.json, written by init.
 *
 * Does      {"v":1,"host":"localhost","user_port":8443,"machine_port":8444}; host and machine_port go into enrolment codes.
 * Layer     server/office.
 */
#ifndef OFFICE_PLACES_H
#define OFFICE_PLACES_H

#include "server/office/office.h"

enum { PLACES_USER_PORT = 8443, PLACES_MACHINE_PORT = 8444 };      /* unless somebody says otherwise */
struct places { char host[256]; uint16_t user_port, machine_port; };

int places_read(struct places *out, const char *office_dir, struct err *e);       /* ERR_ABSENT: no such file */
int places_load(struct office *o, struct err *e);
int places_store(const char *office_dir, const char *host, uint16_t user_port, uint16_t machine_port, struct err *e);

#endif
