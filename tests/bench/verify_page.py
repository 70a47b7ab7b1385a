#!/usr/bin/python3
"""verify_page.py - how long verify.html takes for 100,000 entries in Chromium: a whole log in a folder, a pack with all of them in a zip.

    tests/bench/verify_page.py [ENTRIES]      TAP; needs Chromium and web/dist/verify.html; writes docs/ledger/verify-page.md (not with ENTRIES)

30 s each, as the page itself counts them; the processor seconds of the browser stand beside, for machines on which others work. There,
`chrt -r 1 tests/bench/verify_page.py` keeps the others out of the browser's way, and the ledger says so.
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/lib']
import evidence_maker as maker  # noqa: E402
from tap import Tap  # noqa: E402

ENTRIES, LIMIT_S = 100_000, 30
PAGE = ROOT + '/web/dist/verify.html'
WAIT_S = 600


def made(top, n):
    sys.setrecursionlimit(10_000)
    house = maker.House(n, 1)
    files = house.full()
    maker.write(top + '/log', files)
    size = sum(len(e) for e in house.entries) // n
    maker.write_zip(top + '/pack.zip', house.pack(range(n)))
    maker.write(top, {'truth.json': json.dumps(house.truth([n, n - 1])).encode()})
    shutil.copy(PAGE, top)
    return size


def main():
    right_of_way = os.sched_getscheduler(0) == os.SCHED_RR
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))      # for the browser alone
    hurry = ['chrt', '-r', '1'] if right_of_way else []
    n = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with Tap() as t, tempfile.TemporaryDirectory(prefix='sekisho-verify-bench-') as top:
        if not os.path.exists(PAGE):
            t.skip('the bench of verify.html', 'needs web/dist')
            return
        size, rows = made(top, n), []
        for what, name in (('a whole log, in a folder', 'log'), ('a pack of all entries, in a zip', 'pack.zip')):
            r = subprocess.run([*hurry, ROOT + '/web/node_modules/.bin/node', ROOT + '/tests/bench/verify_page.mjs', top, name], capture_output=True, text=True, timeout=WAIT_S)
            said = json.loads(r.stdout) if r.returncode == 0 else {}
            cpu = said.get('processor', 0)
            t.ok(said.get('verdict') == '0' and said.get('entries') == n, '%s: %d entries are believed' % (what, n), r.stdout + r.stderr)
            t.ok(said.get('seconds', WAIT_S) <= LIMIT_S, '... within %d s' % LIMIT_S, '%s, %.1f s of processors' % (said, cpu))
            t.note('%s: %s s, %.1f s of processors' % (what, said.get('seconds'), cpu))
            rows.append('| %s | %d | %d | %s | %.1f | %d |' % (what, n, size, said.get('seconds'), cpu, LIMIT_S))
        if n == ENTRIES:
            write_ledger(rows, right_of_way)


def write_ledger(rows, right_of_way):
    load = os.getloadavg()[0]
    commit = subprocess.run(['git', '-C', ROOT, 'describe', '--always', '--dirty'], capture_output=True, text=True).stdout.strip()
    with open('/proc/cpuinfo', encoding='ascii') as f:
        model = next(line.split(':', 1)[1].strip() for line in f if line.startswith('model name'))
    note = '; with right of way (SCHED_RR)' if right_of_way else '' if load < os.cpu_count() + 1 else ': others were working on the machine, so the seconds say too much; the processor seconds do not'
    head = ['# verify.html: how long it takes', '',
            'Written by `./test bench verify-page-bench`. %s, commit %s, %d × %s. Load at the end: %.1f%s.' % (datetime.date.today(), commit, os.cpu_count(), model, load, note),
            'Chromium; seconds as the page shows them, processor seconds of the browser from its start to its end.', '',
            '| what | entries | bytes of each | seconds | processor seconds | at most seconds |', '|---|---|---|---|---|---|']
    with open(os.path.join(ROOT, 'docs/ledger/verify-page.md'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(head + rows) + '\n')


if __name__ == '__main__':
    main()
