// Answer.tsx - a call that waits for an answer: one press with the thumb ends the calling.
import { useState } from 'react';
import { acknowledge, type Alert } from '../../api/incidents.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Left } from '../../parts/Left.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import type { Key } from '../../words/text.ts';
import { useWords } from '../../words/words.tsx';
import { useAct } from '../application/useAct.ts';

type AnswerProps = { alert: Alert; acted: () => Promise<void>; /** Called myself, or somebody answers who reached them. */ mine: boolean };

export function Answer({ alert, acted, mine }: AnswerProps) {
  const words = useWords();
  const { t } = words;
  const first: Key = mine ? 'incidents.alert.how.seen' : 'incidents.alert.how.called';
  const [how, setHow] = useState(t(first));
  const act = useAct(acted);
  const field = `how-${alert.id}`;
  const problems = act.error ? [{ ...problemOf(act.error, ['how'], words), field }] : [];
  return (
    <div className="answer-call">
      <ErrorSummary problems={problems} attempt={act.attempt} />
      <p className="acts">
        <button type="button" className="main" disabled={act.sending} onClick={() => void act.send(() => acknowledge(alert.id, how.trim()))}>
          {t(mine ? 'incidents.alert.answer' : 'incidents.alert.answer-for', alert.contact?.name ?? '')}
        </button>
        <Left until={alert.due_at} />
      </p>
      <details>
        <summary>{t('incidents.alert.how.other')}</summary>
        <ReasonInput
          field={field}
          label={t('incidents.alert.how')}
          required
          phrases={[t('incidents.alert.how.seen'), t('incidents.alert.how.called')]}
          problem={problems[0]?.text}
          value={how}
          onChange={setHow}
        />
      </details>
    </div>
  );
}
