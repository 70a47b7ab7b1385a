"""witness.py - a witness of the log that is not our C: its key, and its line under a checkpoint. For tests only."""
import base64
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'rigs'))
from logdir import Secret  # noqa: E402


class Witness(Secret):
    def __init__(self, name='pref.example/w1', word='witness'):
        super().__init__(name, word)
        self.id = hashlib.sha256(name.encode() + b'\n\x04' + self.public).digest()[:4]
        self.vkey = '%s+%s+%s' % (name, self.id.hex(), base64.b64encode(b'\x04' + self.public).decode())
        digest = hashlib.sha256(self.vkey.encode()).hexdigest()[:32]
        self.fingerprint = ' '.join(digest[i:i + 4] for i in range(0, 32, 4))

    def cosigned(self, note, at=1_775_000_000):
        """The note with a line of ours."""
        said = 'cosignature/v1\ntime %d\n%s\n' % (at, note.split('\n\n')[0])
        raw = self.id + at.to_bytes(8, 'big') + self.sign(said.encode())
        return note + '\u2014 %s %s\n' % (self.name, base64.b64encode(raw).decode())
