// pack.ts - an evidence pack (docs/formats/evidence.md): what its manifest lists, whose texts are opened, what was attached.
import { bytesOf, hexBytes, hexOf, utf8 } from './bytes.ts';
import { isObject, type Entry, type Value } from './entry.ts';
import { commitmentOf, hashOf } from './hash.ts';
import { lastOf, readOrDamage, type OpenedLog } from './log.ts';
import type { Progress, Report } from './report.ts';
import { Damaged, type Remembering, type Source } from './source.ts';

export const MANIFEST = 'manifest.json';
const TEXTS = 'texts.json';
const MANIFEST_MAX = 256 << 20;
const TEXTS_MAX = 1 << 30;
const UNLISTED = new Set([MANIFEST, 'index.html', 'verify.html']);
const HEX64 = /^[0-9a-f]{64}$/;
const ATTACHMENT = /^attachments\/([0-9a-f]{64})-./;

type Listed = { path: string; size: number; sha256: string };
export type Manifest = {
  install: string;
  madeAt: number;
  scope: { kind: string; id: string; body: string; from: number; until: number };
  options: { names: string; withhold: boolean };
  leftOut: { [what: string]: number };
  log: { size: number; root: string; epoch: number };
  files: Listed[];
};

type Json = { [key: string]: unknown };
const isJson = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const isCount = (v: unknown): v is number => typeof v === 'number' && Number.isSafeInteger(v) && v >= 0;

function listed(v: unknown): v is Listed {
  return isJson(v) && typeof v['path'] === 'string' && isCount(v['size']) && typeof v['sha256'] === 'string' && HEX64.test(v['sha256']);
}

export function manifestOf(bytes: Uint8Array): Manifest | null {
  let v: unknown;
  try {
    v = JSON.parse(utf8(bytes) ?? '');
  } catch {
    return null;
  }
  if (!isJson(v) || v['v'] !== 1) return null;
  const { install, made_at: madeAt, scope, options, left_out: leftOut, log, files } = v;
  if (typeof install !== 'string' || !isCount(madeAt) || !isJson(scope) || !isJson(options) || !isJson(leftOut) || !isJson(log) || !Array.isArray(files)) return null;
  const { kind, id, body, from, until } = scope;
  if (![kind, id, body].every((t) => typeof t === 'string') || !isCount(from) || !isCount(until)) return null;
  if (!isCount(log['size']) || !isCount(log['epoch']) || typeof log['root'] !== 'string' || !Object.values(leftOut).every(isCount)) return null;
  if (!files.every(listed) || new Set(files.map((f: Listed) => f.path)).size !== files.length) return null;
  return {
    install, madeAt, files, leftOut: leftOut as Manifest['leftOut'],
    scope: { kind: kind as string, id: id as string, body: body as string, from, until },
    options: { names: String(options['names']), withhold: options['withhold'] === true },
    log: { size: log['size'], root: log['root'], epoch: log['epoch'] },
  };
}

export async function readManifest(source: Source, digest: string | null, report: Report): Promise<Manifest | null> {
  const bytes = await readOrDamage(source, MANIFEST, MANIFEST_MAX, report);
  const manifest = bytes && manifestOf(bytes);
  if (bytes && !manifest) report.tampered('manifest-form', MANIFEST);
  if (!bytes || !manifest) return null;
  const { kind, id, body, from, until } = manifest.scope;
  report.fact('scope', kind, id);
  if (body) report.fact('scope-body', body);
  report.fact('period', iso(from), iso(until));
  report.fact('made', iso(manifest.madeAt));
  const is = hexOf(hashOf(bytes));
  report.fact('manifest', is);
  if (digest === is) report.count('manifest');
  else if (digest) report.tampered('manifest-digest', MANIFEST, is);
  const left = (what: string) => manifest.leftOut[what] ?? 0;
  if (Object.values(manifest.leftOut).some((n) => n > 0)) report.fact('left-out', left('names'), left('withheld'), left('erased'), left('attachments'));
  return manifest;
}

const iso = (us: number) => new Date(us / 1000).toISOString();

/** Every listed file is there with its size and hash, and no other. */
export async function checkFiles(source: Remembering, manifest: Manifest, report: Report, progress: Progress): Promise<void> {
  const list = new Set(manifest.files.map((f) => f.path));
  const total = manifest.files.reduce((sum, f) => sum + f.size, 0);
  let done = 0;
  for (const path of source.paths) if (!UNLISTED.has(path) && !list.has(path)) report.tampered('file-extra', path);
  for (const [n, file] of manifest.files.entries()) {
    if (n % 64 === 0) progress('files', done, total);
    if (UNLISTED.has(file.path)) report.tampered('manifest-form', MANIFEST);
    else if (!source.has(file.path)) report.tampered('file-absent', file.path);
    else if (source.size(file.path) !== file.size) report.tampered('file-size', file.path, file.size, source.size(file.path));
    else await checkFile(source, file, report, (bytes) => progress('files', done + bytes, total));
    done += file.size;
  }
  progress('files', total, total);
}

async function checkFile(source: Remembering, file: Listed, report: Report, at: (bytes: number) => void): Promise<void> {
  let is: string;
  try {
    is = await source.digestOf(file.path, at);
  } catch (e) {
    if (!(e instanceof Damaged)) throw e;
    report.damaged(e.key, file.path);
    return;
  }
  if (is !== file.sha256) report.tampered('file-hash', file.path);
  else report.count('files');
  const named = ATTACHMENT.exec(file.path);
  if (file.path.startsWith('attachments/') && named?.[1] !== is) report.tampered('attachment-name', file.path);
}

export function checkLogOf(manifest: Manifest, log: OpenedLog, report: Report): void {
  if (manifest.install !== log.head.install) report.tampered('manifest-install', manifest.install, log.head.install);
  const { size, root, epoch } = manifest.log;
  if (size !== log.newest.size || root !== hexOf(log.newest.root) || epoch !== lastOf(log.head).n) report.tampered('manifest-log', size, log.newest.size);
}

/** What the entries say of rows, kept while they are read: commitments that are asked for, hashes of attachments. */
export class Rows {
  readonly #wanted: Map<number, Opened[]>;
  readonly #hashes = new Set<string>();
  readonly #report: Report;

  constructor(texts: readonly Opened[], report: Report) {
    this.#report = report;
    this.#wanted = new Map();
    for (const text of texts) this.#wanted.set(text.index, [...(this.#wanted.get(text.index) ?? []), text]);
  }

  readonly see = (index: number, entry: Entry): void => {
    const set = entry.value['set'];
    const rows = Array.isArray(set) ? set.filter(isObject) : [];
    for (const row of rows) {
      const columns = isObject(row['c']) ? row['c'] : {};
      if (row['t'] === 'attachment' && typeof columns['hash'] === 'string') this.#hashes.add(columns['hash']);
    }
    for (const text of this.#wanted.get(index) ?? []) {
      if (opens(text, rows)) this.#report.count('texts');
      else this.#report.tampered('text-differs', index, text.table, text.column);
    }
    this.#wanted.delete(index);
  };

  /** When all entries were seen: what named none of them. */
  finish(source: Source): void {
    for (const [index, texts] of this.#wanted) for (const t of texts) this.#report.tampered('text-differs', index, t.table, t.column);
    for (const path of source.paths) {
      const hash = ATTACHMENT.exec(path)?.[1];
      if (hash && this.#hashes.has(hash)) this.#report.count('attachments');
      else if (path.startsWith('attachments/')) this.#report.tampered('attachment-unknown', path);
    }
  }
}

type Opened = { index: number; table: string; id: string; k: string; column: string; salt: Uint8Array; text: string };

function opens(text: Opened, rows: readonly { [key: string]: Value }[]): boolean {
  const commit = hexOf(commitmentOf(text.salt, bytesOf(text.table), bytesOf(text.column), bytesOf(text.text)));
  return rows.some((row) => {
    const value = isObject(row['c']) ? row['c'][text.column] : undefined;
    return row['t'] === text.table && row['id'] === text.id && (row['k'] ?? '') === text.k && isObject(value) && value['commit'] === commit;
  });
}

function textOf(line: string): Opened | null {
  let v: unknown;
  try {
    v = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isJson(v)) return null;
  const { index, table, id, k = '', column, salt: saltText, text } = v;
  const salt = typeof saltText === 'string' ? hexBytes(saltText) : null;
  if (!isCount(index) || salt?.length !== 32 || ![table, id, k, column, text].every((t) => typeof t === 'string')) return null;
  return { index, salt, table: table as string, id: id as string, k: k as string, column: column as string, text: text as string };
}

/** One object a line between brackets; none twice. */
export async function readTexts(source: Source, report: Report): Promise<Opened[]> {
  const bytes = source.has(TEXTS) ? await readOrDamage(source, TEXTS, TEXTS_MAX, report) : null;
  if (!bytes) {
    if (!source.has(TEXTS)) report.tampered('file-absent', TEXTS);
    return [];
  }
  const lines = (utf8(bytes) ?? '').replace(/\n$/, '').split('\n');
  const out: Opened[] = [];
  const seen = new Set<string>();
  const broken = (n: number) => void report.tampered('texts-form', TEXTS, n);
  if (lines[0] !== '[' || lines.at(-1) !== ']') {
    broken(1);
    return [];
  }
  for (let n = 1; n < lines.length - 1; n++) {
    const last = n === lines.length - 2;
    const line = lines[n] ?? '';
    const text = last !== line.endsWith(',') ? textOf(last ? line : line.slice(0, -1)) : null;
    const name = text && JSON.stringify([text.index, text.table, text.id, text.k, text.column]);
    if (!text || !name || seen.has(name)) broken(n + 1);
    else out.push(text);
    if (name) seen.add(name);
  }
  return out;
}
