// DeputiesScreen.tsx - 代理（代決）: who decides for me while I am away. The secretariat sees everybody's.
import { Link } from '../../app/router.tsx';
import { seesAll, useSession } from '../../app/session.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { Deputies } from './DeputyList.tsx';

export function DeputiesScreen() {
  const { t } = useWords();
  const session = useSession();
  const { person } = session;
  const decides = person.roles.some((role) => role !== 'staff');
  return (
    <Page title={t('posts.deputies')} over={seesAll(session) ? <Link href="/people">{t('posts.title')}</Link> : undefined}>
      <p>{t('posts.deputies.intro')}</p>
      <Deputies may={decides} />
    </Page>
  );
}
