// DecideForm.tsx - the buttons of one step. What approval sets in motion stands above them; a refusal needs a reason.
import { useState } from 'react';
import { decideApplication, type Application, type Decision, type Failure, type Step } from '../../api/client.ts';
import { DateInput } from '../../parts/DateInput.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Labelled } from '../../parts/Labelled.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import type { Key } from '../../words/text.ts';
import { untilWords } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import type { Gist } from './gist.ts';
import { EMPTY_PAPER, Entered, PaperInput, type Paper } from './PaperInput.tsx';
import { noReason, useAct } from './useAct.ts';

const FIELD = 'reason';
const PHRASES: readonly Key[] = ['decide.phrase.ok', 'decide.phrase.purpose', 'decide.phrase.period', 'decide.phrase.issued'];
const CLASS: Record<Decision, string> = { approve: 'main approve', return: 'plain', reject: 'danger' };
type Kind = NonNullable<Step['kind']>;
/** Only who decides can reject; the others let it pass or send it back. A machine has no hands. */
const BUTTONS: Record<Kind, readonly Decision[]> = {
  approve: ['approve', 'return', 'reject'],
  judge: ['approve', 'return'],
  concur: ['approve', 'return'],
  confirm: ['approve', 'return'],
  council: ['approve', 'return', 'reject'],
  'external-decision': ['approve', 'return', 'reject'],
  machine: [],
};
/** What was entered stands or goes back to who entered it. */
const CONFIRMING: readonly Decision[] = ['approve', 'return'];
const PLACED = [FIELD, 'condition', 'condition_due', 'document', 'decided_on', 'authority', 'division', 'to'];

function wordOf(kind: Kind, confirms: boolean, decision: Decision): Key {
  if (confirms) return decision === 'approve' ? 'decide.confirm' : 'decide.unconfirm';
  const enters = kind === 'council' || kind === 'external-decision';
  if (enters && decision !== 'approve') return `decide.enter.${decision}`;
  return decision === 'approve' && kind !== 'approve' ? `decide.approve.${kind}` : `decide.${decision}`;
}

type DecideFormProps = { app: Application; gist: Gist; acted: () => Promise<void>; reload: () => Promise<void> };

export function DecideForm({ app, gist, acted, reload }: DecideFormProps) {
  const mine = app.steps.filter((s) => s.mine && s.active);
  return mine.map((step) => <OneStep key={step.id} app={app} step={step} gist={gist} acted={acted} reload={reload} />);
}

type OneStepProps = DecideFormProps & { step: Step };

function OneStep({ app, step, gist, acted, reload }: OneStepProps) {
  const words = useWords();
  const { t, say, lang } = words;
  const [reason, setReason] = useState('');
  const [to, setTo] = useState('');
  const [condition, setCondition] = useState('');
  const [due, setDue] = useState('');
  const [paper, setPaper] = useState<Paper>(EMPTY_PAPER);
  const act = useAct(acted);
  const kind = step.kind ?? 'approve';
  const at = (field: string) => `${step.id}-${field}`;
  const problems = (act.error ? [problemOf(act.error, PLACED, words)] : []).map((p) => ({ ...p, field: p.field && at(p.field) }));
  const problemAt = (field: string) => problems.find((p) => p.field === at(field))?.text;
  const paperKind = kind === 'council' || kind === 'external-decision';
  const confirms = paperKind && step.state === 'entered';
  const enters = paperKind && !confirms;
  const before = paperKind ? [] : app.steps.filter((s) => step.after?.includes(s.id) && s.needed && s.kind !== 'machine');
  const open = app.open.length;

  const mistakeOf = (decision: Decision): Failure | null => {
    if (decision !== 'approve' && !reason.trim()) return noReason(FIELD);
    if (!enters) return null;
    const missing = (['document', 'decided_on', 'authority'] as const).find((field) => !paper[field].trim());
    return missing ? { kind: 'input', key: 'paper.missing', field: missing, args: [] } : null;
  };
  const decide = (decision: Decision) => {
    const mistake = mistakeOf(decision);
    if (mistake) {
      act.refuse(mistake);
      return;
    }
    const conditional = decision === 'approve' && (condition.trim() || due);
    void act.send(() =>
      decideApplication(app.id, {
        decision,
        reason: reason.trim(),
        rev: app.rev,
        step: step.id,
        ...(decision === 'return' && to ? { to } : {}),
        ...(conditional ? { condition: condition.trim(), condition_due: due } : {}),
        ...(enters ? paper : {}),
      }),
    );
  };
  return (
    <section className="panel decide" aria-labelledby={at('decide')}>
      <h2 id={at('decide')} tabIndex={-1}>
        {kind === 'approve' && !app.ratings.length ? t('decide.title') : t('decide.step', say(step.title))}
      </h2>
      {step.help ? <p>{say(step.help)}</p> : null}
      <ErrorSummary problems={problems} attempt={act.attempt} />
      {act.error?.kind === 'conflict' ? (
        <p>
          <button type="button" className="plain" onClick={() => void reload()}>
            {t('action.retry')}
          </button>
        </p>
      ) : null}
      {gist.mac ? (
        <p className="effect">{gist.until ? t('decide.effect.until', gist.mac, untilWords(gist.until, lang)) : t('decide.effect', gist.mac)}</p>
      ) : (
        <p className="effect">{t(confirms ? 'decide.effect.confirming' : `decide.effect.${kind}`, gist.what)}</p>
      )}
      {open > 0 && !enters ? (
        <p className="still-open">
          <Icon name="warn" />
          <a href="#open">{t('decide.still-open', String(open))}</a>
        </p>
      ) : null}
      {enters ? <PaperInput step={step.id} value={paper} problemAt={problemAt} onChange={setPaper} /> : null}
      {confirms ? <Entered step={step} /> : null}
      <ReasonInput
        field={at(FIELD)}
        label={t('decide.reason')}
        required={false}
        help={t('decide.reason.help')}
        phrases={gist.mac ? PHRASES : []}
        problem={problemAt(FIELD)}
        value={reason}
        onChange={setReason}
      />
      {step.conditional && !confirms ? (
        <details className="later">
          <summary>{t('decide.under')}</summary>
          <div className="panel">
            <Labelled field={at('condition')} label={t('decide.under.text')} required={false} problem={problemAt('condition')}>
              {(control) => <textarea {...control} rows={2} value={condition} onChange={(e) => setCondition(e.target.value)} />}
            </Labelled>
            <Labelled field={at('condition_due')} label={t('decide.under.due')} required={false} problem={problemAt('condition_due')}>
              {(control) => <DateInput control={control} value={due} onChange={setDue} />}
            </Labelled>
          </div>
        </details>
      ) : null}
      {before.length > 0 ? (
        <Labelled field={at('to')} label={t('decide.back-to')} required={false} problem={problemAt('to')}>
          {(control) => (
            <select {...control} value={to} onChange={(e) => setTo(e.target.value)}>
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
      <div className="acts">
        {(confirms ? CONFIRMING : BUTTONS[kind]).map((decision) => (
          <button key={decision} type="button" className={CLASS[decision]} disabled={act.sending} onClick={() => decide(decision)}>
            {t(wordOf(kind, confirms, decision))}
          </button>
        ))}
      </div>
    </section>
  );
}
