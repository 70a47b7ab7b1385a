#!/usr/bin/python3
"""words.py - every key that the programs say has words in both languages, and every type of entry has its name.

Does      read src/**/*.c: err_key(…, "key") and every function that hands its own parameter on as the key; text_get(…, "key"),
          notices, changes_init(…, "type"), the journal column of the route table; compare with texts/ja.yaml and texts/en.yaml.
Fails     a key without words; a place {n} for which no argument is given; a key that cannot be read from the source, unless the
          program itself asks text_known() first.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

LINE = re.compile(r'([a-z0-9][a-z0-9._-]*): "((?:[^"\\]|\\.)*)"')
WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"')
FUNCTION = re.compile(r'^(static )?[A-Za-z_][\w *]*?\b(\w+)\(([^;{}]*?)\)\n\{', re.M)
# Files that keep keys in const tables: there, every text that looks like a key of these areas is one.
TABLES = {'src/core/pack/fill.c': 'pack', 'src/core/pack/scan.c': 'pack', 'src/core/expr/parse.c': 'expr',
          'src/core/procedure/open.c': 'open', 'src/core/procedure/duties.c': 'duty', 'src/core/form/form_sheet.c': 'form'}
OURS = {'src/base/err.c', 'src/base/err.h'}     # where err_key itself is made


def catalogue(lang):
    with open(os.path.join(ROOT, 'texts/%s.yaml' % lang), encoding='utf-8') as f:
        return dict(m.groups() for m in map(LINE.match, f) if m)


def sources():
    for folder, _, names in os.walk(os.path.join(ROOT, 'src')):
        for name in sorted(names):
            if name.endswith(('.c', '.h')):
                path = os.path.join(folder, name)
                with open(path, encoding='utf-8') as f:
                    yield os.path.relpath(path, ROOT), f.read()


def strip_comments(text):
    """Comments become blanks of the same length; strings stay."""
    token = re.compile(r'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*', re.S)
    return token.sub(lambda m: m.group() if m.group()[0] == '"' else re.sub(r'[^\n]', ' ', m.group()), text)


def calls(text, name):
    """The arguments of each call of `name`, as texts, with the line."""
    for m in re.finditer(r'\b%s\(' % name, text):
        depth, at, part, out, quoted = 1, m.end(), '', [], False
        while depth and at < len(text):
            c = text[at]
            if quoted:
                part += c
                if c == '\\':
                    at += 1
                    part += text[at]
                elif c == '"':
                    quoted = False
            elif c == '"':
                quoted, part = True, part + c
            else:
                depth += (c in '([{') - (c in ')]}')
                if c == ',' and depth == 1:
                    out.append(part.strip())
                    part = ''
                elif depth:
                    part += c
            at += 1
        out.append(part.strip())
        yield text.count('\n', 0, m.start()) + 1, out


def literals(part):
    """String literals of an argument: one, or those of a choice (a ? "x" : "y"); None when there is none."""
    found = WORDS.findall(part)
    return found or None


def parameters(text, line):
    """(static?, name, parameter names) of the function around this line."""
    upto, best = '\n'.join(text.split('\n')[:line]), None
    for m in FUNCTION.finditer(upto):
        best = m
    if not best:
        return None
    names = [re.sub(r'\[.*', '', p).split()[-1].lstrip('*') for p in best.group(3).split(',') if p.split()]
    return bool(best.group(1)), best.group(2), names


def scan_keys(files):
    """({key: [(place, number of arguments or None)]}, [what cannot be read]). Follows keys through functions that pass them on."""
    keys, odd = {}, []
    todo, known = [(None, 'err_key', 2, 5)], set()      # file or None, function, index of the key, arguments before the first {0}
    while todo:
        where, name, at, first = todo.pop()
        if (where, name, at) in known:
            continue
        known.add((where, name, at))
        for path, text in files:
            if path in OURS or (where and path != where):
                continue
            for line, args in calls(text, name):
                place, part = '%s:%d' % (path, line), args[at] if len(args) > at else ''
                lines = text.split('\n')
                if not part or lines[line - 1].startswith(('int ', 'void ', 'static ')):
                    continue                            # its own definition or declaration
                found = literals(part)
                around = parameters(text, line)
                if found:
                    for key in found:
                        keys.setdefault(key, []).append((place, len(args) - first if first else None))
                elif around and part in around[2]:
                    todo.append((path if around[0] else None, around[1], around[2].index(part), None))
                elif path in TABLES:
                    for key in re.findall(r'"(%s\.[a-z0-9.-]+)"' % TABLES[path], text):
                        keys.setdefault(key, []).append((path, None))
                elif 'text_known(' not in '\n'.join(lines[max(0, line - 3):line]):
                    odd.append('%s: %s with %s' % (place, name, part))
    return keys, odd


def scan(files):
    """(keys, types: {type: place}, odd)."""
    files = [(path, strip_comments(text)) for path, text in files]
    keys, odd = scan_keys(files)
    types = {}
    for path, text in files:
        for name, at in (('text_get', 1), ('text_format', 2)):
            for line, args in calls(text, name):
                for key in (literals(args[at]) if len(args) > at else None) or ():
                    keys.setdefault(key, []).append(('%s:%d' % (path, line), None))
        for line, args in calls(text, 'changes_init'):
            for kind in (literals(args[2]) if len(args) > 2 else None) or ():
                if '.' in kind:                         # not the words of a condition: state "expired" ? … : …
                    types.setdefault(kind, '%s:%d' % (path, line))
        if path.endswith('api/route.c'):
            for m in re.finditer(r'\{ METHOD_\w+, .*?AUTH_\w+, +"[^"]*", +"([^"]+)"', text):
                if m.group(1) not in ('READ', 'LOCAL'):
                    types.setdefault(m.group(1), path)
        if path.startswith('src/server/office/'):       # a notice is a line and what to do
            for key in re.findall(r'"(notice\.[a-z-]+)"', text):
                for part in ('.subject', '.body'):
                    keys.setdefault(key + part, []).append((path, None))
    return keys, types, odd


def places(text):
    return max([int(n) + 1 for n in re.findall(r'\{(\d)\}', text)] or [0])


def mistakes(files, texts):
    keys, types, odd = scan(files)
    out = []
    for lang, words in texts.items():
        out += ['%s: no words in %s for %s' % (uses[0][0], lang, key) for key, uses in sorted(keys.items()) if key not in words]
        out += ['%s: no words in %s for entry.%s' % (place, lang, kind) for kind, place in sorted(types.items()) if 'entry.' + kind not in words]
        out += ['%s: %s needs %d arguments in %s, is given %d' % (place, key, places(words[key]), lang, n)
                for key, uses in sorted(keys.items()) if key in words for place, n in uses if n is not None and n < places(words[key])]
    return keys, types, odd, out


def main():
    texts = {lang: catalogue(lang) for lang in ('ja', 'en')}
    files = list(sources())
    with Tap() as t:
        keys, types, odd, wrong = mistakes(files, texts)
        t.is_(wrong, [], '%d keys and %d types of entries have their words, with all arguments, in both languages' % (len(keys), len(types)))
        t.is_(odd, [], 'every key can be read from the source')
        t.ok(len(keys) > 100 and len(types) > 12, 'the keys are really found', '%d keys, %d types' % (len(keys), len(types)))
        t.is_(sorted(texts['ja']) == sorted(texts['en']), True, 'both languages hold the same keys')
        planted = [('src/x.c', 'return err_key(e, ERR_INPUT, "no.such.key", "", NULL);\nchanges_init(&c, a, "no.such", id);\nerr_key(e, 1, "gate.wire.version", "", NULL);\nerr_key(e, 1, k, "", NULL);\nstatic int no(struct err *e, const char *key)\n{\n        return err_key(e, 1, key, "", NULL);\n}\nno(e, "not.there.either"); /* err_key(e, 1, "in.a.comment", "", NULL) */')]
        _, _, odd, wrong = mistakes(planted, texts)
        t.is_((len(wrong), len(odd)), (8, 1), 'a key, a type and an argument that are missing are seen')
        t.note('%d keys, %d types of entries' % (len(keys), len(types)))


if __name__ == '__main__':
    main()
