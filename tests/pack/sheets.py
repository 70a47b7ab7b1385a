#!/usr/bin/python3
"""sheets.py BUILD - a pack through sheets and back with the real programs: CSV in three encodings, xlsx by a foreign reader, faults at cells.

Does      exports each sheet of packs/mic-r4, carries it through `sekishod render` (and openpyxl, which plays Excel), imports it; what was not
          edited must come back byte for byte, and nothing is written while anything is wrong.
"""
import filecmp
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile

import openpyxl

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

BUILD = sys.argv[1]
CLI, SERVER, PACK = BUILD + '/src/cli/sekisho', BUILD + '/src/server/sekishod', os.path.join(ROOT, 'packs/mic-r4')
SHEETS = ('texts', 'forms', 'criteria')


def cli(*words):
    p = subprocess.run([CLI, 'pack'] + list(words), capture_output=True, text=True, timeout=60)
    return p.returncode, p.stdout + p.stderr


def render(kind, data):
    p = subprocess.run([SERVER, 'render', kind], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return p.returncode, p.stdout, p.stderr.decode(errors='replace')


def same(a, b):
    """Differences of two folders, names and bytes."""
    d = filecmp.dircmp(a, b)
    out = d.left_only + d.right_only
    out += filecmp.cmpfiles(a, b, d.common_files, shallow=False)[1]
    for name in d.common_dirs:
        out += same(os.path.join(a, name), os.path.join(b, name))
    return out


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def write(path, data):
    with open(path, 'wb') as f:
        f.write(data)
    return path


def excel(data, name, edit=None):
    """What a person with Excel does: open, perhaps edit, save; then what the browser reads of it, as a grid."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    if edit:
        edit(book[name])
    saved = io.BytesIO()
    book.save(saved)
    rows = [['' if c is None else str(c) for c in row] for row in openpyxl.load_workbook(io.BytesIO(saved.getvalue()))[name].iter_rows(values_only=True)]
    return {'sekisho-grid': 1, 'sheets': [{'name': name, 'columns': [{'id': c} for c in rows[0]], 'rows': rows[1:]}]}


def around(t, tmp):
    for name in SHEETS:
        grid, csv = os.path.join(tmp, name + '.json'), os.path.join(tmp, name + '.csv')
        t.is_(cli('export', PACK, '--sheet', name, '--json', grid)[0], 0, '%s: exported' % name)
        cli('export', PACK, '--sheet', name, '--csv', csv)
        t.is_(render('grid-to-csv', read(grid))[1], read(csv), '%s: render writes the CSV that the tool writes' % name)

        for what, data in (('UTF-8', read(csv)), ('UTF-16', read(csv).decode('utf-8-sig').encode('utf-16'))):
            r, out, words = render('csv-to-grid', data)
            to = os.path.join(tmp, '%s-%s' % (name, what))
            r, said = cli('import', PACK, '--sheet', name, write(os.path.join(tmp, 'in.json'), out), '--out', to)
            t.ok(r == 0 and same(PACK, to) == [], '%s: CSV in %s comes back byte for byte' % (name, what), said + words)

        r, xlsx, words = render('grid-to-xlsx', read(grid))
        t.ok(r == 0 and not words.strip(), '%s: xlsx is written' % name, words)
        to = os.path.join(tmp, name + '-xlsx')
        with open(os.path.join(tmp, 'in.json'), 'w') as f:
            json.dump(excel(xlsx, name), f)
        r, said = cli('import', PACK, '--sheet', name, os.path.join(tmp, 'in.json'), '--out', to)
        t.ok(r == 0 and same(PACK, to) == [], '%s: xlsx through another program comes back byte for byte' % name, said)


def look(t, tmp):
    sheet = openpyxl.load_workbook(io.BytesIO(render('grid-to-xlsx', read(os.path.join(tmp, 'forms.json')))[1]))['forms']
    t.ok(all(c.number_format == '@' and c.data_type in 'sn' for row in sheet.iter_rows() for c in row), 'every cell is text')
    t.is_(sheet.freeze_panes, 'A2', 'the header stays in sight')
    t.ok(sheet.protection.sheet and sheet['A2'].protection.locked and not sheet['I3'].protection.locked, 'the ids are protected, the rest is not')
    lists = {str(v.sqref).split(':')[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    t.ok(any('true,false' in f for f in lists.values()), 'what may be chosen is a list', lists)
    with zipfile.ZipFile(io.BytesIO(render('grid-to-xlsx', read(os.path.join(tmp, 'forms.json')))[1])) as z:
        t.is_(z.testzip(), None, 'the file is whole')


def edits(t, tmp):
    xlsx = render('grid-to-xlsx', read(os.path.join(tmp, 'forms.json')))[1]
    titles = {c.value: c.column for c in openpyxl.load_workbook(io.BytesIO(xlsx))['forms'][1]}

    def label(sheet):
        row = next(r for r in range(2, sheet.max_row + 1) if (sheet.cell(r, 1).value, sheet.cell(r, 2).value) == ('network-connection', 'mac'))
        sheet.cell(row, titles['名称（日本語）']).value = '機器の番号'

    def bad(sheet):
        row = next(r for r in range(2, sheet.max_row + 1) if (sheet.cell(r, 1).value, sheet.cell(r, 2).value) == ('network-connection', 'mac'))
        sheet.cell(row, titles['種類']).value = 'ｍａｃ'

    with open(os.path.join(tmp, 'in.json'), 'w') as f:
        json.dump(excel(xlsx, 'forms', label), f)
    r, said = cli('import', PACK, '--sheet', 'forms', os.path.join(tmp, 'in.json'), '--out', os.path.join(tmp, 'label'), '--lang', 'ja')
    t.ok(r == 0 and said.count('\n') == 1 and '機器の番号' in said, 'an edited label is that label and nothing else', said)
    t.is_(same(PACK, os.path.join(tmp, 'label')), ['ja.yaml'], 'one file differs')

    with open(os.path.join(tmp, 'in.json'), 'w') as f:
        json.dump(excel(xlsx, 'forms', bad), f)
    r, said = cli('import', PACK, '--sheet', 'forms', os.path.join(tmp, 'in.json'), '--out', os.path.join(tmp, 'bad'))
    t.ok(r == 1 and 'forms!%s' % openpyxl.utils.get_column_letter(titles['種類']) in said, 'a fault is said at its cell', said)
    t.ok(not os.path.exists(os.path.join(tmp, 'bad')), 'and nothing is written')


def encodings(t):
    sheet = 'フォーム,備考\r\n①㈱髙﨑Ⅳ㌔,"～―∥－￠￡￢"\r\n0012,2026-04-01\r\n'
    r, out, words = render('csv-to-grid', sheet.encode('cp932'))
    t.is_(json.loads(out)['sheets'][0]['rows'], [['①㈱髙﨑Ⅳ㌔', '～―∥－￠￡￢'], ['0012', '2026-04-01']], 'CP932 with 機種依存文字 is read, and numbers stay text')
    r, out, words = render('csv-to-grid', b'a\n\xf0\x40\n')
    t.is_(json.loads(out)['sheets'][0]['rows'], [['\ue000']], '外字 become private use characters')
    r, out, words = render('csv-to-grid', b'a\n\x80\xff\xfe\n')
    t.ok(r == 1 and json.loads(out)['key'] == 'grid.csv.encoding', 'what is none of them is refused with words', out)


def overlay(t, tmp):
    folder = os.path.join(ROOT, 'packs/demo-city')
    for words in (('export', folder, '--sheet', 'texts', '--csv', os.path.join(tmp, 'o.csv')),
                  ('import', folder, '--sheet', 'texts', os.path.join(tmp, 'o.csv'), '--out', os.path.join(tmp, 'o'))):
        r, said = cli(*words, '--lang', 'ja')
        t.ok(r == 3 and '「mic-r4」に重ねるパック' in said, '%s of an overlay says that it is one' % words[0], said)
    t.ok(not os.path.exists(os.path.join(tmp, 'o.csv')), 'and nothing is written')


def descriptors(pid):
    """What each descriptor of a process is; one that closes while we look is none."""
    out = []
    for fd in os.listdir('/proc/%d/fd' % pid):
        try:
            out.append(os.readlink('/proc/%d/fd/%s' % (pid, fd)))
        except FileNotFoundError:
            pass
    return out


def limits(t):
    r, out, words = render('csv-to-grid', b'a' * (17 << 20))
    t.ok(r == 1 and json.loads(out)['key'] == 'grid.big', 'a file over 16 MiB is refused', out[:200])
    r, out, words = render('csv-to-grid', b'a\n' + b'\n' * 3000000)
    t.ok(r == 1 and json.loads(out)['key'] == 'grid.big', 'so are three million rows', out[:200])
    r, out, words = render('grid-to-xlsx', b'{"sekisho-grid":1')
    t.ok(r == 1 and json.loads(out)['key'] == 'grid.json', 'and a grid that is cut off', out[:200])
    r, out, words = render('../etc/passwd', b'')
    t.ok(r == 1, 'an unknown kind does nothing', out[:200])
    p = subprocess.Popen([SERVER, 'render', 'csv-to-grid'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p.stdin.write(b'a')
    p.stdin.flush()
    try:
        while True:                              # until it is behind its door; it waits for the rest of its input
            with open('/proc/%d/status' % p.pid) as f:
                status = dict(line.split(':\t', 1) for line in f)
            fds = descriptors(p.pid)
            if status['Seccomp'].strip() == '2' and not any('landlock' in fd for fd in fds):
                break
        t.is_(sorted(os.listdir('/proc/%d/fd' % p.pid), key=int)[:3], ['0', '1', '2'], 'a job has its input, its output and a place for a last word')
        others = [to for to in descriptors(p.pid) if not to.startswith(('pipe:', '/dev/null'))]
        t.ok(all(o.startswith('/memfd:') for o in others), 'and besides only memory', others)
        with open('/proc/%d/limits' % p.pid) as f:
            told = f.read()
        t.ok('Max cpu time              20' in told, 'its time is limited', told)
    finally:
        p.kill()
        p.communicate()


with Tap() as t, tempfile.TemporaryDirectory() as tmp:
    around(t, tmp)
    look(t, tmp)
    edits(t, tmp)
    encodings(t)
    overlay(t, tmp)
    limits(t)
