// CellText.tsx - what stands in a cell, for people: days as an office writes them, R10.3.31 in a column and 令和10年3月31日(金) elsewhere.
import type { Register } from '../../api/registers.ts';
import { columnDay, dayWordsOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

export type CellType = Register['columns'][number]['type'];
const DAYS: ReadonlySet<CellType> = new Set(['day', 'last-day', 'date']);
export const isDay = (type: CellType | undefined): boolean => type !== undefined && DAYS.has(type);

export function CellText({ type, text, column }: { type: CellType | undefined; text: string | undefined; column?: boolean }) {
  const { lang } = useWords();
  if (!text) return '－';
  if (!isDay(type)) return text;
  return (
    <time dateTime={text} title={column ? dayWordsOf(text, lang) : text}>
      {column ? columnDay(text, lang) : dayWordsOf(text, lang)}
    </time>
  );
}
