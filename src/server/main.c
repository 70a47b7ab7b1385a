/* main.c - sekishod: one program, many roles; the first word says which. */
#include <sys/stat.h>

#include "core/text/text.h"
#include "server/adopt.h"
#include "server/backup.h"
#include "server/courier/courier.h"
#include "server/epoch.h"
#include "server/export_log.h"
#include "server/init.h"
#include "server/launcher.h"
#include "server/office/evidence/command.h"
#include "server/office/maintain.h"
#include "server/office/office.h"
#include "server/practice.h"
#include "server/recovery.h"
#include "server/render/serve.h"
#include "server/restore.h"
#include "server/routes.h"
#include "server/signer/signer.h"
#include "sys/log.h"

enum { EXIT_USAGE = 3 };

typedef int role_fn(const char *dir, struct err *e);
typedef int words_fn(const char *dir, int argc, char *const *argv, struct err *e);
typedef int status_fn(const char *dir);

static const struct { const char *name; role_fn *role; words_fn *words; status_fn *status; const char *what; } roles[] = {
        { "launch",  NULL,         launcher_main, NULL,         "keep everything of DIR running" },
        { "nginx-conf", NULL,      launcher_nginx_main, NULL,   "write DIR/nginx/nginx.conf (units of systemd start nginx by it)" },
        { "office",  office_main,  NULL,          NULL,         "role: API, procedures, journal, database" },
        { "signer",  signer_main,  NULL,          NULL,         "role: keys" },
        { "courier", courier_main, NULL,          NULL,         "role: notices out" },
        { "courier-test", NULL,    courier_test_main, NULL,     "send one notice by a sink (SINK [ADDRESS]) and say what came of it" },
        { "render",  render_run_main, NULL,          NULL,         "one job from standard input to standard output (DIR is its kind)" },
        { "render-serve", render_serve_main, NULL, NULL,        "role: start a render job for each connection" },
        { "init",    NULL,         init_main,     NULL,         "make DIR: keys, journal, first people" },
        { "adopt",   NULL,         adopt_main,    NULL,         "put another pack into force (the office is stopped)" },
        { "practice", NULL,        practice_main, NULL,         "make a copy to practise on, with the people and the pack of DIR" },
        { "backup",  NULL,         backup_main,   NULL,         "copy the data into a new folder, while everything runs (TO)" },
        { "backup-keys", NULL,     backup_keys_main, NULL,      "seal the keys to the recovery code, into a new file (TO)" },
        { "restore", NULL,         restore_main,  NULL,         "make a data directory of a backup (DIR is the backup; [KEYS] TO)" },
        { "epoch",   NULL,         epoch_main,    NULL,         "begin a new epoch of the log: a clone, a lost or stolen key (everything is stopped)" },
        { "tls",     tls_main,     NULL,          NULL,         "make nginx's key and certificate anew" },
        { "recovery", NULL,        recovery_main, NULL,         "check a typed recovery code, or make a new one (check | new)" },
        { "issue-ca", NULL,        issue_ca_main, NULL,         "prepare the next issuing CA with the recovery code (the signer is stopped)" },
        { "export-log", NULL,      export_log_main, NULL,       "write the whole log into a folder, or what is new since (OUT)" },
        { "evidence", NULL,        evidence_main, NULL,         "make an evidence pack of a clause, procedure, body or row and a period" },
        { "check",   NULL,         NULL,          check_main,   "compare everything with the journal and the signer" },
        { "rebuild", NULL,         NULL,          rebuild_main, "make the projections anew from the journal" },
        { "upgrade", upgrade_main, NULL,          NULL,         "make data of an older release this one's, after a copy (the office does it at its start)" },
        { "routes",  NULL,         NULL,          routes_main,  "print the route table as CSV (DIR is ignored)" },
};

static int usage(void)
{
        (void)fprintf(stderr, "sekishod %s\n", SEKISHO_VERSION);
        for (size_t i = 0; i < countof(roles); i++)
                (void)fprintf(stderr, "  sekishod %-12s DIR%s  %s\n", roles[i].name, roles[i].words ? " …" : "", roles[i].what);
        return EXIT_USAGE;
}

static void tell(const char *role, int r, const struct err *e)
{
        scoped(buf_done) struct buf words = BUF_INIT;

        if (!*e->key) {
                log_err(e, "%s ends", role);
                return;
        }
        text_err(&words, LANG_JA, e);
        buf_text(&words, "\n");
        text_err(&words, LANG_EN, e);
        (void)fprintf(stderr, "%s\n", buf_view(&words).p);
        log_say(LOG_ERROR, "%s ends: %s (%s)", role, e->text, err_name(r));
}

int main(int argc, char **argv)
{
        struct err e = { 0 };

        (void)umask(077); /* what is made is ours alone; sockets get their mode by name */
        for (size_t i = 0; i < countof(roles) && argc >= 3; i++) {
                int r;

                if (strcmp(argv[1], roles[i].name) != 0)
                        continue;
                log_open(roles[i].name);
                if (roles[i].status)
                        return roles[i].status(argv[2]);
                r = roles[i].role ? roles[i].role(argv[2], &e) : roles[i].words(argv[2], argc - 3, argv + 3, &e);
                if (r < 0)
                        tell(roles[i].name, r, &e);
                return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
        }
        return usage();
}
