// When.tsx - a moment for people, with the exact one for machines and the curious.
import { dateTime, dateTimeSeconds, shortDateTime, timeSeconds, untilWords } from '../words/time.ts';
import { useWords } from '../words/words.tsx';
import type { Lang } from '../words/text.ts';

type Shape = 'minute' | 'second' | 'short' | 'clock' | 'until';

const WRITE: Record<Shape, (iso: string, lang: Lang) => string> = {
  minute: dateTime,
  second: dateTimeSeconds,
  short: shortDateTime,
  clock: timeSeconds,
  until: untilWords,
};

/** Narrow shapes tell the whole date in the title; wide ones the ISO moment. */
export function When({ at, as = 'minute' }: { at: string; as?: Shape }) {
  const { lang } = useWords();
  const title = as === 'short' || as === 'clock' ? `${dateTimeSeconds(at, lang)}  ${at}` : at;
  return (
    <time dateTime={at} title={title}>
      {WRITE[as](at, lang)}
    </time>
  );
}
