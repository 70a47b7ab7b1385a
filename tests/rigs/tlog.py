"""tlog.py - the transparency log as an outsider sees it: RFC 6962 trees, C2SP checkpoints, Ed25519. For tests only.

Written from the documents (docs/formats/journal.md), not from our C: what both agree on is more than an echo.
"""
import base64
import ctypes
import hashlib

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Edge:
    """The right edge of a growing tree: root() after each add() costs log n."""

    def __init__(self):
        self.size, self.stack = 0, []           # [(height, hash)], largest first

    def add(self, leaf):
        height, h = 0, leaf
        while self.stack and self.stack[-1][0] == height:
            h = node_hash(self.stack.pop()[1], h)
            height += 1
        self.stack.append((height, h))
        self.size += 1

    def root(self):
        if not self.stack:
            return EMPTY
        h = self.stack[-1][1]
        for _, left in reversed(self.stack[:-1]):
            h = node_hash(left, h)
        return h


def roots_at(leaves, sizes):
    """{size: root} for each of `sizes`, in one pass."""
    want, edge, out = set(sizes), Edge(), {}
    if 0 in want:
        out[0] = EMPTY
    for leaf in leaves:
        edge.add(leaf)
        if edge.size in want:
            out[edge.size] = edge.root()
    return out


def consistent(first, first_root, second, second_root, proof):
    """RFC 9162 §2.1.4.2, the verifying half of RFC 6962 §2.1.2."""
    if first == second:
        return first_root == second_root and not proof
    if not 0 < first < second:
        return False
    if first & (first - 1) == 0:
        proof = [first_root] + proof
    if not proof:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


class Key:
    """A C2SP verifier key, "name+id+base64", as `sekishod init` prints it: the anchor that was fixed outside."""

    def __init__(self, text):
        self.name, key_id, blob = text.split("+", 2)
        raw = base64.b64decode(blob)
        if raw[0] != 1 or len(raw) != 33 or hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4].hex() != key_id:
            raise ValueError("not an Ed25519 verifier key: " + text)
        self.id, self.public = bytes.fromhex(key_id), raw[1:]

    def verifies(self, message, signature):
        c = ctypes.CDLL("libcrypto.so.3")
        c.EVP_PKEY_new_raw_public_key.restype = c.EVP_MD_CTX_new.restype = ctypes.c_void_p
        key = ctypes.c_void_p(c.EVP_PKEY_new_raw_public_key(1087, None, self.public, ctypes.c_size_t(32)))   # 1087: EVP_PKEY_ED25519
        ctx = ctypes.c_void_p(c.EVP_MD_CTX_new())
        try:
            return c.EVP_DigestVerifyInit(ctx, None, None, None, key) == 1 and \
                c.EVP_DigestVerify(ctx, signature, ctypes.c_size_t(len(signature)), message, ctypes.c_size_t(len(message))) == 1
        finally:
            c.EVP_MD_CTX_free(ctx)
            c.EVP_PKEY_free(key)


class Checkpoint:
    """A signed note; raises ValueError when it is none, or is not signed by `key`."""

    def __init__(self, note, key):
        text, _, signatures = note.partition("\n\n")
        text += "\n"
        lines = text.split("\n")
        if len(lines) != 4 or lines[0] != key.name:
            raise ValueError("not a checkpoint of this log: %r" % note)
        self.size, self.root = int(lines[1]), base64.b64decode(lines[2])
        good = False
        for line in signatures.splitlines():
            dash, name, blob = line.split(" ")
            raw = base64.b64decode(blob)
            if dash == "\u2014" and name == key.name and raw[:4] == key.id:
                good = key.verifies(text.encode(), raw[4:])
        if not good:
            raise ValueError("checkpoint %d is not signed by the log's key" % self.size)


def parse_consistency(text, key):
    """(from, [hashes], Checkpoint) of a sekisho-consistency@v1 file."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "sekisho-consistency@v1" or not lines[1].startswith("from "):
        raise ValueError("not a consistency file: %r" % text[:80])
    return int(lines[1][5:]), [base64.b64decode(l) for l in lines[2:]], Checkpoint(note, key)
