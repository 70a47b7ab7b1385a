#!/usr/bin/python3
"""hanging.py BUILD [ROUNDS] - what people wait for an act while the receivers of notices hang, against the same without them (release build).

Does      applications filed one after the other, each laying down a notice to two people, in a new town for each block of some seconds.
          The blocks of a round follow one another, each round in the other order: what the machine does beside falls on all alike.
            without    the log only
            hanging    two mail servers, a syslog and a webhook take the connection and never answer: asked, given up, asked again
            unknown    three ways of mail, and nobody has an address: each notice is given up and that is written down
          Compared are blocks of the same round; the middle one of the rounds' ratios of p99 counts.
Writes    docs/ledger/hanging.md.

On a machine that others use, `TMPDIR=/dev/shm chrt -r 1 tests/bench/hanging.py BUILD` keeps their disk and processors out of it; the ledger says so.
"""
import datetime
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib'), os.path.join(ROOT, 'tests/api')]
import peers  # noqa: E402
import sinks  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

ACTS, WARM, ROUNDS, RATIO = 4000, 20, 5, 1.25
PEOPLE = town.PEOPLE + (('ono', '小野', '情報政策課', 'secretariat'),)
HASTY = {'retry_s': 1, 'retry_most_s': 1, 'patience_s': 1}      # hangs, gives up and asks again within a block
ADDRESSES = {'suzuki': 'suzuki@city.example', 'kimura': 'kimura@city.example'}


class House(town.Town):
    def __init__(self, program, pack):
        super().__init__(program=program, people=PEOPLE, pack=pack)

    settings, secret, give_mail = sinks.City.settings, sinks.City.secret, sinks.City.give_mail


def ways(case, ca, port):
    log = ('log', 'file', {})
    mail = {'server': '127.0.0.1', 'port': port, 'security': 'none', 'from': 'a@city.example', **HASTY}
    tls = {'server': 'localhost', 'port': port, 'ca_file': ca.pem, **HASTY}
    return {'without': (log,),
            'hanging': (log, ('mail', 'mail', mail), ('post', 'mail', mail), ('siem', 'syslog', tls), ('hook', 'webhook', {**tls, 'path': '/', 'secret_file': 'hook.secret'})),
            'unknown': (log, ('mail', 'mail', mail), ('post', 'mail', mail), ('more', 'mail', mail))}[case]


def block(case, program, pack, ca):
    """(p50, p99, calls that were hung up on, what became of the notices) of one block."""
    with peers.Trap('hang') as trap, House(program, pack) as house:
        house.secret('hook.secret', sinks.SECRET + '\n')
        house.settings(*ways(case, ca, trap.port))
        if case == 'hanging':
            house.give_mail(ADDRESSES)
        until = time.strftime('%Y-%m-%d', time.localtime(time.time() + 864000))
        house.person('sato')
        house.start('courier')
        took = []
        for i in range(ACTS + WARM):
            at = time.monotonic()
            house.good(house.apply(mac='02:00:00:00:%02x:%02x' % (i >> 8, i & 255), until=until))
            took.append(time.monotonic() - at)
        took = sorted(took[WARM:])
        states = {s['id']: s for s in house.get('tanaka', '/api/v1/status').json()['sinks']}
        return took[len(took) // 2], took[len(took) * 99 // 100], trap.calls, states


def truly(t, case, calls, states):
    """What the block is named for has happened."""
    ours = [s for name, s in states.items() if name != 'log']
    t.ok(states['log']['waiting'] < ACTS * 0.95, 'the log goes on, %s' % case, states['log'])
    if case == 'hanging':
        t.ok(calls >= 2 * len(ours) and all((s['state'], s['failed']) == ('waits', 0) and s['waiting'] >= ACTS for s in ours),
             'all four hang, have been asked again, and everything waits', (calls, states))
    if case == 'unknown':
        t.ok(calls == 0 and all(s['failed'] for s in ours), 'nobody can be reached, and that is written down', (calls, states))


def said_by(*words):
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT).stdout.strip()


def write_ledger(blocks, loads, top):
    alone = os.sched_getscheduler(0) in (os.SCHED_RR, os.SCHED_FIFO)
    lines = ['# Acts while the receivers of notices hang', '',
             'Written by `./test bench hanging`. %s, commit %s, %d processors, files on %s, load of the machine %.1f to %.1f%s.' % (
                 datetime.date.today().isoformat(), said_by('git', 'describe', '--always') or 'no git', os.cpu_count(),
                 said_by('stat', '-f', '-c', '%T', top), min(loads), max(loads), ' (real-time class: ahead of what else ran)' if alone else ''),
             '%d acts one behind the other for each block, p50 / p99 in ms; each round in a row, so that a ratio compares what ran side by side in time.' % ACTS, '',
             '| blocks | ' + ' | '.join('round %d' % (i + 1) for i in range(len(loads))) + ' | p99 against without, middle (all) |', '|---|' + '---|' * (len(loads) + 1)]
    for case, got in blocks.items():
        ratios = sorted(b / a for (_, b), (_, a) in zip(got, blocks['without']))
        lines.append('| %s | %s | %s |' % (case, ' | '.join('%.2f / %.2f' % (a * 1e3, b * 1e3) for a, b in got),
                                         '–' if case == 'without' else '**%.2f** (%s)' % (statistics.median(ratios), ', '.join('%.2f' % r for r in ratios))))
    with open(os.path.join(ROOT, 'docs/ledger/hanging.md'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(lines) + '\n')


def main(build, rounds=ROUNDS):
    program, cases = os.path.join(build, 'src/server/sekishod'), ['without', 'hanging', 'unknown']
    top = tempfile.mkdtemp(prefix='sekisho-hanging.')
    blocks, loads = {c: [] for c in cases}, []
    try:
        with Tap() as t:
            pack, ca = sinks.pack_with_secretariat(top), peers.Authority(top)
            for i in range(rounds):
                loads.append(os.getloadavg()[0])
                for case in cases if i % 2 == 0 else cases[::-1]:
                    p50, p99, calls, states = block(case, program, pack, ca)
                    blocks[case].append((p50, p99))
                    if i == 0:
                        truly(t, case, calls, states)
            write_ledger(blocks, loads, top)
            for case in cases:
                t.note('%s: %s' % (case, ', '.join('%.2f/%.2f ms' % (a * 1e3, b * 1e3) for a, b in blocks[case])))
            for case in cases[1:]:
                p50, p99 = (statistics.median(a[k] / b[k] for a, b in zip(blocks[case], blocks['without'])) for k in (0, 1))
                t.ok(p99 < RATIO, 'p99 of an act, %s: %.2f of that without (p50 %.2f)' % (case, p99, p50), blocks)
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
