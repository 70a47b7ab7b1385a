#!/usr/bin/python3
"""home.py BUILD [ROWS] - the first page with 100,000 services, 20,000 of them past their transition, 20,000 open duties and 200 open cases: GET /home, /may-use and /overview through the office's socket, one after the
other, and the first load of the screen in Chromium with a cold cache. Writes docs/ledger/home.md.
"""
import datetime
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from urllib.parse import quote

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib'), os.path.join(ROOT, 'tests/net')]
import service_use  # noqa: E402
import town  # noqa: E402
from netlab import Lab  # noqa: E402
from office import Office  # noqa: E402
from tap import Tap  # noqa: E402
from times import cpu_ms, measure, p  # noqa: E402

LIMIT_MS, LOAD_MS, TIMES, LOADS, DUTIES, CASES = 100.0, 1000.0, 100, 9, 20000, 200
ASK = '/api/v1/may-use?q='
# name, who, path, limit (None: told only)
ASKED = [
    ('home, secretariat', 'kudo', '/api/v1/home', LIMIT_MS),
    ('home, section manager', 'ito', '/api/v1/home', LIMIT_MS),
    ('home, approver', 'hara', '/api/v1/home', LIMIT_MS),
    ('home, staff', 'sato', '/api/v1/home', LIMIT_MS),
    ('may-use: a name', 'sato', ASK + quote('税務申請システム'), LIMIT_MS),
    ('may-use: a word in most rows', 'sato', ASK + quote('システム'), LIMIT_MS),
    ('may-use: a host', 'sato', ASK + 's04711.example.jp', LIMIT_MS),
    ('may-use: a name that is nowhere', 'sato', ASK + quote('麒麟'), LIMIT_MS),
    ('overview', 'kudo', '/api/v1/overview', None),
]


def crowd(house):
    """What makes the first page work: every fifth service past its transition, and duties of the posts in every section, a third of them overdue."""
    now = int(time.time() * 1000000)
    db = sqlite3.connect(house.dir + '/office/sekisho.db')
    ids = [r[0] for r in db.execute("SELECT id FROM r_service WHERE state='approved' LIMIT 40000")]
    db.executemany("UPDATE r_service SET state='transitional', apply_by_at=? WHERE id=?", [(now - 86400000000, i) for i in ids[::2]])
    db.executemany("INSERT INTO r_duty(id, k, rev, entry, kind, role, section, service, text, due_at, state) VALUES(?, '', 1, 0, 'task', ?, ?, ?, '記録を確かめる。', ?, 'open')",
                   [(str(uuid.UUID(int=(7 << 76) | (2 << 62) | n)), ('section_manager', 'secretariat', 'approving_authority')[n % 3], '税務課' if n % 3 == 0 else None, ids[n % len(ids)],
                     now + (n % 90 - 30) * 86400000000) for n in range(DUTIES)])
    db.commit()
    db.close()


def cases(house):
    case = service_use.case('plain', manager=house.id('yamada'), deputy=house.id('mori'))
    for n in range(CASES):
        house.submit('sato', 'service-use', {**case.forms['service-use'], 'service_name': '待つサービス %03d' % n})


def answers(t, build, rows):
    lines = []
    house = town.Town(pack='packs/mic-r4', people=town.CITY, gate=None, program=os.path.join(build, 'src/server/sekishod'))
    subprocess.run([os.path.join(build, 'tests/bench/fill'), house.dir, str(rows)], check=True)
    crowd(house)
    with house:
        cases(house)
        page = house.good(house.get('kudo', '/api/v1/home'))
        t.ok(len(page['due']) == 20 and page['counts']['waiting'] >= 20 and {w['kind'] for w in page['wrong']} >= {'duty', 'transitional'}, 'the page is full', page['counts'])
        for name, who, path, limit in ASKED:
            house.good(house.get(who, path))
            times, before = TIMES if limit else 20, cpu_ms(house.running['office'].pid)
            ms = measure(lambda: house.get(who, path), times)
            lines.append('| %s | %.1f | %.1f | %.1f | %.1f |' % (name, p(ms, 50), p(ms, 99), max(ms), (cpu_ms(house.running['office'].pid) - before) / times))
            t.note(lines[-1])
            if limit:
                t.ok(p(ms, 99) <= limit, '%s: p99 within %d ms' % (name, limit), lines[-1])
    return lines


def load(t, build):
    people = ('sato:佐藤:産業振興課:staff', 'suzuki:鈴木:産業振興課:section_manager', 'tanaka:田中:情報政策課:system_manager,secretariat')
    with Lab() as lab, tempfile.TemporaryDirectory(prefix='sekisho-bench-') as top:
        office = Office(build, lab, top, 'packs/mic-r4', people, 'lgwan')
        office.start()
        try:
            env = {**os.environ, 'E2E_BASE': 'https://localhost:%d' % office.user_port, 'E2E_ACCOUNTS': office.dir + '/people.json'}
            out = subprocess.run([os.path.join(ROOT, 'web/node_modules/.bin/node'), 'tests/bench/home_load.mjs', 'tanaka', str(LOADS)], cwd=ROOT, env=env,
                                 capture_output=True, text=True, timeout=240)
        finally:
            office.stop()
    loads = [[float(word) for word in line.split()] for line in out.stdout.splitlines()]
    t.is_((out.returncode, len(loads)), (0, LOADS), 'the page was loaded')
    if not loads:
        t.note(out.stderr[-1500:])
        return []
    ms = [one[0] for one in loads]
    line = '| first load in Chromium, cold cache (%.0f KB) | %.0f | – | %.0f | – |' % (max(one[1] for one in loads) / 1000, p(ms, 50), max(ms))
    t.note(line)
    t.ok(p(ms, 50) < LOAD_MS, 'the first page shows its lists within %d ms' % LOAD_MS, line)
    return [line]


def write_ledger(rows, lines):
    version = subprocess.run(['git', '-C', ROOT, 'describe', '--always', '--dirty'], capture_output=True, text=True).stdout.strip() or 'no git'
    busy = os.getloadavg()[0]
    head = ['# The first page', '',
            'Written by `./test bench home`. %s, commit %s, %d × %s, %s services (20,000 past their transition), %s open duties, %s open cases; release build.' % (
                datetime.date.today().isoformat(), version, os.cpu_count(), platform.machine(), format(rows, ','), format(DUTIES, ','), CASES),
            'Requests one after the other through the office\'s SCGI socket, %d of each kind; Chromium: %d loads, each with an empty cache, through nginx.' % (TIMES, LOADS),
            'Load of the machine at the end: %.1f%s.' % (busy, '' if busy < os.cpu_count() else ': others were working on it, so the times say too much'), '',
            '| asked | p50 ms | p99 ms | most ms | processor ms |', '|---|---|---|---|---|']
    os.makedirs(os.path.join(ROOT, 'docs/ledger'), exist_ok=True)
    with open(os.path.join(ROOT, 'docs/ledger/home.md'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(head + lines) + '\n')


def main():
    build, rows = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    with Tap() as t:
        lines = answers(t, build, rows)
        lines += load(t, build)
        write_ledger(rows, lines)


if __name__ == '__main__':
    main()
