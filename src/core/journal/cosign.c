/* cosign.c - see cosign.h.
 *
 *      — <witness> base64(key id 4 ‖ time u64 big endian ‖ Ed25519 signature 64)
 *
 * Body of add-checkpoint: "old <size>", one Base64 hash a line (at most 63), an empty line, the checkpoint.
 */
#include "core/journal/cosign.h"

#include "base/codec.h"
#include "core/journal/lines.h"
#include "core/journal/note_inside.h"

enum { STAMP = 8, PROOF_LINES_MAX = 63 };

#define STAMP_MAX ((uint64_t)1 << 53)

void witness_key_format(struct buf *out, const struct vkey *k)
{
        vkey_format_typed(out, k, KEY_TYPE_COSIGNER);
}

int witness_key_parse(struct vkey *out, struct str s, struct err *e)
{
        return vkey_parse_typed(out, s, KEY_TYPE_COSIGNER, e);
}

void witness_key_fingerprint(struct buf *out, const struct vkey *k)
{
        vkey_fingerprint_typed(out, k, KEY_TYPE_COSIGNER);
}

bool witness_name_ok(const char *name)
{
        return note_name_ok(str_of(name));
}

void witness_key_id(char to[WITNESS_ID_TEXT], const struct vkey *k)
{
        struct key_id id = key_id_typed(k, KEY_TYPE_COSIGNER);

        hex_text(to, id.b, KEY_ID);
}

static void signed_text(struct buf *out, uint64_t at, struct str checkpoint)
{
        buf_printf(out, "cosignature/v1\ntime %llu\n", (unsigned long long)at);
        buf_str(out, checkpoint);
}

void cosign_text(struct buf *out, uint64_t at, const struct checkpoint *c)
{
        scoped(buf_done) struct buf text = BUF_INIT;

        checkpoint_text(&text, c);
        if (buf_bad(&text))
                out->bad = true;
        signed_text(out, at, buf_view(&text));
}

void cosign_line(struct buf *out, const struct vkey *witness, uint64_t at, const uint8_t sig[ED25519_SIG])
{
        struct key_id id = key_id_typed(witness, KEY_TYPE_COSIGNER);
        uint8_t raw[KEY_ID + STAMP + ED25519_SIG];

        memcpy(raw, id.b, KEY_ID);
        for (size_t i = 0; i < STAMP; i++)
                raw[KEY_ID + i] = (uint8_t)(at >> (8 * (STAMP - 1 - i)));
        memcpy(raw + KEY_ID + STAMP, sig, ED25519_SIG);
        buf_printf(out, NOTE_DASH "%s ", witness->name);
        base64_encode(out, raw, sizeof(raw));
        buf_char(out, '\n');
}

/* One signature line of this witness. */
static int line_check(uint64_t *at, uint8_t sig[ED25519_SIG], const uint8_t raw[NOTE_MAX], size_t n, struct str text, const struct vkey *witness, struct err *e)
{
        scoped(buf_done) struct buf said = BUF_INIT;
        uint64_t t = 0;

        if (n != KEY_ID + STAMP + ED25519_SIG)
                return err_set(e, ERR_INPUT, "the line of the witness '%s' has a wrong length", witness->name);
        for (size_t i = 0; i < STAMP; i++)
                t = t << 8 | raw[KEY_ID + i];
        if (t > STAMP_MAX)
                return err_set(e, ERR_INPUT, "the witness '%s' says an impossible time", witness->name);
        signed_text(&said, t, text);
        if (buf_bad(&said))
                return err_set(e, ERR_NOMEM, "cosignature");
        if (ed25519_verify(witness->key, buf_view(&said), raw + KEY_ID + STAMP, e) < 0)
                return err_set(e, ERR_TAMPERED, "the signature of the witness '%s' does not fit", witness->name);
        *at = t;
        memcpy(sig, raw + KEY_ID + STAMP, ED25519_SIG);
        return ERR_OK;
}

int cosign_check(uint64_t *at, uint8_t sig[ED25519_SIG], struct str note, const struct vkey *witness, struct err *e)
{
        struct key_id id = key_id_typed(witness, KEY_TYPE_COSIGNER);
        struct str text, lines, line, name;
        uint64_t newest = 0;
        bool found = false;

        if (note.n > NOTE_MAX || !note_cut(note, &text, &lines))
                return err_set(e, ERR_INPUT, "not a signed note");
        while (line_next(&lines, &line)) {
                uint8_t raw[NOTE_MAX], one[ED25519_SIG];
                uint64_t t;
                size_t n;
                int r;

                if (!signature_parse(line, &name, raw, &n))
                        return err_set(e, ERR_INPUT, "a signature line of the checkpoint is malformed");
                if (!str_is(name, witness->name) || memcmp(raw, id.b, KEY_ID) != 0)
                        continue;
                r = line_check(&t, one, raw, n, text, witness, e);
                if (r < 0)
                        return r;
                if (!found || t > newest) {
                        newest = t;
                        memcpy(sig, one, ED25519_SIG);
                }
                found = true;
        }
        if (!found)
                return err_set(e, ERR_ABSENT, "the witness '%s' did not sign this checkpoint", witness->name);
        *at = newest;
        return ERR_OK;
}

int note_signature(uint8_t sig[ED25519_SIG], struct str note, const struct vkey *k, struct err *e)
{
        struct key_id id = key_id_typed(k, KEY_TYPE_ED25519);
        struct str text, lines, line, name;
        uint8_t raw[NOTE_MAX];
        size_t n;

        if (note.n > NOTE_MAX || !note_cut(note, &text, &lines))
                return err_set(e, ERR_INPUT, "not a signed note");
        while (line_next(&lines, &line))
                if (signature_parse(line, &name, raw, &n) && n == KEY_ID + ED25519_SIG && str_is(name, k->name) && !memcmp(raw, id.b, KEY_ID)) {
                        memcpy(sig, raw + KEY_ID, ED25519_SIG);
                        return ERR_OK;
                }
        return err_set(e, ERR_ABSENT, "the note is not signed by '%s'", k->name);
}

/* ---- add-checkpoint ---- */

void witness_ask_format(struct buf *out, uint64_t old, const struct proof *p, struct str note)
{
        buf_printf(out, "old %llu\n", (unsigned long long)old);
        for (size_t i = 0; i < p->n; i++)
                line_hash_format(out, &p->hash[i]);
        buf_char(out, '\n');
        buf_str(out, note);
}

int witness_ask_parse(struct witness_ask *out, struct str body, struct err *e)
{
        struct witness_ask ask = { 0 };
        struct str line;

        if (!line_next(&body, &line) || !line_number(line, "old ", TREE_SIZE_MAX, &ask.old))
                return err_set(e, ERR_INPUT, "the first line is not \"old\" and a size");
        for (;;) {
                if (!line_next(&body, &line))
                        return err_set(e, ERR_INPUT, "the request ends in the middle of the proof");
                if (!line.n)
                        break;
                if (ask.proof.n == PROOF_LINES_MAX || !line_hash(line, &ask.proof.hash[ask.proof.n++]))
                        return err_set(e, ERR_INPUT, "line %zu of the proof is malformed, or there are more than %d", ask.proof.n, PROOF_LINES_MAX);
        }
        if (!body.n || body.n > NOTE_MAX)
                return err_set(e, ERR_INPUT, "there is no checkpoint behind the proof, or it is larger than %d bytes", NOTE_MAX);
        ask.note = body;
        *out = ask;
        return ERR_OK;
}

bool note_origin_of(struct str *origin, struct str note)
{
        struct str rest = note;

        return line_next(&rest, origin) && note_name_ok(*origin);
}
