/* cover.c - what an auditor opens first: index.html, and README.txt with the same in plain words. Neither proves anything. */
#include "base/codec.h"
#include "core/pack/coverage.h"
#include "plain_pages.h"
#include "server/office/evidence/said.h"

enum { FACTS_MAX = 20, GAPS_SHOWN = 200 };

static const char css[] =
        ":root{color-scheme:light dark}body{font-family:system-ui,sans-serif;line-height:1.7;max-width:60rem;margin:0 auto;padding:1rem 1.5rem 4rem}"
        "h1{font-size:1.6rem;line-height:1.4}h2{font-size:1.2rem;margin-top:2rem;border-bottom:2px solid}dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.25rem 1rem}"
        "dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}th,td{border:1px solid;padding:.3rem .6rem;text-align:left;overflow-wrap:anywhere}"
        "code{overflow-wrap:anywhere}@media (max-width:40rem){dl{display:block}dd{margin:0 0 .5rem}}\n";

struct facts { struct plain_evidence_facts list[FACTS_MAX]; size_t n; };

static void fact(struct facts *f, enum lang lang, const char *label, const char *text)
{
        if (f->n < FACTS_MAX && text && *text)
                f->list[f->n++] = (struct plain_evidence_facts){ .label = text_get(lang, label), .text = text };
}

static const char *number(struct dossier *d, uint64_t n)
{
        return arena_printf(d->arena, "%llu", (unsigned long long)n);
}

static const char *day(struct dossier *d, utime_t t)
{
        struct date x = utime_date_jst(t);

        return arena_printf(d->arena, "%04d-%02d-%02d", x.year, x.month, x.day);
}

static const char *title_of(struct dossier *d)
{
        const struct dossier_scope *s = &d->job->scope;
        const struct pack_procedure *p = s->kind == DOSSIER_PROCEDURE ? pack_find_procedure(d->job->office->pack, s->id) : NULL;
        const char *about = p ? said_pack(d, &p->title) : s->kind == DOSSIER_BODY ? s->body : s->id;
        const char *args[] = { about };
        scoped(buf_done) struct buf b = BUF_INIT;

        text_format(&b, d->job->lang, "evidence.title", args, 1);
        return buf_bad(&b) ? "" : arena_text(d->arena, b.p);
}

static const char *fingerprint_of(struct dossier *d)
{
        scoped(buf_done) struct buf b = BUF_INIT;

        vkey_fingerprint(&b, &d->job->office->log_key);
        return buf_bad(&b) ? "" : arena_text(d->arena, b.p);
}

static const char *root_of(struct dossier *d)
{
        char hex[2 * HASH_SIZE + 1];

        hex_text(hex, d->job->head.root.b, HASH_SIZE);
        return arena_printf(d->arena, "%llu:%s", (unsigned long long)d->job->head.size, hex);
}

static void say_facts(struct facts *f, struct dossier *d)
{
        const struct dossier_job *j = d->job;
        const struct pack_clause *c = j->scope.kind == DOSSIER_CLAUSE ? pack_find_clause(j->office->pack, j->scope.id) : NULL;
        enum lang lang = j->lang;

        fact(f, lang, "evidence.fact.clause", c ? said_pack(d, &c->text) : "");
        fact(f, lang, "evidence.fact.period", arena_printf(d->arena, "%s – %s", day(d, j->scope.from), day(d, j->scope.until - 1)));
        fact(f, lang, "evidence.fact.body", j->scope.body);
        fact(f, lang, "evidence.fact.made", said_moment(j->now, d->arena));
        fact(f, lang, "evidence.fact.names", text_get(lang, j->posts ? "evidence.names.post" : "evidence.names.person"));
        fact(f, lang, "evidence.fact.withhold", j->withhold ? text_get(lang, "evidence.withheld.all") : "");
        fact(f, lang, "evidence.fact.entries", number(d, d->made.entries));
        fact(f, lang, "evidence.fact.cases", number(d, d->made.cases));
        fact(f, lang, "evidence.fact.duties", number(d, d->made.duties));
        fact(f, lang, "evidence.fact.attachments", number(d, d->made.attachments));
        fact(f, lang, "evidence.fact.install", j->office->install_text);
        fact(f, lang, "evidence.fact.log", arena_printf(d->arena, "%llu", (unsigned long long)j->head.size));
        fact(f, lang, "evidence.fact.fingerprint", fingerprint_of(d));
        fact(f, lang, "evidence.fact.root", root_of(d));
}

/* Written first, so it says nothing that is only known at the end. */
static void readme_in(struct buf *b, struct dossier *d, enum lang lang)
{
        const char *args[] = { fingerprint_of(d), root_of(d) };

        buf_text(b, text_get(lang, "evidence.readme.title"));
        buf_text(b, "\n\n");
        text_format(b, lang, "evidence.readme.text", args, countof(args));
        buf_text(b, "\n\n");
        buf_text(b, text_get(lang, "evidence.cover.anchor"));
        buf_text(b, "\n\n");
        buf_text(b, text_get(lang, "evidence.cover.tables-are"));
        buf_text(b, "\n\n\n");
}

int dossier_put_words(struct dossier *d, struct err *e)
{
        scoped(buf_done) struct buf b = BUF_INIT;
        int r;

        buf_text(&b, "\xef\xbb\xbf");      /* so that the editors of that house read it as UTF-8 */
        for (int lang = 0; lang < LANG_COUNT; lang++)
                readme_in(&b, d, (enum lang)lang);
        r = buf_bad(&b) ? err_set(e, ERR_NOMEM, "README") : zip_out_file(d->zip, "README.txt", buf_view(&b), true, e);
        return r < 0 ? r : zip_out_file(d->zip, "index.css", (struct str){ css, sizeof(css) - 1 }, true, e);
}

static size_t say_gaps(struct plain_evidence_gaps *to, struct dossier *d)
{
        json_t *gap;
        size_t i, n = 0;

        json_array_foreach(d->gaps, i, gap)
                if (n < GAPS_SHOWN)
                        to[n++] = (struct plain_evidence_gaps){ .what = said_word(d, "evidence.gap", str_of(json_string_value(json_object_get(gap, "kind"))), d->arena),
                                                                .about = json_string_value(json_object_get(gap, "about")),
                                                                .count = number(d, (uint64_t)json_integer_value(json_object_get(gap, "count"))) };
        return n;
}

int dossier_put_cover(struct dossier *d, struct err *e)
{
        struct plain_evidence_gaps *gaps = arena_array(d->arena, GAPS_SHOWN, sizeof(*gaps));
        struct facts *f = arena_new(d->arena, struct facts);
        scoped(buf_done) struct buf html = BUF_INIT;
        struct plain_evidence page = { 0 };
        char hex[2 * HASH_SIZE + 1];
        int r;

        if (!gaps || !f)
                return err_set(e, ERR_NOMEM, "cover");
        say_facts(f, d);
        hex_text(hex, d->made.manifest.b, HASH_SIZE);
        fact(f, d->job->lang, "evidence.fact.manifest", hex);
        page = (struct plain_evidence){ .title = title_of(d), .municipality = d->job->office->name, .facts = f->list, .facts_count = f->n, .gaps = gaps, .gaps_count = say_gaps(gaps, d),
                                        .papers = d->papers > 0, .attached = d->made.attachments > 0, .page = d->job->verify_page.n > 0, .file = "FILE.zip",
                                        .fingerprint = fingerprint_of(d), .root = root_of(d) };
        plain_evidence(&html, d->job->lang, &page);
        if (buf_bad(&html) || d->arena->refused)
                return err_set(e, ERR_NOMEM, "cover");
        r = zip_out_file(d->zip, "index.html", buf_view(&html), false, e);
        return r < 0 || !d->job->verify_page.n ? r : zip_out_file(d->zip, "verify.html", d->job->verify_page, false, e);
}
