#!/usr/bin/python3
"""test_keys_lost.py - each key lost in turn while hosts talk through a real gate: what happens, the rehearsed answer, and no packet more or less.

docs/operations/*/disaster.md says what is done here. A gate that cannot follow keeps the table it has: who may goes on, who may not stays out.

    tests/net/test_keys_lost.py BUILD          TAP; needs root
"""
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
from tap import Tap                                                   # noqa: E402
from office import Office                                               # noqa: E402
from netlab import Flow, HOST4, HOST_MAC, Lab, OTHER4, SERVER4, wait_until    # noqa: E402
from test_rotation import approve, person                               # noqa: E402

BUILD = os.path.abspath(sys.argv[1])
PEOPLE = ('sato:佐藤:産業振興課:staff', 'suzuki:鈴木:産業振興課:section_manager', 'tanaka:田中:情報政策課:system_manager', 'kudo:工藤:総務課:system_manager')
LOST_MOST = 2           # packets under way when a rule is looked at


class House:
    """The office with its recovery code, stopped and started; the gate beside it."""

    def __init__(self, t, lab, top):
        self.t, self.top = t, top
        self.office = Office(BUILD, lab, top, people=PEOPLE)
        self.code = self.tool('recovery', 'new')[1].split('\t')[1].strip()
        self.gates = 0

    def tool(self, verb, *words, typed=''):
        done = subprocess.run([BUILD + '/src/server/sekishod', verb, self.office.dir, *words], input=typed, capture_output=True, text=True, timeout=90)
        return done.returncode, done.stdout + done.stderr

    def start(self):
        self.office.tls = ssl.create_default_context(cafile=self.office.dir + '/tls/ca.pem')
        self.office.start()
        self.admin = person(self.office, 'tanaka')

    def stop(self):
        self.t.is_(self.office.stop(), 0, 'everything is stopped')

    def epoch(self, *words):
        code, said = self.tool('epoch', '--reason', 'key-lost', '--by', 'tanaka', '--second', 'kudo', '--why', '訓練', *words)
        self.t.ok(code == 0, 'a new epoch: ' + ' '.join(words), said)
        return dict(line.split('\t', 1) for line in said.splitlines() if '\t' in line)

    def current(self, patience=20):
        """The newest table is in the gate's kernel."""
        def asked():
            g = self.admin.get('/api/v1/gates')
            last = g['items'][-1]
            return last.get('connected') and last.get('applied_seq') == g['table_seq'] and last.get('applied_seq')
        return wait_until(asked, patience, 0.1)

    def enrol_again(self):
        """Registered anew, as a person would: another gate, another code, the old gate's folder put away."""
        self.gates += 1
        code = self.admin.post('/api/v1/gates', {'name': '控え%d' % self.gates, 'zone': 'office', 'lan': 'lan0'})['code']
        self.stop()
        shutil.rmtree(self.office.dir + '/gate')
        os.mkdir(self.office.dir + '/gate', 0o700)
        with open(os.open(self.office.dir + '/gate/code', os.O_CREAT | os.O_WRONLY, 0o600), 'w') as f:
            f.write(code + '\n')
        self.start()
        return self.current(30)

    def check(self, what):
        self.stop()
        code, said = self.tool('check')
        self.t.ok(code == 0, 'check finds nothing: ' + what, said)


class Watch:
    """Packets of the host that may, and of the one that may not; what is lost is counted between two moments."""

    def __init__(self, lab):
        s, u = lab.udp(lab.host, HOST4), lab.udp(lab.other, OTHER4)
        self.flow, self.stranger = Flow(lab, 'permitted', s, (SERVER4, 7000), s), Flow(lab, 'stranger', u, (SERVER4, 7000), u)

    def lost(self):
        wait_until(lambda: self.flow.sent == self.flow.got, 0.5, 0.01)
        return self.flow.sent - self.flow.got


def story(t, lab, h):
    h.start()
    staff, chief = person(h.office, 'sato'), person(h.office, 'suzuki')
    t.ok(wait_until(h.current, 30) and approve(staff, chief, HOST_MAC), 'a host is permitted at a real gate', h.office.logs())
    w = Watch(lab)
    t.ok(wait_until(lambda: w.flow.got > 50, 5), 'and heard')

    h.stop()
    for name in os.listdir(h.office.dir + '/tls'):
        os.unlink(os.path.join(h.office.dir, 'tls', name))
    t.is_(h.tool('tls')[0], 0, "nginx's key is lost: one command makes another")
    h.start()
    t.ok(h.current(), 'the gate trusts it without a word: the CA is the same', h.office.logs())

    h.stop()
    before = open(h.office.dir + '/signer/keys', 'rb').read()
    got = h.epoch('--renew', 'log,order')
    t.ok((got['gap'], got['epoch']) == ('0', '2') and open(h.office.dir + '/signer/keys', 'rb').read() != before, 'log and order keys are lost: the log goes on under new ones, nothing is missing', str(got))
    h.start()
    t.ok(h.current(), 'the gate takes the next table of the next epoch', h.office.logs())

    h.stop()
    os.unlink(h.office.dir + '/signer/state')
    code, said = h.tool('epoch', '--reason', 'key-lost', '--by', 'tanaka', '--second', 'kudo', '--why', '訓練')
    t.ok(code == 1 and 'epoch.known.none' in said, "the signer's state is lost: it asks what is known", said)
    h.epoch('--known', 'none')
    h.start()
    t.ok(h.current(), 'and goes on with the same table key', h.office.logs())
    t.ok(w.lost() <= LOST_MOST, 'until here the host lost nothing of %d packets' % w.flow.sent, 'lost %d' % w.lost())

    for what, words in (('the table key', ('--renew', 'table')), ('the CA', ('--renew', 'ca'))):
        h.stop()
        h.epoch(*words)
        lost = w.lost()
        h.start()
        t.ok(not h.current(4), '%s is lost: the gate does not believe a new one' % what)
        t.ok(w.lost() - lost <= LOST_MOST, 'but keeps its table: the host talks on', 'lost %d' % (w.lost() - lost))
        t.ok(h.enrol_again(), 'registered anew it is current', h.office.logs())

    h.stop()
    shutil.rmtree(h.office.dir + '/signer')
    os.mkdir(h.office.dir + '/signer', 0o700)
    lost = w.lost()
    h.epoch('--known', 'none')
    h.start()
    t.ok(w.lost() - lost <= LOST_MOST, 'all keys of the signer are lost: the host talks on meanwhile', 'lost %d' % (w.lost() - lost))
    t.ok(h.enrol_again(), 'registered anew the gate is current', h.office.logs())
    h.code = h.tool('recovery', 'new')[1].split('\t')[1].strip()

    data, keys = os.path.join(h.top, 'data-b'), os.path.join(h.top, 'keys-b')
    t.ok(h.tool('backup', data)[0] == 0 and h.tool('backup-keys', keys)[0] == 0, 'data and keys are backed up while the gate works')
    h.stop()
    os.unlink(h.office.dir + '/office/keys.db')
    code, said = h.tool('check')
    t.ok(code != 0 and 'keys.db' in said, 'keys.db is lost: the office says so', said)
    lost = w.lost()
    to = h.office.dir + '.new'
    done = subprocess.run([BUILD + '/src/server/sekishod', 'restore', data, keys, to, '--by', 'tanaka', '--why', '訓練', '--known', data + '/checkpoint', '--erased', 'none'],
                          input=h.code + '\n', capture_output=True, text=True, timeout=90)
    t.ok(done.returncode == 0, 'both backups make it whole', done.stdout + done.stderr)
    for name in ('gate', 'people.json', 'accounts.json'):
        shutil.move(os.path.join(h.office.dir, name), os.path.join(to, name))
    shutil.rmtree(h.office.dir)
    shutil.move(to, h.office.dir)
    h.start()
    t.ok(h.current(), 'people sign in, and the gate follows into the new epoch', h.office.logs())
    t.ok(w.lost() - lost <= LOST_MOST, 'the host noticed nothing', 'lost %d' % (w.lost() - lost))
    h.check('after all of it')
    w.flow.stop()
    w.stranger.stop()
    t.ok(w.stranger.sent > 100 and w.stranger.got == 0, 'the stranger heard nothing in all this (%d asked)' % w.stranger.sent, '%d' % w.stranger.got)


def main():
    with Tap() as t:
        if os.geteuid() != 0:
            t.skip('keys lost beside a real gate', 'needs root')
            return
        with tempfile.TemporaryDirectory(prefix='sekisho-keys-') as top, Lab() as lab:
            lab.echo_servers()
            h = House(t, lab, top)
            try:
                story(t, lab, h)
            except Exception:
                t.note(h.office.logs())
                raise
            finally:
                if h.office.child.poll() is None:
                    h.office.stop()


if __name__ == '__main__':
    main()
