// IncidentScreen.tsx - one case: how it stands, the clocks, what was done and said, who was called; and the next act.
import type { ReactNode } from 'react';
import { getIncident, type Clock, type Incident } from '../../api/incidents.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { Left } from '../../parts/Left.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Papers } from '../../parts/Papers.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { Files } from '../registers/Files.tsx';
import { Called } from './Called.tsx';
import { ConcludeForm, ConfirmForm, ContainForm, GradeForm, LogForm, ReportClock } from './IncidentActs.tsx';

const EVERY_MS = 15_000;

export function IncidentScreen({ id }: { id: string }) {
  const { t } = useWords();
  const { value: incident, error, reload } = useLoad(`incident ${id}`, () => getIncident(id), EVERY_MS);
  if (!incident) {
    if (!error) return <p className="loading">{t('page.loading')}</p>;
    return (
      <Page title={t('incidents.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  const may = (what: Incident['may'][number]) => incident.may.includes(what);
  return (
    <Page
      title={incident.title}
      over={
        <>
          <Link href="/incidents">{t('incidents.title')}</Link> {incident.number} <State of="incident" is={incident.state} />
        </>
      }
    >
      {incident.drill ? <p className="notice wait">{t('incidents.drill.is')}</p> : null}
      <Called incident={incident} acted={reload} />
      <Clocks incident={incident} acted={reload} />
      <Facts incident={incident} />
      {may('confirm') ? <ConfirmForm incident={incident} acted={reload} /> : null}
      {may('log') ? <LogForm incident={incident} acted={reload} /> : null}
      <Log incident={incident} />
      {may('grade') ? <GradeForm key={incident.rev} incident={incident} acted={reload} /> : null}
      {may('contain') ? <ContainForm incident={incident} acted={reload} /> : null}
      {may('conclude') ? <ConcludeForm incident={incident} acted={reload} /> : null}
      <Papers about={`incident:${id}`} />
      <Files about={`incident:${id}`} />
    </Page>
  );
}

function Facts({ incident: i }: { incident: Incident }) {
  const { t, say } = useWords();
  const rows: [string, ReactNode][] = [
    [t('incidents.field.kind'), i.kind_text ? say(i.kind_text) : i.kind],
    [t('incidents.field.severity'), <State key="s" of="severity" is={i.severity} />],
    [t('incidents.field.leak'), t(`register.incident.leak.${i.leak}`)],
    [t('register.incident.people'), i.people === undefined ? '－' : String(i.people)],
    [t('register.incident.found_at'), <When key="f" at={i.found_at} />],
    [t('register.incident.reporter'), i.reporter?.name ?? '－'],
    [t('register.incident.lead'), i.lead?.name ?? '－'],
    [t('register.incident.text'), i.text],
  ];
  if (i.conclusion) rows.push([t('register.incident.conclusion'), i.conclusion]);
  return (
    <section className="panel" aria-labelledby="incident-facts">
      <h2 id="incident-facts">{t('registers.cells')}</h2>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="lines">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Clocks({ incident, acted }: { incident: Incident; acted: () => Promise<void> }) {
  const { t } = useWords();
  if (incident.clocks.length === 0) return null;
  return (
    <section aria-labelledby="clocks">
      <h2 id="clocks">{t('incidents.clocks')}</h2>
      <ul className="duties">
        {incident.clocks.map((c) => (
          <OneClock key={c.id} clock={c} acted={acted} may={incident.may.includes('log')} />
        ))}
      </ul>
    </section>
  );
}

function OneClock({ clock: c, acted, may }: { clock: Clock; acted: () => Promise<void>; may: boolean }) {
  const { t, say } = useWords();
  return (
    <li>
      {c.title ? say(c.title) : c.rule}
      <span className="sheet-state">
        <State of="duty" is={c.state === 'open' && c.overdue ? 'overdue' : c.state} />
        <span>
          {t('duties.due')} <When at={c.due_at} as="until" />
        </span>
        {c.state === 'open' ? <Left until={c.due_at} /> : null}
      </span>
      {c.evidence ? <span className="second lines">{c.evidence}</span> : null}
      {may && c.state === 'open' ? <ReportClock clock={c} acted={acted} /> : null}
    </li>
  );
}

function Log({ incident }: { incident: Incident }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="incident-log">
      <h2 id="incident-log">{t('incidents.log')}</h2>
      {incident.log.length === 0 ? <p className="empty">{t('incidents.log.empty')}</p> : null}
      <ol className="history">
        {incident.log.map((l) => (
          <li key={l.id}>
            <p className="sheet-state">
              <strong>{t(`incidents.log.${l.kind}`)}</strong>
              <When at={l.at} />
              <span>{l.person.name}</span>
            </p>
            <p className="lines">{l.text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
