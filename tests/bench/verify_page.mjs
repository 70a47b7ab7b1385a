// verify_page.mjs - DIR NAME: one check of DIR/NAME with DIR/verify.html; prints {"verdict","entries","seconds","processor"}.
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { launch } from '../e2e/browser.mjs';

const [dir, name] = process.argv.slice(2);
const truth = JSON.parse(readFileSync(`${dir}/truth.json`, 'utf8'));
const WAIT_MS = 540_000;
const TICKS = 100; // a second, on every Linux we know

/** Processor seconds of all processes below this one. */
function processorSeconds() {
  const all = new Map();
  for (const pid of readdirSync('/proc').filter((d) => /^[0-9]+$/.test(d))) {
    try {
      const [, ppid, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      all.set(Number(pid), { ppid: Number(ppid), ticks: Number(rest[9]) + Number(rest[10]) });
    } catch {
      continue; // it has just ended
    }
  }
  const below = (pid) => pid === process.pid || (all.has(pid) && below(all.get(pid).ppid));
  return [...all].filter(([pid]) => pid !== process.pid && below(pid)).reduce((sum, [, one]) => sum + one.ticks, 0) / TICKS;
}

const browser = await launch();
const page = await browser.newPage({ locale: 'ja-JP' });
page.setDefaultTimeout(WAIT_MS);
await page.goto(pathToFileURL(`${dir}/verify.html`).href);
await page.getByLabel(name.endsWith('.zip') ? 'zip を選ぶ' : 'フォルダーを選ぶ').setInputFiles(`${dir}/${name}`);
await page.getByLabel('鍵の指紋', { exact: true }).fill(truth.fingerprints.at(-1));
await page.getByLabel('件数', { exact: true }).fill(String(truth.size));
await page.getByLabel('根', { exact: true }).fill(truth.roots[truth.size]);
await page.getByRole('button', { name: '検証する' }).click();
const verdict = await page.locator('[data-verdict]').getAttribute('data-verdict');
const entries = Number((await page.locator('[data-counted="entries"]').textContent()).replaceAll(',', ''));
const seconds = Number(/([0-9.]+) 秒で調べました/.exec(await page.locator('main').textContent())[1]);
console.log(JSON.stringify({ verdict, entries, seconds, processor: processorSeconds() }));
await browser.close();
