/* mic_r4_pack.h - packs/mic-r4 in memory.
 *
 * Does      read all its files from wherever the test was started.
 * Owns      bytes are static.
 */
#ifndef TESTS_UNIT_MIC_R4_PACK_H
#define TESTS_UNIT_MIC_R4_PACK_H

#include "core/pack/load.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIC_R4_MAX = 96, MIC_R4_BYTES_MAX = 1024 * 1024 };

static const char *const tree_roots[] = { "", "../", "../../", "../../../" };

/* A file of the source tree; NULL when it is not found from here. */
static inline FILE *tree_open(const char *name)
{
        char path[420];
        FILE *f = NULL;

        for (size_t i = 0; i < countof(tree_roots) && !f; i++) {
                (void)snprintf(path, sizeof(path), "%s%s", tree_roots[i], name);
                f = fopen(path, "rbe");
        }
        return f;
}

static inline void mic_r4_read(struct pack_file *files, size_t *n, const char *name)
{
        static char bytes[MIC_R4_MAX][MIC_R4_BYTES_MAX], names[MIC_R4_MAX][320];
        char path[400];
        FILE *f;

        (void)snprintf(path, sizeof(path), "packs/mic-r4/%s", name);
        f = *n < MIC_R4_MAX ? tree_open(path) : NULL;
        if (!f) {
                printf("Bail out! %s is not found from here, or one too many\n", name);
                exit(1);
        }
        (void)snprintf(names[*n], sizeof(names[*n]), "%s", name);
        files[*n] = (struct pack_file){ names[*n], { bytes[*n], fread(bytes[*n], 1, MIC_R4_BYTES_MAX, f) } };
        (void)fclose(f);
        (*n)++;
}

static inline int mic_r4_by_name(const void *a, const void *b)
{
        return strcmp(((const struct pack_file *)a)->name, ((const struct pack_file *)b)->name);
}

/* Sorted by name; `n` files. */
static inline const struct pack_file *mic_r4_pack(size_t *n)
{
        static const char *const folders[] = { "", "criteria/", "forms/", "papers/", "procedures/", "texts/" };
        static struct pack_file files[MIC_R4_MAX];
        static size_t count;

        for (size_t i = count ? countof(folders) : 0; i < countof(folders); i++) {
                DIR *d = NULL;

                for (size_t j = 0; j < countof(tree_roots) && !d; j++) {
                        char path[400];

                        (void)snprintf(path, sizeof(path), "%spacks/mic-r4/%s", tree_roots[j], folders[i]);
                        d = opendir(path);
                }
                for (struct dirent *entry = d ? readdir(d) : NULL; entry; entry = readdir(d)) {
                        const char *end = strrchr(entry->d_name, '.');
                        char name[320];

                        if (!end || strcmp(end, ".yaml") != 0)
                                continue;
                        (void)snprintf(name, sizeof(name), "%s%s", folders[i], entry->d_name);
                        mic_r4_read(files, &count, name);
                }
                if (d)
                        (void)closedir(d);
        }
        qsort(files, count, sizeof(files[0]), mic_r4_by_name);
        *n = count;
        return files;
}

#endif
