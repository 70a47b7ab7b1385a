#!/usr/bin/python3
"""axe.py - every screen against WCAG 2.2 A and AA (tests/e2e/axe.mjs): the demonstration town and an empty one.

    tests/e2e/axe.py BUILD [full|empty]      TAP; needs root, Chromium and web/dist (./run build)
"""
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/net', HERE]
from netlab import Lab                                                 # noqa: E402
from office import Office                                              # noqa: E402
from run import play                                                   # noqa: E402
from tap import Tap                                                    # noqa: E402


def run_people():
    """The people of ./run: one list for all."""
    with open(os.path.join(ROOT, 'run'), encoding='utf-8') as f:
        text = re.search(r"^DEMO_PEOPLE='(.*?)'$", f.read(), re.S | re.M).group(1)
    return tuple(line.split('\t')[0] for line in text.splitlines())


def main():
    build, towns = os.path.abspath(sys.argv[1]), sys.argv[2:] or ['full', 'empty']
    with Tap() as t:
        if os.geteuid() != 0 or not os.path.exists('/usr/bin/chromium-headless-shell') or not os.path.exists(ROOT + '/web/dist/index.html'):
            t.skip('every screen', 'needs root, Chromium and web/dist')
            return
        with Lab() as lab:
            for town in towns:
                with tempfile.TemporaryDirectory(prefix='sekisho-axe-') as top:
                    office = Office(build, lab, top, 'packs/mic-r4', run_people(), 'lgwan', demo=town == 'full')
                    try:
                        office.start()
                        play(t, office, 'axe.mjs', people=True, more={'E2E_STATE': town}, seconds=1500)
                    except Exception:
                        t.note(office.logs())
                        raise
                    finally:
                        if office.child.poll() is None:
                            office.stop()


if __name__ == '__main__':
    main()
