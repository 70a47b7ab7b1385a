"""incident.py - the lines of stories about incidents; see play.py for how stories are played.

A story of this kind says so in its second line: `# pack mic-r4 incidents`. Its lines:
    contact NAME by=LOGIN hours= rank= [kind= person=LOGIN phone= mail= substitute=NAME]     a row of the list of whom to call
    report by=LOGIN what= [host= when=]                          by anybody; as=NAME
    open by=LOGIN [severity= leak= people= grounds= lead=LOGIN drill=1 from=NAME kind=]      from: a report; as=NAME
    grade by=LOGIN severity= leak= [people= grounds= known_at=] reason=
    log KIND by=LOGIN text=  |  contain by=LOGIN text=  |  sheet by=LOGIN FIELD=VALUE …  |  lead LOGIN by=LOGIN reason=
    close by=LOGIN conclusion=  |  confirm approve|return by=LOGIN [reason=]  |  dismiss NAME by=LOGIN reason=    a report
    answer by=LOGIN how= [contact=NAME]                          a call: the newest, or that contact's
    reported RULE by=LOGIN on-day= to= document=                 a reporting clock
    check NAME by=LOGIN how=                                     a contact was reached
    restart                                                      the office goes down and comes up
    expect refused KEY | state WORD | called NAMES|nobody | calls N | watch WORD | now NAMES | unchecked NAMES|nobody by=
    expect clock RULE DUE|none|reported|ended | overdue RULE yes|no | told KEY LOGINS|nobody | notices KEY N
    expect sees LOGIN yes|no | outcome by=LOGIN WORD | log N | number NUMBER | duty KIND open|closed|none | blank FIELD yes|no
called: whose answer is awaited now. told: whom the newest notice of that kind went to; notices: how many there are.
"""
import datetime

import play
import town

PEOPLE = (
    ('sato', '佐藤', '生涯学習課', 'staff'),
    ('mori', '森', '税務課', 'staff'),
    ('okada', '岡田', '情報政策課', 'csirt,staff'),
    ('sasaki', '佐々木', '情報政策課', 'csirt,staff'),
    ('kato', '加藤', '情報政策課', 'secretariat,staff'),
    ('tanaka', '田中', '情報政策課', 'system_manager,staff'),
    ('kobayashi', '小林', 'デジタル推進部', 'senior_officer,staff'),
    ('fukuda', '福田', '副市長室', 'ciso,staff'),
    ('kansa', '監査', '監査事務局', 'auditor'),
)
API = '/api/v1'


def bent(words, text):
    """The same expectation of another thing."""
    want = words[-1]
    other = {'refused': 'common.json.bad', 'yes': 'no', 'no': 'yes', 'nobody': 'fukuda'}.get(words[1] if words[1] == 'refused' else want)
    if not other:
        other = str(int(want) + 1) if want.isdigit() else want.split(',')[0] + 'x'
    at = text.rindex(want)
    return text[:at] + other + text[at + len(want):]


def local(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).astimezone(town.JST).strftime('%Y-%m-%dT%H:%M')


class Player:
    def __init__(self, t, start):
        self.t, self.now, self.refusal = t, start, None
        self.incidents, self.reports, self.contacts, self.last = {}, {}, {}, None

    def close(self):
        pass

    # ---- what is ----

    def id(self, o):
        name = o.get('on', self.last)
        if name not in self.incidents:
            raise play.Red('no incident is called %r' % name)
        return self.incidents[name]

    def seen(self, o, by='okada'):
        return self.t.good(self.t.get(by, '%s/incidents/%s' % (API, self.id(o))))

    def settle(self):
        """Until nobody is awaited whose time is over."""
        now = town.micros(town.utc_text(self.now))

        def quiet():
            return not [a for i in self.incidents.values() for a in self.t.get('okada', '%s/incidents/%s' % (API, i)).json()['alerts']
                        if a['state'] == 'sent' and town.micros(a['due_at']) <= now]
        town.wait('the next call', quiet)

    # ---- lines ----

    def play(self, line):
        if line.at:
            self.move(line.at)
        if self.refusal and line.words[:2] != ['expect', 'refused']:
            raise play.Red('refused: %s' % self.refusal)
        if line.words[0] == 'expect':
            self.expect(line)
        else:
            r = getattr(self, 'do_' + line.words[0])(line.words[1:], line.options)
            self.refusal = None if r is None or r.status < 400 else r.json()['error']['key']
        self.settle()

    def move(self, at):
        self.now = play.moved(self.now, at)
        self.t.clock(self.now)
        self.settle()

    def post(self, o, path, body):
        return self.t.post(o['by'], API + path, body)

    def act(self, o, verb, body):
        rev = self.t.get('okada', '%s/incidents/%s' % (API, self.id(o))).json()['rev']
        return self.post(o, '/incidents/%s/%s' % (self.id(o), verb), {**body, 'rev': rev})

    def do_contact(self, words, o):
        cells = {'name': words[0], 'kind': o.get('kind', 'csirt'), **{k: o[k] for k in ('hours', 'rank', 'phone', 'mail', 'substitute') if k in o}}
        if 'person' in o:
            cells['person'] = self.t.names[o['person']]
        r = self.post(o, '/registers/contact', {'cells': cells})
        if r.status == 201:
            self.contacts[words[0]] = r.json()['id']
        return r

    def do_report(self, words, o):
        r = self.post(o, '/incidents/report', {k: o[k] for k in ('what', 'host', 'when') if k in o})
        if r.status == 201:
            self.reports[o.get('as', 'report')] = r.json()['id']
        return r

    def graded(self, o):
        body = {'severity': o.get('severity', 'middle'), 'leak': o.get('leak', 'none'), **{k: o[k] for k in ('grounds', 'known_at') if k in o}}
        return {**body, 'people': int(o['people'])} if 'people' in o else body

    def do_open(self, words, o):
        body = {'kind': o.get('kind', 'lost-device'), 'title': '端末の紛失', 'text': '置き忘れた。', **self.graded(o)}
        if 'lead' in o:
            body['lead'] = self.t.id(o['lead'])
        if 'drill' in o:
            body['drill'] = int(o['drill'])
        if 'from' in o:
            body['findings'] = [self.reports[o['from']]]
        r = self.post(o, '/incidents', body)
        if r.status == 201:
            self.last = o.get('as', 'incident %d' % (len(self.incidents) + 1))
            self.incidents[self.last] = r.json()['id']
        return r

    def do_grade(self, words, o):
        return self.act(o, 'grade', {**self.graded(o), 'reason': o.get('reason', '')})

    def do_log(self, words, o):
        return self.post(o, '/incidents/%s/log' % self.id(o), {'kind': words[0], 'text': o['text']})

    def do_contain(self, words, o):
        return self.act(o, 'contain', {'text': o['text']})

    def do_sheet(self, words, o):
        return self.act(o, 'sheet', {'answers': {k: v for k, v in o.items() if k not in ('by', 'on')}})

    def do_lead(self, words, o):
        return self.act(o, 'lead', {'lead': self.t.id(words[0]), 'reason': o.get('reason', '')})

    def do_close(self, words, o):
        return self.act(o, 'close', {'conclusion': o['conclusion']})

    def do_confirm(self, words, o):
        return self.act(o, 'confirm', {'decision': words[0], 'reason': o.get('reason', '')})

    def do_dismiss(self, words, o):
        return self.post(o, '/findings/%s/close' % self.reports[words[0]], {'reason': o['reason'], 'rev': 1})

    def do_answer(self, words, o):
        alerts = [a for a in self.seen(o)['alerts'] if o.get('contact') in (None, a.get('contact', {}).get('name'))]
        return self.post(o, '/alerts/%s/acknowledge' % alerts[-1]['id'], {'how': o['how']})

    def clock(self, rule, o):
        found = [c for c in self.seen(o)['clocks'] if c['rule'] == rule]
        return next((c for c in found if c['state'] == 'open'), found[-1] if found else None)

    def do_reported(self, words, o):
        c = self.clock(words[0], o)
        return self.post(o, '/clocks/%s/reported' % c['id'], {'reported_on': o['on-day'], 'receiver': o.get('to', ''), 'document': o.get('document', ''), 'rev': c['rev']})

    def do_check(self, words, o):
        rev = self.t.get(o['by'], '%s/rows/contact:%s' % (API, self.contacts[words[0]])).json()['rev']
        return self.post(o, '/contacts/%s/checked' % self.contacts[words[0]], {'how': o['how'], 'rev': rev})

    def do_restart(self, words, o):
        sick = self.t.down()
        if sick:
            raise play.Red('; '.join(sick))
        self.t.up()

    # ---- expectations ----

    def got(self, kind, words, o):
        names = ','.join
        if kind == 'refused':
            return self.refusal or 'not refused'
        if kind == 'state':
            return self.seen(o)['state']
        if kind == 'called':
            return names(sorted(a.get('contact', {}).get('name', 'roles') for a in self.seen(o)['alerts'] if a['state'] == 'sent')) or 'nobody'
        if kind == 'calls':
            return str(len(self.seen(o)['alerts']))
        if kind in ('watch', 'now', 'unchecked'):
            r = self.t.get(o.get('by', 'okada'), API + '/contacts/now').json()
            return r['watch'] if kind == 'watch' else names(c['name'] for c in r['items' if kind == 'now' else kind]) or 'nobody'
        if kind == 'clock':
            c = self.clock(words[0], o)
            return 'none' if not c else local(c['due_at']) if c['state'] == 'open' else 'reported' if c['reported'] else 'ended'
        if kind == 'overdue':
            return 'yes' if self.clock(words[0], o)['overdue'] else 'no'
        if kind in ('told', 'notices'):
            found = [n for n in self.t.notices() if n['key'] == words[0]]
            return str(len(found)) if kind == 'notices' else names(sorted(found[-1]['to'])) or 'nobody'
        if kind == 'sees':
            return 'yes' if self.t.get(words[0], '%s/incidents/%s' % (API, self.id(o))).status == 200 else 'no'
        if kind == 'outcome':
            return self.t.get(o['by'], API + '/findings').json()['items'][0].get('outcome', {}).get('state', 'none')
        if kind == 'duty':
            mine = [d for view in ('all', 'closed') for d in self.t.get('tanaka', '%s/duties?view=%s' % (API, view)).json()['items'] if d['kind'] == words[0]]
            return mine[0]['state'] if mine else 'none'
        if kind == 'log':
            return str(len(self.seen(o)['log']))
        if kind == 'number':
            return self.seen(o)['number']
        if kind == 'blank':
            items = self.t.get('okada', '%s/incidents/%s/report' % (API, self.id(o))).json()['items']
            return 'yes' if next(i for i in items if i['id'] == words[0])['blank'] else 'no'
        raise play.Red('expect %s?' % kind)

    def expect(self, line):
        kind, want = line.words[1], line.words[-1]
        got = self.got(kind, line.words[2:], line.options)
        if got != want:
            raise play.Red('expected %s %s, got %s' % (kind, want, got))
        if kind == 'refused':
            self.refusal = None
