/* fault_sign.c - see fault_sign.h. The acts that credential.c keeps to itself are reached by including it. */
#include "server/office/session/credential.c"

#include "fault_sign.h"
#include "server/office/command/clock.h"
#include "server/office/command/resets.h"
#include "server/office/command/rotations.h"

static struct { const char *one, *other, *of; struct session whole, half; char phc[PASSWORD_PHC_MAX], first[UUID_TEXT], second[UUID_TEXT], asked[UUID_TEXT], confirmed[UUID_TEXT]; } on;

static const char code[] = "abcde-fghjk-mnpqr-stuvw", phc[] = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$c2VraXNob3Nla2lzaG9zZWtpc2hvc2VraXNob3Nla2k";

static int begin_act(struct act *act, void *arg, struct err *e)
{
        struct session_row row = { .token = on.half.token, .person = str_of(on.of), .made_at = act->now, .seen_at = act->now, .stage = STAGE_CODE };
        struct credential c;
        char hex[2 * HASH_SIZE + 1];
        int r = credential_of(&c, act->db, str_of(on.of), act->arena, e);

        if (r == ERR_OK)
                r = secret_seal(&c.totp, act->db, c.login, STR("12345678901234567890"), act->now, act->arena, e);
        if (r < 0)
                return r;
        (void)code_hash(hex, str_of(code));
        (void)snprintf(on.phc, sizeof(on.phc), "%.*s", (int)c.phc.n, c.phc.p);
        c.totp_at = act->now;
        c.codes = str_of(hex);
        r = credential_put(act->db, &c, e);
        return r < 0 ? r : session_put(act->db, &row, e);
}

static int ask(struct writer *w, const char *of, char id[UUID_TEXT], struct err *e)
{
        struct act_ask_reset act = { .person = on.one, .of = of, .reason = STR("忘れた。") };
        int r = writer_run(w, act_ask_reset, &act, e);

        if (r == ERR_OK)
                memcpy(id, act.id, UUID_TEXT);
        return r;
}

static int ask_rotation(struct writer *w, const char *use, char id[UUID_TEXT], struct err *e)
{
        struct act_ask_rotation act = { .person = on.one, .use = str_of(use), .reason = STR("年に一度。") };
        int r = writer_run(w, act_ask_rotation, &act, e);

        if (r == ERR_OK && id)
                memcpy(id, act.id, UUID_TEXT);
        return r;
}

static int confirm_rotation(struct writer *w, enum keylink_use use, const char *id, struct err *e)
{
        struct act_confirm_rotation act = { .person = on.other, .id = str_of(id), .link = { .use = (uint16_t)use, .generation = 2, .current = { 1 }, .next = { 2 } }, .was = { 3 } };

        return writer_run(w, act_confirm_rotation, &act, e);
}

int fault_sign_begin(struct writer *w, const char *one, const char *other, const char *of, struct err *e)
{
        int r;

        on.one = one;
        on.other = other;
        on.of = of;
        on.half = (struct session){ .who.person = of, .token = { { 9, 9 } }, .stage = STAGE_CODE };
        on.whole = (struct session){ .who.person = of, .token = { { 8, 8 } } };
        r = writer_run(w, begin_act, NULL, e);
        if (r == ERR_OK)
                r = ask_rotation(w, "table", on.asked, e);
        if (r == ERR_OK)
                r = ask_rotation(w, "order", on.confirmed, e);
        if (r == ERR_OK)
                r = confirm_rotation(w, KEYLINK_ORDER, on.confirmed, e);
        return r < 0 ? r : ask(w, of, on.first, e);
}

int fault_password(struct writer *w, struct err *e)
{
        struct stage_act in = { .half = &on.whole, .phc = str_of(phc), .checked = str_of(on.phc) };

        return writer_run(w, change_act, &in, e);
}

/* By the recovery code, so that no clock is in it: one code used, one entry for that and one for the session. */
int fault_prove(struct writer *w, struct err *e)
{
        struct stage_act in = { .half = &on.half, .code = str_of(code) };

        return writer_run(w, prove_act, &in, e);
}

int fault_reset_ask(struct writer *w, struct err *e) { return ask(w, on.other, on.second, e); }

int fault_reset_confirm(struct writer *w, struct err *e)
{
        struct act_confirm_reset act = { .person = on.other, .id = str_of(on.first), .phc = str_of(phc) };

        return writer_run(w, act_confirm_reset, &act, e);
}

int fault_reset_end(struct writer *w, struct err *e)
{
        struct act_end_reset act = { .person = on.other, .id = str_of(on.first) };

        return writer_run(w, act_end_reset, &act, e);
}

int fault_rotation_ask(struct writer *w, struct err *e) { return ask_rotation(w, "ca", NULL, e); }
int fault_rotation_confirm(struct writer *w, struct err *e) { return confirm_rotation(w, KEYLINK_TABLE, on.asked, e); }

int fault_rotation_end(struct writer *w, struct err *e)
{
        struct act_end_rotation act = { .person = on.other, .id = str_of(on.asked) };

        return writer_run(w, act_end_rotation, &act, e);
}

int fault_rotation_done(struct writer *w, struct err *e)
{
        struct act_rotated act = { .id = on.confirmed, .sig = { 4 } };

        return writer_run(w, act_rotated, &act, e);
}

/* ---- the office's clock ---- */

int fault_hold_clock(struct office *o, struct err *e)
{
        utime_t wall = clock_now();
        struct time_kept kept = { .boot_id = "before", .seen_at = wall, .hold = TIME_JUMPED, .since = wall };

        return office_time_start(&o->time, &kept, 0, "now", wall, clock_boot(), false, e);
}

/* The act alone: it says and keeps that time runs; the step comes after the commit. So it can be done again and again. */
int fault_confirm_clock(struct writer *w, struct err *e)
{
        struct act_confirm_clock act = { .person = on.other, .seen = clock_now() };

        return writer_run(w, act_confirm_clock, &act, e);
}
