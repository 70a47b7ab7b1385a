#!/usr/bin/env node
// registers.mjs - the registers, from Excel to paper, and a lost phone from the report to its clocks; with clicks and keys only. TAP.
// What E2E_BASE must have: packs/mic-r4 and the people of E2E_ACCOUNTS, by login (run.py). Each screen is looked at on a phone as well.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, onPhone } from './browser.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

// A list as sections keep it: title, empty line, numbers, dates and yes/no in several spellings, a line that says nothing.
const HEAD = [['外部サービス利用状況一覧（令和８年５月１日現在）'], [], ['No.', 'サービス名称', '提供会社', '担当課', '管理者氏名', '利用目的', '個人情報の有無', '契約開始日', '契約終了日（予定）', '備考']];
const ROWS = [
  ['1', 'さくらメール配信', '株式会社 あおぞらソフト', '産業　振興課 ', '佐藤', '申込みの受付', '○', '20240101', '－', ''],
  ['2', 'つばき施設予約 Ⅱ', '(株)みなとデータ', '税務課', '森', '施設の予約', '無', 'R6.4.1', '令和9年3月31日', ''],
  ['3', 'もみじアンケート', '㈱こだま情報システム', '産業振興課', '山田', '市民アンケート', 'いいえ', '2025/6/1', '2027/5/31', '更新手続中'],
  ['4', 'ひばり翻訳', '株式会社あおぞらソフト', '税務課', '森', '窓口の翻訳', '×', '令和7年4月1日', 'R9.3.31', ''],
];
// cell → what stands there first, and what the mistake says
const WRONG = { E5: ['もり課長', /見つかりません|ありません|いません/], H6: ['20250631', /という日はありません/], I7: ['未定だが春', /日付として読めません/] };
const APPLY_BY = '2027-09-30';
const PDF = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n';
const LOST = '公用スマートフォンを電車に置き忘れた。';

const tap = new Tap();
const browser = await launch();
const dir = mkdtempSync(join(tmpdir(), 'sekisho-registers-'));

const as = turns(tap, browser, { keep: true });

const title = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
const text = (rows) => [...HEAD, ...rows].map((row) => row.join('\t')).join('\n');
const menu = (page, href) => page.locator(`nav a[href="${href}"]`).click();

function wrongRows() {
  const rows = ROWS.map((row) => [...row]);
  for (const [cell, [value]] of Object.entries(WRONG)) rows[cell.slice(1) - HEAD.length - 1][cell.charCodeAt(0) - 65] = value;
  return rows;
}

async function download(page, link, ending, begins) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const path = join(dir, file.suggestedFilename());
  await file.saveAs(path);
  if (!path.endsWith(ending)) throw new Error(`the file is called ${path}`);
  same(readFileSync(path).subarray(0, begins.length).toString(), begins, `how ${ending} begins`);
  return readFileSync(path);
}

async function checkBlock(page, rows) {
  await page.locator('#f-paste').fill(text(rows));
  await page.locator('#f-transitional_until').fill(APPLY_BY);
  await page.getByRole('button', { name: '確かめる' }).click();
  await page.locator('#import-plan').waitFor();
}

await as('tanaka', 'finds the register of services empty and pastes a block with three wrong cells: each is named, nothing can be kept', async (page) => {
  await menu(page, '/registers');
  await page.locator('ul.forms li').first().waitFor();
  await onPhone(page, 'registers');
  await page.locator('a[href="/registers/service"]').click();
  await page.locator('p.empty').waitFor();
  await page.locator('a[href="/registers/service/import"]').click();
  await page.locator('#f-paste').waitFor();
  await onPhone(page, 'import');
  await checkBlock(page, wrongRows());
  const lines = page.locator('[data-mistakes] tbody tr');
  same(await lines.count(), Object.keys(WRONG).length, 'mistakes');
  for (const [cell, [value, words]] of Object.entries(WRONG)) {
    const said = await lines.filter({ has: page.locator('th', { hasText: cell }) }).allTextContents();
    if (said.length !== 1 || !said[0].includes(value) || !words.test(said[0])) throw new Error(`${cell}: ${said}`);
  }
  same(await page.getByRole('button', { name: 'この内容で取り込む' }).count(), 0, 'buttons that keep it');
  await onPhone(page, 'import-wrong');
});

await as('tanaka', 'nothing was kept', async (page) => {
  await menu(page, '/registers');
  await page.locator('a[href="/registers/service"]').click();
  await page.locator('p.empty').waitFor();
});

await as('tanaka', 'pastes the block mended: it is kept, and the list shows the services as transitional', async (page) => {
  await page.locator('a[href="/registers/service/import"]').click();
  await checkBlock(page, ROWS);
  await onPhone(page, 'import-plan');
  await page.getByRole('button', { name: 'この内容で取り込む' }).click();
  await page.locator('#import-kept').waitFor();
  await onPhone(page, 'import-kept');
  await page.getByRole('link', { name: '台帳を見る' }).click();
  await page.locator('tbody tr').first().waitFor();
  same(await page.locator('tbody tr').filter({ hasText: '経過措置' }).count(), ROWS.length, 'transitional services');
  await onPhone(page, 'register-service');
});

await as('tanaka', 'every register goes out as Excel; those that may be written in come back unedited as no change', async (page) => {
  await menu(page, '/registers');
  await page.locator('ul.forms a').first().waitFor();
  const paths = await Promise.all((await page.locator('ul.forms a').all()).map((a) => a.getAttribute('href')));
  const back = [];
  for (const path of paths) {
    await page.goto(path);
    await page.locator('p.count').waitFor();
    const rows = await page.locator('tbody tr').count();
    const out = page.getByRole('link', { name: 'Excel に出す' });
    await out.waitFor();
    if (rows === 0 || (await page.locator(`a[href="${path}/import"]`).count()) === 0) continue;
    writeFileSync(join(dir, 'back.xlsx'), await download(page, out, '.xlsx', 'PK'));
    await page.locator(`a[href="${path}/import"]`).click();
    if (await page.locator('#f-transitional_until').isVisible()) await page.locator('#f-transitional_until').fill(APPLY_BY);
    await page.locator('#f-import-file').setInputFiles(join(dir, 'back.xlsx'));
    await page.locator('#import-plan, .notice.bad').first().waitFor();
    same(await page.locator('[data-mistakes] tbody tr').count(), 0, `mistakes in ${path}`);
    same(await page.locator('.facts.counts div').filter({ hasText: '変更なし' }).locator('dd').textContent(), String(rows), `unchanged rows of ${path}`);
    back.push(path);
  }
  console.log(`# ${paths.length} registers go out; back as they were: ${back.join(' ')}`);
  for (const path of ['/registers/service', '/registers/provider']) if (!back.includes(path)) throw new Error(`${path} did not come back`);
});

await as('mori', 'finds a service by two characters', async (page) => {
  await menu(page, '/search');
  await page.locator('#search-q').fill('翻訳');
  await page.locator('#search-q').press('Enter');
  await page.locator('ul.forms a', { hasText: 'ひばり翻訳' }).first().waitFor();
  await onPhone(page, 'search');
  await page.locator('#search-q').fill('ないもの');
  await page.locator('#search-q').press('Enter');
  await page.locator('p.empty').getByText('「ないもの」').waitFor();
});

await as('tanaka', 'changes a service; why is asked, and the history shows what it was and what it is', async (page) => {
  await menu(page, '/search');
  await page.locator('#search-q').fill('翻訳');
  await page.locator('#search-q').press('Enter');
  await page.locator('ul.forms a', { hasText: 'ひばり翻訳' }).first().click();
  await title(page, 'ひばり翻訳');
  await onPhone(page, 'service-transitional');
  await page.locator('a[href^="/rows/service/"]').click();
  await page.getByRole('link', { name: '直す', exact: true }).click();
  await page.locator('#f-purpose').fill('窓口と電話の翻訳');
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.summary:focus').waitFor();
  await onPhone(page, 'change');
  await page.locator('#f-reason').fill('電話でも使うことにしたため（税務第8号）。');
  await page.locator('form[novalidate] button[type=submit]').click();
  const line = page.locator('.changes li').filter({ hasText: '窓口と電話の翻訳' });
  await line.waitFor();
  same(await line.locator('del').textContent(), '窓口の翻訳', 'before');
  same(await line.locator('ins').textContent(), '窓口と電話の翻訳', 'after');
});

await as('tanaka', 'attaches a PDF and takes it out again, byte for byte', async (page) => {
  writeFileSync(join(dir, '契約書.pdf'), PDF);
  await page.locator('details.panel > summary').filter({ hasText: 'ファイルを付ける' }).click();
  await page.locator('#f-file').setInputFiles(join(dir, '契約書.pdf'));
  await page.locator('#f-note').fill('契約書の写し');
  await page.getByRole('button', { name: '付ける', exact: true }).click();
  const link = page.getByRole('link', { name: '契約書.pdf' });
  await link.waitFor();
  await onPhone(page, 'row');
  same((await download(page, link, '.pdf', '%PDF')).toString(), PDF, 'the file');
});

await as('tanaka', 'prints a paper about the service', async (page) => {
  await page.getByRole('link', { name: '専用の画面で見る' }).click();
  await page.locator('#papers').waitFor();
  await download(page, page.locator('section[aria-labelledby=papers] a').first(), '.pdf', '%PDF');
});
tap.fresh();

await as('mori', 'reports a lost phone, in one line', async (page) => {
  await menu(page, '/report');
  await page.locator('#f-what').fill(LOST);
  await onPhone(page, 'report');
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.notice.good').waitFor();
  await page.locator('section[aria-labelledby=my-reports] li').filter({ hasText: LOST }).waitFor();
  await onPhone(page, 'report-sent');
});

await as('tanaka', 'sees it and makes it a case', async (page) => {
  await menu(page, '/incidents');
  const found = page.locator('section[aria-labelledby=findings] li').filter({ hasText: LOST });
  await found.waitFor();
  await onPhone(page, 'incidents');
  await found.getByRole('link', { name: '事案として対応を始める' }).click();
  await page.locator('#f-text').filter({ hasText: LOST }).waitFor(); // what happened, as it was reported
  await page.locator('#f-title').fill('公用スマートフォンの紛失');
  await onPhone(page, 'incident-open');
  await page.locator('form[novalidate] button[type=submit]').click();
  await title(page, '公用スマートフォンの紛失');
  same(await page.locator('#clocks').count(), 0, 'clocks without a leak');
});

await as('tanaka', 'writes to its log, and grades the leak: the clocks run', async (page) => {
  await page.locator('#f-log-text').fill('鉄道会社に届け出、遠隔で消去した。');
  await page.getByRole('button', { name: '経過を書く' }).click();
  await page.locator('ol.history li').filter({ hasText: '遠隔で消去' }).waitFor();
  await page.locator('details.panel > summary').filter({ hasText: '重さ・漏えいを見直す' }).click();
  await page.locator('#f-grade-leak').selectOption('possible');
  await page.locator('#f-grade-reason').fill('消去の完了を確かめられていない。');
  await page.getByRole('button', { name: '重さ・漏えいを見直す' }).click();
  await page.locator('section[aria-labelledby=clocks] li').first().waitFor();
  await onPhone(page, 'incident');
  await page.locator('details.panel > summary').filter({ hasText: '重さ・漏えいを見直す' }).click();
  same(await page.locator('#f-grade-leak').inputValue(), 'possible', 'what the next grading begins with');
  await menu(page, '/incidents');
  await page.locator('tbody tr').filter({ hasText: '公用スマートフォンの紛失' }).waitFor();
  await onPhone(page, 'incidents-case');
});

await as('mori', 'of staff sees what became of the report, and no cases', async (page) => {
  await menu(page, '/search');
  await menu(page, '/report');
  await page.locator('section[aria-labelledby=my-reports]').getByText(/-INC-R\d+-\d+/).waitFor();
  same(await page.locator('nav a[href="/incidents"]').count(), 0, 'the menu of cases');
});

await browser.close();
rmSync(dir, { recursive: true, force: true });
tap.end();
