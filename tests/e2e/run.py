#!/usr/bin/python3
"""run.py - the browser stories (tests/e2e/*.mjs) against the real house: launcher, nginx, office, signer, gate, kernel.

    tests/e2e/run.py BUILD [small | city | years | STORY.mjs …]      TAP; needs root, Chromium and web/dist (./run build)
"""
import itertools
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/net']
import left                                                            # noqa: E402
from netlab import Lab, wait_until                                     # noqa: E402
from office import Office                                              # noqa: E402
from tap import Tap                                                    # noqa: E402

STORIES = ('thread.mjs', 'return.mjs', 'narrow.mjs', 'sheets.mjs', 'nojs.mjs', 'service.mjs', 'registers.mjs', 'home.mjs', 'rules.mjs', 'decide.mjs', 'oversight.mjs', 'people.mjs', 'answersheets.mjs', 'apply.mjs')
STORY_S = 240
# Chapter 8.2 and the registers want all hands; the other stories are told with the smallest pack.
MIC_R4 = ('packs/mic-r4', 'lgwan', (
    'sato:佐藤:産業振興課:staff', 'yamada:山田:産業振興課:staff', 'mori:森:税務課:staff', 'suzuki:鈴木:産業振興課:section_manager,staff',
    'tanaka:田中:情報政策課:system_manager,secretariat,staff', 'hayashi:林:情報政策課:approving_authority,staff', 'watanabe:渡辺:産業部:dept_officer',
    'kobayashi:小林:デジタル推進部:senior_officer', 'fukuda:福田:副市長室:ciso'))
HOME = (MIC_R4[0], MIC_R4[1], MIC_R4[2] + ('ono:小野:情報政策課:secretariat', 'nagai:永井:監査委員事務局:auditor', 'shibata:柴田:情報政策課:section_manager'))
# The smallest pack, and over it: who keeps the system signs in with a code besides.
TOTP = ('sekisho-pack: 1\nid: thread-totp\nversion: 1\nbase: thread\nchanges:\n  - id: totp\n    act: replace\n    where: settings\n'
        '    reason: "ゲートを扱う人は、認証を2つにする。"\nsettings:\n  totp_roles:\n    - id: system_manager\n')
SMALL = (lambda top: overlaid(top, 'thread', 'thread-totp', TOTP), 'office', (
    'sato:佐藤:産業振興課:staff', 'suzuki:鈴木:産業振興課:section_manager', 'tanaka:田中:情報政策課:system_manager',
    'ueda:上田:情報政策課:system_manager'))
# The city, where a decided paper stands before the section manager's decision on a connection.
PAPER_CHANGE = ('sekisho-pack: 1\nid: paper-first\nversion: 1\nbase: mic-r4\nchanges:\n  - id: paper\n    act: add\n    where: procedures.network-connection.steps.paper\n'
                '    before: decide\n    reason: "電子決裁を先に済ませる。"\n')
PAPER_STEP = ('sekisho-pack: 1\n\nid: network-connection\n\nsteps:\n  - id: paper\n    kind: external-decision\n    role: secretariat\n    scope: body\n'
              '    confirm_role: approving_authority\n')
PAPER_WORDS = {'ja': 'procedure.network-connection.step.paper.title: "部長の決裁（電子決裁）"\n', 'en': 'procedure.network-connection.step.paper.title: "Decision on paper"\n'}
PAPER = (lambda top: overlaid(top, 'mic-r4', 'paper-first', PAPER_CHANGE, {'procedures/network-connection.yaml': PAPER_STEP}, PAPER_WORDS), MIC_R4[1], MIC_R4[2])
ALONE = ('nojs.mjs',)      # needs no gate, and its system manager has no session yet
CITY = {'service.mjs': MIC_R4, 'registers.mjs': MIC_R4, 'home.mjs': HOME, 'oversight.mjs': HOME, 'rules.mjs': MIC_R4, 'decide.mjs': MIC_R4, 'nojs.mjs': SMALL, 'people.mjs': MIC_R4, 'answersheets.mjs': MIC_R4, 'apply.mjs': PAPER}
# Six people are all that a small town has: one is a manager of a section and of its department, one grants and answers for security.
SIX = (MIC_R4[0], MIC_R4[1], (
    'sato:佐藤:産業振興課:staff', 'yamada:山田:産業振興課:staff', 'suzuki:鈴木:産業振興課:section_manager,dept_officer,staff',
    'tanaka:田中:情報政策課:system_manager,secretariat,staff', 'hayashi:林:デジタル推進部:approving_authority,senior_officer,staff', 'nagai:永井:監査委員事務局:auditor'))
# Stories in which years pass: BUILD has a test clock.
YEARS = {'journey.mjs': SIX, 'weekly.mjs': SIX}
LEFT = {'journey.mjs': left.journey}       # what is looked for once the house is closed


def play(t, office, story, people=None, more=None, seconds=STORY_S):
    """Each line of the story's TAP becomes one of ours; a story that says nothing, too little or ends badly is red."""
    env = {'E2E_BASE': 'https://localhost:%d' % office.user_port,
           'E2E_ACCOUNTS': office.dir + ('/people.json' if people or story in {**CITY, **YEARS} else '/accounts.json'), **(more or {})}
    play_plain(t, story, env, seconds)


def play_plain(t, story, env, seconds=STORY_S):
    """The same for a story without a house."""
    node = os.path.join(ROOT, 'web/node_modules/.bin/node')
    try:
        r = subprocess.run([node, os.path.join(HERE, story)], env={**os.environ, **env}, cwd=ROOT, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired as e:
        t.ok(False, '%s ends within %d s' % (story, seconds), str(e.stdout)[-2000:])
        return
    lines = [line for line in r.stdout.splitlines() if line.startswith(('ok ', 'not ok '))]
    told = 0
    for i, line in enumerate(r.stdout.splitlines()):
        if line.startswith(('ok ', 'not ok ')):
            why = list(itertools.takewhile(lambda c: c.startswith('#'), r.stdout.splitlines()[i + 1:])) if line.startswith('not') else []
            t.ok(line.startswith('ok '), '%s: %s' % (story[:-4], line.split(' - ', 1)[1]), '\n'.join(c[2:] for c in why))
            told = i + len(why)
        elif line.startswith('# ') and i > told:
            t.note(line[2:])
    plan = [line for line in r.stdout.splitlines() if line.startswith('1..')]
    t.ok(lines and plan == ['1..%d' % len(lines)] and r.returncode == 0, '%s ran to its end' % story, r.stderr[-2000:])


def overlaid(top, base, name, overlay, files=None, words=None):
    """A pack of its own in `top`, beside a copy of its base; `files` by their paths in it, `words` by language."""
    shutil.copytree(os.path.join(ROOT, 'packs', base), os.path.join(top, 'packs', base))
    os.makedirs(os.path.join(top, 'packs', name, 'texts'))
    with open(os.path.join(top, 'packs', name, 'overlay.yaml'), 'w', encoding='utf-8') as f:
        f.write(overlay)
    for lang in ('ja', 'en'):
        with open(os.path.join(top, 'packs', name, 'texts', lang + '.yaml'), 'w', encoding='utf-8') as f:
            f.write('sekisho-pack: 1\n\npack.title: "%s"\n%s' % (name, (words or {}).get(lang, '')))
    for path, text in (files or {}).items():
        os.makedirs(os.path.dirname(os.path.join(top, 'packs', name, path)), exist_ok=True)
        with open(os.path.join(top, 'packs', name, path), 'w', encoding='utf-8') as f:
            f.write(text)
    return os.path.join(top, 'packs', name)


def tell(t, build, lab, stories, city=None, clock=False):
    """The stories one after the other in a house of their own."""
    more = dict(zip(('pack', 'zone', 'people'), city)) if city else {}
    with tempfile.TemporaryDirectory(prefix='sekisho-e2e-') as top:
        if callable(more.get('pack')):
            more['pack'] = more['pack'](top)
        office = Office(build, lab, top, **more)
        kept = os.path.join(top, 'kept')
        os.mkdir(kept)
        if clock:
            office.keep_clock()
        try:
            office.start()
            if not any(s in ALONE for s in stories):
                admin = office.person('system_manager')
                wait_until(lambda: [g for g in admin.get('/api/v1/gates')['items'] if g.get('connected')], 20, 0.1)
            people = {p['id']: p['name'] for p in admin.get('/api/v1/people')} if any(s in LEFT for s in stories) else {}
            for story in stories:
                play(t, office, story, more={'E2E_CLOCK': office.clock, 'E2E_KEEP': kept} if clock else None)
            for story in [s for s in stories if s in LEFT]:
                office.stop()
                LEFT[story](t, office, kept, {i: login for i, name in people.items() for login, _name in [p.split(':')[:2] for p in more['people']] if name == _name})
        except Exception:
            t.note(office.logs())
            raise
        finally:
            if office.child.poll() is None:
                office.stop()


def main():
    build, asked = os.path.abspath(sys.argv[1]), sys.argv[2:] or STORIES
    groups = {'small': [s for s in STORIES if s not in CITY], 'city': [s for s in STORIES if s in CITY], 'years': list(YEARS)}
    stories = [s for one in asked for s in groups.get(one, [one])]
    with Tap() as t:
        if os.geteuid() != 0 or not os.path.exists('/usr/bin/chromium-headless-shell') or not os.path.exists(ROOT + '/web/dist/index.html'):
            t.skip('the browser stories', 'needs root, Chromium and web/dist')
            return
        with Lab() as lab:
            small = [s for s in stories if s not in CITY and s not in YEARS]
            if small:
                tell(t, build, lab, small)
            for story in [s for s in stories if s in CITY]:
                tell(t, build, lab, [story], CITY[story])
            for story in [s for s in stories if s in YEARS]:
                tell(t, build, lab, [story], YEARS[story], clock=True)


if __name__ == '__main__':
    main()
