#!/usr/bin/env node
// service.mjs - 外部サービス: from the section's application to the register, through every hand, with clicks and keys only. TAP.
// What E2E_BASE must have: packs/mic-r4 and the people of E2E_ACCOUNTS, by login (run.py). Each screen is looked at on a phone as well.
import { readFileSync } from 'node:fs';
import { launch, onPhone, openApplication } from './browser.mjs';
import { fill, judge, send } from './fill.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

const { forms, judgements } = JSON.parse(readFileSync(new URL('../lib/service_use.json', import.meta.url), 'utf8'));
const NAME = forms['service-use'].service_name;

const tap = new Tap();
const browser = await launch();

const as = turns(tap, browser);

const panel = (page, step) => page.locator('.decide').filter({ has: page.locator(`#${step}-decide`) });
/** The step is over when its panel is gone; the next one may be the same person's. */
async function press(page, step, name) {
  await panel(page, step).getByRole('button', { name, exact: true }).click();
  await page.locator(`#${step}-decide`).waitFor({ state: 'detached' });
}

const number = await as('sato', 'chooses the form, is asked the plain questions, and sees the class that follows', async (page) => {
  await page.locator('nav a[href="/apply"]').click();
  await page.locator('ul.forms').waitFor();
  await onPhone(page, 'forms');
  await page.locator('ul.forms a[href="/apply/service-use"]').click();
  await fill(page, { ...forms['service-use'], service_manager: '山田（産業振興課）', service_deputy: '森（税務課）' });
  await page.locator('.ratings').getByText('機密性２').first().waitFor();
  await onPhone(page, 'apply');
  await send(page);
  await onPhone(page, 'check');
  await page.locator('button.main').click();
  const said = (await page.locator('.receipt-number').textContent()).trim();
  await onPhone(page, 'receipt');
  if (!/^\S+-EXT-R\d+-\d+$/.test(said)) throw new Error(`the number reads ${said}`);
  return said;
});

await as('tanaka', 'cannot finish the first step before it is judged: what stands in the way is said', async (page) => {
  await openApplication(page, number, 'waiting');
  await page.locator('.open-list li').first().waitFor();
  await onPhone(page, 'application');
  await panel(page, 'usage').getByRole('button', { name: '審査を終える', exact: true }).click();
  await page.locator('.decide .summary:focus').waitFor();
});

await as('tanaka', 'judges the usage, line by line; a reason that is missing is asked for', async (page) => {
  await openApplication(page, number, 'waiting');
  await page.locator('.now a[href$="/judge"]').click();
  await page.locator('.criterion-input').first().waitFor();
  const [first] = judgements.usage;
  await judge(page, [{ criterion: first.criterion, result: 'substitute' }]);
  await page.locator('.save-bar button').click();
  await page.locator('.summary:focus').waitFor();
  await onPhone(page, 'judge-missing');
  await judge(page, judgements.usage);
  await page.locator('.save-bar button').click();
  await page.locator('.outline').waitFor();
  same(await page.locator('.open-list').count(), 0, 'things that stand in the way');
  await press(page, 'usage', '審査を終える');
});

for (const [sheet, who] of [['service-provider', "the provider's answers"], ['service-secretariat', 'what the secretariat adds']]) {
  await as('tanaka', `fills in ${who}`, async (page) => {
    await openApplication(page, number, 'waiting');
    await page.locator(`.now a[href$="/sheets/${sheet}"]`).click();
    await fill(page, forms[sheet]);
    await onPhone(page, sheet);
    await send(page);
    // No backup of our own: how it is made was not asked.
    if (sheet === 'service-secretariat') same(await page.locator('.answers dt', { hasText: '本市のバックアップの方法' }).count(), 0, 'questions about our own backup');
    await onPhone(page, `${sheet}-check`);
    await page.locator('button.main').click();
    await page.locator('.outline').waitFor();
  });
}

await as('tanaka', 'judges the conditions of selection and finishes', async (page) => {
  await openApplication(page, number, 'waiting');
  await page.locator('.now a[href$="/judge"]').click();
  await judge(page, judgements.conditions);
  await onPhone(page, 'judge');
  await page.locator('.save-bar button').click();
  await page.locator('.outline').waitFor();
  await press(page, 'conditions', '審査を終える');
});

await as('watanabe', 'selects the service', async (page) => {
  await openApplication(page, number, 'waiting');
  await onPhone(page, 'select');
  await press(page, 'select', '承認');
});

await as('kobayashi', 'judges trust and finishes', async (page) => {
  await openApplication(page, number, 'waiting');
  await page.locator('.now a[href$="/judge"]').click();
  await judge(page, judgements.trust);
  await page.locator('.save-bar button').click();
  await page.locator('.outline').waitFor();
  await press(page, 'trust', '審査を終える');
});

await as('suzuki', 'consents', async (page) => {
  await openApplication(page, number, 'waiting');
  await press(page, 'consent', '同意する');
});

await as('hayashi', 'approves: it is in the register', async (page) => {
  await openApplication(page, number, 'waiting');
  await onPhone(page, 'decide');
  await press(page, 'decide', '承認');
  await page.locator('a[href^="/services/"]').first().click();
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
});

await as('mori', 'of another section finds it in the register, with its manager', async (page) => {
  await page.locator('nav a[href="/may-use"]').click();
  await page.locator('main a[href="/services"]').click();
  await page.locator('tr').filter({ hasText: NAME }).getByText('山田').waitFor();
  await onPhone(page, 'services');
  await page.getByRole('link', { name: NAME }).click();
  await page.locator('.facts').getByText('山田').waitFor();
  await onPhone(page, 'service');
});

await as('yamada', 'its manager has tasks with a date, and closes one with what shows that it is done', async (page) => {
  await page.locator('main a[href="/duties"]').first().click();
  const all = page.locator('.duty');
  await all.first().waitFor();
  const before = await all.count();
  const mine = all.filter({ has: page.locator('summary') }).first(); // others are shown, and not hers to close
  await mine.locator('summary').click();
  await onPhone(page, 'duties');
  await mine.locator('button.main').click();
  await page.locator('.summary:focus').waitFor();
  await mine.locator('textarea').fill('令和8年12月1日、契約書と仕様書を照合した（情政第12号）。');
  await mine.locator('button.main').click();
  await all.nth(before - 1).waitFor({ state: 'detached' });
});

await browser.close();
tap.end();
