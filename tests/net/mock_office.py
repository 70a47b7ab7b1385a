"""mock_office.py - a MOCK of the office's machines' port: just enough TLS and JSON to drive one gate, and to misbehave on purpose.

What it proves about a gate is how the gate answers faults; that gate and office fit together is proven by test_thread.py.
"""
import base64
import hashlib
import json
import os
import socket
import ssl
import struct
import subprocess
import threading
import time

from enforcer import INSTALL, now_us

SPKI_P256 = bytes.fromhex('3059301306072a8648ce3d020106082a8648ce3d030107034200')
FRAME = struct.Struct('<IHHq')
SNAPSHOT, DELTA, HEARTBEAT = 1, 2, 3


def openssl(*argv, data=None):
    r = subprocess.run(['openssl', *argv], input=data, capture_output=True, timeout=30)
    if r.returncode:
        raise RuntimeError('openssl %s: %s' % (argv[0], r.stderr.decode()))
    return r.stdout


class MockOffice:
    def __init__(self, directory, address, table_key, name='office.test'):
        self.dir, self.name, self.table_key = directory, name, table_key
        self.streams, self.reports, self.asked, self.enrolled = [], [], [], 0
        self.heartbeat_s, self.report_status, self.refuse_enrol, self.named_seq = 10, [], None, 0
        self.snapshot = self.seq = None             # what a new stream gets
        self.secret = os.urandom(16)
        self._certificates()
        self.listener = socket.create_server((address, 0))
        self.address, self.port = self.listener.getsockname()
        self.lock, self.ended = threading.Lock(), False
        threading.Thread(target=self._accept, daemon=True).start()

    # --- keys ---
    def path(self, name):
        return os.path.join(self.dir, name)

    def _certificates(self):
        for who in ('ca', 'server'):
            openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', self.path(who + '.key'))
        openssl('req', '-x509', '-new', '-key', self.path('ca.key'), '-subj', '/CN=MOCK CA', '-days', '30', '-out', self.path('ca.pem'))
        openssl('req', '-new', '-key', self.path('server.key'), '-subj', '/CN=MOCK', '-out', self.path('server.csr'))
        with open(self.path('ext'), 'w') as f:
            f.write('subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth\n' % self.name)
        openssl('x509', '-req', '-in', self.path('server.csr'), '-CA', self.path('ca.pem'), '-CAkey', self.path('ca.key'), '-CAcreateserial',
                '-days', '30', '-extfile', self.path('ext'), '-out', self.path('server.pem'))
        spki = openssl('pkey', '-in', self.path('server.key'), '-pubout', '-outform', 'DER')
        self.pin = hashlib.sha256(spki).digest()

    def _issue(self, point):
        with open(self.path('gate.spki'), 'wb') as f:
            f.write(SPKI_P256 + point)
        openssl('pkey', '-pubin', '-inform', 'DER', '-in', self.path('gate.spki'), '-out', self.path('gate.pub'))
        openssl('req', '-new', '-key', self.path('ca.key'), '-subj', '/CN=gate', '-out', self.path('gate.csr'))
        return openssl('x509', '-req', '-in', self.path('gate.csr'), '-CA', self.path('ca.pem'), '-CAkey', self.path('ca.key'), '-CAcreateserial',
                       '-days', '30', '-force_pubkey', self.path('gate.pub')).decode()

    def code(self, pin=None, port=None):
        raw = bytes([1, len(self.name)]) + self.name.encode() + struct.pack('<H', port or self.port) + self.secret + (pin or self.pin)
        text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:2]).decode().rstrip('=')
        return '-'.join(text[i:i + 5] for i in range(0, len(text), 5))

    # --- serving ---
    def _accept(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path('server.pem'), self.path('server.key'))
        context.load_verify_locations(self.path('ca.pem'))
        context.verify_mode = ssl.CERT_OPTIONAL
        while not self.ended:
            try:
                c, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connection, args=(context, c), daemon=True).start()

    def _connection(self, context, raw):
        try:
            raw.settimeout(60)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with context.wrap_socket(raw, server_side=True) as c:
                f = c.makefile('rb')
                while self._request(c, f):
                    pass
        except (OSError, ValueError):
            pass

    def _request(self, c, f):
        line = f.readline().decode().split()
        if len(line) != 3:
            return False
        headers = {}
        for h in iter(lambda: f.readline().decode().strip(), ''):
            k, v = h.split(':', 1)
            headers[k.lower()] = v.strip()
        body = f.read(int(headers.get('content-length', 0)))
        self.asked.append((line[0], line[1], headers, bool(c.getpeercert())))
        if line[1] == '/m/v1/enrol':
            self._answer(c, *self._enrol(json.loads(body)))
        elif line[1] == '/m/v1/report' and c.getpeercert():
            self._answer(c, *self._report(json.loads(body)))
        elif line[1].startswith('/m/v1/grants?') and c.getpeercert():
            self._stream(c, f)
            return False
        else:
            self._answer(c, 403, {'error': {'kind': 'forbidden', 'key': 'gate.certificate.missing', 'args': []}})
        return True

    def _answer(self, c, status, value):
        body = json.dumps(value).encode()
        c.sendall(b'HTTP/1.1 %d MOCK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' % (status, len(body)) + body)

    def _enrol(self, asked):
        if self.refuse_enrol:
            return 403, {'error': {'kind': 'forbidden', 'key': self.refuse_enrol, 'args': []}}
        point, secret = bytes.fromhex(asked['point']), bytes.fromhex(asked['secret'])
        if secret != self.secret:
            return 403, {'error': {'kind': 'forbidden', 'key': 'gate.code.unknown', 'args': []}}
        certificate = self._issue(point)
        with open(self.path('message'), 'wb') as f:
            f.write(b'sekisho-enrol-v1' + secret + point)
        with open(self.path('proof'), 'wb') as f:
            f.write(bytes.fromhex(asked['proof']))
        openssl('dgst', '-sha256', '-verify', self.path('gate.pub'), '-signature', self.path('proof'), self.path('message'))
        self.enrolled += 1
        return 200, {'v': 1, 'install': INSTALL, 'epoch': 1, 'gate': INSTALL, 'name': 'mock gate', 'zone': 1, 'lan': 'lan0', 'certificate': certificate,
                     'ca': open(self.path('ca.pem')).read(), 'log_key': self._log_key(), 'table_key': self.table_key, 'now': now_us()}

    def _log_key(self):
        name, key = 'sekisho/%s/1' % INSTALL, bytes(32)
        typed = b'\x01' + key
        return '%s+%s+%s' % (name, hashlib.sha256(name.encode() + b'\n' + typed).digest()[:4].hex(), base64.b64encode(typed).decode())

    def _report(self, body):
        status = self.report_status.pop(0) if self.report_status else 200
        self.reports.append((time.time(), status, body))
        if status != 200:
            return status, {'error': {'kind': 'busy', 'key': 'common.busy', 'args': []}}
        return 200, {'v': 1, 'ack': body['seq'], 'retry_after_ms': 0}

    def _stream(self, c, f):
        c.sendall(b'HTTP/1.1 200 MOCK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
        with self.lock:
            self.streams.append(c)
            self._send(c, HEARTBEAT, struct.pack('<Q', self.named_seq))
            if self.snapshot:
                self._send(c, SNAPSHOT, self.snapshot)
        while not self.ended and c in self.streams:
            for _ in range(int(self.heartbeat_s * 10)):
                time.sleep(0.1)
                if self.ended or c not in self.streams:
                    return
            with self.lock:
                try:
                    self._send(c, HEARTBEAT, struct.pack('<Q', self.named_seq))
                except OSError:
                    return

    def _send(self, c, kind, body):
        data = FRAME.pack(len(body), kind, 1, now_us()) + body
        c.sendall(b'%x\r\n' % len(data) + data + b'\r\n')

    # --- what a test does ---
    def push(self, kind, body):
        """To every open stream; gives the moment."""
        with self.lock:
            at = time.time()
            for c in list(self.streams):
                try:
                    self._send(c, kind, body)
                except OSError:
                    self.streams.remove(c)
            return at

    def drop_streams(self):
        with self.lock:
            for c in self.streams:
                try:
                    c.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self.streams = []

    def report_for(self, seq, deadline_s=5.0):
        end = time.time() + deadline_s
        while time.time() < end:
            for at, status, body in list(self.reports):
                if body['applied']['table'] == seq and status == 200:
                    return at, body
            time.sleep(0.002)
        return None, None

    def close(self):
        self.ended = True
        self.listener.close()
        self.drop_streams()
