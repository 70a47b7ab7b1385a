#!/usr/bin/env node
// journey.mjs - an external service from the question to the disposal, walked by six people in six browsers with the keyboard alone. TAP.
// What E2E_BASE must have: packs/mic-r4, a gate, a test clock (E2E_CLOCK: its file), and the people of E2E_ACCOUNTS, by login (run.py).
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { accounts, launch, open } from './browser.mjs';
import { Keys } from './keys.mjs';
import { same, Tap } from './tap.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../lib/${name}.json`, import.meta.url), 'utf8'));
const { forms, judgements } = read('service_use');
const after = read('service_forms');
const NAME = forms['service-use'].service_name;
const DAY_MS = 86_400_000;

const tap = new Tap();
const people = accounts();
const browser = await launch();
const counts = { presses: 0, tabs: 0, kinds: new Set() };
const hands = {};
let ahead = 0; // days that the clock of the house was put forward

const today = (plus = 0) => new Date(Date.now() + 9 * 3_600_000 + (ahead + plus) * DAY_MS).toISOString().slice(0, 10);
const dated = (value) => (Array.isArray(value) ? value.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, dated(v)]))) : value.replace(/^@today([+-]\d+)?$/, (_, n) => today(Number(n ?? 0))));
const answersOf = (form, instead = {}) => ({ ...Object.fromEntries(Object.entries(after.forms[form]).map(([k, v]) => [k, dated(v)])), ...instead });

/** Days pass; whoever was signed in has to sign in again. */
function later(days) {
  ahead += days;
  writeFileSync(`${process.env.E2E_CLOCK}.new`, `@${new Date(Date.now() + ahead * DAY_MS).toISOString()}`);
  renameSync(`${process.env.E2E_CLOCK}.new`, process.env.E2E_CLOCK);
}

/** One turn of one person, in that person's own browser, from the first page on. */
async function turn(login, what, act) {
  return tap.step(`${login}: ${what}`, async () => {
    hands[login] ??= new Keys((await open(browser, { viewport: { width: 1280, height: 900 } })).page, counts);
    const k = hands[login];
    await k.open('/');
    const form = k.page.locator('#login');
    await form.or(k.page.locator('.menu')).first().waitFor();
    if ((await form.count()) > 0) {
      await k.tabTo(form);
      await k.type(people[login].login);
      await k.tabTo(k.page.locator('#password'));
      await k.type(people[login].password);
      await k.press('Enter');
      await k.page.locator('.menu').waitFor();
      k.begun = false; // a page of its own
    }
    return act(k, k.page);
  });
}

const link = (page, name) => page.getByRole('link', { name, exact: typeof name === 'string' });
const button = (page, name) => page.getByRole('button', { name, exact: true });
/** From what is due on the first page to the case. */
async function toCase(k, number) {
  await k.use(link(k.page, new RegExp(`${number}`)).first());
  await k.page.locator('.outline').waitFor();
}
const panel = (page, step) => page.locator('.decide').filter({ has: page.locator(`#${step}-decide`) });
async function decide(k, step, name) {
  await k.use(button(panel(k.page, step), name));
  await k.page.locator(`#${step}-decide`).waitFor({ state: 'detached' });
}

const number = await turn('sato', '使っていい？ in one search: nobody has it yet; the form opens with the name in it; at most 15 questions', async (k, page) => {
  await k.tabTo(page.locator('#may-q'));
  await k.type(NAME);
  await k.press('Enter');
  const line = page.locator('li[data-answer=apply]');
  await line.waitFor();
  await k.use(line.locator('a[href^="/apply/service-use"]'));
  await page.locator('.topics').waitFor();
  const counted = (await page.locator('.topics li > .quiet:not(.state)').allTextContents()).map((text) => Number(/\d+/.exec(text)?.[0] ?? NaN)).reduce((a, b) => a + b, 0);
  if (!(counted >= 10 && counted <= 15)) throw new Error(`the section is asked ${counted} questions`);
  await k.fill({ ...forms['service-use'], use_from: today(), use_until: today(800), service_manager: '山田（産業振興課）', service_deputy: '佐藤（産業振興課）' });
  await k.send();
  return (await page.locator('.receipt-number').textContent()).trim();
});

await turn('tanaka', 'judges the usage line by line', async (k, page) => {
  await toCase(k, number);
  await k.use(page.locator('.now a[href$="/judge"]'));
  await k.judge(judgements.usage);
  await decide(k, 'usage', '審査を終える');
  for (const sheet of ['service-provider', 'service-secretariat']) {
    await k.use(page.locator(`.now a[href$="/sheets/${sheet}"]`));
    await k.fill(forms[sheet]);
    await k.send();
    await page.locator('.outline').waitFor();
  }
  await k.use(page.locator('.now a[href$="/judge"]'));
  await k.judge(judgements.conditions);
  await decide(k, 'conditions', '審査を終える');
});

await turn('hayashi', 'selects nothing yet: it is the department officer\'s turn', async (k, page) => {
  await page.locator('h1').waitFor();
  same(await link(page, new RegExp(number)).count(), 0, 'cases that wait for the approver');
});

await turn('suzuki', 'selects it for the department', async (k, page) => {
  await toCase(k, number);
  await page.locator('.outline').getByText(NAME).waitFor();
  await decide(k, 'select', '承認');
});

await turn('hayashi', 'judges whether the provider can be trusted', async (k, page) => {
  await toCase(k, number);
  await k.use(page.locator('.now a[href$="/judge"]'));
  await k.judge(judgements.trust);
  await decide(k, 'trust', '審査を終える');
});

await turn('suzuki', 'consents for the section', async (k) => {
  await toCase(k, number);
  await decide(k, 'consent', '同意する');
});

await turn('hayashi', 'approves it under a condition with a day, which the office will not let go of', async (k, page) => {
  await toCase(k, number);
  await page.locator('.will').waitFor();
  await k.use(button(page, '条件をつけて承認する'));
  await k.one('decide-condition', '契約書に第28条の確認を添えること。');
  await k.one('decide-condition_due', today(60));
  await k.use(button(page, 'この条件で承認する'));
  await page.locator('#decide-decide').waitFor({ state: 'detached' });
});

await turn('sato', 'asks again: it may be used, up to which information, under which condition; the service says what is open for it, and where', async (k, page) => {
  await k.tabTo(page.locator('#may-q'));
  await k.type(NAME);
  await k.press('Enter');
  const line = page.locator('li[data-answer=yes]');
  await line.getByText('契約書に第28条').waitFor();
  await k.use(line.locator('a[href^="/services/"]'));
  const domain = page.locator('section[aria-labelledby=enforced] li').filter({ hasText: 'booking.example.jp' }).first();
  await domain.waitFor();
});

await turn('yamada', 'the manager shows that the condition was met: the task is closed with words', async (k, page) => {
  await k.use(page.locator('.menu a[href="/duties"], main a[href="/duties"]').first());
  const task = page.locator('.duty').filter({ hasText: '契約書に第28条' });
  await k.use(task.locator('summary'));
  await k.tabTo(task.locator('textarea'));
  await k.type('契約書に確認書を添えた（情政第12号）。');
  await k.use(task.locator('button.main'));
  await task.locator('summary').waitFor({ state: 'detached' });
});
later(330);

const review = await turn('yamada', 'eleven months on: the periodic check is due, and is answered', async (k, page) => {
  await page.locator('#home-due').waitFor();
  await page.locator('li[data-kind]').filter({ hasText: NAME }).first().waitFor();
  await k.use(page.locator('.foot-menu a[href="/apply"]'));
  await k.use(page.locator('ul.forms a[href="/apply/service-review"]'));
  await k.fill(answersOf('service-review', { ext_service: NAME }));
  await k.send();
  return (await page.locator('.receipt-number').textContent()).trim();
});

await turn('tanaka', 'looks at each measure anew', async (k, page) => {
  await toCase(k, review);
  await k.use(page.locator('.now a[href$="/judge"]'));
  await k.judge(after.judgements['service-review.judge']);
  await decide(k, 'judge', '審査を終える');
});

await turn('hayashi', 'approves the check: the next one has its day', async (k, page) => {
  await toCase(k, review);
  await decide(k, 'decide', '承認');
  await k.use(page.locator('.now a[href^="/services/"], a[href^="/services/"]').first());
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
});

const ending = await turn('yamada', 'the use is to end: the plan', async (k, page) => {
  await k.use(page.locator('.foot-menu a[href="/apply"]'));
  await k.use(page.locator('ul.forms a[href="/apply/service-end"]'));
  await k.fill(answersOf('service-end', { ext_service: NAME, owner: '山田（産業振興課）' }));
  await k.send();
  return (await page.locator('.receipt-number').textContent()).trim();
});

await turn('hayashi', 'approves the plan', async (k) => {
  await toCase(k, ending);
  await decide(k, 'plan', '承認');
});

await turn('yamada', 'tells the users, and writes what became of the information, the machines and the accounts', async (k, page) => {
  for (const sheet of ['end-notice', 'end-record']) {
    await k.open('/applications?view=mine');
    await k.use(link(page, ending));
    await page.locator('.outline').waitFor();
    await k.use(page.locator(`a[href$="/sheets/${sheet}"]`).first());
    await k.fill(answersOf(sheet));
    await k.send();
    await page.locator('.outline').waitFor();
  }
});

await turn('suzuki', 'confirms that the users were told', async (k) => {
  await toCase(k, ending);
  await decide(k, 'notify', '確認した');
});

await turn('tanaka', 'checks the seven items, each with what shows it', async (k, page) => {
  await toCase(k, ending);
  await k.use(page.locator('.now a[href$="/judge"]'));
  await k.judge(after.judgements['service-end.evidence'].map((line) => ({ document: '確認書', ...line })));
  await decide(k, 'evidence', '審査を終える');
});

await turn('suzuki', 'as a second person confirms the whole sheet: the service is closed', async (k, page) => {
  await toCase(k, ending);
  await decide(k, 'confirm', '確認した');
});

await turn('sato', 'asks once more: no', async (k, page) => {
  await k.tabTo(page.locator('#may-q'));
  await k.type(NAME);
  await k.press('Enter');
  await page.locator('[data-answer]').filter({ hasText: NAME }).first().waitFor();
  same(await page.locator('li[data-answer=yes]').count(), 0, 'services that may be used');
});

await turn('nagai', 'finds the case among those decided, and walks its papers to the disposal', async (k, page) => {
  await k.use(page.locator('.menu a[href="/audit"]'));
  await k.use(page.locator('[data-population="services-ended"] a').first());
  await k.use(link(page, new RegExp(NAME)).first());
  await page.locator('h1').filter({ hasText: NAME }).waitFor();
});

await browser.close();
tap.note?.(`${counts.presses} presses`);
console.log(`# ${counts.presses} presses, ${counts.tabs} of Tab`);
tap.end();
