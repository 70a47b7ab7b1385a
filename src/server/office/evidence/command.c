/* command.c - see command.h. */
#include "server/office/evidence/command.h"

#include "base/codec.h"
#include "server/office/evidence/desk.h"
#include "server/office/evidence/log_out.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"

struct words { struct dossier_job job; const char *from, *until; bool about; };

/* ---- words ---- */

static int about(struct words *w, enum scope_kind kind, const char *id, struct err *e)
{
        if (w->about)
                return err_key(e, ERR_INPUT, "evidence.word.about", "", NULL);
        w->about = true;
        w->job.scope.kind = kind;
        w->job.scope.id = id;
        return ERR_OK;
}

static int tie(struct words *w, const char *size, struct err *e)
{
        if (w->job.ties_count == DOSSIER_TIES_MAX || !str_u64(str_of(size), TREE_SIZE_MAX, &w->job.ties[w->job.ties_count]))
                return err_key(e, ERR_INPUT, "init.word.bad", "", "--tie", NULL);
        w->job.ties_count++;
        return ERR_OK;
}

static int option(struct words *w, const char *word, const char *value, struct err *e)
{
        const struct { const char *name; const char **to; } plain[] = {
                { "--from", &w->from }, { "--until", &w->until }, { "--out", &w->job.path }, { "--body", &w->job.scope.body },
        };

        for (size_t i = 0; i < countof(plain); i++)
                if (strcmp(word, plain[i].name) == 0) {
                        *plain[i].to = value;
                        return ERR_OK;
                }
        if (strcmp(word, "--clause") == 0)
                return about(w, DOSSIER_CLAUSE, value, e);
        if (strcmp(word, "--procedure") == 0)
                return about(w, DOSSIER_PROCEDURE, value, e);
        if (strcmp(word, "--row") == 0)
                return about(w, DOSSIER_ROW, value, e);
        if (strcmp(word, "--tie") == 0)
                return tie(w, value, e);
        w->job.posts |= strcmp(word, "--names") == 0 && strcmp(value, "post") == 0;
        w->job.lang = strcmp(word, "--lang") == 0 ? lang_of(str_of(value)) : w->job.lang;
        if (strcmp(word, "--lang") == 0 || (strcmp(word, "--names") == 0 && (strcmp(value, "post") == 0 || strcmp(value, "person") == 0)))
                return ERR_OK;
        return err_key(e, ERR_INPUT, "init.word.bad", "", word, NULL);
}

/* People type inclusive days. */
static int period(struct words *w, struct err *e)
{
        struct date from, until;

        if (!w->from || !w->until || !date_parse(str_of(w->from), &from) || !date_parse(str_of(w->until), &until))
                return err_key(e, ERR_INPUT, "evidence.period", "", NULL);
        w->job.scope.from = utime_from_jst(from);
        w->job.scope.until = utime_from_jst(until) + UTIME_DAY;
        return ERR_OK;
}

static int parse(struct words *w, int argc, char *const *argv, struct err *e)
{
        int r = ERR_OK;

        for (int i = 0; r == ERR_OK && i < argc; i++) {
                bool alone = strcmp(argv[i], "--withhold") == 0;

                w->job.withhold |= alone;
                if (!alone && i + 1 < argc)
                        r = option(w, argv[i], argv[i + 1], e);
                else if (!alone)
                        r = err_key(e, ERR_INPUT, "init.word.bad", "", argv[i], NULL);
                i += !alone;
        }
        if (r < 0)
                return r;
        if (!w->about) {
                w->job.scope.kind = DOSSIER_BODY;
                w->job.scope.id = "";
        }
        if (!w->job.path || (!w->about && !w->job.scope.body))
                return err_key(e, ERR_INPUT, "evidence.word.missing", "", NULL);
        w->job.scope.body = w->job.scope.body ? w->job.scope.body : "";
        return period(w, e);
}

/* ---- the pack ---- */

static bool show(void *ctx, enum dossier_phase phase, uint64_t done, uint64_t total)
{
        (void)fprintf(stderr, "\r%-8s %llu / %llu    ", dossier_phase_names[phase], (unsigned long long)done, (unsigned long long)total);
        return true;
}

static int make(struct words *w, struct office *o, struct err *e)
{
        scoped(db_close) struct db *db = NULL;
        scoped(buf_done) struct buf note = BUF_INIT, page = BUF_INIT;
        struct dossier_made made;
        char id[UUID_TEXT], hex[2 * HASH_SIZE + 1];
        int r = log_note_stored(&note, o, e);

        if (r == ERR_OK)
                r = checkpoint_open(&w->job.head, buf_view(&note), &o->log_key, e);
        if (r == ERR_OK)
                r = desk_verify_page(&page, e);
        if (r == ERR_OK)
                r = db_open(&db, o->store_dir, DB_READ, e);
        if (r < 0)
                return r;
        w->job.now = clock_now();
        w->job.office = o;
        w->job.db = db;
        w->job.note = buf_view(&note);
        w->job.verify_page = buf_view(&page);
        w->job.render = desk_render_here;
        w->job.render_ctx = o;
        w->job.progress = show;
        uuid_text(id, entropy_uuid(w->job.now));
        r = dossier_make(&made, &w->job, e);
        (void)fputc('\n', stderr);
        if (r == ERR_OK)
                r = desk_note(o, id, NULL, &w->job, &made, e);
        if (r < 0)
                return r;
        hex_text(hex, made.manifest.b, HASH_SIZE);
        (void)printf("pack\t%s\nmanifest\t%s\nentries\t%llu\ncases\t%llu\nduties\t%llu\nattachments\t%llu\ntexts\t%llu\nerased\t%llu\nsize\t%llu\nbytes\t%llu\n", id, hex,
                     (unsigned long long)made.entries, (unsigned long long)made.cases, (unsigned long long)made.duties, (unsigned long long)made.attachments,
                     (unsigned long long)made.texts, (unsigned long long)made.left_erased, (unsigned long long)made.size, (unsigned long long)made.bytes);
        return ERR_OK;
}

int evidence_main(const char *data_dir, int argc, char *const *argv, struct err *e)
{
        struct words w = { .about = false };
        struct office o = { .dir = "" };
        int r = parse(&w, argc, argv, e);

        if (r == ERR_OK && file_exists(w.job.path))
                return err_key(e, ERR_CONFLICT, "evidence.word.there", "", w.job.path, NULL);
        if (r == ERR_OK)
                r = office_load(&o, data_dir, e);
        if (r == ERR_OK)
                r = make(&w, &o, e);
        office_unload(&o);
        return r;
}
