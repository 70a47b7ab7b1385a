/* service_parts.h - what stands in a service besides its own row: where it is enforced, its chain of contractors, what happened to it.
 *
 * Layer     server/office/api.
 * Owns      JSON built belongs to whoever built it.
 */
#ifndef OFFICE_API_SERVICE_PARTS_H
#define OFFICE_API_SERVICE_PARTS_H

#include "server/office/api/words.h"
#include "server/office/store/query.h"

/* Domains of the register and permits of its applications, each with the gates whose kernels said that they hold it. Nothing but such a
 * word is called enforcement: an empty list of gates means that it is recorded only. */
json_t *service_enforced(struct request *rq, const struct row *service, const struct row *apps, size_t n);
/* The provider with those who work for it, at however many removes. A subcontractor whose parent is gone stands below the provider. */
json_t *service_tree(struct request *rq, const struct row *service);
/* Entries about the service and about its applications, newest last. */
json_t *service_timeline(struct request *rq, const struct row *service, const struct row *apps, size_t n);

/* A permit's gates: reports about its newest revision only. */
json_t *permit_gates(struct request *rq, const struct row *permit);

#endif
