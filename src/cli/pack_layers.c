/* pack_layers.c - what a pack is laid together from: its layers, what they change and why, and what that loosens. */
#include <stdio.h>

#include <jansson.h>

#include "base/codec.h"
#include "cli/pack.h"
#include "cli/say.h"

static const char *const acts[] = { [OVERLAY_ADD] = "pack.act.add", [OVERLAY_REPLACE] = "pack.act.replace", [OVERLAY_REMOVE] = "pack.act.remove" };

void pack_layers_print(const struct pack *p, enum lang lang)
{
        char hash[2 * HASH_SIZE + 1];

        for (size_t i = 0; i < p->layers_count; i++) {
                hex_text(hash, p->layers[i].hash.b, HASH_SIZE);
                say(stdout, lang, "pack.tool.layer", decimal(i + 1), p->layers[i].id, decimal(p->layers[i].version), hash, NULL);
        }
        say(stdout, lang, "pack.tool.changes", decimal(p->changes_count), NULL);
        for (const struct pack_change *c = p->changes; c < p->changes + p->changes_count; c++)
                say(stdout, lang, "pack.tool.change", c->layer, text_get(lang, acts[c->act]), c->where, c->reason, NULL);
        say(stdout, lang, "pack.loosened.count", decimal(p->loosened_count), NULL);
        for (const struct pack_loosened *l = p->loosened; l < p->loosened + p->loosened_count; l++) {
                scoped(buf_done) struct buf what = BUF_INIT;

                pack_change_text(&what, l->change, lang);
                say(stdout, lang, "pack.loosened.line", l->layer, l->clause ? l->clause : text_get(lang, "pack.loosened.class"), buf_view(&what).p, NULL);
        }
}

/* ---- for programs ---- */

json_t *pack_layers_json(const struct pack *p)
{
        json_t *layers = json_array();
        char hash[2 * HASH_SIZE + 1];

        for (size_t i = 0; i < p->layers_count; i++) {
                hex_text(hash, p->layers[i].hash.b, HASH_SIZE);
                (void)json_array_append_new(layers, json_pack("{ss sI ss}", "id", p->layers[i].id, "version", (json_int_t)p->layers[i].version, "hash", hash));
        }
        return layers;
}

json_t *pack_loosened_json(const struct pack *p)
{
        json_t *list = json_array();

        for (const struct pack_loosened *l = p->loosened; l < p->loosened + p->loosened_count; l++) {
                scoped(buf_done) struct buf ja = BUF_INIT;
                scoped(buf_done) struct buf en = BUF_INIT;

                pack_change_text(&ja, l->change, LANG_JA);
                pack_change_text(&en, l->change, LANG_EN);
                (void)json_array_append_new(list, json_pack("{ss ss? s{ss ss}}", "layer", l->layer, "clause", l->clause, "what", "ja", buf_view(&ja).p,
                                                            "en", buf_view(&en).p));
        }
        return list;
}
