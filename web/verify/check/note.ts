// note.ts - C2SP signed notes: verifier keys, checkpoints with their signatures and cosignatures, proof and consistency files.
// The formats are in docs/formats/journal.md and log.md; the same rules in C: src/core/journal/{note,proof}.c.
import { base64Bytes, bytesOf, decimal, hexOf, linesOf, utf8 } from './bytes.ts';
import { HASH_SIZE, hashOf, signatureFits } from './hash.ts';
import { TREE_SIZE_MAX, type Hash } from './tree.ts';

const NOTE_MAX = 8192;
const VKEY_MAX = 256;
const NAME_MAX = 127;
const KEY_ID = 4;
const SIGNATURE = 64;
const PROOF_MAX = 82;
const NAME = /^[!-*,-~]+$/; // printable ASCII without space and plus
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const DASH = '\u2014 ';

export const ED25519 = 1;
export const COSIGNATURE = 4; // c2sp.org/tlog-cosignature: the time stands before the signature

export type VKey = { name: string; type: number; key: Uint8Array; text: string };
export type Signature = { name: string; id: string; bytes: Uint8Array };
export type Checkpoint = { origin: string; size: number; root: Hash; text: string; signatures: Signature[] };
export type EntryProof = { entry: Uint8Array | null; index: number; hashes: Hash[]; checkpoint: Uint8Array };
export type Consistency = { from: number; hashes: Hash[]; checkpoint: Uint8Array };

const named = (name: string) => NAME.test(name) && name.length <= NAME_MAX;

function keyId(name: string, type: number, key: Uint8Array): string {
  return hexOf(hashOf(Uint8Array.of(...bytesOf(`${name}\n`), type, ...key)).subarray(0, KEY_ID));
}

/** name+key id+Base64(type ‖ public key); null when a digit of it is wrong. */
export function vkeyOf(text: string): VKey | null {
  const [name = '', id = '', rest, more] = text.length <= VKEY_MAX ? splitPlus(text) : [];
  const typed = base64Bytes(rest ?? '');
  if (!named(name) || more !== undefined || typed?.length !== 1 + HASH_SIZE) return null;
  const type = typed[0] as number;
  const key = typed.subarray(1);
  if ((type !== ED25519 && type !== COSIGNATURE) || id !== keyId(name, type, key)) return null;
  return { name, type, key, text };
}

/** Base64 has pluses, too: only the first two divide. */
function splitPlus(text: string): string[] {
  const [name, id, ...rest] = text.split('+');
  return [name ?? '', id ?? '', rest.join('+')];
}

/** What is printed on paper: the first 16 bytes of SHA-256 of the key's text, in groups of four digits. */
export function fingerprintOf(key: VKey): string {
  return hexOf(hashOf(bytesOf(key.text)).subarray(0, 16)).replace(/(....)(?=.)/g, '$1 ');
}

/** A hash on a line; null when it is none. */
function hashLine(line: string): Hash | null {
  const hash = base64Bytes(line);
  return hash?.length === HASH_SIZE ? hash : null;
}

function signatureOf(line: string): Signature | null {
  if (!line.startsWith(DASH)) return null;
  const [name = '', text = '', more] = line.slice(DASH.length).split(' ');
  const raw = base64Bytes(text);
  if (!name || name.includes('+') || more !== undefined || !raw || raw.length <= KEY_ID) return null;
  return { name, id: hexOf(raw.subarray(0, KEY_ID)), bytes: raw.subarray(KEY_ID) };
}

/** The parts of a checkpoint, not yet believed; null when it is none. A note without any signature line is one: it is unsigned. */
export function checkpointOf(bytes: Uint8Array): Checkpoint | null {
  const note = bytes.length <= NOTE_MAX ? utf8(bytes) : null;
  if (note === null || CONTROL.test(note) || !note.endsWith('\n')) return null;
  const cut = note.lastIndexOf('\n\n');
  const text = cut < 0 ? note : note.slice(0, cut + 1);
  const below = cut < 0 ? '' : note.slice(cut + 2);
  const signatures = below ? (linesOf(below) ?? []).map(signatureOf) : [];
  const [origin = '', sizeText = '', rootText = '', more] = linesOf(text) ?? [];
  const size = decimal(sizeText, TREE_SIZE_MAX);
  const root = hashLine(rootText);
  if (!named(origin) || size === null || !root || more !== undefined || signatures.some((s) => !s)) return null;
  return { origin, size, root, text, signatures: signatures as Signature[] };
}

export type Signed = 'signed' | 'unsigned' | 'wrong';

const lineBy = (c: Checkpoint, key: VKey) => c.signatures.filter((s) => s.name === key.name && s.id === keyId(key.name, key.type, key.key));

/** Every line by that key must fit. Nobody's signature is worth anything but of the key that is asked for. */
export function signedBy(c: Checkpoint, key: VKey): Signed {
  const ours = lineBy(c, key);
  if (ours.length === 0) return 'unsigned';
  const fits = ours.every((s) => s.bytes.length === SIGNATURE && signatureFits(key.key, bytesOf(c.text), s.bytes));
  return fits && c.origin === key.name ? 'signed' : 'wrong';
}

/** cosignature/v1: u64 BE seconds ‖ signature over "cosignature/v1\ntime N\n" ‖ checkpoint text. When, or what is wrong. */
export function cosignedBy(c: Checkpoint, key: VKey): { signed: Signed; at: number } {
  const lines = lineBy(c, key);
  let at = 0;
  for (const line of lines) {
    if (line.bytes.length !== 8 + SIGNATURE) return { signed: 'wrong', at: 0 };
    const view = new DataView(line.bytes.buffer, line.bytes.byteOffset, 8);
    const seconds = Number(view.getBigUint64(0));
    const message = bytesOf(`cosignature/v1\ntime ${seconds}\n${c.text}`);
    if (!Number.isSafeInteger(seconds) || !signatureFits(key.key, message, line.bytes.subarray(8))) return { signed: 'wrong', at: 0 };
    at = Math.max(at, seconds);
  }
  return { signed: lines.length ? 'signed' : 'unsigned', at };
}

/** What the text files of proofs have in common: a head, hash lines, an empty line, the checkpoint's bytes. */
function parts(bytes: Uint8Array, head: number): { lines: string[]; hashes: Hash[]; checkpoint: Uint8Array } | null {
  const text = utf8(bytes);
  const cut = text?.indexOf('\n\n') ?? -1;
  if (text === null || cut < 0) return null;
  const lines = text.slice(0, cut).split('\n');
  const hashes = lines.slice(head).map(hashLine);
  if (lines.length < head || hashes.length > PROOF_MAX || hashes.some((h) => !h)) return null;
  return { lines: lines.slice(0, head), hashes: hashes as Hash[], checkpoint: bytesOf(text.slice(cut + 2)) };
}

const numberAfter = (word: string, line = '') => (line.startsWith(word) ? decimal(line.slice(word.length), TREE_SIZE_MAX) : null);

/** c2sp.org/tlog-proof@v1; the line `extra` holds the entry's bytes. */
export function entryProofOf(bytes: Uint8Array): EntryProof | null {
  const withExtra = utf8(bytes.subarray(0, 64))?.includes('\nextra ') ?? false;
  const file = parts(bytes, withExtra ? 3 : 2);
  const index = numberAfter('index ', file?.lines.at(-1));
  if (!file || file.lines[0] !== 'c2sp.org/tlog-proof@v1' || index === null) return null;
  const entry = withExtra ? base64Bytes(file.lines[1]?.slice('extra '.length) ?? '') : null;
  if (withExtra && (!entry || !file.lines[1]?.startsWith('extra '))) return null;
  return { entry, index, hashes: file.hashes, checkpoint: file.checkpoint };
}

export function consistencyOf(bytes: Uint8Array): Consistency | null {
  const file = parts(bytes, 2);
  const from = numberAfter('from ', file?.lines[1]);
  if (!file || file.lines[0] !== 'sekisho-consistency@v1' || from === null) return null;
  return { from, hashes: file.hashes, checkpoint: file.checkpoint };
}

