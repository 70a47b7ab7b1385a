/* desk.c - see desk.h. */
#include "core/paper/desk.h"

enum { HAIR = 50, ACROSS_GRAY = 88 };

static int no_memory(struct desk *d)
{
        return err_set(d->e, ERR_NOMEM, "no memory for a page");
}

static int put(struct desk *d, struct paper_mark mark)
{
        struct paper_page *p = &d->out->pages[d->page];

        if (p->n == p->room) {
                size_t room = p->room ? 2 * p->room : 128;
                struct paper_mark *more = arena_array(&d->out->arena, room, sizeof(*more));

                if (!more)
                        return no_memory(d);
                if (p->n)
                        memcpy(more, p->marks, p->n * sizeof(*more));
                p->marks = more;
                p->room = room;
        }
        p->marks[p->n++] = mark;
        return ERR_OK;
}

/* The word across stands first, so that everything else is written over it. */
static int across(struct desk *d)
{
        int w, size = 9000;

        if (!d->mark.n)
                return ERR_OK;
        w = paper_width(d->mark, PAPER_GOTHIC, size, d->metrics);
        if (w > d->out->width)
                size = (int)((int64_t)size * d->out->width / w);
        w = paper_width(d->mark, PAPER_GOTHIC, size, d->metrics);
        return put(d, (struct paper_mark){ .kind = PAPER_ACROSS, .font = PAPER_GOTHIC, .size = size, .gray = ACROSS_GRAY, .x = d->out->width / 2, .y = d->out->height / 2,
                                           .x2 = w, .text = d->mark });
}

int desk_page(struct desk *d)
{
        struct paper_pages *o = d->out;

        if (o->n == PAPER_PAGES_MAX)
                return err_key(d->e, ERR_TOO_BIG, "paper.pages", "", "3000", (char *)NULL);
        if (o->n == o->room) {
                size_t room = o->room ? 2 * o->room : 16;
                struct paper_page *more = arena_array(&o->arena, room, sizeof(*more));

                if (!more)
                        return no_memory(d);
                if (o->n)
                        memcpy(more, o->pages, o->n * sizeof(*more));
                o->pages = more;
                o->room = room;
        }
        d->page = o->n++;
        d->y = d->top;
        return across(d);
}

int desk_room(struct desk *d, int height)
{
        return d->y + height > d->bottom && d->y > d->top ? desk_page(d) : ERR_OK;
}

int desk_say(struct desk *d, enum paper_font font, int size, int x, int y, struct str text)
{
        return text.n ? put(d, (struct paper_mark){ .kind = PAPER_SAYS, .font = font, .size = size, .x = x, .y = y, .text = text }) : ERR_OK;
}

int desk_line(struct desk *d, int x, int y, int x2, int y2, int width)
{
        return put(d, (struct paper_mark){ .kind = PAPER_LINE, .size = width, .x = x, .y = y, .x2 = x2, .y2 = y2 });
}

int desk_box(struct desk *d, int x, int y, int x2, int y2)
{
        int r = desk_line(d, x, y, x2, y, HAIR);

        if (r == ERR_OK)
                r = desk_line(d, x, y2, x2, y2, HAIR);
        if (r == ERR_OK)
                r = desk_line(d, x, y, x, y2, HAIR);
        return r == ERR_OK ? desk_line(d, x2, y, x2, y2, HAIR) : r;
}

int desk_fill(struct desk *d, int x, int y, int x2, int y2, int gray)
{
        return put(d, (struct paper_mark){ .kind = PAPER_FILL, .gray = gray, .x = x, .y = y, .x2 = x2, .y2 = y2 });
}
