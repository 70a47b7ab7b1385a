/* pack_coverage.c - `sekisho pack coverage`. Counts stand per section and strength; no number adds up different strengths. */
#include <stdio.h>

#include <jansson.h>

#include "base/codec.h"
#include "cli/pack.h"
#include "cli/say.h"
#include "core/pack/coverage.h"

struct count { size_t total, bound, proven; };

/* Of the clauses of this strength, in this section or (NULL) in all. */
static struct count count_of(const struct pack *p, const struct pack_section *in, enum strength s)
{
        struct count n = { 0 };

        for (const struct pack_clause *c = p->clauses; c < p->clauses + p->clauses_count; c++) {
                enum cover cover = coverage_of(p, c);

                if (c->strength != s || (in && pack_section_of(p, c->id) != in))
                        continue;
                n.total++;
                n.bound += cover >= COVER_BOUND;
                n.proven += cover == COVER_PROVEN;
        }
        return n;
}

/* --- for people --- */

/* pack.<area>.<name>; the names are short constants. */
static const char *word(enum lang lang, const char *area, const char *name)
{
        char key[ERR_KEY_MAX];

        (void)snprintf(key, sizeof(key), "pack.%s.%s", area, name);
        return text_get(lang, key);
}

static void print_clause(const struct pack *p, const struct pack_clause *c, enum lang lang)
{
        (void)printf("%-15s %-4s %s\n", c->id, strength_name(c->strength), word(lang, "cover", cover_name(coverage_of(p, c))));
        for (const struct pack_mechanism *m = p->mechanisms; m < p->mechanisms + p->mechanisms_count; m++) {
                if (!mechanism_serves(m, c->id))
                        continue;
                (void)printf("    %s (%s, %s; %s %s)\n", m->name.in[lang], word(lang, "mechanism", mechanism_kind_name(m->kind)),
                             word(lang, "mechanism", mechanism_state_name(m->state)), carrier_name(m->carrier), m->where);
                for (size_t i = 0; i < m->proven_count; i++)
                        (void)printf("        %s\n", m->proven[i].id);
        }
}

static void print_counts(const struct pack *p, const struct pack_section *in, const char *title, enum lang lang)
{
        (void)printf("%s\n", title);
        for (unsigned s = 0; s < STRENGTHS_COUNT; s++) {
                struct count n = count_of(p, in, (enum strength)s);

                if (n.total)
                        say(stdout, lang, "pack.cover.count", strength_name((enum strength)s), decimal(n.total), decimal(n.bound), decimal(n.proven), NULL);
        }
}

int pack_coverage_print(const struct pack *p, enum lang lang)
{
        for (const struct pack_clause *c = p->clauses; c < p->clauses + p->clauses_count; c++)
                print_clause(p, c, lang);
        (void)printf("\n");
        for (const struct pack_section *s = p->sections; s < p->sections + p->sections_count; s++)
                print_counts(p, s, s->title.in[lang], lang);
        print_counts(p, NULL, text_get(lang, "pack.cover.all"), lang);
        if (p->layers_count > 1)
                pack_layers_print(p, lang);
        return PACK_GOOD;
}

/* --- for programs --- */

static json_t *text_json(const struct pack_text *t)
{
        return json_pack("{ss ss}", "ja", t->in[LANG_JA], "en", t->in[LANG_EN]);
}

static json_t *ids_json(const struct pack_link *links, size_t n)
{
        json_t *ids = json_array();

        for (size_t i = 0; i < n; i++)
                (void)json_array_append_new(ids, json_string(links[i].id));
        return ids;
}

static json_t *counts_json(const struct pack *p, const struct pack_section *in)
{
        json_t *counts = json_object();

        for (unsigned s = 0; s < STRENGTHS_COUNT; s++) {
                struct count n = count_of(p, in, (enum strength)s);

                (void)json_object_set_new(counts, strength_name((enum strength)s),
                                          json_pack("{sI sI sI}", "total", (json_int_t)n.total, "bound", (json_int_t)n.bound, "proven", (json_int_t)n.proven));
        }
        return counts;
}

static json_t *mechanism_json(const struct pack_mechanism *m)
{
        return json_pack("{ss ss ss ss ss so so}", "id", m->id, "kind", mechanism_kind_name(m->kind), "state", mechanism_state_name(m->state),
                         "carrier", carrier_name(m->carrier), "where", m->where, "name", text_json(&m->name),
                         "proven", ids_json(m->proven, m->proven_count));
}

static json_t *clause_json(const struct pack *p, const struct pack_clause *c)
{
        enum cover cover = coverage_of(p, c);
        json_t *mechanisms = json_array();

        for (const struct pack_mechanism *m = p->mechanisms; m < p->mechanisms + p->mechanisms_count; m++)
                if (mechanism_serves(m, c->id))
                        (void)json_array_append_new(mechanisms, mechanism_json(m));
        return json_pack("{ss ss ss ss? ss* so so ss sb so}", "id", c->id, "section", pack_section_of(p, c->id)->id, "strength", strength_name(c->strength),
                         "also", c->also ? strength_name(c->also) : NULL, "slide", c->slide, "actors", ids_json(c->actors, c->actors_count),
                         "text", text_json(&c->text), "cover", cover_name(cover), "bound", cover >= COVER_BOUND, "mechanisms", mechanisms);
}

int pack_coverage_json(const struct pack *p)
{
        json_t *clauses = json_array(), *sections = json_array(), *all;
        char hash[2 * HASH_SIZE + 1];
        int r;

        hex_text(hash, p->hash.b, HASH_SIZE);
        for (const struct pack_clause *c = p->clauses; c < p->clauses + p->clauses_count; c++)
                (void)json_array_append_new(clauses, clause_json(p, c));
        for (const struct pack_section *s = p->sections; s < p->sections + p->sections_count; s++)
                (void)json_array_append_new(sections, json_pack("{ss so so}", "id", s->id, "title", text_json(&s->title), "strengths", counts_json(p, s)));
        all = json_pack("{si s{ss sI ss} so so sI so so so}", "sekisho-coverage", 1, "pack", "id", p->id, "version", (json_int_t)p->version, "hash", hash,
                        "layers", pack_layers_json(p), "loosened", pack_loosened_json(p), "total", (json_int_t)p->clauses_count, "strengths", counts_json(p, NULL), "sections", sections, "clauses", clauses);
        r = all ? json_dumpf(all, stdout, JSON_INDENT(1)) : -1;
        json_decref(all);
        (void)printf("\n");
        return r == 0 ? PACK_GOOD : PACK_USAGE;
}
