#!/usr/bin/env node
// manual.mjs - the screens that docs/operations shows are the screens that there are; and their pictures. TAP.
//
// Table    tests/e2e/manual.json: a picture, whose screen it is, how to get there ("at" an address, then "do" what a person does),
//          what is looked at ("of": main, or another part of the page), how much of it the picture shows ("cut": a part of that; not
//          more than "tall" pixels) and what is framed in it ("mark").
// Outline  what a screen reader finds in it (ariaSnapshot), with numbers, dates and ids masked, and of many rows of one shape the first:
//          tests/golden/manual/NAME.txt. A screen that is not its outline any more is red: its picture and its page are older than it.
// Retake   ./test golden manual writes outlines and pictures (docs/operations/ja/img). What a page says beside a picture is not
//          touched: tests/manual.py stays red until somebody has read it.
// Reads    E2E_BASE, E2E_ACCOUNTS (by login), E2E_NOW (what the office's clock shows), E2E_ONLY (part of a name),
//          SEKISHO_GOLDEN=rewrite
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accounts, launch, open, signIn } from './browser.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const OUTLINES = at('tests/golden/manual');
const PICTURES = at('docs/operations/ja/img');
const REWRITE = process.env.SEKISHO_GOLDEN === 'rewrite';
const NOW = process.env.E2E_NOW;
const WIDTH = 1280;
const TALL = 900;
const MANY = 12;
const MASKS = [[/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'ID'], [/\b[0-9a-f]{8,}\b/g, 'HASH'], [/\d[\d,.]*/g, '#'], [/#(?: #)+/g, '#']];

/** "- row …" with the lines below it, as a tree. */
function tree(lines) {
  const top = { depth: -1, line: '', below: [] };
  const open_ = [top];
  for (const line of lines) {
    const node = { depth: line.search(/\S/), line, below: [] };
    while (open_.at(-1).depth >= node.depth) open_.pop();
    open_.at(-1).below.push(node);
    open_.push(node);
  }
  return top;
}

const roleOf = (node) => /^- (\w+)/.exec(node.line.trim())?.[1] ?? '';
const shapeOf = (node) => `${roleOf(node)}(${node.below.map(shapeOf).join()})`;

/** A row's name repeats its cells. Of rows that look alike one is enough, and of the items of a list that is long. */
function told(node) {
  const seen = new Set();
  const many = node.below.length > MANY;
  const below = node.below.filter((child) => {
    const role = roleOf(child);
    if (role !== 'row' && !(many && role === 'listitem')) return true;
    child.line = child.line.replace(/- row .*/, '- row:');
    const shape = shapeOf(child);
    return !seen.has(shape) && seen.add(shape);
  });
  return [...(node.line ? [node.line] : []), ...below.flatMap(told)];
}

async function outline(place) {
  const text = MASKS.reduce((t, [from, to]) => t.replace(from, to), await place.ariaSnapshot());
  return `${told(tree(text.split('\n').filter((line) => line.trim()))).join('\n')}\n`;
}

const deeds = {
  click: (page, where) => page.locator(where).first().click(),
  fill: (page, where, text) => page.locator(where).first().fill(text),
  choose: (page, where, value) => page.locator(where).first().selectOption(value),
  press: (page, key) => page.keyboard.press(key),
  instead: (page, part, other) => page.goto(page.url().replace(part, other)),
  wait: (page, where) => page.locator(where).first().waitFor(),
};

/** Words are there, and nothing is being fetched. */
async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.locator('.loading').first().waitFor({ state: 'hidden' });
}

async function goTo(page, picture) {
  await page.setViewportSize({ width: picture.width ?? WIDTH, height: TALL });
  await page.goto(picture.at);
  await settled(page);
  for (const [deed, ...how] of picture.do ?? []) {
    await deeds[deed](page, ...how);
    await settled(page);
  }
  if (picture.who && page.url().includes('/sign-in')) throw new Error('it has become the page of signing in');
  return page.locator(picture.of ?? 'main').first();
}

/** What is different, by the line. */
function difference(was, is) {
  const [a, b] = [was.split('\n'), is.split('\n')];
  const i = a.findIndex((line, n) => line !== b[n]);
  const n = i < 0 ? a.length : i;
  return `line ${n + 1} was ${JSON.stringify(a[n]?.trim() ?? '(nothing)')}, is ${JSON.stringify(b[n]?.trim() ?? '(nothing)')}`;
}

/** A quarter of the bytes; without pngquant they stay. */
function press(path) {
  spawnSync('pngquant', ['--force', '--strip', '--skip-if-larger', '--output', path, '64', path]);
}

async function take(page, whole, picture) {
  const place = picture.cut ? page.locator(picture.cut).first() : whole;
  for (const one of picture.mark ? await page.locator(picture.mark).all() : [])
    await one.evaluate((e) => { e.style.setProperty('outline', '4px solid #d1001f'); e.style.setProperty('outline-offset', '4px'); });
  const box = await place.boundingBox();
  const air = picture.cut ? 12 : 0;
  const clip = { x: box.x - air, y: box.y - air, width: box.width + 2 * air, height: Math.min(box.height, picture.tall ?? TALL) + 2 * air };
  const path = `${PICTURES}/${picture.name}.png`;
  await page.screenshot({ path: `${path}.new`, type: 'png', fullPage: true, clip, animations: 'disabled', caret: 'hide' });
  renameSync(`${path}.new`, path);
  press(path);
}

const keptOf = (name) => (existsSync(`${OUTLINES}/${name}.txt`) ? readFileSync(`${OUTLINES}/${name}.txt`, 'utf8') : '');

const table = JSON.parse(readFileSync(at('tests/e2e/manual.json'), 'utf8')).pictures.filter((p) => p.name.includes(process.env.E2E_ONLY ?? ''));
const pages = (name) => `docs/operations/*/ where img/${name}.png stands`;
process.env.LANGUAGE = 'ja'; // what the browser itself says, where chromium-l10n is installed
const browser = await launch();
let n = 0;
const say = (ok, words, ...why) => {
  console.log(`${ok ? 'ok' : 'not ok'} ${++n} - ${words}`);
  if (ok) return;
  for (const line of why) console.log(`# ${line}`);
  process.exitCode = 1;
};

async function look(page, picture) {
  const place = await goTo(page, picture);
  const is = await outline(place);
  if (REWRITE) {
    writeFileSync(`${OUTLINES}/${picture.name}.txt`, is);
    await take(page, place, picture);
  }
  const was = keptOf(picture.name);
  say(is === was, `the screen "${picture.name}" is the one of its picture`, `${pages(picture.name)}: the screen has changed since`, difference(was, is), './test golden manual takes it again');
  return [place, is];
}

console.log('TAP version 13');
mkdirSync(OUTLINES, { recursive: true });
mkdirSync(PICTURES, { recursive: true });
for (const who of [...new Set(table.map((p) => p.who))]) {
  const { context, page } = await open(browser, { viewport: { width: WIDTH, height: TALL } });
  try {
    await page.clock.setFixedTime(NOW);
    if (who) {
      await signIn(page, accounts()[who]);
      await settled(page);
    }
    for (const picture of table.filter((p) => p.who === who)) {
      await look(page, picture).then(
        async ([place, is]) => {
          if (picture !== table[0]) return;
          // The control: one word of a screen is another, and the outline knows.
          await page.locator('h1').first().evaluate((e) => e.append('ほか'));
          say((await outline(place)) !== is && difference(is, await outline(place)).includes('ほか'), 'a screen with one more word is another');
        },
        (e) => say(false, `the screen "${picture.name}" opens`, pages(picture.name), ...String(e).split('\n')),
      );
    }
  } catch (e) {
    say(false, `${who || 'nobody'} signs in`, ...String(e).split('\n'));
  }
  await context.close();
}
await browser.close();
console.log(`1..${n}`);
