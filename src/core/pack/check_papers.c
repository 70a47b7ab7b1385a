/* check_papers.c - see check.h. Papers that could not be printed as they are written. */
#include "core/pack/check.h"
#include "core/register/registers.h"

#define X(id, name, about) about,
static const unsigned abouts[PAPER_PARTS_COUNT] = { PAPER_PARTS(X) };
#undef X

/* What may stand in { } in the text of a paper. Which of them say something depends on what it is about; the others are blank. */
static const char *const words[] = {
        "municipality", "today", "year", "me", "my_section",                                     /* any */
        "number", "form", "applicant", "section", "drafter", "state", "submitted", "ended", "reason",     /* an application */
        "service", "provider", "manager", "until", "review",                                     /* a service, or an application about one */
        "register",                                                                              /* a list */
        "title", "found",                                                                        /* an incident */
};

bool paper_word_known(struct str word)
{
        for (size_t i = 0; i < countof(words); i++)
                if (str_is(word, words[i]))
                        return true;
        return false;
}

static void check_words(struct filler *f, const void *record, const char *id, const struct pack_text *text)
{
        for (int lang = 0; text->key && lang < LANG_COUNT; lang++) {
                struct str rest = str_of(text->in[lang]), left, word;

                while (str_cut(rest, '{', &left, &rest))
                        if (!str_cut(rest, '}', &word, &left) || !paper_word_known(word)) {
                                char said[64];

                                word = left.p == rest.p + word.n + 1 ? word : rest;      /* never closed: what follows */
                                (void)snprintf(said, sizeof(said), "{%.*s", (int)(word.n < 40 ? word.n : 40), word.p);
                                mistake(f->mistakes, "pack.paper.word", fill_place(f, record, "id"), id, said);
                        }
        }
}

static const struct pack_field *field_of(const struct pack *p, const struct pack_paper *paper, const struct pack_part *part, const char *id)
{
        for (size_t i = 0; i < p->forms_count; i++) {
                const struct pack_form *form = &p->forms[i];
                bool meant = part->form ? strcmp(form->id, part->form) == 0 : !paper->forms_count;

                for (size_t k = 0; !meant && !part->form && k < paper->forms_count; k++)
                        meant = strcmp(paper->forms[k].id, form->id) == 0;
                for (size_t k = 0; meant && k < form->fields_count; k++)
                        if (strcmp(form->fields[k].id, id) == 0)
                                return &form->fields[k];
        }
        return NULL;
}

static void check_part(struct filler *f, const struct pack *p, const struct pack_paper *paper, const struct pack_part *part)
{
        if (!(abouts[part->kind] & 1u << paper->about))
                mistake(f->mistakes, "pack.paper.part", fill_place(f, part, "kind"), part->id, "");
        if (part->kind == PART_SEALS && !paper->seals_count)
                mistake(f->mistakes, "pack.paper.seals", fill_place(f, part, "kind"), part->id, "");
        if (part->of && !register_find(str_of(part->of)))
                mistake(f->mistakes, "pack.paper.register", fill_place(f, part, "register"), part->of, "");
        for (size_t i = 0; i < part->fields_count; i++)
                if (!field_of(p, paper, part, part->fields[i].id))
                        mistake(f->mistakes, "pack.paper.field", fill_place(f, &part->fields[i], "id"), part->fields[i].id, "");
        check_words(f, part, part->id, &part->text);
}

void check_papers(struct filler *f, const struct pack *p)
{
        for (size_t i = 0; i < p->papers_count; i++) {
                check_words(f, &p->papers[i], p->papers[i].id, &p->papers[i].title);
                for (size_t k = 0; k < p->papers[i].parts_count; k++)
                        check_part(f, p, &p->papers[i], &p->papers[i].parts[k]);
        }
}
