/* recovery.c - see recovery.h. */
#include "server/recovery.h"

#include "base/codec.h"
#include "core/journal/hash.h"
#include "core/text/text.h"
#include "server/signer/root.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"

enum { PATH_ROOM = 4096, FILE_MAX = 256, TYPED_MAX = 512, CHECK = 8 };

#define FIRST "sekisho-recovery@v1\n"

static void path_of(char to[PATH_ROOM], const char *data_dir)
{
        (void)snprintf(to, PATH_ROOM, "%.*s/signer/recovery", PATH_ROOM - 32, data_dir);
}

static void file_text(struct buf *out, const uint8_t public[RECOVERY_PUBLIC])
{
        struct hash sum = hash_bytes((struct str){ (const char *)public, RECOVERY_PUBLIC });

        buf_text(out, FIRST);
        hex_encode(out, public, RECOVERY_PUBLIC);
        buf_char(out, '\n');
        hex_encode(out, sum.b, CHECK);
        buf_char(out, '\n');
}

int recovery_make(uint8_t code[RECOVERY_BYTES], const char *data_dir, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        uint8_t public[RECOVERY_PUBLIC];
        char path[PATH_ROOM];
        int r;

        entropy_fill(code, RECOVERY_BYTES);
        r = recovery_public(public, code, e);
        if (r < 0)
                return r;
        file_text(&text, public);
        path_of(path, data_dir);
        return buf_bad(&text) ? err_set(e, ERR_NOMEM, "recovery code") : file_replace(path, buf_view(&text), 0600, e);
}

void recovery_say(struct buf *out, const uint8_t code[RECOVERY_BYTES])
{
        buf_text(out, "recovery\t");
        recovery_print(out, code);
        buf_char(out, '\n');
}

int recovery_key(uint8_t out[RECOVERY_PUBLIC], const char *data_dir, struct err *e)
{
        scoped(buf_done) struct buf file = BUF_INIT, again = BUF_INIT;
        uint8_t public[RECOVERY_PUBLIC];
        char path[PATH_ROOM];
        int r;

        path_of(path, data_dir);
        r = file_read(&file, path, FILE_MAX, e);
        if (r == ERR_ABSENT)
                return err_key(e, r, "recovery.none", "", data_dir, NULL);
        if (r < 0)
                return r;
        if (file.n < strlen(FIRST) + 2 * sizeof(public) || !hex_decode((struct str){ file.p + strlen(FIRST), 2 * sizeof(public) }, public, sizeof(public)))
                return err_key(e, ERR_TAMPERED, "recovery.file", "", path, NULL);
        file_text(&again, public);
        if (!str_eq(buf_view(&again), buf_view(&file)))
                return err_key(e, ERR_TAMPERED, "recovery.file", "", path, NULL);
        memcpy(out, public, sizeof(public));
        return ERR_OK;
}

int recovery_ask(uint8_t code[RECOVERY_BYTES], struct err *e)
{
        char typed[TYPED_MAX];
        size_t n = 0;
        int c, r;

        if (isatty(STDIN_FILENO))
                (void)fprintf(stderr, "%s\n%s\n", text_get(LANG_JA, "recovery.ask"), text_get(LANG_EN, "recovery.ask"));
        while (n < sizeof(typed) && (c = getchar()) != EOF && c != '\n')
                typed[n++] = (char)c;
        r = recovery_parse(code, (struct str){ typed, n }, e);
        explicit_bzero(typed, sizeof(typed));
        return r;
}

/* A drill that needs no backup: is the paper in the safe still the right one? */
static int check(const char *data_dir, struct err *e)
{
        uint8_t code[RECOVERY_BYTES], want[RECOVERY_PUBLIC], have[RECOVERY_PUBLIC];
        int r = recovery_key(want, data_dir, e);

        if (r == ERR_OK)
                r = recovery_ask(code, e);
        if (r == ERR_OK)
                r = recovery_public(have, code, e);
        explicit_bzero(code, sizeof(code));
        if (r == ERR_OK && memcmp(want, have, sizeof(want)) != 0)
                r = err_key(e, ERR_FORBIDDEN, "recovery.other", "", NULL);
        if (r == ERR_OK)
                (void)printf("%s\n%s\n", text_get(LANG_JA, "recovery.right"), text_get(LANG_EN, "recovery.right"));
        return r;
}

static int make(const char *data_dir, struct err *e)
{
        scoped(buf_done) struct buf out = BUF_INIT;
        uint8_t code[RECOVERY_BYTES];
        int r = recovery_make(code, data_dir, e);

        if (r == ERR_OK)
                recovery_say(&out, code);
        explicit_bzero(code, sizeof(code));
        if (r == ERR_OK)
                (void)fwrite(out.p, 1, out.n, stdout);
        if (out.p)
                explicit_bzero(out.p, out.room);
        return r;
}

int recovery_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        if (argc == 1 && strcmp(argv[0], "check") == 0)
                return check(data_dir, e);
        if (argc == 1 && strcmp(argv[0], "new") == 0)
                return make(data_dir, e);
        return err_key(e, ERR_INPUT, "recovery.word", "", NULL);
}

int issue_ca_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        uint8_t code[RECOVERY_BYTES];
        int r = argc ? err_key(e, ERR_INPUT, "recovery.word", "", NULL) : recovery_ask(code, e);

        if (r == ERR_OK)
                r = root_issue(data_dir, code, clock_now(), e);
        explicit_bzero(code, sizeof(code));
        if (r == ERR_OK)
                (void)printf("%s\n%s\n", text_get(LANG_JA, "ca.prepared"), text_get(LANG_EN, "ca.prepared"));
        return r;
}
