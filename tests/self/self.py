#!/usr/bin/python3
"""self.py SAN - prove the collector: what must be red is red, the control is green."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from tap import Tap  # noqa: E402

SAN = os.path.abspath(sys.argv[1])
COLLECT = os.path.join(HERE, '..', 'collect.py')

# name, what the suite does (shell), lines of skips.allowed, want status, what the report must say, last line
ROWS = [
    ('green control', "echo 1..2; echo 'ok 1 - a'; echo 'ok 2 - b'", '', 0, '', '2 passed, 0 failed, 0 skipped'),
    ('plan at the end is a plan', "echo 'ok 1 - a'; echo 1..1", '', 0, '', '1 passed, 0 failed, 0 skipped'),
    ('a failing test', "echo 1..1; echo 'not ok 1 - a'; exit 1", '', 1, 'FAIL a: not ok', '0 passed, 1 failed, 0 skipped'),
    ('a failing test with a good exit', "echo 1..1; echo 'not ok 1 - a'", '', 1, 'FAIL a: not ok', '0 passed, 1 failed, 0 skipped'),
    ('no plan', "echo 'ok 1 - a'", '', 1, 'no plan', '1 passed, 1 failed, 0 skipped'),
    ('two plans', "echo 1..1; echo 'ok 1 - a'; echo 1..1", '', 1, '2 plans', '1 passed, 1 failed, 0 skipped'),
    ('fewer than planned', "echo 1..3; echo 'ok 1 - a'", '', 1, 'planned 3 tests, saw 1', '1 passed, 1 failed, 0 skipped'),
    ('more than planned', "echo 1..1; echo 'ok 1 - a'; echo 'ok 2 - b'", '', 1, 'planned 1 tests, saw 2', '2 passed, 1 failed, 0 skipped'),
    ('no test', 'echo 1..0', '', 1, 'no test', '0 passed, 1 failed, 0 skipped'),
    ('nothing said', 'true', '', 1, 'no plan', '0 passed, 2 failed, 0 skipped'),
    ('a number twice', "echo 1..2; echo 'ok 1 - a'; echo 'ok 1 - a'", '', 1, 'in order', '2 passed, 1 failed, 0 skipped'),
    ('a bad exit behind good tests', "echo 1..1; echo 'ok 1 - a'; exit 3", '', 1, 'exit status 3', '1 passed, 1 failed, 0 skipped'),
    ('a signal', "echo 1..1; echo 'ok 1 - a'; kill -SEGV $$", '', 1, 'SIGSEGV', '1 passed, 1 failed, 0 skipped'),
    ('a timeout', "echo 1..1; echo 'ok 1 - a'; sleep 60", '', 1, 'still running after 1 s', '1 passed, 1 failed, 0 skipped'),
    ('a process left behind', "echo 1..1; echo 'ok 1 - a'; sleep 60 & exit 0", '', 1, 'left processes behind', '1 passed, 1 failed, 0 skipped'),
    ('bail out', "echo 1..1; echo 'ok 1 - a'; echo 'Bail out! disk'", '', 1, 'Bail out! disk', '1 passed, 1 failed, 0 skipped'),
    ('TODO', "echo 1..1; echo 'not ok 1 - a # TODO later'", '', 1, 'TODO', '0 passed, 1 failed, 0 skipped'),
    ('a skip nobody allowed', "echo 1..2; echo 'ok 1 - a'; echo 'ok 2 - b # SKIP no net'", '', 1, 'does not name it', '1 passed, 1 failed, 0 skipped'),
    ('a skip of another suite', "echo 1..2; echo 'ok 1 - a'; echo 'ok 2 - b # SKIP no net'", 'other: b: why', 1, 'does not name it', '1 passed, 1 failed, 0 skipped'),
    ('a skip of another test', "echo 1..2; echo 'ok 1 - a'; echo 'ok 2 - b # SKIP no net'", 'planted: a: why', 1, 'does not name it', '1 passed, 1 failed, 0 skipped'),
    ('an allowed skip', "echo 1..2; echo 'ok 1 - a'; echo 'ok 2 - b # SKIP no net'", 'planted: b: no network here', 0, 'skip b: no net', '1 passed, 0 failed, 1 skipped'),
    ('a whole suite skips itself', "echo '1..0 # SKIP no kernel'", '', 1, 'does not name it', '0 passed, 1 failed, 0 skipped'),
    ('everything skipped is not green', "echo '1..0 # SKIP no kernel'", 'planted: (suite): no kernel', 1, 'no kernel', '0 passed, 0 failed, 1 skipped'),
    ('a program that does not exist', None, '', 1, 'does not start', '0 passed, 3 failed, 0 skipped'),
    ('cmocka: green control', 'exec {san}/tests/self/good_pass', '', 0, '', '2 passed, 0 failed, 0 skipped'),
    ('cmocka: a failing assertion, exit 0', 'exec {san}/tests/self/bad_fail', '', 1, 'FAIL does_not_hold: not ok', '1 passed, 1 failed, 0 skipped'),
    ('cmocka: a crash', 'exec {san}/tests/self/bad_crash', '', 1, 'planned 3 tests, saw 1', None),
    ('cmocka: an abort at the end', 'exec {san}/tests/self/bad_abort', '', 1, 'SIGABRT', '1 passed, 1 failed, 0 skipped'),
    ('cmocka: a test leaves with 0', 'exec {san}/tests/self/bad_leave', '', 1, 'planned 2 tests, saw 0', None),
    ('cmocka: a skip nobody allowed', 'exec {san}/tests/self/good_skip', '', 1, 'FAIL is_skipped: skipped', '1 passed, 1 failed, 0 skipped'),
    ('cmocka: an allowed skip', 'exec {san}/tests/self/good_skip', 'planted: is_skipped: shown here', 0, 'skip is_skipped', '1 passed, 0 failed, 1 skipped'),
]


def collect(table, skips, *more):
    p = subprocess.run([sys.executable, COLLECT, 'quick', '--no-units', '--table', table, '--skips', skips, *more], capture_output=True, text=True)
    return p.returncode, p.stdout + p.stderr


with Tap() as t, tempfile.TemporaryDirectory() as d:
    table, skips, script = (os.path.join(d, n) for n in ('suites.txt', 'skips.allowed', 'planted.sh'))
    for name, deed, allowed, status, says, last in ROWS:
        with open(script, 'w') as f:
            f.write((deed or '').replace('{san}', SAN) + '\n')
        with open(table, 'w') as f:
            f.write('planted quick %d %s\n' % (1 if 'timeout' in name else 20, 'sh ' + script if deed else '/no/such/program'))
        with open(skips, 'w') as f:
            f.write(allowed + '\n')
        got, text = collect(table, skips)
        lines = text.strip().splitlines()
        good = got == status and says in text and (last is None or name == 'a program that does not exist' or lines[-1] == last)
        t.ok(good, name, 'status %d, want %d; must say %r, last line %r\n%s' % (got, status, says, last, text))

    meet = "touch %s; for i in $(seq 100); do [ -e %s ] && echo 1..1 && echo 'ok 1 - met' && exit 0; sleep 0.05; done; exit 1"
    scripts = [os.path.join(d, n + '.sh') for n in 'ab']
    for mine, yours, path in ('a', 'b', scripts[0]), ('b', 'a', scripts[1]):
        with open(path, 'w') as f:
            f.write(meet % (os.path.join(d, mine), os.path.join(d, yours)))
    for beside, want in (('/beside', 0), ('', 1)):
        for name in 'ab':
            if os.path.exists(os.path.join(d, name)):
                os.remove(os.path.join(d, name))
        with open(table, 'w') as f:
            f.write(''.join('%s quick%s 20 sh %s\n' % (n, beside, p) for n, p in zip('ab', scripts)))
        got, text = collect(table, skips, '--jobs', '2')
        t.ok(got == want, 'suites run beside each other only when both say so: %s' % (beside or 'not said'), text)

    with open(table, 'w') as f:
        f.write('# nothing\n')
    got, text = collect(table, skips)
    t.ok(got == 1 and 'no suite was found' in text, 'no suite at all is red', text)
    with open(table, 'w') as f:
        f.write('a quick 5 true\na quick 5 true\n')
    got, text = collect(table, skips)
    t.ok(got != 0 and 'stands twice' in text, 'a suite that stands twice is refused', text)
    with open(table, 'w') as f:
        f.write('a quick true\n')
    got, text = collect(table, skips)
    t.ok(got != 0 and 'suites.txt:1' in text, 'a line that cannot be read is refused with its number', text)
    with open(table, 'w') as f:
        f.write('good quick 5 sh -c "echo 1..1; echo ok 1"\nbad quick 5 false\n')
    got, text = collect(table, skips)
    t.ok(got == 1, 'one bad suite among good ones is red', text)
    got, text = collect(table, skips, '--only', 'nothing-like-this')
    t.ok(got == 1, 'a pattern that finds nothing is red', text)
