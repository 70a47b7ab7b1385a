#!/usr/bin/python3
"""passwords.py - a forgotten password, set anew by two people: who may, how long, how often, and what a kill in between leaves.

Also: nothing that is secret stands in the journal, in the database or in a notice; the pages of a half session.
"""
import os
import random
import re
import signal
import sys
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import scgi  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

RESETS = '/api/v1/resets'
NEW = 'わたしだけが知っている長い文'
REASON = '窓口に来た。職員証で確かめた。'
FORM = {'CONTENT_TYPE': 'application/x-www-form-urlencoded'}


class Half:
    """Somebody at the door: each page's form, sent with what is typed."""

    def __init__(self, x, login, password, at='/'):
        self.x, self.jar = x, {}
        self.reply = self._take(x.user('GET', '/sign-in?next=' + at))
        self.send('/sign-in', login=login, password=password)

    def _take(self, reply):
        for k, v in reply.headers:
            if k == 'Set-Cookie':
                name, value = v.split(';')[0].split('=', 1)
                self.jar[name] = value
        return reply

    def _params(self):
        return {'HTTP_COOKIE': '; '.join('%s=%s' % kv for kv in self.jar.items()), **scgi.ORIGIN}

    def get(self, uri):
        return self._take(self.x.user('GET', uri, b'', self._params()))

    def send(self, path, **typed):
        hidden = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', self.reply.body.decode()))
        body = urllib.parse.urlencode({**{k: hidden.get(k, '') for k in ('csrf', 'next')}, **typed}).encode()
        self.reply = self._take(self.x.user('POST', path, body, {**self._params(), **FORM}))
        self.to = self.reply.header('Location')
        if self.reply.status == 303:
            self.reply = self.get(self.to)
        return self.reply


def ask(x, by, of):
    return x.post(by, RESETS, {'person': x.id(of), 'reason': REASON})


def confirm(x, by, reset):
    return x.post(by, '%s/%s/confirm' % (RESETS, reset), {})


def key(reply):
    return reply.json()['error']['key']


def who_may(t, x):
    """sato forgot; kudo and ono are of the secretariat, tanaka is the system manager."""
    t.is_(ask(x, 'suzuki', 'sato').status, 403, 'a section manager cannot ask')
    t.is_(key(ask(x, 'kudo', 'kudo')), 'reset.self', 'nobody asks for themselves')
    before = x.size()
    made = ask(x, 'kudo', 'sato').json()['id']
    t.is_(x.size(), before + 1, 'the asking stands in the journal')
    t.is_(key(ask(x, 'ono', 'sato')), 'reset.open', 'one at a time')
    t.is_(key(confirm(x, 'kudo', made)), 'reset.same', 'who asked does not confirm')
    t.is_(confirm(x, 'suzuki', made).status, 403, 'nor does who has no such role')
    said = {(n['key'], tuple(sorted(n['to']))) for n in x.notices() if n['key'].startswith('notice.reset')}
    t.is_(said, {('notice.reset-asked', ('ono', 'tanaka')), ('notice.reset-yours', ('sato',))}, 'who may confirm is told, and whom it is for')
    for_ono = ask(x, 'kudo', 'ono').json()['id']
    t.is_(key(confirm(x, 'ono', for_ono)), 'reset.self', 'nobody confirms for themselves')
    t.is_(x.post('tanaka', '%s/%s/end' % (RESETS, for_ono), {}).status, 200, 'it can be dropped')
    t.is_(key(confirm(x, 'tanaka', for_ono)), 'reset.over', 'and is over then')
    return made


def by_two(t, x, made):
    old, session = x.passwords['sato'], x.person('sato')
    done = confirm(x, 'ono', made)
    code = done.json()['code']
    t.ok(done.status == 200 and re.fullmatch('(?:[a-z2-9]{5}-){3}[a-z2-9]{5}', code), 'the second person is shown a code', done.body)
    t.is_(session.get('/api/v1/session').status, 401, 'sessions end at once')
    t.is_(Half(x, 'sato', old).reply.status, 401, 'the old password is none')
    t.is_(key(confirm(x, 'tanaka', made)), 'reset.over', 'it is confirmed once')
    t.ok(code not in x.get('kudo', RESETS).body.decode() and code not in x.get('ono', RESETS).body.decode(), 'the list shows it to nobody, not to who asked')

    half = Half(x, 'sato', code, '/decide/x')
    t.ok(half.to.startswith('/sign-in/password?next='), 'the code leads to a page for a new password', half.to)
    t.is_(half.get('/api/v1/session').status, 401, 'and opens nothing else')
    t.is_((half.send('/sign-in/password', new='短い', again='短い').status, '文字以上' in half.reply.body.decode()), (422, True), 'a short one is refused in words')
    t.is_(half.send('/sign-in/password', new=NEW, again=NEW + 'x').status, 422, 'one that differs, too')
    used = Half(x, 'sato', code)                       # the code is still good: no password was set
    half.send('/sign-in/password', new=NEW, again=NEW)
    t.is_((half.to, half.get('/api/v1/session').status), ('/decide/x', 200), 'a good one opens the session, and leads on to where it was meant to')
    t.is_(used.send('/sign-in/password', new=NEW + '2', again=NEW + '2').status, 200, 'a second half session of the same code is over')
    t.ok('name="login"' in used.reply.body.decode(), 'it is sent to the door')
    t.is_(Half(x, 'sato', code).reply.status, 401, 'a code is used once')
    x.passwords['sato'] = NEW
    t.is_(x.sign_in('sato').get('/api/v1/session').status, 200, 'from then on the new password is the one')
    return [code, NEW, old]


def late(t, x):
    made = ask(x, 'kudo', 'tanaka').json()['id']
    code = confirm(x, 'ono', made).json()['code']
    x.clock('2026-04-02T09:00')
    r = Half(x, 'tanaka', code).reply
    t.ok(r.status == 401 and '24時間' in r.body.decode(), 'a code that is a day old is refused, and says so', r.body[-800:])
    made = ask(x, 'kudo', 'tanaka').json()['id']
    x.clock('2026-04-09T09:00')
    t.is_(key(confirm(x, 'ono', made)), 'reset.over', 'what nobody confirmed for a week is over')
    t.is_(ask(x, 'kudo', 'tanaka').status, 201, 'and can be asked anew')


def secrets(t, x, words):
    """Neither in what was written, nor in what is sent."""
    code, wrong = x.tool('check')
    t.ok(code == 0, 'the journal checks', wrong)
    held = b''
    for where, _, names in os.walk(x.dir):
        for name in names:
            path = os.path.join(where, name)
            if os.path.isfile(path) and name != 'accounts.json':       # the test's own list
                with open(path, 'rb') as f:
                    held += f.read()
    t.ok(REASON.encode() in held and b'credential.reset-confirmed' in held, 'the files are looked through: what stands there in plain is found')
    found = [w for w in words if w.encode() in held]
    t.is_(found, [], 'no password and no code stands anywhere in the data directory')


def killed(t, x):
    """kill -9 at any moment of a confirmation: it is there with all that it does, or nothing of it is."""
    dice, seen, wrong = random.Random(20260401), {'asked': 0, 'confirmed': 0}, []
    for i, login in enumerate(('yamada', 'mori', 'suzuki', 'ito', 'mizuno', 'abe', 'nagai', 'hara')):
        made = ask(x, 'kudo', login).json()['id']
        ono = x.person('ono')

        def send():
            try:
                confirm(x, 'ono', made)
            except (OSError, ValueError):
                pass
        one = threading.Thread(target=send)
        one.start()
        time.sleep(dice.uniform(0, 0.004) if i % 2 else dice.uniform(0.02, 0.3))
        office = x.running.pop('office')
        office.send_signal(signal.SIGKILL)
        office.wait()
        one.join()
        x.start('office')
        town.wait('the office', lambda: answers(x))
        now = next(r for r in x.get('kudo', RESETS).json()['items'] if r['id'] == made)
        old, session = Half(x, login, x.passwords[login]).reply.status, ono.get('/api/v1/session').status
        seen[now['state']] += 1
        if (now['state'], old == 401, 'until' in now) not in (('asked', False, False), ('confirmed', True, True)) or session != 200:
            wrong.append((login, now, old))
    t.is_(wrong, [], 'killed at eight moments, each confirmation is whole or not there')
    t.note('%(asked)d not there, %(confirmed)d whole' % seen)
    t.ok(all(seen.values()), 'both were seen', seen)


def answers(x):
    try:
        return x.user('GET', '/sign-in').status == 200
    except (OSError, ValueError):
        return False


def main():
    with Tap() as t:
        with town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=town.CITY, gate=None) as x:
            words = by_two(t, x, who_may(t, x))
            killed(t, x)
            late(t, x)
            x.down()
            secrets(t, x, words)


if __name__ == '__main__':
    main()
