"""service.py - the lines of stories about packs/mic-r4 (chapter 8.2) and what lies over it; see play.py for how stories are played.

A story of this kind says so in its second line: `# pack mic-r4` (or another folder of packs/). Its lines:
    file FORM by=LOGIN [case=NAME] [for=LOGIN] [as=NAME] [FIELD=VALUE …]     an application with the sample answers, some of them others; VALUE - leaves one out
    fill SHEET by=LOGIN [case=NAME] [FIELD=VALUE …]                          a sheet, likewise
    judge STEP by=LOGIN [case=NAME] [without=CRITERION,…]                    all lines of the sample case
    judge CRITERION RESULT by=LOGIN [reason= article= document=]             one line
    upto STEP|end                                                            everything before that step, by those whose turn it usually is
    decide approve|return|reject by=LOGIN [step= to= reason= condition= due= number= on-day= division= authority=]
    rate AXIS LEVEL by=LOGIN reason=…
    mend|correct by=LOGIN [reason=…] [FIELD=VALUE …]
    withdraw by=LOGIN reason=…
    close by=LOGIN [kind=KIND] evidence=…                                    the first open duty of that person
    suspend|resume by=LOGIN reason=…                                         the service of the case
    restart                                                                  the office is down for a moment
    deputy PRINCIPAL LOGIN from= until= [role=] [by=]
    adopt FOLDER                                                             a new pack, while the office is down
    expect refused KEY [field=FIELD] | state WORD | step STEP WORD | open ID | settled ID | rating AXIS LEVEL | answer FIELD VALUE
    expect decider STEP LOGIN | principal STEP LOGIN | may WORDS by= | duties N by= | due DAY by= | journal WORDS
    expect service WORD | manager LOGIN | until DAY | review DAY | conf2plus yes|no | uses N | subcontractors N | below-others N | services N
    expect offered FORM yes|no by=LOGIN      whether it stands in the list of forms that this person may file
    expect exceptions N | pack old|new                    duties, due: what acts left behind; kind=KIND: of that kind; what=EFFECT: of that effect
    expect told N by= [about=WORD] [when=opened|soon|overdue|…]      notices of duties to that person: title, and what the notice says
on=NAME names the case that is meant, else the last one filed. @service, @application, @LOGIN in a VALUE stand for ids: the service of the case `of=NAME`
(else the last case that registered one), that case itself, a person.
"""
import datetime
import json
import os
import time

import play
import service_forms
import service_use
import town

# login, name, section, roles
PEOPLE = (
    ('sato', '佐藤', '生涯学習課', 'staff'),
    ('yamada', '山田', '生涯学習課', 'staff'),
    ('suzuki', '鈴木', '生涯学習課', 'section_manager,staff'),
    ('mori', '森', '税務課', 'staff'),
    ('ito', '伊藤', '税務課', 'section_manager,staff'),
    ('tanaka', '田中', '情報政策課', 'secretariat,system_manager,staff'),
    ('kato', '加藤', '情報政策課', 'secretariat,staff'),
    ('hayashi', '林', '情報政策課', 'approving_authority,section_manager,staff'),
    ('watanabe', '渡辺', '教育部', 'dept_officer,staff'),
    ('kobayashi', '小林', 'デジタル推進部', 'senior_officer,staff'),
    ('fukuda', '福田', '副市長室', 'ciso,staff'),
    ('ono', '小野', 'デジタル推進部', 'secretariat,senior_officer'),
    ('kansa', '監査', '監査事務局', 'auditor'),
)
# Those whom packs/demo-city asks besides.
CITY = (
    ('okada', '岡田', 'デジタル推進課', 'digital_manager'),
    ('goto', '後藤', '総務部', 'general_affairs_director'),
    ('mitsui', '三井', '広報課', 'publicity_manager'),
    ('shimizu', '清水', '生涯学習課', 'usage_manager'),
)
# Whose turn it usually is, by the role of the step; a manager of a section is found by the section.
USUAL = {'secretariat': 'tanaka', 'dept_officer': 'watanabe', 'senior_officer': 'kobayashi', 'ciso': 'fukuda', 'approving_authority': 'hayashi',
         'service_manager': 'yamada', 'digital_manager': 'okada', 'general_affairs_director': 'goto', 'publicity_manager': 'mitsui', 'usage_manager': 'shimizu'}
MANAGERS = {'生涯学習課': 'suzuki', '税務課': 'ito', '情報政策課': 'hayashi'}
SECOND = ('kobayashi', 'okada', 'fukuda')      # who may confirm what another entered
INSTEAD = {'section_manager': 'watanabe', 'dept_officer': 'kobayashi', 'senior_officer': 'fukuda', 'approving_authority': 'fukuda', 'secretariat': 'kato'}
OF_TIME, PATIENCE = {'duties', 'due', 'exceptions', 'step', 'service', 'told'}, 8.0
OURS = {'by', 'for', 'as', 'on', 'of', 'case', 'reason', 'rev', 'without', 'step', 'to', 'condition', 'due', 'number', 'on-day', 'division', 'authority', 'evidence', 'field', 'kind'}
OF_ACTS = {'condition', 'exception', 'task'}
ENTRIES = {'application.submitted': 'submit', 'application.resubmitted': 'resubmit', 'application.corrected': 'correct', 'application.filled': 'fill',
           'application.judged': 'judge', 'application.rated': 'rate', 'application.decided': 'decide', 'application.withdrawn': 'withdraw',
           'application.advanced': 'advance'}
VERBS = {'mend': 'resubmit', 'correct': 'correct', 'withdraw': 'withdraw', 'decide': 'decide', 'rate': 'rate'}


def people(pack):
    return PEOPLE + CITY if os.path.basename(pack) == 'demo-city' else PEOPLE


def o_what(o, duty):
    return not (o or {}).get('what') or duty.get('what') == o['what']


class Player:
    """One story about services. Raises play.Red."""

    def __init__(self, t, start):
        self.t, self.now, self.why = t, start, None
        self.cases, self.last, self.refusal, self.sample = {}, None, None, 'plain'
        self.people = {p['name']: p['id'] for p in t.get('tanaka', '/api/v1/people').json()}
        self.ids = {login: self.people[name] for login, name, _, _ in PEOPLE + CITY if name in self.people}
        self.logins = {name: login for login, name, _, _ in PEOPLE + CITY}

    def close(self):
        pass

    # ---- what is ----

    def today(self):
        return self.now.astimezone(town.JST).date().isoformat()

    def case(self, o):
        name = o.get('on', self.last)
        if name not in self.cases:
            raise play.Red('no application is called %r' % name)
        return self.cases[name]

    def seen(self, o, by='tanaka'):
        r = self.t.get(by, '/api/v1/applications/' + self.case(o))
        if r.status != 200:
            raise play.Red('%s sees %d' % (by, r.status))
        return r.json()

    def service_of(self, o):
        for name in [o['of']] if 'of' in o else [o.get('on', self.last), *reversed(list(self.cases))]:
            found = self.seen({'on': name}).get('service')
            if found:
                return found if isinstance(found, str) else found['id']
        raise play.Red('no service yet')

    def service(self, o):
        r = self.t.get('tanaka', '/api/v1/services/' + self.service_of(o))
        if r.status != 200:
            raise play.Red('the service: %d' % r.status)
        return r.json()

    def duties(self, by, o=None):
        """Those that acts left behind; with kind=…, of that kind, or every one."""
        kind = (o or {}).get('kind')
        return sorted((d for d in self.t.get(by, '/api/v1/duties').json()['items']
                       if d['state'] == 'open' and o_what(o, d) and (kind == 'every' or d['kind'] == kind or (not kind and d['kind'] in OF_ACTS))), key=lambda d: d['due_at'])

    def told(self, o):
        """Notices of duties, steps and suspensions that this person got, by title and by what they say."""
        out, after = 0, 0
        while True:
            items = self.t.call('courier', 'GET', '/c/v1/outbox?after=%d' % after).json()['items']
            if not items:
                return out
            for i in items:
                body, after = i['body'], i['id']
                title = body['args'][0] if body['args'] else ''
                title = title['ja'] if isinstance(title, dict) else title
                out += self.ids[o['by']] in body['to'] and o.get('about', '') in title and body['key'].endswith('-' + o['when'])

    def day(self, moment):
        """The last day of an exclusive end."""
        at = datetime.datetime.fromisoformat(moment.replace('Z', '+00:00')).astimezone(town.JST)
        return (at - datetime.timedelta(microseconds=1)).date().isoformat()

    # ---- answers ----

    def value(self, text, o):
        if text == '@service':
            return self.service_of(o)
        if text == '@application':
            return self.cases[o.get('of', self.last)]
        return self.ids[text[1:]] if text.startswith('@') and text[1:] in self.ids else text

    def answers(self, form, o):
        changed = {k: self.value(v, o) for k, v in o.items() if k not in OURS and v != '-'}
        dropped = [k for k, v in o.items() if k not in OURS and v == '-']
        case = o.get('case', self.sample)
        if form in service_use.DATA['forms']:
            self.sample = case
            out = dict(service_use.case(case, manager=self.ids['yamada'], deputy=self.ids['mori']).forms[form])
        else:
            ids = {'manager': self.ids['yamada']}
            if any('@service' in str(v) for v in service_forms.DATA['forms'][form].values()):
                ids['service'] = ids['successor'] = self.service_of(o)
            if '@application' in service_forms.DATA['forms'][form].values():
                ids['application'] = self.cases[o.get('of', self.last)]
            classes = 'published' if case in ('plain', 'published') else 'personal' if case == 'personal' else 'published'
            named = case if case in service_forms.CASES else None
            out = service_forms.answers(form, named, today=self.today(), classes=classes, **ids)
        out.update(changed)
        for k in dropped:
            out.pop(k, None)
        return {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in out.items()}

    # ---- lines ----

    def play(self, line):
        verb = line.words[0]
        if line.at:
            self.move(line.at)
        if self.refusal and (verb, line.words[1:2]) != ('expect', ['refused']):
            raise play.Red('refused: %s' % self.refusal)
        if verb == 'expect':
            self.soon(line)
        elif verb == 'upto':
            self.upto(line.words[1], line.options)
        else:
            self.act(verb, line)

    def move(self, at):
        self.now = play.moved(self.now, at)
        self.t.clock(self.now)

    def took(self, r):
        self.refusal = None if r.status < 400 else r.json()['error']['key']
        self.why = None if r.status < 400 else r.json()['error']
        return r

    def on_case(self, by, verb, o, body):
        rev = int(o['rev']) if 'rev' in o else self.seen(o)['rev']
        return self.took(self.t.post(by, '/api/v1/applications/%s/%s' % (self.case(o), verb), {'rev': rev, **body}))

    def act(self, verb, line):
        o, w = line.options, line.words
        if verb == 'file':
            body = {'form': w[1], 'answers': self.answers(w[1], o)}
            if 'for' in o:
                body['applicant'] = self.ids[o['for']]
            r = self.took(self.t.post(o['by'], '/api/v1/applications', body))
            if r.status == 201:
                self.last = o.get('as', 'case %d' % (len(self.cases) + 1))
                self.cases[self.last] = r.json()['id']
        elif verb == 'fill':
            self.on_case(o['by'], 'fill', o, {'sheet': w[1], 'answers': self.answers(w[1], o)})
        elif verb == 'judge' and len(w) == 3:
            self.on_case(o['by'], 'judge', o, {'lines': [{'criterion': w[1], 'result': w[2], **{k: o[k] for k in ('reason', 'article', 'document') if k in o}}]})
        elif verb == 'judge':
            dropped = o.get('without', '').split(',')
            self.judge(o['by'], w[1], o, dropped)
        elif verb in ('mend', 'correct'):
            form = self.seen(o)['form']
            self.on_case(o['by'], VERBS[verb], o, {'answers': self.answers(form, o), **({'reason': o.get('reason', '')} if verb == 'correct' else {})})
        elif verb == 'decide':
            self.decide(o['by'], w[1], o)
        elif verb == 'rate':
            self.on_case(o['by'], 'rate', o, {'axis': w[1], 'level': w[2], 'reason': o.get('reason', '')})
        elif verb == 'withdraw':
            self.on_case(o['by'], 'withdraw', o, {'reason': o.get('reason', '')})
        elif verb == 'close':
            duty = self.duties(o['by'], o)[0]
            self.took(self.t.post(o['by'], '/api/v1/duties/%s/close' % duty['id'], {'evidence': o.get('evidence', ''), 'rev': duty['rev']}))
        elif verb in ('suspend', 'resume'):
            found = self.service(o)
            self.took(self.t.post(o['by'], '/api/v1/services/%s/%s' % (found['id'], verb), {'reason': o.get('reason', ''), 'rev': found['rev']}))
        elif verb == 'restart':
            sick = self.t.down()
            if sick:
                raise play.Red('restart: %s' % sick)
            self.t.up()
        elif verb == 'deputy':
            body = {'principal': self.ids[w[1]], 'deputy': self.ids[w[2]], 'from': o['from'], 'until': o['until'], **({'role': o['role'].replace(' ', '_')} if 'role' in o else {})}
            self.took(self.t.post(o.get('by', w[1]), '/api/v1/deputies', body))
        elif verb == 'adopt':
            self.adopt(os.path.join(town.ROOT, w[1]))
        else:
            raise play.Red('%s?' % verb)

    def adopt(self, folder):
        sick = self.t.down()
        status, said = self.t.tool('adopt', '--pack', folder, '--by', 'tanaka', '--second', 'kobayashi')
        if status or sick:
            raise play.Red('adopt: %d %s %s' % (status, said, sick))
        self.t.up()

    def judge(self, by, step, o, dropped=()):
        procedure = self.seen(o)['form']
        if procedure in ('service-use',):
            lines = service_use.case(o.get('case', self.sample), '', '').judgements[step]
        else:
            lines = service_forms.lines(procedure, step)
        self.on_case(by, 'judge', o, {'lines': [{'document': '確認書', **x} for x in lines if x['criterion'] not in dropped]})

    def decide(self, by, decision, o):
        body = {'decision': decision, 'reason': o.get('reason', '')}
        for key, name in (('step', 'step'), ('to', 'to'), ('condition', 'condition'), ('due', 'condition_due'), ('number', 'document'), ('on-day', 'decided_on'),
                          ('division', 'division'), ('authority', 'authority')):
            if key in o:
                body[name] = o[key]
        self.on_case(by, 'decide', o, body)

    def usual(self, app, step):
        """The holder, or the substitute when the holder has applied."""
        role, own = step['role'], self.logins.get(app['applicant']['name'])
        first = MANAGERS[app['applicant']['section']] if role == 'section_manager' else USUAL[role]
        return INSTEAD[role] if first == own else first

    def upto(self, target, o):
        """Step after step as it usually goes, until `target` is whose turn it is, or all is over."""
        for _ in range(40):
            app = self.seen(o)
            active = [s for s in app['steps'] if s['active']]
            if app['state'] != 'submitted' or any(s['id'] == target for s in active):
                break
            if not active:
                raise play.Red('nothing is active before %s' % target)
            self.pass_step(app, active[0], o)
            if self.refusal:
                raise play.Red('on the way to %s, at %s: %s' % (target, active[0]['id'], self.why))
        if target != 'end' and not any(s['id'] == target for s in active):
            raise play.Red('it never came to %s: %s' % (target, app['state']))

    def pass_step(self, app, step, o):
        by = self.usual(app, step)
        for sheet in app['sheets']:
            if sheet['step'] == step['id'] and not sheet['filled']:
                self.on_case(USUAL.get(sheet['role'], by), 'fill', o, {'sheet': sheet['id'], 'answers': self.answers(sheet['id'], {k: o[k] for k in ('on', 'of') if k in o})})
                if self.refusal:
                    return
        if step['kind'] == 'judge':
            self.judge(by, step['id'], o)
            if self.refusal:
                return
        paper = {'number': '情政第12号', 'on-day': self.today(), 'division': 'final', 'authority': '市長'} if step['kind'] in ('council', 'external-decision') else {}
        self.decide(by, 'approve', {**{k: o[k] for k in ('on',) if k in o}, 'step': step['id'], **paper})
        for second in SECOND if paper and not self.refusal else ():
            self.decide(second, 'approve', {**{k: o[k] for k in ('on',) if k in o}, 'step': step['id']})
            if not self.refusal:
                break

    # ---- what is expected ----

    def step(self, o, name):
        for s in self.seen(o)['steps']:
            if s['id'] == name:
                return s
        raise play.Red('no step %s' % name)

    def step_word(self, o, name):
        s = self.step(o, name)
        return 'active' if s['active'] and s['state'] == 'waiting' else 'skipped' if not s['needed'] and s['state'] == 'waiting' else s['state']

    def by_login(self, name):
        return self.logins.get(name, name or 'none')

    def got(self, kind, line):
        o, w = line.options, line.words
        if kind == 'refused':
            field = (self.why or {}).get('field')
            meant = o.get('field', '').replace(' ', '_') or field
            return self.refusal if self.refusal and meant == field else 'not refused' if not self.refusal else 'about %s' % field
        if kind in ('open', 'settled'):
            return kind if (w[2] in [x['id'] for x in self.seen(o, o.get('by', 'tanaka'))['open']]) == (kind == 'open') else 'not ' + kind
        if kind == 'offered':
            return 'yes' if w[2] in [f['id'] for f in self.t.get(o['by'], '/api/v1/forms').json() if f['file']] else 'no'
        if kind == 'may':
            r = self.t.get(o['by'], '/api/v1/applications/' + self.case(o))
            return 'not-see' if r.status == 404 else ','.join(sorted(r.json()['may'])) or 'nothing'
        if kind in ('decider', 'principal'):
            return self.by_login(self.step(o, w[2]).get(kind))
        if kind == 'rating':
            return next(r['level'] for r in self.seen(o)['ratings'] if r['axis'] == w[2])
        if kind == 'answer':
            app = self.seen(o)
            every = app['answers'] + [a for s in app['sheets'] for a in s['answers']]
            return next((a['value'] for a in every if a['field'] == w[2]), 'none')
        if kind == 'pack':
            return 'old' if self.seen(o)['pack'] != self.t.get('tanaka', '/api/v1/pack').json()['hash'] else 'new'
        return LOOKS[kind](self, o)

    def soon(self, line):
        """What time does of itself is done a moment after the clock has moved."""
        until = time.monotonic() + (PATIENCE if line.words[1] in OF_TIME else 0)
        while True:
            try:
                return self.expect(line)
            except play.Red:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def expect(self, line):
        kind, want = line.words[1], line.words[-1]
        if kind == 'step':
            got = self.step_word(line.options, line.words[2])
        else:
            got = self.got(kind, line)
        if kind in ('open', 'settled'):
            want = kind
        if kind == 'answer':
            want = want.replace('_', ' ')
        if got != want:
            more = '' if kind != 'state' else '; open: %s' % [x['id'] for x in self.seen(line.options)['open']]
            raise play.Red('expected %s %s, got %s%s' % (kind, want, got, more if kind != 'refused' else ' %s' % getattr(self, 'why', '')))
        if kind == 'refused':
            self.refusal = None


LOOKS = {
    'state': lambda p, o: p.seen(o)['state'],
    'journal': lambda p, o: ','.join(ENTRIES.get(e['type'], e['type']) for e in p.seen(o)['timeline']),
    'duties': lambda p, o: str(len(p.duties(o['by'], o))),
    'due': lambda p, o: p.day(p.duties(o['by'], o)[0]['due_at']) if p.duties(o['by'], o) else 'none',
    'told': lambda p, o: str(p.told(o)),
    'service': lambda p, o: p.service(o)['state'],
    'manager': lambda p, o: p.by_login(p.service(o)['manager']['name']),
    'until': lambda p, o: p.day(p.service(o)['until']),
    'review': lambda p, o: p.day(p.service(o)['review_at']),
    'conf2plus': lambda p, o: 'yes' if p.service(o)['conf2plus'] else 'no',
    'uses': lambda p, o: str(len([u for u in p.service(o)['uses'] if u['state'] == 'active'])),
    'subcontractors': lambda p, o: str(len(p.service(o)['subcontractors'])),
    'below-others': lambda p, o: str(len([s for s in p.service(o)['subcontractors'] if s.get('parent')])),
    'exceptions': lambda p, o: str(len([x for x in p.seen(o)['exceptions'] if x['state'] == 'active'])),
    'services': lambda p, o: str(p.t.get('tanaka', '/api/v1/services').json()['total']),
}

# The same expectation of another thing: what stands last in the line, or another kind of line.
OTHER = {
    'refused': lambda want: 'common.json.bad', 'state': lambda want: 'rejected' if want == 'approved' else 'approved',
    'step': lambda want: 'rejected' if want == 'approved' else 'approved', 'rating': lambda want: want + 'x', 'answer': lambda want: want + 'x',
    'decider': lambda want: 'kansa', 'principal': lambda want: 'kansa', 'may': lambda want: 'nothing' if want != 'nothing' else 'decide',
    'duties': lambda want: str(int(want) + 1), 'told': lambda want: str(int(want) + 1), 'offered': lambda want: 'no' if want == 'yes' else 'yes', 'due': lambda want: '2031-01-01', 'journal': lambda want: want + ',withdraw',
    'service': lambda want: 'closed' if want != 'closed' else 'approved', 'manager': lambda want: 'kansa', 'until': lambda want: '2031-01-01',
    'review': lambda want: '2031-01-01', 'conf2plus': lambda want: 'no' if want == 'yes' else 'yes', 'uses': lambda want: str(int(want) + 1),
    'subcontractors': lambda want: str(int(want) + 1), 'below-others': lambda want: str(int(want) + 1), 'services': lambda want: str(int(want) + 1), 'exceptions': lambda want: str(int(want) + 1),
    'pack': lambda want: 'old' if want == 'new' else 'new',
}


def bent(words, text):
    """The line's text with its expectation inverted."""
    kind, want = words[1], words[-1]
    if kind in ('open', 'settled'):
        return text.replace('expect ' + kind, 'expect ' + {'open': 'settled', 'settled': 'open'}[kind], 1)
    at = text.rindex(' ' + want) + 1
    return text[:at] + OTHER[kind](want) + text[at + len(want):]
