/* pipe.h - what the uplink and the enforcer say to each other.
 *
 * Does      bounded messages over a SOCK_SEQPACKET pair that outlives either process; a table or delta travels in pieces.
 * Layer     gate.
 * Trusts    nothing: the other end may have been replaced in the middle of a body, or be an attacker. Each message is one
 *           packet of exactly the length its type has; pieces must follow each other without a gap.
 * Fails     ERR_INPUT a message that is none; ERR_TIMEOUT the other end does not read (it is dead or stuck): say hello later.
 *
 * Whoever starts says hello. The enforcer answers an uplink's hello with its state and its last report; the uplink answers an
 * enforcer's state with the time it knows and a new stream from that state. So either side may die at any point.
 */
#ifndef GATE_PIPE_H
#define GATE_PIPE_H

#include "base/utime.h"
#include "core/journal/hash.h"
#include "sys/files.h"

enum pipe_type {
        PIPE_HELLO   = 1,       /* uplink: I am new */
        PIPE_TIME    = 2,       /* uplink: at `boot` the server said `server` */
        PIPE_PIECE   = 3,       /* uplink: bytes [at, at + n) of a body of `total` bytes; `frame` is its frame type */
        PIPE_STATE   = 4,       /* enforcer: my table is (epoch, seq), both 0 for none; with `frame` 1: begin a stream from there anew */
        PIPE_APPLIED = 5,       /* enforcer: the kernel holds (epoch, seq) since `server` */
        PIPE_TAKEN   = 6,       /* enforcer: (epoch, seq) is verified and mine now, in force or not yet */
};

enum { PIPE_PIECE_MAX = 64 * 1024 };

struct pipe_message {
        uint32_t    type, frame;
        utime_t     server, boot;
        uint64_t    seq;
        uint32_t    epoch, count;
        uint32_t    total, at;
        struct hash hash;
};

struct pipe { int fd; struct { struct pipe_message head; char piece[PIPE_PIECE_MAX]; } in; };

int pipe_make(int ends[2], struct err *e);
int pipe_say(int fd, const struct pipe_message *m, struct str piece, struct err *e);
/* One message when there is one: 1; 0 when there is none; `piece` lives in p until the next call. */
int pipe_hear(struct pipe *p, struct str *piece, struct err *e);

#endif
