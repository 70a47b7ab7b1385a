#!/usr/bin/python3
"""restore.py BUILD - yesterday's backup, ten acts later: what comes back, what is lost to the entry, and what stops it.

Backups are made while people work. Everything that is changed, missing, of another history or of another code is refused and named;
without a list of erasures as new as the newest checkpoint a restore stops and asks. BUILD: with fault points and test clock.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
BUILD = os.path.abspath(sys.argv[1])
os.environ['SEKISHO_SAN'] = BUILD
import town  # noqa: E402
from tap import Tap  # noqa: E402

SEKISHOD, SEKISHO = os.path.join(BUILD, 'src/server/sekishod'), os.path.join(BUILD, 'src/cli/sekisho')
NAME = '復元試験町の佐々木'
MAC = '02:00:00:00:0%x:%02x'


def run(*words, typed='', env=None):
    done = subprocess.run(words, input=typed, capture_output=True, text=True, env={**os.environ, 'SEKISHO_TEST_CLOCK': '=2026-04-01T00:00:00Z', **(env or {})}, timeout=120)
    return done.returncode, done.stdout + done.stderr


def fields(said):
    return dict(line.split('\t', 1) for line in said.splitlines() if '\t' in line)


class House(town.Town):
    """A town that remembers its recovery code, and whose folder can be another one."""

    def _init(self, people, gate):
        super()._init(people, gate)
        self.recovery = run(SEKISHOD, 'recovery', self.dir, 'new')[1].split('\t')[1].strip()

    def at(self, name):
        return os.path.join(self.top, name)

    def restore(self, *words, code=None):
        return run(SEKISHOD, 'restore', *words, '--why', 'ディスクが壊れた。', typed=(code or self.recovery) + '\n')

    def sealed(self):
        """Until the signer has all there is."""
        town.wait('the signer', lambda: re.search(r'signer: (\d+) of \1 entries', self.tool('check')[1]))


def flip(path, at=None):
    with open(path, 'r+b') as f:
        size = f.seek(0, 2)
        f.seek(size // 2 if at is None else at)
        byte = f.read(1)
        f.seek(-1, 1)
        f.write(bytes([byte[0] ^ 1]))


def seen(h):
    """What the installation says of its backups: state, whose."""
    row = next(c for c in h.good(h.get('tanaka', '/api/v1/installation'))['checks'] if c['id'] == 'backup')
    return row['state'], row['names']


def backups(t, h):
    """While ten people apply at once."""
    before = seen(h)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        sato = h.person('sato')
        work = [pool.submit(lambda n=n: sato.post('/api/v1/applications', {'form': 'network-connection', 'answers': {
            'device_name': '端末', 'mac': MAC % (1, n), 'purpose': NAME, 'until': '2026-04-30'}}).status) for n in range(10)]
        data = h.tool('backup', h.at('data-1'))
        keys = h.tool('backup-keys', h.at('keys-1'))
        done = [w.result() for w in work]
    t.ok(data[0] == 0 and keys[0] == 0 and all(s in (200, 201) for s in done), 'data and keys are backed up while people work', '%s %s %s' % (data, keys, done))
    with open(h.at('keys-1'), 'rb') as f:
        blob = f.read()
    with open(h.dir + '/signer/keys', 'rb') as f:
        secret = f.read()[60:92]
    t.ok(secret not in blob and blob.startswith(b'SEKISEAL'), 'the keys are sealed: no key stands in the file')
    t.ok(not any('key' in n for _, _, names in os.walk(h.at('data-1')) for n in names), 'and none lies with the data')
    t.is_(h.tool('backup', h.at('data-1'))[0], 1, 'a backup is not written over')
    now = seen(h)
    late = []
    with open(h.dir + '/office/backups', encoding='ascii') as f:
        word = f.read()
    for days in (3, 8):
        with open(h.dir + '/office/backups', 'w', encoding='ascii') as f:
            f.write(re.sub(r'^(\w+) (\d+)', lambda m: '%s %d' % (m.group(1), int(m.group(2)) - days * 86400 * 10**6), word, flags=re.M))
        late.append(seen(h))
    with open(h.dir + '/office/backups', 'w', encoding='ascii') as f:
        f.write(word)
    t.is_((before[0], now, late), ('unknown', ('ok', []), [('attention', ['データ', '鍵']), ('bad', ['データ', '鍵'])]), 'the installation says when that was, and when it was too long ago')
    return int(fields(data[1])['size'])


def ten_acts(h):
    for n in range(10):
        h.good(h.apply(mac=MAC % (2, n)))
    h.sealed()
    out = h.at('log-known')
    assert h.tool('export-log', out)[0] == 0
    return out + '/checkpoint'


def size_of(note):
    with open(note, encoding='utf-8') as f:
        return int(f.read().split('\n')[1])


def asks_then_restores(t, h, size, known):
    m = size_of(known)
    code, said = h.restore(h.at('data-1'), h.at('keys-1'), h.at('r'), '--by', 'tanaka', '--known', known)
    t.ok(code == 1 and 'restore.tombstones.old' in said and not os.path.exists(h.at('r')), 'a list of erasures older than the newest checkpoint stops it', said)
    t.ok(str(m) in said, 'and it says how far the newest record goes')
    code, said = h.restore(h.at('data-1'), h.at('keys-1'), h.at('r'), '--by', 'tanaka', '--known', known, '--tombstones', h.dir + '/signer/tombstones')
    t.ok(code == 0, 'the list on the disk of the old signer is as new as the state beside it', said)
    shutil.rmtree(h.at('r'), ignore_errors=True)
    code, said = h.restore(h.at('data-1'), h.at('keys-2'), h.at('r'), '--by', 'tanaka', '--known', known)
    got = fields(said)
    t.is_((code, got.get('size'), got.get('known'), got.get('gap'), got.get('epoch'), got.get('before')),
          (0, str(size), str(m), str(m - size), '2', '1'), 'with newer keys it is restored, and the gap is exactly %d entries' % (m - size))
    return got


def lives(t, h, old_session, got):
    h.down()
    shutil.move(h.dir, h.at('dead'))
    shutil.move(h.at('r'), h.dir)
    if h.now:
        h._write_clock()
    h.up()
    h.sessions = {}
    t.is_(h.good(h.get('sato', '/api/v1/session'))['person']['name'], '佐藤', 'who could sign in before can sign in again')
    t.is_(old_session.get('/api/v1/session').status, 401, 'no session of before the restore lives')
    h.good(h.apply(mac=MAC % (3, 1)))
    h.sealed()
    code, said = h.tool('check')
    t.ok(code == 0, 'check finds everything as it should be', said)
    log = h.at('log-after')
    t.is_(h.tool('export-log', log)[0], 0, 'the log goes out')
    verify = [SEKISHO, 'verify', '--log', log, '--lang', 'en', '--key', got['key']]
    code, said = run(*verify, '--checkpoint', h.at('data-1/checkpoint'))
    t.ok(code == 0 and got['gap'] in said, "verify: 0 against yesterday's checkpoint, and it reports the gap", said)
    code, said = run(*verify, '--checkpoint', h.at('data-1/checkpoint'), '--checkpoint', h.at('log-known/checkpoint'))
    t.ok(code == 0 and got['known'] in said, 'the newest checkpoint of the old epoch is where the gap ends', said)
    code, said = run(*verify, '--checkpoint', h.at('log-known/checkpoint'))
    t.is_(code, 2, 'alone it vouches for nothing before the gap')
    code, said = run(*verify)
    t.is_(code, 2, 'without anything fixed outside it is not verified')
    return log


def fork(t, h):
    """The restored house against the old one, which went on: two histories of one install."""
    code, said = h.restore(h.at('data-1'), h.at('keys-2'), h.at('r2'), '--by', 'tanaka', '--known', h.at('log-after/checkpoint'), '--erased', 'none')
    t.ok(code == 1 and 'epoch.known.key' in said, 'a checkpoint whose key is not known here does not count', said)
    h.down()
    assert h.tool('backup', h.at('data-3'))[0] == 0 and h.tool('backup-keys', h.at('keys-3'))[0] == 0
    # The clone: the same keys, the same epoch, another history.
    shutil.copytree(h.dir, h.at('clone'), ignore=shutil.ignore_patterns('*.sock'))
    one, other = h.dir, h.at('clone')
    for where, n in ((one, 5), (other, 6)):
        h.dir, h.sessions = where, {}
        h.clock_file = os.path.join(where, 'office', 'clock')
        if h.now:
            h._write_clock()
        h.up()
        for k in range(8 - n):             # the first goes further: the clone's checkpoint is within its size
            h.good(h.apply(mac=MAC % (n, k)))
        h.sealed()
        assert h.tool('export-log', h.at('log-%d' % n))[0] == 0
        h.down()
    h.dir, h.clock_file = one, os.path.join(one, 'office', 'clock')
    assert h.tool('backup', h.at('data-5'))[0] == 0 and h.tool('backup-keys', h.at('keys-5'))[0] == 0
    code, said = h.restore(h.at('data-5'), h.at('keys-5'), h.at('r2'), '--by', 'tanaka', '--known', h.at('log-6/checkpoint'), '--erased', 'none')
    t.ok(code == 1 and 'epoch.known.differs' in said and not os.path.exists(h.at('r2')), 'a checkpoint of another history stops everything', said)
    h.dir = other
    code, said = h.tool('epoch', '--reason', 'clone', '--by', 'tanaka', '--second', 'tanaka', '--why', '複製')
    t.ok(code == 1 and 'adopt.person.same' in said, 'a clone needs two persons', said)
    h.dir = one


def refused(t, h):
    """One byte of each kind of file; a missing one; the wrong paper."""
    pack = next(os.path.join(d, n) for d, _, names in os.walk(h.at('data-1/office/packs')) for n in names)
    kinds = [('the list', 'list', 'backup.list'), ('the database', 'office/sekisho.db', 'restore.file.changed'), ('a pack', os.path.relpath(pack, h.at('data-1')), 'restore.file.changed'),
             ('the checkpoint', 'checkpoint', 'restore.file.changed')]
    for what, path, key in kinds:
        shutil.rmtree(h.at('bad'), ignore_errors=True)
        shutil.copytree(h.at('data-1'), h.at('bad'))
        flip(os.path.join(h.at('bad'), path))
        code, said = h.restore(h.at('bad'), h.at('keys-2'), h.at('x'), '--by', 'tanaka')
        t.ok(code == 1 and key in said and not os.path.exists(h.at('x')), 'one byte of %s changed: refused, and named' % what, said)
    os.unlink(os.path.join(h.at('bad'), 'office/places.json'))
    flip(os.path.join(h.at('bad'), 'checkpoint'))
    code, said = h.restore(h.at('bad'), h.at('keys-2'), h.at('x'), '--by', 'tanaka')
    t.ok(code == 1 and 'restore.file.missing' in said, 'a file that is missing is named', said)
    shutil.copy(h.at('keys-2'), h.at('keys-bad'))
    flip(h.at('keys-bad'))
    code, said = h.restore(h.at('data-1'), h.at('keys-bad'), h.at('x'), '--by', 'tanaka')
    t.ok(code == 1 and 'sealed.changed' in said, 'one byte of the sealed keys changed: they do not open', said)
    typed = h.recovery[:20] + ('A' if h.recovery[20] != 'A' else 'B') + h.recovery[21:]
    code, said = h.restore(h.at('data-1'), h.at('keys-2'), h.at('x'), '--by', 'tanaka', code=typed)
    t.ok(code == 1 and 'recovery.group' in said and '3番目' in said, 'a mistyped code: it says which group', said)
    other = run(SEKISHOD, 'recovery', h.dir, 'new')[1].split('\t')[1].strip()
    code, said = h.restore(h.at('data-1'), h.at('keys-2'), h.at('x'), '--by', 'tanaka', code=other)
    t.ok(code == 1 and 'sealed.code' in said, 'another paper does not open them', said)
    code, said = h.restore(h.at('data-1'), h.at('keys-2'), h.at('x'), '--by', 'sato')
    t.ok(code == 1 and 'adopt.role.by' in said, 'not everybody may restore', said)


def rotated(t, h):
    """The log key in its turn: who trusts the old one needs no new fingerprint."""
    h.down()
    assert h.tool('export-log', h.at('log-old'))[0] == 0
    old = next(line.split(' ', 2)[2] for line in reversed(open(h.at('log-old/sekisho-log'), encoding='utf-8').read().split('\n')) if line.startswith('epoch '))
    code, said = h.tool('epoch', '--reason', 'rotation', '--by', 'tanaka', '--second', 'hara', '--why', '5年ごとの更新。')
    t.ok(code == 0 and fields(said)['gap'] == '0', 'the log key is rotated by two', said)
    h.up()
    h.sessions = {}
    h.good(h.apply(mac=MAC % (8, 1)))
    h.sealed()
    assert h.tool('export-log', h.at('log-new'))[0] == 0
    code, said = run(SEKISHO, 'verify', '--log', h.at('log-new'), '--lang', 'en', '--key', old, '--checkpoint', h.at('log-old/checkpoint'))
    t.ok(code == 0, 'who trusts the old key alone verifies the log under the new one', said)
    code, said = h.tool('check')
    t.ok(code == 0, 'and check finds nothing', said)


def raw_holds(top, text):
    for where, _, names in os.walk(top):
        for name in names:
            with open(os.path.join(where, name), 'rb') as f:
                if text in f.read():
                    return os.path.join(where, name)
    return None


def without_keys(t, h):
    code, said = h.restore(h.at('data-1'), h.at('x'), '--by', 'tanaka')
    t.ok(code == 1 and 'restore.keys.missing' in said, 'without keys it asks first', said)
    who = person_with_role(h.at('data-1/office/sekisho.db'))
    code, said = run(SEKISHOD, 'restore', h.at('data-1'), h.at('x'), '--without-keys', '--by', who, '--why', '鍵がない。')
    t.ok(code == 0, 'no backup of keys anywhere: the evidence comes back', said)
    got = fields(said)
    h.down()
    h.dir, h.clock_file = h.at('x'), h.at('x/office/clock')
    h._write_clock()
    h.up()
    t.is_(h.user('GET', '/sign-in').status, 200, 'the office runs on it, and seals')
    town.wait('the signer', lambda: re.search(r'signer: (\d+) of \1 entries', h.tool('check')[1]))
    code, said = h.tool('check')
    t.ok(code == 1 and 'keys.db' in said and 'leaf' not in said, 'check goes on asking for the keys, and for nothing else of the journal', said[:2000])
    t.is_(h.tool('export-log', h.at('log-x'))[0], 0, 'the log goes out')
    code, said = run(SEKISHO, 'verify', '--log', h.at('log-x'), '--lang', 'en', '--key', got['key'], '--checkpoint', h.at('data-1/checkpoint'))
    t.ok(code == 0, 'and a stranger verifies it', said)


def person_with_role(path):
    import sqlite3
    with sqlite3.connect('file:%s?mode=ro&immutable=1' % path, uri=True) as db:
        return db.execute("SELECT id FROM r_holder WHERE k='system_manager'").fetchone()[0]


def cut_off(t, h):
    """A new epoch that dies behind the commit is finished by the next call."""
    words = ['epoch', h.dir, '--reason', 'key-lost', '--by', 'tanaka', '--second', 'hara', '--why', '鍵を盗まれた。']
    before = open(h.dir + '/signer/keys', 'rb').read()
    code, said = run(SEKISHOD, *words, env={'SEKISHO_FAULT': 'epoch.committed:100:' + h.at('fault')})
    t.ok(code == -9 and open(h.dir + '/signer/keys', 'rb').read() == before, 'it died behind the commit, with the old keys in place', '%d %s' % (code, said))
    code, said = run(SEKISHOD, *words)
    t.ok(code == 1 and 'epoch.finished' in said, 'the next call finishes it', said)
    h.up()
    h.sessions = {}
    h.good(h.apply(mac=MAC % (9, 1)))
    h.sealed()
    code, said = h.tool('check')
    t.ok(code == 0, 'and the house lives under the new key', said)


def main():
    people = town.PEOPLE + (('hara', '原', '情報政策課', 'system_manager'),)
    with Tap() as t, House(at='2026-04-01T09:00', people=people, gate=None) as h:
        old = h.person('sato')
        size = backups(t, h)
        known = ten_acts(h)
        t.is_(h.tool('backup-keys', h.at('keys-2'))[0], 0, 'keys of tonight')
        got = asks_then_restores(t, h, size, known)
        lives(t, h, old, got)
        fork(t, h)
        cut_off(t, h)
        rotated(t, h)
        refused(t, h)
        without_keys(t, h)


main()
