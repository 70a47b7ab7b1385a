#!/usr/bin/env node
// rules.mjs - a number of the rules is changed by a form with its reason, read in words, and adopted by a second person; the next application
// has the new number, the one before keeps the old. Then a mistake, an edited record, a return.
import { accounts, launch, onPhone, open, signIn } from './browser.mjs';
import { same, Tap } from './tap.mjs';

const tap = new Tap();
const browser = await launch();
const PEOPLE = accounts();
const desk = await open(browser);
const chief = await open(browser);
const staff = await open(browser);
const { page } = desk;
const REASON = '市の情報セキュリティ対策基準 第12条による。';
const button = (p, name) => p.getByRole('button', { name, exact: true });

await tap.step('the secretariat finds the rules in the menu: in force, and the numbers it decides itself', async () => {
  await signIn(page, PEOPLE.tanaka, '/');
  await page.locator('a[href="/rules"]').first().click();
  await page.locator('[data-numbers] li').first().waitFor();
  if ((await page.locator('[data-numbers] li').count()) < 20) throw new Error('few numbers');
  await onPhone(page, 'rules');
});

await tap.step('home offers the twelve questions; answered with the keyboard, they are a draft with its differences', async () => {
  await page.locator('nav a[href="/"]').first().click();
  await page.getByRole('link', { name: 'はじめの設定をする' }).click();
  await page.locator('#f-terminals').waitFor();
  await onPhone(page, 'setup');
  await page.locator('#f-retention').fill('1000');
  await page.locator('#f-retention').press('Enter');
  await page.locator('.summary:focus').waitFor();
  await page.locator('#f-retention').fill('10');
  await page.locator('#f-terminals').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.locator('#f-tools').focus();
  await page.keyboard.press('Space');
  await page.locator('#f-retention').press('Enter');
  await page.locator('[data-changes] li').filter({ hasText: '10' }).first().waitFor();
  await page.locator('#todo').waitFor();
  await onPhone(page, 'setup-draft');
  await page.locator('a[href="/rules"]').first().click();
  await page.locator('[data-numbers] li').first().waitFor();
});

await tap.step('a draft begins with what it is about', async () => {
  await button(page, '改正案を作る').click();
  await page.locator('#f-title[aria-invalid=true]').waitFor();
  await page.locator('#f-title').fill('接続の許可を短くする');
  await button(page, '改正案を作る').click();
  await page.locator('#changes').waitFor();
  await onPhone(page, 'draft-empty');
});

await tap.step('a number is found by a word and changed as a form; without a reason it is not taken', async () => {
  await page.getByRole('link', { name: '項目を選んで直す' }).click();
  await page.locator('#f-find').fill('ネットワーク接続');
  await onPhone(page, 'edit');
  await page.locator('[data-numbers] a', { hasText: '許可の最長' }).first().click();
  await page.locator('#f-max_days').fill('20');
  await button(page, '改正案に入れる').click();
  await page.locator('#f-reason[aria-invalid=true]').waitFor();
  await onPhone(page, 'record');
});

await tap.step('a mistake is told in words, and nothing changes', async () => {
  await page.locator('#f-reason').fill(REASON);
  await page.locator('#f-max_days').fill('二十');
  await button(page, '改正案に入れる').click();
  await page.locator('[data-mistakes] li').first().waitFor();
  await page.locator('#f-max_days').fill('20');
  await button(page, '改正案に入れる').click();
  await page.locator('[data-changes] li').first().waitFor();
});

await tap.step('the difference is said in words, with what it loosens', async () => {
  same(await page.locator('[data-changes] li').count(), 1, 'changes');
  const said = await page.locator('[data-changes] li').textContent();
  if (!said.includes('366') || !said.includes('20') || !said.includes('許可の最長')) throw new Error(said);
  await page.locator('[data-loosened="0"]').waitFor();
  await onPhone(page, 'draft');
});

await tap.step('adoption is asked for; whoever asks cannot adopt', async () => {
  await button(page, '採択を求める').click();
  await page.locator('.state', { hasText: '採択待ち' }).waitFor();
  same(await button(page, '採択する').count(), 0, 'adopt buttons of the proposer');
});

await tap.step('the second person reads it, and returns it with a reason', async () => {
  await signIn(chief.page, PEOPLE.kobayashi, '/rules');
  await chief.page.getByRole('link', { name: '接続の許可を短くする' }).click();
  await chief.page.locator('[data-changes] li').first().waitFor();
  await onPhone(chief.page, 'proposal');
  await button(chief.page, '差し戻す').click();
  await chief.page.locator('#f-reason[aria-invalid=true]').waitFor();
  await chief.page.locator('#f-reason').fill('理由に条番号を書いてください。');
  await button(chief.page, '差し戻す').click();
  await chief.page.locator('.state', { hasText: '差戻し' }).waitFor();
});

await tap.step('asked again, it is adopted and in force at once', async () => {
  await page.reload();
  await page.locator('.notice', { hasText: '条番号' }).waitFor();
  await button(page, '採択を求める').click();
  await page.locator('.state', { hasText: '採択待ち' }).waitFor();
  await chief.page.reload();
  await button(chief.page, '採択する').click();
  await chief.page.locator('.state', { hasText: '採択' }).filter({ hasNotText: '待ち' }).waitFor();
  await chief.page.getByRole('link', { name: '規程を直す' }).click();
  await chief.page.locator('dd', { hasText: '田中が提出し、小林が採択' }).waitFor();
  await onPhone(chief.page, 'in-force');
});

await browser.close();
tap.end();
