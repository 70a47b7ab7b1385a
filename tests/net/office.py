"""office.py - the real house for suites that go through it: launcher, nginx, office, signer, courier and one gate; people; a clicker.

    office = Office(build, lab, top)     data directory `top`/data on two free ports; the gate's enforcer in the lab's namespace
    office.start(); staff = office.person('staff'); staff.post('/api/v1/applications', {...})
"""
import datetime
import http.client
import http.cookies
import json
import os
import re
import socket
import ssl
import subprocess
import urllib.parse

from netlab import wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as s:
        return s.getsockname()[1]


class Person:
    """Somebody with a session, speaking the API as the browser does."""

    def __init__(self, office, login, password):
        self.office, self.cookies = office, {}
        page = self._ask('GET', '/sign-in')[2].decode()
        word = re.search(r'name="csrf"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="csrf"', page)
        form = urllib.parse.urlencode({'login': login, 'password': password, 'csrf': word.group(1) or word.group(2), 'next': '/'})
        status, _, body = self._ask('POST', '/sign-in', form, 'application/x-www-form-urlencoded')
        if status not in (302, 303):
            raise RuntimeError('sign-in of %s: %d %s' % (login, status, body[:300]))
        self.session = self.get('/api/v1/session')
        self.csrf = self.session['csrf']

    def _ask(self, method, path, body=None, kind=None, more=None):
        c = http.client.HTTPSConnection('localhost', self.office.user_port, context=self.office.tls, timeout=30)
        headers = {'Cookie': '; '.join('%s=%s' % kv for kv in self.cookies.items()), 'Origin': 'https://localhost:%d' % self.office.user_port,
                   'Sec-Fetch-Site': 'same-origin', **(more or {})}
        if kind:
            headers['Content-Type'] = kind
        c.request(method, path, body.encode() if body else None, headers)
        r = c.getresponse()
        data = r.read()
        for line in r.headers.get_all('Set-Cookie') or []:
            for name, v in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = v.value
        c.close()
        return r.status, r.headers, data

    def get(self, path):
        status, _, body = self._ask('GET', path)
        if status != 200:
            raise RuntimeError('GET %s: %d %s' % (path, status, body[:300]))
        return json.loads(body)

    def post(self, path, value):
        status, _, body = self._ask('POST', path, json.dumps(value), 'application/json', {'X-Sekisho-CSRF': self.csrf})
        if status not in (200, 201):
            raise RuntimeError('POST %s: %d %s' % (path, status, body[:400]))
        return json.loads(body)


PEOPLE = ('sato:佐藤:産業振興課:staff', 'suzuki:鈴木:産業振興課:section_manager', 'tanaka:田中:情報政策課:system_manager')


class Office:
    def __init__(self, build, lab, top, pack='packs/thread', people=PEOPLE, zone='office', demo=False, run=None):
        """`demo`: True, or the words behind init --demo (a day, a seed). `run`: the build whose programs run, when another than makes it."""
        self.dir, self.lab, self.clock = os.path.join(top, 'data'), lab, None
        self.user_port, self.machine_port = free_port(), free_port()
        self.programs, self.build = os.path.join(top, 'bin'), build
        os.mkdir(self.programs)
        for name in ('server/sekishod', 'gate/sekisho-gate'):
            os.symlink(os.path.join(run or build, 'src', name), os.path.join(self.programs, os.path.basename(name)))
        words = [os.path.join(build, 'src/server/sekishod'), 'init', self.dir, '--pack', pack, '--name', '関所市', '--body', 'SHI', '--gate', 'test:%s:lan0' % zone,
                 '--user-port', str(self.user_port), '--machine-port', str(self.machine_port), '--write-accounts']
        for one in people:
            words += ['--person', one]
        words += ['--demo', *(() if demo is True else demo)] if demo else []
        out = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120)
        if out.returncode:
            raise RuntimeError('init: ' + out.stderr)
        self.key = next((line.split('\t')[1] for line in out.stdout.splitlines() if line.startswith('key\t')), None)
        self.recovery = next((line.split('\t')[1] for line in out.stdout.splitlines() if line.startswith('recovery\t')), None)
        code = [line.split('\t')[2] for line in out.stdout.splitlines() if line.startswith('gate\t')][0]
        os.mkdir(self.dir + '/gate', 0o700)
        with open(os.open(self.dir + '/gate/code', os.O_CREAT | os.O_WRONLY, 0o600), 'w') as f:
            f.write(code + '\n')
        self.accounts = json.load(open(self.dir + '/accounts.json'))
        lines = [line.split('\t') for line in out.stdout.splitlines() if line.startswith('account\t')]
        with open(os.open(self.dir + '/people.json', os.O_CREAT | os.O_WRONLY, 0o600), 'w') as f:      # accounts.json knows one a role
            json.dump({login: {'login': login, 'password': password} for _, login, _, password in lines}, f)
        self.tls = ssl.create_default_context(cafile=self.dir + '/tls/ca.pem')

    def keep_clock(self):
        """A clock that a story moves (sys/clock.h), below the one folder that the office's sandbox lets it read. Only a build with a test clock heeds it."""
        with open(self.programs + '/sekishod', 'rb') as f:
            if b'SEKISHO_TEST_CLOCK' not in f.read():
                raise RuntimeError('%s has no test clock: give build/san' % self.build)
        self.clock = self.dir + '/office/clock'
        with open(self.clock, 'w') as f:
            f.write('@' + datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ'))

    def start(self, gate=True):
        at_gate = ['--gate', '--netns', self.lab.gate, '--lan', 'lan0'] if gate else []
        self.child = subprocess.Popen([self.programs + '/sekishod', 'launch', self.dir, '--programs', self.programs, '--web', ROOT + '/web/dist',
                                       '--template', ROOT + '/packaging/nginx/sekisho.conf.in', '--user-port', str(self.user_port),
                                       '--machine-port', str(self.machine_port), *at_gate],
                                      cwd=ROOT, stdout=open(self.dir + '/launcher.out', 'ab'), stderr=subprocess.STDOUT,
                                      env={**os.environ, **({'SEKISHO_TEST_CLOCK': self.clock} if self.clock else {})})
        self.lab.children.append(self.child)
        if not wait_until(self.answers, 30, 0.1):
            raise RuntimeError('the office does not answer:\n' + self.logs())

    def answers(self):
        c = http.client.HTTPSConnection('localhost', self.user_port, context=self.tls, timeout=5)
        try:
            c.request('GET', '/api/v1/session')
            return c.getresponse().status == 401
        except OSError:
            return False
        finally:
            c.close()

    def stop(self):
        self.child.terminate()
        try:
            return self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.child.kill()
            return self.child.wait()

    def logs(self):
        words = ''
        for where, _, names in os.walk(self.dir):
            for name in names:
                if name.endswith('.log') or name == 'launcher.out':
                    with open(os.path.join(where, name), errors='replace') as f:
                        words += '--- %s\n%s' % (name, f.read()[-2500:])
        return words

    def person(self, role):
        return Person(self, self.accounts[role]['login'], self.accounts[role]['password'])


class Clicker:
    """tests/e2e/approve.mjs: one browser, one click a round."""

    def __init__(self, lab, office):
        node = os.path.join(ROOT, 'web/node_modules/.bin/node')
        self.p = subprocess.Popen([node if os.path.exists(node) else 'node', 'tests/e2e/approve.mjs'], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  text=True, bufsize=1, env={**os.environ, 'E2E_BASE': 'https://localhost:%d' % office.user_port,
                                                             'E2E_ACCOUNTS': office.dir + '/accounts.json'})
        lab.children.append(self.p)

    def aim(self, number):
        self.p.stdin.write(number + '\n')
        line = self.p.stdout.readline().strip()
        if line != 'READY':
            raise RuntimeError('approve.mjs said %r' % line)

    def click(self):
        """Epoch seconds of the click."""
        self.p.stdin.write('\n')
        line = self.p.stdout.readline().strip()
        if not line.startswith('CLICKED '):
            raise RuntimeError('approve.mjs said %r' % line)
        return int(line.split()[1]) / 1e6

    def close(self):
        self.p.stdin.close()
        self.p.wait(15)
