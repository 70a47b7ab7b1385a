#!/usr/bin/python3
"""diskfull.py BUILD - a full disk refuses acts with a reason and at once; reading and enforcement go on; space heals it.

The office's store lies on a small tmpfs that a ballast file fills to the last byte. Mounts end with this process.
"""
import ctypes
import os
import shutil
import subprocess
import sys
import time

from mortal import Town, error_key
from load import Auditor, Client, Ledger, Load
from tap import Tap
from gate import Gate

STORE_MB = 10
CLONE_NEWNS = 0x20000
REFUSED_S, HEALED_S = 2, 10
MAC = "02:00:5e:00:00:77"
ANSWERS = {"device_name": "端末", "mac": MAC, "purpose": "会議で使う。", "until": "2027-01-31"}


def small_disk(town):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise OSError("no mount namespace: " + os.strerror(ctypes.get_errno()))
    store = town.dir + "/office"
    os.rename(store, store + ".was")
    os.mkdir(store, 0o700)
    for words in (["mount", "--make-rprivate", "/"], ["mount", "-t", "tmpfs", "-o", "mode=0700,size=%dm" % STORE_MB, "tmpfs", store]):
        r = subprocess.run(words, capture_output=True, text=True)
        if r.returncode:
            raise OSError(r.stderr.strip())
    shutil.copytree(store + ".was", store, dirs_exist_ok=True)


def fill(path):
    with open(path, "wb", buffering=0) as f:
        for size in (65536, 4096, 1):
            try:
                while True:
                    f.write(b"x" * size)
            except OSError:
                pass


def timed(call, *words):
    began = time.monotonic()
    r = call(*words)
    return r, time.monotonic() - began


def submit(session):
    return session.post("/api/v1/applications", {"form": "network-connection", "answers": ANSWERS})


def main(build):
    town = Town(build)
    try:
        if os.geteuid() != 0:
            raise OSError("needs root to mount")
        small_disk(town)
    except OSError as e:
        town.__exit__()
        print("1..0 # SKIP %s" % str(e).replace("\n", " "))
        return
    with Tap() as t, town:
        try:
            judge(t, town)
        finally:
            for role in list(town.running):
                town.kill(role)
            subprocess.run(["umount", town.dir + "/office"], capture_output=True)


def acts(staff, manager, waiting):
    """(call, its case, its name, what the case is afterwards): many of each kind."""
    for case in waiting[:5]:
        uri = "/api/v1/applications/%s/" % case.id
        yield lambda: manager.post(uri + "decide", {"decision": "reject", "reason": "足りない。", "rev": 1}), case, "reject", ("rejected", None, None)
    for case in waiting[5:]:
        uri = "/api/v1/applications/%s/" % case.id
        yield lambda: staff.post(uri + "withdraw", {"reason": "要らない。", "rev": 1}), case, "withdraw", ("withdrawn", None, None)
    for _ in range(20):
        yield lambda: submit(staff), None, "submit", None


def judge(t, town):
    ledger, ballast = Ledger(), town.dir + "/office/ballast"
    town.start()
    load, auditor = Load(town, ledger, clients=2), Auditor(town, ledger)
    gate = Gate(town.office.sock("machine"), town.code)
    load.start()
    until = time.monotonic() + 20
    while ledger.total() < 150 and time.monotonic() < until:
        time.sleep(0.01)
    load.stop()
    client = Client(load, 0, 5)
    case = client.submit()
    client.decide(case, "approve")
    waiting = [client.submit() for _ in range(10)]      # to be decided when nothing can be decided
    staff, manager, system = load.staff[0], load.managers[0], load.watcher
    key = manager.get("/api/v1/applications/" + case.id).json()["permit"]["key"]
    t.ok(gate.follow(lambda g: g.find(key)), "before: an approval reaches the gate", town.words())
    size = len(town.journal())
    town.sealed(system, size)

    fill(ballast)
    for _ in range(400):                                # the log file may have room left that it has used before
        r, took = timed(submit, staff)
        if r.status != 201:
            break
        ledger.ack("submit", r.json()["id"], r.json()["receipt"])
    t.ok(r.status == 503 and error_key(r) == "store.refused" and took < REFUSED_S, "an application is refused with its reason (%.2f s)" % took, "%d %s after %.2f s" % (r.status, r.body, took))

    bad, refused = [], 0
    for call, case_of, act, view in acts(staff, manager, waiting):
        r, took = timed(call)
        if r.status in (200, 201):                      # a small one may still find room; then it counts
            ledger.ack(act, case_of.id if case_of else r.json()["id"], r.json()["receipt"])
            if case_of:
                case_of.state, case_of.permit, case_of.end = view
        elif r.status == 503 and error_key(r) == "store.refused" and took < REFUSED_S:
            refused += 1
        else:
            bad.append("%s answered %d %s after %.2f s" % (act, r.status, r.body[:200], took))
    t.ok(not bad and refused >= 10, "so are the acts that follow (%d), each within %d s" % (refused, REFUSED_S), "\n".join(bad) or refused)
    word = "signed in"
    for _ in range(100):                                # a sign-in is small: some may still find room
        try:
            load.sign_in("staff")
        except PermissionError as e:
            word = str(e)
            break
    t.is_(word, "sign-in answered 503", "signing in, too, says that it cannot now")

    reads = [("/api/v1/session", staff), ("/api/v1/applications?view=all", manager), ("/api/v1/applications/" + case.id, manager), ("/api/v1/forms/network-connection", staff),
             ("/api/v1/checkpoint", system), ("/api/v1/consistency?from=5", system), ("/api/v1/entries/3/proof", system), ("/api/v1/status", system), ("/api/v1/gates", system)]
    bad = ["%s answered %d %s after %.2f s" % (uri, r.status, r.body[:200], s) for uri, (r, s) in [(u, timed(who.get, u)) for u, who in reads] if r.status != 200 or s >= REFUSED_S]
    t.ok(not bad, "all %d kinds of reading go on" % len(reads), "\n".join(bad))

    gate.leave()
    gate.head, gate.records, gate.raw = None, {}, {}
    t.ok(gate.follow(lambda g: g.find(key), 5), "a gate that connects now gets its table", town.words())

    town.kill("office")
    started = town.start()
    r = manager.get("/api/v1/applications/" + case.id) if started else None
    t.ok(started and r.status == 200, "an office that is killed now starts on the full disk and can be read", (r and r.body) or town.words())

    os.unlink(ballast)
    began, healed = time.monotonic(), None
    while time.monotonic() - began < HEALED_S + 5:
        r = submit(staff)
        if r.status == 201:
            healed = time.monotonic() - began
            ledger.ack("submit", r.json()["id"], r.json()["receipt"])
            break
        time.sleep(0.05)
    t.ok(healed is not None and healed <= HEALED_S, "with space it is well again by itself (%.2f s)" % (healed or -1), r.body)
    for case in waiting:
        if case.state == "submitted":
            client.decide(case, "approve")
    bad = auditor.grants() + auditor.journal() + auditor.cases(manager, everything=True)
    rows = town.journal()
    bad += auditor.checkpoints(rows, town.sealed(system, len(rows)))
    t.ok(not bad, "nothing acknowledged is lost, nothing refused is there", "\n".join(bad[:10]))
    t.ok(not ledger.wrong, "no client got an answer that it should not have got", "\n".join(map(str, ledger.wrong[:10])))
    gate.close()
    t.is_(town.stop(), [0, 0], "both end in order when asked to")
    t.is_(town.run("check")[0], 0, "sekishod check says verified")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
