// draft.ts - what a judge has typed and not yet saved, kept in this tab of the browser. Pure but for the tab's own storage.
import type { Line } from './line.ts';

export type Typed = Record<string, Line>;
const keyOf = (application: string) => `judge ${application}`;

/** Of another revision it is still theirs: a line that was judged meanwhile shows both. */
export function readTyped(application: string): Typed {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(application)) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Typed) : {};
  } catch {
    return {};
  }
}

export function keepTyped(application: string, typed: Typed): void {
  try {
    if (Object.keys(typed).length > 0) sessionStorage.setItem(keyOf(application), JSON.stringify(typed));
    else sessionStorage.removeItem(keyOf(application));
  } catch {
    // a browser that keeps nothing: the page itself still holds it
  }
}
