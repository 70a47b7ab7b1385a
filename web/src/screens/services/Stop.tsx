// Stop.tsx - a service stopped or let run again: a decision of the approver, with a reason that its users are told.
import { useState } from 'react';
import { resumeService, suspendService, type Service } from '../../api/client.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { useWords } from '../../words/words.tsx';
import { noReason, useAct } from '../application/useAct.ts';

export function Stop({ service, acted }: { service: Service; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const stopped = service.state === 'suspended';
  if (!service.may.includes(stopped ? 'resume' : 'suspend')) return null;
  const problems = act.error ? [problemOf(act.error, ['reason'], words)] : [];
  const send = () => {
    if (!reason.trim()) return act.refuse(noReason('reason'));
    return void act.send(() => (stopped ? resumeService : suspendService)(service.id, reason.trim(), service.rev));
  };
  return (
    <details className="panel">
      <summary>{t(stopped ? 'services.resume' : 'services.suspend')}</summary>
      <ErrorSummary problems={problems} attempt={act.attempt} />
      <ReasonInput field="reason" label={t('registers.end.reason')} required phrases={[]} problem={problems[0]?.text} value={reason} onChange={setReason} />
      <p className="acts">
        <button type="button" className="main" disabled={act.sending} onClick={send}>
          {t(stopped ? 'services.resume' : 'services.suspend')}
        </button>
      </p>
    </details>
  );
}
