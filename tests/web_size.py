#!/usr/bin/python3
"""web_size.py - the first page's load: what web/dist/index.html names, and what that imports before anything is shown, in bytes as nginx sends them (gzip).

    tests/web_size.py [DIST]
"""
import gzip
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

LIMIT_KB = 250
NAMED = re.compile(r'(?:src|href)="(/assets/[^"]+)"')
STATIC = re.compile(r'(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{][^;"\'()]*?from\s*)?["\'](\./[^"\']+)["\']')


def loaded(dist):
    """Paths of the files, each once: the page, what it names, and their static imports."""
    todo, seen = ['index.html'], []
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.append(path)
        with open(os.path.join(dist, path), 'rb') as f:
            text = f.read().decode('utf-8', 'replace')
        if path.endswith('.html'):
            todo += [p.lstrip('/') for p in NAMED.findall(text)]
        elif path.endswith('.js'):
            todo += [os.path.normpath(os.path.join(os.path.dirname(path), p)) for p in STATIC.findall(text)]
    return seen


def gz(path):
    with open(path, 'rb') as f:
        return len(gzip.compress(f.read(), 6))


def main():
    dist = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, 'web/dist')
    with Tap() as t:
        if not os.path.exists(os.path.join(dist, 'index.html')):
            t.skip('the first load', 'needs web/dist')
            return
        sizes = {p: gz(os.path.join(dist, p)) for p in loaded(dist)}
        text = ', '.join('%s %d' % (p, n) for p, n in sorted(sizes.items(), key=lambda x: -x[1]))
        t.ok(sum(n for p, n in sizes.items()) <= LIMIT_KB * 1000, 'the first load is within %d KB' % LIMIT_KB, text)
        t.ok(sum(p.endswith('.js') for p in sizes) >= 2 and any(p.endswith('.css') for p in sizes), 'scripts and styles were counted', text)
        t.note('%.1f KB: %s' % (sum(sizes.values()) / 1000, text))


if __name__ == '__main__':
    main()
