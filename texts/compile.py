#!/usr/bin/env python3
"""compile.py - the one text source becomes a C table and the web's JSON.

Does      reads ja.yaml and en.yaml, refuses what does not match, writes
            --c OUT        a sorted const table that src/core/text/text.c searches
            --web DIR      DIR/ja.json and DIR/en.json
Format    a strict subset of YAML, one line a text:
            key: "text with {0}"          escapes: \\" \\\\ \\n ; nothing else
          Blank lines and lines that begin with # are comments. Keys are area.thing.case in ASCII.
Checks    both files hold the same keys and each key the same {n} places; no key twice; no place above {3};
          no key that stands in retired.txt (a key is never reused for another text).
Fails     exit 1, every problem as file:line: what, how to mend.
"""
import json
import os
import re
import sys

KEY = re.compile(r'[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*){1,4}\Z')
LINE = re.compile(r'([^\s:#"]+): "((?:[^"\\]|\\.)*)"\s*\Z')
ESCAPE = re.compile(r'\\(.)')
PLACE = re.compile(r'\{([^{}]*)\}')
KEY_MAX = 63        # ERR_KEY_MAX in base/err.h less the NUL
UNESCAPED = {'"': '"', '\\': '\\', 'n': '\n'}


class Problems:
    def __init__(self):
        self.lines = []

    def add(self, path, line, words):
        self.lines.append(f'{path}:{line}: {words}')


def read_catalogue(path, problems):
    """{key: (text, line)} of one file; what does not fit goes to problems."""
    out = {}
    with open(path, encoding='utf-8', newline='') as f:
        lines = f.read().split('\n')
    for n, line in enumerate(lines, 1):
        if not line.strip() or line.startswith('#'):
            continue
        m = LINE.match(line)
        if not m:
            problems.add(path, n, 'not `key: "text"`; write the text on one line, in double quotes')
            continue
        key, raw = m.groups()
        if not KEY.match(key) or len(key) > KEY_MAX:
            problems.add(path, n, f'key {key!r} is not area.thing.case in a-z, 0-9, - and _, at most {KEY_MAX} letters')
        if key in out:
            problems.add(path, n, f'key {key} stands on line {out[key][1]} already; keep one')
            continue
        bad = [c for c in ESCAPE.findall(raw) if c not in UNESCAPED]
        if bad:
            problems.add(path, n, f'unknown escape \\{bad[0]}; only \\" \\\\ \\n are known')
            continue
        text = ESCAPE.sub(lambda e: UNESCAPED[e.group(1)], raw)
        if any(ord(c) < 32 and c != '\n' for c in text):
            problems.add(path, n, 'a control character in the text; delete it')
        for place in PLACE.findall(text):
            if place not in ('0', '1', '2', '3'):
                problems.add(path, n, f'{{{place}}} is not one of {{0}} {{1}} {{2}} {{3}}')
        if '{' in PLACE.sub('', text) or '}' in PLACE.sub('', text):
            problems.add(path, n, 'a brace that is no {n} place; write it out in words')
        out[key] = (text, n)
    return out


def read_retired(path):
    if not os.path.exists(path):
        return set()
    with open(path, encoding='ascii') as f:
        return {line.strip() for line in f if line.strip() and not line.startswith('#')}


def compare(ja_path, ja, en_path, en, retired, problems):
    for key, (_, n) in ja.items():
        if key not in en:
            problems.add(ja_path, n, f'{key} is missing in {os.path.basename(en_path)}; add it there')
        if key in retired:
            problems.add(ja_path, n, f'{key} is retired; take a new key, an old one never gets a new meaning')
    for key, (text, n) in en.items():
        if key not in ja:
            problems.add(en_path, n, f'{key} is missing in {os.path.basename(ja_path)}; add it there')
        elif set(PLACE.findall(text)) != set(PLACE.findall(ja[key][0])):
            problems.add(en_path, n, f'{key} has other {{n}} places than {os.path.basename(ja_path)}:{ja[key][1]}')


def load(here):
    """(ja, en) as {key: text}; exits with every problem named."""
    problems = Problems()
    ja_path, en_path = os.path.join(here, 'ja.yaml'), os.path.join(here, 'en.yaml')
    ja, en = read_catalogue(ja_path, problems), read_catalogue(en_path, problems)
    compare(ja_path, ja, en_path, en, read_retired(os.path.join(here, 'retired.txt')), problems)
    if problems.lines:
        sys.exit('\n'.join(problems.lines))
    return {k: t for k, (t, _) in ja.items()}, {k: t for k, (t, _) in en.items()}


def c_string(text):
    """A C literal of the UTF-8 bytes; octal escapes cannot swallow the letter behind them."""
    out = []
    for b in text.encode('utf-8'):
        c = chr(b)
        out.append('\\' + c if c in '"\\' else '\\n' if c == '\n' else c if 32 <= b < 127 and c != '?' else f'\\{b:03o}')
    return '"' + ''.join(out) + '"'


def write(path, text):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, 'w', encoding='utf-8', newline='\n') as f:
        f.write(text)


def write_c(path, ja, en):
    rows = ''.join(f'        {{ {c_string(k)},\n          {{ {c_string(ja[k])},\n            {c_string(en[k])} }} }},\n'
                   for k in sorted(ja, key=lambda k: k.encode('ascii')))
    write(path, '/* Generated by texts/compile.py from texts/ja.yaml and texts/en.yaml; sorted bytewise by key. */\n'
                '#include "core/text/table.h"\n\n'
                f'const struct text_row text_table[] = {{\n{rows}}};\n'
                f'const size_t text_table_n = {len(ja)};\n')


def main(argv):
    if len(argv) != 3 or argv[1] not in ('--c', '--web'):
        sys.exit(__doc__)
    ja, en = load(os.path.dirname(os.path.abspath(__file__)))
    if argv[1] == '--c':
        write_c(argv[2], ja, en)
        return
    for name, texts in (('ja', ja), ('en', en)):
        write(os.path.join(argv[2], name + '.json'),
              json.dumps(texts, ensure_ascii=False, indent=1, sort_keys=True) + '\n')


if __name__ == '__main__':
    main(sys.argv)
