#!/usr/bin/python3
"""test_uplink.py - enrolment, uplink and supervisor against a MOCK office that misbehaves; the kernel and the gate are real.

    tests/net/test_uplink.py BUILD            TAP; needs root
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
from tap import Tap                                                   # noqa: E402
from enforcer import Maker, US, now_us                                # noqa: E402
from mock_office import DELTA, MockOffice, SNAPSHOT                   # noqa: E402
from netlab import Flow, HOST4, HOST_MAC, Lab, OTHER_MAC, SERVER4, wait_until    # noqa: E402

BUILD = os.path.abspath(sys.argv[1])
GATE, MAKER = os.path.join(BUILD, 'src/gate/sekisho-gate'), os.path.join(BUILD, 'tests/net/tablemaker')
HOUR = 3600 * US


def enrol(office, state, code, server=None):
    r = subprocess.run([GATE, 'enrol', code, '--state', state, '--server', server or '%s:%d' % (office.address, office.port)], capture_output=True,
                       text=True, timeout=60)
    return r.returncode, r.stdout, r.stderr


def enrolment(t, office, state):
    code = office.code()
    wrong = code.replace(code[40], 'A' if code[40] != 'A' else 'B', 1)
    r, _, err = enrol(office, state, wrong)
    t.ok(r != 0 and 'コードが違います' in err and 'The code is not right' in err, 'a mistyped code is caught by its check digits, in both languages', err)
    r, _, err = enrol(office, state, office.code(pin=bytes(32)))
    t.ok(r != 0 and 'Another server answers' in err, 'a server with another key is refused', err)
    t.is_([a for a in office.asked if a[0] == 'POST'], [], 'and it was sent nothing')
    r, _, err = enrol(office, state, code, '127.0.0.1:1')
    t.ok(r != 0 and 'cannot be reached' in err, 'an unreachable server is called that', err)
    for key, words in (('gate.code.used', 'used already'), ('gate.code.over', 'run out'), ('gate.code.unknown', 'does not know')):
        office.refuse_enrol = key
        r, _, err = enrol(office, state, code)
        t.ok(r != 0 and words in err, 'the server\'s refusal %s is said in words' % key, err)
    office.refuse_enrol = None
    t.is_(sorted(os.listdir(state)), [], 'a failed enrolment leaves nothing behind')
    r, out, err = enrol(office, state, ' ' + code.lower().replace('-', ' '))
    t.ok(r == 0 and 'Enrolled as' in out and '登録しました' in out, 'the right code enrols, whatever its case and blanks', out + err)
    t.is_(sorted(os.listdir(state)), ['ca.pem', 'gate.pem', 'key.pem', 'settings.json'], 'key, certificate, CA and settings are kept')
    t.is_(os.stat(os.path.join(state, 'key.pem')).st_mode & 0o777, 0o600, 'the key is readable by its owner alone')
    r, _, err = enrol(office, state, code)
    t.ok(r != 0 and 'enrolled already' in err, 'a second enrolment is refused', err)


def children_of(pid):
    out = {}
    for line in subprocess.run(['ps', '-o', 'pid=,args=', '--ppid', str(pid)], capture_output=True, text=True).stdout.splitlines():
        number, args = line.split(None, 1)
        out['enforcer' if ' enforcer ' in args else 'uplink'] = int(number)
    return out


class Run:
    def __init__(self, lab, office, state):
        self.log = os.path.join(os.path.dirname(state), 'run.log')
        self.child = subprocess.Popen([GATE, 'run', '--state', state, '--netns', lab.gate, '--server', '%s:%d' % (office.address, office.port)],
                                      stderr=open(self.log, 'ab'))
        lab.children.append(self.child)

    def words(self):
        return open(self.log).read()


def powers(t, lab, office, maker, run):
    """What is left to each process, by the kernel's own account."""
    def status(pid):
        return {k: v.strip() for k, v in (line.split(':', 1) for line in open('/proc/%d/status' % pid))}

    pids = wait_until(lambda: len(children_of(run.child.pid)) == 2 and children_of(run.child.pid))
    wait_until(lambda: all(status(p)['Seccomp'] == '2' for p in pids.values()))
    for role, caps in (('enforcer', 1 << 12), ('uplink', 0)):
        s = status(pids[role])
        t.is_([int(s['CapEff'], 16), int(s['CapPrm'], 16), int(s['CapBnd'], 16) & ~caps if role == 'uplink' else 0], [caps, caps, 0],
              '%s has %s' % (role, 'CAP_NET_ADMIN and nothing else' if caps else 'no capability'))
        t.is_((s['NoNewPrivs'], s['Seccomp']), ('1', '2'), '%s gains no privilege and runs behind seccomp' % role)
    t.is_([os.readlink('/proc/%d/ns/net' % pids[r]) == os.readlink('/proc/self/ns/net') for r in ('uplink', 'enforcer')], [True, False],
          'the uplink stays outside the namespace, the enforcer is inside')


def thread(t, lab, office, maker, run):
    t.ok(wait_until(lambda: office.streams, 5), 'the gate connects with its certificate', run.words())
    t.ok(any(a[1] == '/m/v1/grants?epoch=0&seq=0' and a[2].get('sekisho-version') == '1' and a[3] for a in office.asked), 'it says that it has no table', office.asked)
    office.push(SNAPSHOT, maker.table(1, [(OTHER_MAC, 0, now_us() + HOUR)]))
    at, body = office.report_for(1)
    t.ok(body, 'the first table is reported', run.words())
    t.is_((body or {}).get('applied', {}).get('hash'), maker.hash(), 'by the hash of its header')
    took = []
    for seq in range(2, 22):
        s = lab.udp(lab.host, HOST4)
        f = Flow(lab, 'echo', s, (SERVER4, 7000), s, every=0.002)
        maker.table(seq, [(HOST_MAC, 0, now_us() + HOUR)] if seq % 2 == 0 else [])
        at = office.push(DELTA, maker.delta())
        _, body = office.report_for(seq)
        if seq % 2 == 0:
            wait_until(lambda: f.first, 2, 0.001)
            took.append(((f.first - at) * 1000, (body['applied']['at'] / US - at) * 1000))
        f.stop()
    packets, kernel = sorted(p for p, _ in took), sorted(k for _, k in took)
    t.ok(kernel[-1] < 20, 'delta sent by the mock to element in the kernel: median %.1f ms, worst %.1f ms' % (kernel[5], kernel[-1]), took)
    t.ok(packets[-1] < 1000, 'delta sent by the mock to first packet back at the host: median %.1f ms, worst %.1f ms' % (packets[5], packets[-1]), took)


def deaths(t, lab, office, maker, run):
    office.snapshot = maker.table(30, [(HOST_MAC, 0, now_us() + HOUR)])
    office.push(SNAPSHOT, office.snapshot)
    office.report_for(30)
    s = lab.udp(lab.host, HOST4)
    f = Flow(lab, 'echo', s, (SERVER4, 7000), s)
    wait_until(lambda: f.got > 20)
    for role in ('uplink', 'enforcer', 'uplink'):
        before, asked = children_of(run.child.pid), len(office.asked)
        at = time.time()
        os.kill(before[role], signal.SIGKILL)
        back = wait_until(lambda: children_of(run.child.pid).get(role, before[role]) != before[role], 3)
        t.ok(back and time.time() - at < 1, '%s killed with -9 is back (%.0f ms)' % (role, (time.time() - at) * 1000), run.words())
        t.ok(wait_until(lambda: any('grants?epoch=1&seq=30' in a[1] for a in office.asked[asked:]), 5), 'after that it connects from the table it has')
    time.sleep(0.3)
    f.ending.set()
    time.sleep(0.2)
    f.stop()
    t.ok(f.sent - f.got <= 1, 'no packet of a permitted host was lost in three deaths (%d sent, %d back)' % (f.sent, f.got))


def faults(t, lab, office, maker, run):
    office.report_status = [503, 503, 200]
    n = len(office.reports)
    office.push(SNAPSHOT, maker.table(31, [(HOST_MAC, 0, now_us() + HOUR)]))
    office.report_for(31)
    tries = [b['seq'] for _, _, b in office.reports[n:]]
    t.ok(len(tries) == 3 and len(set(tries)) == 1, 'a report is repeated under its number until it is acknowledged', tries)
    asked = len(office.asked)
    office.snapshot = None
    forged = bytearray(maker.table(32, []))
    forged[170] ^= 1
    before = list(office.streams)
    office.push(SNAPSHOT, bytes(forged))
    t.ok(wait_until(lambda: 'the signature does not fit' in run.words(), 2), 'a forged table is refused', run.words())
    t.ok(wait_until(lambda: any('seq=31' in a[1] for a in office.asked[asked:]), 5), 'and the stream is opened again from the good one')
    wait_until(lambda: [c for c in office.streams if c not in before])     # the mock notes the request a moment before the stream
    asked = len(office.asked)
    office.drop_streams()
    t.ok(wait_until(lambda: any('/m/v1/grants' in a[1] for a in office.asked[asked:]), 5), 'a dropped stream is opened again')
    wait_until(lambda: office.streams)
    asked, office.named_seq, at = len(office.asked), 40, time.time()
    office.heartbeat_s = 0.5
    office.drop_streams()
    wait_until(lambda: office.streams)
    asked = len(office.asked)
    t.ok(wait_until(lambda: len(office.asked) > asked, 12), 'a server that names a newer table and does not send it is asked again (%.1f s)' % (time.time() - at))
    office.named_seq, office.heartbeat_s = 31, 1000
    office.drop_streams()
    wait_until(lambda: office.streams)
    asked, at = len(office.asked), time.time()
    t.ok(wait_until(lambda: len(office.asked) > asked, 32), 'a silent server is left after 25 s (%.1f s)' % (time.time() - at))
    t.ok(24 < time.time() - at < 31, 'and not before')


def main():
    with Tap() as t:
        if os.geteuid() != 0:
            t.skip('the uplink against a mock office', 'needs root')
            return
        maker = Maker(MAKER)
        with tempfile.TemporaryDirectory(prefix='sekisho-gate-') as top, Lab(uplink=True) as lab:
            state = os.path.join(top, 'state')
            os.mkdir(state, 0o700)
            os.mkdir(os.path.join(top, 'office'))
            office = MockOffice(os.path.join(top, 'office'), lab.office4, maker.key)
            try:
                lab.echo_servers()
                enrolment(t, office, state)
                run = Run(lab, office, state)
                for part in (powers, thread, deaths, faults):
                    part(t, lab, office, maker, run)
                run.child.terminate()
                t.is_(run.child.wait(10), 0, 'told to end, it ends')
                t.ok(lab.sh(lab.gate, 'nft list table inet sekisho'), 'and leaves its rules in the kernel')
            finally:
                office.close()
                maker.close()


if __name__ == '__main__':
    main()
