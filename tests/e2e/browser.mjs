// browser.mjs - a person at a browser: signs in, clicks, types. No script is run in the page and no API is called beside it.
//
// Reads   E2E_BASE       https://localhost:8443
//         E2E_ACCOUNTS   path of {"staff":{"login","password"},"section_manager":{…},"system_manager":{…}}; service.mjs: by login
//         E2E_SHOTS      folder for pictures, if wanted
//         E2E_CHROMIUM   /usr/bin/chromium-headless-shell; the same engine without a window of its own costs half the processor
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../../web/package.json', import.meta.url));
const { chromium } = createRequire(web)('playwright-core');

export const BASE = process.env.E2E_BASE ?? 'https://localhost:8443';
const WAIT_MS = 15_000;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export function accounts() {
  const path = process.env.E2E_ACCOUNTS;
  if (!path) throw new Error('E2E_ACCOUNTS names no file; see the head of tests/e2e/browser.mjs');
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** A browser that speaks Japanese: a day is typed year first. */
export function launch() {
  return chromium.launch({ executablePath: process.env.E2E_CHROMIUM ?? '/usr/bin/chromium-headless-shell', headless: true, args: [...FLAGS, '--lang=ja'], env: { ...process.env, LANGUAGE: 'ja' } });
}

/** A fresh person: no cookie of another. The certificate of a test install is its own. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ baseURL: BASE, ignoreHTTPSErrors: true, locale: 'ja-JP', timezoneId: 'Asia/Tokyo', ...options });
  context.setDefaultTimeout(WAIT_MS);
  return { context, page: await context.newPage() };
}

export async function signIn(page, { login, password }, at = '/') {
  await page.goto(at);
  await page.waitForURL(/\/sign-in/);
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('main form button[type=submit]').click();
}

export async function signOut(page) {
  await page.locator('form[action="/sign-out"] button').click();
  await page.locator('a[href="/sign-in"]').waitFor();
}

/** From the list to one application, as a manager would: the number is a link. */
export async function openApplication(page, number, view) {
  await page.goto(view ? `/applications?view=${view}` : '/applications');
  await page.getByRole('link', { name: number, exact: true }).click();
  await page.locator('.outline').waitFor();
}

export const NARROW = { width: 390, height: 844 };
const BOXES = 'header, header *, main, main > *, main form > *, main :is(table, fieldset, select, input, textarea, button, summary, dd, li)';

/** Every element of the page ends within its width; measured from outside, by the boxes that the browser reports. */
export async function fits(page, what, width = NARROW.width) {
  for (const part of await page.locator(BOXES).all()) {
    const box = (await part.isVisible()) && (await part.boundingBox()); // what is folded away keeps the boxes of the wide page
    if (box && box.x + box.width > width + 1) throw new Error(`${what}: something reaches to ${Math.round(box.x + box.width)} px`);
  }
}

/** The same page on a phone, and back. With E2E_SHOTS=folder both are kept as pictures, for people. */
export async function onPhone(page, what) {
  const wide = page.viewportSize();
  const shots = process.env.E2E_SHOTS;
  if (shots) await page.screenshot({ path: `${shots}/${what}-wide.png`, fullPage: true });
  await page.setViewportSize(NARROW);
  await fits(page, what);
  if (shots) await page.screenshot({ path: `${shots}/${what}-narrow.png`, fullPage: true });
  await page.setViewportSize(wide);
}
