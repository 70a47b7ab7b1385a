#!/usr/bin/python3
"""upgrade.py SAN - data of every earlier release is opened by this one, and nothing of it is lost.

tests/upgrade/*.tar.xz are data directories as a release left them (make.py), one archive a release. Each is refused by what must not
change it, taken up after a copy, the same row by row afterwards, and worked in. Killed at any point, on a full disk, with a damaged file,
newer or too old: it is as it was.
"""
import ctypes
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402

CLONE_NEWNS = 0x20000
FILES = ('sekisho.db', 'keys.db')
POINTS = ('migrate.copied', 'migrate.keys', 'migrate.replayed', 'migrate.done')
NOT_ROWS = "name NOT LIKE 'sqlite%' AND name NOT LIKE 'search%'"


class Old(town.Town):
    """A town out of an archive; upgraded by nobody yet."""

    def __init__(self, archive, name, program, roles=('signer', 'office')):
        self.archive, self.name = archive, name
        with tarfile.open(archive) as tar:
            self.about = json.load(tar.extractfile(name + '.json'))
        super().__init__(people=(), program=program, roles=roles)

    def _init(self, people, gate):
        with tarfile.open(self.archive) as tar:
            tar.extractall(self.top, [m for m in tar if m.name.partition('/')[0] == self.name])
        os.rename(os.path.join(self.top, self.name), self.dir)
        for room in ('run', 'log'):
            os.makedirs(os.path.join(self.dir, room), exist_ok=True)
        self.passwords = self.about['passwords']
        self.names = {login: login for login in self.passwords}
        self.clock_file = os.path.join(self.dir, 'office', 'clock')
        self.clock(town.datetime.datetime.fromisoformat(self.about['now'].replace('Z', '+00:00')) + town.datetime.timedelta(hours=1))

    def drop(self):
        self.down()
        shutil.rmtree(self.top, ignore_errors=True)


def open_file(path):
    return sqlite3.connect('file:%s?mode=ro' % path, uri=True)


def version(x, file='sekisho.db'):
    db = open_file(os.path.join(x.dir, 'office', file))
    try:
        return db.execute('PRAGMA user_version').fetchone()[0]
    finally:
        db.close()


def rows(path):
    """Table → its rows as {column: value}, sorted; what a table of a later release has besides is looked at by nobody."""
    db = open_file(path)
    db.row_factory = sqlite3.Row
    out = {}
    for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type='table' AND " + NOT_ROWS).fetchall():
        out[n] = [dict(r) for r in db.execute('SELECT * FROM ' + n)]
    db.close()
    return out


def lost(before, after):
    """What of `before` is not in `after`, in words."""
    out = []
    for name, old in before.items():
        if name not in after:
            out.append('table %s' % name)
            continue
        new = {repr(sorted((k, v) for k, v in r.items() if not old or k in old[0])) for r in after[name]}
        out += ['%s: %r' % (name, r) for r in old if repr(sorted(r.items())) not in new]
        if len(old) != len(after[name]):
            out.append('%s: %d rows were %d' % (name, len(after[name]), len(old)))
    return out


def schema(path):
    db = open_file(path)
    try:
        return sorted((n, sql.replace('"', '')) for n, sql in db.execute('SELECT name, sql FROM sqlite_master WHERE sql NOT NULL'))
    finally:
        db.close()


def both(x):
    return {f: rows(os.path.join(x.dir, 'office', f)) for f in FILES}


def taken_up(t, old, fresh):
    """The whole way, of one directory."""
    what = '%s of %s' % (old.name, os.path.basename(old.archive))
    before, was = both(old), version(old)
    t.is_({n: len(r) for n, r in before['sekisho.db'].items()}, old.about['tables'], '%s: is as the archive says' % what)
    status, said = old.tool('check')
    t.ok(status == 2 and 'sekishod upgrade' in said and version(old) == was, '%s: check touches nothing and says what to do' % what, said)
    started = time.monotonic()
    status, said = old.tool('upgrade')
    t.ok(status == 0 and 'of version %d' % was in said, '%s: upgraded (%.2f s)' % (what, time.monotonic() - started), said)
    t.is_([lost(before[f], both(old)[f]) for f in FILES], [[], []], '%s: no row and no column of any table is lost' % what)
    t.is_([lost(before[f], rows(os.path.join(old.dir, 'office/before', f))) for f in FILES], [[], []], '%s: what was before lies aside' % what)
    for f in FILES:
        t.is_(schema(os.path.join(old.dir, 'office', f)), schema(os.path.join(fresh, 'office', f)), '%s: %s has the schema of a new install' % (what, f))
    status, said = old.tool('check')
    t.ok(status == 0 and 'verified' in said, '%s: check passes' % what, said)
    status, said = old.tool('upgrade')
    t.ok(status == 0 and 'of version' not in said, '%s: a second upgrade has nothing to do' % what, said)


def worked_in(t, old, login, look, act):
    """The office takes it up by itself when it starts; people sign in as before and go on."""
    what = '%s of %s' % (old.name, os.path.basename(old.archive))
    size = len(rows(os.path.join(old.dir, 'office/sekisho.db'))['journal'])
    old.up()
    t.ok('is now of version' in old.log('office'), '%s: an office that starts takes it up' % what, old.log('office'))
    t.ok(look(old), '%s: %s signs in with the old password and sees what was there' % (what, login))
    act(old)
    t.is_(old.down(), [], '%s: all end in order' % what)
    t.ok(len(rows(os.path.join(old.dir, 'office/sekisho.db'))['journal']) > size, '%s: new entries were written' % what)
    status, said = old.tool('check')
    t.ok(status == 0 and 'verified' in said, '%s: and check passes' % what, said)


def draft_opens(x):
    items = x.good(x.get('sato', '/api/v1/drafts'))['items']
    return len(items) == 1 and x.good(x.get('sato', '/api/v1/drafts/' + items[0]['id']))['answers'] == {'service_name': '地図'}


WORK = {
    'services': ('sato', draft_opens, lambda x: x.good(x.post('kudo', '/api/v1/registers/section', {'cells': {'name': '教育課', 'body': 'SHI'}}))),
    'cases': ('sato', lambda x: x.good(x.get('sato', '/api/v1/applications'))['items'],
              lambda x: x.good(x.post('suzuki', '/api/v1/deputies', {'deputy': x.id('ito'), 'from': '2026-05-01', 'until': '2026-05-02'}))),
    'network': ('sato', lambda x: len(x.good(x.get('sato', '/api/v1/applications'))['items']) == 3, lambda x: x.good(x.apply(mac='02:00:00:00:00:09'))),
}


# ---- what must not be taken up, and what must not be lost when it goes wrong ----

def sql(x, file, text):
    db = sqlite3.connect(os.path.join(x.dir, 'office', file))
    db.executescript(text)
    db.close()


def damage(x):
    """Zeros over a page in the middle that holds rows."""
    path = os.path.join(x.dir, 'office/sekisho.db')
    sql(x, 'sekisho.db', 'PRAGMA wal_checkpoint(TRUNCATE)')
    db = open_file(path)
    page = db.execute("SELECT rootpage FROM sqlite_master WHERE name='journal'").fetchone()[0]
    db.close()
    with open(path, 'r+b') as f:
        f.seek((page - 1) * 4096)
        f.write(b'\xff' * 4096)


REFUSED = (
    ('a newer database', lambda x: sql(x, 'sekisho.db', 'PRAGMA user_version=1000'), '新しい関所'),
    ('newer keys', lambda x: sql(x, 'keys.db', 'PRAGMA user_version=1000'), '新しい関所'),
    ('a database older than any step', lambda x: sql(x, 'sekisho.db', 'PRAGMA user_version=1'), '版 1'),
    ('a table that no step knows', lambda x: sql(x, 'sekisho.db', 'ALTER TABLE session ADD COLUMN more TEXT'), 'session'),
    ('a damaged file', damage, 'sekisho.db'),
)


def content(x):
    out = {}
    for f in FILES:
        with open(os.path.join(x.dir, 'office', f), 'rb') as h:
            out[f] = h.read()
    return out


def refused(t, archive, program):
    for what, act, word in REFUSED:
        x = Old(archive, 'network', program)
        try:
            act(x)
            before = content(x)
            status, said = x.tool('upgrade')
            t.ok(status == 1 and word in said, '%s is refused' % what, said)
            status, said = x.tool('office')
            t.ok(status == 1 and word in said, '%s: the office does not start' % what, said)
            t.ok(content(x) == before and not os.path.exists(x.dir + '/office/before.making'), '%s is as it was' % what)
        finally:
            x.drop()


def killed(t, archive, program):
    """At each point once: it is the old data or the new, and the next start brings it to its end."""
    for point in POINTS:
        x = Old(archive, 'network', program)
        try:
            before, faults = both(x), os.path.join(x.top, 'faults')
            env = dict(os.environ, SEKISHO_FAULT='%s:100:%s' % (point, faults))
            done = subprocess.run([program, 'upgrade', x.dir], env=env, capture_output=True)
            t.ok(done.returncode == -9 and os.path.exists(faults), 'killed at %s' % point, done.stderr)
            status, said = x.tool('upgrade')
            t.ok(status == 0 and lost(before['sekisho.db'], both(x)['sekisho.db']) == [], 'killed at %s: the next upgrade loses nothing' % point, said)
            t.is_(x.tool('check')[0], 0, 'killed at %s: check passes' % point)
        finally:
            x.drop()


def full(t, archive, program):
    """In a room too small for the copy, then for the rows made anew: refused by name; with room it goes on."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() or libc.unshare(CLONE_NEWNS) or subprocess.run(['mount', '--make-rprivate', '/']).returncode:
        t.skip('a full disk', 'no right to mount')
        return
    for spare_kb in (64, 700):
        x = Old(archive, 'network', program)
        room = tempfile.mkdtemp(prefix='sekisho-full.')
        need = sum(len(c) for c in content(x).values()) // 1024
        try:
            subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=%dk' % (need * 2 + 4096), 'none', room], check=True)
            shutil.copytree(x.dir, room + '/data')
            shutil.rmtree(x.dir)
            os.symlink(room + '/data', x.dir)
            before, was = both(x), version(x)
            fill(room, spare_kb * 1024)
            status, said = x.tool('upgrade')
            t.ok(status == 1 and 'full' in said and version(x) == was, 'with %d kB left it is refused and says why' % spare_kb, said)
            os.unlink(room + '/fill')
            t.ok([lost(before[f], both(x)[f]) for f in FILES] == [[], []] and not os.path.exists(room + '/data/office/before.making'), 'nothing is lost or left behind')
            t.is_((x.tool('upgrade')[0], x.tool('check')[0]), (0, 0), 'with room it goes on')
        finally:
            x.drop()
            subprocess.run(['umount', room], check=False)
            os.rmdir(room)


def fill(room, spare):
    st = os.statvfs(room)
    with open(room + '/fill', 'wb') as f:
        f.write(b'\0' * max(0, st.f_bavail * st.f_frsize - spare))


def control(t, archive, program):
    """The look for lost rows finds each kind of loss."""
    x = Old(archive, 'network', program)
    try:
        before = both(x)['sekisho.db']
        x.tool('upgrade')
        for what, text in (('a row', 'DELETE FROM credential WHERE login=(SELECT min(login) FROM credential)'), ('a cell', 'UPDATE r_permit SET until_at=until_at+1'),
                           ('a table', 'DROP TABLE report_seq'), ('one too many', "INSERT INTO session SELECT x'00', person, made_at, seen_at, stage, mac FROM session LIMIT 1")):
            copy = x.top + '/copy.db'
            shutil.copy(x.dir + '/office/sekisho.db', copy)
            db = sqlite3.connect(copy)
            db.execute(text)
            db.commit()
            db.close()
            t.ok(lost(before, rows(copy)), 'control: %s is seen' % what)
    finally:
        x.drop()


def main(san):
    program = os.path.join(san, 'src/server/sekishod')
    archives = sorted(glob.glob(os.path.join(HERE, '*.tar.xz')))
    with Tap() as t, town.Town(at='2026-04-01T09:00', program=program) as new:
        t.is_(new.down(), [], 'a new install to compare with')
        t.ok(archives, 'there are releases')
        for archive in archives:
            for name in WORK:
                for step in (lambda x: taken_up(t, x, new.dir), lambda x: worked_in(t, x, *WORK[name])):
                    x = Old(archive, name, program)
                    try:
                        step(x)
                    finally:
                        x.drop()
        refused(t, archives[-1], program)
        killed(t, archives[-1], program)
        control(t, archives[-1], program)
        full(t, archives[-1], program)


if __name__ == '__main__':
    main(*sys.argv[1:])
