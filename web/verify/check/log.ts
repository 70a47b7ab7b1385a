// log.ts - a log directory (docs/formats/log.md): its head and checkpoints, epochs, whose key is trusted, what was fixed outside.
// Full logs and subsets differ only in how entries are tied to the checkpoint: full.ts, subset.ts.
import { decimal, hexBytes, hexOf, linesOf, utf8 } from './bytes.ts';
import { isObject, type Entry, type Value } from './entry.ts';
import { isKey, type Anchors } from './anchors.ts';
import { checkpointOf, cosignedBy, fingerprintOf, signedBy, vkeyOf, ED25519, type Checkpoint, type VKey } from './note.ts';
import type { Progress, Report } from './report.ts';
import { Damaged, wholeOf, type Source } from './source.ts';
import type { Hash } from './tree.ts';

const HEAD = 'sekisho-log';
const HEAD_MAX = 65_536;
const NOTE_MAX = 8192;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const EPOCHS_MAX = 256;
const WITNESSED = /^witnesses\/[A-Za-z0-9_-][A-Za-z0-9._-]*\/checkpoint$/;

/** A number is missing where a restore went back behind that whole epoch. */
export type Epoch = { n: number; key: VKey };
export type LogHead = { install: string; epochs: Epoch[] };

/** Is that the root of the first `size` leaves? `unknown`: nothing here ties that size to the checkpoint. */
export type Holds = (size: number, root: Hash) => Promise<'yes' | 'no' | 'unknown'>;

/** What reading the entries gives. */
export type Entries = { size: number; marks: Mark[]; first: number; last: number; indexes: { count: number; above: (size: number) => number } };
export type Mark = { index: number; entry: Entry };

/** The entries by which epochs and keys are walked. */
export const isMark = (entry: Entry) => entry.type === 'epoch.opened' || entry.type === 'key.rotated';

export async function readOrDamage(source: Source, path: string, max: number, report: Report): Promise<Uint8Array | null> {
  try {
    return await wholeOf(source, path, max);
  } catch (e) {
    if (!(e instanceof Damaged)) throw e;
    report.damaged(e.key, e.path || path);
    return null;
  }
}

export function headOf(bytes: Uint8Array): LogHead | null {
  const [version, installLine = '', ...lines] = linesOf(utf8(bytes) ?? '') ?? [];
  const install = installLine.slice('install '.length);
  if (version !== 'sekisho-log@v1' || !installLine.startsWith('install ') || !UUID.test(install) || lines.length === 0 || lines.length > EPOCHS_MAX) return null;
  const epochs: Epoch[] = [];
  for (const line of lines) {
    const [word, number = '', vkeyText = '', more] = line.split(' ');
    const n = decimal(number, 0xffff_ffff);
    const key = vkeyOf(vkeyText);
    if (word !== 'epoch' || !n || n <= (epochs.at(-1)?.n ?? 0) || more !== undefined || key?.type !== ED25519 || key.name !== `sekisho/${install}/${n}`) return null;
    epochs.push({ n, key });
  }
  return { install, epochs };
}

/** The epoch under whose key everything is sealed. A head has at least one. */
export const lastOf = (head: LogHead): Epoch => head.epochs.at(-1) as Epoch;

/** A checkpoint file that should be signed by the key of its epoch; null when it cannot be used. Said what is wrong. */
async function signedFile(source: Source, path: string, epochs: readonly Epoch[], report: Report): Promise<Checkpoint | null> {
  const bytes = await readOrDamage(source, path, NOTE_MAX, report);
  if (!bytes) return null;
  const checkpoint = checkpointOf(bytes);
  const key = epochs.find((e) => e.key.name === checkpoint?.origin)?.key;
  if (!checkpoint || !key) {
    report.tampered('checkpoint-form', path);
    return null;
  }
  const signed = signedBy(checkpoint, key);
  if (signed === 'wrong') report.tampered('checkpoint-wrong', path);
  if (signed === 'unsigned') report.incomplete('unsigned', path);
  if (signed === 'signed') report.count('signatures');
  return signed === 'wrong' ? null : checkpoint;
}

export type OpenedLog = { head: LogHead; newest: Checkpoint; older: Map<number, Checkpoint>; witnessed: { path: string; checkpoint: Checkpoint }[] };

/** The small files. Without a head and a newest checkpoint there is nothing to tie entries to. */
export async function openLog(source: Source, report: Report): Promise<OpenedLog | null> {
  if (!source.has(HEAD)) {
    report.incomplete('file-missing', HEAD);
    return null;
  }
  const bytes = await readOrDamage(source, HEAD, HEAD_MAX, report);
  const head = bytes && headOf(bytes);
  if (!head) {
    if (bytes) report.tampered('log-head', HEAD);
    return null;
  }
  const older = new Map<number, Checkpoint>();
  for (const epoch of head.epochs.slice(0, -1)) {
    const path = `epochs/${epoch.n}/checkpoint`;
    const known = source.has(path) ? await signedFile(source, path, [epoch], report) : null;
    if (known) older.set(epoch.n, known);
  }
  if (!source.has('checkpoint')) {
    report.incomplete('file-missing', 'checkpoint');
    return null;
  }
  const newest = await signedFile(source, 'checkpoint', head.epochs.slice(-1), report);
  return newest && { head, newest, older, witnessed: await witnessedFiles(source, head, newest, report) };
}

async function witnessedFiles(source: Source, head: LogHead, newest: Checkpoint, report: Report): Promise<OpenedLog['witnessed']> {
  const out = [{ path: 'checkpoint', checkpoint: newest }];
  for (const path of source.paths.filter((p) => WITNESSED.test(p))) {
    const checkpoint = await signedFile(source, path, head.epochs, report);
    if (checkpoint) out.push({ path, checkpoint });
  }
  return out;
}

/** Every size whose root will be asked for; a full log notes them while it grows. */
export function sizesAsked(log: OpenedLog, anchors: Anchors): Set<number> {
  const all = [...log.older.values(), ...log.witnessed.map((w) => w.checkpoint), ...anchors.checkpoints.map((c) => c.checkpoint), ...anchors.roots];
  return new Set([log.newest.size, ...all.map((c) => c.size)]);
}

/** Where an epoch begins, and what its first entry says of the one that is listed before it. */
type Opened = { before: Epoch; at: number; knownSize: number; knownRoot: string; hasSignature: boolean; gap: number };

function noteOf(entry: Entry): { [key: string]: Value } {
  const note = entry.value['note'];
  return isObject(note) ? note : {};
}

const REASONS: readonly (Value | undefined)[] = ['restore', 'clone', 'key-lost', 'rotation'];

/** epoch.opened against its line of sekisho-log and the line before; null when it does not say the same. */
function openedOf({ index, entry }: Mark, line: Epoch, before: Epoch): Opened | null {
  const note = noteOf(entry);
  const { known_size: knownSize, known_root: knownRoot, known_sig: signature, gap, reason } = note;
  const here = note['epoch'] === line.n && note['before'] === line.n - 1 && line.n > before.n && note['size'] === index && note['log_key'] === line.key.text;
  if (!here || typeof knownSize !== 'number' || typeof knownRoot !== 'string' || hexBytes(knownRoot)?.length !== 32) return null;
  if (gap !== knownSize - index || gap < 0 || !REASONS.includes(reason)) return null;
  if (signature !== undefined && (typeof signature !== 'string' || hexBytes(signature)?.length !== 64)) return null;
  return { before, at: index, knownSize, knownRoot, hasSignature: signature !== undefined, gap };
}

/** One for each line of sekisho-log after the first, saying the same. */
function openings(log: OpenedLog, marks: readonly Mark[], report: Report): Opened[] | null {
  const opened = marks.filter((m) => m.entry.type === 'epoch.opened');
  const [first, ...later] = log.head.epochs;
  if (opened.length !== later.length) {
    report.tampered('epoch-lines', log.head.epochs.length, opened.length + 1);
    return null;
  }
  const out: Opened[] = [];
  let before = first as Epoch;
  for (const [n, line] of later.entries()) {
    const mark = opened[n] as Mark;
    const one = openedOf(mark, line, before);
    if (!one) {
      report.tampered('epoch-note', line.n, mark.index);
      return null;
    }
    out.push(one);
    before = line;
  }
  return out;
}

/** log.md, Epochs 2: each older checkpoint is the beginning of this tree, or lies in a gap that the journal owns up to. */
async function walkEpochs(log: OpenedLog, opened: readonly Opened[], holds: Holds, report: Report): Promise<Set<number>> {
  const joined = new Set<number>(); // epochs whose last checkpoint is a beginning of this tree
  for (const next of opened) {
    const { n } = next.before;
    const known = log.older.get(n);
    report.count('epochs');
    if (next.gap) report.fact('gap', n, next.gap, next.at, next.knownSize);
    if (!known) {
      if (next.hasSignature) report.incomplete('file-missing', `epochs/${n}/checkpoint`);
      else report.fact('epoch-unknown', n);
    } else if (known.size > next.knownSize || (known.size === next.knownSize && hexOf(known.root) !== next.knownRoot)) {
      report.tampered('epoch-gap', n, known.size, next.knownSize);
    } else if (known.size > 0 && known.size <= next.at) {
      const so = await holds(known.size, known.root);
      if (so === 'yes') joined.add(n);
      if (so === 'no') report.tampered('epoch-root', n, known.size);
      if (so === 'unknown') report.incomplete('step', known.size);
    }
  }
  return joined;
}

/** key.rotated, written in this epoch and sealed by its key, names the next key. */
function vouched(log: OpenedLog, at: number, begins: number, marks: readonly Mark[], joined: ReadonlySet<number>): boolean {
  const [epoch, next] = log.head.epochs.slice(at, at + 2);
  const sealed = epoch && log.older.get(epoch.n);
  if (!sealed || !joined.has(epoch.n) || signedBy(sealed, epoch.key) !== 'signed') return false;
  return marks.some(({ index, entry }) => {
    const note = noteOf(entry);
    return entry.type === 'key.rotated' && index >= begins && index < sealed.size && note['use'] === 'log' && note['next'] === next?.key.text;
  });
}

/** log.md, Which key is trusted: from the newest typed one onwards by key.rotated. */
function followKeys(log: OpenedLog, anchors: Anchors, opened: readonly Opened[], marks: readonly Mark[], joined: ReadonlySet<number>, report: Report): void {
  const { epochs } = log.head;
  const newest = fingerprintOf(lastOf(log.head).key);
  for (const { n, key } of epochs) report.fact('key', n, fingerprintOf(key));
  if (anchors.keys.length === 0) {
    report.incomplete('key-none', newest);
    return;
  }
  const typed = anchors.keys.map((k) => epochs.findIndex(({ key }) => isKey(k, key)));
  if (typed.includes(-1)) {
    report.tampered('key-wrong', newest);
    return;
  }
  report.count('keys', anchors.keys.length);
  for (let at = Math.max(...typed); at < epochs.length - 1; at++) {
    const next = epochs[at + 1] as Epoch;
    if (!vouched(log, at, at ? (opened[at - 1]?.at ?? 0) : 0, marks, joined)) {
      report.incomplete('key-chain', next.n, fingerprintOf(next.key));
      return;
    }
    report.count('rotations');
  }
}

type Compared = 'vouches' | 'agrees' | 'no';

/** An anchor of `size` against the tree: log.md, What is fixed outside. Paper knows no epoch. */
async function compare(size: number, root: Hash, epoch: Epoch | null, opened: readonly Opened[], log: OpenedLog, holds: Holds, what: string, report: Report): Promise<Compared> {
  const end = opened.find((o) => o.before === epoch);
  const gapOf = (o: Opened) => size > o.at && size <= o.knownSize;
  if (end && size > end.knownSize && size > end.at) {
    report.tampered('anchor-beyond', what, size, end.knownSize);
    return 'no';
  }
  const holding = size <= log.newest.size && !(end && size > end.at) ? await holds(size, root) : 'no';
  if (holding === 'yes') return 'vouches';
  const lost = end ? (gapOf(end) ? end : undefined) : !epoch ? opened.find(gapOf) : undefined;
  if (lost && size < lost.knownSize) {
    report.incomplete('anchor-lost', what, size);
    return 'no';
  }
  if (lost && hexOf(root) === lost.knownRoot) {
    report.fact('anchor-lost', what, size);
    return 'agrees';
  }
  if (!lost && size > log.newest.size) report.incomplete('anchor-larger', what, size, log.newest.size);
  else if (holding === 'unknown') report.incomplete('step', size);
  else report.tampered('anchor-differs', what, size);
  return 'no';
}

const epochOf = (log: OpenedLog, c: Checkpoint) => log.head.epochs.find(({ key }) => key.name === c.origin);

/** Earlier checkpoints that the person kept: signed by the key of their epoch, and of this tree. */
async function compareCheckpoints(log: OpenedLog, anchors: Anchors, opened: readonly Opened[], holds: Holds, report: Report): Promise<number[]> {
  const out: number[] = [];
  for (const { name, checkpoint } of anchors.checkpoints) {
    const epoch = epochOf(log, checkpoint);
    if (!epoch) report.tampered('anchor-other', name, checkpoint.origin);
    else if (signedBy(checkpoint, epoch.key) !== 'signed') report.tampered('checkpoint-wrong', name);
    else if ((await compare(checkpoint.size, checkpoint.root, epoch, opened, log, holds, name, report)) === 'vouches') out.push(checkpoint.size);
    else continue;
    report.count('anchors');
  }
  return out;
}

async function compareWitnesses(log: OpenedLog, anchors: Anchors, opened: readonly Opened[], holds: Holds, report: Report): Promise<number[]> {
  const out: number[] = [];
  for (const witness of anchors.witnesses) {
    let seen = 0;
    for (const { path, checkpoint } of log.witnessed) {
      const { signed, at } = cosignedBy(checkpoint, witness);
      const epoch = epochOf(log, checkpoint);
      if (signed === 'unsigned') continue;
      seen++;
      if (signed === 'wrong' || !epoch) {
        report.tampered('witness-wrong', path, witness.name);
        continue;
      }
      report.count('cosignatures');
      report.fact('witnessed', witness.name, checkpoint.size, new Date(at * 1000).toISOString());
      if ((await compare(checkpoint.size, checkpoint.root, epoch, opened, log, holds, path, report)) === 'vouches') out.push(checkpoint.size);
    }
    if (!seen) report.incomplete('witness-none', witness.name);
  }
  return out;
}

async function compareRoots(log: OpenedLog, anchors: Anchors, opened: readonly Opened[], holds: Holds, report: Report): Promise<number[]> {
  const out: number[] = [];
  for (const { size, root } of anchors.roots) {
    if ((await compare(size, root, null, opened, log, holds, hexOf(root).slice(0, 8), report)) !== 'vouches') continue;
    report.count('anchors');
    out.push(size);
  }
  return out;
}

/** Everything beyond the entries themselves: `entries` have been tied to the newest checkpoint, or said what is wrong. */
export async function judgeLog(log: OpenedLog, anchors: Anchors, entries: Entries, holds: Holds, report: Report, progress: Progress): Promise<void> {
  progress('epochs', 0, 1);
  report.fact('install', log.head.install);
  report.fact('size', log.newest.size, hexOf(log.newest.root));
  if (entries.indexes.count) report.fact('times', new Date(entries.first / 1000).toISOString(), new Date(entries.last / 1000).toISOString());
  const opened = openings(log, entries.marks, report);
  const joined = opened ? await walkEpochs(log, opened, holds, report) : new Set<number>();
  followKeys(log, anchors, opened ?? [], entries.marks, joined, report);
  const vouching = [
    ...(await compareRoots(log, anchors, opened ?? [], holds, report)),
    ...(await compareCheckpoints(log, anchors, opened ?? [], holds, report)),
    ...(await compareWitnesses(log, anchors, opened ?? [], holds, report)),
  ];
  const reach = Math.max(0, ...vouching);
  const given = anchors.roots.length + anchors.checkpoints.length + anchors.witnesses.length;
  if (!given) report.incomplete('anchor-none');
  else if (!reach && !report.foundAny('tampered') && !report.foundAny('incomplete')) report.incomplete('anchor-nothing');
  if (reach >= entries.size && reach) report.fact('reach-all', reach);
  else if (reach) report.fact('reach', reach, entries.size - reach);
  const above = reach ? entries.indexes.above(reach) : 0;
  if (above) report.incomplete('anchor-some', above, reach);
  progress('epochs', 1, 1);
}

