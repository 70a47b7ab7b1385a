// DutiesScreen.tsx - 期限のある仕事: what I have to do by when, and how I say that it is done.
import { useState } from 'react';
import { CALENDAR_PATH, closeDuty, listDuties, type Duty, type DutyView, type Failure } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { seesAll, useSession } from '../../app/session.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { focusHeading, Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { useAct } from '../application/useAct.ts';

const VIEWS: readonly DutyView[] = ['mine', 'all', 'closed'];

export function DutiesScreen() {
  const { t } = useWords();
  const all = seesAll(useSession());
  const asked = usePlace().searchParams.get('view');
  const view = (all && VIEWS.find((v) => v === asked)) || 'mine';
  return (
    <Page key={view} title={t('duties.title')}>
      {all ? (
        <nav aria-label={t('duties.views')}>
          <ul className="tabs">
            {VIEWS.map((v) => (
              <li key={v}>
                <Link href={`/duties?view=${v}`} current={v === view}>
                  {t(`duties.view.${v}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
      <p className="acts">
        <a href={CALENDAR_PATH} download>
          {t('duties.calendar')}
        </a>
      </p>
      <DutyList key={view} view={view} />
    </Page>
  );
}

function DutyList({ view }: { view: DutyView }) {
  const { t } = useWords();
  const { value, error, reload } = useLoad(`duties ${view}`, () => listDuties(view), 0);
  const [more, setMore] = useState<{ items: Duty[]; next: string | undefined; error: Failure | null } | null>(null);
  const next = more ? more.next : value?.next;
  const rows = [...(value?.items ?? []), ...(more?.items ?? [])];

  const readMore = async () => {
    const reply = await listDuties(view, next);
    const before = more?.items ?? [];
    setMore(reply.ok ? { items: [...before, ...reply.value.items], next: reply.value.next, error: null } : { items: before, next, error: reply.error });
  };
  const acted = async () => {
    setMore(null);
    await reload();
    focusHeading();
  };
  return (
    <>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value && rows.length === 0 ? <p className="empty">{t('duties.empty')}</p> : null}
      {rows.map((duty) => (
        <OneDuty key={duty.id} duty={duty} closes={view === 'mine'} acted={acted} />
      ))}
      {more?.error ? <FailureNotice error={more.error} /> : null}
      {next ? (
        <p className="acts">
          <button type="button" className="plain" onClick={() => void readMore()}>
            {t('list.more')}
          </button>
        </p>
      ) : null}
    </>
  );
}

function OneDuty({ duty, closes, acted }: { duty: Duty; closes: boolean; acted: () => Promise<void> }) {
  const { t, say } = useWords();
  const incident = duty.kind === 'clock' ? duty.subject : undefined;
  const whose = duty.person?.name ?? (duty.role_name ? say(duty.role_name) : '');
  return (
    <section className="panel duty" aria-labelledby={`duty-${duty.id}`}>
      <h2 id={`duty-${duty.id}`} className="lines">
        {duty.title ? say(duty.title) : duty.text}
      </h2>
      <p className="sheet-state">
        <State of="duty" is={duty.state === 'open' && duty.overdue ? 'overdue' : duty.state} />
        {duty.due_at ? (
          <span>
            {t('duties.due')} <When at={duty.due_at} as="until" />
          </span>
        ) : null}
        {whose ? <span className="quiet">{t('duties.whose', whose)}</span> : null}
      </p>
      {duty.service || duty.application || incident ? (
        <p className="sheet-state">
          {duty.service ? <Link href={`/services/${duty.service.id}`}>{duty.service.name}</Link> : null}
          {duty.application ? <Link href={`/applications/${duty.application}`}>{t('duties.application')}</Link> : null}
          {incident ? <Link href={`/incidents/${incident}`}>{t('duties.incident')}</Link> : null}
        </p>
      ) : null}
      {duty.evidence ? (
        <p className="step-reason lines">
          {duty.evidence}
          {duty.closed_by && duty.closed_at ? (
            <span className="second">
              {duty.closed_by} <When at={duty.closed_at} />
            </span>
          ) : null}
        </p>
      ) : null}
      {duty.state === 'open' && duty.closed_by_act ? <p className="quiet">{say(duty.closed_by_act)}</p> : null}
      {duty.state === 'open' && duty.guessed ? <p className="quiet">{t('duties.guessed')}</p> : null}
      {closes && duty.state === 'open' && !duty.closed_by_act ? <Close duty={duty} acted={acted} /> : null}
    </section>
  );
}

/** Closing asks for what can be checked later. */
function Close({ duty, acted }: { duty: Duty; acted: () => Promise<void> }) {
  const words = useWords();
  const { t } = words;
  const [evidence, setEvidence] = useState('');
  const act = useAct(acted);
  const field = `evidence-${duty.id}`;
  const problems = act.error ? [{ ...problemOf(act.error, ['evidence'], words), field }] : [];
  const send = () => {
    if (evidence.trim()) void act.send(() => closeDuty(duty.id, evidence.trim(), duty.rev));
    else act.refuse({ kind: 'input', key: 'duty.evidence', field: 'evidence', args: [] });
  };
  return (
    <details>
      <summary>{t('duties.close')}</summary>
      <ErrorSummary problems={problems} attempt={act.attempt} />
      <Labelled field={field} label={t('duties.evidence')} required problem={problems[0]?.text} hints={{ help: t('duties.evidence.help') }}>
        {(control) => <textarea {...control} rows={2} value={evidence} onChange={(e) => setEvidence(e.target.value)} />}
      </Labelled>
      <p className="acts">
        <button type="button" className="main" disabled={act.sending} onClick={send}>
          {t('duties.close')}
        </button>
      </p>
    </details>
  );
}
