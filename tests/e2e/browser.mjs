// browser.mjs - a person at a browser: signs in, clicks, types. No script is run in the page and no API is called beside it.
//
// Reads   E2E_BASE       https://localhost:8443
//         E2E_ACCOUNTS   path of {"staff":{"login","password"},"section_manager":{…},"system_manager":{…}}
//         E2E_CHROMIUM   /usr/bin/chromium
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

export function launch() {
  return chromium.launch({ executablePath: process.env.E2E_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
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
  await page.goto(view ? `/?view=${view}` : '/');
  await page.getByRole('link', { name: number, exact: true }).click();
  await page.locator('.outline').waitFor();
}
