#!/usr/bin/env node
// answersheets.mjs - 事業者回答シート: out as Excel, back with slips and mended, kept, used in an application, to another municipality and from one. TAP.
// What E2E_BASE must have: packs/mic-r4 and the people of E2E_ACCOUNTS, by login (run.py). Clicks and keys only.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, onPhone, openApplication } from './browser.mjs';
import { fill, judge, send } from './fill.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

const PROVIDER = '関所システム株式会社';
const { forms, judgements } = JSON.parse(readFileSync(new URL('../lib/service_use.json', import.meta.url), 'utf8'));
const SERVICE = forms['service-use'].service_name;
const PLAYED = fileURLToPath(new URL('./answers.py', import.meta.url));
const WRONG = { data_countries: 'にほん', rto_hours: '八時間くらい' };
const NEWER = { uptime: 'u99', notice_days: '90' };

const tap = new Tap();
const browser = await launch();
const dir = mkdtempSync(join(tmpdir(), 'sekisho-answers-'));
const at = (name) => join(dir, name);

const as = turns(tap, browser, { keep: true });

const menu = (page, href) => page.locator(`nav a[href="${href}"]`).first().click();
const pick = (page, name) => page.locator('#f-asheet-file').setInputFiles(at(name));

async function download(page, link, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  await file.saveAs(at(name));
  return readFileSync(at(name));
}

/** The provider writes into the file; {field: cell} of what was written. */
function answered(from, to, ...words) {
  const said = execFileSync('/usr/bin/python3', [PLAYED, at(from), at(to), ...words], { encoding: 'utf8' });
  return Object.fromEntries(said.trim().split('\n').map((line) => line.split(' ')));
}
const words = (fields) => Object.entries(fields).map(([field, value]) => `${field}=${value}`);

async function begin(page) {
  await menu(page, '/answer-sheets');
  await page.locator('main a[href="/answer-sheets/new"]').click();
  await page.locator('#f-provider').fill('関所');
  await page.locator('[role=option]').filter({ hasText: PROVIDER }).click();
  await page.locator('#f-subject').fill(SERVICE);
}

await as('tanaka', 'finds no answer sheet yet, and enters the provider', async (page) => {
  await menu(page, '/answer-sheets');
  await page.locator('p.empty').waitFor();
  await onPhone(page, 'asheets-empty');
  await menu(page, '/registers');
  await page.locator('a[href="/registers/provider"]').click();
  await page.locator('a[href="/registers/provider/add"]').click();
  await page.locator('#f-name').fill(PROVIDER);
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.getByRole('heading', { level: 1, name: PROVIDER }).waitFor();
});

await as('tanaka', 'takes the form out; two wrong cells in what comes back are named, and nothing can be kept', async (page) => {
  await begin(page);
  same((await download(page, page.getByRole('link', { name: '空の様式を Excel に出す' }), 'form.xlsx')).subarray(0, 2).toString(), 'PK', 'a zip');
  const cells = answered('form.xlsx', 'wrong.xlsx', '--all', ...words(WRONG));
  await pick(page, 'wrong.xlsx');
  const slips = page.locator('[data-slips] tbody tr');
  await slips.first().waitFor();
  const said = await slips.allTextContents();
  for (const field of Object.keys(WRONG)) if (!said.some((line) => line.startsWith(`${cells[field]}シート`) && line.includes(WRONG[field]))) throw new Error(`${field} ${cells[field]}: ${said}`);
  same(said.length, 2, 'slips');
  same(await page.getByRole('button', { name: 'この回答を保存する' }).count(), 0, 'buttons that keep it');
  await onPhone(page, 'asheet-wrong');
});

await as('tanaka', 'has it mended: the answers are kept, under their topics', async (page) => {
  answered('form.xlsx', 'right.xlsx', '--all');
  await pick(page, 'right.xlsx');
  await page.locator('[data-clean]').waitFor();
  same(await page.locator('#f-answered_on').inputValue(), forms['service-provider'].answered_on, 'the day that stands in the sheet');
  await onPhone(page, 'asheet-clean');
  await page.getByRole('button', { name: 'この回答を保存する' }).click();
  await page.getByRole('heading', { level: 1, name: SERVICE }).waitFor();
  await page.locator('.answer').filter({ hasText: 'セキュリティホワイトペーパー 第5版' }).waitFor();
  await page.locator('.answer').filter({ hasText: '大阪クラウド基盤株式会社' }).waitFor();
  await onPhone(page, 'asheet');
});

await as('tanaka', 'a year later sends it with its answers; the two that changed are shown', async (page) => {
  await page.getByRole('link', { name: '新しい回答を受け取る' }).click();
  await page.getByText('１. 何についての回答か').waitFor();
  await download(page, page.getByRole('link', { name: /前の回答.*が入った様式/ }), 'last.xlsx');
  answered('last.xlsx', 'newer.xlsx', ...words(NEWER));
  await pick(page, 'newer.xlsx');
  await page.getByRole('button', { name: 'この回答を保存する' }).click();
  const rows = page.locator('[data-differs] tbody tr');
  await rows.first().waitFor();
  same(await rows.count(), Object.keys(NEWER).length, 'answers that differ');
  await rows.filter({ hasText: '180' }).getByText('90', { exact: true }).waitFor();
  await onPhone(page, 'asheet-differs');
  await menu(page, '/answer-sheets');
  await page.locator('tbody tr').first().waitFor();
  same(await page.locator('tbody tr').count(), 1, 'current sheets');
  await page.locator('#asheet-all').check();
  await page.locator('tbody tr').filter({ hasText: '置き換え済み' }).waitFor();
});

await as('tanaka', 'makes the file for another municipality', async (page) => {
  await page.locator('tbody tr').filter({ hasText: 'いまの回答' }).locator('a').click();
  await page.getByRole('button', { name: '証明の付いたファイルを作る' }).click();
  const file = await download(page, page.getByRole('link', { name: 'ファイルを保存する' }), 'out.sekisho');
  same(file.toString().split('\n')[0], 'sekisho-answer-sheet@v1', 'its first line');
});

await as('tanaka', 'is refused a file whose sender nobody knows, types the fingerprint from paper, and takes it; a changed one never', async (page) => {
  await menu(page, '/answer-sheets');
  await page.locator('main a[href="/answer-sheets/receive"]').click();
  await pick(page, 'out.sekisho');
  await page.locator('.notice.bad').getByText('指紋').waitFor();
  await onPhone(page, 'asheet-unknown');
  await page.getByRole('link', { name: '相手を登録する' }).click();
  const paper = (await page.locator('#peer-own + .mac').textContent()).trim(); // this town plays both
  await page.locator('#f-name').fill('隣町');
  await page.locator('#f-key').fill(paper.slice(0, 20));
  await page.getByRole('button', { name: 'この相手を登録する' }).click();
  await page.locator('.summary:focus').waitFor();
  await page.locator('#f-key').fill(paper);
  await page.getByRole('button', { name: 'この相手を登録する' }).click();
  await page.locator('tbody tr').filter({ hasText: '隣町' }).waitFor();
  await onPhone(page, 'asheet-peers');
  await menu(page, '/answer-sheets');
  await page.locator('main a[href="/answer-sheets/receive"]').click();
  const text = readFileSync(at('out.sekisho'), 'latin1');
  const place = text.indexOf('content ') + 200;
  writeFileSync(at('bent.sekisho'), text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1), 'latin1');
  await pick(page, 'bent.sekisho');
  await page.locator('.notice.bad').getByText('書き換えられた').waitFor();
  await pick(page, 'out.sekisho');
  await page.locator('.notice.good').waitFor();
  await onPhone(page, 'asheet-received');
  await page.getByRole('link', { name: '受け取った回答を見る' }).click();
  await page.locator('.facts').getByText('隣町から受領').waitFor();
});

await as('tanaka', 'ends the exchange', async (page) => {
  await menu(page, '/answer-sheets');
  await page.locator('main a[href="/answer-sheets/peers"]').click();
  await page.locator('tbody summary').click();
  await page.getByRole('button', { name: '隣町とのやり取りを終える' }).click();
  await page.locator('tbody tr').filter({ hasText: '終了' }).waitFor();
});

const number = await as('sato', 'applies for the service', async (page) => {
  await page.goto('/apply/service-use');
  await fill(page, { ...forms['service-use'], service_manager: '山田（産業振興課）', service_deputy: '森（税務課）' });
  await send(page);
  await page.locator('button.main').click();
  return (await page.locator('.receipt-number').textContent()).trim();
});

await as('tanaka', 'judges the usage; beside the lines stand the answers that are kept', async (page) => {
  await openApplication(page, number, 'waiting');
  await page.locator('.now a[href$="/judge"]').click();
  await page.locator('section[aria-labelledby=judge-asheets] a[href^="/answer-sheets/"]').first().waitFor();
  await judge(page, judgements.usage);
  await page.locator('.save-bar button').click();
  await page.locator('.outline').waitFor();
  await page.locator('.decide').getByRole('button', { name: '審査を終える', exact: true }).click();
  await page.locator('.now a[href$="/sheets/service-provider"]').waitFor();
});

await as('tanaka', 'copies the answers into its sheet; the check page marks the one that is changed', async (page) => {
  await page.locator('.now a[href$="/sheets/service-provider"]').click();
  await page.locator('details.previous > summary').filter({ hasText: '回答シートから写す' }).click();
  await page.locator('.previous .drafts li').getByRole('button', { name: /答えを写す/ }).first().click();
  await page.locator('.said').getByText('項目写しました').waitFor();
  await onPhone(page, 'asheet-copied');
  await fill(page, { performance_check: '稼働率の報告を毎月。' });
  await send(page);
  same(await page.locator('.differs').count(), 1, 'answers marked as changed');
  await page.locator('button.main').click();
  await page.locator('.outline').waitFor();
  await page.locator('.sheet').filter({ hasText: '事業者回答シート' }).getByText('記入済み').waitFor();
});

await as('sato', 'of staff is not shown them', async (page) => {
  same(await page.locator('nav a[href="/answer-sheets"]').count(), 0, 'the menu of answer sheets');
  await page.goto('/answer-sheets');
  await page.locator('.notice.bad').waitFor();
});

await browser.close();
rmSync(dir, { recursive: true, force: true });
tap.end();
