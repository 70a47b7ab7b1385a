#!/usr/bin/python3
"""collect.py - run suites that speak TAP and say in one line whether the tree is sound.

A suite is a program that prints TAP (https://testanything.org): one plan "1..N", then N results. It comes from
  - meson: every test() in build/san whose suite is "unit" (tests/unit/meson.build), or
  - tests/suites.txt: "name  tier  seconds  command", one a line; "tier/beside": it may share the machine with another suite.

What makes it red, besides "not ok":
  no plan, two plans, a plan that does not fit, no test at all, numbers out of order, a bad exit status, a signal,
  a timeout, "Bail out!", "# TODO", processes left behind, a skip that tests/skips.allowed does not name, no suite at all.

The last line is "N passed, N failed, N skipped"; the exit status is 0 only if nothing failed and something passed.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TIERS = ('quick', 'short', 'full', 'long', 'bench')
RUNS = {'quick': ('quick', 'short'), 'everything': ('quick', 'full'), 'long': ('long',), 'bench': ('bench',)}      # the tiers of each
BESIDE = '/beside'        # behind the tier: the suite asserts no time, and may run beside another such suite
PLAN = re.compile(r'^1\.\.(\d+)(?:\s*#\s*(.*))?$')
RESULT = re.compile(r'^(not )?ok\b(?:\s+(\d+))?(?:\s*-?\s*(.*?))?(?:\s*#\s*(skip|todo)\S*\s*(.*))?$', re.I)
MUST_END_WITHIN = 2.0     # seconds that what a suite started may outlive it


class Outcome:
    """What one suite said: names of tests that passed, (name, why) that failed, (name, why) that were skipped."""

    def __init__(self, name):
        self.name, self.passed, self.failed, self.skipped = name, [], [], []
        self.seconds, self.out, self.err = 0.0, '', ''

    def fail(self, test, why):
        self.failed.append((test, why))


def parse_tap(text, o):
    """Fill `o` from TAP. Structure that does not fit is a failure of the suite itself, named '(suite)'."""
    plans, numbers, whole_skip, detail = [], [], None, []
    for line in text.splitlines():
        line = line.rstrip()
        plan, result = PLAN.match(line), RESULT.match(line)
        if plan:
            plans.append(int(plan.group(1)))
            if plan.group(1) == '0' and plan.group(2):
                whole_skip = re.sub(r'(?i)^skip\S*\s*', '', plan.group(2)) or 'no reason given'
        elif line.startswith('Bail out!'):
            o.fail('(suite)', line)
        elif result:
            bad, number, name, word, why = result.groups()
            numbers.append(int(number) if number else len(numbers) + 1)
            name = name or 'test %d' % numbers[-1]
            if word and word.lower() == 'todo':
                o.fail(name, 'TODO is not a place')
            elif word:                      # cmocka 1.1.5 writes a skip as "not ok N # SKIP name"
                if name.startswith('test ') and why:
                    name, why = why, ''
                o.skipped.append((name, why))
            elif bad:
                o.fail(name, 'not ok')
            else:
                o.passed.append(name)
    if whole_skip is not None and not numbers:
        o.skipped.append(('(suite)', whole_skip))
        return
    if not plans:
        o.fail('(suite)', 'no plan')
    elif len(plans) > 1:
        o.fail('(suite)', '%d plans' % len(plans))
    elif plans[0] != len(numbers):
        o.fail('(suite)', 'planned %d tests, saw %d' % (plans[0], len(numbers)))
    if not numbers:
        o.fail('(suite)', 'no test')
    elif numbers != list(range(1, len(numbers) + 1)):
        o.fail('(suite)', 'numbers are not 1..%d in order: %s' % (len(numbers), numbers[:20]))


def session_left(sid):
    """Pids of the session that are not zombies: what a suite started, in whatever process group."""
    left = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/stat' % pid) as f:
                rest = f.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        if int(rest[3]) == sid and rest[0] not in 'ZX':
            left.append(int(pid))
    return left


def run_suite(name, seconds, command, env):
    o = Outcome(name)
    began = time.monotonic()
    # Files, not pipes: a process that outlives the suite cannot keep us waiting for the end of its output.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            p = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
        except OSError as e:
            o.fail('(suite)', 'does not start: %s' % e)
            return o
        try:
            status = p.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            o.fail('(suite)', 'still running after %d s' % seconds)
            status = None
        if status is not None:
            until = time.monotonic() + MUST_END_WITHIN
            while session_left(p.pid) and time.monotonic() < until:
                time.sleep(0.02)
            if session_left(p.pid):
                o.fail('(suite)', 'left processes behind')
        for pid in session_left(p.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        p.wait()
        o.seconds = time.monotonic() - began
        out.seek(0)
        err.seek(0)
        o.out, o.err = out.read().decode('utf-8', 'replace'), err.read().decode('utf-8', 'replace')
    before = len(o.failed)
    parse_tap(o.out, o)
    if status is not None and status < 0:
        o.fail('(suite)', 'ended by %s' % signal.Signals(-status).name)
    elif status and len(o.failed) == before:
        o.fail('(suite)', 'exit status %d though no test failed' % status)
    return o


def units(san):
    """[(name, seconds, command)] from meson; a build without units is an error, not an empty list."""
    text = subprocess.run(['meson', 'introspect', san, '--tests'], check=True, capture_output=True, text=True).stdout
    return [('unit/' + t['name'], int(t['timeout']), t['cmd']) for t in json.loads(text) if any(s.split(':')[-1] == 'unit' for s in t['suite'])]


def table(path, places):
    rows = []
    with open(path, encoding='utf-8') as f:
        for n, line in enumerate(f, 1):
            line = line.strip()
            if not line or line.startswith('#'):
                continue
            words = line.split(None, 3)
            tier = words[1].removesuffix(BESIDE) if len(words) == 4 else None
            if tier not in TIERS or not words[2].isdigit():
                sys.exit('%s:%d: want "name tier seconds command", tier one of %s, perhaps with %s' % (path, n, ' '.join(TIERS), BESIDE))
            command = [w.format(**places) for w in shlex.split(words[3])]
            rows.append((words[0], tier, words[1] != tier, int(words[2]), command))
    names = [r[0] for r in rows]
    for n in names:
        if names.count(n) > 1:
            sys.exit('%s: suite %s stands twice' % (path, n))
    return rows


def allowed_skips(path):
    """{(suite, test)} from lines "suite: test: reason"; test '*' means each of that suite."""
    rows = set()
    with open(path, encoding='utf-8') as f:
        for n, line in enumerate(f, 1):
            line = line.strip()
            if not line or line.startswith('#'):
                continue
            parts = [p.strip() for p in line.split(':', 2)]
            if len(parts) != 3 or not all(parts):
                sys.exit('%s:%d: want "suite: test: reason"' % (path, n))
            rows.add((parts[0], parts[1]))
    return rows


def judge_skips(o, allowed):
    keep = []
    for test, why in o.skipped:
        if (o.name, test) in allowed or (o.name, '*') in allowed:
            keep.append((test, why))
        else:
            o.fail(test, 'skipped (%s), and tests/skips.allowed does not name it' % (why or 'no reason given'))
    o.skipped = keep


def report(o, verbose):
    word = 'FAIL' if o.failed else 'ok'
    print('%-4s %-32s %4d passed %3d failed %3d skipped  %6.2f s' % (word, o.name, len(o.passed), len(o.failed), len(o.skipped), o.seconds))
    for test, why in o.skipped:
        print('       skip %s: %s' % (test, why))
    for test, why in o.failed:
        print('       FAIL %s: %s' % (test, why))
    if o.failed or verbose:
        for label, text in (('out', o.out), ('err', o.err)):
            lines = [line for line in text.splitlines() if verbose or not line.startswith('ok ')]
            if len(lines) > 80:
                lines = lines[:20] + ['... %d lines ...' % (len(lines) - 80)] + lines[-60:]
            for line in lines:
                print('       %s| %s' % (label, line))
    sys.stdout.flush()


def main():
    a = argparse.ArgumentParser(description='run suites, collect TAP')
    a.add_argument('tier', choices=tuple(RUNS))
    a.add_argument('--table', default=os.path.join(ROOT, 'tests/suites.txt'))
    a.add_argument('--skips', default=os.path.join(ROOT, 'tests/skips.allowed'))
    a.add_argument('--build', default=os.path.join(ROOT, 'build'))
    a.add_argument('--san', default=os.path.join(ROOT, 'build/san'))
    a.add_argument('--no-units', action='store_true')
    a.add_argument('--only', action='append', default=[], help='only suites whose name contains this; may be given again')
    a.add_argument('--jobs', type=int, default=os.cpu_count() or 1, help='for unit tests, and for suites that may run beside others')
    a.add_argument('--results', help='write one line a test: suite TAB test TAB passed|failed|skipped')
    a.add_argument('-v', '--verbose', action='store_true')
    a = a.parse_args()

    places = {'root': ROOT, 'build': os.path.abspath(a.build), 'san': os.path.abspath(a.san)}
    tiers = RUNS[a.tier]
    jobs = [] if a.no_units or 'quick' not in tiers else units(a.san)
    wanted = lambda name: not a.only or any(o in name for o in a.only)
    rows = [(beside, (n, s, c)) for n, t, beside, s, c in table(a.table, places) if t in tiers and wanted(n)]
    jobs = [j for j in jobs if wanted(j[0])] + [r for beside, r in rows if beside]
    allowed = allowed_skips(a.skips)

    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT='TAP', SEKISHO_ROOT=ROOT, SEKISHO_BUILD=places['build'], SEKISHO_SAN=places['san'],
               ASAN_OPTIONS='abort_on_error=0:detect_stack_use_after_return=1:strict_string_checks=1:handle_abort=0',
               UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1', PYTHONDONTWRITEBYTECODE='1', TZ='America/St_Johns', LC_ALL='C.UTF-8')
    for name in ('SEKISHO_TEST_CLOCK', 'SEKISHO_FAULT', 'LISTEN_PID', 'LISTEN_FDNAMES'):
        env.pop(name, None)

    outcomes = []

    def done(o):
        judge_skips(o, allowed)
        report(o, a.verbose)
        outcomes.append(o)

    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, a.jobs)) as pool:
        longest_first = sorted(jobs, key=lambda j: -j[1])      # by their limits: else one of minutes is left alone at the end
        for o in concurrent.futures.as_completed(pool.submit(run_suite, *j, env) for j in longest_first):
            done(o.result())
    for beside, r in rows:
        if not beside:
            done(run_suite(*r, env))

    if a.results:
        with open(a.results, 'w', encoding='utf-8') as f:
            for o in outcomes:
                for word, tests in (('passed', o.passed), ('failed', [t for t, _ in o.failed]), ('skipped', [t for t, _ in o.skipped])):
                    for test in tests:
                        f.write('%s\t%s\t%s\n' % (o.name, test, word))
    passed, failed, skipped = (sum(len(getattr(o, k)) for o in outcomes) for k in ('passed', 'failed', 'skipped'))
    if not outcomes:
        print('FAIL no suite was found')
        failed += 1
    print('%d passed, %d failed, %d skipped' % (passed, failed, skipped))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
