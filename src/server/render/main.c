/* main.c - sekisho-render: one job from standard input to standard output. See render.h. */
#include "server/render/render.h"

#include <stdlib.h>

#include "sys/log.h"

enum { EXIT_USAGE = 3 };

int main(int argc, char **argv)
{
        struct err e = { 0 };

        if (argc != 2) {
                (void)fprintf(stderr, "sekisho-render KIND\n");
                return EXIT_USAGE;
        }
        log_open("render");
        if (render_main(argv[1], &e) == ERR_OK)
                return EXIT_SUCCESS;
        log_err(&e, "render ends");
        return EXIT_FAILURE;
}
