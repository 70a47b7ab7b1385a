#!/usr/bin/python3
"""verify.py BUILD [MILLIONS] - how long `sekisho verify --log` takes for a whole log (release build, files in the page cache).

Two logs: 1,000,000 entries as long as those of the demonstration's town (1,930 bytes on average), and 10,000,000 short ones (500). Three
runs of each, the middle one counts: 6 s and 60 s on two processors. Writes docs/ledger/verify.md. With MILLIONS only the smaller logs; no
ledger. Needs 8 GB in $TMPDIR. On a machine that others use, `TMPDIR=/dev/shm chrt -r 1 tests/bench/verify.py BUILD` keeps them out of the
measurement; the ledger says so.
"""
import datetime
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests')]
from tap import Tap  # noqa: E402

CASES = ((1, 1930, 6), (10, 500, 60))         # millions of entries, bytes of each, seconds
RUNS = 3


def run(words):
    """(seconds, processor seconds, exit code, what it said)"""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    r = subprocess.run(words, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begin, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, r.returncode, r.stdout + r.stderr


def modest():
    """The log is made like any other program's file, whatever right of way the bench was given."""
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def bench(t, build, work, millions, size, limit):
    folder = os.path.join(work, 'log')
    made = subprocess.run([os.path.join(build, 'tests/bench/biglog'), folder, str(millions * 1000000), str(size)], capture_output=True, text=True, check=True, preexec_fn=modest)
    said = dict(line.split('\t') for line in made.stdout.splitlines())
    words = [os.path.join(build, 'src/cli/sekisho'), 'verify', '--log', folder, '--lang', 'en', '--key', said['key'], '--root', said['root']]
    runs = sorted(run(words) for _ in range(RUNS))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    shutil.rmtree(folder)
    seconds, cpu, code, text = runs[RUNS // 2]
    t.note('%d,000,000 entries of %d bytes: %.1f s (%.1f to %.1f), %.1f s of processors, at most %d MB of memory' % (millions, size, seconds, runs[0][0], runs[-1][0], cpu, peak))
    t.ok(code == 0 and 'Verified' in text and all(r[2] == 0 for r in runs), 'a log of %d,000,000 entries holds' % millions, text)
    t.ok(seconds <= limit, 'within %d s' % limit, 'it took %.1f s, %.1f s of processors' % (seconds, cpu))
    return '| %d,000,000 | %d | %.1f | %.1f | %d | %d |' % (millions, size, seconds, cpu, peak, limit)


def write_ledger(rows):
    load = os.getloadavg()[0]
    commit = subprocess.run(['git', '-C', ROOT, 'describe', '--always', '--dirty'], capture_output=True, text=True).stdout.strip()
    with open('/proc/cpuinfo', encoding='ascii') as f:
        model = next(line.split(':', 1)[1].strip() for line in f if line.startswith('model name'))
    head = ['# Verifying a whole log', '',
            'Written by `./test bench verify`. %s, commit %s, %d × %s. Load at the end: %.1f%s.' % (
                datetime.date.today(), commit, os.cpu_count(), model, load,
                '; with right of way (SCHED_RR)' if os.sched_getscheduler(0) == os.SCHED_RR
                else ': others were working on the machine, so the seconds say too much; the processor seconds do not' if load > os.cpu_count() + 1 else ''),
            'The middle one of %d runs; the files were written just before, and are read from the page cache as far as it goes.' % RUNS, '',
            '| entries | bytes of each | seconds | processor seconds | MB of memory | at most seconds |', '|---|---|---|---|---|---|']
    with open(os.path.join(ROOT, 'docs/ledger/verify.md'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(head + rows) + '\n')


def main(build, most=None):
    with Tap() as t, tempfile.TemporaryDirectory(prefix='sekisho-verify-') as work:
        rows = [bench(t, build, work, *case) for case in CASES if not most or case[0] <= int(most)]
        if not most:
            write_ledger(rows)


if __name__ == '__main__':
    main(os.path.abspath(sys.argv[1]), *sys.argv[2:3])
