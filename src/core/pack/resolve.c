/* resolve.c - see resolve.h. */
#include "core/pack/resolve.h"

#include "core/expr/hint.h"
#include "core/pack/carrier.h"
#include "core/pack/coverage.h"
#include "core/pack/names.h"

struct ids { const char *records; size_t n, size; const char *const *more; };

static const char *id_at(const struct ids *ids, size_t i)
{
        return *(const char *const *)(const void *)(ids->records + i * ids->size);
}

static bool is_among(const struct ids *ids, const char *id)
{
        for (size_t i = 0; i < ids->n; i++)
                if (id_at(ids, i) && strcmp(id_at(ids, i), id) == 0)
                        return true;
        for (const char *const *w = ids->more; w && *w; w++)
                if (strcmp(*w, id) == 0)
                        return true;
        return false;
}

/* Where the ids stand that `r` may name. */
static struct ids ids_of(const struct pack *p, const struct reference *r)
{
        const struct pack_procedure *procedure = r->root;
        const struct pack_form *form = r->root;
        const struct pack_derivation *derivation = r->record;
        const struct pack_axis *axis;
        const struct schema *s;
        const char *pack = (const char *)p;

        switch (r->key->type) {
        case SCHEMA_STEP:
                return (struct ids){ (const char *)procedure->steps, procedure->steps_count, sizeof(*procedure->steps), r->key->names };
        case SCHEMA_TOPIC:
                return (struct ids){ (const char *)form->topics, form->topics_count, sizeof(*form->topics), NULL };
        case SCHEMA_LEVEL:
                axis = pack_find_axis(p, derivation->axis);
                return axis ? (struct ids){ (const char *)axis->levels, axis->levels_count, sizeof(*axis->levels), NULL } : (struct ids){ NULL, 0, 0, NULL };
        default:
                s = schema_of(r->key->refers);
                return (struct ids){ *(const char *const *)(const void *)(pack + s->list), *(const size_t *)(const void *)(pack + s->count), s->size, NULL };
        }
}

static const char *word_of(const struct reference *r)
{
        static const char *const words[] = { [SCHEMA_STEP] = "step", [SCHEMA_TOPIC] = "topic", [SCHEMA_LEVEL] = "level" };
        enum schema_type type = r->key->type;

        return (size_t)type < countof(words) && words[type] ? words[type] : schema_of(r->key->refers)->word;
}

/* The nearest id, or as many as fit. */
static void near(char to[HINT_MAX], const struct ids *ids, const char *id)
{
        const char *words[64] = { 0 };
        size_t n = 0;

        for (size_t i = 0; i < ids->n && n + 1 < countof(words); i++)
                if (id_at(ids, i))
                        words[n++] = id_at(ids, i);
        for (const char *const *w = ids->more; w && *w && n + 1 < countof(words); w++)
                words[n++] = *w;
        hint_nearest(to, words, id);
}

void resolve_references(struct filler *f, const struct pack *p)
{
        for (const struct reference *r = f->references; r; r = r->next) {
                struct ids ids = r->key->type == SCHEMA_FIELD ? (struct ids){ NULL, 0, 0, NULL } : ids_of(p, r);
                char hint[HINT_MAX], what[ERR_ARG_MAX];

                if (r->key->type == SCHEMA_FIELD || is_among(&ids, r->id))
                        continue;
                near(hint, &ids, r->id);
                (void)snprintf(what, sizeof(what), "%s: %s", word_of(r), r->id);
                mistake(f->mistakes, "pack.reference.absent", r->at, what, hint);
        }
}

static const char *const type_names[] = {
#define X(id, name) name,
        FIELD_TYPES(X)
#undef X
};

static void types_list(char *to, size_t size, unsigned fields)
{
        size_t used = 0;

        to[0] = 0;
        for (unsigned i = 0; i < FIELD_TYPES_COUNT && used < size; i++)
                if (fields >> i & 1)
                        used += (size_t)snprintf(to + used, size - used, "%s%s", used ? ", " : "", type_names[i]);
}

/* In the form that is filed, or in a sheet of the procedure. */
static const struct pack_field *field_of(const struct pack *p, const struct pack_procedure *procedure, const char *id)
{
        const struct pack_form *form = names_form(p, procedure);
        const struct pack_field *field = form ? form_find_field(form, id) : NULL;

        for (size_t i = 0; !field && i < procedure->sheets_count; i++) {
                form = pack_find_form(p, procedure->sheets[i].id);
                field = form ? form_find_field(form, id) : NULL;
        }
        return field;
}

/* What an effect takes from the answers must be there whenever it is done; one with a condition of its own is done only then. */
void resolve_fields(struct filler *f, const struct pack *p)
{
        for (const struct reference *r = f->references; r; r = r->next) {
                const struct pack_effect *effect = r->record;
                const struct pack_field *field;
                char what[ERR_ARG_MAX], types[ERR_ARG_MAX];

                if (r->key->type != SCHEMA_FIELD || !r->row)
                        continue;
                field = field_of(p, r->root, r->id);
                types_list(types, sizeof(types), r->row->fields);
                (void)snprintf(what, sizeof(what), "%s: %s", r->key->name, r->id);
                if (!field || !(r->row->fields >> field->type & 1))
                        mistake(f->mistakes, r->row->answered ? "pack.reference.field" : "pack.reference.field-type", r->at, what, types);
                else if (r->row->answered && (!field->required || field->visible_when.source) &&
                         !(effect->when.source && (field->required || field->required_when.source)))
                        mistake(f->mistakes, "pack.reference.field", r->at, what, types);
        }
}

/* A built mechanism that the pack has lost binds nothing: whoever takes the field away must say so here, too. */
void resolve_carriers(struct filler *f, const struct pack *p)
{
        char what[ERR_ARG_MAX];

        for (const struct pack_mechanism *m = p->mechanisms; m < p->mechanisms + p->mechanisms_count; m++) {
                if (m->state == MECHANISM_PLANNED || carrier_exists(p, f->texts, m))
                        continue;
                (void)snprintf(what, sizeof(what), "%s: %s", carrier_name(m->carrier), m->where);
                mistake(f->mistakes, "pack.reference.carrier", fill_place(f, m, "where"), what, "");
        }
}
