/* flow_pack.h - a small pack with one of everything that a procedure can have, for tests of procedures.
 *
 *      judge ── law ──┬── chief ── council (level high) ── robot (paid) ── final
 *            └─ money ┘
 *            └─ extra (unless extra_wanted is false) ┘
 */
#ifndef TESTS_UNIT_FLOW_PACK_H
#define TESTS_UNIT_FLOW_PACK_H

#include "core/pack/load.h"

#define FLOW_TEXTS                                                                                                              \
        "sekisho-pack: 1\n"                                                                                                     \
        "pack.title: \"t\"\n"                                                                                                   \
        "role.staff.name: \"t\"\nrole.clerk.name: \"t\"\nrole.jurist.name: \"t\"\nrole.treasurer.name: \"t\"\n"                 \
        "role.chief.name: \"t\"\nrole.mayor.name: \"t\"\nrole.secretariat.name: \"t\"\nrole.service_manager.name: \"t\"\n"      \
        "zone.office.name: \"t\"\nera.R.name: \"t\"\ncountry.JP.name: \"t\"\ncountry.US.name: \"t\"\n"                          \
        "question.kind.label: \"t\"\nquestion.kind.choice.open.label: \"t\"\nquestion.kind.choice.secret.label: \"t\"\n"        \
        "axis.level.name: \"t\"\naxis.level.level.low.name: \"t\"\naxis.level.level.high.name: \"t\"\n"                         \
        "derivation.secret.because: \"t\"\n"                                                                                    \
        "criteria.lines.title: \"t\"\ncriterion.must.text: \"t\"\ncriterion.ever.text: \"t\"\ncriterion.wish.text: \"t\"\n"     \
        "criterion.hush.text: \"t\"\ncriterion.place.text: \"t\"\n"                                                             \
        "form.ask.title: \"t\"\nform.ask.field.name.label: \"t\"\nform.ask.field.vendor.label: \"t\"\n"                         \
        "form.ask.field.country.label: \"t\"\nform.ask.field.paid.label: \"t\"\nform.ask.field.boss.label: \"t\"\n"             \
        "form.ask.field.extra_wanted.label: \"t\"\nform.ask.field.until.label: \"t\"\n"                                         \
        "form.paper.title: \"t\"\nform.paper.field.ready.label: \"t\"\nform.paper.field.remark.label: \"t\"\n"                  \
        "form.wish.title: \"t\"\nform.wish.field.case.label: \"t\"\nform.wish.field.items.label: \"t\"\n"                       \
        "form.wish.field.items.choice.home.label: \"t\"\nform.wish.field.items.choice.hush.label: \"t\"\n"                      \
        "form.wish.field.end.label: \"t\"\n"                                                                                    \
        "form.life.title: \"t\"\nform.life.field.ext.label: \"t\"\nform.life.field.act.label: \"t\"\n"                      \
        "form.life.field.act.choice.use.label: \"t\"\nform.life.field.act.choice.review.label: \"t\"\n"                         \
        "form.life.field.act.choice.sub.label: \"t\"\nform.life.field.act.choice.close.label: \"t\"\n"                          \
        "form.life.field.sub.label: \"t\"\nform.life.field.sub_country.label: \"t\"\nform.life.field.over.label: \"t\"\n"         \
        "procedure.ask.title: \"t\"\nprocedure.ask.step.judge.title: \"t\"\nprocedure.ask.step.law.title: \"t\"\n"              \
        "procedure.ask.step.money.title: \"t\"\nprocedure.ask.step.extra.title: \"t\"\nprocedure.ask.step.chief.title: \"t\"\n" \
        "procedure.ask.step.council.title: \"t\"\nprocedure.ask.step.robot.title: \"t\"\nprocedure.ask.step.final.title: \"t\"\n" \
        "procedure.ask.rule.home.message: \"t\"\nprocedure.ask.rule.named.message: \"t\"\nprocedure.ask.rule.sure.message: \"t\"\n" \
        "procedure.ask.effect.tell.title: \"t\"\n"                                                                              \
        "procedure.wish.title: \"t\"\nprocedure.wish.step.mayor.title: \"t\"\nprocedure.wish.effect.done.title: \"t\"\n"                                                 \
        "procedure.life.title: \"t\"\nprocedure.life.step.ok.title: \"t\"\n"

static const struct { const char *name, *bytes; } flow_sources[] = {
        { "classes.yaml",
          "sekisho-pack: 1\nquestions:\n  - id: kind\n    type: choice\n    required: true\n    choices:\n      - id: open\n      - id: secret\n"
          "axes:\n  - id: level\n    kind: class\n    levels:\n      - id: low\n      - id: high\n        conf2plus: true\n"
          "derivations:\n  - id: secret\n    axis: level\n    level: high\n    when: \"kind == secret\"\n" },
        { "criteria/lines.yaml",
          "sekisho-pack: 1\nid: lines\ncriteria:\n"
          "  - id: must\n    strength: M\n    asked: section\n"
          "  - id: ever\n    strength: N\n    asked: section\n    always: true\n"
          "  - id: wish\n    strength: R\n    asked: section\n"
          "  - id: hush\n    strength: M\n    asked: provider\n    when: \"level >= high\"\n    exception: true\n"
          "  - id: place\n    strength: M\n    asked: provider\n    article: true\n" },
        { "forms/ask.yaml",
          "sekisho-pack: 1\nid: ask\nnumber_code: ASK\nprocedure: ask\nclassified: true\nfields:\n"
          "  - id: name\n    type: text\n    required: true\n  - id: vendor\n    type: text\n    required: true\n"
          "  - id: country\n    type: country\n    required: true\n  - id: paid\n    type: yes-no\n    required: true\n"
          "  - id: boss\n    type: person\n    required: true\n  - id: extra_wanted\n    type: yes-no\n  - id: until\n    type: date\n    required: true\n" },
        { "forms/life.yaml",
          "sekisho-pack: 1\nid: life\nnumber_code: LIF\nprocedure: life\nfields:\n  - id: ext\n    type: service\n    required: true\n"
          "  - id: act\n    type: choice\n    required: true\n    choices:\n      - id: use\n      - id: review\n      - id: sub\n      - id: close\n"
          "  - id: sub\n    type: text\n    required: true\n  - id: sub_country\n    type: country\n    required: true\n  - id: over\n    type: text\n" },
        { "forms/paper.yaml",
          "sekisho-pack: 1\nid: paper\nsheet: true\nfields:\n  - id: ready\n    type: yes-no\n    required: true\n  - id: remark\n    type: text\n" },
        { "forms/wish.yaml",
          "sekisho-pack: 1\nid: wish\nnumber_code: WIS\nprocedure: wish\nfields:\n  - id: case\n    type: application\n    required: true\n"
          "  - id: items\n    type: choices\n    required: true\n    choices:\n      - id: home\n      - id: hush\n"
          "  - id: end\n    type: date\n    required: true\n" },
        { "pack.yaml",
          "sekisho-pack: 1\nid: flow\nversion: 1\n"
          "roles:\n  - id: staff\n  - id: clerk\n  - id: jurist\n  - id: treasurer\n  - id: chief\n  - id: mayor\n  - id: secretariat\n  - id: service_manager\n"
          "zones:\n  - id: office\n    number: 1\neras:\n  - id: R\n    first_year: 2019\n"
          "countries:\n  - id: JP\n    domestic: true\n  - id: US\n"
          "settings:\n  grant_valid_hours: 72\n  session_idle_minutes: 30\n  session_hours: 10\n  enrol_code_hours: 24\n  retention_years: 5\n" },
        { "procedures/ask.yaml",
          "sekisho-pack: 1\nid: ask\napply_role: staff\ndraft_role: clerk\nsteps:\n"
          "  - id: judge\n    kind: judge\n    role: clerk\n    scope: body\n    criteria: lines\n"
          "  - id: law\n    kind: concur\n    role: jurist\n    scope: body\n    after:\n      - id: judge\n"
          "  - id: money\n    kind: concur\n    role: treasurer\n    scope: body\n    after:\n      - id: judge\n    not_same_as:\n      - id: law\n"
          "  - id: extra\n    kind: confirm\n    role: jurist\n    scope: body\n    after:\n      - id: judge\n    when: \"extra_wanted\"\n"
          "  - id: chief\n    kind: approve\n    role: chief\n    substitute: mayor\n    conditional: true\n    after:\n      - id: law\n      - id: money\n      - id: extra\n"
          "  - id: council\n    kind: council\n    role: clerk\n    scope: body\n    confirm_role: mayor\n    when: \"level >= high\"\n"
          "  - id: robot\n    kind: machine\n    demand: \"paid\"\n"
          "  - id: final\n    kind: approve\n    role: mayor\n    scope: body\n    no_deputy: true\n"
          "sheets:\n  - id: paper\n    role: clerk\n    scope: body\n    step: judge\n    hand: secretariat\n"
          "rules:\n  - id: named\n    demand: \"answered(boss)\"\n  - id: home\n    at: law\n    demand: \"country == JP\"\n    exception: true\n"
          "  - id: sure\n    at: final\n    demand: \"extra_wanted or not extra_wanted\"\n"
          "effects:\n  - id: register\n    kind: register-service\n    name_field: name\n    provider_field: vendor\n    manager_field: boss\n"
          "    country_field: country\n    until_field: until\n    review: \"every 12 months\"\n"
          "  - id: tell\n    kind: open-duty\n    role: service_manager\n    due: \"30 days after approved\"\n" },
        { "procedures/life.yaml",
          "sekisho-pack: 1\nid: life\napply_role: service_manager\napply_scope: service\nsteps:\n  - id: ok\n    kind: approve\n    role: chief\n    scope: body\n"
          "effects:\n  - id: use\n    kind: register-use\n    when: \"act == use\"\n    service_field: ext\n"
          "  - id: review\n    kind: service-reviewed\n    when: \"act == review\"\n    service_field: ext\n    review: \"every 12 months\"\n"
          "  - id: sub\n    kind: register-subcontractor\n    when: \"act == sub\"\n    service_field: ext\n    name_field: sub\n    country_field: sub_country\n    parent_field: over\n"
          "  - id: close\n    kind: end-service\n    when: \"act == close\"\n    service_field: ext\n" },
        { "procedures/wish.yaml",
          "sekisho-pack: 1\nid: wish\napply_role: staff\ndraft_role: clerk\nsteps:\n  - id: mayor\n    kind: approve\n    role: mayor\n    scope: body\n"
          "effects:\n  - id: grant\n    kind: grant-exception\n    application_field: case\n    items_field: items\n    until_field: end\n"
          "  - id: done\n    kind: open-duty\n    role: staff\n    due_field: end\n" },
        { "texts/en.yaml", FLOW_TEXTS },
        { "texts/ja.yaml", FLOW_TEXTS },
};

static inline int flow_pack(struct pack **out, pack_report_fn *report, struct err *e)
{
        struct pack_file files[countof(flow_sources)];

        for (size_t i = 0; i < countof(flow_sources); i++)
                files[i] = (struct pack_file){ flow_sources[i].name, str_of(flow_sources[i].bytes) };
        return pack_load(out, files, countof(files), report, NULL, e);
}

#endif
