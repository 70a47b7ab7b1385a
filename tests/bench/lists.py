#!/usr/bin/python3
"""lists.py BUILD [ROWS [PART]] - every list that pages, with 100,000 rows in each, asked through the office's socket one after the other.

The rows are put straight into the projections while no office runs, and the search's lines made of them: what is measured reads nothing else. Each list is asked plainly, by
its state, by section, in the order of its day, for one letter, and for its second page; the slowest p99 of these must stay within
100 ms, and the ledger has it. A way to ask of docs/openapi.yaml that is neither a list here nor named as something else is red. Writes docs/ledger/lists.md. With PART, only the lists besides the registers whose names begin so; no ledger.
"""
import datetime
import os
import random
import re
import sqlite3
import subprocess
import sys
import uuid
from urllib.parse import quote

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib'), os.path.join(ROOT, 'tests/bench')]
import search # noqa: E402
import service_forms  # noqa: E402
import times  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

LIMIT_MS, TIMES, DAY = 100.0, 40, 86400 * 1000000
SECTIONS = ('産業振興課', '税務課', '市民課', '福祉課', '情報政策課', '建設課', '観光課', '学校教育課')
WORDS = ('福祉', '税務', '防災', '教育', '図書館', '水道', '環境', '観光', '予約', '申請', '台帳', '通報', '名簿', '相談')
YEARS = 10          # of cases, duties, permits …: what is over ended within so many years; an auditor asks of one of them
SHARE = 10          # one of so many rows is live; the others are over, as in a register of many years
# The day by which a register's list can be put in order (store/registers.c).
DAYS = {'service': 'review_at', 'use': 'until_at', 'certificate': 'until_at', 'contract': 'until_at', 'account': 'until_at', 'person': 'until_at', 'posting': 'until_at',
        'contact': 'checked_at', 'attachment': 'added_at', 'finding': 'first_at', 'incident': 'found_at'}
PAST = ('closed_at', 'since_at', 'from_at', 'found_at', 'first_at', 'last_at', 'added_at', 'asked_at')
# Lists besides the registers: name, who asks, path.
LISTS = (
    ('applications: all', 'kudo', '/api/v1/applications?view=all'),
    ('applications: all, of a section', 'suzuki', '/api/v1/applications?view=all'),
    ('applications: all, of one person', 'mori', '/api/v1/applications?view=all'),
    ('applications: mine', 'sato', '/api/v1/applications?view=mine'),
    ('applications: drafted', 'sato', '/api/v1/applications?view=drafted'),
    ('applications: waiting for a decision', 'suzuki', '/api/v1/applications?view=waiting'),
    ('applications: waiting, none is', 'mori', '/api/v1/applications?view=waiting'),
    ('duties: mine', 'sato', '/api/v1/duties?view=mine'),
    ('duties: mine, by role', 'kudo', '/api/v1/duties?view=mine'),
    ('duties: all', 'kudo', '/api/v1/duties?view=all'),
    ('duties: closed', 'kudo', '/api/v1/duties?view=closed'),
    ('incidents: open', 'kudo', '/api/v1/incidents?view=open'),
    ('incidents: all', 'kudo', '/api/v1/incidents?view=all'),
    ('services', 'sato', '/api/v1/services'),
    ('findings: mine (at most 100)', 'sato', '/api/v1/findings?view=mine'),
    ('alerts (at most 100)', 'sato', '/api/v1/alerts'),
    ('contacts now (at most 1,000)', 'sato', '/api/v1/contacts/now'),
    ('calendar of a month', 'sato', '/api/v1/calendar?from={month}-01&to={month}-28'),
    ('inbox', 'suzuki', '/api/v1/inbox'),
    ('papers waiting', 'hara', '/api/v1/applications?view=papers'),
    ('service: all of one', 'kudo', '/api/v1/services/{service}'),
    ('history of a row', 'kudo', '/api/v1/rows/person:{clerk}/history'),
    ('resets (at most 200)', 'kudo', '/api/v1/resets'),
    ('people: who is active', 'kudo', '/api/v1/people'),
    ('people: who holds a role', 'kudo', '/api/v1/people?role=section_manager'),
    ('posts (at most 2,000)', 'kudo', '/api/v1/posts'),
    ('drafts (at most 100)', 'sato', '/api/v1/drafts'),
    ('previous of a form (at most 40)', 'sato', '/api/v1/forms/service-light/previous'),
    ('deputies (at most 2,000)', 'kudo', '/api/v1/deputies'),
    ('answer sheets (at most 500)', 'kudo', '/api/v1/answer-sheets'),
    ('answer sheets of a provider', 'kudo', '/api/v1/answer-sheets?provider={provider}'),
    ('peers (at most 1,000)', 'kudo', '/api/v1/peers'),
    ('files of a row', 'kudo', '/api/v1/files?about=service:{service}'),
    ('papers', 'kudo', '/api/v1/papers?about=service:{service}'),
    ('gates', 'tanaka', '/api/v1/gates'),
    ('audit: populations', 'nagai', '/api/v1/audit/populations'),
    ('audit: exceptions', 'nagai', '/api/v1/audit/exceptions'),
    ('audit: a sample of one population', 'nagai', '/api/v1/audit/populations/decided'),
    ('audit: populations of all years', 'nagai', '/api/v1/audit/populations?from={begin}'),
    ('audit: exceptions of all years', 'nagai', '/api/v1/audit/exceptions?from={begin}'),
)
TOLD = ('audit: populations of all years', 'audit: exceptions of all years')        # not lists: everything there ever was is counted
# Of every other way to ask: why it is not here.
ELSEWHERE = {
    'one of its kind, or the rules, which grow with the guideline': '/session /setup /pack /pack/coverage /pack/rules /pack/sheets/{} /pack/sheets/{}/csv /pack/drafts/{} /pack/drafts/{}/record'
                                                                      ' /forms /forms/{} /forms/{}/sheet /registers /installation /checkpoint /consistency /entries/{}/proof /status',
    'one row and what hangs on it': '/applications/{} /rows/{} /posts/{} /drafts/{} /answer-sheets/{} /answer-sheets/{}/answers /files/{} /incidents/{} /incidents/{}/report',
    'a file made of a list': '/registers/{}/sheet /duties.ics /papers/{}',
    'tests/bench/home.py': '/home /may-use /overview',
    'tests/bench/search.py': '/search',
    'a row a kind and year': '/erasures',
}


def new_ids(n):
    return [str(uuid.UUID(int=(0x0196 << 112) | (7 << 76) | (2 << 62) | i)) for i in range(n)]


class Planter:
    """Rows of a table by what its columns are called."""

    def __init__(self, db, rows, people, now):
        self.db, self.rows, self.people, self.now, self.dice, self.ids = db, rows, people, now, random.Random(1), {}
        self.step = YEARS * 365 * DAY // rows

    def value(self, column, kind, i, states):
        if column == 'state':
            return states[0] if i % SHARE == 0 else states[-1]
        if column in self.ids:                                              # service, provider, person …
            return self.ids[column][i // 3 % len(self.ids[column])]
        if column in ('manager', 'deputy', 'applicant', 'drafter'):
            return self.people[i % len(self.people)] if i % 100 == 0 else None
        if column == 'section':
            return SECTIONS[i // 7 % len(SECTIONS)]
        if column in PAST:
            return self.now - self.dice.randrange(1, YEARS * 365) * DAY if column != 'closed_at' or i % SHARE else None
        if kind == 'INTEGER':
            return self.now + self.dice.randrange(200, 900) * DAY if column.endswith('_at') else i % 3
        return '%s%s %05d' % (self.dice.choice(WORDS), self.dice.choice(WORDS), i)

    def plant(self, table, states, **fixed):
        columns = [(c[1], c[2]) for c in self.db.execute("PRAGMA table_info(r_%s)" % table) if not c[1].endswith('_c')]
        ids = new_ids(self.rows)

        def row(i):
            first = {'id': ids[i], 'k': '', 'rev': 1, 'entry': 1, **fixed}
            return [(first[c](i) if callable(first[c]) else first[c]) if c in first else self.value(c, kind, i, states) for c, kind in columns]
        self.db.executemany('INSERT INTO r_%s(%s) VALUES(%s)' % (table, ','.join(c for c, _ in columns), ','.join('?' * len(columns))), map(row, range(self.rows)))
        self.ids[table] = ids
        return ids


def plant_cases(p, sample, waits):
    """Copies of a case: most are over long ago, `waits` of them wait for the section manager of 産業振興課."""
    ids = new_ids(p.rows)
    columns = {t: [c[1] for c in p.db.execute('PRAGMA table_info(r_%s)' % t)] for t in ('application', 'answer', 'step', 'rating')}
    for table in columns:
        for old in p.db.execute('SELECT %s FROM r_%s WHERE id=?' % (','.join(columns[table]), table), (sample,)).fetchall():
            def copy(i):
                new = dict(zip(columns[table], old), id=ids[i])
                if table == 'application':
                    new.update(number='SHI-%06d' % i, submitted_at=new['submitted_at'] - i * p.step, applicant=p.people[i % len(p.people)])
                    if i >= waits:
                        new.update(state='approved' if i % SHARE else 'rejected', section=SECTIONS[i % len(SECTIONS)], ended_at=new['submitted_at'] + p.step // 2)
                elif table == 'step' and i >= waits:
                    new.update(state='approved', decider=p.people[i % len(p.people)], decided_at=p.now - i * p.step, principal=p.people[0] if i % 50 == 1 else None)
                elif table == 'rating' and i % SHARE == 0 and new['k'] == 'confidentiality':
                    new.update(person=p.people[0])
                return [new[c] for c in columns[table]]
            p.db.executemany('INSERT INTO r_%s(%s) VALUES(%s)' % (table, ','.join(columns[table]), ','.join('?' * len(columns[table]))),
                             map(copy, range(p.rows if table != 'answer' else waits)))
    p.ids['application'] = ids


def plant_evidence(p):
    """What an auditor counts besides: lines judged, permits, roles given, exceptions, and when each service was first written down."""
    cases, at = p.ids['application'], [p.now - i * p.step for i in range(p.rows)]
    p.db.executemany("INSERT INTO r_criterion(id, k, rev, entry, result, answer, person, judged_at) VALUES(?, 'C1', 1, 1, 'met', ?, ?, ?)",
                     [(cases[i], 'answered' if i % 3 else None, p.people[0], at[i]) for i in range(p.rows)])
    p.db.executemany("INSERT INTO r_permit(id, k, rev, entry, application, state, from_at, until_at) VALUES(?, '', 1, 1, ?, 'ended', ?, ?)",
                     [(p.ids['service'][i], cases[i], at[i], at[i] + DAY) for i in range(p.rows)])
    p.db.executemany("INSERT INTO r_enforcement(id, k, rev, entry, seq, at) VALUES(?, 'gate', 1, 1, 1, ?)", [(p.ids['service'][i], at[i]) for i in range(0, p.rows, 2)])
    p.db.executemany("INSERT INTO r_holder(id, k, rev, entry, since_at, state) VALUES(?, 'staff', 1, 1, ?, 'active')", [(p.ids['person'][i], at[i]) for i in range(p.rows)])
    p.db.executemany("INSERT INTO r_exception(id, k, rev, entry, application, from_at, until_at, state) VALUES(?, 'C1', 1, 1, ?, ?, ?, 'ended')",
                     [(cases[i], cases[i], at[i], at[i] + DAY) for i in range(0, p.rows, SHARE)])
    p.db.executemany("INSERT INTO history(tbl, id, idx) VALUES('service', ?, ?)", [(p.ids['service'][i], 1) for i in range(p.rows)])


def plant(house, registers, rows, people, sample, few):
    db = sqlite3.connect(os.path.join(house.dir, 'office/sekisho.db'))
    db.executescript('PRAGMA synchronous=OFF; PRAGMA cache_size=-400000')
    now = db.execute('SELECT max(at) FROM journal').fetchone()[0]
    p = Planter(db, rows, people, now)
    states = {r['id']: r['states'] or ['active', 'ended'] for r in registers}
    with db:
        plant_cases(p, sample, 400)
        tables = ('provider', 'service') + (('person',) if few else tuple(r['id'] for r in registers if r['id'] not in ('provider', 'service')))
        for table in tables + ('reset', 'answersheet', 'deputy'):
            fixed = {'person': {'login': lambda i: 'p%06d' % i, 'number': lambda i: '%07d' % i}, 'finding': {'kind': 'other', 'incident': None},
                     'deputy': {'k': lambda i: p.ids['person'][-i]}}.get(table, {})
            p.plant(table, states.get(table) or ['asked', 'done'], **fixed)
        plant_evidence(p)
        p.plant('duty', ('open', 'closed'), state=lambda i: 'open' if i % 2 else 'closed', kind='task', rule=None, application=None, subject=None, reminded_at=now + 9999 * DAY,
                due_at=lambda i: now + (p.dice.randrange(900) - 400 if i % 2 else -p.dice.randrange(YEARS * 365)) * DAY,
                closed_by=lambda i: None if i % 2 else people[0], closed_at=lambda i: None if i % 2 else now - p.dice.randrange(1, YEARS * 365) * DAY, person=lambda i: people[i % len(people)] if i % 1000 == 1 else p.ids['person'][i], role=lambda i: 'secretariat' if i % 50 == 1 else 'section_manager', overdue_role=None)
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()


def asked(r, page):
    """A register's list in each way that people ask for it."""
    path = '/api/v1/registers/%s?' % r['id']
    ways = [('plain', path), ('one letter', path + 'q=' + quote('税')), ('a letter that is nowhere', path + 'q=' + quote('麒'))]
    ways += [('state ' + s, path + 'state=' + s) for s in (r['states'] or [])[:1] + (r['states'] or [])[-1:]]
    columns = [c['id'] for c in r['columns']]
    if 'section' in columns:
        ways.append(('section', path + 'section=' + quote('税務課')))
        ways += [('state and section', path + 'section=%s&state=%s' % (quote('税務課'), r['states'][0]))] if r['states'] else []
    day = DAYS.get(r['id'])
    if day:
        ways.append(('by ' + day, path + 'sort=' + day))
        if 'section' in columns:
            ways.append(('section, by ' + day, path + 'section=%s&sort=%s' % (quote('税務課'), day)))
    if page.get('next'):
        ways.append(('second page', path + 'after=' + page['next']))
    if r.get('of'):
        ways.append(('of one ' + r['of'], path + 'of='))
    return ways


def measure(t, house, name, who, path):
    reply = house.get(who, path)
    if reply.status != 200:
        t.ok(False, '%s: answers' % name, '%d %s %s' % (reply.status, path, reply.body[:200]))
        return None
    page, pid = reply.json(), house.running['office'].pid
    times.measure(lambda: house.get(who, path), 4)
    before = times.cpu_ms(pid)
    ms = times.measure(lambda: house.get(who, path), TIMES)
    items = page if isinstance(page, list) else page.get('items', ())
    return times.p(ms, 50), times.p(ms, 99), (times.cpu_ms(pid) - before) / TIMES, len(items)


def covers_all(t):
    with open(os.path.join(ROOT, 'docs/openapi.yaml'), encoding='utf-8') as f:
        paths = [re.sub(r'\{[^}]*\}', '{}', path) for path, item in yaml.safe_load(f)['paths'].items() if 'get' in item and path.startswith('/api/v1/')]
    here = ['/api/v1/registers/{}', *(re.sub(r'\{[^}]*\}', '{}', path.split('?')[0]) for _, _, path in LISTS)]
    elsewhere = ['/api/v1' + path for paths in ELSEWHERE.values() for path in paths.split()]
    # what LISTS asks of one word of a kind ("service-light") stands for all of the kind
    t.is_([p for p in paths if p not in elsewhere and not any(re.fullmatch(re.escape(p).replace(r'\{\}', '[^/]+'), h) for h in here)], [], 'every list of docs/openapi.yaml is asked')


def main():
    build, rows, part = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100000, sys.argv[3] if len(sys.argv) > 3 else ''
    house = town.Town(pack='packs/mic-r4', people=town.CITY, gate=None, program=os.path.join(build, 'src/server/sekishod'))
    lines = []
    with Tap() as t, house:
        registers = house.good(house.get('kudo', '/api/v1/registers'))['items']
        people = [house.id(who) for who in ('sato', 'yamada', 'suzuki', 'mori')]
        sample = house.submit('sato', 'service-light', service_forms.answers('service-light', today=datetime.date.today().isoformat(), manager=house.id('sato'), deputy=house.id('yamada')))['id']
        house.down()
        plant(house, registers, rows, people, sample, part)
        subprocess.run([os.path.join(build, 'tests/bench/fill'), house.dir, 'lines'], check=True)
        house.up()
        one = {r: house.good(house.get('kudo', '/api/v1/registers/' + r))['items'][0]['id'] for r in ('service', 'person', 'provider')}
        one['clerk'] = house.id('sato')
        one['month'] = (datetime.date.today() + datetime.timedelta(days=300)).strftime('%Y-%m')
        one['begin'] = (datetime.date.today() - datetime.timedelta(days=YEARS * 366)).isoformat()
        covers_all(t)
        for r in () if part else registers:
            ways = []
            for way, path in asked(r, house.good(house.get('kudo', '/api/v1/registers/' + r['id']))):
                got = measure(t, house, '%s: %s' % (r['id'], way), 'kudo', path + (one[r['of']] if path.endswith('of=') else ''))
                if got:
                    ways.append((got[1], way, got))
            slowest = max(ways)
            lines.append(('register ' + r['id'], '%d ways; slowest: %s' % (len(ways), slowest[1])) + slowest[2])
            t.note(' '.join('%s %.1f/%.1f' % (w[1], w[2][0], w[2][1]) for w in ways))
        for name, who, path in (x for x in LISTS if x[0].startswith(part)):
            got = measure(t, house, name, who, path.format(**one))
            if got:
                lines.append((name, '') + got)
        for line in lines:
            t.ok(line[3] <= LIMIT_MS or line[0] in TOLD, '%s: p99 within %d ms' % (line[0], LIMIT_MS), line)
            t.note(line)
        if not part:
            write_ledger(rows, lines)


TAIL = ['', 'Not in here:', *('- %s: %s' % (why, ' '.join('`%s`' % p for p in paths.split())) for why, paths in ELSEWHERE.items())]


def write_ledger(rows, lines):
    head = ['# Every list with %s rows' % format(rows, ','), '', 'Written by `./test bench lists`. ' + search.about_run(),
            'Requests go one after the other through the office\'s SCGI socket (release build); %d of each. Of a register the slowest way of asking stands here.' % TIMES,
            'Cases, duties, permits and what was judged are spread over %d years; an auditor\'s lists are of the fiscal year, and of all years where it says so (these have no limit).' % YEARS, '',
            '| list | asked | lines | p50 ms | p99 ms | processor ms |', '|---|---|---|---|---|---|']
    with open(os.path.join(ROOT, 'docs/ledger/lists.md'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(head + ['| %s | %s | %d | %.1f | %.1f | %.1f |' % (name, way, n, p50, p99, used) for name, way, p50, p99, used, n in lines] + TAIL) + '\n')


if __name__ == '__main__':
    main()
