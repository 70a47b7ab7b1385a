// bytes.ts - bytes to texts and numbers and back, each in one spelling only: what has a second spelling is refused, not mended.
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();
const HEX = /^(?:[0-9a-f]{2})*$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

export function utf8(bytes: Uint8Array): string | null {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

export const bytesOf = (text: string): Uint8Array => ENCODER.encode(text);

export function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const TWO = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

export function hexOf(bytes: Uint8Array): string {
  let out = '';
  for (const b of bytes) out += TWO[b];
  return out;
}

export function hexBytes(text: string): Uint8Array | null {
  if (!HEX.test(text)) return null;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGIT = new Int8Array(128).fill(-1);
for (let n = 0; n < ALPHABET.length; n++) DIGIT[ALPHABET.charCodeAt(n)] = n;

/** Padded, and bits beyond the last byte are zero: the one spelling. By a table: proofs have millions of lines. */
export function base64Bytes(text: string): Uint8Array | null {
  const pad = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - pad;
  if (text.length % 4 !== 0) return null;
  const out = new Uint8Array((text.length / 4) * 3 - pad);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let n = 0; n < digits; n++) {
    const digit = DIGIT[text.charCodeAt(n)] ?? -1;
    if (digit < 0) return null;
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out[at++] = bits >> held;
  }
  return bits & ((1 << held) - 1) ? null : out;
}

/** A count in its one spelling, at most `max`. */
export function decimal(text: string, max: number): number | null {
  if (!DECIMAL.test(text)) return null;
  const n = Number(text);
  return n <= max ? n : null;
}

/** The lines of a text that ends in a newline; null when it does not. */
export function linesOf(text: string): string[] | null {
  if (!text.endsWith('\n')) return null;
  return text.slice(0, -1).split('\n');
}
