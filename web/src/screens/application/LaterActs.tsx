// LaterActs.tsx - what can be done to an application or its permit later: another end, revocation, withdrawal. Folded until wanted.
import { useState, type ReactNode } from 'react';
import { changePermitUntil, revokePermit, withdrawApplication, type Application, type Permit } from '../../api/client.ts';
import { ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { MomentInput, type Moment } from '../../parts/MomentInput.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import type { Key } from '../../words/text.ts';
import { momentValue } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { noReason, useAct, type Act } from './useAct.ts';

type After = { acted: () => Promise<void>; reload: () => Promise<void> };

type LaterActProps = {
  name: string; // prefix of the controls' ids
  title: string;
  help: string;
  button: string;
  phrases: readonly Key[];
  act: Act;
  reload: () => Promise<void>;
  extra?: (problem: string | undefined) => ReactNode;
  extraField?: string;
  onSend: (reason: string) => void;
};

/** The common frame: fold, reason with phrases, one button. The API calls the reason `reason`; several forms share the page. */
function LaterAct({ name, title, help, button, phrases, act, reload, extra, extraField, onSend }: LaterActProps) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const field = `${name}-reason`;
  const problems: Problem[] = act.error ? [problemOf(act.error, ['reason', 'until'], words)] : [];
  const placed = problems.map((p) => ({ ...p, field: p.field === 'reason' ? field : p.field === 'until' ? (extraField ?? null) : null }));
  const problemAt = (id: string | undefined) => placed.find((p) => p.field !== null && p.field === id)?.text;

  return (
    <details className="later">
      <summary>{title}</summary>
      <div className="panel">
        <ErrorSummary problems={placed} attempt={act.attempt} />
        {act.error?.kind === 'conflict' ? (
          <p>
            <button type="button" className="plain" onClick={() => void reload()}>
              {t('action.retry')}
            </button>
          </p>
        ) : null}
        <p>{help}</p>
        {extra?.(problemAt(extraField))}
        <ReasonInput
          field={field}
          label={t('reason.label')}
          required
          phrases={phrases.map((key) => t(key))}
          problem={problemAt(field)}
          value={reason}
          onChange={setReason}
        />
        <p className="acts">
          <button
            type="button"
            className={name === 'until' ? 'main' : 'danger'}
            disabled={act.sending}
            onClick={() => (reason.trim() ? onSend(reason.trim()) : act.refuse(noReason('reason')))}
          >
            {button}
          </button>
        </p>
      </div>
    </details>
  );
}

export function Revoke({ permit, acted, reload }: { permit: Permit } & After) {
  const { t } = useWords();
  const act = useAct(acted);
  return (
    <LaterAct
      name="revoke"
      title={t('revoke.title')}
      help={t('revoke.help')}
      button={t('revoke.button')}
      phrases={['revoke.phrase.done', 'revoke.phrase.lost', 'revoke.phrase.leaver']}
      act={act}
      reload={reload}
      onSend={(reason) => void act.send(() => revokePermit(permit.id, reason, permit.rev))}
    />
  );
}

export function ChangeUntil({ permit, acted, reload }: { permit: Permit } & After) {
  const { t } = useWords();
  const [until, setUntil] = useState<Moment>({ date: '', time: '' });
  const act = useAct(acted);
  const send = (reason: string) => {
    if (!until.date) {
      act.refuse({ kind: 'input', key: 'until.missing', field: 'until', args: [] });
      return;
    }
    void act.send(() => changePermitUntil(permit.id, momentValue(until.date, until.time), reason, permit.rev));
  };
  return (
    <LaterAct
      name="until"
      title={t('until.title')}
      help={t('until.help')}
      button={t('until.button')}
      phrases={['until.phrase.longer', 'until.phrase.shorter']}
      act={act}
      reload={reload}
      extraField="new-until"
      extra={(problem) => (
        <Labelled field="new-until" label={t('until.label')} required group problem={problem} hints={{ help: t('field.moment.help') }}>
          {(control) => <MomentInput control={control} value={until} onChange={setUntil} />}
        </Labelled>
      )}
      onSend={send}
    />
  );
}

export function Withdraw({ app, acted, reload }: { app: Application } & After) {
  const { t } = useWords();
  const act = useAct(acted);
  return (
    <LaterAct
      name="withdraw"
      title={t('withdraw.title')}
      help={t('withdraw.help')}
      button={t('withdraw.button')}
      phrases={['withdraw.phrase.unneeded', 'withdraw.phrase.mistake']}
      act={act}
      reload={reload}
      onSend={(reason) => void act.send(() => withdrawApplication(app.id, reason, app.rev))}
    />
  );
}
