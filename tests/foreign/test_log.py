#!/usr/bin/python3
"""test_log.py BUILD - log directories before two judges that share no code: `sekisho verify --log` and Go's x/mod (log.go).

What one believes the other believes, what one refuses the other refuses: logs of many sizes, whole and in part, of one and of several
epochs; each kind of file with one bit changed.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(os.path.dirname(HERE), 'rigs')]
import logdir  # noqa: E402
from tap import Tap  # noqa: E402

SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 700, 65536 + 300)


class Judges:
    def __init__(self, build):
        self.ours = os.path.join(build, 'src/cli/sekisho')
        self.foreign = os.path.join(build, 'tests/foreign/log-go')
        os.makedirs(os.path.dirname(self.foreign), exist_ok=True)
        made = subprocess.run([os.path.join(HERE, 'build.sh'), self.foreign, 'log.go'], capture_output=True, text=True)
        self.why_not = made.stderr.strip() if made.returncode else ''
        self.absent = made.returncode == 77

    def our(self, folder, key, root):
        return subprocess.run([self.ours, 'verify', '--log', folder, '--key', key, '--root', root], capture_output=True, timeout=60).returncode

    def go(self, folder, key, root):
        r = subprocess.run([self.foreign, '-key', key, '-root', root, folder], capture_output=True, text=True, timeout=60)
        return r.returncode, r.stdout + r.stderr


def root(log, size=None):
    size = len(log.entries) if size is None else size
    return '%d:%s' % (size, log.root(size).hex())


def epochs():
    log = logdir.Log().grow(300)
    log.rotate()
    log.grow(400)
    known = (len(log.entries), log.root())
    log.cut(350)
    log.epoch('restore', known=known)
    return log.grow(700)


def true_logs(t, j, work):
    for size in SIZES:
        log = logdir.Log().grow(size)
        folder, key = log.write(os.path.join(work, 'd')), log.secrets[-1].vkey
        got = [(j.our(folder, key, root(log, s)), j.go(folder, key, root(log, s))[0]) for s in sorted({1, (size + 1) // 2, size})]
        t.ok(all(g == (0, 0) for g in got), 'a log of %d entries, roots of three sizes: both believe it' % size, got)
    log = epochs()
    for name, folder in (('whole', log.write(os.path.join(work, 'd'))), ('in part', log.write_subset(os.path.join(work, 's'), {3, 600}, {690}))):
        key = log.secrets[-1].vkey
        code, said = j.go(folder, key, root(log))
        t.ok((j.our(folder, key, root(log)), code) == (0, 0) and 'gap: 50 entries of epoch 2' in said, 'three epochs, %s: both believe it, both say the gap' % name, said)
        t.is_((j.our(folder, log.secrets[0].vkey, root(log)), j.go(folder, log.secrets[0].vkey, root(log))[0]), (2, 1), 'by the first key alone, %s: neither' % name)
        wrong = '700:' + '11' * 32
        t.is_((j.our(folder, key, wrong), j.go(folder, key, wrong)[0]), (1, 1), 'another printed root, %s: neither' % name)


def changed(t, j, work):
    log = epochs()
    for what, folder in (('whole', log.write(os.path.join(work, 'd'))), ('in part', log.write_subset(os.path.join(work, 's'), {3, 600}))):
        key, apart, n = log.secrets[-1].vkey, [], 0
        for name in logdir.files(folder):
            data = logdir.get(folder, name)
            for i in {0, len(data) // 3, len(data) // 2, len(data) - 1}:
                logdir.put(folder, name, data[:i] + bytes([data[i] ^ 1 << i % 7]) + data[i + 1:])
                got = j.our(folder, key, root(log)), j.go(folder, key, root(log))[0]
                n += 1
                if got[0] not in (1, 2) or got[1] != 1:
                    apart.append((name, i, got))
            os.unlink(os.path.join(folder, name))
            got = j.our(folder, key, root(log)), j.go(folder, key, root(log))[0]
            n += 1
            if got != (2, 1):
                apart.append((name, 'gone', got))
            logdir.put(folder, name, data)
        t.ok(not apart, 'each file of a log %s with one bit changed, or gone: neither believes it (%d changes)' % (what, n), '\n'.join(map(repr, apart[:8])))
        t.is_((j.our(folder, key, root(log)), j.go(folder, key, root(log))[0]), (0, 0), 'put back: both')


def lies(t, j, work):
    """Signed and consistent in itself, and wrong."""
    early = logdir.Log().grow(30)
    early.add('early', at=logdir.BEGIN)
    hidden = logdir.Log().grow(30)
    known = (30, hidden.root())
    hidden.cut(20)
    hidden.epoch('restore', known=known, gap=0, known_size=20)
    for name, log in (('time that goes back', early), ('a gap denied', hidden)):
        folder, key = log.write(os.path.join(work, 'd')), log.secrets[-1].vkey
        t.is_((j.our(folder, key, root(log)), j.go(folder, key, root(log))[0]), (1, 1), name + ': neither')


def main():
    with Tap() as t, tempfile.TemporaryDirectory(prefix='sekisho-foreign-') as work:
        j = Judges(os.path.abspath(sys.argv[1]))
        if j.absent:
            t.skip('the foreign judge of whole logs', j.why_not)
            return
        t.is_(j.why_not, '', "Go's x/mod is compiled")
        for part in (true_logs, changed, lies):
            part(t, j, work)


if __name__ == '__main__':
    main()
