// text.ts - the catalogue on the screens: texts/ja.yaml and texts/en.yaml, checked against each other when they are compiled.
import en from '../generated/en.json';
import ja from '../generated/ja.json';

export type Key = keyof typeof ja;
export type Lang = 'ja' | 'en';
export type Text = { ja: string; en: string };

const catalogue: Record<Lang, Record<string, string>> = { ja, en };

/** The text of a key that the server named; an unknown key shows itself, so that a screen never shows nothing. */
export function textOf(lang: Lang, key: string, args: readonly string[] = []): string {
  const text = catalogue[lang][key] ?? key;
  return text.replace(/\{(\d)\}/g, (place, n: string) => args[Number(n)] ?? place);
}

export function known(key: string): boolean {
  return key in catalogue.ja;
}
