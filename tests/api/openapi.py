#!/usr/bin/python3
"""openapi.py - every answer of a full walk is what docs/openapi.yaml says, and every operation is walked.

The validator is strict and small: it knows the words that our file uses and stops at any other, so that nothing is skipped in
silence. First it has to refuse what is bent.
"""
import base64
import copy
import json
import os
import re
import sys
import uuid
from urllib.parse import quote

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import attach  # noqa: E402
import gate as gates  # noqa: E402
import incidents  # noqa: E402
import large  # noqa: E402
import samples  # noqa: E402
import scgi  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402
from witness import Witness  # noqa: E402

SCHEMA_WORDS = {'type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'description', '$ref', 'format', 'minimum', 'oneOf'}
TYPES = {'object': dict, 'array': list, 'string': str, 'boolean': bool, 'integer': int}


FILES = {'text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/pdf', 'application/octet-stream', 'application/zip'}


class Spec:
    def __init__(self, path):
        with open(path, encoding='utf-8') as f:
            self.doc = yaml.safe_load(f)
        self.operations = {}
        for path, methods in self.doc['paths'].items():
            for method, op in methods.items():
                self.operations[method.upper(), path] = op

    def at(self, ref):
        node = self.doc
        for part in ref.lstrip('#/').split('/'):
            node = node[part]
        return node

    def follow(self, node):
        while '$ref' in node:
            node = self.at(node['$ref'])
        return node

    def find(self, method, uri):
        path = uri.split('?')[0]
        for (m, pattern), op in self.operations.items():
            if m == method and re.fullmatch(re.sub(r'\\{[^}]*\\}', '[^/]+', re.escape(pattern)), path):
                return pattern, op
        raise ValueError('no operation for %s %s' % (method, path))

    # ---- values ----

    def errors(self, value, schema, where='$'):
        """A list of 'where: what is wrong'."""
        schema = self.follow(schema)
        unknown = set(schema) - SCHEMA_WORDS
        if unknown:
            raise ValueError('%s: this validator does not know %s' % (where, sorted(unknown)))
        if 'oneOf' in schema:
            fits = [not self.errors(value, s, where) for s in schema['oneOf']]
            return [] if sum(fits) == 1 else ['%s: %r fits %d of the kinds there are' % (where, value, sum(fits))]
        kind = schema.get('type')
        if kind is None:
            raise ValueError('%s: a schema without a type' % where)
        if not isinstance(value, TYPES[kind]) or (kind == 'integer' and isinstance(value, bool)):
            return ['%s: %r is no %s' % (where, value, kind)]
        out = []
        if 'enum' in schema and value not in schema['enum']:
            out.append('%s: %r is none of %s' % (where, value, schema['enum']))
        if 'minimum' in schema and value < schema['minimum']:
            out.append('%s: %r is below %s' % (where, value, schema['minimum']))
        if schema.get('format') == 'uuid':
            try:
                uuid.UUID(value)
            except ValueError:
                out.append('%s: %r is no uuid' % (where, value))
        if kind == 'array':
            for i, v in enumerate(value):
                out += self.errors(v, schema['items'], '%s[%d]' % (where, i))
        if kind == 'object':
            known, more = schema.get('properties', {}), schema.get('additionalProperties', None)
            if more is None:
                raise ValueError('%s: an object that does not say whether it is closed' % where)
            out += ['%s: %s is missing' % (where, k) for k in schema.get('required', []) if k not in value]
            for k, v in value.items():
                if k in known:
                    out += self.errors(v, known[k], '%s.%s' % (where, k))
                elif more is False:
                    out.append('%s: %s is not in the document' % (where, k))
                else:
                    out += self.errors(v, more, '%s.%s' % (where, k))
        return out

    def answer(self, method, uri, reply):
        """What is wrong with a reply to this request."""
        pattern, op = self.find(method, uri)
        found = op['responses'].get(str(reply.status)) or op['responses'].get('default')
        if not found:
            return ['%s %s: status %d is not in the document' % (method, pattern, reply.status)]
        content = self.follow(found)['content']
        kind = (reply.header('Content-Type') or '').split(';')[0]
        if kind not in content:
            return ['%s %s: type %r, not %s' % (method, pattern, kind, sorted(content))]
        value = reply.body.decode('latin-1') if kind in FILES or kind in ('text/plain', 'text/calendar') else json.loads(reply.body)
        return ['%s %s %d %s' % (method, pattern, reply.status, e) for e in self.errors(value, content[kind]['schema'])]

    def request(self, method, uri, value):
        """What is wrong with a body that we are about to send: the walk is to use the document's own requests."""
        _, op = self.find(method, uri)
        schema = op['requestBody']['content']['application/json']['schema']
        return self.errors(value, schema)

    def parameters(self, method, uri):
        """Query parameters that the document does not have."""
        _, op = self.find(method, uri)
        known = {self.follow(p)['name'] for p in op.get('parameters', []) if self.follow(p)['in'] == 'query'}
        return {w.split('=')[0] for w in uri.split('?')[1].split('&')} - known if '?' in uri else set()


def bends(value, path=()):
    """(path, value) of every place in a JSON value."""
    yield path, value
    for k, v in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from bends(v, path + (k,))


def put(value, path, new):
    out = copy.deepcopy(value)
    node = out
    for p in path[:-1]:
        node = node[p]
    node[path[-1]] = new
    return out


def validator_is_strict(t, spec, value, schema):
    """Each place of a good answer, bent, must be refused: another type, a member more, a member less."""
    t.is_(spec.errors(value, schema), [], 'an answer as it should be passes')
    missed, tried = [], 0
    for path, v in bends(value):
        if not path:
            continue
        other = [] if isinstance(v, (dict, str, bool, int)) else {}
        tried += 1
        if not spec.errors(put(value, path, other), schema):
            missed.append('%s replaced' % (path,))
        if isinstance(v, dict):
            tried += 1
            if not spec.errors(put(value, path, {**v, 'x': 1}), schema):
                missed.append('%s with a member more' % (path,))
    for k in spec.follow(schema)['required']:
        tried += 1
        if not spec.errors({a: b for a, b in value.items() if a != k}, schema):
            missed.append('without %s' % k)
    t.is_(missed, [], 'the validator refuses each of %d bends' % tried)


class Walk:
    def __init__(self, t, spec, house):
        self.t, self.spec, self.house, self.wrong, self.seen, self.statuses = t, spec, house, [], {}, set()

    def _note(self, method, uri, reply):
        pattern, _ = self.spec.find(method, uri)
        self.seen[method, pattern] = self.seen.get((method, pattern), 0) + 1
        self.statuses.add((method, pattern, reply.status))
        self.wrong += self.spec.answer(method, uri, reply)
        return reply

    def note_anonymous(self, method, uri):
        r = self._note(method, uri, self.house.user(method, uri, b'{}' if method == 'POST' else b'', {**scgi.ORIGIN, 'CONTENT_TYPE': 'application/json'}))
        if r.status != 401:
            self.wrong.append('%s %s by nobody: %d' % (method, uri, r.status))

    def get(self, who, uri, want=200):
        if want == 200:
            self.wrong += ['%s: parameter %s' % (uri, p) for p in self.spec.parameters('GET', uri)]
        r = self.house.get(who, uri)
        if r.status != want:
            self.wrong.append('GET %s by %s: %d, want %d: %s' % (uri, who, r.status, want, r.body[:200]))
        return self._note('GET', uri, r)

    def post(self, who, uri, value, want):
        if want < 400:
            self.wrong += ['POST %s sends %s' % (uri, e) for e in self.spec.request('POST', uri, value)]
        r = self.house.post(who, uri, value)
        if r.status != want:
            self.wrong.append('POST %s by %s: %d, want %d: %s' % (uri, who, r.status, want, r.body[:200]))
        return self._note('POST', uri, r)

    def raw(self, who, uri, data, want):
        """A body of bytes."""
        self.wrong += ['%s: parameter %s' % (uri, p) for p in self.spec.parameters('POST', uri)]
        r = attach.raw_post(self.house, who, uri, data)
        if r.status != want:
            self.wrong.append('POST %s by %s: %d, want %d: %s' % (uri, who, r.status, want, r.body[:200]))
        return self._note('POST', uri, r)


def answers(**bend):
    return {'form': 'network-connection', 'answers': {'device_name': 'PC', 'mac': '02:00:00:00:00:01', 'purpose': 'x', 'until': '2026-04-30', **bend}}


def spec_paths(spec):
    return [(m, re.sub(r'\{[^}]*\}', 'x', p)) for m, p in spec.operations]


def walk_rules(w, api):
    """Drafts of rules, over the thread's pack, which has only one who may adopt: its maker."""
    drafts = api + '/pack/drafts'
    w.get('sato', api + '/pack/rules', 403)
    w.post('sato', drafts, {'title': 'x'}, 403)
    w.post('tanaka', drafts, {'title': ''}, 400)
    d = drafts + '/' + w.post('tanaka', drafts, {'title': '改正'}, 201).json()['id']
    edit = {'rev': 1, 'where': 'settings', 'act': 'set', 'values': {'session_hours': '9'}, 'reason': '規程'}
    grid = w.get('tanaka', api + '/pack/sheets/forms').json()
    for uri in (d, d + '/record'):
        w.get('tanaka', uri)
        w.get('sato', uri, 403)
        w.get('tanaka', uri.replace(d, drafts + '/x'), 404)
    for where, want in (('settings', 200), ('forms.network-connection.fields.mac', 200), ('forms.x', 404), ('x', 400)):
        w.get('tanaka', d + '/record?where=' + where, want)
    w.post('tanaka', d + '/propose', {'rev': 1}, 400)
    for verb, body in (('edit', edit), ('sheet', {'rev': 1, 'name': 'forms', 'grid': grid, 'reason': 'x'}), ('file', {'rev': 1, 'name': 'overlay.yaml', 'text': '?', 'reason': 'x'}),
                       ('propose', {'rev': 1}), ('drop', {'rev': 1})):
        w.post('sato', '%s/%s' % (d, verb), body, 403)
        w.post('tanaka', '%s/x/%s' % (drafts, verb), body, 404)
        w.post('tanaka', '%s/%s' % (d, verb), {**body, 'rev': 7}, 409)
    w.post('tanaka', d + '/edit', {**edit, 'reason': ''}, 400)
    w.post('tanaka', d + '/edit', {**edit, 'values': {'session_hours': '0'}}, 200)          # mistakes, nothing stored
    w.post('tanaka', d + '/edit', edit, 200)
    w.post('tanaka', d + '/sheet', {'rev': 2, 'name': 'forms', 'grid': {**grid, 'sheets': []}, 'reason': 'x'}, 400)
    w.post('tanaka', d + '/sheet', {'rev': 2, 'name': 'forms', 'grid': grid, 'reason': 'x'}, 200)
    w.post('tanaka', d + '/file', {'rev': 3, 'name': '../x', 'text': 'x', 'reason': 'x'}, 400)
    text = w.get('tanaka', d).json()['files']['overlay.yaml']
    w.post('tanaka', d + '/file', {'rev': 3, 'name': 'overlay.yaml', 'text': '?', 'reason': 'x'}, 200)
    w.get('tanaka', d)
    w.get('tanaka', d + '/record', 400)
    w.post('tanaka', d + '/people', {}, 400)
    w.post('tanaka', d + '/file', {'rev': 4, 'name': 'overlay.yaml', 'text': text, 'reason': 'x'}, 200)
    w.post('sato', d + '/people', {}, 403)
    w.post('tanaka', drafts + '/x/people', {}, 404)
    w.post('tanaka', d + '/people', {}, 200)
    w.post('tanaka', d + '/propose', {'rev': 5}, 200)
    pack = w.get('tanaka', d).json()['pack']
    p = d.replace('drafts', 'proposals')
    w.post('tanaka', p + '/adopt', {'rev': 6, 'pack': pack}, 403)
    w.post('tanaka', p + '/adopt', {'rev': 5, 'pack': pack}, 409)
    w.post('tanaka', drafts.replace('drafts', 'proposals/x/adopt'), {'rev': 6, 'pack': pack}, 404)
    w.post('sato', p + '/return', {'rev': 6, 'reason': 'x'}, 403)
    w.post('tanaka', p + '/return', {'rev': 6, 'reason': ''}, 400)
    w.post('tanaka', p + '/return', {'rev': 5, 'reason': 'x'}, 409)
    w.post('tanaka', drafts.replace('drafts', 'proposals/x/return'), {'rev': 6, 'reason': 'x'}, 404)
    w.post('tanaka', p + '/return', {'rev': 6, 'reason': 'x'}, 200)
    w.post('tanaka', d + '/drop', {'rev': 7}, 200)
    w.get('tanaka', api + '/pack/rules')
    for verb in ('file', 'sheet'):
        w.post('tanaka', '%s/%s' % (d, verb), {'x': 'y' * (2 << 20)}, 413)


def walk_adoption(w, api):
    """A proposal that somebody else adopts."""
    drafts = api + '/pack/drafts'
    d = drafts + '/' + w.post('kudo', drafts, {'title': '改正'}, 201).json()['id']
    w.post('kudo', d + '/edit', {'rev': 1, 'where': 'settings', 'act': 'set', 'values': {'session_hours': '9'}, 'reason': '規程'}, 200)
    w.post('kudo', d + '/propose', {'rev': 2}, 200)
    adopt = {'rev': 3, 'pack': w.get('abe', d).json()['pack']}
    p = d.replace('drafts', 'proposals') + '/adopt'
    w.post('abe', p, {**adopt, 'reason': 'x' * 1001}, 400)
    w.post('abe', p, {**adopt, 'reason': '読んだ。'}, 200)
    w.get('abe', d)
    w.get('abe', api + '/pack/rules')


def walk(t, w, house):
    """One day of an office, with what goes wrong in it."""
    api = '/api/v1'
    for who in ('sato', 'suzuki', 'tanaka', 'kimura'):
        w.get(who, api + '/session')
    for method, path in spec_paths(w.spec):
        w.note_anonymous(method, path)
    w.raw('sato', api + '/files?about=application:%s&name=a.pdf' % house.apply().json()['id'], samples.pdf(), 503)     # nobody looks what it is
    w.get('sato', api + '/forms/network-connection')
    w.get('sato', api + '/forms/x', 404)
    walk_rules(w, api)
    for path in ('/home', '/inbox', '/overview', '/may-use?q=zoom', '/may-use?q=us02web.zoom.us', '/pack', '/people', '/people?role=section_manager', '/forms', '/services', '/duties', '/duties?view=all', '/deputies'):
        for who in ('sato', 'tanaka'):
            w.get(who, api + path)
    sheet = api + '/pack/sheets/forms'
    w.get('sato', sheet, 403)
    w.get('tanaka', api + '/pack/sheets/x', 404)
    grid = w.get('tanaka', sheet).json()
    w.get('tanaka', sheet + '.csv', 503)                    # nobody renders yet
    w.get('tanaka', api + '/registers/service/sheet?format=csv', 503)
    w.get('tanaka', api + '/forms/network-connection/sheet?format=csv', 503)
    w.raw('tanaka', api + '/import/csv', b'a', 503)
    house.start('render-serve')
    town.wait('render', lambda: os.path.exists(os.path.join(house.dir, 'run/render.sock')))
    w.get('tanaka', sheet + '.xlsx')
    made = w.get('tanaka', sheet + '.csv').body
    file = {'file': base64.b64encode(made).decode()}
    w.post('sato', sheet + '/csv', file, 403)
    w.post('tanaka', sheet + '/csv', {'file': '?'}, 400)
    read = w.post('tanaka', sheet + '/csv', file, 200).json()
    if [s['rows'] for s in read['sheets']] != [s['rows'] for s in grid['sheets']]:
        w.wrong.append('what render wrote, it does not read')
    w.post('sato', sheet + '/check', {'grid': read}, 403)
    w.post('tanaka', sheet + '/check', {'grid': {}}, 400)
    w.post('tanaka', api + '/pack/sheets/x/check', {'grid': read}, 404)
    if w.post('tanaka', sheet + '/check', {'grid': read}, 200).json() != {'faults': [], 'changes': [], 'loosened': [], 'total': 0}:
        w.wrong.append('an unedited sheet is no change')
    column = next(i for i, c in enumerate(grid['sheets'][0]['columns']) if c['id'] == 'label.ja')
    read['sheets'][0]['rows'][2][column] = '機器の番号'
    if [c['en'] for c in w.post('tanaka', sheet + '/check', {'grid': read}, 200).json()['changes']] == []:
        w.wrong.append('an edited label is no change')
    read['sheets'][0]['rows'][2][column] = ''
    if not w.post('tanaka', sheet + '/check', {'grid': read}, 200).json()['faults']:
        w.wrong.append('a label taken away is no fault')
    for uri in (sheet + '/csv', sheet + '/check'):
        w.post('tanaka', uri, {'x': 'y' * (2 << 20)}, 413)
    w.get('sato', api + '/people?role=x', 400)
    w.get('sato', api + '/services?after=x', 400)
    w.get('sato', api + '/duties?view=x', 400)
    w.get('sato', api + '/applications')
    w.get('sato', api + '/applications?view=x', 400)
    w.get('sato', api + '/applications?state=x', 400)
    for state in ('open', 'done'):
        w.get('sato', api + '/applications?view=mine&state=' + state)
    w.post('sato', api + '/applications', {'form': 1}, 400)
    w.post('suzuki', api + '/applications', answers(), 403)
    w.post('sato', api + '/applications', answers(until='2020-01-01'), 422)
    w.post('sato', api + '/applications', answers(purpose='x' * 140000), 413)
    first = w.post('sato', api + '/applications', answers(), 201).json()
    a = first['id']
    w.get('sato', api + '/applications/' + a)
    w.get('suzuki', api + '/applications/' + a)
    w.get('ito', api + '/applications/' + a, 404)
    w.get('suzuki', api + '/applications?view=waiting')
    w.post('suzuki', api + '/applications/%s/decide' % a, {'decision': 'return', 'reason': 'もっと', 'rev': 1}, 200)
    w.get('sato', api + '/applications/' + a)
    w.post('sato', api + '/applications/%s/resubmit' % a, {'answers': answers(purpose='y')['answers'], 'rev': 1}, 409)
    w.post('suzuki', api + '/applications/%s/resubmit' % a, {'answers': answers()['answers'], 'rev': 2}, 403)
    w.post('sato', api + '/applications/%s/resubmit' % a, {'answers': answers(mac='x')['answers'], 'rev': 2}, 400)
    w.post('yamada', api + '/applications/%s/resubmit' % a, {'answers': answers()['answers'], 'rev': 2}, 404)
    w.post('sato', api + '/applications/%s/resubmit' % a, {'answers': answers(until='2020-01-01')['answers'], 'rev': 2}, 422)
    w.post('sato', api + '/applications/%s/resubmit' % a, {'answers': answers(purpose='y')['answers'], 'rev': 2}, 200)
    w.post('sato', api + '/applications/%s/decide' % a, {'decision': 'approve', 'reason': '', 'rev': 3}, 403)
    w.post('suzuki', api + '/applications/%s/decide' % a, {'decision': 'approve', 'reason': '', 'rev': 1}, 409)
    w.post('suzuki', api + '/applications/%s/decide' % a, {'decision': 'no', 'reason': '', 'rev': 3}, 400)
    w.post('suzuki', api + '/applications/%s/decide' % str(uuid.uuid4()), {'decision': 'approve', 'reason': '', 'rev': 3}, 404)
    w.post('suzuki', api + '/applications/%s/decide' % a, {'decision': 'approve', 'reason': 'よい', 'rev': 3}, 200)
    w.post('sato', api + '/applications/%s/withdraw' % a, {'reason': 'x', 'rev': 4}, 409)

    g = gates.Gate(house.sock('machine'), house.code)
    if not g.follow(lambda g: g.find('02:00:00:00:00:01')):
        w.wrong.append('the permit is in no table')
    now = town.micros(town.utc_text(house.now))
    if g.report(now).status != 200:
        w.wrong.append('the report is refused')
    seen = w.get('sato', api + '/applications/' + a).json()
    if not seen['permit']['enforcement']:
        w.wrong.append('nothing is enforced')
    p = seen['permit']['id']
    w.post('sato', api + '/permits/%s/until' % p, {'until': '2026-05-31', 'reason': 'x', 'rev': 1}, 403)
    w.post('ito', api + '/permits/%s/until' % p, {'until': '2026-05-31', 'reason': 'x', 'rev': 1}, 404)
    w.post('suzuki', api + '/permits/%s/until' % p, {'until': '2026-05-31', 'reason': '延びた', 'rev': 9}, 409)
    w.post('suzuki', api + '/permits/%s/until' % p, {'until': 'soon', 'reason': '延びた', 'rev': 1}, 400)
    w.post('suzuki', api + '/permits/%s/until' % p, {'until': '2020-05-31', 'reason': '延びた', 'rev': 1}, 422)
    w.post('suzuki', api + '/permits/%s/until' % str(uuid.uuid4()), {'until': '2026-05-31', 'reason': 'x', 'rev': 1}, 404)
    w.post('suzuki', api + '/permits/%s/until' % p, {'until': '2026-05-31', 'reason': '延びた', 'rev': 1}, 200)
    g.follow(lambda g: g.find('02:00:00:00:00:01')[10] == town.micros('2026-05-31T15:00:00Z'))
    rev = w.get('suzuki', api + '/applications/' + a).json()['permit']['rev']
    w.post('sato', api + '/permits/%s/revoke' % p, {'reason': 'x', 'rev': rev}, 403)
    w.post('ito', api + '/permits/%s/revoke' % p, {'reason': 'x', 'rev': rev}, 404)
    w.post('suzuki', api + '/permits/%s/revoke' % p, {'reason': '', 'rev': rev}, 400)
    w.post('suzuki', api + '/permits/%s/revoke' % str(uuid.uuid4()), {'reason': 'x', 'rev': rev}, 404)
    w.post('suzuki', api + '/permits/%s/revoke' % p, {'reason': '紛失', 'rev': rev}, 200)
    w.post('suzuki', api + '/permits/%s/revoke' % p, {'reason': '紛失', 'rev': rev + 1}, 409)
    w.get('suzuki', api + '/applications/' + a)

    second = w.post('kimura', api + '/applications', answers(mac='02:00:00:00:00:02'), 201).json()['id']
    w.post('suzuki', api + '/applications/%s/withdraw' % second, {'reason': 'x', 'rev': 1}, 403)
    w.post('sato', api + '/applications/%s/withdraw' % second, {'reason': 'x', 'rev': 1}, 404)
    w.post('kimura', api + '/applications/%s/withdraw' % second, {'reason': '', 'rev': 1}, 400)
    w.post('kimura', api + '/applications/%s/withdraw' % str(uuid.uuid4()), {'reason': 'x', 'rev': 1}, 404)
    w.post('kimura', api + '/applications/%s/withdraw' % second, {'reason': '不要', 'rev': 1}, 200)
    third = w.post('yamada', api + '/applications', answers(mac='02:00:00:00:00:03'), 201).json()['id']
    w.post('suzuki', api + '/applications/%s/decide' % third, {'decision': 'reject', 'reason': '支給品で足りる', 'rev': 1}, 200)
    for _ in range(51):
        house.apply('mori', mac='02:00:00:00:00:04')
    page = w.get('tanaka', api + '/applications?view=all').json()
    rest = w.get('tanaka', api + '/applications?view=all&after=' + page['next']).json()
    if page['total'] != 55 or len(page['items']) != 50 or len(rest['items']) != 5 or 'next' in rest:
        w.wrong.append('pages: %s %d %d' % (page['total'], len(page['items']), len(rest['items'])))
    if {i['id'] for i in page['items']} & {i['id'] for i in rest['items']}:
        w.wrong.append('a line on two pages')
    w.get('ito', api + '/applications?view=all')
    w.get('sato', api + '/applications?view=mine')
    w.get('sato', api + '/applications?view=mine&after=x', 400)

    w.get('tanaka', api + '/gates')
    w.get('sato', api + '/gates', 403)
    w.post('tanaka', api + '/gates', {'name': '2F', 'zone': 'office', 'lan': 'lan1'}, 201)
    w.post('tanaka', api + '/gates', {'name': '2F', 'zone': 'x', 'lan': 'lan1'}, 400)
    w.post('sato', api + '/gates', {'name': '2F', 'zone': 'office', 'lan': 'lan1'}, 403)
    w.get('tanaka', api + '/gates')
    index = first['receipt']['index']
    town.wait('the seal', lambda: (lambda s: s['sealed_size'] == s['journal_size'])(house.get('tanaka', api + '/status').json()))
    w.get('sato', api + '/entries/%d/proof' % index)
    w.get('ito', api + '/entries/%d/proof' % index, 404)
    w.get('sato', api + '/checkpoint')
    w.get('sato', api + '/consistency?from=1')
    w.get('sato', api + '/consistency?from=0', 400)
    w.get('tanaka', api + '/status')
    house.clock('2026-06-02T09:00')
    house.apply('sato', mac='02:00:00:00:00:05', until='2026-06-30')
    w.get('sato', api + '/applications?view=mine')
    # The signer goes away: acts go on, what needs its signature waits and says so.
    p = house.running.pop('signer')
    p.terminate()
    p.wait()
    late = w.post('sato', api + '/applications', answers(mac='02:00:00:00:00:06', until='2026-06-30'), 201).json()
    w.get('sato', api + '/entries/%d/proof' % late['receipt']['index'], 503)
    g.close()


# ---- chapter 8.2: a pack with every type of field and every kind of step ----

def file_and_judge(w, house, **bend):
    """Up to the decision on paper; what is refused on the way."""
    api = '/api/v1'
    a = w.post('sato', api + '/applications', {'form': 'everything', 'answers': large.answers(house, **bend)}, 201).json()['id']
    case, rev = api + '/applications/' + a, lambda: house.case('tanaka', a)['rev']
    w.post('sato', case + '/correct', {'answers': large.answers(house), 'reason': '', 'rev': rev()}, 400)
    w.post('sato', case + '/correct', {'answers': large.answers(house, title='x'), 'reason': '名を誤った。', 'rev': 99}, 409)
    w.post('suzuki', case + '/correct', {'answers': large.answers(house), 'reason': 'x', 'rev': rev()}, 403)
    w.post('sato', case + '/correct', {'answers': large.answers(house, use_until='2026-03-31'), 'reason': 'x', 'rev': rev()}, 422)
    w.post('sato', case + '/correct', {'answers': large.answers(house), 'reason': '名を誤った。', 'rev': rev()}, 200)
    w.post('ono', api + '/forms/provider-sheet/check', {'answers': {'recovery_hours': '30'}, 'application': a}, 200)
    w.post('ono', case + '/fill', {'sheet': 'provider-sheet', 'answers': {}, 'rev': rev()}, 400)
    w.post('sato', case + '/fill', {'sheet': 'provider-sheet', 'answers': large.SHEET, 'rev': rev()}, 403)
    w.post('ono', case + '/fill', {'sheet': 'provider-sheet', 'answers': large.SHEET, 'rev': 0}, 409)
    w.post('ono', case + '/fill', {'sheet': 'provider-sheet', 'answers': large.SHEET, 'rev': rev()}, 200)
    w.post('ono', case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev()}, 422)
    w.post('ono', case + '/judge', {'lines': [], 'rev': rev()}, 400)
    w.post('sato', case + '/judge', {'lines': large.LINES, 'rev': rev()}, 403)
    w.post('ono', case + '/judge', {'lines': large.LINES, 'rev': 0}, 409)
    w.post('ono', case + '/judge', {'lines': [{'criterion': 'place', 'result': 'not-applicable', 'reason': 'x'}], 'rev': rev()}, 422)
    w.post('ono', case + '/judge', {'lines': large.LINES, 'rev': rev()}, 200)
    w.get('ono', case)
    for who in ('ono', 'suzuki', 'kudo'):
        w.post(who, case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev()}, 200)
    w.post('ono', case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev(), **large.PAPER}, 200)
    w.get('kudo', case)
    return a, case, rev


def evidence_packs(w, evidence):
    order = {'kind': 'procedure', 'id': 'everything', 'from': '2026-04-01', 'to': '2027-03-31'}
    query = '/preview?kind=procedure&id=everything&from=2026-04-01&to=2027-03-31'
    for uri in (evidence, evidence + query, evidence + '/x', evidence + '/x/pack'):
        w.get('sato', uri, 403)
    w.post('sato', evidence, order, 403)
    w.get('nagai', evidence + query + '&names=post&withhold=true')
    w.get('nagai', evidence + query.replace('procedure', 'box'), 400)
    w.get('nagai', evidence + query.replace('everything', 'nothing'), 404)
    w.post('nagai', evidence, {**order, 'to': '2025-01-01'}, 400)
    w.post('nagai', evidence, {**order, 'id': 'nothing'}, 404)
    one = evidence + '/' + w.post('nagai', evidence, {**order, 'names': 'post', 'withhold': True, 'ties': [1]}, 202).json()['id']
    w.get('nagai', one)
    town.wait('the pack', lambda: w.get('nagai', one).json()['state'] == 'done')
    w.get('nagai', one + '/pack')
    w.get('nagai', evidence)
    w.get('abe', one, 404)
    w.get('abe', one + '/pack', 404)


def walk_large(t, w, house):
    api = '/api/v1'
    nobody = str(uuid.uuid4())
    w.get('sato', api + '/forms/everything')
    w.get('sato', api + '/pack')
    w.post('sato', api + '/forms/everything/check', {'answers': {'title': 'x', 'abroad': 'true', 'partners': [{'name': 'a'}]}}, 200)
    w.post('sato', api + '/forms/everything/check', {'answers': []}, 400)
    w.post('sato', api + '/forms/x/check', {'answers': {}}, 404)
    w.post('sato', api + '/forms/everything/check', {'answers': {}, 'application': nobody}, 404)
    a, case, rev = file_and_judge(w, house)
    for verb, body in (('correct', {'answers': {}, 'reason': 'x'}), ('fill', {'sheet': 'provider-sheet', 'answers': {}}), ('judge', {'lines': large.LINES}),
                       ('rate', {'axis': 'confidentiality', 'level': 'c3', 'reason': 'x'})):
        w.post('sato', '%s/applications/%s/%s' % (api, nobody, verb), {**body, 'rev': 1}, 404)
    w.post('ono', case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev()}, 403)        # who entered it does not confirm it
    w.post('kudo', case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev()}, 200)
    w.post('abe', case + '/rate', {'axis': 'confidentiality', 'level': 'x', 'reason': 'x', 'rev': rev()}, 400)
    w.post('sato', case + '/rate', {'axis': 'confidentiality', 'level': 'c3', 'reason': 'x', 'rev': rev()}, 403)
    w.post('abe', case + '/rate', {'axis': 'confidentiality', 'level': 'c3', 'reason': 'x', 'rev': 0}, 409)
    w.post('abe', case + '/rate', {'axis': 'confidentiality', 'level': 'c3', 'reason': '重い。', 'rev': rev()}, 200)
    w.get('abe', case)                                                                               # the council is needed now
    w.post('kudo', case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev(), 'step': 'council', **large.PAPER}, 200)
    w.post('hara', case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev()}, 200)
    for _ in range(6):                                                                               # what was built on less is decided anew
        turn = next((s for s in house.case('tanaka', a)['steps'] if s['active']), None)
        if not turn or turn['id'] == 'decide':
            break
        who = {'judge': 'ono', 'agree': 'suzuki', 'checked': 'kudo', 'paper': 'ono' if turn['state'] != 'entered' else 'kudo'}[turn['id']]
        w.post(who, case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev(), **(large.PAPER if turn['id'] == 'paper' and turn['state'] != 'entered' else {})}, 200)
    w.post('abe', case + '/decide', {'decision': 'approve', 'reason': '', 'rev': rev(), 'condition': '訓練をする。', 'condition_due': '2026-09-30'}, 200)
    done = w.get('sato', case).json()
    t.ok(done['state'] == 'approved', 'the large procedure comes to its end', (done['state'], done['open']))
    w.get('nagai', case)
    s = done['service']['id']
    for who in ('sato', 'ono', 'mori'):
        w.get(who, api + '/services/' + s)
    w.get('sato', api + '/services/' + nobody, 404)
    w.get('sato', api + '/services')
    for who, q in (('sato', '/search?q=' + quote('会議')), ('ono', '/search?q=' + quote('会議')), ('mori', '/search?register=service&q=' + quote('ｻｰﾋﾞｽ'))):
        w.get(who, api + q)
    for q in ('/search', '/search?q=' + quote('会'), '/search?q=ab&register=x', '/search?q=ab&after=x'):
        w.get('sato', api + q, 400)
    for who in ('sato', 'ono'):
        w.get(who, api + '/duties')
        w.get(who, api + '/duties?view=all')
    d = next(d for d in done['duties'] if d['kind'] == 'condition')
    close = api + '/duties/%s/close' % d['id']
    w.post('ono', close, {'evidence': 'x', 'rev': d['rev']}, 403)
    w.post('ito', close, {'evidence': 'x', 'rev': d['rev']}, 404)
    bound = next(login for login, name in house.names.items() if name == d['person']['name'])
    w.post(bound, close, {'evidence': '', 'rev': d['rev']}, 400)
    w.post(bound, close, {'evidence': 'x', 'rev': 9}, 409)
    w.post(bound, close, {'evidence': '4月10日に行った。', 'rev': d['rev']}, 200)
    w.get('ono', api + '/duties?view=closed')
    mine = town.wait('a duty that comes of itself', lambda: [d for d in house.get('mori', api + '/duties').json()['items'] if d['kind'] == 'review'])
    w.get('mori', api + '/duties')
    w.post('mori', api + '/duties/%s/close' % mine[0]['id'], {'evidence': '見た。', 'rev': mine[0]['rev']}, 422)
    walk_adoption(w, api)
    walk_home(w)
    walk_oversight(w)
    walk_calendar(w)
    walk_deputies(w, house)
    walk_suspension(w, s)
    walk_registers(w, house, s)
    walk_imports(w, house, s)
    walk_files(w, house, s)
    walk_papers(w, a)
    walk_sheets(w, house, s)
    walk_drafts(w, house)
    walk_about_service(w, house, s)
    walk_incidents(w, house)
    walk_passwords(w, house)
    walk_rotations(w, house)


def walk_rotations(w, house):
    keys, rotations = '/api/v1/keys', '/api/v1/keys/rotations'
    nobody = rotations + '/' + str(uuid.uuid4())
    w.get('sato', keys, 403)
    w.get('kudo', keys)
    w.post('sato', rotations, {'use': 'table', 'reason': 'x'}, 403)
    w.post('ono', rotations, {'use': 'table', 'reason': ''}, 400)
    one = rotations + '/' + w.post('ono', rotations, {'use': 'table', 'reason': '年に一度。'}, 201).json()['id']
    ca = rotations + '/' + w.post('ono', rotations, {'use': 'ca', 'reason': '期限が近い。'}, 201).json()['id']
    w.post('kudo', rotations, {'use': 'table', 'reason': 'x'}, 409)
    w.post('kudo', ca + '/confirm', {}, 422)
    for verb, of in (('/end', ca), ('/confirm', one)):
        w.post('sato', of + verb, {}, 403)
        w.post('kudo', of + verb, {'x': 1}, 400)
        w.post('kudo', nobody + verb, {}, 404)
        if of == one:
            w.post('ono', of + verb, {}, 403)
        w.post('kudo', of + verb, {}, 200)
        w.post('tanaka', of + verb, {}, 409)
    w.get('ono', keys)


def walk_passwords(w, house):
    api, mori, nobody = '/api/v1/', house.id('mori'), '/api/v1/resets/' + str(uuid.uuid4())
    good = house.passwords['yamada']
    w.post('yamada', api + 'password', {'old': good}, 400)
    w.post('yamada', api + 'password', {'old': good, 'new': 'short'}, 422)
    w.post('yamada', api + 'password', {'old': good, 'new': 'a sentence of mine 7'}, 200)
    for status in (400, 400, 400, 503):
        w.post('yamada', api + 'password', {'old': good, 'new': 'a sentence of mine 8'}, status)
    resets = api + 'resets'
    w.get('sato', resets, 403)
    w.post('sato', resets, {'person': mori, 'reason': 'x'}, 403)
    w.post('ono', resets, {'person': mori, 'reason': ''}, 400)
    w.post('ono', resets, {'person': str(uuid.uuid4()), 'reason': 'x'}, 404)
    w.post('ono', resets, {'person': house.id('ono'), 'reason': 'x'}, 403)
    one = resets + '/' + w.post('ono', resets, {'person': mori, 'reason': '窓口に来た。'}, 201).json()['id']
    w.post('kudo', resets, {'person': mori, 'reason': 'x'}, 409)
    w.get('kudo', resets)
    for verb, first in (('/end', {}), ('/confirm', None)):
        w.post('sato', one + verb, {}, 403)
        w.post('kudo', one + verb, {'x': 1}, 400)
        w.post('kudo', nobody + verb, {}, 404)
        if first is None:
            one = resets + '/' + w.post('ono', resets, {'person': mori, 'reason': '窓口に来た。'}, 201).json()['id']
            w.post('ono', one + verb, {}, 403)
        w.post('kudo', one + verb, {}, 200)
        w.post('tanaka', one + verb, {}, 409)
    w.get('ono', resets)


def walk_papers(w, a):
    list_, one = '/api/v1/papers', '/api/v1/papers/application'
    w.get('sato', list_ + '?about=application:' + a)
    w.get('sato', one + '?lang=en&format=json&about=application:' + a)
    w.get('sato', one + '?format=text&about=application:' + a)
    w.get('sato', one + '?about=application:' + a)
    for uri in (list_, one):
        w.get('sato', uri, 400)
        w.get('sato', uri + '?about=register:incident', 403)
        w.get('ito', uri + '?about=application:' + a, 404)


def walk_registers(w, house, s):
    """s: the service, managed by mori. The secretariat is kudo and ono."""
    api, service = '/api/v1', 'service:' + s
    of = {'of': s, 'cells': {'name': 'admin@example', 'kind': '管理者'}}
    for who in ('sato', 'mori', 'ono'):
        w.get(who, api + '/registers')
        w.get(who, api + '/registers/service?state=approved&sort=review_at')
        w.get(who, api + '/rows/' + service)
        w.get(who, api + '/rows/%s/history' % service)
    w.get('ono', api + '/registers/person?q=森&section=税務課')
    w.get('sato', api + '/registers/finding', 403)
    w.get('sato', api + '/registers/x', 404)
    w.get('sato', api + '/registers/service?sort=purpose', 400)
    w.get('sato', api + '/rows/service:' + str(uuid.uuid4()), 404)
    w.get('sato', api + '/rows/%s/history?after=x' % service, 400)
    w.get('sato', api + '/rows/x/history', 404)
    row = w.post('mori', api + '/registers/account', of, 201).json()
    w.post('mori', api + '/registers/account', of, 409)
    w.post('mori', api + '/registers/account', {'cells': of['cells']}, 400)
    w.post('sato', api + '/registers/account', of, 403)
    w.post('mori', api + '/registers/account', {**of, 'of': str(uuid.uuid4())}, 404)
    w.get('mori', api + '/registers/account?of=' + s)
    account = api + '/rows/account:' + row['id']
    w.post('mori', account, {'cells': {'until_at': 'いつか'}, 'rev': 1}, 400)
    w.post('mori', account, {'cells': {'purpose': '設定'}, 'rev': 9}, 409)
    w.post('sato', account, {'cells': {'purpose': '設定'}, 'rev': 1}, 404)
    w.post('mori', account, {'cells': {'purpose': '設定'}, 'rev': 1}, 200)
    w.post('sato', api + '/rows/' + service, {'cells': {'purpose': 'x'}, 'rev': 1}, 403)
    w.post('mori', account + '/end', {'reason': '', 'rev': 2}, 400)
    w.post('mori', account + '/end', {'reason': 'x', 'rev': 1}, 409)
    w.post('sato', account + '/end', {'reason': 'x', 'rev': 2}, 404)
    w.post('sato', api + '/rows/%s/end' % service, {'reason': 'x', 'rev': 1}, 403)
    w.post('ono', api + '/rows/%s/end' % service, {'reason': 'x', 'rev': w.get('ono', api + '/rows/' + service).json()['rev']}, 422)
    w.post('mori', account + '/end', {'reason': '使わない。', 'rev': 2}, 200)
    w.get('mori', account)
    w.get('mori', account + '/history')


def walk_imports(w, house, s):
    api, account = '/api/v1', '/api/v1/registers/account'
    text = 'アカウント\t種別\n%s\t利用者\n'
    for ending in ('', '?format=grid', '?format=csv', '?format=xlsx'):
        w.get('mori', account + '/sheet' + ending)
    w.get('mori', account + '/sheet?format=exe', 404)
    w.get('sato', api + '/registers/finding/sheet', 403)
    w.get('mori', account + '/sheet?sort=purpose', 400)
    w.raw('mori', api + '/import/csv', 'アカウント,種別\nx,利用者\n'.encode('cp932'), 200)
    w.raw('mori', api + '/import/csv', b'', 400)
    w.raw('mori', api + '/import/csv', b'x' * (3 << 20), 413)
    of = {'options': {'of': s}}
    plan = w.post('mori', account + '/check', {'text': text % 'imported', **of}, 200).json()
    w.post('mori', account + '/check', {'text': text % '', **of}, 200)
    w.post('mori', account + '/check', {'text': ''}, 400)
    w.post('sato', account + '/check', {'text': text % 'x', **of}, 403)
    w.post('mori', api + '/registers/x/check', {'text': 'x'}, 404)
    w.post('mori', api + '/registers/x/import', {'text': 'x'}, 404)
    for verb in ('/check', '/import'):
        w.post('mori', account + verb, {'text': 'x' * (2 << 20)}, 413)
    w.post('mori', account + '/import', {'text': text % 'imported', **of}, 400)
    w.post('mori', account + '/import', {'text': text % 'imported', **of, 'token': '0' * 64}, 409)
    w.post('mori', account + '/import', {'text': text % '', **of, 'token': '0' * 64}, 422)
    w.post('sato', account + '/import', {'text': text % 'imported', **of, 'token': plan['token']}, 403)
    w.post('mori', account + '/import', {'text': text % 'imported', **of, 'token': plan['token']}, 201)


def walk_sheets(w, house, service):
    api = '/api/v1'
    provider = w.get('ono', api + '/rows/service:' + service).json()['cells']['provider']['value']
    new = {'provider': provider, 'subject': '会議', 'form': 'provider-sheet', 'answers': large.SHEET, 'answered_on': '2026-04-01'}
    s = api + '/answer-sheets/' + w.post('mori', api + '/answer-sheets', new, 201).json()['id']
    w.post('mori', api + '/answer-sheets', {**new, 'answers': {'recovery_hours': 'x'}}, 400)
    w.post('ito', api + '/answer-sheets', new, 403)
    nobody = api + '/answer-sheets/' + str(uuid.uuid4())
    form = api + '/forms/provider-sheet/sheet'
    grid = w.get('ono', form + '?answer_sheet=' + s.split('/')[-1]).json()
    for format in ('grid', 'csv', 'xlsx'):
        w.get('sato', form + '?format=' + format)
    w.get('sato', form + '?format=ods', 404)
    w.get('sato', api + '/forms/x/sheet', 404)
    w.get('ito', form + '?answer_sheet=' + s.split('/')[-1], 403)
    w.get('ono', api + '/forms/everything/sheet?answer_sheet=' + s.split('/')[-1], 400)
    w.post('sato', form, {'grid': grid}, 200)
    grid['sheets'][0]['rows'][1][6] = '？'
    w.post('sato', form, {'grid': grid}, 200)
    w.post('sato', form, {'grid': {**grid, 'sheets': []}}, 400)
    w.post('sato', api + '/forms/x/sheet', {'grid': grid}, 404)
    for path in ('', '/answers'):
        w.get('mori', s + path)
        w.get('ito', s + path, 403)
        w.get('mori', nobody + path, 404)
    w.get('nagai', api + '/answer-sheets?q=x&provider=' + provider)
    w.get('nagai', api + '/answer-sheets')
    w.get('ito', api + '/answer-sheets', 403)
    walk_witnesses(w, api)
    w.get('ito', api + '/peers', 403)
    w.post('mori', api + '/peers', {'name': 'x', 'key': house.log_key}, 403)
    w.post('ono', api + '/peers', {'name': 'x', 'key': 'x'}, 400)
    w.post('mori', s + '/exchange', {}, 403)
    w.post('ono', nobody + '/exchange', {}, 404)
    file, receive = w.post('ono', s + '/exchange', {}, 200).body, api + '/answer-sheets/receive'
    w.raw('ito', receive, file, 403)
    w.raw('ono', receive, file, 422)
    p = w.post('ono', api + '/peers', {'name': '自分', 'key': house.log_key}, 201).json()['id']
    w.post('ono', api + '/peers', {'name': '自分', 'key': house.log_key}, 409)
    w.raw('ono', receive, file[:-1], 400)
    r = w.raw('ono', receive, file, 201).json()['id']
    w.raw('ono', receive, file, 409)
    w.get('ono', api + '/answer-sheets/' + r)
    w.get('ono', api + '/answer-sheets')
    w.get('ono', api + '/peers')
    w.post('mori', api + '/peers/%s/end' % p, {'rev': 1}, 403)
    w.post('ono', api + '/peers/%s/end' % str(uuid.uuid4()), {'rev': 1}, 404)
    w.post('ono', api + '/peers/%s/end' % p, {'rev': 9}, 409)
    w.post('ono', api + '/peers/%s/end' % p, {'rev': 1}, 200)


def walk_witnesses(w, api):
    one, two = Witness(), Witness('pref.example/w2', 'another')
    new = {'key': one.vkey, 'fingerprint': one.fingerprint}
    w.get('ito', api + '/witnesses', 403)
    w.post('mori', api + '/witnesses', new, 403)
    w.post('ono', api + '/witnesses', {**new, 'key': 'x'}, 400)
    w.post('ono', api + '/witnesses', {**new, 'fingerprint': two.fingerprint}, 400)
    made = w.post('ono', api + '/witnesses', new, 201).json()['id']
    w.post('ono', api + '/witnesses', new, 409)
    note = w.get('ono', api + '/checkpoint').body.decode()
    w.post('mori', api + '/cosigned', {'note': one.cosigned(note)}, 403)
    for bad in (note, two.cosigned(note), one.cosigned(note)[:-6] + 'AAAA=\n', one.cosigned(note.replace('/1\n', '/2\n', 1)), 'x'):
        w.post('ono', api + '/cosigned', {'note': bad}, 400)
    w.post('ono', api + '/cosigned', {'note': one.cosigned(note)}, 201)
    last = w.get('ono', api + '/witnesses').json()['items'][0]['last']
    assert last['size'] == int(note.split('\n')[1]), last
    w.post('mori', api + '/witnesses/%s/end' % made, {'rev': 2}, 403)
    w.post('ono', api + '/witnesses/%s/end' % str(uuid.uuid4()), {'rev': 1}, 404)
    w.post('ono', api + '/witnesses/%s/end' % made, {'rev': 1}, 409)
    w.post('ono', api + '/witnesses/%s/end' % made, {'rev': 2}, 200)


def walk_drafts(w, house):
    drafts = '/api/v1/drafts'
    made = w.post('sato', drafts, {'form': 'network-connection', 'answers': {'device_name': 'PC', 'until.time': '17:00'}}, 201).json()
    d = drafts + '/' + made['id']
    saved = w.post('sato', d, {'answers': {'device_name': 'PC 2', 'mac': 'まだ'}, 'applicant': house.id('sato'), 'rev': 1}, 200).json()
    w.post('sato', d, {'answers': {}, 'rev': 1}, 409)
    w.post('sato', d, {'answers': {'a': 1}, 'rev': 2}, 400)
    w.post('sato', d, {'answers': {'a': 'x' * 140000}, 'rev': 2}, 413)
    w.post('yamada', d, {'answers': {}, 'rev': 2}, 404)
    w.post('sato', drafts, {'form': 'x', 'answers': {}}, 400)
    w.post('sato', drafts, {'form': 'network-connection', 'about': str(uuid.uuid4()), 'answers': {}}, 404)
    w.post('sato', drafts, {'form': 'network-connection', 'answers': {'a': 'x' * 140000}}, 413)
    if w.get('sato', d).json()['answers'] != {'device_name': 'PC 2', 'mac': 'まだ'} or saved['rev'] != 2:
        w.wrong.append('a draft is not what was saved')
    w.get('yamada', d, 404)
    w.get('sato', drafts)
    w.get('yamada', drafts)
    while len(w.get('yamada', drafts).json()['items']) < 20:
        w.post('yamada', drafts, {'form': 'network-connection', 'answers': {'device_name': '端末'}}, 201)
    w.post('yamada', drafts, {'form': 'network-connection', 'answers': {}}, 409)
    w.post('yamada', d + '/drop', {}, 404)
    w.post('sato', d + '/drop', {}, 200)
    w.post('sato', d + '/drop', {}, 404)
    w.get('sato', '/api/v1/forms/network-connection/previous')
    w.get('suzuki', '/api/v1/forms/network-connection/previous')
    w.get('sato', '/api/v1/forms/x/previous', 404)


def walk_files(w, house, service):
    files = '/api/v1/files'
    about = files + '?about=service:' + service
    f = w.raw('mori', about + '&name=a.pdf&note=x&dated_on=2026-04-01', samples.pdf(), 201).json()['id']
    w.raw('mori', about + '&name=b.pdf', samples.pdf(), 409)
    w.raw('mori', about + '&name=a.png', samples.pdf(), 400)
    w.raw('mori', about + '&name=a.txt', b'x' * (20 * 1024 * 1024 + 1), 413)
    w.raw('nagai', about + '&name=a.pdf', samples.pdf(), 403)
    w.raw('ito', about + '&name=a.pdf', samples.pdf(), 404)
    w.get('mori', files + '?about=x', 400)
    w.get('ito', about, 404)
    w.get('nagai', '%s/%s' % (files, f))
    w.get('ito', '%s/%s' % (files, f), 404)
    remove = '%s/%s/remove' % (files, f)
    w.post('mori', remove, {'reason': '', 'rev': 1}, 400)
    w.post('nagai', remove, {'reason': 'x', 'rev': 1}, 403)
    w.post('ito', remove, {'reason': 'x', 'rev': 1}, 404)
    w.post('mori', remove, {'reason': 'x', 'rev': 2}, 409)
    w.post('mori', remove, {'reason': '差し替え。', 'rev': 1}, 200)
    w.get('mori', about)


def walk_home(w):
    api = '/api/v1'
    for who in ('sato', 'suzuki', 'kudo', 'hara', 'nagai', 'tanaka'):
        w.get(who, api + '/home')
        w.get(who, api + '/overview')
        w.get(who, api + '/inbox')
        w.get(who, api + '/may-use?q=x1')
    w.get('sato', api + '/may-use?q=a', 400)
    w.get('sato', api + '/may-use', 400)


def walk_oversight(w):
    api = '/api/v1'
    for who in ('kudo', 'nagai', 'abe'):
        w.get(who, api + '/pack/coverage')
    w.get('sato', api + '/pack/coverage', 403)
    for what in ('populations', 'exceptions', 'populations/decided'):
        w.get('kudo', api + '/audit/' + what, 403)
        w.get('abe', api + '/audit/' + what)
        listed = w.get('nagai', api + '/audit/%s?from=2020-04-01&to=2026-12-31&body=SHI' % what).json()
        for one in listed['items'] if what != 'populations/decided' else ():
            w.get('nagai', api + '/audit/populations/%s?from=2020-04-01&to=2026-12-31&seed=1&size=3' % one['id'])
        for q in ('from=x', 'from=2026-04-01&to=2026-03-31', 'body='):
            w.get('nagai', api + '/audit/%s?%s' % (what, q), 400)
    for q in ('size=0', 'size=201', 'seed=' + 65 * 'x', 'format=pdf'):
        w.get('nagai', api + '/audit/populations/decided?' + q, 400)
    w.get('nagai', api + '/audit/populations/decided?format=ids')
    w.get('nagai', api + '/audit/populations/decided?format=csv')
    w.get('nagai', api + '/audit/populations/x', 404)
    evidence_packs(w, api + '/evidence')
    for who in ('kudo', 'tanaka'):
        w.get(who, api + '/installation')
    w.get('kudo', api + '/clock')
    w.get('nagai', api + '/clock', 403)
    w.post('kudo', api + '/clock/confirm', {'wall': '2026-04-01T00:00:00Z'}, 409)
    w.post('kudo', api + '/clock/confirm', {'wall': 'x'}, 400)
    w.post('nagai', api + '/clock/confirm', {'wall': '2026-04-01T00:00:00Z'}, 403)
    w.get('kudo', api + '/installation?part=people')
    w.get('kudo', api + '/installation?part=x', 400)
    w.get('nagai', api + '/installation', 403)


def walk_calendar(w):
    api = '/api/v1'
    w.get('mori', api + '/calendar?from=2026-04-25&to=2026-05-10')
    w.get('mori', api + '/calendar')
    for q in ('from=x', 'from=2026-04-01&to=2026-03-31', 'from=2026-04-01&to=2028-04-01'):
        w.get('mori', api + '/calendar?' + q, 400)
    w.get('mori', api + '/duties.ics')


def walk_suspension(w, s):
    service = '/api/v1/services/' + s
    rev = w.get('abe', service).json()['rev']
    w.post('sato', service + '/suspend', {'reason': 'x', 'rev': rev}, 403)
    w.post('abe', '/api/v1/services/%s/suspend' % ('0' * 8 + '-0000-7000-8000-' + '0' * 12), {'reason': 'x', 'rev': rev}, 404)
    w.post('abe', service + '/suspend', {'reason': '', 'rev': rev}, 400)
    w.post('abe', service + '/suspend', {'reason': 'x', 'rev': 99}, 409)
    rev = w.post('abe', service + '/suspend', {'reason': '提供者の障害を確かめる。', 'rev': rev}, 200).json()['rev']
    w.get('sato', service)
    w.post('sato', service + '/resume', {'reason': 'x', 'rev': rev}, 403)
    w.post('abe', service + '/resume', {'reason': '', 'rev': rev}, 400)
    w.post('abe', '/api/v1/services/x/resume', {'reason': 'x', 'rev': rev}, 404)
    w.post('abe', service + '/resume', {'reason': 'x', 'rev': 99}, 409)
    w.post('abe', service + '/resume', {'reason': '障害はおさまった。', 'rev': rev}, 200)


def walk_deputies(w, house):
    api = '/api/v1'
    w.get('sato', api + '/posts', 403)
    w.get('tanaka', api + '/posts')
    w.get('tanaka', api + '/posts/x', 404)
    for who in ('suzuki', 'mori'):
        w.get('tanaka', api + '/posts/' + house.id(who))
    w.get('sato', api + '/posts/' + house.id('suzuki'), 404)
    w.get('sato', api + '/posts/' + house.id('sato'))
    walk_appointments(w, house)
    walk_setup(w)
    named = {'deputy': house.id('ito'), 'from': '2026-04-01', 'until': '2026-04-30'}
    w.post('suzuki', api + '/deputies', {**named, 'deputy': 'x'}, 400)
    w.post('suzuki', api + '/deputies', {**named, 'until': '2026-03-31'}, 422)
    w.post('suzuki', api + '/deputies', {**named, 'principal': house.id('abe')}, 403)
    rev = w.post('suzuki', api + '/deputies', {**named, 'role': 'section_manager'}, 201).json()['rev']
    for who in ('suzuki', 'ito', 'ono'):
        w.get(who, api + '/deputies')
    end = api + '/deputies/%s/end' % house.id('suzuki')
    w.post('suzuki', end, {'deputy': named['deputy'], 'reason': '', 'rev': rev}, 400)
    w.post('suzuki', end, {'deputy': named['deputy'], 'reason': 'x', 'rev': 99}, 409)
    w.post('sato', end, {'deputy': named['deputy'], 'reason': 'x', 'rev': rev}, 404)
    w.post('ito', end, {'deputy': named['deputy'], 'reason': '休みに入る。', 'rev': rev}, 200)


def walk_erasures(w, house):
    api, nobody = '/api/v1/erasures', '/api/v1/erasures/01890000-0000-7000-8000-000000000000'
    what = {'units': ['people-2026'], 'reason': '保存期間満了'}
    w.get('sato', api, 403)
    w.get('kudo', api)
    w.post('sato', api, what, 403)
    w.post('kudo', api, {**what, 'units': ['x']}, 400)
    w.post('kudo', api, what, 422)
    house.clock('2037-04-02T09:00')
    one = api + '/' + w.post('kudo', api, what, 201).json()['id']
    w.post('kudo', api, what, 409)
    w.get('iwata', api)
    w.post('kudo', one + '/confirm', {}, 403)
    w.post('iwata', one + '/confirm', {'x': 1}, 400)
    w.post('iwata', nobody + '/confirm', {}, 404)
    w.post('sato', one + '/refuse', {'reason': 'x'}, 403)
    w.post('iwata', one + '/refuse', {'reason': ''}, 400)
    w.post('iwata', nobody + '/refuse', {'reason': 'x'}, 404)
    w.post('iwata', one + '/refuse', {'reason': '係争中。'}, 200)
    w.post('iwata', one + '/refuse', {'reason': 'x'}, 409)
    two = api + '/' + w.post('kudo', api, what, 201).json()['id']
    w.post('iwata', two + '/confirm', {}, 200)
    w.post('iwata', two + '/confirm', {}, 409)
    town.wait('the erasure', lambda: any(u['state'] == 'erased' for p in house.get('kudo', api).json()['proposals'] for u in p['units']))
    w.get('kudo', api)


def walk_setup(w):
    setup = '/api/v1/setup'
    w.get('kudo', setup)
    w.get('sato', setup, 403)
    for answers, status in (({}, 400), ({'x': 'y'}, 400), ({'size': 'huge'}, 400), ({'retention': '0'}, 400), ({'retention': '10', 'network': 'beta', 'tools': 'groupware edr'}, 201)):
        w.post('kudo', setup, {'answers': answers}, status)
    w.post('sato', setup, {'answers': {}}, 403)


def walk_appointments(w, house):
    api, mori = '/api/v1', house.id('mori')
    appoint, what = api + '/appointments', {'person': mori, 'role': 'auditor', 'from': '2026-04-01', 'until': '2027-03-31', 'why': '人第12号'}
    w.post('sato', appoint, what, 403)
    w.post('ono', appoint, {**what, 'from': 'x'}, 400)
    w.post('ono', appoint, {**what, 'from': '2026-03-31'}, 422)
    w.post('ono', appoint, {**what, 'role': 'staff'}, 409)
    made = w.post('ono', appoint, what, 201).json()
    w.get('kudo', api + '/posts')
    one = appoint + '/' + made['id']
    w.post('kudo', one + '/refuse', {'rev': made['rev'], 'reason': ''}, 400)
    w.post('sato', one + '/refuse', {'rev': made['rev'], 'reason': 'x'}, 403)
    w.post('kudo', appoint + '/x/refuse', {'rev': 1, 'reason': 'x'}, 404)
    w.post('kudo', one + '/refuse', {'rev': 9, 'reason': 'x'}, 409)
    w.post('kudo', one + '/refuse', {'rev': made['rev'], 'reason': '誤り。'}, 200)
    made = w.post('ono', appoint, {**what, 'replaces': house.id('nagai')}, 201).json()
    one = appoint + '/' + made['id'] + '/confirm'
    w.post('kudo', one, {}, 400)
    w.post('ono', one, {'rev': made['rev']}, 403)
    w.post('kudo', appoint + '/x/confirm', {'rev': 1}, 404)
    w.post('kudo', one, {'rev': 9}, 409)
    w.post('kudo', one, {'rev': made['rev']}, 200)
    w.get('kudo', api + '/posts/' + mori)
    end = api + '/posts/%s/end' % mori
    rev = next(r['rev'] for r in w.get('kudo', api + '/posts/' + mori).json()['person']['roles'] if r['role'] == 'auditor')
    w.post('sato', end, {'role': 'auditor', 'reason': 'x', 'rev': rev}, 403)
    w.post('kudo', end, {'role': 'auditor', 'reason': '', 'rev': rev}, 400)
    w.post('kudo', api + '/posts/x/end', {'role': 'auditor', 'reason': 'x', 'rev': rev}, 404)
    w.post('kudo', end, {'role': 'auditor', 'reason': 'x', 'rev': 99}, 409)
    w.post('kudo', end, {'role': 'auditor', 'reason': 'x', 'rev': rev, 'until': '2026-03-31'}, 422)
    w.post('kudo', end, {'role': 'auditor', 'reason': '異動。', 'rev': rev}, 200)
    made = w.post('ono', appoint, {'person': house.id('nagai'), 'role': 'auditor', 'from': '2026-04-01', 'why': '人第13号'}, 201).json()
    w.post('kudo', appoint + '/%s/confirm' % made['id'], {'rev': made['rev']}, 200)
    leaves = w.post('ono', api + '/registers/person', {'cells': {'name': '辞める人', 'section': '税務課'}}, 201).json()['id']
    made = w.post('ono', appoint, {**what, 'person': leaves}, 201).json()
    rev = w.get('ono', api + '/rows/person:' + leaves).json()['rev']
    w.post('ono', api + '/rows/person:%s/end' % leaves, {'reason': '退職。', 'rev': rev}, 200)
    w.post('kudo', appoint + '/%s/confirm' % made['id'], {'rev': made['rev']}, 422)


def walk_incidents(w, house):
    """From a report to a closed incident: everything that an answer may hold."""
    api = '/api/v1'
    seen = lambda: w.get('ono', api + '/incidents/' + i).json()  # noqa: E731
    f = w.post('sato', api + '/incidents/report', {'what': '端末をなくした。', 'when': '2026-04-01T08:30', 'host': 'PC-1', 'severity': 'high'}, 201).json()['id']
    g = w.post('mori', api + '/incidents/report', {'what': '不審なメール。'}, 201).json()['id']
    c = incidents.contact(house, 'ono', '小野', person='小野', phone='090-0000-0001', mail='ono@example.jp')
    w.get('ono', api + '/findings?view=open')
    w.get('sato', api + '/findings?view=open', 403)
    w.post('ono', api + '/findings/%s/close' % g, {'reason': '広告だった。', 'rev': 1}, 200)
    w.post('sato', api + '/incidents', incidents.body(house, 'sato'), 403)
    i = w.post('ono', api + '/incidents', incidents.body(house, 'ono', severity='high', leak='possible', people=3, grounds='sensitive', findings=[f],
                                                         section='産業振興課'), 201).json()['id']
    w.get('ono', api + '/incidents?view=all')
    w.get('sato', api + '/incidents')
    w.get('sato', api + '/incidents/' + i, 404)
    w.get('sato', api + '/findings')
    for who in ('ono', 'mori'):
        w.get(who, api + '/contacts/now')
    w.post('ono', api + '/contacts/%s/checked' % c, {'how': '電話で確かめた。', 'rev': 1}, 200)
    w.get('ono', api + '/contacts/now')
    a = w.get('ono', api + '/alerts').json()['items'][0]['id']
    w.post('ono', api + '/alerts/%s/acknowledge' % a, {'how': '登庁する。'}, 200)
    w.post('ono', api + '/incidents/%s/log' % i, {'kind': 'told', 'text': '警察に届けた。', 'at': '2026-04-01T08:50'}, 200)
    for d in seen()['clocks']:
        w.post('ono', api + '/clocks/%s/reported' % d['id'], {'reported_on': '2026-04-01', 'receiver': '委員会', 'document': '情政第1号', 'note': '速報', 'rev': d['rev']}, 200)
    for verb, body in (('grade', {'severity': 'high', 'leak': 'possible', 'people': 2, 'grounds': 'sensitive', 'reason': '数え直した。'}),
                       ('lead', {'lead': house.id('kudo'), 'reason': '交代。'}), ('sheet', {'answers': {'reason_found': '置き忘れ。'}}), ('contain', {'text': '回線を止めた。'})):
        w.post('ono', api + '/incidents/%s/%s' % (i, verb), {**body, 'rev': seen()['rev']}, 200)
    w.get('ono', api + '/incidents/%s/report' % i)
    w.post('kudo', api + '/incidents/%s/close' % i, {'conclusion': '見つかった。', 'rev': seen()['rev']}, 200)
    seen()
    w.post('abe', api + '/incidents/%s/confirm' % i, {'decision': 'approve', 'reason': '', 'rev': seen()['rev']}, 200)
    seen()


def walk_about_service(w, house, s):
    """What goes on with a service that is there: another section, a review by its manager, an exception."""
    api = '/api/v1'
    use = w.post('yamada', api + '/applications', {'form': 'addition', 'answers': {'wanted': s, 'use': '会議'}}, 201).json()['id']
    w.get('mori', api + '/applications?view=waiting')
    w.post('mori', api + '/applications/%s/decide' % use, {'decision': 'approve', 'reason': '', 'rev': 1}, 200)
    w.post('suzuki', api + '/applications/%s/decide' % use, {'decision': 'approve', 'reason': '', 'rev': 2}, 200)
    w.get('sato', api + '/services/' + s)
    w.post('sato', api + '/applications', {'form': 'review', 'answers': {'reviewed': s, 'found': 'x'}}, 403)
    w.post('mori', api + '/applications', {'form': 'review', 'answers': {'reviewed': s, 'found': '変わりない。'}}, 201)
    blocked = w.post('sato', api + '/applications', {'form': 'everything', 'answers': large.answers(house, head_office='US', before=s)}, 201).json()['id']
    x = w.post('kudo', api + '/applications', {'form': 'exception', 'applicant': house.id('sato'),
                                               'answers': {'application': blocked, 'items': 'abroad-never', 'until': '2026-06-30'}}, 201).json()['id']
    w.get('sato', api + '/applications/' + x)
    w.get('kudo', api + '/applications?view=drafted')
    w.post('abe', api + '/applications/%s/decide' % x, {'decision': 'approve', 'reason': '', 'rev': 1}, 200)
    w.get('sato', api + '/applications/' + blocked)


def walk_clock(w, house):
    """The machine's clock jumps by a day, and a person says that it is right."""
    api = '/api/v1'
    house.down()
    os.environ['SEKISHO_TEST_JUMPS'] = 'a'
    house.up()
    house.clock('2026-04-02T09:00')
    town.wait('the jump', lambda: house.get('kudo', api + '/clock').json()['held'] == 'jump')
    w.post('kudo', api + '/clock/confirm', {'wall': w.get('kudo', api + '/clock').json()['wall']}, 200)
    house.down()
    del os.environ['SEKISHO_TEST_JUMPS']


def main():
    with Tap() as t:
        spec = Spec(os.path.join(ROOT, 'docs/openapi.yaml'))
        with town.Town(at='2026-04-01T09:00') as house:
            a = house.apply().json()['id']
            good = house.get('sato', '/api/v1/applications/' + a).json()
            validator_is_strict(t, spec, good, {'$ref': '#/components/schemas/Application'})
        with town.Town(at='2026-04-01T09:00') as house:
            w = Walk(t, spec, house)
            walk(t, w, house)
            house.down()
        with town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST, roles=('signer', 'render-serve', 'office')) as house:
            w.house = house
            walk_large(t, w, house)
            house.down()
        with town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=town.CITY + (('iwata', '岩田', '総務課', 'records_manager'),), gate=None) as house:
            w.house = house
            walk_erasures(w, house)
            walk_clock(w, house)
            t.is_(sorted(set(w.wrong)), [], '%d answers are as docs/openapi.yaml says' % sum(w.seen.values()))
            t.is_(sorted(set(spec.operations) - set(w.seen)), [], 'every operation is walked')
            promised = {(m, p, int(s)) for (m, p), op in spec.operations.items() for s in op['responses'] if s.isdigit()}
            t.is_(sorted(promised - w.statuses), [], 'every status in the document is seen')
            t.note('%d operations, %d answers, %d of %d statuses' % (len(w.seen), sum(w.seen.values()), len(w.statuses), len(promised)))
            house.down()


if __name__ == '__main__':
    main()
