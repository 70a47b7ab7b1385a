// period.ts - periods of the rules ("10 working-days after reached") as a number, a unit and what they count from.
import type { Lang } from '../../words/text.ts';

export type Period = { every: boolean; n: string; unit: Unit; tail: string };
export const UNITS = ['day', 'working-day', 'week', 'month', 'year'] as const;
export type Unit = (typeof UNITS)[number];

const SHAPE = /^(every )?(\d+) (day|working-day|week|month|year)s?( (?:before|after) [a-z_]+)?$/;

/** null: spelt in another way, and edited as it stands. */
export function readPeriod(text: string): Period | null {
  const m = SHAPE.exec(text);
  return m ? { every: Boolean(m[1]), n: m[2] ?? '', unit: m[3] as Unit, tail: m[4] ?? '' } : null;
}

export const writePeriod = (p: Period) => `${p.every ? 'every ' : ''}${p.n} ${p.unit}${p.n === '1' ? '' : 's'}${p.tail}`;

const UNIT_WORDS: Record<Lang, Record<Unit, string>> = {
  ja: { day: '日', 'working-day': '開庁日', week: '週', month: 'か月', year: '年' },
  en: { day: 'days', 'working-day': 'working days', week: 'weeks', month: 'months', year: 'years' },
};
const FROM: Record<string, { ja: string; en: string }> = {
  reached: { ja: 'この段階に来てから', en: 'reaching this step' },
  approved: { ja: '承認から', en: 'approval' },
  due: { ja: '期限の', en: 'the due date' },
};

export const unitWords = (unit: Unit, lang: Lang) => UNIT_WORDS[lang][unit];

/** What stands in front of the number and behind it. */
export function around(p: Period, lang: Lang): { front: string; back: string } {
  const [, way, name] = /^ (before|after) ([a-z_]+)$/.exec(p.tail) ?? [];
  if (lang === 'en') return { front: p.every ? 'every' : '', back: way ? `${way} ${FROM[name ?? '']?.en ?? name}` : '' };
  if (!way) return { front: '', back: p.every ? 'ごと' : '' };
  return { front: FROM[name ?? '']?.ja ?? `${name} の日から`, back: way === 'before' ? '前' : '以内' };
}

export function valueWords(value: string, lang: Lang): string {
  const p = readPeriod(value);
  if (value === 'fiscal-year-end') return lang === 'ja' ? '年度末（3月31日）まで' : 'end of the fiscal year';
  const yearly = /^yearly on (\d\d)-(\d\d)$/.exec(value);
  if (yearly && lang === 'ja') return `毎年${Number(yearly[1])}月${Number(yearly[2])}日`;
  if (!p) return value;
  const { front, back } = around(p, lang);
  return lang === 'ja' ? `${front}${p.n}${unitWords(p.unit, lang)}${back}` : [front, p.n, unitWords(p.unit, lang), back].filter(Boolean).join(' ');
}
