/* The files of a log directory: sekisho-log and subset have one spelling only; a bundle gives back the bytes it was cut from; the quick
 * reader of entries believes what canon_parse() believes. */
#include "core/journal/canon.h"
#include "core/journal/logdir.h"
#include "core/journal/scan.h"
#include "core/journal/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct log_epochs epochs;

static void same(const struct buf *again, struct str in)
{
        if (buf_bad(again) || !str_eq(buf_view(again), in))
                __builtin_trap();
}

static void try_subset(struct str in)
{
        scoped(buf_done) struct buf again = BUF_INIT;
        struct subset s;
        uint64_t index;
        int r = subset_open(&s, in, NULL);

        if (r == ERR_OK)
                subset_format(&again, s.size);
        while (r == ERR_OK && (r = subset_next(&index, &s, NULL)) == ERR_OK)
                subset_add(&again, index);
        if (r == ERR_ABSENT)
                same(&again, in);
}

static void try_bundle(struct str in)
{
        scoped(buf_done) struct buf again = BUF_INIT;
        struct bundle b = { .rest = in };
        struct str entry;
        int r;

        while ((r = bundle_next(&entry, &b, NULL)) == ERR_OK)
                if (bundle_add(&again, entry, NULL) < 0)
                        __builtin_trap();
        if (r == ERR_ABSENT)
                same(&again, in);
}

static void try_entry(struct str in)
{
        struct entry_seen seen;
        json_t *j = NULL;
        bool quick = entry_scan(&seen, in, NULL) == ERR_OK, whole = canon_parse(&j, in, NULL) == ERR_OK;
        const char *type = json_string_value(json_object_get(j, "type"));

        if (quick != (whole && json_is_object(j) && json_integer_value(json_object_get(j, "v")) == 1 && json_is_integer(json_object_get(j, "at")) && type && *type))
                __builtin_trap();
        if (quick && (seen.at != json_integer_value(json_object_get(j, "at")) || seen.type.n < strlen(type)))
                __builtin_trap();
        json_decref(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        scoped(buf_done) struct buf again = BUF_INIT;
        struct str in = { (const char *)data, size };

        if (log_epochs_parse(&epochs, in, NULL) == ERR_OK) {
                log_epochs_format(&again, &epochs);
                same(&again, in);
        }
        try_subset(in);
        try_bundle(in);
        try_entry(in);
        return 0;
}
