/* main.c - sekisho-gate: enrol once, then run.
 *
 *     sekisho-gate enrol CODE --state DIR
 *     sekisho-gate run --state DIR [--netns NAME] [--lan IFACE] [--server HOST:PORT]
 *
 * --netns: the enforcer works in that network namespace, the uplink stays where it was started.
 * `enforcer` and `uplink` are the two roles that `run` starts; their standard input is the pipe between them.
 * Exit: 0 done, 1 failed, 2 refused, 3 usage.
 */
#include <getopt.h>
#include <sys/stat.h>

#include "gate/enforcer.h"
#include "gate/enrol.h"
#include "gate/supervise.h"
#include "gate/uplink.h"
#include "sys/log.h"

enum { EXIT_USAGE = 3 };

struct command { const char *name, *log_name; int (*run)(const struct gate_options *o, const char *word, struct err *e); bool wants_word; };

static int run_enforcer(const struct gate_options *o, const char *word, struct err *e)
{
        static struct settings s; /* lives as long as the process */
        int r = o->netns ? netns_enter(o->netns, e) : ERR_OK;

        if (r == ERR_OK)
                r = settings_load(&s, o->dir, false, e);
        return r < 0 ? r : enforcer_run(&s, o->lan ? o->lan : s.lan, STDIN_FILENO, e);
}

static int run_uplink(const struct gate_options *o, const char *word, struct err *e)
{
        static struct settings s;
        int r = settings_load(&s, o->dir, true, e);

        return r < 0 ? r : uplink_run(&s, o->server, STDIN_FILENO, e);
}

static int run_all(const struct gate_options *o, const char *word, struct err *e)
{
        if (!settings_exist(o->dir))
                return err_set(e, ERR_ABSENT, "'%s' holds no enrolment: run \"sekisho-gate enrol CODE --state %s\" first", o->dir, o->dir);
        return supervise_run(o, e);
}

static int run_enrol(const struct gate_options *o, const char *word, struct err *e)
{
        return enrol_run(word, o->dir, o->server, e);
}

static const struct command commands[] = {
        { "enrol",    "gate-enrol",    run_enrol,    true },
        { "run",      "gate",          run_all,      false },
        { "enforcer", "gate-enforcer", run_enforcer, false },
        { "uplink",   "gate-uplink",   run_uplink,   false },
};

static int usage(void)
{
        fputs("usage: sekisho-gate enrol CODE --state DIR [--server HOST:PORT]\n"
              "       sekisho-gate run --state DIR [--netns NAME] [--lan IFACE] [--server HOST:PORT]\n", stderr);
        return EXIT_USAGE;
}

static bool options_parse(struct gate_options *o, const char **word, int argc, char **argv)
{
        static const struct option known[] = {
                { "state", required_argument, NULL, 's' }, { "netns", required_argument, NULL, 'n' },
                { "lan", required_argument, NULL, 'l' },   { "server", required_argument, NULL, 'h' }, { 0 },
        };
        int c;

        while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
                const char **to = c == 's' ? &o->dir : c == 'n' ? &o->netns : c == 'l' ? &o->lan : c == 'h' ? &o->server : NULL;

                if (!to)
                        return false;
                *to = optarg;
        }
        *word = optind < argc ? argv[optind++] : NULL;
        return o->dir && optind == argc;
}

int main(int argc, char **argv)
{
        const struct command *command = NULL;
        struct gate_options o = { 0 };
        const char *word;
        char dir[4096];
        struct err e = { 0 };
        int r;

        for (size_t i = 0; argc > 1 && i < countof(commands); i++)
                if (strcmp(argv[1], commands[i].name) == 0)
                        command = &commands[i];
        if (!command || !options_parse(&o, &word, argc - 1, argv + 1) || !word == command->wants_word)
                return usage();
        log_open(command->log_name);
        (void)umask(0077);
        r = dir_make(o.dir, 0700, &e);
        if (r == ERR_OK && !realpath(o.dir, dir)) /* the sandbox wants absolute paths */
                r = err_errno(&e, "state directory '%s'", o.dir);
        o.dir = dir;
        if (r == ERR_OK)
                r = command->run(&o, word, &e);
        if (r < 0)
                log_err(&e, "%s", command->name);
        return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
