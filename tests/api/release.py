#!/usr/bin/python3
"""release.py BUILD - what ships has no doors for tests: no test clock, no fault points, no way around durability.

The programs are asked (an entry's time under a false clock) and read (no such word in their bytes); the build with sanitizers, which has
those doors, proves that both ways of looking see something.
"""
import datetime
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import scgi  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

DOORS = (b'SEKISHO_TEST_CLOCK', b'SEKISHO_FAULT', b'SEKISHO_FAULT_NOSYNC', b'office.committed')
FALSE = '=2031-01-01T00:00:00Z'


def times(program):
    """The journal's first times of an install made, and of a sign-in to an office run, under a false clock; in whole days from now."""
    os.environ['SEKISHO_TEST_CLOCK'] = FALSE
    try:
        house = Liar(program=program)
        with house:
            s = house.person('sato')
            now = town.micros(s.get('/api/v1/session').json()['now'])
            a = town.micros(house.get('sato', '/api/v1/applications/' + house.apply(until=soon()).json()['id']).json()['submitted_at'])
        return [round((t - town.micros(town.utc_text(datetime.datetime.now(town.UTC)))) / 86400e6) for t in (now, a)]
    finally:
        del os.environ['SEKISHO_TEST_CLOCK']


def soon():
    """A last day that is within the limit, whichever clock is believed."""
    return (datetime.datetime.now(town.UTC) + datetime.timedelta(days=30)).strftime('%Y-%m-%d')


class Liar(town.Town):
    """A town whose programs are all told a false time."""

    def _env(self, spec):
        return dict(os.environ, SEKISHO_TEST_CLOCK=FALSE)


def programs(build):
    want = [os.path.join(build, 'src', *p) for p in (('server', 'sekishod'), ('gate', 'sekisho-gate'), ('cli', 'sekisho'))]
    return [p for p in want if os.path.exists(p)]


def doors(path):
    with open(path, 'rb') as f:
        data = f.read()
    return [d.decode() for d in DOORS if d in data]


def main():
    build = sys.argv[1]
    with Tap() as t:
        shipped = programs(build)
        t.ok(len(shipped) == 3, 'the programs are there: %s' % ', '.join(map(os.path.basename, shipped)), build)
        for path in shipped:
            t.is_(doors(path), [], '%s has no word of a test clock or a fault point' % os.path.basename(path))
        t.ok(len(doors(town.SEKISHOD)) >= 2, 'the test build has them, so the look sees', doors(town.SEKISHOD))
        t.is_(times(os.path.join(build, 'src/server/sekishod')), [0, 0], 'init and office of the release keep the right time under SEKISHO_TEST_CLOCK')
        with tempfile.TemporaryDirectory() as room:
            env = dict(os.environ, SEKISHO_TEST_CLOCK=FALSE)
            done = subprocess.run([town.SEKISHOD, 'init', room + '/d', '--pack', os.path.join(ROOT, 'packs/thread'), '--name', '関所市', '--body', 'SHI', '--person', 'a:b:c:staff'],
                                  env=env, capture_output=True)
            with open(room + '/d/office/sekisho.db', 'rb') as f:
                found = b'"at":1924992000000000' in f.read()
            t.ok(done.returncode == 0 and found, 'the test build writes the false time, so the look sees', done.stderr.decode())


if __name__ == '__main__':
    main()
