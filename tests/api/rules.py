#!/usr/bin/python3
"""rules.py - the rules are changed in the browser and put into force by two persons while the office runs.

Does      a number by a form, with its reason; the difference in words; who may and who may not; old cases under old rules, new ones under
          new rules; a return; what is refused leaves everything as it was; the next draft over the first; the office starts under it.
"""
import datetime
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import town  # noqa: E402
from tap import Tap  # noqa: E402

PACK = '/api/v1/pack/'


class Draft:
    """One draft, as one person sees it."""
    def __init__(self, x, who, title=None, id=None):
        self.x, self.who = x, who
        self.id = id or x.good(x.post(who, PACK + 'drafts', {'title': title}))['id']

    def get(self, who=None):
        return self.x.good(self.x.get(who or self.who, PACK + 'drafts/' + self.id))

    def do(self, verb, who=None, **more):
        return self.x.post(who or self.who, PACK + 'drafts/%s/%s' % (self.id, verb), {'rev': self.get()['rev'], **more})

    def decide(self, verb, who, **more):
        return self.x.post(who, PACK + 'proposals/%s/%s' % (self.id, verb), {'rev': self.get()['rev'], **more})

    def edit(self, where, reason='市の規程（第3条）', act='set', **more):
        return self.do('edit', where=where, act=act, reason=reason, **more)


def key(reply):
    return (reply.status, reply.json().get('error', {}).get('key'))


def in_force(x):
    return x.good(x.get('kudo', PACK + 'rules'))


def said(draft):
    return ' '.join(c['ja'] for c in draft['changes'])


def seen(t, x):
    rules = in_force(x)
    t.is_((rules['id'], rules['adopted'], len(rules['layers']), rules['may_keep']), ('mic-r4', False, 1, True), 'a base pack alone is a valid start')
    t.ok(len(rules['numbers']) > 100 and any(n['where'] == 'settings' and n['key'] == 'session_idle_minutes' for n in rules['numbers']), 'the numbers that are proposals stand with their place',
         len(rules['numbers']))
    t.is_(key(x.get('sato', PACK + 'rules')), (403, 'error.forbidden'), 'staff do not see drafts of rules')
    t.is_((x.post('mizuno', PACK + 'drafts', {'title': '短く'}).status, x.post('kudo', PACK + 'drafts', {'title': ' '}).status), (403, 400), 'who adopts does not draft, and a draft has a title')


def edited(t, x):
    d = Draft(x, 'kudo', '操作しない時間を短くする')
    t.is_((d.get()['changes'], d.get()['mistakes'], d.get()['state']), ([], [], 'draft'), 'a new draft says nothing yet')
    t.is_(key(d.do('propose')), (400, 'rules.nothing'), 'what says nothing is not proposed')
    form = x.good(x.get('kudo', PACK + 'drafts/%s/record?where=settings' % d.id))
    t.is_([(k['type'], k['value']) for k in form['keys'] if k['key'] == 'session_idle_minutes'], [('integer', '30')], 'a record comes as a form')
    t.is_(d.edit('settings', values={'session_idle_minutes': '15'}, reason='').status, 400, 'an edit has a reason')
    wrong = d.edit('settings', values={'session_hours': '0'}).json()
    t.ok('session_hours' in wrong['mistakes'][0]['message']['ja'], 'a mistake is told in words', wrong)
    t.is_(d.get()['rev'], 1, 'and nothing is stored')
    x.good(d.edit('settings', values={'session_idle_minutes': '15'}))
    now = d.get()
    t.ok('30' in said(now) and '15' in said(now) and len(now['changes']) == 1, 'the change is said in words', now['changes'])
    t.is_((now['edits'][0]['reason'], now['edits'][0]['by']), ('市の規程（第3条）', '工藤'), 'with its reason and who made it')
    t.ok('市の規程（第3条）' in now['files']['overlay.yaml'], 'the overlay holds the reason', now['files'])
    t.is_(key(x.post('kudo', PACK + 'drafts/%s/edit' % d.id, {'rev': 1, 'where': 'settings', 'act': 'set', 'values': {}, 'reason': 'x'})), (409, 'rules.rev'), 'who saw an older state is told')
    return d


def sheets(t, x, d):
    grid = x.good(x.get('kudo', PACK + 'sheets/criteria'))
    sheet = grid['sheets'][0]
    at = [c['id'] for c in sheet['columns']].index('strength')
    row = next(r for r in sheet['rows'] if r[at] == 'R')
    row[at] = 'M'
    x.good(d.do('sheet', name='criteria', grid=grid, reason='必須とする'))
    t.ok(len(d.get()['changes']) == 2, 'an edited sheet becomes a change of the draft', d.get()['changes'])
    row[at] = '?'
    wrong = d.do('sheet', name='criteria', grid=grid, reason='だめ').json()
    t.ok(wrong['mistakes'][0]['at'].startswith('criteria!'), 'a fault has its cell', wrong)


def by_hand(t, x, d):
    before = d.get()['files']['overlay.yaml']
    x.good(d.do('file', name='overlay.yaml', text=before.replace('session_idle_minutes: 15', 'session_idle_minutes: 15 分'), reason='手で'))
    now = d.get()
    t.ok(now['mistakes'] and 'overlay.yaml:' in now['mistakes'][0]['at'] and now['may'] == ['edit', 'drop'], 'a file by hand is kept with its mistakes, at file and line', now['mistakes'])
    t.is_((key(d.do('propose')), key(d.edit('settings', values={'session_idle_minutes': '10'}))), ((400, 'rules.mistakes'), (400, 'rules.mistakes')), 'which stand in the way')
    x.good(d.do('file', name='overlay.yaml', text=before, reason='もどす'))
    t.is_((d.get()['mistakes'], len(d.get()['changes'])), ([], 2), 'mended, it goes on')
    t.is_(d.do('file', name='../x.yaml', text='a', reason='x').status, 400, 'a file stays within the draft')


def adopted(t, x, d):
    old = x.apply_network()
    people = x.good(x.post('kudo', PACK + 'drafts/%s/people' % d.id, {}))
    t.ok(people['people'] == len(town.CITY) and isinstance(people['findings'], list), 'it is asked of the people who are here', people['people'])
    x.good(d.edit('procedures.network-connection', values={'max_days': '20'}))
    x.good(d.do('propose'))
    now = d.get('mizuno')
    t.is_((now['state'], now['may'], now['open_cases']), ('proposed', ['adopt', 'return'], 1), 'the other sees what may be done, and how many cases are open')
    t.is_(d.edit('settings', values={'session_idle_minutes': '9'}).status, 409, 'what is proposed is not edited')
    t.is_((d.decide('adopt', 'kudo', pack=now['pack']).status, d.decide('adopt', 'sato', pack=now['pack']).status), (403, 403), 'who proposed it does not adopt, nor staff')
    t.is_(key(d.decide('adopt', 'mizuno', pack='0' * 64)), (409, 'rules.rev'), 'what is adopted is what was read')
    t.is_(d.decide('return', 'mizuno', reason='').status, 400, 'a return has a reason')
    x.good(d.decide('return', 'mizuno', reason='一つ足りない'))
    t.is_((d.get()['state'], d.get()['reason']), ('returned', '一つ足りない'), 'returned with its reason')
    x.good(d.do('propose'))
    x.good(d.decide('adopt', 'mizuno', pack=d.get()['pack'], reason='よし'))
    rules = in_force(x)
    t.is_((rules['hash'], rules['by'], rules['second'], [l['id'] for l in rules['layers']]), (d.get()['pack'], '工藤', '水野', ['mic-r4', 'local']), 'it is in force at once, with both names')
    return old


def told_alike(t, x, old):
    """The first words of this pack's form are its user; the device is what the case is about."""
    what = x.case('suzuki', old)['outline']['what']['ja']
    page = x.get('suzuki', '/decide/' + old).body.decode()
    t.ok(what == 'PC' and '<dd>PC</dd>' in page, 'the page that a mail leads to calls a case what the screen calls it', (what, page[page.find('<dl'):][:200]))


def both_rules(t, x, old):
    """The longest permit went from 366 days to 20; both cases ask for two months."""
    r = x.file_network()
    late = r if r.status >= 400 else x.try_act('suzuki', r.json()['id'], 'decide', {'decision': 'approve', 'reason': ''})
    t.ok(late.status == 422, 'a new case has the new number', (late.status, late.body[:300]))
    x.decide('suzuki', old)
    t.is_(x.case('suzuki', old)['state'], 'approved', 'the old case keeps the old one')


def again(t, x):
    d = Draft(x, 'ono', 'もう一度')
    e = Draft(x, 'kudo', '別の案')
    x.good(d.edit('settings', values={'session_hours': '9'}, reason='二度目'))
    x.good(e.edit('settings', values={'session_hours': '8'}, reason='遅い'))
    now = d.get()
    t.ok('市の規程（第3条）' in now['files']['overlay.yaml'] and len(now['changes']) == 1, 'the next draft begins with the layer in force', now['changes'])
    x.good(d.do('propose'))
    x.good(d.decide('adopt', 'hara', pack=d.get()['pack']))
    t.is_([(l['id'], l['version']) for l in in_force(x)['layers']], [('mic-r4', 1), ('local', 2)], 'which does not grow: its next version takes its place')
    t.is_((e.get()['stale'], key(e.do('propose')), e.get()['may']), (True, (409, 'rules.stale'), ['drop']), 'a draft over older rules cannot be proposed')
    x.good(e.do('drop'))
    t.is_(e.get()['state'], 'dropped', 'but dropped')


def restarted(t, x):
    before = in_force(x)['hash']
    if x.down():
        raise town.Sick('a program ended badly')
    x.sessions = {}
    x.up()
    t.is_(in_force(x)['hash'], before, 'the office starts under it')


def killed(t, x):
    """kill -9 between the files and the entry, then between the commit and the answer: all of it or nothing."""
    for point, stays in (('office.pack-kept', True), ('office.adopted', False)):
        d = Draft(x, 'kudo', point)
        x.good(d.edit('settings', values={'session_hours': '7' if stays else '6'}))
        x.good(d.do('propose'))
        before, body = in_force(x)['hash'], {'rev': d.get()['rev'], 'pack': d.get()['pack']}
        x.person('abe')                                  # signs in before the knife is there
        os.environ['SEKISHO_FAULT'] = '%s:100:%s/office/faults' % (point, x.dir)
        end(x)
        x.start('office')
        del os.environ['SEKISHO_FAULT']
        town.wait('the office', lambda: alive(x))
        try:
            x.post('abe', PACK + 'proposals/%s/adopt' % d.id, body)
        except (OSError, ValueError):
            pass
        x.running.pop('office').wait(town.PATIENCE)
        x.start('office')
        town.wait('the office', lambda: alive(x))
        x.sessions = {}
        now = in_force(x)['hash']
        t.is_((now == before, d.get()['state']), (stays, 'proposed' if stays else 'adopted'), 'killed at %s: %s' % (point, 'nothing' if stays else 'all of it'))
        if stays:
            x.good(d.decide('return', 'abe', reason='死んだ'))


def end(x):
    p = x.running.pop('office')
    p.terminate()
    p.wait(town.PATIENCE)


def alive(x):
    try:
        return x.user('GET', '/sign-in').status == 200
    except (OSError, ValueError):
        return False


class City(town.Town):
    def file_network(self):
        self.macs = getattr(self, 'macs', 0) + 1
        return self.post('yamada', '/api/v1/applications', {'form': 'network-connection', 'answers': {
            'user': '山田', 'device_name': 'PC', 'mac': '02:00:5e:10:00:%02x' % self.macs, 'purpose': '業務', 'information': '案内', 'until': ((self.now or datetime.datetime.now()) + datetime.timedelta(days=60)).date().isoformat()}})

    def apply_network(self):
        return self.good(self.file_network())['id']


def setup(t, x):
    """Twelve questions; what is answered is a draft as any other, and nothing else has changed."""
    seen = x.good(x.get('kudo', '/api/v1/setup'))
    t.is_((seen['offered'], len(seen['questions'])), (True, 12), 'while nothing was changed, twelve questions are offered')
    t.is_([(o['id'], o['now']) for q in seen['questions'] if q['id'] in ('review', 'terminals') for o in q['options']],
          [('half', False), ('year', True), ('own', True), ('shared', False)], 'they say what holds now')
    post = lambda **answers: x.post('kudo', '/api/v1/setup', {'answers': answers})  # noqa: E731
    t.is_([key(post(**a)) for a in ({}, {'size': ''}, {'review': 'year'}, {'size': 'huge'}, {'size': 'small large'}, {'retention': '101'}, {'retention': '1x'}, {'x': '1'}, {'tools': 'edr  x'})],
          [(400, 'setup.nothing')] * 3 + [(400, 'setup.option')] * 2 + [(400, 'setup.number')] * 2 + [(400, 'setup.option')] * 2, 'what cannot be an answer, and answers that change nothing, make no draft')
    t.is_((x.post('sato', '/api/v1/setup', {'answers': {}}).status, x.good(x.get('kudo', PACK + 'rules'))['drafts']), (403, []), 'and none lies there')
    made = x.good(post(size='large', network='beta', approver='ciso', council='none', paper='outside', period='fiscal-year', review='half', terminals='shared', retention='10', transition='90',
                       code='deciders', tools='groupware edr'))
    d = Draft(x, 'kudo', id=made['id'])
    got = d.get()
    for want in ('15', '10', '90', '20'):
        t.ok(want in said(got), 'the difference says %s' % want, said(got)[:1500])
    files = ' '.join(got['files'].values())
    t.is_([w for w in ('role: ciso', 'act: remove', 'fiscal-year-end', 'every 6 months', 'overdue_role: ciso') if w not in files], [], 'and its files who permits, that the committee goes, and the periods')
    t.is_((got['mistakes'], got['state'], len(got['todo'])), ([], 'draft', 5), 'every question at once comes to rules without a mistake, and five things to be done by hand')
    t.ok('propose' in got['may'] and x.good(x.get('kudo', PACK + 'rules'))['id'] == 'mic-r4', 'it may be proposed, and is not in force')
    t.is_(x.good(x.get('kudo', '/api/v1/setup'))['offered'], False, 'with a draft there they are not offered any more')
    t.is_(d.do('propose').status, 200, 'it is proposed')
    t.is_(d.do('drop').status, 200, 'and dropped')


def main():
    with Tap() as t, City(at=None if os.environ.get('NOCLOCK') else '2026-04-01T09:00', pack='packs/mic-r4', people=town.CITY, gate=None) as x:
        seen(t, x)
        setup(t, x)
        d = edited(t, x)
        sheets(t, x, d)
        by_hand(t, x, d)
        old = adopted(t, x, d)
        told_alike(t, x, old)
        both_rules(t, x, old)
        again(t, x)
        restarted(t, x)
        killed(t, x)


if __name__ == '__main__':
    main()
