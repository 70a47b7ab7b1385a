/* finding.c - see finding.h. */
#include "core/incident/finding.h"

bool finding_same(const struct row *open, const struct finding_in *in)
{
        const struct { int col; struct str want; } same[] = {
                { FINDING_kind, in->kind }, { FINDING_source, in->source }, { FINDING_subject, in->subject }, { FINDING_host, in->host },
        };

        if (str_is(in->source, "person") || !row_is(open, FINDING_state, "open"))
                return false;
        for (size_t i = 0; i < countof(same); i++)
                if (!str_eq(row_get_text(open, same[i].col), same[i].want))
                        return false;
        return true;
}

static void put_word(struct row *row, int col, struct str s)
{
        if (s.n)
                row_text(row, col, s);
}

static struct row finding_new(const struct finding_in *in, struct uuid id, utime_t at)
{
        static const struct { int col; size_t at; } words[] = {
                { FINDING_kind, offsetof(struct finding_in, kind) },       { FINDING_source, offsetof(struct finding_in, source) },
                { FINDING_subject, offsetof(struct finding_in, subject) }, { FINDING_service, offsetof(struct finding_in, service) },
                { FINDING_person, offsetof(struct finding_in, person) },   { FINDING_severity, offsetof(struct finding_in, severity) },
        }, texts[] = {
                { FINDING_section, offsetof(struct finding_in, section) }, { FINDING_host, offsetof(struct finding_in, host) },
                { FINDING_address, offsetof(struct finding_in, address) }, { FINDING_text, offsetof(struct finding_in, text) },
        };
        struct row row = row_new(TABLE_FINDING, id, "");

        for (size_t i = 0; i < countof(words); i++)
                put_word(&row, words[i].col, *(const struct str *)(const void *)((const char *)in + words[i].at));
        for (size_t i = 0; i < countof(texts); i++)
                row_personal(&row, texts[i].col, *(const struct str *)(const void *)((const char *)in + texts[i].at));
        row_int(&row, FINDING_first_at, at);
        row_int(&row, FINDING_last_at, at);
        row_int(&row, FINDING_times, 1);
        row_text(&row, FINDING_state, STR("open"));
        return row;
}

/* Seen again: what was seen first stays; worse than before counts. */
static int seen_again(struct changes *out, const struct row *open, const struct finding_in *in, utime_t at, struct err *e)
{
        struct row row = *open;

        if (at > row_get_int(open, FINDING_last_at))
                row_int(&row, FINDING_last_at, at);
        row_int(&row, FINDING_times, row_get_int(open, FINDING_times) + 1);
        if (severity_of(in->severity) > severity_of(row_get_text(open, FINDING_severity)))
                row_text(&row, FINDING_severity, in->severity);
        return changes_add(out, &row, e);
}

int finding_put(struct changes *out, struct row_list open, const struct finding_in *in, struct uuid id, utime_t now, struct err *e)
{
        utime_t at = in->at ? in->at : now;
        struct row row;

        if (!in->text.n)
                return err_key(e, ERR_INPUT, "finding.text", "what", NULL);
        if (severity_of(in->severity) < 0)
                return err_key(e, ERR_INPUT, "incident.word", "severity", NULL);
        if (at > now)
                return err_key(e, ERR_INPUT, "incident.later", "when", NULL);
        for (size_t i = 0; i < open.n; i++)
                if (finding_same(&open.rows[i], in))
                        return seen_again(out, &open.rows[i], in, at, e);
        row = finding_new(in, id, at);
        return changes_add(out, &row, e);
}

int finding_close(struct changes *out, const struct row *finding, struct str reason, int64_t seen_rev, const struct actor *who, utime_t now, struct err *e)
{
        struct row row = *finding;

        if (!incident_works(NULL, who))
                return err_key(e, ERR_FORBIDDEN, "incident.role", "", NULL);
        if (finding->rev != seen_rev)
                return err_key(e, ERR_CONFLICT, "common.rev.moved", "", NULL);
        if (!row_is(finding, FINDING_state, "open"))
                return err_key(e, ERR_CONFLICT, "finding.over", "", NULL);
        if (row_is(finding, FINDING_person, who->person))
                return err_key(e, ERR_FORBIDDEN, "finding.self", "", NULL);
        if (!reason.n)
                return err_key(e, ERR_INPUT, "common.reason.missing", "reason", NULL);

        out->actor = who->person;
        row_text(&row, FINDING_state, STR("closed"));
        row_int(&row, FINDING_closed_at, now);
        row_personal(&row, FINDING_reason, reason);
        return changes_add(out, &row, e);
}
