#!/usr/bin/python3
"""coverage.py - the rules as data: packs/mic-r4 holds every requirement, and what it calls proven is proven by a test that exists.

    tests/pack/coverage.py BUILD          TAP; uses BUILD/src/cli/sekisho

The ids and strengths stand in tests/golden/requirement-ids.txt. Whoever has the study they were taken from gives its name in
SEKISHO_REQUIREMENTS; its tables are then read and compared, too. What is served by what exists stands in
tests/golden/coverage-mic-r4.txt: nothing is lost or gained without a line there.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap                                    # noqa: E402

SEKISHO = os.path.join(os.path.abspath(sys.argv[1]), 'src/cli/sekisho')
PACK = os.path.join(ROOT, 'packs/mic-r4')
SECTIONS = {'S8.2': 62, 'S3': 8, 'S5.1': 20, 'S6.1': 30, 'S6.2': 12}
STRENGTHS = {'M': 60, 'N': 36, 'R': 5, 'C': 15, 'I': 15, 'none': 1}


def run(*args):
    r = subprocess.run([SEKISHO, 'pack', *args], capture_output=True, text=True, timeout=60, env={'LANG': 'ja_JP.UTF-8'})
    return r.returncode, r.stdout, r.stderr


def coverage(pack):
    status, out, err = run('coverage', pack, '--json')
    if status:
        raise RuntimeError('coverage of %s: %d %s' % (pack, status, err))
    return json.loads(out)


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as f:
        return f.read()


def write(text, *path):
    with open(os.path.join(*path), 'w', encoding='utf-8') as f:
        f.write(text)


def golden_ids():
    return [tuple(line.split()) for line in read(ROOT, 'tests/golden/requirement-ids.txt').splitlines() if not line.startswith('#')]


def ids_of_study(path):
    """Rows `| S8.2-P.1 | N | ...`; the first strength of a row counts, a ditto mark repeats the one above, a dash is none."""
    rows, last = [], ''
    for m in re.finditer(r'^\| (S[0-9.]+-[A-Za-z0-9.]+) \| ([^|]+) \|', read(path), re.M):
        last = last if m.group(2).strip() == '〃' else m.group(2).strip()[0].replace('—', 'none')
        rows.append((m.group(1), last))
    return rows


class Tests:
    """Which tests there are: suites of suites.txt, functions of unit tests, stories of the scenarios."""

    def __init__(self):
        self.suites = {line.split()[0] for line in read(ROOT, 'tests/suites.txt').splitlines() if line.strip() and not line.startswith('#')}
        units = read(ROOT, 'tests/unit/meson.build')
        self.functions = {}
        for name in re.findall(r"\['(test_\w+)'", units):
            path = os.path.join(ROOT, 'tests/unit', name + '.c')
            self.functions[name] = set(re.findall(r'\bcmocka_unit_test\w*\((\w+)', read(path))) if os.path.exists(path) else set()

    def has(self, test):
        suite, _, part = test.partition('.')
        if suite in self.functions:
            return not part or part in self.functions[suite]
        if suite == 'scenario' and part:
            return suite in self.suites and os.path.exists(os.path.join(ROOT, 'tests/scenario', part + '.scn'))
        return suite in self.suites and not part


def proofs(report):
    return {test for c in report['clauses'] for m in c['mechanisms'] for test in m['proven']}


def served(report):
    """One line a clause that something built serves: id, cover, mechanisms."""
    lines = []
    for c in report['clauses']:
        built = sorted(m['id'] for m in c['mechanisms'] if m['state'] == 'built')
        if built:
            lines.append('%s %s %s' % (c['id'], c['cover'], ' '.join(built)))
    return lines


def golden_served():
    return [line for line in read(ROOT, 'tests/golden/coverage-mic-r4.txt').splitlines() if not line.startswith('#')]


def counts(t, report):
    want = golden_ids()
    t.is_(report['total'], 132, 'the coverage speaks of 132 requirements')
    t.is_([(c['id'], c['strength']) for c in report['clauses']], want, 'ids and strengths are those of the list, in its order')
    t.is_({s['id']: sum(n['total'] for n in s['strengths'].values()) for s in report['sections']}, SECTIONS, 'each section has its number of requirements')
    t.is_({k: n['total'] for k, n in report['strengths'].items()}, STRENGTHS, 'each strength has its number of requirements')
    t.is_(dict(collections.Counter(c['section'] for c in report['clauses'])), SECTIONS, 'and the rows say the same')
    study = os.environ.get('SEKISHO_REQUIREMENTS')
    if study:
        t.is_(ids_of_study(study), want, 'the list is the one of the study')
    bad = [s['id'] for s in report['sections'] for k, n in s['strengths'].items()
           if n['bound'] != sum(c['bound'] for c in report['clauses'] if c['section'] == s['id'] and c['strength'] == k)]
    t.is_(bad, [], 'what is counted as served is what the rows say')


def meaning(t, report):
    wrong = []
    for c in report['clauses']:
        built = [m for m in c['mechanisms'] if m['state'] == 'built' and (m['kind'] != 'text' or c['strength'] in ('I', 'none'))]
        proven = any(m['proven'] for m in built)
        if c['bound'] != bool(built) or (c['cover'] == 'proven') != proven:
            wrong.append(c['id'])
        if any(m['proven'] for m in c['mechanisms'] if m['state'] == 'planned') or not c['mechanisms']:
            wrong.append(c['id'])
    t.is_(wrong, [], 'planned serves nothing, words alone only information, and each requirement has at least a plan')
    t.ok(all(c['text']['ja'] and c['text']['en'] and c['slide'] for c in report['clauses']), 'each requirement has words in both languages and its slide')
    t.is_([c['id'] for c in report['clauses'] if c['strength'] in 'MNRC' and not c['actors']], [], 'each requirement that binds says whom')
    external = [c for c in report['clauses'] if c['section'] == 'S8.2']
    t.is_([c['id'] for c in external if not c['bound']], [], 'chapter 8.2: all 62 are served')
    t.is_([c['id'] for c in external if c['cover'] != 'proven' and c['strength'] != 'I'], [], 'chapter 8.2: all above information are proven (%d of 62)' % sum(
        c['cover'] == 'proven' for c in external))
    t.is_(served(report), golden_served(), 'what exists serves what tests/golden/coverage-mic-r4.txt says')


def proven(t, report, work):
    tests = Tests()
    t.is_(sorted(p for p in proofs(report) if not tests.has(p)), [], 'each proof is a test that exists (%d)' % len(proofs(report)))
    for name in ('gate-enforcr', 'test_grants.no_such_function', 'no_such_unit.a', 'scenario.no-such-story', 'gate-enforcer.part', 'test_tree.too'):
        t.ok(not tests.has(name), 'no test is called %s' % name)
    pack = copy(work, 'proof')
    text = read(pack, 'mechanisms.yaml')
    write(text.replace('- id: gate-enforcer\n', '- id: gate-enforcers\n', 1), pack, 'mechanisms.yaml')
    t.is_(sorted(p for p in proofs(coverage(pack)) if not tests.has(p)), ['gate-enforcers'], 'a proof that does not exist is noticed')


def copy(work, name):
    to = os.path.join(work, name)
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(PACK, to)
    return to


def without_record(text, name):
    """A top record of a list is cut out, from its `- id:` to the next one."""
    return re.sub(r'^  - id: %s\n(?:(?!  - id: ).*\n)*' % re.escape(name), '', text, count=1, flags=re.M)


def without_text(pack, key):
    for lang in ('ja', 'en'):
        path = 'texts/%s.yaml' % lang
        write(re.sub(r'^%s.*\n(?:  .*\n)*' % re.escape(key), '', read(pack, path), flags=re.M), pack, path)


def removed(t, report, work):
    built = sorted({m['id'] for c in report['clauses'] for m in c['mechanisms'] if m['state'] == 'built'})
    for name in built:
        pack = copy(work, 'removed')
        write(without_record(read(pack, 'mechanisms.yaml'), name), pack, 'mechanisms.yaml')
        without_text(pack, 'mechanism.%s.' % name)
        t.ok(served(coverage(pack)) != golden_served(), 'mechanism %s removed: noticed' % name)
    for field in ('user', 'purpose', 'information', 'device_name'):
        pack = copy(work, 'field')
        write(without_record(read(pack, 'forms/network-connection.yaml'), field), pack, 'forms/network-connection.yaml')
        without_text(pack, 'form.network-connection.field.%s.' % field)
        status, out, _ = run('check', pack, '--lang', 'en')
        t.ok(status == 1 and re.search(r'^mechanisms.yaml:\d+: .*network-connection\.%s' % field, out, re.M),
             'field %s taken from the form: the mechanism that stands on it is named' % field, out)
    pack = copy(work, 'form')
    os.remove(pack + '/forms/network-connection.yaml')
    without_text(pack, 'form.network-connection.')
    status, out, _ = run('check', pack, '--lang', 'en')
    t.ok(status == 1 and 'no form begins procedure network-connection' in out, 'the form taken from the pack: the procedure it leaves alone is named', out)


def commands(t, work):
    for name in ('mic-r4', 'thread'):
        status, out, err = run('check', os.path.join(ROOT, 'packs', name))
        t.ok(status == 0 and '誤りはありません' in out and 'no mistakes' in out and not err, 'packs/%s has no mistake, said in both languages' % name, out + err)
    pack = copy(work, 'bad')
    write(read(pack, 'clauses.yaml').replace('strength: N', 'strength： N', 1), pack, 'clauses.yaml')
    write(read(pack, 'pack.yaml').replace('number: 2', 'number: 1'), pack, 'pack.yaml')
    status, out, err = run('check', pack)
    lines = out.splitlines()
    t.ok(status == 1 and not err and len(lines) == 4 and all(re.match(r'(clauses|pack)\.yaml:\d+: ', x) for x in lines),
         'two mistakes are two lines in Japanese and two in English, each with file and line', out + err)
    t.is_([bool(re.search('[ぁ-ん]', x)) for x in lines], [True, False, True, False], 'Japanese and English stand together')
    status, out, _ = run('check', '--lang', 'en', pack)
    t.ok(status == 1 and len(out.splitlines()) == 2 and not re.search('[ぁ-ん]', out), '--lang en leaves English', out)
    for verb in ('coverage',):
        status, out, err = run(verb, pack)
        t.ok(status == 1 and not out and 'clauses.yaml:' in err, '%s of a pack with mistakes says them, and nothing else' % verb, out + err)
    status, out, err = run('diff', PACK, pack)
    t.ok(status == 3 and not out and 'clauses.yaml:' in err, 'diff with a pack with mistakes is not done', out + err)

    pack = copy(work, 'files')
    os.rename(pack + '/clauses.yaml', pack + '/clauses.yml')
    status, out, _ = run('check', pack, '--lang', 'en')
    t.ok(status == 1 and 'clauses.yml:1: ' in out, 'a file that ends in .yml does not vanish', out)
    os.rename(pack + '/clauses.yml', pack + '/clauses.yaml')
    os.makedirs(pack + '/forms/old')
    shutil.copy(pack + '/forms/network-connection.yaml', pack + '/forms/old/')
    status, out, _ = run('check', pack, '--lang', 'en')
    t.ok(status == 1 and 'forms/old/network-connection.yaml:1: ' in out, 'nor does one in a folder of a folder', out)
    shutil.rmtree(pack + '/forms/old')
    os.symlink('/etc/hostname', pack + '/forms/link.yaml')
    t.is_(run('check', pack)[0], 3, 'a link is not followed')
    os.remove(pack + '/forms/link.yaml')
    write('notes', pack, 'README.txt')
    t.is_(run('check', pack)[0], 0, 'what is no YAML does not matter')

    for args in ((), ('check',), ('check', PACK, PACK), ('check', PACK, '--yaml'), ('diff', PACK), ('coverage', PACK, '--lang', 'fr'), ('mend', PACK),
                 ('check', PACK, '--lang'), ('check', '/nonexistent')):
        status, out, err = run(*args)
        t.ok(status == 3 and err and not out, 'sekisho pack %s: 3' % ' '.join(os.path.basename(a) for a in args), out + err)

    out = run('coverage', PACK)[1]
    t.ok('計画のみ' in out and '検査あり' in out and '%' not in out and len(re.findall(r'^S[0-9.]+-', out, re.M)) == 132,
         'the table for people has 132 rows and no percentage', out[-600:])
    out = run('coverage', PACK, '--lang', 'en')[1]
    t.ok(not re.search('[ぁ-んァ-ヶ]', out), 'and none of its words is Japanese in English', re.findall('.*[ぁ-んァ-ヶ].*', out)[:3])


def differences(t, work):
    t.is_(run('diff', PACK, PACK)[0::2], (0, ''), 'a pack does not differ from itself')
    pack = copy(work, 'diff')
    write('sekisho-pack: 1\n\n# 注記だけの違い\n' + read(pack, 'pack.yaml').split('\n', 1)[1], pack, 'pack.yaml')
    status, out, _ = run('diff', PACK, pack)
    t.ok(status == 0 and '注記' in out, 'a comment is no difference in content', out)
    write(read(pack, 'clauses.yaml').replace('  - id: S8.2-R2.1\n    strength: M', '  - id: S8.2-R2.1\n    strength: C'), pack, 'clauses.yaml')
    status, out, _ = run('diff', PACK, pack)
    t.ok(status == 1 and '要求事項 S8.2-R2.1' in out and '「必須（M）」から「必要に応じて（C）」へ' in out and len(out.splitlines()) == 1, 'a must that was loosened is one line', out)
    status, out, _ = run('diff', '--lang', 'en', PACK, pack)
    t.ok(status == 1 and 'clause S8.2-R2.1' in out and 'from "must (M)" to "as needed (C)"' in out, 'and in English', out)
    status, out, _ = run('diff', ROOT + '/packs/thread', PACK)
    t.ok(status == 1 and '追加: 役割 ciso「最高情報セキュリティ責任者」' in out and '削除: 区域 office' in out and out.count('追加: 要求事項 S') == 132,
         'another pack: what came and what went', out[:600])


def main():
    with Tap() as t, tempfile.TemporaryDirectory(prefix='sekisho-pack-') as work:
        report = coverage(PACK)
        counts(t, report)
        meaning(t, report)
        proven(t, report, work)
        removed(t, report, work)
        commands(t, work)
        differences(t, work)


if __name__ == '__main__':
    main()
