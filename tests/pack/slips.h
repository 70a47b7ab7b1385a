/* slips.h - what officers really type, held against tests/pack/whole.
 *
 * Does      say for each slip where it must be told of, by which key, and what must be offered; or, when it is read as meant, as what.
 *
 * The first fifteen were measured with three parsers of other people (half of them were silently misread there). A slip that is
 * neither told of nor read as meant would be taken for a rule of the municipality.
 */
#ifndef TESTS_PACK_SLIPS_H
#define TESTS_PACK_SLIPS_H

#include "core/pack/load.h"

/* Read as meant: the value, as the pack holds it. */
typedef const char *meant_fn(const struct pack *p);

struct slip {
        const char *name;
        const char *file, *old, *new;      /* the first `old` of the file becomes `new` */
        const char *key, *at;              /* of the mistake; at: "line" or "line:column" in that file, or "file:line" of another */
        const char *hint;                  /* stands in the words of both languages; NULL: nothing in particular */
        meant_fn   *meant;                 /* then key NULL, and `hint` is the value */
};

static const char *staff_ja(const struct pack *p)
{
        return pack_find_role(p, "staff")->name.in[LANG_JA];
}

static const char *check_due(const struct pack *p)
{
        return pack_find_procedure(p, "service-use")->steps[0].due.source;
}

static const char *plan_shown(const struct pack *p)
{
        return form_find_field(pack_find_form(p, "service-use"), "plan")->visible_when.source;
}

static const char *concur_when(const struct pack *p)
{
        return procedure_find_step(pack_find_procedure(p, "service-use"), "concur")->when.source;
}

static const char *approve_after(const struct pack *p)
{
        return procedure_find_step(pack_find_procedure(p, "service-use"), "approve")->after[0].id;
}

static const char *last_country(const struct pack *p)
{
        return p->countries[p->countries_count - 1].id;
}

static const char *version(const struct pack *p)
{
        return p->version == 3 ? "3" : "?";
}

#define FORM      "forms/service-use.yaml"
#define ANSWERS   "forms/answers.yaml"
#define EXCEPTION "forms/exception.yaml"
#define USE       "procedures/service-use.yaml"
#define CLASSES   "classes.yaml"
#define PACK      "pack.yaml"
#define JA        "texts/ja.yaml"
#define EN        "texts/en.yaml"

static const struct slip slips[] = {
        /* ---- the fifteen that were measured ---- */
        { "full-width space as indent", FORM, "    type: person", "　　type: person", "pack.scan.wide-space", "15", NULL, NULL },
        { "full-width colon", FORM, "    type: person", "    type：person", "pack.scan.wide-colon", "15", "：", NULL },
        { "full-width quotes", JA, "role.staff.name: \"【staff】\"", "role.staff.name: “職員”", "pack.scan.wide-quote", "3", "“", NULL },
        { "full-width digits", FORM, "max_chars: 80", "max_chars: ８０", "pack.scan.wide-digit", "10", "８", NULL },
        { "tab as indent", FORM, "    type: person", "\ttype: person", "pack.scan.tab", "15", NULL, NULL },
        { "the same key twice", FORM, "    type: person\n", "    type: person\n    type: text\n", "pack.tree.duplicate", "16", NULL, NULL },
        { "line outdented", FORM, "    type: person", "  type: person", "pack.scan.indent", "15", NULL, NULL },
        { "line indented by three", FORM, "    type: person", "   type: person", "pack.scan.indent", "15", NULL, NULL },
        { "colon within a text", JA, "role.staff.name: \"【staff】\"", "role.staff.name: \"職員: 一般\"", NULL, NULL, "職員: 一般", staff_ja },
        { "closing quote forgotten", JA, "role.staff.name: \"【staff】\"", "role.staff.name: \"職員", "pack.scan.quote-open", "3", NULL, NULL },
        { "yes for true", FORM, "    required: true\n    max_chars: 80", "    required: yes\n    max_chars: 80", "pack.schema.bool", "9", "yes", NULL },
        { "hyphen of a record forgotten", FORM, "  - id: manager", "    id: manager", "pack.tree.duplicate", "14", NULL, NULL },
        { "number sign within a text", JA, "role.staff.name: \"【staff】\"", "role.staff.name: \"職員 #1\"", NULL, NULL, "職員 #1", staff_ja },
        { "saved as Shift_JIS", JA, "role.staff.name: \"【staff】\"", "role.staff.name: \"\x90\x45\x88\xf5\"", "pack.scan.utf8", "3", NULL, NULL },
        { "anchor", FORM, "    type: person", "    type: &a person", "pack.scan.yaml", "15", NULL, NULL },

        /* ---- lines ---- */
        { "saved with a BOM", PACK, "sekisho-pack: 1", "\xef\xbb\xbfsekisho-pack: 1", "pack.scan.bom", "1", NULL, NULL },
        { "saved with CR LF", PACK, "id: whole\n", "id: whole\r\n", "pack.scan.cr", "4", NULL, NULL },
        { "comment behind a value", FORM, "max_chars: 80", "max_chars: 80 # 提案", "pack.scan.comment", "10", NULL, NULL },
        { "no space behind the colon", FORM, "max_chars: 80", "max_chars:80", "pack.scan.colon-space", "10", NULL, NULL },
        { "value without quotes in Japanese", JA, "role.staff.name: \"【staff】\"", "role.staff.name: 職員", "pack.scan.unquoted", "3", NULL, NULL },
        { "single quotes", JA, "role.staff.name: \"【staff】\"", "role.staff.name: '職員'", "pack.scan.single-quote", "3", NULL, NULL },
        { "list in square brackets", USE, "    not_same_as:\n      - id: check\n", "    not_same_as: [check]\n", "pack.scan.yaml", "15", NULL, NULL },
        { "record without id first", USE, "  - id: check\n    kind: confirm\n", "  - kind: confirm\n    id: check\n", "pack.scan.record", "6", NULL, NULL },
        { "records as bare words", USE, "      - id: judge\n      - id: concur\n", "      - judge\n      - concur\n", "pack.scan.record", "30", NULL, NULL },
        { "hyphen in full width", USE, "  - id: check\n", "  － id: check\n", "pack.scan.wide-hyphen", "6", "－", NULL },
        { "zero-width space copied from a page", USE, "role: ciso", "role: ciso\xe2\x80\x8b", "pack.scan.hidden", "38", "U+200B", NULL },
        { "key without value", USE, "    criteria: selection", "    criteria:", "pack.scan.empty-value", "14", NULL, NULL },
        { "spaces at the end of the line mean nothing", PACK, "version: 3", "version: 3   ", NULL, NULL, "3", version },

        /* ---- values ---- */
        { "True with a capital", USE, "conditional: true", "conditional: True", "pack.schema.bool", "41", "True", NULL },
        { "number with a comma", FORM, "high: 500", "high: 1,500", "pack.scan.unquoted", "38", NULL, NULL },
        { "number with a unit", FORM, "high: 500", "high: 500席", "pack.scan.unquoted", "38", NULL, NULL },
        { "number in quotes", FORM, "high: 500", "high: \"500\"", "pack.schema.integer", "38", "0–1000000000", NULL },
        { "Norway is no no", PACK, "  - id: US\n", "  - id: US\n    domestic: false\n", NULL, NULL, "NO", last_country },
        { "range turned round", FORM, "low: 1\n    high: 500", "low: 600\n    high: 500", "pack.field.range", "37", NULL, NULL },
        { "id with a capital", USE, "  - id: ready", "  - id: Ready", "pack.schema.id", "33", "Ready", NULL },
        { "id in Japanese", USE, "  - id: ready", "  - id: 準備", "pack.scan.unquoted", "33", NULL, NULL },
        { "id that is a word of conditions", FORM, "  - id: plan", "  - id: not", "pack.schema.reserved", "61", "not", NULL },
        { "id that is the service's", FORM, "  - id: plan", "  - id: service", "pack.schema.reserved", "61", "service", NULL },
        { "choice that is a word of conditions", PACK, "      - id: many", "      - id: all", "pack.schema.reserved", "34", "all", NULL },
        { "step called start", USE, "  - id: check\n    kind", "  - id: start\n    kind", "pack.schema.reserved", "6", "start", NULL },
        { "field called like an axis", FORM, "  - id: plan", "  - id: copying", "pack.field.axis", "61", NULL, NULL },
        { "the same id twice", FORM, "  - id: deputy", "  - id: manager", "pack.schema.same", "17", "forms/service-use.yaml:14", NULL },
        { "the same id in a sheet", ANSWERS, "  - id: certificate_until", "  - id: until", "pack.use.same-field", "8", "forms/service-use.yaml:59", NULL },
        { "the same id as a question", FORM, "  - id: plan", "  - id: stop", "pack.use.same-field", "61", "classes.yaml:10", NULL },
        { "rule called like a criterion", USE, "  - id: no-click", "  - id: data-place", "pack.use.same-item", "53", NULL, NULL },
        { "key misspelt", FORM, "    required: true", "    requird: true", "pack.schema.unknown", "9", "required", NULL },
        { "type misspelt", FORM, "type: countries", "type: countrys", "pack.schema.enum", "28", "country", NULL },
        { "key of another type", FORM, "    type: person\n    required", "    type: person\n    max_chars: 5\n    required", "pack.schema.when", "16", "type: text, lines, domains", NULL },
        { "key of another kind of step", USE, "    kind: concur", "    kind: concur\n    confirm_role: cio", "pack.schema.when", "19", "kind: council, external-decision", NULL },
        { "choices and a list", FORM, "    list: terms", "    list: terms\n    choices:\n      - id: a", "pack.field.choices-twice", "21", NULL, NULL },
        { "neither choices nor a list", FORM, "    list: terms\n", "", "pack.field.choices", "20", NULL, NULL },
        { "list misspelt", FORM, "    list: terms", "    list: term", "pack.reference.absent", "21", "terms", NULL },
        { "role misspelt", USE, "role: secretariat", "role: secretariate", "pack.reference.absent", "12", "secretariat", NULL },
        { "step misspelt", USE, "      - id: judge\n      - id: concur", "      - id: juge\n      - id: concur", "pack.reference.absent", "30", "judge", NULL },
        { "sheet of a step that is not there", USE, "    step: judge", "    step: judging", "pack.reference.absent", "50", "check, judge, concur, meet, ready, approve", NULL },
        { "level of another axis", CLASSES, "    level: conf2", "    level: forbidden", "pack.reference.absent", "33", "conf1, conf2, conf3", NULL },
        { "axis without levels", CLASSES, "    levels:\n      - id: free\n      - id: forbidden\n", "", "pack.schema.missing", "25", NULL, NULL },
        { "text missing in one language", EN, "role.staff.name: \"staff\"\n", "", "pack.text.other-language", "texts/ja.yaml:3", NULL, NULL },
        { "text left empty", EN, "role.staff.name: \"staff\"", "role.staff.name: \"\"", "pack.text.empty", "3", NULL, NULL },
        { "text of nobody", EN, "role.staff.name:", "role.stuff.name:", "pack.text.other-language", "texts/ja.yaml:3", NULL, NULL },
        { "field of an effect misspelt", USE, "manager_field: manager", "manager_field: manger", "pack.reference.field", "64", "person", NULL },
        { "field of an effect of another type", USE, "manager_field: manager", "manager_field: provider", "pack.reference.field", "64", "person", NULL },
        { "field of an effect that may stay empty", FORM, "    type: person\n    required: true", "    type: person", "pack.reference.field", "procedures/service-use.yaml:64", "person", NULL },

        /* ---- periods ---- */
        { "full-width digit in a period", USE, "5 working-days after reached", "５ working-days after reached", "period.instead", "9:11", "5", NULL },
        { "period in Japanese", USE, "\"fiscal-year-end\"", "\"年度末\"", "period.instead", "68:13", "fiscal-year-end", NULL },
        { "period without quotes", USE, "\"fiscal-year-end\"", "fiscal-year-end", "pack.schema.period", "68", NULL, NULL },
        { "period without a unit", USE, "5 working-days after reached", "5 after reached", "period.unit", "9:13", "days, working-days, weeks, months, years", NULL },
        { "period of another kind", USE, "\"every 6 months\"", "\"6 months\"", "period.kind", "69:14", "every 6 months, yearly on 04-01", NULL },
        { "period from another day", USE, "after reached", "after approved", "pack.schema.day", "9", "reached", NULL },
        { "period from a field", USE, "after approved", "after until", "pack.schema.day", "73", "approved", NULL },
        { "period before the day", USE, "after reached", "before reached", "period.kind", "9:11", NULL, NULL },
        { "unit in the singular is read", USE, "5 working-days after reached", "1 working-day after reached", NULL, NULL, "1 working-day after reached", check_due },

        /* ---- conditions ---- */
        { "one equals sign", USE, "terms == contract", "terms = contract", "expr.instead", "35:43", "==", NULL },
        { "one equals sign behind quotes within quotes", USE, "certificate == true or terms == contract", "service_name == \\\"x\\\" or terms = contract",
          "expr.instead", "35:45", "==", NULL },
        { "full-width equals sign", USE, "terms == contract", "terms ＝ contract", "expr.instead", "35:43", "==", NULL },
        { "greater or equal as one sign", FORM, "users >= some", "users ≧ some", "expr.instead", "65:36", ">=", NULL },
        { "and in Japanese", USE, "terms == click and conf2plus", "terms == click かつ conf2plus", "expr.instead", "54:34", "and", NULL },
        { "name misspelt in a condition", USE, "certificate == true or", "certificat == true or", "expr.name", "35:14", "certificate", NULL },
        { "choice misspelt in a condition", USE, "terms == contract", "terms == contact", "expr.choice", "35:46", "contract", NULL },
        { "choice in quotes", USE, "terms == contract", "terms == \\\"contract\\\"", "expr.instead", "35:46", "contract", NULL },
        { "choice of another list", USE, "users == many", "users == click", "expr.choice", "74:21", "few, some, many", NULL },
        { "country in small letters", FORM, "any countries != JP", "any countries != jp", "expr.choice", "41:37", "JP, US, NO", NULL },
        { "more than, in a list without order", USE, "terms == contract", "terms >= contract", "expr.order", "35:43", NULL, NULL },
        { "level misspelt", USE, "confidentiality >= conf3", "confidentiality >= 3", "expr.type.choice", "32:31", "conf1, conf2, conf3", NULL },
        { "and beside or", USE, "not conf2plus or (certificate == true and", "not conf2plus or certificate == true and (", "expr.mixed", "58:51", NULL, NULL },
        { "parenthesis forgotten", USE, "certificate_until) >= 90)", "certificate_until) >= 90", "expr.open", "58:31", NULL, NULL },
        { "list compared without any or all", FORM, "any countries != JP", "countries != JP", "expr.list", "41:20", NULL, NULL },
        { "list compared with a list", FORM, "any countries not in [JP]", "countries not in [JP]", "expr.list", "42:21", NULL, NULL },
        { "condition without quotes", USE, "when: \"conf2plus\"", "when: conf2plus", "pack.schema.condition", "23", NULL, NULL },
        { "condition over two lines", FORM, "      not answered(until) or users >= some\n", "      not answered(until)\n      or users >= some\n", "expr.one-line", "65:26", NULL, NULL },
        { "condition left empty", USE, "when: \"conf2plus\"", "when: \"\"", "expr.empty", "23:12", NULL, NULL },
        { "classes where nothing is classed", EXCEPTION, "    type: date\n", "    type: date\n    visible_when: \"conf2plus\"\n", "expr.name", "22:20", "application, items, until", NULL },
        { "name of a form in classes.yaml", CLASSES, "when: \"special_data == true\"", "when: \"users == many\"", "expr.name", "38:12", "personal_data, special_data, stop", NULL },
        { "condition in a block, and spaces", FORM, "      not answered(until) or users >= some\n", "      not  answered( until )  or users>=some\n", NULL, NULL,
          "not  answered( until )  or users>=some", plan_shown },
        { "condition with parentheses nobody needs", USE, "when: \"conf2plus\"", "when: \"((conf2plus))\"", NULL, NULL, "((conf2plus))", concur_when },

        /* ---- the whole ---- */
        { "step after itself", USE, "    kind: machine\n", "    kind: machine\n    after:\n      - id: ready\n", "pack.step.circle", "35", NULL, NULL },
        { "two steps after each other", USE, "    kind: judge\n", "    kind: judge\n    after:\n      - id: meet\n", "pack.step.circle", "12", NULL, NULL },
        { "start beside a step", USE, "      - id: judge\n      - id: concur\n", "      - id: start\n      - id: concur\n", "pack.step.start", "30", NULL, NULL },
        { "step that may not be itself", USE, "    not_same_as:\n      - id: check\n", "    not_same_as:\n      - id: judge\n", "pack.step.self", "16", NULL, NULL },
        { "step that may not be a later one", USE, "    not_same_as:\n      - id: check\n", "    not_same_as:\n      - id: approve\n", "pack.step.later", "16", NULL, NULL },
        { "step that may not be the machine", USE, "      - id: judge\n      - id: check\n", "      - id: judge\n      - id: ready\n", "pack.step.nobody", "45", NULL, NULL },
        { "step that nobody reaches", USE, "when: \"conf2plus\"", "when: \"conf2plus and false\"", "pack.step.never", "23", NULL, NULL },
        { "procedure that ends without a decision", USE, "    kind: approve\n    role: ciso\n    scope: body\n    substitute: cio\n    conditional: true\n",
          "    kind: concur\n    role: ciso\n    scope: body\n", "pack.step.last", "37", NULL, NULL },
        { "service where there is none", USE, "    kind: concur\n    role: cio\n    scope: body", "    kind: concur\n    role: cio\n    scope: service", "pack.step.service", "20", NULL, NULL },
        { "sheet that nobody uses", USE, "sheets:\n  - id: answers\n    role: secretariat\n    scope: body\n    step: judge\n    hand: provider\n", "", "pack.use.sheet", "forms/answers.yaml:3", NULL, NULL },
        { "sheet that is a form", ANSWERS, "sheet: true\n", "number_code: ANS\nprocedure: service-use\n", "pack.use.form-twice", "forms/service-use.yaml:4", NULL, NULL },
        { "sheet with a number", ANSWERS, "sheet: true\n", "sheet: true\nnumber_code: ANS\n", "pack.schema.when", "4", "sheet: false", NULL },
        { "form without a number", FORM, "number_code: SVC\n", "", "pack.schema.missing", "1", NULL, NULL },
        { "two forms of one procedure", EXCEPTION, "procedure: exception", "procedure: service-use", "pack.use.form-twice", "forms/service-use.yaml:4", NULL, NULL },
        { "criteria that nobody judges", USE, "    kind: judge\n    role: secretariat\n    scope: body\n    criteria: selection\n",
          "    kind: confirm\n    role: secretariat\n    scope: body\n", "pack.use.criteria", "criteria/selection.yaml:2", NULL, NULL },
        { "criteria whose names mean another thing elsewhere", "procedures/exception.yaml", "steps:\n",
          "steps:\n  - id: judge\n    kind: judge\n    role: secretariat\n    criteria: selection\n", "expr.name", "criteria/selection.yaml:16:12", "application, items, until", NULL },
        { "field that decides its own visibility", FORM, "visible_when: \"any countries != JP\"", "visible_when: \"law_checked == true\"", "pack.field.circle", "41", NULL, NULL },
        { "fields that decide each other's", FORM, "  - id: until\n    type: date\n", "  - id: until\n    type: date\n    visible_when: \"answered(plan)\"\n", "pack.field.circle", "65", NULL, NULL },
        { "exception from what allows none", EXCEPTION, "      - id: no-click", "      - id: certified", "pack.effect.item", "procedures/exception.yaml:13", "certified", NULL },
        { "service without an end", USE, "    until: \"fiscal-year-end\"\n", "", "pack.effect.until", "61", NULL, NULL },
        { "service with two ends", USE, "    until: \"fiscal-year-end\"\n", "    until: \"fiscal-year-end\"\n    until_field: until\n", "pack.reference.field", "69", "date", NULL },
        { "duty without a day", USE, "    due: \"2 weeks after approved\"\n", "", "pack.effect.due", "71", NULL, NULL },
        { "duty on a day that need not be answered", USE, "    due: \"2 weeks after approved\"\n", "    due_field: until\n", "pack.reference.field", "73", "date", NULL },
        { "duty on a day that nobody asks for", USE, "    due: \"2 weeks after approved\"\n", "    due_field: untill\n", "pack.reference.field", "73", "date", NULL },
        { "country without countries", PACK, "countries:\n  - id: JP\n    domestic: true\n  - id: US\n  - id: NO\n", "", "pack.field.countries", "forms/service-end.yaml:24", NULL, NULL },
        { "column of a type that no cell has", FORM, "      - id: to\n        type: country", "      - id: to\n        type: person", "pack.field.column", "53", NULL, NULL },
        { "table of a thousand rows", FORM, "    high: 20", "    high: 1000", "pack.field.rows", "46", NULL, NULL },
        { "required always, and when", FORM, "    list: size\n", "    list: size\n    required_when: \"conf2plus\"\n", "pack.field.required", "26", NULL, NULL },
        { "first step after start is read", USE, "    kind: confirm\n", "    kind: confirm\n    after:\n      - id: start\n", NULL, NULL, "ready", approve_after },
};

#endif
