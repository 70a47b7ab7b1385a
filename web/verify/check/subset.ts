// subset.ts - a partial log, as evidence packs have it: each entry of the list is tied to the checkpoint by its own proof.
import { decimal, linesOf, same, utf8 } from './bytes.ts';
import type { Entry } from './entry.ts';
import { readEntry } from './full.ts';
import { leafHash } from './hash.ts';
import { readOrDamage, type Entries, type Holds } from './log.ts';
import { consistencyOf, entryProofOf, type Checkpoint } from './note.ts';
import type { Progress, Report } from './report.ts';
import type { Source } from './source.ts';
import { continues, TREE_SIZE_MAX, Walker } from './tree.ts';

const INDEXES_MAX = 2 ** 22;
const LIST_MAX = 512 << 20;
const ENTRY_MAX = 65_535;
const PROOF_MAX = 128 << 10;
const STEP_MAX = 16_384;

/** The indexes, strictly ascending and below the size; null when the list is not what it must be. */
export function subsetOf(bytes: Uint8Array, size: number): number[] | null {
  const [version, sizeLine = '', ...lines] = linesOf(utf8(bytes) ?? '') ?? [];
  if (version !== 'sekisho-subset@v1' || decimal(sizeLine, TREE_SIZE_MAX) !== size || lines.length > INDEXES_MAX) return null;
  let before = -1;
  for (const line of lines) {
    const index = decimal(line, TREE_SIZE_MAX);
    if (index === null || index <= before || index >= size) return null;
    before = index;
  }
  return lines.map(Number);
}

const entryPath = (index: number) => `entries/${index}.json`;
const proofPath = (index: number) => `proofs/${index}.tlog-proof`;

async function checkProof(source: Source, index: number, bytes: Uint8Array, newest: Checkpoint, note: Uint8Array, walker: Walker, report: Report): Promise<void> {
  const path = proofPath(index);
  const file = await readOrDamage(source, path, PROOF_MAX, report);
  const proof = file && entryProofOf(file);
  if (!proof) {
    if (file) report.tampered('proof-form', path);
    return;
  }
  const root = walker.rootOf(leafHash(bytes), index, newest.size, proof.hashes);
  if (!proof.entry || !same(proof.entry, bytes)) report.tampered('proof-entry', path, entryPath(index));
  else if (proof.index !== index) report.tampered('proof-form', path);
  else if (!same(proof.checkpoint, note)) report.tampered('proof-checkpoint', path);
  else if (!root || !same(root, newest.root)) report.tampered('proof-root', index, path);
  else report.count('proofs');
}

/** `each` is shown every entry that could be read, for what else a pack says about it. */
export async function checkSubset(
  source: Source, newest: Checkpoint, report: Report, progress: Progress, each: (index: number, entry: Entry) => void,
): Promise<{ entries: Entries; holds: Holds }> {
  const entries: Entries = { size: newest.size, marks: [], first: 0, last: 0, indexes: { count: 0, above: () => 0 } };
  const list = await readOrDamage(source, 'subset', LIST_MAX, report);
  const indexes = list ? subsetOf(list, newest.size) : null;
  const note = await readOrDamage(source, 'checkpoint', 8192, report);
  if (list && !indexes) report.tampered('subset-form', 'subset');
  const known = new Set<string>();
  const walker = new Walker();
  for (const [n, index] of (indexes ?? []).entries()) {
    if (n % 64 === 0) progress('entries', n, indexes?.length ?? 0);
    const [here, proof] = [entryPath(index), proofPath(index)];
    known.add(here).add(proof);
    const missing = [here, proof].filter((p) => !source.has(p));
    missing.forEach((p) => report.incomplete('subset-missing', p));
    const bytes = missing.length ? null : await readOrDamage(source, here, ENTRY_MAX, report);
    if (!bytes || !note) continue;
    const mark = readEntry(bytes, index, here, entries, report);
    entries.indexes.count++;
    if (mark) each(index, mark.entry);
    await checkProof(source, index, bytes, newest, note, walker, report);
  }
  for (const path of source.paths) {
    if (/^(entries|proofs)\//.test(path) && !known.has(path) && indexes) report.tampered('subset-extra', path);
  }
  report.count('entries', entries.indexes.count);
  report.fact('partial', entries.indexes.count, newest.size);
  entries.indexes.above = (size) => (indexes ?? []).filter((i) => i >= size).length;
  progress('entries', indexes?.length ?? 0, indexes?.length ?? 0);
  return { entries, holds: (size, root) => step(source, size, root, newest, note, report) };
}

/** From an older size to the checkpoint, by the file that the pack brings for it. */
async function step(source: Source, size: number, root: Uint8Array, newest: Checkpoint, note: Uint8Array | null, report: Report): ReturnType<Holds> {
  if (size === newest.size) return same(root, newest.root) ? 'yes' : 'no';
  const path = `consistency/${size}`;
  if (size === 0 || !source.has(path)) return 'unknown';
  const bytes = await readOrDamage(source, path, STEP_MAX, report);
  const file = bytes && consistencyOf(bytes);
  if (!file || file.from !== size || !note || !same(file.checkpoint, note)) {
    if (bytes) report.tampered('step-form', path);
    return 'unknown';
  }
  if (!continues(size, root, newest.size, newest.root, file.hashes)) return 'no';
  report.count('steps');
  return 'yes';
}
