#!/usr/bin/python3
"""home.py - the first page: each kind of thing that is due or wrong appears for whom it concerns, for nobody else, and is gone when it was
mended; 使っていい？ in each of its answers; the numbers for charts.

That it turns red was tried once for each of the ten kinds of home_wrong.c, by leaving out its row: alarm 7, finding 3, gate 58, stuck 32, vacant 35,
notice 12, duty 46, transitional 54, certificate 41, unreviewed 39 is the number of the first test that failed.
"""
import json
import os
import sqlite3
import sys
from urllib.parse import quote

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import gate  # noqa: E402
import incidents  # noqa: E402
import service_use  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

API = '/api/v1'
# Everybody's section has somebody who consents, and mizuno is the only senior officer; hara may apply as well as approve.
PEOPLE = tuple(p for p in town.CITY if p[0] != 'hara') + (
    ('hara', '原', '情報政策課', 'dept_officer,approving_authority,staff'), ('shibata', '柴田', '情報政策課', 'section_manager'), ('okada', '岡田', '情報政策課', 'csirt,staff'))
HEAD = 'サービス名称\t提供会社\t担当課\t管理者氏名\n'


def home(x, who):
    return x.good(x.get(who, API + '/home'))


def wrong(x, who):
    """{kind: count}"""
    return {w['kind']: w['count'] for w in home(x, who)['wrong']}


def of_kind(x, who, kind):
    return next((w for w in home(x, who)['wrong'] if w['kind'] == kind), {})


def due(x, who, kind=None):
    return [d for d in home(x, who)['due'] if kind in (None, d['kind'])]


def sees(t, x, kind, yes, no, name):
    """It stands on the pages of `yes`, and not on those of `no`."""
    t.is_([who for who in yes + no if kind in wrong(x, who)], list(yes), name)


# ---- each kind of what is wrong ----

def quiet(t, x):
    everybody = [p[0] for p in PEOPLE]
    t.is_([(who, home(x, who)['wrong'], home(x, who)['due']) for who in everybody if home(x, who)['wrong'] or home(x, who)['due']], [], 'a new office has nothing due and nothing wrong, for nobody')
    t.is_(home(x, 'sato')['checked_at'][:16], '2026-04-01T00:00', 'and says when that was found')


def findings(t, x):
    incidents.report(x)
    sees(t, x, 'finding', ('kudo', 'okada', 'abe'), ('sato', 'suzuki', 'hara'), 'a report that nobody handles is seen by who handles incidents, by no other')
    one = x.good(x.get('okada', API + '/findings?view=open'))['items'][0]
    x.good(x.post('okada', API + '/findings/%s/close' % one['id'], {'reason': '見つかった。', 'rev': one['rev']}))
    sees(t, x, 'finding', (), ('kudo', 'okada', 'abe'), 'closed, it is gone')


def alarms(t, x):
    incidents.contact(x, 'kudo', '岡田', person=x.id('okada'))
    i = incidents.opened(x, 'kudo', severity='high')
    t.is_([d['href'] for d in due(x, 'okada', 'alarm')], ['/incidents/' + i], 'whom an alarm calls has it among what is due')
    sees(t, x, 'alarm', (), ('kudo', 'okada'), 'before its time is over nothing is wrong with it')
    x.clock('2026-04-01T12:00')
    town.wait('the ladder', lambda: 'alarm' in wrong(x, 'kudo'))
    sees(t, x, 'alarm', ('kudo', 'okada'), ('sato', 'suzuki'), 'unanswered, it is wrong')
    t.is_(of_kind(x, 'kudo', 'alarm').get('href'), '/incidents/' + i, 'one alone leads to itself')
    alert = x.good(x.get('okada', API + '/alerts'))['items'][0]
    x.good(x.post('okada', API + '/alerts/%s/acknowledge' % alert['id'], {'how': '電話'}))
    sees(t, x, 'alarm', (), ('kudo', 'okada'), 'acknowledged, it is gone')
    t.is_(due(x, 'okada', 'alarm'), [], 'and from what is due, too')


def notices(t, x):
    sink = {'id': 'mail', 'kind': 'mail', 'state': 'waits', 'why': 'no answer'}
    t.is_(x.call('courier', 'POST', '/c/v1/sinks', json.dumps({'sinks': [sink]}).encode()).status, 200, 'the courier says that its sink waits')
    x.clock('2026-04-01T13:00')
    sees(t, x, 'notice', ('kudo', 'tanaka'), ('sato', 'suzuki', 'abe', 'nagai'), 'notices that wait for half an hour are seen by who keeps the house')
    items = x.call('courier', 'GET', '/c/v1/outbox?sink=mail').json()['items']
    done = json.dumps({'sink': 'mail', 'items': [{'id': i['id'], 'who': '', 'state': 'done', 'why': ''} for i in items]}).encode()
    t.is_(x.call('courier', 'POST', '/c/v1/outbox/settle', done).status, 200, 'they are delivered')
    sees(t, x, 'notice', (), ('kudo', 'tanaka'), 'delivered, it is gone')


def certificates(t, x, s):
    add = {'cells': {'kind': 'ismap', 'number': 'C-1', 'until_at': '2026-05-01'}, 'of': s}
    kinds = next(c for r in x.good(x.get('kudo', API + '/registers'))['items'] if r['id'] == 'certificate' for c in r['columns'] if c['id'] == 'kind')
    add['cells']['kind'] = kinds['words'][0]['id']
    one = x.good(x.post('yamada', API + '/registers/certificate', add))['id']
    before = wrong(x, 'yamada').get('certificate', 0)        # the case's own report has ended already
    t.is_(before, 1, 'a report that had ended when it was shown is wrong from the first day')
    x.clock('2026-05-02T09:00')
    t.is_(wrong(x, 'yamada').get('certificate'), before + 1, 'a certificate that ended is one more')
    sees(t, x, 'certificate', ('yamada', 'suzuki', 'kudo', 'hara'), ('sato', 'ito', 'shibata'), 'it is seen by its manager, its section\'s manager and who oversees; by no other section')
    t.is_([c['id'][:4] for c in of_kind(x, 'yamada', 'certificate')['clauses'][:1]], ['S8.2'], 'with the clause that wants it')
    x.good(x.post('yamada', API + '/rows/certificate:' + one, {'cells': {'until_at': '2027-05-01'}, 'rev': 1}))
    t.is_(wrong(x, 'yamada').get('certificate'), before, 'renewed, it is gone')


def duties(t, x):
    before = wrong(x, 'kudo').get('duty', 0)
    late = [d for d in x.good(x.get('yamada', API + '/duties'))['items'] if d['overdue'] and not d.get('closed_by_act')]
    t.ok(before and late, 'what the manager has not done in time is wrong', (before, len(late)))
    t.is_({d['group'] for d in due(x, 'yamada', 'duty')} & {'overdue'}, {'overdue'}, 'and stands first among what is due to them')
    t.is_(home(x, 'yamada')['due'][0]['group'], 'overdue', 'overdue comes first')
    x.good(x.post('yamada', API + '/duties/%s/close' % late[0]['id'], {'evidence': '契約書と照合した。', 'rev': late[0]['rev']}))
    t.is_(wrong(x, 'kudo').get('duty', 0), before - 1, 'done, there is one less')
    t.ok('duty' not in wrong(x, 'suzuki'), 'who does not oversee sees theirs among what is due only')


def transitional(t, x):
    look, take = (API + '/registers/service/' + verb for verb in ('check', 'import'))
    sheet = {'text': HEAD + 'つばき施設予約\t株式会社みなとデータ\t税務課\t森\n', 'transitional_until': '2026-06-30'}
    plan = x.good(x.post('kudo', look, {'text': sheet['text'], 'options': {'transitional_until': sheet['transitional_until']}}))
    x.good(x.post('kudo', take, {'text': sheet['text'], 'options': {'transitional_until': sheet['transitional_until']}, 'token': plan['token']}))
    answers(t, x, 'mori', 'つばき', [('yes', 'in-transition')], 'in transition, its own section may use it')
    answers(t, x, 'sato', 'つばき', [('apply', 'transitional')], 'another one has to apply')
    sees(t, x, 'transitional', (), ('mori', 'kudo', 'ito'), 'before its day nothing is wrong')
    x.clock('2026-07-01T09:00')
    sees(t, x, 'transitional', ('mori', 'ito', 'kudo', 'hara'), ('sato', 'suzuki'), 'past its day it is wrong, for its section and who oversees')
    answers(t, x, 'mori', 'つばき', [('apply', 'overdue')], 'and its section is told to apply')
    s = of_kind(x, 'mori', 'transitional')['about']['id']
    seen = {who: x.good(x.get(who, API + '/services/' + s)) for who in ('hara', 'suzuki', 'ito', 'abe')}
    may = next(who for who in seen if 'suspend' in seen[who]['may'])
    x.good(x.post(may, API + '/services/%s/suspend' % s, {'reason': '申請がないため。', 'rev': seen[may]['rev']}))
    t.note('suspended by ' + may)
    sees(t, x, 'transitional', (), ('mori', 'kudo'), 'suspended by a person, it is gone')
    answers(t, x, 'mori', 'つばき', [('no', 'suspended')], 'and 使っていい？ says no, with the reason')


def unreviewed(t, x, s):
    """The pack always sets a next review; a row from elsewhere may lack it, so it is taken away behind the office's back."""
    db = sqlite3.connect(x.dir + '/office/sekisho.db')
    day = db.execute('SELECT review_at FROM r_service WHERE id=?', (s,)).fetchone()[0]
    db.execute('UPDATE r_service SET review_at=NULL WHERE id=?', (s,))
    db.commit()
    sees(t, x, 'unreviewed', ('yamada', 'suzuki', 'kudo'), ('sato', 'ito'), 'an approved service without its next review is wrong')
    db.execute('UPDATE r_service SET review_at=? WHERE id=?', (day, s))
    db.commit()
    db.close()
    sees(t, x, 'unreviewed', (), ('yamada', 'suzuki', 'kudo'), 'with it, it is gone')


def post(x, who, role, state):
    """A post given or taken behind the office's back: no act does that alone."""
    db = sqlite3.connect(x.dir + '/office/sekisho.db')
    db.execute('UPDATE r_holder SET state=? WHERE id=? AND k=?', (state, x.id(who), role))
    db.commit()
    db.close()


def stuck(t, x):
    """hara is the only officer of the department and applies; while the substitute's post is empty, nobody is left for that step."""
    post(x, 'mizuno', 'senior_officer', 'ended')
    case = service_use.case('plain', manager=x.id('yamada'), deputy=x.id('mori'), service_name='ひばり翻訳')
    a = x.submit('hara', 'service-use', case.forms['service-use'])
    sees(t, x, 'stuck', ('kudo', 'nagai', 'abe'), ('sato', 'suzuki'), 'a case that nobody can finish is seen while it is still at its first step')
    t.is_((of_kind(x, 'kudo', 'stuck').get('href'), of_kind(x, 'kudo', 'stuck').get('about', {}).get('name')), ('/applications/' + a['id'], a['number']), 'with its number')
    post(x, 'mizuno', 'senior_officer', 'active')
    sees(t, x, 'stuck', (), ('kudo', 'nagai'), 'with the substitute back it is gone')


def vacant(t, x):
    """mizuno is the only senior officer."""
    post(x, 'mizuno', 'senior_officer', 'ended')
    sees(t, x, 'vacant', ('kudo', 'tanaka', 'abe'), ('sato', 'suzuki'), 'a post that nobody holds is wrong')
    t.is_(of_kind(x, 'kudo', 'vacant').get('count'), 1, 'it is one post')
    post(x, 'mizuno', 'senior_officer', 'active')
    post(x, 'ito', 'section_manager', 'ended')
    t.ok('税務課' in ''.join(of_kind(x, 'kudo', 'vacant').get('names', [])), 'a section without its manager is named', of_kind(x, 'kudo', 'vacant'))
    post(x, 'ito', 'section_manager', 'active')
    sees(t, x, 'vacant', (), ('kudo', 'tanaka'), 'held again, it is gone')


def gates(t):
    with town.Town(at='2026-04-01T09:00') as x:
        g = gate.Gate(x.sock('machine'), x.code)
        sees(t, x, 'gate', ('tanaka',), ('sato', 'suzuki'), 'an enrolled gate that is not connected is the system manager\'s to see')
        g.follow(lambda g: True)
        town.wait('the stream', lambda: 'gate' not in wrong(x, 'tanaka'))
        t.is_(wrong(x, 'tanaka'), {}, 'connected, it is gone')
        a = x.apply().json()
        t.is_([d['number'] for d in due(x, 'suzuki', 'waiting')], [a['number']], 'a case waits for the section manager')
        t.is_([(who, due(x, who, 'waiting')) for who in ('sato', 'ito') if due(x, who, 'waiting')], [], 'and for nobody else')
        x.decide('suzuki', a['id'], 'return', '目的が足りません。')
        t.is_([d['number'] for d in due(x, 'sato', 'returned')], [a['number']], 'returned, it is the applicant\'s to mend')
        t.is_(due(x, 'suzuki', 'waiting'), [], 'and waits for the manager no longer')
        other = x.apply(mac='02:00:00:00:00:02', until='2026-04-20').json()
        x.decide('suzuki', other['id'])
        t.is_([(d['number'], d['group']) for d in due(x, 'sato', 'permit')], [(other['number'], 'later')], 'a permit that ends within 30 days is said')
        x.clock('2026-04-20T09:00')
        t.is_([(d['number'], d['group']) for d in due(x, 'sato', 'permit')], [(other['number'], 'today')], 'on its last day it is for today')
        g.close()


# ---- 使っていい？ ----

def lines(x, who, q):
    return x.good(x.get(who, API + '/may-use?q=' + quote(q)))['items']


def answers(t, x, who, q, want, name):
    t.is_([(i['answer'], i['why']) for i in lines(x, who, q)][:len(want)], want, name)


def may_use(t, x, s):
    name = x.good(x.get('sato', API + '/services/' + s))['name']
    domain = x.good(x.get('sato', API + '/services/' + s))['domains'][0].lstrip('*.')
    answers(t, x, 'sato', name, [('yes', 'used')], 'the section that has it may use it')
    answers(t, x, 'mori', name, [('add', 'approved')], 'another one asks for one more use')
    own, other = lines(x, 'sato', name)[0], lines(x, 'mori', name)[0]
    t.is_((own['for_class']['label']['ja'], own['forms'], [f['id'] for f in other['forms']], own['manager']['name']), ('機密性２', [], ['service-addition'], '山田'), 'for which information, by which form, and whom to ask')
    answers(t, x, 'sato', 'https://a.b.%s/j/123?x=1' % domain, [('yes', 'used')], 'a whole address finds it')
    t.is_([i['why'] for i in lines(x, 'sato', 'not' + domain)], ['nobody'], 'another host that ends alike does not')
    t.is_([(i['answer'], i['why'], i['name'], sorted(f['id'] for f in i['forms'])) for i in lines(x, 'sato', 'ことり帳簿')], [('apply', 'nobody', 'ことり帳簿', ['service-light', 'service-terms', 'service-use'])], 'what nobody has is to be applied for, under the name typed')
    for spelling in ('ｚｏｏｍ', 'ズーム', 'ｽﾞｰﾑ', 'ZOOM', 'us02web.zoom.us'):
        answers(t, x, 'sato', spelling, [('yes', 'used')], '%s finds Zoom' % spelling)
    t.is_([x.get('sato', API + '/may-use?q=' + q).status for q in ('', 'a', quote('あ'), 'x' * 400)], [400] * 4, 'nothing, too little and too much are refused')


def refused(t, x):
    case = service_use.case('plain', manager=x.id('yamada'), deputy=x.id('mori'), service_name='からすクラウド')
    a = x.submit('sato', 'service-use', case.forms['service-use'])
    x.act('kudo', a['id'], 'judge', {'lines': case.judgements['usage']})
    x.decide('kudo', a['id'])
    for sheet in service_use.SHEETS['conditions']:
        x.act('kudo', a['id'], 'fill', {'sheet': sheet, 'answers': case.forms[sheet]})
    x.act('kudo', a['id'], 'judge', {'lines': case.judgements['conditions']})
    x.decide('kudo', a['id'])
    x.decide('hara', a['id'], 'reject', '約款だけのサービスのため。')
    answers(t, x, 'sato', 'からすクラウド', [('no', 'rejected')], 'what was rejected is said to who may see that case')
    answers(t, x, 'mori', 'からすクラウド', [('apply', 'nobody')], 'and to nobody else')


def overview(t, x):
    o = x.good(x.get('kudo', API + '/overview'))
    t.ok(o['whole'] and sum(b['count'] for b in o['classes']) == sum(b['count'] for b in o['countries']) > 0, 'services are counted by class and by country', o)
    t.is_(sum(b['count'] for b in o['cases']), x.good(x.get('kudo', API + '/applications?view=all'))['total'], 'each case of the year stands in its month')
    t.is_((x.good(x.get('mori', API + '/overview'))['whole'], x.good(x.get('ito', API + '/overview'))['cases']), (False, []), 'a section sees its own')


def part(t, name, act, *args):
    """What one part lacks does not hide the next."""
    try:
        act(t, *args)
    except (town.Sick, KeyError, IndexError, TypeError) as e:
        t.ok(False, name, '%s %s' % (type(e).__name__, e))


def main():
    with Tap() as t:
        with town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=PEOPLE, gate=None) as x:
            part(t, 'quiet', quiet, x)
            part(t, 'findings', findings, x)
            part(t, 'alarms', alarms, x)
            part(t, 'notices', notices, x)
            for form in service_use.DATA['forms'].values():
                form.update({'service_name': 'Zoom'} if 'service_name' in form else {}, **({'domains': 'zoom.us'} if 'domains' in form else {}))
            s = service_use.approved(x, x.id('yamada'), x.id('mori'))['service']['id']
            part(t, 'may_use', may_use, x, s)
            part(t, 'overview', overview, x)
            part(t, 'refused', refused, x)
            part(t, 'stuck', stuck, x)
            part(t, 'vacant', vacant, x)
            part(t, 'unreviewed', unreviewed, x, s)
            part(t, 'certificates', certificates, x, s)
            part(t, 'duties', duties, x)
            part(t, 'transitional', transitional, x)
        part(t, 'gates', gates)


if __name__ == '__main__':
    main()
