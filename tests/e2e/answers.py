#!/usr/bin/python3
"""answers.py - plays the provider: answers.py IN OUT [FIELD=VALUE ...] writes answers into a form's sheets as Excel would.

    --all    first every answer of tests/lib/service_use.json, tables in their own sheets; then the fields that are named
"""
import json
import os
import sys

import openpyxl
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FORM = 'service-provider'


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as f:
        return f.read()


def main():
    source, to, *rest = sys.argv[1:]
    answers = json.loads(read('tests/lib/service_use.json'))['forms'][FORM] if '--all' in rest else {}
    answers.update(word.split('=', 1) for word in rest if word != '--all')
    columns = {f['id']: [c['id'] for c in f['columns']] for f in yaml.safe_load(read('packs/mic-r4/forms/%s.yaml' % FORM))['fields'] if f['type'] == 'table'}
    book = openpyxl.load_workbook(source)
    main_sheet = book[FORM]
    lines = {row[0].value: row[6] for row in main_sheet.iter_rows(min_row=2)}
    for field, value in answers.items():
        if isinstance(value, list):
            for n, row in enumerate(value, 2):
                for k, column in enumerate(columns[field], 1):
                    book[field].cell(n, k).value = row.get(column)
        else:
            lines[field].value = value
            print('%s %s' % (field, lines[field].coordinate))
    book.save(to)


main()
