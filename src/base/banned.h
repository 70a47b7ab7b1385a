/* banned.h - functions that do not compile in this house (STYLE §4).
 *
 * Does      poison the names whose misuse is a vulnerability or a hidden dependence on locale and time zone.
 * Layer     base; included into every file of src/ by the compiler's command line.
 *
 * The system headers that declare these names come first, since poisoning stops even a declaration.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef SEKISHO_INCLUDE_FIRST      /* a library's header whose macros name them (meson: c_args of the one file that includes it) */
#include SEKISHO_INCLUDE_FIRST
#endif

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol atoll
#pragma GCC poison gmtime localtime ctime asctime mktime
#pragma GCC poison system popen tmpnam mktemp gets
#pragma GCC poison srand srandom drand48

/* OpenSSL's headers name a parameter `rand`, libsodium's a field `random`, so these are refused at the call instead. */
extern int rand(void) __attribute__((unavailable("use sys/entropy.h")));
extern long random(void) __attribute__((unavailable("use sys/entropy.h")));

#endif
