#!/usr/bin/python3
"""files.py - attachments: what is taken and what is refused, who may, what is on the disk, and what remains of an end in the middle.

Does      a service of the engine pack with people around it; render runs. Kill between file and entry by the fault point `office.file`;
          full disks by small tmpfs over office/spool and office/files (skipped without the right to mount).
"""
import ctypes
import glob
import os
import subprocess
import sys
import threading
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests'), os.path.join(ROOT, 'tests/lib')]
import large  # noqa: E402
import samples  # noqa: E402
import scgi  # noqa: E402
import town  # noqa: E402
from attach import Files  # noqa: E402
from tap import Tap  # noqa: E402

MB = 1024 * 1024
CLONE_NEWNS = 0x20000


def key_of(reply):
    return reply.json()['error']['key'] if reply.status >= 400 else reply.status


def on_disk(x):
    return sorted(p for p in glob.glob(x.dir + '/office/files/??/*') if os.path.isfile(p))


def spooled(x):
    return os.listdir(x.dir + '/office/spool')


def comes_back(t, x, f):
    made = f.put('mori', samples.pdf(b'1'), note='2026年の証明書', dated_on='令和8年4月1日')
    t.is_(made.status, 201, 'the manager of a service attaches a PDF')
    made = made.json()
    got = x.get('nagai', '/api/v1/files/' + made['id'])
    t.is_((got.status, got.body), (200, samples.pdf(b'1')), 'the auditor gets back the very bytes')
    t.is_((got.header('Content-Disposition'), got.header('X-Content-Type-Options'), got.header('Content-Type')),
          ("attachment; filename=\"file.pdf\"; filename*=UTF-8''" + urllib.parse.quote('証明書.pdf'), 'nosniff', 'application/pdf'), 'as a download under its own name')
    line = f.list('mori').json()['items'][0]
    t.is_((line['name'], line['note'], line['dated_on'], line['type'], line['by']['name']), ('証明書.pdf', '2026年の証明書', '2026-04-01', 'pdf', '森'), 'the list says what it is and who brought it')
    stored = on_disk(x)
    t.ok(len(stored) == 1 and os.stat(stored[0]).st_mode & 0o777 == 0o600, 'one file lies there, for the office alone', stored)
    with open(stored[0], 'rb') as g:
        t.ok(b'Catalog' not in g.read(), 'and not in the clear')
    t.is_(os.path.basename(stored[0]), made['hash'], 'under the hash of its content')
    return made


def types(t, f):
    old = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 600
    cases = (
        ('a.png', samples.png(), 201), ('a.JPG', samples.jpeg(), 201), ('a.xlsx', samples.office('xlsx'), 201), ('a.docx', samples.office('docx'), 201),
        ('a.pptx', samples.office('pptx'), 201), ('a.csv', '名前,数\n関所,1\n'.encode(), 201), ('sjis.txt', '機密性２以上'.encode('cp932'), 201),
        ('a.pdf', samples.png(), 'file.type.mismatch'), ('a', samples.pdf(), 'file.type.mismatch'), ('a.xlsx', samples.office('docx'), 'file.type.mismatch'),
        ('a.exe', samples.pdf(), 'file.type.mismatch'), ('a.txt', b'MZ\x90\0\3', 'file.type.unknown'), ('a.txt', b'\x1b[2J', 'file.type.unknown'),
        ('a.pdf', samples.pdf()[:-60], 'file.type.broken'), ('a.png', samples.png()[:-1], 'file.type.broken'), ('a.png', samples.png() + b'x', 'file.type.broken'),
        ('a.jpg', samples.jpeg()[:-9], 'file.type.broken'), ('a.zip', samples.zipped({'x.txt': 'x'}), 'file.type.zip'), ('a.xlsx', samples.office()[:-30], 'file.type.broken'),
        ('a.xlsx', samples.office('xlsx', **{'xl/vbaProject.bin': 'x'}), 'file.type.macro'), ('a.xlsx', samples.office('xlsx', **{'xl/macrosheets/s.xml': 'x'}), 'file.type.macro'),
        ('a.xlsx', samples.bomb(), 'file.type.bomb'), ('a.xlsx', samples.overlapping(), 'file.type.bomb'), ('a.xls', old, 'file.type.locked'),
        ('a.txt', b'', 'file.type.empty'), ('../a.txt', b'x', 'file.name'), ('', b'x', 'form.required'),
    )
    wrong = [(name, want, got) for name, data, want in cases for got in [key_of(f.put('mori', data, name=name))] if got != want]
    t.is_(wrong, [], '%d contents under %d names: each taken, or refused by its reason' % (len({c[1] for c in cases}), len(cases)))
    t.is_(key_of(f.put('mori', samples.pdf(b'j'), kind='application/json')), 'error.input', 'bytes that say they are JSON are refused')


def rights(t, x, f, made):
    a = large.filed(x)
    other = Files(x, 'application:' + a)
    who = ('mori', 'yamada', 'ono', 'ito', 'nagai')
    t.is_([f.put(p, samples.pdf(p.encode()), name='x.pdf').status for p in who], [201, 201, 201, 404, 403], 'manager, deputy and secretariat attach to a service; the auditor only looks; others hear of nothing')
    t.is_([f.list(p).status for p in who], [200, 200, 200, 404, 200], 'the list likewise')
    t.is_([x.get(p, '/api/v1/files/' + made['id']).status for p in who], [200, 200, 200, 404, 200], 'and the content')
    t.is_([other.put(p, samples.pdf(p.encode()), name='x.pdf').status for p in ('sato', 'ito', 'nagai')], [201, 404, 403], 'who filed an application attaches to it')
    t.is_(Files(x, 'gate:' + a).list('tanaka').status, 404, 'not every row takes files')
    t.is_(Files(x, 'x').list('tanaka').status, 400, 'and it must be said which')
    return other


def twice(t, x, f, other):
    n = len(on_disk(x))
    one, two = other.put('sato', samples.pdf(b'twice')), f.put('mori', samples.pdf(b'twice'))
    t.is_((one.status, two.status, len(on_disk(x)) - n), (201, 201, 1), 'the same content on two rows is stored once')
    t.is_(key_of(f.put('mori', samples.pdf(b'twice'))), 'file.same', 'and not twice on one')
    line = next(i for i in f.list('mori').json()['items'] if i['id'] == two.json()['id'])
    t.is_(key_of(f.remove('ito', line)), 'file.absent', 'a stranger removes nothing')
    t.is_(key_of(f.remove('mori', line, '')), 'common.reason.missing', 'removing wants a reason')
    t.is_(f.remove('mori', line).status, 200, 'with one it is taken off the row')
    t.is_(key_of(f.remove('mori', {**line, 'rev': 2})), 'file.removed', 'once')
    t.is_((key_of(x.get('mori', '/api/v1/files/' + line['id'])), len(on_disk(x)) - n), ('file.removed', 1), 'its content is no longer handed out, and stays')
    t.is_(x.get('sato', '/api/v1/files/' + one.json()['id']).status, 200, 'the other row still has it')


def anonymous(x):
    with open('/proc/%d/status' % x.running['office'].pid) as f:
        return next(int(line.split()[1]) * 1024 for line in f if line.startswith('RssAnon'))


def bounded(t, x, f):
    big, before, most, replies = samples.pdf(b'z' * (19 * MB)), anonymous(x), [0], []
    threads = [threading.Thread(target=lambda i=i: replies.append(f.put('mori', big + b'%%%d' % i + samples.pdf(), name='%d.pdf' % i).status)) for i in range(4)]
    for th in threads:
        th.start()
    while any(th.is_alive() for th in threads):
        most[0] = max(most[0], anonymous(x))
    t.is_((replies, spooled(x)), ([201] * 4, []), 'four files of 19 MiB at once are taken, and the spool is empty')
    t.ok(most[0] - before < 16 * MB, 'the office grew by less than one of them', '%d KiB' % ((most[0] - before) // 1024))
    t.is_(key_of(f.put('mori', b'x' * (20 * MB + 1), name='a.txt')), 'common.body.big', 'more than 20 MiB is refused')
    r = x.user('POST', f.uri(name='a.pdf'), b'x' * MB, {'CONTENT_TYPE': 'application/octet-stream', **scgi.ORIGIN})
    t.is_((r.status, spooled(x)), (401, []), 'a stranger\'s megabyte is not even stored')


def spoilt(t, x, made):
    path = next(p for p in on_disk(x) if p.endswith(made['hash']))
    with open(path, 'rb') as g:
        good = g.read()
    for what, at in (('unit', 20), ('size', 30), ('content', len(good) // 2), ('tag', len(good) - 1)):
        with open(path, 'wb') as g:
            g.write(good[:at] + bytes((good[at] ^ 1,)) + good[at + 1:])
        r = x.get('mori', '/api/v1/files/' + made['id'])
        t.is_(key_of(r), 'file.tampered', 'one bit of the %s turned: not handed out, and it says why' % what)
    return path, good


def checked(t, x, path, good):
    """While nothing runs."""
    for at in (20, len(good) - 1):
        with open(path, 'wb') as g:
            g.write(good[:at] + bytes((good[at] ^ 1,)) + good[at + 1:])
        t.is_(x.tool('check')[0], 1, 'check finds the file that is another (byte %d)' % at)
    os.unlink(path)
    code, said = x.tool('check')
    t.ok(code == 1 and 'file.lost' not in said and os.path.basename(path) in said, 'and the one that is gone, by name', said[-300:])
    with open(path, 'wb') as g:
        g.write(good)
    os.chmod(path, 0o600)
    code, said = x.tool('check')
    t.ok(code == 0 and 'attachments whole' in said, 'with all in place it agrees', said[-300:])


def killed(t, x, f):
    before = on_disk(x)
    os.environ['SEKISHO_FAULT'] = 'office.file:100:%s/office/faults' % x.dir
    x.up()
    del os.environ['SEKISHO_FAULT']
    n = f.list('mori').json()['total']
    try:
        f.put('mori', samples.pdf(b'killed'))
    except OSError:
        pass
    t.is_(x.running.pop('office').wait(), -9, 'the office dies between file and entry')
    orphans = [p for p in on_disk(x) if p not in before]
    open(x.dir + '/office/spool/body.left00', 'w').close()
    t.is_(len(orphans), 1, 'a file that nothing names is left')
    x.start('office')
    town.wait('the office', lambda: _answers(x))
    t.is_((on_disk(x), spooled(x)), (before, []), 'the next start takes it away, and nothing else')
    t.is_(f.list('mori').json()['total'], n, 'the list is as it was')
    t.is_(f.put('mori', samples.pdf(b'killed')).status, 201, 'sending it again works')


def _answers(x):
    try:
        return x.user('GET', '/sign-in').status == 200
    except (OSError, ValueError):
        return False


def mount(path, kb):
    return subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=0700,size=%dk' % kb, 'tmpfs', path], capture_output=True).returncode == 0


def full(t, x, f):
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() or libc.unshare(CLONE_NEWNS) or subprocess.run(['mount', '--make-rprivate', '/']).returncode:
        t.skip('a full disk', 'no right to mount')
        return
    n = None
    for folder, kb in (('spool', 512), ('files', 1024)):
        path = '%s/office/%s' % (x.dir, folder)
        assert mount(path, kb)
        x.up()
        n = n or f.list('mori').json()['total']
        r = f.put('mori', samples.pdf(b'full' * 500000))
        t.is_((r.status, key_of(r)), (503, 'error.full'), 'no room in %s: refused, and it says why' % folder)
        left = [p for _, _, files in os.walk(path) for p in files]
        t.is_((left, f.list('mori').json()['total']), ([], n), 'nothing of it is left')
        t.is_(f.put('mori', samples.pdf(folder.encode())).status, 201, 'a small one still goes in')
        n += 1
        t.is_(x.down(), [], 'the office ends well')
        subprocess.run(['umount', path])


def main():
    with Tap() as t:
        x = town.Town(at='2026-04-01T09:00', pack=large.PACK, people=large.CAST, gate=None, roles=('signer', 'render-serve', 'office'))
        with x:
            f = Files(x, 'service:' + x.case('tanaka', large.approved(x))['service']['id'])
            made = comes_back(t, x, f)
            types(t, f)
            other = rights(t, x, f, made)
            twice(t, x, f, other)
            bounded(t, x, f)
            path, good = spoilt(t, x, made)
            t.is_(x.down(), [], 'all end well')
            checked(t, x, path, good)
            killed(t, x, f)
            t.is_(x.down(), [], 'all end well')
            t.is_(x.tool('check')[0], 0, 'check agrees')
            full(t, x, f)


if __name__ == '__main__':
    main()
