#!/usr/bin/python3
"""pack.py - is what a mechanism of packs/mic-r4 is "proven" by really red without it?

    pack.py            every built mechanism that names proofs; TAP
    pack.py ID …       these mechanisms

Each is made void in a copy of the pack by one key, so that the copy still loads: a rule demands "true", a criterion is
never asked ("false"), a step or an effect waits for a day long ago, a field is not required, nobody has the role that may file a
procedure or its form, a rule of duties.yaml is cut out. Every story that
is named under `proven` is then played on that copy, and must be red; on the pack as it is they are played by suite `scenario`.
Proofs of other kinds (unit tests, stories of packs/thread) have their mutants elsewhere: in code.py and in those tests.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

PACK = os.path.join(ROOT, 'packs/mic-r4')
NOBODY = 'platform_operator'        # a role that no story gives to anybody
SECONDS = 120
# What is never so in any story: a condition that is always false would be refused by the loader.
NEVER = {'service-use': 'use_until < 2000-01-01', 'service-review': 'period_to < 2000-01-01', 'service-end': 'end_on < 2000-01-01',
         'service-renewal': 'end_on < 2000-01-01', 'service-subcontract': 'starts_on < 2000-01-01', 'service-change-notice': 'received_on < 2000-01-01'}
SAN = os.environ.get('SEKISHO_SAN', os.path.join(ROOT, 'build/san'))
CHECK = os.path.join(SAN, 'src/cli/sekisho')


def records(text, key):
    """[(id, first line, line after the last, indent)] of the list `key:` (the first one of that name at any depth)."""
    lines, out, at = text.split('\n'), [], None
    for n, line in enumerate(lines):
        if at is None:
            m = re.fullmatch(r'( *)%s:' % key, line)
            if m:
                at = len(m.group(1)) + 2
            continue
        m = re.fullmatch(r' {%d}- id: (\S+)' % at, line)
        if m:
            out.append([m.group(1), n, n + 1, at])
        elif line.strip() == '' or line.startswith(' ' * (at + 2)):
            if out and line.strip():
                out[-1][2] = n + 1
        elif not line.lstrip().startswith('#'):
            break
    return out


def set_key(path, within, record, key, value, drop=()):
    """In the record of the list `within`: without `drop`, and with `key: value` (value None: only without)."""
    with open(path, encoding='utf-8') as f:
        text = f.read()
    lines = text.split('\n')
    for rid, first, end, indent in records(text, within):
        if rid != record:
            continue
        body, skip = [], False
        for line in lines[first + 1:end]:
            inner = re.match(r' {%d}([a-z_]+):' % (indent + 2), line)
            if inner:
                skip = inner.group(1) in (key, *drop)
            if not skip:
                body.append(line)
        if value is not None:
            body.insert(0, '%s%s: %s' % (' ' * (indent + 2), key, value))
        lines[first + 1:end] = body
        with open(path, 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines))
        return
    raise KeyError('%s: no record %s in %s' % (path, record, within))


def set_top(path, key, value):
    with open(path, encoding='utf-8') as f:
        text = f.read()
    text = re.sub(r'(?m)^apply_scope: .*\n', '', text)      # who manages the service needs no role
    text, n = re.subn(r'(?m)^%s: .*$' % key, '%s: %s' % (key, value), text)
    if n != 1:
        raise KeyError('%s: %s stands there %d times' % (path, key, n))
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


def criterion_file(pack, criterion):
    folder = os.path.join(pack, 'criteria')
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        with open(path, encoding='utf-8') as f:
            if any(r[0] == criterion for r in records(f.read(), 'criteria')):
                return path
    raise KeyError('no criterion ' + criterion)


def procedure_of_form(pack, form):
    with open(os.path.join(pack, 'forms', form + '.yaml'), encoding='utf-8') as f:
        m = re.search(r'(?m)^procedure: (\S+)$', f.read())
    if m:
        return m.group(1)
    for name in sorted(os.listdir(os.path.join(pack, 'procedures'))):
        with open(os.path.join(pack, 'procedures', name), encoding='utf-8') as f:
            if any(r[0] == form for r in records(f.read(), 'sheets')):
                return name[:-5]
    raise KeyError('nobody uses form ' + form)


def cut(path, within, record):
    """The record of the list `within` is gone."""
    with open(path, encoding='utf-8') as f:
        lines = f.read().split('\n')
    at = [(first, end) for rid, first, end, _ in records('\n'.join(lines), within) if rid == record]
    if len(at) != 1:
        raise KeyError('%s: no record %s in %s' % (path, record, within))
    del lines[at[0][0]:at[0][1]]
    with open(path, 'w', encoding='utf-8') as f:
        f.write('\n'.join(lines))


def drop_duty(pack, duty):
    """Gone with its words and the mechanism that stands on it: none of its keys could leave it standing and doing nothing."""
    path = os.path.join(pack, 'mechanisms.yaml')
    with open(path, encoding='utf-8') as f:
        rid = re.search(r'(?m)^  - id: (\S+)\n(?:    .*\n)*?    carrier: duty\n    where: %s$' % duty, f.read()).group(1)
    cut(path, 'mechanisms', rid)
    cut(os.path.join(pack, 'duties.yaml'), 'duties', duty)
    for lang in ('ja', 'en'):
        path = os.path.join(pack, 'texts', lang + '.yaml')
        with open(path, encoding='utf-8') as f:
            text = re.sub(r'(?m)^(duty|mechanism)\.(%s|%s)\..*\n' % (duty, rid), '', f.read())
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)


def void(pack, carrier, where):
    """Makes it void in the folder `pack`. KeyError: it is not there; NotImplementedError: it is not of the pack."""
    a, _, b = where.partition('.')
    form, procedure = os.path.join(pack, 'forms', a + '.yaml'), os.path.join(pack, 'procedures', a + '.yaml')
    if carrier == 'rule':
        set_key(procedure, 'rules', b, 'demand', '"true"')
    elif carrier == 'step':
        set_key(procedure, 'steps', b, 'when', '"%s"' % NEVER[a])
    elif carrier == 'effect':
        set_key(procedure, 'effects', b, 'when', '"%s"' % NEVER[a])
    elif carrier == 'criterion':
        set_key(criterion_file(pack, where), 'criteria', where, 'when', '"false"')
    elif carrier == 'field':
        try:
            set_key(form, 'fields', b, 'required', None, ('required_when',))
        except KeyError:        # a question of the classes, which stands in front of the form's own
            set_key(os.path.join(pack, 'classes.yaml'), 'questions', b, 'required', None, ('required_when',))
    elif carrier == 'procedure':
        set_top(procedure, 'apply_role', NOBODY)
    elif carrier == 'form':
        set_top(os.path.join(pack, 'procedures', procedure_of_form(pack, a) + '.yaml'), 'apply_role', NOBODY)
    elif carrier == 'duty':
        drop_duty(pack, where)
    else:
        raise NotImplementedError(carrier)


def mechanisms():
    """[(id, carrier, where, [proof])] of the built ones with proofs."""
    with open(os.path.join(PACK, 'mechanisms.yaml'), encoding='utf-8') as f:
        text = f.read()
    lines, out = text.split('\n'), []
    for rid, first, end, _ in records(text, 'mechanisms'):
        body = '\n'.join(lines[first:end])
        keys = dict(re.findall(r'(?m)^    (state|carrier|where): (\S+)$', body))
        proofs = re.findall(r'- id: (\S+)', body.split('    proven:', 1)[1].split('\n    clauses:')[0]) if '    proven:' in body else []
        if keys['state'] == 'built' and proofs:
            out.append((rid, keys['carrier'], keys['where'], proofs))
    return out


def stories():
    """Those that are played on this pack."""
    folder, found = os.path.join(ROOT, 'tests/scenario'), set()
    for name in sorted(os.listdir(folder)):
        if name.endswith('.scn'):
            with open(os.path.join(folder, name), encoding='utf-8') as f:
                if f.readlines()[1].split()[:3] == ['#', 'pack', 'mic-r4']:
                    found.add(name[:-4])
    return found


def play(pack, story):
    """What the player says of one story on this pack: (exit status, output)."""
    env = dict(os.environ, SEKISHO_STORY_PACK=pack)
    done = subprocess.run([sys.executable, os.path.join(ROOT, 'tests/scenario/play.py'), os.path.join(ROOT, 'tests/scenario', story + '.scn')],
                          env=env, capture_output=True, text=True, timeout=SECONDS)
    return done.returncode, done.stdout + done.stderr


def main():
    wanted, known = sys.argv[1:], stories()
    with Tap() as t:
        for rid, carrier, where, proofs in mechanisms():
            mine = [p.split('.', 1)[1] for p in proofs if p.startswith('scenario.') and p.split('.', 1)[1] in known]
            if (wanted and rid not in wanted) or not mine:
                continue
            with tempfile.TemporaryDirectory(prefix='sekisho-void.') as top:
                pack = os.path.join(top, 'mic-r4')
                shutil.copytree(PACK, pack)
                try:
                    void(pack, carrier, where)
                    check = subprocess.run([CHECK, 'pack', 'check', pack], capture_output=True, text=True, timeout=SECONDS)
                    if check.returncode:
                        raise KeyError(check.stdout[:600])
                except (KeyError, NotImplementedError, FileNotFoundError) as e:
                    t.ok(False, '%s (%s %s) can be made void' % (rid, carrier, where), '%s: %s' % (type(e).__name__, e))
                    continue
                for story in mine:
                    status, said = play(pack, story)
                    red = status != 0 and 'not ok' in said and not re.search(r'Sick|Error:|init:', said)
                    t.ok(red, '%s: %s is red without %s %s' % (rid, story, carrier, where), said[-1500:])


if __name__ == '__main__':
    main()
