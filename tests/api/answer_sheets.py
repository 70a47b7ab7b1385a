#!/usr/bin/python3
"""answer_sheets.py - a provider's answers: kept once, used for another case, and carried to another municipality that believes only its proof.

Does      two towns. One keeps and exports; the other has typed the first one's fingerprint and receives. Each byte of the file, turned, is
          refused by the receiver or by `sekisho answer-sheet verify`; so are another key, an unknown peer, the same file again.
"""
import base64
import io
import os
import subprocess
import sys
import tempfile

import openpyxl

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import large  # noqa: E402
import town  # noqa: E402
from attach import raw_post  # noqa: E402
from tap import Tap  # noqa: E402

API = '/api/v1/answer-sheets'
CLI = os.path.join(town.SAN, 'src/cli/sekisho')


def key_of(reply):
    return reply.json()['error']['key'] if reply.status >= 400 else reply.status


def sheet(x, whose, **bend):
    return {'provider': whose, 'subject': '会議サービス', 'form': 'provider-sheet', 'answers': large.SHEET, 'answered_on': '令和8年4月1日', **bend}


def kept(t, x, provider):
    t.is_([x.post(p, API, sheet(x, provider)).status for p in ('mori', 'ito', 'nagai')], [201, 403, 403], "a service's manager keeps a sheet; another section's people and the auditor do not")
    bad = (('provider', 'x', 'answer-sheet.provider.absent'), ('form', 'everything', 'answer-sheet.form.absent'), ('subject', '', 'form.required'),
           ('answers', {}, 'answer-sheet.empty'), ('answers', {'nothing': 'x'}, 'form.unknown-field'), ('answers', {'recovery_hours': 'soon'}, 'form.integer'),
           ('answered_on', 'yesterday', 'wareki'))
    got = [key_of(x.post('ono', API, sheet(x, provider, **{k: v}))) for k, v, _ in bad]
    t.is_([g.split('.')[0] if w == 'wareki' else g for g, (_, _, w) in zip(got, bad)], [w for _, _, w in bad], 'what is wrong is said')
    new = x.good(x.post('ono', API, sheet(x, provider, answers={**large.SHEET, 'recovery_hours': '8'})))['id']
    items = x.good(x.get('nagai', API))['items']
    t.is_(sorted((i['state'], i['answered_on']) for i in items), [('current', '2026-04-01'), ('replaced', '2026-04-01')], 'a newer sheet of the same service replaces the one before')
    t.is_((len(x.good(x.get('ono', API + '?provider=' + provider))['items']), x.good(x.get('ono', API + '?q=%E4%BC%9A%E8%AD%B0'))['total'], x.good(x.get('ono', API + '?q=zz'))['total'],
           x.get('ito', API).status), (2, 2, 0, 403), 'it is found by provider and by words, by those who keep it')
    told = {who: x.good(x.get(who, API)) for who in ('mori', 'ono', 'nagai', 'tanaka')}
    t.is_([f['id'] for f in told['ono']['forms']], ['provider-sheet'], 'what providers are asked is said, once')
    t.is_({who: (r['may']['keep'], r['may']['exchange']) for who, r in told.items()},
          {'mori': (True, False), 'ono': (True, True), 'nagai': (False, False), 'tanaka': (False, True)}, 'and what each may do with sheets')
    one = x.good(x.get('ono', API + '/' + new))
    t.is_({a['field']: a['value'] for a in one['answers']}, {'said_by': '営業部', 'recovery_hours': '8'}, 'the answers are there')
    return new


def reused(t, x, s):
    a = large.filed(x, title='別のサービス')
    got = x.good(x.get('ono', '%s/%s/answers?application=%s' % (API, s, a)))
    t.is_((got['sheet'], got['dropped']), ('provider-sheet', []), 'for another case the answers come as the fill act takes them')
    x.act('ono', a, 'fill', {'sheet': got['sheet'], 'answers': got['answers']})
    t.is_(x.get('ito', '%s/%s/answers?application=%s' % (API, s, a)).status, 403, 'to those who keep sheets')


def grid_of(book):
    """As the browser reads a file: titles for ids, every cell its text."""
    sheets = []
    for w in book.worksheets:
        head, *rows = [['' if c is None else str(c) for c in row] for row in w.iter_rows(values_only=True)]
        sheets.append({'name': w.title, 'columns': [{'id': h} for h in head], 'rows': rows})
    return {'sekisho-grid': 1, 'sheets': sheets}


def on_paper(t, x, provider, s):
    """Out as a file, filled in elsewhere, back as answers that are kept as any others."""
    where = '/api/v1/forms/provider-sheet/sheet'
    book = openpyxl.load_workbook(io.BytesIO(x.get('ono', where + '?format=xlsx&answer_sheet=' + s).body))
    w = book['provider-sheet']
    t.is_([[c.value for c in row][:1] + [row[6].value] for row in w.iter_rows(min_row=2)], [['said_by', '営業部'], ['recovery_hours', '8'], ['odd_reason', None]],
          'the answers that are kept stand in the file')
    t.is_((x.get('ito', where + '?answer_sheet=' + s).status, x.get('ito', where).status), (403, 200), 'for those who keep them; the empty form is for all')
    w['G2'], w['G3'] = '営業部　第二課', '６'
    got = x.good(x.post('ono', where, {'grid': grid_of(book)}))
    t.is_((got['ok'], got['mistakes'], got['answers']['recovery_hours'], got['answers']['said_by']), (True, [], '6', '営業部　第二課'), 'what was typed there comes back')
    kept = x.post('ono', API, sheet(x, provider, answers=got['answers']))
    t.is_(kept.status, 201, 'and is kept')
    w['G3'], w['A4'] = '6時間', 'odd'
    got = x.good(x.post('ono', where, {'grid': grid_of(book)}))
    t.is_((got['ok'], [(m['cell'], m['key']) for m in got['mistakes']][:2], got['answers']),
          (False, [('provider-sheet!A4', 'form.sheet.row-unknown'), ('provider-sheet!G3', 'form.integer')], {'said_by': '営業部　第二課'}), 'a slip is named by its cell')
    csv = x.get('ono', where + '?format=csv').body
    t.ok(csv.startswith(b'\xef\xbb\xbf') and '記号,質問'.encode() in csv, 'without tables it goes as CSV too')


def export(x, s):
    return x.post('ono', '%s/%s/exchange' % (API, s), {})


def believed(t, a, b, s):
    t.is_(a.post('mori', '%s/%s/exchange' % (API, s), {}).status, 403, 'sending is for the secretariat')
    size = a.size()
    r = export(a, s)
    t.is_((r.status, a.size() - size), (200, 1), 'a sheet is exported, and the journal says so')
    file = r.body
    lines = file.decode().split('\n')
    key, content = lines[1][4:], base64.b64decode(lines[2][8:]).decode()
    t.ok(lines[0] == 'sekisho-answer-sheet@v1' and '関所市' in content and '小野' not in content, 'it names the municipality and the post, not the person')
    t.is_(key, a.log_key, 'and the key of the log')
    print_ = fingerprint(key)
    t.is_(key_of(raw_post(b, 'ono', API + '/receive', file)), 'answer-file.unknown', 'nobody has said whose key that is: refused')
    t.is_(key_of(b.post('ono', '/api/v1/peers', {'name': '隣町', 'key': 'abcd'})), 'peer.key', 'half a fingerprint is none')
    peer = b.good(b.post('ono', '/api/v1/peers', {'name': '隣町', 'key': print_.upper().replace(' ', '-')}))['id']
    t.is_(key_of(b.post('ono', '/api/v1/peers', {'name': '隣町', 'key': a.log_key})), 'peer.same', 'the same key is entered once')
    t.is_(b.get('mori', '/api/v1/peers').status, 403, 'peers are for the secretariat')
    t.is_(a.good(a.get('ono', '/api/v1/peers'))['own'], print_, 'the sender reads its own fingerprint, to give it away')
    got = raw_post(b, 'ono', API + '/receive', file)
    t.is_(got.status, 201, 'the fingerprint typed from paper, it is taken')
    one = b.good(b.get('ono', API + '/' + got.json()['id']))
    t.is_((one['source'], one['peer']['name'], one['provider']['name'], one['subject'], {v['field']: v['value'] for v in one['answers']}),
          ('received', '隣町', '例', '会議サービス', {'said_by': '営業部', 'recovery_hours': '8'}), 'with who answered, about what, and from whom it came')
    t.is_(key_of(raw_post(b, 'ono', API + '/receive', file)), 'answer-sheet.received', 'once')
    c = large.filed(b)
    use = b.good(b.get('ono', '%s/%s/answers?application=%s' % (API, one['id'], c)))
    b.act('ono', c, 'fill', {'sheet': use['sheet'], 'answers': use['answers']})
    t.ok(True, 'and used for a case here')
    return file, print_, peer


def fingerprint(key):
    import hashlib
    h = hashlib.sha256(key.encode()).hexdigest()[:32]
    return ' '.join(h[i:i + 4] for i in range(0, 32, 4))


def verify(file, key):
    with tempfile.NamedTemporaryFile() as f:
        f.write(file)
        f.flush()
        p = subprocess.run([CLI, 'answer-sheet', 'verify', f.name, '--key', key, '--lang', 'en'], capture_output=True, text=True)
    return p.returncode, p.stdout + p.stderr


def doubted(t, a, b, s, file, print_, peer):
    t.is_([verify(file, k)[0] for k in (print_, a.log_key, fingerprint(b.log_key), b.log_key, 'x')], [0, 0, 1, 1, 3], 'the tool says the same offline: the key, its fingerprint, others')
    before, wrong = b.size(), []
    for i in range(0, len(file), max(1, len(file) // 60)):      # each single byte: unit/test_answer_file
        bent = file[:i] + bytes((file[i] ^ 1,)) + file[i + 1:]
        r = raw_post(b, 'ono', API + '/receive', bent)
        if r.status < 400 or not key_of(r).startswith('answer-file.'):
            wrong.append((i, r.status, r.body[:100]))
    t.is_((wrong, b.size()), ([], before), 'a byte turned anywhere is refused by its reason, and nothing is written')
    t.is_([key_of(raw_post(b, 'ono', API + '/receive', x)) for x in (file[:-1], file[:200], b'', b'{}', file.replace(b'@v1\n', b'@v2\n', 1))],
          ['answer-file.signature', 'answer-file.format', 'answer-file.format', 'answer-file.format', 'answer-file.version'], 'a cut file, another file, a newer format')
    rev = next(p for p in b.good(b.get('ono', '/api/v1/peers'))['items'] if p['id'] == peer)['rev']
    t.is_(b.post('ono', '/api/v1/peers/%s/end' % peer, {'rev': rev}).status, 200, 'the exchange ends')
    again = export(a, s).body
    t.is_(key_of(raw_post(b, 'ono', API + '/receive', again)), 'answer-file.unknown', 'and its files are no longer taken')


def main():
    with Tap() as t:
        words = {'at': '2026-04-01T09:00', 'pack': large.PACK, 'people': large.CAST, 'gate': None, 'roles': ('signer', 'render-serve', 'office')}
        with town.Town(**words) as a, town.Town(**words) as b:
            service = a.case('tanaka', large.approved(a))['service']['id']
            provider = a.good(a.get('ono', '/api/v1/rows/service:' + service))['cells']['provider']['value']
            s = kept(t, a, provider)
            reused(t, a, s)
            on_paper(t, a, provider, s)
            file, print_, peer = believed(t, a, b, s)
            doubted(t, a, b, s, file, print_, peer)
            t.is_((a.down(), b.down()), ([], []), 'all end well')
            t.is_([x.tool('check')[0] for x in (a, b)], [0, 0], 'check agrees')


if __name__ == '__main__':
    main()
