// InstallationScreen.tsx - 設置状況: what the program sees of itself, what it cannot see, and what to do. The worst stands first.
import { useState } from 'react';
import type { Failure } from '../../api/client.ts';
import { getInstallation, playPeople, type Check, type Installation } from '../../api/oversight.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { seesCoverage, useSession } from '../../app/session.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { clockOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { HouseClockSection } from './HouseClockSection.tsx';

const WORST = ['bad', 'attention', 'unknown', 'ok'] as const;

export function InstallationScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('installation', getInstallation, 0);
  return (
    <Page title={t('installation.title')}>
      <p className="lead">{t('installation.lead')}</p>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      <HouseClockSection />
      {value ? <Checks installation={value} /> : null}
    </Page>
  );
}

function Checks({ installation }: { installation: Installation }) {
  const { t } = useWords();
  const coverage = seesCoverage(useSession());
  const all = WORST.flatMap((state) => installation.checks.filter((check) => check.state === state));
  const counts = WORST.map((state) => String(all.filter((check) => check.state === state).length));
  return (
    <>
      <h2 id="checks">{t('installation.checks')}</h2>
      <p>{t('installation.summary', ...counts)} {t('installation.at', clockOf(installation.checked_at))}</p>
      <ul className="criteria">
        {all.map((check) => (
          <OneCheck key={check.id} check={check} />
        ))}
      </ul>
      <People />
      <p className="acts">
        <Link href="/installation/witnesses">{t('witnesses.title')}</Link>
        <Link href="/installation/keys">{t('keys.title')}</Link>
      </p>
      <p className="quiet">{t('installation.version', installation.version)}</p>
      {coverage ? (
        <p>
          <Link href="/coverage">{t('installation.coverage')}</Link>
        </p>
      ) : null}
    </>
  );
}

function OneCheck({ check }: { check: Check }) {
  const { t, tOf, tKey } = useWords();
  return (
    <li data-check={check.id}>
      <p className="criterion-head">
        <State of="check" is={check.state} />
        <strong>{tOf('installation.name', check.id)}</strong>
      </p>
      <p className="lines">{tKey(`installation.${check.id}.${check.state}`, [String(check.count), check.names.join('、')])}</p>
      {check.since && check.state !== 'ok' ? (
        <p className="quiet">
          {t('installation.since')} <When at={check.since} />
        </p>
      ) : null}
      {check.state !== 'ok' ? (
        <p>
          <span className="quiet">{t('installation.do')}:</span> {tKey(`installation.${check.id}.do`)} {check.href ? <Link href={check.href}>{t('installation.open')}</Link> : null}
        </p>
      ) : null}
    </li>
  );
}

/** Played only when somebody asks: with many people it takes a while. */
function People() {
  const { t, say } = useWords();
  const [running, setRunning] = useState(false);
  const [found, setFound] = useState<Installation['people']>();
  const [error, setError] = useState<Failure | null>(null);
  const run = async () => {
    setRunning(true);
    setError(null);
    const reply = await playPeople();
    setRunning(false);
    if (reply.ok) setFound(reply.value.people);
    else setError(reply.error);
  };
  const stops = found?.findings.filter((finding) => finding.stops) ?? [];
  const notes = found?.findings.filter((finding) => !finding.stops) ?? [];
  const list = (findings: typeof notes) => (
    <ul className="criteria">
      {findings.map((finding) => (
        <li key={finding.what.ja}>
          <p className="lines">{say(finding.what)}</p>
          <p className="quiet">{say(finding.mend)}</p>
        </li>
      ))}
    </ul>
  );
  return (
    <section aria-labelledby="people">
      <h2 id="people">{t('installation.people.title')}</h2>
      <p>{t('installation.people.lead')}</p>
      {error ? <FailureNotice error={error} /> : null}
      <p className="acts">
        <button type="button" className="plain" disabled={running} onClick={() => void run()}>
          {t('installation.people.run')}
        </button>
      </p>
      <div role="status">
        {running ? t('installation.people.running') : null}
        {found ? <p>{t(found.stuck > 0 ? 'installation.people.stuck' : 'installation.people.good', String(found.people), String(found.stuck))}</p> : null}
      </div>
      {stops.length > 0 ? list(stops) : null}
      {notes.length > 0 ? (
        <details>
          <summary>{t('installation.people.notes', String(notes.length))}</summary>
          {list(notes)}
        </details>
      ) : null}
    </section>
  );
}
