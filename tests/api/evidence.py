#!/usr/bin/python3
"""evidence.py - evidence packs: made from a real office, checked by `sekisho verify --pack`; a byte turned in any kind of file is found and named.

Does      one case of packs/mic-r4 by all its hands, with an attachment; packs by clause, procedure, body and row, with names as posts and
          withheld; each kind of file spoilt twice: as it is, and with a manifest that was mended to fit (so that the check behind it must speak);
          each proof before Go as well.
"""
import base64
import contextlib
import hashlib
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse
import warnings
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import attach  # noqa: E402
import page_judge  # noqa: E402
import samples  # noqa: E402
import service_forms  # noqa: E402
import service_use  # noqa: E402
import town  # noqa: E402
from tap import Tap  # noqa: E402

VERIFIED, TAMPERED, INCOMPLETE, USAGE = 0, 1, 2, 3
CLAUSE, PERIOD = 'S8.2-R2.8', ('--from', '2026-04-01', '--until', '2027-03-31')
SEKISHO = os.path.join(town.SAN, 'src/cli/sekisho')
EVERY = ('README.txt', 'clauses/%s.pdf' % CLAUSE, 'tables/cases.csv', 'tables/cases.xlsx', 'tables/steps.csv', 'tables/duties.csv', 'tables/entries.csv', 'tables/attachments.csv',
         'tables/gaps.csv', 'texts.json', 'log/sekisho-log', 'log/checkpoint', 'log/subset', 'manifest.json', 'index.html')


def status(x):
    return x.get('tanaka', '/api/v1/status').json()


def sql(x, text):
    with contextlib.closing(sqlite3.connect('file:%s?mode=ro' % os.path.join(x.dir, 'office/sekisho.db'), uri=True)) as db:
        return db.execute(text).fetchall()


def sealed(x):
    town.wait('a checkpoint over everything', lambda: (lambda s: s['sealed_size'] == s['journal_size'])(status(x)))


def answers(x):
    try:
        return x.get('tanaka', '/api/v1/status').status == 200
    except OSError:
        return False


class Packs:
    """What `sekishod evidence` makes, as {name: bytes}."""

    def __init__(self, x):
        self.x, self.n = x, 0

    def make(self, *words):
        self.n += 1
        self.path = os.path.join(self.x.top, 'pack-%d.zip' % self.n)
        done = subprocess.run([town.SEKISHOD, 'evidence', self.x.dir, *words, '--out', self.path], env=self.x._env('=' + town.utc_text(self.x.now)), capture_output=True, text=True)
        if done.returncode:
            raise town.Sick('evidence %s: %s' % (words, done.stderr))
        self.said = dict(line.split('\t') for line in done.stdout.splitlines())
        with zipfile.ZipFile(self.path) as z:
            return {i.filename: z.read(i) for i in z.infolist()}


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z:
        for name, data in files.items():
            z.writestr(name, data)
    return out.getvalue()


def listed(files):
    """The files with a manifest that fits them, as a forger would write it."""
    m = json.loads(files['manifest.json'])
    out = dict(files)
    for f in m['files']:
        if f['path'] in files:
            f.update(size=len(files[f['path']]), sha256=hashlib.sha256(files[f['path']]).hexdigest())
    m['files'] = [f for f in m['files'] if f['path'] in files]
    m['files'] += [{'path': n, 'size': len(files[n]), 'sha256': hashlib.sha256(files[n]).hexdigest()} for n in files
                   if n not in {f['path'] for f in m['files']} and n not in ('index.html', 'verify.html', 'manifest.json')]
    out['manifest.json'] = json.dumps(m).encode()
    return out


class Judge:
    page = None        # verify.html's checks: asked the same of each pack, when main() was called with `page`

    def __init__(self, x, files):
        self.x, self.at = x, os.path.join(x.top, 'judged.zip')
        m = json.loads(files['manifest.json'])
        self.root = '%d:%s' % (m['log']['size'], m['log']['root'])

    def __call__(self, files, *more, root=True, key=None, path=None):
        if path is None:
            with open(self.at, 'wb') as f:
                f.write(files if isinstance(files, bytes) else zipped(files))
        words = ['--key', key or self.x.log_key, *(('--root', self.root) if root is True else ()), *more]
        got = subprocess.run([SEKISHO, 'verify', '--pack', path or self.at, *words, '--lang', 'en'], capture_output=True, text=True)
        if self.page:
            self.page.ask({'folder' if os.path.isdir(path or self.at) else 'zip': path or self.at}, words, got.returncode, got.stdout + got.stderr)
        return got.returncode, got.stdout + got.stderr


def flipped(data, at=None):
    at = len(data) // 2 if at is None else at
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1:]


# ---- one office with one case ----

def story(x):
    ids = {p: x.id(p) for p in ('mori', 'yamada')}
    c = service_use.approved(x, manager=ids['yamada'], deputy=ids['mori'])
    f = attach.Files(x, 'service:' + c['service']['id'])
    made = f.put('yamada', samples.pdf(b'evidence'), name='契約書/写し:1.pdf'.replace('/', '・'))
    if made.status != 201:
        raise town.Sick('attachment: %s' % made.body)
    return c, made.json()


# ---- a pack as it is made ----

def whole(t, x, packs, case, file):
    files = packs.make('--clause', CLAUSE, *PERIOD)
    m, judge = json.loads(files['manifest.json']), Judge(x, files)
    t.is_([n for n in EVERY if n not in files], [], 'a pack of one clause holds what docs/formats/evidence.md says')
    entries = [n for n in files if n.startswith('log/entries/')]
    t.is_((m['counts']['cases'], m['counts']['entries'], len([n for n in files if n.startswith('log/proofs/')])), (1, len(entries), len(entries)), 'one case; an entry and a proof each')
    name = 'attachments/%s-%s' % (file['hash'], '契約書・写し_1.pdf')
    t.is_((name in files, hashlib.sha256(files.get(name, b'')).hexdigest()), (True, file['hash']), 'the attachment lies there under its hash, its name made harmless')
    t.ok(files['clauses/%s.pdf' % CLAUSE].startswith(b'%PDF') and case['number'].encode() in files['tables/cases.csv'], 'the clause is a PDF, the case stands in the list')
    with zipfile.ZipFile(io.BytesIO(files['tables/cases.xlsx'])) as z:
        t.ok(case['number'] in z.read('xl/sharedStrings.xml').decode(), 'and in the xlsx')
    page = files['index.html'].decode()
    t.ok(hashlib.sha256(files['manifest.json']).hexdigest() in page and packs.said['manifest'] in page and '<script' not in page and 'http' not in page,
         'the cover names the manifest, has no script and nothing from elsewhere')
    t.is_(judge(files)[0], VERIFIED, 'verified with key and printed root')
    t.is_(judge(None, path=packs.path)[0], VERIFIED, 'the zip as it was written likewise')
    folder = os.path.join(x.top, 'unpacked')
    with zipfile.ZipFile(packs.path) as z:
        z.extractall(folder)
    t.is_(judge(None, path=folder)[0], VERIFIED, 'and unpacked in a folder')
    code, said = judge(files, root=None)
    t.is_((code, 'key' in said), (INCOMPLETE, True), 'without anything that was fixed outside: incomplete')
    return files, judge


def anchors(t, x, files, judge, packs):
    size, root = judge.root.split(':')
    other = '%s:%s' % (size, 'f' * 64)
    for words, want, name in (((('--root', other)), TAMPERED, 'another printed root'), (('--root', '5:' + root), INCOMPLETE, 'a root of an earlier size without a consistency file'),
                              (('--root', '%d:%s' % (int(size) + 9, root)), INCOMPLETE, 'a root of a log that is longer'), (('--root', 'x'), USAGE, 'no root at all')):
        t.is_(judge(files, *words, root=None)[0], want, name)
    t.is_(judge(files, '--root', size + ':' + ' '.join(re.findall('....', root.upper())), root=None)[0], VERIFIED, 'typed from paper, in groups and capitals')
    t.is_(judge(files, '--root', size + ':' + base64.b64encode(bytes.fromhex(root)).decode(), root=None)[0], VERIFIED, 'or as Base64')
    t.is_(judge(files, key='0000 1111 2222 3333 4444 5555 6666 7777')[0], TAMPERED, 'a fingerprint of another log')
    with open(os.path.join(x.top, 'earlier'), 'wb') as f:
        f.write(files['log/checkpoint'])
    t.is_(judge(files, '--checkpoint', f.name, root=None)[0], VERIFIED, 'a checkpoint kept elsewhere as an anchor')
    old = int(size)
    x.submit('sato', 'service-light', service_forms.answers('service-light', today='2026-04-01', manager=x.id('yamada')))
    sealed(x)
    t.is_(judge(packs.make('--clause', CLAUSE, *PERIOD), '--checkpoint', f.name, root=None)[0], INCOMPLETE, 'an older one cannot be compared without its consistency file')
    later = packs.make('--clause', CLAUSE, *PERIOD, '--tie', str(old))
    t.is_(judge(later, '--checkpoint', f.name, root=None)[0], VERIFIED, 'with the file that --tie puts into the pack it can')
    spoilt = listed({**later, 'log/consistency/%d' % old: later['log/consistency/%d' % old].replace(b'from %d' % old, b'from %d' % (old - 1))})
    t.ok(judge(spoilt, '--checkpoint', f.name, root=None)[0] != VERIFIED, 'a consistency file that says another size joins nothing')
    return later


def fingerprint(t, x, files, judge):
    vkey = x.log_key
    if '+' not in vkey:
        vkey = files['log/sekisho-log'].decode().split('epoch 1 ')[1].strip()
    digest = hashlib.sha256(vkey.encode()).hexdigest()[:32]
    t.is_(judge(files, key=' '.join(re.findall('....', digest)))[0], VERIFIED, 'a typed fingerprint serves as the key')
    t.is_(judge(files, key=vkey)[0], VERIFIED, 'a verifier key, too')


# ---- spoilt ----

def kinds(files):
    one = {}
    for n in files:
        kind = re.sub(r'^(clauses|attachments|log/entries|log/proofs|tables)/.*', r'\1', n) if n.count('/') else n
        one.setdefault(kind, n)
    return [n for n in one.values() if n not in ('index.html', 'verify.html')]


def turned(t, files, judge):
    wrong = []
    for name in kinds(files):
        for at in (0, len(files[name]) // 2, len(files[name]) - 1):
            code, said = judge({**files, name: flipped(files[name], at)})
            if code != TAMPERED or not (name in said or 'manifest' in said):
                wrong.append((name, at, code, said))
    t.is_(wrong, [], 'one bit turned in any of %d kinds of file: tampered, and it says in which' % len(kinds(files)))
    code, said = judge({n: d for n, d in files.items() if n != 'tables/steps.csv'})
    t.ok(code == TAMPERED and 'tables/steps.csv' in said, 'a file taken away is missed', said)
    code, said = judge({**files, 'tables/more.csv': b'x'})
    t.ok(code == TAMPERED and 'tables/more.csv' in said, 'a file put in is found', said)
    with open(judge.at, 'rb') as f:
        raw = f.read()
    cut = [n for n in (1, 30, len(raw) // 3, len(raw) - 30, len(raw) - 1) if judge(raw[:n])[0] not in (TAMPERED, INCOMPLETE)]
    t.is_(cut, [], 'a zip that was cut off is never verified')
    t.is_(judge(zipped(files) + b'')[0], VERIFIED, 'the control: put together again unchanged it is')


def forged(t, x, files, judge):
    """The manifest fits: what is behind it has to speak."""
    entry = next(n for n in files if n.startswith('log/entries/'))
    proof = 'log/proofs/%s.tlog-proof' % entry.split('/')[-1][:-5]
    text = files['texts.json'].decode()
    line = text.split('\n')[1].rstrip(',')
    attached = next(n for n in files if n.startswith('attachments/'))
    m = json.loads(files['manifest.json'])
    out = {n: d for n, d in files.items() if n not in (entry, proof)}
    index = entry.split('/')[-1][:-5]
    cases = (
        ('an entry changed', {**files, entry: files[entry].replace(b'"v":1', b'"v":2')}, '/%s.' % index),
        ('a proof of another place', {**files, proof: files[proof].replace(b'index ' + index.encode(), b'index 0')}, '/%s.' % index),
        ('an entry left out of the subset', out, '/%s.' % index),
        ('an entry left out, the subset mended', {**out, 'log/subset': files['log/subset'].replace(b'\n' + index.encode() + b'\n', b'\n')}, None),
        ('a subset of another size', {**files, 'log/subset': re.sub(rb'^(.*\n)\d+', rb'\g<1>1', files['log/subset'])}, 'subset'),
        ('a text changed', {**files, 'texts.json': text.replace('"text":"', '"text":"否', 1).encode()}, 'texts.json'),
        ('a text put in twice', {**files, 'texts.json': text.replace('[\n', '[\n' + line + ',\n', 1).encode()}, 'texts.json'),
        ('a text of an entry that is not there', {**files, 'texts.json': text.replace('"index":', '"index":9', 1).encode()}, 'texts.json'),
        ('a text of another column', {**files, 'texts.json': text.replace('"column":"', '"column":"x', 1).encode()}, 'texts.json'),
        ('no list of texts', {**files, 'texts.json': b'{}'}, 'texts.json'),
        ('an attachment changed', {**files, attached: flipped(files[attached])}, attached),
        ('an attachment that no entry names', {**files, 'attachments/%s-x.pdf' % hashlib.sha256(b'x').hexdigest(): b'x'}, 'attachments/'),
        ('a key of another log', {**files, 'log/sekisho-log': files['log/sekisho-log'].replace(b'epoch 1 ', b'epoch 2 ')}, 'sekisho-log'),
        ('another root in the manifest', {**files, 'manifest.json': json.dumps({**m, 'log': {**m['log'], 'root': '0' * 64}}).encode()}, 'log/checkpoint'),
        ('another install in the manifest', {**files, 'manifest.json': json.dumps({**m, 'install': '01890000-0000-7000-8000-000000000000'}).encode()}, 'install'),
        ('a checkpoint of another size', {**files, 'log/checkpoint': re.sub(rb'\n(\d+)\n', lambda g: b'\n%d\n' % (int(g.group(1)) + 1), files['log/checkpoint'], count=1)}, 'checkpoint'),
    )
    wrong = []
    for name, bad, want in cases:
        code, said = judge(listed(bad))
        if want is None:
            if code != VERIFIED:      # fewer entries are a smaller pack; its texts are of what is there
                wrong += [] if code == TAMPERED and 'texts.json' in said else [(name, code, said)]
        elif code == VERIFIED or want not in said or (code == INCOMPLETE and 'missing' not in said):
            wrong.append((name, code, said))
    t.is_(wrong, [], 'with a manifest made to fit, each of %d changes is still found and named' % len(cases))
    unsigned = listed({**files, 'log/checkpoint': files['log/checkpoint'].split(b'\n\n')[0] + b'\n'})
    t.is_(judge(unsigned)[0], INCOMPLETE, 'a checkpoint without its signature is incomplete')
    t.is_(judge(listed(files))[0], VERIFIED, 'the control: the same manifest written again is believed')


def names_in_zip(t, x, files, judge):
    for name, bad in (('leads out', '../x'), ('an absolute path', '/x'), ('a backslash', 'a\\x')):
        t.is_(judge(zipped({**files, bad: b'x'}))[0], TAMPERED, 'a member whose name %s is refused' % name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as z, warnings.catch_warnings():
        warnings.simplefilter('ignore')
        for n, d in list(files.items()) + [('texts.json', b'[\n]\n')]:
            z.writestr(n, d)
    t.is_(judge(out.getvalue())[0], TAMPERED, 'a name that stands there twice is refused')


# ---- other scopes, other options ----

def scopes(t, x, packs, case):
    for words, want in ((('--procedure', 'service-use'), 1), (('--body', 'SHI'), 1), (('--row', 'service:' + case['service']['id']), 1), (('--procedure', 'exception'), 0)):
        files = packs.make(*words, *PERIOD)
        judge = Judge(x, files)
        m = json.loads(files['manifest.json'])
        t.is_((judge(files)[0], min(m['counts']['cases'], 1)), (VERIFIED, want), 'a pack of %s' % ' '.join(words)[:30])
    m = json.loads(packs.make('--clause', CLAUSE, '--from', '2020-04-01', '--until', '2021-03-31')['manifest.json'])
    t.is_(m['counts']['cases'], 0, 'a period in which nothing happened holds no case')
    m = json.loads(packs.make('--clause', CLAUSE, *PERIOD, '--body', 'KYO')['manifest.json'])
    t.is_(m['counts']['cases'], 0, 'of another body there is none')
    for words in (('--clause', 'S9.9-R1'), ('--procedure', 'x'), ('--row', 'x:y'), ('--clause', CLAUSE, '--procedure', 'exception')):
        try:
            packs.make(*words, *PERIOD)
            t.ok(False, 'refused: %s' % (words,))
        except town.Sick as why:
            t.ok('あり' in str(why) or '書いて' in str(why), 'refused with words: %s' % (words,), why)


def options(t, x, packs):
    people = [n for n in x.names.values() if len(n) > 1]
    plain = packs.make('--clause', CLAUSE, *PERIOD)
    seen = lambda files: sorted({n for n in people for f, d in files.items() if not f.startswith(('attachments/', 'texts.json')) and n.encode() in d})   # noqa: E731
    t.ok(seen(plain), 'the control: names stand in an ordinary pack')
    posts = packs.make('--clause', CLAUSE, *PERIOD, '--names', 'post')
    t.is_(seen(posts), [], 'names as posts: no name of the register in any list, PDF or page')
    t.is_([line for line in posts['texts.json'].decode().split('\n') if '"table":"person"' in line], [], 'nor in the opened texts')
    t.is_(Judge(x, posts)(posts)[0], VERIFIED, 'and it is verified all the same')
    hidden = packs.make('--clause', CLAUSE, *PERIOD, '--withhold')
    m = json.loads(hidden['manifest.json'])
    said = [json.loads(line.rstrip(','))['text'] for line in plain['texts.json'].decode().split('\n')[1:-2]]
    words = ''.join(open(os.path.join(d, f), encoding='utf-8').read() for d, _, names in os.walk(os.path.join(ROOT, 'packs/mic-r4')) for f in names)
    long = [s for s in said if len(s.encode()) > 30 and s not in words]
    leaks = sorted({s for s in long for d in hidden.values() if s.encode() in d})
    t.is_((hidden['texts.json'], leaks, [n for n in hidden if n.startswith('attachments/')]), (b'[\n]\n', [], []), 'withheld: no text of people, no attachment')
    t.ok(m['left_out']['withheld'] > 10 and m['left_out']['attachments'] == 1 and len(long) > 3, 'and it is said how much was left out', m['left_out'])
    t.is_(Judge(x, hidden)(hidden)[0], VERIFIED, 'and it is verified all the same')


def foreign(t, x, files):
    build = os.path.join(town.SAN, 'tests/foreign/verify-go')
    os.makedirs(os.path.dirname(build), exist_ok=True)
    made = subprocess.run([os.path.join(ROOT, 'tests/foreign/build.sh'), build], capture_output=True, text=True)
    if made.returncode == 77:
        t.skip('Go checks every proof of the pack', made.stderr.strip())
        return
    m = json.loads(files['manifest.json'])
    key = files['log/sekisho-log'].decode().split('epoch 1 ')[1].strip()
    root = '%d:%s' % (m['log']['size'], base64.b64encode(bytes.fromhex(m['log']['root'])).decode())
    path, wrong = os.path.join(x.top, 'proof'), []
    proofs = [n for n in files if n.startswith('log/proofs/')]
    for n in proofs:
        with open(path, 'wb') as f:
            f.write(files[n])
        if subprocess.run([build, '-key', key, '-root', root, path], capture_output=True).returncode:
            wrong.append(n)
    t.is_(wrong, [], 'Go believes each of the %d proofs' % len(proofs))
    with open(path, 'wb') as f:
        f.write(flipped(files[proofs[0]]))
    t.ok(subprocess.run([build, '-key', key, '-root', root, path], capture_output=True).returncode != 0, 'and none with a bit turned')


def recorded(t, x, packs):
    def entries():
        return sql(x, "SELECT ref, entry FROM journal WHERE type='evidence.made' ORDER BY idx")
    made = [json.loads(e) for ref, e in town.wait('the entry of the newest pack', lambda: [r for r in entries() if r[0] == packs.said['pack']])]
    t.is_((made[0]['note']['digest'], made[0]['note']['kind'], 'actor' in made[0]), (packs.said['manifest'], 'clause', False), 'the journal says that a pack was made, and names its manifest')
    t.is_(len(entries()), len({r[0] for r in entries()}), 'each once')
    folder = os.path.join(x.dir, 'office/evidence')
    town.wait('the notes are taken away', lambda: not os.listdir(folder))


def ordered(t, x, judge):
    """In the browser's way: look, order, wait, fetch."""
    evidence = '/api/v1/evidence'
    order = {'kind': 'clause', 'id': CLAUSE, 'from': '2026-04-01', 'to': '2027-03-31'}
    seen = x.good(x.get('nagai', evidence + '/preview?' + urllib.parse.urlencode(order)))
    t.is_((seen['counts']['cases'], seen['counts']['attachments'], seen['counts']['texts'] > 10), (1, 1, True), 'the preview counts cases, attachments and texts')
    all_of = x.good(x.get('nagai', evidence + '/preview?' + urllib.parse.urlencode({**order, 'kind': 'body', 'id': '', 'body': 'SHI'})))
    t.is_([g['count'] for g in all_of['gaps'] if g['kind'] == 'open'], [1], 'and says that a case is still open')
    where = next(os.path.join(d, f) for d, _, names in os.walk(os.path.join(x.dir, 'office/files')) for f in names)
    os.rename(where, where + '.away')
    lost = x.good(x.get('nagai', evidence + '/preview?' + urllib.parse.urlencode(order)))['gaps']
    t.is_([g['count'] for g in lost if g['kind'] == 'file-lost'], [1], 'an attachment that is gone is told before the pack is made')
    os.rename(where + '.away', where)
    none = x.good(x.get('nagai', evidence + '/preview?' + urllib.parse.urlencode({**order, 'from': '2020-04-01', 'to': '2021-03-31'})))['gaps']
    t.ok('clause-none' in {g['kind'] for g in none}, 'and that nothing was recorded in a period', none)
    t.is_([x.post(p, evidence, order).status for p in ('sato', 'kudo', 'nagai')], [403, 403, 202], 'auditors order, others do not')
    job = x.get('nagai', evidence).json()['items'][0]
    done = town.wait('the pack', lambda: (lambda j: j['state'] in ('done', 'failed') and j)(x.get('nagai', evidence + '/' + job['id']).json()))
    got = x.get('nagai', '%s/%s/pack' % (evidence, job['id']))
    files = {}
    with zipfile.ZipFile(io.BytesIO(got.body)) as z:
        files = {i.filename: z.read(i) for i in z.infolist()}
    t.is_((done['state'], hashlib.sha256(files['manifest.json']).hexdigest(), Judge(x, files)(files)[0]), ('done', done['manifest'], VERIFIED), 'the pack comes, bears the manifest that the order names, and is verified')
    t.is_([x.get(p, '%s/%s/pack' % (evidence, job['id'])).status for p in ('abe', 'sato')], [404, 403], 'another\'s order is not there')
    made = town.wait('its entry', lambda: sql(x, "SELECT entry FROM journal WHERE type='evidence.made' AND ref='%s'" % job['id']))
    t.is_((json.loads(made[0][0])['actor'], json.loads(made[0][0])['note']['digest']), (x.id('nagai'), done['manifest']), 'the journal says who had it made')
    kept = os.path.join(x.dir, 'office/evidence', job['id'] + '.zip')
    t.ok(os.path.exists(kept), 'it is kept')
    t.is_(x.down(), [], 'all end well')
    for role in ('signer', 'render-serve', 'office'):
        x.start(role)
    town.wait('the office is there again', lambda: not os.path.exists(kept) and answers(x))
    t.is_((os.path.exists(kept), x.get('nagai', '%s/%s' % (evidence, job['id'])).status), (False, 404), 'until the office starts anew')


def browser(t, x, files):
    """The page that lies in the pack is the one that was built; it believes the pack, and not one with a bit turned."""
    m = json.loads(files['manifest.json'])
    with open(os.path.join(ROOT, 'web/dist/verify.html'), 'rb') as f:
        t.is_(files.get('verify.html') in (None, f.read()), True, 'the pack brings the page that was built, or none')
    for name, given, want in (('believes what the office made', files, '0'), ('does not when a bit was turned', {**files, 'texts.json': flipped(files['texts.json'])}, '1')):
        with tempfile.TemporaryDirectory(prefix='sekisho-browser-') as top:
            path = os.path.join(x.top, 'browser.zip')
            with open(path, 'wb') as f:
                f.write(zipped(given))
            said = page_judge.in_browser(top, path, x.log_key, m['log']['size'], m['log']['root'])
            t.ok(said.get('verdict') == want, 'verify.html in Chromium without a network %s' % name, said)


def main():
    Judge.page = page_judge.Page() if sys.argv[1:] == ['page'] else None
    with Tap() as t, town.Town(at='2026-04-01T09:00', pack='packs/mic-r4', people=town.CITY, gate=None, roles=('signer', 'render-serve', 'office')) as x:
        packs = Packs(x)
        case, file = story(x)
        sealed(x)
        files, judge = whole(t, x, packs, case, file)
        fingerprint(t, x, files, judge)
        turned(t, files, judge)
        forged(t, x, files, judge)
        names_in_zip(t, x, files, judge)
        foreign(t, x, files)
        anchors(t, x, files, judge, packs)
        scopes(t, x, packs, case)
        options(t, x, packs)
        recorded(t, x, packs)
        ordered(t, x, judge)
        if Judge.page:
            Judge.page.end(t, 40)
            browser(t, x, files)


main()
