// ApplicationScreen.tsx - one application: what is asked, what I can do about it, what became of it.
import { useEffect, useState } from 'react';
import { getApplication, getForm, type Application, type Form } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { focusHeading, Page } from '../../parts/Page.tsx';
import { ReturnedBecause } from '../../parts/ReturnedBecause.tsx';
import { State } from '../../parts/State.tsx';
import { Papers } from '../../parts/Papers.tsx';
import { useWords } from '../../words/words.tsx';
import { Answers } from './Answers.tsx';
import { Criteria } from './Criteria.tsx';
import { DecideForm } from './DecideForm.tsx';
import { Differs } from './Differs.tsx';
import { Exceptions } from './Exceptions.tsx';
import { Fold } from './Fold.tsx';
import { gistOf } from './gist.ts';
import { Opinion } from './Opinion.tsx';
import { Outline } from './Outline.tsx';
import { ChangeUntil, Revoke, Withdraw } from './LaterActs.tsx';
import { Now } from './Now.tsx';
import { OpenList } from './OpenList.tsx';
import { PermitSection } from './PermitSection.tsx';
import { Ratings } from './Ratings.tsx';
import { Sheets } from './Sheets.tsx';
import { Steps } from './Steps.tsx';
import { Files } from '../registers/Files.tsx';
import { Timeline } from './Timeline.tsx';
import { Will } from './Will.tsx';

const FEW_ANSWERS = 8; // so many stand open before an approver
const CALM_MS = 5000;
const WATCH_MS = 500; // right after an act, until the gate has answered
const WATCH_AT_MOST_MS = 60_000; // a gate that is away is not waited for at this pace

/** Whether a permit for a device comes of it; other procedures end in the register or in the record. */
const wantsGate = (app: Application, form: Form | null): boolean => app.permit !== undefined || (form?.fields.some((f) => f.type === 'mac') ?? false);

/** Nothing more is expected of the gates: they answered, or the permit is over. */
function settled(app: Application, form: Form | null): boolean {
  if (app.state !== 'approved') return app.state !== 'submitted';
  if (!wantsGate(app, form)) return true;
  return app.permit !== undefined && (app.permit.enforcement.length > 0 || !['waiting', 'active'].includes(app.permit.state));
}

export function ApplicationScreen({ id }: { id: string }) {
  const { t, say } = useWords();
  const [watching, setWatching] = useState(false);
  const { value: app, error, reload } = useLoad(`application ${id}`, () => getApplication(id), watching ? WATCH_MS : CALM_MS);
  const form = useLoad(app ? `form ${app.form}` : null, () => getForm(app?.form ?? ''), 0).value;

  if (watching && app && settled(app, form)) setWatching(false);
  useEffect(() => {
    if (!watching) return undefined;
    const timer = window.setTimeout(() => setWatching(false), WATCH_AT_MOST_MS);
    return () => window.clearTimeout(timer);
  }, [watching]);

  if (!app) {
    if (!error) return <p className="loading">{t('page.loading')}</p>;
    return (
      <Page title={t('application.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  const acted = async () => {
    setWatching(true);
    await reload();
    focusHeading();
  };
  return (
    <Page title={say(app.title)} over={<Over app={app} />}>
      {error ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      <Body app={app} form={form} acted={acted} reload={reload} />
    </Page>
  );
}

function Over({ app }: { app: Application }) {
  const { t } = useWords();
  return (
    <>
      <Link href="/">{t('application.back')}</Link>
      <span className="over-number">
        {t('application.number')} <strong>{app.number}</strong>
      </span>
      <State of="application" is={app.state} />
    </>
  );
}

/** A returned application is the applicant's to mend. */
function Mend({ app }: { app: Application }) {
  const { t } = useWords();
  return (
    <ReturnedBecause app={app}>
      <p className="acts">
        <Link href={`/applications/${app.id}/mend`} className="button main">
          {t('mend.button')}
        </Link>
      </p>
    </ReturnedBecause>
  );
}

type BodyProps = { app: Application; form: Form | null; acted: () => Promise<void>; reload: () => Promise<void> };

function Body(props: BodyProps) {
  const { app } = props;
  const decides = app.steps.some((s) => s.mine && s.active && s.kind !== 'judge');
  return decides ? <Deciding {...props} /> : <Reading {...props} />;
}

/** Who decides reads three lines, what follows, what is new and what others think of it; the record lies folded below. */
function Deciding({ app, form, acted, reload }: BodyProps) {
  const { t } = useWords();
  const gist = gistOf(app, form);
  const elsewhere = app.sheets.some((s) => s.mine && !s.filled) || app.may.includes('judge');
  return (
    <>
      <Outline app={app} gist={gist} deciding />
      {elsewhere ? <Now app={app} /> : null}
      <Will app={app} />
      <Differs app={app} />
      <Opinion app={app} />
      <OpenList app={app} />
      <DecideForm key={app.rev} app={app} what={gist.what} acted={acted} reload={reload} />
      <Fold title={t('record.answers', String(app.answers.length))} open={app.answers.length <= FEW_ANSWERS}>
        <Answers app={app} form={form} />
        <Ratings app={app} acted={acted} />
      </Fold>
      <Fold title={t('record.judged')}>
        <Sheets app={app} />
        <Criteria app={app} />
        <Exceptions app={app} />
        <Steps app={app} />
      </Fold>
      <Fold title={t('record.papers')}>
        <Papers about={`application:${app.id}`} />
        <Files about={`application:${app.id}`} />
      </Fold>
      <Fold title={t('record.timeline', String(app.timeline.length))}>
        <Timeline app={app} />
      </Fold>
    </>
  );
}

/** Everybody else: what they can do, what became of it, and all that was written. */
function Reading({ app, form, acted, reload }: BodyProps) {
  const may = (act: Application['may'][number]) => app.may.includes(act);
  const gist = gistOf(app, form);
  return (
    <>
      <Outline app={app} gist={gist} deciding={false} />
      {may('resubmit') ? <Mend app={app} /> : null}
      <Now app={app} />
      {app.permit || (app.state === 'approved' && wantsGate(app, form)) ? <PermitSection app={app} /> : null}
      {app.permit && may('change-until') ? <ChangeUntil permit={app.permit} acted={acted} reload={reload} /> : null}
      {app.permit && may('revoke') ? <Revoke permit={app.permit} acted={acted} reload={reload} /> : null}
      <OpenList app={app} />
      {may('decide') ? <Differs app={app} /> : null}
      <Ratings app={app} acted={acted} />
      <Answers app={app} form={form} />
      <Sheets app={app} />
      <Criteria app={app} />
      <Exceptions app={app} />
      {may('decide') || may('confirm') ? <DecideForm key={app.rev} app={app} what={gist.what} acted={acted} reload={reload} /> : null}
      <Steps app={app} />
      <Will app={app} />
      {may('correct') ? <Correct app={app} /> : null}
      {may('withdraw') ? <Withdraw app={app} acted={acted} reload={reload} /> : null}
      <Papers about={`application:${app.id}`} />
      <Files about={`application:${app.id}`} />
      <Timeline app={app} />
    </>
  );
}

function Correct({ app }: { app: Application }) {
  const { t } = useWords();
  return (
    <p className="acts correct">
      <Link href={`/applications/${app.id}/correct`} className="button">
        {t('correct.button')}
      </Link>
    </p>
  );
}
