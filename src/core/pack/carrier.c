/* carrier.c - see carrier.h. */
#include "core/pack/carrier.h"

#include "core/pack/schema.h"

/* Where the record stands: in a list of the pack, or in the list `within` of such a record. */
static const struct { bool in_pack; enum schema_kind outer; const char *within; } places[CARRIERS_COUNT] = {
        [CARRIER_FORM]      = { true, KIND_FORM, NULL },
        [CARRIER_FIELD]     = { true, KIND_FORM, "fields" },
        [CARRIER_PROCEDURE] = { true, KIND_PROCEDURE, NULL },
        [CARRIER_STEP]      = { true, KIND_PROCEDURE, "steps" },
        [CARRIER_EFFECT]    = { true, KIND_PROCEDURE, "effects" },
        [CARRIER_RULE]      = { true, KIND_PROCEDURE, "rules" },
        [CARRIER_DUTY]      = { true, KIND_DUTY, NULL },
};

/* The record named `id` of a list whose place and length stand at `list` and `count`. */
static const char *record_find(const char *list, const char *count, size_t size, struct str id)
{
        const char *record = *(const char *const *)(const void *)list;

        for (size_t n = *(const size_t *)(const void *)count; n--; record += size)
                if (str_is(id, *(const char *const *)(const void *)record))
                        return record;
        return NULL;
}

bool carrier_exists(const struct pack *p, const struct texts *t, const struct pack_mechanism *m)
{
        const struct schema *outer = schema_of(places[m->carrier].outer);
        struct str left = str_of(m->where), right = { "", 0 };
        const char *pack = (const char *)p, *record;

        if (m->carrier == CARRIER_TEXT)
                return tree_find(t->in[LANG_JA], m->where);
        if (m->carrier == CARRIER_CRITERION)
                return pack_find_criterion(p, m->where);
        if (!places[m->carrier].in_pack)
                return true;
        if (str_cut(left, '.', &left, &right) != (places[m->carrier].within != NULL))
                return false;
        record = record_find(pack + outer->list, pack + outer->count, outer->size, left);
        if (!record || !places[m->carrier].within)
                return record;
        for (const struct schema_key *k = outer->keys; k < outer->keys + outer->keys_count; k++)
                if (strcmp(k->name, places[m->carrier].within) == 0)
                        return record_find(record + k->offset, record + k->count_offset, schema_of(k->refers)->size, right);
        return false;
}
