#!/usr/bin/python3
"""papers.py BUILD - what the office prints: every layout of the base pack from a case that people have played, through the real render.

Does      plays one service-use to its approval under a stopped clock; prints each paper there is about it; compares the text that poppler
          takes out of each PDF with tests/golden/papers/ (SEKISHO_GOLDEN=rewrite puts it there); fonts, language of the words, page counts,
          equal bytes, who may print what, the register of 5,000 rows, a practice install.
"""
import base64
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import incidents  # noqa: E402
import service_use  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402
from witness import Witness  # noqa: E402

BUILD = sys.argv[1]
GOLDEN = os.path.join(ROOT, 'tests/golden/papers')
RENDER = os.path.join(BUILD, 'src/server/sekisho-render')
KEEP = os.environ.get('SEKISHO_PAPERS')         # a folder to leave the PDFs in, for eyes
UUID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')


def poppler(tool, data, *words, after=('-',)):
    with tempfile.NamedTemporaryFile(suffix='.pdf') as f:
        f.write(data)
        f.flush()
        return subprocess.run([tool, *words, f.name, *after], capture_output=True, text=True, check=True, timeout=60, env={**os.environ, 'TZ': 'UTC'}).stdout


def text_of(pdf):
    """As it lies on the page; what differs from run to run (hashes, keys, numbers of entries) is masked."""
    text = poppler('pdftotext', pdf, '-layout')
    text = re.sub(r'(記録番号 +)\d+', r'\1<entry>', re.sub(r'[0-9a-f]{64}', '<hash>', text))
    text = re.sub(r'(?:[0-9a-f]{4} ){7}[0-9a-f]{4}|(?:[0-9a-f]{4}:){7}[0-9a-f]{4}', '<key>', text)
    text = re.sub(r' {2,}', '  ', text)           # how many blanks poppler makes of a gap is its own affair
    return '\n'.join(line.rstrip() for line in text.replace('\f', '\n--- page ---\n').split('\n')).rstrip('\n') + '\n'


def case(t, name='plain'):
    """A service-use that everybody before the last step has agreed to."""
    c = service_use.case(name, manager=t.id('sato'), deputy=t.id('yamada'))
    a = t.submit('sato', 'service-use', c.forms['service-use'])['id']
    yes = {'decision': 'approve', 'reason': ''}
    t.act('ono', a, 'judge', {'lines': c.judgements['usage']})
    t.act('ono', a, 'decide', {**yes, 'step': 'usage'})
    for sheet in ('service-provider', 'service-secretariat'):
        t.act('ono', a, 'fill', {'sheet': sheet, 'answers': c.forms[sheet]})
    t.act('ono', a, 'judge', {'lines': c.judgements['conditions']})
    t.act('ono', a, 'decide', {**yes, 'step': 'conditions'})
    t.act('hara', a, 'decide', {**yes, 'step': 'select'})
    t.act('mizuno', a, 'judge', {'lines': c.judgements['trust']})
    t.act('mizuno', a, 'decide', {**yes, 'step': 'trust'})
    t.act('suzuki', a, 'decide', {**yes, 'step': 'consent', 'reason': '業務上必要と認めます。'})
    return a


def sent_back(t):
    b = t.submit('sato', 'service-use', service_use.case(manager=t.id('sato'), deputy=t.id('yamada')).forms['service-use'])['id']
    t.act('ono', b, 'decide', {'decision': 'return', 'reason': '利用目的を、どの業務の何に使うかが分かるように書いてください。', 'step': 'usage'})
    return b


def log_sheet(t, p, house):
    """What an auditor will type in stands on it, and is what the log says of itself."""
    w = Witness()
    house.good(house.post('kudo', '/api/v1/witnesses', {'key': w.vkey, 'fingerprint': w.fingerprint}))
    said = house.get('kudo', '/api/v1/witnesses').json()
    pdf = paper(house, 'kudo', 'log-sheet', 'log').body
    size, root = house.get('kudo', '/api/v1/checkpoint').body.decode().split('\n')[1:3]
    text = re.sub(r'\s', '', poppler('pdftotext', pdf, '-raw'))
    for what, want in (('fingerprint', said['log_fingerprint']), ('size', size), ('root', base64.b64decode(root).hex()), ('witness', w.fingerprint), ('name', w.name)):
        t.ok(re.sub(r'\s', '', want) in text, 'the monthly sheet has the %s' % what, text)
    t.is_(paper(house, 'sato', 'log-sheet', 'log').status, 404, 'staff do not print it')
    if KEEP:
        with open(os.path.join(KEEP, 'log-sheet.pdf'), 'wb') as f:
            f.write(pdf)


def incident(t):
    i = t.good(t.post('ono', '/api/v1/incidents', incidents.body(t, 'ono')))['id']
    t.good(t.post('ono', '/api/v1/incidents/%s/log' % i, {'at': '2026-04-01T08:40', 'kind': 'done', 'text': '端末をネットワークから切り離した。'}))
    return i


def paper(t, who, layout, about, **query):
    more = ''.join('&%s=%s' % kv for kv in query.items())
    return t.get(who, '/api/v1/papers/%s?about=%s%s' % (layout, about, more))


class Printer:
    def __init__(self, t, house):
        self.t, self.house, self.wrong, self.pages, self.made = t, house, [], {}, {}

    def print(self, who, layout, about, golden=True):
        name = layout
        r = paper(self.house, who, layout, about)
        if r.status != 200 or not r.body.startswith(b'%PDF-'):
            self.wrong.append('%s: %d %s' % (name, r.status, r.body[:300]))
            return b''
        if KEEP:
            with open(os.path.join(KEEP, name + '.pdf'), 'wb') as f:
                f.write(r.body)
        self.made[name] = r.body
        if golden:
            self.golden(name, text_of(r.body))
        fonts = poppler('pdffonts', r.body, after=()).splitlines()[2:]
        if not fonts or any(not re.search(r'yes yes yes', line) for line in fonts):
            self.wrong.append('%s: fonts %s' % (name, fonts))
        self.pages[name] = int(re.search(r'Pages: +(\d+)', poppler('pdfinfo', r.body, after=())).group(1))
        return r.body

    def golden(self, name, text):
        path = os.path.join(GOLDEN, name + '.txt')
        if os.environ.get('SEKISHO_GOLDEN') == 'rewrite':
            os.makedirs(GOLDEN, exist_ok=True)
            with open(path, 'w', encoding='utf-8') as f:
                f.write(text)
        try:
            with open(path, encoding='utf-8') as f:
                want = f.read()
        except FileNotFoundError:
            want = ''
        if text != want:
            a, b = text.split('\n'), want.split('\n')
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            self.wrong.append('%s: line %d is %r, golden %r' % (name, at + 1, a[at:at + 1], b[at:at + 1]))


def main():
    with Tap() as t, town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=town.CITY, gate=None, roles=('signer', 'office', 'render-serve')) as house:
        p = Printer(t, house)
        a = case(house)
        about = 'application:' + a
        ids = [x['id'] for x in house.get('ono', '/api/v1/papers?about=' + about).json()['items']]
        t.is_(sorted(ids), ['application', 'contract-checklist', 'provider-request', 'selection-record', 'specification'], 'papers of a case under way')
        for layout in ids:
            p.print('ono', layout, about)
        house.act('hara', a, 'decide', {'decision': 'approve', 'reason': '適当と認める。', 'step': 'decide', 'condition': '年１回、第三者認証の更新を確かめること。', 'condition_due': '2027-03-31'})
        service = house.case('sato', a)['service']['id']
        town.wait('what time opens', lambda: any('認証' in d['text'] for d in house.get('ono', '/api/v1/services/' + service).json()['duties']))
        b, c = sent_back(house), case(house, 'mynumber')      # of the highest class: a meeting has to decide
        for layout, about_ in (('return-notice', 'application:' + b), ('external-draft', 'application:' + c)):
            p.print('ono', layout, about_)
        i = incident(house)
        p.print('ono', 'incident-report', 'incident:' + i)
        for layout, about_ in (('decision-notice', about), ('service-card', 'service:' + service), ('review-reminder', 'service:' + service), ('register-list', 'register:service'),
                               ('handover', 'handover'), ('year-report', 'year:2026')):
            p.print('kudo', layout, about_)
        p.print('kudo', 'policy', 'policy', golden=False)
        log_sheet(t, p, house)
        t.is_(p.wrong, [], 'each says what it said, with its fonts in it')
        for name, most in (('external-draft', 2), ('decision-notice', 2), ('return-notice', 1), ('provider-request', 1), ('review-reminder', 1), ('register-list', 1)):
            if name in p.pages:
                t.ok(p.pages[name] <= most, '%s fits on %d page(s)' % (name, most), str(p.pages[name]))
        lists(t, house, (about, 'service:' + service, 'register:service', 'register:service:' + service, 'incident:' + i, 'year:2026', 'handover', 'policy'))
        same(t, house, about, p)
        access(t, house, a, service)
        formats(t, house, about)
        practice(t, house)
    large(t)
    layers(t)


def same(t, house, about, p):
    again = paper(house, 'kudo', 'decision-notice', about).body
    t.ok(again == p.made['decision-notice'], 'the same paper again is the same bytes')
    doc = json.dumps(paper(house, 'kudo', 'decision-notice', about, format='json').json()).encode()
    out = []
    for env in ({}, {'TZ': 'Asia/Tokyo', 'LC_ALL': 'C.UTF-8', 'SOURCE_DATE_EPOCH': '1', 'HOME': '/nonexistent'}):
        out.append(subprocess.run([RENDER, 'paper-to-pdf'], input=doc, capture_output=True, env=env, check=True, timeout=60).stdout)
        time.sleep(1.1)                          # a clock that was asked would show another second
    t.ok(out[0] == out[1], 'at another time and in another environment too')
    info = poppler('pdfinfo', again, after=())
    t.ok('Title:           外部サービス利用申請書' in info and 'Wed Apr  1' in info, 'title and date are the document’s', info)


def lists(t, house, abouts):
    """What can be printed about each kind of thing; the screens ask that by opening."""
    got = {about: house.get('kudo', '/api/v1/papers?about=' + about) for about in abouts}
    t.is_({about: r.status for about, r in got.items()}, {about: 200 for about in abouts}, 'the papers of each kind of thing can be asked for')
    for about, reply in got.items():
        ids = [x['id'] for x in reply.json()['items']]
        bad = [x for x in ids if paper(house, 'kudo', x, about, format='json').status != 200]
        t.ok(ids and not bad, 'and each that is offered about %s can be had' % about.split(':')[0], '%s of %s' % (bad, ids))


def access(t, house, a, service):
    tries = [('mori', 'application', 'application:' + a, 404), ('mori', 'decision-notice', 'application:' + a, 404), ('sato', 'decision-notice', 'application:' + a, 200),
             ('sato', 'year-report', 'year:2026', 404), ('abe', 'year-report', 'year:2026', 200), ('mori', 'policy', 'policy', 200), ('mori', 'handover', 'handover', 200),
             ('mori', 'register-list', 'register:incident', 403), ('mori', 'register-list', 'register:service', 200), ('mori', 'service-card', 'service:' + service, 200),
             ('ono', 'external-draft', 'application:' + a, 404), ('ono', 'return-notice', 'application:' + a, 404), ('ono', 'nothing', 'policy', 404),
             ('ono', 'policy', 'year:2026', 404), ('ono', 'policy', '', 404), ('ono', 'policy', 'policy:x', 404), ('ono', 'service-card', 'service:x', 404),
             ('ono', 'register-list', 'register:x', 404), ('ono', 'year-report', 'year:1', 404), ('ono', 'year-report', 'year:2026x', 404)]
    got = [(who, layout, about, paper(house, who, layout, about, format='json').status) for who, layout, about, _ in tries]
    t.is_([g for g, w in zip(got, tries) if g != w], [], '%d askings are answered as the rows are' % len(tries))
    inside = {k: paper(house, k, 'service-card', 'service:' + service, format='text').body.decode() for k in ('mori', 'sato', 'ono')}
    t.ok('再委託先' not in inside['mori'] and '契約' not in inside['mori'] and '契約' in inside['sato'] and '契約' in inside['ono'], 'what hangs on a service is for who looks after it')


def formats(t, house, about):
    text = paper(house, 'ono', 'decision-notice', about, format='text').body.decode()
    t.ok(text.startswith('受付番号 SHI-EXT-R8-0001\n') and '産業振興課　佐藤　様' in text and '葉ハッシュ' not in text, 'as text to paste', text[:300])
    t.ok(paper(house, 'kudo', 'year-report', 'year:2026', format='xlsx').body.startswith(b'PK'), 'the yearly report as xlsx')
    english = paper(house, 'ono', 'decision-notice', about, format='json', lang='en').json()
    t.ok(english['lang'] == 'en' and english['title'].startswith('Notice of decision'), 'in English')
    t.is_([paper(house, 'ono', 'policy', 'policy', **q).status for q in ({'format': 'doc'}, {'lang': 'fr'})], [400, 400], 'other formats and languages are refused')


def practice(t, house):
    """Last with this house: it becomes the copy."""
    copy, first = os.path.join(house.top, 'copy'), house.dir
    code, said = house.tool('practice', copy)
    sick = house.down()
    house.dir, house.sessions, house.clock_file = copy, {}, os.path.join(copy, 'office', 'clock')
    house._write_clock()
    house.up()
    doc = paper(house, 'ono', 'register-list', 'register:service', format='json').json()
    pdf = paper(house, 'ono', 'register-list', 'register:service').body
    if KEEP:
        with open(os.path.join(KEEP, 'practice.pdf'), 'wb') as f:
            f.write(pdf)
    t.ok(code == 0 and not sick and doc.get('mark') == '練習' and '練' in poppler('pdftotext', pdf), 'a copy to practise on prints 練習 across each page', said)
    sick = house.down()
    house.dir = first
    t.is_(sick, [], 'and ends well')


def large(t):
    """What a register of 5,000 services becomes, within the limits of a render job."""
    columns = [{'title': '列%d' % i, 'width': 10} for i in range(11)]
    doc = {'sekisho-paper': 1, 'title': '外部サービス（台帳）', 'lang': 'ja', 'landscape': True, 'made_at': '20260401000000',
           'blocks': [{'kind': 'table', 'columns': columns, 'rows': [['施設予約クラウド %d 番の説明' % i] * 11 for i in range(5000)]}]}
    done = subprocess.run([RENDER, 'paper-to-pdf'], input=json.dumps(doc).encode(), capture_output=True, timeout=60)
    pages = int(re.search(r'Pages: +(\d+)', poppler('pdfinfo', done.stdout, after=())).group(1)) if done.returncode == 0 else 0
    t.ok(pages > 200, '5,000 rows are printed', done.stderr[-300:].decode())
    t.ok(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 600 * 1024, 'within 600 MB', str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
    doc['blocks'][0]['rows'] = [['a'] * 11] * 20001
    done = subprocess.run([RENDER, 'paper-to-pdf'], input=json.dumps(doc).encode(), capture_output=True, timeout=60)
    t.ok(done.returncode != 0 and b'"paper.big"' in done.stdout, 'and what is too long is refused with words', done.stdout[:200].decode('utf-8', 'replace'))


def layers(t):
    """A city has its own numbers and its own seals; the rest is the base pack's."""
    with town.Town(at='2026-04-01T09:00', pack='packs/demo-city', people=town.CITY, gate=None) as house:
        c = service_use.case(manager=house.id('sato'), deputy=house.id('yamada'))
        a = house.submit('sato', 'service-use', c.forms['service-use'])['id']
        doc = paper(house, 'sato', 'application', 'application:' + a, format='json').json()
        seals = next(b for b in doc['blocks'] if b['kind'] == 'seals')
    t.is_((doc['form_number'], seals['titles']), ('関所市情報セキュリティ規程 別記様式（第141条関係）', ['課長', '課長補佐', '係長', '担当']), 'a city’s own number and seals')


if __name__ == '__main__':
    main()
