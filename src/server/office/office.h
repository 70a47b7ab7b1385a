/* office.h - the one struct that office state hangs off.
 *
 * Does      hold what every thread of the office shares; start and end it.
 * Layer     server/office.
 * Owns      struct office owns all it points to; it lives as long as the process.
 * Threads   workers (SCGI), one writer, one sealer, one issuer of grant tables, one duty loop, one thread a gate's stream.
 *           Fields below are set before the first thread starts and then only read; each subsystem locks its own. The pack in force
 *           changes while we run: each request, act and round of ticks works on a view of its own, and sees one pack from beginning to end.
 */
#ifndef OFFICE_OFFICE_H
#define OFFICE_OFFICE_H

#include <stdatomic.h>

#include "core/journal/note.h"
#include "core/pack/pack.h"
#include "core/register/rows.h"
#include "server/office/store/db.h"

enum { OFFICE_PATH_MAX = 900 };

struct packs;
struct writer;
struct sealer;
struct issuer;
struct jobs;

struct office {
        char            dir[OFFICE_PATH_MAX];      /* data directory */
        char            store_dir[OFFICE_PATH_MAX + 16];
        char            spool_dir[OFFICE_PATH_MAX + 32];
        struct pack    *pack;                      /* in force when this view was taken; one of packs */
        struct packs   *packs;
        struct uuid     install;
        char            install_text[UUID_TEXT];
        char            name[200];                 /* municipality */
        char            body[16];                  /* code of the executive body */
        char            front[20];                 /* what an application's number begins with: SHI, in practice P-SHI */
        bool            practice;                  /* 練習: no gates, no grant tables, nothing goes out */
        uint32_t        epoch;
        struct vkey     log_key;
        char            machines_host[256];        /* what an enrolment code tells a gate */
        uint16_t        machines_port;
        uint16_t        user_port;                 /* where people reach it: links in notices */
        struct hash     machines_pin;              /* SHA-256 of the machines' port's SubjectPublicKeyInfo */
        struct buf      ca_pem;
        struct writer  *writer;
        struct sealer  *sealer;
        struct issuer  *issuer;
        struct jobs    *dossiers;                  /* evidence packs that people asked for */
        struct buf      verify_page;               /* verify.html, for these; empty: the screens are not there */
        struct office_time *time;                  /* NULL: a tool, by the machine's clock */
        atomic_uint    *duties_failed;             /* times in a row that the duty loop could not look; NULL: nobody asks */
};

int office_main(const char *data_dir, struct err *e);     /* until SIGTERM */

/* Held by the office while it runs, and by what must not run beside it. ERR_CONFLICT: somebody has it. */
int office_lock(int *fd, const char *data_dir, struct err *e);

/* Reads the install row, pack, keys and settings of a data directory; used by office_main, check and rebuild. */
int office_load(struct office *o, const char *data_dir, struct err *e);
void office_unload(struct office *o);

/* The office as somebody sees it who begins now. */
struct office office_view(const struct office *o);

/* The pack that an application was filed under (APPLICATION.pack); it lives as long as the office. NULL: it is gone. */
const struct pack *office_pack(const struct office *o, struct str hash);

#endif
