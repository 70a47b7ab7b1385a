/* state.c - see state.h. */
#include "server/signer/state.h"

#include <errno.h>
#include <fcntl.h>

#include "sys/files.h"

static off_t slot_of(uint64_t counter)
{
        return counter & 1 ? 0 : SIGNER_SLOT_BYTES;
}

static int slot_encode(struct buf *out, const struct signer_state *s, struct err *e)
{
        signer_state_encode(out, s);
        return buf_bad(out) ? err_set(e, ERR_NOMEM, "encoding the signer's state") : ERR_OK;
}

int state_create(const char *path, const struct signer_state *first, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        int r = slot_encode(&b, first, e);

        if (r < 0)
                return r;
        put_zeros(&b, SIGNER_SLOT_BYTES);
        return buf_bad(&b) ? err_set(e, ERR_NOMEM, "encoding the signer's state") : file_create(path, buf_view(&b), 0600, e);
}

int state_store(int fd, const struct signer_state *s, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        int r = slot_encode(&b, s, e);

        if (r < 0)
                return r;
        r = file_write_at(fd, slot_of(s->counter), buf_view(&b), e);
        return r < 0 ? err_wrap(e, r, "signer's state") : ERR_OK;
}

int state_sign(struct signer_state *s, const struct keys *k, struct err *e)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        struct checkpoint c = { .size = s->edge.size, .root = edge_root(&s->edge) };

        memcpy(c.origin, k->log.name, sizeof(c.origin));
        checkpoint_text(&text, &c);
        if (buf_bad(&text))
                return err_set(e, ERR_NOMEM, "writing a checkpoint");
        s->root = c.root;
        return keys_sign(k, KEY_LOG, buf_view(&text), s->sig, e);
}

/* A whole slot that our own key did not sign was put there by somebody else. */
static int belongs_to(const struct signer_state *s, const struct keys *k, struct err *e)
{
        struct signer_state again = *s;
        int r;

        if (!uuid_eq(s->install, k->install) || s->epoch != k->epoch)
                return err_set(e, ERR_CONFLICT, "the signer's state belongs to another install or epoch than its keys");
        r = state_sign(&again, k, e);
        if (r < 0)
                return r;
        if (memcmp(again.sig, s->sig, ED25519_SIG))     /* Ed25519 signs the same text the same way */
                return err_set(e, ERR_CONFLICT, "the signer's state was not signed by its log key");
        return ERR_OK;
}

int state_open(int *fd, struct signer_state *out, const char *path, const struct keys *k, struct err *e)
{
        scoped(fd_close) int f = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        scoped(buf_done) struct buf file = BUF_INIT;
        struct signer_state s;
        int r;

        if (f < 0)
                return err_errno(e, "signer's state '%s'", path);
        r = file_read(&file, path, 2 * SIGNER_SLOT_BYTES, e);
        if (r < 0)
                return r;
        r = signer_state_decode(&s, buf_view(&file), e);
        if (r < 0)
                return err_wrap(e, r, "'%s'", path);
        r = belongs_to(&s, k, e);
        if (r < 0)
                return r;
        *out = s;
        *fd = take_fd(f);
        return ERR_OK;
}
