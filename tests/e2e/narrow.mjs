#!/usr/bin/env node
// narrow.mjs - a phone of 390 px and no mouse: sign in, apply by keyboard alone, nothing scrolls sideways. TAP.
import { accounts, fits, launch, open } from './browser.mjs';
import { Tap } from './tap.mjs';

const jstDate = (days) => new Date(Date.now() + days * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
const MAC = `02:00:5d:${[16, 8, 0].map((shift) => ((Math.floor(Date.now() / 1000) >> shift) & 0xff).toString(16).padStart(2, '0')).join(':')}`;

const tap = new Tap();
const people = accounts();
const browser = await launch();
const { page } = await open(browser, { viewport: { width: 390, height: 844 } });

/** Tab until the element has the focus; a page that cannot be walked with Tab is red. */
async function tabTo(locator, what) {
  for (let i = 0; i < 60; i++) {
    if (await locator.and(page.locator(':focus')).count()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${what}`);
}

await tap.step('sign-in by keyboard at 390 px', async () => {
  await page.goto('/sign-in');
  await fits(page, 'sign-in');
  await tabTo(page.locator('#login'), 'the login field');
  await page.keyboard.type(people.staff.login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(people.staff.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
  await page.locator('.menu').waitFor();
  await fits(page, 'the list');
});

await tap.step('the form is opened and filled in by keyboard', async () => {
  await tabTo(page.locator('nav a[href^="/apply/"]'), 'the foot');
  await page.keyboard.press('Enter');
  await page.locator('#f-mac').waitFor();
  await fits(page, 'the form');
  for (const [id, text] of [['device_name', '巡回用の端末'], ['mac', MAC], ['purpose', '巡回先で記録を入力するため。']]) {
    await tabTo(page.locator(`#f-${id}`), id);
    await page.keyboard.type(text);
  }
  await tabTo(page.locator('#f-until'), 'the date');
  await page.locator('#f-until').fill(jstDate(3)); // how a date field takes keys depends on the browser's language
});

await tap.step('checked and sent by keyboard', async () => {
  await tabTo(page.locator('form[novalidate] button[type=submit]'), 'the button');
  await page.keyboard.press('Enter');
  await page.locator('.answers').waitFor();
  await fits(page, 'the answers');
  await tabTo(page.locator('button.main'), 'the send button');
  await page.keyboard.press('Enter');
  await page.locator('.receipt-number').waitFor();
  await fits(page, 'the receipt');
});

await tap.step('one application at 390 px', async () => {
  await tabTo(page.locator('a.button.main'), 'the link to the application');
  await page.keyboard.press('Enter');
  await page.locator('.outline').waitFor();
  await fits(page, 'the application');
});

await browser.close();
tap.end();
