/* fuzz_paper.c - a document of whatever JSON: what is taken is laid within its limits, and the file ends as files do. */
#include "core/paper/lay.h"
#include "server/render/kinds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static bool ready;
        scoped(paper_done) struct paper p = PAPER_INIT;
        scoped(buf_done) struct buf text = BUF_INIT, file = BUF_INIT;
        struct str in = { (const char *)data, n };

        if (!ready)
                paper_prepare();
        ready = true;
        if (paper_parse(&p, in, NULL) < 0)
                return 0;
        paper_plain(&text, &p);
        if (paper_to_pdf(&file, in, NULL) == 0 && (file.n < 1000 || memcmp(file.p + file.n - 6, "%%EOF\n", 6) != 0))
                __builtin_trap();
        return 0;
}
