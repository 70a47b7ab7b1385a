// hash.ts - SHA-256, HMAC and Ed25519 of the library, and the leaf and node of RFC 6962.
import { ed25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

export const HASH_SIZE = 32;
const LEAF = Uint8Array.of(0);
const node = new Uint8Array(1 + 2 * HASH_SIZE);

export const hashOf = (bytes: Uint8Array): Uint8Array => sha256(bytes);
export const hashing = () => sha256.create();

/** RFC 6962 §2.1: 0x00 ‖ entry */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256.create().update(LEAF).update(entry).digest();
}

/** RFC 6962 §2.1: 0x01 ‖ left ‖ right */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  node[0] = 1;
  node.set(left, 1);
  node.set(right, 1 + HASH_SIZE);
  return sha256(node);
}

/** journal.md, Payloads: what stands in an entry for a person's text. */
export function commitmentOf(salt: Uint8Array, table: Uint8Array, column: Uint8Array, text: Uint8Array): Uint8Array {
  const length = (bytes: Uint8Array) => Uint8Array.of(bytes.length & 0xff, bytes.length >> 8);
  const mac = hmac.create(sha256, salt);
  for (const part of [length(table), table, length(column), column, text]) mac.update(part);
  return mac.digest();
}

/** Strict as RFC 8032 and OpenSSL are: no second encoding of a point, no point of small order as key. */
export function signatureFits(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
