#!/usr/bin/python3
"""evidence.py BUILD [ENTRIES] - an evidence pack of one clause over one year from a journal of 1,000,000 entries, and its check.

The journal holds five years (from today on, since its time never goes back): cases of service-use with twelve answers, four decisions and a duty each, and six times as many other entries.
The pack must be made within 60 s, and `sekisho verify --pack` must say that it holds. Writes docs/ledger/evidence.md.
"""
import datetime
import json
import os
import subprocess
import sys
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402

LIMIT_S, CLAUSE = 60, 'S8.2-R2.8'


def main(build, entries):
    program = os.path.join(build, 'src/server/sekishod')
    with Tap() as t, town.Town(pack='packs/mic-r4', people=town.CITY, gate=None, program=program) as x:
        x.down()
        begin = time.monotonic()
        subprocess.run([os.path.join(build, 'tests/bench/fill'), x.dir, 'log', str(entries)], check=True)
        t.note('filled in %.0f s' % (time.monotonic() - begin))
        for role in ('signer', 'office'):
            x.start(role)

        def sealed():
            try:
                s = x.get('tanaka', '/api/v1/status').json()
            except OSError:
                return False
            return s['sealed_size'] == s['journal_size']
        town.wait('everything is sealed', sealed, 600)
        out, today = os.path.join(x.top, 'pack.zip'), datetime.date.today()
        words = ['--clause', CLAUSE, '--from', str(today + datetime.timedelta(days=730)), '--until', str(today + datetime.timedelta(days=1094)), '--out', out]
        begin = time.monotonic()
        done = subprocess.run([program, 'evidence', x.dir, *words], capture_output=True, text=True)
        took = time.monotonic() - begin
        said = dict(line.split('\t') for line in done.stdout.splitlines())
        t.ok(done.returncode == 0 and took <= LIMIT_S, 'one clause over one year from %d entries: %.1f s, at most %d' % (entries, took, LIMIT_S), done.stderr[-2000:])
        t.ok('texts' in done.stderr and 'log' in done.stderr, 'it says how far it is')
        with zipfile.ZipFile(out) as z:
            m = json.loads(z.read('manifest.json'))
        begin = time.monotonic()
        check = subprocess.run([os.path.join(build, 'src/cli/sekisho'), 'verify', '--pack', out, '--key', x.log_key, '--root', '%d:%s' % (m['log']['size'], m['log']['root'])],
                               capture_output=True, text=True)
        checked = time.monotonic() - begin
        t.is_(check.returncode, 0, 'it is verified, in %.1f s' % checked)
        rows = [('entries in the journal', m['log']['size']), ('entries in the pack', said['entries']), ('cases', said['cases']), ('duties', said['duties']), ('opened texts', said['texts']),
                ('bytes before packing', said['bytes']), ('bytes of the zip', os.path.getsize(out)), ('seconds to make it', '%.1f' % took), ('seconds to verify it', '%.1f' % checked)]
        for row in rows:
            t.note('%s: %s' % row)
        with open(os.path.join(ROOT, 'docs/ledger/evidence.md'), 'w', encoding='utf-8') as f:
            f.write('# Evidence pack of one clause over one year\n\nBy `tests/bench/evidence.py`, release build, %d processors. Limit: %d s to make it.\n\n| | |\n|---|---|\n' % (os.cpu_count(), LIMIT_S))
            f.writelines('| %s | %s |\n' % row for row in rows)


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000000)
