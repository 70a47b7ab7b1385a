/* launch.c - the launcher by itself, so that tests can give it pretended roles: launch DIR words... */
#include "server/launcher.h"
#include "sys/log.h"

int main(int argc, char **argv)
{
        struct err e = { 0 };
        int r;

        log_open("launch");
        if (argc < 2)
                return 2;
        r = launcher_main(argv[1], argc - 2, argv + 2, &e);
        if (r < 0)
                log_err(&e, "launch");
        return r < 0 ? -r : 0;
}
