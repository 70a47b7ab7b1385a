#!/usr/bin/python3
"""make.py - the offline bundle: one signed archive that installs or updates Sekisho on a Debian 12 without network.

    packaging/bundle/make.py --key RELEASE-KEY [--build build] [--out build/bundle] [--version V] [--web DIST] [--without-packages]

What was built before (./run build) goes into three packages after debian/control, its ${shlibs:Depends} read from the programs
themselves. What they need goes beside them: apt resolves it for a machine on which nothing is installed at all, from Debian's
own archive and by Debian's own keys. docs/decisions/0010-bundle.md says why so; install.sh is what the other side runs.

    OUT/sekisho-V-ARCH.tar        the archive                OUT/sekisho-release.gpg   the public key
    OUT/sekisho-V-ARCH.tar.sig    its detached signature     (gpgv, which every Debian has, checks it)

SEKISHO_MIRROR: a mirror of Debian (http://deb.debian.org). --without-packages: only our own, for machines that have the others.
"""
import argparse
import fnmatch
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = ('sekisho-server', 'sekisho-gate', 'sekisho')
# Whose is a file that meson installs? First match wins.
WHOSE = (
    ('usr/bin/sekisho-gate', 'sekisho-gate'),
    ('usr/lib/systemd/system/sekisho-gate.service', 'sekisho-gate'),
    ('usr/bin/sekisho', 'sekisho'),
    ('*', 'sekisho-server'),
)
# Without one of these the bundle would install and not work.
MUST = ('usr/bin/sekishod', 'usr/bin/sekisho-render', 'usr/bin/sekisho-gate', 'usr/bin/sekisho', 'usr/share/sekisho/web/index.html',
        'usr/share/sekisho/web/verify.html', 'usr/share/sekisho/packs/mic-r4', 'usr/share/sekisho/nginx/sekisho.conf.in',
        'usr/share/sekisho/nginx/errors/503.json', 'usr/lib/systemd/system/sekisho-office.service', 'usr/lib/sekisho/own')
SUITES = (('debian', 'bookworm'), ('debian', 'bookworm-updates'), ('debian-security', 'bookworm-security'))
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'


def run(*words, **more):
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE, **more).stdout


def say(text):
    print('      ' + text, flush=True)


def write(path, text, mode=0o644):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    os.chmod(path, mode)


# ---- our own packages ----

def stanzas():
    """debian/control's packages: {name: {field: text}}."""
    found = {}
    with open(ROOT + '/debian/control', encoding='utf-8') as f:
        for part in re.split(r'\n\n+', f.read()):
            fields = dict(re.findall(r'^([A-Za-z-]+):[ \n]?((?:.*)(?:\n[ \t].*)*)', part, re.M))
            if 'Package' in fields:
                found[fields['Package']] = fields
            else:
                source = fields
    for fields in found.values():
        fields['Maintainer'] = source['Maintainer']
    return found


def staged(build, web, top):
    """What meson installs, as it will lie below /."""
    to = top + '/staged'
    run('meson', 'install', '-C', build, '--no-rebuild', '--quiet', '--strip', '--destdir', to, cwd=ROOT)
    prefix = next(o['value'] for o in json.loads(run('meson', 'introspect', '--buildoptions', build, cwd=ROOT)) if o['name'] == 'prefix')
    if prefix != '/usr':                       # nothing of ours knows where it was configured to lie
        os.rename(to + prefix, top + '/usr')
        shutil.rmtree(to)
        os.mkdir(to)
        os.rename(top + '/usr', to + '/usr')
    if web:
        shutil.rmtree(to + '/usr/share/sekisho/web', ignore_errors=True)
        shutil.copytree(web, to + '/usr/share/sekisho/web')
    lacks = [p for p in MUST if not os.path.exists(os.path.join(to, p))]
    if lacks:
        sys.exit('足りないものがあります。先に ./run build を実行してください: %s\nNot everything is built: ./run build first: %s' % ((' '.join(lacks),) * 2))
    return to


def shlibs(tree):
    """What the programs below `tree` are linked with, as Debian's own tool says it."""
    programs = [os.path.join(w, n) for w, _, names in os.walk(tree + '/usr/bin') for n in names]
    out = run('dpkg-shlibdeps', '-O', '--warnings=0', *('-e' + p for p in programs), cwd=ROOT, stderr=subprocess.DEVNULL)
    return re.search(r'^shlibs:Depends=(.*)$', out, re.M).group(1)


def control(fields, name, version, arch, tree):
    depends = re.sub(r'\s+', ' ', fields['Depends']).replace('${misc:Depends}', '').replace('${shlibs:Depends}', shlibs(tree))
    depends = ', '.join(d.strip() for d in depends.split(',') if d.strip())
    size = sum(os.lstat(os.path.join(w, n)).st_size for w, _, names in os.walk(tree) for n in names) // 1024 + 1
    return ''.join('%s: %s\n' % row for row in (
        ('Package', name), ('Version', version), ('Architecture', arch), ('Maintainer', fields['Maintainer']), ('Section', 'net'),
        ('Priority', 'optional'), ('Installed-Size', size), ('Depends', depends), *((('Recommends', fields['Recommends']),) if 'Recommends' in fields else ()),
        ('Description', fields['Description'].rstrip())))


def our_packages(stage, top, debs, version, arch):
    about = stanzas()
    trees = {name: os.path.join(top, name) for name in PACKAGES}
    for where, _, names in os.walk(stage):
        for n in names:
            path = os.path.relpath(os.path.join(where, n), stage)
            tree = trees[next(whose for pattern, whose in WHOSE if fnmatch.fnmatchcase(path, pattern))]
            os.makedirs(os.path.dirname(os.path.join(tree, path)), exist_ok=True)
            os.rename(os.path.join(stage, path), os.path.join(tree, path))
    for name, tree in trees.items():
        doc = '%s/usr/share/doc/%s' % (tree, name)
        os.makedirs(doc)
        shutil.copy(ROOT + '/LICENSE', doc + '/copyright')
        run('chmod', '-R', 'u=rwX,go=rX', tree)
        text = control(about[name], name, version, arch, tree)
        os.mkdir(tree + '/DEBIAN')
        write(tree + '/DEBIAN/control', text)
        for script in ('postinst', 'prerm'):
            if os.path.exists('%s/debian/%s.%s' % (ROOT, name, script)):
                with open('%s/debian/%s.%s' % (ROOT, name, script), encoding='utf-8') as f:
                    write('%s/DEBIAN/%s' % (tree, script), f.read().replace('#DEBHELPER#\n', ''), 0o755)
        run('dpkg-deb', '--root-owner-group', '-Zxz', '--build', tree, '%s/%s_%s_%s.deb' % (debs, name, version, arch))


def index(debs):
    with open(debs + '/Packages', 'w', encoding='utf-8') as f:
        subprocess.run(['dpkg-scanpackages', '--multiversion', '.'], cwd=debs, check=True, stdout=f, stderr=subprocess.DEVNULL)


# ---- what they need ----

def fetched(top, debs, arch):
    """All that our packages need, on a machine that has nothing. apt checks each by Debian's signatures."""
    at = top + '/apt'
    for folder in ('state/lists/partial', 'cache/archives/partial', 'none'):
        os.makedirs('%s/%s' % (at, folder))
    write(at + '/status', '')
    mirror = os.environ.get('SEKISHO_MIRROR', 'http://deb.debian.org').rstrip('/')
    write(at + '/sources.list', 'deb [trusted=yes] file:%s ./\n' % debs.replace(' ', '%20') +
          ''.join('deb [arch=%s signed-by=%s] %s/%s %s main\n' % (arch, KEYRING, mirror, where, suite) for where, suite in SUITES))
    options = {'Dir::State': at + '/state', 'Dir::State::status': at + '/status', 'Dir::State::lists': at + '/state/lists', 'Dir::Cache': at + '/cache',
               'Dir::Etc::sourcelist': at + '/sources.list', 'Dir::Etc::sourceparts': at + '/none', 'Dir::Etc::preferences': '/dev/null',
               'Dir::Etc::preferencesparts': at + '/none', 'Acquire::Languages': 'none', 'APT::Install-Recommends': 'false',
               'APT::Architecture': arch, 'APT::Sandbox::User': 'root', 'Debug::NoLocking': 'true'}
    apt = ['apt-get', '-q', '-y', *(w for k, v in options.items() for w in ('-o', '%s=%s' % (k, v)))]
    for words in (['update'], ['--download-only', 'install', *PACKAGES]):
        done = subprocess.run(apt + words, capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C'})
        if done.returncode or 'W: Failed to fetch' in done.stderr:
            sys.exit('パッケージを取得できません / packages could not be fetched:\n%s' % (done.stdout + done.stderr)[-2000:])
    n = 0
    for name in sorted(os.listdir(at + '/cache/archives')):
        if name.endswith('.deb'):
            shutil.move('%s/cache/archives/%s' % (at, name), '%s/%s' % (debs, re.sub(r'_\d+%3a', '_', name)))   # apt would read the % as part of an address
            n += 1
    return n


# ---- the archive ----

README = '''関所 (Sekisho) %(version)s ・ Debian 12 (%(arch)s) ・ ネットワーク不要 / no network needed

1. 展開する前に / before unpacking:   gpgv --keyring ./sekisho-release.gpg %(name)s.tar.sig %(name)s.tar
   出てくる鍵が、紙で受け取った指紋と同じことを確かめる / the key it names must be the one on paper
2. tar xf %(name)s.tar
3. %(name)s/install.sh                指紋を打ち込む / type the fingerprint

くわしくは / more: manual/ja/system.md, manual/en/system.md
'''


def manifest(folder):
    rows = []
    for where, _, names in os.walk(folder):
        for n in names:
            path = os.path.join(where, n)
            with open(path, 'rb') as f:
                rows.append((os.path.relpath(path, folder), hashlib.sha256(f.read()).hexdigest()))
    write(folder + '/SHA256SUMS', ''.join('%s  %s\n' % (sha, path) for path, sha in sorted(rows)))


def sign(key, path):
    subprocess.run(['gpg', '--quiet', '--yes', '--digest-algo', 'SHA512', '--local-user', key, '--output', path + '.sig', '--detach-sign', path], check=True)


def fingerprint(key):
    got = subprocess.run(['gpg', '--batch', '--with-colons', '--fingerprint', '--list-secret-keys', key], capture_output=True, text=True)
    lines = [line.split(':')[9] for line in got.stdout.splitlines() if line.startswith('fpr:')]
    if got.returncode or not lines:
        sys.exit('リリースの鍵 "%s" が gpg にありません\nno secret release key "%s" in gpg (gpg --quick-generate-key NAME ed25519 sign)' % (key, key))
    return lines[0]


def options():
    p = argparse.ArgumentParser(description='the offline bundle')
    p.add_argument('--key', required=True)
    p.add_argument('--build', default=ROOT + '/build')
    p.add_argument('--out', default=ROOT + '/build/bundle')
    p.add_argument('--version')
    p.add_argument('--web')
    p.add_argument('--without-packages', action='store_true')
    o = p.parse_args()
    if not o.version:
        with open(ROOT + '/meson.build', encoding='utf-8') as f:
            o.version = re.search(r"version: '([0-9.]+)'", f.read()).group(1)
    if not re.fullmatch(r'[0-9][0-9A-Za-z.+~]*', o.version):
        sys.exit('"%s" is no version of a package' % o.version)
    return o


def main():
    os.umask(0o022)
    o = options()
    key, arch = fingerprint(o.key), run('dpkg', '--print-architecture').strip()
    name, out = 'sekisho-%s-%s' % (o.version, arch), os.path.abspath(o.out)
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='sekisho-bundle-', dir=out) as top:
        os.chmod(top, 0o755)
        folder = os.path.join(top, name)
        debs = folder + '/debs'
        os.makedirs(debs)
        our_packages(staged(os.path.abspath(o.build), o.web, top), top, debs, o.version, arch)
        index(debs)
        if not o.without_packages:
            say('%d packages of Debian' % fetched(top, debs, arch))
            index(debs)
        shutil.copytree(ROOT + '/docs/operations', folder + '/manual')
        shutil.copy(ROOT + '/packaging/bundle/install.sh', folder + '/install.sh')
        os.chmod(folder + '/install.sh', 0o755)
        write(folder + '/about', 'version %s\narch %s\ndebian 12\npackages %s\n' % (o.version, arch, 'own' if o.without_packages else 'all'))
        write(folder + '/README.txt', README % {'version': o.version, 'arch': arch, 'name': name})
        subprocess.run(['gpg', '--batch', '--quiet', '--yes', '--output', folder + '/release.gpg', '--export', key], check=True)
        manifest(folder)
        sign(key, folder + '/SHA256SUMS')
        archive = '%s/%s.tar' % (out, name)
        run('tar', '--sort=name', '--owner=0', '--group=0', '--numeric-owner', '-C', top, '-cf', archive, name)
        sign(key, archive)
        shutil.copy(folder + '/release.gpg', out + '/sekisho-release.gpg')
    say('%s (%d MB)' % (archive, os.path.getsize(archive) // 1000000))
    say('指紋 / fingerprint: ' + ' '.join(key[i:i + 4] for i in range(0, len(key), 4)))


if __name__ == '__main__':
    main()
