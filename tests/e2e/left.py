"""left.py - what a story left in the journal, seen from outside: the database as it lies there, the tree counted in Python, `sekisho verify`, `sekishod check`.

    journey(t, office, top, people)      after the house was stopped; people: id -> login
"""
import base64
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'rigs'))
import tlog                                                            # noqa: E402

# The way of a service: which case, what was written, by whom, in which post. Entries of the machine stand between these.
JOURNEY = (
    ('use', 'application.submitted', 'sato', ''),
    ('use', 'application.judged', 'tanaka', 'secretariat'),
    ('use', 'application.decided', 'tanaka', 'secretariat'),
    ('use', 'application.filled', 'tanaka', 'secretariat'),
    ('use', 'application.filled', 'tanaka', 'secretariat'),
    ('use', 'application.judged', 'tanaka', 'secretariat'),
    ('use', 'application.decided', 'tanaka', 'secretariat'),
    ('use', 'application.decided', 'suzuki', 'dept_officer'),
    ('use', 'application.judged', 'hayashi', 'senior_officer'),
    ('use', 'application.decided', 'hayashi', 'senior_officer'),
    ('use', 'application.decided', 'suzuki', 'section_manager'),
    ('use', 'application.decided', 'hayashi', 'approving_authority'),
    ('', 'duty.closed', 'yamada', ''),
    ('review', 'application.submitted', 'yamada', ''),
    ('review', 'application.judged', 'tanaka', 'secretariat'),
    ('review', 'application.decided', 'tanaka', 'secretariat'),
    ('review', 'application.decided', 'hayashi', 'approving_authority'),
    ('end', 'application.submitted', 'yamada', ''),
    ('end', 'application.decided', 'hayashi', 'approving_authority'),
    ('end', 'application.filled', 'yamada', 'service_manager'),
    ('end', 'application.decided', 'suzuki', 'section_manager'),
    ('end', 'application.filled', 'yamada', 'service_manager'),
    ('end', 'application.judged', 'tanaka', 'secretariat'),
    ('end', 'application.decided', 'tanaka', 'secretariat'),
    ('end', 'application.decided', 'suzuki', 'section_manager'),
)
CASES = ('use', 'review', 'end')          # in the order in which they are filed


def stored(data):
    """[(index, entry as bytes, leaf)] as they lie in the database."""
    db = sqlite3.connect('file:%s/office/sekisho.db?mode=ro' % data, uri=True)
    try:
        return db.execute('SELECT idx, entry, leaf FROM journal ORDER BY idx').fetchall()
    finally:
        db.close()


def told(rows, people):
    """What people did to cases and tasks, in order, in the words of JOURNEY."""
    cases, out = {}, []
    for _, entry, _ in rows:
        e = json.loads(entry)
        if not e.get('actor') or e['type'].split('.')[0] not in ('application', 'duty'):
            continue
        if e['type'] == 'application.submitted':
            cases[e['ref']] = CASES[len(cases)] if len(cases) < len(CASES) else 'another'
        out.append((cases.get(e['ref'], ''), e['type'], people.get(e['actor'], '?'), e.get('post', '')))
    return out


def misfit(got):
    """The first place where the journal tells another story; None when there is none."""
    for n in range(max(len(got), len(JOURNEY))):
        g, w = got[n] if n < len(got) else 'nothing', JOURNEY[n] if n < len(JOURNEY) else 'nothing'
        if g != w:
            return 'line %d: got %s, want %s' % (n + 1, g, w)
    return None


def run(office, *words):
    env = {**os.environ, **({'SEKISHO_TEST_CLOCK': office.clock} if office.clock else {})}
    r = subprocess.run([str(w) for w in words], env=env, capture_output=True, text=True, timeout=120)
    return r.returncode, (r.stdout + r.stderr)[-1500:]


def verified(office, rows, proof):
    """`sekisho verify` of a proof that the auditor took home, against a root that was counted here; and against a root with one bit turned."""
    size = int([line for line in open(proof) if line.strip().isdigit()][0])
    root = tlog.roots_at([leaf for _, _, leaf in rows], [size])[size]
    other = bytes([root[0] ^ 1]) + root[1:]
    cli = os.path.join(office.build, 'src/cli/sekisho')
    return [run(office, cli, 'verify', proof, '--key', office.key, '--root', '%d:%s' % (size, base64.b64encode(r).decode()), '--lang', 'en') for r in (root, other)]


def journey(t, office, kept, people):
    rows = stored(office.dir)
    got = told(rows, people)
    t.is_(misfit(got), None, 'the journal tells the way of the service: %d acts, each by its person in the post of the step' % len(JOURNEY))
    blind = [n for n in range(len(got)) if not misfit(got[:n] + got[n + 1:])]
    t.is_(blind, [], 'and does not without any one of them')
    t.ok(all(tlog.leaf_hash(bytes(e)) == bytes(leaf) for _, e, leaf in rows), 'each of %d entries has the leaf of its bytes' % len(rows))

    program = os.path.join(office.programs, 'sekishod')
    status, said = run(office, program, 'check', office.dir)
    t.ok(status == 0, 'sekishod check: registers, journal and signer agree', said)
    proofs = sorted(glob.glob(kept + '/*.tlog-proof'))
    results = [verified(office, rows, p) for p in proofs]
    t.is_([[status for status, _ in both] for both in results], [[0, 1]] * len(proofs) if proofs else 'a proof', 'sekisho verify: 0 for the proof that the auditor took home, 1 against another root')

    copy = kept + '/copy'
    shutil.copytree(office.dir, copy, ignore=shutil.ignore_patterns('run', '*.sock'))
    db = sqlite3.connect(copy + '/office/sekisho.db')
    gone = [n for n, entry, _ in rows if json.loads(entry)['type'] == 'application.decided'][-1]
    db.execute('DELETE FROM journal WHERE idx=?', (gone,))
    db.commit()
    db.close()
    status, said = run(office, program, 'check', copy)
    t.ok(status != 0, 'sekishod check of a copy without the last decision: refused', said)
