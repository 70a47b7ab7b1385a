/* thread_pack.h - packs/thread in memory, for tests that load it whole or bent.
 *
 * Does      read the five files; say where they are from wherever the test was started; replace a text in one of them.
 * Owns      bytes are static or malloc'd and never freed: a test program ends soon.
 */
#ifndef TESTS_UNIT_THREAD_PACK_H
#define TESTS_UNIT_THREAD_PACK_H

#include "core/pack/load.h"

enum { THREAD_FILES = 5 };

static const char *const thread_names[THREAD_FILES] = {
        "pack.yaml", "forms/network-connection.yaml", "procedures/network-connection.yaml", "texts/ja.yaml", "texts/en.yaml",
};

static inline FILE *thread_open(const char *name)
{
        static const char *const roots[] = { "", "../", "../../", "../../../" };
        char path[256];
        FILE *f = NULL;

        for (size_t i = 0; i < countof(roots) && !f; i++) {
                (void)snprintf(path, sizeof(path), "%spacks/thread/%s", roots[i], name);
                f = fopen(path, "rbe");
        }
        return f;
}

static inline const struct pack_file *thread_pack(void)
{
        static char bytes[THREAD_FILES][64 * 1024];
        static struct pack_file files[THREAD_FILES];

        for (size_t i = 0; i < THREAD_FILES && !files[i].name; i++) {
                FILE *f = thread_open(thread_names[i]);

                if (!f) {
                        printf("Bail out! packs/thread/%s is not found from here\n", thread_names[i]);
                        exit(1);
                }
                files[i] = (struct pack_file){ thread_names[i], { bytes[i], fread(bytes[i], 1, sizeof(bytes[i]), f) } };
                (void)fclose(f);
        }
        return files;
}

/* A copy of `file` with the first `old` replaced by `new`; `old` must occur. The copy's bytes are the caller's to free. */
static inline struct pack_file bent(struct pack_file file, const char *old, const char *new)
{
        const char *hit = memmem(file.bytes.p, file.bytes.n, old, strlen(old));
        size_t before = hit ? (size_t)(hit - file.bytes.p) : 0, after;
        char *p;

        if (!hit) {
                printf("Bail out! no \"%s\" in %s\n", old, file.name);
                exit(1);
        }
        after = file.bytes.n - before - strlen(old);
        p = malloc(before + strlen(new) + after + 1);
        if (!p)
                abort();
        memcpy(p, file.bytes.p, before);
        memcpy(p + before, new, strlen(new));
        memcpy(p + before + strlen(new), hit + strlen(old), after);
        file.bytes = (struct str){ p, before + strlen(new) + after };
        return file;
}

#endif
