#!/usr/bin/python3
"""bundle.py - the offline bundle is refused unless it is whole and of the right key; on a machine without network it installs, runs and updates.

    tests/bundle/bundle.py BUILD              the bundle of our own packages: what is in it, and every refusal
    tests/bundle/bundle.py BUILD install      root, debootstrap and the network to make it: a minimal Debian 12 in a folder, entered in
                                              namespaces without network; installed, a case decided through nginx, roles as their units say, updated

The machine of `install` has no systemd as its first process. Units are looked at by systemd-analyze; then `Units` below does what they
say of sockets, users and commands (not of namespaces and filters).
"""
import configparser
import datetime
import os
import random
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/net']
from netlab import wait_until                                          # noqa: E402
from office import Person                                              # noqa: E402
from tap import Tap                                                    # noqa: E402

DATA = '/var/lib/sekisho'
MIRROR = os.environ.get('SEKISHO_MIRROR', 'http://deb.debian.org')


# ---- making ----

class Keys:
    """A keyring of its own with the release key and a stranger's."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix='sk-gpg-', dir='/tmp')     # the agent's socket must have a short name
        self.env = {**os.environ, 'GNUPGHOME': self.home}
        self.release, self.stranger = (self.make(n) for n in ('Sekisho release (test)', 'A stranger (test)'))

    def gpg(self, *words):
        return subprocess.run(['gpg', '--batch', '--quiet', '--passphrase', '', *words], env=self.env, check=True, capture_output=True).stdout

    def make(self, name):
        self.gpg('--quick-generate-key', name, 'ed25519', 'sign', 'never')
        return re.search(r'^fpr:+([0-9A-F]{40}):', self.gpg('--with-colons', '--list-keys', '=' + name).decode(), re.M).group(1)

    def close(self):
        subprocess.run(['gpgconf', '--kill', 'all'], env=self.env)
        shutil.rmtree(self.home, ignore_errors=True)


def make(keys, build, out, *more):
    """The archive's path."""
    p = subprocess.run([ROOT + '/packaging/bundle/make.py', '--key', keys.release, '--build', build, '--out', out, *more], env=keys.env, capture_output=True, text=True)
    if p.returncode:
        raise RuntimeError('make.py: %s%s' % (p.stdout[-1500:], p.stderr[-1500:]))
    return re.search(r'^ *(\S+\.tar) ', p.stdout, re.M).group(1)


def unpacked(archive, to):
    os.makedirs(to)
    subprocess.run(['tar', '-C', to, '-xf', archive], check=True)
    return os.path.join(to, os.path.basename(archive)[:-4])


def archive_good(archive, key):
    p = subprocess.run(['gpgv', '--keyring', os.path.join(os.path.dirname(archive), 'sekisho-release.gpg'), archive + '.sig', archive], capture_output=True, text=True)
    return p.returncode == 0 and key in p.stderr


# ---- refusals ----

class Stubs:
    """What install.sh would change the machine with, as programs that only say that they were called."""

    def __init__(self, top):
        self.dir, self.said = top + '/stubs', top + '/called'
        os.mkdir(self.dir)
        for name in ('apt-get', 'systemctl', 'sekishod'):
            with open(os.path.join(self.dir, name), 'w') as f:
                f.write('#!/bin/sh\necho %s >>%s\nexit 1\n' % (name, self.said))
            os.chmod(os.path.join(self.dir, name), 0o755)

    def install(self, folder, *words):
        """Exit status, words, what would have changed the machine."""
        if os.path.exists(self.said):
            os.unlink(self.said)
        p = subprocess.run(['bash', folder + '/install.sh', '--data', self.dir + '/none', *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                           env={**os.environ, 'PATH': self.dir + ':' + os.environ['PATH']})
        return p.returncode, p.stdout + p.stderr, open(self.said).read().split() if os.path.exists(self.said) else []


def flip(path, at):
    with open(path, 'r+b') as f:
        f.seek(at)
        was = f.read(1)
        f.seek(at)
        f.write(bytes((was[0] ^ 0x04,)))


class Refusals:
    def __init__(self, t, keys, folder, stubs):
        self.t, self.keys, self.folder, self.stubs = t, keys, folder, stubs
        self.wrong = []

    def refused(self, what, says, *words):
        status, said, called = self.stubs.install(self.folder, *(words or (self.keys.release,)))
        if status == 0 or called or says not in said:
            self.wrong.append('%s: exit %d, called %s, said %s' % (what, status, called, said[-300:]))

    def told(self, words):
        self.t.ok(not self.wrong, words, '\n'.join(self.wrong[:20]))
        self.wrong = []

    def bytes(self, dice):
        names = sorted(os.path.relpath(os.path.join(w, n), self.folder) for w, _, some in os.walk(self.folder) for n in some)
        manual = [n for n in names if n.startswith('manual/')]
        n = idle = 0
        for name in [n for n in names if n not in manual] + dice.sample(manual, 5):
            path = os.path.join(self.folder, name)
            size = os.path.getsize(path)
            if name == 'install.sh':
                places = [40]                      # in its first comment: a change of what it does is the archive's signature's to find
            elif name == 'SHA256SUMS.sig':
                places = range(size)
            else:
                places = sorted({0, size - 1, *(dice.randrange(size) for _ in range({'release.gpg': 20, 'SHA256SUMS': 20}.get(name, 1)))})
            for at in places:
                flip(path, at)
                if name == 'SHA256SUMS.sig' and self.still_signed():
                    idle += 1
                else:
                    self.refused('%s byte %d' % (name, at), 'Stopped: ')
                    n += 1
                flip(path, at)
        self.told('%d single changed bytes, in each of our files, in the list, its signature and the key: each is refused before anything is done' % n)
        self.t.ok(idle < 16, "%d bytes of the list's signature carry nothing (OpenPGP leaves them unsigned); the archive's signature covers them" % idle)

    def still_signed(self):
        p = subprocess.run(['gpgv', '--status-fd', '1', '--keyring', './release.gpg', 'SHA256SUMS.sig', 'SHA256SUMS'], cwd=self.folder, capture_output=True, text=True)
        return p.returncode == 0 and p.stdout.count('VALIDSIG ' + self.keys.release) == 1

    def files(self):
        for name in ('SHA256SUMS', 'SHA256SUMS.sig', 'release.gpg', 'about', 'README.txt', 'debs/Packages', 'manual/ja/system.md'):
            path = os.path.join(self.folder, name)
            os.rename(path, self.folder + '.aside')
            self.refused(name, '%s is missing' % name)
            os.rename(self.folder + '.aside', path)
        self.told('a missing file is refused by name')
        more = self.folder + '/debs/more_1_all.deb'
        open(more, 'w').close()
        self.refused('more', 'debs/more_1_all.deb is not in the signed list')
        os.unlink(more)
        path = self.folder + '/debs/Packages'
        os.rename(path, self.folder + '.aside')
        os.symlink(self.folder + '.aside', path)
        self.refused('symlink', 'neither file nor folder')
        os.unlink(path)
        os.rename(self.folder + '.aside', path)
        self.told('a file too many is refused, and a link in the place of a file')

    def fingerprints(self):
        good = self.keys.release
        one = good[:-1] + ('0' if good[-1] != '0' else '1')
        for what, typed, says in (('one digit', one, 'another key'), ('the stranger', self.keys.stranger, 'another key'), ('the short id', good[-16:], '40 digits'),
                                  ('nothing', '', '40 digits'), ('two', good + good, '40 digits')):
            self.refused(what, says, typed)
        self.told('a wrong fingerprint is refused: one digit off, another key, a short one, none')

    def strangers(self):
        sums, ring = self.folder + '/SHA256SUMS', self.folder + '/release.gpg'
        shutil.copy(sums + '.sig', self.folder + '.sig')
        shutil.copy(ring, self.folder + '.ring')
        for what, keys, signers, says in (('only the stranger', (self.keys.stranger,), (self.keys.stranger,), 'another key'),
                                          ('both keys, the stranger signs', (self.keys.release, self.keys.stranger), (self.keys.stranger,), 'another key'),
                                          ('both sign', (self.keys.release, self.keys.stranger), (self.keys.release, self.keys.stranger), 'exactly one')):
            with open(ring, 'wb') as f:
                f.write(self.keys.gpg('--export', *keys))
            self.keys.gpg('--yes', *(w for s in signers for w in ('--local-user', s)), '--output', sums + '.sig', '--detach-sign', sums)
            self.refused(what, says)
        shutil.move(self.folder + '.sig', sums + '.sig')
        shutil.move(self.folder + '.ring', ring)
        self.told("a stranger's signature is refused, also with the release key beside it")


def short(t, build):
    keys, dice = Keys(), random.Random(10)
    try:
        with tempfile.TemporaryDirectory(prefix='sekisho-bundle-') as top:
            archive = make(keys, build, top + '/out', '--without-packages')
            folder = unpacked(archive, top + '/in')
            debs = sorted(os.listdir(folder + '/debs'))
            t.is_(sorted(d.split('_')[0] for d in debs), ['Packages', 'sekisho', 'sekisho-gate', 'sekisho-server'], 'it holds our three packages and their list')
            depends = open(folder + '/debs/Packages').read()
            lacks = [p for p in ('nginx', 'adduser', 'openssl', 'fonts-ipaexfont-mincho', 'libsqlite3-0', 'libcairo2', 'libcurl4', 'libminizip1', 'libnftnl11') if not re.search(r'[ ,]%s[ ,\n]' % p, depends)]
            t.ok(not lacks, 'which say what they need, also the libraries that the programs are linked with', lacks)
            stubs = Stubs(top)
            spaced = ' '.join(keys.release[i:i + 4] for i in range(0, 40, 4)).lower()
            got = [stubs.install(folder, '--check', *words) for words in ((keys.release,), (spaced,), tuple(spaced.split()))]
            t.ok(all(status == 0 and not called for status, _, called in got), 'as it is, it is good, however the fingerprint is typed', got)
            if os.geteuid() == 0:
                got = stubs.install(folder, keys.release)
                t.ok(got[0] == 1 and got[2] == ['apt-get'], 'control: without a fault it goes on to the packages', got)
            refusals = Refusals(t, keys, folder, stubs)
            refusals.bytes(dice)
            refusals.files()
            refusals.fingerprints()
            refusals.strangers()
            t.ok(archive_good(archive, keys.release), "gpgv says whose the archive is, before anything in it is run")
            size, wrong = os.path.getsize(archive), []
            for at in [0, size - 1, *(dice.randrange(size) for _ in range(30))]:
                flip(archive, at)
                if archive_good(archive, keys.release):
                    wrong.append(at)
                flip(archive, at)
            t.ok(not wrong and archive_good(archive, keys.release), '32 single changed bytes anywhere in the archive: it says no to each', wrong)
    finally:
        keys.close()


# ---- a machine without network ----

def within(root, *words, **more):
    """A command inside the machine."""
    env = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root', 'LC_ALL': 'C.UTF-8'}
    return subprocess.run(['chroot', root, *words], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=more.get('seconds', 300))


def prepared(build, top):
    """Two bundles and a minimal Debian 12, made while there is a network. Then the namespaces."""
    keys = Keys()
    try:
        first = make(keys, build, top + '/first')
        second = make(keys, build, top + '/second', '--version', '0.1.0+1', '--without-packages')
        p = subprocess.run(['debootstrap', '--variant=minbase', 'bookworm', top + '/machine', MIRROR + '/debian'], capture_output=True, text=True)
        if p.returncode:
            raise RuntimeError('debootstrap: ' + (p.stdout + p.stderr)[-2000:])
        for archive in (first, second):
            for name in (archive, archive + '.sig', os.path.dirname(archive) + '/sekisho-release.gpg'):
                shutil.copy(name, top + '/machine/root')
        return keys.release, keys.stranger, os.path.basename(first)[:-4], os.path.basename(second)[:-4]
    finally:
        keys.close()


class Door:
    """What office.Person wants to know."""

    def __init__(self, root):
        self.user_port, self.tls = 8443, ssl.create_default_context(cafile=root + DATA + '/tls/ca.pem')

    def answers(self):
        try:
            Person._ask(self.person(), 'GET', '/sign-in')
            return Person._ask(self.person(), 'GET', '/api/v1/session')[0] == 401
        except OSError:
            return False

    def person(self):
        nobody = Person.__new__(Person)
        nobody.office, nobody.cookies = self, {}
        return nobody


class Launched:
    def __init__(self, root):
        self.log = open(root + '/root/launch.log', 'ab')
        self.child = subprocess.Popen(['chroot', root, '/usr/bin/sekishod', 'launch', DATA], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env={'PATH': '/usr/sbin:/usr/bin'})

    def stop(self):
        self.child.terminate()
        return self.child.wait(30)


class Units:
    """Sockets, users and commands of the units; what systemd would do with them."""

    ORDER = ('signer', 'office', 'courier', 'render', 'nginx')

    def __init__(self, root):
        self.root, self.pids, self.held = root, {}, []
        self.at = root + '/usr/lib/systemd/system/'
        with open(root + '/etc/passwd') as f:
            self.users = {p[0]: (int(p[2]), int(p[3])) for p in (line.split(':') for line in f)}
        for name in self.ORDER:
            self.before(name)
        given = {}
        for name in sorted(n for n in os.listdir(self.at) if n.startswith('sekisho-') and n.endswith('.socket')):
            unit = self.read(name)['Socket']
            given.setdefault(unit.get('Service', name[:-7] + '.service'), []).append((unit['FileDescriptorName'], self.listen(unit)))
        for name in self.ORDER:
            self.start(name, given.get('sekisho-%s.service' % name, []))

    def read(self, name):
        c = configparser.RawConfigParser(strict=False)
        c.optionxform = str
        with open(self.at + name) as f:          # of a key that stands twice the last is kept; the commands before are read by before()
            c.read_string(f.read())
        return c

    def before(self, name):
        with open(self.at + 'sekisho-%s.service' % name) as f:
            for line in re.findall(r'^ExecStartPre=\+(.*)$', f.read(), re.M):
                p = within(self.root, *shlex.split(line))
                if p.returncode:
                    raise RuntimeError('%s: %s' % (line, p.stderr))

    def listen(self, unit):
        path, s = self.root + unit['ListenStream'], socket.socket(socket.AF_UNIX)
        if os.path.exists(path):
            os.unlink(path)
        s.bind(path)
        os.chown(path, self.users[unit['SocketUser']][0], self.users['sekisho-office'][1])
        os.chmod(path, int(unit['SocketMode'], 8))
        s.listen(128)
        self.held.append(s)
        return s.fileno()

    def start(self, name, given):
        service = self.read('sekisho-%s.service' % name)['Service']
        uid, gid = self.users[service['User']]
        log = os.open(self.root + '/root/unit-%s.log' % name, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        pid = os.fork()
        if pid:
            os.close(log)
            self.pids[name] = pid
            return
        try:
            os.setsid()
            high = [os.dup(fd) for _, fd in given]
            os.dup2(log, 1), os.dup2(log, 2)
            for i, fd in enumerate(high):
                os.dup2(fd, 3 + i)
            os.chroot(self.root)
            os.chdir('/')
            os.setgroups([]), os.setgid(gid), os.setuid(uid)
            os.umask(0o077)
            env = {'PATH': '/usr/sbin:/usr/bin'}
            if given:
                env.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(given)), LISTEN_FDNAMES=':'.join(n for n, _ in given))
            words = shlex.split(service['ExecStart'])
            os.execve(words[0], words, env)
        finally:
            os._exit(127)

    def alive(self):
        return {name: os.waitpid(pid, os.WNOHANG) == (0, 0) for name, pid in self.pids.items()}

    def uids(self):
        return {name: os.stat('/proc/%d' % pid).st_uid for name, pid in self.pids.items()}

    def stop(self):
        for name in reversed(self.ORDER):
            try:
                os.kill(self.pids[name], signal.SIGTERM)
                os.waitpid(self.pids[name], 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        for s in self.held:
            s.close()

    def logs(self):
        return ''.join('--- %s\n%s' % (n, open(self.root + '/root/unit-%s.log' % n, errors='replace').read()[-1500:]) for n in self.ORDER)


def people():
    """The people of ./run: one list for both."""
    with open(ROOT + '/run', encoding='utf-8') as f:
        text = re.search(r"^DEMO_PEOPLE='(.*?)'$", f.read(), re.S | re.M).group(1)
    return [line.split('\t')[0] for line in text.splitlines()]


def decided(door, accounts, n):
    """The n-th connection, asked for and permitted, each by its own hand through nginx: the case and its permit."""
    staff, chief = (Person(door, n, accounts[n]) for n in ('sato', 'suzuki'))
    until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=5)).strftime('%Y-%m-%d')
    made = staff.post('/api/v1/applications', {'form': 'network-connection', 'answers': {
        'user': '佐藤', 'device_name': '束の試験の端末', 'mac': '02:00:00:00:00:%02x' % (0x42 + n), 'purpose': '試験', 'information': '試験', 'until': until}})
    row = chief.get('/api/v1/applications/' + made['id'])
    chief.post('/api/v1/applications/%s/decide' % made['id'], {'decision': 'approve', 'reason': '', 'rev': row['rev']})
    return made['id'], staff.get('/api/v1/applications/' + made['id']).get('permit')


def trial(t, root, how, door, accounts, earlier=()):
    """One way to run the house: it answers, decides a case, and knows those before."""
    house = how(root)
    try:
        if not t.ok(wait_until(door.answers, 40, 0.1), 'the house answers through its nginx', house.logs() if isinstance(house, Units) else open(root + '/root/launch.log').read()[-3000:]):
            return None
        one, permit = decided(door, accounts, len(earlier))
        t.ok(permit, 'a connection is applied for, approved, and there is a permit', permit)
        staff = Person(door, 'sato', accounts['sato'])
        t.ok(all(staff.get('/api/v1/applications/' + e).get('permit') for e in earlier), 'and what was decided before is there (%d)' % len(earlier))
        page = staff._ask('GET', '/')
        t.ok(page[0] == 200 and b'<script' in page[2] and staff._ask('GET', '/verify.html')[0] == 200, 'the screens and verify.html are served')
        status, _, pdf = staff._ask('GET', '/api/v1/papers/application?about=application:' + one)
        t.ok(status == 200 and pdf.startswith(b'%PDF-'), 'the application is printed: fonts, cairo and the render role are there', (status, pdf[:300]))
        if isinstance(house, Units):
            t.ok(all(house.alive().values()) and len(set(house.uids().values())) == 5 and 0 not in house.uids().values(), 'each role runs as a user of its own', (house.uids(), house.alive()))
        return one
    except Exception:
        t.note(house.logs() if isinstance(house, Units) else open(root + '/root/launch.log').read()[-3000:])
        raise
    finally:
        house.stop()


def verified(root, units):
    p = subprocess.run(['systemd-analyze', '--root=' + root, 'verify', '--man=no', '--recursive-errors=no', *units], capture_output=True, text=True)
    return p.stderr if p.returncode or 'sekisho' in p.stderr else ''


def inside(t, top, key, stranger, first, second):
    root = top + '/machine'
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
    subprocess.run(['mount', '--make-rprivate', '/'], check=True)
    subprocess.run(['mount', '-t', 'proc', 'proc', root + '/proc'], check=True)
    links = re.findall(r'^\d+: ([^:@]+)', subprocess.run(['ip', '-o', 'link', 'show', 'up'], capture_output=True, text=True).stdout, re.M)
    t.is_(links, ['lo'], 'there is no network: this machine speaks with itself alone')
    before = within(root, 'dpkg-query', '-W').stdout
    p = within(root, 'gpgv', '--keyring', '/root/sekisho-release.gpg', '/root/%s.tar.sig' % first, '/root/%s.tar' % first)
    t.ok(p.returncode == 0 and key in p.stderr, "a fresh Debian's gpgv says whose the archive is", p.stderr)
    for name in (first, second):
        within(root, 'tar', '-C', '/root', '-xf', '/root/%s.tar' % name)
    p = within(root, '/root/%s/install.sh' % first, stranger)
    t.ok(p.returncode == 1 and 'another key' in p.stderr and within(root, 'dpkg-query', '-W').stdout == before, 'a wrong fingerprint installs nothing', p.stderr)
    p = within(root, '/root/%s/install.sh' % first, key)
    if not t.ok(p.returncode == 0, 'the bundle installs', p.stdout + p.stderr):
        return
    t.note('%d packages before, %d after' % (before.count('\n'), within(root, 'dpkg-query', '-W').stdout.count('\n')))
    linked = within(root, 'sh', '-c', 'ldd /usr/bin/sekishod /usr/bin/sekisho-render /usr/bin/sekisho')
    t.ok(linked.returncode == 0 and 'not found' not in linked.stdout, 'every library of the programs is there', linked.stdout)
    t.is_(within(root, 'dpkg', '--audit').stdout, '', 'dpkg finds nothing half installed')
    t.ok(not os.path.exists(root + '/usr/sbin/policy-rc.d') and not os.path.exists(root + '/run/nginx.pid'), "Debian's own nginx was not started")
    p = within(root, 'sekisho', 'pack', 'check', '/usr/share/sekisho/packs/mic-r4')
    t.ok(p.returncode == 0, 'the packs are there and good', p.stdout[-500:] + p.stderr[-500:])

    p = within(root, '/root/%s/install.sh' % first, '--gate', key)
    linked = within(root, 'ldd', '/usr/bin/sekisho-gate')
    t.ok(p.returncode == 0 and linked.returncode == 0 and 'not found' not in linked.stdout, 'a gate installs from the same bundle', p.stdout + p.stderr + linked.stdout)

    units = sorted(n for n in os.listdir(root + '/usr/lib/systemd/system') if n.startswith('sekisho'))
    t.is_(verified(root, units), '', 'systemd-analyze finds nothing wrong in %d units' % len(units))
    os.rename(root + '/usr/bin/sekishod', root + '/usr/bin/sekishod.aside')
    t.ok('/usr/bin/sekishod' in verified(root, units), 'control: it finds a program that is not there')
    os.rename(root + '/usr/bin/sekishod.aside', root + '/usr/bin/sekishod')

    p = within(root, 'sekishod', 'init', DATA, '--pack', '/usr/share/sekisho/packs/mic-r4', '--name', '関所市', '--body', 'SHI', '--write-accounts', '--demo',
               '--gate', 'demo:lgwan:lan0', *(w for one in people() for w in ('--person', one)))
    if not t.ok(p.returncode == 0, 'init --demo', p.stderr):
        return
    accounts = {f[1]: f[3] for f in (line.split('\t') for line in p.stdout.splitlines()) if f[0] == 'account'}
    door, done = Door(root), []
    done.append(trial(t, root, Launched, door, accounts))

    house = Launched(root)
    wait_until(door.answers, 40, 0.1)
    p = within(root, '/root/%s/install.sh' % second, key)
    t.ok(p.returncode == 1 and 'a launcher runs' in p.stderr, 'no update below a running launcher', p.stderr)
    house.stop()
    done.append(trial(t, root, Units, door, accounts, done))
    p = within(root, '/root/%s/install.sh' % second, key)
    kept = os.listdir(root + '/var/backups/sekisho') if os.path.exists(root + '/var/backups/sekisho') else []
    t.ok(p.returncode == 0 and len(kept) == 1 and os.path.exists('%s/var/backups/sekisho/%s/list' % (root, kept[0])), 'the update installs, after a backup', p.stdout + p.stderr)
    t.is_(within(root, 'dpkg-query', '-W', '-f', '${Version}', 'sekisho-server').stdout, '0.1.0+1', 'it is the new version')
    done.append(trial(t, root, Units, door, accounts, done))
    p = within(root, '/root/%s/install.sh' % first, key)
    t.ok(p.returncode == 1 and 'newer version' in p.stderr, 'the older bundle is refused after it', p.stderr)
    p = within(root, 'sekishod', 'check', DATA)
    t.ok(p.returncode == 0, 'sekishod check finds everything in order', p.stdout + p.stderr)


def install(build):
    with Tap() as t:
        if os.geteuid() != 0 or not shutil.which('debootstrap') or not shutil.which('systemd-analyze'):
            t.skip('a machine without network', 'needs root, debootstrap and systemd-analyze')
            return
        top = tempfile.mkdtemp(prefix='sekisho-bundle-', dir='/var/tmp')       # device nodes are made below it
        try:
            words = prepared(build, top)
            p = subprocess.run(['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', sys.executable, os.path.abspath(__file__), build, 'inside', top, *words],
                               stdout=subprocess.PIPE, text=True)
            for good, name, why in re.findall(r'^(not ok|ok) \d+ - (.*)\n((?:# .*\n)*)', p.stdout, re.M):
                t.ok(good == 'ok', name, why) if good != 'ok' else (t.ok(True, name), t.note(why.replace('# ', '')))
            t.ok(p.returncode == 0 and re.search(r'^1\.\.\d+$', p.stdout, re.M), 'the trial ran to its end', p.stdout[-2000:])
        finally:
            shutil.rmtree(top, ignore_errors=True)


def main():
    build = os.path.abspath(sys.argv[1])
    if sys.argv[2:3] == ['inside']:
        with Tap() as t:
            inside(t, *sys.argv[3:])
    elif sys.argv[2:] == ['install']:
        install(build)
    else:
        with Tap() as t:
            short(t, build)


if __name__ == '__main__':
    main()
