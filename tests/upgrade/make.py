#!/usr/bin/python3
"""make.py SAN OUT.tar.xz - a small data directory of this release, for the releases that come after it.

    git worktree add /tmp/release TAG && (build it there) && SEKISHO_SAN=/tmp/release/build/san tests/upgrade/make.py /tmp/release/build/san 5-NAME.tar.xz

A town in which every register has rows and every local table, too; stopped in order; its passwords are made up by `init` and lie
beside the data. Run once a release, by the programs of that release, and never again: an archive is a witness of how it was.
"""
import io
import json
import os
import sqlite3
import sys
import tarfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import filled  # noqa: E402
import large  # noqa: E402
import town  # noqa: E402
from gate import Gate  # noqa: E402

SINKS = {'sinks': [{'id': 'mail', 'kind': 'mail', 'state': 'works', 'why': ''}, {'id': 'log', 'kind': 'syslog', 'state': 'waits', 'why': 'refused'}]}
SETTLED = {'sink': 'mail', 'items': [{'id': 1, 'who': '', 'state': 'done', 'why': ''}, {'id': 2, 'who': '', 'state': 'failed', 'why': 'no-address'}]}
LEFT_OUT = ('run', 'log', 'office/clock', 'office/lock', 'office/spool')


def services(x):
    """The registers around a service, and what people leave behind: sessions, a draft, notices that wait."""
    filled.registers(x)
    x.good(x.post('sato', '/api/v1/drafts', {'form': 'service-use', 'answers': {'service_name': '地図'}}))


def cases(x):
    """A case with every kind of step, an exception to it, a deputy."""
    large.permit_exception(x, large.approved(x))
    x.good(x.post('suzuki', '/api/v1/deputies', {'deputy': x.id('ito'), 'from': '2026-04-01', 'until': '2026-04-30'}))


def network(x):
    """Devices' permits that a gate obeys, and one that waits; a notice delivered and one that cannot be."""
    g = Gate(x.sock('machine'), x.code)
    for mac in ('02:00:00:00:00:01', '02:00:00:00:00:02'):
        x.decide('suzuki', x.good(x.apply(mac=mac))['id'])
    x.good(x.apply(mac='02:00:00:00:00:03'))
    g.follow(lambda g: len(g.records) == 2)
    if g.report(town.micros(town.utc_text(x.now))).status != 200:
        raise SystemExit('the report is refused')
    g.close()
    for path, body in (('sinks', SINKS), ('outbox/settle', SETTLED)):
        x.good(x.call('courier', 'POST', '/c/v1/' + path, json.dumps(body).encode(), {'CONTENT_TYPE': 'application/json'}), 200, 204)


def pack_up(x, tar, name):
    """The directory as it lies after an orderly end, and who may sign in there."""
    sick = x.down()
    if sick:
        raise SystemExit('; '.join(sick))

    def keep(info):
        inside = info.name.partition('/')[2]
        info.uid = info.gid = 0
        info.uname = info.gname = 'root'
        return None if inside.startswith(LEFT_OUT) else info

    tar.add(x.dir, name, filter=keep)
    about = json.dumps({'now': town.utc_text(x.now), 'passwords': x.passwords, 'tables': counts(x.dir)}, indent=1, sort_keys=True).encode()
    info = tarfile.TarInfo(name + '.json')
    info.size = len(about)
    tar.addfile(info, io.BytesIO(about))


def counts(data):
    db = sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % data, uri=True)
    names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%' ORDER BY name")]
    got = {n: db.execute('SELECT count(*) FROM ' + n).fetchone()[0] for n in names}
    db.close()
    return got


TOWNS = (
    ('services', services, {'pack': 'packs/mic-r4', 'people': town.CITY, 'gate': None, 'roles': filled.ROLES}),
    ('cases', cases, {'pack': large.PACK, 'people': large.CAST}),
    ('network', network, {'pack': 'packs/thread'}),
)


def main(san, out):
    program = os.path.join(san, 'src/server/sekishod')
    with tarfile.open(out, 'w:xz', preset=9) as tar:
        for name, act, how in TOWNS:
            with town.Town(at='2026-04-01T09:00', program=program, **how) as x:
                act(x)
                pack_up(x, tar, name)
    print('%s: %d bytes' % (out, os.path.getsize(out)))


if __name__ == '__main__':
    main(*sys.argv[1:])
