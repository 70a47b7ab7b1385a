#!/usr/bin/python3
"""clock.py - the machine's clock jumps under a running office: by a day, by a year, to 2038, forth and back, while it runs and while it is off.

No permit gets longer or ends, no session lives again, the gates hear no other time, the journal's time never goes back, until a person
has confirmed the clock; set right, everything goes on by itself. Control: an office that does not look (the tests' own clock) ends all.
"""
import contextlib
import datetime
import json
import os
import shutil
import sqlite3
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import gate  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

DAY = datetime.timedelta(days=1)
T0 = town.jst('2026-04-01T09:00')
JUMPS = (('a day on', T0 + DAY), ('a day back', T0 - DAY), ('a year on', T0 + 365 * DAY), ('a year back', T0 - 365 * DAY), ('2038', town.jst('2038-01-19T12:14:08')))
BOOT = 'SEKISHO_TEST_JUMPS'


@contextlib.contextmanager
def boot(name):
    """The machine has been started anew, and its clock is looked at."""
    before = os.environ.get(BOOT)
    os.environ[BOOT] = name
    try:
        yield
    finally:
        os.environ.pop(BOOT) if before is None else os.environ.update({BOOT: before})


def jump(x, to):
    """The machine's clock stands there; who is signed in stays so."""
    x.now = to
    x._write_clock()


def rows(x, sql):
    with contextlib.closing(sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % x.dir, uri=True, timeout=10)) as db:
        return db.execute(sql).fetchall()


def permits(x):
    return sorted(rows(x, 'SELECT id, rev, from_at, until_at, state FROM r_permit'))


def entries(x, type):
    return [json.loads(e) for (e,) in rows(x, "SELECT entry FROM journal WHERE type='%s' ORDER BY idx" % type)]


def held(x, what):
    return town.wait('time %s' % what, lambda: x.good(x.get('tanaka', '/api/v1/clock'))['held'] == what)


def confirm(x, who='tanaka', wall=None):
    return x.post(who, '/api/v1/clock/confirm', {'wall': wall or x.good(x.get(who, '/api/v1/clock'))['wall']})


def wrong(x, login):
    return [w['kind'] for w in x.good(x.get(login, '/api/v1/home'))['wrong']]


def heard(x, g):
    """What the stream says the time is, in seconds from T0."""
    g.leave()
    g.head = None
    g.frames.clear()
    g.follow(lambda g: g.frames)
    return (g.frames[-1][1] - town.micros(town.utc_text(T0))) / 1e6


def permitted(x, untils):
    for i, until in enumerate(untils):
        x.decide('suzuki', x.good(x.apply(mac='02:00:00:00:00:%02x' % (i + 1), until=until))['id'])
    return town.wait('the permits', lambda: len([p for p in permits(x) if p[4] == 'active']) == len(untils) and permits(x))


def never_back(t, x, what):
    ats = [at for (at,) in rows(x, 'SELECT at FROM journal ORDER BY idx')]
    t.ok(ats == sorted(ats), '%s: the journal\'s time never goes back' % what)


def while_it_runs(t, x, g):
    before = permitted(x, ['2026-04-30'] * 3 + ['2026-04-01'])
    g.follow(lambda g: len(g.records) == 4)
    s = x.person('sato')
    t.ok('clock' not in wrong(x, 'tanaka') and x.good(x.get('tanaka', '/api/v1/clock'))['held'] == 'none', 'time runs')
    for n, (what, to) in enumerate(JUMPS):
        jump(x, to)
        held(x, 'jump')
        t.is_(permits(x), before, '%s: no permit ends, begins or gets longer' % what)
        t.is_(s.get('/api/v1/session').status, 200, '%s: a session goes on' % what)
        t.ok(abs(heard(x, g)) < 300, '%s: the gates hear the time as it was' % what)
        t.ok('clock' in wrong(x, 'tanaka') and 'clock' not in wrong(x, 'sato'), '%s: the home of who keeps the house says it' % what)
        a = x.good(x.apply(mac='02:00:00:00:01:%02x' % n))
        t.ok(abs(town.micros(x.case('sato', a['id'])['submitted_at']) - town.micros(town.utc_text(T0))) < 300e6, '%s: acts go on, by the time as it was' % what)
        jump(x, T0)
        held(x, 'none')
        town.wait('the entry', lambda: len(entries(x, 'clock.resumed')) == n + 1)
        t.is_(len(entries(x, 'clock.held')), n + 1, '%s: it is written down, and that it is right again' % what)
    t.is_([rows(x, "SELECT count(*) FROM journal WHERE type='%s'" % w)[0][0] for w in ('permit.expired', 'duty.overdue', 'clock.confirmed')], [0, 0, 0], 'time did nothing')
    never_back(t, x, 'jumps')
    return before


def restarted(t, x, before):
    """The same boot: the boot clock has counted. Another one: what was last seen."""
    for what, name, to, want in (('the same boot, a year on', 'a', T0 + 365 * DAY, 'jump'), ('the same boot, set right', 'a', T0, 'none'),
                                 ('another boot, a year back', 'b', T0 - 365 * DAY, 'jump'), ('and again, an hour off', 'c', T0 + datetime.timedelta(hours=1), 'jump')):
        t.is_(x.down(), [], '%s: stopped' % what)
        jump(x, to)
        x.sessions = {}
        with boot(name):
            x.up()
        held(x, want)
        t.is_([p[:5] for p in permits(x) if p in before], before, '%s: time is %s, permits as they were' % (what, want))
    never_back(t, x, 'restarts')


def confirmed(t, x):
    t.is_(confirm(x, 'sato', '2026-04-01T00:00:00Z').status, 403, 'not everybody confirms')
    t.is_(confirm(x, wall='2026-03-01T00:00:00Z').json()['error']['key'], 'clock.moved', 'nor what nobody sees')
    jump(x, T0 + DAY)
    old = x.person('sato')
    t.is_(confirm(x).status, 200, 'the system manager confirms: it is tomorrow')
    x.sessions = {}
    t.is_(old.get('/api/v1/session').status, 401, 'everybody signs in anew')
    town.wait('the end of the permit', lambda: entries(x, 'permit.expired'))
    t.is_(sorted(p[4] for p in permits(x) if p[4] != 'waiting'), ['active'] * 3 + ['expired'], 'the permit whose day is over ends, no other')
    t.is_([e['actor'] for e in entries(x, 'clock.confirmed')], [x.id('tanaka')], 'it is written down who')
    t.is_(confirm(x).json()['error']['key'], 'clock.runs', 'once is enough')
    mine = x.person('sato')
    jump(x, T0)
    held(x, 'jump')
    t.is_(confirm(x).status, 200, 'and then that it was a mistake: a day back')
    x.sessions = {}
    t.is_([s.get('/api/v1/session').status for s in (old, mine)], [401, 401], 'no session lives again')
    t.is_(sorted(p[4] for p in permits(x) if p[4] != 'waiting'), ['active'] * 3 + ['expired'], 'nor any permit')
    x.good(x.apply(mac='02:00:00:00:02:01'))
    never_back(t, x, 'a confirmed way back')


def unseen(t, program_pack):
    """Off for five days, in which most permits end."""
    with town.Town(at='2026-04-01T09:00', pack=program_pack) as x:
        x.down()
        with boot('a'):
            x.up()
        before = permitted(x, ['2026-04-02'] * 3 + ['2026-04-30'])
        x.down()
        jump(x, T0 + 5 * DAY)
        x.sessions = {}
        with boot('b'):
            x.up()
        held(x, 'mass')
        t.is_(permits(x), before, 'three of four ended while it was off: they wait for a person')
        t.is_(confirm(x).status, 200, 'who confirms the clock')
        x.sessions = {}
        town.wait('their end', lambda: len(entries(x, 'permit.expired')) == 3)
        t.is_(sorted(p[4] for p in permits(x)), ['active'] + ['expired'] * 3, 'then they end')
        t.is_(x.down(), [], 'all end in order')
        t.is_(x.tool('check')[0], 0, 'check passes')


def control(t):
    with town.Town(at='2026-04-01T09:00') as x:
        before = permitted(x, ['2026-04-30'] * 3)
        x.clock(T0 + 365 * DAY)
        town.wait('the end of all', lambda: len(entries(x, 'permit.expired')) == 3)
        t.ok(permits(x) != before and x.good(x.get('tanaka', '/api/v1/clock'))['held'] == 'none', 'control: an office that does not look at its clock ends all permits')


def main():
    with Tap() as t, tempfile.TemporaryDirectory() as room:
        with boot('a'), town.Town(at='2026-04-01T09:00') as x:
            g = gate.Gate(x.sock('machine'), x.code)
            before = while_it_runs(t, x, g)
            g.close()
            restarted(t, x, before)
            confirmed(t, x)
            t.is_(x.down(), [], 'all end in order')
            t.is_(x.tool('check')[0], 0, 'check passes')
        pack = shutil.copytree(os.path.join(ROOT, 'packs/thread'), os.path.join(room, 'thread'))
        with open(pack + '/pack.yaml', encoding='utf-8') as f:
            text = f.read()
        with open(pack + '/pack.yaml', 'w', encoding='utf-8') as f:
            f.write(text.replace('  grant_valid_hours:', '  mass_end_percent: 30\n  mass_end_from: 2\n  grant_valid_hours:'))
        unseen(t, pack)
        control(t)


if __name__ == '__main__':
    main()
