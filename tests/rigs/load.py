"""load.py - clients that act as fast as they may, and the ledger of what the office acknowledged to them. For tests only.

The ledger lives in this process: nothing that happens to the programs touches it. Each application belongs to one client, so its acts
have an order. An act whose answer did not arrive is *in doubt*: it may be there or not, but not half, and not twice.
"""
import collections
import json
import random
import struct
import threading
import time

import tlog

# What an act writes into the journal.
ENTRY = {"submit": "application.submitted", "approve": "application.decided", "reject": "application.decided", "return": "application.decided",
         "withdraw": "application.withdrawn", "revoke": "permit.revoked", "until": "permit.changed", "sign-in": "session.opened"}
STATE = {"submit": "submitted", "approve": "approved", "reject": "rejected", "return": "returned", "withdraw": "withdrawn"}
ENDS = ["2027-01-%02d" % d for d in range(1, 29)]


class Case:
    """One application as its client knows it."""

    def __init__(self, ident):
        self.id, self.state, self.permit, self.end = ident, "submitted", None, None    # permit: None, "active", "revoked"
        self.doubt = None                                                              # (act, wanted end) or None

    def views(self):
        """Each (state, permit state, end) that is right now: what was acknowledged, and what the act in doubt would have made of it."""
        now = (self.state, self.permit, self.end)
        out = [now]
        if self.doubt:
            act, end = self.doubt
            if act in STATE:
                out.append((STATE[act], "active" if act == "approve" else None, end if act == "approve" else None))
            else:
                out.append((self.state, "revoked" if act == "revoke" else self.permit, end if act == "until" else self.end))
        return out


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.receipts = {}                              # index: (leaf, act, case id)
        self.cases = {}                                 # id: Case
        self.touched = set()                            # ids since the last look
        self.acked, self.doubts = collections.Counter(), collections.Counter()
        self.sessions, self.fresh = [], []              # sessions that sign-ins were answered with
        self.checkpoints = {}                           # size: root
        self.wrong = []                                 # answers that should not have been
        self.ends = {}                                  # case id: end asked for at submission

    def ack(self, act, case, receipt):
        with self.lock:
            if receipt["index"] in self.receipts:
                self.wrong.append("index %d given out twice" % receipt["index"])
            self.receipts[receipt["index"]] = (bytes.fromhex(receipt["leaf"]), act, case)
            self.acked[act] += 1
            self.touched.add(case)

    def doubt(self, act):
        with self.lock:
            self.doubts[act] += 1

    def complain(self, words):
        with self.lock:
            self.wrong.append(words)

    def checkpoint(self, c):
        with self.lock:
            if self.checkpoints.setdefault(c.size, c.root) != c.root:
                self.wrong.append("two checkpoints of size %d differ" % c.size)

    def total(self):
        return sum(self.acked.values())


class Client(threading.Thread):
    """Takes applications through their lives until told to stop or until the office is gone."""

    def __init__(self, load, number, seed):
        super().__init__(daemon=True)
        self.load, self.ledger, self.random = load, load.ledger, random.Random(seed)
        self.staff, self.manager = load.staff[number], load.managers[number]

    def act(self, name, case, session, uri, body, end=None):
        """The answer's JSON; None: refused because somebody was faster (409). OSError when the office is gone: then the act is in doubt."""
        if case:
            case.doubt = (name, end)
            with self.ledger.lock:
                self.ledger.touched.add(case.id)
        try:
            r = session.post(uri, body)
        except OSError:
            self.ledger.doubt(name)
            raise
        if case:
            case.doubt = None
        if r.status not in (200, 201):
            if r.status != 409:
                self.ledger.complain("%s answered %d %s" % (name, r.status, r.body.decode()[:300]))
            return None
        j = r.json()
        self.ledger.ack(name, case.id if case else j["id"], j["receipt"])
        return j

    def submit(self):
        r, end = self.random, self.random.choice(ENDS)
        answers = {"device_name": "端末%d" % r.randrange(10**6), "mac": "02:%02x:%02x:%02x:%02x:%02x" % tuple(r.randrange(256) for _ in range(5)),
                   "purpose": "会議室の端末を\nつなぐ。" * r.randrange(1, 8), "until": end}
        j = self.act("submit", None, self.staff, "/api/v1/applications", {"form": "network-connection", "answers": answers})
        if not j:
            return None
        case = Case(j["id"])
        with self.ledger.lock:
            self.ledger.cases[case.id], self.ledger.ends[case.id] = case, end
        return case

    def decide(self, case, act):
        end = self.ledger.ends[case.id]
        j = self.act(act, case, self.manager, "/api/v1/applications/%s/decide" % case.id, {"decision": act, "reason": "調べた。", "rev": 1}, end)
        if j:
            case.state = STATE[act]
            if act == "approve":
                case.permit, case.end = "active", end

    def later(self, case, act):
        """On the permit. The issuer of tables marks permits, too: then its revision has moved on and we look again."""
        for _ in range(20):
            r = self.manager.get("/api/v1/applications/" + case.id)
            if r.status != 200 or "permit" not in r.json():
                self.ledger.complain("approved case %s answers %d %s" % (case.id, r.status, r.body.decode()[:300]))
                return
            p, body = r.json()["permit"], {"reason": "事情が変わった。"}
            body["rev"] = p["rev"]
            if act == "until":
                body["until"] = self.random.choice(ENDS)
            if self.act(act, case, self.manager, "/api/v1/permits/%s/%s" % (p["id"], act), body, body.get("until")):
                case.permit, case.end = ("revoked", case.end) if act == "revoke" else ("active", body["until"])
                return

    def life(self):
        case = self.submit()
        if not case:
            return
        dice = self.random.random()
        if dice < 0.15:
            if self.act("withdraw", case, self.staff, "/api/v1/applications/%s/withdraw" % case.id, {"reason": "要らなくなった。", "rev": 1}):
                case.state = "withdrawn"
        elif dice < 0.3:
            self.decide(case, "reject" if dice < 0.25 else "return")
        elif dice < 0.95:
            self.decide(case, "approve")
            if case.permit and self.random.random() < 0.5:
                self.later(case, "until")
            if case.permit and self.random.random() < 0.85:
                self.later(case, "revoke")

    def run(self):
        try:
            while not self.load.stopping.is_set():
                self.life()
        except OSError:
            pass                                        # the office is gone
        except Exception as e:                          # whatever else is a mistake, and must not be silent
            self.ledger.complain("client: %r" % e)


class Load:
    """Clients, a person who signs in again and again, and a watcher who keeps every checkpoint that is handed out."""

    def __init__(self, town, ledger, clients=4, seed=1):
        self.town, self.ledger, self.clients, self.seed, self.rounds = town, ledger, clients, seed, 0
        self.stopping, self.threads = threading.Event(), []
        self.staff = [self.sign_in("staff") for _ in range(clients)]
        self.managers = [self.sign_in("section_manager") for _ in range(clients)]
        self.watcher = self.sign_in("system_manager")

    def sign_in(self, role):
        try:
            s = self.town.office.sign_in(role)
        except OSError:
            self.ledger.doubt("sign-in")                # perhaps it was the page before: then nothing happened, which is right, too
            raise
        with self.ledger.lock:
            self.ledger.acked["sign-in"] += 1
            self.ledger.sessions.append(s)
            self.ledger.fresh.append(s)
        return s

    def sign_ins(self):
        roles = ("staff", "section_manager", "system_manager")
        try:
            for i in range(10**9):
                if self.stopping.wait(0.03):
                    return
                self.sign_in(roles[i % 3])
        except OSError:
            pass
        except Exception as e:
            self.ledger.complain("sign-in: %r" % e)

    def watch(self):
        try:
            while not self.stopping.wait(0.01):
                r = self.watcher.get("/api/v1/checkpoint")
                if r.status == 200:
                    self.ledger.checkpoint(tlog.Checkpoint(r.body.decode(), self.town.key))
        except OSError:
            pass
        except Exception as e:
            self.ledger.complain("watcher: %r" % e)

    def start(self):
        self.rounds += 1
        self.stopping.clear()
        self.threads = [Client(self, i, (self.seed, self.rounds, i).__hash__()) for i in range(self.clients)]
        self.threads += [threading.Thread(target=f, daemon=True) for f in (self.sign_ins, self.watch)]
        for t in self.threads:
            t.start()

    def stop(self):
        """To be called once the office is dead or is to be left in peace: waits for the answers that are on their way."""
        self.stopping.set()
        for t in self.threads:
            t.join(40)
            if t.is_alive():
                self.ledger.complain("a client got no answer for 40 s")


# ---- looking ----

def commitments(x):
    """Every {"commit": hex} in an entry."""
    if isinstance(x, dict):
        if set(x) == {"commit"}:
            yield bytes.fromhex(x["commit"])
        else:
            for v in x.values():
                yield from commitments(v)
    elif isinstance(x, list):
        for v in x:
            yield from commitments(v)


class Auditor:
    """Compares the ledger with what the office and its store show. Returns complaints, each a line."""

    def __init__(self, town, ledger):
        self.town, self.ledger, self.seen = town, ledger, []

    def journal(self, rows=None):
        """Each receipt stands where it was promised; nothing that was once seen has changed; nothing is there half or twice."""
        bad, ledger = [], self.ledger
        rows = rows if rows is not None else self.town.journal()
        leaves = [r[3] for r in rows]
        if leaves[:len(self.seen)] != self.seen:
            bad.append("entries that were there are gone or others: %d seen, %d now" % (len(self.seen), len(leaves)))
        for index, (leaf, act, case) in ledger.receipts.items():
            if index >= len(rows):
                bad.append("lost: %s of %s, entry %d" % (act, case, index))
            elif rows[index][3] != leaf or tlog.leaf_hash(rows[index][2]) != leaf:
                bad.append("lost: entry %d is not the acknowledged %s of %s" % (index, act, case))
            elif rows[index][0] != ENTRY[act] or json.loads(rows[index][2])["type"] != ENTRY[act]:
                bad.append("entry %d is %s, acknowledged was %s" % (index, rows[index][0], act))
        counts = collections.Counter(r[0] for r in rows)
        for kind in set(ENTRY.values()):
            least = sum(n for a, n in ledger.acked.items() if ENTRY[a] == kind)
            most = least + sum(n for a, n in ledger.doubts.items() if ENTRY[a] == kind)
            if not least <= counts[kind] <= most:
                bad.append("%d entries %s, but %d were acknowledged and %d are in doubt" % (counts[kind], kind, least, most - least))
        db = self.town.db()
        payloads = {r[0] for r in db.execute("SELECT commitment FROM payload")}
        notices = db.execute("SELECT count(*) FROM outbox").fetchone()[0]
        db.close()
        for index in range(len(self.seen), len(rows)):
            for c in commitments(json.loads(rows[index][2])):
                if c not in payloads:
                    bad.append("entry %d commits to a text that is not there" % index)
        if notices != counts["application.submitted"] + counts["application.decided"]:
            bad.append("%d notices for %d submissions and %d decisions" % (notices, counts["application.submitted"], counts["application.decided"]))
        self.seen = leaves
        return bad

    def half_life(self, rows):
        """How many of the acts in doubt are there: proof that the fault point stands between commit and answer."""
        counts = collections.Counter(r[0] for r in rows)
        return sum(max(0, counts[k] - sum(n for a, n in self.ledger.acked.items() if ENTRY[a] == k)) for k in set(ENTRY.values()))

    def cases(self, session, everything=False):
        """Each application and permit is in the state that was acknowledged, or that of the act in doubt."""
        bad = []
        with self.ledger.lock:
            ids, self.ledger.touched = (set(self.ledger.cases) if everything else self.ledger.touched), set()
        for ident in ids:
            case = self.ledger.cases.get(ident)
            if not case:
                continue
            r = session.get("/api/v1/applications/" + ident)
            if r.status != 200:
                bad.append("lost: case %s answers %d" % (ident, r.status))
                continue
            j = r.json()
            p = j.get("permit")
            have = (j["state"], p["state"] if p else None, p["until"] if p else None)
            fits = [v for v in case.views() if v[0] == have[0] and v[1] == have[1] and end_is(v[2], have[2])]
            if not fits:
                bad.append("lost: case %s is %s, acknowledged %s" % (ident, have, case.views()))
            elif case.doubt:                            # now it is known
                case.state, case.permit, case.end = fits[-1]
                case.doubt = None
        return bad

    def sessions(self):
        with self.ledger.lock:
            fresh, self.ledger.fresh = self.ledger.fresh, []
        return ["lost: a session that was opened answers %d" % s for s in (x.get("/api/v1/session").status for x in fresh) if s != 200]

    def checkpoints(self, rows, newest):
        """Every checkpoint ever handed out is the root of a beginning of this journal."""
        roots = tlog.roots_at([r[3] for r in rows], list(self.ledger.checkpoints) + [newest.size])
        bad = ["checkpoint %d was handed out, the journal has another root there" % n for n, root in self.ledger.checkpoints.items() if roots.get(n) != root]
        if roots.get(newest.size) != newest.root:
            bad.append("newest checkpoint %d is not the journal's root" % newest.size)
        return bad

    def grants(self, seconds=10):
        """Soon the newest signed table says exactly what the open permits say: nothing that was decided waits for the next decision."""
        until = time.monotonic() + seconds
        while True:
            db = self.town.db()
            want = set(db.execute("SELECT key, until_at FROM r_permit WHERE state='active'").fetchall())
            row = db.execute("SELECT file FROM grant_table ORDER BY epoch DESC, seq DESC LIMIT 1").fetchone()
            db.close()
            have = table_rows(row[0]) if row else set()
            if have == want:
                return []
            if time.monotonic() > until:
                return ["the newest table holds %d grants, permits want %d: %s" % (len(have), len(want), sorted(have ^ want)[:4])]
            time.sleep(0.05)

    def proofs(self, session, sizes):
        """The same, as an outsider proves it: by the office's own consistency files."""
        bad = []
        for n in sizes:
            r = session.get("/api/v1/consistency?from=%d" % n)
            if r.status != 200:
                bad.append("no consistency proof from %d: %d %s" % (n, r.status, r.body.decode()[:200]))
                continue
            first, proof, c = tlog.parse_consistency(r.body.decode(), self.town.key)
            if first != n or not tlog.consistent(n, self.ledger.checkpoints[n], c.size, c.root, proof):
                bad.append("checkpoint %d is not consistent with %d" % (n, c.size))
        return bad


def table_rows(file):
    """{(MAC, until)} of a table file (docs/formats/grant-table.md)."""
    count = struct.unpack_from("<I", file, 56)[0]
    records = [file[224 + 128 * i:352 + 128 * i] for i in range(count)]
    return {(":".join("%02x" % b for b in r[8:14]), struct.unpack_from("<q", r, 80)[0]) for r in records}


def end_is(day, shown):
    """A date that people type includes that day in Japan: the stored end is 15:00 UTC of it."""
    return shown is None if day is None else shown is not None and shown.startswith(day + "T15:00:00")
