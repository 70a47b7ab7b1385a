// line.ts - one judged line: what it holds, and what it still needs. Pure. The office has the last word.
import type { Application, Criterion, Judgement } from '../../api/client.ts';

export const RESULTS = ['met', 'substitute', 'exception', 'not-applicable', 'unmet'] as const;
export const TEXTS = ['reason', 'article', 'document', 'said', 'said_on'] as const;
export type TextKey = (typeof TEXTS)[number];
export type Line = { [K in TextKey]?: string } & { result?: Judgement['result']; answer?: NonNullable<Judgement['answer']> };

/** How the line was judged when the same thing was approved last. */
export type Before = Application['judged_before'][number];

/** An approval needs these settled. */
export const BINDING: ReadonlySet<Criterion['strength']> = new Set(['M', 'N']);

export const resultOf = (c: Criterion, line: Line | undefined) => line?.result ?? c.result;

/** Judged otherwise than last time, or shown by something else. */
export function isChanged(c: Criterion, line: Line, before: Before): boolean {
  const result = resultOf(c, line);
  if (!result) return false;
  return result !== before.result || (['article', 'document'] as const).some((key) => textIn(c, line, key).trim() !== (before[key] ?? ''));
}

/** What is there: typed now, or stored before. */
export const textIn = (c: Criterion, line: Line, key: TextKey): string => line[key] ?? c[key] ?? '';

/** What the result asks for: a reason unless it is met, the place and the paper that show that it is kept. */
export function neededOf(c: Criterion, line: Line): TextKey[] {
  const result = line.result ?? c.result;
  const kept = result === 'met' || result === 'substitute';
  const needed: TextKey[] = [];
  if (result && result !== 'met' && result !== 'exception') needed.push('reason');
  if (kept && c.needs.includes('article')) needed.push('article');
  if (kept && c.needs.includes('document')) needed.push('document');
  return needed;
}

export const missingOf = (c: Criterion, line: Line): TextKey[] => neededOf(c, line).filter((key) => !textIn(c, line, key).trim());

export function lineOf(c: Criterion, line: Line): Judgement | null {
  const result = line.result ?? c.result;
  if (!result) return null;
  const texts = TEXTS.map((key) => [key, textIn(c, line, key).trim()] as const).filter(([, text]) => text);
  const answer = line.answer ?? c.answer;
  return { criterion: c.id, result, ...(answer ? { answer } : {}), ...Object.fromEntries(texts) };
}
