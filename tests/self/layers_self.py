#!/usr/bin/python3
"""layers_self.py - plant one violation at a time in a copy of src/ and see that layers.py names it; the copy itself is clean."""
import os
import shutil
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(TESTS)
sys.path.insert(0, TESTS)
from tap import Tap  # noqa: E402

# name, file below src/ (made or appended to), line, what the report must say
PLANTED = [
    ('core includes sys', 'core/planted.c', '#include "sys/clock.h"', 'core may not include "sys/clock.h"'),
    ('base includes core', 'base/planted.c', '#include "core/text/text.h"', 'base may not include'),
    ('wire includes link', 'wire/planted.c', '#include "link/planted.h"', 'does not exist'),
    ('signer includes office', 'server/signer/planted.c', '#include "server/office/planted.h"', 'does not exist'),
    ('gate includes server', 'gate/planted.c', '#include "server/launcher.h"', 'gate may not include'),
    ('sys includes core', 'sys/planted.c', '#include "core/text/text.h"', 'sys may not include'),
    ('an include without its folder', 'core/planted.c', '#include "text.h"', 'does not name its folder'),
    ('a folder that layers.txt does not know', 'planted/planted.c', '#include "base/err.h"', 'has no line in layers.txt'),
    ('SQLite outside the store', 'server/office/planted.c', '#include <sqlite3.h>', 'lib sqlite3.h'),
    ('TLS in the signer', 'server/signer/planted.c', '#include <openssl/ssl.h>', 'lib openssl/ssl.h'),
    ('YAML in wire', 'wire/planted.c', '#include <yaml.h>', 'lib yaml.h'),
    ('a library that nobody entered', 'link/planted.c', '#include <lzma.h>', 'belongs to no library'),
    ('files in core', 'core/planted.c', '#include <fcntl.h>', 'door to the machine'),
    ('time in core', 'core/planted.c', '#  include   <time.h>', 'door to the machine'),
    ('SQL outside the store', 'server/office/planted.c', 'static const char *const q = "SELECT 1";', 'SQL stands in'),
]


def layers(root, *more):
    p = subprocess.run([sys.executable, os.path.join(TESTS, 'layers.py'), '--root', root, *more], capture_output=True, text=True)
    return p.returncode, p.stdout + p.stderr


def compiled(d, text):
    """An object at build/src/core/libcore.a.p/planted.o; returns the build folder."""
    build = os.path.join(d, 'objects')
    folder = os.path.join(build, 'src/core/libcore.a.p')
    os.makedirs(folder, exist_ok=True)
    source = os.path.join(d, 'planted.c')
    with open(source, 'w') as f:
        f.write(text)
    subprocess.run(['gcc', '-c', '-o', os.path.join(folder, 'planted.o'), source], check=True)
    return build


with Tap() as t, tempfile.TemporaryDirectory() as d:
    root = os.path.join(d, 'tree')
    os.makedirs(root)
    shutil.copy(os.path.join(ROOT, 'layers.txt'), root)
    # A small clean tree: what is planted is then the only finding, whatever the real one looks like at this moment.
    for file, text in (('base/err.h', ''), ('sys/clock.h', '#include "base/err.h"\n'), ('core/text/text.h', '#include "base/err.h"\n#include <string.h>\n'),
                       ('server/launcher.h', '#include "sys/clock.h"\n#include <sys/socket.h>\n/* #include <zlib.h> */\n// #include "gate/x.h"\n'),
                       ('server/office/store/sql.c', '#include <sqlite3.h>\nstatic const char *const q = "SELECT 1";\n')):
        os.makedirs(os.path.dirname(os.path.join(root, 'src', file)), exist_ok=True)
        with open(os.path.join(root, 'src', file), 'w') as f:
            f.write(text)
    status, text = layers(root)
    t.ok(status == 0, 'the clean tree is clean', text)
    for name, file, line, says in PLANTED:
        path = os.path.join(root, 'src', file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as f:
            f.write(line + '\n')
        status, text = layers(root)
        t.ok(status == 1 and 'src/%s:1: ' % file in text and says in text, name, 'status %d, must say %r\n%s' % (status, says, text))
        os.unlink(path)

    build = compiled(d, 'int f(const char *s); int f(const char *s) { return *s; }\n')
    status, text = layers(root, build)
    t.ok(status == 0, 'a pure object is pure', text)
    for call in ('long time(long *); long f(void); long f(void) { return time(0); }', 'int open(const char *, int, ...); int f(void); int f(void) { return open("x", 0); }',
                 'char *getenv(const char *); char *f(void); char *f(void) { return getenv("x"); }', 'int puts(const char *); int f(void); int f(void) { return puts("x"); }'):
        status, text = layers(root, compiled(d, call + '\n'))
        t.ok(status == 1 and 'planted.o: calls' in text, 'an object that calls ' + call.split('(')[0].split()[-1].lstrip('*'), text)
    status, text = layers(root, os.path.join(d, 'nothing'))
    t.ok(status == 1 and 'build first' in text, 'no object at all is red', text)
