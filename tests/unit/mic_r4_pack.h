/* mic_r4_pack.h - packs/mic-r4 in memory.
 *
 * Does      read its files from wherever the test was started.
 * Owns      bytes are static.
 */
#ifndef TESTS_UNIT_MIC_R4_PACK_H
#define TESTS_UNIT_MIC_R4_PACK_H

#include "core/pack/load.h"

static const char *const mic_r4_names[] = {
        "pack.yaml", "clauses.yaml", "mechanisms.yaml", "forms/network-connection.yaml", "procedures/network-connection.yaml", "texts/ja.yaml", "texts/en.yaml",
};

enum { MIC_R4_FILES = countof(mic_r4_names) };

/* A file of the source tree; NULL when it is not found from here. */
static inline FILE *tree_open(const char *name)
{
        static const char *const roots[] = { "", "../", "../../", "../../../" };
        char path[256];
        FILE *f = NULL;

        for (size_t i = 0; i < countof(roots) && !f; i++) {
                (void)snprintf(path, sizeof(path), "%s%s", roots[i], name);
                f = fopen(path, "rbe");
        }
        return f;
}

static inline const struct pack_file *mic_r4_pack(void)
{
        static char bytes[MIC_R4_FILES][256 * 1024];
        static struct pack_file files[MIC_R4_FILES];

        for (size_t i = 0; i < MIC_R4_FILES && !files[i].name; i++) {
                char name[128];
                FILE *f;

                (void)snprintf(name, sizeof(name), "packs/mic-r4/%s", mic_r4_names[i]);
                f = tree_open(name);
                if (!f) {
                        printf("Bail out! %s is not found from here\n", name);
                        exit(1);
                }
                files[i] = (struct pack_file){ mic_r4_names[i], { bytes[i], fread(bytes[i], 1, sizeof(bytes[i]), f) } };
                (void)fclose(f);
        }
        return files;
}

#endif
