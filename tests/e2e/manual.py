#!/usr/bin/python3
"""manual.py - the screens that the manual shows, in the demonstration of one day and seed whose clock stands still (tests/e2e/manual.mjs).

    tests/e2e/manual.py BUILD SAN      TAP; needs root, Chromium and web/dist (./run build); SEKISHO_GOLDEN=rewrite takes the pictures

What the pages say of them: tests/manual.py.
"""
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/net', HERE]
from axe import run_people                                             # noqa: E402
from netlab import Lab                                                 # noqa: E402
from office import Office                                              # noqa: E402
from run import play                                                   # noqa: E402
from tap import Tap                                                    # noqa: E402

DAY, NOW = '2026-11-24', '2026-11-24T00:10:00Z'     # ten past nine there


def main():
    build, san = (os.path.abspath(one) for one in sys.argv[1:3])
    with Tap() as t:
        if os.geteuid() != 0 or not os.path.exists('/usr/bin/chromium') or not os.path.exists(ROOT + '/web/dist/index.html'):
            t.skip('the screens of the manual', 'needs root, Chromium and web/dist')
            return
        with Lab() as lab, tempfile.TemporaryDirectory(prefix='sekisho-manual-') as top:
            # Certificates are looked at with the right time, whatever the office's clock shows: made before it stops, and no gate, whose own the office issues.
            office = Office(build, lab, top, 'packs/mic-r4', run_people(), 'lgwan', demo=('--at', DAY, '--seed', '1'), run=san)
            os.environ['SEKISHO_TEST_CLOCK'] = '=' + NOW
            try:
                office.start(gate=False)
                play(t, office, 'manual.mjs', people=True, more={'E2E_NOW': NOW}, seconds=400)
            except Exception:
                t.note(office.logs())
                raise
            finally:
                if office.child.poll() is None:
                    office.stop()


if __name__ == '__main__':
    main()
