/* fault_import.c - see fault_import.h. */
#include "fault_import.h"

#include "core/grid/csv.h"
#include "server/office/command/imports.h"
#include "server/office/store/query.h"
#include "sys/clock.h"

static struct grid grid;
static const char *const mapping[] = { "name", "phone" };      /* looking for the header is pure, and long */
static struct act_import act;

int fault_import_look(struct office *o, const char *person, struct err *e)
{
        scoped(arena_done) struct arena a = ARENA_INIT;
        scoped(db_close) struct db *db = NULL;
        struct import_plan plan;
        struct actor who;
        int r = csv_read_list(&grid, "list", STR("課名\t内線\n福祉課\t101\n教育総務課\t102\n"), '\t', e);

        if (r == ERR_OK)
                r = db_open(&db, o->store_dir, DB_READ, e);
        if (r == ERR_OK)
                r = query_actor(&who, db, person, clock_now(), &a, e);
        if (r < 0)
                return r;
        act = (struct act_import){ .ask = { .person = person, .reg = register_of_table(TABLE_SECTION), .sheet = &grid.sheets[0], .mapping = mapping, .header = 1 } };
        r = import_prepare(&plan, &act.shown, &act.ask, &who, o, db, clock_now(), &a, e);
        return r == ERR_OK && plan.counts.fresh != 2 ? err_set(e, ERR_BUG, "the sheet has %zu new lines", plan.counts.fresh) : r;
}

int fault_import_run(struct writer *w, struct err *e)
{
        struct act_import mine = act;

        return writer_run(w, act_import, &mine, e);
}

void fault_import_done(void)
{
        grid_done(&grid);
}
