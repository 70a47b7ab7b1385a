"""logdir.py - log directories (docs/formats/log.md) made and read by somebody else than our C. For tests only.

Log: entries, epochs, keys of its own; write() makes a full log, write_subset() a partial one. read() checks a full log the slow, plain way.
"""
import base64
import ctypes
import hashlib
import json
import os
import shutil
import struct
import uuid

import tlog

INSTALL = "01960000-0000-7000-8000-0000000000aa"
BEGIN = 1_767_225_600_000_000          # 2026-01-01T00:00:00Z


def group(n):
    text = "%03d" % (n % 1000)
    while n >= 1000:
        n //= 1000
        text = "x%03d/" % (n % 1000) + text
    return text


def tiles(size):
    """(path, level or 'entries', tile, width) of every file that a log of that size asks for."""
    out = []
    for level in ["entries"] + list(range(6)):
        hashes = size if level == "entries" else size >> 8 * level
        for n in range((hashes + 255) // 256):
            width = min(256, hashes - 256 * n)
            out.append(("tile/%s/%s%s" % (level, group(n), "" if width == 256 else ".p/%d" % width), level, n, width))
    return out


def tree(leaves):
    """(levels of stored hashes, root)."""
    levels = [list(leaves)]
    while len(levels[-1]) >= 256:
        below, above = levels[-1], []
        for n in range(len(below) // 256):
            h = below[256 * n:256 * n + 256]
            while len(h) > 1:
                h = [tlog.node_hash(h[i], h[i + 1]) for i in range(0, len(h), 2)]
            above.append(h[0])
        levels.append(above)
    return levels


def mth(d):
    if len(d) < 2:
        return d[0] if d else tlog.EMPTY
    k = 1 << (len(d) - 1).bit_length() - 1
    return tlog.node_hash(mth(d[:k]), mth(d[k:]))


def path(m, d):
    if len(d) == 1:
        return []
    k = 1 << (len(d) - 1).bit_length() - 1
    return path(m, d[:k]) + [mth(d[k:])] if m < k else path(m - k, d[k:]) + [mth(d[:k])]


def subproof(m, d, whole=True):
    if m == len(d):
        return [] if whole else [mth(d)]
    k = 1 << (len(d) - 1).bit_length() - 1
    return subproof(m, d[:k], whole) + [mth(d[k:])] if m <= k else subproof(m - k, d[k:], False) + [mth(d[:k])]


class Secret:
    """An Ed25519 key made from a word, and its verifier key under a name."""

    def __init__(self, name, word):
        self.c = ctypes.CDLL("libcrypto.so.3")
        for f in ("EVP_PKEY_new_raw_private_key", "EVP_MD_CTX_new"):
            getattr(self.c, f).restype = ctypes.c_void_p
        self.name = name
        self.key = ctypes.c_void_p(self.c.EVP_PKEY_new_raw_private_key(1087, None, hashlib.sha256(word.encode()).digest(), ctypes.c_size_t(32)))
        public, n = ctypes.create_string_buffer(32), ctypes.c_size_t(32)
        assert self.c.EVP_PKEY_get_raw_public_key(self.key, public, ctypes.byref(n)) == 1
        self.public = public.raw
        self.id = hashlib.sha256(name.encode() + b"\n\x01" + self.public).digest()[:4]
        self.vkey = "%s+%s+%s" % (name, self.id.hex(), base64.b64encode(b"\x01" + self.public).decode())
        digest = hashlib.sha256(self.vkey.encode()).hexdigest()[:32]
        self.fingerprint = " ".join(digest[i:i + 4] for i in range(0, 32, 4))

    def sign(self, message):
        ctx, sig, n = ctypes.c_void_p(self.c.EVP_MD_CTX_new()), ctypes.create_string_buffer(64), ctypes.c_size_t(64)
        assert self.c.EVP_DigestSignInit(ctx, None, None, None, self.key) == 1
        assert self.c.EVP_DigestSign(ctx, sig, ctypes.byref(n), message, ctypes.c_size_t(len(message))) == 1
        self.c.EVP_MD_CTX_free(ctx)
        return sig.raw

    def witness(self, note, at=1_780_000_000):
        """The note with this key's cosignature (C2SP tlog-cosignature), and the verifier key of a witness."""
        key_id = hashlib.sha256(self.name.encode() + b"\n\x04" + self.public).digest()[:4]
        sig = self.sign(("cosignature/v1\ntime %d\n" % at + note.split("\n\n")[0] + "\n").encode())
        line = "\u2014 %s %s\n" % (self.name, base64.b64encode(key_id + at.to_bytes(8, "big") + sig).decode())
        return note + line, "%s+%s+%s" % (self.name, key_id.hex(), base64.b64encode(b"\x04" + self.public).decode())

    def line(self, text):
        return "\u2014 %s %s\n" % (self.name, base64.b64encode(self.id + self.sign(text.encode())).decode())


def canon(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


class Log:
    """Entries and epochs. Of the i-th epoch: numbers[i], secrets[i], the index at which it begins (opened[i]), (size, root) of its last known
    checkpoint (last[i])."""

    def __init__(self, install=INSTALL, word="log"):
        self.install, self.word = install, word
        self.entries, self.leaves, self.secrets, self.opened, self.last = [], [], [], [0], []
        self.secrets.append(self.secret(1))
        self.numbers = [1]

    def secret(self, epoch):
        return Secret("sekisho/%s/%d" % (self.install, epoch), "%s %d" % (self.word, epoch))

    def raw(self, entry):
        self.entries.append(entry)
        self.leaves.append(tlog.leaf_hash(entry))

    def add(self, kind, note=None, at=None):
        n = len(self.entries)
        entry = {"v": 1, "at": BEGIN + n * 1_000_000 if at is None else at, "type": kind, "ref": "01960000-0000-7000-8000-%012x" % n,
                 "set": [{"t": "application", "id": "01960000-0000-7000-8000-%012x" % n, "rev": 1, "c": {"state": "submitted", "number": "SHI-%d" % n}}]}
        if note:
            entry["note"] = note
        self.raw(canon(entry))

    def grow(self, size, kind="application.submitted"):
        while len(self.entries) < size:
            self.add(kind)
        return self

    def root(self, size=None):
        edge = tlog.Edge()
        for leaf in self.leaves[:size]:
            edge.add(leaf)
        return edge.root()

    def rotate(self):
        """A planned change of the log key: the old one names the next."""
        self.add("key.rotated", {"use": "log", "next": self.secret(self.numbers[-1] + 1).vkey})
        self.epoch("rotation")

    def epoch(self, reason, known=None, skip=0, **other):
        """A new epoch here. `known`: (size, root) of the old epoch's largest known checkpoint; else this very tree. `skip`: so many epochs
        were between, of which no entry is left."""
        n, before = len(self.entries), len(self.secrets)
        number = self.numbers[-1] + 1 + skip
        size, root = known or (n, self.root())
        self.last.append((size, root))
        self.opened.append(n)
        self.secrets.append(self.secret(number))
        self.numbers.append(number)
        note = {"epoch": number, "before": number - 1, "size": n, "known_size": size, "known_root": root.hex(), "gap": size - n, "reason": reason,
                "log_key": self.secrets[-1].vkey, "known_sig": self.secrets[-2].sign(self.text(before, size, root).encode()).hex()}
        note.update(other)
        note = {k: v for k, v in note.items() if v is not None}
        self.add("epoch.opened", note)

    def cut(self, size):
        """What a restore of an older backup finds: the same keys, fewer entries."""
        self.entries, self.leaves = self.entries[:size], self.leaves[:size]

    def text(self, epoch, size, root):
        return "%s\n%d\n%s\n" % (self.secrets[epoch - 1].name, size, base64.b64encode(root).decode())

    def note(self, epoch=None, size=None, root=None):
        epoch = epoch or len(self.secrets)
        size = len(self.entries) if size is None else size
        text = self.text(epoch, size, root or self.root(size))
        return text + "\n" + self.secrets[epoch - 1].line(text)

    def state(self, size=None):
        """The signer's own file at that size (docs/formats/signer.md, State file)."""
        size = len(self.entries) if size is None else size
        edge = tlog.Edge()
        for leaf in self.leaves[:size]:
            edge.add(leaf)
        hashes = b"".join(h for _, h in edge.stack)
        sig = self.secrets[-1].sign(self.text(len(self.secrets), size, edge.root()).encode())
        slot = b"SEKISTAT" + struct.pack("<HHIQ", 1, 0, self.numbers[-1], 1) + uuid.UUID(self.install).bytes + struct.pack("<Q", size)
        slot += edge.root() + sig + struct.pack("<QQ", 0, 0) + hashes
        slot += bytes(4064 - len(slot))
        return slot + hashlib.sha256(slot).digest() + bytes(4096)

    def index(self):
        return "sekisho-log@v1\ninstall %s\n" % self.install + "".join("epoch %d %s\n" % (n, s.vkey) for n, s in zip(self.numbers, self.secrets))

    def frame(self, to):
        put(to, "sekisho-log", self.index().encode())
        put(to, "checkpoint", self.note().encode())
        for i, (size, root) in enumerate(self.last):
            put(to, "epochs/%d/checkpoint" % self.numbers[i], self.note(i + 1, size, root).encode())

    def write(self, to):
        shutil.rmtree(to, ignore_errors=True)
        self.frame(to)
        levels = tree(self.leaves)
        for name, level, n, width in tiles(len(self.entries)):
            if level == "entries":
                put(to, name, b"".join(len(e).to_bytes(2, "big") + e for e in self.entries[256 * n:256 * n + width]))
            else:
                put(to, name, b"".join(levels[level][256 * n:256 * n + width]))
        return to

    def write_subset(self, to, indexes, sizes=()):
        """`sizes`: of which consistency files are wanted, besides those of the epochs."""
        shutil.rmtree(to, ignore_errors=True)
        self.frame(to)
        n, note = len(self.entries), self.note()
        special = [i for i, e in enumerate(self.entries) if b'"type":"epoch.opened"' in e or b'"type":"key.rotated"' in e]
        wanted = sorted(set(indexes) | set(special))
        put(to, "subset", ("sekisho-subset@v1\n%d\n" % n + "".join("%d\n" % i for i in wanted)).encode())
        for i in wanted:
            put(to, "entries/%d.json" % i, self.entries[i])
            put(to, "proofs/%d.tlog-proof" % i, self.proof(i, note))
        for size in sorted(set(sizes) | {m for i, (m, _) in enumerate(self.last) if 0 < m <= self.opened[i + 1]}):
            put(to, "consistency/%d" % size, self.consistency(size, note))
        return to

    def proof(self, i, note):
        hashes = "".join(base64.b64encode(h).decode() + "\n" for h in path(i, self.leaves))
        return ("c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n%s\n%s" % (base64.b64encode(self.entries[i]).decode(), i, hashes, note)).encode()

    def consistency(self, size, note):
        hashes = "".join(base64.b64encode(h).decode() + "\n" for h in subproof(size, self.leaves))
        return ("sekisho-consistency@v1\nfrom %d\n%s\n%s" % (size, hashes, note)).encode()


def put(folder, name, data):
    name = os.path.join(folder, name)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "wb") as f:
        f.write(data)


def get(folder, name):
    with open(os.path.join(folder, name), "rb") as f:
        return f.read()


def read(folder, vkey):
    """(checkpoint, [entries]) of a full log of one epoch; ValueError says what is wrong."""
    head = get(folder, "sekisho-log").decode().split("\n")
    if head[0] != "sekisho-log@v1" or head[2:] != ["epoch 1 " + vkey, ""] or head[1] != "install " + vkey.split("/")[1]:
        raise ValueError("sekisho-log: %r" % head)
    c = tlog.Checkpoint(get(folder, "checkpoint").decode(), tlog.Key(vkey))
    entries = []
    for name, level, n, width in tiles(c.size):
        if level != "entries":
            continue
        data = get(folder, name)
        while data:
            size = int.from_bytes(data[:2], "big")
            entries.append(data[2:2 + size])
            data = data[2 + size:]
        if len(entries) != 256 * n + width:
            raise ValueError("%s: %d entries so far" % (name, len(entries)))
    levels = tree([tlog.leaf_hash(e) for e in entries])
    for name, level, n, width in tiles(c.size):
        if level != "entries" and get(folder, name) != b"".join(levels[level][256 * n:256 * n + width]):
            raise ValueError(name + " is not what the entries say")
    if tlog.roots_at(levels[0], [c.size])[c.size] != c.root:
        raise ValueError("the root is not what was signed")
    return c, entries


def files(folder):
    return sorted(os.path.relpath(os.path.join(d, f), folder) for d, _, names in os.walk(folder) for f in names)
