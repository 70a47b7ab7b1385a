"""filled.py - the registers around a service, each filled by the acts that people fill it with. For tests only.

    with town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=town.CITY, gate=None, roles=filled.ROLES) as x:
        filled.registers(x)
"""
import incidents
import samples
import service_use
from attach import Files, raw_post
from witness import Witness

API = '/api/v1'
ROLES = ('signer', 'render-serve', 'office')
PEOPLE = '職員番号\t氏名\t所属\t本務兼務\n000300\t石川 春香\t税務課\t本務\n000300\t石川 春香\t福祉課\t兼務\n'


def add(x, who, register, cells, of=None):
    return x.good(x.post(who, '%s/registers/%s' % (API, register), {'cells': cells, **({'of': of} if of else {})}))


def registers(x):
    """An approved service with all that hangs on it; a personnel list; answer sheets, kept and received; an incident that calls people; a password
    set anew; people in roles."""
    service = service_use.approved(x, x.id('yamada'), x.id('mori'))['service']['id']
    account(x, service)
    files(x, service)
    people(x)
    sheets(x, service)
    incident(x)
    rules(x)
    reset(x)
    appointments(x)
    rotation(x)
    witnesses(x)


def rotation(x):
    """Asked and dropped; another confirmed, and done by the signer."""
    one = x.good(x.post('kudo', API + '/keys/rotations', {'use': 'order', 'reason': '取りやめる。'}))['id']
    x.good(x.post('kudo', '%s/keys/rotations/%s/end' % (API, one), {}))
    two = x.good(x.post('kudo', API + '/keys/rotations', {'use': 'table', 'reason': '年に一度。'}))['id']
    x.good(x.post('ono', '%s/keys/rotations/%s/confirm' % (API, two), {}))


def witnesses(x):
    """One that signed, one that is no longer asked."""
    one, two = Witness(), Witness('pref.example/w2', 'another')
    for w in (one, two):
        made = x.good(x.post('ono', API + '/witnesses', {'key': w.vkey, 'fingerprint': w.fingerprint}))['id']
    x.good(x.post('ono', API + '/cosigned', {'note': one.cosigned(x.get('ono', API + '/checkpoint').body.decode())}))
    x.good(x.post('ono', '%s/witnesses/%s/end' % (API, made), {'rev': 1}))


def appointments(x):
    """Asked and confirmed, asked and refused."""
    ask = {'person': x.id('mori'), 'role': 'section_manager', 'from': '2026-04-01', 'why': '人第12号'}
    one = x.good(x.post('kudo', API + '/appointments', ask))
    x.good(x.post('ono', '%s/appointments/%s/confirm' % (API, one['id']), {'rev': one['rev']}))
    other = x.good(x.post('kudo', API + '/appointments', {**ask, 'person': x.id('yamada')}))
    x.good(x.post('ono', '%s/appointments/%s/refuse' % (API, other['id']), {'rev': other['rev'], 'reason': '人を改める。'}))


def reset(x):
    """A password set anew by two; another asking is dropped."""
    one = x.good(x.post('kudo', API + '/resets', {'person': x.id('ito'), 'reason': '窓口に来た。'}))['id']
    x.good(x.post('ono', '%s/resets/%s/confirm' % (API, one), {}))
    other = x.good(x.post('kudo', API + '/resets', {'person': x.id('sato'), 'reason': '電話があった。'}))['id']
    x.good(x.post('kudo', '%s/resets/%s/end' % (API, other), {}))


def account(x, service):
    """Added, changed, ended."""
    one = add(x, 'yamada', 'account', {'name': 'admin', 'kind': 'administrator'}, service)['id']
    add(x, 'yamada', 'account', {'name': 'user', 'kind': 'user'}, service)
    row = '%s/rows/account:%s' % (API, one)
    x.good(x.post('yamada', row, {'cells': {'purpose': '設定'}, 'rev': 1}))
    x.good(x.post('yamada', row + '/end', {'reason': '返した。', 'rev': 2}))


def files(x, service):
    f = Files(x, 'service:' + service)
    f.put('yamada', samples.pdf(b'1'))
    x.good(f.put('yamada', samples.pdf(b'2'), note='証明書', dated_on='2026-04-01'))
    x.good(f.remove('yamada', f.list('yamada').json()['items'][0]))


def people(x):
    """A section by hand, the rest from the list."""
    add(x, 'kudo', 'section', {'name': '税務課', 'body': 'SHI'})
    look, take = ('%s/registers/person/%s' % (API, verb) for verb in ('check', 'import'))
    sheet = {'text': PEOPLE, 'options': {}}
    x.good(x.post('kudo', take, {**sheet, 'token': x.good(x.post('kudo', look, sheet))['token']}))


def sheets(x, service):
    """One kept, sent out and, since the town trusts itself, received."""
    provider = x.good(x.get('kudo', '%s/rows/service:%s' % (API, service)))['cells']['provider']['value']
    answers = service_use.case().forms['service-provider']
    kept = x.good(x.post('kudo', API + '/answer-sheets', {'provider': provider, 'subject': '会議', 'form': 'service-provider', 'answers': answers, 'answered_on': '2026-04-01'}))['id']
    file = x.post('kudo', '%s/answer-sheets/%s/exchange' % (API, kept), {}).body
    x.good(x.post('kudo', API + '/peers', {'name': '隣町', 'key': x.log_key}))
    x.good(raw_post(x, 'kudo', API + '/answer-sheets/receive', file))


def incident(x):
    """Reported, opened, written about; the contact on duty is called and has answered."""
    incidents.contact(x, 'kudo', '電話番')
    finding = incidents.report(x)
    i = incidents.opened(x, 'kudo', severity='high', findings=[finding])
    incidents.act(x, 'kudo', i, 'log', kind='done', text='回線を止めた。')
    alert = incidents.seen(x, 'kudo', i)['alerts'][0]['id']
    x.good(x.post('kudo', '%s/alerts/%s/acknowledge' % (API, alert), {'how': '電話がつながった。'}))


def rules(x):
    """A draft of rules: changed, proposed, returned; and one that is in force."""
    drafts = API + '/pack/drafts'
    for hours, adopt in (('9', False), ('8', True)):
        d = x.good(x.post('kudo', drafts, {'title': '改正'}))['id']
        x.good(x.post('kudo', '%s/%s/edit' % (drafts, d), {'rev': 1, 'where': 'settings', 'act': 'set', 'values': {'session_hours': hours}, 'reason': '規程'}))
        x.good(x.post('kudo', '%s/%s/propose' % (drafts, d), {'rev': 2}))
        p = '%s/pack/proposals/%s/' % (API, d)
        body = {'rev': 3, 'reason': '読んだ。'}
        x.good(x.post('mizuno', p + 'adopt', {**body, 'pack': x.good(x.get('mizuno', '%s/%s' % (drafts, d)))['pack']}) if adopt else x.post('mizuno', p + 'return', body))
