/* paper.c - a paper's JSON as PDF: fonts mapped before the sandbox, then parse, lay, write. docs/decisions/0006-paper.md says which part is ours. */
#include "server/render/kinds.h"
#include "server/render/pdf.h"

static const char *const font_files[PAPER_FONTS] = {
        [PAPER_MINCHO] = "/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf",
        [PAPER_GOTHIC] = "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
};

static struct font fonts[PAPER_FONTS];      /* one job a process */
static bool        fonts_ready;

/* Two files mapped, their tables looked at: about a millisecond, so every kind may pay it. Without them only papers are refused. */
void paper_prepare(void)
{
        fonts_ready = true;
        for (int i = 0; i < PAPER_FONTS; i++)
                fonts_ready &= font_open(&fonts[i], font_files[i], NULL) == ERR_OK;
}

int paper_to_pdf(struct buf *out, struct str in, struct err *e)
{
        const struct paper_metrics metrics = { pdf_advance, fonts };
        scoped(paper_pages_done) struct paper_pages pages = PAPER_PAGES_INIT;
        scoped(paper_done) struct paper p = PAPER_INIT;
        int r = paper_parse(&p, in, e);

        if (r < 0)
                return r;
        if (!fonts_ready)
                return err_key(e, ERR_INPUT, "paper.font.absent", "", (char *)NULL);
        r = paper_lay(&pages, &p, &metrics, e);
        return r < 0 ? r : pdf_write(out, &p, &pages, fonts, e);
}
