#!/usr/bin/env node
// weekly.mjs - two of the ten weekly jobs (requirements.md §5.3): 6, nothing becomes approved with a hole in it, and the register is the set of valid
// approvals; 7, nothing passes its day unseen, and nothing is closed while an item of X6 lacks evidence. Clicks and keys only. TAP.
// What E2E_BASE must have: packs/mic-r4, a test clock (E2E_CLOCK: its file), and the people of E2E_ACCOUNTS, by login (run.py).
import { launch, openApplication } from './browser.mjs';
import { fill, judge, send } from './fill.mjs';
import { same, Tap } from './tap.mjs';
import { turns } from './turns.mjs';
import { after, answersOf, later, NAME, today, use } from './years.mjs';

const { forms, judgements } = use;
const SERVICE = `${NAME}（${forms['service-use'].provider_name}）`;
const DUE = { review: '外部サービスの定期確認を行い、承認を受ける', certificate: '認証・報告書の更新を確かめ、新しいものを台帳に入れる' };
const USE = { ...forms['service-use'], use_from: today(), use_until: today(900), service_manager: '山田（産業振興課）', service_deputy: '佐藤（産業振興課）' };

const tap = new Tap();
const browser = await launch();

const as = turns(tap, browser);

const panel = (page, step) => page.locator('.decide').filter({ has: page.locator(`#${step}-decide`) });
async function press(page, step, name) {
  await panel(page, step).getByRole('button', { name, exact: true }).click();
  await page.locator(`#${step}-decide`).waitFor({ state: 'detached' });
}
const submit = (page) => page.locator('form[novalidate] button[type=submit]').click();
const save = (page) => page.locator('.save-bar button').click();

/** What is said at the top leads to the field, and the field says it, too. */
async function refusedAt(page, ...fields) {
  await page.locator('.summary').waitFor();
  for (const field of fields) {
    await page.locator(`.summary a[href="#f-${field}"]`).waitFor();
    const at = page.locator(`[id="f-${field}"]`);
    const said = (await at.getAttribute('aria-describedby')) ?? '';
    if ((await at.getAttribute('aria-invalid')) !== 'true' && !/problem|error/.test(said)) throw new Error(`${field} does not say that it is wrong`);
  }
}

const judgeable = async (page, number) => {
  await openApplication(page, number, 'waiting');
  await page.locator('.now a[href$="/judge"]').click();
  await page.locator('.criterion-input').first().waitFor();
};

/** The register lists exactly what was approved and has not ended. */
async function registerHas(page, names) {
  await page.goto('/services?state=approved');
  await page.locator('.count').waitFor();
  const listed = await page.locator('main tbody th a, main tbody td a[href^="/services/"]').allTextContents();
  same(listed.map((name) => name.trim()).sort().join(' | '), names.join(' | '), 'the register');
}

const number = await as('sato', 'cannot apply without naming a service manager: the field says so', async (page) => {
  await page.goto('/apply/service-use');
  const { service_manager: manager, service_deputy: deputy, ...rest } = USE;
  const refusal = await fill(page, rest).catch((e) => e);
  if (!/people/.test(String(refusal))) throw new Error(`without a manager: ${refusal}`);
  await refusedAt(page, 'service_manager');
  await page.locator('#f-service_manager').selectOption({ label: manager });
  await page.locator('#f-service_deputy').selectOption({ label: deputy });
  await submit(page);
  await page.locator('.topics').waitFor();
  await send(page);
  await page.locator('button.main').click();
  return (await page.locator('.receipt-number').textContent()).trim();
});

await as('tanaka', 'judges the usage, and takes in the two sheets', async (page) => {
  await judgeable(page, number);
  await judge(page, judgements.usage);
  await save(page);
  await page.locator('.outline').waitFor();
  await press(page, 'usage', '審査を終える');
  for (const [sheet, instead] of [['service-provider', { certificates: [{ ...forms['service-provider'].certificates[0], valid_until: today(200) }] }], ['service-secretariat', {}]]) {
    await page.locator(`.now a[href$="/sheets/${sheet}"]`).click();
    await fill(page, { ...forms[sheet], ...instead });
    await send(page);
    await page.locator('button.main').click();
    await page.locator('.outline').waitFor();
  }
});

const HOLE = 'condition-purpose';
const HOLE_TEXT = '提供者は、本市の情報を本市の目的以外に使わない';
const NOT_HERE = 'sub-conditions';
await as('tanaka', '"not applicable" without a reason is refused at its field; a must that nobody judged is named, and the step does not end', async (page) => {
  await judgeable(page, number);
  await judge(page, [{ criterion: NOT_HERE, result: 'not-applicable' }]);
  await save(page);
  await refusedAt(page, `${NOT_HERE}-reason`);
  await judge(page, [...judgements.conditions.filter((line) => line.criterion !== HOLE && line.criterion !== NOT_HERE), { criterion: NOT_HERE, result: 'not-applicable', reason: '再委託はない。' }]);
  await save(page);
  await page.locator('.outline').waitFor();
  await panel(page, 'conditions').getByRole('button', { name: '審査を終える', exact: true }).click();
  await panel(page, 'conditions').locator('.summary:focus').waitFor();
  same(await page.locator('.open-list .open-items > li').count(), 1, 'what stands in the way');
  await page.locator('.open-list .open-items > li').getByText(HOLE_TEXT).waitFor();
});

for (const who of ['suzuki', 'hayashi'])
  await as(who, 'is not asked to decide it, and the register does not have it', async (page) => {
    await page.goto('/applications?view=waiting');
    await page.locator('h1').waitFor();
    await page.locator('.empty, .nothing, tbody').first().waitFor();
    same(await page.getByRole('link', { name: number, exact: true }).count(), 0, 'cases that wait');
    await registerHas(page, []);
  });

await as('tanaka', 'judges what was left, and ends the step', async (page) => {
  await judgeable(page, number);
  await judge(page, judgements.conditions.filter((line) => line.criterion === HOLE));
  await save(page);
  await page.locator('.outline').waitFor();
  await press(page, 'conditions', '審査を終える');
});

await as('suzuki', 'selects it', async (page) => {
  await openApplication(page, number, 'waiting');
  await press(page, 'select', '承認');
});

await as('hayashi', 'judges trust', async (page) => {
  await judgeable(page, number);
  await judge(page, judgements.trust);
  await save(page);
  await page.locator('.outline').waitFor();
  await press(page, 'trust', '審査を終える');
});

await as('suzuki', 'consents', async (page) => {
  await openApplication(page, number, 'waiting');
  await press(page, 'consent', '同意する');
});

await as('hayashi', 'approves it: now, and not before, the register has it, and nothing else', async (page) => {
  await registerHas(page, []);
  await openApplication(page, number, 'waiting');
  await press(page, 'decide', '承認');
  await registerHas(page, [NAME]);
});

later(400);

for (const who of ['yamada', 'hayashi'])
  await as(who, 'finds the check that is overdue and the certificate that has ended on the first page, among what is past its day', async (page) => {
    const overdue = page.locator('[data-group=overdue] li').filter({ hasText: NAME });
    for (const title of Object.values(DUE)) await overdue.filter({ hasText: title }).waitFor();
  });

const ending = await as('yamada', 'ends the use: the plan', async (page) => {
  await page.goto('/apply/service-end');
  await fill(page, answersOf('service-end', { ext_service: SERVICE, owner: '山田（産業振興課）' }));
  await send(page);
  await page.locator('button.main').click();
  return (await page.locator('.receipt-number').textContent()).trim();
});

await as('hayashi', 'approves the plan', async (page) => {
  await openApplication(page, ending, 'waiting');
  await press(page, 'plan', '承認');
});

/** What the manager still has to write is one step from the first page. */
async function sheet(page, name) {
  await page.getByRole('link', { name: new RegExp(ending) }).first().click();
  await page.locator(`.now a[href$="/sheets/${name}"]`).click();
  await page.locator('form[novalidate]').waitFor();
}
async function sent(page) {
  await send(page);
  await page.locator('button.main').click();
  await page.locator('.outline').waitFor();
}

await as('yamada', 'tells the users', async (page) => {
  await sheet(page, 'end-notice');
  await fill(page, answersOf('end-notice'));
  await sent(page);
});

await as('suzuki', 'confirms it', async (page) => {
  await openApplication(page, ending, 'waiting');
  await press(page, 'notify', '確認した');
});

await as('yamada', 'cannot hand in the record of the disposal without its papers: each field says so', async (page) => {
  await sheet(page, 'end-record');
  const record = answersOf('end-record');
  const papers = Object.keys(record).filter((field) => field.endsWith('_document'));
  await fill(page, Object.fromEntries(Object.entries(record).filter(([field]) => !papers.includes(field))));
  await submit(page);
  await refusedAt(page, ...papers);
  await fill(page, Object.fromEntries(papers.map((field) => [field, record[field]])));
  await sent(page);
});

await as('tanaka', 'cannot take any of the seven items as done without the paper that shows it, nor end the check while one is open', async (page) => {
  await judgeable(page, ending);
  const lines = after.judgements['service-end.evidence'];
  await judge(page, lines.map(({ criterion }) => ({ criterion, result: 'met' })));
  await save(page);
  await refusedAt(page, ...lines.map(({ criterion }) => `${criterion}-document`));
  same(await page.locator('.summary li').count(), 7, 'items without evidence');
  const kept = lines.map((line) => ({ document: '確認書', ...line }));
  await page.reload();
  await page.locator('.criterion-input').first().waitFor();
  await judge(page, kept);
  await save(page);
  await page.locator('.outline').waitFor();
  same(await page.locator('.open-list').count(), 0, 'what stands in the way once every item has its paper');
  await press(page, 'evidence', '審査を終える');
});

await as('hayashi', 'still finds it in the register: nobody has confirmed the sheet', (page) => registerHas(page, [NAME]));

await as('suzuki', 'confirms the sheet as a second person: it is closed, and the register does not have it any more', async (page) => {
  await openApplication(page, ending, 'waiting');
  await press(page, 'confirm', '確認した');
  await registerHas(page, []);
});

await as('yamada', 'has nothing overdue about it any more', async (page) => {
  await page.locator('#home-due').waitFor();
  await page.locator('[data-group], .nothing').first().waitFor();
  const left = page.locator('[data-group=overdue] li').filter({ hasText: NAME });
  for (const title of Object.values(DUE)) same(await left.filter({ hasText: title }).count(), 0, title);
});

await browser.close();
tap.end();
