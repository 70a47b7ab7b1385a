// PaperInput.tsx - what a meeting, a paper or another system decided: number, day, in which capacity, by whom.
import { useState } from 'react';
import type { Application, Failure, Step } from '../../api/client.ts';
import { addFile, listFiles } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { DateInput } from '../../parts/DateInput.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Said } from '../../parts/Notice.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

export type Paper = { document: string; decided_on: string; division: 'final' | 'delegated' | 'deputised'; authority: string };
export const EMPTY_PAPER: Paper = { document: '', decided_on: '', division: 'final', authority: '' };
const DIVISIONS = ['final', 'delegated', 'deputised'] as const;

type PaperInputProps = { app: Application; step: string; value: Paper; problemAt: (field: string) => string | undefined; onChange: (value: Paper) => void };

export function PaperInput({ app, step, value, problemAt, onChange }: PaperInputProps) {
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
      <Scan app={app} />
    </>
  );
}

/** The decided paper itself, kept with the application; who confirms opens it from there. */
function Scan({ app }: { app: Application }) {
  const words = useWords();
  const { t } = words;
  const about = `application:${app.id}`;
  const { value, reload } = useLoad(`files ${about}`, () => listFiles(about), 0);
  const [error, setError] = useState<Failure | null>(null);
  const [sending, setSending] = useState(false);
  if (!value?.may.add) return null;
  const scans = value.items.filter((f) => f.state === 'kept' && f.note === t('paper.scan.note'));
  const add = async (file: File | undefined) => {
    if (!file) return;
    setSending(true);
    const reply = await addFile(about, file, t('paper.scan.note'), '');
    setSending(false);
    setError(reply.ok ? null : reply.error);
    await reload();
  };
  return (
    <Labelled
      field="paper-scan"
      label={t('paper.scan')}
      required={false}
      problem={error ? problemOf(error, [], words).text : undefined}
      hints={{ help: t('paper.scan.help') }}
    >
      {(control) => (
        <>
          <input {...control} type="file" accept="application/pdf" disabled={sending} onChange={(e) => void add(e.target.files?.[0])} />
          <Said>{sending ? t('files.sending') : scans.length > 0 ? t('paper.scan.kept', scans.map((f) => f.name).join('、')) : null}</Said>
        </>
      )}
    </Labelled>
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
