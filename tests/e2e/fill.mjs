// fill.mjs - a person at a form of the pack: finds each question on the screen and answers it with clicks and keys.
// Answers are spelled as tests/lib/service_use.json spells them; what a screen shows for them (a radio button, a list) it finds out by looking.
import { readFileSync } from 'node:fs';

const at = (page, id, rest = '') => page.locator(`[id="f-${id}${rest}"]`);

/** The first of several choices carries the question's own id. */
async function choose(page, id, choice) {
  const other = at(page, id, `-${choice}`);
  await ((await other.count()) > 0 ? other : at(page, id)).check();
}

async function fillRows(page, id, rows) {
  for (const [n, row] of rows.entries()) {
    if (n > 0) await at(page, id).getByRole('button', { name: '行を追加する' }).click();
    for (const [column, value] of Object.entries(row)) await fillOne(page, `${id}.${n + 1}.${column}`, value);
  }
}

/** A name stands for a person: "山田（産業振興課）" is picked by what the list shows. */
async function fillOne(page, id, value) {
  const control = at(page, id);
  await control.waitFor();
  if (Array.isArray(value)) return fillRows(page, id, value);
  const kind = await control.getAttribute('type');
  if (kind === 'radio' || kind === 'checkbox') {
    for (const choice of value.split(' ')) await choose(page, id, choice);
    return undefined;
  }
  if ((await page.locator(`select[id="f-${id}"]`).count()) === 0) return control.fill(value);
  for (const option of value.includes('（') ? [{ label: value }] : value.split(' ')) await control.selectOption(option);
  return undefined;
}

/** On which page of the form a field stands: what the pack says. Questions of classes.yaml stand on the first. */
export function topicsOf(form) {
  const text = readFileSync(new URL(`../../packs/mic-r4/forms/${form}.yaml`, import.meta.url), 'utf8');
  const pairs = [...text.matchAll(/^ {2}- id: (\S+)\n {4}type: .*\n {4}under: (\S+)$/gm)].map((m) => [m[1], m[2]]);
  return { order: [...(/^topics:\n((?: {2}- id: .*\n)+)/m.exec(text)?.[1] ?? '').matchAll(/id: (\S+)/g)].map((m) => m[1]), of: Object.fromEntries(pairs) };
}

/** A form with a table of contents is filled in page by page, and left at its contents again. */
export async function fill(page, answers) {
  await page.locator('.topics a, form[novalidate] :is(input, textarea, select)').first().waitFor();
  if ((await page.locator('.topics').count()) === 0) {
    for (const [id, value] of Object.entries(answers)) await fillOne(page, id, value);
    return;
  }
  const { order, of } = topicsOf(/\/(?:apply|sheets)\/([a-z0-9-]+)/.exec(page.url())[1]);
  await page.locator('.topics a').first().click();
  for (const topic of order) {
    await page.waitForURL((url) => url.searchParams.get('topic') === topic);
    for (const [id, value] of Object.entries(answers)) if ((of[id] ?? order[0]) === topic) await fillOne(page, id, value);
    await page.locator('form[novalidate] button[type=submit]').click();
    await page.locator('.summary li').or(page.locator('.topics')).or(page.locator('h1:focus')).first().waitFor();
    const wrong = await page.locator('.summary li').allTextContents();
    if (wrong.length > 0) throw new Error(`the form says on its page ${topic}: ${wrong.join(' / ')}`);
  }
  await page.locator('.topics').waitFor();
}

/** 次へ, and then the button on the page with the answers. */
export async function send(page) {
  await page.locator('form[novalidate] button[type=submit]').click();
  await page.locator('.summary, .answers .answer-act').first().waitFor();
  const wrong = await page.locator('.summary li').allTextContents();
  if (wrong.length > 0) throw new Error(`the form says: ${wrong.join(' / ')}`);
}

/** The lines of one step: the result, and what the screen asks for with it. */
export async function judge(page, lines) {
  for (const line of lines) {
    await choose(page, line.criterion, line.result);
    for (const key of ['reason', 'article', 'document']) {
      const input = at(page, line.criterion, `-${key}`);
      if (line[key] && (await input.isVisible())) await input.fill(line[key]);
    }
  }
}
