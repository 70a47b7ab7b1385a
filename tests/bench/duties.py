#!/usr/bin/python3
"""duties.py BUILD [SERVICES] - the duty loop with 100,000 open services: does it look at each of them, and what does a look cost?

The services are put straight into the projections while no office runs; each hundredth is past its review. Measured is the processor time
of the office: until the duties are open, while nothing comes, and with each entry that comes. Writes docs/ledger/duties.md.
"""
import datetime
import os
import sqlite3
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib'), os.path.join(ROOT, 'tests/bench')]
import lists  # noqa: E402
import search  # noqa: E402
import service_forms  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

LATE, REST_S, ENTRIES, WAIT_S = 100, 30, 20, 900


def plant(house, services, person):
    db = sqlite3.connect(os.path.join(house.dir, 'office/sekisho.db'))
    db.executescript('PRAGMA synchronous=OFF; PRAGMA cache_size=-400000')
    now = db.execute('SELECT max(at) FROM journal').fetchone()[0]
    with db:
        db.executemany("INSERT INTO r_service(id, k, rev, entry, name, manager, state, from_at, review_at) VALUES(?, '', 1, 1, ?, ?, 'transitional', ?, ?)",
                       ((id, 'サービス%06d' % i, person, now, now + (300 if i % LATE else -1) * lists.DAY) for i, id in enumerate(lists.new_ids(services))))
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()


def opened(house):
    db = sqlite3.connect('file:%s?mode=ro' % os.path.join(house.dir, 'office/sekisho.db'), uri=True)
    try:
        return db.execute("SELECT count(*) FROM r_duty WHERE kind='review' AND state='open'").fetchone()[0]
    finally:
        db.close()


def main():
    build, services = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    house = town.Town(pack='packs/mic-r4', people=town.CITY, gate=None, program=os.path.join(build, 'src/server/sekishod'))
    with Tap() as t, house:
        want, sato, yamada = services // LATE, house.id('sato'), house.id('yamada')
        house.down()
        plant(house, services, sato)
        house.up()
        pid, begin = house.running['office'].pid, time.monotonic()
        while opened(house) < want and time.monotonic() - begin < WAIT_S:
            time.sleep(1)
        took, all_ms, got = time.monotonic() - begin, search.cpu_ms(pid), opened(house)
        t.is_(got, want, 'each service that is past its review has its duty')
        time.sleep(REST_S)                                                        # the walk comes to its end
        quiet = search.cpu_ms(pid)
        time.sleep(REST_S)
        quiet = (search.cpu_ms(pid) - quiet) / REST_S
        t.ok(quiet < 50, 'while nothing comes, a look costs less than 50 ms a second', quiet)
        before = search.cpu_ms(pid)
        for _ in range(ENTRIES):
            house.submit('sato', 'service-light', service_forms.answers('service-light', today=datetime.date.today().isoformat(), manager=sato, deputy=yamada))
            time.sleep(1)
        entry = (search.cpu_ms(pid) - before) / ENTRIES - quiet
        t.ok(entry < 200, 'an entry costs less than 200 ms', entry)
        said = house.good(house.get('kudo', '/api/v1/status'))['duties_failed']
        t.is_(said, 0, 'no look failed')
        with open(os.path.join(ROOT, 'docs/ledger/duties.md'), 'w', encoding='utf-8') as f:
            f.write('# The duty loop with %s open services\n\nWritten by `./test bench duties`. %s\n\n| what | seen |\n|---|---|\n' % (format(services, ','), search.about_run()) +
                    '| duties that were to be opened, and were | %d of %d |\n| until then | %.0f s, %.1f s of processor time (all that the office did) |\n'
                    '| while nothing comes | %.1f ms of processor time a second |\n| with an entry more a second, each | %.1f ms (its act included) |\n' % (got, want, took, all_ms / 1000, quiet, entry))


if __name__ == '__main__':
    main()
