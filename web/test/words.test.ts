// words.test.ts - dates as people read and write them, and the spelling of addresses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Form } from '../src/api/client.ts';
import { answersOf, mistakesOf, tidyMac, type Draft } from '../src/screens/apply/draft.ts';
import { between, columnDay, dateTime, momentValue, shortDateTime, timeSeconds, typedDate, untilWords } from '../src/words/time.ts';

const rows: readonly [string, string, string][] = [
  ['a moment in JST', dateTime('2026-11-22T01:31:05.123456Z', 'ja'), '令和8年11月22日(日) 10:31'],
  ['the same in English', dateTime('2026-11-22T01:31:05Z', 'en'), '22 Nov 2026 (Sun) 10:31'],
  ['the day turns at 15:00 UTC', dateTime('2026-12-31T15:00:00Z', 'ja'), '令和9年1月1日(金) 00:00'],
  ['first day of Reiwa', dateTime('2019-04-30T15:00:00Z', 'ja'), '令和元年5月1日(水) 00:00'],
  ['before Reiwa the western year stands', dateTime('2019-04-30T14:59:00Z', 'ja'), '2019年4月30日(火) 23:59'],
  ['seconds', timeSeconds('2026-11-22T01:31:05.999999Z'), '10:31:05'],
  ['short', shortDateTime('2026-11-22T01:31:05Z', 'ja'), '11/22 10:31'],
  ['an end at midnight is the day before', untilWords('2026-11-30T15:00:00.000000Z', 'ja'), '令和8年11月30日(月)'],
  ['an end within a day keeps its time', untilWords('2026-11-30T08:15:00Z', 'ja'), '令和8年11月30日(月) 17:15'],
  ['an end with seconds shows them', untilWords('2026-11-30T08:15:09Z', 'en'), '30 Nov 2026 (Mon) 17:15:09'],
  ['what is no moment stays as it is', dateTime('soon', 'ja'), 'soon'],
  ['a date being typed', typedDate('2027-03-31', 'ja'), '令和9年3月31日(水)'],
  ['a day in a column', columnDay('2028-03-31', 'ja'), 'R10.3.31'],
  ['a day in a column before Reiwa', columnDay('2019-04-30', 'ja'), '2019-04-30'],
  ['half a date', typedDate('2027-03', 'ja'), ''],
  ['a date alone is sent as a date', momentValue('2026-11-30', ''), '2026-11-30'],
  ['a time brings the offset', momentValue('2026-11-30', '17:15'), '2026-11-30T17:15:00+09:00'],
  ['seconds are kept', momentValue('2026-11-30', '17:15:30'), '2026-11-30T17:15:30+09:00'],
  ['full-width address', tidyMac('０２００５Ｅ１０００ＡＢ'), '02:00:5e:10:00:ab'],
  ['address with hyphens', tidyMac(' 02-00-5E-10-00-01 '), '02:00:5e:10:00:01'],
  ['address in threes', tidyMac('0200.5e10.0001'), '02:00:5e:10:00:01'],
  ['Japanese long marks as hyphens', tidyMac('02ー00ー5eー10ー00ー01'), '02:00:5e:10:00:01'],
  ['what is no address is left to the reader', tidyMac('02:00:5e'), '02:00:5e'],
];

for (const [name, got, want] of rows) test(name, () => assert.equal(got, want));

test('between', () => assert.equal(between('2026-11-22T01:31:05.000000Z', '2026-11-22T01:31:05.250000Z'), 250));

const label = { ja: '欄', en: 'field' };
const form = {
  id: 'x',
  title: label,
  intro: label,
  fields: [
    { id: 'a', type: 'text', required: true, max: 3, label },
    { id: 'm', type: 'mac', required: true, label },
    { id: 'u', type: 'moment', required: true, label },
    { id: 'c', type: 'choice', required: false, label, choices: [] },
  ],
} as const;
// The API's types are mutable; the test's form is a constant.
const asForm: Form = JSON.parse(JSON.stringify(form));

const drafts: readonly [string, Draft, string][] = [
  ['nothing entered', { text: {}, moment: {} }, 'a apply.missing.text, m apply.missing.text, u apply.missing.text'],
  ['too long, counted in characters', { text: { a: '𠮷𠮷𠮷𠮷', m: '02005e100001' }, moment: { u: { date: '2026-11-30', time: '' } } }, 'a apply.bad.long'],
  ['four bytes are one character', { text: { a: '𠮷𠮷𠮷', m: '02005e100001' }, moment: { u: { date: '2026-11-30', time: '' } } }, ''],
  ['a time without a date', { text: { a: 'x', m: '02005e100001' }, moment: { u: { date: '', time: '10:00' } } }, 'u apply.missing.date'],
  ['half an address', { text: { a: 'x', m: '02:00' }, moment: { u: { date: '2026-11-30', time: '' } } }, 'm apply.bad.mac'],
];
for (const [name, draft, want] of drafts) {
  test(`mistakes: ${name}`, () => {
    const got = mistakesOf(draft, asForm, () => '欄').map((m) => `${m.field} ${m.key}`).join(', ');
    assert.equal(got, want);
  });
}

test('only answered fields are sent, in the stored spelling', () => {
  const draft: Draft = { text: { a: ' x ', m: '02-00-5E-10-00-01', c: '' }, moment: { u: { date: '2026-11-30', time: '17:15' } } };
  assert.deepEqual(answersOf(draft, asForm), { a: 'x', m: '02:00:5e:10:00:01', u: '2026-11-30T17:15:00+09:00' });
});
