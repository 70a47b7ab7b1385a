// ReportScreen.tsx - 紛失・不審なことの報告: three questions, for anybody, on a telephone too. The CSIRT is told at once.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { listFindings, report } from '../../api/incidents.ts';
import { useLoad } from '../../api/useLoad.ts';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function ReportScreen() {
  const words = useWords();
  const { t } = words;
  const mine = useLoad('my reports', () => listFindings('mine'), 0);
  const [what, setWhat] = useState('');
  const [when, setWhen] = useState('');
  const [host, setHost] = useState('');
  const [sent, setSent] = useState(false);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);

  const send = async (e: FormEvent) => {
    e.preventDefault();
    setSending(true);
    setError(null);
    const reply = await report({ what: what.trim(), ...(when ? { when } : {}), ...(host.trim() ? { host: host.trim() } : {}) });
    setSending(false);
    if (!reply.ok) {
      setError(reply.error);
      setAttempt((n) => n + 1);
      return;
    }
    setSent(true);
    setWhat('');
    setWhen('');
    setHost('');
    await mine.reload();
  };
  const problem = error ? problemOf(error, ['what', 'when', 'host'], words) : null;
  const of = (field: string) => (problem?.field === field ? problem.text : undefined);
  return (
    <Page title={t('report.title')}>
      {sent ? (
        <div className="notice good" role="status">
          <p className="notice-title">{t('report.sent')}</p>
          <p>{t('report.sent.next')}</p>
        </div>
      ) : (
        <p>{t('report.intro')}</p>
      )}
      <ErrorSummary problems={problem ? [problem] : []} attempt={attempt} />
      <form noValidate onSubmit={(e) => void send(e)}>
        <Labelled field="what" label={t('report.what')} required problem={of('what')} hints={{ sample: t('report.what.sample') }}>
          {(control) => <textarea {...control} rows={4} value={what} onChange={(e) => setWhat(e.target.value)} />}
        </Labelled>
        <Labelled field="when" label={t('report.when')} required={false} problem={of('when')}>
          {(control) => <input {...control} type="datetime-local" value={when} onChange={(e) => setWhen(e.target.value)} />}
        </Labelled>
        <Labelled field="host" label={t('report.host')} required={false} problem={of('host')} hints={{ help: t('report.host.help') }}>
          {(control) => <input {...control} type="text" value={host} onChange={(e) => setHost(e.target.value)} />}
        </Labelled>
        <p className="acts">
          <button type="submit" className="main" disabled={sending}>
            {t('report.send')}
          </button>
        </p>
      </form>
      {mine.value && mine.value.items.length > 0 ? (
        <section aria-labelledby="my-reports">
          <h2 id="my-reports">{t('report.mine')}</h2>
          <ul className="duties">
            {mine.value.items.map((f) => (
              <li key={f.id}>
                <span className="lines">{f.text}</span>
                <span className="sheet-state">
                  <State of="finding" is={f.state} />
                  <When at={f.first_at} as="short" />
                  {f.outcome ? <span>{f.outcome.number}</span> : null}
                </span>
                {f.reason ? <span className="second lines">{f.reason}</span> : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </Page>
  );
}
