/* smtp.c - see smtp.h. */
#include "link/smtp.h"

#include <curl/curl.h>

#include "sys/clock.h"

enum { URL_ROOM = 700, CONNECT_MS = 8000, WORDS_MAX = 200 };

struct smtp {
        struct smtp_setup  set;
        CURL              *easy;
        struct buf         ca;
        char               url[URL_ROOM], words[CURL_ERROR_SIZE];
        char               sent[16], heard[WORDS_MAX];       /* the last command's verb, the server's last line */
        struct str         left;                             /* of the message */
        bool               is_leaving;
        bool               is_over;                          /* all of it was given to the library */
};

struct smtp *smtp_close(struct smtp *s)
{
        if (s) {
                if (s->easy)
                        curl_easy_cleanup(s->easy);
                buf_done(&s->ca);
                free(s);
        }
        return NULL;
}

static size_t read_message(char *to, size_t one, size_t n, void *ctx)
{
        struct smtp *s = ctx;
        size_t now = n < s->left.n ? n : s->left.n;

        memcpy(to, s->left.p, now);
        s->left = (struct str){ s->left.p + now, s->left.n - now };
        s->is_over |= !s->left.n;
        return now;
}

/* What was said last on both sides: the verb, so that it is known what a no is about, and the server's words. Not QUIT, which the library
 * says after a no. */
static int listen_in(CURL *easy, curl_infotype kind, char *p, size_t n, void *ctx)
{
        struct smtp *s = ctx;
        size_t i = 0;

        if (s->is_leaving || (kind == CURLINFO_HEADER_OUT && n >= 4 && memcmp(p, "QUIT", 4) == 0)) {
                s->is_leaving = true;
        } else if (kind == CURLINFO_HEADER_OUT) {
                for (; i < n && i < sizeof(s->sent) - 1 && p[i] >= 'A' && p[i] <= 'Z'; i++)
                        s->sent[i] = p[i];
                s->sent[i] = 0;
        } else if (kind == CURLINFO_HEADER_IN) {
                for (; i < n && i < sizeof(s->heard) - 1 && p[i] != '\r' && p[i] != '\n'; i++)
                        s->heard[i] = p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '?';
                s->heard[i] = 0;
        }
        return 0;
}

static int look_at_stop(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
        const struct smtp *s = ctx;

        return s->set.stop && atomic_load(s->set.stop);
}

static bool options(struct smtp *s)
{
        const struct smtp_setup *set = &s->set;
        struct curl_blob ca = { .data = s->ca.p, .len = s->ca.n, .flags = CURL_BLOB_NOCOPY };
        CURL *c = s->easy;
        bool ok = true;

#define SET(option, value) (ok = ok && curl_easy_setopt(c, option, value) == CURLE_OK)
        SET(CURLOPT_URL, s->url);
        SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        SET(CURLOPT_PROXY, "");
        SET(CURLOPT_NOSIGNAL, 1L);
        SET(CURLOPT_USE_SSL, (long)(set->security == SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        SET(CURLOPT_SSL_VERIFYPEER, 1L);
        SET(CURLOPT_SSL_VERIFYHOST, 2L);
        SET(CURLOPT_CAPATH, NULL);
        if (set->security != SMTP_PLAIN)
                SET(CURLOPT_CAINFO_BLOB, &ca);
        if (*set->user) {
                SET(CURLOPT_USERNAME, set->user);
                SET(CURLOPT_PASSWORD, set->password);
        }
        SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
        SET(CURLOPT_TIMEOUT_MS, (long)(set->patience / UTIME_MS));
        SET(CURLOPT_MAIL_FROM, set->from);
        SET(CURLOPT_UPLOAD, 1L);
        SET(CURLOPT_READFUNCTION, read_message);
        SET(CURLOPT_READDATA, s);
        SET(CURLOPT_ERRORBUFFER, s->words);
        SET(CURLOPT_VERBOSE, 1L);
        SET(CURLOPT_DEBUGFUNCTION, listen_in);
        SET(CURLOPT_DEBUGDATA, s);
        SET(CURLOPT_NOPROGRESS, 0L);
        SET(CURLOPT_XFERINFOFUNCTION, look_at_stop);
        SET(CURLOPT_XFERINFODATA, s);
#undef SET
        return ok;
}

int smtp_open(struct smtp **out, const struct smtp_setup *set, struct err *e)
{
        scoped(smtp_close) struct smtp *s = calloc(1, sizeof(*s));
        const char *open = strchr(set->host, ':') ? "[" : "", *end = *open ? "]" : "";
        int n;

        if (!s || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
                return err_set(e, ERR_NOMEM, "SMTP");
        s->set = *set;
        buf_str(&s->ca, set->ca);
        n = snprintf(s->url, sizeof(s->url), "%s://%s%s%s:%u/%s", set->security == SMTP_TLS ? "smtps" : "smtp", open, set->host, end, set->port, set->hello);
        if (n < 0 || (size_t)n >= sizeof(s->url))
                return err_set(e, ERR_TOO_BIG, "the server's name is too long");
        s->easy = curl_easy_init();
        if (!s->easy || buf_bad(&s->ca) || !options(s))
                return err_set(e, ERR_NOMEM, "SMTP");
        *out = take(s);
        return ERR_OK;
}

/* A no to RCPT is about the receiver; to DATA, or after it, about the message; to anything before, about us. */
static enum smtp_said what_was_said(const struct smtp *s)
{
        bool ours = strcmp(s->sent, "RCPT") == 0 || strcmp(s->sent, "DATA") == 0;
        uint64_t code;

        if (!ours || strlen(s->heard) < 3 || !str_u64((struct str){ s->heard, 3 }, 599, &code) || code < 400)
                return SMTP_AWAY;
        return code < 500 || code == 503 || code == 530 ? SMTP_LATER : SMTP_REFUSED;
}

int smtp_send(struct smtp *s, const char *to, struct str message, enum smtp_said *said, struct err *e)
{
        struct curl_slist *receivers = curl_slist_append(NULL, to);
        CURLcode r;

        if (!receivers)
                return err_set(e, ERR_NOMEM, "SMTP");
        s->left = message;
        s->is_over = s->is_leaving = false;
        s->sent[0] = s->heard[0] = s->words[0] = 0;
        r = curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, receivers);
        if (r == CURLE_OK)
                r = curl_easy_setopt(s->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)message.n);
        if (r == CURLE_OK)
                r = curl_easy_perform(s->easy);
        (void)curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, NULL);
        curl_slist_free_all(receivers);
        *said = r == CURLE_OK && s->is_over ? SMTP_TAKEN : what_was_said(s);
        if (*said == SMTP_TAKEN)
                return ERR_OK;
        return err_set(e, r == CURLE_OPERATION_TIMEDOUT ? ERR_TIMEOUT : r == CURLE_PEER_FAILED_VERIFICATION ? ERR_TAMPERED : ERR_IO, "%s%s%s%s",
                       s->words[0] ? s->words : curl_easy_strerror(r), s->heard[0] ? " (" : "", s->heard, s->heard[0] ? ")" : "");
}
