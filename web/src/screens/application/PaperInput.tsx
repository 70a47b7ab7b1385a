// PaperInput.tsx - what a meeting, a paper or another system decided: number, day, in which capacity, by whom.
import type { Step } from '../../api/client.ts';
import { DateInput } from '../../parts/DateInput.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

export type Paper = { document: string; decided_on: string; division: 'final' | 'delegated' | 'deputised'; authority: string };
export const EMPTY_PAPER: Paper = { document: '', decided_on: '', division: 'final', authority: '' };
const DIVISIONS = ['final', 'delegated', 'deputised'] as const;

type PaperInputProps = { step: string; value: Paper; problemAt: (field: string) => string | undefined; onChange: (value: Paper) => void };

export function PaperInput({ step, value, problemAt, onChange }: PaperInputProps) {
  const { t } = useWords();
  const at = (key: keyof Paper) => `${step}-${key}`;
  return (
    <>
      <p>{t('paper.help')}</p>
      <Labelled field={at('document')} label={t('paper.document')} required problem={problemAt('document')}>
        {(control) => <input {...control} type="text" value={value.document} onChange={(e) => onChange({ ...value, document: e.target.value })} />}
      </Labelled>
      <Labelled field={at('decided_on')} label={t('paper.decided-on')} required problem={problemAt('decided_on')}>
        {(control) => <DateInput control={control} value={value.decided_on} onChange={(decided_on) => onChange({ ...value, decided_on })} />}
      </Labelled>
      <Labelled field={at('division')} label={t('paper.division')} required group problem={problemAt('division')}>
        {(control) => (
          <div className="choices">
            {DIVISIONS.map((d, n) => {
              const id = n === 0 ? control.id : `${control.id}-${d}`;
              return (
                <div key={d} className="choice">
                  <input id={id} type="radio" name={at('division')} checked={value.division === d} onChange={() => onChange({ ...value, division: d })} />
                  <label htmlFor={id}>{t(`paper.division.${d}`)}</label>
                </div>
              );
            })}
          </div>
        )}
      </Labelled>
      <Labelled field={at('authority')} label={t('paper.authority')} required problem={problemAt('authority')}>
        {(control) => <input {...control} type="text" value={value.authority} onChange={(e) => onChange({ ...value, authority: e.target.value })} />}
      </Labelled>
    </>
  );
}

/** What was entered: for who confirms it, and in the list of steps afterwards. */
export function Entered({ step }: { step: Step }) {
  const { t, lang } = useWords();
  const facts = [
    [t('paper.outcome'), step.outcome ? t(`paper.outcome.${step.outcome}`) : ''],
    [t('paper.document'), step.document ?? ''],
    [t('paper.decided-on'), typedDate(step.decided_on ?? '', lang)],
    [t('paper.division'), step.division ? t(`paper.division.${step.division}`) : ''],
    [t('paper.authority'), step.authority ?? ''],
    [t('paper.entered-by'), step.entered_by ?? ''],
  ];
  return (
    <dl className="facts paper">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
