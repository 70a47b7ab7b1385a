"""town.py - a small municipality of real processes: init, signer, office, courier, a test clock, people. For tests only.

    with Town(at='2026-04-01T09:00') as t:
        s = t.person('sato')                    # signed in, as scgi.Session
        t.clock('2026-04-02T09:00')             # JST; the file is read by the programs at each call
        print(t.get('tanaka', '/api/v1/status').json())

    with Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=CITY, gate=None) as t:
        a = t.submit('sato', 'service-use', {...})              # the reply's JSON: id, number, receipt
        t.act('kudo', a['id'], 'decide', {'decision': 'approve', 'reason': ''})
        t.case('sato', a['id'])['open']

Programs come from $SEKISHO_SAN (sanitizers and test clock), else build/san. Leaving the block ends all processes and raises
Sick when one of them ended badly or a sanitizer spoke.
"""
import contextlib
import datetime
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scgi  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAN = os.environ.get('SEKISHO_SAN', os.path.join(ROOT, 'build/san'))
SEKISHOD = os.path.join(SAN, 'src/server/sekishod')
UTC, JST = datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=9))
# Entries that the office makes when their time has come, whatever people do at that moment.
BY_TIME = ('duty.reminded', 'duty.overdue', 'exception.expired', 'expired', 'grants.issued', 'permit.expired', 'permit.started')
PATIENCE = 30.0     # seconds until what has to come must have come; nothing waits that long when all is well

# login, name, section, roles. suzuki decides for sato and yamada; kimura could decide, and applies as well.
PEOPLE = (
    ('sato', '佐藤', '産業振興課', 'staff'),
    ('yamada', '山田', '産業振興課', 'staff'),
    ('suzuki', '鈴木', '産業振興課', 'section_manager'),
    ('kimura', '木村', '産業振興課', 'section_manager,staff'),
    ('ito', '伊藤', '税務課', 'section_manager'),
    ('mori', '森', '税務課', 'staff'),
    ('tanaka', '田中', '情報政策課', 'system_manager'),
)

# A city with everybody that chapter 8.2 names, each post held by one person but for the secretariat: it needs two.
CITY = (
    ('sato', '佐藤', '産業振興課', 'staff'),
    ('yamada', '山田', '産業振興課', 'staff'),
    ('suzuki', '鈴木', '産業振興課', 'section_manager'),
    ('ito', '伊藤', '税務課', 'section_manager'),
    ('mori', '森', '税務課', 'staff'),
    ('kudo', '工藤', '情報政策課', 'secretariat,staff'),
    ('ono', '小野', '情報政策課', 'secretariat'),
    ('hara', '原', '情報政策課', 'dept_officer,approving_authority'),
    ('mizuno', '水野', '総務部', 'senior_officer'),
    ('abe', '阿部', '副市長室', 'ciso'),
    ('nagai', '永井', '監査委員事務局', 'auditor'),
    ('tanaka', '田中', '情報政策課', 'system_manager'),
)


class Sick(Exception):
    """A program ended badly, or does not come up."""


def jst(text):
    """'2026-04-01T09:00' as people in Japan write it."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=JST)


def utc_text(when):
    return when.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%fZ')


def micros(text):
    """RFC 3339 of the API as UTC microseconds."""
    t = datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))
    return (t - datetime.datetime(1970, 1, 1, tzinfo=UTC)) // datetime.timedelta(microseconds=1)


def wait(what, probe, patience=PATIENCE):
    """probe() until it gives something true; Sick with its last answer when the patience is over."""
    until = time.monotonic() + patience
    while True:
        got = probe()
        if got:
            return got
        if time.monotonic() > until:
            raise Sick('%s did not come within %d s' % (what, patience))
        time.sleep(0.01)


class Town:
    def __init__(self, at=None, people=PEOPLE, gate='1F:office:lan0', roles=('signer', 'office'), program=SEKISHOD, data=None, pack='packs/thread'):
        self.top = tempfile.mkdtemp(prefix='sekisho-town.')
        self.dir = os.path.join(self.top, 'data')
        self.program, self.roles, self.running, self.logs, self.sessions = program, roles, {}, {}, {}
        self.now = jst(at) if at else None
        self.passwords, self.code, self.names, self.pack = {}, None, {p[0]: p[1] for p in people}, os.path.join(ROOT, pack)
        self.ids = {}
        try:
            self._init(people, gate)
        except BaseException:
            shutil.rmtree(self.top, ignore_errors=True)
            raise

    def _env(self, spec):
        env = dict(os.environ)
        env.pop('SEKISHO_TEST_CLOCK', None)
        if spec:
            env['SEKISHO_TEST_CLOCK'] = spec
        return env

    def _init(self, people, gate):
        words = [self.program, 'init', self.dir, '--pack', self.pack, '--name', '関所市', '--body', 'SHI', '--write-accounts']
        for p in people:
            words += ['--person', ':'.join(p)]
        if gate:
            words += ['--gate', gate]
        spec = '=' + utc_text(self.now) if self.now else None
        done = subprocess.run(words, env=self._env(spec), capture_output=True, text=True)
        if done.returncode != 0:
            raise Sick('init: %s%s' % (done.stdout, done.stderr))
        for line in done.stdout.splitlines():
            word = line.split('\t')
            if word[0] == 'account':
                self.passwords[word[1]] = word[3]
            elif word[0] == 'gate':
                self.code = word[2]
            elif word[0] == 'recovery':
                self.recovery = word[1]
            elif word[0] == 'key':
                self.log_key = word[1]
        # Below the one folder that the office's sandbox lets it read.
        self.clock_file = os.path.join(self.dir, 'office', 'clock')
        if self.now:
            self._write_clock()

    # ---- time ----

    def _write_clock(self):
        with open(self.clock_file + '.new', 'w') as f:
            f.write('=' + utc_text(self.now))
        os.replace(self.clock_file + '.new', self.clock_file)

    def clock(self, to):
        """'2026-04-01T09:00' (JST), or a datetime; people have to sign in anew, as after a while without use."""
        self.now = jst(to) if isinstance(to, str) else to
        self._write_clock()
        self.sessions = {}

    # ---- processes ----

    def start(self, role):
        log = open(os.path.join(self.top, role + '.log'), 'ab')
        env = self._env(self.clock_file if self.now else None)
        self.running[role] = subprocess.Popen([self.program, role, self.dir], env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()

    def log(self, role):
        try:
            with open(os.path.join(self.top, role + '.log'), encoding='utf-8', errors='replace') as f:
                return f.read()
        except FileNotFoundError:
            return ''

    def up(self):
        for role in self.roles:
            self.start(role)

        def answers():
            for role, p in self.running.items():
                if p.poll() is not None:
                    raise Sick('%s ended with %s: %s' % (role, p.returncode, self.log(role)))
            try:
                return self.user('GET', '/sign-in').status == 200
            except (OSError, ValueError):
                return False
        wait('the office', answers)
        return self

    def down(self):
        """Ends all in the order a launcher would; a list of what was wrong."""
        sick = []
        for role in ('courier', 'office', 'render-serve', 'signer'):
            p = self.running.pop(role, None)
            if not p:
                continue
            p.send_signal(signal.SIGTERM)
            try:
                p.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
                sick.append('%s does not end' % role)
            log = self.log(role)
            if p.returncode != 0 or 'Sanitizer' in log or 'runtime error' in log:
                sick.append('%s ended with %s: %s' % (role, p.returncode, log[-4000:]))
        return sick

    def tool(self, *words):
        """sekishod check DIR and the like, while nothing runs: (exit status, what it said)."""
        env = self._env(self.clock_file if self.now else None)
        done = subprocess.run([self.program, words[0], self.dir, *words[1:]], env=env, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def __enter__(self):
        try:
            return self.up()
        except BaseException:
            self.down()
            shutil.rmtree(self.top, ignore_errors=True)
            raise

    def __exit__(self, kind, value, trace):
        sick = self.down()
        shutil.rmtree(self.top, ignore_errors=True)
        if sick and kind is None:
            raise Sick('; '.join(sick))

    # ---- calls ----

    def sock(self, port):
        return os.path.join(self.dir, 'run', 'office-%s.sock' % port)

    def call(self, port, method, uri, body=b'', params=None):
        return scgi.call(self.sock(port), method, uri, body, params)

    def user(self, method, uri, body=b'', params=None):
        return self.call('user', method, uri, body, params)

    def sign_in(self, login):
        return scgi.Session(self, login, self.passwords[login])

    def person(self, login):
        if login not in self.sessions:
            self.sessions[login] = self.sign_in(login)
        return self.sessions[login]

    def get(self, login, uri):
        return self.person(login).get(uri)

    def post(self, login, uri, value):
        return self.person(login).post(uri, value)

    def size(self):
        """Entries in the journal that somebody's act made: the office's clock writes when it likes."""
        with contextlib.closing(sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % self.dir, uri=True, timeout=10)) as db:
            return db.execute('SELECT count(*) FROM journal WHERE type NOT IN (%s)' % ','.join('?' * len(BY_TIME)), BY_TIME).fetchone()[0]

    # ---- acts ----

    def id(self, login):
        """The person's id, for fields and acts that name people."""
        if login not in self.ids:
            self.ids[login] = self.get(login, '/api/v1/session').json()['person']['id']
        return self.ids[login]

    def good(self, reply, *want):
        """The JSON of a reply with one of these statuses; Sick with what it says otherwise."""
        if reply.status not in (want or (200, 201)):
            raise Sick('%d %s' % (reply.status, reply.body[:600].decode('utf-8', 'replace')))
        return reply.json()

    def submit(self, by, form, answers, applicant=None):
        """Files an application: {id, number, receipt}. applicant: whose login, when `by` only drafts."""
        body = {'form': form, 'answers': answers}
        if applicant:
            body['applicant'] = self.id(applicant)
        return self.good(self.post(by, '/api/v1/applications', body))

    def case(self, by, application):
        return self.good(self.get(by, '/api/v1/applications/' + application))

    def try_act(self, by, application, verb, body, rev=None):
        """The reply, whatever it is. rev: as this person (or, if they see nothing, the system manager) sees it now."""
        if rev is None:
            seen = self.get(by, '/api/v1/applications/' + application)
            rev = (seen if seen.status == 200 else self.get('tanaka', '/api/v1/applications/' + application)).json()['rev']
        return self.post(by, '/api/v1/applications/%s/%s' % (application, verb), {**body, 'rev': rev})

    def act(self, by, application, verb, body, rev=None):
        return self.good(self.try_act(by, application, verb, body, rev))

    def decide(self, by, application, decision='approve', reason='', **more):
        return self.act(by, application, 'decide', {'decision': decision, 'reason': reason, **more})

    def step(self, application, step, by='tanaka'):
        return next(s for s in self.case(by, application)['steps'] if s['id'] == step)

    def notices(self):
        """What lies in the outbox: [{key, to: [logins], args, ref}], oldest first."""
        names = {self.id(login): login for login in self.names}
        items = self.call('courier', 'GET', '/c/v1/outbox').json()['items']
        return [{**i['body'], 'to': [names.get(p, p) for p in i['body']['to']]} for i in items]

    def apply(self, login='sato', mac='02:00:00:00:00:01', until='2026-04-30', **more):
        """Submits and returns the reply; answers may be replaced by name."""
        answers = {'device_name': '出張用ノートパソコン', 'mac': mac, 'purpose': '会議室で使う。', 'until': until, **more}
        return self.post(login, '/api/v1/applications', {'form': 'network-connection', 'answers': answers})


def raw_call(path, data, patience=PATIENCE):
    """Bytes in, all bytes out; for requests that nginx would never make."""
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(patience)
    try:
        s.connect(path)
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        except BrokenPipeError:
            pass                    # answered and closed before it had all: the answer is still there
        out = b''
        while True:
            chunk = s.recv(65536)
            if not chunk:
                return out
            out += chunk
    except ConnectionResetError:
        return out
    finally:
        s.close()
