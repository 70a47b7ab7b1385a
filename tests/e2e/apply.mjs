#!/usr/bin/env node
// apply.mjs - nothing that was typed is lost: drafts through a closed browser, two tabs, a cable pulled and a session that ran out; an earlier
// application as the beginning; a decided paper with its PDF. Clicks and keys only. TAP. (journey.mjs applies by keyboard alone.)
// What E2E_BASE must have: packs/mic-r4 with a decided paper before network-connection's decision, and the people of E2E_ACCOUNTS (run.py).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accounts, launch, onPhone, openApplication } from './browser.mjs';
import { fill, judge, send } from './fill.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';

const { forms, judgements } = JSON.parse(readFileSync(new URL('../lib/service_use.json', import.meta.url), 'utf8'));
const USE = { ...forms['service-use'], service_manager: '山田（産業振興課）', service_deputy: '森（税務課）' };
const PDF = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n';
const SLOW_MS = 2500; // a draft is on its way for so long
const REASON = '端末の管理番号が台帳と合いません。台帳を確かめてから、もう一度出してください。';
const jstDate = (days) => new Date(Date.now() + 9 * 3600_000 + days * 86_400_000).toISOString().slice(0, 10);

const tap = new Tap();
const people = accounts();
const browser = await launch();
const dir = mkdtempSync(join(tmpdir(), 'sekisho-apply-'));

const as = turns(tap, browser);

const field = (page, id) => page.locator(`[id="f-${id}"]`);
const shownSaved = (page) => page.locator('.keeping').getByText('下書きを保存しました').waitFor();
/** The act, and what it leads to is kept by the office: an older "saved" does not count. */
async function saved(page, act) {
  await Promise.all([page.waitForResponse((r) => r.url().includes('/api/v1/drafts') && r.request().method() === 'POST' && r.ok()), act()]);
  await shownSaved(page);
}
const next = (page) => page.locator('form[novalidate] button[type=submit]').click();
const topic = (page, name) => page.locator('.topics a', { hasText: name }).click();

async function toForm(page) {
  await page.locator('nav a[href="/apply"]').first().click();
  await page.locator('ul.forms a[href="/apply/service-use"]').click();
}

await as('sato', 'is shown four topics, and at each question an example and the rule; what is missing takes the focus and leads to its field', async (page) => {
  await toForm(page);
  await page.locator('.topics').waitFor();
  same(await page.locator('.topics li').count(), 4, 'topics');
  await topic(page, 'サービス');
  await field(page, 'service_name').waitFor();
  const asked = await page.locator('form[novalidate] .field').count();
  same(await page.locator('form[novalidate] .field .hint.sample').count(), asked, 'questions with an example');
  same(await page.locator('form[novalidate] .field .hint.rule').count(), asked, 'questions with their rule');
  await next(page);
  await page.locator('.summary:focus').waitFor();
  await page.locator('.summary a').nth(1).press('Enter');
  await page.locator('[id="f-provider_name"]:focus').waitFor();
  await onPhone(page, 'apply-problems');
  await field(page, 'service_name').fill(USE.service_name);
  await saved(page, () => field(page, 'provider_name').fill(USE.provider_name));
});

await as('sato', 'comes back in another browser: the draft is offered, in my applications as well, and goes on where it was', async (page) => {
  await page.goto('/applications?view=mine');
  await page.getByText('書きかけの下書き').first().waitFor();
  await page.locator('.drafts li').filter({ hasText: USE.service_name }).waitFor();
  await toForm(page);
  await page.locator('.drafts li').filter({ hasText: USE.service_name }).getByRole('button', { name: /続きを書く/ }).click();
  await topic(page, 'サービス');
  same(await field(page, 'provider_name').inputValue(), USE.provider_name, 'what was typed before');
});

await as('sato', 'has it open twice: the older one is told when the newer was saved, keeps what was typed, and takes or overwrites it', async (page, context) => {
  await toForm(page);
  await page.getByRole('button', { name: /続きを書く/ }).first().click();
  await topic(page, 'サービス');
  const other = await context.newPage();
  await other.goto(page.url());
  await saved(other, () => field(other, 'provider_name').fill('別の画面の事業者'));
  await field(page, 'service_name').fill('この画面の名前');
  const notice = page.locator('.keeping-notice');
  await notice.getByText(/別の画面で \d+:\d\d に保存されています/).waitFor();
  same(await field(page, 'service_name').inputValue(), 'この画面の名前', 'what was typed here');
  await onPhone(page, 'apply-moved');
  await notice.getByRole('button', { name: 'あとで保存された内容を開く' }).click();
  await shownSaved(page);
  same(await field(page, 'provider_name').inputValue(), '別の画面の事業者', 'what the other one saved');
  await saved(page, () => field(page, 'provider_name').fill(USE.provider_name));
  await field(other, 'service_name').fill('あとの画面の名前');
  await saved(other, () => other.locator('.keeping-notice').getByRole('button', { name: 'この画面の内容で保存する' }).click());
  await other.reload();
  same(await field(other, 'provider_name').inputValue(), '別の画面の事業者', 'what this page kept');
});

const number = await as('sato', 'loses the line: it is said, what was typed stays, also through a closed page, and is saved when the line is back; sent, it is in the list', async (page, context) => {
  await toForm(page);
  await page.getByRole('button', { name: /続きを書く/ }).first().click();
  await topic(page, 'サービス');
  await field(page, 'service_name').waitFor();
  await context.setOffline(true);
  await field(page, 'service_name').fill(`${USE.service_name}（線が切れた間）`);
  const notice = page.locator('.keeping-notice');
  await notice.getByText('このパソコンに控えてあります').waitFor();
  await onPhone(page, 'apply-offline');
  await context.setOffline(false);
  await saved(page, () => notice.getByRole('button').click());
  await page.reload();
  same(await field(page, 'service_name').inputValue(), `${USE.service_name}（線が切れた間）`, 'what the office has');
  await page.locator('form[novalidate] .quiet-link').click();
  await fill(page, USE);
  await send(page);
  await onPhone(page, 'apply-check');
  await page.locator('.answers').getByText(USE.business).waitFor();
  await page.locator('button.main').click();
  const said = (await page.locator('.receipt-number').textContent()).trim();
  await page.goto('/applications?view=mine');
  await page.locator('tbody tr').filter({ hasText: said }).waitFor();
  same(await page.locator('.drafts li').count(), 0, 'drafts that are left');
  return said;
});

await as('sato', 'begins the next one from the last: dates are not copied, and the check page marks what differs', async (page) => {
  await toForm(page);
  await page.locator('details.previous > summary').click();
  await page.locator('.previous li').filter({ hasText: number }).getByRole('button', { name: /この内容を写す/ }).click();
  await page.locator('.previous .said').getByText(number).waitFor();
  await fill(page, { business: '別の施設の予約の受付。', use_from: USE.use_from, use_until: '2027-03-30' });
  await send(page);
  await page.getByText(`${number} の内容と比べて、違うところは 2 項目です`).waitFor();
  same(await page.locator('.answers .differs').count(), 2, 'marks');
  await onPhone(page, 'apply-differs');
});
tap.fresh();

await as('tanaka', 'types half a judgement and leaves: it is there again', async (page) => {
  await openApplication(page, number, 'waiting');
  await page.locator('.now a[href$="/judge"]').click();
  await page.locator('.criterion-input').first().waitFor();
  const [first] = judgements.usage;
  await judge(page, [{ ...first, result: 'substitute', reason: '途中まで書いた理由' }]);
  await page.locator('.save-bar').getByRole('link', { name: 'やめる' }).click();
  await page.locator('.now a[href$="/judge"]').click();
  await page.locator(`[id="f-${first.criterion}-reason"]`).waitFor();
  same(await page.locator(`[id="f-${first.criterion}-reason"]`).inputValue(), '途中まで書いた理由', 'the reason');
  await page.reload();
  same(await page.locator(`[id="f-${first.criterion}-reason"]`).inputValue(), '途中まで書いた理由', 'the reason, loaded anew');
});
tap.fresh();

const connection = await as('sato', 'asks to connect a device while its draft is slow to be saved: sent, no draft is left', async (page) => {
  await page.route('**/api/v1/drafts', async (route) => {
    if (route.request().method() === 'POST') await new Promise((done) => setTimeout(done, SLOW_MS));
    await route.continue();
  });
  await page.goto('/apply/network-connection');
  const answers = { user: '佐藤', device_name: '出張用ノート', mac: '02:00:5e:10:00:79', purpose: '議会の答弁資料を見るため。', information: '予算要求書' };
  for (const [id, text] of Object.entries(answers)) await field(page, id).fill(text);
  const draft = (r) => r.url().endsWith('/api/v1/drafts') && r.method() === 'POST';
  const arrived = page.waitForResponse((r) => draft(r.request()));
  await Promise.all([page.waitForRequest(draft), field(page, 'until').fill(jstDate(10))]);
  await next(page);
  await page.locator('.answers').waitFor();
  await page.locator('button.main').click();
  const said = (await page.locator('.receipt-number').textContent()).trim();
  await arrived;
  await page.goto('/apply/network-connection');
  await field(page, 'user').waitFor(); // not: there is a draft, will you go on with it?
  return said;
});

await as('tanaka', 'enters what was decided on paper, with its PDF; without number, day and name it is stopped', async (page) => {
  writeFileSync(join(dir, '決裁.pdf'), PDF);
  await openApplication(page, connection, 'waiting');
  const panel = page.locator('.decide');
  await panel.locator('#f-paper-scan').setInputFiles(join(dir, '決裁.pdf'));
  await panel.getByText('決裁.pdf').waitFor();
  await panel.locator('.big-acts button').first().click();
  await panel.locator('.summary:focus').waitFor();
  await field(page, 'paper-document').fill('産振第12号');
  await field(page, 'paper-decided_on').fill(jstDate(-1));
  await field(page, 'paper-authority').fill('産業部長');
  await onPhone(page, 'paper-enter');
  await panel.locator('.big-acts button').first().click();
  await panel.waitFor({ state: 'detached' });
});

await as('hayashi', 'reads what was entered and the PDF, byte for byte, and confirms it', async (page) => {
  await openApplication(page, connection, 'waiting');
  await page.locator('.decide .paper').getByText('産振第12号').waitFor();
  await page.locator('details > summary').filter({ hasText: '書面とファイル' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '決裁.pdf' }).click()]);
  await file.saveAs(join(dir, 'back.pdf'));
  same(readFileSync(join(dir, 'back.pdf')).toString(), PDF, 'the PDF');
  await onPhone(page, 'paper-confirm');
  await page.locator('.decide .big-acts button').first().click();
  await page.locator('.decide').waitFor({ state: 'detached' });
});

await as('suzuki', 'writes a long reason while the session runs out: signed in again, it is there, and is sent', async (page, context) => {
  await openApplication(page, connection, 'waiting');
  await page.getByRole('button', { name: '差戻し', exact: true }).click();
  await page.locator('.because textarea').fill(REASON);
  await context.clearCookies();
  await page.getByRole('button', { name: 'この理由で差し戻す' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.locator('#login').fill(people.suzuki.login);
  await page.locator('#password').fill(people.suzuki.password);
  await page.locator('main form button[type=submit]').click();
  await page.locator('.because textarea').waitFor();
  same(await page.locator('.because textarea').inputValue(), REASON, 'the reason');
  await page.getByRole('button', { name: 'この理由で差し戻す' }).click();
  await page.locator('.decide').waitFor({ state: 'detached' });
  await page.locator('.step-reason, .lines').filter({ hasText: REASON }).first().waitFor();
});

await browser.close();
rmSync(dir, { recursive: true, force: true });
tap.end();
