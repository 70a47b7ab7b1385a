#!/usr/bin/python3
"""adopt.py - another pack comes into force by two persons, and never by halves.

Does      `sekishod init`, `adopt`, `check` and `rebuild` on a directory of its own: who may adopt, what is refused, what stays.
          200 bent packs go through `adopt`: each is refused whole, or taken whole when it is still a pack.
Usage     adopt.py BUILD
"""
import fcntl
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402

OVERLAY = '''sekisho-pack: 1

id: city
version: 2
base: thread

changes:
  - id: longer
    act: replace
    where: procedures.network-connection
    reason: "規程第3条"
'''
PROCEDURE = 'sekisho-pack: 1\n\nid: network-connection\nmax_days: 730\n'
MANY = 200


class Install:
    def __init__(self, build, top):
        self.daemon = os.path.join(build, 'src/server/sekishod')
        self.top = top
        self.dir = os.path.join(top, 'data')
        self.packs = os.path.join(top, 'packs')
        os.makedirs(os.path.join(self.packs, 'city/procedures'))
        shutil.copytree(os.path.join(ROOT, 'packs/thread'), os.path.join(self.packs, 'thread'))
        self.write('city/overlay.yaml', OVERLAY)
        self.write('city/procedures/network-connection.yaml', PROCEDURE)
        self.run('init', '--pack', self.pack('thread'), '--name', '試験市', '--body', 'SHI', '--person', 'sato:佐藤:情報課:system_manager',
                 '--person', 'suzuki:鈴木:情報課:system_manager', '--person', 'ono:小野:財政課:staff', '--person', 'mori:森:財政課:section_manager')

    def write(self, name, text):
        with open(os.path.join(self.packs, name), 'w', encoding='utf-8') as f:
            f.write(text)

    def pack(self, name):
        return os.path.join(self.packs, name)

    def run(self, verb, *words):
        r = subprocess.run([self.daemon, verb, self.dir, *words], capture_output=True, text=True, errors='replace', timeout=60)
        return r.returncode, r.stdout, r.stderr

    def adopt(self, pack, by='sato', second='suzuki', *words):
        return self.run('adopt', '--pack', self.pack(pack), '--by', by, '--second', second, *words)

    def sql(self, query):
        db = sqlite3.connect(os.path.join(self.dir, 'office/sekisho.db'))
        try:
            return db.execute(query).fetchall()
        finally:
            db.close()

    def in_force(self):
        return self.sql('SELECT pack FROM r_install')[0][0]

    def entries(self):
        return self.sql('SELECT count(*) FROM journal')[0][0]

    def kept(self):
        return sorted(os.listdir(os.path.join(self.dir, 'office/packs')))

    def sound(self):
        return (self.run('check')[0], self.run('rebuild')[1].strip())


SOUND = (0, 'rebuilt: identical')


def persons(t, x):
    first, n = x.in_force(), x.entries()
    for name, words, key in (
            ('one person is not two', ('sato', 'sato'), 'adopt.person.same'),
            ('staff do not put rules into force', ('ono', 'suzuki'), 'adopt.role.by'),
            ('nor does a section manager', ('mori', 'suzuki'), 'adopt.role.by'),
            ('who agrees answers for rules', ('sato', 'mori'), 'adopt.role.second'),
            ('nobody of that name', ('sato', 'tanaka'), 'adopt.person.absent')):
        code, _, err = x.adopt('city', *words)
        t.ok(code != 0 and key in err, name, err)
    with open(os.path.join(x.dir, 'office/lock'), 'w', encoding='ascii') as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        code, _, err = x.adopt('city')
        t.ok(code != 0 and 'office.running' in err, 'not while the office runs', err)
    code, _, err = x.run('adopt', '--pack', x.pack('city'), '--by', 'sato')
    t.ok(code != 0 and 'adopt.word.missing' in err, 'a second person must be named', err)
    t.is_((x.in_force(), x.entries(), x.kept()), (first, n, [first]), 'nothing was changed by any of it')


def another_pack(t, x):
    first = x.in_force()
    os.makedirs(os.path.join(x.dir, 'office/packs/%s.making/city' % ('0' * 64)))      # of an adopt that was killed
    code, out, err = x.adopt('city', 'sato', 'suzuki', '--reason', '規程の改正')
    said = dict(line.split('\t')[:2] for line in out.splitlines())
    t.ok(code == 0, 'two persons adopt an overlay', err)
    t.is_((said['before'], said['after'], said['loosened']), (first, x.in_force(), '0'), 'it says what was in force, what is now, and what is loosened')
    entry = x.sql("SELECT CAST(entry AS TEXT) FROM journal WHERE type='pack.adopted'")[0][0]
    people = [r[0] for r in x.sql("SELECT id FROM r_person WHERE login IN ('sato', 'suzuki')")]
    t.ok(first in entry and x.in_force() in entry and len(people) == 2 and all(p in entry for p in people), 'the entry names both packs and both persons', entry)
    t.ok('規程の改正' not in entry, 'the reason is a payload, not in the entry')
    t.ok(os.path.isfile(os.path.join(x.dir, 'office/packs', x.in_force(), 'thread/pack.yaml')) and first in x.kept(), 'each layer is kept under its id, the older pack too')
    t.is_(x.sound(), SOUND, 'check and rebuild agree')
    code, _, err = x.adopt('city')
    t.ok(code != 0 and 'adopt.pack.same' in err, 'the pack in force is not adopted again', err)


def refused(t, x):
    before, n = x.in_force(), x.entries()
    x.write('city/overlay.yaml', OVERLAY.replace('procedures.network-connection', 'procedures.nothing'))
    code, _, err = x.adopt('city')
    t.ok(code != 0 and 'city/overlay.yaml:10' in err, 'a bad pack is refused with file and line', err)
    x.write('city/overlay.yaml', OVERLAY + '  - id: away\n    act: remove\n    where: zones.office\n    reason: "x"\n  - id: new\n    act: add\n    where: zones.lab\n'
            '    reason: "x"\n  - id: lab\n    act: replace\n    where: procedures.network-connection.effects.open\n    reason: "x"\nzones:\n  - id: lab\n    number: 1\n')
    x.write('city/procedures/network-connection.yaml', PROCEDURE + 'effects:\n  - id: open\n    zone: lab\n')
    os.makedirs(x.pack('city/texts'), exist_ok=True)
    for lang in ('ja', 'en'):
        x.write('city/texts/%s.yaml' % lang, 'sekisho-pack: 1\n\nzone.lab.name: "lab"\n')
    code, _, err = x.adopt('city')
    t.ok(code != 0 and 'adopt.zone.reused' in err, 'the number of a zone is not given to another', err)
    t.is_((x.in_force(), x.entries()), (before, n), 'the last good one stays')
    shutil.rmtree(x.pack('city/texts'))
    x.write('city/overlay.yaml', OVERLAY)
    x.write('city/procedures/network-connection.yaml', PROCEDURE)


def bent(t, x):
    """Mutants of the overlay and its base; the seed is fixed, so that a finding can be met again."""
    rng, taken, wrong = random.Random(8202), 0, []
    names = ['city/overlay.yaml', 'city/procedures/network-connection.yaml', 'thread/pack.yaml', 'thread/forms/network-connection.yaml', 'thread/texts/ja.yaml']
    good = {name: open(os.path.join(x.packs, name), encoding='utf-8').read() for name in names}
    for i in range(MANY):
        name = rng.choice(names)
        text, at = good[name], rng.randrange(len(good[name]))
        bentness = rng.randrange(4)
        text = (text[:at] + text[at + rng.randrange(1, 40):] if bentness == 0 else text[:at] + rng.choice('"\t：#-a0 \n') + text[at:] if bentness == 1
                else text[:at] if bentness == 2 else text.replace(*rng.choice([('id:', 'di:'), ('role', 'rule'), ('1', '2'), ('network', 'net'), ('  ', ' ')]), 1))
        x.write(name, text)
        before, n = x.in_force(), x.entries()
        code, _, err = x.adopt('city')
        after = (x.in_force(), x.entries())
        if code == 0:
            taken += 1
            if after[0] == before or after[1] != n + 1 or after[0] not in x.kept():
                wrong.append((i, name, 'taken by half'))
        elif after != (before, n) or code < 0 or 'Sanitizer' in err:
            wrong.append((i, name, code, err[-300:]))
        x.write(name, good[name])
    t.is_(wrong, [], '%d bent packs, each refused whole or taken whole' % MANY)
    t.ok(0 < taken < MANY // 2, 'most were refused', taken)
    t.is_([k for k in x.kept() if not os.path.isdir(os.path.join(x.dir, 'office/packs', k, 'city')) and k != x.first and not k.startswith('0' * 64)], [],
          'what is kept is whole')
    t.is_(x.sound(), SOUND, 'check and rebuild agree after all of it')
    t.note('%d of %d were still packs' % (taken, MANY))


def tampered(t, x):
    path = os.path.join(x.dir, 'office/packs', x.in_force(), 'city/overlay.yaml')
    with open(path, 'a', encoding='utf-8') as f:
        f.write('# nobody adopted this line\n')
    code, out, _ = x.run('check')
    t.ok(code == 1, 'a pack that was changed on disk is not policy', out)


def left_behind(t):
    """An application lives under the pack it was filed with: when that is gone, the office says so before anybody asks."""
    people = town.PEOPLE + (('okada', '岡田', '情報政策課', 'system_manager'),)
    with town.Town(at='2026-04-01T09:00', people=people) as x:
        number = x.apply().json()['number']
        was, quiet = os.listdir(os.path.join(x.dir, 'office/packs'))[0], x.log('office')
        sick = x.down()
        folder = os.path.join(x.top, 'thread')
        shutil.copytree(os.path.join(ROOT, 'packs/thread'), folder)
        with open(os.path.join(folder, 'pack.yaml'), 'a', encoding='utf-8') as f:
            f.write('# another pack\n')
        code, said = x.tool('adopt', '--pack', folder, '--by', 'tanaka', '--second', 'okada')
        shutil.rmtree(os.path.join(x.dir, 'office/packs', was))
        x.up()
        loud = x.log('office')
        t.ok(code == 0 and not sick and number not in quiet, 'an open application, and then another pack', said)
        t.ok(any(was in line and number in line for line in loud.splitlines()), 'the office names the applications whose pack is missing when it starts', loud)


def main():
    with tempfile.TemporaryDirectory(prefix='sekisho-adopt.') as top, Tap() as t:
        x = Install(sys.argv[1], top)
        x.first = x.in_force()
        t.is_(x.kept(), [x.first], 'init keeps the pack under its hash')
        persons(t, x)
        another_pack(t, x)
        refused(t, x)
        bent(t, x)
        tampered(t, x)
        left_behind(t)


if __name__ == '__main__':
    main()
