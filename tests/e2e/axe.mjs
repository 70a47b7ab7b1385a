// axe.mjs - WCAG 2.2 A and AA on every address of the router, in each state it has; nothing is lost at 390 px and at 320 px (400 % of 1280).
//
// Walks   web/src/app/routes.tsx is the list. Each person follows the links of the pages; an address that nobody reached is red.
// States  of the demonstration town, against E2E_BASE: full; wrong (a form sent off empty); waiting (no answer yet); failed (the office answers 500);
//         gone (no network). Of a town without rows, when E2E_STATE is "empty": empty.
// Also    no page asks anything of another origin, and none throws.
// Reads   E2E_BASE, E2E_ACCOUNTS (by login), E2E_BEGIN (an address that a mail might name), E2E_SHOTS (see wcag.mjs),
//         E2E_ONLY (part of a path), E2E_EVERY (every link, not one an address; full only)
import { readFileSync } from 'node:fs';
import { accounts, BASE, launch, open, signIn } from './browser.mjs';
import { wrongWith } from './wcag.mjs';

const EMPTY_TOWN = process.env.E2E_STATE === 'empty';
const EVERY = Boolean(process.env.E2E_EVERY);
const API = /\/api\/v1\/(?!session)/;
const PATIENCE_MS = 60_000;
const DRAWN_MS = 500;
const LOOKED_ROUND = 6; // pages that one person opens only to find links
/** Pages that are not the router's: the address, and what is there. An address without a person is open to all. */
const PLAIN = [
  { path: '/sign-in', what: 'sign-in' },
  { path: '/sign-in', what: 'sign-in after a wrong password', wrong: true },
  { path: '/.none', what: 'an address that nginx refuses' },
];
/** Screens of one address that are quite different. */
const BESIDES = ['/rules/drafts/:id/edit?where='];
/** Forms that may be sent off empty: all of them refuse it. */
const REFUSES_EMPTY = ['/apply/:name', '/report', '/incidents/open', '/registers/:name/add', '/account', '/resets'];

const failure = JSON.stringify({ error: { kind: 'internal', key: 'error.internal', args: [] } });
/** What happens to a question of the page. */
const TROUBLE = {
  waiting: () => {},
  failed: (route) => route.fulfill({ status: 500, contentType: 'application/json', body: failure }),
  gone: (route) => route.abort('internetdisconnected'),
};

/** [{ path: '/services/:id', pattern }] of the router. */
function routes() {
  const source = readFileSync(new URL('../../web/src/app/routes.tsx', import.meta.url), 'utf8');
  const paths = [...source.matchAll(/^\s*(?:\{ )?path: '([^']+)'/gm)].map((m) => m[1]);
  if (paths.length < 20) throw new Error(`only ${paths.length} addresses in routes.tsx: has its form changed?`);
  const part = { ':id': '[0-9a-f-]{36}', ':name': '[a-z0-9_-]+' };
  const pattern = (path, end) => new RegExp(`^${path.replace('?', '\\?').replace(/:(id|name)/g, (p) => part[p])}${end}`);
  return [...paths.map((path) => ({ path, pattern: pattern(path, '$') })), ...BESIDES.map((path) => ({ path, pattern: pattern(path, '') }))];
}

/** Those who see most come first: the others are asked for what is left. */
function people() {
  const first = ['tanaka', 'hayashi', 'sato', 'suzuki', 'nagai'];
  const rank = (login) => (first.indexOf(login) + first.length + 1) % (first.length + 1);
  return Object.values(accounts()).sort((a, b) => rank(a.login) - rank(b.login));
}

/** A browser whose questions are counted: { page, context, asked, foreign, thrown }. */
async function opened(browser) {
  const { context, page } = await open(browser, { viewport: { width: 1280, height: 900 } });
  const seat = { context, page, asked: new Set() };
  page.on('request', (r) => {
    seat.asked.add(r);
    requests += 1;
    if (!r.url().startsWith(`${BASE}/`) && !/^(data|blob):/.test(r.url())) foreign.add(r.url());
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => seat.asked.delete(r));
  page.on('pageerror', (e) => thrown.add(`${new URL(page.url()).pathname}: ${e.message}`));
  return seat;
}

/** What a person waits for: a heading, and nothing more to come. Of a page whose answers are held back: all but the answers. */
async function settled({ page, asked }, heldBack = false) {
  const until = Date.now() + PATIENCE_MS;
  const open = () => [...asked].map((r) => r.url()).filter((url) => !heldBack || !API.test(url));
  await page.locator(heldBack ? 'main h1, .loading' : 'main h1').first().waitFor({ timeout: PATIENCE_MS });
  for (let quiet = 0; quiet < 2; ) {
    if (Date.now() > until) throw new Error(`${page.url()} still waits for ${open().join(' ') || '.loading'}`);
    const loading = await page.evaluate(() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() => told([...document.querySelectorAll('.loading')].some((e) => e.checkVisibility()))))));
    quiet = (heldBack || !loading) && open().length === 0 ? quiet + 1 : 0;
  }
}

async function goTo(seat, path, heldBack = false) {
  seat.asked.clear(); // what the page before asked is no longer waited for
  await seat.page.goto(path, { waitUntil: 'commit' });
  await settled(seat, heldBack);
}

const nameOf = (path, state) => `${path.replace(/^\//, '').replace(/[/:?=]+/g, '-') || 'home'}-${state}`;

/** The page in one state; what is wrong with it. What is gone at a second look was a page still drawing: it is told, not counted. */
async function look(seat, route, state) {
  states.set(state, (states.get(state) ?? new Set()).add(route));
  const first = await wrongWith(seat.page, nameOf(route, state));
  if (first.length === 0) return [];
  await seat.page.waitForTimeout(DRAWN_MS);
  const again = await wrongWith(seat.page, nameOf(route, state));
  for (const words of first.filter((w) => !again.includes(w))) console.log(`# ${route}, ${state}, only at the first look: ${words}`);
  return again.map((words) => `${state}: ${words}`);
}

/** The same address when the answers do not come as they should. */
async function lookInTrouble(seat, path, route) {
  const found = [];
  for (const [state, trouble] of Object.entries(TROUBLE)) {
    await seat.page.route(API, trouble);
    await goTo(seat, path, state === 'waiting');
    found.push(...(await look(seat, route, state)));
    await seat.page.unroute(API);
  }
  return found;
}

/** A form sent off with nothing in it says so. */
async function lookWhenWrong(seat, route) {
  const send = seat.page.locator('main form button[type=submit]').first();
  if (!(await send.count())) return [`wrong: ${route} has no form to send off`];
  await send.click();
  await seat.page.locator('main :is([role=alert], .summary, [aria-invalid=true])').first().waitFor();
  return look(seat, route, 'wrong');
}

/** One person follows links; what a route shows is looked at the first time somebody gets there. */
async function walk(browser, who, all) {
  const seat = await opened(browser);
  const { page } = seat;
  await signIn(page, who);
  await settled(seat);
  const queue = ['/', ...(process.env.E2E_BEGIN ? [process.env.E2E_BEGIN] : []), ...all.map((r) => r.path).filter((p) => !p.includes(':'))];
  const known = new Set(queue);
  let round = 0;
  const wanted = (path) => all.find((r) => r.pattern.test(path) && (EVERY || !seen.has(r.path)));
  while (queue.length > 0 && left(all).length > 0) {
    const at = queue.findIndex((path) => wanted(path));
    const path = queue.splice(Math.max(at, 0), 1)[0];
    const route = all.find((r) => r.pattern.test(path));
    if (!route || (at < 0 && ++round > LOOKED_ROUND)) continue;
    await goTo(seat, path);
    const links = await page.locator('a[href^="/"]').evaluateAll((found) => found.map((a) => new URL(a.href)).map((u) => u.pathname + (u.search.startsWith('?where=') ? u.search : '')));
    for (const href of links) {
      if (!known.has(href)) queue.push(href);
      known.add(href);
    }
    if (!wanted(path) || (await page.locator('.not-here').count()) > 0) continue;
    const problems = await look(seat, route.path, EMPTY_TOWN ? 'empty' : 'full');
    if (!EMPTY_TOWN && !EVERY) {
      if (REFUSES_EMPTY.includes(route.path)) problems.push(...(await lookWhenWrong(seat, route.path)));
      problems.push(...(await lookInTrouble(seat, path, route.path)));
    }
    seen.add(route.path);
    say(problems.length === 0, `${EVERY ? path : route.path} has nothing against WCAG 2.2 A and AA`, [`${path} as ${who.login}`, ...problems]);
  }
  await seat.context.close();
}

async function lookPlain(browser) {
  const seat = await opened(browser);
  const { page } = seat;
  for (const { path, what, wrong } of PLAIN) {
    await page.goto(path);
    if (wrong) {
      await page.locator('#login').fill(people()[0].login);
      await page.locator('#password').fill('ちがう合言葉');
      await page.locator('main form button[type=submit]').click();
      await page.locator('[role=alert]').waitFor();
    }
    await page.locator('main h1').first().waitFor();
    const problems = await look(seat, what, 'plain');
    say(problems.length === 0, `${what} has nothing against WCAG 2.2 A and AA`, problems);
  }
  await seat.context.close();
}

/** Addresses still to be reached. In an empty town no row can be opened: an address with an id is looked at only where there is one. */
const left = (all) => (EVERY ? all : all.filter((r) => !seen.has(r.path) && !(EMPTY_TOWN && r.path.includes(':id'))));

const all = routes().filter((r) => !process.env.E2E_ONLY || r.path.includes(process.env.E2E_ONLY) || r.path === '/');
const seen = new Set();
const states = new Map(); // state -> the addresses that were looked at in it
const foreign = new Set();
const thrown = new Set();
let requests = 0;
const browser = await launch();
console.log('TAP version 13');
let n = 0;
const say = (ok, words, why = []) => {
  console.log(`${ok ? 'ok' : 'not ok'} ${++n} - ${words}`);
  if (ok) return;
  for (const line of why) console.log(`# ${line}`);
  process.exitCode = 1;
};
try {
  await lookPlain(browser);
  for (const who of people()) if (left(all).length > 0) await walk(browser, who, all);
  if (!EVERY) for (const route of left(all)) say(false, `${route.path} was opened by somebody`, ['nobody found a link to it']);
  say(requests > 0 && foreign.size === 0, 'no page asks anything of another origin', [...foreign]);
  say(thrown.size === 0, 'no page throws', [...thrown]);
  const rows = seen.size - all.filter((r) => seen.has(r.path) && !(EMPTY_TOWN && r.path.includes(':id'))).length;
  for (const [state, paths] of states) {
    const of = state === 'wrong' ? REFUSES_EMPTY.length : state === 'plain' ? PLAIN.length : left(all).length + seen.size;
    console.log(`# ${state}: visited ${paths.size} of ${of}${rows && state === 'empty' ? `, ${rows} of them with an id` : ''}`);
  }
  console.log(`# ${requests} requests, all to ${BASE}`);
} catch (e) {
  say(false, 'the walk came to its end', String(e.stack).split('\n'));
}
await browser.close();
console.log(`1..${n}`);
