/* defs.h - the few words that every file uses.
 *
 * Does      count arrays, scope resources, hand ownership on.
 * Layer     base.
 */
#ifndef BASE_DEFS_H
#define BASE_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define countof(a) (sizeof(a) / sizeof(0 [a]))

/* scoped(fd_close) int fd = ...;   runs fd_close_at(&fd) at the end of the block.
 * A destructor `thing_free` gets its scoped form by SCOPED(thing_free, struct thing *). */
#define scoped(fn)      __attribute__((cleanup(fn##_at)))
#define SCOPED(fn, type)                              \
        static inline void fn##_at(type *p)           \
        {                                             \
                (void)fn(*p);                         \
        }

/* take(p): the value leaves, the variable forgets it, so that its scope does not destroy it. */
#define take(p)                                       \
        ({                                            \
                __typeof__(p) take_ = (p);            \
                (p) = NULL;                           \
                take_;                                \
        })
#define take_fd(fd)                                   \
        ({                                            \
                int take_ = (fd);                     \
                (fd) = -1;                            \
                take_;                                \
        })

#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define MUST_CHECK   __attribute__((warn_unused_result))

#endif
