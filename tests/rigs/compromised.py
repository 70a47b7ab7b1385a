#!/usr/bin/python3
"""compromised.py BUILD - what the house notices when somebody has had a hand in its files.

Each case works on its own copy of one living municipality, does one thing to it, and says what has to be noticed by whom:
`sekishod check` (exit status and key), the office at its start (it ends, with a key), or a request (500, and a line in the log).
The first case does nothing, and everything has to be well: whoever always cries "tampered" proves nothing.
"""
import os
import shutil
import signal
import sys
import time

import yaml

from mortal import ROOT, Town, copy_rows, scgi, tlog
from load import Ledger, Load
from tap import Tap


def sql(town, statement, *values, name="sekisho.db"):
    db = town.db(write=True, name=name)
    n = db.execute(statement, values).rowcount
    db.commit()
    db.close()
    if n == 0:
        raise RuntimeError("nothing was changed by: " + statement)


def flip(town, table, column, where):
    """One byte of a blob becomes another."""
    db = town.db(write=True)
    (blob,) = db.execute("SELECT %s FROM %s WHERE %s" % (column, table, where)).fetchone()
    blob = bytearray(blob)
    blob[len(blob) // 2] ^= 1
    if db.execute("UPDATE %s SET %s=? WHERE %s" % (table, column, where), (bytes(blob),)).rowcount != 1:
        raise RuntimeError("not one row of " + table)
    db.commit()
    db.close()


def rewrite_entry(town, index):
    """A liar who knows the format: another entry, its right leaf hash, nothing else to be seen."""
    db = town.db(write=True)
    (entry,) = db.execute("SELECT entry FROM journal WHERE idx=?", (index,)).fetchone()
    other = entry.replace(b'"rev":1', b'"rev":7', 1)
    if other == entry:
        raise RuntimeError("the entry has no revision")
    db.execute("UPDATE journal SET entry=?, leaf=? WHERE idx=?", (other, tlog.leaf_hash(other), index))
    db.commit()
    db.close()


def outcome(town):
    """(exit status of check, its first line; the office: "starts" or what it said last)"""
    status, said = town.run("check")
    if town.start():
        started = "starts"
        town.stop()
    else:
        started = town.words(1500)
        town.kill("signer")
    return status, said, started


def main(build):
    with Tap() as t, Town(build) as town:
        town.start()
        earlier = None
        for _ in range(2):                              # two lives: the first one is kept to go back to
            load = Load(town, Ledger(), clients=2)
            load.start()
            until = time.monotonic() + 20
            while load.ledger.total() < 180 and time.monotonic() < until:
                time.sleep(0.01)
            load.stop()
            town.sealed(load.watcher, len(town.journal()))
            town.stop()
            if not earlier:
                earlier = town.copy(town.home + "/earlier")
                town.start()
        last = len(town.journal()) - 1

        def office_back(x):
            for name in ("sekisho.db", "keys.db"):
                shutil.copy(earlier.dir + "/office/" + name, x.dir + "/office/" + name)

        def signer_back(x):
            shutil.copy(earlier.dir + "/signer/state", x.dir + "/signer/state")

        def foreign_signer(x):
            with Town(build) as stranger:
                shutil.rmtree(x.dir + "/signer")
                shutil.copytree(stranger.dir + "/signer", x.dir + "/signer")

        def manager_by_hand(x):
            db = x.db(write=True)
            if copy_rows(db, "r_holder", "k='staff'", k="'system_manager'") == 0:
                raise RuntimeError("nobody is staff")
            db.commit()
            db.close()

        def pack_line(x):
            with open(x.dir + "/office/packs/%s/thread/procedures/network-connection.yaml" % os.listdir(x.dir + "/office/packs")[0], "a", encoding="utf-8") as f:
                f.write("# nobody adopted this line\n")

        # name, what is done, check's exit status, a key that check names, what the office says at its start ("starts": nothing)
        cases = [
            ("nothing is touched", lambda x: None, 0, "verified", "starts"),
            ("the office's database is set back, the signer is ahead", office_back, 1, "seal.store.behind", "seal.store.behind"),
            ("the last entry is removed", lambda x: sql(x, "DELETE FROM journal WHERE idx=?", last), 1, "", "seal.store.behind"),
            ("an entry in the middle is removed", lambda x: sql(x, "DELETE FROM journal WHERE idx=?", last // 2), 1, "", None),
            ("a byte of an entry is changed", lambda x: flip(x, "journal", "entry", "idx=2"), 1, "leaf hash", None),
            ("an entry is another one, with its right leaf hash", lambda x: rewrite_entry(x, last_of(x, "application.submitted")), 1, "", "seal.store.differs"),
            ("an old entry is, under a subtree that is complete", lambda x: rewrite_entry(x, 3), 1, "", None),
            ("a leaf hash is changed", lambda x: flip(x, "journal", "leaf", "idx=%d" % last), 1, "leaf hash", "seal.store.differs"),
            ("an entry is dated otherwise in its column", lambda x: sql(x, "UPDATE journal SET at=at-1 WHERE idx=3"), 1, "other columns", None),
            ("an approval is written into the register alone", lambda x: sql(x, "UPDATE r_application SET state='approved' WHERE state<>'approved'"), 1, "", None),
            ("a permit's end is moved in the register", lambda x: sql(x, "UPDATE r_permit SET until_at=until_at+86400000000"), 1, "", None),
            ("somebody is given a role in the register", manager_by_hand, 1, "", None),
            ("a row of the register is removed", lambda x: sql(x, "DELETE FROM r_gate"), 1, "", None),
            ("a text that somebody wrote is another one in the register", lambda x: sql(x, "UPDATE r_answer SET value='別の目的' WHERE k='purpose'"), 1, "", None),
            ("a sealed text is damaged", lambda x: flip(x, "payload", "sealed", "commitment=(SELECT max(commitment) FROM payload)"), 1, "", None),
            ("a stored hash of the tree is changed", lambda x: flip(x, "tree", "hash", "level=1 AND pos=0"), 1, "", "seal.store.differs"),
            ("the key of a retention unit is another one", lambda x: sql(x, "UPDATE unit_key SET key=randomblob(32) WHERE unit LIKE 'people-%'", name="keys.db"), 1, "", None),
            ("the signer belongs to another install", foreign_signer, 1, "seal.signer.foreign", "seal.signer.foreign"),
            ("a line is put into the pack", pack_line, 1, "pack.not-adopted", "pack.not-adopted"),
            ("the signer's state is removed", lambda x: os.unlink(x.dir + "/signer/state"), 2, "incomplete", None),
        ]
        for n, (name, act, status, said, start) in enumerate(cases):
            x = town.copy("%s/case%d" % (town.home, n))
            act(x)
            if start is None:
                got = x.run("check") + (None,)
            else:
                got = outcome(x)
            good = got[0] == status and told(said, got[1]) and (start is None or (got[2] == "starts") == (start == "starts") and (start == "starts" or start in got[2]))
            t.ok(good, name, "check answered %d, wanted %d with '%s': %s\nthe office %s, wanted %s" % (got[0], status, said, got[1], got[2], start))
            shutil.rmtree(x.dir)

        behind(t, town, signer_back)
        rows_under_mac(t, town)
        the_office_finds_it(t, town)


def the_office_finds_it(t, town):
    """Nobody calls check: the running office comes by, and makes a finding that names the row; what is well is none."""
    x = town.copy(town.home + "/scrub")
    sql(x, "DELETE FROM scrub")                          # a day between two passes is too long here
    x.start()
    found = "SELECT subject, times FROM r_finding WHERE kind='store' ORDER BY subject"
    t.ok(wait(lambda: pass_ended(x)), "a pass over all rows ends", x.words())
    t.is_(x.db().execute(found).fetchall(), [], "and finds nothing where nothing was changed")
    seen, ended = x.db().execute("SELECT seen, ended_at FROM scrub").fetchone()
    t.ok(seen > len(x.journal()), "it saw %d rows and lines" % seen)
    x.kill("office", signal.SIGTERM)
    sql(x, "UPDATE r_answer SET value='別の目的' WHERE k='purpose' AND id=(SELECT max(id) FROM r_answer)")
    sql(x, "UPDATE credential SET fails=fails+1 WHERE login='sato'")
    sql(x, "DELETE FROM scrub")
    (ident,) = x.db().execute("SELECT max(id) FROM r_answer").fetchone()
    x.start()
    want = [("answer:%s purpose" % ident, 1), ("credential:sato", 1)]
    t.ok(wait(lambda: x.db().execute(found).fetchall() == want), "an edited row and an edited account become findings that name them", x.db().execute(found).fetchall())
    types = [r[0] for r in x.db().execute("SELECT type FROM journal ORDER BY idx DESC LIMIT 40")]
    t.ok(types.count("finding.recorded") == 2, "each stands in the journal", types)
    for role in ("office", "signer"):
        x.kill(role)


def pass_ended(x):
    row = x.db().execute("SELECT ended_at FROM scrub").fetchone()
    return row and row[0] > 0


def wait(probe, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if probe():
            return True
        time.sleep(0.1)
    return False


def told(key, words):
    """`check` speaks in sentences: those of the catalogue stand for their keys."""
    return key in words or any(s in words for s in sentences(key))


def sentences(key):
    with open(ROOT + "/texts/en.yaml", encoding="utf-8") as f:
        text = yaml.safe_load(f).get(key)
    return [text.split("{")[0].strip()] if text else []


def last_of(town, kind):
    db = town.db()
    (index,) = db.execute("SELECT max(idx) FROM journal WHERE type=?", (kind,)).fetchone()
    db.close()
    return index


def behind(t, town, signer_back):
    """A signer that lost its newest slots is offered the same leaves again, and signs the same tree."""
    x = town.copy(town.home + "/behind")
    signer_back(x)
    started = x.start()
    size = len(x.journal())
    c = x.sealed(x.office.sign_in("system_manager"), size) if started else None
    leaves = [r[3] for r in x.journal()]
    x.stop()
    status, said = x.run("check")
    good = started and c.root == tlog.roots_at(leaves, [c.size])[c.size] and status == 0
    t.ok(good, "a signer that is behind is brought up to the same tree", "started %s, check %d %s\n%s" % (started, status, said, x.words()))
    shutil.rmtree(x.dir)


def rows_under_mac(t, town):
    """Local rows are no evidence, but each stands under a MAC: what was changed behind our back is refused by name."""
    x = town.copy(town.home + "/local")
    x.start()
    session = x.office.sign_in("staff")
    sql(x, "UPDATE credential SET phc=(SELECT phc FROM credential WHERE login='sato') WHERE login='suzuki'")    # sato's password for suzuki's account
    a = x.office.accounts
    x.office.accounts = dict(a, section_manager={"login": "suzuki", "password": a["staff"]["password"]})
    try:
        x.office.sign_in("section_manager")
        got = "signed in"
    except PermissionError as e:
        got = str(e)
    t.is_(got, "sign-in answered 500", "a password that was put under another login is refused")
    t.ok("store.local.changed" in x.words(), "and the log names it", x.words())

    sql(x, "UPDATE session SET person=(SELECT id FROM r_person WHERE login='tanaka')")
    r = session.get("/api/v1/session")
    t.is_(r.status, 500, "a session that was given to somebody else is refused")

    sql(x, "UPDATE outbox SET body=replace(body,'notice.','notice.x')")
    r = scgi.call(x.office.sock("courier"), "GET", "/c/v1/outbox")
    t.is_(r.status, 500, "a notice that was rewritten is not handed to the courier")
    x.kill("office", signal.SIGTERM)

    sql(x, "UPDATE grant_table SET file=zeroblob(400)")
    started = x.start()
    t.ok(not started and "store.local.changed" in x.words(), "a kept grant table that was changed is not given to gates", x.words())
    for role in ("office", "signer"):
        x.kill(role)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
