#!/usr/bin/python3
"""demo.py BUILD - the demonstration is the same for the same day and seed, has every state that screens must show, and holds.

BUILD makes it and checks it; the office with the test clock then shows it to those who can sign in.
"""
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402

AT = '2026-11-24'


def run_people():
    """The people of ./run: one list for both."""
    with open(os.path.join(ROOT, 'run'), encoding='utf-8') as f:
        text = re.search(r"^DEMO_PEOPLE='(.*?)'$", f.read(), re.S | re.M).group(1)
    return [tuple(line.split('\t')[0].split(':')) for line in text.splitlines()]


def make(program, data, at=AT, seed='1'):
    words = [program, 'init', data, '--pack', os.path.join(ROOT, 'packs/mic-r4'), '--name', '関所市', '--body', 'SHI', '--write-accounts', '--demo', '--at', at, '--seed', seed,
             '--gate', 'demo:lgwan:lan0']
    for p in run_people():
        words += ['--person', ':'.join(p)]
    done = subprocess.run(words, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def content(data):
    """Every projection row but for keys and commitments, which are the machine's dice, and the gate, whose code is made at the moment."""
    db = sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % data, uri=True)
    out = {}
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type='table' AND (name LIKE 'r\\_%' ESCAPE '\\' OR name='search_doc') ORDER BY name"):
        columns = [c[1] for c in db.execute('PRAGMA table_info(%s)' % table) if not c[1].endswith('_c') and (table, c[1]) not in (('r_install', 'log_key'),)]
        out[table] = list(db.execute('SELECT %s FROM %s ORDER BY 1, 2' % (', '.join(columns), table)))
    del out['r_gate']
    out['journal'] = list(db.execute("SELECT idx, at, type, ref, actor FROM journal WHERE type<>'gate.added' ORDER BY idx"))
    db.close()
    return out


def column(db, sql):
    return {row[0] for row in db.execute(sql)}


# what stands there -> rows at least
WANTED = [
    ('people', "SELECT count(*) FROM r_person", 300),
    ('sections', "SELECT count(*) FROM r_section", 24),
    ('executive bodies', "SELECT count(DISTINCT body) FROM r_section", 3),
    ('services in the register', "SELECT count(*) FROM r_service", 30),
    ('services asked for, in whatever state', "SELECT count(*) FROM r_application WHERE form IN ('service-use', 'service-light', 'service-terms')", 40),
    ('services whose review is past', "SELECT count(*) FROM r_service WHERE state='approved' AND review_at < {now}", 2),
    ('services that have ended', "SELECT count(*) FROM r_service WHERE state='closed'", 2),
    ('a service with a successor', "SELECT count(*) FROM r_service WHERE successor IS NOT NULL", 1),
    ('services of several sections', "SELECT count(*) FROM (SELECT service FROM r_use GROUP BY service HAVING count(*)>=4)", 2),
    ('a subcontractor below another', "SELECT count(*) FROM r_subcontractor WHERE parent IS NOT NULL", 1),
    ('an exception in force', "SELECT count(*) FROM r_exception WHERE state='active'", 1),
    ('duties overdue', "SELECT count(*) FROM r_duty WHERE state='open' AND due_at < {now}", 3),
    ('duties to come', "SELECT count(*) FROM r_duty WHERE state='open' AND due_at >= {now}", 3),
    ('duties closed with evidence', "SELECT count(*) FROM r_duty WHERE state='closed' AND evidence IS NOT NULL", 20),
    ('services in use without approval', "SELECT count(*) FROM r_service WHERE state='transitional'", 3),
    ('one whose day to apply by is past', "SELECT count(*) FROM r_service WHERE state='transitional' AND apply_by_at < {now}", 1),
    ('a suspended service', "SELECT count(*) FROM r_service WHERE state='suspended'", 1),
    ('certificates in force', "SELECT count(*) FROM r_certificate WHERE state='valid' AND until_at >= {now}", 10),
    ('a certificate that has run out', "SELECT count(*) FROM r_certificate WHERE state='valid' AND until_at < {now}", 1),
    ('contracts', "SELECT count(*) FROM r_contract", 20),
    ('accounts looked through', "SELECT count(*) FROM r_duty WHERE kind='account' AND state='closed' AND closed_by IS NOT NULL", 10),
    ('accounts not looked through in time', "SELECT count(*) FROM r_duty WHERE kind='account' AND state='open' AND due_at < {now}", 1),
    ('accounts', "SELECT count(*) FROM r_account", 5),
    ('people to call', "SELECT count(*) FROM r_contact WHERE state='active'", 9),
    ('a deputy', "SELECT count(*) FROM r_deputy", 1),
    ('findings', "SELECT count(*) FROM r_finding WHERE state='open'", 2),
    ('an open incident with clocks', "SELECT count(*) FROM r_incident WHERE state='open'", 1),
    ('a contained one', "SELECT count(*) FROM r_incident WHERE state='contained'", 1),
    ('clocks of incidents', "SELECT count(*) FROM r_duty WHERE kind='clock' AND state='open'", 1),
    ('conditions, open', "SELECT count(*) FROM r_duty WHERE kind='condition' AND state='open'", 2),
]
STEPS = {'usage', 'conditions', 'select', 'trust', 'consent', 'council', 'decide'}


def look(t, data):
    db = sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % data, uri=True)
    now = town.micros(town.utc_text(town.jst(AT + 'T00:00')))
    for name, sql, least in WANTED:
        n = db.execute(sql.format(now=now)).fetchone()[0]
        t.ok(n >= least, '%d or more: %s' % (least, name), n)
    t.is_(column(db, "SELECT state FROM r_application"), {'submitted', 'returned', 'approved', 'rejected', 'withdrawn'}, 'every state of an application')
    t.ok(db.execute("SELECT max(at) FROM journal WHERE type<>'gate.added'").fetchone()[0] < now, 'nothing happened after the day it is made for')
    names = [n for (n,) in db.execute("SELECT name FROM r_person")]
    t.ok(len(set(names)) > 250, 'people have names of their own', len(set(names)))
    db.close()


class Demo(town.Town):
    """A town whose data are the demonstration's."""

    def _init(self, people, gate):
        status, said = make(self.program, self.dir)
        if status:
            raise town.Sick(said)
        for line in said.splitlines():
            word = line.split('\t')
            if word[0] == 'account':
                self.passwords[word[1]] = word[3]
        self.clock_file = os.path.join(self.dir, 'office', 'clock')
        self._write_clock()


def show(t):
    with Demo(at=AT + 'T09:00', people=run_people()) as house:
        waiting = {who: house.good(house.get(who, '/api/v1/applications?view=waiting'))['total'] for who in ('kato', 'watanabe', 'kobayashi', 'suzuki', 'hayashi')}
        t.ok(all(waiting.values()), 'whoever decides has something waiting', waiting)
        active = set()
        for a in house.good(house.get('kato', '/api/v1/applications?view=all'))['items']:
            if a['state'] == 'submitted' and a['form'] == 'service-use':
                active |= {s['id'] for s in house.case('kato', a['id'])['steps'] if s['active']}
        t.is_(active, STEPS, 'a case at each step of the procedure')
        mine = house.good(house.get('yamada', '/api/v1/duties'))
        t.ok(mine['items'], 'a manager has duties')
        hits = house.good(house.get('suzuki', '/api/v1/search?q=%E4%BA%88%E7%B4%84'))
        t.ok(hits['total'] >= 3, 'a search finds services', hits['total'])
        t.is_(house.down(), [], 'the programs end in order')
        status, said = house.tool('check')
        t.ok(status == 0 and 'verified' in said, 'sekishod check', said)


def main():
    build = sys.argv[1]
    program = os.path.join(build, 'src/server/sekishod')
    top = tempfile.mkdtemp(prefix='sekisho-demo.')
    try:
        with Tap() as t:
            dirs = [os.path.join(top, n) for n in ('one', 'two', 'other')]
            for data, seed in zip(dirs, ('1', '1', '2')):
                status, said = make(program, data, seed=seed)
                t.ok(status == 0, 'init --demo --at %s --seed %s' % (AT, seed), said)
            one, two, other = (content(d) for d in dirs)
            t.is_([n for n in one if one[n] != two.get(n)], [], 'the same day and seed: the same content, row by row')
            t.ok(one['r_person'] != other['r_person'] and one['journal'] != other['journal'], 'another seed: another town')
            look(t, dirs[0])
            show(t)
            status, said = make(program, os.path.join(top, 'bad'), at='2026-13-01')
            t.ok(status and 'init.at.bad' in said or '--at' in said, 'a date that is none is refused', said)
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == '__main__':
    main()
