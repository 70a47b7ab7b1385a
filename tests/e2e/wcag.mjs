// wcag.mjs - what is wrong with the page that is open: axe-core's rules for WCAG 2.2 A and AA, and what is lost in a narrow window.
//
// Rules   all that axe-core tags wcag2a, wcag2aa, wcag21a, wcag21aa, wcag22aa; none is taken out.
// Reads   E2E_SHOTS (folder; pictures at 1280, 390, and with forced colours)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../../web/package.json', import.meta.url));
const axeSource = readFileSync(createRequire(web).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SHOTS = process.env.E2E_SHOTS;
const SHOWN = 3; // of what breaks one rule
/** A telephone; and 1280 x 1024 at 400 %. */
const NARROW = [{ width: 390, height: 844 }, { width: 320, height: 256 }];

async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }), TAGS);
  return found.violations.map((v) => {
    const where = v.nodes.slice(0, SHOWN).map((n) => n.target.join(' ')).join(' | ');
    return `${v.id} (${v.impact}): ${v.help}: ${where}${v.nodes.length > SHOWN ? ` and ${v.nodes.length - SHOWN} more` : ''}`;
  });
}

/**
 * WCAG 1.4.10: nothing is cut off and the page does not scroll sideways; a table may, in a frame of its own.
 * WCAG 2.4.11: what stays in place while the page scrolls leaves half of the window to the page.
 */
async function reflow(page, size) {
  await page.setViewportSize(size);
  const found = await page.evaluate(({ width, height }) => {
    const name = (e) => `${e.tagName.toLowerCase()}${e.className ? `.${[...e.classList].join('.')}` : ''}`;
    const style = (e) => getComputedStyle(e);
    const frame = (e) => e.closest('body *') && /auto|scroll/.test(style(e).overflowX) && e.querySelector('table, pre, svg');
    const framed = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (frame(p)) return true; return false; };
    const all = [...document.body.querySelectorAll('*')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1);
    const over = all.filter((e) => e.getBoundingClientRect().right > width + 1 && !framed(e)).map((e) => `${name(e)} reaches to ${Math.round(e.getBoundingClientRect().right)} px`);
    const cut = all
      .filter((e) => /hidden|clip/.test(style(e).overflowX) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && e.textContent.trim() && !framed(e))
      .map((e) => `${name(e)} cuts off ${e.scrollWidth - e.clientWidth} px`);
    const held = all.filter((e) => /sticky|fixed/.test(style(e).position) && !framed(e) && e.getBoundingClientRect().height > height / 2).map((e) => `${name(e)} keeps ${Math.round(e.getBoundingClientRect().height)} of ${height} px`);
    const sideways = document.scrollingElement.scrollWidth > width ? [`the page is ${document.scrollingElement.scrollWidth} px wide`] : [];
    return [...over.slice(0, 3), ...cut.slice(0, 3), ...held, ...sideways];
  }, size);
  return found.map((words) => `at ${size.width} px ${words}`);
}

async function pictures(page, name) {
  const picture = (suffix) => page.screenshot({ path: `${SHOTS}/${name}-${suffix}.png`, fullPage: true });
  await picture('1280');
  await page.emulateMedia({ forcedColors: 'active' });
  await picture('forced');
  await page.emulateMedia({ forcedColors: 'none' });
  const wide = page.viewportSize();
  await page.setViewportSize(NARROW[0]);
  await picture('390');
  await page.setViewportSize(wide);
}

/** Everything that is wrong, in words; nothing is good. */
export async function wrongWith(page, name) {
  if (SHOTS) await pictures(page, name);
  const wide = page.viewportSize();
  const found = await violations(page);
  for (const size of NARROW) found.push(...(await reflow(page, size)));
  await page.setViewportSize(wide);
  return found;
}
