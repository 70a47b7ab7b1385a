/* people.c - see demo.h. Twenty-four sections of three executive bodies; init has added those with a password already. */
#include "server/demo/demo.h"

#include "server/demo/words.h"
#include "server/office/store/journal.h"
#include "server/office/store/query.h"
#include "server/office/writer.h"
#include "sys/entropy.h"

enum { WANTED = 300 };

const struct demo_section demo_sections[] = {
        { "副市長室",       "SHI", "" },
        { "総務課",         "SHI", "総務部" },
        { "人事課",         "SHI", "総務部" },
        { "財政課",         "SHI", "総務部" },
        { "企画政策課",     "SHI", "企画部" },
        { "広報課",         "SHI", "企画部" },
        { "情報政策課",     "SHI", "デジタル推進部" },
        { "デジタル推進部", "SHI", "" },
        { "税務課",         "SHI", "市民部" },
        { "市民課",         "SHI", "市民部" },
        { "福祉課",         "SHI", "福祉部" },
        { "子育て支援課",   "SHI", "福祉部" },
        { "健康づくり課",   "SHI", "福祉部" },
        { "環境課",         "SHI", "市民部" },
        { "産業部",         "SHI", "" },
        { "産業振興課",     "SHI", "産業部" },
        { "観光課",         "SHI", "産業部" },
        { "建設課",         "SHI", "建設部" },
        { "監査委員事務局", "SHI", "" },
        { "教育総務課",     "KYO", "教育部" },
        { "学校教育課",     "KYO", "教育部" },
        { "生涯学習課",     "KYO", "教育部" },
        { "消防総務課",     "SHO", "消防本部" },
        { "警防課",         "SHO", "消防本部" },
};
const size_t demo_sections_count = countof(demo_sections);

/* What posts are called, by how many of a section's people come before; kind: as rows.h lists them. */
static const struct { const char *post, *kind; } posts[] = {
        { "課長", "regular" },   { "課長補佐", "regular" }, { "係長", "regular" }, { "係長", "regular" },        { "主査", "regular" },  { "主査", "regular" },
        { "主任", "regular" },   { "主任", "regular" },     { "主事", "regular" }, { "主事", "regular" },        { "主事", "regular" },
        { "事務補助員", "fiscal-year" }, { "派遣職員", "dispatched" }, { "常駐委託員", "contractor" },
};

const struct demo_person *demo_person(const struct demo *d, const char *login)
{
        for (size_t i = 0; i < d->people_count; i++)
                if (strcmp(d->people[i].login, login) == 0)
                        return &d->people[i];
        return NULL;
}

const struct demo_person *demo_of_id(const struct demo *d, const char *id)
{
        for (size_t i = 0; i < d->people_count; i++)
                if (strcmp(d->people[i].id, id) == 0)
                        return &d->people[i];
        return NULL;
}

const struct demo_person *demo_leader(const struct demo *d, const char *section)
{
        for (size_t i = 0; i < d->people_count; i++)
                if (d->people[i].leads && strcmp(d->people[i].section, section) == 0)
                        return &d->people[i];
        return NULL;
}

const struct demo_person *demo_staff(const struct demo *d, const char *section, size_t n)
{
        const struct demo_person *last = NULL;

        for (size_t i = 0; i < d->people_count; i++) {
                const struct demo_person *p = &d->people[i];

                if (p->leads || strcmp(p->section, section) != 0 || !strstr(p->roles, "staff"))
                        continue;
                last = p;
                if (!n--)
                        break;
        }
        return last;
}

/* ---- adding ---- */

static int append(struct demo *d, struct changes *c, struct err *e)
{
        struct receipt receipt;

        return journal_append(&receipt, d->db, c, d->now, NULL, e);
}

static int add_section(struct demo *d, size_t n, struct err *e)
{
        struct row row = row_new(TABLE_SECTION, entropy_uuid(d->now), NULL);
        const struct demo_section *s = &demo_sections[n];
        char text[16];
        struct changes c;
        int r;

        row_personal(&row, SECTION_name, str_of(s->name));
        (void)snprintf(text, sizeof(text), "%02zu%02zu00", n / 6 + 1, n % 6 + 1);
        row_text(&row, SECTION_code, str_of(arena_text(d->arena, text)));
        row_text(&row, SECTION_body, str_of(s->body));
        row_personal(&row, SECTION_parent, str_of(s->parent));
        (void)snprintf(text, sizeof(text), "内線 %zu", 2100 + 10 * n);
        row_personal(&row, SECTION_phone, str_of(arena_text(d->arena, text)));
        row_text(&row, SECTION_state, STR("active"));
        changes_init(&c, d->arena, "section.recorded", row.id);
        r = changes_add(&c, &row, e);
        return r < 0 ? r : append(d, &c, e);
}

static int add_role(struct demo *d, struct changes *c, struct uuid id, const char *role, struct err *e)
{
        struct row row = row_new(TABLE_HOLDER, id, role);

        row_int(&row, HOLDER_since_at, d->now);
        row_text(&row, HOLDER_state, STR("active"));
        return changes_add(c, &row, e);
}

static struct str joined(struct demo *d, const char *a, const char *between, const char *b)
{
        return str_of(arena_printf(d->arena, "%s%s%s", a, between, b));
}

static int add_person(struct demo *d, const char *section, size_t rank, struct err *e)
{
        const struct demo_name *family = &demo_surnames[demo_dice(d, demo_surnames_count)], *given = &demo_given[demo_dice(d, demo_given_count)];
        struct demo_person *p = &d->people[d->people_count];
        struct uuid id = entropy_uuid(d->now);
        struct row row = row_new(TABLE_PERSON, id, NULL);
        char login[16];
        struct changes c;
        int r;

        (void)snprintf(login, sizeof(login), "s%05zu", 10000 + 7 * d->people_count);
        *p = (struct demo_person){ .login = arena_text(d->arena, login), .section = section, .roles = rank ? "staff" : "section_manager,staff", .leads = !rank };
        memcpy(p->id, row.id, sizeof(p->id));
        row_personal(&row, PERSON_login, str_of(p->login));
        row_personal(&row, PERSON_name, joined(d, family->name, " ", given->name));
        row_personal(&row, PERSON_kana, joined(d, family->kana, " ", given->kana));
        row_personal(&row, PERSON_section, str_of(section));
        row_text(&row, PERSON_number, str_of(p->login + 1));
        row_personal(&row, PERSON_mail, joined(d, p->login, "@", "sekisho.example.jp"));
        row_personal(&row, PERSON_post, str_of(posts[rank % countof(posts)].post));
        row_text(&row, PERSON_kind, str_of(posts[rank % countof(posts)].kind));
        row_text(&row, PERSON_state, STR("active"));
        changes_init(&c, d->arena, "person.added", row.id);
        r = p->login ? changes_add(&c, &row, e) : err_set(e, ERR_NOMEM, "person");
        if (r == ERR_OK && !rank)
                r = add_role(d, &c, id, "section_manager", e);
        if (r == ERR_OK)
                r = add_role(d, &c, id, "staff", e);
        if (r == ERR_OK)
                r = append(d, &c, e);
        d->people_count += r == ERR_OK;
        return r;
}

/* Whom init added with a password: who they are in the register. */
static int find_those_of_init(struct demo *d, struct err *e)
{
        struct person_line *lines = NULL;
        struct row row;
        size_t n = 0;
        int r = query_people(&lines, &n, d->db, STR(""), d->arena, e);

        for (size_t i = 0; r == ERR_OK && i < n; i++) {
                r = store_row(&row, d->db, TABLE_PERSON, lines[i].id.p, NULL, d->arena, e);
                for (size_t k = 0; r == ERR_OK && k < d->people_count; k++)
                        if (row_is(&row, PERSON_login, d->people[k].login))
                                memcpy(d->people[k].id, row.id, sizeof(row.id));
        }
        return r;
}

int demo_people_add(struct demo *d, struct err *e)
{
        size_t of_init = d->people_count, rank = 0;
        int r = find_those_of_init(d, e);

        for (size_t i = 0; r == ERR_OK && i < demo_sections_count; i++)
                r = add_section(d, i, e);
        for (; r == ERR_OK && d->people_count < WANTED; rank++)
                for (size_t i = 0; r == ERR_OK && i < demo_sections_count && d->people_count < WANTED; i++) {
                        bool small = !*demo_sections[i].parent;   /* an office of one: those of init are all */

                        if (!small && (rank || !demo_leader(d, demo_sections[i].name)))
                                r = add_person(d, demo_sections[i].name, rank, e);
                }
        return r < 0 ? r : d->people_count > of_init ? ERR_OK : err_set(e, ERR_TOO_BIG, "people");
}
