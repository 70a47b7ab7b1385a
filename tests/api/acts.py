#!/usr/bin/python3
"""acts.py - the acts of chapter 8.2 at the edge: who is refused and with which words, bodies that nobody of ours sends, who is told,
who sees what waits, and what time does. What core decides has its own tests; here it must arrive.
"""
import json
import os
import sys
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import large  # noqa: E402
import scgi  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

NOBODY = str(uuid.UUID(int=7 << 76 | 1))
GONE = '404 application.absent'


def said(reply):
    """'200', or the status with the key and the field of the refusal."""
    if reply.status < 400:
        return str(reply.status)
    e = json.loads(reply.body)['error']
    return ' '.join([str(reply.status), e['key']] + ([e['field']] if 'field' in e else []))


def judged(line):
    return {'lines': [{'criterion': 'place', 'result': 'met', 'article': '第3条', **line}]}


def refusals(a):
    """(who, verb, body, expected) on a case that waits for the secretariat's judgement; sato filed it. The revision is as of now."""
    sheet = {'sheet': 'provider-sheet', 'answers': large.SHEET}
    rate = {'axis': 'confidentiality', 'level': 'c3', 'reason': 'x'}
    return [
        # not theirs: whoever has no part in it learns nothing
        *[(who, verb, body, GONE) for who in ('ito', 'mori', 'yamada') for verb, body in (
            ('fill', sheet), ('judge', judged({})), ('rate', rate), ('decide', {'decision': 'approve', 'reason': ''}), ('withdraw', {'reason': 'x'}),
            ('correct', {'answers': {}, 'reason': 'x'}), ('resubmit', {'answers': {}}))],
        # theirs, but not to do
        ('sato', 'fill', sheet, '403 fill.role'),
        ('sato', 'judge', judged({}), '403 decide.role'),
        ('suzuki', 'judge', judged({}), '403 decide.role'),
        ('nagai', 'judge', judged({}), '403 decide.role'),
        ('tanaka', 'decide', {'decision': 'approve', 'reason': ''}, '403 decide.role'),
        ('nagai', 'decide', {'decision': 'reject', 'reason': 'x'}, '403 decide.role'),
        ('sato', 'decide', {'decision': 'approve', 'reason': ''}, '403 decide.role'),
        ('sato', 'rate', rate, '403 decide.role'),
        ('ono', 'withdraw', {'reason': 'x'}, '403 withdraw.role'),
        ('ono', 'correct', {'answers': 'ALL', 'reason': 'x'}, '403 resubmit.role'),
        # not now
        ('suzuki', 'decide', {'decision': 'approve', 'reason': ''}, '409 decide.early'),
        ('abe', 'rate', rate, '409 decide.over'),
        ('sato', 'resubmit', {'answers': 'ALL'}, '409 resubmit.over'),
        ('ono', 'decide', {'decision': 'approve', 'reason': ''}, '422 decide.open'),
        # missing words
        ('ono', 'decide', {'decision': 'return', 'reason': ' '}, '400 common.reason.missing reason'),
        ('sato', 'correct', {'answers': 'ALL', 'reason': '\u3000'}, '400 common.reason.missing reason'),
        ('sato', 'withdraw', {'reason': ''}, '400 common.reason.missing reason'),
        ('ono', 'judge', judged({'article': ''}), '422 open.criterion.article place'),
        ('ono', 'judge', judged({'result': 'not-applicable', 'reason': 'x'}), '422 open.criterion.always place'),
        ('ono', 'judge', judged({'result': 'exception'}), '422 open.criterion.exception place'),
        ('ono', 'judge', {'lines': [{'criterion': 'advice', 'result': 'unmet'}]}, '422 open.criterion.reason advice'),
        # shapes
        ('ono', 'judge', {'lines': []}, '400 judge.none'),
        ('ono', 'judge', {'lines': {}}, '400 common.member.type lines'),
        ('ono', 'judge', {'lines': ['place']}, '400 common.member.type lines'),
        ('ono', 'judge', {'lines': [[]]}, '400 common.member.type lines'),
        ('ono', 'judge', {'lines': [{'criterion': 'place'}]}, '400 common.member.missing result'),
        ('ono', 'judge', {'lines': [{'criterion': 'place', 'result': 'met', 'x': 1}]}, '400 common.member.unknown'),
        ('ono', 'judge', judged({'result': 'Met'}), '400 judge.result result'),
        ('ono', 'judge', judged({'said_on': '2026-02-30'}), '400 wareki.no-such-day said_on'),
        ('ono', 'judge', judged({'answer': 'maybe'}), '400 judge.answer'),
        ('ono', 'judge', judged({'reason': 'a\u202eb'}), '400 form.hidden-character reason'),
        ('ono', 'judge', judged({'article': 'a\nb'}), '400 form.one-line article'),
        ('ono', 'judge', judged({'criterion': 'x'}), '400 judge.criterion'),
        ('ono', 'judge', {'lines': judged({})['lines'] * 2}, '400 judge.twice'),
        ('ono', 'judge', {'lines': judged({})['lines'] * 201}, '400 judge.many lines'),
        ('ono', 'fill', {'sheet': 'x', 'answers': {}}, '400 form.absent sheet'),
        ('ono', 'fill', {'sheet': 'everything', 'answers': {}}, '400 form.absent sheet'),
        ('ono', 'fill', {'sheet': 'provider-sheet', 'answers': {}}, '400 form.required said_by'),
        ('ono', 'fill', {'sheet': 'provider-sheet', 'answers': {**large.SHEET, 'title': 'x'}}, '400 form.unknown-field'),
        ('ono', 'fill', {'sheet': 'provider-sheet', 'answers': {**large.SHEET, 'recovery_hours': '48'}}, '400 form.required odd_reason'),   # volume is "many": the case is asked
        ('ono', 'decide', {'decision': 'approve', 'reason': '', 'step': 'x'}, '403 decide.role'),
        ('ono', 'decide', {'decision': 'approve', 'reason': '', 'condition_due': 'soon'}, '400 wareki.unreadable condition_due'),
        ('ono', 'decide', {'decision': 'approve', 'reason': '', 'document': 'a\u200bb'}, '400 form.hidden-character document'),
        ('ono', 'decide', {'decision': 'approve', 'reason': '', 'by': 'abe'}, '400 common.member.unknown'),
        ('ono', 'decide', {'decision': 'return', 'reason': 'x', 'to': 'decide'}, '400 decide.to to'),
        ('ono', 'decide', {'decision': 'reject', 'reason': 'x'}, '400 decide.kind decision'),
        ('sato', 'correct', {'answers': {'title': 'x'}, 'reason': 'x'}, '400 form.required about_people'),
    ]


def check_refusals(t, house):
    a = large.filed(house)
    before, rev, wrong = house.size(), house.case('tanaka', a)['rev'], []
    for who, verb, body, want in refusals(a):
        body = {k: large.answers(house) if v == 'ALL' else v for k, v in body.items()}
        got = said(house.try_act(who, a, verb, body, rev))
        if got != want:
            wrong.append('%s %s %s: %s, want %s' % (who, verb, str(body)[:80], got, want))
    for verb, body in (('fill', {'sheet': 'provider-sheet', 'answers': large.SHEET}), ('judge', judged({})), ('correct', {'answers': large.answers(house), 'reason': 'x'})):
        for seen in (0, rev + 1, -1, 2 ** 62):
            got = said(house.try_act('sato' if verb == 'correct' else 'ono', a, verb, body, seen))
            if got != '409 common.rev.moved':
                wrong.append('%s with revision %d: %s' % (verb, seen, got))
    t.ok(not wrong, '%d refusals come with their words' % len(refusals(a)), '\n'.join(wrong))
    t.is_(house.size(), before, 'and leave no entry')


def hostile(t, house):
    """Bodies nobody of ours sends, at each new route."""
    s = house.person('ono')
    params = {'HTTP_COOKIE': s.cookie, 'HTTP_X_SEKISHO_CSRF': s.csrf, 'CONTENT_TYPE': 'application/json', **scgi.ORIGIN}
    a = large.filed(house)
    before, wrong, n = house.size(), [], 0
    api = '/api/v1'
    routes = ['%s/applications/%s/%s' % (api, a, v) for v in ('resubmit', 'correct', 'fill', 'judge', 'rate', 'decide', 'withdraw')]
    routes += [api + '/applications', api + '/forms/everything/check', api + '/duties/%s/close' % NOBODY, api + '/deputies', api + '/deputies/%s/end' % NOBODY]
    bodies = [b'', b'[]', b'null', b'{', b'{}', b'{"rev":1,"rev":1}', b'{"lines":' + b'[' * 3000, b'{"answers":' * 500 + b'1' + b'}' * 500, b'\xff\xfe', b'{"reason":"\\ud800"}',
              b'{"answers":{"partners":[{"name":"a\\u0000b"}]}}', b'{"lines":[{"criterion":"' + b'x' * 3000 + b'","result":"met"}],"rev":1}', b'"' + b'x' * 2000 + b'"', b' ' * 131073]
    for route in routes:
        for body in bodies:
            r = house.user('POST', route, body, params)
            n += 1
            if r.status not in (400, 404, 413) or json.loads(r.body)['error']['key'] == 'common.internal':
                wrong.append('%s %r: %d %s' % (route, body[:40], r.status, r.body[:120]))
    table = [
        ('rows that are text', '[]x', '400 form.table partners'), ('an object', '{}', '400 form.table partners'), ('six rows', [{'name': 'a', 'seat': 'JP'}] * 6, '400 form.rows-many partners'),
        ('a row of a list', [['a']], '400 form.table partners.1'), ('an unknown column', [{'name': 'a', 'seat': 'JP', 'x': '1'}], '400 form.unknown-column partners.1'),
        ('a cell that is a number', [{'name': 1, 'seat': 'JP'}], '400 form.table partners.1.name'), ('an unknown country', [{'name': 'a', 'seat': 'XX'}], '400 form.choice partners.1.seat'),
        ('a hidden character', [{'name': 'a\u200bb', 'seat': 'JP'}], '400 form.hidden-character partners.1.name'), ('rows for a text', None, '400 common.member.type title'),
    ]
    for what, rows, want in table:
        given = large.answers(house, partners=rows) if rows is not None else large.answers(house, title=[{'a': 'b'}])
        got = said(house.post('sato', api + '/applications', {'form': 'everything', 'answers': given}))
        n += 1
        if got.split()[0] != '400' or got.split()[-1] != want.split()[-1]:
            wrong.append('%s: %s, want %s' % (what, got, want))
    for field, value in (('manager', NOBODY), ('manager', 'x'), ('before', NOBODY), ('related', NOBODY), ('related', a + 'x'), ('seats', '501'), ('head_office', 'jp'), ('promise', 'false'),
                         ('colours', 'green'), ('hosts', 'a b'), ('use_until', '2026-02-30'), ('volume', 'MANY')):
        got = said(house.post('sato', api + '/applications', {'form': 'everything', 'answers': large.answers(house, **{field: value})}))
        n += 1
        if got.split()[0] != '400' or got.split()[-1] != field:
            wrong.append('%s = %r: %s' % (field, value, got))
    got = said(house.post('mori', api + '/applications', {'form': 'everything', 'answers': large.answers(house, related=a)}))
    if got != '400 form.application related':
        wrong.append("an application that the asker may not see: " + got)
    t.ok(not wrong, '%d hostile requests are refused by name' % n, '\n'.join(wrong))
    t.is_(house.size(), before, 'and leave no entry')


def waits_for(house, login):
    return [i['id'] for i in house.get(login, '/api/v1/applications?view=waiting').json()['items']]


def everybody_finds_their_turn(t, house):
    """The list of what waits follows the case from hand to hand; whoever is next is told, once."""
    a = large.filed(house)
    people, wrong = ('sato', 'ono', 'kudo', 'suzuki', 'kimura', 'ito', 'abe', 'hara', 'nagai'), []

    def turn(what, *who):
        got = [p for p in people if a in waits_for(house, p)]
        if got != [p for p in people if p in who]:
            wrong.append('%s: waits for %s, want %s' % (what, got, who))
        told = [n['to'] for n in house.notices() if n['ref'] == a and n['key'] == 'notice.waiting'][-1]
        if sorted(told) != sorted(who):
            wrong.append('%s: told %s, want %s' % (what, told, who))
    turn('filed', 'ono', 'kudo')
    house.act('ono', a, 'fill', {'sheet': 'provider-sheet', 'answers': large.SHEET})
    house.act('ono', a, 'judge', {'lines': large.LINES})
    house.decide('ono', a)
    turn('judged', 'suzuki', 'kimura')
    house.decide('suzuki', a)
    turn('agreed', 'kudo')
    house.decide('kudo', a)
    turn('checked', 'ono', 'kudo')
    house.decide('ono', a, **large.PAPER)
    turn('entered', 'kudo')
    house.decide('kudo', a)
    turn('confirmed', 'abe')
    house.decide('abe', a)
    t.ok(not wrong, 'what waits, and who is told, follow the case', '\n'.join(wrong))
    keys = {n['key']: n['to'] for n in house.notices() if n['ref'] == a}
    t.is_((keys.get('notice.decided'), keys.get('notice.appointed')), (['sato'], ['mori', 'yamada']), 'the applicant hears the decision, the manager the appointment')
    t.ok('notice.duty' in keys, 'and whom a duty binds', keys)
    types = [e['type'] for e in house.case('sato', a)['timeline']]
    t.is_(types.count('application.advanced'), 1, 'the machine step is an entry of its own, in the same breath')
    t.ok({'application.filled', 'application.judged'} <= set(types), 'sheet and lines stand in the timeline', types)


def drafted_by_another(t, house):
    a = house.submit('kudo', 'everything', large.answers(house), applicant='sato')['id']
    case = house.case('sato', a)
    t.is_((case['applicant']['name'], case['drafter']['name']), ('佐藤', '工藤'), 'drafted by one in the name of another')
    t.is_([[i['id'] for i in house.get(who, '/api/v1/applications?view=' + v).json()['items'] if i['id'] == a] for who, v in (('kudo', 'drafted'), ('sato', 'mine'), ('sato', 'drafted'))],
          [[a], [a], []], 'each finds it in their own list')
    t.is_(said(house.try_act('kudo', a, 'judge', judged({}))), '403 decide.self', 'the drafter judges nothing of it')
    t.is_(said(house.post('sato', '/api/v1/applications', {'form': 'everything', 'answers': large.answers(house), 'applicant': house.id('mori')})), '403 apply.draft.role',
          'who is not of the secretariat drafts for nobody')


def the_page_of_a_decision(t, house):
    a = large.judged(house)
    house.decide('ono', a)
    page = house.get('suzuki', '/decide/' + a).body.decode()
    t.ok('<dd>令和9年3月31日まで</dd>' in page, 'the page that a mail leads to says the last day that the effects will take')
    t.is_([d for d in ('approve', 'return', 'reject') if 'name="decision" value="%s"' % d in page], ['approve', 'return'], 'who only agrees cannot reject')


def by_deputy(t, house):
    day = {'from': '2026-04-01', 'until': '2026-04-02'}
    for who, body, want in (
            ('sato', {'deputy': house.id('sato'), **day}, '403 deputy.self deputy'), ('sato', {'deputy': NOBODY, **day}, '400 deputy.person.absent deputy'),
            ('sato', {'deputy': house.id('mori'), 'from': '2026-04-02', 'until': '2026-04-01'}, '422 deputy.period until'),
            ('sato', {'deputy': house.id('mori'), **day, 'role': 'ciso'}, '422 deputy.not-held role'), ('sato', {'deputy': house.id('mori'), **day, 'role': 'king'}, '400 list.role.unknown role'),
            ('sato', {'principal': house.id('suzuki'), 'deputy': house.id('mori'), **day}, '403 deputy.role'), ('sato', {'deputy': house.id('mori'), 'from': '', 'until': 'x'}, '400 form.required from'),
            ('ono', {'principal': house.id('suzuki'), 'deputy': house.id('ono'), **day}, '403 deputy.self deputy'),
            ('ono', {'principal': house.id('suzuki'), 'deputy': house.id('ito'), **day}, '201')):
        t.is_(said(house.post(who, '/api/v1/deputies', body)), want, 'naming a deputy: %s' % want)
    a = large.judged(house)
    house.decide('ono', a)
    t.ok(a in waits_for(house, 'ito'), "what waits for the principal waits for the deputy of another section")
    house.decide('ito', a)
    step = house.step(a, 'agree')
    t.is_((step['decider'], step['principal']), ('伊藤', '鈴木'), 'decided by the deputy, for the principal')
    house.clock('2026-04-03T00:00')
    b = large.judged(house)
    house.decide('ono', b)
    t.is_((b in waits_for(house, 'ito'), said(house.try_act('ito', b, 'decide', {'decision': 'approve', 'reason': ''}))), (False, GONE), 'when the last day is over, so is that')
    t.is_([d['state'] for d in house.get('suzuki', '/api/v1/deputies').json()['items']], ['ended'], 'and the list says so')
    t.is_(house.get('mori', '/api/v1/deputies').json()['items'], [], 'others do not see who stands in for whom')


def what_time_does(t, house):
    """An exception ends by itself; a machine step passes when its day has come."""
    a = large.filed(house, head_office='US')
    house.act('ono', a, 'fill', {'sheet': 'provider-sheet', 'answers': large.SHEET})
    house.act('ono', a, 'judge', {'lines': large.LINES})
    t.is_(said(house.try_act('ono', a, 'decide', {'decision': 'approve', 'reason': ''})), '422 decide.open', 'a rule stands in the way')
    t.is_([(o['kind'], o['exception']) for o in house.case('ono', a)['open']], [('rule', True)], 'the page says which, and that an exception may pass it')
    large.permit_exception(house, a, 'abroad-never', '2026-04-30')
    t.is_(house.case('ono', a)['open'], [], 'with an exception it does not')
    far = large.agreed(house, use_until='2027-06-30')
    t.is_(house.step(far, 'begin')['state'], 'waiting', 'a machine step waits for its day')
    t.is_(said(house.try_act('abe', far, 'decide', {'decision': 'approve', 'reason': ''})), '409 decide.early', 'and holds the next')
    house.clock('2026-05-01T00:00')
    town.wait('the end of the exception', lambda: [x['state'] for x in house.case('tanaka', a)['exceptions']] == ['expired'])
    town.wait('its entry', lambda: 'exception.expired' in [e['type'] for e in house.case('tanaka', a)['timeline']])
    t.is_(said(house.try_act('ono', a, 'decide', {'decision': 'approve', 'reason': ''})), '422 decide.open', 'when it is over, the rule stands there again')
    house.clock('2026-06-01T09:00')
    town.wait('the machine step', lambda: house.step(far, 'begin')['state'] == 'approved')
    t.is_([e.get('actor') for e in house.case('tanaka', far)['timeline'] if e['type'] == 'application.advanced'], [None], 'a program did it, and it says so')
    house.decide('abe', far)


def duties(t, house):
    a = large.approved(house)
    mine = {d['kind']: d for d in house.case('tanaka', a)['duties']}
    bound = next(login for login, name in house.names.items() if name == mine['condition']['person']['name'])
    close = lambda who, d, evidence='済', rev=None: said(house.post(who, '/api/v1/duties/%s/close' % d['id'], {'evidence': evidence, 'rev': d['rev'] if rev is None else rev}))
    t.ok(mine['condition']['id'] in [d['id'] for d in house.get(bound, '/api/v1/duties').json()['items']], 'a condition is in the list of whom it binds')
    t.ok(mine['task']['id'] in [d['id'] for d in house.get('kudo', '/api/v1/duties').json()['items']], 'a task in that of who holds its role')
    t.ok(mine['task']['id'] not in [d['id'] for d in house.get('ito', '/api/v1/duties?view=all').json()['items']], 'and of nobody else')
    t.is_([close('ito', mine['task']), close('abe', mine['condition']), close('kudo', mine['task'], ' '), close('kudo', mine['task'], rev=9), close('kudo', {'id': NOBODY, 'rev': 1}),
           close('kudo', {'id': 'x', 'rev': 1})],
          ['404 duty.absent', '403 duty.role', '400 duty.evidence evidence', '409 common.rev.moved', '404 duty.absent', '404 duty.absent'], 'refusals')
    t.is_([close('kudo', mine['task']), close('kudo', mine['task'], rev=2)], ['200', '409 duty.over'], 'closed once')
    house.clock('2026-12-01T09:00')
    item = next(d for d in house.get(bound, '/api/v1/duties').json()['items'] if d['id'] == mine['condition']['id'])
    t.is_(item['overdue'], True, 'what is overdue says so')


def who_sees_a_service(t, house):
    s = house.case('tanaka', large.approved(house))['service']['id']
    see = {who: house.get(who, '/api/v1/services/' + s).json() for who in ('ito', 'mori', 'yamada', 'nagai', 'ono')}
    t.is_({who: (bool(v['applications']), bool(v['duties'])) for who, v in see.items()},
          {'ito': (False, False), 'mori': (True, True), 'yamada': (True, True), 'nagai': (True, True), 'ono': (True, True)}, 'what hangs on a service is for those who look after it')
    t.is_((see['ito']['name'], see['ito']['domains'], see['ito']['conf2plus'], see['ito']['manager']['name']), ('会議サービス', ['meet.example.jp'], True, '森'), 'the register itself is for all')
    t.is_(said(house.get('sato', '/api/v1/services/x')), '404 service.absent', 'no such service')


def main():
    scenes = (check_refusals, hostile, everybody_finds_their_turn, drafted_by_another, the_page_of_a_decision, by_deputy, what_time_does, duties, who_sees_a_service)
    with Tap() as t:
        for scene in scenes:
            with town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST) as house:
                for login in house.names:
                    house.person(login)             # so that no sign-in falls among the entries that are counted
                scene(t, house)
                t.is_(house.down(), [], '%s: the office ends clean' % scene.__name__)
                t.is_(house.tool('check')[0], 0, '%s: the journal verifies' % scene.__name__)


if __name__ == '__main__':
    main()
