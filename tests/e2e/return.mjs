#!/usr/bin/env node
// return.mjs - 差戻し: returned with a reason, mended under the same number, approved. Clicks and keys only. TAP.
import { aimAtApprove, clickApprove, enforcedOnScreen } from './approve.mjs';
import { accounts, launch, open, openApplication, signIn, signOut } from './browser.mjs';
import { same, Tap } from './tap.mjs';

const MAC = `02:00:5f:${[16, 8, 0].map((shift) => ((Math.floor(Date.now() / 1000) >> shift) & 0xff).toString(16).padStart(2, '0')).join(':')}`;
const jstDate = (days) => new Date(Date.now() + days * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
const REASON = '利用目的をもう少し具体的に書いてください。';

const tap = new Tap();
const people = accounts();
const browser = await launch();
const { page } = await open(browser);

const number = await tap.step('the applicant files an application', async () => {
  await signIn(page, people.staff);
  await page.locator('nav a[href^="/apply/"]').click();
  await page.locator('#f-device_name').fill('議会用タブレット');
  await page.locator('#f-mac').fill(MAC);
  await page.locator('#f-purpose').fill('会議');
  await page.locator('#f-until').fill(jstDate(10));
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.answers').waitFor();
  await page.locator('button.main').click();
  const said = (await page.locator('.receipt-number').textContent()).trim();
  await signOut(page);
  return said;
});

await tap.step('the section manager returns it with a reason', async () => {
  await signIn(page, people.section_manager);
  await openApplication(page, number, 'waiting');
  await page.getByRole('button', { name: '差戻し', exact: true }).click();
  await page.locator('.because textarea').fill(REASON);
  await page.getByRole('button', { name: 'この理由で差し戻す' }).click();
  await page.getByText('差戻し', { exact: true }).first().waitFor();
  await signOut(page);
});

await tap.step('the applicant reads why, first thing on the page', async () => {
  await signIn(page, people.staff);
  await openApplication(page, number, 'mine');
  await page.locator('.notice').getByText(REASON).waitFor();
});

await tap.step('the form holds what was answered', async () => {
  await page.getByRole('link', { name: '直して再提出する' }).click();
  await page.locator('#f-purpose').waitFor();
  same(await page.locator('#f-purpose').inputValue(), '会議', 'the purpose');
  same(await page.locator('#f-mac').inputValue(), MAC, 'the address');
  same(await page.locator('#f-until').inputValue(), jstDate(10), 'the last day');
});

await tap.step('mended and sent in again, it keeps its number', async () => {
  await page.locator('#f-purpose').fill('９月定例会の資料を議場で参照するため。');
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.answers').waitFor();
  await page.locator('button.main').click();
  same((await page.locator('.receipt-number').textContent()).trim(), number, 'the number');
  await signOut(page);
});

await tap.step('it waits again, is approved, and the gate enforces it', async () => {
  await signIn(page, people.section_manager);
  await openApplication(page, number, 'waiting');
  await page.getByText('９月定例会の資料を議場で参照するため。').first().waitFor();
  await aimAtApprove(page);
  await clickApprove(page);
  await enforcedOnScreen(page);
});

await browser.close();
tap.end();
