#!/usr/bin/python3
"""kill9.py BUILD [KILLS] - what was acknowledged survives kill -9 of office, signer, or both, at any moment.

A third of the kills (at least 30 of 100) fall exactly between the office's commit and its answer, by the fault point there; some fall in
the signer between its durable state and its answer; the others come at random times. After each kill everything acknowledged so far is
looked for, each act in doubt must be wholly there or not at all, and every checkpoint that was ever handed out must be the beginning of
the log. At the end the directory is set back to an earlier copy, and the same looking must find that acts are lost: the rig bites.
"""
import os
import random
import shutil
import sys
import time

from mortal import Town
from load import Auditor, Client, Ledger, Load
from tap import Tap

CHECK_EVERY = 10
WITH_PATIENCE = 50          # from so many kills on the slow part runs, too
FAULT_MS, FAULT_WAIT_S = (30, 400), 5


def plan(kills, dice):
    """The kinds of all kills, in random order: 36 % at the office's fault point, 10 % at the signer's, the rest at random times."""
    kinds = ["fault"] * (kills * 36 // 100) + ["signer-fault"] * (kills // 10) + ["signer"] * (kills // 10) + ["both"] * (kills * 14 // 100)
    kinds += ["office"] * (kills - len(kinds))
    dice.shuffle(kinds)
    return kinds


def strike(town, kind, dice):
    """Kills, and says what was killed. None: the fault point did not fire."""
    if kind in ("fault", "signer-fault"):
        role = "office" if kind == "fault" else "signer"
        until = time.monotonic() + FAULT_WAIT_S
        while town.running[role].poll() is None:
            if time.monotonic() > until:
                return None
            time.sleep(0.002)
        status = town.kill(role)
        return (role,) if status == -9 else ("%s ended with %s" % (role, status),)
    time.sleep(dice.randrange(*FAULT_MS) / 1000)
    for role in ("office", "signer"):
        if kind in (role, "both"):
            town.kill(role)
    return ("office", "signer") if kind == "both" else (kind,)


def look(auditor, watcher, rows):
    return auditor.journal(rows) + auditor.cases(watcher) + auditor.sessions()


def main(build, kills):
    dice = random.Random(20260401)
    ledger, kinds, done, in_doubt_there = Ledger(), plan(kills, random.Random(7)), {}, 0
    bad, checks, slow, silent = [], [], 0.0, 0
    with Tap() as t, Town(build) as town:
        faults = os.path.join(town.dir, "office/faults")        # the sandbox lets the office write below its store only
        point = {"SEKISHO_FAULT": "office.committed:8:" + faults}
        town.start()
        load, auditor = Load(town, ledger), Auditor(town, ledger)
        proven = set()
        for n, kind in enumerate(kinds, 1):
            wanted = {"office": kind == "fault", "signer": kind == "signer-fault"}
            for role, env in (("office", point), ("signer", {"SEKISHO_FAULT": "signer.stored:8:/dev/null"})):
                if wanted[role]:                                # armed from its start
                    town.kill(role)
                    town.launch(role, env)
            if town.wait_answer():
                load.start()
            hit = strike(town, kind, dice)
            done[kind] = done.get(kind, 0) + (hit is not None)
            silent += hit is None
            if hit and hit[0] not in ("office", "signer"):
                bad.append("kill %d: %s" % (n, hit[0]))
            if "office" in town.running and wanted["signer"] | (kind == "signer"):
                time.sleep(0.05)                                # acts go on without a signer
            if "office" in town.running:
                load.stopping.set()                             # a living office answers what is on its way
            load.stop()
            for role in ("office", "signer"):                   # none stays armed
                if wanted[role]:
                    town.kill(role)
            began = time.monotonic()
            if not town.start():
                bad.append("kill %d (%s): the office does not start again\n%s" % (n, kind, town.words()))
                break
            slow = max(slow, time.monotonic() - began)
            rows = town.journal()
            bad += ["kill %d (%s): %s" % (n, kind, b) for b in look(auditor, load.managers[0], rows)]
            bad += ["kill %d (%s): %s" % (n, kind, b) for b in auditor.grants()]
            newest = town.sealed(load.watcher, len(rows))
            ledger.checkpoint(newest)
            bad += ["kill %d (%s): %s" % (n, kind, b) for b in auditor.checkpoints(town.journal(), newest)]
            fresh = sorted(set(ledger.checkpoints) - proven)
            bad += auditor.proofs(load.watcher, fresh[::max(1, len(fresh) // 20)])
            proven |= set(fresh)
            if n % CHECK_EVERY == 0:
                checks.append(town.run("check"))
            if len(bad) > 20:
                break
        if kills >= WITH_PATIENCE:
            one_by_one(t, town, load, auditor)
        in_doubt_there = auditor.half_life(town.journal())

        fired = os.path.getsize(faults) if os.path.exists(faults) else 0
        rows = town.journal()
        bad += auditor.journal(rows) + auditor.cases(load.managers[0], everything=True)
        outside = auditor.proofs(load.watcher, sorted(ledger.checkpoints))
        statuses = town.stop()
        checks.append(town.run("check"))

        t.note("kills: " + ", ".join("%d %s" % (done[k], k) for k in sorted(done)) + "; at the fault point, by its own count: %d" % fired)
        t.note("acknowledged: %d acts (%s)" % (ledger.total(), ", ".join("%d %s" % (v, k) for k, v in sorted(ledger.acked.items()))))
        t.note("in doubt: %d, of which %d are there; lost: %d" % (sum(ledger.doubts.values()), in_doubt_there, sum("lost" in b for b in bad)))
        t.note("checkpoints handed out: %d; entries: %d; slowest return: %.2f s" % (len(ledger.checkpoints), len(rows), slow))
        t.ok(sum(done.values()) == kills and silent == 0, "%d kills were made" % kills, "made %s, fault points that did not fire: %d" % (done, silent))
        t.ok(fired >= kills * 3 // 10, "three kills in ten fall between commit and answer", "only %d of %d" % (fired, kills))
        t.ok(ledger.total() >= 10 * kills, "the load was lively", "%d acts" % ledger.total())
        t.ok(in_doubt_there > 0, "some acts were durable and never acknowledged: the fault point stands where it should", ledger.doubts)
        t.ok(not bad, "nothing acknowledged is lost, half or twice", "\n".join(bad[:20]) + "\n" + town.words())
        t.ok(not ledger.wrong, "no client got an answer that it should not have got", "\n".join(map(str, ledger.wrong[:20])))
        t.ok(len(ledger.checkpoints) > kills and not outside, "every checkpoint handed out is proven consistent with the newest", "\n".join(outside[:20]) or len(ledger.checkpoints))
        t.ok(all(c[0] == 0 for c in checks), "sekishod check says verified, %d times" % len(checks), "\n".join("%d %s" % c for c in checks if c[0]))
        t.is_(statuses, [0, 0], "both end in order when asked to")
        bites(t, town, load, ledger)


def one_by_one(t, town, load, auditor, approvals=6):
    """With nothing else going on, and a signer that dies before every second answer: each approval reaches the table all the same."""
    bad, deaths, client = [], 0, Client(load, 0, 99)
    point = {"SEKISHO_FAULT": "signer.stored:50:/dev/null"}
    town.kill("signer")
    town.launch("signer", point)
    for _ in range(approvals):
        case = client.submit()
        client.decide(case, "approve")
        until = time.monotonic() + 30
        while auditor.grants(0.05) and time.monotonic() < until:
            if town.running["signer"].poll() is not None:
                deaths += 1
                town.kill("signer")
                town.launch("signer", point)
        bad += auditor.grants(0)
    town.kill("signer")
    town.launch("signer")
    t.ok(not bad and deaths, "each of %d approvals reaches the gates' table though the signer died %d times before answering" % (approvals, deaths), "\n".join(bad[:4]) + town.words(1500))


def bites(t, town, load, ledger):
    """The control: after the whole directory went back to an earlier copy, the same looking has to find losses and a broken log."""
    town.copy(town.home + "/earlier")
    town.start()
    load.start()
    until = time.monotonic() + 10
    before = ledger.total()
    while ledger.total() < before + 50 and time.monotonic() < until:
        time.sleep(0.01)
    load.stop()
    ledger.checkpoint(town.sealed(load.watcher, len(town.journal())))
    town.stop()
    shutil.rmtree(town.dir)
    os.rename(town.home + "/earlier", town.dir)
    town.start()
    rows = town.journal()
    bad, log = look(Auditor(town, ledger), load.managers[0], rows), Auditor(town, ledger).checkpoints(rows, town.sealed(load.watcher, len(rows)))
    t.ok(any("lost" in b for b in bad), "control: an office set back to an earlier copy is found to have lost acts", bad[:5])
    t.ok(any("handed out" in b for b in log), "control: and its log to be another one than it was", log[:5])


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)
