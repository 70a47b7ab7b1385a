"""mortal.py - one municipality in a directory of its own, and its two programs to be killed, stopped, moved and looked into. For tests only.

tests/lib/town.py is for towns that live in peace; here programs may die at any moment, and their files are read behind their back.

    with Town(build) as town:
        town.start()
        ...
        town.kill("office")
"""
import copy
import ctypes
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ("tests", "tests/lib", "tests/rigs"):
    sys.path.insert(0, os.path.join(ROOT, folder))

import scgi  # noqa: E402
import tlog  # noqa: E402

PEOPLE = ("sato:佐藤:産業振興課:staff", "suzuki:鈴木:産業振興課:section_manager", "tanaka:田中:情報政策課:system_manager")
START_S = 20


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG


def copy_rows(db, table, where, **instead):
    """Rows once more, with other values (SQL) in some columns, whatever columns there are; how many."""
    names = [c[1] for c in db.execute("PRAGMA table_info(%s)" % table)]
    values = [instead.get(c, c) for c in names]
    return db.execute("INSERT INTO %s(%s) SELECT %s FROM %s WHERE %s" % (table, ",".join(names), ",".join(values), table, where)).rowcount


class Town:
    def __init__(self, build, path=None):
        """`path`: where the data directory is to be made; else a temporary place, removed at the end."""
        self.program = os.path.join(build, "src/server/sekishod")
        self.home = None if path else tempfile.mkdtemp(prefix="sekisho-rig-")
        self.dir = path or os.path.join(self.home, "data")
        self.log = self.dir + ".log"
        self.running = {}                           # role: Popen
        words = [self.program, "init", self.dir, "--pack", ROOT + "/packs/thread", "--name", "関所市", "--body", "SHI", "--gate", "1F:office:lan0", "--write-accounts"]
        for p in PEOPLE:
            words += ["--person", p]
        r = subprocess.run(words, capture_output=True, text=True)
        if r.returncode:
            raise RuntimeError("init: " + r.stderr)
        said = [line.split("\t") for line in r.stdout.splitlines()]
        self.code = next(v[2] for v in said if v[0] == "gate")
        self.key = tlog.Key(next(v[1] for v in said if v[0] == "key"))
        self.office = scgi.Office(self.dir)

    # ---- programs ----

    def launch(self, role, env=None):
        with open(self.log, "ab") as log:
            self.running[role] = subprocess.Popen([self.program, role, self.dir], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                  env=dict(os.environ, **(env or {})), preexec_fn=die_with_parent)
        return self.running[role]

    def start(self, office_env=None, signer_env=None):
        """Starts what does not run and waits until the office answers. False: a program ended instead (a fault point may do that)."""
        for role, env in (("signer", signer_env), ("office", office_env)):
            if role not in self.running:
                self.launch(role, env)
        return self.wait_answer()

    def wait_answer(self, seconds=START_S):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.running["office"].poll() is not None:
                return False
            try:
                if self.office.user("GET", "/sign-in").status == 200:
                    return True
            except OSError:
                pass
            time.sleep(0.005)
        raise TimeoutError("the office does not answer\n" + self.words())

    def send(self, role, sig):
        self.running[role].send_signal(sig)

    def kill(self, role, sig=signal.SIGKILL):
        """Ends a role and returns its exit status (negative: by that signal)."""
        p = self.running.pop(role, None)
        if p is None:
            return None
        if p.poll() is None:
            p.send_signal(sig)
        try:
            return p.wait(START_S)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
            raise

    def stop(self):
        """In order: the office hands its last leaves to the signer."""
        return [self.kill(role, signal.SIGTERM) for role in ("office", "signer")]

    def run(self, verb, timeout=120):
        """`sekishod check` or `rebuild`: (exit status, what it said)."""
        r = subprocess.run([self.program, verb, self.dir], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)    # bytes: \r is progress, not a line
        return r.returncode, r.stdout.decode() + "\n".join(l for l in r.stderr.decode("utf-8", "replace").split("\n") if "\r" not in l)

    def words(self, n=3000):
        """The end of what the programs logged."""
        try:
            with open(self.log, encoding="utf-8", errors="replace") as f:
                return f.read()[-n:]
        except FileNotFoundError:
            return ""

    # ---- the store, read behind the office's back ----

    def db(self, write=False, name="sekisho.db"):
        """Read only while the office runs: the last to close a database also tidies it up, and that is the office's business."""
        return sqlite3.connect("file:%s/office/%s?mode=%s" % (self.dir, name, "rw" if write else "ro"), uri=True, timeout=10)

    def journal(self):
        """[(type, ref, entry bytes, leaf hash)] by index; raises when an index is missing."""
        db = self.db()
        rows = db.execute("SELECT idx, type, ref, entry, leaf FROM journal ORDER BY idx").fetchall()
        db.close()
        if [r[0] for r in rows] != list(range(len(rows))):
            raise ValueError("journal has a hole")
        return [r[1:] for r in rows]

    def sealed(self, session, size, seconds=15):
        """Waits until a checkpoint covers `size` entries; returns it."""
        until = time.monotonic() + seconds
        while True:
            r = session.get("/api/v1/checkpoint")
            if r.status == 200:
                c = tlog.Checkpoint(r.body.decode(), self.key)
                if c.size >= size:
                    return c
            if time.monotonic() > until:
                raise TimeoutError("%d entries are not sealed: %d %s" % (size, r.status, r.body.decode()[:200]))
            time.sleep(0.01)

    def at(self, path):
        """The same municipality as it lies elsewhere, with programs of its own. Whoever asks ends them."""
        other = copy.copy(self)
        other.dir, other.running, other.home, other.log = path, {}, None, path + ".log"
        other.office = copy.copy(self.office)
        other.office.dir = path
        return other

    def copy(self, to):
        """A copy of what lies on the disk, while no program runs."""
        shutil.copytree(self.dir, to, ignore=shutil.ignore_patterns("*.sock"))
        return self.at(to)

    def __enter__(self):
        return self

    def __exit__(self, kind=None, *_):
        if kind is not None:                            # what the programs said last belongs to the failure
            print("".join("# %s\n" % line for line in self.words().splitlines()), end="", flush=True)
        for role in list(self.running):
            try:
                self.send(role, signal.SIGCONT)
            except OSError:
                pass
            self.kill(role)
        if self.home:
            shutil.rmtree(self.home, ignore_errors=True)


def error_key(reply):
    try:
        return json.loads(reply.body)["error"]["key"]
    except (ValueError, KeyError, TypeError):
        return None
