#!/usr/bin/env node
// home_load.mjs - how long the first page takes to show its two lists, in a browser that has nothing yet. For tests/bench/home.py.
//
//   home_load.mjs LOGIN TIMES      prints one line a load: milliseconds from the address to the lists, bytes that came over the wire
import { accounts, launch, open, signIn } from '../e2e/browser.mjs';

const [login, times] = process.argv.slice(2);
const browser = await launch();
const { context, page } = await open(browser);
await signIn(page, accounts()[login]);
await page.locator('#home-due').waitFor();
const storageState = await context.storageState();
await context.close();
for (let n = 0; n < Number(times); n++) {
  const fresh = await open(browser, { storageState });
  let bytes = 0;
  fresh.page.on('requestfinished', async (request) => {
    const sizes = await request.sizes().catch(() => null);
    bytes += sizes ? sizes.responseBodySize + sizes.responseHeadersSize : 0;
  });
  const begin = performance.now();
  await fresh.page.goto('/', { waitUntil: 'commit' });
  await fresh.page.locator('#home-due').waitFor();
  const ms = performance.now() - begin;
  await fresh.page.waitForLoadState('load');
  console.log(`${ms.toFixed(0)} ${bytes}`);
  await fresh.context.close();
}
await browser.close();
