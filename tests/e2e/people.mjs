#!/usr/bin/env node
// people.mjs - the two of the secretariat: who holds what, a deputy with dates, a pasted list mended in place, a call answered; clicks and keys only. TAP.
// What E2E_BASE must have: packs/mic-r4 and the people of E2E_ACCOUNTS, by login (run.py). Each screen is looked at on a phone as well.
import { accounts, launch, onPhone, open, signIn } from './browser.mjs';
import { same, Tap } from './tap.mjs';

const tap = new Tap();
const people = accounts();
const browser = await launch();
const desks = new Map();

/** One person's turn; each keeps a browser of their own. */
async function as(login, what, act) {
  return tap.step(`${login}: ${what}`, async () => {
    if (!desks.has(login)) {
      const { page } = await open(browser, { viewport: { width: 1280, height: 900 } });
      await signIn(page, people[login]);
      await page.locator('nav').first().waitFor();
      desks.set(login, page);
    }
    return act(desks.get(login));
  });
}

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

await as('tanaka', 'names a deputy for the section manager: the person by two characters, the days by hand', async (page) => {
  await page.locator('section[aria-labelledby=holders] a', { hasText: '鈴木' }).click();
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
});

await browser.close();
tap.end();
