// fill.mjs - a person at a form of the pack: finds each question on the screen and answers it with clicks and keys.
// Answers are spelled as tests/lib/service_use.json spells them; what a screen shows for them (a radio button, a list) it finds out by looking.
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

export async function fill(page, answers) {
  for (const [id, value] of Object.entries(answers)) await fillOne(page, id, value);
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
