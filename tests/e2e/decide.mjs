#!/usr/bin/env node
// decide.mjs - the approver's page: what follows, what differs from last time, three buttons, a reason only where it is needed. Clicks and keys. TAP.
// What E2E_BASE must have: packs/mic-r4, a gate in its zone, and the people of E2E_ACCOUNTS, by login (run.py).
import { launch, onPhone, openApplication } from './browser.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

const tap = new Tap();
const browser = await launch();
const MAC = '02:00:5e:10:00:77';
const jstDate = (days) => new Date(Date.now() + 9 * 3600_000 + days * 86_400_000).toISOString().slice(0, 10);

const as = turns(tap, browser);

async function apply(page, purpose, days) {
  await page.goto('/apply/network-connection');
  const answers = { user: '佐藤', device_name: '出張用ノート', mac: MAC, purpose, information: '予算要求書' };
  for (const [field, text] of Object.entries(answers)) await page.locator(`#f-${field}`).fill(text);
  await page.locator('#f-until').fill(jstDate(days));
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.answers').waitFor();
  await page.locator('button.main').click();
  return (await page.locator('.receipt-number').textContent()).trim();
}

const first = await as('sato', 'asks to connect a device', (page) => apply(page, '議会の答弁資料を見るため。', 10));

await as('suzuki', 'reads what, who, until when, what the gate will do, and that they are not the applicant', async (page) => {
  await openApplication(page, first, 'waiting');
  await page.locator('.outline').getByText('出張用ノート').waitFor();
  await page.locator('.outline').getByText('佐藤').first().waitFor();
  await page.locator('.will').getByText(MAC).waitFor();
  await page.locator('.will .hold.gate').waitFor();
  await page.locator('.separation').getByText('あなたは申請者ではありません').waitFor();
  await page.locator('.differs').getByText('これまでにありません').waitFor();
  await onPhone(page, 'decide-first');
});

await as('suzuki', 'sends it back with a ready phrase, which the applicant can read; without a reason it is stopped', async (page) => {
  await openApplication(page, first, 'waiting');
  await page.getByRole('button', { name: '差戻し', exact: true }).click();
  await page.getByRole('button', { name: 'この理由で差し戻す' }).click();
  await page.locator('.decide .summary:focus').waitFor();
  await page.locator('.because .chip').first().click();
  await onPhone(page, 'decide-return');
  await page.getByRole('button', { name: 'この理由で差し戻す' }).click();
  await page.locator('.decide').waitFor({ state: 'detached' });
});

await as('sato', 'mends it', async (page) => {
  await openApplication(page, first, 'mine');
  await page.getByRole('link', { name: '直して再提出する' }).click();
  await page.locator('#f-purpose').fill('９月議会の答弁資料を議場で見るため。');
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.answers').waitFor();
  await page.locator('button.main').click();
  await page.locator('.receipt-number').waitFor();
});

await as('suzuki', 'approves with the keyboard alone: no reason is asked for', async (page) => {
  await openApplication(page, first, 'waiting');
  await page.locator('.decide button.approve').focus();
  await page.keyboard.press('Enter');
  await page.locator('.permit').waitFor();
});

const second = await as('sato', 'asks again for the same device, for another purpose', (page) => apply(page, '委員会で資料を見るため。', 20));

await as('suzuki', 'is shown the two answers that differ, and none that do not', async (page) => {
  await openApplication(page, second, 'waiting');
  const rows = page.locator('.differs tbody tr');
  await rows.first().waitFor();
  same(await rows.count(), 2, 'answers that differ');
  await rows.filter({ hasText: '委員会で資料を見るため。' }).getByText('９月議会').waitFor();
  await page.locator('.differs').getByText(first).waitFor();
  await onPhone(page, 'decide-again');
});

await as('tanaka', 'finds nothing that waits for a decided paper, and says so; no service fits a filter that is in the address', async (page) => {
  await page.goto('/applications?view=papers');
  await page.getByText('決裁書類を待つ申請はありません').waitFor();
  await page.goto('/services?state=suspended&class=conf2plus');
  await page.getByText('この条件に当たるサービスはありません').waitFor();
  same(await page.locator('#services-state').inputValue(), 'suspended', 'the state in the filter');
  const href = await page.locator('a[href*="format=xlsx"]').getAttribute('href');
  if (!/state=suspended/.test(href) || !/class=conf2plus/.test(href)) throw new Error(`the sheet is of ${href}`);
  await page.locator('main a[href="/registers/service/import"]').waitFor();
  await onPhone(page, 'services-none');
});

await browser.close();
tap.end();
