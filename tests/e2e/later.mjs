// later.mjs - what the section manager does to a permit later, on the open page of the application; for thread.mjs and tests/net.
const section = (page, field) => page.locator('details.later').filter({ has: page.locator(`#f-${field}`) });

/** Revokes; the reason is a ready phrase. Returns once the screen says that the permit is over. */
export async function revoke(page) {
  const fold = section(page, 'revoke-reason');
  await fold.locator('summary').click();
  await fold.locator('button.chip').first().click();
  await fold.locator('button.danger').click();
  await page.locator('.permit h2 .state.bad').waitFor();
}

/** Gives the permit another end: "2026-11-30", and "17:15" or "" for the end of that day. */
export async function changeUntil(page, date, time = '') {
  const fold = section(page, 'until-reason');
  await fold.locator('summary').click();
  await fold.locator('#f-new-until').fill(date);
  if (time) await fold.locator('#f-new-until-time').fill(time);
  await fold.locator('button.chip').first().click();
  await fold.locator('button.main').click();
  const end = new Date(`${date}T${time || '00:00'}:00+09:00`).getTime() + (time ? 0 : 86_400_000);
  await page.locator(`.outline time[datetime^="${new Date(end).toISOString().slice(0, 19)}"]`).waitFor();
}
