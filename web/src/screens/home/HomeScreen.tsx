// HomeScreen.tsx - where everybody begins: what is due, what is wrong, what can I do now. Who approves begins with what waits for them.
import { useEffect } from 'react';
import { listApplications } from '../../api/client.ts';
import { getHome, type Home } from '../../api/home.ts';
import { useLoad } from '../../api/useLoad.ts';
import { approvesFirst, kindsOf } from '../../app/menu.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { applyPath, keepsRules, useSession } from '../../app/session.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { ApplicationTable } from '../applications/ApplicationTable.tsx';
import { AskForm } from '../mayuse/AskForm.tsx';
import { DueList } from './DueList.tsx';
import { Nothing } from './Nothing.tsx';
import { SetupOffer } from './SetupOffer.tsx';
import { WrongList } from './WrongList.tsx';

const REFRESH_MS = 30_000;
const WAITING_MS = 5_000;

export function HomeScreen() {
  const place = usePlace();
  const session = useSession();
  const moved = place.searchParams.has('view'); // an address from before the lists had their own
  useEffect(() => {
    if (moved) go(`/applications${place.search}`, 'replace');
  }, [moved, place.search]);
  if (moved) return null;
  return approvesFirst(session) ? <ApproverHome /> : <OwnHome />;
}

/** 承認待ち first: the list itself, and above it one line that says whether something else wants attention. */
function ApproverHome() {
  const { t } = useWords();
  const { value: home, error, reload } = useLoad('home', getHome, REFRESH_MS);
  return (
    <Page title={t('home.title.waiting')} wide>
      {home ? <Elsewhere home={home} /> : null}
      <Waiting />
      <Lists home={home} error={error} reload={reload} without="waiting" />
    </Page>
  );
}

function Elsewhere({ home }: { home: Home }) {
  const { t } = useWords();
  const overdue = home.due.filter((due) => due.group === 'overdue' && due.kind !== 'waiting').length;
  if (overdue === 0 && home.wrong.length === 0) return null;
  return (
    <p className="elsewhere">
      <Icon name="warn" />
      {overdue > 0 ? <a href="#home-due">{t('home.elsewhere.overdue', String(overdue))}</a> : null}
      {home.wrong.length > 0 ? <a href="#home-wrong">{t('home.elsewhere.wrong', String(home.wrong.length))}</a> : null}
    </p>
  );
}

function Waiting() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('home waiting', () => listApplications('waiting'), WAITING_MS);
  if (error && !value) return <FailureNotice error={error} retry={() => void reload()} />;
  if (!value) return <p className="loading">{t('page.loading')}</p>;
  if (value.items.length === 0) return <Nothing text="home.waiting.none" at={new Date().toISOString()} />;
  return (
    <>
      <p className="count" role="status">
        <Link href="/applications?view=waiting">{t('home.count', String(value.total))}</Link>
      </p>
      <ApplicationTable rows={value.items} label={t('home.title.waiting')} own={false} />
    </>
  );
}

/** Everybody else: the two lists; who applies also finds the three things that one comes for. */
function OwnHome() {
  const { t } = useWords();
  const session = useSession();
  const staff = kindsOf(session).includes('staff');
  const { value: home, error, reload } = useLoad('home', getHome, REFRESH_MS);
  const apply = applyPath(session);
  return (
    <Page title={t(staff ? 'home.title.staff' : 'home.title')} wide>
      {staff ? (
        <section aria-labelledby="home-ask" className="panel ask">
          <h2 id="home-ask">{t('may.title')}</h2>
          <AskForm q="" />
          <p className="acts">
            {apply ? (
              <Link href={apply} className="button main">
                <Icon name="plus" />
                {t('menu.apply')}
              </Link>
            ) : null}
            <Link href="/report" className="button plain">
              <Icon name="warn" />
              {t('menu.report')}
            </Link>
          </p>
        </section>
      ) : null}
      <Lists home={home} error={error} reload={reload} quiet={staff} />
      {keepsRules(session) ? <SetupOffer /> : null}
      {staff ? null : (
        <p className="after">
          <Link href="/overview">{t('home.overview')}</Link>
        </p>
      )}
    </Page>
  );
}

type ListsProps = Pick<ReturnType<typeof useLoad<Home>>, 'error' | 'reload'> & { home: Home | null; without?: 'waiting'; /** What is not wrong is not said. */ quiet?: boolean };

function Lists({ home, error, reload, without, quiet }: ListsProps) {
  const { t } = useWords();
  if (error && !home) return <FailureNotice error={error} retry={() => void reload()} />;
  if (!home) return <p className="loading">{t('page.loading')}</p>;
  return (
    <div className="home-lists">
      <DueList home={home} {...(without ? { without } : {})} />
      {quiet && home.wrong.length === 0 ? null : <WrongList home={home} />}
    </div>
  );
}
