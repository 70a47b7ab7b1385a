#!/usr/bin/env node
// people.mjs - the two of the secretariat: who holds what, a deputy with dates, a pasted list mended in place, a call answered; clicks and keys only. TAP.
// What E2E_BASE must have: packs/mic-r4 and the people of E2E_ACCOUNTS, by login (run.py). Each screen is looked at on a phone as well.
import { launch, onPhone } from './browser.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

const tap = new Tap();
const browser = await launch();

const as = turns(tap, browser, { keep: true });

const menu = (page, href) => page.locator(`nav a[href="${href}"]`).first().click();
const day = (days) => new Date(Date.now() + days * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);

await as('tanaka', 'sees in 人と役職 which roles nobody holds, and who holds the others', async (page) => {
  await menu(page, '/people');
  await page.locator('#vacant').waitFor();
  await page.locator('section[aria-labelledby=vacant] li').filter({ hasText: '税務課' }).first().waitFor(); // 森 alone works there
  await page.locator('#posts-q').fill('産業部');
  await page.locator('section[aria-labelledby=holders] tbody tr').filter({ hasText: '渡辺' }).waitFor();
  same(await page.locator('section[aria-labelledby=holders] tbody tr').count(), 1, 'people of that department');
  await page.locator('#posts-q').fill('');
  await onPhone(page, 'people');
});

await as('tanaka', 'appoints somebody to the role that stands empty: who, on which order; a second person is awaited', async (page) => {
  await page.locator('section[aria-labelledby=vacant] li').filter({ hasText: '税務課' }).getByRole('link', { name: '担当者を決める' }).click();
  await page.locator('#f-person').waitFor();
  await page.getByRole('button', { name: 'もう一人が確認' }).click();
  await page.locator('.summary:focus').waitFor();
  await onPhone(page, 'appoint');
  await page.locator('#f-person').fill('森');
  await page.locator('[role=option][aria-selected=true]').filter({ hasText: '森' }).waitFor();
  await page.locator('#f-person').press('Enter');
  await page.getByRole('button', { name: '人事異動の発令による。' }).click();
  await page.getByRole('button', { name: 'もう一人が確認' }).click();
  await page.locator('[data-appointments] li').filter({ hasText: '森 →' }).filter({ hasText: '別の人の確認を待っています' }).waitFor();
  await onPhone(page, 'people-asked');
});

await as('fukuda', 'confirms it as CISO; the role is held', async (page) => {
  await menu(page, '/people');
  await page.locator('[data-appointments] li').filter({ hasText: '森 →' }).getByRole('button', { name: '確認する' }).click();
  await page.locator('section[aria-labelledby=holders] tr').filter({ hasText: '森' }).filter({ hasText: '情報セキュリティ管理者' }).waitFor();
  same(await page.locator('[data-appointments]').count(), 0, 'appointments that wait');
  same(await page.locator('section[aria-labelledby=vacant] li').filter({ hasText: '税務課' }).count(), 0, 'empty roles there');
});

await as('tanaka', 'ends that role with a reason: it is empty again, and can be read afterwards', async (page) => {
  await menu(page, '/inbox');
  await page.getByRole('heading', { level: 1, name: '受付' }).waitFor();
  await menu(page, '/people');
  await page.locator('section[aria-labelledby=holders] a', { hasText: /^森/ }).first().click();
  await page.locator('summary', { hasText: '情報セキュリティ管理者' }).click();
  await page.getByRole('button', { name: '退職・異動のため。' }).click();
  await page.getByRole('button', { name: 'この役割を終える' }).click();
  await page.locator('summary', { hasText: '役割の履歴' }).click();
  await page.locator('li', { hasText: '退職・異動のため。' }).waitFor();
  await onPhone(page, 'person-past');
  await menu(page, '/people');
});

await as('tanaka', 'names a deputy for the section manager: the person by two characters, the days by hand', async (page) => {
  await page.locator('section[aria-labelledby=holders] a', { hasText: /^鈴木/ }).click();
  await page.locator('#orphaned').waitFor();
  await onPhone(page, 'person');
  await page.getByRole('button', { name: '代理に決める' }).click();
  await page.locator('.summary:focus').waitFor();
  await page.locator('#f-deputy').fill('産業');
  await page.locator('[role=option]').filter({ hasText: '山田' }).waitFor();
  await onPhone(page, 'person-pick');
  await page.locator('#f-deputy').fill('山田');
  await page.locator('[role=option][aria-selected=true]').filter({ hasText: '山田' }).waitFor();
  await page.locator('#f-deputy').press('Enter');
  same(await page.locator('#f-deputy').inputValue(), '山田（産業振興課）', 'who was picked');
  await page.locator('#f-from').fill(day(0));
  await page.locator('#f-until').fill(day(14));
  await page.getByRole('button', { name: '代理に決める' }).click();
  await page.locator('[data-deputies] li').filter({ hasText: '鈴木 の代理：山田' }).waitFor();
  await onPhone(page, 'person-deputy');
});

await as('suzuki', 'sees the deputy, and ends it early with a reason', async (page) => {
  await menu(page, '/people/deputies');
  const line = page.locator('[data-deputies] li').filter({ hasText: '山田' });
  await line.waitFor();
  await onPhone(page, 'deputies');
  await line.locator('summary').click();
  await line.getByRole('button', { name: '本人が戻った。' }).click();
  await line.getByRole('button', { name: '早めに終える' }).click();
  await page.locator('section[aria-labelledby=deputies] p.empty').waitFor();
});
tap.fresh();

// Ten cells, two of them wrong; what stands there first, and what the mistake says.
const HEAD = ['氏名・窓口', '区分', '時間帯', '連絡の順', '職員（台帳）'];
const CALLED = [
  ['小林（統括責任者）', 'CSIRT', 'いつでも', '一番', '小林'],
  ['福田（CISO）', '最高責任者？', 'いつでも', '2', '福田'],
];

await as('tanaka', 'pastes ten cells with two wrong ones from the clipboard; each is marked where it stands', async (page) => {
  await menu(page, '/registers');
  await page.locator('a[href="/registers/contact"]').click();
  await page.locator('a[href="/registers/contact/import"]').click();
  const box = page.locator('#f-paste');
  await box.fill([HEAD, ...CALLED].map((row) => row.join('\t')).join('\n'));
  await box.press('Control+a');
  await box.press('Control+x');
  await box.press('Control+v');
  await page.locator('[data-mistakes] tbody tr').first().waitFor();
  same(await page.locator('[role=gridcell][aria-invalid=true]').count(), 2, 'wrong cells');
  same(await page.locator('[data-cell=D2]').getAttribute('aria-invalid'), 'true', 'D2');
  same(await page.locator('[data-cell=B3]').getAttribute('aria-invalid'), 'true', 'B3');
  await onPhone(page, 'grid-wrong');
});

await as('tanaka', 'mends them in place with keys, takes one back and does it again, and keeps the list', async (page) => {
  await page.locator('[data-mistakes] button', { hasText: 'D2' }).click();
  await page.locator('[data-cell=D2]:focus').waitFor();
  await page.locator('#grid-said').getByText(/^D2：/).waitFor();
  await page.keyboard.type('1');
  await page.keyboard.press('Enter');
  await page.locator('[data-cell=D3]:focus').waitFor();
  await page.keyboard.press('Control+z');
  await page.locator('[data-cell=D2]', { hasText: '一番' }).waitFor();
  await page.keyboard.press('Control+y');
  await page.locator('[data-cell=D2]', { hasText: /^1$/ }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.locator('[data-cell=B3]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-cell=B3] input').fill('最高情報セキュリティ責任者');
  await page.keyboard.press('Tab');
  await page.locator('[data-cell=C3]:focus').waitFor();
  await page.getByRole('button', { name: 'もう一度確かめる' }).click();
  await page.getByRole('button', { name: 'この内容で取り込む' }).waitFor();
  same(await page.locator('[role=gridcell][aria-invalid=true]').count(), 0, 'wrong cells');
  await onPhone(page, 'grid-clean');
  await page.getByRole('button', { name: 'この内容で取り込む' }).click();
  await page.locator('#import-kept').waitFor();
  await page.getByRole('link', { name: '台帳を見る' }).click();
  await page.locator('tbody tr').filter({ hasText: '福田（CISO）' }).waitFor();
  same(await page.locator('tbody tr').count(), 2, 'contacts');
});
tap.fresh();

await as('mori', 'reports something, so that the inbox has a line', async (page) => {
  await menu(page, '/report');
  await page.locator('#f-what').fill('見慣れない添付ファイルを開いた。');
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.notice.good').waitFor();
});

await as('tanaka', 'finds it in 受付, one button from where it is decided', async (page) => {
  await menu(page, '/inbox');
  const line = page.locator('section[data-group=findings] li').filter({ hasText: '見慣れない添付' });
  await line.waitFor();
  await onPhone(page, 'inbox');
  await line.locator('a.button').click();
  await page.locator('#f-text').filter({ hasText: '見慣れない添付' }).waitFor();
  await page.locator('#f-title').fill('不審な添付ファイル');
  await page.locator('#f-severity').selectOption('high');
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.calls li').filter({ hasText: '小林' }).first().waitFor();
  await page.locator('.calls').getByText(/福田.* を呼びます/).waitFor(); // who is next, and when
  await onPhone(page, 'incident-called');
});

await as('kobayashi', 'was called, and answers with one press', async (page) => {
  await menu(page, '/incidents');
  await page.locator('section[aria-labelledby=alerts]').waitFor();
  await onPhone(page, 'alert');
  await page.locator('section[aria-labelledby=alerts]').getByRole('button', { name: '応答する' }).click();
  await page.locator('section[aria-labelledby=alerts]').waitFor({ state: 'detached' });
  await page.locator('tbody a', { hasText: '不審な添付ファイル' }).click();
  await page.locator('.calls li').filter({ hasText: '応答あり' }).waitFor();
  await onPhone(page, 'incident-answered');
});

await browser.close();
tap.end();
