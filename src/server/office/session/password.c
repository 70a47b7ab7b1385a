/* password.c - see password.h. */
#include "server/office/session/password.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sodium.h>

#include "sys/clock.h"
#include "sys/entropy.h"

enum { OPS = 2, MEM = 19 * 1024 * 1024, AT_ONCE = 2, WAIT_S = 5, QUEUE_MAX = 8, DIFFERENT = 5 };

static_assert(PASSWORD_PHC_MAX >= crypto_pwhash_STRBYTES, "PHC string fits");

/* A semaphore, the one piece of state that must be shared by all sign-ins of the process. */
static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  gate_free = PTHREAD_COND_INITIALIZER;
static int             gate_used, gate_waiting;

static int gate_enter(struct err *e)
{
        struct timespec until;
        int r = 0;

        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += WAIT_S;
        (void)pthread_mutex_lock(&gate_lock);
        if (gate_used >= AT_ONCE && gate_waiting >= QUEUE_MAX)
                r = EBUSY; /* the other workers are kept free for people who are signed in */
        gate_waiting++;
        while (gate_used >= AT_ONCE && r == 0)
                r = pthread_cond_timedwait(&gate_free, &gate_lock, &until);
        gate_waiting--;
        if (gate_used < AT_ONCE && r != EBUSY) {
                gate_used++;
                r = 0;
        }
        (void)pthread_mutex_unlock(&gate_lock);
        return r ? err_key(e, ERR_BUSY, "sign-in.busy", "", NULL) : ERR_OK;
}

static void gate_leave(void)
{
        (void)pthread_mutex_lock(&gate_lock);
        gate_used--;
        (void)pthread_cond_signal(&gate_free);
        (void)pthread_mutex_unlock(&gate_lock);
}

int password_hash(char phc[PASSWORD_PHC_MAX], struct str password, struct err *e)
{
        char out[crypto_pwhash_STRBYTES];
        int r = sodium_init() < 0 ? err_set(e, ERR_BUG, "libsodium") : gate_enter(e);

        if (r < 0)
                return r;
        r = crypto_pwhash_str(out, password.p, password.n, OPS, MEM) == 0 ? ERR_OK : err_set(e, ERR_NOMEM, "password hash");
        gate_leave();
        if (r == ERR_OK)
                (void)snprintf(phc, PASSWORD_PHC_MAX, "%s", out);
        return r;
}

int password_verify(bool *ok, const char *phc, struct str password, struct err *e)
{
        /* Of a password nobody has: the work for an unknown login. */
        static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$c2VraXNob3Nla2lzaG9zZWtpc2hvc2VraXNob3Nla2k";
        int r = sodium_init() < 0 ? err_set(e, ERR_BUG, "libsodium") : gate_enter(e);
        bool same;

        if (r < 0)
                return r;
        same = crypto_pwhash_str_verify(phc ? phc : nobody, password.p, password.n) == 0;
        gate_leave();
        *ok = phc && same;
        return ERR_OK;
}

static bool holds(struct str s, struct str part)
{
        for (size_t i = 0; part.n && i + part.n <= s.n; i++)
                if (strncasecmp(s.p + i, part.p, part.n) == 0)
                        return true;
        return false;
}

int password_check(struct str password, struct str login, uint32_t min, struct err *e)
{
        bool seen[256] = { false };
        size_t chars = 0, bytes = 0;
        char text[16];

        for (size_t i = 0; i < password.n; i++) {
                unsigned char c = (unsigned char)password.p[i];

                chars += (c & 0xc0) != 0x80; /* the first byte of a character */
                bytes += !seen[c];
                seen[c] = true;
        }
        min = min ? min : PASSWORD_MIN_CHARS;
        (void)snprintf(text, sizeof(text), "%u", min);
        if (!utf8_ok(password) || password.n > PASSWORD_MAX)
                return err_key(e, ERR_RULE, "password.long", "new", NULL);
        if (chars < min)
                return err_key(e, ERR_RULE, "password.short", "new", text, NULL);
        if (bytes < DIFFERENT || holds(password, login))
                return err_key(e, ERR_RULE, "password.easy", "new", NULL);
        return ERR_OK;
}

void password_make(char to[24])
{
        static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789x"; /* 32: no i, l, o, 0, 1 */
        uint8_t dice[20];
        size_t out = 0;

        static_assert(sizeof(letters) == 33, "five bits a letter");
        entropy_fill(dice, sizeof(dice));
        for (size_t i = 0; i < sizeof(dice); i++) {
                if (i && i % 5 == 0)
                        to[out++] = '-';
                to[out++] = letters[dice[i] & 31];
        }
        to[out] = 0;
}
