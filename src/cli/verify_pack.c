/* verify_pack.c - see verify_pack.h: the order of checks, and the sentence at the end. The log in it is checked as any other. */
#include "cli/verify_pack.h"

#include <stdlib.h>

#include "core/journal/canon.h"

enum { PATH_ROOM = PACK_NAME_MOST };

void pack_fail(struct pack_check *c, const char *key, const char *a, const char *b)
{
        c->report->verdict = verdict_worse(c->report->verdict, VERDICT_TAMPERED);
        if (c->said++ < PACK_SAID_MAX)
                say(stdout, c->report->lang, key, a, b, NULL);
}

bool pack_has(const struct pack_check *c, uint64_t index)
{
        size_t low = 0, high = c->entries;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (c->index[middle] == index)
                        return true;
                low = c->index[middle] < index ? middle + 1 : low;
                high = c->index[middle] < index ? high : middle;
        }
        return false;
}

json_t *pack_entry_json(struct pack_check *c, uint64_t index)
{
        scoped(buf_done) struct buf file = BUF_INIT;
        char name[PATH_ROOM];
        json_t *o = NULL;

        (void)snprintf(name, sizeof(name), "log/entries/%llu.json", (unsigned long long)index);
        if (pack_source_take(&file, c->source, name, NULL) < 0 || canon_parse(&o, buf_view(&file), NULL) < 0)
                return NULL;
        return o;
}

/* ---- the log directory inside ---- */

static int read_log(void *ctx, struct buf *out, const char *path, size_t max, struct err *e)
{
        char name[PATH_ROOM];
        const struct pack_entry *f;

        if ((size_t)snprintf(name, sizeof(name), "log/%s", path) >= sizeof(name))
                return err_set(e, ERR_ABSENT, "'%s'", path);
        f = pack_source_find(ctx, str_of(name));
        if (!f)
                return err_set(e, ERR_ABSENT, "'%s' is not in the pack", name);
        return f->size > max ? err_set(e, ERR_TOO_BIG, "larger than %zu bytes", max) : pack_source_read(out, ctx, f, e);
}

static void check_log(struct pack_check *c, const struct log_ask *ask)
{
        const struct log_files files = { c->source, read_log };
        scoped(log_view_free) struct log_view *v = NULL;

        if (!pack_source_find(c->source, STR("log/subset"))) {      /* a pack never holds a whole log */
                pack_fail(c, "verify.pack.missing", "log/subset", NULL);
                return;
        }
        v = log_check(&files, ask, c->report);
        if (!v)
                return;
        pack_check_head(c, v);
        pack_check_subset(c);
        pack_check_texts(c);
        pack_check_attachments(c);
}

/* ---- the answer ---- */

static void count(const struct pack_check *c, const char *key, uint64_t n)
{
        say(stdout, c->report->lang, key, decimal(n), NULL);
}

static void conclude(const struct pack_check *c)
{
        static const char *const answers[] = {
                [VERDICT_VERIFIED] = "verify.pack.verified", [VERDICT_TAMPERED] = "verify.tampered", [VERDICT_INCOMPLETE] = "verify.incomplete",
        };

        if (c->said > PACK_SAID_MAX)
                count(c, "verify.pack.more", c->said - PACK_SAID_MAX);
        if (c->report->verdict != VERDICT_TAMPERED)
                count(c, "verify.pack.files", c->files);
        if (c->report->verdict != VERDICT_TAMPERED && c->index) {      /* the log was read to its end */
                count(c, "verify.pack.texts", c->texts);
                count(c, "verify.pack.attachments", c->attachments);
        }
        say(stdout, c->report->lang, answers[c->report->verdict], NULL);
}

int verify_pack_main(int argc, char **argv)
{
        struct report r = { .verdict = VERDICT_VERIFIED };
        struct pack_check c = { .report = &r };
        struct log_ask ask;
        struct err e = { 0 };
        int opened;

        if (log_ask_parse(&ask, "--pack", argc, argv) < 0)
                return VERDICT_USAGE;
        r.lang = ask.lang;
        opened = pack_source_open(&c.source, ask.dir, &e);
        if (opened == ERR_INPUT || opened == ERR_TOO_BIG)
                pack_fail(&c, "verify.file.bad", ask.dir, e.text);
        else if (opened < 0)
                report(&r, VERDICT_USAGE, "verify.unreadable", ask.dir, e.text, NULL);
        if (opened == ERR_OK) {
                pack_check_files(&c);
                check_log(&c, &ask);
        }
        if (r.verdict != VERDICT_USAGE)
                conclude(&c);
        free(c.index);
        json_decref(c.manifest);
        (void)pack_source_close(c.source);
        return r.verdict;
}
