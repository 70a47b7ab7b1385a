/* fuzz_filetype.c - an attachment of whatever bytes: it is refused with a reason, or it is one of the seven types that are allowed. */
#include "server/render/kinds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What starts like a container may only be taken as that container. */
static const struct { const char *type, *magic; } allowed[] = {
        { "pdf", "%PDF-" }, { "png", "\x89PNG" }, { "jpeg", "\xff\xd8\xff" }, { "xlsx", "PK\3\4" }, { "docx", "PK\3\4" }, { "pptx", "PK\3\4" }, { "text", "" },
};

static bool is_utf16(struct str in)
{
        return str_starts(in, "\xff\xfe") || str_starts(in, "\xfe\xff");
}

static bool is_allowed(struct str answer, struct str in)
{
        for (size_t i = 0; i < countof(allowed); i++) {
                char want[32];

                (void)snprintf(want, sizeof(want), "{\"type\":\"%s\"}", allowed[i].type);
                if (str_is(answer, want))
                        return str_starts(in, allowed[i].magic) && (*allowed[i].magic || is_utf16(in) || !memchr(in.p, '\x1b', in.n));
        }
        return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static bool ready;
        scoped(buf_done) struct buf out = BUF_INIT;
        struct str in = { (const char *)data, n };
        struct err e = { 0 };
        int r;

        if (!ready && encoding_prepare(&e) < 0)
                __builtin_trap();
        ready = true;
        r = file_type(&out, in, &e);
        if (r == ERR_OK ? !is_allowed(buf_view(&out), in) : !*e.key)
                __builtin_trap();
        return 0;
}
