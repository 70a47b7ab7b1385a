/* logdir.c - see logdir.h. */
#include "core/journal/logdir.h"

#include "core/journal/lines.h"

#define LOG_FIRST    "sekisho-log@v1"
#define SUBSET_FIRST "sekisho-subset@v1"

void log_epochs_format(struct buf *out, const struct log_epochs *l)
{
        char id[UUID_TEXT];

        uuid_text(id, l->install);
        buf_printf(out, LOG_FIRST "\ninstall %s\n", id);
        for (uint32_t i = 0; i < l->n; i++) {
                buf_printf(out, "epoch %u ", l->number[i]);
                vkey_format(out, &l->key[i]);
                buf_char(out, '\n');
        }
}

/* "epoch 3 <vkey>", where 3 is more than the line before said. */
static int epoch_parse(struct log_epochs *l, struct str line, struct err *e)
{
        struct str rest = line, word, number;
        char origin[NOTE_ORIGIN_MAX];
        uint64_t n;
        int r;

        if (!str_cut(rest, ' ', &word, &rest) || !str_is(word, "epoch") || !str_cut(rest, ' ', &number, &rest) ||
            !str_u64(number, UINT32_MAX, &n))
                return err_set(e, ERR_INPUT, "not 'epoch', its number and its key");
        if (l->n == LOG_EPOCHS_MAX || n <= (l->n ? l->number[l->n - 1] : 0))
                return err_set(e, ERR_INPUT, l->n == LOG_EPOCHS_MAX ? "more epochs than there may be" : "the epochs do not ascend");
        r = vkey_parse(&l->key[l->n], rest, e);
        if (r < 0)
                return r;
        note_origin(origin, l->install, (uint32_t)n);
        if (strcmp(origin, l->key[l->n].name) != 0)
                return err_set(e, ERR_INPUT, "the key of epoch %u is of '%s'", (unsigned)n, l->key[l->n].name);
        l->number[l->n++] = (uint32_t)n;
        return ERR_OK;
}

int log_epochs_parse(struct log_epochs *out, struct str file, struct err *e)
{
        struct str rest = file, line;
        int r = ERR_OK;

        out->n = 0;
        if (file.n > LOG_INDEX_BYTES)
                return err_set(e, ERR_INPUT, "longer than %d bytes", LOG_INDEX_BYTES);
        if (!line_next(&rest, &line) || !str_is(line, LOG_FIRST))
                return err_set(e, ERR_INPUT, "the first line is not " LOG_FIRST);
        if (!line_next(&rest, &line) || !str_starts(line, "install ") || !uuid_parse((struct str){ line.p + 8, line.n - 8 }, &out->install))
                return err_set(e, ERR_INPUT, "line 2 is not 'install' and an id");
        while (r == ERR_OK && line_next(&rest, &line))
                r = epoch_parse(out, line, e);
        if (r < 0)
                return err_wrap(e, ERR_INPUT, "line %u", out->n + 3);
        if (rest.n || !out->n)
                return err_set(e, ERR_INPUT, "it ends in the middle of line %u", out->n + 3);
        return ERR_OK;
}

int log_epoch_of(const struct log_epochs *l, struct str note)
{
        struct str line, rest;

        if (str_cut(note, '\n', &line, &rest))
                for (uint32_t i = 0; i < l->n; i++)
                        if (str_is(line, l->key[i].name))
                                return (int)i;
        return -1;
}

void subset_format(struct buf *out, uint64_t size)
{
        buf_printf(out, SUBSET_FIRST "\n%llu\n", (unsigned long long)size);
}

void subset_add(struct buf *out, uint64_t index)
{
        buf_printf(out, "%llu\n", (unsigned long long)index);
}

int subset_open(struct subset *out, struct str file, struct err *e)
{
        struct subset s = { .rest = file };
        struct str line;

        if (!line_next(&s.rest, &line) || !str_is(line, SUBSET_FIRST))
                return err_set(e, ERR_INPUT, "the first line is not " SUBSET_FIRST);
        if (!line_next(&s.rest, &line) || !str_u64(line, TREE_SIZE_MAX, &s.size))
                return err_set(e, ERR_INPUT, "line 2 is not the log's size");
        *out = s;
        return ERR_OK;
}

int subset_next(uint64_t *index, struct subset *s, struct err *e)
{
        unsigned long long at = s->seen + 3;
        struct str line;
        uint64_t i;

        if (!s->rest.n)
                return ERR_ABSENT;
        if (!line_next(&s->rest, &line) || !str_u64(line, TREE_SIZE_MAX, &i))
                return err_set(e, ERR_INPUT, "line %llu is not an index", at);
        if (i >= s->size)
                return err_set(e, ERR_INPUT, "line %llu: entry %llu in a log of %llu", at, (unsigned long long)i, (unsigned long long)s->size);
        if (s->seen && i <= s->last)
                return err_set(e, ERR_INPUT, "line %llu: the indexes do not ascend", at);
        if (s->seen == SUBSET_LINES_MAX)
                return err_set(e, ERR_INPUT, "more than %llu lines", (unsigned long long)SUBSET_LINES_MAX);
        s->last = *index = i;
        s->seen++;
        return ERR_OK;
}
