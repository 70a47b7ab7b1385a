#!/usr/bin/python3
"""web_styles.py - the style sheets are whole: a browser (and our bundler) says nothing of a lost brace, and leaves out every style behind it.

    tests/web_styles.py [FOLDER]      TAP; FOLDER instead of web/
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

# Comments and strings hold no braces that count; what stands before a brace says what it opens.
TOKEN = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{}]', re.S)
SHEETS = ('src/style', 'public/assets', 'verify')


def mistakes(text):
    """Words for what is wrong, with its line. We write no nested rules: a rule within a rule is one whose brace was lost."""
    open_blocks, found, since = [], [], 0
    for token in TOKEN.finditer(text):
        line = text.count('\n', 0, token.start()) + 1
        if token.group() == '{':
            head = re.sub(r'/\*.*?\*/', '', text[since:token.start()], flags=re.S).rsplit(';', 1)[-1].strip()
            if open_blocks and not open_blocks[-1][0].startswith('@'):
                found.append('line %d: %s within "%s" of line %d' % ((line, head) + open_blocks[-1]))
            open_blocks.append((head, line))
        elif token.group() == '}':
            if not open_blocks:
                found.append('line %d: a brace too many' % line)
            else:
                open_blocks.pop()
        else:
            continue
        since = token.end()
    return found + ['line %d: "%s" is not closed' % (line, head) for head, line in open_blocks]


def main():
    web = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, 'web')
    with open(os.path.join(web, 'src/main.tsx'), encoding='utf-8') as f:
        imported = set(re.findall(r"'\./style/([^']+)'", f.read()))
    with Tap() as t:
        for folder in SHEETS:
            sheets = sorted(n for n in os.listdir(os.path.join(web, folder)) if n.endswith('.css'))
            t.ok(sheets, 'there are style sheets in web/%s' % folder)
            for name in sheets:
                with open(os.path.join(web, folder, name), encoding='utf-8') as f:
                    text = f.read()
                t.is_(mistakes(text), [], '%s is whole' % name)
        t.is_(imported, set(n for n in os.listdir(os.path.join(web, 'src/style')) if n.endswith('.css')), 'main.tsx imports each sheet')
        rule = '.a {\n  color: red;\n}\n'
        for what, broken in (('a lost brace', rule.replace('}', '') + rule), ('one lost at the end', rule + '@media print {\n' + rule), ('one too many', rule + '}\n'),
                             ('one lost in one rule, one too many later', rule.replace('}', '') + rule + '}\n')):
            t.ok(mistakes(broken), 'this check sees ' + what)


if __name__ == '__main__':
    main()
