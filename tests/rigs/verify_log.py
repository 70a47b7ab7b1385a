#!/usr/bin/python3
"""verify_log.py BUILD [page] - `sekisho verify --log`: true logs hold; a byte that was changed, a file that was taken away, a fork, a history
that was rolled back never do.

The logs are made by logdir.py, from the document, with keys of its own: also those that no office would make. With `page` each log is
held before the checks of verify.html as well, which share no code with ours: the two must give the same verdict about each, and where a
file was broken at least neither may believe it.
"""
import base64
import copy
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "tests/lib"), os.path.join(ROOT, "tests/rigs")]
import logdir  # noqa: E402
from page_judge import Page  # noqa: E402
from tap import Tap  # noqa: E402

VERIFIED, TAMPERED, INCOMPLETE, USAGE = 0, 1, 2, 3


class Rig:
    def __init__(self, t, build, work, page):
        self.t, self.program, self.work, self.page = t, os.path.join(build, "src/cli/sekisho"), work, page

    def path(self, name):
        return os.path.join(self.work, name)

    def put(self, name, text):
        logdir.put(self.work, name, text if isinstance(text, bytes) else text.encode())
        return self.path(name)

    def run(self, folder, *words, lang="en", broken=True):
        r = subprocess.run([self.program, "verify", "--log", folder, "--lang", lang, *words], capture_output=True, text=True, timeout=60)
        if self.page:
            self.page.ask({"folder": folder}, list(words), r.returncode, r.stdout + r.stderr, broken)
        return r.returncode, r.stdout + r.stderr

    def says(self, name, want, folder, words, *sentences):
        code, said = self.run(folder, *words, broken=False)
        self.t.ok(code == want and all(s in said for s in sentences) and "{" not in said, "%s: exit %d" % (name, want),
                  "exit %d, wanted %r\n%s" % (code, sentences, said))


def root(log, size=None):
    size = len(log.entries) if size is None else size
    return "%d:%s" % (size, log.root(size).hex())


def key(log, epoch=None):
    return ["--key", log.secrets[(epoch or len(log.secrets)) - 1].fingerprint]


def long():
    """Three epochs: a rotation, then a restore that lost 50 entries."""
    log = logdir.Log().grow(300)
    log.rotate()
    log.grow(400)
    known = (len(log.entries), log.root())
    log.cut(350)
    log.epoch("restore", known=known)
    return log.grow(700)


def true_logs(rig):
    for size in (1, 2, 255, 256, 257, 512, 700):
        log = logdir.Log().grow(size)
        d, s = log.write(rig.path("d")), log.write_subset(rig.path("s"), {0, size // 2, size - 1})
        good = rig.run(d, *key(log), "--root", root(log))[0], rig.run(s, *key(log), "--root", root(log))[0]
        rig.t.is_(good, (VERIFIED, VERIFIED), "a log of %d entries holds, whole and in part" % size)
    log = logdir.Log()
    rig.says("a log of no entries shows nothing", INCOMPLETE, log.write(rig.path("d")), [*key(log), "--root", root(log)], "0 entries")
    log = long()
    d = log.write(rig.path("long"))
    rig.says("epochs are walked, the gap is said", VERIFIED, d, [*key(log), "--root", root(log)], "Gap: 50 entries of epoch 2", "a restore", "a planned change",
             "Epoch 2: from entry 301", "700 entries")
    code, ja = rig.run(d, *key(log), "--root", root(log), lang="ja")
    rig.t.ok(code == 0 and "欠落" in ja and "確かめました" in ja and "{" not in ja, "in Japanese, too", ja)
    rig.says("an older root: and what only the key speaks for", VERIFIED, d, [*key(log), "--root", root(log, 500)], "from number 500 on")
    rig.says("a root typed in groups and capitals", VERIFIED, d, [*key(log), "--root", "500:" + " ".join(root(log, 500).split(":")[1].upper()[i:i + 4] for i in range(0, 64, 4))])
    rig.says("files of an older export beside it are not read", VERIFIED, beside(rig, d), [*key(log), "--root", root(log)])


def beside(rig, d):
    to = rig.path("beside")
    shutil.copytree(d, to, dirs_exist_ok=True)
    for name in ("tile/0/002.p/7", "tile/entries/002.p/7", "notes.txt", "tile/0/099", "epochs/9/checkpoint"):
        logdir.put(to, name, b"old")
    return to


def anchors(rig):
    log = long()
    d, s = log.write(rig.path("d")), log.write_subset(rig.path("s"), {10, 320, 699}, sizes={350, 600})
    note1, note2, note3 = log.note(1, 120), log.note(2, 340), log.note(3, 600)
    lost = rig.put("lost", log.note(2, *log.last[1]))
    other = logdir.Log(word="other").grow(700)
    w = logdir.Secret("witness.example/a", "witness")
    cosigned, wkey = w.witness(note3)
    wd = rig.path("wd")
    shutil.copytree(d, wd)
    logdir.put(wd, "witnesses/%s/checkpoint" % wkey.split("+")[1], cosigned.encode())
    raw = bytearray(base64.b64decode(cosigned.split()[-1]))
    raw[40] ^= 1
    forged = cosigned.replace(cosigned.split()[-1], base64.b64encode(raw).decode())
    stranger = logdir.Secret("witness.example/b", "b").witness(note3)[1]
    k = key(log)
    cases = [
        ("nothing fixed outside", INCOMPLETE, d, [*k], ["not enough"]),
        ("nothing fixed outside, in part", INCOMPLETE, s, [*k], ["not enough"]),
        ("a checkpoint of the first epoch", VERIFIED, d, [*k, "--checkpoint", rig.put("n1", note1)], ["120 entries"]),
        ("a checkpoint of the second epoch", VERIFIED, d, [*k, "--checkpoint", rig.put("n2", note2)], []),
        ("a checkpoint of the third epoch", VERIFIED, d, [*k, "--checkpoint", rig.put("n3", note3)], []),
        ("the signer's state", VERIFIED, d, [*k, "--signer-state", rig.put("st", log.state())], ["700 entries"]),
        ("the signer's state of a while ago", VERIFIED, d, [*k, "--signer-state", rig.put("st5", log.state(500))], ["from number 500 on"]),
        ("the signer's state of another log", TAMPERED, d, [*k, "--signer-state", rig.put("sto", other.state())], []),
        ("a witness", VERIFIED, wd, [*k, "--witness-key", wkey], ["witness.example/a", "600 entries"]),
        ("a witness, its key in a file", VERIFIED, wd, [*k, "--witness-key", "@" + rig.put("wkey", wkey + "\n")], []),
        ("a witness whose signature is not there", INCOMPLETE, d, [*k, "--witness-key", wkey], ["no signature of the witness"]),
        ("another witness than asked for", INCOMPLETE, wd, [*k, "--witness-key", stranger], ["no signature of the witness"]),
        ("a checkpoint of what was lost", INCOMPLETE, d, [*k, "--checkpoint", lost], ["what the log says of it", "Nothing that was compared"]),
        ("of what was lost, and one that vouches", VERIFIED, d, [*k, "--checkpoint", lost, "--root", root(log)], []),
        ("a root on paper of what was lost", INCOMPLETE, d, [*k, "--root", "%d:%s" % (log.last[1][0], log.last[1][1].hex())], ["what the log says of it"]),
        ("a checkpoint within what was lost", INCOMPLETE, d, [*k, "--checkpoint", rig.put("in", log.note(2, 380, b"\x11" * 32))], ["cannot be compared"]),
        ("another one of the lost size", TAMPERED, d, [*k, "--checkpoint", rig.put("x", log.note(2, 400, b"\x11" * 32))], ["Contradiction"]),
        ("one beyond what the log owns up to", TAMPERED, d, [*k, "--checkpoint", rig.put("y", log.note(2, 401, b"\x11" * 32))], ["dropped without a word"]),
        ("a root larger than the log", INCOMPLETE, d, [*k, "--root", "701:" + "11" * 32], ["cut off"]),
        ("another root of this size", TAMPERED, d, [*k, "--root", "700:" + "11" * 32], ["Contradiction"]),
        ("another root of an earlier size", TAMPERED, d, [*k, "--root", "299:" + "11" * 32], ["Contradiction"]),
        ("one root agrees, one does not", TAMPERED, d, [*k, "--root", root(log), "--root", "299:" + "11" * 32], ["Agrees", "Contradiction"]),
        ("another log's checkpoint", TAMPERED, d, [*k, "--checkpoint", rig.put("o", other.note(1, 100))], []),
        ("a checkpoint of no entries", INCOMPLETE, d, [*k, "--checkpoint", rig.put("e", log.note(1, 0))], ["shows nothing"]),
        ("a stranger's checkpoint", TAMPERED, d, [*k, "--checkpoint", rig.put("f", logdir.Log(install="01960000-0000-7000-8000-0000000000bb").grow(9).note())], ["another log"]),
        ("in part: a root it has a step for", VERIFIED, s, [*k, "--root", root(log)], []),
        ("in part: an older one, behind which an entry lies", INCOMPLETE, s, [*k, "--root", root(log, 600)], ["1 of the entries"]),
        ("in part: no step", INCOMPLETE, s, [*k, "--root", root(log, 601)], ["consistency/601"]),
        ("in part: another root", TAMPERED, s, [*k, "--root", "600:" + "11" * 32], ["Contradiction"]),
        ("a root that is none", USAGE, d, [*k, "--root", "700"], []),
        ("a file that is not there", USAGE, d, [*k, "--checkpoint", rig.path("nothing")], []),
        ("a folder that is not there", USAGE, rig.path("nothing"), [*k], []),
        ("an option that is none", USAGE, d, [*k, "--rot", "1"], []),
    ]
    for name, want, folder, words, sentences in cases:
        rig.says(name, want, folder, words, *sentences)
    logdir.put(wd, "witnesses/%s/checkpoint" % wkey.split("+")[1], forged.encode())
    rig.says("a witness's signature that does not fit", TAMPERED, wd, [*k, "--witness-key", wkey, "--root", root(log)], "witnesses/" + wkey.split("+")[1])


def keys(rig):
    log = long()
    d = log.write(rig.path("d"))
    r = ["--root", root(log)]
    strange = logdir.Log(word="other")
    cases = [
        ("the newest key", VERIFIED, [*key(log, 3), *r], ["The key of epoch 3 is the one that was typed"]),
        ("the key as text", VERIFIED, ["--key", log.secrets[2].vkey, *r], []),
        ("the key in a file", VERIFIED, ["--key", "@" + rig.put("k", log.secrets[2].vkey + "\n"), *r], []),
        ("the fingerprint without blanks, in capitals", VERIFIED, ["--key", log.secrets[2].fingerprint.replace(" ", "").upper(), *r], []),
        ("an older key: the rotation leads on, the restore does not", INCOMPLETE, [*key(log, 1), *r], ["The key of epoch 1 vouches for the key of epoch 2", log.secrets[2].fingerprint]),
        ("the key in the middle", INCOMPLETE, [*key(log, 2), *r], [log.secrets[2].fingerprint]),
        ("all of them", VERIFIED, [*key(log, 1), *key(log, 2), *key(log, 3), *r], []),
        ("no key", INCOMPLETE, r, ["No key was typed", log.secrets[2].fingerprint]),
        ("a wrong key", TAMPERED, [*key(strange), *r], ["none of this log's keys"]),
        ("a right and a wrong key", TAMPERED, [*key(log), *key(strange), *r], []),
        ("what is no key", TAMPERED, ["--key", "f851 691e", *r], []),
    ]
    for name, want, words, sentences in cases:
        rig.says(name, want, d, words, *sentences)
    chain = logdir.Log().grow(10)
    chain.rotate()
    chain.grow(20)
    chain.rotate()
    chain.grow(30)
    rig.says("two rotations in a row: the first key reaches the last", VERIFIED, chain.write(rig.path("d")), [*key(chain, 1), "--root", root(chain)])
    rig.says("and in part", VERIFIED, chain.write_subset(rig.path("s"), {25}), [*key(chain, 1), "--root", root(chain)])
    # whoever holds the new key can write any entry: only what the old key signed counts
    late = logdir.Log().grow(10)
    late.epoch("key-lost")
    late.add("key.rotated", {"use": "log", "next": late.secrets[1].vkey})
    rig.says("the new key cannot vouch for itself", INCOMPLETE, late.write(rig.path("d")), [*key(late, 1), "--root", root(late)], late.secrets[1].fingerprint)
    other = logdir.Log().grow(10)
    other.add("key.rotated", {"use": "log", "next": strange.secrets[0].vkey})
    other.epoch("rotation")
    rig.says("nor does a vouching for another key lead on", INCOMPLETE, other.write(rig.path("d")), [*key(other, 1), "--root", root(other)])
    other = logdir.Log().grow(10)
    other.add("key.rotated", {"use": "table", "next": other.secret(2).vkey})
    other.epoch("rotation")
    rig.says("nor one for another use", INCOMPLETE, other.write(rig.path("d")), [*key(other, 1), "--root", root(other)])


def epochs(rig):
    def broken(name, sentence, want=TAMPERED, after=None, part=True, **other):
        log = logdir.Log().grow(40)
        known = (40, log.root())
        log.cut(30)
        log.epoch("restore", known=known, **other)
        log.grow(60)
        if after:
            after(log)
        for folder in [log.write(rig.path("d"))] + ([log.write_subset(rig.path("s"), {50})] if part else []):
            rig.says(name, want, folder, [*key(log), "--root", root(log)], sentence)

    def swap_key(log):
        log.secrets[1] = logdir.Secret("sekisho/%s/2" % log.install, "swapped")

    def lose_epoch(log):
        log.secrets, log.last, log.opened = log.secrets[:1], [], [0]

    broken("as it should be", "Gap: 10 entries", want=VERIFIED)
    broken("a gap made smaller", "its gap is not", gap=9)
    broken("a gap denied", "dropped without a word", gap=0, known_size=30)
    broken("another size", "not at the place", size=29)
    broken("another number", "another epoch", epoch=3)
    broken("another epoch before", "another epoch", before=0)
    broken("another key in the entry", "its key is not", log_key=logdir.Log(word="other").secrets[0].vkey)
    broken("another root for what was lost", "is not the beginning", known_root="22" * 32)
    broken("a field missing", "missing or malformed", log_key=None)
    broken("a signature that is none", "signature is malformed", known_sig="00")
    broken("the newest checkpoint by a key that the log does not name", "its key is not", after=swap_key)
    broken("an epoch that sekisho-log leaves out", "lists 1 epochs", after=lose_epoch)

    log = logdir.Log().grow(40)
    log.epoch("clone", known_sig=None)
    log.grow(50)
    d = log.write(rig.path("d"))
    os.unlink(os.path.join(d, "epochs/1/checkpoint"))
    rig.says("an epoch of which no checkpoint is known", VERIFIED, d, [*key(log), "--root", root(log)], "No checkpoint of epoch 1")
    log = long()
    d = log.write(rig.path("d"))
    for n in (1, 2):
        os.unlink(os.path.join(d, "epochs/%d/checkpoint" % n))
        rig.says("the checkpoint of epoch %d taken away" % n, INCOMPLETE, d, [*key(log), "--root", root(log)], "epochs/%d/checkpoint is missing" % n)
    log.last[0] = (200, b"\x33" * 32)
    rig.says("an older checkpoint of another history, signed", TAMPERED, log.write(rig.path("d")), [*key(log), "--root", root(log)], "not the beginning")
    skipped = logdir.Log().grow(20)
    skipped.epoch("restore", known=(25, b"\x44" * 32), skip=1, known_sig=None)
    skipped.last[0] = (20, skipped.root(20))
    skipped.grow(30)
    rig.says("an epoch of which no entry is left", VERIFIED, skipped.write(rig.path("d")), [*key(skipped), "--root", root(skipped)], "Epoch 3", "Gap: 5")


def times(rig):
    log = logdir.Log().grow(300)
    log.add("late", at=logdir.BEGIN + 299 * 1_000_000)
    rig.says("two entries of one moment", VERIFIED, log.write(rig.path("d")), [*key(log), "--root", root(log)])
    for at, size in ((300, 301), (256, 257), (1, 2)):
        log = logdir.Log().grow(at)
        log.add("early", at=logdir.BEGIN + (at - 1) * 1_000_000 - 1)
        rig.says("time goes back at entry %d" % at, TAMPERED, log.write(rig.path("d")), [*key(log), "--root", root(log)], "Entry %d" % at, "dated before")
        rig.says("and in part", TAMPERED, log.write_subset(rig.path("s"), {at - 1, at}), [*key(log), "--root", root(log)], "Entry %d" % at)
        assert len(log.entries) == size
    for name, bad in (("a blank", b'{"at": 1,"type":"x","v":1}'), ("no type", b'{"at":1,"v":1}'), ("text", "{\"at\":1,\"type\":\"é\",\"v\":1}".encode()), ("nothing", b"")):
        log = logdir.Log().grow(5)
        log.raw(bad)
        rig.says("an entry that is not canonical, though hashed and signed (%s)" % name, TAMPERED, log.write(rig.path("d")), [*key(log), "--root", root(log)], "5", "tile/entries")
        rig.says("and in part", TAMPERED, log.write_subset(rig.path("s"), {5}), [*key(log), "--root", root(log)], "5")


def counts(rig):
    """Bundles of whole entries, one too few or one too many."""
    log = logdir.Log().grow(300)
    words = [*key(log), "--root", root(log)]
    for name, n in (("tile/entries/000", 256), ("tile/entries/001.p/44", 44)):
        d = log.write(rig.path("d"))
        data, last = logdir.get(d, name), log.entries[255 if n == 256 else 299]
        logdir.put(d, name, data[:-2 - len(last)])
        rig.says("%s without its last entry" % name, TAMPERED, d, words, "does not hold as many entries", name)
        logdir.put(d, name, data + len(last).to_bytes(2, "big") + last)
        rig.says("%s with one more" % name, TAMPERED, d, words, name)


def partial(rig):
    """What a partial log says of itself is held against the rest of it, also where nothing else would notice."""
    log = long()
    words = [*key(log), "--root", root(log)]
    d = log.write_subset(rig.path("s"), {10, 600})
    for name, was, now in (("subset", b"@v1\n700\n", b"@v1\n701\n"), ("consistency/301", b"\nfrom 301\n", b"\nfrom 302\n")):
        data = logdir.get(d, name)
        logdir.put(d, name, data.replace(was, now))
        rig.says("%s says another size" % name, TAMPERED, d, words, name)
        logdir.put(d, name, data)
    rig.says("put back: believed", VERIFIED, d, words)


def sizes(rig):
    """A checkpoint may say any size: neither time nor memory is spent on what is not there."""
    log = logdir.Log().grow(300)
    for size, named in ((1 << 40, "tile/entries/x004/x294/x967/295"), (1 << 36, "tile/entries/x268/x435/455"), (512, "tile/entries/001")):
        d = log.write(rig.path("d"))
        logdir.put(d, "checkpoint", log.note(1, size, b"\x11" * 32).encode())
        began = time.monotonic()
        rig.says("a checkpoint of %d entries over 300" % size, INCOMPLETE, d, [*key(log), "--root", root(log)], named + " is missing")
        logdir.put(d, named, logdir.get(d, "tile/entries/000"))
        code, said = rig.run(d, *key(log), "--root", root(log))
        rig.t.ok(code in (TAMPERED, INCOMPLETE, USAGE) and time.monotonic() - began < 20, "and with the last file there", "%d %s" % (code, said))


def kind_of(name):
    parts = name.split("/")
    return parts[0] + ("/" + parts[1] if parts[0] == "tile" else "") + ("/partial" if ".p/" in name else "")


def flips(rig, folder, words, at_most):
    """One bit of each file: {kind: [how many, never believed, named]}."""
    counts, wrong = {}, []
    for name in logdir.files(folder):
        data = logdir.get(folder, name)
        step = max(1, len(data) // at_most)
        for i in range(0, len(data), step):
            logdir.put(folder, name, data[:i] + bytes([data[i] ^ 1 << i % 7]) + data[i + 1:])
            code, said = rig.run(folder, *words)
            c = counts.setdefault(kind_of(name), [0, 0])
            c[0] += 1
            # what lies in no file's name: the newest key's checkpoint is told by its key, sekisho-log by what no longer fits it
            named = name in said or name == "checkpoint" and "checkpoint" in said or name == "sekisho-log" or name == "subset" and "is missing" in said
            c[1] += named
            if code not in (TAMPERED, INCOMPLETE) or not named:
                wrong.append((name, i, code, said[-300:]))
        logdir.put(folder, name, data)
    return counts, wrong


def changed(rig):
    log = long()
    words = [*key(log), "--root", root(log)]
    wanted = {"full": {"sekisho-log", "checkpoint", "epochs", "tile/0", "tile/0/partial", "tile/1/partial", "tile/entries", "tile/entries/partial"},
              "partial": {"sekisho-log", "checkpoint", "epochs", "subset", "entries", "proofs", "consistency"}}
    for what, d in (("full", log.write(rig.path("d"))), ("partial", log.write_subset(rig.path("s"), {10, 600}))):
        counts, wrong = flips(rig, d, words, 12)
        rig.t.note("%s: %s" % (what, ", ".join("%s %d" % (k, c[0]) for k, c in sorted(counts.items()))))
        rig.t.ok(not wrong, "one bit changed anywhere in a %s log: never believed, and said where (%d changes)" % (what, sum(c[0] for c in counts.values())),
                 "\n".join(map(repr, wrong[:5])))
        rig.t.is_(set(counts), wanted[what], "each kind of file was among them")
        bad = []
        for name in logdir.files(d):
            data = logdir.get(d, name)
            os.unlink(os.path.join(d, name))
            code, said = rig.run(d, *words)
            # an unread step of an older epoch says its own sentence; without `subset` a partial log is a full one without tiles
            if code != INCOMPLETE or (name not in said and name != "subset"):
                bad.append((name, "gone", code, said[-200:]))
            for size in {0, len(data) // 2, len(data) - 1}:
                logdir.put(d, name, data[:size])
                if rig.run(d, *words)[0] not in (TAMPERED, INCOMPLETE):
                    bad.append((name, size))
            logdir.put(d, name, data + b"\0")
            if rig.run(d, *words)[0] not in (TAMPERED, INCOMPLETE):
                bad.append((name, "longer"))
            logdir.put(d, name, data)
        rig.t.ok(not bad, "each file of a %s log taken away (missing, by name), cut short, made longer: never believed" % what, "\n".join(map(repr, bad[:5])))
        rig.says("put back: believed", VERIFIED, d, words)


def forks(rig):
    """The same key, two histories; and a history that was cut off and grown again. The log's own key signs all of it."""
    true = logdir.Log().grow(300)
    fork = copy.copy(true)
    fork.entries, fork.leaves = list(true.entries), list(true.leaves)
    true.grow(700)
    fork.grow(700, "application.never")
    cut = copy.copy(true)
    cut.entries, cut.leaves = true.entries[:500], true.leaves[:500]
    w = logdir.Secret("w", "w")
    cosigned, wkey = w.witness(true.note(1, 600))
    for name, log in (("a fork", fork), ("a log that was rolled back", cut)):
        d = log.write(rig.path("d"))
        s = log.write_subset(rig.path("s"), {10, 400}, sizes={350, 450, 500})
        logdir.put(d, "witnesses/%s/checkpoint" % wkey.split("+")[1], cosigned.encode())
        k = key(log)
        for what, words in (("the printed root", ["--root", root(true)]), ("an earlier checkpoint", ["--checkpoint", rig.put("c", true.note(1, 600))]),
                            ("a witness", ["--witness-key", wkey]), ("the signer's state", ["--signer-state", rig.put("state", true.state())]),
                            ("the signer's state of a while ago", ["--signer-state", rig.put("state6", true.state(600))])):
            code, said = rig.run(d, *k, *words)
            rig.t.ok(code in (TAMPERED, INCOMPLETE), "%s against %s: not believed" % (name, what), said)
        rig.says("%s against nothing" % name, INCOMPLETE, d, k)
        code, said = rig.run(s, *k, "--root", root(true))
        rig.t.ok(code in (TAMPERED, INCOMPLETE), "%s in part against the printed root: not believed" % name, said)
    d = fork.write(rig.path("d"))
    rig.says("a fork of the same size is called tampering", TAMPERED, d, [*key(fork), "--root", root(true)])
    rig.says("also against an earlier size behind the fork", TAMPERED, d, [*key(fork), "--checkpoint", rig.put("c", true.note(1, 301))])
    rig.says("the true log believes its own", VERIFIED, true.write(rig.path("d")), [*key(true), "--checkpoint", rig.put("c", true.note(1, 301)), "--root", root(true)])
    d = true.write(rig.path("d"))
    logdir.put(d, "checkpoint", fork.note().encode())
    rig.says("one history's entries and tiles under the other's checkpoint", TAMPERED, d, [*key(true), "--root", root(true)], "do not lead to the root")
    rig.says("also against that checkpoint's own root", TAMPERED, d, [*key(true), "--root", root(fork)], "do not lead to the root")
    hidden = logdir.Log().grow(500)
    hidden.epoch("key-lost")
    hidden.grow(520)
    rig.says("a roll-back dressed as an epoch, against a checkpoint of before", TAMPERED, hidden.write(rig.path("d")),
             [*key(hidden), "--checkpoint", rig.put("c", true.note(1, 600)), "--root", root(hidden)], "dropped without a word")


def main(build, page=None):
    with Tap() as t, tempfile.TemporaryDirectory(prefix="sekisho-verify-") as work:
        rig = Rig(t, build, work, Page() if page else None)
        for part in (true_logs, anchors, keys, epochs, times, counts, partial, sizes, changed, forks):
            part(rig)
        if rig.page:
            rig.page.end(t, 100)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), *sys.argv[2:3])
