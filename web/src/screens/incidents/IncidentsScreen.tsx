// IncidentsScreen.tsx - what calls for an answer, what was reported, and the cases: for those who handle them.
import { useState } from 'react';
import { closeFinding, contactsNow, listAlerts, listFindings, listIncidents, type Alert, type Finding } from '../../api/incidents.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { clockOf } from '../../words/time.ts';
import { noReason, useAct } from '../application/useAct.ts';
import { Answer } from './Answer.tsx';
import { Phone } from './Called.tsx';

const EVERY_MS = 15_000;

export function IncidentsScreen() {
  const { t } = useWords();
  const view = usePlace().searchParams.get('view') === 'all' ? 'all' : 'open';
  return (
    <Page title={t('incidents.title')} wide>
      <Alerts />
      <Findings />
      <nav aria-label={t('incidents.title')}>
        <ul className="tabs">
          {(['open', 'all'] as const).map((v) => (
            <li key={v}>
              <Link href={`/incidents?view=${v}`} current={v === view}>
                {t(`incidents.view.${v}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Cases key={view} view={view} />
      <Now />
    </Page>
  );
}

/** Calls that wait for my answer come first: one press ends the calling. */
function Alerts() {
  const { t } = useWords();
  const { value, reload } = useLoad('alerts', listAlerts, EVERY_MS);
  const waiting = (value?.items ?? []).filter((a) => a.state === 'sent');
  if (waiting.length === 0) return null;
  return (
    <section className="notice bad" aria-labelledby="alerts" role="alert">
      <h2 id="alerts">{t('incidents.alerts')}</h2>
      {waiting.map((a) => (
        <OneAlert key={a.id} alert={a} acted={reload} />
      ))}
    </section>
  );
}

function OneAlert({ alert, acted }: { alert: Alert; acted: () => Promise<void> }) {
  const { t } = useWords();
  return (
    <div>
      <p>
        <Link href={`/incidents/${alert.incident}`}>{alert.number ?? t('incidents.title')}</Link> {alert.drill ? t('incidents.drill') : ''}
        {t('incidents.alert.until')} {clockOf(alert.due_at)}
      </p>
      <Answer alert={alert} acted={acted} mine />
    </div>
  );
}

function Findings() {
  const { t } = useWords();
  const { value, reload } = useLoad('findings', () => listFindings('open'), EVERY_MS);
  if (!value || value.items.length === 0) return null;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{t('incidents.findings')}</h2>
      <ul className="duties">
        {value.items.map((f) => (
          <OneFinding key={f.id} finding={f} acted={reload} />
        ))}
      </ul>
    </section>
  );
}

function OneFinding({ finding: f, acted }: { finding: Finding; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [reason, setReason] = useState('');
  const act = useAct(acted);
  const field = `finding-${f.id}`;
  const problems = act.error ? [{ ...problemOf(act.error, ['reason'], words), field }] : [];
  const close = () => {
    if (reason.trim()) void act.send(() => closeFinding(f.id, reason.trim(), f.rev));
    else act.refuse(noReason('reason'));
  };
  return (
    <li>
      <span className="lines">{f.text}</span>
      <span className="sheet-state">
        <State of="severity" is={f.severity} />
        <When at={f.first_at} as="short" />
        {f.person ? <span>{f.person.name}</span> : null}
        {f.section ? <span className="quiet">{f.section}</span> : null}
        {f.host ? <span className="quiet">{f.host}</span> : null}
      </span>
      <p className="acts">
        <Link href={`/incidents/open?finding=${f.id}`}>{t('incidents.open')}</Link>
      </p>
      <details>
        <summary>{t('incidents.finding.close')}</summary>
        <ErrorSummary problems={problems} attempt={act.attempt} />
        <ReasonInput field={field} label={t('incidents.finding.reason')} required phrases={[]} problem={problems[0]?.text} value={reason} onChange={setReason} />
        <p className="acts">
          <button type="button" className="plain" disabled={act.sending} onClick={close}>
            {t('incidents.finding.close')}
          </button>
        </p>
      </details>
    </li>
  );
}

function Cases({ view }: { view: 'open' | 'all' }) {
  const { t, say } = useWords();
  const { value, error, reload } = useLoad(`incidents ${view}`, () => listIncidents(view), EVERY_MS);
  if (error && !value) return <FailureNotice error={error} retry={() => void reload()} />;
  if (!value) return <p className="loading">{t('page.loading')}</p>;
  return (
    <>
      {value.handles ? (
        <p className="acts">
          <Link href="/incidents/open">{t('incidents.open')}</Link>
        </p>
      ) : null}
      {value.items.length === 0 ? <p className="empty">{t('incidents.empty')}</p> : null}
      {value.items.length > 0 ? (
        <table className="list" aria-label={t('incidents.title')}>
          <thead>
            <tr>
              {(['title', 'state', 'severity', 'lead', 'found'] as const).map((c) => (
                <th key={c} scope="col">
                  {t(`incidents.column.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value.items.map((i) => (
              <tr key={i.id}>
                <th scope="row">
                  <Link href={`/incidents/${i.id}`}>{i.title}</Link>
                  <span className="second">
                    {i.number}・{i.kind_text ? say(i.kind_text) : i.kind}
                    {i.drill ? `・${t('incidents.drill')}` : ''}
                  </span>
                </th>
                <td data-label={t('incidents.column.state')}>
                  <State of="incident" is={i.state} />
                </td>
                <td data-label={t('incidents.column.severity')}>
                  <State of="severity" is={i.severity} />
                </td>
                <td data-label={t('incidents.column.lead')}>{i.lead?.name ?? '－'}</td>
                <td data-label={t('incidents.column.found')}>
                  <When at={i.found_at} as="short" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </>
  );
}

/** Who is called at this hour, in order. */
function Now() {
  const { t } = useWords();
  const { value } = useLoad('contacts now', contactsNow, 0);
  if (!value) return null;
  return (
    <section aria-labelledby="contacts-now">
      <h2 id="contacts-now">{t(`incidents.now.${value.watch}`)}</h2>
      {value.items.length === 0 ? <p className="empty">{t('incidents.now.nobody')}</p> : null}
      <ol className="answer-rows">
        {value.items.map((c) => (
          <li key={`${c.id} ${c.stands_in}`}>
            {c.name} {c.phone ? <Phone number={c.phone} /> : null}
            <span className="second">
              {c.organisation}
              {c.stands_in ? `・${t('incidents.now.stands-in')}` : ''}
            </span>
          </li>
        ))}
      </ol>
      <p>
        <Link href="/registers/contact">{t('incidents.now.register')}</Link>
      </p>
    </section>
  );
}
