#!/usr/bin/env python3
"""test_compile.py - what the page compiler refuses, and what its C writes. TAP."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# name, template, line of the refusal (0: accepted), words that the message must hold
TEMPLATES = [
    ('text and quoted attribute', '<p lang="{{attr a}}">{{text b}}</p>', 0, ''),
    ('catalogue text in both places', '<p title="{{t action.back}}">{{t action.back}}</p>', 0, ''),
    ('a path in href', '<a href="{{url next}}">x</a>', 0, ''),
    ('an address of this server', '<a href="/sign-in">x</a>', 0, ''),
    ('if around whole attributes', '<p {{if a}}title="x"{{end}}>y</p>', 0, ''),
    ('unknown insert', '<p>\n{{raw x}}</p>', 2, 'unknown insert {{raw}}'),
    ('unknown key', '<p>{{t no.such.key}}</p>', 1, "'no.such.key'"),
    ('field name that is no name', '<p>{{text A-b}}</p>', 1, 'no name for a field'),
    ('field named as a C word', '<p>{{text out}}</p>', 1, 'no name for a field'),
    ('unquoted attribute', '<p>\n<p title={{attr x}}>', 2, 'unquoted'),
    ('unquoted attribute without insert', '<p title=x>y</p>', 1, 'not quoted'),
    ('insert as attribute name', '<p {{attr x}}="1">', 1, 'inside a tag'),
    ('insert as element', '<{{text x}}>', 1, 'inside a tag'),
    ('insert behind a half attribute name', '<p data{{attr x}}="1">', 1, 'inside a tag'),
    ('script element', '<p>x</p>\n\n<script>{{text x}}</script>', 3, '<script>'),
    ('style element', '<style>{{text x}}</style>', 1, '<style>'),
    ('svg element', '<svg></svg>', 1, '<svg>'),
    ('on attribute', '<p onclick="{{attr x}}">', 1, 'onclick'),
    ('on attribute, capitals', '<p OnClick="x">', 1, 'onclick'),
    ('style attribute', '<p style="{{attr x}}">', 1, 'style'),
    ('srcdoc attribute', '<p srcdoc="{{attr x}}">', 1, 'srcdoc'),
    ('http-equiv', '<meta http-equiv="refresh" content="0">', 1, 'http-equiv'),
    ('attr in href', '<a href="{{attr x}}">', 1, 'only a {{url name}}'),
    ('key in href', '<a href="{{key x}}">', 1, 'only a {{url name}}'),
    ('url after a prefix', '<a href="/x{{url x}}">', 1, 'only a {{url name}}'),
    ('url and more', '<a href="{{url x}}y">', 1, 'the whole value'),
    ('two urls', '<a href="{{url x}}{{url y}}">', 1, 'the whole value'),
    ('url in text', '<p>{{url x}}</p>', 1, 'only in href'),
    ('url in title', '<p title="{{url x}}">', 1, 'only in href'),
    ('javascript address', '<a href="javascript:x">y</a>', 1, 'leaves this server'),
    ('other server', '<a href="//example.org/">y</a>', 1, 'leaves this server'),
    ('other server, backslash', '<a href="/\\example.org">y</a>', 1, 'leaves this server'),
    ('text in an attribute', '<p title="{{text x}}">', 1, 'text does not stand in an attribute'),
    ('attr in text', '<p>{{attr x}}</p>', 1, 'attr stands only in a quoted attribute'),
    ('HTML comment', '<p>\n<!-- {{text x}} --></p>', 2, 'comment'),
    ('if without end', '<p>\n{{if a}}x', 2, 'no {{end}}'),
    ('end without if', '<p>{{end}}', 1, 'without an {{if}}'),
    ('second else', '{{if a}}b{{else}}c{{else}}d{{end}}', 1, 'second {{else}}'),
    ('branch ends inside a tag', '<p>{{if a}}<a title="{{end}}x">', 1, 'elsewhere in the markup'),
    ('branches that leave two places', '{{if a}}<p {{else}}x{{end}}>', 1, 'elsewhere in the markup'),
    ('if inside a name', '<p oncl{{if a}}ick="x"{{end}}>', 1, 'put a blank before it'),
    ('rows', '<ul>{{if rows}}{{each rows}}<li>{{text a}}{{if b}}!{{end}}</li>{{end}}{{else}}x{{end}}</ul>', 0, ''),
    ('rows without end', '<p>\n{{each rows}}x', 2, 'this {{each}} has no {{end}}'),
    ('rows inside a tag', '<p {{each rows}}title="x"{{end}}>', 1, 'it may stand in text'),
    ('rows that end inside a tag', '{{each rows}}<p {{end}}>', 1, 'elsewhere in the markup'),
    ('rows in rows', '{{each a}}{{each b}}{{end}}{{end}}', 1, 'rows do not hold rows'),
    ('else of rows', '{{each a}}x{{else}}y{{end}}', 1, 'an {{else}} of an {{each}}'),
    ('rows named as a text', '{{text a}}{{each a}}x{{end}}', 1, 'cannot name rows as well'),
    ('text named as rows', '{{each a}}x{{end}}{{text a}}', 1, 'cannot be a text as well'),
    ('rows named as a C word', '{{each row}}x{{end}}', 1, 'no name for a field'),
    ('POST form without csrf', '<form method="post" action="/x">\n</form>', 1, 'csrf'),
    ('braces without partner', '<p>{{ x</p>', 1, 'without its partner'),
    ('key and text in one field', '<p>{{text a}}{{key a}}</p>', 1, 'catalogue key in one place'),
    ('page ends inside a tag', '<p>x</p', 1, 'ends inside a tag'),
    ('missing part', '{{include _nowhere.html}}', 1, 'no part'),
]

# field values → what must stand in the page of ESCAPES
ESCAPES = ('<p title="{{attr a}}">[{{text a}}]</p>{{if a}}<b></b>{{end}}<p>{{key k}}</p><a href="{{url u}}">y</a>'
           '<p lang="{{lang}}">{{if flag}}yes{{else}}no{{end}}{{if lang_en}}!{{end}}</p>'
           '{{if rows}}{{each rows}}<i title="{{attr a}}">{{text b}}{{if a}}.{{end}}{{if c}}+{{end}}</i>{{end}}{{end}}').replace('<i ', '<small ').replace('</i>', '</small>').replace('<b></b>', '<br>')
EVIL = '"><svg onload=alert(1)>\'&'
EVIL_OUT = '&quot;&gt;&lt;svg onload=alert(1)&gt;&#39;&amp;'
PAGE = '<p title="{e}">[{e}]</p><br><p>{k}</p><a href="{u}">y</a><p lang="{l}">{f}</p>{r}'
ROWS = '<small title="{e}">{e}.</small><small title="">2+</small>'.format(e=EVIL_OUT)       # of two rows: { EVIL, EVIL }, { NULL, "2", true }
RUNS = [
    ('markup in a field', (EVIL, 'action.back', '/a?b=1&c="d"', 'true', 'LANG_JA'),
     PAGE.format(e=EVIL_OUT, k='戻る', u='/a?b=1&amp;c=&quot;d&quot;', l='ja', f='yes', r=ROWS)),
    ('an unknown key is escaped too', (EVIL, '<i>', '/', 'false', 'LANG_EN'),
     PAGE.format(e=EVIL_OUT, k='&lt;i&gt;', u='/', l='en', f='no!', r='')),
] + [
    (f'path {u!r}', (EVIL, 'action.back', u, 'false', 'LANG_EN'), PAGE.format(e=EVIL_OUT, k='Back', u='/', l='en', f='no!', r=''))
    for u in ('//evil.example', '/\\evil.example', 'javascript:alert(1)', 'https://evil.example/', '', '/a b', '/a\tb', '/関')
]


def compile_page(folder, name, template):
    path = os.path.join(folder, name + '.html')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(template)
    out = [os.path.join(folder, 'plain_pages' + x) for x in ('.c', '.h')]
    r = subprocess.run([sys.executable, os.path.join(HERE, 'compile.py'), os.path.join(ROOT, 'texts'), *out, path],
                       capture_output=True, text=True)
    return path, r


def c_string(s):
    return '"' + ''.join(f'\\{b:03o}' for b in s.encode()) + '"'


def run_c(folder):
    """Builds ESCAPES with the real str.c and text.c and gives what it wrote for each row of RUNS."""
    path, r = compile_page(folder, 'page', ESCAPES)
    if r.returncode:
        return None, r.stderr
    rows = ''.join(f'{{ {{ .a = {c_string(a)}, .k = {c_string(k)}, .u = {c_string(u)}, .flag = {f}, .rows = list, .rows_count = {2 if f == "true" else 0} }}, {l} }},\n'
                   for _, (a, k, u, f, l), _ in RUNS)
    main = os.path.join(folder, 'main.c')
    with open(main, 'w', encoding='utf-8') as f:
        f.write('#include "plain_pages.h"\n'
                f'static const struct plain_page_rows list[] = {{{{ .a = {c_string(EVIL)}, .b = {c_string(EVIL)} }}, {{ .b = "2", .c = true }}}};\n'
                f'static const struct {{ struct plain_page in; enum lang lang; }} rows[] = {{ {rows} }};\n'
                'int main(void)\n{\n        for (size_t i = 0; i < countof(rows); i++) {\n'
                '                struct buf b = BUF_INIT;\n\n'
                '                plain_page(&b, rows[i].lang, &rows[i].in);\n'
                '                puts(buf_bad(&b) ? "bad" : b.p);\n                buf_done(&b);\n        }\n        return 0;\n}\n')
    table = os.path.join(folder, 'texts_table.c')
    subprocess.run([sys.executable, os.path.join(ROOT, 'texts/compile.py'), '--c', table], check=True)
    src = os.path.join(ROOT, 'src')
    base = sorted(os.path.join(src, 'base', f) for f in os.listdir(os.path.join(src, 'base')) if f.endswith('.c'))
    program = os.path.join(folder, 'main')
    r = subprocess.run([os.environ.get('CC', 'cc'), '-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter',
                        '-I', src, '-I', folder, '-include', os.path.join(src, 'base/banned.h'), '-o', program,
                        main, os.path.join(folder, 'plain_pages.c'), table, os.path.join(src, 'core/text/text.c'), *base, '-lcrypto'],
                       capture_output=True, text=True)
    if r.returncode:
        return None, r.stderr
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.split('\n'), ''


def main():
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, template, line, words in TEMPLATES:
            path, r = compile_page(folder, 'page', template)
            if line:
                ok = r.returncode == 1 and f'{path}:{line}: ' in r.stderr and words in r.stderr
                results.append((ok, f'refused: {name}', r.stderr.strip() or 'it was accepted'))
            else:
                results.append((r.returncode == 0, f'accepted: {name}', r.stderr.strip()))
        got, why = run_c(folder)
        for i, (name, _, want) in enumerate(RUNS):
            have = got[i] if got else why
            results.append((have == want, f'escaped: {name}', f'got  {have}\nwant {want}'))
    print(f'TAP version 13\n1..{len(results)}')
    for n, (ok, name, detail) in enumerate(results, 1):
        print(('ok' if ok else 'not ok'), n, '-', name)
        if not ok:
            print('\n'.join('# ' + l for l in detail.split('\n')))
    return 0 if all(ok for ok, _, _ in results) else 1


if __name__ == '__main__':
    sys.exit(main())
