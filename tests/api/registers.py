#!/usr/bin/python3
"""registers.py - keeping the registers: rows added, changed and ended, lists in pages, what happened to a row, and who sees what.

Does      a service approved by its procedure (tests/packs/engine); mori manages it, ono is the secretariat, sato neither.
"""
import os
import sqlite3
import sys
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import large  # noqa: E402
import service_forms  # noqa: E402
import service_use  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

API = '/api/v1'


def rows(x, who, register, **query):
    return x.good(x.get(who, '%s/registers/%s?%s' % (API, register, urllib.parse.urlencode(query))))


def names(page, column='name'):
    return [i['cells'][column]['text'] for i in page['items']]


def add(x, who, register, cells, of=None):
    return x.post(who, '%s/registers/%s' % (API, register), {'cells': cells, **({'of': of} if of else {})})


def change(x, who, row, cells, rev=None, **more):
    rev = x.get('ono', API + '/rows/' + row).json()['rev'] if rev is None else rev
    return x.post(who, API + '/rows/' + row, {'cells': cells, 'rev': rev, **more})


def key(reply):
    e = reply.json().get('error', {})
    return reply.status, e.get('key'), e.get('field')


def contracts(t, x, s):
    made = add(x, 'mori', 'contract', {'name': '利用契約', 'from_at': '令和8年4月1日', 'until_at': 'R9.3.31', 'law': '日本', 'notice_days': '３０'}, s)
    t.is_(made.status, 201, 'the manager of a service records its contract')
    row = 'contract:' + made.json()['id']
    got = x.good(x.get('mori', API + '/rows/' + row))
    t.is_({c: got['cells'][c]['text'] for c in ('from_at', 'until_at', 'law', 'notice_days', 'state')},
          {'from_at': '2026-04-01', 'until_at': '2027-03-31', 'law': '日本', 'notice_days': '30', 'state': '有効'}, 'days, countries and digits are read as people write them')
    t.is_((got['of']['id'], got['of']['text'], got['may']), (s, '会議サービス', {'change': True, 'end': True}), 'it says which service it is of, and what may be done')
    t.is_(key(add(x, 'mori', 'contract', {'name': '保守', 'from_at': '8.4.1'}, s)), (400, 'wareki.era-missing', 'from_at'), 'a day without its era is refused at its column')
    t.is_(key(add(x, 'mori', 'contract', {'from_at': '2026-04-01'}, s)), (400, 'record.required', 'name'), 'so is a missing name')
    t.is_(key(add(x, 'mori', 'contract', {'name': '利用契約', 'from_at': '2026-04-01'}, s)), (409, 'record.twice', 'name'), 'and a second of the same name')
    t.is_(key(change(x, 'mori', row, {'until_at': '2026-03-01'})), (400, 'record.until-before-from', 'until_at'), 'it cannot end before it begins')
    t.is_(key(change(x, 'mori', row, {'state': 'ended'})), (400, 'record.fixed', 'state'), 'its state is not typed')
    t.is_(change(x, 'mori', row, {'until_at': '2028-03-31', 'damages': '上限は年額。'}).status, 200, 'it is prolonged')
    t.is_(key(change(x, 'mori', row, {'until_at': '2029-03-31'}, rev=1)), (409, 'common.rev.moved', None), 'not by who saw it before that')
    t.is_(key(change(x, 'sato', row, {'until_at': '2029-03-31'})), (404, 'record.absent', None), 'for others it is not there')
    t.is_((names(rows(x, 'mori', 'contract', of=s)), rows(x, 'sato', 'contract')['items'], names(rows(x, 'nagai', 'contract'))), (['利用契約'], [], ['利用契約']),
          'the list: for the manager, for others, for auditors')
    return row


def history(t, x, row):
    lines = x.good(x.get('mori', '%s/rows/%s/history' % (API, row)))['items']
    t.is_([(i['type'], i['actor']['name'], {c['column']: (c['before'], c['after']) for c in i['changed']}) for i in lines][0],
          ('contract.changed', '森', {'until_at': ('2027-03-31', '2028-03-31'), 'damages': ('', '上限は年額。')}), 'who changed what, from what to what')
    t.is_((lines[-1]['type'], lines[-1]['type_text']['ja'], len(lines)), ('contract.recorded', '契約の台帳への記録', 2), 'down to the day it was written')
    t.is_(x.get('sato', '%s/rows/%s/history' % (API, row)).status, 404, 'not for who may not see it')
    end = x.post('mori', '%s/rows/%s/end' % (API, row), {'reason': '解約した。', 'rev': 2})
    t.is_(end.status, 200, 'it ends with a reason')
    t.is_(x.good(x.get('mori', API + '/rows/' + row))['may'], {'change': False, 'end': False}, 'and is not changed any more')
    t.is_(key(change(x, 'mori', row, {'number': '1'})), (409, 'record.over', None), 'by nobody')


def manager(t, x, s):
    service = 'service:' + s
    t.is_(key(change(x, 'mori', service, {'deputy': '佐藤'}, reason='x')), (403, 'record.change.role', None), 'a manager does not name their successor')
    t.is_(key(change(x, 'ono', service, {'manager': '佐藤'})), (400, 'common.reason.missing', 'reason'), 'the secretariat does, with a reason')
    t.is_(key(change(x, 'ono', service, {'manager': '誰か'}, reason='異動')), (400, 'record.row.absent', 'manager'), 'somebody who is there')
    t.is_(key(change(x, 'ono', service, {'review_at': '2030-01-01'}, reason='異動')), (400, 'record.fixed', 'review_at'), 'and nothing that the procedure decides')
    t.is_(change(x, 'ono', service, {'manager': '佐藤'}, reason='人事異動のため。').status, 200, 'the manager is another')
    last = [n for n in x.notices() if n['key'] == 'notice.manager'][-1]
    t.is_((last['to'], last['args'][0]), (['sato'], '会議サービス'), 'who is told of it')
    t.is_((add(x, 'sato', 'account', {'name': 'admin', 'kind': '管理者'}, s).status, add(x, 'mori', 'account', {'name': 'other', 'kind': '管理者'}, s).status), (201, 403),
          'and looks after what hangs on it, where the one before does not')
    line = x.good(x.get('nagai', '%s/rows/%s/history' % (API, service)))['items'][0]
    t.is_([(c['before'], c['after']) for c in line['changed'] if c['column'] == 'manager'], [('森', '佐藤')], 'the history has both names')
    gone = x.good(add(x, 'ono', 'person', {'name': '去田', 'section': '税務課', 'number': '0099'}))
    t.is_(x.post('ono', '%s/rows/person:%s/end' % (API, gone['id']), {'reason': '退職', 'rev': 1}).status, 200, 'somebody leaves')
    t.is_([key(change(x, 'ono', service, {'manager': who}, reason='異動')) for who in ('去田', gone['id'], '0099')], [(400, 'record.row.ended', 'manager')] * 3,
          'and cannot be named, by name, id or number')


def transitional(t, x):
    cells = {'name': '翻訳サービス', 'provider': '例', 'section': '税務課', 'manager': '森'}
    t.is_(key(add(x, 'ono', 'service', cells)), (400, 'record.service.apply-by', 'apply_by_at'), 'a service that was not approved needs a day by which it is applied for')
    made = x.good(add(x, 'ono', 'service', {**cells, 'apply_by_at': '2026-09-30'}))
    t.is_(x.good(x.get('sato', API + '/rows/service:' + made['id']))['cells']['state']['value'], 'transitional', 'it is in use without approval, and the list says so')
    t.is_(key(add(x, 'ono', 'service', {**cells, 'apply_by_at': '2026-09-30'})), (409, 'record.twice', 'name'), 'once')
    t.is_(key(add(x, 'mori', 'service', {**cells, 'name': '別', 'apply_by_at': '2026-09-30'})), (403, 'record.add.role', None), 'only the secretariat writes that')


def bodies(t, x):
    x.good(add(x, 'ono', 'section', {'name': '税務課', 'body': 'KYO'}))
    x.good(add(x, 'ono', 'section', {'name': '産業振興課'}))
    made = [x.submit(who, 'everything', large.answers(x, title='別の%d' % i))['number'].rsplit('-', 3)[0] for i, who in enumerate(('sato', 'mori'))]
    t.is_(made, ['SHI', 'KYO'], 'numbers begin with the body of the section')
    t.is_(key(add(x, 'ono', 'contact', {'name': '係', 'kind': 'staff', 'hours': 'always', 'rank': '1', 'person': '誰か'})), (400, 'record.row.absent', 'person'), 'a contact names somebody who is there')


def pages(t, x):
    for i in range(60):
        x.good(add(x, 'ono', 'provider', {'name': '事業者%02d' % i, 'country': 'JP' if i % 2 else 'US'}))
    first = rows(x, 'ono', 'provider')
    second = rows(x, 'ono', 'provider', after=first['next'])
    all_names = names(first) + names(second)
    t.is_((len(first['items']), first['total'], second.get('next'), all_names == sorted(set(all_names)), len(all_names)), (50, 61, None, True, 61), 'a page of 50, and the rest, each once and in order')
    t.is_((names(rows(x, 'ono', 'provider', q='事業者5'))[0], rows(x, 'ono', 'provider', q='事業者5')['total']), ('事業者50', 10), 'found by words')
    t.is_(names(rows(x, 'sato', 'provider')), ['例'], 'whoever manages one service sees its provider')
    t.is_((rows(x, 'ito', 'person', section='産業振興課')['total'], 'mail' in x.good(x.get('ito', API + '/rows/person:' + x.id('sato')))['cells']), (4, False),
          'people by section, their addresses only for who keeps them')
    t.is_([(r['id'], r['writes']) for r in x.good(x.get('nagai', API + '/registers'))['items'] if r['id'] in ('service', 'finding', 'contact')],
          [('service', False), ('contact', False)], 'the registers that somebody may see')


# ---- what an approval writes into the registers (packs/mic-r4) ----

def approval(t, x):
    cells = {'name': service_use.DATA['forms']['service-use']['service_name'], 'provider': '', 'section': '産業振興課', 'manager': '佐藤', 'apply_by_at': '2026-09-30'}
    provider = x.good(add(x, 'kudo', 'provider', {'name': service_use.DATA['forms']['service-use']['provider_name']}))['id']
    twin = x.good(add(x, 'kudo', 'service', {**cells, 'provider': provider}))['id']
    before = x.good(add(x, 'kudo', 'contract', {'name': '前の契約', 'from_at': '2024-04-01'}, twin))['id']
    done = service_use.approved(x, x.id('yamada'), x.id('mori'))
    s = done['service']['id']
    t.is_(s, twin, 'the approval is for the service that was in use already: its row, its id')
    got = x.good(x.get('sato', API + '/rows/service:' + s))['cells']
    t.is_({c: got[c]['value'] for c in ('state', 'apply_by_at', 'kind')}, {'state': 'approved', 'apply_by_at': '', 'kind': service_use.DATA['forms']['service-use']['service_type']},
          'approved, and no longer due for application')
    t.is_(rows(x, 'kudo', 'service')['total'], 1, 'no approved service stands beside its twin')
    t.is_([n['to'] for n in x.notices() if n['key'] == 'notice.appointed'], [['yamada', 'mori']], 'its manager and deputy are told')
    sheet, own = service_use.DATA['forms']['service-provider'], service_use.DATA['forms']['service-secretariat']
    count = {r: rows(x, 'yamada', r, of=s)['total'] for r in ('certificate', 'contract', 'flow', 'responsibility', 'subcontractor', 'use')}
    t.is_(count, {'certificate': len(sheet['certificates']), 'contract': 2, 'flow': len(own['flow']), 'responsibility': len(own['responsibility']),
                  'subcontractor': len(sheet.get('subcontractors', [])), 'use': 1}, 'what was answered stands in the registers')
    contract = next(i for i in rows(x, 'yamada', 'contract', of=s)['items'] if i['id'] != before)
    full = x.good(x.get('yamada', API + '/rows/contract:' + contract['id']))['cells']
    t.is_({c: full[c]['value'] for c in ('law', 'court_kind', 'rto_hours', 'notice_days', 'backup_level', 'state')},
          {'law': sheet['governing_law'], 'court_kind': sheet['court_kind'], 'rto_hours': sheet['rto_hours'], 'notice_days': sheet['notice_days'],
           'backup_level': sheet['backup_level'], 'state': 'active'}, 'the contract as the provider answered')
    t.is_(x.good(x.get('yamada', API + '/rows/provider:' + provider))['cells']['contact']['value'], sheet['incident_contact'], 'whom to call at the provider')
    for cell in ({'conf2plus': '0' if got['conf2plus']['value'] == '1' else '1'}, {'domains': 'other.example.jp'}, {'until_at': '2031-03-31'}, {'name': '別の名前'}):
        rev = x.get('kudo', API + '/rows/service:' + s).json()['rev']
        t.is_(key(change(x, 'kudo', 'service:' + s, cell, rev, reason='台帳で直す')), (422, 'record.decided', next(iter(cell))), 'what was approved is not changed by whoever keeps the register: %s' % next(iter(cell)))
    return s


def review(t, x, s):
    x.clock('2027-03-01T09:00')
    old = rows(x, 'yamada', 'certificate', of=s)['items']
    first = old[0]['cells']
    lines = [{'kind': first['kind']['value'], 'number': first['number']['value'], 'until': '2029-03-31'}] + \
            [{'kind': i['cells']['kind']['value'], 'number': '新', 'until': '2030-03-31'} for i in old[1:2]]
    answers = service_forms.answers('service-review', today=x.now.date().isoformat(), classes='published', manager=x.id('yamada'), service=s, successor=s)
    a = x.submit('yamada', 'service-review', {**answers, 'certificates': lines, 'first_expiry': '2029-03-31'})['id']
    x.act('kudo', a, 'judge', {'lines': [{'document': '確認書', **line} for line in service_forms.lines('service-review', 'judge')]})
    x.decide('kudo', a)
    x.decide('hara', a)
    t.is_(x.case('kudo', a)['state'], 'approved', 'a year later the service is reviewed')
    now = {i['id']: i['cells'] for i in rows(x, 'yamada', 'certificate', of=s)['items']}
    t.is_((now[old[0]['id']]['until_at']['value'], now[old[0]['id']]['checked_at']['value']), ('2029-03-31', '2027-03-01'), 'the certificate that was shown again runs on')
    if len(old) > 1:
        t.is_((now[old[1]['id']]['state']['value'], len(now)), ('replaced', len(old) + 1), 'one with another number took the place of the older one')


def main():
    with Tap() as t:
        with town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=town.CITY, gate=None) as x:
            s = approval(t, x)
            review(t, x, s)
        with town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST, gate=None) as x:
            s = x.case('tanaka', large.approved(x))['service']['id']
            row = contracts(t, x, s)
            history(t, x, row)
            manager(t, x, s)
            transitional(t, x)
            pages(t, x)
            bodies(t, x)
            sick = x.down()
            t.is_(sick, [], 'all ended well')
            code, said = x.tool('check')
            t.ok(code == 0, 'the registers and their history are what the journal says', said)
            code, said = x.tool('rebuild')
            t.ok(code == 0, 'and come out the same when they are made anew', said)
            with sqlite3.connect(os.path.join(x.dir, 'office', 'sekisho.db')) as db:
                db.execute("DELETE FROM history WHERE idx=(SELECT max(idx) FROM history)")
            code, said = x.tool('check')
            t.ok(code != 0, 'a line of history that somebody took out is missed', said)


if __name__ == '__main__':
    main()
