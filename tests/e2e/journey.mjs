#!/usr/bin/env node
// journey.mjs - an external service from the question to the disposal, walked by six people in six browsers with the keyboard alone. TAP.
// What E2E_BASE must have: packs/mic-r4, a gate, a test clock (E2E_CLOCK: its file), and the people of E2E_ACCOUNTS, by login (run.py).
import { accounts, launch, open } from './browser.mjs';
import { Keys } from './keys.mjs';
import { same, Tap } from './tap.mjs';
import { after, answersOf, later, NAME, today, use } from './years.mjs';

const { forms, judgements } = use;

const tap = new Tap();
const people = accounts();
const browser = await launch();
const counts = { presses: 0, tabs: 0, kinds: new Set() };
const hands = {};

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
  await line.locator('.may-limit').getByText('機密性２').waitFor();
  await line.getByText('契約書に第28条').waitFor();
  await k.use(line.locator('a[href^="/services/"]'));
  // No gate knows domains yet: the page says so, and does not pretend.
  await page.locator('section[aria-labelledby=enforced] li').filter({ hasText: 'booking.example.jp' }).locator('.hold').first().waitFor();
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
  await page.locator('li[data-kind]').filter({ hasText: NAME }).filter({ hasText: '外部サービスの定期確認を行い、承認を受ける' }).waitFor();
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

/** The manager's own sheet of the case that ends, found from what is due. */
async function fillSheet(k, sheet) {
  await toCase(k, ending);
  await k.use(k.page.locator(`.now a[href$="/sheets/${sheet}"]`));
  await k.fill(answersOf(sheet));
  await k.send();
  await k.page.locator('.outline').waitFor();
}

await turn('yamada', 'tells the users', (k) => fillSheet(k, 'end-notice'));

await turn('suzuki', 'confirms that they were told', async (k) => {
  await toCase(k, ending);
  await decide(k, 'notify', '確認した');
});

await turn('yamada', 'writes what became of the information, the machines and the accounts, each with its paper', (k) => fillSheet(k, 'end-record'));

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
  await k.use(page.locator('main a[href="/services"]'));
  await k.tabTo(page.locator('#services-state'));
  await k.press('ArrowDown');
  k.last = 'an arrow in the list of states';
  await page.waitForURL(/state=approved/);
  await k.tabTo(page.locator('#services-q')); // round the page: the filter keeps the focus
  await k.type('ことり');
  await k.press('Enter');
  k.last = 'Enter in what to find';
  await page.waitForURL(/q=/);
  await page.locator('.empty').waitFor();
  await k.tabTo(page.locator('main form.find button'));
});

await turn('nagai', 'draws a sample of what has ended, and walks the papers from the disposal back to the first question', async (k, page) => {
  await k.use(page.locator('.menu a[href="/audit"]'));
  await page.locator('[data-exception]').first().waitFor();
  await k.one('audit-from', today(-400));
  await k.one('audit-to', today(1));
  await k.use(page.locator('form.period button[type=submit]'));
  await page.waitForURL((url) => url.searchParams.has('from'));
  await k.use(page.locator('[data-population="services-ended"] a'));
  await k.use(page.locator('.audit-rows').getByRole('link', { name: NAME }));
  await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  const sheet = page.locator('section[aria-labelledby=end-sheet]');
  await sheet.getByText('消去証明書 第1042号').waitFor();
  await sheet.locator('.separation').getByText('鈴木').waitFor();
  same(await sheet.locator('ol.criteria > li').count(), 7, 'items of the end-of-use sheet');
  for (const one of [ending, review, number]) {
    await k.use(page.locator('section[aria-labelledby=applications]').getByRole('link', { name: one, exact: true }));
    await page.locator('.outline').waitFor();
    await page.locator('main .timeline li').first().waitFor();
    await k.use(page.locator('main a[href^="/services/"]').first());
    await page.getByRole('heading', { level: 1, name: NAME }).waitFor();
  }
  const proof = page.locator('section[aria-labelledby=events] a.entry-proof').first();
  const [file] = await Promise.all([page.waitForEvent('download'), k.use(proof)]);
  await file.saveAs(`${process.env.E2E_KEEP}/end.tlog-proof`);
});

await browser.close();
console.log(`# ${counts.presses} presses, ${counts.tabs} of Tab`);
tap.end();
