/* A pack of any files: each begins with a byte 0x01, its name up to the line's end, then its bytes. */
#include "core/pack/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct pack_file files[20];
        struct str rest = { (const char *)data, size }, one, name;
        char names[20][80];
        struct pack *p = NULL;
        size_t n = 0;

        for (bool more = true; more && n < countof(files); n++) {
                more = str_cut(rest, 1, &one, &rest);
                if (!more)
                        one = rest;
                if (!str_cut(one, '\n', &name, &one))
                        name = (struct str){ "", 0 };
                (void)snprintf(names[n], sizeof(names[n]), "%.*s", (int)(name.n < 79 ? name.n : 79), name.n ? name.p : "");
                files[n] = (struct pack_file){ names[n], one };
        }
        if (pack_load(&p, files, n, NULL, NULL, NULL) == 0)
                pack_free(p);
        return 0;
}
