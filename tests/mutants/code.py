#!/usr/bin/python3
"""code.py - do the property tests notice when a gate is missing? Each *.patch here takes one gate out of src/core.

    code.py BUILD            all patches; TAP
    code.py BUILD NAME …     these

A patch's first lines say in words which gate it removes. The patched files alone are compiled anew and linked in front of the
library, so a mutant costs seconds. A mutant must end red with the words of a broken promise; one that crashes, does not compile or
does not apply proves nothing and is red here. The unpatched program must be green first.
"""
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

# How a patch's name begins, the target of the build that must notice it, and how that says that a promise does not hold.
PROPERTIES = (
    ('duty-', 'tests/unit/test_duties_property', '(is past its|was told of twice|was closed by words|was not ended by two|planned otherwise in parts|came before it was looked for)'),
    ('', 'tests/unit/test_procedure_property', 'approved[:,] '),
)
SECONDS = 240


def run(words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, **more)


def why_of(patch):
    """The words in front of the first diff line."""
    with open(patch, encoding='utf-8') as f:
        head = f.read().split('\n--- ')[0]
    return ' '.join(head.split())


def property_of(patch):
    return next(p for p in PROPERTIES if os.path.basename(patch).startswith(p[0]))


class Build:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        with open(os.path.join(self.folder, 'compile_commands.json'), encoding='utf-8') as f:
            self.compile = {os.path.realpath(os.path.join(c['directory'], c['file'])): c['command'] for c in json.load(f)}
        self.link = {}
        for _, target, _ in PROPERTIES:
            commands = run(['ninja', '-C', self.folder, '-t', 'commands', target]).stdout.splitlines()
            self.link[target] = next(c for c in reversed(commands) if ' -o %s ' % target in c)

    def mutant(self, top, patch):
        """(program, None), or (None, what went wrong)."""
        tree = os.path.join(top, 'tree')
        shutil.copytree(os.path.join(ROOT, 'src'), os.path.join(tree, 'src'))
        done = run(['patch', '-p1', '--no-backup-if-mismatch', '-F0', '-d', tree, '-i', patch])
        if done.returncode:
            return None, 'does not apply: ' + done.stdout
        objects = []
        for name in re.findall(r'^patching file (\S+)$', done.stdout, re.M):
            words = shlex.split(self.compile[os.path.realpath(os.path.join(ROOT, name))])
            out = os.path.join(top, 'mutant%d.o' % len(objects))
            words[words.index('-o') + 1] = out
            words[words.index('-c') + 1] = os.path.join(tree, name)
            for flag in ('-MD', '-MQ', '-MF'):
                if flag in words:
                    at = words.index(flag)
                    del words[at:at + (1 if flag == '-MD' else 2)]
            # The tree's own headers are meant, patched or not.
            words = [re.sub('^-I.*/src(/|$)', lambda m: '-I%s/src%s' % (tree, m.group(1)), w) if os.path.realpath(
                os.path.join(self.folder, w[2:])).startswith(os.path.join(ROOT, 'src')) and w.startswith('-I') else w for w in words]
            done = run(words + ['-Wno-error'], cwd=self.folder)
            if done.returncode:
                return None, 'does not compile: ' + done.stderr[:2000]
            objects.append(out)
        words = shlex.split(self.link[property_of(patch)[1]])
        at = words.index('-o') + 1
        words[at] = program = os.path.join(top, 'property')
        done = run(words[:at + 1] + objects + words[at + 1:], cwd=self.folder)
        return (program, None) if done.returncode == 0 else (None, 'does not link: ' + done.stderr[:2000])


def main():
    build, names = Build(sys.argv[1]), sys.argv[2:]
    patches = [p for p in sorted(glob.glob(os.path.join(HERE, '*.patch'))) if not names or os.path.basename(p)[:-6] in names]
    with Tap() as t:
        for target in sorted({property_of(p)[1] for p in patches}):
            whole = run([os.path.join(build.folder, target)], cwd=ROOT)
            t.ok(whole.returncode == 0, '%s: the program as it is keeps its promises' % os.path.basename(target), whole.stdout[-2000:] + whole.stderr[-2000:])
        t.ok(len(patches) >= 12 or names, 'there are twelve gates to remove', '%d patches' % len(patches))
        for patch in patches:
            with tempfile.TemporaryDirectory(prefix='sekisho-mutant.') as top:
                program, wrong = build.mutant(top, patch)
                if program:
                    done = run([program], cwd=ROOT)
                    said = re.search(property_of(patch)[2] + '.*', done.stdout + done.stderr)
                    wrong = None if done.returncode and said else 'not noticed (exit %d): %s' % (done.returncode, (done.stdout + done.stderr)[-1500:])
                t.ok(wrong is None, '%s: %s' % (os.path.basename(patch)[:-6], why_of(patch)), wrong or '')


if __name__ == '__main__':
    main()
