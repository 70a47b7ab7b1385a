"""page_judge.py - the checks of verify.html outside of a browser (web/test/judge.ts), asked what `sekisho verify` was asked.

    page = Page()
    page.ask({'folder': path}, words, code, said)         # or {'zip': path}; what our program answered to the same
    page.end(t)                                           # one line of TAP
"""
import json
import os
import subprocess

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
