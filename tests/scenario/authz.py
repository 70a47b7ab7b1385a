#!/usr/bin/python3
"""authz.py - expected access (authz.csv, written by hand) against the route table of the program, and then against the program.

    authz.py [sekishod]        both; without an argument $SEKISHO_SAN's

A route that only one side knows is red, and so is a planted one. Then every cell of every row is tried against a running office;
a refused request leaves no entry in the journal, and every answer carries the headers that each answer must carry.
"""
import csv
import os
import re
import stat
import subprocess
import sys
import time
import urllib.parse

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

SAME = ('port', 'method', 'path', 'who', 'owner', 'journal')
CELLS = ('nobody', 'owner_person', 'stranger', 'manager', 'other_manager', 'system', 'wrong_port', 'bad_csrf', 'foreign_origin',
         'other_method', 'no_cert', 'bad_cert')
PEOPLE = {'owner_person': 'sato', 'stranger': 'yamada', 'manager': 'suzuki', 'other_manager': 'ito', 'system': 'tanaka'}
# `system` also judges and decides here, so that each route has a rightful caller among the cells.
CAST = tuple(p if p[0] != 'tanaka' else p[:3] + ('system_manager,secretariat,ciso',) for p in large.CAST)
HEADERS = {'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin'}
FORM = {'CONTENT_TYPE': 'application/x-www-form-urlencoded'}


def read_table(text):
    lines = [line for line in text.splitlines() if line and not line.startswith('#')]
    return list(csv.DictReader(lines))


def read_routes(program):
    done = subprocess.run([program, 'routes', 'x'], capture_output=True, text=True, check=True)
    return list(csv.DictReader(done.stdout.splitlines()))


def differences(table, routes):
    """Lines of what one side has and the other has not; empty when they agree."""
    a, b = ([tuple(r[k] for k in SAME) for r in rows] for rows in (table, routes))
    out = ['only in authz.csv: ' + ','.join(r) for r in a if r not in b] + ['only in the program: ' + ','.join(r) for r in b if r not in a]
    for name, rows in (('authz.csv', a), ('the program', b)):
        out += ['twice in %s: %s' % (name, ','.join(r)) for r in rows if rows.count(r) > 1]
    return out


# ---- one well-formed request for each route, on fresh things each time ----

class Request:
    def __init__(self, uri, body=b'', params=None):
        self.uri, self.body, self.params = uri, body, params or {}


def as_json(value):
    import json
    return json.dumps(value).encode()


class Scene:
    """Makes what a request needs: an application that waits, an open permit, an enrolled gate."""

    def __init__(self, t):
        self.town, self.macs = t, 0
        self.gate = gates.Gate(t.sock('machine'), t.code)
        self.gate.follow(lambda g: g.head)
        self.gate.leave()
        self.other = gates.Gate(t.sock('machine'), t.code, enrol=False)     # has a key, and a certificate of nobody's
        pem = gates.openssl('req', '-x509', '-new', '-key', self.other.key, '-subj', '/CN=stranger', '-days', '30').decode()
        self.other.answer = {'certificate': pem}
        self.service, self.managed, self.accounts = None, None, 0
        self.mori = t.id('mori')

    def waiting(self):
        self.macs += 1
        r = self.town.apply('sato', mac='02:00:00:00:%02x:%02x' % divmod(self.macs, 256))
        assert r.status == 201, r.body
        return r.json()

    def returned(self):
        a = self.waiting()['id']
        r = self.town.post('suzuki', '/api/v1/applications/%s/decide' % a, {'decision': 'return', 'reason': '期間を見直してください。', 'rev': 1})
        assert r.status == 200, r.body
        return a

    def permit(self):
        a = self.waiting()['id']
        r = self.town.post('suzuki', '/api/v1/applications/%s/decide' % a, {'decision': 'approve', 'reason': '', 'rev': 1})
        assert r.status == 200, r.body
        return self.town.get('tanaka', '/api/v1/applications/' + a).json()['permit']

    # ---- the procedure with everything in it ----

    def approved(self):
        """A service in the register, made once."""
        if not self.service:
            self.service = self.town.case('tanaka', large.approved(self.town))['service']['id']
        return self.service

    def on_service(self, verb, state):
        """The service in the state from which the verb leads on."""
        t, uri = self.town, '/api/v1/services/' + self.approved()
        now = t.get('tanaka', uri).json()
        if now['state'] != state:
            t.good(t.post('abe', uri + ('/resume' if state == 'approved' else '/suspend'), {'reason': '試す。', 'rev': now['rev']}))
        return Request('%s/%s' % (uri, verb), as_json({'reason': '確かめる。', 'rev': t.get('tanaka', uri).json()['rev']}))

    def on_large(self, verb, body, made=large.filed):
        a = made(self.town)
        return Request('/api/v1/applications/%s/%s' % (a, verb), as_json({**body, 'rev': self.town.case('tanaka', a)['rev']}))

    def account_body(self):
        """For a service that the owner manages."""
        if not self.managed:
            self.managed = self.town.case('tanaka', large.approved(self.town, manager=self.town.id('sato'), vice=None))['service']['id']
        self.accounts += 1
        return as_json({'cells': {'name': 'admin%d' % self.accounts, 'kind': '管理者'}, 'of': self.managed})

    def account(self):
        import json
        t = self.town
        return t.good(t.post('sato', '/api/v1/registers/account', json.loads(self.account_body())))['id']

    def block(self):
        """One more account of that service, as a block of cells."""
        import json
        body = json.loads(self.account_body())
        return {'text': 'アカウント\t種別\n%s\t%s\n' % (body['cells']['name'], body['cells']['kind']), 'options': {'of': body['of']}}

    def bring_in(self):
        sheet = self.block()
        plan = self.town.good(self.town.post('sato', '/api/v1/registers/account/check', sheet))
        return Request('/api/v1/registers/account/import', as_json({**sheet, 'token': plan['token']}))

    def open_duty(self):
        case = self.town.case('tanaka', large.approved(self.town, vice=None))
        return next(d for d in case['duties'] if d['kind'] == 'task')

    def close_duty(self):
        d = self.open_duty()
        return Request('/api/v1/duties/%s/close' % d['id'], as_json({'evidence': '見た。', 'rev': d['rev']}))

    def deputy(self):
        return {'deputy': self.town.id('mori'), 'from': '2026-04-01', 'until': '2026-04-30'}

    def new_sheet(self):
        provider = self.town.get('tanaka', '/api/v1/rows/service:' + self.approved()).json()['cells']['provider']['value']
        return {'provider': provider, 'subject': '会議', 'form': 'provider-sheet', 'answers': large.SHEET, 'answered_on': '2026-04-01'}

    def kept_sheet(self, verb=''):
        made = self.town.good(self.town.post('tanaka', '/api/v1/answer-sheets', self.new_sheet()))
        return '/api/v1/answer-sheets/%s%s' % (made['id'], verb)

    def new_peer(self):
        return {'name': '隣町', 'key': os.urandom(16).hex()}

    def received(self):
        """What this very install sent, which it has to trust first."""
        self.town.post('tanaka', '/api/v1/peers', {'name': '自分', 'key': self.town.log_key})
        file = self.town.post('tanaka', self.kept_sheet('/exchange'), {})
        assert file.status == 200, file.body
        return Request('/api/v1/answer-sheets/receive', file.body, {'CONTENT_TYPE': 'application/octet-stream'})

    def end_peer(self):
        made = self.town.good(self.town.post('tanaka', '/api/v1/peers', self.new_peer()))
        return Request('/api/v1/peers/%s/end' % made['id'], as_json({'rev': 1}))

    def new_witness(self):
        w = Witness(word=os.urandom(8).hex(), name='w.example/' + os.urandom(4).hex())
        return w, {'key': w.vkey, 'fingerprint': w.fingerprint}

    def end_witness(self):
        made = self.town.good(self.town.post('tanaka', '/api/v1/witnesses', self.new_witness()[1]))
        return Request('/api/v1/witnesses/%s/end' % made['id'], as_json({'rev': 1}))

    def cosigned(self):
        w, body = self.new_witness()
        self.town.good(self.town.post('tanaka', '/api/v1/witnesses', body))
        note = self.town.get('tanaka', '/api/v1/checkpoint').body.decode()
        return Request('/api/v1/cosigned', as_json({'note': w.cosigned(note)}))

    def draft(self):
        """What sato has begun to write; each save asks for the state it saw."""
        for old in self.town.get('sato', '/api/v1/drafts').json()['items']:
            self.town.post('sato', '/api/v1/drafts/%s/drop' % old['id'], {})
        return self.town.good(self.town.post('sato', '/api/v1/drafts', self.new_draft()))['id']

    def new_draft(self):
        return {'form': 'network-connection', 'answers': {'device_name': 'x'}}

    def file(self):
        """Attached to an application that waits, by who filed it."""
        r = attach.Files(self.town, 'application:' + self.waiting()['id']).put('sato', samples.pdf())
        assert r.status == 201, r.body
        return r.json()['id']

    def end_deputy(self):
        t = self.town
        r = t.good(t.post('sato', '/api/v1/deputies', self.deputy()))
        return Request('/api/v1/deputies/%s/end' % t.id('sato'), as_json({'deputy': t.id('mori'), 'reason': '戻った。', 'rev': r['rev']}))

    # ---- drafts of rules: kudo proposes what tanaka adopts ----

    def rules(self, verb, edited=False, by='tanaka', **body):
        drafts = '/api/v1/pack/drafts'
        made = self.town.good(self.town.post(by, drafts, {'title': '改正'}))
        if edited:
            edit = {'rev': 1, 'where': 'settings', 'act': 'set', 'values': {'session_hours': str(8 + self.next_hours())}, 'reason': 'x'}
            made = self.town.good(self.town.post(by, '%s/%s/edit' % (drafts, made['id']), edit))
        body = {'rev': made['rev'], **body} if body.get('rev', 0) is not None else {}
        return Request('%s/%s%s' % (drafts, made['id'], verb), as_json(body) if verb not in ('', '/record') else b'')

    def next_hours(self):
        """A number that is not in force already."""
        self.hours = getattr(self, 'hours', 0) % 150 + 1
        return self.hours

    def proposal(self, verb, **body):
        made = self.rules('/propose', edited=True, by='kudo')
        saved = self.town.good(self.town.post('kudo', made.uri, {'rev': 2}))
        pack = self.town.good(self.town.get('tanaka', '/api/v1/pack/drafts/' + saved['id']))['pack']
        return Request('/api/v1/pack/proposals/%s/%s' % (saved['id'], verb), as_json({'rev': saved['rev'], **({'pack': pack} if verb == 'adopt' else {}), **body}))

    # ---- incidents: tanaka handles them, suzuki leads the one that waits for a second person ----

    def finding(self):
        return Request('/api/v1/findings/%s/close' % incidents.report(self.town), as_json({'reason': '見つかった。', 'rev': 1}))

    def incident(self, verb, body, **more):
        return Request('/api/v1/incidents/%s/%s' % (incidents.opened(self.town, 'tanaka', **more), verb), as_json({**body, 'rev': 1}))

    def conclude(self):
        i = incidents.opened(self.town, 'tanaka')
        incidents.act(self.town, 'tanaka', i, 'contain', text='止めた。')
        incidents.act(self.town, 'tanaka', i, 'sheet', answers={'reason_found': '置き忘れ。'})
        return Request('/api/v1/incidents/%s/close' % i, as_json({'conclusion': '見つかった。', 'rev': 3}))

    def confirm(self):
        i = incidents.opened(self.town, 'tanaka', lead=self.town.id('suzuki'))
        incidents.concluded(self.town, 'suzuki', i, {'reason_found': '置き忘れ。'})
        return Request('/api/v1/incidents/%s/confirm' % i, as_json({'decision': 'approve', 'reason': '', 'rev': 4}))

    def clock(self):
        i = incidents.seen(self.town, 'tanaka', incidents.opened(self.town, 'tanaka', leak='possible'))
        return Request('/api/v1/clocks/%s/reported' % i['clocks'][0]['id'], as_json({'reported_on': '2026-04-01', 'receiver': '委員会', 'document': '情政第1号', 'rev': 1}))

    def alert(self):
        i = incidents.seen(self.town, 'tanaka', incidents.opened(self.town, 'tanaka', severity='high'))
        return Request('/api/v1/alerts/%s/acknowledge' % i['alerts'][0]['id'], as_json({'how': '見た。'}))

    def contact(self):
        return Request('/api/v1/contacts/%s/checked' % incidents.contact(self.town, 'tanaka', '当番'), as_json({'how': '電話した。', 'rev': 1}))

    def unit(self):
        """One that is not due: the rightful is let in and refused by a rule."""
        return self.town.good(self.town.get('tanaka', '/api/v1/erasures'))['units'][0]['unit']

    # ---- resets: ono asks for mori, tanaka acts ----

    def no_reset(self):
        for r in self.town.get('ono', '/api/v1/resets').json()['items']:
            if r['may_end']:
                self.town.good(self.town.post('ono', '/api/v1/resets/%s/end' % r['id'], {}))
        return {'person': self.mori, 'reason': '忘れた。'}

    def reset(self, verb):
        made = self.town.good(self.town.post('ono', '/api/v1/resets', self.no_reset()))
        return Request('/api/v1/resets/%s/%s' % (made['id'], verb), b'{}')

    # ---- rotations of keys: ono asks, tanaka acts ----

    def no_rotation(self):
        """The order key: one that is confirmed is done within seconds, and then the next may be asked for."""
        for _ in range(200):
            rows = [r for r in self.town.get('ono', '/api/v1/keys').json()['rotations'] if r['state'] in ('asked', 'confirmed')]
            for r in rows:
                if r['may_end']:
                    self.town.good(self.town.post('ono', '/api/v1/keys/rotations/%s/end' % r['id'], {}))
            if not rows:
                break
            time.sleep(0.05)
        return {'use': 'order', 'reason': '年に一度。'}

    def rotation(self, verb):
        made = self.town.good(self.town.post('ono', '/api/v1/keys/rotations', self.no_rotation()))
        return Request('/api/v1/keys/rotations/%s/%s' % (made['id'], verb), b'{}')

    # ---- evidence packs ----

    def order(self):
        town.wait('orders are worked off', lambda: all(j['state'] in ('done', 'failed') for j in self.town.get('tanaka', '/api/v1/evidence').json()['items']))
        return {'kind': 'body', 'id': '', 'body': 'SHI', 'from': '2026-04-01', 'to': '2027-03-31'}

    def ordered(self, done=False):
        one = self.town.good(self.town.post('tanaka', '/api/v1/evidence', self.order()), 202)['id']
        if done:
            self.order()
        return one

    # ---- roles: ono proposes mori as another auditor, tanaka acts ----

    def appointment(self):
        """Nothing that is open or held stands in its way."""
        t = self.town
        for a in t.get('ono', '/api/v1/posts').json()['open']:
            t.good(t.post('ono', '/api/v1/appointments/%s/refuse' % a['id'], {'rev': a['rev'], 'reason': '試す。'}))
        self.no_auditor()
        return {'person': self.mori, 'role': 'auditor', 'from': '2026-04-01', 'why': '令和8年4月1日 発令'}

    def auditor(self):
        roles = self.town.get('tanaka', '/api/v1/posts/' + self.mori).json()['person']['roles']
        return next((r for r in roles if r['role'] == 'auditor'), None)

    def no_auditor(self):
        if self.auditor():
            self.town.good(self.town.post('ono', '/api/v1/posts/%s/end' % self.mori, {'role': 'auditor', 'rev': self.auditor()['rev'], 'reason': '試す。'}))

    def on_appointment(self, verb, **body):
        made = self.town.good(self.town.post('ono', '/api/v1/appointments', self.appointment()))
        return Request('/api/v1/appointments/%s/%s' % (made['id'], verb), as_json({'rev': made['rev'], **body}))

    def end_role(self):
        if not self.auditor():
            made = self.town.good(self.town.post('ono', '/api/v1/appointments', self.appointment()))
            self.town.good(self.town.post('kudo', '/api/v1/appointments/%s/confirm' % made['id'], {'rev': made['rev']}))
        return Request('/api/v1/posts/%s/end' % self.mori, as_json({'role': 'auditor', 'rev': self.auditor()['rev'], 'reason': '試す。'}))

    def password(self, who):
        login = PEOPLE.get(who, PEOPLE['system'])
        return Request('/api/v1/password', as_json({'old': self.town.passwords[login], 'new': 'short'}))

    # one a route, by method and path

    def make(self, row, cell):
        kind = {
            ('GET', '/sign-in'): lambda: Request('/sign-in'),
            ('POST', '/sign-in'): self.sign_in,
            ('POST', '/sign-out'): lambda: Request('/sign-out'),
            ('GET', '/sign-in/code'): lambda: Request('/sign-in/code'),
            ('POST', '/sign-in/code'): lambda: Request('/sign-in/code', b'next=/&code=000000', FORM),
            ('GET', '/sign-in/password'): lambda: Request('/sign-in/password'),
            ('POST', '/sign-in/password'): lambda: Request('/sign-in/password', b'next=/&new=x&again=x', FORM),
            ('GET', '/sign-in/totp'): lambda: Request('/sign-in/totp'),
            ('POST', '/sign-in/totp'): lambda: Request('/sign-in/totp', b'next=/&code=000000', FORM),
            ('GET', '/sign-in/totp.svg'): lambda: Request('/sign-in/totp.svg'),
            ('POST', '/api/v1/password'): lambda: self.password(cell),
            ('GET', '/api/v1/resets'): lambda: Request('/api/v1/resets'),
            ('POST', '/api/v1/resets'): lambda: Request('/api/v1/resets', as_json(self.no_reset())),
            ('POST', '/api/v1/resets/{}/confirm'): lambda: self.reset('confirm'),
            ('POST', '/api/v1/resets/{}/end'): lambda: self.reset('end'),
            ('GET', '/api/v1/keys'): lambda: Request('/api/v1/keys'),
            ('POST', '/api/v1/keys/rotations'): lambda: Request('/api/v1/keys/rotations', as_json(self.no_rotation())),
            ('POST', '/api/v1/keys/rotations/{}/confirm'): lambda: self.rotation('confirm'),
            ('POST', '/api/v1/keys/rotations/{}/end'): lambda: self.rotation('end'),
            ('GET', '/decide/{}'): lambda: Request('/decide/' + self.waiting()['id']),
            ('POST', '/decide/{}'): lambda: Request('/decide/' + self.waiting()['id'], urllib.parse.urlencode(
                {'decision': 'approve', 'rev': '1', 'step': 'decide', 'reason': ''}).encode(), FORM),
            ('GET', '/api/v1/session'): lambda: Request('/api/v1/session'),
            ('GET', '/api/v1/pack'): lambda: Request('/api/v1/pack'),
            ('GET', '/api/v1/pack/coverage'): lambda: Request('/api/v1/pack/coverage'),
            ('GET', '/api/v1/audit/populations'): lambda: Request('/api/v1/audit/populations'),
            ('GET', '/api/v1/audit/populations/{}'): lambda: Request('/api/v1/audit/populations/decided'),
            ('GET', '/api/v1/audit/exceptions'): lambda: Request('/api/v1/audit/exceptions'),
            ('GET', '/api/v1/evidence'): lambda: Request('/api/v1/evidence'),
            ('POST', '/api/v1/evidence'): lambda: Request('/api/v1/evidence', as_json(self.order())),
            ('GET', '/api/v1/evidence/preview'): lambda: Request('/api/v1/evidence/preview?' + urllib.parse.urlencode(self.order())),
            ('GET', '/api/v1/evidence/{}'): lambda: Request('/api/v1/evidence/' + self.ordered()),
            ('GET', '/api/v1/evidence/{}/pack'): lambda: Request('/api/v1/evidence/%s/pack' % self.ordered(done=True)),
            ('GET', '/api/v1/clock'): lambda: Request('/api/v1/clock'),
            ('POST', '/api/v1/clock/confirm'): lambda: Request('/api/v1/clock/confirm', as_json({'wall': '2026-04-01T00:00:00Z'})),
            ('GET', '/api/v1/installation'): lambda: Request('/api/v1/installation'),
            ('GET', '/api/v1/pack/sheets/{}'): lambda: Request('/api/v1/pack/sheets/forms'),
            ('POST', '/api/v1/pack/sheets/{}/csv'): lambda: Request('/api/v1/pack/sheets/forms/csv', as_json({'file': 'YQox'})),
            ('POST', '/api/v1/pack/sheets/{}/check'): lambda: Request('/api/v1/pack/sheets/forms/check', as_json(
                {'grid': {'sekisho-grid': 1, 'sheets': [{'name': 'forms', 'columns': [{'id': 'form'}], 'rows': []}]}})),
            ('GET', '/api/v1/setup'): lambda: Request('/api/v1/setup'),
            ('POST', '/api/v1/setup'): lambda: Request('/api/v1/setup', as_json({'answers': {'network': 'beta'}})),
            ('GET', '/api/v1/pack/rules'): lambda: Request('/api/v1/pack/rules'),
            ('POST', '/api/v1/pack/drafts'): lambda: Request('/api/v1/pack/drafts', as_json({'title': '改正'})),
            ('GET', '/api/v1/pack/drafts/{}'): lambda: self.rules(''),
            ('GET', '/api/v1/pack/drafts/{}/record'): lambda: self.rules('/record'),
            ('POST', '/api/v1/pack/drafts/{}/edit'): lambda: self.rules('/edit', where='settings', act='set', values={'session_hours': '9'}, reason='x'),
            ('POST', '/api/v1/pack/drafts/{}/sheet'): lambda: self.rules('/sheet', name='forms', grid=self.town.get('tanaka', '/api/v1/pack/sheets/forms').json(), reason='x'),
            ('POST', '/api/v1/pack/drafts/{}/file'): lambda: self.rules('/file', name='overlay.yaml', text='?', reason='x'),
            ('POST', '/api/v1/pack/drafts/{}/people'): lambda: self.rules('/people', rev=None),
            ('POST', '/api/v1/pack/drafts/{}/propose'): lambda: self.rules('/propose', edited=True),
            ('POST', '/api/v1/pack/drafts/{}/drop'): lambda: self.rules('/drop'),
            ('POST', '/api/v1/pack/proposals/{}/adopt'): lambda: self.proposal('adopt'),
            ('POST', '/api/v1/pack/proposals/{}/return'): lambda: self.proposal('return', reason='x'),
            ('GET', '/api/v1/people'): lambda: Request('/api/v1/people'),
            ('GET', '/api/v1/inbox'): lambda: Request('/api/v1/inbox'),
            ('GET', '/api/v1/posts'): lambda: Request('/api/v1/posts'),
            ('POST', '/api/v1/posts/{}/end'): self.end_role,
            ('GET', '/api/v1/erasures'): lambda: Request('/api/v1/erasures'),
            ('POST', '/api/v1/erasures'): lambda: Request('/api/v1/erasures', as_json({'units': [self.unit()], 'reason': '保存期間満了'})),
            ('POST', '/api/v1/erasures/{}/confirm'): lambda: Request('/api/v1/erasures/01890000-0000-7000-8000-000000000000/confirm', b'{}'),
            ('POST', '/api/v1/erasures/{}/refuse'): lambda: Request('/api/v1/erasures/01890000-0000-7000-8000-000000000000/refuse', as_json({'reason': '試す。'})),
            ('POST', '/api/v1/appointments'): lambda: Request('/api/v1/appointments', as_json(self.appointment())),
            ('POST', '/api/v1/appointments/{}/confirm'): lambda: self.on_appointment('confirm'),
            ('POST', '/api/v1/appointments/{}/refuse'): lambda: self.on_appointment('refuse', reason='試す。'),
            ('GET', '/api/v1/posts/{}'): lambda: Request('/api/v1/posts/%s' % self.town.id('sato')),
            ('GET', '/api/v1/forms'): lambda: Request('/api/v1/forms'),
            ('POST', '/api/v1/forms/{}/check'): lambda: Request('/api/v1/forms/network-connection/check', as_json({'answers': {'mac': 'x'}})),
            ('GET', '/api/v1/forms/{}/sheet'): lambda: Request('/api/v1/forms/network-connection/sheet'),
            ('POST', '/api/v1/forms/{}/sheet'): lambda: Request('/api/v1/forms/network-connection/sheet', as_json(
                {'grid': {'sekisho-grid': 1, 'sheets': [{'name': 'network-connection', 'columns': [{'id': 'id'}, {'id': 'answer'}], 'rows': []}]}})),
            ('POST', '/api/v1/applications/{}/correct'): lambda: Request('/api/v1/applications/%s/correct' % self.waiting()['id'], as_json(
                {'answers': {'device_name': 'x', 'mac': '02:00:00:00:00:99', 'purpose': 'z', 'until': '2026-04-30'}, 'reason': '書き誤り。', 'rev': 1})),
            ('POST', '/api/v1/applications/{}/fill'): lambda: self.on_large('fill', {'sheet': 'provider-sheet', 'answers': large.SHEET}),
            ('POST', '/api/v1/applications/{}/judge'): lambda: self.on_large('judge', {'lines': large.LINES}),
            ('POST', '/api/v1/applications/{}/rate'): lambda: self.on_large('rate', {'axis': 'confidentiality', 'level': 'c3', 'reason': '重い。'}, large.agreed),
            ('GET', '/api/v1/services/{}'): lambda: Request('/api/v1/services/' + self.approved()),
            ('GET', '/api/v1/registers'): lambda: Request('/api/v1/registers'),
            ('GET', '/api/v1/registers/{}'): lambda: Request('/api/v1/registers/service'),
            ('POST', '/api/v1/registers/{}'): lambda: Request('/api/v1/registers/account', self.account_body()),
            ('GET', '/api/v1/registers/{}/sheet'): lambda: Request('/api/v1/registers/service/sheet'),
            ('POST', '/api/v1/registers/{}/check'): lambda: Request('/api/v1/registers/account/check', as_json(self.block())),
            ('POST', '/api/v1/registers/{}/import'): self.bring_in,
            ('POST', '/api/v1/import/csv'): lambda: Request('/api/v1/import/csv', 'a,b\nあ,い\n'.encode('cp932'), {'CONTENT_TYPE': 'application/octet-stream'}),
            ('GET', '/api/v1/rows/{}'): lambda: Request('/api/v1/rows/service:' + self.approved()),
            ('POST', '/api/v1/rows/{}'): lambda: Request('/api/v1/rows/account:' + self.account(), as_json({'cells': {'purpose': '会議'}, 'rev': 1})),
            ('GET', '/api/v1/rows/{}/history'): lambda: Request('/api/v1/rows/service:%s/history' % self.approved()),
            ('POST', '/api/v1/rows/{}/end'): lambda: Request('/api/v1/rows/account:%s/end' % self.account(), as_json({'reason': '不要。', 'rev': 1})),
            ('POST', '/api/v1/duties/{}/close'): self.close_duty,
            ('POST', '/api/v1/deputies'): lambda: Request('/api/v1/deputies', as_json(self.deputy())),
            ('POST', '/api/v1/deputies/{}/end'): self.end_deputy,
            ('GET', '/api/v1/answer-sheets'): lambda: self.approved() and Request('/api/v1/answer-sheets'),
            ('POST', '/api/v1/answer-sheets'): lambda: Request('/api/v1/answer-sheets', as_json(self.new_sheet())),
            ('POST', '/api/v1/answer-sheets/receive'): self.received,
            ('GET', '/api/v1/answer-sheets/{}'): lambda: Request(self.kept_sheet()),
            ('GET', '/api/v1/answer-sheets/{}/answers'): lambda: Request(self.kept_sheet('/answers')),
            ('POST', '/api/v1/answer-sheets/{}/exchange'): lambda: Request(self.kept_sheet('/exchange'), b'{}'),
            ('GET', '/api/v1/witnesses'): lambda: Request('/api/v1/witnesses'),
            ('POST', '/api/v1/witnesses'): lambda: Request('/api/v1/witnesses', as_json(self.new_witness()[1])),
            ('POST', '/api/v1/witnesses/{}/end'): self.end_witness,
            ('POST', '/api/v1/cosigned'): self.cosigned,
            ('GET', '/api/v1/peers'): lambda: Request('/api/v1/peers'),
            ('POST', '/api/v1/peers'): lambda: Request('/api/v1/peers', as_json(self.new_peer())),
            ('POST', '/api/v1/peers/{}/end'): self.end_peer,
            ('GET', '/api/v1/files'): lambda: Request('/api/v1/files?about=application:' + self.waiting()['id']),
            ('POST', '/api/v1/files'): lambda: Request('/api/v1/files?name=a.pdf&about=application:' + self.waiting()['id'], samples.pdf(),
                                                       {'CONTENT_TYPE': 'application/octet-stream'}),
            ('GET', '/api/v1/files/{}'): lambda: Request('/api/v1/files/' + self.file()),
            ('POST', '/api/v1/files/{}/remove'): lambda: Request('/api/v1/files/%s/remove' % self.file(), as_json({'reason': '誤り。', 'rev': 1})),
            ('GET', '/api/v1/services'): lambda: Request('/api/v1/services'),
            ('GET', '/api/v1/home'): lambda: Request('/api/v1/home'),
            ('GET', '/api/v1/overview'): lambda: Request('/api/v1/overview'),
            ('GET', '/api/v1/may-use'): lambda: Request('/api/v1/may-use?q=ab'),
            ('GET', '/api/v1/search'): lambda: Request('/api/v1/search?q=ab'),
            ('GET', '/api/v1/papers'): lambda: Request('/api/v1/papers?about=application:' + self.waiting()['id']),
            ('GET', '/api/v1/papers/{}'): lambda: Request('/api/v1/papers/application?format=json&about=application:' + self.waiting()['id']),
            ('GET', '/api/v1/duties'): lambda: Request('/api/v1/duties'),
            ('GET', '/api/v1/duties.ics'): lambda: Request('/api/v1/duties.ics'),
            ('POST', '/api/v1/services/{}/suspend'): lambda: self.on_service('suspend', 'approved'),
            ('POST', '/api/v1/services/{}/resume'): lambda: self.on_service('resume', 'suspended'),
            ('GET', '/api/v1/calendar'): lambda: Request('/api/v1/calendar?from=2026-04-01&to=2026-04-30'),
            ('GET', '/api/v1/deputies'): lambda: Request('/api/v1/deputies'),
            ('GET', '/api/v1/forms/{}'): lambda: Request('/api/v1/forms/network-connection'),
            ('GET', '/api/v1/forms/{}/previous'): lambda: Request('/api/v1/forms/network-connection/previous'),
            ('GET', '/api/v1/drafts'): lambda: Request('/api/v1/drafts'),
            ('POST', '/api/v1/drafts'): lambda: Request('/api/v1/drafts', as_json(self.new_draft())),
            ('GET', '/api/v1/drafts/{}'): lambda: Request('/api/v1/drafts/' + self.draft()),
            ('POST', '/api/v1/drafts/{}'): lambda: Request('/api/v1/drafts/' + self.draft(), as_json({'answers': {'device_name': 'y'}, 'rev': 1})),
            ('POST', '/api/v1/drafts/{}/drop'): lambda: Request('/api/v1/drafts/%s/drop' % self.draft(), b'{}'),
            ('GET', '/api/v1/applications'): lambda: Request('/api/v1/applications'),
            ('POST', '/api/v1/applications'): lambda: Request('/api/v1/applications', as_json({'form': 'network-connection', 'answers': {
                'device_name': 'x', 'mac': '02:00:00:00:00:99', 'purpose': 'y', 'until': '2026-04-30'}})),
            ('GET', '/api/v1/applications/{}'): lambda: Request('/api/v1/applications/' + self.waiting()['id']),
            ('POST', '/api/v1/applications/{}/resubmit'): lambda: Request('/api/v1/applications/%s/resubmit' % self.returned(), as_json(
                {'answers': {'device_name': 'x', 'mac': '02:00:00:00:00:99', 'purpose': 'z', 'until': '2026-04-30'}, 'rev': 2})),
            ('POST', '/api/v1/applications/{}/decide'): lambda: Request('/api/v1/applications/%s/decide' % self.waiting()['id'], as_json(
                {'decision': 'approve', 'reason': '', 'rev': 1})),
            ('POST', '/api/v1/applications/{}/withdraw'): lambda: Request('/api/v1/applications/%s/withdraw' % self.waiting()['id'], as_json(
                {'reason': '不要になった。', 'rev': 1})),
            ('POST', '/api/v1/permits/{}/revoke'): lambda: Request('/api/v1/permits/%s/revoke' % self.permit()['id'], as_json(
                {'reason': '紛失した。', 'rev': 1})),
            ('POST', '/api/v1/permits/{}/until'): lambda: Request('/api/v1/permits/%s/until' % self.permit()['id'], as_json(
                {'until': '2026-05-31', 'reason': '延びた。', 'rev': 1})),
            ('POST', '/api/v1/incidents/report'): lambda: Request('/api/v1/incidents/report', as_json({'what': '不審なメール。'})),
            ('GET', '/api/v1/findings'): lambda: Request('/api/v1/findings'),
            ('POST', '/api/v1/findings/{}/close'): self.finding,
            ('GET', '/api/v1/incidents'): lambda: Request('/api/v1/incidents'),
            ('POST', '/api/v1/incidents'): lambda: Request('/api/v1/incidents', as_json(incidents.body(self.town, 'tanaka'))),
            ('GET', '/api/v1/incidents/{}'): lambda: Request('/api/v1/incidents/' + incidents.opened(self.town, 'tanaka')),
            ('GET', '/api/v1/incidents/{}/report'): lambda: Request('/api/v1/incidents/%s/report' % incidents.opened(self.town, 'tanaka')),
            ('POST', '/api/v1/incidents/{}/log'): lambda: Request('/api/v1/incidents/%s/log' % incidents.opened(self.town, 'tanaka'), as_json(
                {'kind': 'done', 'text': '電話した。'})),
            ('POST', '/api/v1/incidents/{}/grade'): lambda: self.incident('grade', {'severity': 'low', 'leak': 'none', 'reason': '軽い。'}),
            ('POST', '/api/v1/incidents/{}/lead'): lambda: self.incident('lead', {'lead': self.town.id('ono'), 'reason': '交代。'}),
            ('POST', '/api/v1/incidents/{}/sheet'): lambda: self.incident('sheet', {'answers': {'heard_of': '本人から'}}),
            ('POST', '/api/v1/incidents/{}/contain'): lambda: self.incident('contain', {'text': '止めた。'}),
            ('POST', '/api/v1/incidents/{}/close'): self.conclude,
            ('POST', '/api/v1/incidents/{}/confirm'): self.confirm,
            ('POST', '/api/v1/clocks/{}/reported'): self.clock,
            ('GET', '/api/v1/alerts'): lambda: Request('/api/v1/alerts'),
            ('POST', '/api/v1/alerts/{}/acknowledge'): self.alert,
            ('GET', '/api/v1/contacts/now'): lambda: Request('/api/v1/contacts/now'),
            ('POST', '/api/v1/contacts/{}/checked'): self.contact,
            ('GET', '/api/v1/gates'): lambda: Request('/api/v1/gates'),
            ('POST', '/api/v1/gates'): lambda: Request('/api/v1/gates', as_json({'name': '2F', 'zone': 'office', 'lan': 'lan1'})),
            ('GET', '/api/v1/entries/{}/proof'): self.proof,
            ('GET', '/api/v1/checkpoint'): lambda: Request('/api/v1/checkpoint'),
            ('GET', '/api/v1/consistency'): lambda: Request('/api/v1/consistency?from=1'),
            ('GET', '/api/v1/status'): lambda: Request('/api/v1/status'),
            ('POST', '/m/v1/enrol'): lambda: self.enrol(cell),
            ('GET', '/m/v1/grants'): lambda: Request('/m/v1/grants?epoch=0&seq=0', params=self.cert(cell)),
            ('POST', '/m/v1/report'): lambda: self.report(cell),
            ('GET', '/c/v1/outbox'): lambda: Request('/c/v1/outbox'),
            ('POST', '/c/v1/outbox/settle'): lambda: Request('/c/v1/outbox/settle', as_json({'sink': 'log', 'items': []})),
            ('POST', '/c/v1/sinks'): lambda: Request('/c/v1/sinks', as_json({'sinks': []})),
        }
        return kind[row['method'], row['path']]()

    def sign_in(self):
        page = self.town.user('GET', '/sign-in')
        word = re.search(rb'name="csrf" value="([0-9a-f]+)"', page.body).group(1).decode()
        pre = next(v for k, v in page.headers if k == 'Set-Cookie').split(';')[0]
        form = urllib.parse.urlencode({'csrf': word, 'next': '/', 'login': 'mori', 'password': self.town.passwords['mori']}).encode()
        return Request('/sign-in', form, {**FORM, 'HTTP_COOKIE': pre})

    def proof(self):
        index = self.waiting()['receipt']['index']
        town.wait('the seal', lambda: self.town.get('tanaka', '/api/v1/status').json()['sealed_size'] > index)
        return Request('/api/v1/entries/%d/proof' % index)

    def cert(self, cell):
        if cell == 'stranger':
            return self.other.cert()
        if cell in ('owner_person', 'wrong_port', 'other_method'):
            return self.gate.cert()
        if cell == 'bad_cert':
            return {**self.gate.cert(), 'CLIENT_VERIFY': 'FAILED:unable to verify the first certificate'}
        return dict(gates.VERSION)          # no certificate; a session does not help

    def enrol(self, cell):
        r = self.town.post('tanaka', '/api/v1/gates', {'name': 'Q', 'zone': 'office', 'lan': 'q0'})
        g = gates.Gate(self.town.sock('machine'), r.json()['code'], enrol=False)
        try:
            if cell == 'stranger':
                g.secret = bytes(16)
            params = {**gates.VERSION, **({'CLIENT_VERIFY': 'FAILED:x', 'CLIENT_CERT': 'x'} if cell == 'bad_cert' else {})}
            return Request('/m/v1/enrol', as_json(g.request()), {**gates.JSON, **params})
        finally:
            g.close()

    def report(self, cell):
        self.gate.told += 1
        body = {'v': 1, 'boot': self.gate.boot, 'stream': 'applied', 'seq': self.gate.told,
                'applied': {'epoch': self.gate.head['epoch'], 'table': self.gate.head['seq'], 'hash': self.gate.hash, 'at': 1, 'count': 0}}
        return Request('/m/v1/report', as_json(body), {**gates.JSON, **self.cert(cell)})

    def close(self):
        self.gate.close()
        self.other.close()


# ---- the cells ----

def rightful(row):
    """The cell of the caller who may; 422: they may, and what they send is refused by a rule (a password that was changed would lock them out here)."""
    for good in (('200', '201', '202', '303', '422'), ('409',)):     # 409: they may, and there is nothing to do (a clock that runs)
        for cell in ('owner_person', 'manager', 'system', 'nobody'):
            if row[cell] in good:
                return cell
    if row['path'].startswith('/api/v1/erasures/'):     # nobody here holds the records role
        return 'system'
    raise ValueError(row)


def session_params(t, who, row):
    """What the browser of a signed-in person adds; a fresh session where the request would end it."""
    s = t.sign_in(PEOPLE[who]) if row['path'] == '/sign-out' else t.person(PEOPLE[who])
    add = {'HTTP_COOKIE': s.cookie}
    if row['method'] == 'POST':
        add.update({'HTTP_X_SEKISHO_CSRF': s.csrf, 'CONTENT_TYPE': 'application/json'})
    return add


def status_of(t, port, method, request, params):
    """The status and headers; a stream is left after its head."""
    if request.uri.startswith('/m/v1/grants') and port == 'machine':
        import socket
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(20)
        s.connect(t.sock(port))
        words = [('CONTENT_LENGTH', '0'), ('SCGI', '1'), ('REQUEST_METHOD', method), ('REQUEST_URI', request.uri)]
        s.sendall(scgi.frame(words + list(params.items()), b''))
        raw = b''
        while b'\r\n\r\n' not in raw:
            chunk = s.recv(4096)
            if not chunk:
                break
            raw += chunk
        s.close()
        head = raw.split(b'\r\n\r\n')[0].decode().split('\r\n')
        return int(head[0].split()[1]), [tuple(h.split(': ', 1)) for h in head[1:]]
    r = t.call(port, method, request.uri, request.body if method == 'POST' else b'', params)
    return r.status, r.headers


def tries(t, scene, row, cell):
    """(port, method, request, params) of each request that the cell stands for."""
    who = cell if cell in PEOPLE or cell in ('nobody', 'no_cert', 'bad_cert') else rightful(row)
    request = scene.make(row, cell if row['port'] == 'machine' else who)
    params = dict(scgi.ORIGIN if row['port'] == 'user' else {})
    if row['port'] != 'courier' and who in PEOPLE and row['path'] != '/sign-in' and (row['port'] == 'user' or cell not in ('owner_person', 'stranger', 'wrong_port', 'other_method')):
        params.update(session_params(t, who, row))
    for k, v in request.params.items():
        params[k] = params[k] + '; ' + v if k == 'HTTP_COOKIE' and k in params else v
    if cell == 'bad_csrf':
        params['HTTP_X_SEKISHO_CSRF'] = '0' * 64
        request.body = re.sub(rb'csrf=[0-9a-f]+', b'csrf=' + b'0' * 64, request.body)
    if cell == 'foreign_origin':
        params.update({'HTTP_ORIGIN': 'https://evil.example', 'HTTP_SEC_FETCH_SITE': 'cross-site'})
    if cell == 'wrong_port':
        return [(p, row['method'], request, params) for p in ('user', 'machine', 'courier') if p != row['port']]
    if cell == 'other_method':
        return [(row['port'], 'GET' if row['method'] == 'POST' else 'POST', request, params)]
    return [(row['port'], row['method'], request, params)]


def probe(t, scene, row, cell):
    """'' when all of the cell is as expected, else what was not."""
    want, wrong = int(row[cell]), []
    for port, method, request, params in tries(t, scene, row, cell):
        before = settled(t)
        status, headers = status_of(t, port, method, request, params)
        if status != want:
            wrong.append('%s %s %s on %s: got %d, want %d' % (cell, method, request.uri, port, status, want))
        if status >= 400 and settled(t) != before and grows(t, port, method, request, params):
            wrong.append('%s %s %s on %s: refused with %d, and the journal grew' % (cell, method, request.uri, port, status))
        got = dict(headers)
        if 'Sekisho-Version' not in got:
            wrong += ['%s %s %s: header %s is %r' % (cell, method, request.uri, k, got.get(k)) for k, v in HEADERS.items() if got.get(k) != v]
        if 'Access-Control-Allow-Origin' in got:
            wrong.append('%s %s: an answer for foreign origins' % (method, request.uri))
    return '\n'.join(wrong)


def grows(t, port, method, request, params):
    """Asked again: time may have opened a duty the first time; what the request itself leaves, it leaves each time."""
    before = settled(t)
    status_of(t, port, method, request, params)
    return settled(t) != before


def settled(t):
    """Size of the journal once what earlier acts started (tables) has been written."""
    seen = [-1]

    def same():
        s = t.get('tanaka', '/api/v1/status').json()
        now = (s['journal_size'], s['sealed_size'])
        was, seen[0] = seen[0], now
        return now[0] == now[1] and was == now and now
    return town.wait('a quiet journal', same)[0]


def compare(t, table, routes):
    t.is_(differences(table, routes), [], 'authz.csv and the route table name the same %d routes' % len(routes))
    planted = dict(table[0], path='/api/v1/everything')
    t.is_(len(differences(table + [planted], routes)), 1, 'a row planted in authz.csv is seen')
    t.is_(len(differences(table, routes + [planted])), 1, 'a route planted in the program is seen')
    t.is_(len(differences(table[1:], routes)), 1, 'a row missing in authz.csv is seen')
    t.is_(len(differences(table, routes[1:])), 1, 'a route missing in the program is seen')
    softer = dict(routes[-1], who='none')
    t.is_(len(differences(table, routes[:-1] + [softer])), 2, 'a route that asks for less is seen')
    t.ok(all(row[c] == '-' or row[c].isdigit() for row in table for c in CELLS), 'each cell holds a status or "-"')


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else town.SEKISHOD
    with open(os.path.join(ROOT, 'tests/scenario/authz.csv'), encoding='utf-8') as f:
        table = read_table(f.read())
    with Tap() as t:
        compare(t, table, read_routes(program))
        with town.Town(at='2026-04-01T09:00', pack=large.PACK, people=CAST, roles=('signer', 'render-serve', 'office')) as house:
            scene = Scene(house)
            visited, cells = 0, 0
            for row in table:
                wanted = [c for c in CELLS if row[c] != '-']
                wrong = [w for w in (probe(house, scene, row, c) for c in wanted) if w]
                visited, cells = visited + bool(wanted), cells + len(wanted)
                t.ok(not wrong, '%s %s on %s: %d callers' % (row['method'], row['path'], row['port'], len(wanted)), '\n'.join(wrong))
            bent = dict(table[3], nobody='200')
            t.ok(probe(house, scene, bent, 'nobody'), 'an expectation that is wrong is seen')
            mode = stat.S_IMODE(os.stat(house.sock('courier')).st_mode)
            t.is_(oct(mode), '0o600', "the courier's socket is for its owner alone")
            scene.close()
            t.is_((visited, len(table)), (len(table), len(table)), 'every row is visited')
            t.note('%d of %d rows visited, %d cells tried' % (visited, len(table), cells))


if __name__ == '__main__':
    main()
