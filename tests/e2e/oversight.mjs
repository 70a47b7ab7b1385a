#!/usr/bin/env node
// oversight.mjs - the auditor counts, draws the same sample twice and finds a clause without evidence; the system manager sees what is not known. TAP.
// What E2E_BASE must have: packs/mic-r4 and the people of E2E_ACCOUNTS, by login (run.py).
import { readFileSync } from 'node:fs';
import { launch, onPhone } from './browser.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

/** A pack of a clause of a small town is made in seconds. */
const PACK_MS = 60_000;

const tap = new Tap();
const browser = await launch();

const as = turns(tap, browser);

const rows = async (page) => (await page.locator('.audit-rows code').allTextContents()).join(' ');

await as('nagai', 'counts what there was and draws the same sample again with the same seed', async (page) => {
  await page.locator('.menu a[href="/audit"]').click();
  await page.locator('[data-exception]').first().waitFor();
  await page.locator('[data-population="roles-given"] a').click();
  await page.locator('#f-audit-seed').fill('さいころ 3 5');
  await page.locator('#f-audit-size').fill('4');
  await page.locator('form.period button[type=submit]').click();
  await page.locator('.audit-rows > li').nth(3).waitFor();
  const first = await rows(page);
  await page.reload();
  await page.locator('.audit-rows > li').nth(3).waitFor();
  same(await rows(page), first, 'the sample after the page was loaded again');
  same(await page.locator('.audit-rows > li').count(), 4, 'rows');
  const [list] = await Promise.all([page.waitForEvent('download'), page.locator('a[download$=".txt"]').click()]);
  same(list.suggestedFilename(), 'roles-given.txt', 'the list of ids');
  await onPhone(page, 'sample');
});

await as('nagai', 'sees which clauses nothing has shown at work yet', async (page) => {
  await page.locator('.menu a[href="/coverage"]').click();
  await page.locator('.branch').first().waitFor();
  same(await page.locator('.covered > li').first().isVisible(), false, 'a clause before its section is opened');
  await page.locator('.branch > summary').first().click();
  await page.locator('.covered > li').first().waitFor();
  await page.locator('.tabs a[href="/coverage?show=unseen"]').click();
  await page.locator('.covered > li').first().waitFor();
  const said = await page.locator('.covered > li').first().textContent();
  if (!said.includes('証跡なし')) throw new Error(`the first one says ${said}`);
  await onPhone(page, 'coverage');
});

await as('nagai', 'makes an evidence pack of a clause, and is told before what is missing in it', async (page) => {
  await page.locator('.menu a[href="/audit"]').click();
  await page.locator('main a[href="/audit/evidence"]').click();
  await page.locator('#f-id').waitFor();
  const send = page.locator('form[novalidate] button[type=submit]');
  await send.click();
  await page.locator('.summary a[href="#f-id"]').waitFor();
  await page.locator('#f-id').selectOption({ index: 1 });
  await send.click();
  await page.locator('#evidence-before').waitFor();
  await onPhone(page, 'evidence');
  await page.locator('section[aria-labelledby=evidence-before] button').click();
  const [zip] = await Promise.all([page.waitForEvent('download'), page.locator('[data-pack] a[download]').click({ timeout: PACK_MS })]);
  if (!/\.zip$/.test(zip.suggestedFilename())) throw new Error(zip.suggestedFilename());
  same(readFileSync(await zip.path()).subarray(0, 2).toString(), 'PK', 'the first bytes of the pack');
});

await as('tanaka', 'is told what the program cannot see, and has the procedures played', async (page) => {
  await page.locator('.menu a[href="/installation"]').click();
  await page.locator('[data-check="backup"]').waitFor();
  same(await page.locator('[data-check="backup"] .state').textContent(), '不明', 'the backup');
  await page.locator('section[aria-labelledby=people] button').click();
  await page.locator('section[aria-labelledby=people] [role=status] p').waitFor();
  await onPhone(page, 'installation');
});

await as('sato', 'finds none of these', async (page) => {
  for (const path of ['/audit', '/audit/evidence', '/coverage', '/installation']) {
    same(await page.locator(`a[href="${path}"]`).count(), 0, `links to ${path}`);
    await page.goto(path);
    await page.locator('h1').waitFor();
    same(await page.locator('[data-exception], .covered, [data-check]').count(), 0, `what ${path} shows`);
  }
});

await browser.close();
tap.end();
