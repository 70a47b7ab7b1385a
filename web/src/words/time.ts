// time.ts - moments as people in a Japanese office read and write them.
// The API speaks UTC; people speak JST, which has had no summer time since 1951: +9 hours is the whole time zone.
// Intervals are half-open: an end at 00:00 JST is the end of the day before, and that day is what people are shown.
import type { Lang } from './text.ts';

const JST_MS = 9 * 60 * 60 * 1000;
const REIWA = { from: Date.UTC(2019, 4, 1), firstYear: 2019 };
export const WEEKDAYS: Record<Lang, readonly string[]> = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number) => String(n).padStart(2, '0');

/** The moment moved so that its UTC fields read as JST; null when it is no moment. */
function jst(iso: string): Date | null {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : new Date(ms + JST_MS);
}

function dayWords(d: Date, lang: Lang): string {
  const weekday = WEEKDAYS[lang][d.getUTCDay()];
  if (lang === 'en') return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} (${weekday})`;
  const inReiwa = d.getTime() >= REIWA.from;
  const eraYear = d.getUTCFullYear() - REIWA.firstYear + 1;
  const year = inReiwa ? `令和${eraYear === 1 ? '元' : eraYear}年` : `${d.getUTCFullYear()}年`;
  return `${year}${d.getUTCMonth() + 1}月${d.getUTCDate()}日(${weekday})`;
}

const clock = (d: Date) => `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
const clockSeconds = (d: Date) => `${clock(d)}:${two(d.getUTCSeconds())}`;

/** 令和8年11月22日(日) 10:31 */
export function dateTime(iso: string, lang: Lang): string {
  const d = jst(iso);
  return d ? `${dayWords(d, lang)} ${clock(d)}` : iso;
}

/** 令和8年11月22日(日) 10:31:05 */
export function dateTimeSeconds(iso: string, lang: Lang): string {
  const d = jst(iso);
  return d ? `${dayWords(d, lang)} ${clockSeconds(d)}` : iso;
}

/** 10:31:05 */
export function timeSeconds(iso: string): string {
  const d = jst(iso);
  return d ? clockSeconds(d) : iso;
}

/** 10:31 */
export function clockOf(iso: string): string {
  const d = jst(iso);
  return d ? clock(d) : iso;
}

/** 11/22 10:31, for narrow columns; the year shows in the title. */
export function shortDateTime(iso: string, lang: Lang): string {
  const d = jst(iso);
  if (!d) return iso;
  return lang === 'ja' ? `${d.getUTCMonth() + 1}/${d.getUTCDate()} ${clock(d)}` : `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${clock(d)}`;
}

/** The end of an interval: a whole day reads as that day, anything else with its time. */
export function untilWords(iso: string, lang: Lang): string {
  const d = jst(iso);
  if (!d) return iso;
  const wholeDay = d.getTime() % (24 * 60 * 60 * 1000) === 0;
  if (wholeDay) return dayWords(new Date(d.getTime() - 1), lang);
  return `${dayWords(d, lang)} ${d.getUTCSeconds() ? clockSeconds(d) : clock(d)}`;
}

/** 令和8年11月22日(日) for a date that is being typed; '' when it is none. */
export function typedDate(date: string, lang: Lang): string {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  return Number.isNaN(ms) ? '' : dayWords(new Date(ms), lang);
}

/** The other way round: a stored end as it was typed, for mending. A whole day has no time. */
export function typedMoment(iso: string): { date: string; time: string } {
  const d = jst(iso);
  if (!d) return { date: '', time: '' };
  const wholeDay = d.getTime() % (24 * 60 * 60 * 1000) === 0;
  const day = wholeDay ? new Date(d.getTime() - 1) : d;
  const date = `${String(day.getUTCFullYear()).padStart(4, '0')}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`;
  return { date, time: wholeDay ? '' : d.getUTCSeconds() ? clockSeconds(d) : clock(d) };
}

/** The day in Japan: 2026-11-22 */
export function dayOf(iso: string): string {
  return jst(iso)?.toISOString().slice(0, 10) ?? '';
}

/** 2026-11-22 as 令和8年11月22日(日) */
export function dayWordsOf(day: string, lang: Lang): string {
  return typedDate(day, lang) || day;
}

/** 2028-03-31 as R10.3.31, for columns; English columns keep it. */
export function columnDay(day: string, lang: Lang): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return lang === 'en' || !typedDate(day, lang) || Date.UTC(year, month - 1, date) < REIWA.from ? day : `R${year - REIWA.firstYear + 1}.${month}.${date}`;
}

/** The month of that moment in Japan and those before it, the oldest first: 2026-11 */
export function monthsBefore(iso: string, months: number): string[] {
  const [year, month] = dayOf(iso).split('-').map(Number);
  const last = (year ?? 1970) * 12 + (month ?? 1) - 1;
  return Array.from({ length: months }, (_, n) => last - months + 1 + n).map((at) => `${Math.floor(at / 12)}-${two((at % 12) + 1)}`);
}

/** What the API takes: an inclusive JST date, or a moment with its offset. '' when nothing was entered. */
export function momentValue(date: string, time: string): string {
  if (!time) return date;
  return `${date}T${time.length === 5 ? `${time}:00` : time}+09:00`;
}

/** Milliseconds from one moment to another. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
