#!/usr/bin/env node
// gates.mjs - the system manager registers a gate on the screen and reads the one-time code from it.
//
//   gates.mjs NAME ZONE LAN      prints: CODE <code>
import { fileURLToPath } from 'node:url';
import { accounts, launch, open, signIn } from './browser.mjs';

export async function addGate(page, name, zone, lan) {
  await page.goto('/gates');
  await page.locator('#f-name').fill(name);
  await page.locator('#f-zone').fill(zone);
  await page.locator('#f-lan').fill(lan);
  await page.locator('form[novalidate] button[type=submit]').click();
  const command = await page.locator('.command').textContent();
  const found = /^sudo sekisho-gate enrol (\S+)$/.exec(command.trim());
  if (!found) throw new Error(`the command reads ${JSON.stringify(command)}`);
  return found[1];
}

async function main([name, zone, lan]) {
  const browser = await launch();
  const { page } = await open(browser);
  await signIn(page, accounts().system_manager, '/gates');
  console.log(`CODE ${await addGate(page, name, zone, lan)}`);
  await browser.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
