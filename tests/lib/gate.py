"""gate.py - a gate written a second time, from docs/formats/ alone: enrols, follows the stream, obeys only what is signed.

    g = Gate(town.sock('machine'), town.code)
    g.follow(lambda g: g.head['seq'] >= 3)      # reads frames until then
    g.verdict('02:00:00:00:00:01', now_micros)  # 'allow' or 'deny'

Keys and signatures are openssl's (the command), so nothing here shares code with the product.
"""
import base64
import hashlib
import json
import os
import select
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.parse

import scgi

HEADER = struct.Struct('<8sHHI16sQqqII32s32s32s')
RECORD = struct.Struct('<BBBBHH32s16s16sqqqQ24s')
DELTA = struct.Struct('<8sHHIIIQ')
FRAME = struct.Struct('<IHHq')
VERSION = {'HTTP_SEKISHO_VERSION': '1'}
JSON = {'CONTENT_TYPE': 'application/json'}


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, reply):
        super().__init__('%d %s' % (reply.status, reply.body[:300]))
        self.reply = reply


def openssl(*words, data=b''):
    done = subprocess.run(['openssl', *words], input=data, capture_output=True)
    if done.returncode != 0:
        raise OSError('openssl %s: %s' % (words[0], done.stderr.decode()))
    return done.stdout


def decode_code(code):
    """Enrolment code of machines.md → host, port, secret, pin."""
    text = code.replace('-', '').replace(' ', '').upper()
    raw = base64.b32decode(text + '=' * (-len(text) % 8))
    version, n = raw[0], raw[1]
    host, at = raw[2:2 + n].decode(), 2 + n
    port, secret, pin, check = struct.unpack_from('<H16s32s2s', raw, at)
    if version != 1 or hashlib.sha256(raw[:-2]).digest()[:2] != check or at + 52 != len(raw):
        raise ValueError('not an enrolment code')
    return host, port, secret, pin


def unpack_header(raw):
    f = HEADER.unpack(raw)
    h = dict(zip(('magic', 'version', 'flags', 'epoch', 'install', 'seq', 'made_at', 'valid_until', 'count', 'side', 'content', 'previous', 'zero'), f))
    if h['magic'] != b'SEKIGRNT' or h['version'] != 1 or h['flags'] or any(h['zero']) or not h['seq'] or not h['epoch']:
        raise ValueError('not a header: %r' % (h,))
    return h


class Gate:
    def __init__(self, sock, code, enrol=True):
        self.sock, self.dir = sock, tempfile.mkdtemp(prefix='sekisho-gate.')
        self.key = os.path.join(self.dir, 'key.pem')
        self.host, self.port, self.secret, self.pin = decode_code(code)
        openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', self.key)
        self.point = openssl('pkey', '-in', self.key, '-pubout', '-outform', 'DER')[-65:]
        self.head, self.records, self.raw, self.heard, self.frames = None, {}, {}, 0, []
        self.stream, self.room, self.told, self.boot = None, b'', 0, '01900000-0000-7000-8000-%012x' % (id(self) & 0xffffffffffff)
        if enrol:
            self.enrol()

    def close(self):
        self.leave()
        shutil.rmtree(self.dir, ignore_errors=True)

    # ---- enrolment ----

    def request(self, **bend):
        proof = openssl('dgst', '-sha256', '-sign', self.key, data=b'sekisho-enrol-v1' + self.secret + self.point)
        return {'v': 1, 'secret': self.secret.hex(), 'point': self.point.hex(), 'proof': proof.hex(), **bend}

    def ask_enrol(self, params=None, **bend):
        return scgi.call(self.sock, 'POST', '/m/v1/enrol', json.dumps(self.request(**bend)).encode(), {**VERSION, **JSON, **(params or {})})

    def enrol(self):
        r = self.ask_enrol()
        if r.status != 200:
            raise Refused(r)
        self.answer = r.json()
        self.id = self.answer['gate']
        pub = bytes.fromhex('302a300506032b6570032100' + self.answer['table_key'])
        self.table_key = os.path.join(self.dir, 'table.der')
        with open(self.table_key, 'wb') as f:
            f.write(pub)

    def cert(self):
        """What nginx would say of us."""
        return {**VERSION, 'CLIENT_VERIFY': 'SUCCESS', 'CLIENT_CERT': urllib.parse.quote(self.answer['certificate'], safe='')}

    # ---- stream ----

    def join(self, params=None):
        self.stream = socket.socket(socket.AF_UNIX)
        self.stream.settimeout(30)
        self.stream.connect(self.sock)
        place = (self.head['epoch'], self.head['seq']) if self.head else (0, 0)
        words = [('CONTENT_LENGTH', '0'), ('SCGI', '1'), ('REQUEST_METHOD', 'GET'), ('REQUEST_URI', '/m/v1/grants?epoch=%d&seq=%d' % place)]
        self.stream.sendall(scgi.frame(words + list((params or self.cert()).items()), b''))
        raw = b''
        while b'\r\n\r\n' not in raw:
            chunk = self.stream.recv(65536)
            if not chunk:
                break
            raw += chunk
        head, _, self.room = raw.partition(b'\r\n\r\n')
        self.status = int(head.split()[1])
        return self.status

    def leave(self):
        if self.stream:
            self.stream.close()
        self.stream, self.room = None, b''

    def follow(self, enough, patience=20.0):
        """Reads frames until enough(self); True when it came to that."""
        until = time.monotonic() + patience
        if not self.stream and self.join() != 200:
            raise OSError('the stream answered %d' % self.status)
        while not enough(self):
            while len(self.room) < FRAME.size or len(self.room) < FRAME.size + FRAME.unpack_from(self.room)[0]:
                left = until - time.monotonic()
                if left <= 0 or not select.select([self.stream], [], [], left)[0]:
                    return False
                chunk = self.stream.recv(65536)
                if not chunk:
                    raise OSError('the stream ended')
                self.room += chunk
            self._frame()
        return True

    def _frame(self):
        n, kind, version, at = FRAME.unpack_from(self.room)
        body, self.room = self.room[FRAME.size:FRAME.size + n], self.room[FRAME.size + n:]
        if version != 1:
            raise ValueError('frame version %d' % version)
        self.frames.append((kind, at))
        if kind == 1:
            self._snapshot(body)
        elif kind == 2:
            self._delta(body)
        elif kind == 3:
            self.heard, = struct.unpack('<Q', body)
        else:
            raise ValueError('frame type %d' % kind)

    def _verify(self, header, sig):
        paths = [os.path.join(self.dir, n) for n in ('header', 'sig')]
        for path, data in zip(paths, (header, sig)):
            with open(path, 'wb') as f:
                f.write(data)
        openssl('pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', self.table_key, '-rawin', '-in', paths[0], '-sigfile', paths[1])

    def _take(self, header, sig, records, side):
        h = unpack_header(header)
        order = sorted(records)
        content = hashlib.sha256(b''.join(records[k] for k in order) + side).digest()
        if content != h['content'] or len(order) != h['count'] or len(side) != h['side']:
            raise ValueError('content does not fit its header')
        self._verify(header, sig)
        self.head, self.raw = h, records
        self.hash = hashlib.sha256(header).hexdigest()
        self.records = {k: RECORD.unpack(v) for k, v in records.items()}

    def _records(self, raw):
        out, last = {}, None
        for at in range(0, len(raw), RECORD.size):
            one = raw[at:at + RECORD.size]
            key = (one[0], one[8:40])
            if last is not None and key <= last:
                raise ValueError('records out of order')
            out[key], last = one, key
        return out

    def _snapshot(self, body):
        h = unpack_header(body[:160])
        end = 224 + h['count'] * RECORD.size
        self._take(body[:160], body[160:224], self._records(body[224:end]), body[end:])

    def _delta(self, body):
        magic, version, flags, ups, dels, zero, base = DELTA.unpack_from(body)
        if magic != b'SEKIDLTA' or version != 1 or flags or zero or base != self.head['seq']:
            raise ValueError('a delta that does not fit')
        at = 32 + 160 + 64
        up = self._records(body[at:at + ups * RECORD.size])
        at += ups * RECORD.size
        merged = {**self.raw, **up}
        for i in range(dels):
            one = body[at + 40 * i:at + 40 * (i + 1)]
            del merged[(one[0], one[8:])]
        h = unpack_header(body[32:192])
        if h['seq'] == base + 1 and h['previous'].hex() != self.hash:
            raise ValueError('the chain of headers is broken')
        self._take(body[32:192], body[192:256], merged, body[at + 40 * dels:])

    # ---- what it is for ----

    def find(self, mac):
        return self.records.get((1, bytes.fromhex(mac.replace(':', '')) + bytes(26)))

    def verdict(self, mac, now):
        r = self.find(mac)
        ok = r and r[1] == 1 and r[4] in (0, self.answer['zone']) and r[9] <= now < min(r[10], r[11])
        return 'allow' if ok else 'deny'

    def report(self, at, **bend):
        """Tells the office that the newest table is in force since `at`."""
        self.told += 1
        applied = {'epoch': self.head['epoch'], 'table': self.head['seq'], 'hash': self.hash, 'at': at, 'count': self.head['count']}
        body = {'v': 1, 'boot': self.boot, 'stream': 'applied', 'seq': self.told, 'applied': {**applied, **bend.pop('applied', {})}, **bend}
        return scgi.call(self.sock, 'POST', '/m/v1/report', json.dumps(body).encode(), {**self.cert(), **JSON})
