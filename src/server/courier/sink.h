/* sink.h - one way out: its queue, its order, its patience. Each has a thread of its own and shares nothing but the board.
 *
 * Does      fetch what is open for this sink from the office; cut it into parcels; hand them to the way out one after the other; remember
 *           what was taken; tell the office what is settled. A way that does not work is tried again after a pause that grows.
 * Layer     server/courier.
 * Owns      struct sink: sink_free(), after its thread has ended.
 * Threads   sink_run() in one thread; `board` is locked.
 * Fails     never for good: an office or a receiver that is away is waited for.
 *
 * Order: urgent notices first, then as they were laid down. A mail sink keeps order for each receiver: one whose server says "later" holds
 * up nobody else. Mail that may wait (`daily`) is gathered and leaves in one message a receiver at the hour of the settings.
 */
#ifndef COURIER_SINK_H
#define COURIER_SINK_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/notice/item.h"
#include "server/courier/memory.h"
#include "server/courier/settings.h"

/* What leaves in one piece: one notice, or for mail what one receiver is told in one message. */
enum { WHY_ROOM = 200 };
enum parcel_state { PARCEL_WAITS, PARCEL_TAKEN, PARCEL_LATER, PARCEL_REFUSED };

struct parcel {
        const struct notice_item **items;
        size_t                     items_count;
        const char                *who;           /* "-": not to one person */
        const char                *mail;
        enum lang                  lang;
        bool                       daily;
        enum parcel_state          state;
        char                       why[WHY_ROOM];
};

struct sink;

/* Puts `state` into each parcel it dealt with, and calls sink_taken() as soon as one is the receiver's. A negative answer: the way itself
 * does not work; what was not dealt with stays PARCEL_WAITS. */
typedef int deliver_fn(struct sink *s, struct parcel *parcels, size_t n, struct err *e);
typedef void *way_open_fn(struct sink *s, struct err *e);     /* NULL with `e` set: it cannot be made */
typedef void way_close_fn(void *way);
struct way { way_open_fn *open; deliver_fn *deliver; way_close_fn *close; };
extern const struct way way_file, way_mail, way_syslog, way_webhook;

/* What is known of a sink, for the office and for people. */
struct board { pthread_mutex_t lock; bool tried, waits, changed; char why[WHY_ROOM]; };      /* tried: in this life */

struct sink {
        const struct sink_settings *set;
        const char                 *data_dir, *office;    /* office: its socket */
        int                         digest_minute;
        const atomic_bool          *stop;
        const struct way           *way;
        void                       *with;                 /* of the way */
        struct memory              *memory;
        struct board                board;

        /* Of the office, told with each answer. */
        char                        town[200], host[256];
        utime_t                     now;
        bool                        practice;

        struct queue               *queue;
};

int          sink_new(struct sink **out, const struct sink_settings *set, const char *data_dir, const char *office, int digest_minute,
                      const atomic_bool *stop, struct err *e);
struct sink *sink_free(struct sink *s);
void         sink_run(struct sink *s);                                      /* until *stop */
int          sink_taken(struct sink *s, const struct parcel *p, struct err *e);      /* durable when it returns */

void sink_why(char to[WHY_ROOM], const char *text);      /* as much as fits, printable ASCII: it goes into JSON and onto screens */
const struct way *way_of(enum sink_kind kind);
utime_t sink_digest_cut(utime_t now, int minute);     /* daily notices laid down before it leave now */

#endif
