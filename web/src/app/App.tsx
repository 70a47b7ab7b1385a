// App.tsx - who is there, what they may see, and which screen the address names.
import { Suspense } from 'react';
import { getSession } from '../api/client.ts';
import { useLoad } from '../api/useLoad.ts';
import { FailureNotice } from '../parts/Notice.tsx';
import { Page } from '../parts/Page.tsx';
import { useWords } from '../words/words.tsx';
import { Footer, Header } from './Header.tsx';
import { usePlace } from './router.tsx';
import { screenAt } from './routes.tsx';
import { SessionContext } from './session.tsx';

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
      <Footer />
    </SessionContext>
  );
}

function NotHere() {
  const { t } = useWords();
  return (
    <Page title={t('page.not-here')} failed>
      <p className="not-here">{t('page.not-here.text')}</p>
      <p>
        <a href="/">{t('error.home')}</a>
      </p>
    </Page>
  );
}
