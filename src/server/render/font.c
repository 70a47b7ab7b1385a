/* font.c - see font.h. */
#include "server/render/font.h"

#include <cairo-ft.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include FT_ADVANCES_H

#include "sys/files.h"

enum { FONT_MAX = 64 * 1024 * 1024 };

static int map_file(struct str *out, const char *path, struct err *e)
{
        scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct stat st;
        void *p;

        if (fd < 0 || fstat(fd, &st) < 0)
                return err_set(e, ERR_ABSENT, "font '%s'", path);
        if (st.st_size <= 0 || st.st_size > FONT_MAX)
                return err_set(e, ERR_INPUT, "font '%s'", path);
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p == MAP_FAILED)
                return err_errno(e, "map '%s'", path);
        *out = (struct str){ p, (size_t)st.st_size };
        return ERR_OK;
}

int font_open(struct font *out, const char *path, struct err *e)
{
        struct font f = { 0 };
        FT_Library library;
        struct str bytes = STR("");
        int r = map_file(&bytes, path, e);

        if (r < 0)
                return r;
        if (FT_Init_FreeType(&library) != 0)
                return err_set(e, ERR_NOMEM, "FreeType");
        if (FT_New_Memory_Face(library, (const FT_Byte *)bytes.p, (FT_Long)bytes.n, 0, &f.face) != 0)
                return err_set(e, ERR_INPUT, "font '%s'", path);
        f.cairo = cairo_ft_font_face_create_for_ft_face(f.face, FT_LOAD_NO_HINTING);
        if (cairo_font_face_status(f.cairo) != CAIRO_STATUS_SUCCESS)
                return err_set(e, ERR_NOMEM, "font '%s'", path);
        *out = f;
        return ERR_OK;
}

unsigned font_glyph(const struct font *f, uint32_t base, uint32_t variant)
{
        unsigned g = variant ? FT_Face_GetCharVariantIndex(f->face, base, variant) : 0;

        return g ? g : FT_Get_Char_Index(f->face, base);
}

int font_advance(const struct font *f, unsigned glyph)
{
        FT_Fixed advance;

        if (FT_Get_Advance(f->face, glyph, FT_LOAD_NO_SCALE, &advance) != 0)
                return 1000;
        return (int)(advance * 1000 / f->face->units_per_EM);
}
