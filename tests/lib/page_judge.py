"""page_judge.py - the checks of verify.html outside of a browser (web/test/judge.ts), asked what `sekisho verify` was asked.

    page = Page()
    page.ask({'folder': path}, words, code, said)         # or {'zip': path}; what our program answered to the same
    page.end(t)                                           # one line of TAP
"""
import json
import os
import shutil
import subprocess

# A browser's own namespaces: no interface is up, and an empty folder lies over this tree.
ALONE = '#!/bin/sh\nexec unshare --net --mount sh -c \'mount -t tmpfs none "$0" && exec %s "$@"\' %s "$@"\n'
CHROMIUM = '/usr/bin/chromium-headless-shell'
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
USAGE = 3


class Page:
    def __init__(self):
        self.node = subprocess.Popen([os.path.join(ROOT, 'web/node_modules/.bin/node'), os.path.join(ROOT, 'web/test/judge.ts')], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        self.asked, self.apart = 0, []

    def ask(self, what, words, code, said, broken=True):
        """`broken`: it may be 1 for the one and 2 for the other."""
        if code == USAGE or '--signer-state' in words:      # the page reads no such file
            return
        self.node.stdin.write(json.dumps({**what, 'words': words}) + '\n')
        self.node.stdin.flush()
        got = json.loads(self.node.stdout.readline())
        if got['verdict'] is None:                          # it does not take what was typed
            return
        self.asked += 1
        if got['verdict'] != code and not (broken and got['verdict'] and code):
            self.apart.append('ours %d, the page %r %r\n%s' % (code, got, words, said[-400:]))

    def end(self, t, least):
        self.node.stdin.close()
        self.node.wait(10)
        t.ok(self.asked > least and not self.apart, 'verify.html says the same of each of %d' % self.asked, '\n'.join(self.apart[:12]) or self.asked)


def alone(top):
    """A Chromium that sees neither a network nor this tree; needs root."""
    path = os.path.join(top, 'alone')
    with open(path, 'w', encoding='ascii') as f:
        f.write(ALONE % (CHROMIUM, ROOT))
    os.chmod(path, 0o755)
    return path


def in_browser(top, pack, key, size, root):
    """What the page itself says of a zip in such a browser: {'verdict': '0', 'entries': …}. `top`: an empty folder."""
    shutil.copy(os.path.join(ROOT, 'web/dist/verify.html'), top)
    shutil.copy(pack, os.path.join(top, 'pack.zip'))
    with open(os.path.join(top, 'truth.json'), 'w', encoding='utf-8') as f:
        json.dump({'fingerprints': [key], 'size': size, 'roots': {str(size): root}}, f)
    r = subprocess.run([os.path.join(ROOT, 'web/node_modules/.bin/node'), os.path.join(ROOT, 'tests/bench/verify_page.mjs'), top, 'pack.zip'],
                       env={**os.environ, 'E2E_CHROMIUM': alone(top)}, capture_output=True, text=True, timeout=120)
    return json.loads(r.stdout) if r.returncode == 0 else {'failed': r.stderr}
