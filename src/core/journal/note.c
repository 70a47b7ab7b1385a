/* note.c - see note.h: verifier keys and checkpoints. Proof files are in proof.c.
 *
 * Signed note (c2sp.org/signed-note): text that ends in a newline, an empty line, then one line a signature:
 *
 *      — <key name> base64(key id 4 ‖ signature)
 *
 * The text ends at the last empty line. Key id: the first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key 32) for Ed25519.
 * Verifier key: <name>+<key id, 8 hexadecimal digits>+base64(0x01 ‖ public key 32).
 * Checkpoint (c2sp.org/tlog-checkpoint): the text is origin, size in decimal, Base64 root, one a line; ours has no further lines.
 */
#include "core/journal/note.h"

#include <openssl/evp.h>

#include "base/codec.h"
#include "core/journal/lines.h"
#include "core/journal/note_inside.h"

void note_origin(char to[NOTE_ORIGIN_MAX], struct uuid install, uint32_t epoch)
{
        char id[UUID_TEXT];

        uuid_text(id, install);
        (void)snprintf(to, NOTE_ORIGIN_MAX, "sekisho/%s/%u", id, epoch);
}

struct key_id key_id_typed(const struct vkey *k, enum key_type kind)
{
        const uint8_t type = (uint8_t)kind;
        struct str runs[] = { str_of(k->name), STR("\n"), { (const char *)&type, 1 }, { (const char *)k->key, ED25519_KEY } };
        struct hash h = hash_runs(runs, countof(runs));
        struct key_id id;

        memcpy(id.b, h.b, KEY_ID);
        return id;
}

static struct key_id key_id_of(const struct vkey *k)
{
        return key_id_typed(k, KEY_TYPE_ED25519);
}

/* Key names: printable ASCII without space and plus; the specification allows more, we never make more. */
bool note_name_ok(struct str s)
{
        for (size_t i = 0; i < s.n; i++)
                if (s.p[i] <= 0x20 || s.p[i] > 0x7e || s.p[i] == '+')
                        return false;
        return s.n && s.n < NOTE_ORIGIN_MAX;
}

static void name_store(char to[NOTE_ORIGIN_MAX], struct str s)
{
        memcpy(to, s.p, s.n);
        to[s.n] = 0;
}

void vkey_format_typed(struct buf *out, const struct vkey *k, enum key_type type)
{
        struct key_id id = key_id_typed(k, type);
        uint8_t typed[1 + ED25519_KEY] = { (uint8_t)type };

        memcpy(typed + 1, k->key, ED25519_KEY);
        buf_text(out, k->name);
        buf_char(out, '+');
        hex_encode(out, id.b, KEY_ID);
        buf_char(out, '+');
        base64_encode(out, typed, sizeof(typed));
}

int vkey_parse_typed(struct vkey *out, struct str s, enum key_type type, struct err *e)
{
        struct str name, rest, id_text, key_text;
        uint8_t typed[1 + ED25519_KEY];
        struct key_id want, id;
        struct vkey k = { 0 };
        size_t n;

        if (s.n > NOTE_VKEY_MAX || !str_cut(s, '+', &name, &rest) || !str_cut(rest, '+', &id_text, &key_text) ||
            !note_name_ok(name) || !hex_decode(id_text, id.b, KEY_ID) || !base64_decode(key_text, typed, sizeof(typed), &n) ||
            n != sizeof(typed))
                return err_set(e, ERR_INPUT, "not a verifier key: name+8 hexadecimal digits+Base64 is wanted");
        if (typed[0] != type)
                return err_set(e, ERR_VERSION, "verifier key of type %u; %u is wanted (1: the key of a log, 4: that of a witness)", typed[0], type);

        name_store(k.name, name);
        memcpy(k.key, typed + 1, ED25519_KEY);
        want = key_id_typed(&k, type);
        if (memcmp(id.b, want.b, KEY_ID))
                return err_set(e, ERR_INPUT, "the verifier key's id does not belong to its name and key: a digit is wrong");
        *out = k;
        return ERR_OK;
}

void vkey_format(struct buf *out, const struct vkey *k)
{
        vkey_format_typed(out, k, KEY_TYPE_ED25519);
}

int vkey_parse(struct vkey *out, struct str s, struct err *e)
{
        return vkey_parse_typed(out, s, KEY_TYPE_ED25519, e);
}

/* What people compare with a printed sheet: 128 bits are plenty against a second key made to look the same. */
void vkey_fingerprint_typed(struct buf *out, const struct vkey *k, enum key_type type)
{
        scoped(buf_done) struct buf text = BUF_INIT;
        struct hash h;

        vkey_format_typed(&text, k, type);
        h = hash_bytes(buf_view(&text));
        for (size_t i = 0; i < 8; i++) {
                if (i)
                        buf_char(out, ' ');
                hex_encode(out, h.b + 2 * i, 2);
        }
}

void vkey_fingerprint(struct buf *out, const struct vkey *k)
{
        vkey_fingerprint_typed(out, k, KEY_TYPE_ED25519);
}

void checkpoint_text(struct buf *out, const struct checkpoint *c)
{
        buf_printf(out, "%s\n%llu\n", c->origin, (unsigned long long)c->size);
        line_hash_format(out, &c->root);
}

void checkpoint_note(struct buf *out, const struct checkpoint *c, const struct vkey *k, const uint8_t sig[ED25519_SIG])
{
        struct key_id id = key_id_of(k);
        uint8_t raw[KEY_ID + ED25519_SIG];

        memcpy(raw, id.b, KEY_ID);
        memcpy(raw + KEY_ID, sig, ED25519_SIG);
        checkpoint_text(out, c);
        buf_printf(out, "\n" NOTE_DASH "%s ", k->name);
        base64_encode(out, raw, sizeof(raw));
        buf_char(out, '\n');
}

int ed25519_verify(const uint8_t key[ED25519_KEY], struct str message, const uint8_t sig[ED25519_SIG], struct err *e)
{
        EVP_PKEY *pk = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, ED25519_KEY);
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        int ok = -1;

        if (pk && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pk) == 1)
                ok = EVP_DigestVerify(ctx, sig, ED25519_SIG, (const uint8_t *)message.p, message.n);
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(pk);
        if (!pk || !ctx)
                return err_set(e, ERR_NOMEM, "verifying a signature");
        return ok == 1 ? ERR_OK : err_set(e, ERR_TAMPERED, "the signature does not fit");
}

static bool note_chars_ok(struct str note)
{
        for (size_t i = 0; i < note.n; i++)
                if ((uint8_t)note.p[i] < 0x20 && note.p[i] != '\n')
                        return false;
        return note.n && note.p[note.n - 1] == '\n' && utf8_ok(note);
}

bool note_cut(struct str note, struct str *text, struct str *lines)
{
        if (!note_chars_ok(note))
                return false;
        for (size_t i = note.n; i >= 2; i--)
                if (note.p[i - 1] == '\n' && note.p[i - 2] == '\n') {
                        *text = (struct str){ note.p, i - 1 };
                        *lines = (struct str){ note.p + i, note.n - i };
                        return lines->n != 0;
                }
        return false;
}

bool signature_parse(struct str line, struct str *name, uint8_t raw[NOTE_MAX], size_t *n)
{
        struct str text;

        return str_starts(line, NOTE_DASH) && str_cut((struct str){ line.p + strlen(NOTE_DASH), line.n - strlen(NOTE_DASH) }, ' ', name, &text) &&
               name->n && !memchr(name->p, '+', name->n) && base64_decode(text, raw, NOTE_MAX, n) && *n > KEY_ID;
}

enum line_is { LINE_BROKEN, LINE_OTHER, LINE_OURS };

/* One signature line: by `k` (its signature in *sig), by someone else, or no signature line at all. */
static enum line_is signature_line(struct str line, const struct vkey *k, uint8_t sig[ED25519_SIG])
{
        struct key_id id = key_id_of(k);
        struct str name;
        uint8_t raw[NOTE_MAX];
        size_t n;

        if (!signature_parse(line, &name, raw, &n))
                return LINE_BROKEN;
        if (!str_is(name, k->name) || memcmp(raw, id.b, KEY_ID))
                return LINE_OTHER;
        if (n != KEY_ID + ED25519_SIG)
                return LINE_BROKEN;
        memcpy(sig, raw + KEY_ID, ED25519_SIG);
        return LINE_OURS;
}

static int signatures_check(uint8_t sig[ED25519_SIG], struct str text, struct str lines, const struct vkey *k, struct err *e)
{
        bool signed_by_k = false;
        struct str line;

        while (line_next(&lines, &line)) {
                enum line_is is = signature_line(line, k, sig);
                int r;

                if (is == LINE_BROKEN)
                        return err_set(e, ERR_INPUT, "a signature line of the checkpoint is malformed");
                if (is == LINE_OTHER)
                        continue;
                r = ed25519_verify(k->key, text, sig, e);
                if (r < 0)
                        return err_wrap(e, r, "checkpoint");
                signed_by_k = true;
        }
        return signed_by_k ? ERR_OK : err_set(e, ERR_TAMPERED, "the checkpoint is not signed by the key of '%s'", k->name);
}

int checkpoint_text_parse(struct checkpoint *out, struct str text, struct err *e)
{
        struct str origin, size, root;
        struct checkpoint c = { 0 };

        if (!line_next(&text, &origin) || !line_next(&text, &size) || !line_next(&text, &root) || text.n || !note_name_ok(origin) ||
            !str_u64(size, TREE_SIZE_MAX, &c.size) || !line_hash(root, &c.root))
                return err_set(e, ERR_INPUT, "not a checkpoint: origin, size and root are wanted, one a line");
        name_store(c.origin, origin);
        *out = c;
        return ERR_OK;
}

int checkpoint_open_signed(struct checkpoint *out, uint8_t sig[ED25519_SIG], struct str note, const struct vkey *k, struct err *e)
{
        struct checkpoint c;
        struct str text, lines;
        int r;

        if (note.n > NOTE_MAX)
                return err_set(e, ERR_TOO_BIG, "checkpoint larger than %d bytes", NOTE_MAX);
        if (!note_cut(note, &text, &lines))
                return err_set(e, ERR_INPUT, "not a signed note");
        r = signatures_check(sig, text, lines, k, e);
        if (r < 0)
                return r;
        r = checkpoint_text_parse(&c, text, e);
        if (r < 0)
                return r;
        if (strcmp(c.origin, k->name))
                return err_set(e, ERR_TAMPERED, "checkpoint of '%s' signed by the key of '%s'", c.origin, k->name);
        *out = c;
        return ERR_OK;
}

int checkpoint_open(struct checkpoint *out, struct str note, const struct vkey *k, struct err *e)
{
        uint8_t sig[ED25519_SIG];

        return checkpoint_open_signed(out, sig, note, k, e);
}
