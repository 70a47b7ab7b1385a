// source.ts - where files come from: a zip or a folder that a person chose. Nothing of it is trusted.
import { hexOf } from './bytes.ts';
import { hashing } from './hash.ts';

export interface Source {
  readonly paths: readonly string[]; // as they lie in the zip, or sorted
  has(path: string): boolean;
  size(path: string): number;
  /** The content in pieces, in order. Throws Damaged. */
  pieces(path: string): AsyncGenerator<Uint8Array>;
}

/** Something that is there cannot be what it must be; `key` names the words for it (verifier.found.*). */
export class Damaged extends Error {
  readonly key: DamageKey;
  readonly path: string;

  constructor(key: DamageKey, path = '') {
    super(`${key} ${path}`);
    this.key = key;
    this.path = path;
  }
}

export type DamageKey = 'zip' | 'zip-member' | 'zip-name' | 'unreadable' | 'large';

/** A whole file of at most `max` bytes. */
export async function wholeOf(source: Source, path: string, max: number): Promise<Uint8Array> {
  const size = source.size(path);
  if (size > max) throw new Damaged('large', path);
  const pieces: Uint8Array[] = [];
  let at = 0;
  for await (const piece of source.pieces(path)) {
    pieces.push(piece); // to the end: the last thing that a source does is to compare what it read
    at += piece.length;
  }
  if (at !== size) throw new Damaged('unreadable', path);
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const out = new Uint8Array(size);
  for (let n = 0, to = 0; n < pieces.length; to += pieces[n++]?.length ?? 0) out.set(pieces[n] as Uint8Array, to);
  return out;
}

const PIECE = 1 << 20;

/** Files of a folder, by their path below it. */
export class Folder implements Source {
  readonly paths: readonly string[];
  readonly #files: Map<string, Blob>;

  constructor(files: Iterable<readonly [string, Blob]>) {
    this.#files = new Map(files);
    this.paths = [...this.#files.keys()].sort();
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  size(path: string): number {
    return this.#files.get(path)?.size ?? 0;
  }

  async *pieces(path: string): AsyncGenerator<Uint8Array> {
    const file = this.#files.get(path);
    if (!file) throw new Damaged('unreadable', path);
    for (let at = 0; at < file.size; at += PIECE) {
      yield await readBlob(file, at, Math.min(file.size, at + PIECE), path);
    }
  }
}

export async function readBlob(blob: Blob, from: number, to: number, path = ''): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(from, to).arrayBuffer());
  } catch {
    throw new Damaged('unreadable', path); // a disc that cannot be read, a file that changed since it was chosen
  }
}

/** Keeps the SHA-256 of each file that was read to its end, so that 200,000 small files are unpacked once only. */
export class Remembering implements Source {
  readonly paths: readonly string[];
  readonly #of: Source;
  readonly #digests = new Map<string, string>();

  constructor(of: Source) {
    this.#of = of;
    this.paths = of.paths;
  }

  has(path: string): boolean {
    return this.#of.has(path);
  }

  size(path: string): number {
    return this.#of.size(path);
  }

  async *pieces(path: string): AsyncGenerator<Uint8Array> {
    const hash = hashing();
    for await (const piece of this.#of.pieces(path)) {
      hash.update(piece);
      yield piece;
    }
    this.#digests.set(path, hexOf(hash.digest()));
  }

  /** Of a file that was not read yet: read now. `at` hears how far. */
  async digestOf(path: string, at: (bytes: number) => void): Promise<string> {
    let done = 0;
    if (!this.#digests.has(path)) for await (const piece of this.pieces(path)) at((done += piece.length));
    return this.#digests.get(path) ?? '';
  }
}

/** What lies below a folder of a source, as a source of its own. */
export class Below implements Source {
  readonly paths: readonly string[];
  readonly #of: Source;
  readonly #prefix: string;

  constructor(of: Source, prefix: string) {
    this.#of = of;
    this.#prefix = prefix;
    this.paths = of.paths.filter((p) => p.startsWith(prefix)).map((p) => p.slice(prefix.length));
  }

  has(path: string): boolean {
    return this.#of.has(this.#prefix + path);
  }

  size(path: string): number {
    return this.#of.size(this.#prefix + path);
  }

  pieces(path: string): AsyncGenerator<Uint8Array> {
    return this.#of.pieces(this.#prefix + path);
  }
}
