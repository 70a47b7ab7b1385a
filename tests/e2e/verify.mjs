// verify.mjs - an auditor with verify.html and what was handed over: from disk, without a network, by mouse and by keyboard alone.
//
// Reads   VERIFY_DIR       folder with verify.html, log/, pack.zip, truth.json, earlier (a checkpoint), broken/ (see verify_page.py)
//         VERIFY_CHROMIUM  a browser that sees neither a network nor this tree; VERIFY_TREE a file of this tree, VERIFY_PORT a server outside
//         E2E_SHOTS        folder for pictures, if wanted
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { same, Tap } from './tap.mjs';
import { wrongWith } from './wcag.mjs';

const { chromium } = createRequire(fileURLToPath(new URL('../../web/package.json', import.meta.url)))('playwright-core');
const dir = process.env.VERIFY_DIR;
const truth = JSON.parse(readFileSync(`${dir}/truth.json`, 'utf8'));
const newest = truth.fingerprints.at(-1);
const WAIT_MS = 15_000;
const TABS_MAX = 30;

const browser = await chromium.launch({ executablePath: process.env.VERIFY_CHROMIUM, headless: true, args: ['--no-sandbox', '--disable-gpu', '--lang=ja'], env: { ...process.env, LANGUAGE: 'ja' } });
const context = await browser.newContext({ locale: 'ja-JP', timezoneId: 'Asia/Tokyo', viewport: { width: 1280, height: 900 } });
context.setDefaultTimeout(WAIT_MS);
const page = await context.newPage();
const asked = new Set();
const said = [];
page.on('request', (r) => asked.add(r.url().split(':')[0]));
page.on('console', (m) => said.push(m.text()));
page.on('pageerror', (e) => said.push(String(e)));

const open = () => page.goto(pathToFileURL(`${dir}/verify.html`).href);
const verdict = () => page.locator('[data-verdict]');
const found = () => page.locator('[data-found]').evaluateAll((all) => all.map((one) => one.dataset.found));
const foundWords = async () => (await page.locator('[data-found]').allTextContents()).join(' / ');
const counted = async (what) => Number((await page.locator(`[data-counted="${what}"]`).textContent()).replaceAll(',', ''));

async function hold({ key = newest, size = truth.size, root = truth.roots[truth.size] } = {}) {
  await page.getByLabel('鍵の指紋', { exact: true }).fill(key);
  await page.getByLabel('件数', { exact: true }).fill(String(size));
  await page.getByLabel('根', { exact: true }).fill(root);
}

async function check() {
  await page.getByRole('button', { name: '検証する' }).click();
  await verdict().waitFor();
  return verdict().getAttribute('data-verdict');
}

async function checkZip(name, held) {
  await open();
  await page.getByLabel('zip を選ぶ').setInputFiles(`${dir}/${name}`);
  await hold(held);
  return check();
}

async function checkFolder(name) {
  await open();
  await page.getByLabel('フォルダーを選ぶ').setInputFiles(`${dir}/${name}`);
  await hold();
  return check();
}

async function looks(name) {
  const wrong = await wrongWith(page, name);
  if (wrong.length) throw new Error(wrong.join('\n'));
}

const tap = new Tap();

await tap.step('the browser has neither a network nor this tree', async () => {
  const away = await browser.newPage();
  for (const url of [`http://127.0.0.1:${process.env.VERIFY_PORT}/`, pathToFileURL(process.env.VERIFY_TREE).href]) {
    const went = await away.goto(url).then(() => true, () => false);
    if (went) throw new Error(`${url} could be opened`);
  }
  await away.close();
});

await tap.step('the page opens from disk and speaks Japanese', async () => {
  await open();
  same(await page.title(), '証跡の検証', 'title');
  same(await page.locator('html').getAttribute('lang'), 'ja', 'language');
  await looks('verify-begin');
});

await tap.step('a pack is verified against fingerprint and root', async () => {
  same(await checkZip('pack.zip'), '0', 'verdict');
  same(await verdict().locator('h2').textContent().then((t) => t.trim()), '検証できました', 'in words');
  if (await counted('entries') !== await counted('proofs') || await counted('texts') < 40 || await counted('attachments') < 1) throw new Error('what was checked is not counted');
  await looks('verify-verified');
});

await tap.step('the verdict has the focus, so that it is read out', async () => {
  same(await page.locator(':focus').textContent().then((t) => t.trim()), '検証できました', 'focus');
});

await tap.step('in English, too', async () => {
  await page.getByRole('button', { name: 'English' }).click();
  same(await verdict().locator('h2').textContent().then((t) => t.trim()), 'Verified', 'in words');
  const left = (await page.locator('main').textContent()).match(/[ぁ-んァ-ヶ一-龠]+/);
  if (left) throw new Error(`Japanese is left: ${left[0]}`);
});

await tap.step('a whole log in a folder is verified, its gap told exactly', async () => {
  same(await checkFolder('log'), '0', 'verdict');
  same(await counted('entries'), truth.size, 'entries');
  await page.getByText(`第 2 世代の終わりの ${truth.lost} 件は`).waitFor();
});

await tap.step('a pack unpacked to a folder is verified', async () => {
  same(await checkFolder('pack'), '0', 'verdict');
});

await tap.step('with nothing typed it is not enough, and says what is missing', async () => {
  await open();
  await page.getByLabel('zip を選ぶ').setInputFiles(`${dir}/pack.zip`);
  same(await check(), '2', 'verdict');
  same((await found()).sort().join(), 'anchor-none,key-none', 'found');
  await looks('verify-missing');
});

await tap.step('another key, another root', async () => {
  same(await checkZip('pack.zip', { key: truth.stranger }), '1', 'verdict');
  same((await found()).join(), 'key-wrong', 'found');
  same(await checkZip('pack.zip', { root: `${truth.roots[truth.size].slice(0, -1)}${truth.roots[truth.size].endsWith('0') ? '1' : '0'}` }), '1', 'verdict');
  same((await found()).join(), 'anchor-differs', 'found');
});

await tap.step('a zip that is dropped', async () => {
  await open();
  const dropped = await page.evaluateHandle(async (base64) => { // no person's hand reaches from a file manager into a test
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], 'dropped.zip', { type: 'application/zip' }));
    return carried;
  }, readFileSync(`${dir}/pack.zip`).toString('base64'));
  await page.locator('.drop').dispatchEvent('dragover', { dataTransfer: dropped });
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped });
  await page.getByText('dropped.zip', { exact: true }).waitFor();
  await hold();
  same(await check(), '0', 'verdict');
});

await tap.step('a verdict goes when something else is typed', async () => {
  await page.getByLabel('件数', { exact: true }).fill('1');
  await verdict().waitFor({ state: 'detached' });
});

await tap.step('an earlier checkpoint, kept as a file', async () => {
  await open();
  await page.getByLabel('フォルダーを選ぶ').setInputFiles(`${dir}/log`);
  await page.getByLabel('鍵の指紋', { exact: true }).fill(newest);
  await page.getByText('ほかの控え').click();
  await page.getByLabel('以前に受け取った checkpoint').setInputFiles(`${dir}/earlier`);
  same(await check(), '0', 'verdict');
});

for (const name of readdirSync(`${dir}/broken`).sort()) {
  const [what, zipped] = [name.replace('.zip', ''), name.endsWith('.zip')];
  await tap.step(`one flipped byte: ${what}`, async () => {
    const is = await (zipped ? checkZip(`broken/${name}`) : checkFolder(`broken/${name}`));
    if (is !== (what === 'log-witness' ? '2' : '1')) throw new Error(`verdict ${is}: ${await foundWords()}`);
    const want = truth.broken[name];
    if (!(await foundWords()).includes(want)) throw new Error(`${want} is not named: ${await foundWords()}`);
    if (what === 'entry') await looks('verify-tampered');
  });
  tap.fresh();
}

await tap.step('nothing was chosen, and a digit is missing: the page says where and how to mend', async () => {
  await open();
  await page.getByLabel('鍵の指紋', { exact: true }).fill(newest.slice(1));
  await page.getByRole('button', { name: '検証する' }).click();
  await page.getByText('調べるものを選んでください。').waitFor();
  await page.getByText('鍵の指紋は、0〜9 と a〜f の 32 文字です。').waitFor();
  await page.locator('#zip:focus').waitFor({ state: 'attached' });
  await looks('verify-mistakes');
});

await tap.step('the keyboard alone', async () => {
  await open();
  const at = page.locator(':focus');
  const tabTo = async (target) => {
    for (let n = 0; n < TABS_MAX; n++) {
      await page.keyboard.press('Tab');
      if ((await target.and(at).count()) > 0) return;
    }
    throw new Error(`Tab does not lead to ${target}`);
  };
  await tabTo(page.locator('#zip'));
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles(`${dir}/pack.zip`);
  await page.getByText('pack.zip', { exact: true }).waitFor();
  for (const [label, text] of [['鍵の指紋', newest], ['件数', String(truth.size)], ['根', truth.roots[truth.size]]]) {
    await tabTo(page.getByLabel(label, { exact: true }));
    await page.keyboard.type(text);
  }
  await tabTo(page.getByRole('button', { name: '検証する' }));
  await page.keyboard.press('Enter');
  await verdict().waitFor();
  same(await verdict().getAttribute('data-verdict'), '0', 'verdict');
});

await tap.step('nothing but the page and its worker was asked for, nothing was complained about', async () => {
  same([...asked].sort().join(), 'blob,file', 'asked');
  same(said.join('\n'), '', 'console');
});

tap.end();
await browser.close();
