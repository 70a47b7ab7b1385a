/* fault_incident.h - scenes of fault.c: an incident opened, graded, answered, and an alarm that goes on; for that file only. */
#ifndef TESTS_RIGS_FAULT_INCIDENT_H
#define TESTS_RIGS_FAULT_INCIDENT_H

#include "server/office/command/alarm.h"
#include "server/office/command/incidents.h"

/* Made once: an incident that calls people and whose clocks run, and what was reported beside it. */
struct fault_incident { char id[UUID_TEXT], alert[UUID_TEXT], finding[UUID_TEXT]; };

static int incident_report(struct writer *w, const char *person, char id[UUID_TEXT], struct err *e)
{
        struct act_finding act = { .person = person, .in = { .kind = STR("report"), .source = STR("person"), .severity = STR("high"), .text = STR("なくした。"),
                                                             .host = STR("PC-1"), .person = str_of(person) } };
        int r = writer_run(w, act_finding, &act, e);

        memcpy(id, act.id, UUID_TEXT);
        return r;
}

static int incident_begin(struct writer *w, const char *person, const char *finding, char id[UUID_TEXT], struct err *e)
{
        const struct str findings[] = { str_of(finding) };
        struct act_open_incident act = { .person = person, .findings = findings, .findings_count = *finding ? 1 : 0,
                                         .in = { .kind = STR("lost"), .title = STR("紛失"), .text = STR("なくした。"), .grade = { .severity = STR("high"), .leak = STR("possible") } } };
        int r = writer_run(w, act_open_incident, &act, e);

        memcpy(id, act.id, UUID_TEXT);
        return r;
}

static int incident_lower(struct writer *w, const char *person, const char *id, struct err *e)
{
        struct act_grade act = { .on = { .person = person, .incident = str_of(id), .rev = 1 }, .grade = { .severity = STR("low"), .leak = STR("none") }, .reason = STR("見つかった。") };

        return writer_run(w, act_grade, &act, e);
}

static int incident_answer(struct writer *w, const char *person, const char *alert, struct err *e)
{
        struct act_acknowledge act = { .person = person, .alert = str_of(alert), .how = STR("見た。") };

        return writer_run(w, act_acknowledge, &act, e);
}

static int alarms_later(struct act *act, void *arg, struct err *e)
{
        act->now += 30 * UTIME_DAY;
        return act_alarms(act, arg, e);
}

#endif
