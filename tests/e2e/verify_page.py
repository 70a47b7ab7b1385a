#!/usr/bin/python3
"""verify_page.py - verify.html in Chromium, in a network namespace without a network and with an empty folder where this tree is.

    tests/e2e/verify_page.py      TAP; needs root, Chromium and web/dist/verify.html (./run build)

Logs and packs are made by tests/lib/evidence_maker.py, by the formats alone. One byte is flipped in each kind of file: in packs both as it
is (the manifest tells) and with a manifest made anew (the log tells).
"""
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [ROOT + '/tests', ROOT + '/tests/lib', HERE]
import evidence_maker as maker  # noqa: E402
import page_judge  # noqa: E402
from run import play_plain  # noqa: E402
from tap import Tap  # noqa: E402

PAGE = ROOT + '/web/dist/verify.html'
ENTRIES = 600
# name: (which file of the pack, what the page must name). With "made anew" the manifest is right again.
PACK = {
    'manifest': ('manifest.json', ''), 'pdf': ('clauses/S8.2-R2.2.ki.pdf', 'clauses/'), 'csv': ('tables/cases.csv', 'tables/cases.csv'),
    'attachment': ('attachments/', 'attachments/'), 'texts': ('texts.json', 'texts.json'), 'entry': ('log/entries/', 'log/entries/'), 'proof': ('log/proofs/', 'log/proofs/'),
    'checkpoint': ('log/checkpoint', 'log/checkpoint'), 'sekisho-log': ('log/sekisho-log', 'log/sekisho-log'), 'step': ('log/consistency/', 'log/consistency/'), 'subset': ('log/subset', 'log/subset'),
}
ANEW = {
    'texts': ('texts.json', '開示された文が'), 'entry': ('log/entries/', '記録'), 'proof': ('log/proofs/', '証明'), 'checkpoint': ('log/checkpoint', '署名'),
    'sekisho-log': ('log/sekisho-log', 'sekisho-log'), 'attachment': ('attachments/', '添付ファイル'),
}
LOG = {'bundle': ('tile/entries/000', 'tile/entries/000'), 'tile': ('tile/0/001', 'tile/0/001'), 'tile-above': ('tile/1/', 'tile/1/'), 'checkpoint': ('checkpoint', 'checkpoint'),
       'epoch': ('epochs/1/checkpoint', 'epochs/1/checkpoint'), 'sekisho-log': ('sekisho-log', 'sekisho-log'), 'witness': ('witnesses/kansa/checkpoint', 'witnesses/kansa/checkpoint')}


def flipped(files, begins):
    path = next(p for p in files if p.startswith(begins))
    data, at = files[path], len(files[path]) * 2 // 5
    if begins == 'texts.json':
        at = data.index('業務'.encode()) + 1
    return {**files, path: data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]}


def anew(files):
    """The same files with a manifest that fits them: what somebody does who knows the format."""
    head, _, _ = files['manifest.json'].decode().partition('"files":[')
    rest = {p: b for p, b in files.items() if p not in ('manifest.json', 'index.html')}
    lines = ',\n'.join(json.dumps({'path': p, 'size': len(b), 'sha256': maker.sha(b).hex()}, ensure_ascii=False, separators=(',', ':')) for p, b in rest.items())
    return {**files, 'manifest.json': (head + '"files":[\n' + lines + '\n]}\n').encode()}


def made(top):
    """The folder that an auditor has, and what is broken in it."""
    house = maker.House(ENTRIES)
    marks = [i for i, e in enumerate(house.entries) if b'"type":"epoch.opened"' in e or b'"type":"key.rotated"' in e]
    pack, log = house.pack(sorted({*range(0, ENTRIES, 7), *marks}), [house.rotated]), house.full()
    maker.write(top + '/log', log)
    maker.write(top + '/pack', pack)
    maker.write_zip(top + '/pack.zip', pack)
    broken = {}
    for name, (path, want) in PACK.items():
        maker.write_zip(os.path.join(top, 'broken', name + '.zip'), flipped(pack, path))
        broken[name + '.zip'] = want
    for name, (path, want) in ANEW.items():
        maker.write_zip(os.path.join(top, 'broken', name + '-anew.zip'), anew(flipped(pack, path)))
        broken[name + '-anew.zip'] = want
    for name, (path, want) in LOG.items():
        maker.write(os.path.join(top, 'broken', 'log-' + name), flipped(log, path))
        broken['log-' + name] = want
    with open(top + '/pack.zip', 'rb') as f:
        data = bytearray(f.read())
    at = data.index(b'tables/cases.csv') + 40
    data[at] ^= 1
    with open(top + '/broken/zip-member.zip', 'wb') as f:
        f.write(data)
    broken['zip-member.zip'] = 'tables/cases.csv'
    truth = {**house.truth([ENTRIES, ENTRIES - 1]), 'broken': broken}
    maker.write(top, {'truth.json': json.dumps(truth).encode(), 'earlier': truth['earlier'].encode()})


def outside():
    """A server that answers whoever has a network."""
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), type('Quiet', (http.server.SimpleHTTPRequestHandler,), {'log_message': lambda *a: None}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    with Tap() as t:
        if os.geteuid() != 0 or not os.path.exists(page_judge.CHROMIUM) or not os.path.exists(PAGE):
            t.skip('verify.html in a browser', 'needs root, Chromium and web/dist')
            return
        with tempfile.TemporaryDirectory(prefix='sekisho-verify-') as top:
            os.mkdir(top + '/broken')
            made(top)
            shutil.copy(PAGE, top)
            server = outside()
            env = {'VERIFY_DIR': top, 'VERIFY_CHROMIUM': page_judge.alone(top), 'VERIFY_TREE': ROOT + '/README.md', 'VERIFY_PORT': str(server.server_address[1])}
            t.is_(subprocess.run(['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', 'http://127.0.0.1:%s/' % env['VERIFY_PORT']], capture_output=True, text=True).stdout, '200',
                  'outside of the namespace the server answers: the control of "no network"')
            play_plain(t, 'verify.mjs', env)
            server.shutdown()


if __name__ == '__main__':
    main()
