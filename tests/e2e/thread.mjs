#!/usr/bin/env node
// thread.mjs - one application, one decision, enforced: with clicks and keys only. TAP.
// What E2E_BASE must have: a form network-connection, a gate that enforces, the three people of E2E_ACCOUNTS.
import { aimAtApprove, clickApprove, enforcedOnScreen } from './approve.mjs';
import { accounts, launch, open, openApplication, signIn, signOut } from './browser.mjs';
import { addGate } from './gates.mjs';
import { changeUntil, revoke } from './later.mjs';
import { same, Tap } from './tap.mjs';

const DEVICE = `試験用ノートパソコン ${Date.now()}`;
const MAC = `02:00:5e:${[16, 8, 0].map((shift) => ((Math.floor(Date.now() / 1000) >> shift) & 0xff).toString(16).padStart(2, '0')).join(':')}`;
const jstDate = (days) => new Date(Date.now() + days * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
const UNTIL = jstDate(7);

const tap = new Tap();
const people = accounts();
const browser = await launch();

async function fillIn(page) {
  await page.locator('#f-device_name').fill(DEVICE);
  await page.locator('#f-mac').fill(MAC.toUpperCase().replaceAll(':', '-'));
  await page.locator('#f-purpose').fill('窓口の臨時増設のため。\n取り扱う情報：機密性２');
  await page.locator('#f-until').fill(UNTIL);
}

async function signInWithoutJavaScript() {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await tap.step('without JavaScript: a wrong password is refused in words, and the name is kept', async () => {
    await page.goto('/sign-in');
    await page.locator('#login').fill(people.staff.login);
    await page.locator('#password').fill('not the password');
    await page.locator('main form button[type=submit]').click();
    await page.locator('.problem[role=alert]').waitFor();
    same(await page.locator('#login').inputValue(), people.staff.login, 'the login name');
    same(await page.locator('#password').inputValue(), '', 'the password field');
  });
  await tap.step('without JavaScript: the page speaks English when asked', async () => {
    await page.locator('button[value=en]').click();
    same(await page.locator('html').getAttribute('lang'), 'en', 'lang of the page');
    same(await page.locator('h1').textContent(), 'Sign in', 'the heading');
    await page.locator('button[value=ja]').click();
  });
  await tap.step('without JavaScript: the right password signs in', async () => {
    await page.locator('#login').fill(people.staff.login);
    await page.locator('#password').fill(people.staff.password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/');
  });
  await context.close();
  tap.fresh();
}

async function errorSummary(page) {
  await tap.step('an empty form: the error summary has the focus', async () => {
    await page.locator('nav a[href^="/apply/"]').click();
    await page.locator('#f-mac').waitFor();
    await page.locator('form[novalidate] button[type=submit]').click();
    await page.locator('.summary:focus').waitFor();
    const links = await page.locator('.summary a').count();
    if (links < 3) throw new Error(`the summary lists ${links} fields, want at least 3`);
  });
  await tap.step('its links lead to the fields, by keyboard', async () => {
    await page.locator('.summary a').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.locator('#f-mac:focus').waitFor();
    same(await page.locator('#f-mac').getAttribute('aria-invalid'), 'true', 'aria-invalid');
  });
}

async function apply(page) {
  await tap.step('the applicant fills in the form and checks the answers', async () => {
    await fillIn(page);
    await page.locator('form[novalidate] button[type=submit]').click();
    await page.locator('.answers').waitFor();
    await page.getByText(MAC, { exact: true }).waitFor(); // the address was tidied
  });
  await tap.step('Back in the browser keeps the answers', async () => {
    await page.goBack();
    same(await page.locator('#f-device_name').inputValue(), DEVICE, 'the device');
    await page.goForward();
    await page.locator('.answers').waitFor();
  });
  return tap.step('the receipt shows the number', async () => {
    await page.locator('button.main').click();
    const number = (await page.locator('.receipt-number').textContent()).trim();
    if (!/^\S+-R\d+-\d+$/.test(number)) throw new Error(`the number reads ${JSON.stringify(number)}`);
    return number;
  });
}

async function approve(number) {
  const { context, page } = await open(browser);
  await tap.step('the section manager finds it among those waiting', async () => {
    await signIn(page, people.section_manager);
    await openApplication(page, number, 'waiting');
    await page.getByText(DEVICE).first().waitFor();
  });
  await tap.step('a rejection without a reason is stopped', async () => {
    await page.locator('.decide .big-acts button.danger').click();
    await page.locator('.because button.danger').click();
    await page.locator('.summary:focus').waitFor();
  });
  await tap.step('one click approves, and the time of enforcement comes onto the screen', async () => {
    await aimAtApprove(page);
    const clicked = await clickApprove(page);
    const enforced = Date.parse(await enforcedOnScreen(page));
    if (!(enforced >= clicked / 1000 - 2000)) throw new Error(`enforced at ${enforced} ms, clicked at ${clicked / 1000} ms`);
    console.log(`# click to kernel: ${Math.round(enforced - clicked / 1000)} ms`);
  });
  await tap.step('each entry of the record offers its proof', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.timeline a[download]').first().click()]);
    if (!/^entry-\d+\.tlog-proof$/.test(download.suggestedFilename())) throw new Error(`the file is called ${download.suggestedFilename()}`);
  });
  await tap.step('the section manager signs out', () => signOut(page));
  await context.close();
}

async function later(number) {
  const { context, page } = await open(browser);
  await tap.step('the section manager extends the permit to 17:15 on another day', async () => {
    await signIn(page, people.section_manager);
    await openApplication(page, number, 'all');
    await changeUntil(page, jstDate(14), '17:15');
  });
  await tap.step('and revokes it: the screen says so, and offers neither again', async () => {
    await revoke(page);
    same(await page.locator('details.later').count(), 0, 'acts that are still offered');
  });
  await context.close();
  tap.fresh();
}

async function gates() {
  const { context, page } = await open(browser);
  await tap.step('the system manager registers a gate and is shown its command once', async () => {
    await signIn(page, people.system_manager, '/gates');
    await page.locator('#f-name').waitFor();
    const name = `試験のゲート ${Date.now()}`;
    await addGate(page, name, 'office', 'eth9');
    await page.locator('.once button').last().click();
    await page.locator('.command').waitFor({ state: 'detached' });
    await page.locator('tr').filter({ hasText: name }).waitFor();
  });
  await context.close();
  tap.fresh();
}

async function thread() {
  const { context, page } = await open(browser);
  await tap.step('the applicant signs in and lands on the page asked for', async () => {
    await signIn(page, people.staff, '/applications?view=mine');
    await page.waitForURL(/view=mine/);
    await page.locator('h1').waitFor();
    same(await page.locator('nav a[href="/gates"]').count(), 0, 'menu entries for gates');
  });
  await errorSummary(page);
  const number = await apply(page);
  await tap.step('the applicant signs out', () => signOut(page));
  await context.close();
  await approve(number);

  const again = await open(browser);
  await tap.step('the applicant sees 施行 in the list', async () => {
    await signIn(again.page, people.staff, '/applications?view=mine');
    const row = again.page.locator('tr').filter({ hasText: number });
    await row.getByText('施行', { exact: false }).first().waitFor();
    if (!/施行 \d\d:\d\d:\d\d/.test(await row.textContent())) throw new Error(`the row reads ${await row.textContent()}`);
  });
  await again.context.close();
  tap.fresh();
  await later(number);
}

try {
  await signInWithoutJavaScript();
  await thread();
  await gates();
} finally {
  await browser.close();
  tap.end();
}
