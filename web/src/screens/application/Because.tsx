// Because.tsx - the words that a choice needs: why, to whom it goes back, or under which condition it is approved.
import type { Application, Step } from '../../api/client.ts';
import { DateInput } from '../../parts/DateInput.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { useWords } from '../../words/words.tsx';

export type Choice = 'approve' | 'condition' | 'return' | 'reject';
export type Written = { reason: string; to: string; condition: string; due: string };
export const NO_WORDS: Written = { reason: '', to: '', condition: '', due: '' };

type BecauseProps = {
  app: Application;
  step: Step;
  choice: Choice;
  written: Written;
  problemAt: (field: string) => string | undefined;
  onChange: (written: Written) => void;
};

export function Because({ app, step, choice, written, problemAt, onChange }: BecauseProps) {
  const { t, say } = useWords();
  const at = (field: string) => `${step.id}-${field}`;
  const put = (change: Partial<Written>) => onChange({ ...written, ...change });
  const phrases = app.phrases.filter((p) => p.use === choice).map((p) => say(p.text));
  const papers = step.kind === 'council' || step.kind === 'external-decision';
  const before = papers ? [] : app.steps.filter((s) => step.after?.includes(s.id) && s.needed && s.kind !== 'machine');
  if (choice === 'condition')
    return (
      <>
        <p>{t('decide.under.help')}</p>
        <ReasonInput
          field={at('condition')}
          label={t('decide.under.text')}
          required
          phrases={phrases}
          problem={problemAt('condition')}
          value={written.condition}
          onChange={(condition) => put({ condition })}
        />
        <Labelled field={at('condition_due')} label={t('decide.under.due')} required problem={problemAt('condition_due')}>
          {(control) => <DateInput control={control} value={written.due} onChange={(due) => put({ due })} />}
        </Labelled>
      </>
    );
  return (
    <>
      <ReasonInput
        field={at('reason')}
        label={t(choice === 'reject' ? 'decide.because.reject' : 'decide.because.return')}
        required
        help={t('decide.reason.help')}
        phrases={phrases}
        problem={problemAt('reason')}
        value={written.reason}
        onChange={(reason) => put({ reason })}
      />
      {choice === 'return' && before.length > 0 ? (
        <Labelled field={at('to')} label={t('decide.back-to')} required={false} problem={problemAt('to')}>
          {(control) => (
            <select {...control} value={written.to} onChange={(e) => put({ to: e.target.value })}>
              <option value="">{t('decide.back-to.applicant')}</option>
              {before.map((s) => (
                <option key={s.id} value={s.id}>
                  {say(s.title)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      ) : null}
    </>
  );
}
