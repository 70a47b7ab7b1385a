"""peers.py - who receives notices, on loopback: a real mail server, a real rsyslog, a webhook receiver, and peers that misbehave. Tests only.

    ca = Authority(dir); cert = ca.issue('localhost')
    with Exim(dir, ca) as mail:  ...  mail.letters()       # parsed messages, oldest first
    with Rsyslog(dir, ca) as log: ... log.lines()
    with Hook(dir, ca, secret) as hook: hook.mode = 503; hook.got
    with Trap('hang') as peer: ...                          # accepts and never answers

Each binds a port of 127.0.0.1 that is free, keeps everything below the directory given, and ends what it started by process id.
"""
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def listens(port):
    try:
        with socket.create_connection(('127.0.0.1', port), timeout=1):
            return True
    except OSError:
        return False


def await_(what, probe, seconds=10):
    until = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.01)


class Authority:
    """A certificate authority of the test's own, and certificates by it: paths without .pem and .key."""
    def __init__(self, folder, name='ca'):
        self.dir, self.name = folder, name
        self.run('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650', '-subj', '/CN=Test ' + name,
                 '-keyout', self.path(name + '.key'), '-out', self.pem)

    @property
    def pem(self):
        return self.path(self.name + '.pem')

    def path(self, name):
        return os.path.join(self.dir, name)

    def run(self, *words):
        subprocess.run(['openssl', *words], check=True, capture_output=True)

    def issue(self, file, names=('localhost',)):
        ext = self.path(file + '.ext')
        with open(ext, 'w') as f:
            f.write('subjectAltName=' + ','.join('DNS:' + n for n in names) + '\nextendedKeyUsage=serverAuth,clientAuth\n')
        self.run('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=' + names[0], '-keyout', self.path(file + '.key'), '-out', self.path(file + '.csr'))
        self.run('x509', '-req', '-in', self.path(file + '.csr'), '-CA', self.pem, '-CAkey', self.path(self.name + '.key'), '-CAcreateserial', '-days', '3650',
                 '-extfile', ext, '-out', self.path(file + '.pem'))
        return self.path(file)


class Program:
    """A server in the foreground, started anew on the same port as often as wanted."""
    def __enter__(self):
        return self.start()

    def start(self):
        self.log = open(os.path.join(self.dir, 'output'), 'ab')
        self.p = subprocess.Popen(self.words(), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)
        await_(self.words()[0], lambda: self.p.poll() is not None or listens(self.port))
        if self.p.poll() is not None:
            with open(os.path.join(self.dir, 'output')) as f:
                raise RuntimeError(f.read()[-2000:])
        return self

    def stop(self):
        if self.p:
            try:
                os.killpg(self.p.pid, 9)
            except ProcessLookupError:
                pass
            self.p.wait()
            self.log.close()
            self.p = None

    def __exit__(self, *_):
        self.stop()


EXIM = """
exim_user = nobody
exim_group = nogroup
spool_directory = {dir}/spool
log_file_path = {dir}/%slog
pid_file_path = {dir}/pid
primary_hostname = mail.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
tls_advertise_hosts = *
tls_certificate = {cert}.pem
tls_privatekey = {cert}.key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = rcpt
host_lookup =
keep_environment =
smtp_accept_queue_per_connection = 0
begin acl
rcpt:
  deny message = relay not permitted
       !authenticated = *
  deny message = no such mailbox
       local_parts = gone
  defer message = come back later
       local_parts = later
       condition = ${{if exists{{{dir}/defer}}}}
  accept
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  maildir_format
  directory = {dir}/box
  envelope_to_add
  user = nobody
  group = nogroup
begin retry
* * F,1h,1m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{sekisho}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
"""


class Exim(Program):
    def __init__(self, top, ca, password='Geheim 1'):
        self.dir, self.port, self.password = os.path.join(top, 'exim'), free_port(), password
        os.makedirs(self.dir)
        nobody = pwd.getpwnam('nobody')
        cert = ca.issue('exim')
        for ext in ('.pem', '.key'):
            shutil.copy(cert + ext, self.dir)
        for name in ('', 'spool', 'box', 'exim.key'):
            path = os.path.join(self.dir, name)
            if '.' not in name:
                os.makedirs(path, exist_ok=True)
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        self.conf = os.path.join(self.dir, 'exim.conf')
        with open(self.conf, 'w') as f:
            f.write(EXIM.format(dir=self.dir, port=self.port, cert=os.path.join(self.dir, 'exim'), password=password))

    def words(self):
        return ['/usr/sbin/exim4', '-C', self.conf, '-bdf']

    def defer(self, on):
        path = os.path.join(self.dir, 'defer')
        open(path, 'w').close() if on else os.unlink(path)

    def main(self):
        """What the server itself logged."""
        with open(os.path.join(self.dir, 'mainlog'), encoding='utf-8', errors='replace') as f:
            return f.read()

    def taken(self):
        """Its own number of each message it said 250 to, in that order."""
        return re.findall(r' (\S+) <= ', self.main())

    def letters(self):
        """All of them, read from the mailbox, in the order in which they were taken."""
        folder, taken, out = os.path.join(self.dir, 'box', 'new'), self.taken(), {}
        await_('mail in the box', lambda: len(taken) <= (len(os.listdir(folder)) if os.path.isdir(folder) else 0))
        for name in os.listdir(folder) if taken else []:
            with open(os.path.join(folder, name), 'rb') as f:
                m = email.message_from_bytes(f.read(), policy=email.policy.default)
            m.number = re.search(r'\tid (\S+)', m['Received']).group(1)
            out[m.number] = m
        return [out[number] for number in taken]


RSYSLOG = """
global(workDirectory="{dir}" defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="{ca}" defaultNetstreamDriverCertFile="{cert}.pem" defaultNetstreamDriverKeyFile="{cert}.key")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="{auth}")
input(type="imtcp" port="{port}" address="127.0.0.1")
template(name="raw" type="string" string="%rawmsg%\\n")
action(type="omfile" file="{dir}/messages" template="raw" asyncWriting="off")
"""


class Rsyslog(Program):
    """auth x509/certvalid: the client has to show a certificate of the same authority."""
    def __init__(self, top, ca, auth='x509/certvalid'):
        self.dir, self.port = os.path.join(top, 'rsyslog'), free_port()
        os.makedirs(self.dir)
        self.conf = os.path.join(self.dir, 'conf')
        with open(self.conf, 'w') as f:
            f.write(RSYSLOG.format(dir=self.dir, port=self.port, ca=ca.pem, cert=ca.issue('rsyslog'), auth=auth))

    def words(self):
        return ['/usr/sbin/rsyslogd', '-n', '-f', self.conf, '-i', os.path.join(self.dir, 'pid')]

    def lines(self):
        path = os.path.join(self.dir, 'messages')
        if not os.path.exists(path):
            return []
        with open(path, encoding='utf-8') as f:
            return f.read().splitlines()


class Hook:
    """Receives signed notices. mode: the status to answer with, 'die' (no answer), 'slow' (a byte at a time)."""
    def __init__(self, ca, secret):
        self.secret, self.mode, self.got, self.bad, self.asked = secret.encode(), 200, [], [], 0
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                hook.asked += 1
                self.close_connection = True
                if hook.mode == 'die':
                    return
                if hook.mode == 'slow':
                    try:
                        for c in b'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n' + b'x' * 100000:
                            self.wfile.write(bytes([c]))
                            time.sleep(0.2)
                    except OSError:
                        pass
                    return
                hook.check(self.headers, body)
                self.send_response(hook.mode)
                self.send_header('Content-Length', '0')
                self.end_headers()

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cert = ca.issue('hook')
        context.load_cert_chain(cert + '.pem', cert + '.key')
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.server.handle_error = lambda *_: None
        self.port = self.server.server_address[1]

    def check(self, headers, body):
        parts = dict(p.split('=', 1) for p in headers.get('Sekisho-Signature', '').split(','))
        want = hmac.new(self.secret, parts.get('t', '').encode() + b'.' + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(parts.get('v1', ''), want):
            self.bad.append(headers.get('Sekisho-Signature'))
        if self.mode == 200:
            self.got.append({**json.loads(body), 'delivery': headers['Sekisho-Delivery']})

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Trap:
    """A peer that misbehaves. hang: accepts and never answers; drip: greets a byte a time; after-data: takes a whole mail and dies."""
    def __init__(self, manner, port=0):
        self.manner, self.calls, self.mails, self.open = manner, 0, [], []
        self.s = socket.socket()
        self.s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.s.bind(('127.0.0.1', port))
        self.s.listen(20)
        self.port = self.s.getsockname()[1]

    def _one(self, c):
        try:
            getattr(self, '_' + self.manner.replace('-', '_'))(c)
        except OSError:
            pass

    def _hang(self, c):
        self.open.append(c)

    def _drip(self, c):
        for b in b'220 ' + b'x' * 4000:
            c.send(bytes([b]))
            time.sleep(0.3)

    def _after_data(self, c):
        f = c.makefile('rwb')

        def say(line):
            f.write(line + b'\r\n')
            f.flush()
        say(b'220 trap')
        mail = None
        for line in f:
            if mail is not None:
                if line == b'.\r\n':
                    self.mails.append(email.message_from_bytes(b''.join(mail), policy=email.policy.default))
                    c.close()
                    f.close()
                    return
                mail.append(line)
            elif line.upper().startswith(b'DATA'):
                mail = []
                say(b'354 go on')
            else:
                say(b'250 trap')

    def _serve(self):
        while True:
            try:
                c, _ = self.s.accept()
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self._one, args=(c,), daemon=True).start()

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        try:
            self.s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.s.close()
        for c in self.open:
            c.close()
