#!/usr/bin/env node
// approve.mjs - the section manager's click, at a moment that the caller chooses; the rig for "how long from click to gate".
//
//   approve.mjs [application number]
//
// Signs in as the section manager, opens the application of the number given (or of the first line read), prints READY,
// waits for a line, clicks 承認 and prints CLICKED <epoch microseconds>, taken immediately before the click.
// Each further line is the next application's number and begins another round; one browser serves them all. End of input ends.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { accounts, launch, open, openApplication, signIn } from './browser.mjs';

const epochUs = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

export const approveButton = (page) => page.locator('button.approve');

/** The button is there, still and under the pointer: what is left is the click itself. */
export async function aimAtApprove(page) {
  const button = approveButton(page);
  await button.scrollIntoViewIfNeeded();
  await button.hover();
  return button;
}

/** Presses the mouse where it is aimed; gives the moment just before. */
export async function clickApprove(page) {
  const at = epochUs();
  await page.mouse.down();
  await page.mouse.up();
  return at;
}

/** What the screen says of the enforcement, once it says so. */
export async function enforcedOnScreen(page) {
  const line = page.locator('.permit .flow li').filter({ hasText: '施行' }).first();
  await line.waitFor();
  return line.locator('time').getAttribute('datetime');
}

async function main() {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next();
    return done ? null : value.trim();
  };
  const browser = await launch();
  const { page } = await open(browser);
  await signIn(page, accounts().section_manager);
  await page.locator('h1').waitFor();

  for (let number = process.argv[2] ?? (await read()); number; number = await read()) {
    await openApplication(page, number, 'waiting');
    await aimAtApprove(page);
    console.log('READY');
    if ((await read()) === null) break;
    console.log(`CLICKED ${await clickApprove(page)}`);
    await page.locator('.permit').waitFor();
  }
  await browser.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
