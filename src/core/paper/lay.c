/* lay.c - see lay.h. Measures of a form: 25 mm at the left for the binding, 20 mm at the other sides. */
#include "core/paper/lay.h"

#include "core/paper/desk.h"

enum {
        SIZE_TITLE = 1500, SIZE_TITLE_LEAST = 1250, SIZE_BODY = 1050, SIZE_HEAD = 950, SIZE_CELL = 950, SIZE_NOTE = 850, SIZE_FOOT = 800, SIZE_SMALL = 700,
        PITCH_BODY = 1750, PITCH_CELL = 1400, PITCH_NOTE = 1250, PITCH_HEAD = 1400,
        PAD_X = 400, PAD_Y = 280, GAP = 700,
        SEAL_BOX = 5200, SEAL_TITLE = 1500, SEAL_TITLE_LONG = 2900, SEAL_LABEL = 1700, SEAL_SMALL = 650,
        CHECK_BOX = 850, KEEP_WITH_HEADING = 5600,
};

void paper_pages_done(struct paper_pages *p)
{
        arena_done(&p->arena);
        *p = PAPER_PAGES_INIT;
}

/* ---- paragraphs ---- */

static int indent_of(const struct paper_block *b)
{
        return b->indent * SIZE_BODY;
}

static int lay_text(struct desk *d, const struct paper_block *b)
{
        int size = b->kind == PAPER_NOTE ? SIZE_NOTE : SIZE_BODY, pitch = b->kind == PAPER_NOTE ? PITCH_NOTE : PITCH_BODY, width = d->right - d->left - indent_of(b);
        struct str rest = b->text;
        struct paper_line line;
        int r = ERR_OK;

        while (r == ERR_OK && paper_line_next(&line, &rest, PAPER_MINCHO, size, width, d->metrics)) {
                int x = d->left + indent_of(b);

                r = desk_room(d, pitch);
                if (b->align == PAPER_RIGHT)
                        x = d->right - line.width;
                else if (b->align == PAPER_CENTER)
                        x += (width - line.width) / 2;
                if (r == ERR_OK)
                        r = desk_say(d, PAPER_MINCHO, size, x, d->y + (pitch + size * 3 / 4) / 2, line.text);
                d->y += pitch;
        }
        d->y += b->kind == PAPER_NOTE ? GAP / 3 : GAP / 2;
        return r;
}

static int lay_heading(struct desk *d, const struct paper_block *b)
{
        static const int sizes[] = { 0, 1200, 1100, 1000 };
        int size = sizes[b->level], pitch = size * 3 / 2;
        struct str rest = b->text;
        struct paper_line line;
        int r;

        if (d->y > d->top)
                d->y += b->level == 1 ? GAP : GAP / 2;
        r = desk_room(d, pitch + KEEP_WITH_HEADING);
        while (r == ERR_OK && paper_line_next(&line, &rest, PAPER_GOTHIC, size, d->right - d->left, d->metrics)) {
                int x = line.text.n <= 4 ? (d->left + d->right - line.width) / 2 : d->left;      /* 記 stands in the middle */

                r = desk_room(d, pitch);
                if (r == ERR_OK)
                        r = desk_say(d, PAPER_GOTHIC, size, x, d->y + (pitch + size * 3 / 4) / 2, line.text);
                d->y += pitch;
        }
        d->y += GAP / 4;
        return r;
}

/* ---- rows ---- */

/* A row's cells as lines, and how they stand. */
struct cell { struct paper_line *lines; size_t n; int x, width; enum paper_align align; enum paper_font font; bool shaded; };
struct grid_row { struct cell cells[PAPER_COLUMNS_MAX]; size_t n, most; int size, pitch; };

static int cell_lines(struct desk *d, struct cell *c, struct str text, int size, enum paper_font font)
{
        struct str rest = text;
        struct paper_line line;
        size_t room = 0;

        c->n = 0;
        c->font = font;
        while (paper_line_next(&line, &rest, font, size, c->width - 2 * PAD_X, d->metrics)) {
                if (c->n == room) {
                        struct paper_line *more = arena_array(&d->scratch, room ? 2 * room : 4, sizeof(*more));

                        if (!more)
                                return err_set(d->e, ERR_NOMEM, "no memory for a page");
                        if (room)
                                memcpy(more, c->lines, room * sizeof(*more));
                        c->lines = more;
                        room = room ? 2 * room : 4;
                }
                c->lines[c->n++] = line;
        }
        return ERR_OK;
}

static int row_height(const struct grid_row *g, size_t lines)
{
        return (int)(lines ? lines : 1) * g->pitch + 2 * PAD_Y;
}

/* Lines [from, from + n) of each cell, in a frame. */
static int row_draw(struct desk *d, const struct grid_row *g, size_t from, size_t n)
{
        int height = row_height(g, n), r = ERR_OK;

        for (size_t c = 0; r == ERR_OK && c < g->n; c++) {
                const struct cell *k = &g->cells[c];

                if (k->shaded)
                        r = desk_fill(d, k->x, d->y, k->x + k->width, d->y + height, 93);
        }
        for (size_t c = 0; r == ERR_OK && c < g->n; c++) {
                const struct cell *k = &g->cells[c];
                size_t last = from + n < k->n ? from + n : k->n;
                /* One line in a tall row stands in the middle, as in a form; a label too. */
                int lift = from == 0 && k->n < g->most && (k->shaded || k->n == 1) ? (int)(g->most < n ? g->most : n) - (int)k->n : 0;
                int y = d->y + PAD_Y + (lift > 0 ? lift * g->pitch / 2 : 0);

                r = desk_box(d, k->x, d->y, k->x + k->width, d->y + height);
                for (size_t i = from; r == ERR_OK && i < last; i++, y += g->pitch) {
                        int x = k->x + PAD_X;

                        if (k->align == PAPER_CENTER)
                                x = k->x + (k->width - k->lines[i].width) / 2;
                        else if (k->align == PAPER_RIGHT)
                                x = k->x + k->width - PAD_X - k->lines[i].width;
                        r = desk_say(d, k->font, g->size, x, y + (g->pitch + g->size * 3 / 4) / 2, k->lines[i].text);
                }
        }
        d->y += height;
        return r;
}

/* A row that fits on a page is put on one; a longer one goes on over as many as it needs. */
static int row_place(struct desk *d, const struct grid_row *g, const struct grid_row *header)
{
        size_t from = 0, lines = g->most ? g->most : 1;
        int r = ERR_OK, top = d->top + (header ? row_height(header, header->most) : 0);
        bool longer = row_height(g, lines) > d->bottom - top;

        while (r == ERR_OK && from < lines) {
                int left = d->bottom - d->y - 2 * PAD_Y;
                size_t fit = left > 0 ? (size_t)(left / g->pitch) : 0, n = lines - from;
                bool fresh = d->y <= top;

                if (!fresh && fit < n && (!longer || fit < 3)) {
                        r = desk_page(d);
                        if (r == ERR_OK && header)
                                r = row_draw(d, header, 0, header->most);
                        continue;
                }
                if (fit == 0)
                        return err_key(d->e, ERR_INPUT, "paper.narrow", "", (char *)NULL);
                n = n < fit ? n : fit;
                r = row_draw(d, g, from, n);
                from += n;
        }
        return r;
}

/* Shares of the line in hundredths of a point; the last takes what is left over. */
static void spread(struct grid_row *g, const struct desk *d, const int *shares, size_t n)
{
        int total = 0, x = d->left;

        for (size_t c = 0; c < n; c++)
                total += shares[c];
        for (size_t c = 0; c < n; c++) {
                int width = c + 1 < n ? (int)((int64_t)(d->right - d->left) * shares[c] / total) : d->right - x;

                g->cells[c] = (struct cell){ .x = x, .width = width };
                x += width;
        }
        g->n = n;
}

static void count_lines(struct grid_row *g)
{
        g->most = 1;
        for (size_t c = 0; c < g->n; c++)
                g->most = g->cells[c].n > g->most ? g->cells[c].n : g->most;
}

static int lay_pairs(struct desk *d, const struct paper_block *b)
{
        int shares[] = { b->columns_count ? b->columns[0].width : 30, b->columns_count ? b->columns[1].width : 70 }, r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < b->rows_count; i++) {
                struct grid_row g = { .size = SIZE_CELL, .pitch = PITCH_CELL };

                arena_done(&d->scratch);
                spread(&g, d, shares, 2);
                g.cells[0].shaded = true;
                r = cell_lines(d, &g.cells[0], b->cells[2 * i], g.size, PAPER_GOTHIC);
                if (r == ERR_OK)
                        r = cell_lines(d, &g.cells[1], b->cells[2 * i + 1], g.size, PAPER_MINCHO);
                count_lines(&g);
                if (r == ERR_OK)
                        r = row_place(d, &g, NULL);
        }
        d->y += GAP;
        return r;
}

/* Lines of the header live as long as the table: they are broken before the rows use the scratch, which `keep` spares. */
static int table_header(struct desk *d, struct grid_row *g, const struct paper_block *b)
{
        int shares[PAPER_COLUMNS_MAX], r = ERR_OK;

        for (size_t c = 0; c < b->columns_count; c++)
                shares[c] = b->columns[c].width;
        *g = (struct grid_row){ .size = SIZE_CELL - 50, .pitch = PITCH_CELL };
        spread(g, d, shares, b->columns_count);
        for (size_t c = 0; r == ERR_OK && c < b->columns_count; c++) {
                g->cells[c].align = PAPER_CENTER;
                g->cells[c].shaded = true;
                r = cell_lines(d, &g->cells[c], b->columns[c].title, g->size, PAPER_GOTHIC);
        }
        count_lines(g);
        return r;
}

static int lay_table(struct desk *d, const struct paper_block *b)
{
        struct arena keep = ARENA_INIT;
        struct grid_row header;
        int r;

        arena_done(&d->scratch);
        r = table_header(d, &header, b);
        keep = d->scratch;
        d->scratch = ARENA_INIT;
        if (r == ERR_OK)
                r = desk_room(d, row_height(&header, header.most) + PITCH_CELL * 2 + 2 * PAD_Y);
        if (r == ERR_OK)
                r = row_draw(d, &header, 0, header.most);
        for (size_t i = 0; r == ERR_OK && i < b->rows_count; i++) {
                struct grid_row g = header;

                arena_done(&d->scratch);
                g.size = SIZE_CELL - 50;
                for (size_t c = 0; r == ERR_OK && c < b->columns_count; c++) {
                        g.cells[c].shaded = false;
                        g.cells[c].align = b->columns[c].align;
                        r = cell_lines(d, &g.cells[c], b->cells[i * b->columns_count + c], g.size, PAPER_MINCHO);
                }
                count_lines(&g);
                if (r == ERR_OK)
                        r = row_place(d, &g, &header);
        }
        arena_done(&keep);
        d->y += GAP;
        return r;
}

/* ---- the rest ---- */

static int lay_checks(struct desk *d, const struct paper_block *b)
{
        struct paper_line line;
        int r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < b->rows_count; i++) {
                struct str rest = b->cells[2 * i + 1];
                bool first = true, yes = str_is(b->cells[2 * i], "yes");

                while (r == ERR_OK && paper_line_next(&line, &rest, PAPER_MINCHO, SIZE_CELL, d->right - d->left - 2 * SIZE_BODY, d->metrics)) {
                        r = desk_room(d, PITCH_CELL + 200);
                        if (r == ERR_OK && first) {
                                int y = d->y + (PITCH_CELL + 200 - CHECK_BOX) / 2, x = d->left + 200;

                                r = desk_box(d, x, y, x + CHECK_BOX, y + CHECK_BOX);
                                if (r == ERR_OK && yes)
                                        r = desk_line(d, x + 150, y + 450, x + 370, y + 700, 110);
                                if (r == ERR_OK && yes)
                                        r = desk_line(d, x + 370, y + 700, x + 850, y - 50, 110);
                        }
                        if (r == ERR_OK)
                                r = desk_say(d, PAPER_MINCHO, SIZE_CELL, d->left + SIZE_BODY * 3 / 2, d->y + (PITCH_CELL + 200 + SIZE_CELL * 3 / 4) / 2, line.text);
                        d->y += PITCH_CELL + 200;
                        first = false;
                }
        }
        d->y += GAP / 2;
        return r;
}

static int lay_centred(struct desk *d, struct str text, enum paper_font font, int size, int x, int x2, int y)
{
        return desk_say(d, font, size, x + (x2 - x - paper_width(text, font, size, d->metrics)) / 2, y, text);
}

/* The word in front of the boxes, one character under the other. */
static int lay_seal_label(struct desk *d, struct str text, int x, int height)
{
        int n = 0, y, r = ERR_OK;

        for (struct str rest = text; rest.n; n++)
                (void)paper_char_next(&rest);
        y = d->y + (height - n * 1300) / 2;
        for (struct str rest = text; r == ERR_OK && rest.n; y += 1300) {
                const char *from = rest.p;

                (void)paper_char_next(&rest);
                r = lay_centred(d, (struct str){ from, (size_t)(rest.p - from) }, PAPER_GOTHIC, SIZE_CELL, x, x + SEAL_LABEL, y + 1000);
        }
        return r;
}

/* The name of a post over its box, over two lines when it is long. */
static int lay_seal_title(struct desk *d, struct str text, int x, int x2, int height)
{
        int size = paper_width(text, PAPER_GOTHIC, SIZE_NOTE, d->metrics) > x2 - x - 200 ? SEAL_SMALL : SIZE_NOTE, n = 0, r = ERR_OK, y;
        struct paper_line line;

        for (struct str rest = text; paper_line_next(&line, &rest, PAPER_GOTHIC, size, x2 - x - 200, d->metrics);)
                n++;
        y = d->y + (height - n * size * 5 / 4) / 2 + size;
        for (struct str rest = text; r == ERR_OK && paper_line_next(&line, &rest, PAPER_GOTHIC, size, x2 - x - 200, d->metrics); y += size * 5 / 4)
                r = lay_centred(d, line.text, PAPER_GOTHIC, size, x, x2, y);
        return r;
}

static int lay_seals(struct desk *d, const struct paper_block *b)
{
        int title = SEAL_TITLE, label = b->text.n ? SEAL_LABEL : 0, box = SEAL_BOX, height, x, r;

        if (label + box * (int)b->titles_count > d->right - d->left)
                box = (d->right - d->left - label) / (int)b->titles_count;
        for (size_t i = 0; i < b->titles_count; i++)
                if (paper_width(b->titles[i], PAPER_GOTHIC, SIZE_NOTE, d->metrics) > box - 200)
                        title = SEAL_TITLE_LONG;
        height = title + SEAL_BOX;
        r = desk_room(d, height + GAP);
        x = d->right - label - box * (int)b->titles_count;
        if (r == ERR_OK && label)
                r = desk_box(d, x, d->y, x + label, d->y + height);
        if (r == ERR_OK && label)
                r = lay_seal_label(d, b->text, x, height);
        x += label;
        for (size_t i = 0; r == ERR_OK && i < b->titles_count; i++, x += box) {
                r = desk_box(d, x, d->y, x + box, d->y + title);
                if (r == ERR_OK)
                        r = desk_box(d, x, d->y + title, x + box, d->y + height);
                if (r == ERR_OK)
                        r = lay_seal_title(d, b->titles[i], x, x + box, title);
        }
        d->y += height + GAP;
        return r;
}

static int lay_signature(struct desk *d, const struct paper_block *b)
{
        int x = d->left + (d->right - d->left) / 2, pitch = PITCH_BODY + 900, r = ERR_OK;

        for (size_t i = 0; r == ERR_OK && i < b->rows_count; i++) {
                int base, from;

                r = desk_room(d, pitch);
                base = d->y + pitch - 500;
                from = x + paper_width(b->cells[2 * i], PAPER_MINCHO, SIZE_BODY, d->metrics) + SIZE_BODY;
                if (r == ERR_OK)
                        r = desk_say(d, PAPER_MINCHO, SIZE_BODY, x, base, b->cells[2 * i]);
                if (r == ERR_OK && b->cells[2 * i + 1].n)
                        r = desk_say(d, PAPER_MINCHO, SIZE_BODY, from, base, b->cells[2 * i + 1]);
                if (r == ERR_OK)
                        r = desk_line(d, x, base + 350, d->right, base + 350, 50);
                d->y += pitch;
        }
        d->y += GAP / 2;
        return r;
}

/* Small, in one frame, never apart. */
static int lay_receipt(struct desk *d, const struct paper_block *b)
{
        int wide = 0, height = PAD_Y * 2 + 1100 * (int)(b->rows_count + (b->text.n ? 1 : 0)), r = desk_room(d, height + GAP), y;

        for (size_t i = 0; i < b->rows_count; i++) {
                int w = paper_width(b->cells[2 * i], PAPER_GOTHIC, SIZE_SMALL, d->metrics);

                wide = w > wide ? w : wide;
        }
        y = d->y + PAD_Y + 800;
        if (r == ERR_OK)
                r = desk_box(d, d->left, d->y, d->right, d->y + height);
        if (r == ERR_OK && b->text.n) {
                r = desk_say(d, PAPER_GOTHIC, SIZE_SMALL, d->left + PAD_X, y, b->text);
                y += 1100;
        }
        for (size_t i = 0; r == ERR_OK && i < b->rows_count; i++, y += 1100) {
                r = desk_say(d, PAPER_GOTHIC, SIZE_SMALL, d->left + PAD_X, y, b->cells[2 * i]);
                if (r == ERR_OK)
                        r = desk_say(d, PAPER_GOTHIC, SIZE_SMALL, d->left + PAD_X + wide + SIZE_SMALL, y, b->cells[2 * i + 1]);
        }
        d->y += height + GAP;
        return r;
}

static int lay_break(struct desk *d, const struct paper_block *b)
{
        return d->y > d->top ? desk_page(d) : ERR_OK;
}

static int lay_block(struct desk *d, const struct paper_block *b)
{
        static int (*const lays[PAPER_KINDS_COUNT])(struct desk *, const struct paper_block *) = {
                [PAPER_HEADING] = lay_heading, [PAPER_TEXT] = lay_text,   [PAPER_NOTE] = lay_text,           [PAPER_PAIRS] = lay_pairs,     [PAPER_TABLE] = lay_table,
                [PAPER_CHECKS] = lay_checks,   [PAPER_SEALS] = lay_seals, [PAPER_SIGNATURE] = lay_signature, [PAPER_RECEIPT] = lay_receipt, [PAPER_BREAK] = lay_break,
        };

        return lays[b->kind](d, b);
}

/* ---- the first page's top ---- */

static int lay_head(struct desk *d, const struct paper *p)
{
        int labels = 0, texts = 0, r = ERR_OK, y = d->y;

        if (p->form_number.n)
                r = desk_say(d, PAPER_MINCHO, SIZE_HEAD, d->left, y + PITCH_HEAD - 350, p->form_number);
        for (size_t i = 0; i < p->head_count; i++) {
                int a = paper_width(p->head[i].label, PAPER_GOTHIC, SIZE_NOTE, d->metrics), t = paper_width(p->head[i].text, PAPER_MINCHO, SIZE_HEAD, d->metrics);

                labels = a > labels ? a : labels;
                texts = t > texts ? t : texts;
        }
        texts = texts < 11000 ? 11000 : texts;
        for (size_t i = 0; r == ERR_OK && i < p->head_count; i++, y += PITCH_HEAD) {
                r = desk_say(d, PAPER_GOTHIC, SIZE_NOTE, d->right - texts - SIZE_HEAD - labels, y + PITCH_HEAD - 350, p->head[i].label);
                if (r == ERR_OK)
                        r = desk_say(d, PAPER_MINCHO, SIZE_HEAD, d->right - texts, y + PITCH_HEAD - 350, p->head[i].text);
        }
        if (r == ERR_OK && p->dated.n) {
                y += p->head_count ? PITCH_HEAD / 3 : 0;
                r = desk_say(d, PAPER_MINCHO, SIZE_BODY, d->right - paper_width(p->dated, PAPER_MINCHO, SIZE_BODY, d->metrics), y + PITCH_HEAD - 350, p->dated);
                y += PITCH_HEAD;
        }
        d->y = y == d->y && p->form_number.n ? y + PITCH_HEAD : y;
        return r;
}

/* As large as it fits on one line, down to the size of a heading; else over lines of like length, so that none holds two characters. */
static int lay_title(struct desk *d, const struct paper *p)
{
        int size = SIZE_TITLE, pitch, whole, lines, r = ERR_OK;
        struct str rest = p->title;
        struct paper_line line;

        while (size > SIZE_TITLE_LEAST && paper_width(p->title, PAPER_GOTHIC, size, d->metrics) > d->right - d->left)
                size -= 50;
        whole = paper_width(p->title, PAPER_GOTHIC, size, d->metrics);
        lines = whole / (d->right - d->left) + 1;
        whole = lines > 1 ? whole / lines + 2 * size : d->right - d->left;
        pitch = size * 3 / 2;
        d->y += GAP;
        while (r == ERR_OK && paper_line_next(&line, &rest, PAPER_GOTHIC, size, whole < d->right - d->left ? whole : d->right - d->left, d->metrics)) {
                r = desk_say(d, PAPER_GOTHIC, size, (d->left + d->right - line.width) / 2, d->y + (pitch + size * 3 / 4) / 2, line.text);
                d->y += pitch;
        }
        d->y += GAP;
        return r;
}

/* ---- page numbers, and what stands behind everything ---- */

static int lay_foot(struct desk *d, const struct paper *p)
{
        int y = d->out->height - 3900, r = ERR_OK;

        for (d->page = 0; r == ERR_OK && d->page < d->out->n; d->page++) {
                char *n = arena_printf(&d->out->arena, "%zu／%zu", d->page + 1, d->out->n);

                if (!n)
                        return err_set(d->e, ERR_NOMEM, "no memory for a page");
                r = lay_centred(d, str_of(n), PAPER_MINCHO, SIZE_FOOT, d->left, d->right, y);
                if (r == ERR_OK && p->footer.n)
                        r = desk_say(d, PAPER_MINCHO, SIZE_FOOT, d->left, y, p->footer);
                if (r == ERR_OK && d->page && p->title.n) {
                        int w = paper_width(p->title, PAPER_MINCHO, SIZE_FOOT, d->metrics);

                        r = w < d->right - d->left ? desk_say(d, PAPER_MINCHO, SIZE_FOOT, d->right - w, d->top - 900, p->title) : ERR_OK;
                }
        }
        return r;
}

int paper_lay(struct paper_pages *out, const struct paper *p, const struct paper_metrics *m, struct err *e)
{
        scoped(paper_pages_done) struct paper_pages pages = PAPER_PAGES_INIT;
        struct desk d = { .out = &pages, .metrics = m, .mark = p->mark, .scratch = ARENA_INIT, .e = e };
        int r;

        pages.width = p->landscape ? PAPER_A4_LONG : PAPER_A4_SHORT;
        pages.height = p->landscape ? PAPER_A4_SHORT : PAPER_A4_LONG;
        d.left = p->landscape ? 5669 : 7087;
        d.right = pages.width - 5669;
        d.top = p->landscape ? 6200 : 5669;       /* bound at the long side: the top of a landscape page */
        d.bottom = pages.height - 5400;
        r = desk_page(&d);
        if (r == ERR_OK)
                r = lay_head(&d, p);
        if (r == ERR_OK)
                r = lay_title(&d, p);
        for (size_t i = 0; r == ERR_OK && i < p->blocks_count; i++)
                r = lay_block(&d, &p->blocks[i]);
        if (r == ERR_OK)
                r = lay_foot(&d, p);
        arena_done(&d.scratch);
        if (r < 0)
                return r;
        *out = pages;
        pages = PAPER_PAGES_INIT;
        return ERR_OK;
}
