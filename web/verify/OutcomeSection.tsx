// OutcomeSection.tsx - the verdict first, large and in words; then what does not hold or is missing, what was checked, what it is.
import { useEffect, useRef } from 'react';
import { Icon, type IconName } from '../src/parts/Icon.tsx';
import { dateTimeSeconds } from '../src/words/time.ts';
import type { Fact, Finding, Level, Outcome, Verdict } from './check/report.ts';
import { useWords, type Key } from './words.tsx';

const LOOKS: Record<Verdict, { tone: string; icon: IconName; title: Key; text: Key }> = {
  0: { tone: 'good', icon: 'ok', title: 'outcome.verified', text: 'outcome.verified-text' },
  1: { tone: 'bad', icon: 'no', title: 'outcome.tampered', text: 'outcome.tampered-text' },
  2: { tone: 'wait', icon: 'warn', title: 'outcome.incomplete', text: 'outcome.incomplete-text' },
};
const LISTS: readonly { level: Level; title: Key }[] = [
  { level: 'tampered', title: 'outcome.what' },
  { level: 'incomplete', title: 'outcome.missing' },
];
type Kind = 'clause' | 'procedure' | 'body' | 'row';
const KINDS: ReadonlySet<string> = new Set<Kind>(['clause', 'procedure', 'body', 'row']);
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const BIG = /^\d{4,15}$/;

export function OutcomeSection({ outcome, ms, again }: { outcome: Outcome; ms: number; again: () => void }) {
  const { t, lang } = useWords();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const look = LOOKS[outcome.verdict];
  const shown = (arg: string) => (MOMENT.test(arg) ? dateTimeSeconds(arg, lang) : BIG.test(arg) ? Number(arg).toLocaleString('ja-JP') : arg);
  const sentence = (at: { key: Finding['key']; args: string[] }) => t(`found.${at.key}`, ...at.args.map(shown));
  const kind = (is = '') => (KINDS.has(is) ? t(`kind.${is as Kind}`) : is);
  const fact = (at: Fact) => t(`fact.${at.key}`, ...(at.key === 'scope' ? [kind(at.args[0]), ...at.args.slice(1)] : at.args.map(shown)));
  return (
    <section aria-labelledby="verdict" className="outcome">
      <div className={`verdict ${look.tone}`} data-verdict={outcome.verdict}>
        <h2 id="verdict" tabIndex={-1} ref={head}>
          <Icon name={look.icon} /> {t(look.title)}
        </h2>
        <p>{t(look.text)}</p>
      </div>
      {LISTS.map(({ level, title }) => {
        const list = outcome.findings.filter((f) => f.level === level);
        const more = outcome[level] - list.length;
        return list.length > 0 && (
          <div key={level}>
            <h3>{t(title)}</h3>
            <ul className="found">
              {list.map((f, n) => <li key={n} data-found={f.key}>{sentence(f)}</li>)}
              {more > 0 && <li>{t('outcome.more', more.toLocaleString('ja-JP'))}</li>}
            </ul>
          </div>
        );
      })}
      <h3>{t('outcome.counted')}</h3>
      <table className="counted">
        <tbody>
          {outcome.counted.map(({ key, n }) => (
            <tr key={key}>
              <th scope="row">{t(`counted.${key}`)}</th>
              <td data-counted={key}>{n.toLocaleString('ja-JP')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t('outcome.facts')}</h3>
      <ul className="facts-list">{outcome.facts.map((f, n) => <li key={n}>{fact(f)}</li>)}</ul>
      <p className="quiet">{t('outcome.seconds', (ms / 1000).toFixed(1))}</p>
      <div className="acts no-print">
        <button type="button" onClick={() => window.print()}>{t('outcome.print')}</button>
        <button type="button" onClick={again}>{t('outcome.again')}</button>
      </div>
    </section>
  );
}
