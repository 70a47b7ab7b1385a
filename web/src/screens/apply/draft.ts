// draft.ts - a form being filled in. Pure. The server has the last word; this spares the round trip for plain mistakes.
import type { Application, Field, Form } from '../../api/client.ts';
import type { Moment } from '../../parts/MomentInput.tsx';
import type { Key } from '../../words/text.ts';
import { momentValue, typedMoment } from '../../words/time.ts';

export type Draft = { text: Record<string, string>; moment: Record<string, Moment> };
export type Mistake = { field: string; key: Key; args: string[] };

export const EMPTY: Draft = { text: {}, moment: {} };

export const momentOf = (draft: Draft, field: string): Moment => draft.moment[field] ?? { date: '', time: '' };

/** Answers that are stored, as they were typed. */
export function draftOf(answers: readonly Pick<Application['answers'][number], 'field' | 'value' | 'erased'>[], form: Form): Draft {
  const draft: Draft = { text: {}, moment: {} };
  for (const { field, value, erased } of answers) {
    if (erased) continue;
    if (form.fields.find((f) => f.id === field)?.type === 'moment') draft.moment[field] = typedMoment(value);
    else draft.text[field] = value;
  }
  return draft;
}

/** Answers of another sheet, over what stands there. */
export function overwritten(draft: Draft, answers: Record<string, string>, form: Form): Draft {
  const theirs = draftOf(Object.entries(answers).map(([field, value]) => ({ field, value, erased: false })), form);
  return { text: { ...draft.text, ...theirs.text }, moment: { ...draft.moment, ...theirs.moment } };
}

const TIME = '.time';
/** Not an answer: from which application a draft was copied. */
export const COPIED = '.copied';

/** What is kept of a draft: everything as it was typed. */
export function typedOf(draft: Draft): Record<string, string> {
  const moments = Object.entries(draft.moment).flatMap(([field, { date, time }]) => [[field, date] as const, [field + TIME, time] as const]);
  return Object.fromEntries([...Object.entries(draft.text), ...moments].filter(([, value]) => value.trim()));
}

export function draftOfTyped(typed: Record<string, string>, form: Form): Draft {
  const draft: Draft = { text: {}, moment: {} };
  const moments = new Set(form.fields.filter((f) => f.type === 'moment').map((f) => f.id));
  for (const [key, value] of Object.entries(typed)) {
    if (moments.has(key)) draft.moment[key] = { date: value, time: typed[key + TIME] ?? '' };
    else if (!(key.endsWith(TIME) && moments.has(key.slice(0, -TIME.length)))) draft.text[key] = value;
  }
  return draft;
}

/** Never copied from an earlier application: what is another one each time, and what is promised anew. */
const OWN_EACH_TIME = new Set<Field['type']>(['date', 'moment', 'pledge']);

/** An earlier application's answers, on top of what was typed: only where nothing stands yet. */
export function copyInto(draft: Draft, from: { id: string; answers: Record<string, string> }, form: Form): Draft {
  const copied = form.fields.filter((f) => !OWN_EACH_TIME.has(f.type) && from.answers[f.id] && !(draft.text[f.id] ?? '').trim());
  return { ...draft, text: { ...draft.text, ...Object.fromEntries(copied.map((f) => [f.id, from.answers[f.id] ?? ''])), [COPIED]: from.id } };
}

export type TableRow = Record<string, string>;

/** A table's answer is one text: JSON, as the API takes it. Rows and cells without an answer are left out when it is sent. */
export function rowsOf(value: string): TableRow[] {
  try {
    const rows: unknown = JSON.parse(value);
    return Array.isArray(rows) ? (rows as TableRow[]) : [];
  } catch {
    return [];
  }
}
export const textOfRows = (rows: TableRow[]): string => (rows.length > 0 ? JSON.stringify(rows) : '');

function tidyRows(value: string): string {
  const rows = rowsOf(value).map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell.trim())));
  return textOfRows(rows.filter((row) => Object.keys(row).length > 0));
}

/** What the API takes for one field; '' when it was not answered. */
export function valueOf(draft: Draft, field: Field): string {
  if (field.type === 'table') return tidyRows(draft.text[field.id] ?? '');
  if (field.type !== 'moment') return (draft.text[field.id] ?? '').trim();
  const { date, time } = momentOf(draft, field.id);
  return momentValue(date, time);
}

/** Full-width letters, digits and hyphens become plain ones, and twelve digits become 02:00:5e:10:00:01. */
export function tidyMac(typed: string): string {
  const plain = typed.normalize('NFKC').replace(/[‐‑‒–—―−ー]/g, '-').trim();
  const digits = plain.replace(/[-:.\s]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : plain;
}

const CHOSEN = new Set<Field['type']>(['choice', 'choices', 'yes-no', 'pledge', 'country', 'countries', 'person', 'service', 'application']);

function mistakeOf(draft: Draft, field: Field, label: string): Mistake | null {
  const value = valueOf(draft, field);
  const wrong = (key: Key, ...args: string[]): Mistake => ({ field: field.id, key, args: [label, ...args] });
  if (!value) return field.required ? wrong(CHOSEN.has(field.type) ? 'apply.missing.choice' : 'apply.missing.text') : null;
  if (field.type === 'moment' && !momentOf(draft, field.id).date) return wrong('apply.missing.date');
  if (field.type === 'mac' && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(tidyMac(value))) return wrong('apply.bad.mac');
  if (field.max !== undefined && [...value].length > field.max) return wrong('apply.bad.long', String(field.max));
  return null;
}

/** Every mistake, in the order of the form. `label` gives a field's name in the reader's language. */
export function mistakesOf(draft: Draft, form: Form, label: (field: Field) => string): Mistake[] {
  return form.fields.map((f) => mistakeOf(draft, f, label(f))).filter((m) => m !== null);
}

/** The answers to send: only fields that were answered. What is not asked any more is not in `form`, and so not sent. */
export function answersOf(draft: Draft, form: Form): Record<string, string> {
  const pairs = form.fields.map((f) => [f.id, f.type === 'mac' ? tidyMac(valueOf(draft, f)) : valueOf(draft, f)] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value));
}
