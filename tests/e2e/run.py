#!/usr/bin/python3
"""run.py - the browser stories (tests/e2e/*.mjs) against the real house: launcher, nginx, office, signer, gate, kernel.

    tests/e2e/run.py BUILD [STORY.mjs …]      TAP; needs root, Chromium and web/dist (./run build)
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/net']
from netlab import Lab, wait_until                                     # noqa: E402
from office import Office                                              # noqa: E402
from tap import Tap                                                    # noqa: E402

STORIES = ('thread.mjs', 'return.mjs', 'narrow.mjs', 'sheets.mjs')
STORY_S = 120


def play(t, office, story):
    """Each line of the story's TAP becomes one of ours; a story that says nothing, too little or ends badly is red."""
    node = os.path.join(ROOT, 'web/node_modules/.bin/node')
    env = {**os.environ, 'E2E_BASE': 'https://localhost:%d' % office.user_port, 'E2E_ACCOUNTS': office.dir + '/accounts.json'}
    try:
        r = subprocess.run([node, os.path.join(HERE, story)], env=env, cwd=ROOT, capture_output=True, text=True, timeout=STORY_S)
    except subprocess.TimeoutExpired as e:
        t.ok(False, '%s ends within %d s' % (story, STORY_S), str(e.stdout)[-2000:])
        return
    lines = [line for line in r.stdout.splitlines() if line.startswith(('ok ', 'not ok '))]
    for i, line in enumerate(r.stdout.splitlines()):
        if line.startswith(('ok ', 'not ok ')):
            why = [c for c in r.stdout.splitlines()[i + 1:i + 6] if c.startswith('#')] if line.startswith('not') else []
            t.ok(line.startswith('ok '), '%s: %s' % (story[:-4], line.split(' - ', 1)[1]), '\n'.join(why))
        elif line.startswith('# '):
            t.note(line[2:])
    plan = [line for line in r.stdout.splitlines() if line.startswith('1..')]
    t.ok(lines and plan == ['1..%d' % len(lines)] and r.returncode == 0, '%s ran to its end' % story, r.stderr[-2000:])


def main():
    build, stories = os.path.abspath(sys.argv[1]), sys.argv[2:] or STORIES
    with Tap() as t:
        if os.geteuid() != 0 or not os.path.exists('/usr/bin/chromium') or not os.path.exists(ROOT + '/web/dist/index.html'):
            t.skip('the browser stories', 'needs root, Chromium and web/dist')
            return
        with tempfile.TemporaryDirectory(prefix='sekisho-e2e-') as top, Lab() as lab:
            office = Office(build, lab, top)
            try:
                office.start()
                admin = office.person('system_manager')
                wait_until(lambda: [g for g in admin.get('/api/v1/gates')['items'] if g.get('connected')], 20, 0.1)
                for story in stories:
                    play(t, office, story)
            except Exception:
                t.note(office.logs())
                raise
            finally:
                if office.child.poll() is None:
                    office.stop()


if __name__ == '__main__':
    main()
