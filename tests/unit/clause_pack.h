/* clause_pack.h - packs/thread with a few clauses and mechanisms, for tests that bend them.
 *
 * Does      two more files, and their words behind those of packs/thread.
 * Owns      bytes are static.
 */
#ifndef TESTS_UNIT_CLAUSE_PACK_H
#define TESTS_UNIT_CLAUSE_PACK_H

#include "thread_pack.h"

enum { CLAUSE_FILES = THREAD_FILES + 2, CLAUSES = THREAD_FILES, MECHANISMS };

static const char clauses_yaml[] =
        "sekisho-pack: 1\n"                        /* 1 */
        "sections:\n"
        "  - id: S8.2\n"
        "  - id: S6.1\n"
        "clauses:\n"                               /* 5 */
        "  - id: S8.2-R2.5\n"
        "    strength: M\n"
        "    also: C\n"
        "    slide: \"1-4/11\"\n"
        "    actors:\n"                            /* 10 */
        "      - id: section_manager\n"
        "      - id: staff\n"
        "  - id: S8.2-N1\n"
        "    strength: I\n"
        "  - id: S6.1-X21h.b1\n"                   /* 15 */
        "    strength: N\n"
        "    derives_from: S8.2-R2.5\n"
        "    actors:\n"
        "      - id: staff\n"
        "  - id: S6.1-X2.0\n"                      /* 20 */
        "    strength: none\n";

static const char mechanisms_yaml[] =
        "sekisho-pack: 1\n"                        /* 1 */
        "mechanisms:\n"
        "  - id: law\n"
        "    kind: enforced\n"
        "    state: built\n"                       /* 5 */
        "    carrier: field\n"
        "    where: network-connection.mac\n"
        "    clauses:\n"
        "      - id: S8.2-R2.5\n"
        "    proven:\n"                            /* 10 */
        "      - id: test_form.refusals_have_words\n"
        "      - id: gate-enforcer\n"
        "  - id: words\n"
        "    kind: text\n"
        "    state: built\n"                       /* 15 */
        "    carrier: text\n"
        "    where: clause.S8.2-N1.text\n"
        "    clauses:\n"
        "      - id: S8.2-N1\n"
        "      - id: S6.1-X21h.b1\n"               /* 20 */
        "  - id: later\n"
        "    kind: detected\n"
        "    state: planned\n"
        "    carrier: gate\n"
        "    where: sightings\n"                   /* 25 */
        "    clauses:\n"
        "      - id: S6.1-X2.0\n";

#define CLAUSE_WORDS                                                                                                            \
        "section.S8.2.title: \"8.2\"\nsection.S6.1.title: \"6.1\"\nclause.S8.2-R2.5.text: \"law\"\nclause.S8.2-R2.5.note: \"both\"\n" \
        "clause.S8.2-N1.text: \"see\"\nclause.S6.1-X21h.b1.text: \"password\"\nclause.S6.1-X2.0.text: \"left out\"\n"           \
        "mechanism.law.name: \"law\"\nmechanism.words.name: \"words\"\nmechanism.later.name: \"later\"\n"

static inline const struct pack_file *clause_pack(void)
{
        static struct pack_file files[CLAUSE_FILES];
        static char texts[2][64 * 1024];

        if (files[0].name)
                return files;
        memcpy(files, thread_pack(), THREAD_FILES * sizeof(files[0]));
        for (size_t i = 0; i < 2; i++) {
                struct pack_file *f = &files[3 + i];

                (void)snprintf(texts[i], sizeof(texts[i]), "%.*s%s", (int)f->bytes.n, f->bytes.p, CLAUSE_WORDS);
                f->bytes = str_of(texts[i]);
        }
        files[CLAUSES] = (struct pack_file){ "clauses.yaml", str_of(clauses_yaml) };
        files[MECHANISMS] = (struct pack_file){ "mechanisms.yaml", str_of(mechanisms_yaml) };
        return files;
}

#endif
