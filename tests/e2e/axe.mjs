// axe.mjs - WCAG 2.2 A and AA on every address of the router, in each state it has; and nothing is lost at 320 px (400 % of 1280) and 390 px.
//
// Walks   web/src/app/routes.tsx is the list. Each person follows the links of the pages; an address that nobody reached is red.
// States  full (the demonstration town) and failed (the office answers 500), against E2E_BASE; empty, when E2E_STATE is "empty".
// Rules   all that axe-core tags wcag2a, wcag2aa, wcag21a, wcag21aa, wcag22aa; none is taken out.
// Reads   E2E_BASE, E2E_ACCOUNTS (by login), E2E_SHOTS (folder; pictures at 1280, 390 and with forced colours), E2E_ONLY (part of a path)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { accounts, launch, open, signIn } from './browser.mjs';

const ROOT = new URL('../../', import.meta.url);
const axeSource = readFileSync(createRequire(fileURLToPath(new URL('web/package.json', ROOT))).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const EMPTY_TOWN = process.env.E2E_STATE === 'empty';
const SHOTS = process.env.E2E_SHOTS;
const PLAIN = ['/sign-in'];
const LOOKED_ROUND = 6; // pages that one person opens only to find links

/** [{ path: '/services/:id', pattern }] of the router. */
function routes() {
  const source = readFileSync(new URL('web/src/app/routes.tsx', ROOT), 'utf8');
  const paths = [...source.matchAll(/^\s*(?:\{ )?path: '([^']+)'/gm)].map((m) => m[1]);
  if (paths.length < 20) throw new Error(`only ${paths.length} addresses in routes.tsx: has its form changed?`);
  const part = { ':id': '[0-9a-f-]{36}', ':name': '[a-z0-9_-]+' };
  return paths.map((path) => ({ path, pattern: new RegExp(`^${path.replace(/:(id|name)/g, (p) => part[p])}$`) }));
}

/** Words are there, and nothing is being fetched: what a person waits for. */
async function settled(page) {
  await page.locator('main h1, .card h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.locator('.loading').first().waitFor({ state: 'detached', timeout: 5000 }).catch(() => {});
}

async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), TAGS);
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}${v.nodes.length > 3 ? ` and ${v.nodes.length - 3} more` : ''}`);
}

/** WCAG 1.4.10: at this width nothing is cut off and the page does not scroll sideways. What has a scroll bar of its own may be wider inside. */
async function reflow(page, width) {
  const wide = page.viewportSize();
  await page.setViewportSize({ width, height: 800 });
  const over = await page.evaluate((w) => {
    const scrolls = (e) => e !== document.body && e !== document.documentElement && /auto|scroll/.test(getComputedStyle(e).overflowX);
    const inside = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (scrolls(p)) return true; return false; };
    const seen = [...document.body.querySelectorAll('*')].filter((e) => e.checkVisibility() && !inside(e) && e.getBoundingClientRect().right > w + 1 && e.getBoundingClientRect().width > 1);
    return seen.slice(0, 3).map((e) => `${e.tagName.toLowerCase()}.${e.className} reaches to ${Math.round(e.getBoundingClientRect().right)} px`);
  }, width);
  await page.setViewportSize(wide);
  return over.map((words) => `at ${width} px ${words}`);
}

async function pictures(page, name) {
  if (!SHOTS) return;
  const wide = page.viewportSize();
  await page.screenshot({ path: `${SHOTS}/${name}-1280.png`, fullPage: true });
  await page.emulateMedia({ forcedColors: 'active' });
  await page.screenshot({ path: `${SHOTS}/${name}-forced.png`, fullPage: true });
  await page.emulateMedia({ forcedColors: 'none' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${SHOTS}/${name}-390.png`, fullPage: true });
  await page.setViewportSize(wide);
}

/** Those who see most come first: the others are asked for what is left. */
function people() {
  const first = ['tanaka', 'hayashi', 'sato', 'suzuki', 'nagai'];
  const rank = (login) => (first.indexOf(login) + first.length + 1) % (first.length + 1);
  return Object.values(accounts()).sort((a, b) => rank(a.login) - rank(b.login));
}

const nameOf = (path, state) => `${path.replace(/^\//, '').replace(/[/:]+/g, '-') || 'home'}-${state}`;

/** Everything that is wrong with the page that is open. */
async function look(page, route, state) {
  const there = await settled(page).then(() => null, () => `${state}: the page shows no heading within 15 s`);
  if (there) return [there];
  await pictures(page, nameOf(route, state));
  return [...(await violations(page)), ...(await reflow(page, 390)), ...(await reflow(page, 320))].map((words) => `${state}: ${words}`);
}

/** One person follows links; what a route shows is looked at the first time somebody gets there. */
async function walk(browser, who, all, seen) {
  const { context, page } = await open(browser, { viewport: { width: 1280, height: 900 } });
  await signIn(page, who);
  await settled(page);
  const queue = ['/', ...all.map((r) => r.path).filter((p) => !p.includes(':'))];
  const known = new Set(queue);
  let round = 0;
  const wanted = (path) => all.find((r) => r.pattern.test(path) && !seen.has(r.path));
  while (queue.length > 0 && seen.size < all.length) {
    const at = queue.findIndex((path) => wanted(path));
    const path = queue.splice(Math.max(at, 0), 1)[0];
    const route = all.find((r) => r.pattern.test(path));
    if (!route || (at < 0 && ++round > LOOKED_ROUND)) continue;
    await page.goto(path);
    await settled(page).catch(() => {});
    for (const href of await page.locator('a[href^="/"]').evaluateAll((links) => links.map((a) => new URL(a.href).pathname))) {
      if (!known.has(href)) queue.push(href);
      known.add(href);
    }
    if (!wanted(path) || (await page.locator('.not-here').count()) > 0) continue;
    const state = EMPTY_TOWN ? 'empty' : 'full';
    const problems = await look(page, route.path, state);
    const states = new Set([state]);
    if (!EMPTY_TOWN) {
      states.add('failed');
      await page.route(/\/api\/v1\/(?!session)/, (r) => r.fulfill({ status: 500, contentType: 'application/json', body: '{"error":{"kind":"internal","key":"error.internal","args":[]}}' }));
      await page.goto(path);
      problems.push(...(await look(page, route.path, 'failed')));
      await page.unroute(/\/api\/v1\/(?!session)/);
    }
    seen.set(route.path, { states });
    say(problems.length === 0, `${route.path} has nothing against WCAG 2.2 A and AA (${[...states].join(', ')}; 1280, 390 and 320 px)`, [`${path} as ${who.login}`, ...problems]);
  }
  await context.close();
}

const all = routes().filter((r) => !process.env.E2E_ONLY || r.path.includes(process.env.E2E_ONLY) || r.path === '/');
const seen = new Map();
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
  const { context, page } = await open(browser, { viewport: { width: 1280, height: 900 } });
  for (const path of PLAIN) {
    await page.goto(path);
    const problems = await look(page, path, 'plain');
    say(problems.length === 0, `${path} has nothing against WCAG 2.2 A and AA`, problems);
  }
  await context.close();
  for (const who of people()) await walk(browser, who, all, seen);
  // In an empty town no row can be opened: only addresses without an id are asked for.
  const asked = EMPTY_TOWN ? all.filter((r) => !r.path.includes(':id')) : all;
  for (const route of asked.filter((r) => !seen.has(r.path))) say(false, `${route.path} was opened by somebody`, ['nobody found a link to it']);
  console.log(`# visited ${asked.filter((r) => seen.has(r.path)).length} of ${asked.length} addresses`);
} catch (e) {
  say(false, 'the walk came to its end', String(e.stack).split('\n'));
}
await browser.close();
console.log(`1..${n}`);
