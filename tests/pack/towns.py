#!/usr/bin/python3
"""towns.py - packs of towns: an overlay on packs/mic-r4 and two small packs of their own are taken, and what an overlay loosens is said.

    tests/pack/towns.py BUILD          TAP; uses BUILD/src/cli/sekisho
"""
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
PACKS = os.path.join(ROOT, 'packs')
LOOSENED = ['S8.2-R2.2.u condition-change', 'S8.2-R4.2 decide']       # what packs/demo-city loosens on purpose


def run(*args):
    r = subprocess.run([SEKISHO, 'pack', *args], capture_output=True, text=True, timeout=60, env={'LANG': 'ja_JP.UTF-8'})
    return r.returncode, r.stdout + r.stderr


def loosened(out):
    """Lines `[layer] clause: …: path › record … key: …` of check or diff, as `clause record`; the last id of a path counts."""
    found = []
    for m in re.finditer(r'^\s*\[demo-city\] (S[0-9.]+-[A-Za-z0-9.]+): (.*)$', out, re.M):
        found.append('%s %s' % (m.group(1), re.findall(r'› \S+ ([a-z0-9_-]+)', m.group(2))[-1]))
    return found


def edit(path, old, new):
    with open(path, encoding='utf-8') as f:
        text = f.read()
    if old not in text:
        raise RuntimeError('%s: no %r' % (path, old))
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text.replace(old, new, 1))


def clean(t):
    for name in ('mic-r4', 'demo-city', 'examples/aichi-device', 'examples/osaka-telework'):
        status, out = run('check', os.path.join(PACKS, name))
        t.ok(status == 0 and '誤りはありません' in out and 'no mistakes' in out, 'packs/%s has no mistake' % name, out[:2000])


def said(t):
    status, out = run('check', PACKS + '/demo-city', '--lang', 'ja')
    t.is_(loosened(out), LOOSENED, 'check says what the city loosens, and that only')
    status, out = run('diff', '--lang', 'ja', PACKS + '/mic-r4', PACKS + '/demo-city')
    t.ok(status == 1 and '広報課長' in out and '年度末（3月31日）まで' in out and '自治体機密性２' in out, 'diff says roles, periods and words of the city', out[:2000])
    t.is_(loosened(out), LOOSENED, 'and what is loosened')
    t.ok('trust-iso27017' in out and '「必要に応じて（C）」から「必須（M）」へ' in out, 'a tightening is a change as any other', out[:2000])


def noticed(t, work):
    """One more loosening, each of another kind, is one more line; a tightening is none."""
    shutil.copytree(PACKS + '/mic-r4', work + '/mic-r4')
    for name, file, old, new, more in (
            ('a must made a recommendation', 'criteria/selection-conditions.yaml', '  - id: condition-incident\n', '  - id: condition-incident\n    strength: R\n',
             ['S8.2-R2.2.o condition-incident']),
            ('a line that may be passed by "not applicable"', 'criteria/trustworthiness.yaml', '  - id: trust-iso27017\n', '  - id: trust-overall\n    always: false\n  - id: trust-iso27017\n',
             ['S8.2-R2.9 trust-overall']),
            ('a document more', 'criteria/trustworthiness.yaml', '    strength: M\n', '    strength: M\n    document: true\n', [])):
        city = work + '/demo-city'
        shutil.rmtree(city, ignore_errors=True)
        shutil.copytree(PACKS + '/demo-city', city)
        edit('%s/%s' % (city, file), old, new)
        if 'trust-overall' in new:
            edit(city + '/overlay.yaml', '  - id: iso27017\n', '  - id: overall\n    act: replace\n    where: criteria.trustworthiness.criteria.trust-overall\n    reason: "試し"\n  - id: iso27017\n')
        status, out = run('check', city, '--lang', 'ja')
        t.is_((status, sorted(loosened(out))), (0, sorted(LOOSENED + more)), name)


def main():
    with Tap() as t, tempfile.TemporaryDirectory(prefix='sekisho-towns-') as work:
        clean(t)
        said(t)
        noticed(t, work)


if __name__ == '__main__':
    main()
