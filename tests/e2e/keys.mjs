// keys.mjs - a person with a keyboard and no mouse: Tab, Enter, Space, arrows, typing. Counts the presses; says where the focus was lost or hidden.
// Reads the page as eyes do (what has the focus, where it stands, what it looks like); runs no script in it and clicks nothing.
import { topicsOf } from './fill.mjs';

const TABS_MAX = 260; // the longest page: forty criteria
const SOON_MS = 3000; // a page that comes takes the focus at once; slow machines get more
const EDGE = 8; // how far around a control its focus mark may reach
const KEYS_MAX = 40; // longer texts are pasted, line by line
const LINE = /^[\x20-\x7e\n]*$/; // what a keyboard types without an input method

export class Keys {
  /** `counts`: shared by all hands of a story. */
  constructor(page, counts) {
    this.page = page;
    this.counts = counts;
    this.last = 'the page was opened';
    this.begun = false;
  }

  async open(path) {
    await this.page.goto(path);
    this.begun = false;
    this.last = `${path} was opened`;
  }

  async press(key, times = 1) {
    for (let n = 0; n < times; n++) await this.page.keyboard.press(key);
    this.counts.presses += times;
  }

  async type(text) {
    if (LINE.test(text) && text.length <= KEYS_MAX) await this.page.keyboard.type(text);
    else for (const [n, line] of text.split('\n').entries()) {
      if (n > 0) await this.page.keyboard.press('Enter');
      await this.page.keyboard.insertText(line);
    }
    this.counts.presses += text.length;
  }

  /** What has the focus is in sight: in the window, marked, and not under the bar at its foot. False while nothing has it. */
  async #inSight() {
    const { page } = this;
    const on = page.locator(':focus');
    const bar = page.locator('.save-bar');
    const boxOf = (locator) => locator.boundingBox({ timeout: 100 }).catch(() => null); // a page that goes on takes both with it
    const [has, marked, inBar, bars] = await Promise.all([on.count(), page.locator(':focus-visible').count(), bar.locator(':focus').count(), bar.count()]);
    if (has === 0) return false;
    const [box, over] = await Promise.all([boxOf(on), bars > 0 && inBar === 0 ? boxOf(bar) : null]);
    const { width, height } = page.viewportSize();
    const wrong = [
      ['is not marked', marked === 0],
      ['is out of sight', box && (box.x + box.width <= 0 || box.y + box.height <= 0 || box.x >= width || box.y >= height)],
      ['is under the bar', box && over && box.y >= over.y],
    ].find(([, is]) => is);
    if (!wrong || (await on.count()) === 0) return box !== null;
    throw new Error(`the focus ${wrong[0]}: ${(await on.allTextContents()).join(' ').trim().slice(0, 60)}, after ${this.last}`);
  }

  /** Tab until `target` has the focus. A page that took the focus away says so here: the first press must not start from nowhere. */
  async tabTo(target, max = TABS_MAX) {
    await target.first().waitFor();
    const here = target.and(this.page.locator(':focus'));
    if (this.begun) await this.page.locator(':focus').waitFor({ timeout: SOON_MS }).catch(() => Promise.reject(new Error(`the focus is lost after ${this.last}`)));
    for (let n = 0, nowhere = 0; n <= max; n++) {
      if ((await here.count()) > 0) {
        await this.#inSight();
        return here;
      }
      await this.press('Tab');
      this.counts.tabs += 1;
      this.begun = true;
      nowhere = (await this.#inSight()) ? 0 : nowhere + 1; // once between the end of the page and its beginning
      if (nowhere > 2) throw new Error(`Tab leads nowhere after ${this.last}`);
    }
    throw new Error(`${max} presses of Tab do not lead to ${target}, after ${this.last}`);
  }

  /** The focus mark of each kind of control changes the picture; looked at once a kind, from outside. */
  async #marked(target) {
    const kind = `${await target.getAttribute('class')} ${await target.getAttribute('type')} ${await target.getAttribute('href').then(Boolean)}`;
    if (this.counts.kinds.has(kind)) return;
    this.counts.kinds.add(kind);
    const one = await target.elementHandle();
    const box = await one.boundingBox();
    const clip = { x: Math.max(0, box.x - EDGE), y: Math.max(0, box.y - EDGE), width: box.width + 2 * EDGE, height: box.height + 2 * EDGE };
    const on = await this.page.screenshot({ clip });
    await this.press('Tab');
    if (Math.abs((await one.boundingBox()).y - box.y) < 1) {
      const off = await this.page.screenshot({ clip });
      if (on.equals(off)) throw new Error(`nothing shows the focus on ${kind}`);
    }
    await this.press('Shift+Tab');
  }

  /** Go there and press it. */
  async use(target, key = 'Enter') {
    const on = await this.tabTo(target);
    await this.#marked(on);
    this.last = `${key} on ${(await on.textContent())?.trim().slice(0, 40) || (await on.getAttribute('id'))}`;
    await this.press(key);
  }

  at(id, rest = '') {
    return this.page.locator(`[id="f-${id}${rest}"]`);
  }

  async #radio(id, choice) {
    const group = this.page.locator(`input[type=radio][name="${id}"]`);
    const other = this.at(id, `-${choice}`);
    const wanted = (await other.count()) > 0 ? other : this.at(id);
    await this.tabTo(group);
    if (await wanted.isChecked()) return;
    await this.press('Space');
    for (let n = await group.count(); n > 0 && !(await wanted.isChecked()); n--) await this.press('ArrowDown');
    if (!(await wanted.isChecked())) throw new Error(`the arrows do not reach ${choice} of ${id}`);
  }

  async #option(id, wanted) {
    const list = await this.tabTo(this.at(id));
    const option = list.locator('option').filter({ hasText: wanted }).first();
    await option.waitFor({ state: 'attached' });
    const value = await option.getAttribute('value');
    for (let n = await list.locator('option').count(); n > 0 && (await list.inputValue()) !== value; n--) await this.press('ArrowDown');
    if ((await list.inputValue()) !== value) throw new Error(`the arrows do not reach ${wanted} of ${id}`);
  }

  async one(id, value) {
    const control = this.at(id);
    await control.waitFor();
    if (Array.isArray(value)) {
      for (const [n, row] of value.entries()) {
        if (n > 0) await this.use(control.getByRole('button', { name: '行を追加する' }));
        for (const [column, cell] of Object.entries(row)) await this.one(`${id}.${n + 1}.${column}`, cell);
      }
      return;
    }
    const kind = await control.getAttribute('type');
    if (kind === 'radio') return void (await this.#radio(id, value));
    if (kind === 'checkbox') {
      for (const choice of value.split(' ')) {
        const other = this.at(id, `-${choice}`);
        await this.use((await other.count()) > 0 ? other : control, 'Space');
      }
      return;
    }
    if ((await this.page.locator(`select[id="f-${id}"]`).count()) > 0) return void (await this.#list(id, value));
    await this.tabTo(control);
    if ((await control.inputValue()) === value) return;
    if (kind === 'date') return void (await this.#date(control, value));
    await this.press('Control+A');
    await this.type(value);
  }

  /** Several countries: the list is opened with an arrow, and each one picked with Enter. */
  async #countries(id, value) {
    for (const country of value.split(' ')) {
      const list = await this.tabTo(this.at(id));
      const option = list.locator(`option[value="${country}"]`);
      await option.waitFor({ state: 'attached' });
      const ids = await list.locator('option').all();
      const values = await Promise.all(ids.map((one) => one.getAttribute('value')));
      await this.press('ArrowDown', 1 + values.indexOf(country));
      await this.press('Enter');
      await option.waitFor({ state: 'detached' });
    }
  }

  /** A value is an id of the pack, or what the list shows. */
  async #list(id, value) {
    if ((await this.page.locator('.countries').filter({ has: this.at(id) }).count()) > 0) return this.#countries(id, value);
    const by = this.at(id).locator(`option[value="${value}"]`);
    await this.at(id).locator('option').nth(1).waitFor({ state: 'attached' });
    await this.#option(id, (await by.count()) > 0 ? (await by.textContent()) : value);
  }

  /** Year, month, day, as the field shows them in Japan. */
  async #date(control, value) {
    await this.type(value.replaceAll('-', ''));
    if ((await control.inputValue()) !== value) throw new Error(`typing ${value} gives ${await control.inputValue()}`);
  }

  /** A form, page by page if it has pages, and left at its contents. */
  async fill(answers) {
    const { page } = this;
    await page.locator('.topics a, form[novalidate] :is(input, textarea, select)').first().waitFor();
    if ((await page.locator('.topics').count()) === 0) {
      for (const [id, value] of Object.entries(answers)) await this.one(id, value);
      return;
    }
    const { order, of } = topicsOf(/\/(?:apply|sheets)\/([a-z0-9-]+)/.exec(page.url())[1]);
    await this.use(page.locator('.topics a').first());
    for (const topic of order) {
      await page.waitForURL((url) => url.searchParams.get('topic') === topic);
      for (const [id, value] of Object.entries(answers)) if ((of[id] ?? order[0]) === topic) await this.one(id, value);
      await this.use(page.locator('form[novalidate] button[type=submit]'));
      await page.locator('.summary li').or(page.locator('.topics')).or(page.locator('h1:focus')).first().waitFor();
      const wrong = await page.locator('.summary li').allTextContents();
      if (wrong.length > 0) throw new Error(`the form says on its page ${topic}: ${wrong.join(' / ')}`);
    }
    await page.locator('.topics').waitFor();
  }

  /** To the check page, and from there away. */
  async send() {
    const { page } = this;
    await this.use(page.locator('form[novalidate] button[type=submit]'));
    await page.locator('.summary, .answers .answer-act').first().waitFor();
    const wrong = await page.locator('.summary li').allTextContents();
    if (wrong.length > 0) throw new Error(`the form says: ${wrong.join(' / ')}`);
    await this.use(page.locator('main button.main'));
  }

  async judge(lines) {
    for (const line of lines) {
      await this.#radio(line.criterion, line.result);
      for (const key of ['reason', 'article', 'document']) {
        const input = this.at(line.criterion, `-${key}`);
        if (line[key] && (await input.isVisible())) await this.one(`${line.criterion}-${key}`, line[key]);
      }
    }
    await this.use(this.page.locator('.save-bar button'));
    await this.page.locator('.outline').waitFor();
  }
}
