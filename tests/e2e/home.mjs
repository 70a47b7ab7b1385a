#!/usr/bin/env node
// home.mjs - the first page of each role: exactly its menu, what is due and wrong, and 使っていい？ with its three answers. Clicks and keys only. TAP.
// What E2E_BASE must have: packs/mic-r4 and the people of E2E_ACCOUNTS, by login (run.py).
import { launch, onPhone } from './browser.mjs';
import { fill, send } from './fill.mjs';
import { readFileSync } from 'node:fs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

const { forms } = JSON.parse(readFileSync(new URL('../lib/service_use.json', import.meta.url), 'utf8'));
const MENUS = {
  sato: ['ホーム', '自分の申請', '使っていい？'],
  suzuki: ['承認待ち', '自課の一覧', '期限'],
  ono: ['ホーム', '受付', '台帳', '期限', 'インシデント'],
  hayashi: ['承認待ち', '台帳', '期限'],
  nagai: ['ホーム', '台帳'],
  fukuda: ['承認待ち', '台帳', '期限', 'インシデント'],
  tanaka: ['ホーム', '受付', '台帳', '期限', 'インシデント', 'ゲート'],
};
const FOOT = ['不審なこと・紛失の報告', '検索'];
const APPLY_BY = new Date(Date.now() + 3 * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
const NAME = 'つばき施設予約';

const tap = new Tap();
const browser = await launch();

const as = turns(tap, browser);

const texts = async (locator) => (await locator.allTextContents()).map((text) => text.trim());

/** Rows that others add to a menu may stand there as well; a section manager has three and nothing else. */
function holds(got, want, exactly, what) {
  if (exactly) return same(got.join(' '), want.join(' '), what);
  const rest = got.filter((item) => want.includes(item));
  return same(rest.join(' '), want.join(' '), what);
}

for (const [login, menu] of Object.entries(MENUS)) {
  await as(login, 'finds the menu of the post, the foot, and a first page that fits a phone', async (page) => {
    holds(await texts(page.locator('.menu a')), menu, login === 'suzuki' || login === 'sato', 'the menu');
    holds(await texts(page.locator('.foot-menu a')), FOOT, false, 'the foot');
    await page.locator('#home-due').waitFor();
    same(await page.locator('.menu a[aria-current=page]').count(), 1, 'places that say: here');
    await onPhone(page, `home-${login}`);
  });
  tap.fresh();
}

await as('sato', 'has nothing due, and reads when that was found', async (page) => {
  if (!/最終確認 \d\d:\d\d/.test(await page.locator('.nothing').first().textContent())) throw new Error('no time of the check');
});

await as('sato', 'asks for a service that nobody has: it has to be applied for, and the form is one step away', async (page) => {
  await page.locator('#may-q').fill('ことり帳簿');
  await page.locator('#may-q').press('Enter');
  const line = page.locator('li[data-answer=apply]');
  await line.getByText('ことり帳簿').waitFor();
  await onPhone(page, 'may-use-apply');
  await line.getByRole('link', { name: '外部サービス利用申請書（機密性２以上の情報を取り扱う場合）' }).click();
  await page.locator('.topics').waitFor(); // a form of several pages begins with its contents
});

const number = await as('sato', 'applies', async (page) => {
  await page.locator('main a[href="/apply"]').click();
  await page.locator('ul.forms a[href="/apply/service-use"]').click();
  await fill(page, { ...forms['service-use'], service_manager: '山田（産業振興課）', service_deputy: '森（税務課）' });
  await send(page);
  await page.locator('button.main').click();
  return (await page.locator('.receipt-number').textContent()).trim();
});

await as('tanaka', 'finds the case among what is due, opens it from there, and brings a service in that is in use already', async (page) => {
  const row = page.locator('li[data-kind=waiting]').filter({ hasText: number });
  await row.getByRole('link', { name: /開いて対応する/ }).click();
  await page.locator('.outline').waitFor();
  await page.goto('/registers/service/import');
  await page.locator('#f-paste').fill(`サービス名称\t提供会社\t担当課\t管理者氏名\n${NAME}\t(株)みなとデータ\t税務課\t森`);
  await page.locator('#f-transitional_until').fill(APPLY_BY);
  await page.getByRole('button', { name: '確かめる' }).click();
  await page.getByRole('button', { name: 'この内容で取り込む' }).click();
  await page.locator('#import-kept').waitFor();
});

await as('mori', 'of its section may use it; the name is typed in another spelling', async (page) => {
  await page.locator('.menu a[href="/may-use"]').click();
  await page.locator('#may-q').fill('ﾂﾊﾞｷ施設');
  await page.getByRole('button', { name: '調べる' }).click();
  await page.locator('li[data-answer=yes]').getByText(NAME).waitFor();
  await onPhone(page, 'may-use-yes');
});

await as('sato', 'of another section has to apply', async (page) => {
  await page.locator('#may-q').fill(NAME);
  await page.locator('#may-q').press('Enter');
  await page.locator('li[data-answer=apply]').getByText(NAME).waitFor();
});

await as('suzuki', 'suspends it', async (page) => {
  await page.goto('/services');
  await page.getByRole('link', { name: NAME }).click();
  const fold = page.locator('details.panel').filter({ has: page.locator('#f-reason') });
  await fold.locator('summary').click();
  await fold.locator('#f-reason').fill('委託先で事故があったため。');
  await fold.locator('button.main').click();
  await page.locator('.state.bad').first().waitFor();
});

await as('mori', 'is told no, and why', async (page) => {
  await page.locator('#may-q').fill(NAME);
  await page.locator('#may-q').press('Enter');
  await page.locator('li[data-answer=no]').getByText('委託先で事故があったため。').waitFor();
  await onPhone(page, 'may-use-no');
});

await as('ono', 'looks at the charts: each has its numbers as a table', async (page) => {
  await page.locator('main a[href="/overview"]').click();
  await page.locator('.chart').first().waitFor();
  const charts = await page.locator('.chart').count();
  same(await page.locator('.chart svg[role=img] desc').count(), charts, 'descriptions');
  await page.locator('.chart summary').first().click();
  await page.locator('.chart .numbers th').first().waitFor();
  await onPhone(page, 'overview');
});

await browser.close();
tap.end();
