// here.ts - the browser's own copy of a draft, for as long as the office does not have it.
type Place = { person: string; form: string; about?: string | undefined };
export type Here = { at: number; answers: Record<string, string> };

const DAYS_MS = 7 * 86_400_000;
const keyOf = ({ person, form, about }: Place) => `sekisho.draft.${person}.${form}.${about ?? ''}`;

/** A browser that keeps nothing is no reason to stop. */
export function keepHere(place: Place, answers: Record<string, string>): void {
  try {
    localStorage.setItem(keyOf(place), JSON.stringify({ at: Date.now(), answers } satisfies Here));
  } catch {
    // full, or forbidden
  }
}

export function forget(place: Place): void {
  try {
    localStorage.removeItem(keyOf(place));
  } catch {
    // forbidden
  }
}

export function foundHere(place: Place): Here | null {
  try {
    const here = JSON.parse(localStorage.getItem(keyOf(place)) ?? 'null') as Here | null;
    if (!here || typeof here.at !== 'number' || Date.now() - here.at > DAYS_MS) return null;
    return here;
  } catch {
    return null;
  }
}
