#!/usr/bin/python3
"""manual.py - docs/operations tells of every screen, shows every picture, and was read since each screen changed.

    picture    ![what one sees](img/NAME.png) and on the next line <!-- seen NAME 1a2b3c4d -->: the first eight digits of the SHA-256 of
               tests/golden/manual/NAME.txt, put there by whoever has read the page against the new picture. No program writes it.
    screens    docs/operations/*/screens.md: a row for each address of web/src/app/routes.tsx with the place that tells of it.
    languages  ja and en have the same pages with the same headings by level, and the same pictures in the same order.

Whether the outlines are those of the screens is seen in a browser: tests/e2e/manual.mjs.
"""
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
from tap import Tap  # noqa: E402

PAGES, OUTLINES, PICTURES, TABLE, ROUTES = ('docs/operations', 'tests/golden/manual', 'docs/operations/ja/img', 'tests/e2e/manual.json', 'web/src/app/routes.tsx')
LANGS = ('ja', 'en')
MOST_BYTES = 3_000_000
SHOWN = re.compile(r'!\[[^\]\n]+\]\((?:img|\.\./ja/img)/([\w-]+)\.png\)\n(<!-- seen ([\w-]+) (\w+) -->)?')
LINK = re.compile(r'(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)')


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def names(folder, ending):
    return {n[:-len(ending)] for n in os.listdir(folder) if n.endswith(ending)}


def anchor(heading):
    """As the forges make them: small letters, no punctuation, a dash for a blank."""
    return re.sub(r'\s', '-', re.sub(r'[^\w\s-]', '', heading.strip().lower()))


class Manual:
    def __init__(self, root):
        self.root = root
        self.pages = {lang: {n: read(os.path.join(root, PAGES, lang, n + '.md')) for n in sorted(names(os.path.join(root, PAGES, lang), '.md'))} for lang in LANGS}
        self.taken = [p['name'] for p in json.loads(read(os.path.join(root, TABLE)))['pictures']]

    def all(self):
        return [('%s/%s/%s.md' % (PAGES, lang, name), text) for lang in LANGS for name, text in self.pages[lang].items()]

    def kept(self):
        """What is kept is what is taken."""
        wrong = ['%s names %s twice' % (TABLE, n) for n in sorted({n for n in self.taken if self.taken.count(n) > 1})]
        for folder, ending in ((PICTURES, '.png'), (OUTLINES, '.txt')):
            there = names(os.path.join(self.root, folder), ending)
            wrong += ['%s/%s%s is not there: ./test golden manual takes it' % (folder, n, ending) for n in sorted(set(self.taken) - there)]
            wrong += ['%s/%s%s: no row of %s takes it' % (folder, n, ending, TABLE) for n in sorted(there - set(self.taken))]
        return wrong

    def shown(self):
        """Every picture on some page of each language, and no other."""
        wrong = []
        for path, text in self.all():
            wrong += ['%s shows %s.png, which is not taken' % (path, n) for n, *_ in SHOWN.findall(text) if n not in self.taken]
        for lang in LANGS:
            on = {n for text in self.pages[lang].values() for n, *_ in SHOWN.findall(text)}
            wrong += ['%s.png is on no page of %s/%s' % (n, PAGES, lang) for n in self.taken if n not in on]
        return wrong

    def seen(self):
        """Beside each picture stands which screen the page was read against."""
        wrong = []
        for path, text in self.all():
            for name, mark, of, digest in SHOWN.findall(text):
                outline = os.path.join(self.root, OUTLINES, name + '.txt')
                want = hashlib.sha256(read(outline).encode()).hexdigest()[:8] if os.path.exists(outline) else '?'
                if not mark or of != name or digest != want:
                    wrong.append('%s is older than the screen "%s": look at img/%s.png, read what the page says of it, then write <!-- seen %s %s --> below the picture'
                                 % (path, name, name, name, want))
        return wrong

    def links(self):
        wrong = []
        for path, text in self.all():
            for to in LINK.findall(text):
                place, _, part = to.partition('#')
                if '://' in place:
                    continue
                file = os.path.normpath(os.path.join(self.root, os.path.dirname(path), place)) if place else os.path.join(self.root, path)
                if not os.path.exists(file):
                    wrong.append('%s: %s does not exist' % (path, to))
                elif part and part not in {anchor(h) for h in re.findall(r'^#+ (.*)$', read(file), re.M)}:
                    wrong.append('%s: %s: no heading makes #%s' % (path, to, part))
        return wrong

    def told(self):
        """Each address of the router is a row of screens.md that leads to where the manual tells of it."""
        paths = re.findall(r"^\s*(?:\{ )?path: '([^']+)'", read(os.path.join(self.root, ROUTES)), re.M)
        wrong = [] if len(paths) >= 20 else ['%s: only %d addresses: has its form changed?' % (ROUTES, len(paths))]
        for lang in LANGS:
            rows = re.findall(r'^\| `(\S+)` \|(.*)$', self.pages[lang].get('screens', ''), re.M)
            leads = {path for path, rest in rows if LINK.search(rest)}
            where = '%s/%s/screens.md' % (PAGES, lang)
            wrong += ['%s tells of no screen %s, or not where to read of it' % (where, p) for p in paths if p not in leads]
            wrong += ['%s tells of %s, which is no screen' % (where, p) for p, _ in rows if p not in paths and p != '/sign-in' and not p.startswith('/decide')]
        return wrong

    def languages(self):
        ja, en = (self.pages[lang] for lang in LANGS)
        wrong = ['%s/*/%s.md exists in one language only' % (PAGES, n) for n in sorted(set(ja) ^ set(en))]
        for name in sorted(set(ja) & set(en)):
            levels = [re.findall(r'^(#+) ', re.sub(r'(?ms)^```.*?^```$', '', text), re.M) for text in (ja[name], en[name])]
            if levels[0] != levels[1]:
                wrong.append('%s.md has other headings in en than in ja: %s, %s' % (name, ' '.join(levels[1]), ' '.join(levels[0])))
            pictures = [[n for n, *_ in SHOWN.findall(text)] for text in (ja[name], en[name])]
            if pictures[0] != pictures[1]:
                wrong.append('%s.md shows other pictures in en than in ja: %s, %s' % (name, pictures[1], pictures[0]))
        return wrong

    def small(self):
        size = sum(os.path.getsize(os.path.join(self.root, PICTURES, n)) for n in os.listdir(os.path.join(self.root, PICTURES)))
        return [] if size < MOST_BYTES else ['%s has %d bytes, at most %d: is pngquant installed?' % (PICTURES, size, MOST_BYTES)]


CHECKS = (
    ('kept', 'each picture has its outline, and nothing else is kept'),
    ('shown', 'each picture is on a page of both languages'),
    ('seen', 'no page is older than its screen'),
    ('links', 'each link leads somewhere'),
    ('told', 'each screen is told of'),
    ('languages', 'ja and en have the same pages, headings and pictures'),
    ('small', 'the pictures are small'),
)


def copied(top):
    for path in (PAGES, OUTLINES, TABLE, ROUTES):
        whole, to = os.path.join(ROOT, path), os.path.join(top, path)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        (shutil.copytree if os.path.isdir(whole) else shutil.copy)(whole, to)


def edit(path, act):
    """Whether there was something to edit."""
    text = read(path)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(act(text))
    return text != read(path)


def controls(root, name):
    """fault, the check that must find it, what that must say, the deed in a copy of the manual."""
    def page(lang):
        folder = os.path.join(root, PAGES, lang)
        return next(os.path.join(folder, p) for p in sorted(os.listdir(folder)) if p.endswith('.md') and '/%s.png' % name in read(os.path.join(folder, p)))

    outline, routes = os.path.join(root, OUTLINES, name + '.txt'), os.path.join(root, ROUTES)
    return (
        ('a screen that changed', 'seen', 'is older than the screen "%s"' % name, lambda: edit(outline, lambda s: s + '- text: more\n')),
        ('a page nobody has read', 'seen', 'is older than the screen "%s"' % name, lambda: edit(page('ja'), lambda s: re.sub(r'<!-- seen %s \w+ -->' % name, '', s))),
        ('a page read against another screen', 'seen', 'is older than the screen "%s"' % name, lambda: edit(page('en'), lambda s: re.sub(r'<!-- seen %s \w+' % name, '<!-- seen %s 00000000' % name, s))),
        ('a picture that is not taken', 'shown', 'shows nowhere.png', lambda: edit(page('ja'), lambda s: s + '\n![x](img/nowhere.png)\n')),
        ('a picture that no page shows', 'shown', name + '.png is on no page', lambda: edit(page('en'), lambda s: s.replace('/%s.png' % name, '/x.gif'))),
        ('an outline that is lost', 'kept', name + '.txt is not there', lambda: os.remove(outline) is None),
        ('a screen nobody tells of', 'told', 'no screen /brand-new', lambda: edit(routes, lambda s: s.replace("  { path: '/may-use'", "  { path: '/brand-new' },\n  { path: '/may-use'"))),
        ('a link to a heading that is gone', 'links', '#gone', lambda: edit(page('ja'), lambda s: s + '\n[x](README.md#gone)\n')),
        ('a page of one language', 'languages', 'only-ja.md', lambda: shutil.copy(page('ja'), os.path.join(root, PAGES, 'ja/only-ja.md'))),
    )


def main():
    with Tap() as t:
        manual = Manual(ROOT)
        for check, words in CHECKS:
            wrong = getattr(manual, check)()
            t.ok(not wrong, words, '\n'.join(wrong))
        for i in range(len(controls(ROOT, manual.taken[0]))):
            with tempfile.TemporaryDirectory(prefix='sekisho-manual.') as top:
                copied(top)
                fault, check, says, plant = controls(top, manual.taken[0])[i]
                planted = plant()
                found = getattr(Manual(top), check)()
            t.ok(planted and any(says in line for line in found), 'control: %s is found' % fault, found)


if __name__ == '__main__':
    main()
