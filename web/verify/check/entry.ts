// entry.ts - one entry of the journal: canonical JSON (docs/formats/journal.md) and the few members that are looked at here.
import { utf8 } from './bytes.ts';

export type Value = number | string | Value[] | { [key: string]: Value };
export type Entry = { at: number; type: string; value: { [key: string]: Value } };

const ENTRY_MAX = 65_535;
const DEPTH_MAX = 16;
const PLAIN = /^[\x20-\x7e]*$/;
const TO_ESCAPE = /["\\]/g;

class NotCanonical extends Error {}

const quoted = (text: string) => `"${text.replace(TO_ESCAPE, '\\$&')}"`;

function encode(value: unknown, depth: number): string {
  if (depth > DEPTH_MAX) throw new NotCanonical();
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map((v) => encode(v, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) throw new NotCanonical();
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, v]) => `${quoted(key)}:${encode(v, depth + 1)}`).join(',')}}`;
}

/** As `encode`, for JSON.stringify to write: keys ascend, nothing but integers, texts, lists and objects. Keys like 9 and 10 it would turn round. */
function plain(value: unknown, depth: number): boolean {
  if (depth > DEPTH_MAX) return false;
  if (typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.every((v) => plain(v, depth + 1));
  let before = '';
  for (const [key, v] of Object.entries(value)) {
    if (key < before || !plain(v, depth + 1)) return false;
    before = key;
  }
  return true;
}

/** The value of bytes that are their own canonical spelling; null for all others. A key twice, a float, a blank: the text differs. */
export function canonical(bytes: Uint8Array): Value | null {
  const text = bytes.length <= ENTRY_MAX ? utf8(bytes) : null;
  if (text === null || !PLAIN.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return (plain(value, 1) && JSON.stringify(value) === text) || encode(value, 1) === text ? (value as Value) : null;
  } catch {
    return null;
  }
}

export const isObject = (v: Value | undefined): v is { [key: string]: Value } => typeof v === 'object' && !Array.isArray(v);

/** An entry of version 1, or null. */
export function entryOf(bytes: Uint8Array): Entry | null {
  const value = canonical(bytes);
  if (value === null || !isObject(value) || value['v'] !== 1 || typeof value['at'] !== 'number' || typeof value['type'] !== 'string') return null;
  return { at: value['at'], type: value['type'], value };
}
