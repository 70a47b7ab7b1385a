/* lines.h - a file of a pack as its lines, so that what is not changed is written back as it stands.
 *
 * Does      tell what each line is; give the lines of a node (with the comments above it); write new ones canonically; remember which
 *           cell of a sheet each written line came from.
 * Layer     core; inside pack/.
 * Owns      lines: arena. A written file's bytes and origins are its own: written_done().
 * Trusts    the file has passed scan_file().
 *
 * A comment or blank line belongs to the line of content that follows it, and goes and stays with that; behind the last one it belongs to
 * the file.
 */
#ifndef CORE_PACK_LINES_H
#define CORE_PACK_LINES_H

#include "core/pack/tree.h"

enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_BLOCK, LINE_CONTENT };      /* BLOCK: of the text behind `key: |` */

struct lines {
        struct str     *line;      /* without LF */
        enum line_kind *kind;
        size_t          n;
};

int lines_read(struct lines *out, struct str bytes, struct arena *a);

/* Lines [first, until) from 0: above the content at `line` (a node's, from 1), or the content itself with its block. */
struct span { size_t first, until; };

struct span lines_above(const struct lines *l, uint32_t line);
struct span lines_own(const struct lines *l, uint32_t line);
struct span lines_tail(const struct lines *l);                     /* behind the last content */
bool        lines_comment(const struct lines *l, struct span s);   /* does one of them hold a comment? */

/* Which cell a written line came from: row from 0, column; row NO_ROW: from none. */
enum { NO_ROW = UINT32_MAX };
struct origin { uint32_t row, column; };

struct written { const char *name; struct buf bytes; struct origin *origins; size_t lines, room; bool bad; };

void write_span(struct written *w, const struct lines *l, struct span s, struct origin from);
void write_line(struct written *w, struct origin from, const char *fmt, ...) PRINTF(3, 4);

/* `key: "text"` or `key: |` with its lines; `head` stands in front of the key ("  - "), the text's lines two further in than the key. */
void write_text(struct written *w, struct origin from, const char *head, const char *key, const char *text);
void written_end(struct written *w, struct str old);      /* the last line ends as the old file's did */
void written_done(struct written *w);

#endif
