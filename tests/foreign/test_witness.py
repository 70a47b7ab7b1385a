#!/usr/bin/python3
"""test_witness.py BUILD - `sekisho witness` as somebody else's witness would be used: over files, and behind a real nginx.

Logs are made by tests/rigs/logdir.py, not by our C. Go checks the cosignatures (cosigned.go); c2sp.org/tlog-witness says the status codes.
"""
import base64
import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/rigs')]
import logdir  # noqa: E402
from tap import Tap  # noqa: E402

SIGNED, CONTRADICTS, INCOMPLETE, USAGE = 0, 1, 2, 3


class Rig:
    def __init__(self, build, work):
        self.ours, self.work = os.path.join(build, 'src/cli/sekisho'), work
        self.go = os.path.join(build, 'tests/foreign/cosigned-go')
        os.makedirs(os.path.dirname(self.go), exist_ok=True)
        made = subprocess.run([os.path.join(HERE, 'build.sh'), self.go, 'cosigned.go'], capture_output=True, text=True)
        self.no_go = made.stderr.strip() if made.returncode else ''
        self.go_absent = made.returncode == 77
        self.dir = self.path('witness')

    def path(self, name):
        return os.path.join(self.work, name)

    def run(self, *args, lang='en'):
        got = subprocess.run([self.ours, 'witness', *args, '--lang', lang], capture_output=True, text=True, timeout=60)
        return got.returncode, got.stdout + got.stderr

    def make(self, name='pref.example/w1', where=None):
        where = where or self.dir
        shutil.rmtree(where, ignore_errors=True)
        code, said = self.run('init', where, '--name', name)
        assert code == 0, said
        with open(where + '/witness.pub', encoding='ascii') as f:
            self.key = f.read().strip()
        self.id = self.key.split('+')[1]
        return where

    def trust(self, log, epoch=1):
        s = log.secrets[epoch - 1]
        return self.run('trust', self.dir, s.vkey, '--fingerprint', s.fingerprint)

    def look(self, log, name='log'):
        return self.run('cosign', self.dir, log.write(self.path(name)))

    def cosigned(self, name='log'):
        return os.path.join(self.path(name), 'witnesses', self.id, 'checkpoint')

    def judge(self, file, log):
        """Go's verdict on a cosigned checkpoint; None without Go."""
        if self.no_go:
            return None
        return subprocess.run([self.go, self.key, file, log.secrets[-1].vkey], capture_output=True, timeout=30).returncode


def clone(log):
    other = logdir.Log()
    other.entries, other.leaves, other.secrets = list(log.entries), list(log.leaves), list(log.secrets)
    other.opened, other.last, other.numbers = list(log.opened), list(log.last), list(log.numbers)
    return other


def over_files(t, r):
    r.make()
    log = logdir.Log().grow(300)
    code, said = r.look(log)
    t.ok(code == INCOMPLETE and 'fingerprint' in said and not os.path.exists(r.cosigned()), 'a log that nobody trusted is not signed', said)
    wrong = log.secrets[0].fingerprint.replace('0', '1') if '0' in log.secrets[0].fingerprint else '0000' + log.secrets[0].fingerprint[4:]
    code, said = r.run('trust', r.dir, log.secrets[0].vkey, '--fingerprint', wrong)
    t.ok(code == USAGE and 'not that of the key' in said, 'one wrong digit of the fingerprint: not trusted', said)
    t.is_(r.look(log)[0], INCOMPLETE, 'still not')
    code, said = r.trust(log)
    t.is_(code, SIGNED, 'the typed fingerprint is taken')
    for size in (300, 300, 301, 511, 512, 513, 1000):
        code, said = r.look(log.grow(size))
        t.ok(code == SIGNED and r.judge(r.cosigned(), log) in (0, None), '%d entries: signed, and Go agrees' % size, said)
    kept = r.path('kept')
    shutil.copy(r.cosigned(), kept)
    with open(kept, 'rb') as f:
        data = f.read()
    for at in (len(data) - 20, len(data) - 90, 100):
        logdir.put(r.work, 'bad', data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        t.ok(r.judge(r.path('bad'), log) in (1, None), 'byte %d of the cosigned checkpoint changed: Go refuses' % at)
    code, said = r.run('status', r.dir)
    t.ok(code == 0 and '1000 entries' in said and log.root().hex() in said, 'status says how large it was', said)
    return log


def against_files(t, r, log):
    """The log as it must not come back: shorter, forked, another key, damaged."""
    short = clone(log)
    short.cut(700)
    code, said = r.look(short, 'short')
    t.ok(code == CONTRADICTS and '1000' in said, 'a log that shrank: refused', said)
    for size in (1000, 1400):
        fork = clone(log)
        fork.cut(800)
        fork.grow(size, 'application.decided')
        code, said = r.look(fork, 'fork')
        t.ok(code == CONTRADICTS and not os.path.exists(r.cosigned('fork')), 'a fork of %d entries by the same key: refused' % size, said)
    other = logdir.Log(word='another')
    other.grow(1200)
    t.is_(r.look(other, 'other')[0], CONTRADICTS, 'the same origin under another key: refused')
    code, said = r.run('trust', r.dir, other.secrets[0].vkey, '--fingerprint', other.secrets[0].fingerprint)
    t.ok(code == CONTRADICTS and 'two logs' in said, 'a second key for one origin is not taken, fingerprint or not', said)
    good = clone(log).grow(1300)
    r.look(good, 'good-unused')
    at = r.path('damaged')
    good.grow(1500).write(at)
    tile = at + '/tile/0/005.p/220'
    with open(tile, 'r+b') as f:
        f.seek(70)
        b = f.read(1)
        f.seek(70)
        f.write(bytes([b[0] ^ 1]))
    code, said = r.run('cosign', r.dir, at)
    t.ok(code == CONTRADICTS, 'a damaged tile: not signed', said)
    os.unlink(tile)
    code, said = r.run('cosign', r.dir, at)
    t.ok(code == INCOMPLETE, 'a missing tile: incomplete', said)
    log.grow(1300)


def epochs(t, r, log):
    """A restore: two hundred entries are lost and owned up to."""
    seen = len(log.entries)
    new = clone(log)
    new.cut(seen - 200)
    new.epoch('restore', known=(seen, log.root()))
    new.grow(seen + 50)
    code, said = r.look(new, 'epoch')
    t.ok(code == INCOMPLETE, 'the new epoch is refused until its fingerprint is typed', said)
    t.is_(r.trust(new, 2)[0], SIGNED, 'typed')
    hushed = clone(log)
    hushed.cut(seen - 200)
    hushed.epoch('restore')
    hushed.grow(seen + 50)
    code, said = r.look(hushed, 'hushed')
    t.ok(code == CONTRADICTS and 'nothing says' in said, 'an epoch that does not own up to what was lost: refused', said)
    lied = clone(log)
    lied.cut(seen - 200)
    lied.epoch('restore', known=(seen, logdir.tlog.leaf_hash(b'x')))
    lied.grow(seen + 50)
    t.is_(r.look(lied, 'lied')[0], CONTRADICTS, 'an epoch that names another root for what was lost: refused')
    code, said = r.look(new, 'epoch')
    t.ok(code == SIGNED and '200 of them' in said and r.judge(r.cosigned('epoch'), new) in (0, None), 'followed, with the exact gap', said)
    code, said = r.look(new.grow(seen + 90), 'epoch')
    t.ok(code == SIGNED, 'and on from there', said)
    fork = clone(new)
    fork.cut(seen + 20)
    fork.grow(seen + 100, 'application.decided')
    t.is_(r.look(fork, 'epoch-fork')[0], CONTRADICTS, 'a fork in the new epoch: refused')
    turned = clone(new)
    turned.rotate()
    turned.grow(seen + 200)
    t.is_(r.look(turned, 'turned')[0], INCOMPLETE, 'a rotated key, too, is typed first')
    t.is_(r.trust(turned, 3)[0], SIGNED, 'typed')
    code, said = r.look(turned, 'turned')
    t.ok(code == SIGNED and 'all in it' in said, 'after a rotation everything seen before is in it', said)


def records(t, r):
    """What the witness wrote itself is believed only as it wrote it."""
    folder = os.path.join(r.dir, 'logs')
    name = sorted(os.listdir(folder))[0]
    with open(os.path.join(folder, name), 'rb') as f:
        data = f.read()
    taken = []
    for at in range(0, len(data), 7):
        logdir.put(folder, name, data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        if r.run('status', r.dir)[0] != CONTRADICTS:
            taken.append(at)
    logdir.put(folder, name, data)
    t.is_(taken, [], 'a changed byte of what it remembers is found (every seventh of %d)' % len(data))
    t.is_(r.run('status', r.dir)[0], 0, 'put back, all is well')
    t.is_(r.run('init', r.dir, '--name', 'x')[0], USAGE, 'a key is not overwritten')
    code, ja = r.run(lang='ja')
    t.ok(code == USAGE and '使い方' in ja, 'it says how it is used')


class Nginx:
    """packaging/nginx/witness.conf as it is, with other files and a free port."""

    def __init__(self, r):
        self.r = r
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            self.port = s.getsockname()[1]
        pem, key = r.path('server.pem'), r.path('server.key')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                        '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', pem], check=True, capture_output=True)
        with open(ROOT + '/packaging/nginx/witness.conf', encoding='utf-8') as f:
            conf = f.read()
        for was, now in (('listen 8449', 'listen 127.0.0.1:%d' % self.port), ('witness.example.lg.jp', 'localhost'), ('/etc/sekisho-witness/server.pem', pem),
                         ('/etc/sekisho-witness/server.key', key), ('/run/sekisho-witness/witness.sock', r.path('witness.sock'))):
            assert was in conf, was
            conf = conf.replace(was, now)
        temp = ''.join('%s_temp_path %s/%s;\n' % (k, r.work, k) for k in ('client_body', 'scgi', 'proxy', 'fastcgi', 'uwsgi'))
        logdir.put(r.work, 'nginx.conf', ('%spid %s/nginx.pid;\nerror_log stderr warn;\nevents {}\nhttp {\n%s%s}\n' % (
            'user root;\n' if os.geteuid() == 0 else '', r.work, temp, conf)).encode())
        self.context = ssl.create_default_context(cafile=pem)
        self.nginx = subprocess.Popen(['/usr/sbin/nginx', '-p', r.work, '-c', r.path('nginx.conf'), '-g', 'daemon off;'], stderr=subprocess.DEVNULL)
        self.start()

    def start(self):
        self.witness = subprocess.Popen([self.r.ours, 'witness', 'serve', self.r.dir, self.r.path('witness.sock')], stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                if self.ask(b'')[0] == 400:      # not nginx's 502: ours
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError('nginx does not answer')

    def ask(self, body, method='POST', path='/add-checkpoint'):
        c = http.client.HTTPSConnection('localhost', self.port, timeout=10, context=self.context)
        c.request(method, path, body)
        a = c.getresponse()
        data = a.read()
        c.close()
        return a.status, data, a.getheader('Content-Type')

    def kill(self, how=signal.SIGKILL):
        self.witness.send_signal(how)
        return self.witness.wait(timeout=10)

    def stop(self):
        for p in (self.witness, self.nginx):
            if p.poll() is None:
                p.terminate()
                p.wait(timeout=10)


def ask_of(log, old, size=None, proof=None):
    size = size or len(log.entries)
    leaves = log.leaves[:size]
    hashes = proof if proof is not None else logdir.subproof(old, leaves) if 0 < old < size else []
    return ('old %d\n%s\n%s' % (old, ''.join(base64.b64encode(h).decode() + '\n' for h in hashes), log.note(size=size))).encode()


def behind_nginx(t, r):
    r.make('w.example/served')
    log = logdir.Log().grow(900)
    n = Nginx(r)
    try:
        s, _, _ = n.ask(ask_of(log, 0, 100))
        t.is_(s, 404, 'an unknown origin: 404')
        n.kill(signal.SIGTERM)
        r.trust(log)
        n.start()
        t.is_(r.run('status', r.dir)[0], USAGE, 'while it serves nobody else writes its folder')
        s, body, kind = n.ask(ask_of(log, 0, 100))
        t.ok(s == 200 and body.startswith('\u2014 w.example/served '.encode()) and body.endswith(b'\n'), 'the first checkpoint: 200 and a line', body)
        logdir.put(r.work, 'whole', log.note(size=100).encode() + body)
        t.ok(r.judge(r.path('whole'), log) in (0, None), 'Go believes note and line together')
        s, body, kind = n.ask(ask_of(log, 0, 200))
        t.ok((s, body, kind) == (409, b'100\n', 'text/x.tlog.size'), 'from another size than it knows: 409 and that size', (s, body, kind))
        s, body, _ = n.ask(ask_of(log, 100, 200))
        t.is_(s, 200, 'with the proof from there: 200')
        t.is_(n.ask(ask_of(log, 200, 200))[0], 200, 'the same once more: 200')
        fork = clone(log)
        fork.cut(150)
        fork.grow(400, 'application.decided')
        t.is_(n.ask(ask_of(fork, 200, 200))[0], 409, 'the same size, another root: 409')
        t.is_(n.ask(ask_of(fork, 200))[0], 422, 'a fork: 422')
        t.is_(n.ask(ask_of(log, 200, 300, proof=[]))[0], 422, 'without a proof: 422')
        t.is_(n.ask(ask_of(log, 300, 200))[0], 400, 'an old size above the checkpoint: 400')
        unsigned = ask_of(log, 200, 300).replace(b'\xe2\x80\x94 sekisho', b'\xe2\x80\x94 sekishu')
        t.is_(n.ask(unsigned)[0], 403, 'not signed by the trusted key: 403')
        t.is_(n.ask(b'old 05\n\nx\n')[0], 400, 'malformed: 400')
        t.is_(n.ask(b'', path='/add-checkpoint/x')[0], 404, 'another path: 404')
        t.is_(n.ask(b'x' * 20000)[0], 413, 'too long: 413')
        for size in range(300, 900, 100):    # acknowledged means kept, whatever happens next
            s, _, _ = n.ask(ask_of(log, size - 100, size))
            n.kill()
            n.start()
            got = n.ask(ask_of(log, 0, size))
            if s != 200 or got[:2] != (409, b'%d\n' % size):
                t.ok(False, 'size %d is remembered through kill -9' % size, (s, got))
                break
        else:
            t.ok(True, 'each size that was signed is remembered through kill -9')
        t.is_(n.kill(signal.SIGTERM), 0, 'it ends when asked')
    finally:
        n.stop()


def main():
    with Tap() as t, tempfile.TemporaryDirectory() as work:
        r = Rig(os.path.abspath(sys.argv[1]), work)
        if r.go_absent:
            t.skip('the foreign judge', r.no_go)
        else:
            t.is_(r.no_go, '', "Go's judge of cosignatures is compiled")
        log = over_files(t, r)
        against_files(t, r, log)
        epochs(t, r, log)
        records(t, r)
        behind_nginx(t, r)


if __name__ == '__main__':
    main()
