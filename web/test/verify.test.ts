// verify.test.ts - the checks of verify.html on logs and packs that tests/lib/evidence_maker.py made: what is true is believed, and one
// flipped byte of each kind of file is not, and is named.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkpointAnchor, keyAnchor, manifestAnchor, NO_ANCHORS, rootAnchor, witnessAnchor, type Anchors } from '../verify/check/anchors.ts';
import { base64Bytes, bytesOf } from '../verify/check/bytes.ts';
import { canonical } from '../verify/check/entry.ts';
import { tilePath } from '../verify/check/full.ts';
import { hashOf, nodeHash } from '../verify/check/hash.ts';
import { Walker } from '../verify/check/tree.ts';
import { verify, type Chosen } from '../verify/check/verify.ts';
import type { FoundKey, Outcome } from '../verify/check/report.ts';

const top = mkdtempSync(join(tmpdir(), 'sekisho-verify-'));
after(() => rmSync(top, { recursive: true }));
execFileSync('/usr/bin/python3', [fileURLToPath(new URL('../../tests/lib/evidence_maker.py', import.meta.url)), top, '300']);

type Truth = {
  fingerprints: string[]; vkeys: string[]; witness: string; size: number; rotated: number; restored: number; lost: number;
  roots: Record<string, string>; earlier: string; unsigned: string; stranger: string;
};
const truth = JSON.parse(readFileSync(join(top, 'truth.json'), 'utf8')) as Truth;
type Files = Map<string, Uint8Array>;

function filesOf(dir: string): Files {
  const names = readdirSync(join(top, dir), { recursive: true, encoding: 'utf8' }).map((n) => join(top, dir, n));
  return new Map(names.filter((n) => statSync(n).isFile()).map((n) => [relative(join(top, dir), n), new Uint8Array(readFileSync(n))]));
}
const log = filesOf('log');
const pack = filesOf('pack');
const zip = new Uint8Array(readFileSync(join(top, 'pack.zip')));

const key = (text: string) => keyAnchor(text) ?? assert.fail(text);
const newest = truth.fingerprints.at(-1) ?? '';
const root = (size: number) => rootAnchor(String(size), truth.roots[size] ?? '') ?? assert.fail(String(size));
const HELD: Anchors = { ...NO_ANCHORS, keys: [key(newest)], roots: [root(truth.size)] };

const blob = (b: Uint8Array) => new Blob([b as Uint8Array<ArrayBuffer>]);
const folder = (files: Files): Chosen => ({ files: [...files].map(([p, b]) => [p, blob(b)] as const) });
const run = (chosen: Chosen, anchors: Anchors = HELD): Promise<Outcome> => verify(chosen, anchors, () => undefined);
const said = (o: Outcome) => `${o.verdict}: ${o.findings.slice(0, 4).map((f) => `${f.key}(${f.args.join(', ')})`).join('; ')}`;
const counted = (o: Outcome, what: string) => o.counted.find((c) => c.key === what)?.n;

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const out = bytes.slice();
  out[at] = (out[at] as number) ^ 1;
  return out;
}

function without(files: Files, path: string): Files {
  assert.ok(files.has(path), path);
  return new Map([...files].filter(([p]) => p !== path));
}

const changed = (files: Files, path: string, bytes: Uint8Array): Files => new Map([...files, [path, bytes]]);
const textOf = (files: Files, path: string) => new TextDecoder().decode(files.get(path));

for (const [what, chosen] of [['a full log', folder(log)], ['a pack in a folder', folder(pack)], ['a pack in a zip', { zip: blob(zip) }]] as const) {
  test(`${what} is believed`, async () => {
    const o = await run(chosen);
    assert.equal(o.verdict, 0, said(o));
    assert.equal(counted(o, 'entries'), what === 'a full log' ? truth.size : counted(o, 'proofs'));
    assert.equal(counted(o, 'epochs'), 2);
    const gap = o.facts.find((f) => f.key === 'gap');
    assert.deepEqual(gap?.args, ['2', String(truth.lost), String(truth.restored), String(truth.restored + truth.lost)], 'the gap is told exactly');
  });
}

test('a pack’s texts, attachments and files are all counted', async () => {
  const o = await run({ zip: blob(zip) });
  assert.equal(counted(o, 'files'), [...pack.keys()].filter((p) => p !== 'index.html' && p !== 'manifest.json').length);
  assert.equal(counted(o, 'texts'), textOf(pack, 'texts.json').split('\n').length - 3);
  assert.equal(counted(o, 'attachments'), [...pack.keys()].filter((p) => p.startsWith('attachments/')).length);
});

const held: readonly (readonly [name: string, want: 0 | 1 | 2, found: FoundKey | '', anchors: Anchors, only?: 'log' | 'pack'])[] = [
  ['nothing at all', 2, 'key-none', NO_ANCHORS],
  ['the fingerprint alone', 2, 'anchor-none', { ...HELD, roots: [] }],
  ['the root alone', 2, 'key-none', { ...HELD, keys: [] }],
  ['another fingerprint', 1, 'key-wrong', { ...HELD, keys: [key(truth.stranger)] }],
  ['a root with another digit', 1, 'anchor-differs', { ...HELD, roots: [rootAnchor(String(truth.size), (truth.roots[truth.size] ?? '').replace(/.$/, (c) => (c === '0' ? '1' : '0'))) ?? assert.fail()] }],
  ['a root of another size', 1, 'anchor-differs', { ...HELD, roots: [{ ...root(truth.size), size: truth.rotated }] }],
  ['an older root', 0, '', { ...HELD, roots: [root(truth.size / 2)] }, 'log'],
  ['an older root that the pack ties', 2, 'anchor-some', { ...HELD, roots: [root(truth.size / 2)] }, 'pack'],
  ['an older root that the pack does not tie', 2, 'step', { ...HELD, roots: [root(1)] }, 'pack'],
  ['the same beside one that vouches', 2, 'step', { ...HELD, roots: [root(1), root(truth.size)] }, 'pack'],
  ['a root from later', 2, 'anchor-larger', { ...HELD, roots: [{ ...root(truth.size), size: truth.size + 1 }] }],
  ['a root from within what was lost', 2, 'anchor-lost', { ...HELD, roots: [{ ...root(truth.size), size: truth.restored + 5 }, root(truth.size)] }, 'log'],
  ['an earlier checkpoint', 0, '', { ...HELD, roots: [], checkpoints: [checkpointAnchor('old', bytesOf(truth.earlier)) ?? assert.fail()] }, 'log'],
  ['an earlier checkpoint that nobody signed', 1, 'checkpoint-wrong', { ...HELD, checkpoints: [checkpointAnchor('old', bytesOf(truth.unsigned)) ?? assert.fail()] }],
  ['the witness', 0, '', { ...HELD, roots: [], witnesses: [witnessAnchor(truth.witness) ?? assert.fail()] }],
  ['the key of the second epoch, which nobody passed on', 2, 'key-chain', { ...HELD, keys: [key(truth.fingerprints[1] ?? '')] }],
  ['the key of the first epoch, which leads to the second only', 2, 'key-chain', { ...HELD, keys: [key(truth.fingerprints[0] ?? '')] }],
  ['all three keys', 0, '', { ...HELD, keys: truth.fingerprints.map(key) }],
  ['the key in full', 0, '', { ...HELD, keys: [key(truth.vkeys.at(-1) ?? '')] }],
];
for (const [name, want, found, anchors, only] of held) {
  test(`held: ${name}: ${want}`, async () => {
    for (const [what, files] of [['log', log], ['pack', pack]] as const) {
      if (only && only !== what) continue;
      const o = await run(folder(files), anchors);
      assert.equal(o.verdict, want, `${what}: ${said(o)}`);
      assert.ok(!found || o.findings.some((f) => f.key === found), `${what}: ${said(o)}`);
    }
  });
}

/** At the first byte, the last, and some between. */
const places = (n: number) => [...new Set([0, 1, Math.floor(n / 3), Math.floor(n / 2), n - 2, n - 1])].filter((at) => at >= 0 && at < n);

for (const [what, files] of [['log', log], ['pack', pack]] as const) {
  test(`${what}: a flipped byte in any file is found, and the file is named`, async () => {
    const kinds = new Set<string>();
    for (const [path, bytes] of files) {
      const kind = path.replace(/[0-9]+/g, 'N');
      if (path === 'index.html' || (kinds.has(kind) && kind.includes('entries/N.json')) || (kinds.has(kind) && kind.includes('proofs/'))) continue;
      kinds.add(kind);
      for (const at of places(bytes.length)) {
        const o = await run(folder(changed(files, path, flipped(bytes, at))));
        const where = `${path} byte ${at}: ${said(o)}`;
        if (path.startsWith('witnesses/')) {
          const asked = await run(folder(changed(files, path, flipped(bytes, at))), { ...HELD, roots: [], witnesses: [witnessAnchor(truth.witness) ?? assert.fail()] });
          assert.notEqual(asked.verdict, 0, where); // nobody asks for a witness whose key was not given
          continue;
        }
        assert.notEqual(o.verdict, 0, where);
        if (path === 'manifest.json') continue; // it names the file whose line was changed
        assert.ok(o.findings.some((f) => f.args.some((a) => a.includes(path) || path.endsWith(a)) || f.key === 'key-wrong' || f.key === 'epoch-note' || f.key === 'manifest-install'), where);
      }
    }
    assert.ok(kinds.size >= 8, [...kinds].join(' '));
  });

  test(`${what}: a file that is taken away is missed`, async () => {
    for (const path of files.keys()) {
      if (path === 'index.html' || path.startsWith('witnesses/')) continue;
      if (path === 'subset' || path === 'manifest.json') continue; // then it is something else: below
      const o = await run(folder(without(files, path)));
      assert.notEqual(o.verdict, 0, `${path}: ${said(o)}`);
    }
  });
}

test('a pack without its manifest, a subset without its list, a folder of something else', async () => {
  for (const files of [without(pack, 'manifest.json'), without(pack, 'log/subset'), new Map([['a', bytesOf('b')]]), new Map()]) {
    assert.notEqual((await run(folder(files))).verdict, 0);
  }
});

test('a file more is found in a pack', async () => {
  for (const path of ['tables/more.csv', 'log/entries/1.json', `attachments/${'0'.repeat(64)}-a`]) {
    const o = await run(folder(changed(pack, path, bytesOf('more'))));
    assert.equal(o.verdict, 1, said(o));
    assert.ok(o.findings.some((f) => f.key === 'file-extra' && f.args[0] === path), said(o));
  }
});

/** Who changes a file can change the manifest, too: then what the log says must still tell. */
async function forged(path: string, bytes: Uint8Array): Promise<Outcome> {
  const digest = (b: Uint8Array) => crypto.subtle.digest('SHA-256', b as Uint8Array<ArrayBuffer>).then((d) => Buffer.from(d).toString('hex'));
  const old = await digest(pack.get(path) ?? assert.fail(path));
  const line = `"size":${pack.get(path)?.length},"sha256":"${old}"`;
  const manifest = textOf(pack, 'manifest.json');
  assert.ok(manifest.includes(line), path);
  const files = changed(pack, path, bytes);
  return run(folder(changed(files, 'manifest.json', bytesOf(manifest.replace(line, `"size":${bytes.length},"sha256":"${await digest(bytes)}"`)))));
}

const forgeries: readonly (readonly [name: string, path: string, make: (text: string) => string, found: FoundKey])[] = [
  ['a person’s words', 'log/../texts.json', (t) => t.replace('業務で', '私用で'), 'text-differs'],
  ['the entry that a text names', 'texts.json', (t) => t.replace('"index":7,', '"index":14,'), 'text-differs'],
  ['a text twice', 'texts.json', (t) => t.replace(/(\{"index":7,.*\n)/, '$1$1'), 'texts-form'],
  ['the number of entries', 'log/subset', (t) => t.replace(`@v1\n${truth.size}`, '@v1\n301'), 'subset-form'],
  ['an index left out', 'log/subset', (t) => t.replace('\n14\n', '\n'), 'subset-extra'],
  ['an entry', 'log/entries/14.json', (t) => t.replace('approved', 'rejected'), 'proof-entry'],
  ['a proof', 'log/proofs/14.tlog-proof', (t) => t.replace('index 14\n', 'index 15\n'), 'proof-form'],
  ['a proof with a hash more', 'log/proofs/14.tlog-proof', (t) => t.replace('index 14\n', `index 14\n${'A'.repeat(43)}=\n`), 'proof-root'],
  ['the checkpoint', 'log/checkpoint', (t) => t.replace(`\n${truth.size}\n`, '\n299\n'), 'checkpoint-wrong'],
  ['the installation', 'log/sekisho-log', (t) => t.replaceAll('5a0e1c1e', '5a0e1c1f'), 'log-head'],
];
for (const [name, given, make, found] of forgeries) {
  test(`forged with its manifest: ${name}`, async () => {
    const path = given.replace('log/../', '');
    const before = textOf(pack, path);
    const after = make(before);
    assert.notEqual(after, before);
    const o = await forged(path, bytesOf(after));
    assert.equal(o.verdict, 1, said(o));
    assert.ok(o.findings.some((f) => f.key === found), said(o));
  });
}

test('forged with its manifest: an attachment', async () => {
  const path = [...pack.keys()].find((p) => p.startsWith('attachments/')) ?? '';
  const o = await forged(path, bytesOf('%PDF-1.4 another'));
  assert.ok(o.verdict === 1 && o.findings.some((f) => f.key === 'attachment-name'), said(o));
});

test('the manifest’s own words are held by its typed digest alone', async () => {
  const files = changed(pack, 'manifest.json', bytesOf(textOf(pack, 'manifest.json').replace('"erased":3', '"erased":0')));
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', (pack.get('manifest.json') ?? assert.fail()) as Uint8Array<ArrayBuffer>)).toString('hex');
  assert.equal((await run(folder(files))).verdict, 0);
  const o = await run(folder(files), { ...HELD, manifest: digest });
  assert.ok(o.verdict === 1 && o.findings.some((f) => f.key === 'manifest-digest'), said(o));
  assert.equal((await run(folder(pack), { ...HELD, manifest: digest })).verdict, 0);
  assert.equal(manifestAnchor(digest.toUpperCase().replace(/(....)/g, '$1 ')), digest);
});

test('an attachment that no entry names', async () => {
  const path = [...pack.keys()].find((p) => p.startsWith('attachments/')) ?? '';
  const content = bytesOf('planted');
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', content as Uint8Array<ArrayBuffer>)).toString('hex');
  const name = `attachments/${hash}-x.pdf`;
  const manifest = textOf(pack, 'manifest.json').replace('"files":[\n', `"files":[\n${JSON.stringify({ path: name, size: content.length, sha256: hash })},\n`);
  const o = await run(folder(new Map([...pack, [name, content], ['manifest.json', bytesOf(manifest)]])));
  assert.ok(path && o.verdict === 1 && o.findings.some((f) => f.key === 'attachment-unknown' && f.args[0] === name), said(o));
});

test('a log that was cut off, or whose checkpoint nobody signed', async () => {
  const unsigned = await run(folder(changed(log, 'checkpoint', bytesOf(truth.unsigned))));
  assert.ok(unsigned.verdict === 2 && unsigned.findings.some((f) => f.key === 'unsigned'), said(unsigned));
  const older = await run(folder(changed(log, 'checkpoint', bytesOf(truth.earlier))));
  assert.notEqual(older.verdict, 0, said(older));
});

test('a zip with any byte changed is not believed, or what is read of it is the same', async () => {
  const true_ = await run({ zip: blob(zip) });
  let found = 0;
  for (let at = 3; at < zip.length; at += Math.floor(zip.length / 120)) {
    const o = await run({ zip: blob(flipped(zip, at)) });
    if (o.verdict === 0) assert.deepEqual({ ...o }, { ...true_ }, `byte ${at}`);
    else found++;
  }
  assert.ok(found > 90, `${found} of 120 found`);
  for (const n of [0, 10, 22, zip.length - 1, Math.floor(zip.length / 2)]) {
    const o = await run({ zip: blob(zip.subarray(0, n)) });
    assert.ok(o.verdict === 1 && o.findings[0]?.key === 'zip', `${n} bytes: ${said(o)}`);
  }
});

test('typed from paper', () => {
  const paper = newest.toUpperCase().replace(/ /g, '　').replace(/[0-9A-F]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
  assert.deepEqual(keyAnchor(paper), key(newest));
  assert.equal(keyAnchor(newest.slice(1)), null);
  assert.equal(keyAnchor((truth.vkeys[0] ?? '').replace('sekisho/', 'sekishu/')), null);
  const hex = truth.roots[truth.size] ?? '';
  assert.deepEqual(rootAnchor('３００件', hex.replace(/(....)/g, '$1 ')), root(truth.size));
  assert.deepEqual(rootAnchor('', `${truth.size}:${hex}`), root(truth.size));
  assert.deepEqual(rootAnchor('300', Buffer.from(hex, 'hex').toString('base64')), root(truth.size));
  for (const [size, text] of [['0', hex], ['', hex], ['07', hex], ['300', hex.slice(2)]] as const) assert.equal(rootAnchor(size, text), null);
});

test('the walk from leaf to root is the same for each leaf alone and one after the other', () => {
  const leaves = Array.from({ length: 37 }, (_, n) => hashOf(bytesOf(String(n))));
  const root = (from: number, to: number): Uint8Array => {
    const n = to - from;
    const k = 2 ** Math.ceil(Math.log2(n) - 1);
    return n === 1 ? (leaves[from] as Uint8Array) : nodeHash(root(from, from + k), root(from + k, to));
  };
  const path = (at: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const k = from + 2 ** Math.ceil(Math.log2(to - from) - 1);
    return at < k ? [...path(at, from, k), root(k, to)] : [...path(at, k, to), root(from, k)];
  };
  for (const size of [1, 2, 3, 5, 8, 31, 32, 33, 37]) {
    const walker = new Walker();
    for (let at = 0; at < size; at++) {
      const proof = path(at, 0, size);
      const leaf = leaves[at] as Uint8Array;
      const [together, alone] = [walker.rootOf(leaf, at, size, proof), new Walker().rootOf(leaf, at, size, proof)];
      assert.deepEqual([together, alone], [root(0, size), root(0, size)], `${at} of ${size}`);
      for (let k = 0; k < proof.length; k++) {
        const bad = proof.map((h, n) => (n === k ? flipped(h, 31) : h));
        assert.notDeepEqual(walker.rootOf(leaf, at, size, bad), root(0, size), `${at} of ${size}, hash ${k}`);
        walker.rootOf(leaf, at, size, proof);
      }
      assert.equal(walker.rootOf(leaf, at, size, [...proof, leaf]), null);
      if (proof.length) assert.equal(walker.rootOf(leaf, at, size, proof.slice(1)), null);
      walker.rootOf(leaf, at, size, proof);
    }
    assert.equal(walker.rootOf(leaves[0] as Uint8Array, size, size, []), null);
  }
});

test('one spelling only', () => {
  for (const text of ['{"a":1,"b":"\\\\\\""}', '[]', '-5', '{"a":{"b":[1,"x"]}}', '{"10":1,"9":2}', `${'['.repeat(16)}${']'.repeat(16)}`, '{"":0}']) assert.notEqual(canonical(bytesOf(text)), null, text);
  const bad = ['{"b":1,"a":2}', '{"a":1,"a":1}', '{"a": 1}', '1.0', '1e3', '-0', 'true', 'null', '"\\u0041"', '"é"', '9007199254740993', '01', '"\\/"', `${'['.repeat(17)}${']'.repeat(17)}`, `${'['.repeat(16)}1${']'.repeat(16)}`];
  for (const text of bad) assert.equal(canonical(bytesOf(text)), null, text);
  for (const text of ['QQ=', 'QR==', 'Q Q==', 'QQ==\n']) assert.equal(base64Bytes(text), null, text);
  assert.equal(tilePath(0, 1_234_067, 5), 'tile/0/x001/x234/067.p/5');
  assert.equal(tilePath('entries', 5), 'tile/entries/005');
});
