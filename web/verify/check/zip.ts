// zip.ts - the members of a zip on disk, read where they lie; PKWARE APPNOTE 6.3.9, stored and deflated, ZIP64.
// fflate's own readers want the whole zip in memory or trust the local headers alone. What a person sees in the file manager comes from
// the central directory; so each local header must say the same as its line there, and no bytes may lie between members that
// no line speaks of.
import { Inflate, inflateSync } from 'fflate';
import { utf8 } from './bytes.ts';
import { Damaged, readBlob, type Source } from './source.ts';

const MEMBERS_MAX = 500_000;
const DIRECTORY_MAX = 256 << 20;
const END = 0x06054b50;
const END_SIZE = 22;
const LOCATOR = 0x07064b50;
const LOCATOR_SIZE = 20;
const END64 = 0x06064b50;
const END64_SIZE = 56;
const LINE = 0x02014b50;
const LINE_SIZE = 46;
const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
const COMMENT_MAX = 0xffff;
const DESCRIPTOR_MAX = 24; // behind a member whose sizes were not known when its head was written
const FLAG_ENCRYPTED = 1;
const FLAG_DESCRIPTOR = 8;
const FULL16 = 0xffff;
const FULL32 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const PIECE = 256 << 10;
const WINDOW = 2 << 20;
const WINDOWS = 4;

type Member = { path: string; at: number; packed: number; size: number; crc: number; method: number; flags: number; end: number };

const u16 = (v: DataView, at: number) => v.getUint16(at, true);
const u32 = (v: DataView, at: number) => v.getUint32(at, true);
const viewOf = (b: Uint8Array) => new DataView(b.buffer, b.byteOffset, b.byteLength);

function u64(v: DataView, at: number): number {
  const n = Number(v.getBigUint64(at, true));
  if (!Number.isSafeInteger(n)) throw new Damaged('zip');
  return n;
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crcOf(bytes: Uint8Array, before: number): number {
  let c = ~before;
  for (let i = 0; i < bytes.length; i++) c = (CRC[(c ^ (bytes[i] as number)) & 0xff] as number) ^ (c >>> 8);
  return ~c >>> 0;
}

/** A few stretches of the file, kept: members are read in about the order in which they lie. */
class Reader {
  readonly #blob: Blob;
  readonly size: number;
  #kept: { at: number; bytes: Uint8Array }[] = [];

  constructor(blob: Blob) {
    this.#blob = blob;
    this.size = blob.size;
  }

  #within(at: number, n: number): Uint8Array | null {
    const found = this.#kept.findIndex((w) => w.at <= at && at + n <= w.at + w.bytes.length);
    const window = this.#kept[found];
    if (!window) return null;
    if (found) this.#kept = [window, ...this.#kept.filter((w) => w !== window)];
    return window.bytes.subarray(at - window.at, at - window.at + n);
  }

  /** Without waiting when the bytes are at hand: 200,000 waits are seconds. */
  bytes(at: number, n: number): Uint8Array | Promise<Uint8Array> {
    return this.#within(at, n) ?? this.#load(at, n);
  }

  async #load(at: number, n: number): Promise<Uint8Array> {
    if (at < 0 || at + n > this.size) throw new Damaged('zip');
    const bytes = await readBlob(this.#blob, at, Math.min(this.size, at + Math.max(n, WINDOW)));
    if (bytes.length < n) throw new Damaged('unreadable');
    this.#kept = [{ at, bytes }, ...this.#kept.slice(0, WINDOWS - 1)];
    return bytes.subarray(0, n);
  }
}

/** Where the directory lies: from its end record, the 64-bit one where a field of the short one is full. */
async function directoryOf(file: Reader): Promise<{ at: number; size: number; members: number }> {
  const tail = Math.min(file.size, END_SIZE + COMMENT_MAX);
  const bytes = await file.bytes(file.size - tail, tail);
  const v = viewOf(bytes);
  let at = tail - END_SIZE;
  while (at >= 0 && !(u32(v, at) === END && u16(v, at + 20) === tail - at - END_SIZE)) at--;
  if (at < 0) throw new Damaged('zip');
  const end = file.size - tail + at;
  const short = { at: u32(v, at + 16), size: u32(v, at + 12), members: u16(v, at + 10) };
  let found = short;
  let last = end;
  if (short.at === FULL32 || short.size === FULL32 || short.members === FULL16) {
    const locator = viewOf(await file.bytes(end - LOCATOR_SIZE, LOCATOR_SIZE));
    if (u32(locator, 0) !== LOCATOR) throw new Damaged('zip');
    last = u64(locator, 8);
    const long = viewOf(await file.bytes(last, END64_SIZE));
    if (u32(long, 0) !== END64) throw new Damaged('zip');
    found = { at: u64(long, 48), size: u64(long, 40), members: u64(long, 32) };
  }
  if (found.at + found.size !== last || found.size > DIRECTORY_MAX || found.members > MEMBERS_MAX) throw new Damaged('zip');
  return found;
}

const NAME_BAD = /[\\\u0000-\u001f]|^\/|(?:^|\/)\.{1,2}(?:\/|$)|\/\//;

/** ZIP64 extra: those of size, packed size and place that are full, in this order. */
function widen(m: Member, extra: DataView): void {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + u16(extra, at + 2)) {
    if (u16(extra, at) !== 1) continue;
    const end = at + 4 + u16(extra, at + 2);
    let next = at + 4;
    for (const field of ['size', 'packed', 'at'] as const) {
      if (m[field] !== FULL32) continue;
      if (next + 8 > end || end > extra.byteLength) throw new Damaged('zip-member', m.path);
      m[field] = u64(extra, next);
      next += 8;
    }
  }
}

function membersOf(bytes: Uint8Array, count: number): Member[] {
  const v = viewOf(bytes);
  const out: Member[] = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    if (at + LINE_SIZE > bytes.length || u32(v, at) !== LINE) throw new Damaged('zip');
    const [name, extra, comment] = [u16(v, at + 28), u16(v, at + 30), u16(v, at + 32)];
    const next = at + LINE_SIZE + name + extra + comment;
    if (next > bytes.length) throw new Damaged('zip');
    const path = utf8(bytes.subarray(at + LINE_SIZE, at + LINE_SIZE + name));
    if (!path || NAME_BAD.test(path)) throw new Damaged('zip-name', path ?? '');
    const m = { path, at: u32(v, at + 42), packed: u32(v, at + 20), size: u32(v, at + 24), crc: u32(v, at + 16), method: u16(v, at + 10), flags: u16(v, at + 8), end: 0 };
    widen(m, new DataView(bytes.buffer, bytes.byteOffset + at + LINE_SIZE + name, extra));
    if (m.flags & FLAG_ENCRYPTED || (m.method !== STORED && m.method !== DEFLATED) || (m.method === STORED && m.packed !== m.size)) {
      throw new Damaged('zip-member', path);
    }
    out.push(m);
    at = next;
  }
  if (at !== bytes.length) throw new Damaged('zip');
  return out;
}

export class Zip implements Source {
  readonly paths: readonly string[];
  readonly #file: Reader;
  readonly #members: Map<string, Member>;

  private constructor(file: Reader, members: Member[]) {
    this.#file = file;
    this.#members = new Map(members.map((m) => [m.path, m]));
    this.paths = members.filter((m) => !m.path.endsWith('/')).map((m) => m.path);
  }

  static async open(blob: Blob): Promise<Zip> {
    const file = new Reader(blob);
    const where = await directoryOf(file);
    const members = membersOf(await file.bytes(where.at, where.size), where.members);
    if (new Set(members.map((m) => m.path)).size !== members.length) throw new Damaged('zip-name');
    members.sort((a, b) => a.at - b.at);
    members.forEach((m, n) => (m.end = members[n + 1]?.at ?? where.at));
    if ((members[0]?.at ?? 0) !== 0) throw new Damaged('zip');
    return new Zip(file, members);
  }

  has(path: string): boolean {
    return this.#members.has(path);
  }

  size(path: string): number {
    return this.#members.get(path)?.size ?? 0;
  }

  /** Where the content begins. The head must say what the directory says, and the member must reach to the next one. */
  async #begin(m: Member): Promise<number> {
    const head = this.#file.bytes(m.at, LOCAL_SIZE);
    const v = viewOf(head instanceof Promise ? await head : head);
    const [nameSize, extraSize] = [u16(v, 26), u16(v, 28)];
    const known = !(m.flags & FLAG_DESCRIPTOR);
    const [crc, packed, size] = [u32(v, 14), u32(v, 18), u32(v, 22)];
    const tells = (said: number, is: number) => said === is || (said === FULL32 && is >= FULL32) || (said === FULL32 && extraSize >= 20) || (!known && said === 0);
    const begin = m.at + LOCAL_SIZE + nameSize + extraSize;
    const spare = m.end - (begin + m.packed);
    if (u32(v, 0) !== LOCAL || u16(v, 8) !== m.method || u16(v, 6) !== m.flags || !tells(crc, m.crc) || !tells(packed, m.packed) || !tells(size, m.size) ||
        spare < 0 || spare > (known ? 0 : DESCRIPTOR_MAX)) throw new Damaged('zip-member', m.path);
    const name = this.#file.bytes(m.at + LOCAL_SIZE, nameSize);
    if (utf8(name instanceof Promise ? await name : name) !== m.path) throw new Damaged('zip-member', m.path);
    return begin;
  }

  async *pieces(path: string): AsyncGenerator<Uint8Array> {
    const m = this.#members.get(path);
    if (!m) throw new Damaged('unreadable', path);
    const begin = await this.#begin(m);
    if (m.packed <= PIECE && m.size <= PIECE) {
      const raw = this.#file.bytes(begin, m.packed);
      yield whole(raw instanceof Promise ? await raw : raw, m);
      return;
    }
    let crc = 0;
    let size = 0;
    const ready: Uint8Array[] = [];
    const inflate = m.method === DEFLATED ? new Inflate((piece) => void ready.push(piece)) : null;
    for (let at = 0; at < m.packed || (at === 0 && inflate); ) {
      const n = Math.min(PIECE, m.packed - at);
      const raw = this.#file.bytes(begin + at, n);
      const bytes = raw instanceof Promise ? await raw : raw;
      at += n;
      if (inflate) unpack(inflate, bytes, at === m.packed, path);
      else ready.push(bytes);
      for (const piece of ready.splice(0)) {
        size += piece.length;
        crc = crcOf(piece, crc);
        if (size > m.size) throw new Damaged('zip-member', path);
        if (piece.length) yield piece;
      }
      if (n === 0) break;
    }
    if (size !== m.size || crc !== m.crc) throw new Damaged('zip-member', path);
  }
}

/** A small member at once: fflate's stream makes room for 100 kB each time. */
function whole(bytes: Uint8Array, m: Member): Uint8Array {
  let out = bytes;
  try {
    if (m.method === DEFLATED) out = inflateSync(bytes, { out: new Uint8Array(m.size + 1) }); // a byte more is one too many
  } catch {
    throw new Damaged('zip-member', m.path);
  }
  if (out.length !== m.size || crcOf(out, 0) !== m.crc) throw new Damaged('zip-member', m.path);
  return out;
}

function unpack(inflate: Inflate, bytes: Uint8Array, last: boolean, path: string): void {
  try {
    inflate.push(bytes, last);
  } catch {
    throw new Damaged('zip-member', path);
  }
}
