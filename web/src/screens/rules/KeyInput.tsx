// KeyInput.tsx - one value of a record, as the kind of control that fits it. What a control cannot say is edited as it is spelt.
import type { RuleKey } from '../../api/rules.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { useWords } from '../../words/words.tsx';
import { around, readPeriod, unitWords, UNITS, writePeriod } from './period.ts';

type Props = { item: RuleKey; value: string; onChange: (value: string) => void };

/** Conditions, names of fields and lists of ids are for whoever knows the language of packs. */
export const isEasy = (item: RuleKey) => ['integer', 'yes-no', 'one-of', 'record', 'period', 'text'].includes(item.type);

export function KeyInput({ item, value, onChange }: Props) {
  const { t, say, lang } = useWords();
  const period = item.type === 'period' ? readPeriod(value) : null;
  const help = item.proposal ? t('rules.proposal') : item.type === 'condition' ? t('rules.condition.help') : item.type === 'words' ? t('rules.words.help') : undefined;
  const range = item.type === 'integer' && item.high > 0 ? t('rules.range', String(item.low), String(item.high)) : undefined;
  return (
    <Labelled field={item.key} label={say(item.label)} required={item.required} hints={{ help: [help, range].filter(Boolean).join(' ') || undefined }}>
      {(control) => {
        if (item.type === 'yes-no') {
          return (
            <select {...control} value={value === 'true' ? 'true' : ''} onChange={(e) => onChange(e.target.value)}>
              <option value="true">{t('rules.yes')}</option>
              <option value="">{t('rules.no')}</option>
            </select>
          );
        }
        if (item.options.length > 0 && item.type !== 'words') {
          return (
            <select {...control} value={value} onChange={(e) => onChange(e.target.value)}>
              {item.required ? null : <option value="">{t('rules.none')}</option>}
              {item.options.map((o) => (
                <option key={o.id} value={o.id}>
                  {say(o.label)}
                </option>
              ))}
            </select>
          );
        }
        if (period) {
          const { front, back } = around(period, lang);
          return (
            <span className="period">
              {front}{' '}
              <input {...control} type="text" inputMode="numeric" className="short" value={period.n} onChange={(e) => onChange(writePeriod({ ...period, n: e.target.value.replace(/\D/g, '') || '0' }))} />{' '}
              <select aria-label={t('rules.unit')} value={period.unit} onChange={(e) => onChange(writePeriod({ ...period, unit: e.target.value as (typeof UNITS)[number] }))}>
                {UNITS.map((u) => (
                  <option key={u} value={u}>
                    {unitWords(u, lang)}
                  </option>
                ))}
              </select>{' '}
              {back}
            </span>
          );
        }
        return <input {...control} type="text" inputMode={item.type === 'integer' ? 'numeric' : undefined} className={item.type === 'integer' ? 'short' : undefined} value={value} onChange={(e) => onChange(e.target.value)} />;
      }}
    </Labelled>
  );
}
