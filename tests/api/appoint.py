#!/usr/bin/python3
"""appoint.py - people are appointed to roles after the installation: who may, two where the role decides, days that come and go, one in the
place of another, two roles that are kept apart; what the journal says of it, and that the right follows at once.

That it turns red: without the check of asked_by in appoint_confirm(), `who asked does not confirm`; without refuse_apart(), `apart`.
"""
import os
import sqlite3
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402

API = '/api/v1'
APPOINTMENTS = API + '/appointments'
WHY = '令和8年4月1日 人第12号'
NOBODY = '01890000-0000-7000-8000-000000000000'

PEOPLE = town.CITY + (('shibata', '柴田', '情報政策課', 'section_manager'),)


def said(reply):
    e = reply.json().get('error') if reply.status >= 400 else None
    return '%d %s %s' % (reply.status, e['key'], e.get('field') or '') if e else str(reply.status)


def ask(x, by, person, role, **more):
    return x.post(by, APPOINTMENTS, {'person': x.id(person) if person in x.names else person, 'role': role, 'from': '2026-04-01', 'why': WHY, **more})


def confirm(x, by, made):
    return x.post(by, '%s/%s/confirm' % (APPOINTMENTS, made['id']), {'rev': made['rev']})


def refuse(x, by, made, reason='取りやめる。'):
    return x.post(by, '%s/%s/refuse' % (APPOINTMENTS, made['id']), {'rev': made['rev'], 'reason': reason})


def person(x, who, by='kudo'):
    return x.good(x.get(by, API + '/posts/' + x.id(who)))


def role(x, who, which):
    return next((r for r in person(x, who, 'tanaka')['person']['roles'] if r['role'] == which), None)


def end(x, by, who, which, reason='異動のため。', **more):
    return x.post(by, '%s/posts/%s/end' % (API, x.id(who)), {'role': which, 'reason': reason, 'rev': (role(x, who, which) or {'rev': 1})['rev'], **more})


def vacant(x):
    return {(v['role'], v.get('section')) for v in x.good(x.get('kudo', API + '/posts'))['vacant']}


def wrong(x, who='kudo'):
    return [w['kind'] for w in x.good(x.get(who, API + '/home'))['wrong']]


def types(x, n):
    db = sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % x.dir, uri=True)
    return [r[0] for r in db.execute("SELECT type FROM journal WHERE type NOT LIKE 'session.%%' AND type NOT IN (%s) ORDER BY idx DESC LIMIT ?" % ','.join('?' * len(town.BY_TIME)), (*town.BY_TIME, n))][::-1]


# ---- scenes ----

def refusals(t, x):
    for by, who, which, more, want in (
            ('suzuki', 'sato', 'section_manager', {}, '403 error.forbidden '), ('kudo', 'kudo', 'ciso', {}, '403 appoint.self person'),
            ('kudo', 'x', 'ciso', {}, '400 appoint.person person'), ('kudo', NOBODY, 'ciso', {}, '400 appoint.person person'),
            ('kudo', 'sato', 'king', {}, '400 list.role.unknown role'), ('kudo', 'sato', 'drafter', {}, '400 appoint.post role'),
            ('kudo', 'sato', 'service_manager', {}, '400 appoint.post role'), ('kudo', 'sato', 'ciso', {'from': ''}, '400 form.required from'),
            ('kudo', 'sato', 'ciso', {'from': '2026-02-30'}, '400 wareki.no-such-day from'), ('kudo', 'sato', 'ciso', {'from': '2026-03-31'}, '422 appoint.past from'),
            ('kudo', 'sato', 'ciso', {'until': '2026-03-31'}, '422 appoint.period until'), ('kudo', 'sato', 'ciso', {'why': ' '}, '400 appoint.why why'),
            ('kudo', 'sato', 'staff', {}, '409 appoint.held person'), ('kudo', 'sato', 'ciso', {'replaces': 'x'}, '400 appoint.person replaces'),
            ('kudo', 'sato', 'ciso', {'replaces': x.id('mori')}, '409 appoint.replaced replaces'),
            ('kudo', 'nagai', 'ciso', {}, '422 appoint.apart role'), ('kudo', 'hara', 'secretariat', {}, '422 appoint.apart role'), ('kudo', 'tanaka', 'auditor', {}, '422 appoint.apart role')):
        before = x.size()
        t.is_((said(ask(x, by, who, which, **more)), x.size()), (want, before), 'appointing: %s' % want)
    t.is_([said(x.post('kudo', '%s/%s/confirm' % (APPOINTMENTS, i), {'rev': 1})) for i in ('x', NOBODY)], ['404 appoint.absent '] * 2, 'there is none such')
    t.is_([said(end(x, 'suzuki', 'sato', 'staff')), said(end(x, 'kudo', 'sato', 'ciso')), said(end(x, 'kudo', 'sato', 'staff', reason='')), said(end(x, 'kudo', 'sato', 'staff', rev=9)),
           said(end(x, 'kudo', 'sato', 'staff', until='2026-03-31'))],
          ['403 error.forbidden ', '409 appoint.over role', '400 common.reason.missing reason', '409 common.rev.moved ', '422 appoint.earlier until'], 'ending: refusals')


def by_two(t, x):
    """税務課 has people who apply and, when ito is gone, nobody who manages it."""
    t.is_(('vacant' in wrong(x), vacant(x)), (False, set()), 'at first no role is empty')
    x.good(end(x, 'kudo', 'ito', 'section_manager'))
    t.is_(types(x, 1), ['role.ended'], 'an end is an entry')
    t.is_((vacant(x), 'vacant' in wrong(x)), ({('section_manager', '税務課')}, True), 'then the role stands empty, and home says so')
    t.is_(x.get('ito', API + '/inbox').status in (200, 403), True, 'who held it is still signed in')
    made = x.good(ask(x, 'kudo', 'mori', 'section_manager'))
    t.is_((made['state'], types(x, 1), vacant(x)), ('asked', ['role.asked'], {('section_manager', '税務課')}), 'a role that decides is proposed only')
    t.is_(role(x, 'mori', 'section_manager'), None, 'and not held yet')
    told = [n for n in x.notices() if n['key'] == 'notice.role-asked']
    t.is_([sorted(n['to']) for n in told], [['abe', 'mizuno', 'ono', 'tanaka']], 'those who may confirm are told, not who asked or whom it is about')
    t.is_([said(confirm(x, 'kudo', made)), said(confirm(x, 'mori', made)), said(confirm(x, 'suzuki', made)), said(x.post('ono', '%s/%s/confirm' % (APPOINTMENTS, made['id']), {'rev': 9}))],
          ['403 appoint.same ', '403 appoint.role.confirm ', '403 appoint.role.confirm ', '409 common.rev.moved '], 'who asked does not confirm, nor whom it is about, nor who has no such role')
    t.is_(said(ask(x, 'ono', 'mori', 'section_manager')), '409 appoint.open person', 'one at a time')
    seen = {who: [(a['id'], a['may_confirm']) for a in x.good(x.get(who, API + '/posts'))['open']] for who in ('kudo', 'ono', 'mizuno', 'nagai')}
    t.is_(seen, {'kudo': [(made['id'], False)], 'ono': [(made['id'], True)], 'mizuno': [(made['id'], True)], 'nagai': [(made['id'], False)]}, 'each sees what is theirs to do')
    t.is_((said(confirm(x, 'mizuno', made)), types(x, 1)), ('200', ['role.appointed']), 'the general officer confirms, though no keeper of the house')
    t.is_((vacant(x), 'vacant' in wrong(x)), (set(), False), 'the role is held, and home is quiet')
    t.ok('section_manager' in x.good(x.get('mori', API + '/session'))['person']['roles'], 'the right follows at once, in the session that was open')
    t.is_(said(confirm(x, 'ono', {**made, 'rev': made['rev'] + 1})), '409 appoint.over ', 'confirmed once')
    t.is_([n['to'] for n in x.notices() if n['key'] == 'notice.role-given'], [['mori']], 'and mori is told')
    a = person(x, 'mori')['appointments']
    t.is_([(v['state'], v['role'], v['asked_by']['name'], v['confirmed_by']['name'], v['why']) for v in a], [('active', 'section_manager', '工藤', '水野', WHY)], 'who asked, who confirmed, and on what it rests')
    old = person(x, 'ito')['appointments']
    t.is_([(v['state'], v['role'], v['ended_by']['name'], v['reason']) for v in old], [('ended', 'section_manager', '工藤', '異動のため。')], 'what init gave without an order can be read after its end')


def refused(t, x):
    made = x.good(ask(x, 'kudo', 'yamada', 'dept_officer'))
    t.is_([said(refuse(x, 'suzuki', made)), said(refuse(x, 'ono', made, ' '))], ['403 appoint.role.confirm ', '400 common.reason.missing reason'], 'refusing: who, and why')
    t.is_((said(refuse(x, 'ono', made)), role(x, 'yamada', 'dept_officer')), ('200', None), 'refused')
    t.is_(said(confirm(x, 'tanaka', {**made, 'rev': made['rev'] + 1})), '409 appoint.over ', 'it cannot be confirmed then')
    again = x.good(ask(x, 'kudo', 'yamada', 'dept_officer'))
    t.is_(said(refuse(x, 'kudo', again)), '200', 'who asked takes it back')
    t.is_([a['state'] for a in person(x, 'yamada')['appointments']], ['refused', 'refused'], 'both can be read')


def handed_over(t, x):
    """mizuno makes way for yamada on a day; the role is empty at no moment."""
    made = x.good(ask(x, 'kudo', 'yamada', 'senior_officer', replaces=x.id('mizuno'), **{'from': '2026-04-10', 'until': '2027-03-31'}))
    coming = confirm(x, 'tanaka', made)
    t.is_((said(coming), coming.json()['state'], role(x, 'yamada', 'senior_officer')), ('200', 'coming', None), 'confirmed, it waits for its day')
    x.clock('2026-04-10T00:01')
    town.wait('the day', lambda: role(x, 'yamada', 'senior_officer'))
    t.is_((types(x, 1), role(x, 'mizuno', 'senior_officer'), vacant(x)), (['role.began'], None, set()), 'on the day one makes way for the other, in one entry')
    t.is_(role(x, 'yamada', 'senior_officer')['until'][:16], '2027-03-31T15:00', 'until the last day is over')
    t.is_(said(ask(x, 'kudo', 'yamada', 'senior_officer', **{'from': '2026-04-10', 'until': '2026-12-31'})), '422 appoint.longer until', 'a new order means a later end')
    longer = x.good(ask(x, 'kudo', 'yamada', 'senior_officer', **{'from': '2026-04-10', 'until': '2028-03-31'}))
    t.is_((said(confirm(x, 'tanaka', longer)), role(x, 'yamada', 'senior_officer')['until'][:10]), ('200', '2028-03-31'), 'and is held on under it')
    t.is_([a['state'] for a in person(x, 'yamada')['appointments'] if a['role'] == 'senior_officer'], ['active', 'ended'], 'the older order has ended')


def one_alone(t, x):
    made = x.good(ask(x, 'kudo', 'mizuno', 'staff', **{'from': '2026-04-10', 'until': '2026-04-12'}))
    t.is_(made['state'], 'active', 'who may only apply needs no second person')
    t.is_(said(end(x, 'kudo', 'mizuno', 'staff', until='2026-04-11')), '200', 'an earlier last day')
    x.clock('2026-04-12T00:00')
    t.ok('staff' not in x.good(x.get('mizuno', API + '/session'))['person']['roles'], 'when that day is over, so is the right, whether or not a clock has ticked')
    town.wait('the entry', lambda: types(x, 1) == ['role.ended'])
    t.is_([(a['state'], a['until'][:10]) for a in person(x, 'mizuno')['appointments'] if a['role'] == 'staff'], [('ended', '2026-04-11')], 'the order has ended')


def the_last_keeper(t, x):
    x.good(end(x, 'tanaka', 'kudo', 'secretariat'))
    x.good(end(x, 'tanaka', 'ono', 'secretariat'))
    t.is_(said(end(x, 'tanaka', 'tanaka', 'system_manager')), '422 appoint.last role', 'the last who keeps the house stays')
    made = x.good(ask(x, 'tanaka', 'kudo', 'secretariat', **{'from': '2026-04-12'}))
    t.is_((said(confirm(x, 'tanaka', made)), said(confirm(x, 'abe', made))), ('403 appoint.same ', '200'), 'alone, they appoint the next with the CISO')
    t.is_(said(ask(x, 'kudo', 'ono', 'secretariat', **{'from': '2026-04-12'})), '201', 'who keeps the house at once')


def main():
    with Tap() as t:
        with town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=PEOPLE, gate=None) as x:
            for login in x.names:
                x.person(login)      # each session is an entry of its own
            for scene in (refusals, by_two, refused, handed_over, one_alone, the_last_keeper):
                scene(t, x)


if __name__ == '__main__':
    main()
