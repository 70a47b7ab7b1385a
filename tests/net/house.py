"""house.py - a data directory with pretended roles, a real launcher and a real nginx, for suites that look at those two.

    with House() as h:
        h.start()
        status, headers, body = h.get('/api/echo')
"""
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

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# The pretended sekishod: roles make their sockets; the office answers what it was asked, as JSON.
SEKISHOD = r'''#!/usr/bin/python3
import json, os, signal, socket, sys, threading, time
role, data = sys.argv[1], sys.argv[2]
if os.path.exists(data + '/ignore-term'):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.path.exists(data + '/orphan-' + role):      # a grandchild whose parent ends at once: it falls to the launcher
    if os.fork() == 0:
        if os.fork() == 0:
            time.sleep(0.2)
        os._exit(0)
    os.wait()
if os.path.exists(data + '/fail-' + role):
    sys.exit(9)

def listen(name):
    path = data + '/run/' + name
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(256)
    return s

def answer(c):
    raw = b''
    while b':' not in raw:
        raw += c.recv(1)
    n = int(raw[:-1])
    head = b''
    while len(head) < n + 1:
        head += c.recv(n + 1 - len(head))
    words = head[:-1].split(b'\0')[:-1]
    p = list(zip([w.decode() for w in words[::2]], [w.decode('latin-1') for w in words[1::2]]))
    d = dict(p)
    body = b''
    while len(body) < int(d['CONTENT_LENGTH'] or 0):
        body += c.recv(65536)
    uri = d['REQUEST_URI']
    if uri.startswith('/api/slow'):
        time.sleep(1)
    if uri.startswith('/sign-in'):
        c.sendall(b"Status: 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Security-Policy: default-src 'none'; style-src 'sha256-x'\r\n"
                  b"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n<p>sign in")
    elif uri.startswith('/m/v1/grants'):
        c.sendall(b'Status: 200 OK\r\nContent-Type: application/octet-stream\r\n\r\nfirst')
        time.sleep(1)
        c.sendall(b'second')
    elif uri.startswith('/api/refused'):
        c.sendall(b'Status: 422 Unprocessable Entity\r\nContent-Type: application/json\r\n\r\n{"error":{"kind":"rule","key":"x","args":[]}}')
    elif uri.startswith('/api/die'):
        pass
    else:
        c.sendall(b'Status: 200 OK\r\nContent-Type: application/json\r\n\r\n' + json.dumps({'params': p, 'body': body.decode('latin-1')}).encode())
    c.close()

def serve(s):
    while True:
        c, _ = s.accept()
        threading.Thread(target=answer, args=(c,), daemon=True).start()

names = {'signer': ['signer.sock'], 'office': ['office-machine.sock', 'office-courier.sock', 'office-user.sock'], 'courier': [], 'render-serve': ['render.sock']}[role]
for name in names:
    threading.Thread(target=serve, args=(listen(name),), daemon=True).start()
print(role, 'runs as', os.getuid(), flush=True)
while True:
    time.sleep(60)
'''

GATE = r'''#!/usr/bin/python3
import os, sys, time
state = sys.argv[sys.argv.index('--state') + 1]
with open(state + '/calls', 'a') as f:
    f.write(' '.join(sys.argv[1:]) + ' uid=%d\n' % os.getuid())
if sys.argv[1] == 'enrol':
    sys.exit(0 if os.path.exists(state + '/may-enrol') else 1)
while True:
    time.sleep(60)
'''


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def openssl(*words):
    subprocess.run(['openssl', *words], check=True, capture_output=True)


class House:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix='sekisho-house-')
        os.chmod(self.dir, 0o755)
        self.data, self.bin, self.web = (os.path.join(self.dir, n) for n in ('data', 'bin', 'web'))
        self.user_port, self.machine_port = free_port(), free_port()
        self.launcher = None
        for d in (self.data, self.bin, self.web, self.web + '/assets', self.data + '/tls', self.data + '/gate'):
            os.makedirs(d)
        for name, text in (('sekishod', SEKISHOD), ('sekisho-gate', GATE)):
            with open(os.path.join(self.bin, name), 'w') as f:
                f.write(text)
            os.chmod(os.path.join(self.bin, name), 0o755)
        for name, text in (('index.html', '<p>app'), ('.inputs', 'secret'), ('assets/app-Ab3dEf_h.js', 'x'), ('assets/plain.svg', '<svg/>'), ('verify.html', '<p>verify')):
            with open(os.path.join(self.web, name), 'w') as f:
                f.write(text)
        self.authority('ca')
        self.authority('stranger')
        self.certificate('server', 'ca', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
        self.certificate('gate', 'ca')
        self.certificate('other', 'stranger')

    def tls(self, name):
        return os.path.join(self.data, 'tls', name)

    def authority(self, name):
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', self.tls(name + '.key'), '-out',
                self.tls(name + '.pem'), '-days', '9', '-subj', '/CN=' + name, '-addext', 'basicConstraints=critical,CA:TRUE')

    def certificate(self, name, ca, extension=None):
        openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', self.tls(name + '.key'), '-out', self.tls(name + '.csr'), '-subj', '/CN=' + name)
        with open(self.tls(name + '.ext'), 'w') as f:
            f.write(extension or 'basicConstraints=CA:FALSE')
        openssl('x509', '-req', '-in', self.tls(name + '.csr'), '-CA', self.tls(ca + '.pem'), '-CAkey', self.tls(ca + '.key'), '-CAcreateserial', '-out',
                self.tls(name + '.pem'), '-days', '9', '-extfile', self.tls(name + '.ext'))

    def words(self):
        return [os.path.join(os.environ.get('SEKISHO_SAN', ROOT + '/build/san'), 'tests/launch'), self.data, '--programs', self.bin, '--web', self.web,
                '--template', ROOT + '/packaging/nginx/sekisho.conf.in', '--user-port', str(self.user_port), '--machine-port', str(self.machine_port)]

    def start(self, *more):
        if os.path.exists(self.data + '/run/launcher.status'):
            os.unlink(self.data + '/run/launcher.status')    # so that what we see is the new launcher's
        self.log = open(os.path.join(self.dir, 'launcher.log'), 'a')
        self.launcher = subprocess.Popen(self.words() + list(more), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def status(self):
        """{role: (pid, up, starts)} as the launcher last wrote it."""
        try:
            with open(self.data + '/run/launcher.status') as f:
                rows = [line.rstrip('\n').split('\t') for line in f]
        except FileNotFoundError:
            return {}
        return {r[0]: (int(r[1]), r[2] == 'up', int(r[3])) for r in rows}

    def wait(self, what, seconds=10):
        """Waits for an event, with a deadline; returns how long it took, or None."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if what():
                return time.monotonic() - began
            time.sleep(0.01)
        return None

    def answers(self, port=None):
        try:
            with socket.create_connection(('127.0.0.1', port or self.user_port), timeout=1):
                return True
        except OSError:
            return False

    def is_up(self):
        s = self.status()
        return bool(s) and all(up for _, up, _ in s.values()) and self.answers() and self.answers(self.machine_port)

    def logs(self):
        text = ''
        for path in [os.path.join(self.dir, 'launcher.log')] + [os.path.join(self.data, 'log', n) for n in sorted(os.listdir(self.data + '/log'))] if os.path.isdir(self.data + '/log') else []:
            with open(path) as f:
                text += '== %s\n%s' % (os.path.basename(path), f.read())
        return text

    def stop(self, sig=signal.SIGTERM, seconds=10):
        if self.launcher and self.launcher.poll() is None:
            self.launcher.send_signal(sig)
        try:
            return self.launcher.wait(seconds)
        except subprocess.TimeoutExpired:
            self.launcher.kill()
            self.launcher.wait()
            return None

    def context(self, certificate=None):
        c = ssl.create_default_context(cafile=self.tls('ca.pem'))
        if certificate:
            c.load_cert_chain(self.tls(certificate + '.pem'), self.tls(certificate + '.key'))
        return c

    def ask(self, path, method='GET', body=None, headers=None, machine=False, certificate=None):
        """(status, [(name, value)] with names in lower case, body)"""
        c = http.client.HTTPSConnection('localhost', self.machine_port if machine else self.user_port, timeout=10, context=self.context(certificate))
        try:
            c.request(method, path, body=body, headers=headers or {})
            r = c.getresponse()
            return r.status, [(k.lower(), v) for k, v in r.getheaders()], r.read().decode('utf-8', 'replace')
        finally:
            c.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.launcher and self.launcher.poll() is None:
            self.stop()
        # What a killed launcher left (the suite's own processes only: their standard error is a log of ours).
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                if os.readlink('/proc/%s/fd/2' % pid).startswith(self.data + '/log/'):
                    os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass
        shutil.rmtree(self.dir, ignore_errors=True)


sys.path.insert(0, os.path.join(ROOT, 'tests'))
