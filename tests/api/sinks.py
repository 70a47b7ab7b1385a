#!/usr/bin/python3
"""sinks.py - notices leave by every way: a real mail server, a real rsyslog over TLS, a webhook; and whatever the peers do, none is lost.

Does      a town of real processes; exim, rsyslog and a webhook receiver on loopback (tests/lib/peers.py); peers that refuse, hang, drip, die
          after DATA, show the wrong certificate; kill -9 of the courier; what each receiver got is read back from its own files.
"""
import datetime
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import peers  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

SECRET, KILLS = 'webhook-secret-1', 20
MAIL = {'suzuki': 'suzuki@city.example', 'kimura': 'later@city.example', 'sato': 'sato@city.example', 'tanaka': 'tanaka@city.example', 'mori': 'gone@city.example'}
RFC5424 = re.compile(r'<(133|129)>1 \S+ localhost sekisho-courier - (notice\.[a-z-]+) \[notice@32473 ref="([0-9a-f-]*)" id="(\d+)"\] (.+)')


def pack_with_secretariat(top):
    """The thread pack and a secretariat, who keeps the list of people."""
    to = os.path.join(top, 'pack')
    shutil.copytree(os.path.join(ROOT, 'packs/thread'), to)
    for name, old, new in (('pack.yaml', '  - id: system_manager\n', '  - id: system_manager\n  - id: secretariat\n'),
                           ('texts/ja.yaml', 'role.system_manager', 'role.secretariat.name: "事務局"\nrole.system_manager'),
                           ('texts/en.yaml', 'role.system_manager', 'role.secretariat.name: "Secretariat"\nrole.system_manager')):
        with open(os.path.join(to, name), encoding='utf-8') as f:
            text = f.read()
        with open(os.path.join(to, name), 'w', encoding='utf-8') as f:
            f.write(text.replace(old, new, 1))
    return to


class City(town.Town):
    def __init__(self, top):
        people = town.PEOPLE + (('ono', '小野', '情報政策課', 'secretariat'),)
        super().__init__(at='2026-04-01T09:00', people=people, pack=pack_with_secretariat(top))
        self.top2, self.ca = top, peers.Authority(top)
        peers.Authority(top, 'stranger')
        self.n = 0

    def give_mail(self, addresses=None):
        for who, mail in (addresses or MAIL).items():
            r = self.post('ono', '/api/v1/rows/person:' + self.id(who), {'cells': {'mail': mail, 'lang': 'en' if who == 'kimura' else ''}, 'rev': 1})
            if r.status not in (200, 201):
                raise town.Sick(r.body)

    def secret(self, name, text):
        path = os.path.join(self.dir, 'courier', name)
        with open(path, 'w') as f:
            f.write(text)
        os.chmod(path, 0o600)

    def settings(self, *sinks):
        """[(id, kind, {key: value})]; files are copied beside settings.yaml."""
        folder = os.path.join(self.dir, 'courier')
        lines = ['digest_at: "08:30"', 'sinks:']
        for name, kind, keys in sinks:
            lines += ['  - id: ' + name, '    kind: ' + kind]
            for key, value in keys.items():
                if str(value).startswith('/'):
                    if key != 'path':
                        shutil.copy(value, folder)
                        value = os.path.basename(value)
                        os.chmod(os.path.join(folder, value), 0o600)
                lines.append('    %s: %s' % (key, value if isinstance(value, int) else '"%s"' % value))
        with open(os.path.join(folder, 'settings.yaml'), 'w') as f:
            f.write('\n'.join(lines) + '\n')

    def kill(self, sig=signal.SIGKILL):
        p = self.running.pop('courier')
        p.send_signal(sig)
        p.wait()
        return p.returncode

    def again(self):
        if 'courier' in self.running:
            self.kill(signal.SIGTERM)
        self.start('courier')

    def file(self, n=1):
        """n applications, each a notice to both section managers of the section."""
        out = []
        for _ in range(n):
            self.n += 1
            out.append(self.good(self.apply(mac='02:00:00:%02x:%02x:%02x' % (self.n >> 16 & 255, self.n >> 8 & 255, self.n & 255)))['id'])
        return out

    def open_for(self, sink):
        return self.call('courier', 'GET', '/c/v1/outbox?sink=' + sink).json()['items']

    def sinks(self, who='tanaka'):
        status = self.get(who, '/api/v1/status').json()
        return {s['id']: s for s in status['sinks']}, status['undelivered']

    def read_log(self):
        with open(os.path.join(self.dir, 'log/notices.log'), encoding='utf-8') as f:
            return f.read()

    def wait_sent(self, *sinks):
        town.wait('delivery by %s' % (sinks,), lambda: not any(self.open_for(s) for s in sinks))


def refs(letters, to=None):
    return [re.search(r'/(?:applications|decide)/([0-9a-f-]{36})', m.get_content()).group(1) for m in letters
            if re.search('/(applications|decide)/', m.get_content()) and (to is None or m['Envelope-to'] == to)]


def ways(house, mail, log, hook, **mail_keys):
    mail_keys = {'server': 'localhost', 'port': mail.port, 'security': 'starttls', 'ca_file': house.ca.pem, 'user': 'sekisho', 'password_file': 'smtp.password',
                 'from': 'sekisho@city.example', 'from_name': '関所市', 'retry_s': 1, 'retry_most_s': 1, 'patience_s': 2, **mail_keys}
    client = house.ca.path('client')
    return (('log', 'file', {}),
            ('mail', 'mail', {k: v for k, v in mail_keys.items() if v is not None}),
            ('siem', 'syslog', {'server': 'localhost', 'port': log.port, 'ca_file': house.ca.pem, 'certificate_file': client + '.pem', 'key_file': client + '.key',
                                'retry_s': 1, 'retry_most_s': 1, 'patience_s': 3}),
            ('hook', 'webhook', {'server': 'localhost', 'port': hook.port, 'ca_file': house.ca.pem, 'path': '/notices?from=sekisho', 'secret_file': 'hook.secret',
                                 'retry_s': 1, 'retry_most_s': 1, 'patience_s': 2}))


def all_ways(t, house, mail, log, hook):
    mail.defer(True)
    cases = house.file(3)
    house.again()
    house.wait_sent('log', 'siem', 'hook')
    town.wait('mail to one', lambda: len(mail.letters()) == 3)
    letters = mail.letters()
    t.is_(refs(letters, MAIL['suzuki']), cases, 'each notice is a mail, in order, while the other receiver\'s server says: later')
    m = letters[0]
    number = house.case('suzuki', cases[0])['number']
    t.ok(number in m['Subject'] and m['Subject'].startswith('【関所市 関所】承認待ち'), 'the subject is Japanese and says which', m['Subject'])
    t.is_((str(m['To']), m['Auto-Submitted'], m.get_content_charset()), (MAIL['suzuki'], 'auto-generated', 'utf-8'), 'it is a mail of RFC 5322')
    t.ok('https://localhost:8443/decide/' + cases[0] in m.get_content(), 'the link leads to the page where it is decided', m.get_content())
    text = ''.join(str(x['Subject']) + x.get_content() for x in letters)
    t.ok(not any(name in text for name in list(house.names.values()) + ['02:00:00', '会議室']), 'nobody\'s name stands in it', text)
    t.ok('esmtpsa' in m['Received'], 'it came over TLS, signed in', m['Received'])
    mail.defer(False)
    house.wait_sent('mail')
    town.wait('mail to both', lambda: len(mail.letters()) == 6)
    t.is_(refs(mail.letters(), MAIL['kimura']), cases, 'the other receiver gets them, in order, when the server takes them')
    t.ok(all(str(m['Subject']).startswith('[Sekisho 関所市] Waiting for you') for m in mail.letters() if m['Envelope-to'] == MAIL['kimura']), 'and in English, as the list of people says')

    lines = [RFC5424.fullmatch(line.replace('\ufeff', '')) for line in log.lines()]
    t.ok(all(lines), 'what rsyslog wrote is RFC 5424', log.lines())
    t.is_([x.group(2, 3) for x in lines], [('notice.waiting', c) for c in cases], 'rsyslog got each once, in order, over TLS with our certificate')
    t.is_(([g['ref'] for g in hook.got], hook.bad), (cases, []), 'the webhook got each once, in order, and each signature holds')
    t.ok(hook.got[0]['subject']['ja'].startswith('承認待ち') and hook.got[0]['link'].endswith(cases[0]), 'with its words and its link', hook.got[0])


def cannot_be_reached(t, house, mail):
    """mori is applicant with an address nobody has; yamada has none."""
    for who in ('mori', 'yamada'):
        deciders = {'mori': 'ito', 'yamada': 'suzuki'}
        a = house.good(house.apply(who, mac='02:00:00:aa:00:%02x' % len(who)))
        house.good(house.post(deciders[who], '/api/v1/applications/%s/decide' % a['id'], {'decision': 'approve', 'reason': 'x', 'rev': 1}))
    town.wait('failures', lambda: {x['who'] for x in house.sinks()[1]} >= {house.id(who) for who in ('mori', 'yamada', 'ito')})
    lost = house.sinks()[1]
    whys = {(x['who'], x['why'].split(' (')[0][:30]) for x in lost}
    t.ok(any(x['who'] == house.id('mori') and '550' in x['why'] for x in lost), 'an address nobody has is a failure that is seen, with the server\'s words', lost)
    t.ok((house.id('yamada'), 'no-address') in whys and (house.id('ito'), 'no-address') in whys, 'so is a person without an address', lost)
    t.is_(house.sinks('sato')[1], [], 'by those who can mend it only')
    town.wait('notice of it', lambda: any('届きませんでした' in str(m['Subject']) for m in mail.letters()))
    about = [m for m in mail.letters() if '届きませんでした' in str(m['Subject'])]
    t.is_([m['Envelope-to'] for m in about], [MAIL['tanaka']], 'the system manager is told, once')
    t.ok('550' in about[0].get_content(), 'and why', about[0].get_content())
    keys = [i['body']['key'] for i in house.call('courier', 'GET', '/c/v1/outbox').json()['items']]
    t.is_((keys.count('notice.unaddressed'), keys.count('notice.undelivered')), (2, 1), 'one notice for each person without address, not one for each time')


def once_a_day(t, house, mail):
    """tanaka is told of ito's and yamada's missing addresses: the secretariat has none either; so it is the system manager... by day."""
    r = house.get('ono', '/api/v1/rows/person:' + house.id('ono')).json()
    house.good(house.post('ono', '/api/v1/rows/person:' + house.id('ono'), {'cells': {'mail': 'ono@city.example'}, 'rev': r['rev']}))
    house.again()                                   # addresses are looked up anew
    time.sleep(0.6)
    t.is_([m for m in mail.letters() if m['Envelope-to'] == 'ono@city.example'], [], 'what can wait is kept until the hour of the day\'s mail')
    house.clock('2026-04-02T08:29')
    time.sleep(0.6)
    t.is_([m for m in mail.letters() if m['Envelope-to'] == 'ono@city.example'], [], 'a minute before, too')
    house.clock('2026-04-02T08:31')
    town.wait('the day\'s mail', lambda: any(m['Envelope-to'] == 'ono@city.example' for m in mail.letters()))
    house.wait_sent('mail')
    ours = [m for m in mail.letters() if m['Envelope-to'] == 'ono@city.example']
    t.is_([str(m['Subject']) for m in ours], ['【関所市 関所】お知らせ 2 件'], 'then one mail holds all of it')
    t.is_(len(re.findall(r'/rows/person/[0-9a-f-]{36}', ours[0].get_content())), 2, 'with a link for each')


def one_that_hangs(t, house, mail, log, hook):
    """All three peers hang; the log and the office do not notice. Then they are back."""
    before = len(mail.letters())
    got, lines = len(hook.got), len(log.lines())
    mail.stop()
    log.stop()
    with peers.Trap('hang', mail.port) as a, peers.Trap('hang', log.port) as b:
        hook.mode = 'slow'
        took = []
        cases = []
        for _ in range(12):
            at = time.monotonic()
            cases += house.file()
            took.append(time.monotonic() - at)
        town.wait('the peers to be called', lambda: a.calls and b.calls and hook.asked > got)
        town.wait('the log', lambda: not house.open_for('log'), 3)
        t.ok(True, 'the log goes on while mail, syslog and webhook hang')
        t.ok(max(took) < 2.0, 'and no act waits for them', took)
        town.wait('all three to be seen as waiting', lambda: [house.sinks()[0][s]['state'] for s in ('mail', 'siem', 'hook')] == ['waits'] * 3)
        s = house.sinks()[0]
        t.is_((s['mail']['waiting'], s['siem']['waiting'], s['hook']['waiting'], s['log']['waiting']), (12, 12, 12, 0), 'the status says what waits, and where')
        t.ok('oldest' in s['mail'] and s['mail']['why'], 'since when, and why', s['mail'])
        house.clock(house.now + datetime.timedelta(minutes=31))
        house.again()                               # a courier that begins anew does not begin the half hour anew
        town.wait('word that it is stuck', lambda: house.read_log().count('notice.stuck') >= 3)
        t.is_(house.read_log().count('notice.stuck'), 3, 'after half an hour the system manager is told of each, once')
    hook.mode = 200
    mail.start()
    log.start()
    house.wait_sent('mail', 'siem', 'hook')
    mine = mail.letters()[before:]
    t.is_([r for r in refs(mine, MAIL['suzuki'])], cases, 'when it is back, mail arrives: all of it, once, in order')
    t.is_([x.group(3) for x in map(RFC5424.fullmatch, (li.replace('\ufeff', '') for li in log.lines()[lines:])) if x.group(2) == 'notice.waiting'], cases, 'so does syslog')
    t.is_([g['ref'] for g in hook.got[got:] if g['key'] == 'notice.waiting'], cases, 'so does the webhook')
    town.wait('the status to say so', lambda: [s['state'] for s in house.sinks()[0].values()] == ['works'] * 4)


def bad_manners(t, house, mail, log, hook):
    """Peers that refuse, drip, die after DATA, or are somebody else."""
    mail.stop()
    case = house.file()[0]
    town.wait('refusal', lambda: house.sinks()[0]['mail']['state'] == 'waits')
    t.ok('connect' in house.sinks()[0]['mail']['why'].lower(), 'a port that is closed', house.sinks()[0]['mail']['why'])
    with peers.Trap('drip', mail.port) as p:
        town.wait('drip', lambda: p.calls)
        town.wait('patience over', lambda: 'timed out' in house.sinks()[0]['mail']['why'].lower() or 'timeout' in house.sinks()[0]['mail']['why'].lower())
        t.ok(True, 'a greeting that drips')
    house.settings(*ways(house, mail, log, hook, security='none', user=None, password_file=None, ca_file=None))
    with peers.Trap('after-data', mail.port) as p:
        house.again()
        town.wait('a whole mail', lambda: len(p.mails) >= 2)
        seen = {m['Message-ID'] for m in p.mails}
    t.is_(len(seen), 1, 'a server that dies after DATA may have it or not: the next copy has the same Message-ID')
    house.settings(*ways(house, mail, log, hook, ca_file=house.ca.path('stranger.pem')))
    mail.start()
    house.again()
    town.wait('the wrong CA', lambda: 'certificate' in house.sinks()[0]['mail'].get('why', '').lower())
    t.ok(not [m for m in mail.letters() if case in m.get_content()], 'a server whose certificate another authority signed gets nothing')
    house.settings(*ways(house, mail, log, hook, server='127.0.0.1'))
    house.again()
    town.wait('the wrong name', lambda: '127.0.0.1' in house.sinks()[0]['mail'].get('why', ''))
    t.ok(not [m for m in mail.letters() if case in m.get_content()], 'nor does one whose certificate bears another name')
    house.settings(*ways(house, mail, log, hook))
    house.secret('smtp.password', 'wrong\n')
    house.again()
    town.wait('the wrong password', lambda: '535' in house.sinks()[0]['mail'].get('why', ''))
    t.is_(house.sinks()[0]['mail']['waiting'] > 0, True, 'a password that is wrong loses nothing either')
    house.secret('smtp.password', mail.password + '\n')
    house.again()
    house.wait_sent('mail')
    mine = [m['Message-ID'] for m in mail.letters() if case in m.get_content()]
    t.is_((len(mine), len(set(mine)), len(seen & set(mine))), (2, 2, 1), 'then it arrives, once for each receiver')
    hook.mode = 'die'
    case = house.file()[0]
    town.wait('a hook that dies', lambda: house.sinks()[0]['hook']['state'] == 'waits')
    hook.mode = 503
    town.wait('503', lambda: '503' in house.sinks()[0]['hook']['why'])
    hook.mode = 422
    town.wait('given up', lambda: house.sinks()[0]['hook']['failed'] == 1)
    hook.mode = 200
    house.wait_sent('hook', 'siem', 'mail')
    t.is_(([g for g in hook.got if g['ref'] == case and g['key'] == 'notice.waiting'], [g['key'] for g in hook.got if g['ref'] == case]), ([], ['notice.undelivered']),
          'a notice that the hook calls wrong is given up, and told of')


def kills(t, house, mail, log, hook):
    before = len(mail.letters())
    lines, got = len(log.lines()), len(hook.got)
    dice = random.Random(4)
    cases = []
    for i in range(KILLS):
        cases += house.file()
        time.sleep(dice.uniform(0, 0.9) if i % 2 else dice.uniform(0, 0.15))
        house.kill()
        house.start('courier')
    house.wait_sent('log', 'mail', 'siem', 'hook')
    letters = mail.letters()[before:]
    for who in ('suzuki', 'kimura'):
        mine = refs(letters, MAIL[who])
        t.is_([c for i, c in enumerate(mine) if c not in mine[:i]], cases, 'after %d times kill -9 %s has every mail, in order' % (KILLS, who))
    ids = [m['Message-ID'] for m in letters]
    twice = len(ids) - 2 * KILLS
    t.ok(0 <= twice == len(ids) - len(set(ids)), 'a second copy has the Message-ID of the first', ids)
    t.ok(twice <= 3, 'and there are hardly any', twice)
    heard = [x.group(3) for x in map(RFC5424.fullmatch, (li.replace('\ufeff', '') for li in log.lines()[lines:]))]
    t.is_([c for i, c in enumerate(heard) if c not in heard[:i]], cases, 'rsyslog has all, in order')
    posted = [g['ref'] for g in hook.got[got:]]
    t.is_([c for i, c in enumerate(posted) if c not in posted[:i]], cases, 'so has the webhook')
    t.note('second copies: mail %d, syslog %d, webhook %d of %d' % (twice, len(heard) - KILLS, len(posted) - KILLS, KILLS))


def trials(t, house, mail):
    def test(*words):
        p = subprocess.run([house.program, 'courier-test', house.dir, *words], capture_output=True, text=True)
        return p.returncode, p.stdout + p.stderr
    code, said = test('mail', 'trial@city.example')
    town.wait('the trial', lambda: any(m['Envelope-to'] == 'trial@city.example' for m in mail.letters()))
    t.ok(code == 0 and '受け取りました' in said and 'mailbox' in said, 'courier-test sends one and says so in both languages', said)
    code, said = test('mail', 'gone@city.example')
    t.ok(code != 0 and '550' in said and '届きませんでした' in said, 'or why it could not', said)
    t.ok(test('nowhere')[0] != 0 and 'settings.yaml' in test('nowhere')[1], 'a sink that is none is named', test('nowhere'))
    path = os.path.join(house.dir, 'courier/settings.yaml')
    with open(path, encoding='utf-8') as f:
        good = f.read()
    os.chmod(os.path.join(house.dir, 'courier/smtp.password'), 0o644)
    code, said = test('mail')
    t.ok(code != 0 and 'settings.yaml:' in said and 'chmod 600' in said, 'a secret that others can read is refused, with file and line', said)
    os.chmod(os.path.join(house.dir, 'courier/smtp.password'), 0o600)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(good.replace('security: "starttls"', 'securety: "starttls"'))
    code, said = test('mail')
    t.ok(code != 0 and 'settings.yaml:' in said and 'securety' in said, 'a key that is none is refused, with file and line', said)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(good)


def main():
    if not os.path.exists('/usr/sbin/exim4'):
        with Tap() as t:
            t.skip('notices by mail', 'exim is not installed')
        return
    top = tempfile.mkdtemp(prefix='sekisho-sinks.')
    os.chmod(top, 0o755)
    try:
        with Tap() as t, City(top) as house:
            house.ca.issue('client', ('sekisho.city.example',))
            house.give_mail()
            with peers.Exim(top, house.ca) as mail, peers.Rsyslog(top, house.ca) as log, peers.Hook(house.ca, SECRET) as hook:
                house.secret('smtp.password', mail.password + '\n')
                house.secret('hook.secret', SECRET + '\n')
                house.settings(*ways(house, mail, log, hook))
                for part, args in ((all_ways, (mail, log, hook)), (cannot_be_reached, (mail,)), (once_a_day, (mail,)), (one_that_hangs, (mail, log, hook)),
                                   (bad_manners, (mail, log, hook)), (kills, (mail, log, hook)), (trials, (mail,))):
                    at = time.monotonic()
                    try:
                        part(t, house, *args)
                    except Exception:
                        t.note(house.log('courier')[-3000:])
                        t.note(house.sinks())
                        t.note(mail.main()[-2000:])
                        raise
                    t.note('%s: %.1f s' % (part.__name__, time.monotonic() - at))
            t.is_(house.down(), [], 'all end clean')
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == '__main__':
    main()
