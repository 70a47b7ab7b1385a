#!/usr/bin/python3
"""search.py BUILD [ROWS] - pages of a register and searches with 100,000 rows, asked through the office's socket one after the other.

Each kind of question is asked a few hundred times; p99 must stay within 10 ms (a single letter: within 100). In the same run the named peer, plain SQLite with
LIKE '%…%' over the same file (Python's sqlite3), answers the same question. Writes docs/ledger/search.md.
"""
import datetime
import os
import platform
import sqlite3
import subprocess
import sys
import time
from urllib.parse import quote

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402
from times import cpu_ms, measure, p  # noqa: E402

LIMIT_MS, TIMES, PEER_TIMES, QUIET_S = 10.0, 200, 5, 3.0
LETTER_MS = 100.0       # search is promised from two letters; a single one is held to what any list is
LIST, FIND = '/api/v1/registers/service', '/api/v1/search'
# name, path, what the peer looks for (state, section, word)
ASKED = [
    ('a page, by state', LIST + '?state=closed', ('closed', '', '')),
    ('a page, by state and section', LIST + '?state=closed&section=' + quote('税務課'), ('closed', '税務課', '')),
    ('a page, by state; a word in 1 of 1,000 rows', LIST + '?state=closed&q=' + quote('鰻屋'), ('closed', '', '鰻屋')),
    ('a page, by state; a word in 1 of 70 rows', LIST + '?state=closed&q=' + quote('関所'), ('closed', '', '関所')),
    ('a page, by state; a word in most rows', LIST + '?state=closed&q=' + quote('システム'), ('closed', '', 'システム')),
    ('a page, by state and section; two words', LIST + '?state=closed&section=' + quote('税務課') + '&q=' + quote('図書館 予約'), ('closed', '税務課', '図書館予約')),
    ('a page, by section that has it not; a word in 1 of 8 rows', LIST + '?section=' + quote('総合窓口課') + '&q=' + quote('図書館'), ('', '総合窓口課', '図書館')),
    ('a page, by state, by review day; a word in 1 of 70 rows', LIST + '?state=closed&sort=review_at&q=' + quote('関所'), None),
    ('a page; one letter, in 1 of 8 rows', LIST + '?q=' + quote('税'), ('', '', '税')),
    ('a page; one letter that is nowhere', LIST + '?q=' + quote('麒'), ('', '', '麒')),
    ('a page, by review day; half-width kana', LIST + '?sort=review_at&q=' + quote('ｳﾅｷﾞ'), None),
    ('a page; part of a domain', LIST + '?q=s04711', ('', '', 's04711')),
    ('a page; a word that is nowhere', LIST + '?q=' + quote('麒麟'), ('', '', '麒麟')),
    ('search everywhere; a word in 1 of 1,000 rows', FIND + '?q=' + quote('鰻屋'), ('', '', '鰻屋')),
    ('search everywhere; a word in most rows', FIND + '?q=' + quote('システム'), ('', '', 'システム')),
    ('search everywhere; ".example.jp", in every row', FIND + '?q=.example.jp', ('', '', '.example.jp')),
]


def peer(db, state, section, word):
    like = '%' + word + '%'
    return db.execute("SELECT id, name, state, section FROM r_service WHERE (?1='' OR state=?1) AND (?2='' OR section=?2)"
                      " AND (name LIKE ?3 OR purpose LIKE ?3 OR domains LIKE ?3) ORDER BY name LIMIT 51", (state, section, like)).fetchall()


def cpu():
    with open('/proc/cpuinfo', encoding='utf-8') as f:
        return next((line.split(':')[1].strip() for line in f if line.startswith('model name')), platform.machine())


def about_run():
    """When, what and on which machine, and whether its clock may be trusted."""
    load = os.getloadavg()[0]
    version = subprocess.run(['git', '-C', ROOT, 'describe', '--always', '--dirty'], capture_output=True, text=True).stdout.strip() or 'no git'
    return '%s, commit %s, %d × %s. Load at the end: %.1f%s.' % (
        datetime.date.today().isoformat(), version, os.cpu_count(), cpu(), load,
        '' if load < os.cpu_count() else ' on %d processors: others were working on it, so the wall clock says too much' % os.cpu_count())


def write_ledger(rows, lines, filled_s):
    head = ['# Search and pages of registers', '',
            'Written by `./test bench search`. ' + about_run(),
            '%s rows of the register of services (filled in %.0f s), four of five are closed; asked when the office had nothing else to do.' % (format(rows, ','), filled_s),
            'Requests go one after the other through the office\'s SCGI socket (release build), connecting anew each time as nginx does; %d of each kind.' % TIMES,
            'Peer: SQLite %s by itself, `LIKE \'%%word%%\'` over name, purpose and domains of the same file, in the same run; %d of each. It folds no kana and no width.' % (
                sqlite3.sqlite_version, PEER_TIMES), '',
            '| asked | total | p50 ms | p99 ms | processor ms | peer p50 ms |', '|---|---|---|---|---|---|']
    os.makedirs(os.path.join(ROOT, 'docs/ledger'), exist_ok=True)
    with open(os.path.join(ROOT, 'docs/ledger/search.md'), 'w', encoding='utf-8') as f:
        f.write('\n'.join(head + lines) + '\n')


def settle(house):
    """Until nothing is written any more: the duties of so many services are opened a hundred at a time."""
    def entries():
        return house.get('tanaka', '/api/v1/status').json()['journal_size']
    size, since = entries(), time.monotonic()
    while time.monotonic() - since < QUIET_S:
        time.sleep(0.2)
        now = entries()
        size, since = now, since if now == size else time.monotonic()


def main():
    build, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    lines = []
    house = town.Town(pack='packs/mic-r4', people=town.CITY, gate=None, program=os.path.join(build, 'src/server/sekishod'))
    begin = time.monotonic()
    subprocess.run([os.path.join(build, 'tests/bench/fill'), house.dir, str(rows)], check=True)
    filled = time.monotonic() - begin
    with Tap() as t, house:
        settle(house)
        db = sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % house.dir, uri=True)
        for name, path, like in ASKED:
            page = house.good(house.get('kudo', path))
            measure(lambda: house.get('kudo', path), 20)                # warm
            before = cpu_ms(house.running['office'].pid)
            ms = measure(lambda: house.get('kudo', path), TIMES)
            used = (cpu_ms(house.running['office'].pid) - before) / TIMES
            theirs = measure(lambda: peer(db, *like), PEER_TIMES) if like else []
            lines.append('| %s | %s%d | %.2f | %.2f | %.1f | %s |' % (name, '≥ ' if page.get('at_least') else '', page['total'], p(ms, 50), p(ms, 99), used,
                                                                     '%.1f' % p(theirs, 50) if theirs else '–'))
            limit = LETTER_MS if 'one letter' in name else LIMIT_MS
            t.ok(p(ms, 99) <= limit, '%s: p99 within %d ms' % (name, limit), lines[-1])
            t.note(lines[-1])
        first = house.good(house.get('kudo', LIST + '?state=closed&q=' + quote('関所')))
        t.ok(len(first['items']) == 50 and first['total'] > 1000, 'what is found is there', first['total'])
        db.close()
        write_ledger(rows, lines, filled)


if __name__ == '__main__':
    main()
