// turns.mjs - one person after the other at the screens of a story; each step is a line of its TAP.
import { accounts, open, signIn } from './browser.mjs';

const DESK = { viewport: { width: 1280, height: 900 } };

/** as(login, what, act): act(page, context) when that person is signed in. keep: they stay so until the story ends; else each turn begins
 *  with a browser of its own, which is closed behind it. */
export function turns(tap, browser, { keep = false } = {}) {
  const people = accounts();
  const desks = new Map();

  async function sitDown(login) {
    const desk = await open(browser, DESK);
    try {
      await signIn(desk.page, people[login]);
      await desk.page.locator('nav').first().waitFor();
      await desk.page.locator('h1').first().waitFor();
    } catch (e) {
      await desk.context.close();
      throw e;
    }
    return desk;
  }

  return (login, what, act) =>
    tap.step(`${login}: ${what}`, async () => {
      const desk = desks.get(login) ?? (await sitDown(login));
      if (keep) desks.set(login, desk);
      try {
        return await act(desk.page, desk.context);
      } finally {
        if (!keep) await desk.context.close();
      }
    });
}
