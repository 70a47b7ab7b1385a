#!/usr/bin/python3
"""rebuild.py BUILD - the registers are what the journal says, to the byte, and can be made from it alone.

After a lively load with kills in it: a rebuild changes nothing (compared here, row by row, besides the program's own word). Registers
that were edited, emptied or filled by hand are as before after a rebuild, and the office works on.
"""
import os
import sqlite3
import sys
import time

from mortal import Town, copy_rows
from load import Auditor, Ledger, Load
import filled
import large
import town as peaceful
from tap import Tap


def dump(town):
    """Every row of every projection, as the file holds it."""
    db = town.db()
    names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type='table' AND (name LIKE 'r\\_%' ESCAPE '\\' OR name='tree') ORDER BY name")]
    rows = {n: sorted(map(repr, db.execute("SELECT * FROM " + n))) for n in names}
    db.close()
    return rows


def differ(a, b):
    return {n: "%d rows here, %d there, %d in common" % (len(a[n]), len(b[n]), len(set(a[n]) & set(b[n]))) for n in a if a[n] != b.get(n)}


REACHED = ("r_install", "r_person", "r_holder", "r_application", "r_answer", "r_step", "r_permit", "r_gate", "r_counter", "tree")
UNREACHED = ("r_permit", "r_enforcement", "tree")      # the load reaches them
ELSEWHERE = {"r_erasure": "erase: ten years pass first", "r_epoch": "restore"}     # table: the suite that replays it
HANDS = [
    ("an approval by hand", "UPDATE r_application SET state='approved'"),
    ("a permit that was never given", lambda db: copy_rows(db, "r_permit", "id=(SELECT max(id) FROM r_permit)", id="'01960000-0000-7000-8000-00000000dead'", until_at="until_at+1")),
    ("all answers gone", "DELETE FROM r_answer"),
    ("a role by hand", "UPDATE r_holder SET k='system_manager' WHERE k='staff'"),
    ("the tree's stored hashes gone", "DELETE FROM tree"),
]


def registers_of_services(t, build):
    """Those that the load does not reach, in two towns: cases with every kind of step, to their end; what is kept around a service."""
    program, reached = os.path.join(build, "src/server/sekishod"), set(UNREACHED)
    with peaceful.Town(pack=large.PACK, people=large.CAST, at="2026-04-01T09:00", program=program) as town:
        steps(town)
        reached |= rebuilt(t, town, "the cases' registers")
    with peaceful.Town(pack="packs/mic-r4", people=peaceful.CITY, gate=None, at="2026-04-01T09:00", program=program, roles=filled.ROLES) as town:
        filled.registers(town)
        reached |= rebuilt(t, town, "the registers around a service")
        t.is_(sorted(set(dump(town)) - reached - ELSEWHERE.keys()), [], "every register has rows")


def steps(town):
    large.permit_exception(town, large.approved(town))
    s = town.case("tanaka", large.approved(town))["service"]["id"]
    use = town.submit("yamada", "addition", {"wanted": s, "use": "会議"})["id"]
    town.decide("mori", use)
    town.decide("suzuki", use)
    town.good(town.post("suzuki", "/api/v1/deputies", {"deputy": town.id("ito"), "from": "2026-04-01", "until": "2026-04-30"}))


def rebuilt(t, town, what):
    """The names of the registers that have rows."""
    t.is_(town.down(), [], "all end in order")
    town.db = lambda: sqlite3.connect("file:%s/office/sekisho.db?mode=ro" % town.dir, uri=True)
    before = dump(town)
    status, said = town.tool("rebuild")
    t.is_((status, "rebuilt: identical" in said, differ(before, dump(town))), (0, True, {}), "a rebuild of %s changes nothing" % what)
    return {n for n in before if before[n]}


def main(build):
    with Tap() as t:
        registers_of_services(t, build)
        with_kills(t, build)


def with_kills(t, build):
    with Town(build) as town:
        ledger = Ledger()
        town.start()
        load = Load(town, ledger)
        auditor = Auditor(town, ledger)
        for _ in range(3):
            load.start()
            until, want = time.monotonic() + 20, ledger.total() + 250
            while ledger.total() < want and time.monotonic() < until:
                time.sleep(0.01)
            town.kill("office")
            load.stop()
            town.start()
        town.sealed(load.watcher, len(town.journal()))
        town.stop()
        before = dump(town)
        rows = sum(map(len, before.values()))
        t.note("%d acts, %d rows in %d tables" % (ledger.total(), rows, len(before)))
        t.ok(rows > 1000 and all(before[n] for n in REACHED), "the load was lively and reached the registers of part 1", {n: len(before[n]) for n in before})

        began = time.monotonic()
        status, said = town.run("rebuild")
        t.is_((status, said.strip().splitlines()[-1]), (0, "rebuilt: identical"), "a rebuild says that nothing differed")
        t.is_(differ(before, dump(town)), {}, "and every row is what it was (%.1f s)" % (time.monotonic() - began))

        for name, hand in HANDS:
            db = town.db(write=True)
            n = hand(db) if callable(hand) else db.execute(hand).rowcount
            db.commit()
            db.close()
            noticed = n > 0 and differ(before, dump(town)) and town.run("check")[0] == 1
            status, said = town.run("rebuild")
            good = noticed and status == 0 and "identical" not in said and not differ(before, dump(town)) and town.run("check")[0] == 0
            t.ok(good, name + ": noticed, and made good from the journal", "%d rows changed, noticed %s, rebuild %d %s, then %s" % (n, noticed, status, said, differ(before, dump(town))))

        t.ok(town.start(), "the office starts on it", town.words())
        bad = auditor.journal() + auditor.cases(town.office.sign_in("section_manager"), everything=True)
        t.ok(not bad, "and shows what was acknowledged", "\n".join(bad[:10]))
        t.is_(town.stop(), [0, 0], "both end in order when asked to")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
