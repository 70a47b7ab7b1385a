#!/usr/bin/python3
"""test_foreign.py BUILD - exported evidence before two judges: our `sekisho verify` and Go's x/mod (verify.go).

A log of 700 entries is made by the real signer over its socket (make_log). Both judges must believe what is true and refuse what is
not; what our verifier says without an anchor, with the wrong one, or about a fork by the very same key is asserted exit by exit.
"""
import base64
import hashlib
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

VERIFIED, TAMPERED, INCOMPLETE, USAGE = 0, 1, 2, 3
SIZES = [1, 2, 3, 255, 256, 257, 300, 400, 513, 700]


class Judges:
    def __init__(self, build, work):
        self.ours = os.path.join(build, 'src/cli/sekisho')
        self.foreign = os.path.join(build, 'tests/foreign/verify-go')
        self.work = work
        self.key = self.text('key').strip()
        os.makedirs(os.path.dirname(self.foreign), exist_ok=True)
        made = subprocess.run([os.path.join(HERE, 'build.sh'), self.foreign], capture_output=True, text=True)
        self.why_not_foreign = made.stderr.strip() if made.returncode else ''
        self.foreign_absent = made.returncode == 77

    def path(self, name):
        return os.path.join(self.work, name)

    def text(self, name):
        with open(self.path(name), encoding='utf-8') as f:
            return f.read()

    def write(self, name, data):
        with open(self.path(name), 'wb') as f:
            f.write(data)
        return name

    def our(self, *args, key=None, lang='en'):
        """(exit code, what was said). File names are taken from the work directory, texts as they are."""
        args = [self.path(a) if os.path.exists(self.path(a)) and not a.startswith('-') else a for a in args]
        got = subprocess.run([self.ours, 'verify', *args, '--key', key or self.key, '--lang', lang],
                             capture_output=True, text=True, timeout=30)
        return got.returncode, got.stdout + got.stderr

    def go(self, name, root, consistency=''):
        if self.why_not_foreign:
            return None
        args = [self.foreign, '-key', self.key, '-root', root] + (['-consistency', self.path(consistency)] if consistency else [])
        return subprocess.run(args + [self.path(name)], capture_output=True, timeout=30).returncode

    def go_two(self, old, new, consistency):
        if self.why_not_foreign:
            return None
        return subprocess.run([self.foreign, '-key', self.key, '-checkpoints', '-consistency', self.path(consistency), self.path(old),
                               self.path(new)], capture_output=True, timeout=30).returncode


def true_evidence(t, j):
    for s in SIZES:
        root = j.text('root-%d' % s)
        for i in sorted({0, s // 2, s - 1}):
            name = 'proof-%d-%d' % (i, s)
            code, said = j.our(name, '--root', root)
            t.ok(code == VERIFIED and j.go(name, root) in (VERIFIED, None), 'entry %d of %d: both believe it' % (i, s), said)
    for a in SIZES:
        for b in SIZES:
            if a >= b:
                continue
            step = 'consistency-%d-%d' % (a, b)
            code, said = j.our('--checkpoints', 'checkpoint-%d' % a, 'checkpoint-%d' % b, '--consistency', j.path(step))
            if code != VERIFIED or j.go_two('checkpoint-%d' % a, 'checkpoint-%d' % b, step) not in (VERIFIED, None):
                t.ok(False, 'from %d to %d both see one history' % (a, b), said)
                return
    t.ok(True, 'each of %d sizes continues each smaller one, for both' % len(SIZES))


def joined_anchors(t, j):
    r = lambda s: j.text('root-%d' % s)  # noqa: E731
    cases = [
        ('a root from before the proof', VERIFIED, ['proof-0-700', '--root', r(300), '--consistency', 'consistency-300-700']),
        ('a root from after the proof', VERIFIED, ['proof-150-300', '--root', r(700), '--consistency', 'consistency-300-700']),
        ('an earlier checkpoint', VERIFIED, ['proof-350-700', '--checkpoint', 'checkpoint-513', '--consistency', 'consistency-513-700']),
        ('a later checkpoint', VERIFIED, ['proof-128-257', '--checkpoint', 'checkpoint-513', '--consistency', 'consistency-257-513']),
        ('by way of a third state', VERIFIED, ['proof-128-257', '--root', r(513), '--consistency', 'consistency-257-700',
                                               '--consistency', 'consistency-513-700']),
        ("the signer's own state", VERIFIED, ['proof-699-700', '--signer-state', 'signer-state']),
        ("the signer's state and a root", VERIFIED, ['proof-699-700', '--signer-state', 'signer-state', '--root', r(700)]),
        ('the key alone', INCOMPLETE, ['proof-350-700']),
        ('another size without a consistency file', INCOMPLETE, ['proof-0-700', '--root', r(300)]),
        ('a consistency file about other sizes', INCOMPLETE, ['proof-0-700', '--root', r(300), '--consistency', 'consistency-257-700']),
        ('a root older than the entry', INCOMPLETE, ['proof-350-700', '--root', r(300), '--consistency', 'consistency-300-700']),
        ('the root of another size under this size', TAMPERED, ['proof-350-700', '--root', '700:' + r(513).split(':')[1]]),
        ('one good anchor and one that contradicts', TAMPERED, ['proof-350-700', '--root', '700:' + r(513).split(':')[1],
                                                                '--signer-state', 'signer-state']),
        ('checkpoints in the wrong order', TAMPERED, ['--checkpoints', 'checkpoint-700', 'checkpoint-300', '--consistency', 'consistency-300-700']),
        ('checkpoints without a consistency file', INCOMPLETE, ['--checkpoints', 'checkpoint-300', 'checkpoint-700']),
        ('one checkpoint twice', VERIFIED, ['--checkpoints', 'checkpoint-300', 'checkpoint-300']),
        ('a root that is none', USAGE, ['proof-350-700', '--root', '700']),
        ('no such file', USAGE, ['no-such-file', '--root', r(700)]),
        ('no file', USAGE, ['--root', r(700)]),
        ('an option that is none', USAGE, ['proof-350-700', '--rot', r(700)]),
    ]
    for name, want, args in cases:
        code, said = j.our(*[j.path(a) if a.startswith('consistency-') else a for a in args])
        t.ok(code == want, '%s: exit %d' % (name, want), 'exit %d\n%s' % (code, said))
    t.is_(j.our('proof-350-700', '--root', r(700), key='@' + j.path('key'))[0], VERIFIED, 'the key may stand in a file')
    wrong = j.key.replace('sekisho/', 'sekishu/', 1)
    t.is_(j.our('proof-350-700', '--root', r(700), key=wrong)[0], USAGE, 'a key with a wrong letter is no key')


def fork_by_the_same_key(t, j):
    true, fork = j.text('root-700'), j.text('fork-root-700')
    t.is_(j.our('fork-proof-350-700', '--root', fork)[0], VERIFIED, 'the fork is consistent in itself')
    t.is_(j.our('fork-proof-350-700')[0], INCOMPLETE, 'the key alone never vouches for the fork')
    for name, args in [('the printed root', ['--root', true]), ("the true signer's state", ['--signer-state', 'signer-state']),
                       ('the true checkpoint', ['--checkpoint', 'checkpoint-700']),
                       ("an earlier root of the true log, by the fork's consistency", ['--root', j.text('root-513'), '--consistency',
                                                                                     j.path('fork-consistency-300-700')])]:
        code, said = j.our('fork-proof-350-700', *args)
        t.ok(code in (TAMPERED, INCOMPLETE), 'the fork against %s: refused' % name, said)
    t.is_(j.our('fork-proof-350-700', '--root', true)[0], TAMPERED, 'two trees of one size are called tampering')
    if not j.why_not_foreign:
        t.is_(j.go('fork-proof-350-700', true), TAMPERED, 'Go refuses the fork against the printed root')
    t.is_(j.our('--checkpoints', 'checkpoint-513', 'fork-checkpoint-700', '--consistency', j.path('fork-consistency-513-700'))[0],
          TAMPERED, 'the fork does not continue the true log')
    # steps that hold in themselves, but lead from one log to the other
    for name, args in [
            ("the true log's step does not lead to the fork's checkpoint",
             ['fork-proof-0-700', '--root', j.text('root-513'), '--consistency', 'consistency-513-700']),
            ("the fork's step does not begin at the true root",
             ['fork-proof-0-700', '--root', j.text('root-513'), '--consistency', 'fork-consistency-513-700']),
            ('two steps to two different third states do not join',
             ['fork-proof-0-400', '--root', j.text('root-513'), '--consistency', 'fork-consistency-400-700', '--consistency',
              'consistency-513-700']),
            ('both steps to a third state must hold',
             ['fork-proof-0-400', '--root', j.text('root-513'), '--consistency', 'fork-consistency-400-700', '--consistency',
              'fork-consistency-513-700']),
            ("the fork's signer state is not that of the true log", ['proof-0-700', '--signer-state', 'fork-signer-state'])]:
        code, said = j.our(*args)
        t.ok(code == TAMPERED, name, 'exit %d\n%s' % (code, said))
    # the office mixes: the fork's checkpoint with the true log's consistency proof
    mixed = j.text('consistency-300-700').split('\n\n', 1)[0] + '\n\n' + j.text('fork-checkpoint-700')
    j.write('mixed', mixed.encode())
    t.is_(j.our('fork-proof-350-700', '--root', j.text('root-300'), '--consistency', j.path('mixed'))[0], INCOMPLETE,
          'an anchor from before the fork does not vouch for an entry behind it')
    t.is_(j.our('fork-proof-0-700', '--root', j.text('root-300'), '--consistency', j.path('mixed'))[0], TAMPERED,
          "the true log's step does not lead to the fork")


def signer_state(t, j):
    """The state file is made up to look whole: install or signature changed, checksum right."""
    with open(j.path('signer-state'), 'rb') as f:
        data = f.read()
    for name, at in (('another install', 24), ('another signature', 90)):
        bad = b''
        for slot in (data[:4096], data[4096:]):
            body = slot[:at] + bytes([slot[at] ^ 1]) + slot[at + 1:4064]
            bad += body + hashlib.sha256(body).digest()
        j.write('bad-state', bad)
        code, said = j.our('proof-699-700', '--signer-state', 'bad-state')
        t.ok(code == TAMPERED, "a signer's state with %s: refused" % name, 'exit %d\n%s' % (code, said))


def replaced(line, at, what):
    return line[:at] + what + line[at + 1:]


def other_digit(c):
    return 'B' if c != 'B' else 'C'


def fields(lines):
    """(field, line number, column) of one character in every field of a proof file."""
    blank = lines.index('')
    out = [('first line', 0, 5), ('word extra', 1, 0), ('entry', 1, 40), ('entry, end', 1, len(lines[1]) - 6), ('word index', 2, 0),
           ('index', 2, len(lines[2]) - 1)]
    out += [('hash %d' % (n - 3), n, 7 + n) for n in range(3, blank)]
    out += [('origin', blank + 1, 12), ('epoch', blank + 1, len(lines[blank + 1]) - 1), ('size', blank + 2, 0), ('root', blank + 3, 9)]
    sig = lines[blank + 5]
    start = sig.rindex(' ') + 1
    out += [('dash', blank + 5, 0), ('key name', blank + 5, 4), ('key id', blank + 5, start + 1), ('signature', blank + 5, start + 30)]
    return out


def one_character(t, j):
    name, root = 'proof-350-700', j.text('root-700')
    lines = j.text(name).split('\n')
    for field, n, at in fields(lines):
        bad = list(lines)
        c = bad[n][at]
        bad[n] = replaced(bad[n], at, str((int(c) + 1) % 10) if c.isdigit() and ('index' in field or 'size' in field or 'epoch' in field)
                          else other_digit(c))
        j.write('bad', '\n'.join(bad).encode())
        code, said = j.our('bad', '--root', root)
        foreign = j.go('bad', root)
        t.ok(code in (TAMPERED, INCOMPLETE) and foreign in (TAMPERED, None), '%s changed: both refuse' % field,
             'ours %d, foreign %r\n%s' % (code, foreign, said))
    bad = j.write('bad', '\n'.join(lines[:1] + lines[2:]).encode())
    t.is_(j.our(bad, '--root', root)[0], INCOMPLETE, 'without the entry it is incomplete')
    bad = j.write('bad', '\n'.join(lines[:lines.index('') + 4] + ['']).encode())
    t.is_(j.our(bad, '--root', root)[0], INCOMPLETE, 'with the signature cut off it is unsigned')
    entry = base64.b64decode(lines[1][6:])
    for was, now in ((b'info-manager', b'info-manages'), (b'decided', b'decides')):
        bad = j.write('bad', j.text(name).replace(lines[1][6:], base64.b64encode(entry.replace(was, now)).decode()).encode())
        t.ok(j.our(bad, '--root', root)[0] == TAMPERED and j.go(bad, root) in (TAMPERED, None), 'an entry that says something else: both refuse')


def every_byte(t, j):
    """Each byte of a whole file, one bit; ours alone, since each Go process costs more."""
    for name, extra in (('proof-1-3', ['--root', j.text('root-3')]),):
        with open(j.path(name), 'rb') as f:
            data = f.read()
        believed = []
        for i in range(len(data)):
            j.write('bad', data[:i] + bytes([data[i] ^ 1 << i % 7]) + data[i + 1:])
            if j.our('bad', *extra)[0] not in (TAMPERED, INCOMPLETE):
                believed.append(i)
        t.is_(believed, [], 'each of %d bytes of %s changed: refused' % (len(data), name))
        short = [n for n in range(0, len(data), 9) if (j.write('bad', data[:n]), j.our('bad', *extra)[0])[1] not in (TAMPERED, INCOMPLETE)]
        t.is_(short, [], 'cut off anywhere: refused')


def words(t, j):
    code, ja = j.our('proof-350-700', '--root', j.text('root-700'), lang='ja')
    t.ok(code == 0 and '確かめました' in ja and '日本時間' in ja and 'application.decided' in ja and '350' in ja, 'Japanese says what, when and where', ja)
    code, en = j.our('proof-350-700', '--root', j.text('root-700'))
    t.ok('Verified' in en and '2026-01-01 09:05:50' in en and 'Who: 01960000-' in en and 'info-manager' in en, 'English does, too', en)
    code, en = j.our('proof-350-700')
    t.ok('not enough' in en and '--root' in en, 'the key alone: it says what to compare with', en)
    t.ok('{' not in ja + en, 'no place is left unfilled')


def main():
    build = os.path.abspath(sys.argv[1])
    with Tap() as t, tempfile.TemporaryDirectory() as work:
        subprocess.run([os.path.join(build, 'tests/foreign/make_log'), work], check=True, timeout=120, stderr=subprocess.DEVNULL)
        j = Judges(build, work)
        if j.foreign_absent:
            t.skip('the foreign judge', j.why_not_foreign)
        else:
            t.is_(j.why_not_foreign, '', "Go's x/mod is compiled")
        true_evidence(t, j)
        joined_anchors(t, j)
        fork_by_the_same_key(t, j)
        signer_state(t, j)
        one_character(t, j)
        every_byte(t, j)
        words(t, j)


if __name__ == '__main__':
    main()
