// draft.ts - what a judge has typed and not yet saved, kept in this tab of the browser.
import { keepTab, readTab } from '../../parts/tab.ts';
import type { Line } from './line.ts';

export type Typed = Record<string, Line>;
const keyOf = (application: string) => `judge ${application}`;

/** Of another revision it is still theirs: a line that was judged meanwhile shows both. */
export const readTyped = (application: string): Typed => readTab<Typed>(keyOf(application)) ?? {};
export const keepTyped = (application: string, typed: Typed): void => keepTab(keyOf(application), Object.keys(typed).length > 0 ? typed : null);
