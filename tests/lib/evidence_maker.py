#!/usr/bin/python3
"""evidence_maker.py - logs and evidence packs made by nobody's program but this one, from docs/formats/{journal,log,evidence}.md.

    tests/lib/evidence_maker.py DIR [ENTRIES [one]]      writes DIR/log, DIR/pack, DIR/pack.zip and DIR/truth.json; `one`: a single epoch

Three epochs by default: 1 ends by a planned rotation (key.rotated vouches for the key of 2), 2 in a restore that lost some entries; a second
restore went back behind all of 3, so 4 comes next. Signatures are openssl's, the tree is written from RFC 6962 as it reads, the zip is Python's.
"""
import base64
import functools
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile

INSTALL = '5a0e1c1e-7d1b-4c3a-9e55-1234567890ab'
START_US = 1_775_000_000_000_000
WIDTH = 256
LOST = 12
NUMBERS = (1, 2, 4)


def sha(b):
    return hashlib.sha256(b).digest()


def canon(v):
    return json.dumps(v, sort_keys=True, separators=(',', ':'), ensure_ascii=True).encode()


class Key:
    """An Ed25519 key that openssl made and signs with."""

    def __init__(self, name, kind=1):
        self.name, self.kind = name, kind
        self.pem = subprocess.run(['openssl', 'genpkey', '-algorithm', 'ed25519'], capture_output=True, check=True).stdout
        self.public = self.openssl('pkey', '-pubout', '-outform', 'DER')[-32:]
        self.id = sha(name.encode() + b'\n' + bytes([kind]) + self.public)[:4]
        self.vkey = '%s+%s+%s' % (name, self.id.hex(), base64.b64encode(bytes([kind]) + self.public).decode())
        h = sha(self.vkey.encode())[:16].hex()
        self.fingerprint = ' '.join(h[i:i + 4] for i in range(0, 32, 4))

    def openssl(self, *args):
        with tempfile.NamedTemporaryFile() as f:
            f.write(self.pem)
            f.flush()
            return subprocess.run(['openssl', args[0], *(['-inkey', f.name] if args[0] == 'pkeyutl' else ['-in', f.name]), *args[1:]], capture_output=True, check=True).stdout

    def sign(self, message):
        with tempfile.NamedTemporaryFile() as f:
            f.write(message)
            f.flush()
            return self.openssl('pkeyutl', '-sign', '-rawin', '-in', f.name)

    def line(self, signature):
        return '\u2014 %s %s\n' % (self.name, base64.b64encode(self.id + signature).decode())


class Tree:
    def __init__(self, leaves):
        self.leaves = leaves
        self.node = functools.lru_cache(None)(self._node)

    def _node(self, lo, hi):
        if hi - lo == 1:
            return self.leaves[lo]
        k = 1 << (hi - lo - 1).bit_length() - 1
        return sha(b'\1' + self.node(lo, lo + k) + self.node(lo + k, hi))

    def root(self, n):
        return self.node(0, n) if n else sha(b'')

    def inclusion(self, m, lo, hi):
        if hi - lo == 1:
            return []
        k = 1 << (hi - lo - 1).bit_length() - 1
        if m < lo + k:
            return self.inclusion(m, lo, lo + k) + [self.node(lo + k, hi)]
        return self.inclusion(m, lo + k, hi) + [self.node(lo, lo + k)]

    def consistency(self, m, lo, hi, whole=True):
        """RFC 6962 2.1.2: SUBPROOF(m, D[lo:hi], whole)."""
        if m == hi - lo:
            return [] if whole else [self.node(lo, hi)]
        k = 1 << (hi - lo - 1).bit_length() - 1
        if m <= k:
            return self.consistency(m, lo, lo + k, whole) + [self.node(lo + k, hi)]
        return self.consistency(m - k, lo + k, hi, False) + [self.node(lo, lo + k)]


def checkpoint(key, size, root, signed=True):
    text = '%s\n%d\n%s\n' % (key.name, size, base64.b64encode(root).decode())
    return text + ('\n' + key.line(key.sign(text.encode())) if signed else '')


def cosigned(note, witness, at):
    text = note[:note.rindex('\n\n') + 1]
    sig = struct.pack('>Q', at) + witness.sign(('cosignature/v1\ntime %d\n' % at + text).encode())
    return note + witness.line(sig)


class House:
    """A log of `n` entries, with what an auditor may hold of it."""

    def __init__(self, n, epochs=3):
        self.keys = [Key('sekisho/%s/%d' % (INSTALL, n)) for n in NUMBERS[:epochs]]
        self.witness = Key('kansa.example/witness', 4)
        self.entries, self.texts, self.files = [], [], {}
        self.rotated, self.restored = n // 3, n * 2 // 3
        self.lost_root = sha(b'what was lost')
        for i in range(n):
            self.entries.append(canon(self.entry(i, epochs)))
        self.tree = Tree([sha(b'\0' + e) for e in self.entries])
        # What the restore lost: a longer history of the second epoch, of which only its last checkpoint is known.
        self.size = n

    def entry(self, i, epochs):
        e = {'v': 1, 'at': START_US + i * 60_000_000, 'type': 'application.decided', 'actor': '0190aaaa-0000-7000-8000-%012d' % (i % 300)}
        if epochs > 1 and i == self.rotated - 1:
            return {**e, 'type': 'key.rotated', 'note': {'use': 'log', 'next': self.keys[1].vkey}}
        if epochs > 1 and i == self.rotated:
            root = Tree([sha(b'\0' + x) for x in self.entries]).root(i)
            return {**e, 'type': 'epoch.opened', 'note': self.opened(1, i, i, root, 'rotation')}
        if epochs > 2 and i == self.restored:
            return {**e, 'type': 'epoch.opened', 'note': self.opened(2, i, i + LOST, self.lost_root, 'restore')}
        ident, salt = '0190bbbb-0000-7000-8000-%012d' % i, sha(b'salt %d' % i)
        text = '第%d号の理由: 業務で使うため "急ぎ"' % i
        commit = hmac.new(salt, b''.join((struct.pack('<H', 6), b'answer', struct.pack('<H', 5), b'value', text.encode())), hashlib.sha256).hexdigest()
        self.texts.append({'index': i, 'table': 'answer', 'id': ident, 'k': 'reason', 'column': 'value', 'salt': salt.hex(), 'text': text})
        e['ref'] = ident
        e['set'] = [{'t': 'answer', 'id': ident, 'k': 'reason', 'rev': 1, 'c': {'value': {'commit': commit}, 'application': ident}},
                    {'t': 'application', 'id': ident, 'rev': 2, 'c': {'form': 'network-connection', 'state': 'approved', 'step': 3, 'body': 'mayor', 'at': e['at'], 'number': 'N-%06d' % i}}]
        if i % 50 == 7:
            content = b'%PDF-1.4 attached ' + str(i).encode() * 40
            digest = hashlib.sha256(content).hexdigest()
            self.files[i] = ('attachments/%s-%s' % (digest, '根拠資料 %d.pdf' % i), content)
            e['set'].append({'t': 'attachment', 'id': ident, 'rev': 1, 'c': {'hash': digest, 'size': len(content), 'type': 'pdf', 'state': 'kept'}})
        return e

    def opened(self, at, size, known, root, reason):
        signature = base64.b64decode(checkpoint(self.keys[at - 1], known, root).split()[-1])[4:]
        return {'epoch': NUMBERS[at], 'before': NUMBERS[at] - 1, 'size': size, 'known_size': known, 'known_root': root.hex(), 'known_sig': signature.hex(), 'gap': known - size,
                'reason': reason, 'log_key': self.keys[at].vkey}

    def small(self):
        """The files that full logs and subsets share."""
        out = {'sekisho-log': 'sekisho-log@v1\ninstall %s\n' % INSTALL + ''.join('epoch %d %s\n' % row for row in zip(NUMBERS, [k.vkey for k in self.keys]))}
        out['checkpoint'] = checkpoint(self.keys[-1], self.size, self.tree.root(self.size))
        if len(self.keys) > 1:
            out['epochs/1/checkpoint'] = checkpoint(self.keys[0], self.rotated, self.tree.root(self.rotated))
        if len(self.keys) > 2:
            out['epochs/2/checkpoint'] = checkpoint(self.keys[1], self.restored + LOST, self.lost_root)
        out['witnesses/kansa/checkpoint'] = cosigned(out['checkpoint'], self.witness, START_US // 1_000_000 + 90_000)
        return {p: t.encode() for p, t in out.items()}

    def full(self):
        out = self.small()
        level, hashes = 0, self.tree.leaves
        while hashes:
            for at in range(0, len(hashes), WIDTH):
                out[tile(level, at, hashes)] = b''.join(hashes[at:at + WIDTH])
            hashes = [Tree(hashes[at:at + WIDTH]).root(WIDTH) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
            level += 1
        for at in range(0, self.size, WIDTH):
            out[tile('entries', at, self.entries)] = b''.join(struct.pack('>H', len(e)) + e for e in self.entries[at:at + WIDTH])
        return out

    def subset(self, indexes, sizes=()):
        out = self.small()
        note = out['checkpoint']
        out['subset'] = ('sekisho-subset@v1\n%d\n' % self.size + ''.join('%d\n' % i for i in indexes)).encode()
        for i in indexes:
            out['entries/%d.json' % i] = self.entries[i]
            hashes = ''.join(base64.b64encode(h).decode() + '\n' for h in self.tree.inclusion(i, 0, self.size))
            out['proofs/%d.tlog-proof' % i] = ('c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n%s\n' % (base64.b64encode(self.entries[i]).decode(), i, hashes)).encode() + note
        for m in sizes:
            hashes = ''.join(base64.b64encode(h).decode() + '\n' for h in self.tree.consistency(m, 0, self.size))
            out['consistency/%d' % m] = ('sekisho-consistency@v1\nfrom %d\n%s\n' % (m, hashes)).encode() + note
        return out

    def pack(self, indexes, sizes=()):
        chosen = set(indexes)
        files = {'README.txt': 'これは証跡パックです。\nThis is an evidence pack.\n'.encode(), 'clauses/S8.2-R2.2.ki.pdf': b'%PDF-1.4 clause',
                 'tables/cases.csv': b'\xef\xbb\xbfnumber,state\r\n1,approved\r\n', 'tables/cases.xlsx': b'PK xlsx'}
        files.update(self.files[i] for i in sorted(self.files) if i in chosen)
        texts = [json.dumps(t, ensure_ascii=False, separators=(',', ':')) for t in self.texts if t['index'] in chosen]
        files['texts.json'] = ('[\n' + ',\n'.join(texts) + '\n]\n').encode()
        files.update(('log/' + p, b) for p, b in self.subset(indexes, sizes).items())
        listed = ',\n'.join(json.dumps({'path': p, 'size': len(b), 'sha256': hashlib.sha256(b).hexdigest()}, ensure_ascii=False, separators=(',', ':')) for p, b in files.items())
        head = {'v': 1, 'install': INSTALL, 'made_at': START_US + 10 ** 12,
                'scope': {'kind': 'clause', 'id': 'S8.2-R2.2.ki', 'body': '', 'from': START_US, 'until': START_US + 10 ** 12},
                'options': {'names': 'person', 'withhold': False}, 'counts': {'entries': len(indexes)},
                'left_out': {'names': 0, 'withheld': 0, 'erased': 3, 'attachments': 0},
                'log': {'size': self.size, 'root': self.tree.root(self.size).hex(), 'epoch': NUMBERS[len(self.keys) - 1]}}
        manifest = json.dumps(head, ensure_ascii=False, separators=(',', ':'))[:-1] + ',\n "files":[\n' + listed + '\n]}\n'
        return {'index.html': b'<!DOCTYPE html><title>pack</title>', 'manifest.json': manifest.encode(), **files}

    def truth(self, sizes):
        return {'fingerprints': [k.fingerprint for k in self.keys], 'vkeys': [k.vkey for k in self.keys], 'witness': self.witness.vkey, 'size': self.size,
                'rotated': self.rotated, 'restored': self.restored, 'lost': LOST, 'roots': {str(s): self.tree.root(s).hex() for s in sizes},
                'earlier': checkpoint(self.keys[-1], self.size - 1, self.tree.root(self.size - 1)), 'unsigned': checkpoint(self.keys[-1], self.size, self.tree.root(self.size), False),
                'stranger': Key('sekisho/%s/1' % INSTALL).fingerprint}


def tile(level, at, rows):
    n, width = at // WIDTH, min(WIDTH, len(rows) - at)
    groups = ['%03d' % (n % 1000)]
    while n := n // 1000:
        groups.insert(0, 'x%03d' % (n % 1000))
    return 'tile/%s/%s%s' % (level, '/'.join(groups), '' if width == WIDTH else '.p/%d' % width)


def write(top, files):
    for path, data in files.items():
        os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
        with open(os.path.join(top, path), 'wb') as f:
            f.write(data)


def write_zip(path, files):
    with zipfile.ZipFile(path, 'w') as z:
        for name, data in files.items():
            z.writestr(name, data, zipfile.ZIP_DEFLATED if len(data) > 300 else zipfile.ZIP_STORED)


def main():
    sys.setrecursionlimit(10_000)
    top, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 700
    house = House(n, 1 if sys.argv[3:] == ['one'] else 3)
    sizes = [s for s in (1, house.rotated, n // 2, n - 1) if s < n]
    marks = [i for i, e in enumerate(house.entries) if b'"type":"epoch.opened"' in e or b'"type":"key.rotated"' in e]
    chosen = sorted({*range(0, n, 7 if n < 10_000 else 1), *marks, 7, n - 2})
    write(os.path.join(top, 'log'), house.full())
    pack = house.pack(chosen, [s for s in sizes if s != 1])
    if n < 10_000:
        write(os.path.join(top, 'pack'), pack)
    write_zip(os.path.join(top, 'pack.zip'), pack)
    with open(os.path.join(top, 'truth.json'), 'w', encoding='utf-8') as f:
        json.dump(house.truth([*sizes, n]), f)


if __name__ == '__main__':
    main()
