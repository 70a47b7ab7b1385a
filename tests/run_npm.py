#!/usr/bin/python3
"""run_npm.py - `./run build` with an npm that leaves a part out, as the real one does without a word when a package cannot be fetched.

The tree is a copy of what `run` reads; meson, ninja, npm and both Nodes are pretended, no network is asked."""
import os
import shutil
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
sys.path.insert(0, TESTS)
from tap import Tap  # noqa: E402

DEBIANS = '/etc/ssl/certs/ca-certificates.crt'

# Packages are nobody's matter here: dpkg-query says that each one asked for is there.
DPKG_QUERY = '#!/bin/bash\nfor name in "${@:4}"; do printf \'%s installed 999\\n\' "$name"; done\n'

NODE = '#!/bin/bash\n[ "$1" != --version ] || { echo v18.0.0; exit; }\nexec bash "$@"\n'

# Runs under npm's Node, which is asked for the CAs. What is pinned has another version and loads the bundler if it is there.
NPM = '''#!/bin/bash
echo "${1:-} ${NODE_EXTRA_CA_CERTS:-none}" >>"$CALLS"
case "$1" in
ci)  mkdir -p node_modules/.bin
     [ -z "${WHOLE:-}" ] || touch node_modules/bundler
     printf '#!/bin/bash\\n[ "$1" != --version ] || { echo v22.0.0; exit; }\\n[ "$1" = --input-type=module ] || exec bash "$@"\\n[ -e node_modules/bundler ]\\n' >node_modules/.bin/node
     chmod 755 node_modules/.bin/node ;;
run) mkdir -p dist; touch dist/index.html ;;
esac
'''


def put(path, text):
    with open(path, 'w') as f:
        f.write(text)
    os.chmod(path, 0o755)


def tree(d):
    """A folder in which `run build` finds what it looks at, and one for PATH."""
    top, path = os.path.join(d, 'tree'), os.path.join(d, 'path')
    for folder in ('web/src', 'docs', 'texts', 'debian', 'build'):
        os.makedirs(os.path.join(top, folder))
    os.makedirs(path)
    for file in ('run', 'meson.build', 'debian/control', 'docs/openapi.yaml', 'texts/ja.yaml', 'texts/compile.py', 'web/package-lock.json'):
        shutil.copy(os.path.join(ROOT, file), os.path.join(top, file))
    for name, text in (('dpkg-query', DPKG_QUERY), ('node', NODE), ('npm', NPM), ('meson', '#!/bin/sh\n'), ('ninja', '#!/bin/sh\n')):
        put(os.path.join(path, name), text)
    return top, path


def build(d, top, path, **more):
    """Exit status, words, and what npm was called for."""
    calls = os.path.join(d, 'calls')
    put(calls, '')
    env = {'PATH': path + ':' + os.environ['PATH'], 'HOME': d, 'CALLS': calls, **more}
    p = subprocess.run([os.path.join(top, 'run'), 'build'], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    with open(calls) as f:
        return p.returncode, p.stdout + p.stderr, f.read().splitlines()


with Tap() as t, tempfile.TemporaryDirectory() as d:
    top, path = tree(d)
    marker = os.path.join(top, 'web/node_modules/.inputs')

    status, words, calls = build(d, top, path)
    t.ok(status == 1 and 'left it out' in words and 'update-ca-certificates' in words, 'a bundler that npm left out ends the build with words', words)
    t.ok('run' not in ' '.join(calls), '... before the front end is built', calls)
    t.ok(not os.path.exists(marker), '... and is not taken for fetched', words)

    status, words, calls = build(d, top, path, WHOLE='1')
    t.is_((status, os.path.exists(marker)), (0, True), 'the next ./run fetches anew and builds')
    t.is_(calls[:2], ['ci ' + DEBIANS] * 2, 'both Nodes trust whom Debian trusts: the pinned one would know its own list only')

    os.remove(os.path.join(top, 'web/dist/index.html'))
    status, words, calls = build(d, top, path, WHOLE='1')
    t.is_((status, [c.split()[0] for c in calls]), (0, ['run']), 'what is there is not fetched again')

    os.remove(marker)
    os.remove(os.path.join(top, 'web/dist/index.html'))
    status, words, calls = build(d, top, path, WHOLE='1', NODE_EXTRA_CA_CERTS='/of/the/house.pem')
    t.is_((status, calls[:1]), (0, ['ci /of/the/house.pem']), 'a list that is set already stays')
