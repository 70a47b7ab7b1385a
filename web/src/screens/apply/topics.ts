// topics.ts - a form's pages: what each asks, and how far one has come. Pure.
import type { Field, Form } from '../../api/client.ts';
import type { Problem } from '../../parts/ErrorSummary.tsx';
import { valueOf, type Draft } from './draft.ts';

export type Topic = Form['topics'][number];
export type Progress = 'todo' | 'begun' | 'done';

export const fieldsOf = (form: Form, topic: string): Field[] => form.fields.filter((f) => f.topic === topic);

/** "certificates.2.number" belongs to the field "certificates". */
export const fieldOf = (problem: string) => problem.split('.')[0] ?? problem;

/** `problems` are those of all fields: what is missing, and what is wrong. */
export function progressOf(fields: readonly Field[], draft: Draft, problems: readonly Problem[]): Progress {
  if (!fields.some((f) => valueOf(draft, f))) return 'todo';
  return fields.some((f) => problems.some((p) => p.field && fieldOf(p.field) === f.id)) ? 'begun' : 'done';
}

export function nextTopic(form: Form, topic: string): Topic | null {
  const at = form.topics.findIndex((one) => one.id === topic);
  return at < 0 ? null : (form.topics[at + 1] ?? null);
}
