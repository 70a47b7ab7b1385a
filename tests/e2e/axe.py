#!/usr/bin/python3
"""axe.py - every screen against WCAG 2.2 A and AA (tests/e2e/axe.mjs): the demonstration town and an empty one.

    tests/e2e/axe.py BUILD [full|empty]      TAP; needs root, Chromium and web/dist (./run build)
"""
import datetime
import json
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/net', HERE]
from netlab import Lab                                                 # noqa: E402
from office import Office, Person                                      # noqa: E402
from run import play                                                   # noqa: E402
from tap import Tap                                                    # noqa: E402


def run_people():
    """The people of ./run: one list for all."""
    with open(os.path.join(ROOT, 'run'), encoding='utf-8') as f:
        text = re.search(r"^DEMO_PEOPLE='(.*?)'$", f.read(), re.S | re.M).group(1)
    return tuple(line.split('\t')[0] for line in text.splitlines())


def furnish(office):
    """What the demonstration has not got: an application that its applicant may correct, a draft of the rules, and one that is proposed. Gives addresses to begin with."""
    with open(office.dir + '/people.json', encoding='utf-8') as f:
        known = json.load(f)
    sato, tanaka = (Person(office, known[login]['login'], known[login]['password']) for login in ('sato', 'tanaka'))
    until = (datetime.date.today() + datetime.timedelta(days=10)).isoformat()
    filed = sato.post('/api/v1/applications', {'form': 'network-connection', 'answers': {
        'user': '山田', 'device_name': '出張用ノートパソコン', 'mac': '02:00:5e:00:00:01', 'purpose': '会議室で使う。', 'information': '案内', 'until': until}})
    for title, minutes in (('操作しない時間を短くする', '15'), ('操作しない時間を長くする', '45')):
        draft = tanaka.post('/api/v1/pack/drafts', {'title': title})['id']
        path = '/api/v1/pack/drafts/' + draft
        tanaka.post(path + '/edit', {'rev': tanaka.get(path)['rev'], 'where': 'settings', 'act': 'set', 'values': {'session_idle_minutes': minutes}, 'reason': '市の規程（第3条）'})
    tanaka.post(path + '/propose', {'rev': tanaka.get(path)['rev']})
    return '/applications/' + filed['id']


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
                        begin = furnish(office) if town == 'full' else ''
                        play(t, office, 'axe.mjs', people=True, more={'E2E_STATE': town, 'E2E_BEGIN': begin}, seconds=1500)
                    except Exception:
                        t.note(office.logs())
                        raise
                    finally:
                        if office.child.poll() is None:
                            office.stop()


if __name__ == '__main__':
    main()
