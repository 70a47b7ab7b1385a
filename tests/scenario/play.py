#!/usr/bin/python3
"""play.py - written stories (*.scn), played against real programs under a test clock.

    play.py [--about thread|services|incidents]     all stories of this folder, or those; each expectation is also tried bent and must then be red
    play.py STORY.scn …        these
    play.py --in-turn          each story once for every expectation, that one bent in its text: each such run must be red

A line is   [at TIME] VERB words key=value …      # comment
    at 2026-04-01T09:00 | at +5m | +3h | +2d       JST; time stands still between
    apply FORM by=LOGIN mac=… until=DATE [device=… purpose=…] [as=NAME]      NAME stands for it later; else the last one is meant
    decide approve|return|reject by=LOGIN [reason=…] [rev=N] [on=NAME]       rev: what the person saw; else the newest
    resubmit by=LOGIN mac=… until=DATE [purpose=… rev=N] [on=NAME]           a returned application, mended, under its number
    withdraw|revoke|extend by=LOGIN [until=…] [reason=…] [rev=N] [on=NAME]   extend: a later or an earlier end
    expect refused KEY                   the act before this line; a refusal that nobody expects is red
    expect state WORD [on=NAME]          of the application
    expect permit WORD [on=NAME]         of its permit, or `none`
    expect until DATETIME [on=NAME]      end of the permit, JST
    expect may WORDS by=LOGIN [on=NAME]  what this person may do now, comma between, or `nothing`, or `not-see`
    expect journal WORDS [on=NAME]       the case's whole record: submit resubmit decide withdraw revoke change start expire
    expect gate MAC allow|deny           by a gate's own reckoning from the signed table it holds
_ in a value is a space (not in a table: one that begins with [ ). A story whose second line is `# pack FOLDER` is about that pack (of packs/, or of tests/packs/ over mic-r4); its lines stand in service.py, or in
incident.py when the second line says so (`# pack FOLDER incidents`). After every line the newest signed table must hold exactly the open permits, no more and no less; after
every story `sekishod check` must say verified and `rebuild` identical.
"""
import argparse
import atexit
import datetime
import functools
import os
import re
import shlex
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..'), os.path.join(HERE, '../lib')]
import gate as gates  # noqa: E402
import town  # noqa: E402
sys.modules.setdefault('play', sys.modules[__name__])      # service.py knows this file by its name
import incident  # noqa: E402
import service  # noqa: E402
from tap import Tap  # noqa: E402

ENTRIES = {'application.submitted': 'submit', 'application.resubmitted': 'resubmit', 'application.decided': 'decide', 'application.withdrawn': 'withdraw', 'permit.revoked': 'revoke',
           'permit.changed': 'change', 'permit.started': 'start', 'permit.expired': 'expire'}
OPEN = ('waiting', 'active', 'suspended')
STEP = {'m': 'minutes', 'h': 'hours', 'd': 'days'}


class Red(Exception):
    """The story is not what happened."""


def moved(now, at):
    """What `at` says, from `now` on."""
    if at.startswith('+'):
        n, unit = re.fullmatch(r'\+(\d+)([mhd])', at).groups()
        return now + datetime.timedelta(**{STEP[unit]: int(n)})
    return town.jst(at)


class Line:
    def __init__(self, number, text, pack=None, theme=None):
        self.number, self.text, self.pack, self.theme = number, text, pack, theme
        words = shlex.split(text, comments=True)
        self.at = words[1] if words and words[0] == 'at' else None
        words = words[2:] if self.at else words
        self.words = [w for w in words if '=' not in w]
        self.options = {k: v if v.startswith('[') else v.replace('_', ' ') for k, v in (w.split('=', 1) for w in words if '=' in w)}

    def bent(self):
        """The same expectation of another thing; None when this line expects nothing."""
        if not self.words or self.words[0] != 'expect':
            return None
        if self.theme == 'incidents':
            return incident.bent(self.words, self.text)
        if self.pack:
            return service.bent(self.words, self.text)
        kind, want = self.words[1], self.words[-1]
        other = {
            'refused': lambda: 'common.json.bad',
            'state': lambda: 'rejected' if want == 'approved' else 'approved',
            'permit': lambda: 'active' if want == 'none' else 'none',
            'until': lambda: want.replace('2026', '2031').replace('2027', '2032'),
            'may': lambda: 'nothing' if want != 'nothing' else 'decide',
            'journal': lambda: ','.join(want.split(',')[:-1]) or 'withdraw',
            'gate': lambda: 'deny' if want == 'allow' else 'allow',
        }[kind]()
        at = self.text.rindex(want)
        return self.text[:at] + other + self.text[at + len(want):]


def pack_of(path):
    """The folder below packs/ that a story is about; None: the thread. SEKISHO_STORY_PACK stands in for it (tests/mutants)."""
    with open(path, encoding='utf-8') as f:
        words = (f.readlines() + ['', ''])[1].split()
    if words[:2] != ['#', 'pack']:
        return None
    shipped = os.path.join(town.ROOT, 'packs', words[2])
    return os.environ.get('SEKISHO_STORY_PACK') or (shipped if os.path.isdir(shipped) else beside_base(words[2]))


@functools.lru_cache(None)
def beside_base(name):
    """A pack of tests/packs over mic-r4: copied together, because a base is looked for beside what lies over it."""
    folder = tempfile.mkdtemp(prefix='sekisho-packs.')
    atexit.register(shutil.rmtree, folder)
    shutil.copytree(os.path.join(town.ROOT, 'packs', 'mic-r4'), os.path.join(folder, 'mic-r4'))
    return shutil.copytree(os.path.join(town.ROOT, 'tests', 'packs', name), os.path.join(folder, name))


def theme_of(path):
    """thread, services or incidents: whose lines a story has."""
    with open(path, encoding='utf-8') as f:
        words = (f.readlines() + ['', ''])[1].split()
    return 'thread' if words[:2] != ['#', 'pack'] else 'incidents' if words[3:4] == ['incidents'] else 'services'


def read_story(path):
    pack, theme = pack_of(path), theme_of(path)
    with open(path, encoding='utf-8') as f:
        return [Line(n, t.rstrip('\n'), pack, theme) for n, t in enumerate(f, 1) if t.split('#')[0].strip()]


def open_story(path, start):
    """(town, how its lines are played)"""
    pack = pack_of(path)
    if theme_of(path) == 'incidents':
        return town.Town(at=start, pack=pack, people=incident.PEOPLE, gate=None), incident.Player
    if pack:
        return town.Town(at=start, pack=pack, people=service.people(pack), gate=None), service.Player
    return town.Town(at=start), Player


class Player:
    def __init__(self, t, start):
        self.t, self.now, self.cases, self.last, self.refusal = t, start, {}, None, None
        self.gate = gates.Gate(t.sock('machine'), t.code)

    def close(self):
        self.gate.close()

    # ---- what is ----

    def case(self, options):
        name = options.get('on', self.last)
        if name not in self.cases:
            raise Red('no application is called %r' % name)
        return self.cases[name]

    def seen(self, options, by='tanaka'):
        r = self.t.get(by, '/api/v1/applications/' + self.case(options))
        if r.status != 200:
            raise Red('%s sees %d' % (by, r.status))
        return r.json()

    def settle(self):
        """Until time has acted on every permit, and the signed table is what the open permits say."""
        now = town.micros(town.utc_text(self.now))

        def due():
            found, want = [], {}
            for case in self.cases.values():
                p = self.t.get('tanaka', '/api/v1/applications/' + case).json().get('permit')
                if not p or p['state'] not in OPEN:
                    continue
                if town.micros(p['until']) <= now:
                    found.append(p['id'])
                elif town.micros(p['until']) > want.get(p['key'], (0, 0))[1]:
                    want[p['key']] = (town.micros(p['from']), town.micros(p['until']))
            return found, want

        town.wait('the end of what is over', lambda: not due()[0])
        want = due()[1]

        def fits(g):
            have = {':'.join('%02x' % b for b in k[1][:6]): (r[9], r[10]) for k, r in g.records.items()}
            return g.head and have == want
        if not self.gate.follow(fits):
            raise Red('the signed table does not hold exactly the open permits %r: %r' % (want, self.gate.records))

    # ---- lines ----

    def play(self, line):
        verb = line.words[0]
        if line.at:
            self.move(line.at)
        if self.refusal and (verb, line.words[1:2]) != ('expect', ['refused']):
            raise Red('refused: %s' % self.refusal)
        if verb == 'expect':
            self.expect(line)
        else:
            self.act(verb, line)
        self.settle()

    def move(self, at):
        self.now = moved(self.now, at)
        self.t.clock(self.now)
        self.settle()

    def act(self, verb, line):
        o = line.options
        if verb == 'apply':
            r = self.t.apply(o['by'], o['mac'], o['until'], device_name=o.get('device', '会議室のノートパソコン'), purpose=o.get('purpose', '予算査定に使う。'))
            if r.status == 201:
                self.last = o.get('as', 'case %d' % (len(self.cases) + 1))
                self.cases[self.last] = r.json()['id']
        else:
            known = self.seen(o)
            about = known if verb in ('decide', 'withdraw', 'resubmit') else known.get('permit')
            if not about:
                raise Red('there is no permit to %s' % verb)
            body = {'reason': o.get('reason', ''), 'rev': int(o.get('rev', about['rev']))}
            if verb == 'decide':
                body['decision'] = line.words[1]
            if verb == 'extend':
                body['until'] = o['until']
            if verb == 'resubmit':
                body = {'rev': body['rev'], 'answers': {'device_name': o.get('device', '会議室のノートパソコン'), 'mac': o['mac'], 'until': o['until'],
                                                        'purpose': o.get('purpose', '予算査定に使う。')}}
            what = {'resubmit': 'applications/%s/resubmit', 'decide': 'applications/%s/decide', 'withdraw': 'applications/%s/withdraw', 'revoke': 'permits/%s/revoke', 'extend': 'permits/%s/until'}[verb]
            r = self.t.post(o['by'], '/api/v1/' + what % about['id'], body)
        self.refusal = None if r.status < 400 else r.json()['error']['key']

    def expect(self, line):
        kind, o, want = line.words[1], line.options, line.words[-1]
        if kind == 'refused':
            got = self.refusal or 'not refused'
        elif kind == 'state':
            got = self.seen(o)['state']
        elif kind == 'permit':
            got = self.seen(o).get('permit', {}).get('state', 'none')
        elif kind == 'until':
            end = self.seen(o).get('permit', {}).get('until')
            got = datetime.datetime.fromisoformat(end.replace('Z', '+00:00')).astimezone(town.JST).strftime('%Y-%m-%dT%H:%M') if end else 'none'
        elif kind == 'may':
            r = self.t.get(o['by'], '/api/v1/applications/' + self.case(o))
            got = 'not-see' if r.status == 404 else ','.join(r.json()['may']) or 'nothing'
        elif kind == 'journal':
            got = ','.join(ENTRIES.get(e['type'], e['type']) for e in self.seen(o)['timeline'])
        elif kind == 'gate':
            got = self.gate.verdict(line.words[2], town.micros(town.utc_text(self.now)))
        else:
            raise Red('expect %s?' % kind)
        if got != want:
            raise Red('expected %s %s, got %s' % (kind, want, got))
        if kind == 'refused':
            self.refusal = None


def play_story(path, bend=True):
    """(expectations met, bent ones that were not red). Raises Red with the line."""
    lines = read_story(path)
    met, missed = 0, []
    start = lines[0].at
    t, player = open_story(path, start)
    with t:
        p = player(t, town.jst(start))
        try:
            for line in lines:
                try:
                    bent = line.bent() if bend else None
                    first = bent and line.words[1] != 'refused'        # what time does has been waited for; a refusal is gone when it was met
                    if first:
                        p.play(line)
                    if bent:
                        if line.at and not first:
                            p.move(line.at)
                            line.at = None          # it has passed: +5m is not passed twice
                        was = p.refusal
                        try:
                            p.expect(Line(line.number, bent, line.pack, line.theme))
                            missed.append('%s:%d: %s' % (os.path.basename(path), line.number, bent))
                        except Red:
                            pass
                        p.refusal = was
                    if not first:
                        p.play(line)
                    met += line.bent() is not None
                except (Red, KeyError, ValueError) as e:
                    raise Red('%s:%d: %s\n%s: %s' % (os.path.basename(path), line.number, line.text.strip(), type(e).__name__, e)) from e
            if p.refusal:
                raise Red('%s: the last act was refused: %s' % (os.path.basename(path), p.refusal))
        finally:
            p.close()
        sick = t.down()
        for words, said in (('check', 'verified'), ('rebuild', 'identical')):
            status, text = t.tool(words)
            if status != 0 or said not in text:
                sick.append('%s: %d %s' % (words, status, text))
        if sick:
            raise Red('; '.join(sick))
    return met, missed


def title(path):
    with open(path, encoding='utf-8') as f:
        return f.readline().lstrip('# ').strip()


def all_stories(t, paths):
    total, bad = 0, []
    for path in paths:
        try:
            met, missed = play_story(path)
            total, bad = total + met, bad + missed
            t.ok(met > 0, '%s: %s' % (os.path.basename(path), title(path)), 'it expects nothing')
        except (Red, town.Sick, OSError) as e:
            t.ok(False, '%s: %s' % (os.path.basename(path), title(path)), str(e))
    t.is_(bad, [], 'every expectation, bent, is red')
    t.note('%d stories, %d expectations, each also bent' % (len(paths), total))


def in_turn(t, paths):
    """The whole way: a file with one line changed, played from the beginning, must end red at that line."""
    runs = 0
    for path in paths:
        wrong = []
        with open(path, encoding='utf-8') as f:
            text = f.read().split('\n')
        for line in read_story(path):
            bent = line.bent()
            if not bent:
                continue
            runs += 1
            with tempfile.NamedTemporaryFile('w', suffix='.scn', encoding='utf-8') as f:
                f.write('\n'.join(text[:line.number - 1] + [bent] + text[line.number:]))
                f.flush()
                try:
                    play_story(f.name, bend=False)
                    wrong.append('line %d is not red when it says: %s' % (line.number, bent))
                except Red as e:
                    if ':%d: ' % line.number not in str(e):
                        wrong.append('line %d: red elsewhere: %s' % (line.number, e))
        t.ok(not wrong, '%s: red with any one expectation bent' % os.path.basename(path), '\n'.join(wrong))
    t.note('%d stories with one line bent' % runs)


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--in-turn', action='store_true')
    a.add_argument('--about', choices=('thread', 'services', 'incidents'))
    a.add_argument('stories', nargs='*')
    a = a.parse_args()
    paths = a.stories or sorted(os.path.join(HERE, n) for n in os.listdir(HERE) if n.endswith('.scn'))
    if a.about:
        paths = [p for p in paths if theme_of(p) == a.about]
    with Tap() as t:
        (in_turn if a.in_turn else all_stories)(t, paths)


if __name__ == '__main__':
    main()
