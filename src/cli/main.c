/* main.c - sekisho: the tool for files and exports. Each command is a row; none opens the database.
 *
 * Exit codes: each command's own; 3 for a command that is none.
 */
#include "cli/answer_sheet.h"
#include "cli/pack.h"
#include "cli/say.h"
#include "cli/verify.h"
#include "cli/witness.h"

enum { EXIT_USAGE = 3 };

static const struct { const char *name; int (*run)(int argc, char **argv); } commands[] = {
        { "answer-sheet", answer_sheet_main },
        { "pack",         pack_main },
        { "verify",       verify_main },
        { "witness",      witness_main },
};

int main(int argc, char **argv)
{
        for (size_t i = 0; argc > 1 && i < countof(commands); i++)
                if (!strcmp(argv[1], commands[i].name))
                        return commands[i].run(argc - 2, argv + 2);
        if (argc == 2 && !strcmp(argv[1], "--version")) {
                (void)printf("sekisho %s\n", SEKISHO_VERSION);
                return 0;
        }
        say(stderr, lang_of(str_of(getenv("LANG"))), "verify.usage", NULL);
        return EXIT_USAGE;
}
