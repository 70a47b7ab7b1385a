// words.tsx - the page's own words: those keys of the catalogue that begin with "verifier." (vite.config.mjs puts nothing else in the file).
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import catalogue from 'virtual:verifier-words';

type Keys = keyof typeof import('../src/generated/ja.json');
export type Key = Keys extends infer K ? (K extends `verifier.${infer R}` ? R : never) : never;
export type Lang = 'ja' | 'en';

type Words = { lang: Lang; t: (key: Key, ...args: readonly (string | number)[]) => string; turn: () => void };

const Context = createContext<Words | null>(null);

export function WordsProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>('ja');
  const t: Words['t'] = (key, ...args) => (catalogue[lang][key] ?? key).replace(/\{(\d)\}/g, (place, n: string) => String(args[Number(n)] ?? place));
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = catalogue[lang]['page.title'] ?? '';
  }, [lang]);
  return <Context value={{ lang, t, turn: () => setLang(lang === 'ja' ? 'en' : 'ja') }}>{children}</Context>;
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error('no WordsProvider');
  return words;
}
