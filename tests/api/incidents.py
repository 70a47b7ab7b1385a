#!/usr/bin/python3
"""incidents.py - incidents at the edge: who is refused and with which words, bodies that nobody of ours sends, what leaves the house, and
that two answers to one call, or two people at one incident, do not undo each other. Stories stand in tests/scenario/inc-*.scn.
"""
import json
import os
import sys
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import incidents  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

NOBODY = str(uuid.UUID(int=7 << 76 | 1))
API = '/api/v1/incidents'
PEOPLE = town.CITY + (('okada', '岡田', '情報政策課', 'csirt,staff'),)


def said(reply):
    """'200', or the status with the key and the field of the refusal."""
    if reply.status < 400:
        return str(reply.status)
    e = json.loads(reply.body)['error']
    return ' '.join([str(reply.status), e['key']] + ([e['field']] if e.get('field') else []))


def refusals(t, i):
    """(who, path, body, expected): nothing of it may leave an entry."""
    new = incidents.body(t, 'okada')
    grade = {'severity': 'low', 'leak': 'none', 'reason': 'x', 'rev': 1}
    return [
        ('sato', API + '/report', {}, '400 common.member.missing what'),
        ('sato', API + '/report', {'what': ' \u3000'}, '400 finding.text what'),
        ('sato', API + '/report', {'what': 'x', 'when': '2026-04-03T25:00'}, '400 form.moment when'),
        ('sato', API + '/report', {'what': 'x', 'when': '2026-04-04T10:00'}, '400 incident.later when'),
        ('sato', API + '/report', {'what': 'x', 'severity': 'worst'}, '400 incident.word severity'),
        ('sato', API + '/report', {'what': 'a\u202eb'}, '400 form.hidden-character what'),
        ('sato', API + '/report', {'what': 'x', 'host': 'a\nb'}, '400 form.one-line host'),
        ('sato', API + '/report', {'what': 'x' * 4001}, '400 form.too-long what'),
        ('sato', API + '/report', {'what': 'x', 'kind': 'alert'}, '400 common.member.unknown'),
        ('sato', API, new, '403 incident.role'),
        ('nagai', API, new, '403 incident.role'),
        ('tanaka', API, new, '403 incident.role'),
        ('okada', API, {**new, 'kind': 'x'}, '400 incident.word kind'),
        ('okada', API, {**new, 'severity': 'HIGH'}, '400 incident.word severity'),
        ('okada', API, {**new, 'leak': ''}, '400 incident.word leak'),
        ('okada', API, {**new, 'people': 3}, '422 incident.no-leak people'),
        ('okada', API, {**new, 'people': '3'}, '400 common.member.type people'),
        ('okada', API, {**new, 'leak': 'certain', 'people': -1}, '400 incident.people people'),
        ('okada', API, {**new, 'leak': 'certain', 'people': 101, 'grounds': 'none'}, '422 incident.many grounds'),
        ('okada', API, {**new, 'leak': 'certain', 'grounds': 'many many'}, '400 incident.grounds grounds'),
        ('okada', API, {**new, 'leak': 'certain', 'grounds': 'none  many'}, '400 incident.grounds grounds'),
        ('okada', API, {**new, 'title': ''}, '400 incident.text title'),
        ('okada', API, {**new, 'lead': NOBODY}, '400 incident.person lead'),
        ('okada', API, {**new, 'service': NOBODY}, '400 incident.service service'),
        ('okada', API, {**new, 'findings': [NOBODY]}, '400 finding.absent findings'),
        ('okada', API, {**new, 'findings': [1]}, '400 finding.absent findings'),
        ('okada', API, {**new, 'findings': [NOBODY] * 51}, '400 common.member.long findings'),
        ('okada', API, {**new, 'found_at': '2027-01-01T00:00'}, '400 incident.later found_at'),
        ('okada', API + '/%s/grade' % NOBODY, grade, '404 incident.absent'),
        ('okada', API + '/x/grade', grade, '404 incident.absent'),
        ('sato', API + '/%s/grade' % i, grade, '404 incident.absent'),
        ('tanaka', API + '/%s/grade' % i, grade, '404 incident.absent'),
        ('nagai', API + '/%s/grade' % i, grade, '403 incident.role'),
        ('okada', API + '/%s/grade' % i, {**grade, 'rev': 9}, '409 common.rev.moved'),
        ('okada', API + '/%s/grade' % i, {**grade, 'reason': ''}, '400 common.reason.missing reason'),
        ('okada', API + '/%s/log' % i, {'kind': 'x', 'text': 'y'}, '400 incident.word kind'),
        ('okada', API + '/%s/log' % i, {'kind': 'done', 'text': ''}, '400 incident.text text'),
        ('okada', API + '/%s/log' % i, {'kind': 'done', 'text': 'y', 'at': '2026-04-03T23:00'}, '400 incident.later at'),
        ('okada', API + '/%s/lead' % i, {'lead': 'x', 'reason': 'y', 'rev': 1}, '400 incident.person lead'),
        ('okada', API + '/%s/sheet' % i, {'answers': {'nothing': 'x'}, 'rev': 1}, '400 form.unknown-field'),
        ('okada', API + '/%s/sheet' % i, {'answers': {'occurred_on': '2026-04-31'}, 'rev': 1}, '400 wareki.no-such-day occurred_on'),
        ('okada', API + '/%s/contain' % i, {'text': ' ', 'rev': 1}, '400 incident.text text'),
        ('okada', API + '/%s/close' % i, {'conclusion': 'x', 'rev': 1}, '409 incident.not-contained'),
        ('abe', API + '/%s/close' % i, {'conclusion': 'x', 'rev': 1}, '403 incident.lead'),
        ('abe', API + '/%s/confirm' % i, {'decision': 'approve', 'reason': '', 'rev': 1}, '409 incident.state'),
        ('abe', API + '/%s/confirm' % i, {'decision': 'yes', 'reason': '', 'rev': 1}, '400 incident.word decision'),
        ('okada', '/api/v1/clocks/%s/reported' % NOBODY, {'reported_on': 'x', 'receiver': 'y', 'document': 'z', 'rev': 1}, '400 wareki.unreadable reported_on'),
        ('okada', '/api/v1/clocks/%s/reported' % NOBODY, {'reported_on': '2026-04-03', 'receiver': 'y', 'document': 'z', 'rev': 1}, '404 clock.absent'),
        ('okada', '/api/v1/alerts/%s/acknowledge' % NOBODY, {'how': 'x'}, '404 alert.absent'),
        ('okada', '/api/v1/contacts/%s/checked' % NOBODY, {'how': 'x', 'rev': 1}, '404 contact.absent'),
    ]


def edge(t, house):
    i = incidents.opened(house, 'okada')
    rows = refusals(house, i)
    for who in sorted({r[0] for r in rows}):
        house.person(who)                       # signing in is an entry of its own
    before, got = house.size(), []
    for who, path, body, want in rows:
        r = said(house.post(who, path, body))
        if r != want:
            got.append('%s %s %.80s: %s, not %s' % (who, path.rsplit('/', 1)[-1], body, r, want))
    t.is_(got, [], '%d refusals say what is wrong' % len(rows))
    t.is_(house.size(), before, 'and leave no entry')
    for view in ('findings?view=x', 'incidents?view=x'):
        t.is_(house.get('okada', '/api/v1/' + view).status, 400, view)
    sees = {who: house.get(who, API + '/' + i).status for who in ('okada', 'kudo', 'abe', 'mizuno', 'nagai', 'sato', 'suzuki', 'tanaka', 'hara')}
    t.is_(sees, {'okada': 200, 'kudo': 200, 'abe': 200, 'mizuno': 200, 'nagai': 200, 'sato': 404, 'suzuki': 404, 'tanaka': 404, 'hara': 404}, 'who sees an incident')
    return i


def leaves(t, house):
    """Notices go to every sink: no name, no number, nothing of what was said."""
    incidents.contact(house, 'kudo', '山本花子', phone='090-1111-2222', mail='hanako@example.jp')
    incidents.contact(house, 'kudo', '電話番', rank='2', phone='090-3333-4444')
    incidents.report(house, what='秘密の中身', host='PHONE-77')
    i = incidents.opened(house, 'okada', severity='high', title='秘密の件名', text='秘密の経過')
    out = json.dumps(house.notices(), ensure_ascii=False)
    t.is_([w for w in ('秘密', '山本', '090-', 'hanako', 'PHONE-77', '佐藤', '岡田') if w in out], [], 'notices hold nothing of it')
    plain, handler = (house.good(house.get(who, '/api/v1/contacts/now'))['items'] for who in ('sato', 'okada'))
    t.is_(('phone' in plain[0], 'mail' in plain[0], handler[0]['phone']), (False, False, '090-1111-2222'), 'telephone numbers are for those who call')
    return i


def at_once(t, house, i):
    a = incidents.seen(house, 'okada', i)['alerts'][0]['id']
    t.is_(said(house.post('sato', '/api/v1/alerts/%s/acknowledge' % a, {'how': 'x'})), '404 alert.absent', 'whoever was not called does not answer')
    t.is_(said(house.post('kudo', '/api/v1/alerts/%s/acknowledge' % a, {'how': '電話がつながった。'})), '200', 'who handles it writes that they were reached')
    t.is_(said(house.post('okada', '/api/v1/alerts/%s/acknowledge' % a, {'how': '私も。'})), '409 alert.answered', 'a second answer is told so')
    seen = incidents.seen(house, 'okada', i)
    body = {'severity': 'high', 'leak': 'possible', 'reason': '分からない。', 'rev': seen['rev']}
    t.is_([said(house.post(who, API + '/%s/grade' % i, body)) for who in ('okada', 'kudo')], ['200', '409 common.rev.moved'], 'of two who grade at once, one looks again')
    d = incidents.seen(house, 'okada', i)['clocks'][0]
    t.is_(said(house.post('okada', '/api/v1/duties/%s/close' % d['id'], {'evidence': '報告した。', 'rev': d['rev']})), '422 duty.clock', 'words alone end no clock')
    numbers = [house.good(house.post('okada', API, incidents.body(house, 'okada')))['number'] for _ in range(2)]
    t.is_(numbers, ['SHI-INC-R8-0003', 'SHI-INC-R8-0004'], 'numbers without a gap')


def main():
    with Tap() as t, town.Town(at='2026-04-03T22:00', pack='packs/mic-r4', people=PEOPLE, gate=None) as house:
        edge(t, house)
        at_once(t, house, leaves(t, house))
        sick = house.down()
        t.is_(sick, [], 'the office ends well')
        for words, want in (('check', 'verified'), ('rebuild', 'identical')):
            status, text = house.tool(words)
            t.ok(status == 0 and want in text, '%s says %s' % (words, want), text)


if __name__ == '__main__':
    main()
