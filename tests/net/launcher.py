#!/usr/bin/python3
"""launcher.py - what the launcher promises: restarts, ends, leaves nothing behind, believes no stale file."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import House  # noqa: E402
from tap import Tap  # noqa: E402


def alive(pid):
    try:
        with open('/proc/%d/stat' % pid) as f:
            return f.read().rsplit(')', 1)[1].split()[0] not in 'ZX'
    except OSError:
        return False


def children(pid, states):
    found = []
    for p in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/stat' % p) as f:
                rest = f.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        if int(rest[1]) == pid and rest[0] in states:
            found.append(int(p))
    return found


def calls(h):
    try:
        with open(h.data + '/gate/calls') as f:
            return f.read().splitlines()
    except FileNotFoundError:
        return []


with Tap() as t:
    with House() as h:
        os.makedirs(h.data + '/run')
        with open(h.data + '/run/launcher.lock', 'w') as f:
            f.write('1\n')                       # a pid file that lies: process 1 lives, and is not a launcher
        h.start()
        took = h.wait(h.is_up)
        t.ok(took is not None and took < 5, 'everything is up within 5 s, whatever an old lock file says', '%s\n%s' % (took, h.logs()))
        t.is_(sorted(h.status()), ['courier', 'nginx', 'office', 'render', 'signer'], 'no gate unless asked for')
        p = subprocess.run(h.words(), capture_output=True, text=True)
        t.ok(p.returncode == 14 and 'another launcher' in p.stderr, 'a second launcher on the same data is refused', '%d %s' % (p.returncode, p.stderr))

        for role in ('signer', 'office', 'courier', 'render', 'nginx'):
            pid = h.status()[role][0]
            os.kill(pid, signal.SIGKILL)
            took = h.wait(lambda: h.status()[role][1] and h.status()[role][0] != pid and not alive(pid), 5)
            t.ok(took is not None and took < 1, '%s is back within 1 s of kill -9' % role, '%s\n%s' % (took, h.logs()))
        t.ok(h.wait(h.is_up) is not None and h.ask('/api/echo')[0] == 200, 'and it answers again', h.logs())
        t.is_(children(h.launcher.pid, 'Z'), [], 'no zombie is left')

        pids = [pid for pid, _, _ in h.status().values()] + children(h.status()['nginx'][0], 'SR')
        began = time.monotonic()
        t.is_(h.stop(), 0, 'SIGTERM ends it with status 0')
        t.ok(time.monotonic() - began < 4, 'within 4 s', time.monotonic() - began)
        t.is_([pid for pid in pids if alive(pid)], [], 'and everything it started')

    with House() as h:
        open(h.data + '/fail-courier', 'w').close()
        open(h.data + '/orphan-signer', 'w').close()
        h.start()
        h.wait(h.answers)
        h.wait(lambda: h.status().get('courier', (0, 0, 0))[2] >= 4)
        before = h.status()['courier'][2]
        time.sleep(2)                            # not a wait for something: the absence of starts is what is looked at
        t.ok(h.status()['courier'][2] - before <= 2, 'a role that fails at once is tried less and less often', h.status())
        t.ok(h.status()['signer'][2] == 1 and h.status()['nginx'][2] == 1, 'the others do not suffer', h.status())
        t.is_(children(h.launcher.pid, 'Z'), [], "a role's orphan is reaped")
        os.unlink(h.data + '/fail-courier')
        t.ok(h.wait(lambda: h.status()['courier'][1], 8) is not None, 'and it is tried again', h.logs())

        h.stop()
        open(h.data + '/ignore-term', 'w').close()
        h.start()
        t.ok(h.wait(h.is_up) is not None, 'it starts again where it was', h.logs())
        pids = [pid for pid, _, _ in h.status().values()]
        t.is_(h.stop(signal.SIGINT, 20), 0, 'roles that ignore SIGTERM do not hold it up')
        t.is_([pid for pid in pids if alive(pid)], [], 'they are killed')

    with House() as h:
        h.start()
        h.wait(h.is_up)
        roles = [pid for pid, _, _ in h.status().values()]
        workers = children(h.status()['nginx'][0], 'SR')
        h.stop(signal.SIGKILL)
        t.ok(workers and h.wait(lambda: not any(alive(p) for p in roles), 5) is not None, 'roles die with a launcher that is killed', roles)
        h.start()
        t.ok(h.wait(lambda: h.is_up() and h.status()['nginx'][2] == 1) is not None, 'the next launcher starts at once, ports and all', h.logs())
        t.is_([p for p in workers if alive(p)], [], "nginx's old workers are gone")

    with House() as h:
        h.start()
        h.wait(h.is_up)
        pids = [pid for pid, _, _ in h.status().values()]
        shutil.rmtree(h.data)
        t.ok(h.wait(lambda: h.launcher.poll() is not None and not any(alive(p) for p in pids), 8) is not None, 'when its data is deleted, it ends')

    with House() as h:
        with open(h.data + '/gate/code', 'w') as f:
            f.write('AAAAA-BBBBB\n')
        h.start('--gate', '--netns', 'some-ns', '--lan', 'lan0')
        t.ok(h.wait(lambda: len(calls(h)) >= 2) is not None, 'a refused enrolment is tried again', calls(h))
        t.ok(not h.status()['gate'][1] and os.path.exists(h.data + '/gate/code'), 'it does not count as up, and the code stays', h.status())
        open(h.data + '/gate/may-enrol', 'w').close()
        t.ok(h.wait(lambda: h.status()['gate'][1]) is not None, 'enrolled, it runs', h.logs())
        h.wait(lambda: calls(h)[-1].startswith('run'))
        t.is_(calls(h)[0], 'enrol AAAAA-BBBBB --state %s/gate uid=%d' % (h.data, os.getuid()), 'the words of the enrolment')
        t.is_(calls(h)[-1], 'run --state %s/gate --netns some-ns --lan lan0 uid=%d' % (h.data, os.getuid()), 'the words of the run')
        t.ok(not os.path.exists(h.data + '/gate/code'), 'the code is gone')

    with House() as h:
        if os.getuid() != 0:
            t.skip('roles run as the owner of the data', 'not root')
        else:
            nobody = 65534
            subprocess.run(['chown', '-R', '%d:%d' % (nobody, nobody), h.dir], check=True)
            h.start('--gate')
            good = h.wait(h.is_up) is not None and h.wait(lambda: calls(h)) is not None
            uids = {role: os.stat('/proc/%d' % pid).st_uid for role, (pid, _, _) in h.status().items()}
            t.ok(good and uids == {'signer': nobody, 'office': nobody, 'courier': nobody, 'render': nobody, 'nginx': nobody, 'gate': 0},
                 'roles run as the owner of the data, the gate as root', '%s\n%s' % (uids, h.logs()))
            t.is_(h.ask('/api/echo')[0], 200, 'and they reach each other')

    with House() as h:
        os.makedirs(h.data + '/office')
        with open(h.data + '/office/places.json', 'w') as f:
            json.dump({'v': 1, 'host': 'localhost', 'user_port': h.user_port, 'machine_port': h.machine_port}, f)
        words = h.words()
        h.words = lambda: words[:words.index('--user-port')]
        h.start()
        t.ok(h.wait(h.is_up) is not None, 'without ports it takes those that init or practice settled', h.logs())

    with House() as h:
        for name, words in (('an unknown word', ['--nonsense']), ('a word without its value', ['--lan']), ('a port that is none', ['--user-port', '0']),
                            ('a template that is not there', ['--template', '/no/such'])):
            p = subprocess.run(h.words() + words, capture_output=True, text=True, timeout=10)
            t.ok(p.returncode not in (0, None) and 'launch:' in p.stderr, name + ' is refused', p.stderr)
