// draft.ts - a form being filled in. Pure. The server has the last word; this spares the round trip for plain mistakes.
import type { Application, Field, Form } from '../../api/client.ts';
import type { Moment } from '../../parts/MomentInput.tsx';
import type { Key } from '../../words/text.ts';
import { momentValue, typedMoment } from '../../words/time.ts';

export type Draft = { text: Record<string, string>; moment: Record<string, Moment> };
export type Mistake = { field: string; key: Key; args: string[] };

export const EMPTY: Draft = { text: {}, moment: {} };

export const momentOf = (draft: Draft, field: string): Moment => draft.moment[field] ?? { date: '', time: '' };

/** The answers of an application that came back, as they were typed. */
export function draftOf(app: Application, form: Form): Draft {
  const draft: Draft = { text: {}, moment: {} };
  for (const { field, value, erased } of app.answers) {
    if (erased) continue;
    if (form.fields.find((f) => f.id === field)?.type === 'moment') draft.moment[field] = typedMoment(value);
    else draft.text[field] = value;
  }
  return draft;
}

/** What the API takes for one field; '' when it was not answered. */
export function valueOf(draft: Draft, field: Field): string {
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

function mistakeOf(draft: Draft, field: Field, label: string): Mistake | null {
  const value = valueOf(draft, field);
  const wrong = (key: Key, ...args: string[]): Mistake => ({ field: field.id, key, args: [label, ...args] });
  if (!value) return field.required ? wrong(field.type === 'choice' ? 'apply.missing.choice' : 'apply.missing.text') : null;
  if (field.type === 'moment' && !momentOf(draft, field.id).date) return wrong('apply.missing.date');
  if (field.type === 'mac' && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(tidyMac(value))) return wrong('apply.bad.mac');
  if (field.max !== undefined && [...value].length > field.max) return wrong('apply.bad.long', String(field.max));
  return null;
}

/** Every mistake, in the order of the form. `label` gives a field's name in the reader's language. */
export function mistakesOf(draft: Draft, form: Form, label: (field: Field) => string): Mistake[] {
  return form.fields.map((f) => mistakeOf(draft, f, label(f))).filter((m) => m !== null);
}

/** The answers to send: only fields that were answered. */
export function answersOf(draft: Draft, form: Form): Record<string, string> {
  const pairs = form.fields.map((f) => [f.id, f.type === 'mac' ? tidyMac(valueOf(draft, f)) : valueOf(draft, f)] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value));
}
