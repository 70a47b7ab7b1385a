// words.tsx - the reader's language. The cookie is read by the server's own pages as well.
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { known, textOf, type Key, type Lang, type Text } from './text.ts';

const COOKIE = 'sekisho_lang';
const YEAR_S = 365 * 24 * 60 * 60;

export type Words = {
  lang: Lang;
  setLang: (lang: Lang) => void;
  t: (key: Key, ...args: string[]) => string;
  /** A key that came from the server. */
  tKey: (key: string, args?: readonly string[]) => string;
  /** The text of area.thing for a value of a closed list of the API, or the value itself. */
  tOf: (area: string, value: string) => string;
  /** A text of the pack. */
  say: (text: Text) => string;
};

const Context = createContext<Words | null>(null);

export function useWords(): Words {
  const words = use(Context);
  if (!words) throw new Error('useWords outside WordsProvider');
  return words;
}

function cookieLang(): Lang {
  return /(?:^|;\s*)sekisho_lang=en(?:;|$)/.test(document.cookie) ? 'en' : 'ja';
}

function keepLang(lang: Lang): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${COOKIE}=${lang}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const [lang, setLang] = useState<Lang>(cookieLang);

  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);

  const words = useMemo<Words>(
    () => ({
      lang,
      setLang: (next) => {
        keepLang(next);
        setLang(next);
      },
      t: (key, ...args) => textOf(lang, key, args),
      tKey: (key, args) => textOf(lang, key, args),
      tOf: (area, value) => (known(`${area}.${value}`) ? textOf(lang, `${area}.${value}`) : value),
      say: (text) => text[lang],
    }),
    [lang],
  );
  return <Context value={words}>{children}</Context>;
}
