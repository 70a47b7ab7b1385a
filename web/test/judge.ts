// judge.ts - verify.html's checks for somebody who asks by lines: {"folder" or "zip":…,"words":[as behind `sekisho verify --log FOLDER` or `--pack ZIP`]} in,
// {"verdict":…,"findings":[…]} out. See tests/lib/page_judge.py.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { checkpointAnchor, keyAnchor, NO_ANCHORS, rootAnchor, witnessAnchor, type Anchors } from '../verify/check/anchors.ts';
import { verify } from '../verify/check/verify.ts';

const text = (value: string) => (value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value);

/** Null: the page would not take what was typed. */
function anchorsOf(words: string[]): Anchors | null {
  const out: Anchors = { ...NO_ANCHORS, keys: [], roots: [], checkpoints: [], witnesses: [] };
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1] ?? '';
    const [list, anchor]: [unknown[], unknown] =
      words[i] === '--key' ? [out.keys, keyAnchor(text(value))]
      : words[i] === '--root' ? [out.roots, rootAnchor('', value)]
      : words[i] === '--witness-key' ? [out.witnesses, witnessAnchor(text(value))]
      : [out.checkpoints, checkpointAnchor(value, new Uint8Array(readFileSync(value)))];
    if (!anchor) return null;
    list.push(anchor);
  }
  return out;
}

function filesOf(folder: string): (readonly [string, Blob])[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((n) => join(folder, n)).filter((n) => statSync(n).isFile());
  return names.map((n) => [relative(folder, n), new Blob([readFileSync(n)])] as const);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { folder, zip, words } = JSON.parse(line) as { folder?: string; zip?: string; words: string[] };
  const anchors = anchorsOf(words);
  const got = anchors ? await verify(zip ? { zip: new Blob([readFileSync(zip)]) } : { files: filesOf(folder ?? '') }, anchors, () => undefined) : { verdict: null, findings: [] };
  console.log(JSON.stringify({ verdict: got.verdict, findings: got.findings.slice(0, 3) }));
}
