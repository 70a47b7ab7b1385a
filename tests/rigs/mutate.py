#!/usr/bin/python3
"""mutate.py BUILD SAN N|FROM-TO [BASE] - one byte of a municipality's files becomes another, N times: each is noticed, or has no effect.

SAN makes an installation of 500 entries with rows in every local table; BUILD looks at it. The n-th change is always the same one for the same
installation (BASE: a folder that keeps it between runs, so that ranges can be taken one after the other). After each change:

    noticed       `sekishod check` (of an exported log: `sekisho verify`) answers 1 or 2
    no effect     it answers 0, and the logical dump of what the file holds is that of before
    anything else is a failure: there is no third outcome

The dump asks SQLite for every row of every table without its indexes (check has walked those), every gram of the search index, and what the
signer's state means. Left out are the numbers that SQLite keeps for itself, of which check demands only that they are in reach.
Controls: changes that a check which always answers 0 would let pass are third outcomes here.
"""
import base64
import collections
import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ("tests", "tests/lib", "tests/rigs"):
    sys.path.insert(0, os.path.join(ROOT, folder))
from tap import Tap  # noqa: E402

ENTRIES, SEED, WORKERS, PATIENCE_S = 500, 20261124, 2, 120
NOTICED, NO_EFFECT, THIRD = "noticed", "no effect", "third"
# what, share of the changes, which files of the data directory or of the exported log beside it
KINDS = (
    ("database", 55, lambda f: f == "data/office/sekisho.db"),
    ("key store", 10, lambda f: f == "data/office/keys.db"),
    ("attachments", 10, lambda f: f.startswith("data/office/files/")),
    ("signer", 10, lambda f: f in ("data/signer/state", "data/signer/keys")),
    ("checkpoint", 5, lambda f: f in ("log/checkpoint", "log/sekisho-log")),
    ("tiles", 10, lambda f: f.startswith("log/tile/")),
)


# ---- the installation ----

def make(home, san):
    """A year's beginning of a city, and devices until there are enough entries; then the log as files."""
    os.environ["SEKISHO_SAN"] = san
    import filled
    import town
    with town.Town(pack="packs/mic-r4", people=town.CITY, gate="1F:lgwan:lan0", at="2026-04-01T09:00", roles=filled.ROLES) as x:
        filled.registers(x)
        local_rows(x)
        size, n = 0, 0
        while size < ENTRIES:
            n += 1
            a = x.submit("sato", "network-connection", device(n))
            x.decide("suzuki", a["id"])
            size = a["receipt"]["index"] + 1
        if x.down():
            raise RuntimeError("the town did not end in order")
        shutil.copytree(x.dir, home + "/data", symlinks=True, ignore=lambda d, names: [k for k in names if k == "run" or k.endswith(".sock")])


def device(n):
    return {"user": "佐藤", "information": "会議資料", "device_name": "端末%d" % n, "mac": "02:00:00:00:%02x:%02x" % (n >> 8, n & 255), "purpose": "会議室で使う。", "until": "2026-12-31"}


def local_rows(x):
    """What only couriers, gates and half-written forms leave behind."""
    def courier(path, value):
        r = x.call("courier", "POST", path, json.dumps(value).encode())
        if r.status != 200:
            raise RuntimeError("%s: %d %r" % (path, r.status, r.body))

    items = x.call("courier", "GET", "/c/v1/outbox").json()["items"]
    courier("/c/v1/sinks", {"sinks": [{"id": "mail", "kind": "mail", "state": "works", "why": ""}]})
    courier("/c/v1/outbox/settle", {"sink": "mail", "items": [{"id": items[0]["id"], "who": who, "state": state, "why": "550"} for who, state in (("", "done"), ("sato", "failed"))]})
    x.good(x.post("sato", "/api/v1/drafts", {"form": "network-connection", "answers": {"device_name": "まだ"}}))


def export(home, program):
    shutil.rmtree(home + "/log", ignore_errors=True)
    subprocess.run([program, "export-log", home + "/data", home + "/log"], check=True, capture_output=True, timeout=120)


def at_rest(home):
    """One file a database: what lies in a write-ahead log would be another rig's matter (kill9, powercut)."""
    for name in ("sekisho.db", "keys.db"):
        db = sqlite3.connect("%s/data/office/%s" % (home, name))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()


# ---- what the files mean ----

def dump_db(path):
    """Every table's rows by themselves, not by way of an index; grams of the search; the numbers that say whose file it is."""
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    db.text_factory = bytes
    h = hashlib.sha256()
    for pragma in ("application_id", "user_version", "encoding"):
        h.update(repr(db.execute("PRAGMA " + pragma).fetchall()).encode())
    # SQLite reads the name of an index's table without regard to case
    schema = db.execute("SELECT type, name, lower(tbl_name), sql FROM sqlite_schema ORDER BY type, name").fetchall()
    h.update(repr(schema).encode())
    for kind, name, _, sql in schema:
        name = name.decode()
        if kind == b"table" and not name.startswith(("search_data", "search_idx", "search_config", "sqlite_")) and not (sql or b"").startswith(b"CREATE VIRTUAL"):
            rows = sorted(map(repr, db.execute('SELECT * FROM "%s" NOT INDEXED' % name)))
            h.update(("%s %d\n%s" % (name, len(rows), "\n".join(rows))).encode())
    if any(r[1] == b"search_gram" for r in schema):
        h.update("\n".join(sorted(map(repr, db.execute("SELECT term, doc FROM search_gram")))).encode())
        h.update(repr(db.execute("SELECT * FROM search_config").fetchall()).encode())
    db.close()
    return h.hexdigest()


def dump_state(path):
    """The newer of the two slots (docs/formats/signer.md), and how many are whole."""
    with open(path, "rb") as f:
        data = f.read()
    slots = [data[i:i + 4096] for i in (0, 4096)]
    whole = [s for s in slots if hashlib.sha256(s[:-32]).digest() == s[-32:]]
    newest = max(whole, key=lambda s: int.from_bytes(s[16:24], "little"), default=b"")
    return "%d %s" % (len(whole), newest.hex())


def dump(path):
    """Of one file; whatever has no meaning beside its bytes is its bytes."""
    if path.endswith(".db"):
        return dump_db(path)
    if path.endswith("signer/state"):
        return dump_state(path)
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


# ---- one change ----

class Looker:
    """A copy of the installation of its own, in memory, that is changed and mended again."""

    def __init__(self, home, place, build, anchor):
        self.dir, self.anchor = place, anchor
        self.sekishod, self.sekisho = (os.path.join(build, p) for p in ("src/server/sekishod", "src/cli/sekisho"))
        shutil.copytree(home, place)
        self.was = {}

    def before(self, file):
        if file not in self.was:
            with open(os.path.join(self.dir, file), "rb") as f:
                self.was[file] = (f.read(), dump(os.path.join(self.dir, file)))
        return self.was[file]

    def look(self, file):
        """Exit status and words of whoever has to notice."""
        if file.startswith("log/"):
            words = [self.sekisho, "verify", "--log", self.dir + "/log"] + self.anchor
        else:
            words = [self.sekishod, "check", self.dir + "/data"]
        try:
            r = subprocess.run(words, capture_output=True, timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            return "timeout", ""
        return r.returncode, (r.stdout + r.stderr[-300:]).decode("utf-8", "replace")

    def judge(self, file, status):
        if status in (1, 2):
            return NOTICED
        if status != 0:
            return THIRD
        try:
            same = dump(os.path.join(self.dir, file)) == self.before(file)[1]
        except sqlite3.Error:
            same = False
        return NO_EFFECT if same else THIRD

    def mend(self, file):
        path = os.path.join(self.dir, file)
        for tail in ("-wal", "-shm"):
            for name in ("sekisho.db", "keys.db"):
                beside = "%s/data/office/%s%s" % (self.dir, name, tail)
                if os.path.exists(beside):
                    os.unlink(beside)
        with open(path, "r+b") as f:
            if f.read() != self.before(file)[0]:
                f.seek(0)
                f.write(self.before(file)[0])
                f.truncate()

    def change(self, file, at, by, look=None):
        path = os.path.join(self.dir, file)
        old = self.before(file)[0]
        with open(path, "r+b") as f:
            f.seek(at)
            f.write(bytes((old[at] ^ by,)))
        status, words = (look or self.look)(file)
        outcome = self.judge(file, status)
        self.mend(file)
        return outcome, status, words


def plan(home, n, kinds):
    """The n-th change: (kind, file, offset, what is xored in). One bit in half of them; any other byte in the rest."""
    r = random.Random(SEED * 1000003 + n)
    kind = r.choices(kinds, [k[1] for k in kinds])[0]
    files = sorted(os.path.relpath(os.path.join(d, f), home) for d, _, names in os.walk(home) for f in names)
    sizes = [(f, os.path.getsize(os.path.join(home, f))) for f in files if kind[2](f)]
    at = r.randrange(sum(s for _, s in sizes))
    for file, size in sizes:
        if at < size:
            return kind[0], file, at, 1 << r.randrange(8) if r.random() < 0.5 else r.randrange(1, 256)
        at -= size


# ---- all of them ----

def controls(t, looker):
    """Somebody else's check that never finds anything: what it lets pass must be third outcomes."""
    def blind(_file):
        return 0, ""

    for file, text in (("data/office/sekisho.db", "02:00:00:00:00:07".encode()), ("data/office/keys.db", b"local-mac")):
        places = [m.start() for m in re.finditer(re.escape(text), looker.before(file)[0])]
        t.ok(any(looker.change(file, at, 1, blind)[0] == THIRD for at in places), "control: a changed text of %s that nobody notices is found out" % file)
    newest = max((0, 4096), key=lambda i: int.from_bytes(looker.before("data/signer/state")[0][i + 16:i + 24], "little"))
    t.is_(looker.change("data/signer/state", newest + 60, 1, blind)[0], THIRD, "control: so is a slot of the signer that is lost")
    status, words = looker.look("data/office/sekisho.db")
    t.is_(status, 0, "control: nothing is changed, and all is well\n" + words)


def bad_words(n, change, got):
    return "change %d: %s at %d xor %#x answered %s: %s" % (n, change[1], change[2], change[3], got[1], got[2][-600:])


def run(t, home, build, first, last, kinds, anchor):
    counts, bad, began = collections.Counter(), [], time.monotonic()
    memory = tempfile.mkdtemp(prefix="sekisho-mutate.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    try:
        lookers = [Looker(home, "%s/%d" % (memory, i), build, anchor) for i in range(WORKERS)]
        controls(t, lookers[0])

        def share(i):
            for n in range(first + i, last, WORKERS):
                change = plan(home, n, kinds)
                got = lookers[i].change(*change[1:])
                counts[change[0], got[0]] += 1
                if got[0] == THIRD and len(bad) < 40:
                    bad.append(bad_words(n, change, got))
                if n % 500 == 0:
                    so_far = ", ".join("%s %d" % (o, sum(v for k, v in list(counts.items()) if k[1] == o)) for o in (NOTICED, NO_EFFECT, THIRD))
                    print("# %d of %d-%d after %d s: %s" % (n, first, last, time.monotonic() - began, so_far), flush=True)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(share, range(WORKERS)))
    finally:
        shutil.rmtree(memory)
    for kind, *_ in kinds:
        t.note("%-12s %s" % (kind, ", ".join("%s %d" % (o, counts[kind, o]) for o in (NOTICED, NO_EFFECT, THIRD))))
    total = collections.Counter()
    for (_, outcome), n in counts.items():
        total[outcome] += n
    t.note("%d changes in %d s: %d noticed, %d without effect, %d third outcomes" % (sum(total.values()), time.monotonic() - began, total[NOTICED], total[NO_EFFECT], total[THIRD]))
    t.is_(sum(total.values()), last - first, "each change was judged")
    t.ok(not bad, "each change of one byte is noticed, or has no effect", "\n".join(bad))


def printed(build, home):
    """The key and the root on paper, by which `sekisho verify` finds the whole log in order; None: it does not."""
    db = sqlite3.connect("file:%s/data/office/sekisho.db?mode=ro" % home, uri=True)
    (key,) = db.execute("SELECT log_key FROM r_install").fetchone()
    db.close()
    with open(home + "/log/checkpoint", encoding="utf-8") as f:
        _, size, root = f.read().split("\n")[:3]
    anchor = ["--key", key, "--root", "%s:%s" % (size, base64.b64decode(root).hex())]
    r = subprocess.run([os.path.join(build, "src/cli/sekisho"), "verify", "--log", home + "/log"] + anchor, capture_output=True, text=True, timeout=PATIENCE_S)
    return anchor if r.returncode == 0 else None


def main(build, san, span, base=None):
    first, last = (int(v) for v in span.split("-")) if "-" in span else (0, int(span))
    home = base or tempfile.mkdtemp(prefix="sekisho-mutate.")
    with Tap() as t:
        try:
            if not os.path.exists(home + "/made"):
                os.makedirs(home, exist_ok=True)
                make(home, san)
                export(home, os.path.join(build, "src/server/sekishod"))
                at_rest(home)
                open(home + "/made", "w").close()
            anchor = printed(build, home)
            t.ok(anchor, "the exported log is verified")
            run(t, home, build, first, last, KINDS, anchor or [])
        finally:
            if not base:
                shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), *sys.argv[3:])
