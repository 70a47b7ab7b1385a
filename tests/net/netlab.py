"""netlab.py - a small network for tests/net: two hosts on a LAN, a gate, a server beyond it; each in a namespace of its own.

    with Lab() as lab:
        s = lab.within(lab.host, lambda: socket.socket(...))      # a socket made there stays there
        lab.sh(lab.gate, 'ip route')                              # argv words, no shell

         host 10.77.1.2, fd77:1::2  \
                                     bridge (switch) -- lan0 gate wan0 -- eth0 server 10.77.2.2, fd77:2::2
         other 10.77.1.3, fd77:1::3 /

Names are unique to the process; everything made is removed at the end, processes are ended by their pid.
"""
import ctypes
import os
import signal
import socket
import subprocess
import threading
import time

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)

HOST_MAC, OTHER_MAC, GATE_MAC = '02:77:00:00:00:02', '02:77:00:00:00:03', '02:77:00:00:00:01'
HOST4, OTHER4, SERVER4, GATE4 = '10.77.1.2', '10.77.1.3', '10.77.2.2', '10.77.1.1'
HOST6, OTHER6, SERVER6 = 'fd77:1::2', 'fd77:1::3', 'fd77:2::2'


class Lab:
    def __init__(self, uplink=False):
        self.tag = 'sk%x' % (os.getpid() & 0xffffff)
        self.host, self.other, self.switch, self.gate, self.server = (self.tag + x for x in ('h', 'o', 'b', 'g', 's'))
        self.all = [self.host, self.other, self.switch, self.gate, self.server]
        self.children, self.stopping = [], threading.Event()
        self.uplink = uplink                          # a wire from the gate to this namespace (where an office may run)

    # --- building ---
    def __enter__(self):
        try:
            self._build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _build(self):
        for ns in self.all:
            run('ip', 'netns', 'add', ns)
            self.sh(ns, 'ip link set lo up')
            for knob in ('all', 'default'):
                self.sh(ns, 'sysctl -qw net.ipv6.conf.%s.accept_dad=0' % knob)
        self._wire(self.host, 'eth0', self.switch, 'p1', HOST_MAC)
        self._wire(self.other, 'eth0', self.switch, 'p2', OTHER_MAC)
        self._wire(self.gate, 'lan0', self.switch, 'p3', GATE_MAC)
        self._wire(self.gate, 'wan0', self.server, 'eth0', None)
        self.sh(self.switch, 'ip link add br0 type bridge')
        self.sh(self.switch, 'ip link set br0 up')
        for port in ('p1', 'p2', 'p3'):
            self.sh(self.switch, 'ip link set %s master br0' % port)
        for ns, dev, v4, v6 in ((self.host, 'eth0', HOST4, HOST6), (self.other, 'eth0', OTHER4, OTHER6), (self.gate, 'lan0', GATE4, 'fd77:1::1'),
                                (self.gate, 'wan0', '10.77.2.1', 'fd77:2::1'), (self.server, 'eth0', SERVER4, SERVER6)):
            self.sh(ns, 'ip addr add %s/24 dev %s' % (v4, dev))
            self.sh(ns, 'ip addr add %s/64 dev %s nodad' % (v6, dev))
        for ns, v4, v6 in ((self.host, GATE4, 'fd77:1::1'), (self.other, GATE4, 'fd77:1::1'), (self.server, '10.77.2.1', 'fd77:2::1')):
            self.sh(ns, 'ip route add default via %s' % v4)
            self.sh(ns, 'ip -6 route add default via %s' % v6)
        self.sh(self.gate, 'sysctl -qw net.ipv4.ip_forward=1')
        self.sh(self.gate, 'sysctl -qw net.ipv6.conf.all.forwarding=1')
        # The site's own rules: connection tracking that lets everything established through. Ours must hold all the same.
        self.nft('add table inet site; add chain inet site forward { type filter hook forward priority 0; policy accept; };'
                 'add rule inet site forward ct state established,related accept')
        if self.uplink:
            octet = os.getpid() % 250 + 1
            self.office4 = '10.78.%d.1' % octet
            run('ip', 'link', 'add', self.tag + 'u', 'type', 'veth', 'peer', 'name', 'up0', 'netns', self.gate)
            run('ip', 'addr', 'add', self.office4 + '/24', 'dev', self.tag + 'u')
            run('ip', 'link', 'set', self.tag + 'u', 'up')
            self.sh(self.gate, 'ip addr add 10.78.%d.2/24 dev up0' % octet)
            self.sh(self.gate, 'ip link set up0 up')

    def _wire(self, ns_a, dev_a, ns_b, dev_b, mac):
        run('ip', 'link', 'add', dev_a, 'netns', ns_a, *(['address', mac] if mac else []), 'type', 'veth', 'peer', 'name', dev_b, 'netns', ns_b)
        self.sh(ns_a, 'ip link set %s up' % dev_a)
        self.sh(ns_b, 'ip link set %s up' % dev_b)

    def __exit__(self, *_):
        self.stopping.set()
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        for ns in self.all:
            subprocess.run(['ip', 'netns', 'del', ns], capture_output=True)
        if self.uplink:
            subprocess.run(['ip', 'link', 'del', self.tag + 'u'], capture_output=True)

    # --- doing ---
    def sh(self, ns, words, check=True):
        return run('ip', 'netns', 'exec', ns, *words.split(), check=check)

    def nft(self, script, check=True):
        return run('ip', 'netns', 'exec', self.gate, 'nft', '-f', '-', input=script.replace(';add', ';\nadd').replace(';delete', ';\ndelete'), check=check)

    def start(self, ns, *argv, **more):
        child = subprocess.Popen(['ip', 'netns', 'exec', ns, *argv] if ns else list(argv), **more)
        self.children.append(child)
        return child

    def within(self, ns, make):
        """Runs make() in a thread inside the namespace and gives its result (a socket stays where it was made)."""
        box = {}

        def work():
            try:
                enter(ns)
                box['result'] = make()
            except BaseException as why:
                box['why'] = why
        t = threading.Thread(target=work)
        t.start()
        t.join(30)
        if 'why' in box:
            raise box['why']
        return box['result']

    def udp(self, ns, address, port=0):
        def make():
            s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM)
            s.bind((address, port))
            s.settimeout(0.2)
            return s
        return self.within(ns, make)

    def listen(self, ns, address, port):
        def make():
            s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_STREAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((address, port))
            s.listen(16)
            s.settimeout(0.2)
            return s
        return self.within(ns, make)

    def connect(self, ns, address, port, timeout=2):
        def make():
            s = socket.create_connection((address, port), timeout)
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return s
        return self.within(ns, make)

    def background(self, work):
        t = threading.Thread(target=work, daemon=True)
        t.start()
        return t

    def echo_servers(self, port=7000):
        """UDP and TCP echo beyond the gate, both families."""
        for address in (SERVER4, SERVER6):
            udp, tcp = self.udp(self.server, address, port), self.listen(self.server, address, port)
            self.background(lambda s=udp: self._udp_echo(s))
            self.background(lambda s=tcp: self._tcp_accept(s))

    def _udp_echo(self, s):
        while not self.stopping.is_set():
            try:
                data, peer = s.recvfrom(2048)
                s.sendto(data, peer)
            except OSError:
                pass

    def _tcp_accept(self, s):
        while not self.stopping.is_set():
            try:
                c, _ = s.accept()
            except OSError:
                continue
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.background(lambda c=c: self._tcp_echo(c))

    def _tcp_echo(self, c):
        c.settimeout(0.2)
        while not self.stopping.is_set():
            try:
                data = c.recv(4096)
                if not data:
                    return
                c.sendall(data)
            except socket.timeout:
                pass
            except OSError:
                return


class Flow:
    """Sends a numbered packet every `every` seconds from `sender` and notes when each arrives at `receiver`.
    With echo the two are one socket."""

    def __init__(self, lab, name, sender, to, receiver, every=0.005, tcp=False):
        self.name, self.every, self.tcp = name, every, tcp
        self.sent, self.got, self.last, self.first = 0, 0, 0.0, 0.0
        self.ending, self.sender, self.to, self.receiver = threading.Event(), sender, to, receiver
        receiver.settimeout(0.2)
        self.threads = [lab.background(self._receive), lab.background(self._send)]

    def _send(self):
        due = time.time()
        while not self.ending.is_set():
            try:
                data = b'%08d' % self.sent
                if self.tcp:
                    self.sender.send(data, socket.MSG_DONTWAIT)
                else:
                    self.sender.sendto(data, self.to)
                self.sent += 1
            except OSError:
                pass
            due += self.every
            time.sleep(max(0, due - time.time()))

    def _receive(self):
        while not self.ending.is_set():
            try:
                data = self.receiver.recv(4096)
            except OSError:
                continue
            now = time.time()
            if data:
                self.first = self.first or now
                self.last = now
                self.got += max(1, len(data) // 8) if self.tcp else 1

    def stop(self):
        self.ending.set()
        for t in self.threads:
            t.join(2)
        return self


def enter(ns):
    fd = os.open('/run/netns/' + ns, os.O_RDONLY)
    try:
        if libc.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), 'setns ' + ns)
    finally:
        os.close(fd)


def run(*argv, check=True, input=None):
    r = subprocess.run(argv, capture_output=True, text=True, input=input, timeout=60)
    if check and r.returncode:
        raise RuntimeError('%s: %s' % (' '.join(argv), r.stderr.strip()))
    return r.stdout


def wait_until(what, deadline_s=5.0, step=0.005):
    """The value of what() as soon as it is true; None after the deadline."""
    end = time.time() + deadline_s
    while time.time() < end:
        value = what()
        if value:
            return value
        time.sleep(step)
    return None


def kill(child):
    """kill -9, by pid."""
    if child.poll() is None:
        os.kill(child.pid, signal.SIGKILL)
    child.wait()
