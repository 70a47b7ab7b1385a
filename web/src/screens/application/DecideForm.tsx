// DecideForm.tsx - three buttons. What approval sets in motion stands above them; a refusal needs a reason.
import { useState } from 'react';
import { decideApplication, type Application, type Decision } from '../../api/client.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import type { Key } from '../../words/text.ts';
import { untilWords } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import type { Gist } from './gist.ts';
import { noReason, useAct } from './useAct.ts';

const FIELD = 'reason';
const PHRASES: readonly Key[] = ['decide.phrase.ok', 'decide.phrase.purpose', 'decide.phrase.period', 'decide.phrase.issued'];
const BUTTONS: readonly { decision: Decision; className: string }[] = [
  { decision: 'approve', className: 'main approve' },
  { decision: 'return', className: 'plain' },
  { decision: 'reject', className: 'danger' },
];

type DecideFormProps = { app: Application; gist: Gist; acted: () => Promise<void>; reload: () => Promise<void> };

export function DecideForm({ app, gist, acted, reload }: DecideFormProps) {
  const words = useWords();
  const { t, lang } = words;
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const problems = act.error ? [problemOf(act.error, [FIELD], words)] : [];

  const decide = (decision: Decision) => {
    if (decision !== 'approve' && !reason.trim()) {
      act.refuse(noReason(FIELD));
      return;
    }
    void act.send(() => decideApplication(app.id, decision, reason.trim(), app.rev));
  };
  return (
    <section className="panel decide" aria-labelledby="decide">
      <h2 id="decide">{t('decide.title')}</h2>
      <ErrorSummary problems={problems} attempt={act.attempt} />
      {act.error?.kind === 'conflict' ? (
        <p>
          <button type="button" className="plain" onClick={() => void reload()}>
            {t('action.retry')}
          </button>
        </p>
      ) : null}
      <p className="effect">
        {gist.until
          ? t('decide.effect.until', gist.mac ?? gist.what, untilWords(gist.until, lang))
          : t('decide.effect', gist.mac ?? gist.what)}
      </p>
      <ReasonInput
        field={FIELD}
        label={t('decide.reason')}
        required={false}
        help={t('decide.reason.help')}
        phrases={PHRASES}
        problem={problems.find((p) => p.field === FIELD)?.text}
        value={reason}
        onChange={setReason}
      />
      <div className="acts">
        {BUTTONS.map(({ decision, className }) => (
          <button key={decision} type="button" className={className} disabled={act.sending} onClick={() => decide(decision)}>
            {t(`decide.${decision}`)}
          </button>
        ))}
      </div>
    </section>
  );
}
