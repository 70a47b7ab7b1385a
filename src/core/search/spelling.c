/* spelling.c - see spelling.h. */
#include "core/search/spelling.h"

#include "core/pack/chars.h"

enum { BLANK = ' ', LONG_VOWEL = 0x30fc, VOICED = 0x3099, HALF_VOICED = 0x309a, ITERATION = 0x309d, UTF8_MAX = 4 };

/* Letters from `first` to `last` move by `by`. */
static const struct shift { uint32_t first, last; int32_t by; } shifts[] = {
        { 'A',    'Z',    'a' - 'A' },
        { 0xc0,   0xd6,   0x20 }, { 0xd8, 0xde, 0x20 },                 /* À-Þ */
        { 0x391,  0x3a9,  0x20 }, { 0x410, 0x42f, 0x20 },               /* Α-Ω, А-Я */
        { 0x30a1, 0x30f6, 0x3041 - 0x30a1 },                            /* katakana */
        { 0x30fd, 0x30fe, ITERATION - 0x30fd },
        { 0xff21, 0xff3a, 'a' - 0xff21 }, { 0xff01, 0xff20, '!' - 0xff01 }, { 0xff3b, 0xff5e, '[' - 0xff3b },
};

/* U+FF61-FF9F, half-width kana. */
static const uint16_t half_kana[] = {
        0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x3092, 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3083, 0x3085, 0x3087, 0x3063, LONG_VOWEL,
        0x3042, 0x3044, 0x3046, 0x3048, 0x304a, 0x304b, 0x304d, 0x304f, 0x3051, 0x3053, 0x3055, 0x3057, 0x3059, 0x305b, 0x305d, 0x305f,
        0x3061, 0x3064, 0x3066, 0x3068, 0x306a, 0x306b, 0x306c, 0x306d, 0x306e, 0x306f, 0x3072, 0x3075, 0x3078, 0x307b, 0x307e, 0x307f,
        0x3080, 0x3081, 0x3082, 0x3084, 0x3086, 0x3088, 0x3089, 0x308a, 0x308b, 0x308c, 0x308d, 0x308f, 0x3093, VOICED, HALF_VOICED,
};

/* Signs that stand for several letters, variants that staff lists and keyboards mix, and quotation marks, which are no part of what
 * people look for. */
static const struct sign { uint32_t from; const char *to; } signs[] = {
        { 0x9ad9, "高" }, { 0xfa11, "崎" }, { 0x5fb7, "徳" }, { 0x6ff5, "浜" }, { 0x6ff1, "浜" }, { 0x6801, "柳" }, { 0x20bb7, "吉" },
        { 0x589e, "増" }, { 0x9ed1, "黒" }, { 0x6df8, "清" }, { 0x908a, "辺" }, { 0x9089, "辺" }, { 0x9f4b, "斎" }, { 0x9f4a, "斉" },
        { 0xfa10, "塚" }, { 0xfa19, "神" }, { 0xfa1b, "福" }, { 0xfa1a, "祥" },
        { 0x3231, "(株)" }, { 0x3232, "(有)" }, { 0x3239, "(代)" }, { 0x337f, "株式会社" }, { 0x2116, "no." }, { 0x2121, "tel" },
        { 0x2160, "i" }, { 0x2161, "ii" }, { 0x2162, "iii" }, { 0x2163, "iv" }, { 0x2164, "v" }, { 0x2165, "vi" }, { 0x2166, "vii" },
        { 0x2167, "viii" }, { 0x2168, "ix" }, { 0x2169, "x" },
        { '"', "′" }, { '\'', "′" }, { '`', "′" }, { 0x2018, "′" }, { 0x2019, "′" }, { 0x201c, "′" }, { 0x201d, "′" }, { 0xff02, "′" },
        { 0xff07, "′" }, { 0xff40, "′" }, { 0x301c, "~" }, { 0x309b, "\u3099" }, { 0x309c, "\u309a" },
};

/* What has been written so far: the last letter may still be joined by a voiced mark or seen by a dash. */
struct folder { struct buf *out, *from; uint32_t last; size_t last_at; size_t at; };

static bool is_kana(uint32_t c)
{
        return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) || (c >= 0xff66 && c <= 0xff9d) || c == LONG_VOWEL || c == ITERATION;
}

/* A kana with its mark as one letter: か-ち by turns, つ て と, は-ほ by threes, う and ゝ. 0: they do not join. */
static uint32_t voiced(uint32_t kana, uint32_t mark)
{
        if (kana >= 0x306f && kana <= 0x307b && (kana - 0x306f) % 3 == 0)
                return kana + (mark == VOICED ? 1 : 2);
        if (mark != VOICED)
                return 0;
        if (kana >= 0x304b && kana <= 0x3061 && (kana - 0x304b) % 2 == 0)
                return kana + 1;
        if (kana == 0x3064 || kana == 0x3066 || kana == 0x3068 || kana == ITERATION)
                return kana + 1;
        return kana == 0x3046 ? 0x3094 : 0;
}

static void put_bytes(struct folder *f, const char *p, size_t n)
{
        uint32_t at = (uint32_t)f->at;

        buf_add(f->out, p, n);
        for (size_t i = 0; f->from && i < n; i++)
                buf_add(f->from, &at, sizeof(at));
}

static void put_letter(struct folder *f, uint32_t c)
{
        char b[UTF8_MAX];
        size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

        for (size_t i = n - 1; i > 0; i--)
                b[i] = (char)(0x80 | ((c >> (6 * (n - 1 - i))) & 0x3f));
        b[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xf0) | c >> (6 * (n - 1)));
        f->last = c;
        f->last_at = f->out->n;
        put_bytes(f, b, n);
}

static void put_blank(struct folder *f)
{
        if (f->last != BLANK)
                put_letter(f, BLANK);
}

/* Takes the last letter back and writes both as one. */
static bool join(struct folder *f, uint32_t mark)
{
        uint32_t one = voiced(f->last, mark);

        if (!one || f->out->bad)
                return false;
        if (f->from && !f->from->bad)
                f->from->n -= (f->out->n - f->last_at) * sizeof(uint32_t);
        f->out->n = f->last_at;
        put_letter(f, one);
        return true;
}

static void put_sign(struct folder *f, const char *to)
{
        struct str rest = str_of(to);

        while (rest.n)
                put_letter(f, char_next(&rest));
}

static const char *sign_of(uint32_t c)
{
        for (size_t i = 0; i < countof(signs); i++)
                if (signs[i].from == c)
                        return signs[i].to;
        return NULL;
}

static uint32_t shifted(uint32_t c)
{
        for (size_t i = 0; i < countof(shifts); i++)
                if (c >= shifts[i].first && c <= shifts[i].last)
                        return (uint32_t)((int32_t)c + shifts[i].by);
        return c;
}

/* ①-⑳ */
static bool put_circled(struct folder *f, uint32_t c)
{
        uint32_t n = c - 0x245f;

        if (c < 0x2460 || c > 0x2473)
                return false;
        if (n >= 10)
                put_letter(f, '0' + n / 10);
        put_letter(f, '0' + n % 10);
        return true;
}

static bool is_dash(uint32_t c)
{
        return c != LONG_VOWEL && c != 0xff70 && char_is_wide_hyphen(c);
}

static void fold_letter(struct folder *f, uint32_t c, struct str behind)
{
        const char *sign;

        if (c < 0x80 && c > BLANK && c != '"' && c != '\'' && c != '`') {
                put_letter(f, shifted(c));
                return;
        }
        if (c == '\n' || c == '\t' || c == '\r' || c == BLANK || c == CHAR_BROKEN || char_is_wide_space(c)) {
                put_blank(f);
                return;
        }
        if (char_is_hidden(c) || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef))
                return;                                         /* variation selectors: the letter itself is looked for */
        if (c >= 0xff61 && c <= 0xff9f)
                c = half_kana[c - 0xff61];
        if (is_dash(c))                                         /* デ−タ: a dash between kana was meant to be ー */
                c = is_kana(f->last) && behind.n && is_kana(char_next(&behind)) ? LONG_VOWEL : '-';
        sign = sign_of(c);
        if (sign && str_is(str_of(sign), "\u3099"))
                c = VOICED;
        else if (sign && str_is(str_of(sign), "\u309a"))
                c = HALF_VOICED;
        else if (sign) {
                put_sign(f, sign);
                return;
        }
        if ((c == VOICED || c == HALF_VOICED) && join(f, c))
                return;
        if (!put_circled(f, c))
                put_letter(f, shifted(c));
}

void spelling_fold(struct buf *out, struct buf *from, struct str in)
{
        struct folder f = { .out = out, .from = from, .last = BLANK };
        struct str rest = in;

        while (rest.n) {
                uint32_t c;

                f.at = (size_t)(rest.p - in.p);
                c = char_next(&rest);
                fold_letter(&f, c, rest);
        }
}
