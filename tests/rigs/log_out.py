#!/usr/bin/python3
"""log_out.py BUILD - `sekishod export-log`: a running office's log as files, whole, then what is new; and the folders it must not touch.

The files are read by logdir.py, which was written from docs/formats/log.md. Controls: a database in which one entry, one stored hash was
changed is not exported.
"""
import os
import shutil
import subprocess
import sys
import time

import mortal
from mortal import Town
from load import Ledger, Load
import logdir
from tap import Tap


mortal.PEOPLE += ("ueda:上田:情報政策課:system_manager",)         # a new epoch needs two


def export(town, to):
    r = subprocess.run([town.program, "export-log", town.dir, to], capture_output=True, text=True, timeout=120)
    said = dict(line.split("\t") for line in r.stdout.splitlines() if "\t" in line)
    return r.returncode, said, r.stderr


def grow(town, load, ledger, more):
    load.start()
    until, want = time.monotonic() + 60, ledger.total() + more
    while ledger.total() < want and time.monotonic() < until:
        time.sleep(0.01)
    load.stop()
    town.sealed(load.watcher, len(town.journal()))


def whole(t, town, folder, size, name):
    """The folder is a log of so many entries, those of the database, and has no file too many."""
    try:
        c, entries = logdir.read(folder, vkey(town))
    except (ValueError, OSError) as e:
        return t.ok(False, name, repr(e))
    want = sorted(["sekisho-log", "checkpoint"] + [n for n, *_ in logdir.tiles(c.size)])
    mine = [bytes(e) for (e,) in town.db().execute("SELECT entry FROM journal WHERE idx<? ORDER BY idx", (c.size,))]
    return t.ok((c.size, entries, logdir.files(folder)) == (size, mine, want), name,
                "%d of %d, files %r" % (c.size, size, set(logdir.files(folder)) ^ set(want)))


def vkey(town):
    (text,) = town.db().execute("SELECT log_key FROM r_install").fetchone()
    return text


def growing(t, town):
    ledger = Ledger()
    load, a, b = Load(town, ledger), town.dir + ".log-a", town.dir + ".log-b"
    grow(town, load, ledger, 200)
    code, said, err = export(town, a)
    first = int(said.get("size", -1))
    t.ok(code == 0 and said["new"] == said["size"], "a running office's log is written", err)
    whole(t, town, a, first, "what is written is the whole log, and nothing else")
    for _ in range(5):                      # the office's clock may write in between
        before = {n: os.stat(os.path.join(a, n)).st_mtime_ns for n in logdir.files(a)}
        code, said, err = export(town, a)
        if said.get("new") == "0":
            break
    first = int(said.get("size", -1))
    t.is_((code, said.get("new")), (0, "0"), "again, with nothing new: said so")
    after = {n: os.stat(os.path.join(a, n)).st_mtime_ns for n in logdir.files(a)}
    t.is_({n: after[n] for n in after if n.startswith("tile")}, {n: before[n] for n in before if n.startswith("tile")}, "and no tile was touched")
    town.stop()
    shutil.copytree(town.dir, town.dir + ".yesterday", ignore=shutil.ignore_patterns("*.sock"))
    town.start()
    grow(town, load, ledger, 400)
    for name in ("tile/entries/002.p/7", "tile/0/001", "tile/entries/001", "tile/1/000.p/2"):      # what a write leaves that was cut off
        logdir.put(a, name, b"half of")
    try:
        kept = logdir.read(a, vkey(town))[0].size
    except ValueError as e:
        kept = repr(e)
    t.is_(kept, first, "a write that was cut off leaves the log that was there")
    code, said, err = export(town, a)
    os.unlink(os.path.join(a, "tile/entries/002.p/7"))
    size = int(said.get("size", -1))
    t.ok(code == 0 and size - first == int(said["new"]) and size > 512 > 256 > first % 256, "what is new is added", err)
    whole(t, town, a, size, "the folder is the longer log, its shorter last tiles are gone")
    for _ in range(5):                      # the office's clock may write in between
        shutil.rmtree(b, ignore_errors=True)
        export(town, b)
        export(town, a)
        same = subprocess.run(["diff", "-r", a, b], capture_output=True, text=True)
        if not same.stdout:
            break
    t.is_(same.stdout, "", "added to or written at once: the same files")
    return a, b, int(export(town, a)[1]["size"])


def witnessed(t, town, a, build):
    """`sekisho witness` signs in the exported folder, and `sekisho verify` finds it there."""
    def run(*words):
        r = subprocess.run([os.path.join(build, "src/cli/sekisho"), *words, "--lang", "en"], capture_output=True, text=True, timeout=60)
        return r.returncode, r.stdout + r.stderr

    w, key = town.dir + ".witness", vkey(town)
    code, said = run("witness", "init", w, "--name", "neighbour.example/w")
    witness = next(x for x in said.split() if x.startswith("neighbour.example/w+"))
    digest = logdir.hashlib.sha256(key.encode()).hexdigest()[:32]
    run("witness", "trust", w, key, "--fingerprint", digest)
    code, said = run("witness", "cosign", w, a)
    t.is_(code, 0, "a witness signs what was exported")
    code, said = run("verify", "--log", a, "--key", digest, "--witness-key", witness)
    t.ok(code == 0 and "neighbour.example/w" in said, "and is what the log is held against", said)
    shutil.rmtree(os.path.join(a, "witnesses"))


def refused(t, town, a, b, size):
    def no(name, folder, word):
        shutil.rmtree(a + ".kept", ignore_errors=True)
        shutil.copytree(folder, a + ".kept") if os.path.isdir(folder) else None
        code, _, err = export(town, folder)
        same = not os.path.isdir(folder) or subprocess.run(["diff", "-r", folder, a + ".kept"], capture_output=True).returncode == 0
        t.ok(code == 1 and word in err and same, name, "exit %d, the same %s\n%s" % (code, same, err))

    log = logdir.Log(word="other").grow(5)
    no("another installation's log is not touched", log.write(b), "not the beginning of this one")
    log = logdir.Log(install=vkey(town).split("/")[1], word="other").grow(5)
    no("nor is one of this name by another key", log.write(b), "not the beginning of this one")
    shutil.rmtree(b)
    logdir.put(b, "checkpoint", b"something else")
    no("nor a folder with another checkpoint", b, "holds something that is not")
    shutil.rmtree(b)
    shutil.copytree(a, b)
    logdir.put(b, "subset", b"sekisho-subset@v1\n%d\n" % size)
    no("nor an evidence pack's log", b, "holds something that is not")
    shutil.rmtree(b)
    shutil.copytree(a, b)
    logdir.put(b, "checkpoint", logdir.get(b, "checkpoint").replace(b"\n%d\n" % size, b"\n%d\n" % (size - 1)))
    no("nor one whose checkpoint is not signed", b, "holds something that is not")
    logdir.put(b + "-file", "x", b"x")
    no("nor a file", b + "-file/x", "holds something that is not")
    for words, want in (([], "Name the folder"), ([b, "more"], "cannot be used"), (["--to"], "cannot be used")):
        r = subprocess.run([town.program, "export-log", town.dir, *words], capture_output=True, text=True, timeout=60)
        t.ok(r.returncode == 1 and want in r.stderr, "words %r: said what is wanted" % words, r.stderr)


def controls(t, town, a, b):
    """What is in the database is not what was signed: nothing is exported under the signature."""
    db = town.db(write=True)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with open(os.path.join(town.dir, "office/sekisho.db"), "rb") as f:
        kept = f.read()
    for name, sql in (("an entry changed", "UPDATE journal SET entry=CAST(replace(CAST(entry AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE idx=300"),
                      ("an entry and its leaf changed", "UPDATE journal SET entry=x'7b7d', leaf=x'%s' WHERE idx=300" % logdir.tlog.leaf_hash(b"{}").hex()),
                      ("an entry taken away", "DELETE FROM journal WHERE idx=300"),
                      ("a stored hash changed", "UPDATE tree SET hash=zeroblob(32) WHERE level=1 AND pos=0"),
                      ("the last entries taken away", "DELETE FROM journal WHERE idx>400")):
        db = town.db(write=True)
        n = db.execute(sql).rowcount
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        shutil.rmtree(b, ignore_errors=True)
        code, _, err = export(town, b)
        t.ok(n and code == 1 and not os.path.exists(os.path.join(b, "checkpoint")), "%s: no checkpoint is written over it" % name, err)
        with open(os.path.join(town.dir, "office/sekisho.db"), "wb") as f:
            f.write(kept)
    shutil.rmtree(b, ignore_errors=True)
    code, _, err = export(town, b)
    t.is_(code, 0, "with all of it put back: exported (the office does not run)")


def older(t, town, a):
    """Office and signer of yesterday together, as on a cloned machine: they are at one, and only the folder knows of more."""
    os.rename(town.dir, town.dir + ".today")
    os.rename(town.dir + ".yesterday", town.dir)
    before = logdir.get(a, "checkpoint")
    code, _, err = export(town, a)
    t.ok(code == 1 and "longer than this database" in err and logdir.get(a, "checkpoint") == before, "a machine of yesterday does not write over today's log", err)


def epochs(t, town, a, build):
    """Yesterday's machine goes on, knowing today's checkpoint: the exported log says how much is lost, and holds."""
    def verify(*words):
        r = subprocess.run([os.path.join(build, "src/cli/sekisho"), "verify", "--log", b, "--lang", "en", *words], capture_output=True, text=True, timeout=60)
        return r.returncode, r.stdout + r.stderr

    b, known = town.dir + ".log-c", os.path.join(a, "checkpoint")
    old = vkey(town)
    yesterday = int(export(town, b)[1]["size"])
    r = subprocess.run([town.program, "epoch", town.dir, "--reason", "clone", "--by", "tanaka", "--second", "ueda", "--why", "it was switched on again", "--known", known],
                       capture_output=True, text=True, timeout=60)
    said = dict(line.split("\t", 1) for line in r.stdout.splitlines() if "\t" in line)
    t.ok(r.returncode == 0, "a new epoch is opened", r.stdout + r.stderr)
    code, _, err = export(town, b)
    t.ok(code == 1 and "waits for its signature" in err, "before its first entry is sealed it is not exported", err)
    town.key = logdir.tlog.Key(vkey(town))
    town.start()
    load = Load(town, Ledger())
    load.watcher
    grow(town, load, load.ledger, 20)
    t.is_(town.stop(), [0, 0], "both end in order when asked to")      # its clock writes no more: the signer's state is that of the export
    code, got, err = export(town, b)
    t.ok(code == 0, "the log of two epochs is added to that of one", err)
    state, gap = ["--signer-state", os.path.join(town.dir, "signer/state")], int(logdir.get(a, "checkpoint").split(b"\n")[1]) - yesterday
    code, words = verify("--key", vkey(town), *state)
    t.ok(code == 0 and "Gap: %d entries of epoch 1" % gap in words and "a clone" in words, "it holds, and the gap is exact (%d)" % gap, words + repr(said))
    code, words = verify("--key", vkey(town), "--checkpoint", known, *state)
    t.ok(code == 0 and "what the log says of it" in words, "today's checkpoint was lost with it, and the log owns up", words)
    code, words = verify("--key", old, *state)
    t.ok(code == 2 and got["fingerprint"] in words, "the old key alone does not reach the new one", words)


def main(build):
    with Tap() as t, Town(build) as town:
        town.start()
        a, b, size = growing(t, town)
        witnessed(t, town, a, build)
        refused(t, town, a, b, size)
        t.is_(town.stop(), [0, 0], "both end in order when asked to")
        controls(t, town, a, b)
        older(t, town, a)
        epochs(t, town, a, build)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
