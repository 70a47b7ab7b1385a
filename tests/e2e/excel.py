#!/usr/bin/python3
"""excel.py - plays the officer's Excel, and those who mean no good: excel.py WHAT IN OUT, on a sheet of forms.

    label     the label of field mac gets another text            fault    its type becomes full-width letters
    formula   a cell holds a formula                              header   a column's title is changed
    date      a cell is a date                                    bomb     the sheet inflates to 256 MiB
    entities  the sheet begins with a document type               csv      the sheet as CSV in CP932, label changed
"""
import csv
import datetime
import io
import sys
import zipfile

import openpyxl

WHAT, IN, OUT = sys.argv[1:4]
LABEL = '機器の番号①'


def edited():
    book = openpyxl.load_workbook(IN)
    sheet = book['forms']
    title = {c.value: c.column for c in sheet[1]}
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 2).value == 'mac' and not sheet.cell(r, 3).value)
    label, kind = sheet.cell(row, title['名称（日本語）']), sheet.cell(row, title['種類'])
    if WHAT in ('label', 'csv'):
        label.value = LABEL
    elif WHAT == 'fault':
        kind.value = 'ｍａｃ'
    elif WHAT == 'formula':
        label.value, label.number_format = '=1+1', 'General'
    elif WHAT == 'date':
        label.value, label.number_format = datetime.date(2026, 4, 1), 'yyyy-mm-dd'
    elif WHAT == 'header':
        sheet.cell(1, title['種類']).value = '型'
    return book


def rewritten(change):
    """The archive with its sheet's bytes changed."""
    with zipfile.ZipFile(IN) as old, zipfile.ZipFile(OUT, 'w', zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename != 'xl/worksheets/sheet1.xml':
                new.writestr(item.filename, old.read(item))
                continue
            with new.open('xl/worksheets/sheet1.xml', 'w', force_zip64=True) as f:
                change(f, old.read(item))


def bomb(f, data):
    f.write(data[:data.rindex(b'</worksheet>')])
    for _ in range(256):
        f.write(b' ' * (1 << 20))
    f.write(b'</worksheet>')


def entities(f, data):
    f.write(data.replace(b'<worksheet', b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet', 1))


if WHAT == 'bomb':
    rewritten(bomb)
elif WHAT == 'entities':
    rewritten(entities)
elif WHAT == 'csv':
    text = io.StringIO()
    csv.writer(text, lineterminator='\r\n').writerows([['' if v is None else v for v in row] for row in edited()['forms'].iter_rows(values_only=True)])
    with open(OUT, 'wb') as f:
        f.write(text.getvalue().encode('cp932'))
else:
    edited().save(OUT)
