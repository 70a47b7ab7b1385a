"""enforcer.py - drives `sekisho-gate enforcer` in place of the uplink: signed tables in, reports out.

The pipe's messages are src/gate/pipe.h's, the tables come from the program tablemaker (a test key).
"""
import json
import os
import socket
import struct
import subprocess
import time

INSTALL = '018f0000-0000-7000-8000-000000000001'
OTHER_INSTALL = '018f0000-0000-7000-8000-000000000002'
HELLO, TIME, PIECE, STATE, APPLIED = 1, 2, 3, 4, 5
SNAPSHOT, DELTA = 1, 2
HEAD = struct.Struct('<IIqqQIIII32s')        # type frame server boot seq epoch count total at hash
PIECE_MAX = 64 * 1024
US = 1000000


def now_us():
    return time.time_ns() // 1000


def boot_us():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


class Maker:
    """Signed tables."""

    def __init__(self, program):
        self.p = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.key = self.ask('key')

    def ask(self, line):
        self.p.stdin.write(line + '\n')
        self.p.stdin.flush()
        answer = self.p.stdout.readline().strip()
        if answer == 'error':
            raise RuntimeError('tablemaker: ' + line)
        return answer

    def table(self, seq, rows, epoch=1, install=INSTALL, valid_s=3600):
        """rows: (mac, from_us, until_us[, zone[, verdict]])"""
        self.ask('clear')
        for row in rows:
            mac, start, end, zone, verdict = (*row, 1, 1)[:5] if len(row) == 3 else (*row, 1)[:5] if len(row) == 4 else row
            self.ask('row %s %d %d %d %d' % (mac, zone, verdict, start, end))
        return bytes.fromhex(self.ask('table %d %d %d %d %s' % (epoch, seq, now_us() - US, now_us() + valid_s * US, install)))

    def delta(self):
        return bytes.fromhex(self.ask('delta'))

    def hash(self):
        return self.ask('hash')

    def close(self):
        self.p.kill()
        self.p.wait()


class Enforcer:
    def __init__(self, lab, program, state, key, zone=1, lan='lan0', env=None, say_time=True, log=None):
        self.lab, self.state = lab, state
        self.log = open(log or os.path.join(state, 'log'), 'ab', buffering=0)
        if not os.path.exists(os.path.join(state, 'settings.json')):
            self._settings(key, zone, lan)
        self.pipe, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.child = lab.start(lab.gate, program, 'enforcer', '--state', state, stdin=theirs, stderr=self.log, env={**os.environ, **(env or {})})
        theirs.close()
        self.pipe.settimeout(0.05)
        self.heard = []
        if say_time:
            self.time()

    def _settings(self, key, zone, lan):
        with open(os.path.join(self.state, 'settings.json'), 'w') as f:
            json.dump({'v': 1, 'install': INSTALL, 'gate': INSTALL, 'epoch': 1, 'zone': zone, 'port': 8444, 'name': 'test', 'lan': lan,
                       'host': 'localhost', 'log_key': 'none', 'table_key': key}, f)
        for name in ('gate.pem', 'ca.pem'):
            open(os.path.join(self.state, name), 'w').close()

    def _say(self, kind, frame=0, server=0, total=0, at=0, data=b''):
        self.pipe.send(HEAD.pack(kind, frame, server, boot_us(), 0, 0, 0, total, at, bytes(32)) + data)

    def time(self, ahead_us=0):
        self._say(TIME, server=now_us() + ahead_us)

    def hello(self):
        self._say(HELLO)

    def body(self, frame, data):
        at_us = now_us()
        for at in range(0, len(data), PIECE_MAX):
            self._say(PIECE, frame, at_us, len(data), at, data[at:at + PIECE_MAX])
        return at_us

    def hear(self, kind, deadline_s=5.0, seq=None):
        """The next message of that kind (and seq); others are kept in `heard`."""
        end = time.time() + deadline_s
        while time.time() < end:
            try:
                m = HEAD.unpack(self.pipe.recv(1 << 17)[:HEAD.size])
            except socket.timeout:
                continue
            said = dict(zip(('type', 'frame', 'server', 'boot', 'seq', 'epoch', 'count', 'total', 'at', 'hash'), m))
            self.heard.append(said)
            if said['type'] == kind and (seq is None or said['seq'] == seq):
                return said
        return None

    def quiet(self):
        """Reads away what is there."""
        while self.hear(-1, 0.06):
            pass

    def words(self):
        with open(self.log.name, 'rb') as f:
            return f.read().decode()

    def elements(self, family='inet'):
        """{mac: (timeout s, expires s)} as nft reads the kernel's set."""
        r = subprocess.run(['ip', 'netns', 'exec', self.lab.gate, 'nft', '-j', 'list', 'set', family, 'sekisho', 'permits'], capture_output=True, text=True)
        if r.returncode:
            return {}
        out = {}
        for item in json.loads(r.stdout)['nftables']:
            for e in item.get('set', {}).get('elem', []):
                if isinstance(e, str):          # an element without an end
                    out[e] = (None, None)
                    continue
                e = e['elem']
                out[e['val']] = (e.get('timeout'), e.get('expires'))
        return out
