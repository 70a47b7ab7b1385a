// App.tsx - who is there, what they may see, and which screen the address names.
import { lazy, Suspense, type ReactNode } from 'react';
import { getSession, type Session } from '../api/client.ts';
import { useLoad } from '../api/useLoad.ts';
import { FailureNotice } from '../parts/Notice.tsx';
import { Page } from '../parts/Page.tsx';
import { ApplicationScreen } from '../screens/application/ApplicationScreen.tsx';
import { ApplicationsScreen } from '../screens/applications/ApplicationsScreen.tsx';
import { ApplyScreen, MendScreen } from '../screens/apply/ApplyScreen.tsx';
import { GatesScreen } from '../screens/gates/GatesScreen.tsx';
import { useWords } from '../words/words.tsx';
import { Header } from './Header.tsx';
import { usePlace } from './router.tsx';
import { has, keepsRules, SessionContext } from './session.tsx';

/** Reads Excel files: a part of its own, loaded by whoever opens it. */
const SheetsScreen = lazy(() => import('../screens/sheets/SheetsScreen.tsx').then((m) => ({ default: m.SheetsScreen })));

type Route = { path: RegExp; open: (part: string) => ReactNode; may: (session: Session) => boolean };

const anyone = () => true;
const ROUTES: readonly Route[] = [
  { path: /^\/$/, open: () => <ApplicationsScreen />, may: anyone },
  { path: /^\/apply\/([a-z0-9-]+)$/, open: (form) => <ApplyScreen key={form} formId={form} />, may: anyone },
  { path: /^\/applications\/([0-9a-f-]{36})$/, open: (id) => <ApplicationScreen key={id} id={id} />, may: anyone },
  { path: /^\/applications\/([0-9a-f-]{36})\/mend$/, open: (id) => <MendScreen key={id} id={id} />, may: anyone },
  { path: /^\/gates$/, open: () => <GatesScreen />, may: (session) => has(session, 'system_manager') },
  { path: /^\/pack\/sheets$/, open: () => <SheetsScreen />, may: keepsRules },
];

function screenAt(path: string, session: Session): ReactNode {
  for (const route of ROUTES) {
    const found = route.path.exec(path);
    if (found && route.may(session)) return route.open(found[1] ?? '');
  }
  return null;
}

export function App() {
  const { t } = useWords();
  const place = usePlace();
  const { value: session, error, reload } = useLoad('session', getSession, 0);

  if (error && error.kind !== 'sign-in') {
    return (
      <Page title={t('error.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  if (!session) return <p className="loading">{t('page.loading')}</p>;
  return (
    <SessionContext value={session}>
      <Header />
      <Suspense fallback={<p className="loading">{t('page.loading')}</p>}>{screenAt(place.pathname, session) ?? <NotHere />}</Suspense>
    </SessionContext>
  );
}

function NotHere() {
  const { t } = useWords();
  return (
    <Page title={t('page.not-here')} failed>
      <p>{t('page.not-here.text')}</p>
      <p>
        <a href="/">{t('error.home')}</a>
      </p>
    </Page>
  );
}
