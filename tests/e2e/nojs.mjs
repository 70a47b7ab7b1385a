#!/usr/bin/env node
// nojs.mjs - without JavaScript: signing in, with a code where the pack asks for one, and deciding by the link of a mail in three clicks.
// Then, with the screens: a forgotten password, set anew by two people. Clicks and keys only. Each page is looked at as axe.mjs does. TAP.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accounts, fits, launch, NARROW, open, signIn } from './browser.mjs';
import { same, Tap } from './tap.mjs';
import { wrongWith } from './wcag.mjs';

const jstDate = (days) => new Date(Date.now() + days * 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10);
let macs = Math.floor(Date.now() / 1000) & 0xffffff;

const looked = new Set();
const wrong = [];
let reader;

/** A page whose scripts do not run cannot be read by axe: the same words are shown to a browser that runs them. */
async function readable(page) {
  if (await page.locator('#root').count()) return page; // one of the screens
  reader ??= (await open(browser, { viewport: { width: 1280, height: 900 } })).page;
  const body = await page.content();
  await reader.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await reader.goto(page.url());
  await reader.unroute(page.url());
  return reader;
}

/** Nothing of the page is lost on a telephone, nor anything against WCAG; what is wrong is told at the end. */
async function onPhone(page, what) {
  const wide = page.viewportSize();
  await page.setViewportSize(NARROW);
  await fits(page, what);
  await page.setViewportSize(wide);
  looked.add(what);
  wrong.push(...(await wrongWith(await readable(page), what)).map((words) => `${what}: ${words}`));
}

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

/** What the app on a telephone would show: RFC 6238 of the key that the page spells out. */
function totp(key, steps = 0) {
  const bits = [...key.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', secret).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
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

const enter = async (page, who, at = '/') => {
  await page.goto(`/sign-in?next=${at}`);
  await fillIn(page, who);
  await page.locator('main form button').click();
};
const typeCode = async (page, code) => {
  await page.locator('#code').fill(code);
  await page.locator('main form button').click();
};

const kept = await tap.step('the system manager sets up an authenticator, and keeps ten codes', async () => {
  const one = await plain();
  await enter(one.page, people.tanaka, first.link);
  await one.page.getByRole('heading', { name: '認証アプリの登録' }).waitFor();
  await one.page.locator('summary').click();
  const key = (await one.page.locator('.secret').textContent()).trim();
  same(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/.test(key), true, 'the key in groups of four');
  const picture = await one.page.locator('img.qr').boundingBox();
  same(picture.width > 200 && picture.height > 200, true, 'the picture is there');
  await onPhone(one.page, 'totp');
  await typeCode(one.page, '000000');
  await one.page.locator('[role=alert]').getByText('コードが違います').waitFor();
  await typeCode(one.page, totp(key, -1));
  await one.page.getByRole('heading', { name: '回復コードを控えてください' }).waitFor();
  const codes = await one.page.locator('.codes code').allTextContents();
  same(codes.length, 10, 'codes');
  await onPhone(one.page, 'totp-codes');
  await one.page.getByRole('link', { name: '控えたので先へ進む' }).click();
  await one.page.getByText('鈴木（情報セキュリティ管理者').waitFor();
  await one.context.close();
  return { key, codes };
});

await tap.step('from then on a code is asked for, and none is taken twice', async () => {
  const one = await plain();
  const code = totp(kept.key);
  await enter(one.page, people.tanaka, first.link);
  await one.page.getByRole('heading', { name: '認証コードの入力' }).waitFor();
  await onPhone(one.page, 'code');
  await typeCode(one.page, code);
  await one.page.getByText('鈴木（情報セキュリティ管理者').waitFor();
  const two = await plain();
  await enter(two.page, people.tanaka);
  await typeCode(two.page, code);
  await two.page.locator('[role=alert]').getByText('もう使われています').waitFor();
  await typeCode(two.page, kept.codes[0].toUpperCase().replaceAll('-', ' '));
  await two.page.waitForURL((url) => url.pathname === '/');
  await one.context.close();
  await two.context.close();
});

await tap.step('who has nothing to decide reads who decided', async () => {
  const one = await plain();
  await one.follow(first.link);
  await fillIn(one.page, people.sato);
  await one.press(one.page.locator('main form button'));
  await one.page.getByText('鈴木（情報セキュリティ管理者').waitFor();
  same(await button(one.page, '承認').count(), 0, 'buttons');
  await onPhone(one.page, 'decide-stranger');
  await button(one.page, 'サインアウト').click();
  await one.page.getByText('サインアウトしました').waitFor();
  await onPhone(one.page, 'signed-out');
  await one.context.close();
});

const code = await tap.step('two people reset a password: one asks, the other is shown a code', async () => {
  const asking = await open(browser);
  await enter(asking.page, people.tanaka, '/resets');
  await typeCode(asking.page, kept.codes[1]);
  await asking.page.getByRole('heading', { name: 'パスワードの再設定', exact: true }).waitFor();
  await asking.page.getByLabel('氏名・所属で絞り込む').fill('佐藤');
  await asking.page.locator('#f-person').selectOption({ label: '佐藤（産業振興課）' });
  await asking.page.locator('#f-reason').fill('窓口に来て、職員証で確かめた。');
  await onPhone(asking.page, 'resets-ask');
  await asking.page.getByRole('button', { name: '申し込む' }).click();
  await asking.page.getByText('別の人の確認を待っています').waitFor();
  same(await asking.page.getByRole('button', { name: '確認してコードを出す' }).count(), 0, 'buttons to confirm one\'s own asking');
  await asking.context.close();

  const other = await open(browser);
  await enter(other.page, people.ueda, '/resets');
  await other.page.locator('summary').click();
  await typeCode(other.page, totp((await other.page.locator('.secret').textContent()).trim()));
  await other.page.getByRole('link', { name: '控えたので先へ進む' }).click();
  await other.page.getByRole('button', { name: '確認してコードを出す' }).click();
  const given = (await other.page.locator('.one-time').textContent()).trim();
  await onPhone(other.page, 'resets-code');
  await other.context.close();
  return given;
});

await tap.step('with it the person signs in, and has to choose a password', async () => {
  const one = await plain();
  await enter(one.page, { login: people.sato.login, password: code }, first.link);
  await one.page.getByRole('heading', { name: '新しいパスワードの設定' }).waitFor();
  await one.page.locator('#new').fill('短い');
  await one.page.locator('#again').fill('短い');
  await one.page.locator('main form button').click();
  await one.page.locator('[role=alert]').getByText('12文字以上').waitFor();
  await onPhone(one.page, 'choose');
  await one.page.locator('#new').fill('わたしだけが知る長い合言葉');
  await one.page.locator('#again').fill('わたしだけが知る長い合言葉');
  await one.page.locator('main form button').click();
  await one.page.getByText('鈴木（情報セキュリティ管理者').waitFor();
  await one.context.close();
});

await tap.step('one\'s own password is changed on its screen', async () => {
  const { context, page } = await open(browser);
  await enter(page, { login: people.sato.login, password: 'わたしだけが知る長い合言葉' }, '/account');
  await page.locator('#f-old').fill('ちがう');
  await page.locator('#f-new').fill('さらに別の長い合言葉です');
  await page.locator('#f-again').fill('さらに別の長い合言葉です');
  await button(page, 'パスワードを変える').click();
  await page.getByText('今のパスワードが違います').first().waitFor();
  await page.locator('#f-old').fill('わたしだけが知る長い合言葉');
  await button(page, 'パスワードを変える').click();
  await page.getByText('パスワードを変えました').waitFor();
  await onPhone(page, 'account');
  await context.close();
});

await tap.step('a case that is not there is said on a page of its own', async () => {
  const one = await plain();
  await enter(one.page, people.suzuki, '/decide/00000000-0000-7000-8000-000000000000');
  await one.page.getByRole('link', { name: '最初の画面へ' }).waitFor();
  await onPhone(one.page, 'not-found');
  await one.context.close();
});

tap.fresh();
await tap.step(`${looked.size} plain pages have nothing against WCAG 2.2 A and AA`, async () => {
  if (wrong.length > 0 || looked.size < 14) throw new Error([`${looked.size} pages`, ...wrong].join('\n'));
});

tap.end();
await browser.close();
