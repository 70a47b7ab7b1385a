// full.ts - a full log: every entry of every bundle, the whole tree computed again, every tile compared.
import { same } from './bytes.ts';
import { entryOf } from './entry.ts';
import { HASH_SIZE, leafHash } from './hash.ts';
import { isMark, readOrDamage, type Entries, type Holds, type Mark } from './log.ts';
import type { Checkpoint } from './note.ts';
import type { Progress, Report } from './report.ts';
import type { Source } from './source.ts';
import { Edge, type Hash } from './tree.ts';

const WIDTH = 256;
const ENTRY_MAX = 65_535;

/** C2SP tlog-tiles: 1234067 is x001/x234/067. */
export function tilePath(level: number | 'entries', n: number, width = WIDTH): string {
  const groups: string[] = [];
  for (let rest = n, first = true; first || rest > 0; rest = Math.floor(rest / 1000), first = false) {
    groups.unshift((first ? '' : 'x') + String(rest % 1000).padStart(3, '0'));
  }
  return `tile/${level}/${groups.join('/')}${width < WIDTH ? `.p/${width}` : ''}`;
}

/** The entries of a bundle; null when it does not end where its last entry does, or holds another number. */
export function bundleOf(bytes: Uint8Array, width: number): Uint8Array[] | null {
  const out: Uint8Array[] = [];
  let at = 0;
  while (at + 2 <= bytes.length && out.length < width) {
    const n = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (at + 2 + n > bytes.length) return null;
    out.push(bytes.subarray(at + 2, at + 2 + n));
    at += 2 + n;
  }
  return at === bytes.length && out.length === width ? out : null;
}

/** One level of tiles: what was computed is compared with the file as soon as a tile is full. */
class Level {
  readonly level: number;
  readonly #hashes: Hash[] = [];
  #tile = 0;

  constructor(level: number) {
    this.level = level;
  }

  /** True when the tile is full. */
  push(hash: Hash): boolean {
    return this.#hashes.push(hash) === WIDTH;
  }

  get held(): number {
    return this.#hashes.length;
  }

  take(): { path: string; hashes: Hash[]; first: number } {
    const n = this.#tile++;
    const hashes = this.#hashes.splice(0);
    return { path: tilePath(this.level, n, hashes.length), hashes, first: n * WIDTH };
  }
}

async function compareTile(source: Source, level: Level, quiet: boolean, report: Report): Promise<Hash> {
  const { path, hashes, first } = level.take();
  const edge = new Edge();
  hashes.forEach((h) => edge.append(h));
  if (!source.has(path)) {
    report.incomplete('file-missing', path);
    return edge.root();
  }
  const bytes = await readOrDamage(source, path, WIDTH * HASH_SIZE, report);
  if (!bytes) return edge.root();
  if (bytes.length !== hashes.length * HASH_SIZE) {
    report.tampered('tile-size', path);
    return edge.root();
  }
  const wrong = hashes.findIndex((h, n) => !same(h, bytes.subarray(n * HASH_SIZE, (n + 1) * HASH_SIZE)));
  if (wrong < 0) report.count('tiles');
  else if (level.level === 0) report.tampered('tile-entry', path, first + wrong, tilePath('entries', first / WIDTH, hashes.length));
  else if (!quiet) report.tampered('tile-node', path);
  return edge.root();
}

export async function checkFull(source: Source, newest: Checkpoint, asked: ReadonlySet<number>, report: Report, progress: Progress): Promise<{ entries: Entries; holds: Holds }> {
  const levels = [new Level(0)];
  const edge = new Edge();
  const roots = new Map<number, Hash>();
  const entries: Entries = { size: newest.size, marks: [], first: 0, last: 0, indexes: { count: 0, above: () => 0 } };
  let whole = true;
  if (asked.has(0)) roots.set(0, edge.root());
  for (let n = 0; whole && n * WIDTH < newest.size; n++) {
    const width = Math.min(WIDTH, newest.size - n * WIDTH);
    const path = tilePath('entries', n, width);
    progress('entries', n * WIDTH, newest.size);
    const bundle = await bundleFile(source, path, width, report);
    whole = bundle !== null;
    const wrongBefore = report.foundAny('tampered');
    for (const [k, bytes] of (bundle ?? []).entries()) {
      readEntry(bytes, n * WIDTH + k, path, entries, report);
      const leaf = leafHash(bytes);
      edge.append(leaf);
      levels[0]?.push(leaf);
      if (asked.has(edge.size)) roots.set(edge.size, edge.root());
    }
    if (bundle) await closeTiles(source, levels, 0, edge.size === newest.size, wrongBefore, report);
  }
  entries.indexes.count = edge.size;
  if (whole) {
    report.count('entries', edge.size);
    if (!same(edge.root(), newest.root)) report.tampered('root-differs', newest.size);
  }
  progress('entries', newest.size, newest.size);
  return {
    entries,
    holds: async (size, root) => {
      const own = roots.get(size);
      return !own ? 'unknown' : same(own, root) ? 'yes' : 'no';
    },
  };
}

/** Full tiles are compared, and each gives a hash to the level above; at the end the rest is, too. */
async function closeTiles(source: Source, levels: Level[], at: number, ends: boolean, quiet: boolean, report: Report): Promise<void> {
  const level = levels[at];
  if (!level) return;
  if (level.held === WIDTH) {
    const above = levels[at + 1] ?? new Level(at + 1);
    levels[at + 1] = above;
    above.push(await compareTile(source, level, quiet, report));
  } else if (ends && level.held) {
    await compareTile(source, level, quiet, report);
  } else if (!ends) {
    return;
  }
  await closeTiles(source, levels, at + 1, ends, quiet || report.foundAny('tampered'), report);
}

async function bundleFile(source: Source, path: string, width: number, report: Report): Promise<Uint8Array[] | null> {
  if (!source.has(path)) {
    report.incomplete('file-missing', path);
    return null;
  }
  const bytes = await readOrDamage(source, path, width * (2 + ENTRY_MAX), report);
  const bundle = bytes && bundleOf(bytes, width);
  if (bytes && !bundle) report.tampered('bundle-form', path);
  return bundle;
}

/** An entry in its one spelling, not older than the one before. */
export function readEntry(bytes: Uint8Array, index: number, path: string, entries: Entries, report: Report): Mark | null {
  const entry = entryOf(bytes);
  if (!entry) {
    report.tampered('entry-form', index, path);
    return null;
  }
  if (entry.at < entries.last) report.tampered('entry-time', index, path);
  if (entries.indexes.count === 0 && entries.last === 0) entries.first = entry.at;
  entries.last = Math.max(entries.last, entry.at);
  const mark = { index, entry };
  if (isMark(entry)) entries.marks.push(mark);
  return mark;
}
