#!/usr/bin/env node
// sheets.mjs - the rules as a sheet: taken out as Excel, edited by another program, checked on the screen; and files that mean no good.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accounts, launch, open, signIn } from './browser.mjs';
import { same, Tap } from './tap.mjs';

const EXCEL = fileURLToPath(new URL('./excel.py', import.meta.url));
const SOON_MS = 8000; // no file may hold the page up for longer

const tap = new Tap();
const browser = await launch();
const { page } = await open(browser);
const dir = mkdtempSync(join(tmpdir(), 'sekisho-sheets-'));
const at = (name) => join(dir, name);
const excel = (what, to) => execFileSync('/usr/bin/python3', [EXCEL, what, at('forms.xlsx'), at(to)]);

async function check(name) {
  await page.locator('#sheet-file').setInputFiles(at(name));
  await page.locator('form[novalidate] button[type=submit]').click();
}

async function refused(name, words) {
  await check(name);
  const notice = page.locator('.notice.bad, [data-faults]');
  await notice.waitFor({ timeout: SOON_MS });
  const said = await notice.textContent();
  if (!words.test(said)) throw new Error(`it says ${JSON.stringify(said)}`);
}

await tap.step('staff do not see the screen', async () => {
  const { context, page: other } = await open(browser);
  await signIn(other, accounts().staff, '/pack/sheets');
  await other.locator('main.page').waitFor();
  same(await other.locator('#sheet-file').count(), 0, 'file inputs');
  await context.close();
});
tap.fresh();

await tap.step('the system manager finds it in the menu', async () => {
  await signIn(page, accounts().system_manager, '/');
  await page.locator('a[href="/rules"]').click();
  await page.locator('a[href="/pack/sheets"]').click();
  await page.locator('#sheet-file').waitFor();
});

await tap.step('and takes the forms out as Excel', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[href$="forms.xlsx"]').click()]);
  same(download.suggestedFilename(), 'forms.xlsx', 'name');
  await download.saveAs(at('forms.xlsx'));
  same(readFileSync(at('forms.xlsx')).subarray(0, 2).toString(), 'PK', 'a zip');
});

await tap.step('unedited, it is no difference', async () => {
  await check('forms.xlsx');
  await page.locator('p.empty').waitFor();
});

await tap.step('an edited label is said in words, and is the only change', async () => {
  excel('label', 'label.xlsx');
  await check('label.xlsx');
  await page.locator('[data-changes] li').first().waitFor();
  same(await page.locator('[data-changes] li').count(), 1, 'changes');
  const said = await page.locator('[data-changes] li').textContent();
  if (!said.includes('機器の番号①')) throw new Error(said);
});

await tap.step('the same by CSV as Excel saves it in Japan', async () => {
  excel('csv', 'label.csv');
  await check('label.csv');
  await page.locator('[data-changes] li').first().waitFor();
  same(await page.locator('[data-changes] li').count(), 1, 'changes');
});

await tap.step('what is wrong is said at its cell', async () => {
  excel('fault', 'fault.xlsx');
  await refused('fault.xlsx', /forms![A-Z]+\d+/);
});
tap.fresh();

for (const [what, words] of [
  ['header', /forms![A-Z]+1/],
  ['formula', /forms![A-Z]+\d+.*数式/],
  ['date', /forms![A-Z]+\d+.*日付/],
  ['entities', /壊れている/],
  ['bomb', /大きすぎます/],
]) {
  await tap.step(`refused with words, and soon: ${what}`, async () => {
    excel(what, `${what}.xlsx`);
    const began = Date.now();
    await refused(`${what}.xlsx`, words);
    console.log(`# ${what}: ${Date.now() - began} ms`);
  });
  tap.fresh();
}

await tap.step('the page is alive afterwards', async () => {
  await check('label.xlsx');
  await page.locator('[data-changes] li').first().waitFor();
});

await browser.close();
rmSync(dir, { recursive: true, force: true });
tap.end();
