#!/usr/bin/python3
"""test_rotation.py - keys hand over while hosts talk through a real gate: not one packet of who may is lost, and who may not stays out.

    tests/net/test_rotation.py BUILD          TAP; needs root
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
from tap import Tap                                                   # noqa: E402
from office import Office, Person                                            # noqa: E402
from netlab import Flow, HOST4, HOST_MAC, Lab, OTHER4, OTHER_MAC, SERVER4, wait_until    # noqa: E402
from test_thread import apply, descendants                             # noqa: E402

BUILD = os.path.abspath(sys.argv[1])
PEOPLE = ('sato:佐藤:産業振興課:staff', 'suzuki:鈴木:産業振興課:section_manager', 'tanaka:田中:情報政策課:system_manager', 'kudo:工藤:総務課:system_manager')
ROTATIONS = '/api/v1/keys/rotations'
LOST_MOST = 1           # the packet that is under way when we count


def refused(f):
    try:
        f()
    except RuntimeError as e:
        return str(e)
    return ''


def person(office, login):
    account = json.load(open(office.dir + '/people.json'))[login]
    return Person(office, account['login'], account['password'])


def keys(admin):
    return {k['use']: k for k in admin.get('/api/v1/keys')['items']}


def rotation(admin, id_):
    return [r for r in admin.get('/api/v1/keys')['rotations'] if r['id'] == id_][0]


def gate_is_current(admin):
    g = admin.get('/api/v1/gates')
    return g['items'][0].get('applied_seq') == g['table_seq']


def rotate(one, other, use='table', then=None):
    id_ = one.post(ROTATIONS, {'use': use, 'reason': '年に一度の交代。'})['id']
    other.post('%s/%s/confirm' % (ROTATIONS, id_), {})
    if then:
        then()
    return id_


def done(one, id_):
    def asked():
        try:
            return rotation(one, id_)['state'] == 'done'
        except (OSError, RuntimeError):
            return False
    return wait_until(asked, 20, 0.05)


def approve(staff, chief, mac):
    a = apply(staff, mac)
    row = chief.get('/api/v1/applications/' + a['id'])
    chief.post('/api/v1/applications/%s/decide' % a['id'], {'decision': 'approve', 'reason': '', 'rev': row['rev']})
    return wait_until(lambda: [p for p in [staff.get('/api/v1/applications/' + a['id']).get('permit')] if p and p['enforcement']], 10, 0.05)


def pids_of(office, word):
    out = []
    for pid in descendants(office.child.pid):
        try:
            with open('/proc/%d/cmdline' % pid, 'rb') as f:
                if word in f.read().split(b'\0'):
                    out.append(pid)
        except OSError:
            pass
    return out


def story(t, lab, office):
    staff, chief = person(office, 'sato'), person(office, 'suzuki')
    one, other = person(office, 'tanaka'), person(office, 'kudo')
    if not t.ok(wait_until(lambda: [g for g in one.get('/api/v1/gates')['items'] if g.get('connected')], 20, 0.1), 'the gate enrols and connects', office.logs()):
        return
    t.ok(approve(staff, chief, HOST_MAC), 'a host is permitted')
    s = lab.udp(lab.host, HOST4)
    flow = Flow(lab, 'permitted', s, (SERVER4, 7000), s)
    u = lab.udp(lab.other, OTHER4)
    stranger = Flow(lab, 'stranger', u, (SERVER4, 7000), u)
    t.ok(wait_until(lambda: flow.got > 50, 5), 'and heard')

    first = keys(one)
    id_ = one.post(ROTATIONS, {'use': 'table', 'reason': '年に一度の交代。'})['id']
    t.ok('403' in refused(lambda: one.post('%s/%s/confirm' % (ROTATIONS, id_), {})), 'who asked for a rotation cannot confirm it')
    t.is_(keys(one), first, 'and nothing has changed by asking')
    other.post('%s/%s/confirm' % (ROTATIONS, id_), {})
    t.ok(done(one, id_), 'another confirms, and the signer does it', office.logs())
    second = keys(one)
    t.is_((second['table']['key'], second['table']['generation']), (first['table']['next'], 2), 'the next key is the current one')
    t.is_((second['order'], second['log'], second['ca']), (first['order'], first['log'], first['ca']), 'no other key has changed')
    t.ok(wait_until(lambda: gate_is_current(one), 10, 0.05), 'the gate obeys the first table of the new key', office.logs())

    permit = approve(staff, chief, OTHER_MAC)
    t.ok(permit and wait_until(lambda: stranger.got > 5, 5), 'a permit after the rotation reaches the kernel')
    chief.post('/api/v1/permits/%s/revoke' % permit[0]['id'], {'reason': '終わり', 'rev': permit[0]['rev']})
    t.ok(wait_until(lambda: time.time() - stranger.last > 0.5, 5, 0.05), 'and its end, too')
    heard = stranger.got

    gate = pids_of(office, b'enforcer') + pids_of(office, b'uplink')
    for pid in gate:
        os.kill(pid, signal.SIGSTOP)
    for _ in range(2):
        t.ok(done(one, rotate(one, other)), 'rotated while the gate sleeps')
    for pid in gate:
        os.kill(pid, signal.SIGKILL)
    t.ok(len(gate) >= 2 and wait_until(lambda: gate_is_current(one), 40, 0.1), 'killed, it comes back with the table of its disk, follows both, and is current', office.logs())
    t.is_(keys(one)['table']['generation'], 4, 'four generations')

    id_ = rotate(one, other, then=lambda: [os.kill(p, signal.SIGKILL) for p in pids_of(office, b'office') + pids_of(office, b'signer')])
    one = None
    wait_until(office.answers, 30, 0.1)
    one, other = person(office, 'tanaka'), person(office, 'kudo')
    t.ok(done(one, id_), 'office and signer killed right after the confirmation: done all the same', office.logs())
    t.is_(keys(one)['table']['generation'], 5, 'once')
    t.ok(wait_until(lambda: gate_is_current(one), 40, 0.1), 'and the gate follows')
    t.ok(done(one, rotate(one, other, 'order')), 'the order key rotates as well')
    t.is_(keys(one)['order']['generation'], 2, 'and counts for itself')
    t.ok(wait_until(lambda: gate_is_current(one), 10, 0.1), 'its link does not disturb the gate')

    issuing_ca(t, office)
    flow.stop()
    stranger.stop()
    t.ok(flow.sent - flow.got <= LOST_MOST, 'the permitted host lost none of %d packets in all this' % flow.sent, 'lost %d' % (flow.sent - flow.got))
    t.is_(stranger.got, heard, 'the stranger heard nothing but in its time (%d asked)' % stranger.sent)


def openssl(*words, stdin=None):
    p = subprocess.run(['openssl', *words], input=stdin, capture_output=True, text=True)
    return p.stdout + p.stderr


def issue_ca(office, code):
    p = subprocess.run([BUILD + '/src/server/sekishod', 'issue-ca', office.dir], input=code + '\n', capture_output=True, text=True, timeout=30)
    return p.returncode, p.stdout + p.stderr


def epoch(office):
    p = subprocess.run([BUILD + '/src/server/sekishod', 'epoch', office.dir, '--reason', 'rotation'], capture_output=True, text=True, timeout=30)
    return p.returncode, p.stdout + p.stderr


def trusted_on(t, office, top):
    """Whoever typed the first key follows to the second; whoever has neither does not."""
    out = top + '/log'
    p = subprocess.run([BUILD + '/src/server/sekishod', 'export-log', office.dir, out], capture_output=True, text=True, timeout=60)
    t.ok(p.returncode == 0, 'the log is exported', p.stdout + p.stderr)
    for key, want, what in ((office.key, 0, 'who trusted the old log key verifies the new epoch without a word'), (None, 2, 'without any key nobody does')):
        words = [BUILD + '/src/cli/sekisho', 'verify', '--log', out, '--signer-state', office.dir + '/signer/state', *(['--key', key] if key else [])]
        p = subprocess.run(words, capture_output=True, text=True, timeout=60)
        t.ok(p.returncode == want, what, '%d\n%s' % (p.returncode, p.stdout + p.stderr))


def chain(t, office, leaf, what):
    """A file with certificate and issuing CA leads to the root, and to nothing else."""
    said = openssl('verify', '-x509_strict', '-CAfile', office.dir + '/tls/ca.pem', '-untrusted', leaf, leaf)
    t.ok(said.strip() == leaf + ': OK', what + ' leads to the root', said)


def issuing_ca(t, office):
    root, server, gate = (office.dir + f for f in ('/tls/ca.pem', '/tls/server.pem', '/gate/gate.pem'))
    t.ok('pathlen:1' in openssl('x509', '-in', root, '-noout', '-text') and 'root' in openssl('x509', '-in', root, '-noout', '-subject'), 'what gates and browsers trust is the root')
    chain(t, office, server, "nginx's certificate")
    chain(t, office, gate, "the gate's certificate")
    said = openssl('verify', '-CAfile', root, server)
    t.ok('error' in said, 'without the issuing CA it does not: the root signed no server', said)
    raw = b''
    for name in os.listdir(office.dir + '/signer'):
        with open(os.path.join(office.dir, 'signer', name), 'rb') as f:
            raw += f.read()
    t.ok(b'root.sealed' not in raw and os.path.exists(office.dir + '/signer/root.sealed'), "the root's key lies sealed beside the keys")

    one, other = person(office, 'tanaka'), person(office, 'kudo')
    before = keys(one)['ca']
    id_ = one.post(ROTATIONS, {'use': 'ca', 'reason': '期限が近い。'})['id']
    t.ok('422' in refused(lambda: other.post('%s/%s/confirm' % (ROTATIONS, id_), {})), 'no next issuing CA is prepared: it cannot be confirmed')
    status, said = issue_ca(office, office.recovery)
    t.ok(status and '署名係が動いています' in said, 'nor prepared while the signer runs', said)
    t.ok(done(one, rotate(one, other, 'log')), 'the log key is announced by two as well: its last word is who follows')
    t.ok(epoch(office)[0], 'and taken only while nothing runs')
    office.stop()
    wrong = ('B' if office.recovery[0] != 'B' else 'C') + office.recovery[1:]
    status, said = issue_ca(office, wrong)
    t.ok(status, 'nor with a mistyped code', said)
    status, said = issue_ca(office, office.recovery)
    t.is_(status, 0, 'with the code of the recovery sheet it is')
    status, said = epoch(office)
    t.is_((status, 'epoch\t2' in said, 'gap\t0' in said), (0, True, True), 'the epoch of the announced key opens without a gap')
    status, said = epoch(office)
    t.ok(status and '2人で確認した' in said, 'and no other, before two people said so again', said)
    office.start()
    one, other = person(office, 'tanaka'), person(office, 'kudo')
    t.ok(keys(one)['log']['generation'] == 2 and wait_until(lambda: gate_is_current(one), 40, 0.1), 'and the gate obeys its tables', office.logs())
    prepared = keys(one)['ca']['prepared']
    other.post('%s/%s/confirm' % (ROTATIONS, id_), {})
    t.ok(done(one, id_), 'then two people make it the current one', office.logs())
    after = keys(one)['ca']
    t.is_((after['key'], after['generation'], after['root'], 'prepared' in after), (prepared['key'], 2, before['root'], False), 'the root is the same')
    t.ok(wait_until(lambda: [g for g in one.get('/api/v1/gates')['items'] if g.get('connected')], 30, 0.1), 'the gate connects by its certificate of the CA before')
    made = one.post('/api/v1/gates', {'name': 'second', 'zone': 'office', 'lan': 'lan1'})
    second = office.dir + '/second'
    p = subprocess.run([BUILD + '/src/gate/sekisho-gate', 'enrol', '--state', second, made['code']], capture_output=True, text=True, timeout=60)
    t.ok(p.returncode == 0, 'another gate enrols', p.stdout + p.stderr)
    if p.returncode == 0:
        chain(t, office, second + '/gate.pem', 'its certificate, by the new issuing CA,')


def main():
    with Tap() as t:
        if os.geteuid() != 0:
            t.skip('rotation on a real gate', 'needs root')
            return
        with tempfile.TemporaryDirectory(prefix='sekisho-rotation-') as top, Lab() as lab:
            lab.echo_servers()
            office = Office(BUILD, lab, top, people=PEOPLE)
            try:
                office.start()
                story(t, lab, office)
                t.is_(office.stop(), 0, 'told to end, everything ends')
                check = subprocess.run([BUILD + '/src/server/sekishod', 'check', office.dir], capture_output=True, text=True, timeout=60)
                t.ok(check.returncode == 0, 'and check finds nothing', check.stdout + check.stderr)
                trusted_on(t, office, top)
            except Exception:
                t.note(office.logs())
                raise
            finally:
                if office.child.poll() is None:
                    office.stop()


if __name__ == '__main__':
    main()
