/* duty_walk.h - when the duty loop looks at what, so that nothing is missed and a look costs little.
 *
 * Does      go over all services and open duties in parts, once a day and whenever time alone may change something; between that, only
 *           over what the journal's new entries touched. Whatever a part asks for is an act of its own (duty_tick.h).
 * Clause    8.2 趣旨, 8.2(6): nothing runs out unseen.
 * Layer     server/office/command.
 * Scales    at most LOOKS_A_ROUND parts of DUTY_PART services a round; 100,000 services in about half a minute, ten thousandths of
 *           which in one round.
 * Fails     the store's errors, once; while they last it tries again after 2, 4, 8 … seconds, at most a minute, and says nothing.
 *
 * A walk goes through stages: what is of no service, the services by their ids, then words about open duties by theirs. It stays at a part
 * until that asks for nothing. What was touched comes first. A walk over all is not begun anew while it goes on, unless the rules changed
 * or the clock was set back: time that has come meanwhile is seen by the next.
 */
#ifndef OFFICE_COMMAND_DUTY_WALK_H
#define OFFICE_COMMAND_DUTY_WALK_H

#include "server/office/writer.h"

enum duty_stage { DUTY_REST, DUTY_BODY, DUTY_SERVICES, DUTY_WORDS };

/* since, target: from this entry on, before that one. from: the last id seen. */
struct duty_walk { enum duty_stage stage; uint64_t since, target; char from[UUID_TEXT]; };

/* All zero at the start. */
struct duty_watch {
        struct duty_walk all, fresh;
        uint64_t         seen;          /* all entries before this one were looked at, or are by `all` */
        utime_t          asked, next;   /* time of the last look; when time alone may change something */
        struct hash      pack;
        unsigned         failed;        /* times in a row */
        utime_t          again;         /* boot time of the next try */
};

int  duty_walk(struct duty_watch *w, struct office *o, struct db *db, utime_t now, struct err *e);
bool duty_walk_goes_on(const struct duty_watch *w);

#endif
