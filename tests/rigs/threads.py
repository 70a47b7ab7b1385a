#!/usr/bin/python3
"""threads.py - the office's threads under the thread sanitizer: every story, then people and a gate all at once.

    tests/rigs/threads.py        TAP; builds build/tsan itself (a few minutes the first time)

A report of the sanitizer is red: the stories refuse whatever a program says at its end, the load counts reports in the log.
Behind the sandbox the sanitizer can neither run a symbolizer nor open a log of its own, so reports are bare addresses on
standard error: `addr2line -fe build/tsan/src/server/sekishod 0x…` names them.
"""
import os
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, 'build/tsan')
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/lib', HERE]
from tap import Tap                                                    # noqa: E402

WORKERS, ROUNDS = 5, 25
os.environ['SEKISHO_SAN'] = BUILD
os.environ['TSAN_OPTIONS'] = 'exitcode=66 symbolize=0'


def build():
    if not os.path.exists(BUILD + '/build.ninja'):
        subprocess.run(['meson', 'setup', BUILD, '--buildtype=debug', '-Doptimization=1', '-Db_sanitize=thread', '-Db_lundef=false', '-Dwerror=false',
                        '-Dtest_clock=true', '-Dfault_points=true'], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(['ninja', '-C', BUILD, 'src/server/sekishod'], check=True, stdout=subprocess.DEVNULL)


def stories(t):
    r = subprocess.run(['/usr/bin/python3', ROOT + '/tests/scenario/play.py'], cwd=ROOT, capture_output=True, text=True, timeout=600)
    bad = [line for line in r.stdout.splitlines() if line.startswith('not ok')]
    t.ok(r.returncode == 0 and not bad, 'every story, and not a word from the sanitizer', r.stdout[-3000:])


def one_person(house, n, wrong):
    staff, chief = house.sign_in('staff'), house.sign_in('section_manager')
    for i in range(ROUNDS):
        mac = '02:00:5e:10:%02x:%02x' % (n, i)
        a = staff.post('/api/v1/applications', {'form': 'network-connection', 'answers': {
            'device_name': 'x', 'mac': mac, 'purpose': 'y', 'until': house.soon}}).json()
        r = chief.post('/api/v1/applications/%s/decide' % a['id'], {'decision': 'approve', 'reason': '', 'rev': 1})
        seen = chief.get('/api/v1/applications/' + a['id']).json()
        for uri in ('/api/v1/applications?view=all', '/api/v1/status', '/api/v1/checkpoint', '/api/v1/entries/%d/proof' % a['receipt']['index']):
            chief.get(uri)
        if i % 2:
            r = chief.post('/api/v1/permits/%s/revoke' % seen['permit']['id'], {'reason': 'z', 'rev': seen['permit']['rev']})
        if r.status != 200:
            wrong.append(r.body)


def watch(gate):
    """Reads the stream until the office ends."""
    try:
        gate.follow(lambda g: False)
    except OSError:
        return


def load(t):
    import datetime
    import gate as gates
    import mortal
    with mortal.Town(BUILD) as town:
        town.start()
        house, wrong = town.office, []
        house.soon = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
        watcher = gates.Gate(house.sock('machine'), town.code)
        threading.Thread(target=watch, args=(watcher,), daemon=True).start()
        people = [threading.Thread(target=one_person, args=(house, n, wrong)) for n in range(WORKERS)]
        for p in people:
            p.start()
        for p in people:
            p.join()
        t.ok(not wrong, '%d acts by %d people at once are answered' % (WORKERS * ROUNDS * 5 // 2, WORKERS), wrong[:3])
        ends = town.stop()
        t.ok(set(ends) == {0} and 'ThreadSanitizer' not in town.words(10 ** 6), 'and not a word from the sanitizer', town.words())


def main():
    with Tap() as t:
        build()
        stories(t)
        load(t)


if __name__ == '__main__':
    main()
