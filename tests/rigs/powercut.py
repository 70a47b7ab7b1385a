#!/usr/bin/python3
"""powercut.py BUILD [ROUNDS] - what was acknowledged survives the loss of power, and the signer never knows more than the office.

The data directory lies on an ext4 in a file on an XFS that can share blocks. Under load, office and signer are stopped in mid-stride;
what clients hold as acknowledged is noted; the disk's file is copied by reference: that is what the disk had received. The copy is
mounted as after a power cut (the file system replays its own journal), checked, and started.
The control runs the same with an office that does not sync (SEKISHO_FAULT_NOSYNC): it must lose acknowledged acts, or the rig is blind.
Not modelled: a disk that reorders what it has received.

Mounts live in a mount namespace of this process and end with it, their loop devices, too.
"""
import copy
import ctypes
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

from mortal import Town
from load import ENTRY, Auditor, Ledger, Load
from tap import Tap

XFS_MB, DISK_MB = 1200, 160
CLONE_NEWNS = 0x20000
CONTROL_ROUNDS = 5


def run(*words):
    r = subprocess.run(words, capture_output=True, text=True)
    if r.returncode:
        raise OSError("%s: %s" % (" ".join(words), r.stderr.strip() or r.stdout.strip()))


def sparse(path, megabytes):
    with open(path, "wb") as f:
        f.truncate(megabytes << 20)


class Disk:
    """The two file systems, and copies of the inner one."""

    def __init__(self, base):
        self.base, self.inner, self.copied = base, base + "/disk", base + "/copy"
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNS):
            raise OSError("no mount namespace: " + os.strerror(ctypes.get_errno()))
        run("mount", "--make-rprivate", "/")
        for d in ("/xfs", "/disk", "/copy"):
            os.mkdir(base + d)
        sparse(base + "/xfs.img", XFS_MB)
        run("mkfs.xfs", "-q", "-m", "reflink=1", base + "/xfs.img")
        run("mount", "-o", "loop", base + "/xfs.img", base + "/xfs")
        sparse(base + "/xfs/disk.img", DISK_MB)
        run("mkfs.ext4", "-q", "-F", base + "/xfs/disk.img")
        run("mount", "-o", "loop", base + "/xfs/disk.img", self.inner)

    def cut(self):
        run("cp", "--reflink=always", self.base + "/xfs/disk.img", self.base + "/xfs/copy.img")

    def plug_in(self):
        run("mount", "-o", "loop", self.base + "/xfs/copy.img", self.copied)

    def throw_away(self):
        subprocess.run(["umount", self.copied], capture_output=True)
        os.unlink(self.base + "/xfs/copy.img")

    def close(self):
        for d in (self.copied, self.inner, self.base + "/xfs"):
            subprocess.run(["umount", d], capture_output=True)


def stopped(p):
    """Waits until every thread of the process stands still."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        states = []
        for task in os.listdir("/proc/%d/task" % p.pid):
            with open("/proc/%d/task/%s/stat" % (p.pid, task)) as f:
                states.append(f.read().rsplit(")", 1)[1].split()[0])
        if set(states) == {"T"}:
            return
        time.sleep(0.001)
    raise TimeoutError("a program does not stand still")


def frozen(ledger):
    """What clients hold right now. Which act is under way nobody can say, so any number may be in doubt."""
    with ledger.lock:
        out = Ledger()
        out.receipts, out.checkpoints = dict(ledger.receipts), dict(ledger.checkpoints)
        out.acked = copy.copy(ledger.acked)
        out.doubts.update({act: 10**6 for act in ENTRY})
        return out


def one_round(town, disk, load, ledger, dice):
    """Returns (acts acknowledged before the cut, complaints about the copy, what `check` and the start of the copy said)."""
    load.start()
    time.sleep(dice.uniform(0.2, 0.8))
    for role in ("office", "signer"):
        town.send(role, signal.SIGSTOP)
    for role in ("office", "signer"):
        stopped(town.running[role])
    time.sleep(0.02)                                    # answers that had left are read
    then = frozen(ledger)
    disk.cut()
    for role in ("signer", "office"):
        town.send(role, signal.SIGCONT)
    load.stop()
    disk.plug_in()
    other = town.at(disk.copied + "/data")
    try:
        status, said = other.run("check")
        started = other.start()
        bad = []
        if started:
            auditor = Auditor(other, then)
            bad = auditor.journal()
            newest = other.sealed(other.office.sign_in("system_manager"), len(other.journal()))
            bad += auditor.checkpoints(other.journal(), newest)
        else:                                           # it refused: look at the store without it
            bad = Auditor(other, then).journal(other.journal())
        return sum(then.acked.values()), bad, (status, said, started)
    finally:
        for role in ("office", "signer"):
            other.kill(role)
        disk.throw_away()


def rounds(town, disk, n, env, seed, until):
    """n rounds of one kind: [(acknowledged, lost, complaints, check status, words, started)]"""
    ledger, dice, out = Ledger(), random.Random(seed), []
    town.start(office_env=env)
    # What the store already holds is nobody's act: a new ledger counts from here.
    for kind, count in ((a, 10**6) for a in ENTRY):
        ledger.doubts[kind] += count
    load = Load(town, ledger, clients=3, seed=seed)
    for i in range(n):
        if time.monotonic() > until:
            break
        acked, bad, (status, said, started) = one_round(town, disk, load, ledger, dice)
        out.append((acked, sum("lost" in b for b in bad), bad, status, said, started))
    town.stop()
    return out, ledger


def main(build, n):
    base = tempfile.mkdtemp(prefix="sekisho-powercut-")
    try:
        if os.geteuid() != 0:
            raise OSError("needs root to mount")
        disk = Disk(base)
    except OSError as e:
        subprocess.run(["rm", "-rf", "--one-file-system", base])
        print("1..0 # SKIP %s" % str(e).replace("\n", " "))
        return
    try:
        with Tap() as t:
            try:
                judge(t, build, n, disk)
            finally:
                disk.close()
    finally:
        subprocess.run(["rm", "-rf", "--one-file-system", base])


def judge(t, build, n, disk):
    with Town(build, disk.inner + "/data") as town:
        began = time.monotonic()
        full, ledger = rounds(town, disk, n, {}, 11, began + 30 + 6 * n)
        bad = [b for r in full for b in r[2]]
        t.note("FULL: %d cuts, %d acts acknowledged, lost in %d rounds" % (len(full), ledger.total(), sum(r[1] > 0 for r in full)))
        t.note("\n".join(sorted({r[4].splitlines()[0] for r in full if r[4]})[:6]))
        t.is_(len(full), n, "%d power cuts were made in time" % n)
        t.ok(ledger.total() >= 20 * n, "the load was lively", "%d acts" % ledger.total())
        t.ok(not bad, "nothing acknowledged is lost, and every checkpoint handed out still holds", "\n".join(bad[:10]))
        t.ok(all(r[3] == 0 for r in full), "after each cut sekishod check says verified", "\n".join("%d %s" % (r[3], r[4]) for r in full if r[3])[:2000])
        t.ok(all(r[5] for r in full), "after each cut office and signer start and agree: the signer was never ahead", town.words())
        t.ok(not ledger.wrong, "no client got an answer that it should not have got", "\n".join(map(str, ledger.wrong[:10])))

    os.rename(disk.inner + "/data", disk.inner + "/done")
    with Town(build, disk.inner + "/data") as town:
        os.sync()                                       # that it was made at all is not what may be lost
        none, ledger = rounds(town, disk, CONTROL_ROUNDS, {"SEKISHO_FAULT_NOSYNC": "1"}, 12, time.monotonic() + 60)
        lost = [r[1] for r in none]
        t.note("control, no sync: %d cuts, lost in %d rounds (%s entries)" % (len(none), sum(x > 0 for x in lost), lost))
        t.ok(any(lost), "control: an office that does not sync loses acknowledged acts", [r[2][:2] for r in none])
        refused = [r for r in none if r[1] and (r[3] == 1 or not r[5])]
        t.ok(refused, "control: and what was lost does not pass unseen: check says tampered, or the office refuses to start", [(r[3], r[4][-200:], r[5]) for r in none if r[1]])


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10)
