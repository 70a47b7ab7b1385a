/* pack_check.c - `sekisho pack check`: what is wrong, or which numbers somebody has to decide. */
#include <stdio.h>

#include <jansson.h>

#include "base/codec.h"
#include "cli/pack.h"
#include "cli/say.h"

void pack_check_print(const struct pack *p, const char *dir, enum lang from, enum lang until)
{
        char hash[2 * HASH_SIZE + 1];

        hex_text(hash, p->hash.b, HASH_SIZE);
        for (unsigned lang = from; lang <= (unsigned)until; lang++) {
                say(stdout, (enum lang)lang, "pack.tool.good", dir, p->id, decimal(p->version), hash, NULL);
                say(stdout, (enum lang)lang, "pack.tool.holds", decimal(p->forms_count), decimal(p->procedures_count), decimal(p->clauses_count),
                    decimal(p->mechanisms_count), NULL);
                if (p->layers_count > 1)
                        pack_layers_print(p, (enum lang)lang);
        }
        for (unsigned lang = from; p->proposals && lang <= (unsigned)until; lang++)
                say(stdout, (enum lang)lang, "pack.tool.proposals", NULL);
        for (const struct pack_proposal *n = p->proposals; n; n = n->next)
                (void)printf("  %s:%u: %s %s: %s\n", n->file, n->line, n->record, n->key, n->value);
}

/* ---- for programs ---- */

void pack_check_mistake(void *mistakes, const struct err *mistake)
{
        scoped(buf_done) struct buf ja = BUF_INIT;
        scoped(buf_done) struct buf en = BUF_INIT;

        text_err(&ja, LANG_JA, mistake);
        text_err(&en, LANG_EN, mistake);
        if (!buf_bad(&ja) && !buf_bad(&en))
                (void)json_array_append_new(mistakes, json_pack("{ss ss ss ss}", "at", mistake->args[0], "key", mistake->key, "ja", ja.p, "en", en.p));
}

static json_t *proposals_json(const struct pack *p)
{
        json_t *all = json_array();

        for (const struct pack_proposal *n = p ? p->proposals : NULL; n; n = n->next)
                (void)json_array_append_new(all, json_pack("{ss sI ss ss ss}", "file", n->file, "line", (json_int_t)n->line, "record", n->record,
                                                           "key", n->key, "value", n->value));
        return all;
}

static json_t *pack_json(const struct pack *p)
{
        char hash[2 * HASH_SIZE + 1];

        if (!p)
                return json_null();
        hex_text(hash, p->hash.b, HASH_SIZE);
        return json_pack("{ss sI ss}", "id", p->id, "version", (json_int_t)p->version, "hash", hash);
}

int pack_check_json(const struct pack *p, json_t *mistakes)
{
        json_t *all = json_pack("{si so so so sO so}", "sekisho-check", 1, "pack", pack_json(p),
                                "layers", p ? pack_layers_json(p) : json_array(), "loosened", p ? pack_loosened_json(p) : json_array(), "mistakes", mistakes, "proposals", proposals_json(p));
        int r = all ? json_dumpf(all, stdout, JSON_INDENT(1)) : -1;

        json_decref(all);
        (void)printf("\n");
        return r < 0 ? PACK_USAGE : p ? PACK_GOOD : PACK_FOUND;
}
