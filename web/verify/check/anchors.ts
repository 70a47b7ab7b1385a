// anchors.ts - what a person has outside of the log: fingerprints, printed roots, earlier checkpoints, witnesses' keys.
// Typed by hand from paper: full-width letters, blanks, hyphens and either case are taken.
import { base64Bytes, decimal, hexBytes } from './bytes.ts';
import { checkpointOf, COSIGNATURE, ED25519, fingerprintOf, vkeyOf, type Checkpoint, type VKey } from './note.ts';
import { TREE_SIZE_MAX, type Hash } from './tree.ts';

export type KeyAnchor = { fingerprint: string } | { vkey: VKey };
export type RootAnchor = { size: number; root: Hash };
export type Anchors = { keys: KeyAnchor[]; roots: RootAnchor[]; checkpoints: { name: string; checkpoint: Checkpoint }[]; witnesses: VKey[]; manifest: string | null };

export const NO_ANCHORS: Anchors = { keys: [], roots: [], checkpoints: [], witnesses: [], manifest: null };

const tight = (text: string) => text.normalize('NFKC').replace(/[\s\u200b-]/g, '');
const FINGERPRINT = /^[0-9a-f]{32}$/;

/** A fingerprint of 32 digits, or a whole verifier key. */
export function keyAnchor(text: string): KeyAnchor | null {
  const digits = tight(text).replace(/[:ー−]/g, '').toLowerCase();
  if (FINGERPRINT.test(digits)) return { fingerprint: digits.replace(/(....)(?=.)/g, '$1 ') };
  const vkey = vkeyOf(text.trim());
  return vkey?.type === ED25519 ? { vkey } : null;
}

export const isKey = (anchor: KeyAnchor, key: VKey) => ('vkey' in anchor ? anchor.vkey.text === key.text : anchor.fingerprint === fingerprintOf(key));

/** The number of entries and the root, each in its field; or "SIZE:ROOT" in the root's. */
export function rootAnchor(sizeText: string, rootText: string): RootAnchor | null {
  const [before, after] = rootText.normalize('NFKC').split(':');
  const [sizePart = '', rootPart = ''] = after === undefined ? [sizeText, rootText] : [before, after];
  const size = decimal(tight(sizePart).replace(/[,件]/g, ''), TREE_SIZE_MAX);
  const text = tight(rootPart);
  const root = hexBytes(text.toLowerCase()) ?? base64Bytes(text);
  return size !== null && size > 0 && root?.length === 32 ? { size, root } : null;
}

/** SHA-256 of a pack's manifest, as the journal's entry evidence.made says it. */
export function manifestAnchor(text: string): string | null {
  const digits = tight(text).toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : null;
}

export function witnessAnchor(text: string): VKey | null {
  const vkey = vkeyOf(text.trim());
  return vkey?.type === COSIGNATURE ? vkey : null;
}

export function checkpointAnchor(name: string, bytes: Uint8Array): { name: string; checkpoint: Checkpoint } | null {
  const checkpoint = checkpointOf(bytes);
  return checkpoint && checkpoint.size > 0 ? { name, checkpoint } : null;
}
