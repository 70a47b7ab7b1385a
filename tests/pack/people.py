#!/usr/bin/python3
"""people.py - `sekisho pack check --people` on the real pack: exit codes, what it finds, both languages.

Usage     people.py BUILD
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

HEAD = 'sekisho-people,1\nid,name,section,roles,deputies\n'
# Two people share all roles: neither can finish what they file themselves.
TWO = HEAD + 'sato,佐藤,総務課,職員等;情報セキュリティ管理者;secretariat,\nsuzuki,鈴木,総務課,staff;dept_officer;senior_officer;approving_authority;ciso,\n'
# Of the network connection: one who may file it, one who decides.
THREE = HEAD + '''sato,佐藤,総務課,staff,
yamada,山田,総務課,section_manager,
kato,加藤,総務課,secretariat,
'''


def check(build, people, *more):
    with tempfile.NamedTemporaryFile('w', suffix='.csv', encoding='utf-8') as f:
        f.write(people)
        f.flush()
        done = subprocess.run([build + '/src/cli/sekisho', 'pack', 'check', 'packs/mic-r4', '--people', f.name, *more], cwd=ROOT, capture_output=True,
                              text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def main():
    build = os.path.abspath(sys.argv[1])
    with Tap() as t:
        code, out, _ = check(build, TWO, '--json')
        found = json.loads(out)
        stops = {(f['procedure'], f['step'], f['applicant'], f['why']) for f in found['findings'] if f['kind'] == 'stops'}
        t.is_(code, 1, 'two people: exit code')
        t.ok(('network-connection', 'decide', 'sato', 'self') in stops, 'two people: the section manager cannot decide on their own connection', stops)
        t.ok(('service-use', 'usage', 'sato', 'self') in stops, 'two people: nobody judges what the only secretariat filed', stops)
        t.ok(all(f[k][lang] for f in found['findings'] for k in ('what', 'mend') for lang in ('ja', 'en')),
             'two people: each finding says what and how to mend it, in both languages', found)
        t.is_(found['stuck'], sum(f['kind'] == 'stops' for f in found['findings']), 'two people: the sum is right')

        _, out, _ = check(build, THREE, '--json')
        stuck = {f['procedure'] for f in json.loads(out)['findings'] if f['kind'] == 'stops'}
        t.ok('network-connection' not in stuck, 'one who files and one who decides: the connection is finished', stuck)
        _, out, _ = check(build, TWO)
        t.ok('止まります' in out and 'stops at' in out, 'without --lang both languages are said', out[:400])
        code, out, err = check(build, HEAD + 'sato,佐藤,総務課,chief,\n', '--lang', 'en')
        t.is_(code, 3, 'a list with mistakes: exit code')
        t.ok(':3: the policy has no role “chief”' in err, 'a list with mistakes: the line is told', err)


if __name__ == '__main__':
    main()
