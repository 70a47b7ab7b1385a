#!/usr/bin/env node
// nojs.mjs - without JavaScript: signing in, and deciding by the link of a mail, in three clicks. Clicks and keys only. TAP.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accounts, launch, onPhone, open, signIn, signOut } from './browser.mjs';
import { same, Tap } from './tap.mjs';

const jstDate = (days) => new Date(Date.now() + days * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
let macs = Math.floor(Date.now() / 1000) & 0xffffff;

const tap = new Tap();
const people = accounts();
const browser = await launch();

/** Filing wants the screens: a person with a browser of today. Gives the number. */
async function file(purpose) {
  const { context, page } = await open(browser);
  await signIn(page, people.sato);
  await page.goto('/apply/network-connection');
  macs += 1;
  await page.locator('#f-device_name').fill('出張用ノートパソコン');
  await page.locator('#f-mac').fill(`02:00:6f:${[16, 8, 0].map((s) => ((macs >> s) & 0xff).toString(16).padStart(2, '0')).join(':')}`);
  await page.locator('#f-purpose').fill(purpose);
  await page.locator('#f-until').fill(jstDate(10));
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.answers').waitFor();
  await page.locator('button.main').click();
  const number = (await page.locator('.receipt-number').textContent()).trim();
  await context.close();
  return number;
}

/** Where the mail about a case leads, by the notice that the courier wrote down (tests/api/sinks.py reads the link in a real mail). */
async function linkOf(number) {
  const log = join(dirname(process.env.E2E_ACCOUNTS), 'log/notices.log');
  for (let tries = 0; tries < 150; tries++) {
    const line = readFileSync(log, 'utf8').split('\n').findLast((l) => l.includes(number) && l.includes('notice.waiting'));
    const ref = line && / ref="([0-9a-f-]{36})"/.exec(line);
    if (ref) return `/decide/${ref[1]}`;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no notice names ${number}`);
}

/** A browser that runs no script; its person counts what they press. */
async function plain() {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  let clicks = 0;
  return {
    context,
    page,
    follow: async (path) => {
      clicks += 1;
      await page.goto(path);
    },
    press: async (locator) => {
      clicks += 1;
      await locator.click();
    },
    clicks: () => clicks,
  };
}

const fillIn = async (page, { login, password }) => {
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
};
const button = (page, name) => page.getByRole('button', { name, exact: true });

const first = await tap.step('an application is filed, and the decider is sent a link', async () => {
  const number = await file('議場で資料を見る。');
  return { number, link: await linkOf(number) };
});

await tap.step('a wrong password is said on the page, and the login is kept', async () => {
  const one = await plain();
  await one.follow('/sign-in');
  await fillIn(one.page, { login: people.suzuki.login, password: 'そうではない' });
  await one.press(one.page.locator('main form button'));
  await one.page.getByText('ログイン名またはパスワードが違います').waitFor();
  same(await one.page.locator('#login').inputValue(), people.suzuki.login, 'the login');
  await onPhone(one.page, 'sign-in-wrong');
  await one.context.close();
});

await tap.step('link, sign-in, approve: three clicks', async () => {
  const one = await plain();
  await one.follow(first.link);
  await fillIn(one.page, people.suzuki);
  await one.press(one.page.locator('main form button'));
  await one.page.getByText('議場で資料を見る。').waitFor();
  await onPhone(one.page, 'decide');
  await one.press(button(one.page, '承認'));
  await one.page.getByRole('heading', { name: '判断を記録しました' }).waitFor();
  same(one.clicks(), 3, 'clicks');
  await one.page.getByText('「承認」としました').waitFor();
  await one.page.getByText('申請は承認されました').waitFor();
  await one.page.getByText('あなたの判断を待っている申請は、ほかにありません。').waitFor();
  await onPhone(one.page, 'decided');
  await one.context.close();
});

await tap.step('a return without a reason is refused on the page, in words, with what was typed', async () => {
  const number = await file('ほかの用途。');
  const next = await file('そのあとの件。');
  const link = await linkOf(number);
  const one = await plain();
  await one.follow(link);
  await fillIn(one.page, people.suzuki);
  await one.press(one.page.locator('main form button'));
  await one.press(button(one.page, '差戻し'));
  await one.page.locator('[role=alert]').getByText('理由').waitFor();
  same(await one.page.locator('#reason').getAttribute('aria-invalid'), 'true', 'the field is marked');
  await onPhone(one.page, 'decide-missing');
  await one.page.locator('#reason').fill('期間を見直してください。\n三日で足ります。');
  await one.press(button(one.page, '差戻し'));
  await one.page.getByText('申請は申請者に戻りました').waitFor();
  await one.page.getByRole('link', { name: `次を開く：${next}（佐藤）` }).waitFor();
  await onPhone(one.page, 'decided-next');
  await one.press(one.page.getByRole('link', { name: `次を開く：${next}（佐藤）` }));
  await button(one.page, '却下').waitFor();
  await one.context.close();
});

await tap.step('who has nothing to decide reads who decided', async () => {
  const one = await plain();
  await one.follow(first.link);
  await fillIn(one.page, people.tanaka);
  await one.press(one.page.locator('main form button'));
  await one.page.getByText('鈴木（情報セキュリティ管理者').waitFor();
  same(await button(one.page, '承認').count(), 0, 'buttons');
  await onPhone(one.page, 'decide-stranger');
  await button(one.page, 'サインアウト').click();
  await one.page.getByText('サインアウトしました').waitFor();
  await one.context.close();
});

tap.end();
await browser.close();
