#!/usr/bin/python3
"""service_use.py - packs/mic-r4 for chapter 8.2: few questions for a section, nothing served by words alone, a case that fits.

    tests/pack/service_use.py BUILD          TAP; uses BUILD/src/cli/sekisho

Reads the pack's YAML by itself (the strict subset needs no library): records are counted as they stand in the files.
"""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
sys.path.insert(0, os.path.join(ROOT, 'tests/lib'))
from tap import Tap                                    # noqa: E402
import service_use                                     # noqa: E402

SEKISHO = os.path.join(os.path.abspath(sys.argv[1]), 'src/cli/sekisho')
PACK = os.path.join(ROOT, 'packs/mic-r4')
QUESTIONS_MAX = 15          # practice: the section answers fifteen questions at most
CLASS_QUESTIONS_MAX = 4
HANDS = {'service-use': 'section', 'service-provider': 'provider', 'service-secretariat': 'secretariat'}


def read(name):
    with open(os.path.join(PACK, name), encoding='utf-8') as f:
        return f.read()


def records(name, key, depth=2):
    """The records of list `key` of a file: {id: {key: value}} with the plain keys right below each."""
    m = re.search(r'^%s%s:\n((?:^(?: {%d,}.*)?\n)*)' % (' ' * (depth - 2), key, depth), read(name), re.M)
    out, last = {}, None
    for line in m.group(1).splitlines() if m else ():
        begins = re.match(r'^ {%d}- id: (\S+)$' % depth, line)
        plain = re.match(r'^ {%d}([a-z_]+): "?(.*?)"?$' % (depth + 2), line)
        if begins:
            last = out.setdefault(begins.group(1), {'links': []})
        elif plain and last is not None:
            last[plain.group(1)] = plain.group(2)
        elif last is not None and re.match(r'^ {%d}- id: ' % (depth + 4), line):
            last['links'].append(line.split()[-1])
    return out


def fields_of(form):
    """As the form stands before a person: the questions of the classes first."""
    own = records('forms/%s.yaml' % form, 'fields')
    return {**records('classes.yaml', 'questions'), **own} if form == 'service-use' else own


def choices_of(field):
    if 'list' not in field:
        return None
    found = re.search(r'^  - id: %s\n(?:    ordered: true\n)?    choices:\n((?:      - id: .*\n)+)' % re.escape(field['list']), read('pack.yaml'), re.M)
    return [line.split()[-1] for line in found.group(1).splitlines()]


def few_questions(t):
    questions, own = records('classes.yaml', 'questions'), records('forms/service-use.yaml', 'fields')
    t.ok(0 < len(questions) <= CLASS_QUESTIONS_MAX, 'the class follows from %d questions, four at most' % len(questions))
    t.ok(own and len(own) + len(questions) <= QUESTIONS_MAX, 'a section answers %d questions, fifteen at most' % (len(own) + len(questions)))
    t.is_(re.search(r'^classified: (\S+)$', read('forms/service-use.yaml'), re.M).group(1), 'true', 'and the class questions stand in that form')
    hands = {name: re.search(r'- id: %s\n(?:    .*\n)*?    hand: (\S+)' % name, read('procedures/service-use.yaml')) for name in HANDS if name != 'service-use'}
    t.is_({k: m and m.group(1) for k, m in hands.items()}, {k: v for k, v in HANDS.items() if k != 'service-use'}, 'provider and secretariat fill in the two sheets')


def helpful(t):
    for lang in ('ja', 'en'):
        keys = set(re.findall(r'^([A-Za-z][\w.-]*):', read('texts/%s.yaml' % lang), re.M))
        bare = [form + '.' + f for form in HANDS for f in records('forms/%s.yaml' % form, 'fields')
                for word in ('help', 'sample', 'rule') if 'form.%s.field.%s.%s' % (form, f, word) not in keys]
        bare += [q for q in records('classes.yaml', 'questions') for word in ('help', 'sample', 'rule') if 'question.%s.%s' % (q, word) not in keys]
        t.is_(bare, [], 'each question has help, a sample answer and the rule beside it (%s)' % lang)


def chapter(t):
    report = json.loads(subprocess.run([SEKISHO, 'pack', 'coverage', PACK, '--json'], capture_output=True, text=True, timeout=60, check=True).stdout)
    rows = [c for c in report['clauses'] if c['section'] == 'S8.2']
    t.is_(len(rows), 62, 'chapter 8.2 has 62 rows')
    words_only = [c['id'] for c in rows if c['strength'] in 'MN' and not [m for m in c['mechanisms'] if m['kind'] != 'text']]
    t.is_(words_only, [], 'nothing that must be or is necessary is served by words alone')
    t.is_([c['id'] for c in rows if not c['bound']], [], 'each is served by something that exists')


def order(t):
    steps = records('procedures/service-use.yaml', 'steps')
    t.is_([s for s in steps if s != 'council'], ['usage', 'conditions', 'select', 'trust', 'consent', 'decide'],
          'criteria, selection, trustworthiness, application, decision: in that order')
    judged = {records('procedures/service-use.yaml', 'steps')[s].get('criteria') for s in steps} - {None}
    t.is_(judged, {'usage-criteria', 'selection-conditions', 'trustworthiness'}, 'each list of criteria has its step')
    conditions = records('criteria/selection-conditions.yaml', 'criteria')
    seven = {c: conditions[c] for c in conditions if any(re.fullmatch(r'S8\.2-R2\.2\.(a|i|u|e|o|ka|ki)', x) for x in conditions[c]['links'])}
    t.is_(sorted(x[-2:].strip('.') for c in seven.values() for x in c['links']), ['a', 'e', 'i', 'ka', 'ki', 'o', 'u'], 'each of (ア) to (キ) has a line')
    t.is_([c for c in seven if seven[c].get('article') != 'true' or seven[c]['strength'] != 'M'], [], 'which must name its clause in the specification')
    t.is_(conditions['law-assessment'].get('always'), 'true', 'foreign law is assessed always')
    rules = records('procedures/service-use.yaml', 'rules')
    t.is_([r for r in ('terms-only', 'foreign-data-centre', 'foreign-court') if rules[r].get('exception') != 'true'], [],
          'standard terms, a foreign data centre and a foreign court go by exception only')


def known(answer, field):
    ids = choices_of(field)
    return ids is None or not [w for w in answer.split() if w not in ids]


def case_fits(t):
    """The data that others play stay in step: every field that is demanded, no other, only ids that there are; every line judged."""
    for name in service_use.CASES:
        case, wrong = service_use.case(name), []
        for form in HANDS:
            fields, given = fields_of(form), case.forms[form]
            wrong += ['%s.%s missing' % (form, f) for f in fields if fields[f].get('required') == 'true' and not given.get(f)]
            wrong += ['%s.%s unknown' % (form, f) for f in given if f not in fields]
            wrong += ['%s.%s=%s' % (form, f, given[f]) for f in given if f in fields and isinstance(given[f], str) and not known(given[f], fields[f])]
        t.is_(wrong, [], 'case %s answers what is asked' % name)
    judged = {step: {x['criterion'] for x in lines} | {x['criterion'] for x in service_use.DATA['criteria_when'][step]}
              for step, lines in service_use.DATA['judgements'].items()}
    steps = records('procedures/service-use.yaml', 'steps')
    want = {s: set(records('criteria/%s.yaml' % steps[s]['criteria'], 'criteria')) for s in steps if 'criteria' in steps[s]}
    t.is_(judged, want, 'and judges each line of each list')
    conditional = {c for s in want for c, r in records('criteria/%s.yaml' % steps[s]['criteria'], 'criteria').items() if 'when' in r}
    t.ok({x['criterion'] for lines in service_use.DATA['criteria_when'].values() for x in lines} <= conditional, 'only lines that are not always asked are left out')


def main():
    with Tap() as t:
        few_questions(t)
        helpful(t)
        chapter(t)
        order(t)
        case_fits(t)


if __name__ == '__main__':
    main()
