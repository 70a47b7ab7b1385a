// verify.ts - the whole check of what a person chose: a log directory or an evidence pack, as a zip or as a folder.
// Verdicts as `sekisho verify`: 0 verified, 1 tampered, 2 incomplete.
import type { Anchors } from './anchors.ts';
import { checkFull } from './full.ts';
import { judgeLog, openLog, sizesAsked } from './log.ts';
import { checkFiles, checkLogOf, MANIFEST, readManifest, readTexts, Rows, type Manifest } from './pack.ts';
import { Report, type Outcome, type Progress } from './report.ts';
import { Below, Damaged, Folder, Remembering, type Source } from './source.ts';
import { checkSubset } from './subset.ts';
import { Zip } from './zip.ts';

export type Chosen = { zip: Blob } | { files: (readonly [path: string, file: Blob])[] };

const HEAD = 'sekisho-log';

/** A zip that was packed again, and a folder in which the zip was unpacked, have one folder more. */
function rooted(source: Source): Source {
  if (source.has(MANIFEST) || source.has(HEAD)) return source;
  const found = source.paths.find((p) => p.endsWith(`/${MANIFEST}`) || (p.endsWith(`/${HEAD}`) && !p.endsWith(`log/${HEAD}`)));
  const top = found?.slice(0, found.lastIndexOf('/') + 1) ?? '';
  return top && source.paths.every((p) => p.startsWith(top)) ? new Below(source, top) : source;
}

export async function verify(chosen: Chosen, anchors: Anchors, progress: Progress): Promise<Outcome> {
  const report = new Report();
  try {
    progress('open', 0, 1);
    const source = rooted('zip' in chosen ? await Zip.open(chosen.zip) : new Folder(chosen.files));
    if (source.has(MANIFEST)) await verifyPack(source, anchors, report, progress);
    else if (source.has(HEAD)) await verifyLog(source, anchors, report, progress, null);
    else report.incomplete('nothing');
  } catch (e) {
    if (!(e instanceof Damaged)) throw e;
    report.damaged(e.key, e.path);
  }
  return report.outcome();
}

async function verifyPack(from: Source, anchors: Anchors, report: Report, progress: Progress): Promise<void> {
  const source = new Remembering(from);
  const manifest = await readManifest(source, anchors.manifest, report);
  if (!manifest) return;
  const rows = new Rows(await readTexts(source, report), report);
  const read = await verifyLog(new Below(source, 'log/'), anchors, report, progress, { manifest, rows });
  if (read) rows.finish(source);
  await checkFiles(source, manifest, report, progress);
}

/** False when nothing could be read of it. */
async function verifyLog(source: Source, anchors: Anchors, report: Report, progress: Progress, pack: { manifest: Manifest; rows: Rows } | null): Promise<boolean> {
  const log = await openLog(source, report);
  if (!log) return false;
  if (pack) checkLogOf(pack.manifest, log, report);
  const { entries, holds } = source.has('subset')
    ? await checkSubset(source, log.newest, report, progress, pack ? pack.rows.see : () => undefined)
    : await checkFull(source, log.newest, sizesAsked(log, anchors), report, progress);
  await judgeLog(log, anchors, entries, holds, report, progress);
  return true;
}
