#!/usr/bin/env python3
"""compile.py - pages without JavaScript become C; nothing else in C writes HTML.

Usage     compile.py TEXTS_DIR OUT_C OUT_H PAGE.html...
Gives     for each X.html: struct plain_X and void plain_X(struct buf *, enum lang, const struct plain_X *).
          A file whose name begins with _ is a part: no function of its own, only {{include}}.

Template  {{t area.thing.case}}   the catalogue's text in the reader's language         text, quoted attribute
          {{key name}}            the catalogue's text whose key is in the field        text, quoted attribute
          {{text name}}           the field                                             text
          {{attr name}}           the field                                             quoted attribute
          {{url name}}            the field as a path on this server; any other         the whole of href, action,
                                  value becomes "/"                                     src, formaction
          {{lang}}                "ja" or "en"                                          text, quoted attribute
          {{if name}} {{else}} {{end}}   a text field that is not empty, or a bool;
                                  lang_ja and lang_en ask for the reader's language; or rows there are
          {{each rows}} {{end}}   once for each row of struct plain_X_rows; inside, every    text
                                  name is one of the row's; rows do not hold rows
          {{include _part.html}}  the part's lines, here
          {{# words }}            a comment; does not reach the page
          Every insert is escaped (& < > " '). There is no raw insert, so there is nothing to look for in a review.

Refused   with file:line: unknown inserts, keys and elements; an insert in a tag, an attribute name or an unquoted
          attribute; text and attr in each other's place; style, on* and srcdoc attributes, script and style elements
          (the pages' CSP would ignore them anyway); addresses that leave this server; a POST form without a csrf
          field; an {{if}} or {{each}} that ends elsewhere in the markup than it began.
"""
import importlib.util
import os
import re
import sys

ELEMENTS = set('''html head meta title link body header main footer nav section h1 h2 h3 p a ul ol li dl dt dd div span
                  form label input textarea button fieldset legend details summary strong small br hr code img table thead tbody tr th td caption'''.split())
URL_ATTRIBUTES = {'href', 'action', 'src', 'formaction'}
FORBIDDEN_ATTRIBUTES = {'style', 'srcdoc', 'http-equiv', 'target', 'ping', 'background', 'manifest', 'integrity'}
STRING_INSERTS = {'text', 'attr', 'url', 'key'}
RESERVED = {'in', 'out', 'row', 'lang', 'char', 'const', 'struct', 'bool', 'if', 'else', 'int', 'void', 'return'}
LANG_TESTS = {'lang_ja': 'lang == LANG_JA', 'lang_en': 'lang == LANG_EN'}
NAME = re.compile(r'[a-z][a-z0-9_]*\Z')
DIRECTIVE = re.compile(r'\{\{(.*?)\}\}', re.S)


class Refused(Exception):
    def __init__(self, at, words):
        super().__init__(f'{at[0]}:{at[1]}: {words}')


# ---- the template's pieces ---------------------------------------------------------------------------------------

def pieces(path, seen=()):
    """Yields (kind, value, (path, line)): 'html' text, or a directive's word with its argument. Follows includes."""
    if path in seen:
        raise Refused((path, 1), 'this part includes itself; take the include out')
    with open(path, encoding='utf-8') as f:
        source = f.read()
    last = 0
    for m in DIRECTIVE.finditer(source):
        if m.start() > last:
            yield 'html', source[last:m.start()], (path, source.count('\n', 0, last) + 1)
        last = m.end()
        at = (path, source.count('\n', 0, m.start()) + 1)
        word, _, arg = m.group(1).strip().partition(' ')
        arg = arg.strip()
        if word.startswith('#'):
            continue
        if word == 'include':
            part = os.path.join(os.path.dirname(path), arg)
            if not os.path.basename(arg).startswith('_') or not os.path.exists(part):
                raise Refused(at, f'no part {arg!r} here; a part is a file whose name begins with _')
            yield from pieces(part, seen + (path,))
        else:
            yield word, arg, at
    if last < len(source):
        yield 'html', source[last:], (path, source.count('\n', 0, last) + 1)


# ---- where in the markup we stand --------------------------------------------------------------------------------

class Markup:
    """Follows the page's own HTML. state: text, tag-open, tag, attr-name, attr-eq, value, unquoted, markup-decl."""

    def __init__(self):
        self.state, self.element, self.attr, self.quote = 'text', '', '', ''
        self.value = ''             # literal part of the present attribute's value; \0 stands for an insert
        self.post, self.csrf = None, False      # line of the open POST form; its csrf field has been seen

    def where(self):
        return self.state, self.element if self.state != 'text' else '', self.attr if self.state == 'value' else ''

    def feed(self, html, at):
        path, line = at
        for c in html:
            self.step(c, (path, line))
            line += c == '\n'

    def step(self, c, at):
        getattr(self, 'in_' + self.state.replace('-', '_'))(c, at)

    def in_text(self, c, at):
        if c == '<':
            self.state, self.element = 'tag-open', ''

    def in_tag_open(self, c, at):
        if c == '!' and not self.element:
            self.state = 'markup-decl'
        elif c.isascii() and (c.isalnum() or c == '/' and not self.element):
            self.element += c.lower()
        elif c in ' \n\t>/':
            self.check_element(at)
            self.state, self.attrs = 'tag', {}
            self.in_tag(c, at)
        else:
            raise Refused(at, f'{c!r} after <; write a bare < as &lt;')

    def check_element(self, at):
        name = self.element.lstrip('/')
        if name not in ELEMENTS:
            raise Refused(at, f'element <{name}> is not on the list of elements that a plain page may use')
        if self.element == '/form':
            if self.post and not self.csrf:
                raise Refused(self.post, 'a POST form without a field named csrf; add the hidden field')
            self.post = None

    def in_markup_decl(self, c, at):
        self.value = '' if c == '!' else self.value + c
        if self.value.startswith('--'):
            raise Refused(at, 'an HTML comment would reach the reader; use {{# words }}')
        if c == '>':
            self.state, self.value = 'text', ''

    def in_tag(self, c, at):
        if c == '>':
            self.end_tag(at)
        elif c.isascii() and (c.isalnum() or c == '-'):
            self.state, self.attr = 'attr-name', c.lower()
        elif c not in ' \n\t/':
            raise Refused(at, f'{c!r} between attributes; put the value in double quotes')

    def end_tag(self, at):
        a = self.attrs
        if self.element == 'form' and a.get('method', '').lower() == 'post':
            self.post, self.csrf = at, False
        if self.element == 'input' and a.get('name') == 'csrf':
            self.csrf = True
        self.state = 'text'

    def in_attr_name(self, c, at):
        if c.isascii() and (c.isalnum() or c == '-'):
            self.attr += c.lower()
            return
        if self.attr.startswith('on') or self.attr in FORBIDDEN_ATTRIBUTES:
            raise Refused(at, f'attribute {self.attr} may not occur in a plain page; do it in plain.css or without')
        if c == '=':
            self.state = 'attr-eq'
        elif c in ' \n\t>/':
            self.attrs[self.attr] = ''
            self.state = 'tag'
            self.in_tag(c, at)
        else:
            raise Refused(at, f'{c!r} in an attribute name')

    def in_attr_eq(self, c, at):
        if c in '"\'':
            self.state, self.quote, self.value = 'value', c, ''
        else:
            self.state = 'unquoted'
            raise Refused(at, f'the value of {self.attr} is not quoted; put it in double quotes')

    def in_value(self, c, at):
        if c != self.quote:
            if self.attr in URL_ATTRIBUTES and '\0' in self.value:
                raise Refused(at, f'{self.attr} is a {{{{url}}}} and more; a url insert is the whole value')
            self.value += c
            return
        if self.attr in URL_ATTRIBUTES and not re.match(r'(\0|/(?![/\\])|#|[a-z]+([./-][a-z]+)*/?\Z)', self.value):
            raise Refused(at, f'{self.attr}="{self.value}" leaves this server; begin it with / or name a file beside the page')
        self.attrs[self.attr] = self.value
        self.state = 'tag'

    def insert(self, word, at):
        """An insert stands here: may it?"""
        if self.state == 'attr-eq':
            raise Refused(at, f'an insert in an unquoted attribute; write {self.attr}="{{{{…}}}}"')
        if self.state not in ('text', 'value'):
            raise Refused(at, 'an insert inside a tag; it may stand in text or in a quoted attribute')
        in_url = self.state == 'value' and self.attr in URL_ATTRIBUTES
        if word == 'url' and not in_url:
            raise Refused(at, 'url stands only in href, action, src or formaction')
        if in_url and (word != 'url' or self.value):
            raise Refused(at, f'in {self.attr} only a {{{{url name}}}} that is the whole value may stand')
        if word == 'text' and self.state != 'text':
            raise Refused(at, f'text does not stand in an attribute; use {{{{attr}}}} in {self.attr}')
        if word == 'attr' and self.state != 'value':
            raise Refused(at, 'attr stands only in a quoted attribute; use {{text}} here')
        if self.state == 'value':
            self.value += '\0'


# ---- one page ----------------------------------------------------------------------------------------------------

class Fields:
    """What a struct holds: of the page, or of one row of an {{each}}."""

    def __init__(self, of):
        self.of, self.strings, self.asked = of, {}, {}     # name → insert word; names that {{if}} asks → place

    def bools(self, but=()):
        return sorted(n for n in self.asked if n not in self.strings and n not in but)

    def members(self, but=()):
        notes = {'key': 'catalogue key', 'url': 'path on this server'}
        return [f'        const char *{n};' + (f'   /* {notes[w]}; NULL: nothing */' if w in notes else '') for n, w in sorted(self.strings.items())] + \
               [f'        bool {n};' for n in self.bools(but)]


class Page:
    def __init__(self, path, keys):
        self.name = os.path.basename(path)[:-len('.html')]
        self.keys, self.code, self.markup = keys, [], Markup()
        self.top, self.rows = Fields('in'), {}
        self.here = self.top                    # whose names hold where we stand
        self.open = []                          # open {{if}} and {{each}}: (word, where, place, else seen)
        if not NAME.match(self.name):
            raise Refused((path, 1), 'a page is named in a-z, 0-9 and _')
        for kind, value, at in pieces(path):
            self.piece(kind, value, at)
        if self.open:
            raise Refused(self.open[-1][2], f'this {{{{{self.open[-1][0]}}}}} has no {{{{end}}}}')
        if self.markup.state != 'text':
            raise Refused(at, 'the page ends inside a tag')

    def piece(self, kind, value, at):
        if kind == 'html':
            if '{{' in value or '}}' in value:
                raise Refused(at, 'a {{ or }} without its partner')
            self.markup.feed(value, at)
            self.emit(f'PUT({c_string(value)});')
        elif kind == 'if':
            self.begin_if(value, at)
        elif kind == 'each':
            self.begin_each(value, at)
        elif kind in ('else', 'end'):
            self.turn(kind, at)
        elif kind in STRING_INSERTS or kind in ('t', 'lang'):
            self.markup.insert(kind, at)
            self.emit(self.call(kind, value, at))
        else:
            raise Refused(at, f'unknown insert {{{{{kind}}}}}; the known ones stand at the top of web/plain/compile.py')

    def call(self, kind, value, at):
        if kind == 'lang':
            return 'put_escaped(out, lang == LANG_EN ? "en" : "ja");'
        if kind == 't':
            if value not in self.keys:
                raise Refused(at, f'no text has the key {value!r}; add it to texts/ja.yaml and texts/en.yaml')
            return f'put_escaped(out, text_get(lang, "{value}"));'
        self.check_name(value, at)
        if self.here is self.top and value in self.rows:
            raise Refused(at, f'{value} names rows; it cannot be a text as well')
        if (self.here.strings.setdefault(value, kind) == 'key') != (kind == 'key'):
            raise Refused(at, f'{value} is a catalogue key in one place and a text in another')
        field = f'{self.here.of}->{value}'
        return {'key': f'put_escaped(out, {field} ? text_get(lang, {field}) : "");',
                'url': f'put_path(out, {field});'}.get(kind, f'put_escaped(out, {field});')

    def check_name(self, name, at):
        if not NAME.match(name) or name in RESERVED:
            raise Refused(at, f'{name!r} is no name for a field; use a-z, 0-9 and _')

    def begin_if(self, value, at):
        if self.markup.state not in ('text', 'tag', 'value'):
            raise Refused(at, '{{if}} inside a name; put a blank before it')
        if value not in LANG_TESTS:
            self.check_name(value, at)
            self.here.asked.setdefault(value, at)
        self.emit(('if', value, self.here))
        self.open.append(('if', self.markup.where(), at, False))

    def begin_each(self, value, at):
        self.check_name(value, at)
        if self.here is not self.top:
            raise Refused(at, '{{each}} inside an {{each}}; rows do not hold rows')
        if self.markup.state != 'text':
            raise Refused(at, '{{each}} inside a tag; it may stand in text')
        if value in self.top.strings:
            raise Refused(at, f'{value} is a text; it cannot name rows as well')
        self.here = self.rows.setdefault(value, Fields('row'))
        self.emit(('each', value, self.here))
        self.open.append(('each', self.markup.where(), at, False))

    def turn(self, kind, at):
        if not self.open:
            raise Refused(at, f'{{{{{kind}}}}} without an {{{{if}}}}')
        word, where, begun, other = self.open.pop()
        if self.markup.where() != where:
            raise Refused(at, f'the branch ends elsewhere in the markup than it began (line {begun[1]})')
        if kind == 'else' and (other or word == 'each'):
            raise Refused(at, 'a second {{else}}' if other else 'an {{else}} of an {{each}}; ask {{if rows}} around it')
        if word == 'each':
            self.here = self.top
        self.emit('} else {' if kind == 'else' else '}')
        if kind == 'else':
            self.open.append((word, where, begun, True))

    def emit(self, line):
        self.code.append(line)

    def test(self, name, of):
        if of is self.top and name in self.rows:
            return f'in->{name}_count > 0'
        return LANG_TESTS.get(name) or (f'is_set({of.of}->{name})' if name in of.strings else f'{of.of}->{name}')

    def c_struct(self):
        rows = self.top.members(self.rows)
        for name in sorted(self.rows):
            rows += [f'        const struct plain_{self.name}_{name} *{name};', f'        size_t {name}_count;']
        structs = [(f'plain_{self.name}_{name}', fields.members()) for name, fields in sorted(self.rows.items())] + [(f'plain_{self.name}', rows)]
        return '\n'.join(f'struct {name} {{\n' + '\n'.join(members or ['        bool none;']) + '\n};\n' for name, members in structs)

    def c_function(self):
        lines, depth = [], 1
        for c in self.code:
            if isinstance(c, tuple):
                head = f'if ({self.test(c[1], c[2])}) {{' if c[0] == 'if' else f'for (size_t i = 0; i < in->{c[1]}_count; i++) {{'
                lines.append('        ' * depth + head)
                depth += 1
                if c[0] == 'each' and (c[2].strings or c[2].asked):
                    lines.append('        ' * depth + f'const struct plain_{self.name}_{c[1]} *row = &in->{c[1]}[i];\n')
            elif c.startswith('}'):
                lines.append('        ' * (depth - 1) + c)
                depth -= c == '}'
            else:
                lines.append('        ' * depth + c)
        used = '' if self.top.strings or self.top.asked or self.rows else '        (void)in;\n'
        langs = '' if any('lang' in l for l in lines) else '        (void)lang;\n'
        return (f'void plain_{self.name}(struct buf *out, enum lang lang, const struct plain_{self.name} *in)\n{{\n'
                f'{used}{langs}' + '\n'.join(lines) + '\n}\n')


def c_string(text):
    out = []
    for b in text.encode('utf-8'):
        c = chr(b)
        out.append('\\' + c if c in '"\\' else '\\n' if c == '\n' else c if 32 <= b < 127 and c != '?' else f'\\{b:03o}')
    return '"' + ''.join(out) + '"'


# ---- the two files -----------------------------------------------------------------------------------------------

HEADER = '''/* plain_pages.h - the pages without JavaScript. Generated by web/plain/compile.py; change web/plain/ instead.
 *
 * Does      writes one whole page; every field is escaped for the place where it stands.
 * Owns      fields are borrowed for the call; a NULL text is the empty text.
 */
#ifndef PLAIN_PAGES_H
#define PLAIN_PAGES_H

#include "base/str.h"
#include "core/text/text.h"

'''

HELPERS = '''/* Generated by web/plain/compile.py; change web/plain/ instead. */
#include "plain_pages.h"

#define PUT(lit) buf_add(out, lit, sizeof(lit) - 1)

static inline bool is_set(const char *s)
{
        return s && *s;
}

/* One escape serves text and quoted attributes: it covers both lists. */
static inline void put_escaped(struct buf *out, const char *s)
{
        for (; s && *s; s++) {
                switch (*s) {
                case '&':  PUT("&amp;");  break;
                case '<':  PUT("&lt;");   break;
                case '>':  PUT("&gt;");   break;
                case '"':  PUT("&quot;"); break;
                case '\\'': PUT("&#39;");  break;
                default:   buf_char(out, *s);
                }
        }
}

/* A path on this server: one / in front and only visible ASCII. "//host", "/\\\\host" and "javascript:" become "/". */
static inline void put_path(struct buf *out, const char *s)
{
        bool ok = s && s[0] == '/' && s[1] != '/';

        for (const char *p = s; ok && *p; p++)
                ok = *p > ' ' && *p < 0x7f && *p != '\\\\';
        put_escaped(out, ok ? s : "/");
}

'''


def load_keys(texts):
    spec = importlib.util.spec_from_file_location('texts_compile', os.path.join(texts, 'compile.py'))
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return set(module.load(texts)[0])


def main(argv):
    if len(argv) < 5:
        sys.exit(__doc__)
    keys = load_keys(argv[1])
    pages, refused = [], []
    for path in argv[4:]:
        if os.path.basename(path).startswith('_'):
            continue
        try:
            pages.append(Page(path, keys))
        except Refused as r:
            refused.append(str(r))
    if refused:
        sys.exit('\n'.join(refused))
    with open(argv[2], 'w', encoding='utf-8') as f:
        f.write(HELPERS + '\n'.join(p.c_function() for p in pages))
    with open(argv[3], 'w', encoding='utf-8') as f:
        f.write(HEADER)
        for p in pages:
            f.write(p.c_struct() + f'\nvoid plain_{p.name}(struct buf *out, enum lang lang, const struct plain_{p.name} *in);\n\n')
        f.write('#endif\n')


if __name__ == '__main__':
    main(sys.argv)
