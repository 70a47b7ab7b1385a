#!/usr/bin/python3
"""hostile.py - what nobody of ours would send, to a real office under sanitizers.

    hostile.py            all of it, in seconds
    hostile.py --drip     peers that send a byte now and then: they cost a worker ten seconds, no more (about 12 s)

Each request is answered by a clear error whose kind and key exist (texts/ja.yaml and texts/en.yaml), leaves no entry in the journal,
and the office lives on.
"""
import json
import os
import re
import socket
import struct
import sys
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import gate as gates  # noqa: E402
import scgi  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

KINDS = {'no-memory': 503, 'io': 503, 'full': 503, 'input': 400, 'too-big': 413, 'absent': 404, 'forbidden': 403, 'sign-in': 401, 'conflict': 409,
         'rule': 422, 'timeout': 504, 'busy': 503, 'method': 405}
GOOD = {'device_name': 'PC', 'mac': '02:00:00:00:00:01', 'purpose': '会議', 'until': '2026-04-30'}


def keys_of(lang):
    with open(os.path.join(ROOT, 'texts/%s.yaml' % lang), encoding='utf-8') as f:
        return {m.group(1) for m in (re.match(r'([a-z0-9._-]+): "', line) for line in f) if m}


KEYS = keys_of('ja') & keys_of('en')


def raw(value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def wrong(reply, want):
    """'' when the answer is the error `want` ("status key" or "status key field"), else why not."""
    try:
        body = json.loads(reply.body)
        e = body['error']
    except (ValueError, KeyError, TypeError):
        return 'not an error: %d %s' % (reply.status, reply.body[:200])
    if set(body) != {'error'} or not {'kind', 'key', 'args'} <= set(e) or set(e) - {'kind', 'key', 'args', 'field'}:
        return 'other members: %s' % reply.body[:200]
    if KINDS.get(e['kind']) != reply.status:
        return 'kind %s with status %d' % (e['kind'], reply.status)
    if e['key'] not in KEYS:
        return 'no words for the key %s' % e['key']
    if not all(isinstance(a, str) for a in e['args']):
        return 'args %r' % e['args']
    got = '%d %s' % (reply.status, e['key'])
    field = ' ' + e.get('field', '') if want.count(' ') > 1 else ''
    return '' if got + field == want else 'got %s field %r, want %s' % (got, e.get('field'), want)


def lead(s):
    """A byte run of a JSON object's answers, one of them as given."""
    return lambda value: b'{"form":"network-connection","answers":{"device_name":' + value + b',"mac":"02:00:00:00:00:01","purpose":"x","until":"2026-04-30"}}'


def answers(**bend):
    return {'form': 'network-connection', 'answers': {k: v for k, v in {**GOOD, **bend}.items() if v is not None}}


def bodies():
    """(what, body, expected) for POST /api/v1/applications."""
    one = lead('device_name')
    return [
        ('nothing', b'', '400 common.json.bad'),
        ('no JSON', b'form=x', '400 common.json.bad'),
        ('a list', b'[]', '400 common.json.bad'),
        ('cut', raw(answers())[:-1], '400 common.json.bad'),
        ('two documents', raw(answers()) * 2, '400 common.json.bad'),
        ('a key twice', b'{"form":"a","form":"network-connection","answers":{}}', '400 common.json.bad'),
        ('an answer twice', b'{"form":"network-connection","answers":{"mac":"1","mac":"2"}}', '400 common.json.bad'),
        ('an answer twice, escaped', b'{"form":"network-connection","answers":{"mac":"1","m\\u0061c":"2"}}', '400 common.json.bad'),
        ('1e400', b'{"form":1e400,"answers":{}}', '400 common.json.bad'),
        ('a number of 70 digits', b'{"form":' + b'9' * 70 + b',"answers":{}}', '400 common.json.bad'),
        ('lone surrogate', one(b'"\\ud800"'), '400 common.json.bad'),
        ('surrogates the wrong way', one(b'"\\udc00\\ud800"'), '400 common.json.bad'),
        ('escaped NUL', one(b'"a\\u0000b"'), '400 common.json.bad'),
        ('NUL', one(b'"a\0b"'), '400 common.json.bad'),
        ('line break', one(b'"a\nb"'), '400 common.json.bad'),
        ('half of UTF-8', one(b'"\xe7\x94"'), '400 common.json.bad'),
        ('overlong UTF-8', one(b'"\xc0\xaf"'), '400 common.json.bad'),
        ('a surrogate in UTF-8', one(b'"\xed\xa0\x80"'), '400 common.json.bad'),
        ('beyond Unicode', one(b'"\xf4\x90\x80\x80"'), '400 common.json.bad'),
        ('lists 10,000 deep', b'{"form":' + b'[' * 10000, '400 common.json.bad'),
        ('lists 10,000 deep and closed', b'{"answers":{},"form":' + b'[' * 10000 + b']' * 10000 + b'}', '400 common.json.bad'),
        ('objects 2,000 deep', b'{"answers":{},"form":' + b'{"a":' * 2000 + b'1' + b'}' * 2001, '400 common.member.type form'),
        ('an unknown member', {**answers(), 'drafter': 'tanaka'}, '400 common.member.unknown'),
        ('an applicant by name', {**answers(), 'applicant': 'tanaka'}, '400 apply.applicant.absent applicant'),
        ('an applicant who is not there', {**answers(), 'applicant': '00000000-0000-7000-8000-000000000000'}, '400 apply.applicant.absent applicant'),
        ('an unknown member of 500 characters', {**answers(), '端' * 500: 1}, '400 common.member.unknown'),
        ('an unknown member that turns the text round', {**answers(), 'a\u202eb\u200b': 1}, '400 common.member.unknown'),
        ('prototype', {**answers(), '__proto__': {}}, '400 common.member.unknown'),
        ('a member missing', {'form': 'network-connection'}, '400 common.member.missing answers'),
        ('a form that is a number', {'form': 1, 'answers': {}}, '400 common.member.type form'),
        ('a form that is null', {'form': None, 'answers': {}}, '400 common.member.type form'),
        ('answers that are a list', {'form': 'network-connection', 'answers': []}, '400 common.member.type answers'),
        ('an unknown form', {'form': 'x', 'answers': {}}, '400 form.absent form'),
        ('a form of 65 characters', {'form': 'x' * 65, 'answers': {}}, '400 common.member.long form'),
        ('a path as form', {'form': '../../etc/passwd', 'answers': {}}, '400 form.absent form'),
        ('an answer that is a number', answers(device_name=1), '400 common.member.type device_name'),
        ('an answer that is true', answers(device_name=True), '400 common.member.type device_name'),
        ('an answer that is an object', answers(device_name={'a': 1}), '400 common.member.type device_name'),
        ('an unknown field', answers(state='approved'), '400 form.unknown-field'),
        ('401 answers', {'form': 'network-connection', 'answers': {'f%d' % i: '' for i in range(401)}}, '400 form.too-many'),
        ('a required answer missing', answers(device_name=None), '400 form.required device_name'),
        ('a required answer of blanks', answers(device_name=' \u3000 '), '400 form.required device_name'),
        ('right-to-left override', answers(device_name='PC\u202egpj.exe'), '400 form.hidden-character device_name'),
        ('isolate', answers(device_name='a\u2066b'), '400 form.hidden-character device_name'),
        ('zero-width space', answers(device_name='P\u200bC'), '400 form.hidden-character device_name'),
        ('zero-width joiner', answers(device_name='P\u200dC'), '400 form.hidden-character device_name'),
        ('word joiner', answers(device_name='P\u2060C'), '400 form.hidden-character device_name'),
        ('byte order mark inside', answers(device_name='P\ufeffC'), '400 form.hidden-character device_name'),
        ('escape', answers(device_name='P\x1b[2JC'), '400 form.hidden-character device_name'),
        ('delete', answers(device_name='P\x7fC'), '400 form.hidden-character device_name'),
        ('two lines in one', answers(device_name='a\nb'), '400 form.one-line device_name'),
        ('tag characters', answers(device_name='a\U000e0041b'), '400 form.hidden-character device_name'),
        ('81 characters', answers(device_name='端' * 81), '400 form.too-long device_name'),
        ('1,001 characters', answers(purpose='端' * 1001), '400 form.too-long purpose'),
        ('no MAC', answers(mac='PC'), '400 form.mac mac'),
        ('a MAC in full width', answers(mac='０２:00:00:00:00:01'), '400 form.mac mac'),
        ('a group as MAC', answers(mac='01:00:5e:00:00:01'), '400 form.mac-host mac'),
        ('all devices as MAC', answers(mac='ff:ff:ff:ff:ff:ff'), '400 form.mac-host mac'),
        ('no device as MAC', answers(mac='00:00:00:00:00:00'), '400 form.mac-host mac'),
        ('a day that is none', answers(until='2026-02-30'), '400 form.moment until'),
        ('an era', answers(until='令和8年4月30日'), '400 form.moment until'),
        ('hour 25', answers(until='2026-04-30T25:00:00Z'), '400 form.moment until'),
        ('a time without offset', answers(until='2026-04-30T10:00:00'), '400 form.moment until'),
        ('year 9999', answers(until='9999-12-31'), '422 permit.period.long until'),
        ('year 1900', answers(until='1900-01-01'), '422 permit.period.past until'),
        ('128 KiB and a byte', b' ' * 131073, '413 common.body.big'),
        ('a megabyte', b' ' * 1048576, '413 common.body.big'),
        ('128 KiB of blanks', b' ' * 131072, '400 common.json.bad'),
    ]


def reads():
    """(method, uri, expected)."""
    a, u = '/api/v1/applications', '00000000-0000-7000-8000-000000000000'
    return [
        ('GET', a + '?x=1', '400 common.parameter.unknown'),
        ('GET', a + '?view', '200'),
        ('GET', a + '?view=', '400 list.view.bad'),
        ('GET', a + '?view=everything', '400 list.view.bad'),
        ('GET', a + '?view=mine&view=all', '400 common.field.twice'),
        ('GET', a + '?view=mi%6ee', '200'),
        ('GET', a + '?view=mine%', '400 common.form.encoding'),
        ('GET', a + '?view=mine%00', '400 list.view.bad'),
        ('GET', a + '?after=1', '400 list.after.bad'),
        ('GET', a + '?after=1.x', '400 list.after.bad'),
        ('GET', a + '?after=-1.' + u, '400 list.after.bad'),
        ('GET', a + '?after=99999999999999999999.' + u, '400 list.after.bad'),
        ('GET', a + "?after=1.'%20OR%201=1--", '400 list.after.bad'),
        ('GET', a + '?after=9223372036854775807.' + u, '200'),
        ('GET', a + '?' + 'v' * 4097, '404 common.route.absent'),
        ('GET', a + '/' + u, '404 application.absent'),
        ('GET', a + '/' + u.upper().replace('7', 'A'), '404 application.absent'),
        ('GET', a + '/x', '404 application.absent'),
        ('GET', a + '/' + 'x' * 400, '404 application.absent'),
        ('GET', a + '/%2e%2e/gates', '404 common.route.absent'),
        ('GET', a + '/../gates', '404 common.route.absent'),
        ('GET', '//api/v1/session', '404 common.route.absent'),
        ('GET', '/api/v1/session/', '404 common.route.absent'),
        ('GET', '/api/v1/' + 'x' * 600, '404 common.route.absent'),
        ('GET', '/api/v1/forms/x', '404 form.absent'),
        ('GET', '/api/v1/forms/network-connection?lang=en', '400 common.parameter.unknown'),
        ('GET', '/api/v1/entries/-1/proof', '404 entry.absent'),
        ('GET', '/api/v1/entries/x/proof', '404 entry.absent'),
        ('GET', '/api/v1/entries/00/proof', '404 entry.absent'),
        ('GET', '/api/v1/entries/999999/proof', '404 entry.absent'),
        ('GET', '/api/v1/entries/18446744073709551616/proof', '404 entry.absent'),
        ('GET', '/api/v1/consistency', '400 proof.from.bad from'),
        ('GET', '/api/v1/consistency?from=0', '400 proof.from.bad from'),
        ('GET', '/api/v1/consistency?from=-1', '400 proof.from.bad from'),
        ('GET', '/api/v1/consistency?from=999999', '400 proof.from.bad from'),
        ('GET', '/api/v1/consistency?from=1&from=2', '400 common.field.twice'),
        ('GET', '/api/v1/consistency?from=1&to=2', '400 common.parameter.unknown'),
        ('PUT', a, '405 common.method.unknown'),
        ('DELETE', a + '/' + u, '405 common.method.unknown'),
        ('PATCH', a, '405 common.method.unknown'),
        ('OPTIONS', a, '405 common.method.unknown'),
        ('TRACE', '/', '405 common.method.unknown'),
        ('CONNECT', 'example.com:443', '405 common.method.unknown'),
        ('get', a, '405 common.method.unknown'),
        ('POST', '/api/v1/session', '405 common.method.unknown'),
        ('POST', '/api/v1/nothing', '404 common.route.absent'),
    ]


def frames():
    """(what, bytes, expected): things that nginx would never say; None: closed without a word."""
    def block(*pairs):
        b = b''.join(x.encode() + b'\0' for p in pairs for x in p)
        return str(len(b)).encode() + b':' + b + b','
    cl, one, get, root = ('CONTENT_LENGTH', '0'), ('SCGI', '1'), ('REQUEST_METHOD', 'GET'), ('REQUEST_URI', '/api/v1/session')
    return [
        ('nothing', b'', None),
        ('HTTP', b'GET / HTTP/1.1\r\nHost: x\r\n\r\n', '400 common.internal'),
        ('TLS', bytes.fromhex('160301020001000200fc0303'), '400 common.internal'),
        ('a netstring of nought', b'0:,', '400 common.internal'),
        ('a netstring beyond 48 KiB', b'49153:' + b'x' * 49153 + b',', '400 common.internal'),
        ('a netstring of nines', b'99999999999999999999:', '400 common.internal'),
        ('no comma', block(cl, one, get, root)[:-1] + b';', '400 common.internal'),
        ('length last', block(one, get, root, cl), '400 common.internal'),
        ('no SCGI', block(cl, get, root), '400 common.internal'),
        ('a method twice', block(cl, one, get, get, root), '400 common.internal'),
        ('a path twice', block(cl, one, get, root, root), '400 common.internal'),
        ('a cookie twice', block(cl, one, get, root, ('HTTP_COOKIE', 'a'), ('HTTP_COOKIE', 'b')), '400 common.internal'),
        ('no method', block(cl, one, root), '405 common.method.unknown'),
        ('no path', block(cl, one, get), '404 common.route.absent'),
        ('a negative length', block(('CONTENT_LENGTH', '-1'), one, get, root), '400 common.internal'),
        ('a length of 2^64', block(('CONTENT_LENGTH', '18446744073709551616'), one, get, root), '400 common.internal'),
        ('a length of 2^62', block(('CONTENT_LENGTH', '4611686018427387904'), one, get, root), '413 common.body.big'),
        ('bytes behind a GET', block(cl, one, get, root) + b'x' * 100, '401 session.none'),
        ('a cookie of 40 KiB', block(cl, one, get, root, ('HTTP_COOKIE', 'a=' + 'b' * 40000)), '401 session.none'),
        ('500 unknown names', block(cl, one, get, root, *[('HTTP_X_%d' % i, 'y') for i in range(500)]), '401 session.none'),
    ]


def sessions(s):
    """(what, parameters, expected) for GET /api/v1/session."""
    good = s.cookie.split('=', 1)[1]
    return [
        ('no cookie', {}, '401 session.none'),
        ('an empty one', {'HTTP_COOKIE': '__Host-sekisho='}, '401 session.none'),
        ('nonsense', {'HTTP_COOKIE': '__Host-sekisho=x'}, '401 session.none'),
        ('another', {'HTTP_COOKIE': '__Host-sekisho=' + '0' * 64}, '401 session.none'),
        ('capital letters', {'HTTP_COOKIE': '__Host-sekisho=' + good.upper()}, '401 session.none'),
        ('given twice', {'HTTP_COOKIE': s.cookie + '; ' + s.cookie}, '401 session.none'),
        ('after a stranger of the same name', {'HTTP_COOKIE': '__Host-sekisho=x; ' + s.cookie}, '401 session.none'),
        ('under another name', {'HTTP_COOKIE': 'sekisho=' + good}, '401 session.none'),
        ('in another case', {'HTTP_COOKIE': '__host-sekisho=' + good}, '401 session.none'),
        ('percent-encoded', {'HTTP_COOKIE': '__Host-sekisho=%' + good[1:]}, '401 session.none'),
    ]


def posts(s):
    """(what, parameters, expected) for a well-formed POST /api/v1/applications."""
    base = {'HTTP_COOKIE': s.cookie, 'CONTENT_TYPE': 'application/json', 'HTTP_X_SEKISHO_CSRF': s.csrf, **scgi.ORIGIN}
    less = lambda *names: {k: v for k, v in base.items() if k not in names}
    return [
        ('no word', less('HTTP_X_SEKISHO_CSRF'), '403 error.csrf'),
        ('an empty word', {**base, 'HTTP_X_SEKISHO_CSRF': ''}, '403 error.csrf'),
        ('half a word', {**base, 'HTTP_X_SEKISHO_CSRF': s.csrf[:32]}, '403 error.csrf'),
        ('the cookie as word', {**base, 'HTTP_X_SEKISHO_CSRF': s.cookie.split('=')[1]}, '403 error.csrf'),
        ('a foreign origin', {**base, 'HTTP_ORIGIN': 'https://evil.example'}, '403 error.csrf'),
        ('an origin that begins like ours', {**base, 'HTTP_ORIGIN': 'https://localhost:8443.evil.example'}, '403 error.csrf'),
        ('our origin without TLS', {**base, 'HTTP_ORIGIN': 'http://localhost:8443'}, '403 error.csrf'),
        ('our host on another port', {**base, 'HTTP_ORIGIN': 'https://localhost:8444'}, '403 error.csrf'),
        ('no origin to speak of', {**base, 'HTTP_ORIGIN': 'null', 'HTTP_SEC_FETCH_SITE': 'cross-site'}, '403 error.csrf'),
        ('origin null and silence', {**less('HTTP_SEC_FETCH_SITE'), 'HTTP_ORIGIN': 'null'}, '403 error.csrf'),
        ('another site', {**base, 'HTTP_SEC_FETCH_SITE': 'cross-site'}, '403 error.csrf'),
        ('the same site, not the same origin', {**base, 'HTTP_SEC_FETCH_SITE': 'same-site'}, '403 error.csrf'),
        ('a form', {**base, 'CONTENT_TYPE': 'application/x-www-form-urlencoded'}, '400 error.input'),
        ('plain text', {**base, 'CONTENT_TYPE': 'text/plain'}, '400 error.input'),
        ('no type', less('CONTENT_TYPE'), '400 error.input'),
        ('a type that begins like JSON', {**base, 'CONTENT_TYPE': 'application/jsonx'}, '400 error.input'),
    ]


def reports(g):
    """(what, members to bend, members of `applied` to bend, expected)."""
    return [
        ('another version', {'v': 2}, {}, '400 gate.wire.version'),
        ('a run that is no id', {'boot': 'x'}, {}, '400 gate.report.malformed'),
        ('another stream', {'stream': 'x'}, {}, '400 gate.report.malformed'),
        ('number nought', {'seq': 0}, {}, '400 gate.report.malformed'),
        ('a negative number', {'seq': -1}, {}, '400 gate.report.malformed'),
        ('a number far ahead', {'seq': 2 ** 40}, {}, '400 gate.report.seq'),
        ('another table', {}, {'table': g.head['seq'] + 1}, '409 gate.table.differs'),
        ('table nought', {}, {'table': 0}, '409 gate.table.differs'),
        ('a negative table', {}, {'table': -1}, '400 gate.report.malformed'),
        ('another epoch', {}, {'epoch': 2}, '409 gate.table.differs'),
        ('an epoch that is ours modulo 2^32', {}, {'epoch': 2 ** 32 + 1}, '400 gate.report.malformed'),
        ('a negative epoch', {}, {'epoch': 1 - 2 ** 32}, '400 gate.report.malformed'),
        ('another hash', {}, {'hash': '0' * 64}, '409 gate.table.differs'),
        ('half a hash', {}, {'hash': '0' * 32}, '400 gate.report.malformed'),
        ('a hash that is a number', {}, {'hash': 1}, '400 gate.report.malformed'),
        ('tomorrow', {}, {'at': town.micros('2027-01-01T00:00:00Z')}, '400 gate.report.future at'),
        ('before all time', {}, {'at': -2 ** 60}, '400 gate.report.malformed'),
        ('minus one', {}, {'at': -1}, '400 gate.report.malformed'),
        ('more elements than a table holds', {}, {'count': 2 ** 60}, '400 gate.report.malformed'),
        ('less than nothing in force', {}, {'count': -1}, '400 gate.report.malformed'),
        ('a count that is text', {}, {'count': '1'}, '400 common.member.type'),
        ('something more', {}, {'x': 1}, '400 gate.report.malformed'),
    ]


def signing_in(t, house):
    """The page without JavaScript: it answers HTML, and never leads elsewhere."""
    page = house.user('GET', '/sign-in')
    word = re.search(rb'name="csrf" value="([0-9a-f]+)"', page.body).group(1).decode()
    pre = next(v for k, v in page.headers if k == 'Set-Cookie').split(';')[0]
    good = {'csrf': word, 'next': '/', 'login': 'mori', 'password': house.passwords['mori']}

    def send(form, **params):
        body = form if isinstance(form, bytes) else urllib.parse.urlencode(form).encode()
        return house.user('POST', '/sign-in', body, {'HTTP_COOKIE': pre, 'CONTENT_TYPE': 'application/x-www-form-urlencoded', **scgi.ORIGIN, **params})

    places = []
    for to in ('//evil.example', '/\\evil.example', 'https://evil.example', '/a\r\nSet-Cookie: x=1', '/a b', '\t//evil', '', '/%0d%0aX', '/' + 'a' * 600, '/"><script>'):
        r = send({**good, 'next': to})
        at = r.header('Location')
        if r.status != 303 or not at or (at != '/' and at != to) or at.startswith('//') or '\\' in at or any(k.lower() == 'x' for k, _ in r.headers):
            places.append((to, r.status, at))
    t.is_(places, [], 'after signing in nobody is led elsewhere')
    bad = []
    for what, form, want in (
            ('no word', {**good, 'csrf': ''}, 403), ('another word', {**good, 'csrf': '0' * 64}, 403), ('a field missing', b'csrf=x', 400),
            ('a field twice', urllib.parse.urlencode(good).encode() + b'&login=x', 400), ('a field more', {**good, 'role': 'x'}, 400),
            ('bad percent', b'csrf=%zz&next=/&login=x&password=y', 400), ('NUL', {**good, 'login': 'mo\0ri'}, 401), ('no UTF-8', b'csrf=' + word.encode() + b'&next=/&login=%ff&password=x', 401),
            ('a login of 2,000 letters', {**good, 'login': 'x' * 2000}, 401), ('a password of 2,000 letters', {**good, 'password': 'x' * 2000}, 401),
            ('a login in full width', {**good, 'login': 'ｍｏｒｉ'}, 401), ('SQL', {**good, 'login': "' OR 1=1 --"}, 401), ('too big', {**good, 'password': 'x' * 5000}, 413)):
        r = send(form)
        kind = r.header('Content-Type')
        if r.status != want or b'<script' in r.body or not (kind.startswith('text/html') or r.status in (400, 413)):
            bad.append('%s: %d %s, want %d' % (what, r.status, kind, want))
    t.is_(bad, [], 'the sign-in page refuses 13 odd forms')
    r = send({**good, 'login': '"><svg onload=alert(1)>', 'password': 'x'})
    t.ok(r.status == 401 and b'<svg' not in r.body and b'&lt;svg' in r.body, 'what was typed comes back escaped', r.body[:400])
    r = send({**good, 'csrf': word}, HTTP_COOKIE='')
    t.is_(r.status, 403, 'a word without its cookie is refused')
    r = house.user('GET', '/sign-in?lang=en&x=1')
    t.ok(r.status == 400 and r.header('Content-Type').startswith('text/html'), 'an unknown parameter of a page is answered by a page')


def many(t, house, name, cases, send):
    """One line of TAP for a table of cases; the journal does not grow by any of them."""
    before, bad = house.size(), []
    for case in cases:
        try:
            why = send(case)
        except OSError as e:
            why = 'no answer: %s' % e
        if why:
            bad.append('%s: %s' % (case[0] if case[0] not in ('GET', 'POST') else ' '.join(case[:2])[:80], why))
    t.ok(not bad, '%s (%d)' % (name, len(cases)), '\n'.join(bad))
    t.is_(house.size(), before, '%s: no entry' % name)
    return len(cases)


def heads(house, s):
    bad = []
    for path in ('/sign-in', '/api/v1/session', '/api/v1/applications', '/api/v1/status', '/api/v1/checkpoint'):
        r = house.user('HEAD', path, b'', {'HTTP_COOKIE': s.cookie})
        if r.status != 200 or r.body:
            bad.append('%s: %d with %d bytes' % (path, r.status, len(r.body)))
    for path in ('/sign-out', '/api/v1/applications/x/decide'):
        if house.user('HEAD', path, b'', {'HTTP_COOKIE': s.cookie}).status != 405:
            bad.append('%s: an act by HEAD' % path)
    return bad


def all_of_it(t):
    with town.Town(at='2026-04-01T09:00') as house:
        s = house.person('sato')
        for login in ('suzuki', 'tanaka'):
            house.person(login)
        a = house.apply().json()['id']
        house.apply(mac='02:00:00:00:00:02')
        g = gates.Gate(house.sock('machine'), house.code)
        g.follow(lambda g: g.head)
        g.leave()
        n = 0

        def submit(case):
            r = house.user('POST', '/api/v1/applications', raw(case[1]), {'HTTP_COOKIE': s.cookie, 'CONTENT_TYPE': 'application/json', 'HTTP_X_SEKISHO_CSRF': s.csrf, **scgi.ORIGIN})
            return wrong(r, case[2])
        n += many(t, house, 'bodies', bodies(), submit)

        def read(case):
            params = {'HTTP_COOKIE': s.cookie, 'HTTP_X_SEKISHO_CSRF': s.csrf, 'CONTENT_TYPE': 'application/json', **scgi.ORIGIN}
            r = house.user(case[0], case[1], b'{}' if case[0] != 'GET' else b'', params)
            return wrong(r, case[2]) if case[2] != '200' else '' if r.status == 200 else 'status %d' % r.status
        n += many(t, house, 'paths and parameters', reads(), read)

        def frame(case):
            out = town.raw_call(house.sock('user'), case[1])
            return wrong(scgi.Reply(out), case[2]) if case[2] else 'said %r' % out[:80] if out else ''
        n += many(t, house, 'frames', frames(), frame)
        n += many(t, house, 'cookies', sessions(s), lambda c: wrong(house.user('GET', '/api/v1/session', b'', c[1]), c[2]))
        n += many(t, house, 'words, origins, types', posts(s), lambda c: wrong(house.user('POST', '/api/v1/applications', raw(answers()), c[1]), c[2]))

        acts = [(what, path, body, want) for path in ('decide', 'withdraw') for what, body, want in (
            (path + ': a revision that is text', {'reason': 'x', 'rev': '1'}, '400 common.member.type rev'),
            (path + ': a fraction', b'{"reason":"x","rev":1.0}', '400 common.member.type rev'),
            (path + ': the largest revision', {'reason': 'x', 'rev': 2 ** 63 - 1}, '409 common.rev.moved'),
            (path + ': a negative revision', {'reason': 'x', 'rev': -1}, '409 common.rev.moved'),
            (path + ': a hidden reason', {'reason': 'x\u202ey', 'rev': 1}, '400 form.hidden-character reason'),
            (path + ': 1,001 characters', {'reason': '端' * 1001, 'rev': 1}, '400 form.too-long reason'),
            (path + ': 6,001 bytes', {'reason': '端' * 2001, 'rev': 1}, '400 common.member.long reason'),
            (path + ': no reason', {'reason': ' \u3000', 'rev': 1}, '400 common.reason.missing reason'))]

        def act(case):
            who = 'suzuki' if case[1] == 'decide' else 'sato'
            body = case[2]
            if case[1] == 'decide':
                body = {**body, 'decision': 'reject'} if isinstance(body, dict) else body.replace(b'{', b'{"decision":"reject",')
            p = house.person(who)
            r = house.user('POST', '/api/v1/applications/%s/%s' % (a, case[1]), raw(body), {'HTTP_COOKIE': p.cookie, 'CONTENT_TYPE': 'application/json', 'HTTP_X_SEKISHO_CSRF': p.csrf, **scgi.ORIGIN})
            return wrong(r, case[3])
        n += many(t, house, 'acts', acts, act)
        r = house.post('suzuki', '/api/v1/applications/%s/decide' % a, {'decision': 'Approve', 'reason': '', 'rev': 1})
        t.is_(wrong(r, '400 decide.unknown decision'), '', 'an unknown decision')

        added = [('no name', {'name': '', 'zone': 'office', 'lan': 'lan0'}, '400 form.required name'),
                 ('a hidden name', {'name': 'a\u200bb', 'zone': 'office', 'lan': 'lan0'}, '400 form.hidden-character name'),
                 ('61 characters', {'name': 'x' * 61, 'zone': 'office', 'lan': 'lan0'}, '400 form.too-long name'),
                 ('an unknown zone', {'name': 'x', 'zone': 'dmz', 'lan': 'lan0'}, '400 gate.zone.unknown zone'),
                 ('no interface', {'name': 'x', 'zone': 'office', 'lan': ''}, '400 gate.lan.bad lan'),
                 ('an interface as a path', {'name': 'x', 'zone': 'office', 'lan': '../eth0'}, '400 gate.lan.bad lan'),
                 ('an interface of 16 letters', {'name': 'x', 'zone': 'office', 'lan': 'e' * 16}, '400 gate.lan.bad lan'),
                 ('an interface with an option', {'name': 'x', 'zone': 'office', 'lan': '-x'}, '400 gate.lan.bad lan')]
        n += many(t, house, 'gates', added, lambda c: wrong(house.post('tanaka', '/api/v1/gates', c[1]), c[2]))

        code = house.post('tanaka', '/api/v1/gates', {'name': '2F', 'zone': 'office', 'lan': 'lan1'}).json()['code']
        fresh = gates.Gate(house.sock('machine'), code, enrol=False)
        good = fresh.request()
        enrols = [('another version', {'v': 2}, '400 gate.wire.version'), ('half a secret', {'secret': good['secret'][:16]}, '400 gate.enrol.malformed'),
                  ('a secret in capitals', {'secret': 'AB' * 16}, '400 gate.enrol.malformed'), ('an unknown secret', {'secret': '0' * 32}, '403 gate.enrol.proof'),
                  ('no point', {'point': ''}, '400 gate.enrol.malformed'), ('a point that is not on the curve', {'point': '04' + '11' * 64}, '403 gate.enrol.proof'),
                  ('a compressed point', {'point': '02' + good['point'][2:]}, '403 gate.enrol.proof'), ('the point at infinity', {'point': '00' * 65}, '403 gate.enrol.proof'),
                  ('no proof', {'proof': ''}, '403 gate.enrol.proof'), ('half a byte of proof', {'proof': good['proof'][:-1]}, '400 gate.enrol.malformed'),
                  ('a proof of nothing', {'proof': '00' * 80}, '403 gate.enrol.proof'), ('a long proof', {'proof': '00' * 81}, '400 gate.enrol.malformed'),
                  ('a very long proof', {'proof': '00' * 200}, '400 common.member.long proof'), ("another's point", {'point': g.point.hex()}, '403 gate.enrol.proof')]
        n += many(t, house, 'enrolments', enrols, lambda c: wrong(fresh.ask_enrol(**c[1]), c[2]))
        t.is_(wrong(fresh.ask_enrol(params={'HTTP_SEKISHO_VERSION': '2'}), '400 gate.wire.version'), '', 'an enrolment in another version')
        fresh.enrol()
        t.is_(wrong(fresh.ask_enrol(), '403 gate.code.used'), '', 'a code is used once')
        fresh.close()

        def report(case):
            r = g.report(1775000000000000, applied=dict(case[2]), **case[1])
            g.told -= 1
            return wrong(r, case[3])
        n += many(t, house, 'reports', reports(g), report)
        certs = [('nothing', '', '401 gate.certificate.missing'), ('nonsense', 'x', '401 gate.certificate.missing'), ('bad percent', '%zz', '401 gate.certificate.missing'),
                 ('a cut escape', '%2', '401 gate.certificate.missing'), ('an empty PEM', urllib.parse.quote('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', safe=''), '401 gate.certificate.missing'),
                 ('half a PEM', urllib.parse.quote(g.answer['certificate'][:300], safe=''), '401 gate.certificate.missing'), ('30 KB', 'A' * 30000, '401 gate.certificate.missing'),
                 ("the CA's own", urllib.parse.quote(g.answer['ca'], safe=''), '403 gate.certificate.unknown')]
        n += many(t, house, 'certificates', certs, lambda c: wrong(house.call('machine', 'POST', '/m/v1/report', b'{}', {**g.cert(), **gates.JSON, 'CLIENT_CERT': c[1]}), c[2]))
        places = [('', '400 gate.stream.place'), ('?epoch=1', '400 gate.stream.place'), ('?epoch=1&seq=-1', '400 gate.stream.place'), ('?epoch=4294967296&seq=0', '400 gate.stream.place'),
                  ('?epoch=1&epoch=1&seq=0', '400 gate.stream.place'), ('?epoch=1&seq=0&x=1', '400 common.parameter.unknown'), ('?epoch=01&seq=0', '400 gate.stream.place')]
        n += many(t, house, 'streams', places, lambda c: wrong(house.call('machine', 'GET', '/m/v1/grants' + c[0], b'', g.cert()), c[1]))

        t.is_(heads(house, s), [], 'HEAD reads without a body, and acts on nothing')
        t.is_(house.call('machine', 'HEAD', '/m/v1/grants?epoch=0&seq=0', b'', g.cert()).status, 405, 'a stream has no HEAD')
        signing_in(t, house)
        r = house.apply(device_name='邉󠄀𠮷 <b>&amp;', mac='02:00:00:00:00:03')
        back = house.get('sato', '/api/v1/applications/' + r.json()['id']).json()
        t.is_(back['answers'][0]['value'], '邉󠄀𠮷 <b>&amp;', 'what is odd and lawful comes back as it was')
        g.close()
        t.note('%d hostile requests' % n)
        sick = house.down()
        t.is_(sick, [], 'the office lives on, and ends clean under its sanitizers')
        t.is_(house.tool('check')[0], 0, 'the journal verifies')


def drip(t):
    with town.Town() as house:
        house.person('tanaka')
        began, peers = time.monotonic(), []
        for _ in range(40):                                 # more than there are workers
            p = socket.socket(socket.AF_UNIX)
            p.connect(house.sock('user'))
            peers.append(p)
        text, at, answered = b'5000:' + b'x' * 5000, 0, None
        ask = socket.socket(socket.AF_UNIX)
        ask.connect(house.sock('user'))
        ask.sendall(scgi.frame([('CONTENT_LENGTH', '0'), ('SCGI', '1'), ('REQUEST_METHOD', 'GET'), ('REQUEST_URI', '/sign-in')], b''))
        ask.settimeout(0.25)
        while not answered and time.monotonic() - began < 40:
            for p in peers:
                try:
                    p.send(text[at:at + 1])
                except OSError:
                    pass                                    # let go already
            at += 1
            try:
                answered = ask.recv(65536)
            except socket.timeout:
                pass
        took = time.monotonic() - began
        t.ok(answered and answered.startswith(b'Status: 200') and took < 25, 'an honest request behind forty drips is answered within two deadlines (%.1f s)' % took)
        t.ok(took > 5, 'the drips really held the workers', '%.1f s' % took)
        for p in peers:
            p.close()
        t.is_(house.down(), [], 'the office ends clean')


def main():
    with Tap() as t:
        (drip if '--drip' in sys.argv[1:] else all_of_it)(t)


if __name__ == '__main__':
    main()
