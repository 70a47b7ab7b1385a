// ApplicationsScreen.tsx - the list: what waits for me, what is mine, what I may see.
import { useState } from 'react';
import { listApplications, type Failure, type Summary, type View } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { applyPath, useSession } from '../../app/session.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { ApplicationTable } from './ApplicationTable.tsx';
import { nameOf, viewAt, viewsOf } from './views.ts';

const REFRESH_MS = 5000;

export function ApplicationsScreen() {
  const { t } = useWords();
  const session = useSession();
  const view = viewAt(session, usePlace());
  const title = t(`list.title.${nameOf(session, view)}`);
  const apply = applyPath(session);
  const first = useLoad(`list ${view}`, () => listApplications(view), REFRESH_MS);
  const [more, setMore] = useState<{ view: View; items: Summary[]; next: string | null; error: Failure | null } | null>(null);
  const added = more?.view === view ? more : null;
  const items = [...(first.value?.items ?? []), ...(added?.items ?? [])];
  const rows = [...new Map(items.map((item) => [item.id, item])).values()]; // a row can move between pages while we read
  const next = added ? added.next : first.value?.next;

  const readMore = async () => {
    if (!next) return;
    const reply = await listApplications(view, next);
    const before = added?.items ?? [];
    if (reply.ok) setMore({ view, items: [...before, ...reply.value.items], next: reply.value.next ?? null, error: null });
    else setMore({ view, items: before, next, error: reply.error });
  };

  return (
    <Page key={view} title={title} wide>
      <Views shown={view} />
      {apply ? (
        <p className="list-head">
          <Link href={apply} className="button main">
            <Icon name="plus" />
            {t('list.apply')}
          </Link>
        </p>
      ) : null}
      {first.error && !first.value ? <FailureNotice error={first.error} retry={() => void first.reload()} /> : null}
      {!first.value && !first.error ? <p className="loading">{t('page.loading')}</p> : null}
      {first.value ? (
        <>
          <p className="count" role="status">
            {t(view === 'waiting' ? 'list.count.waiting' : 'list.count', String(first.value.total))}
          </p>
          {rows.length > 0 ? <ApplicationTable rows={rows} label={title} own={view === 'mine'} /> : <Empty view={view} at={first.at} />}
        </>
      ) : null}
      {added?.error ? <FailureNotice error={added.error} /> : null}
      {next ? (
        <p className="acts">
          <button type="button" className="plain" onClick={() => void readMore()}>
            {t('list.more')}
          </button>
        </p>
      ) : null}
    </Page>
  );
}

function Views({ shown }: { shown: View }) {
  const { t } = useWords();
  const session = useSession();
  const views = viewsOf(session);
  if (views.length < 2) return null;
  return (
    <nav aria-label={t('list.views')}>
      <ul className="tabs">
        {views.map((view) => (
          <li key={view}>
            <Link href={`/applications?view=${view}`} current={view === shown}>
              {t(`list.view.${nameOf(session, view)}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** "Nothing" says when that was found, so that it is not mistaken for a page that did not load. */
function Empty({ view, at }: { view: View; at: Date | null }) {
  const { t, lang } = useWords();
  const clock = at?.toLocaleTimeString(lang, { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' }) ?? '';
  return <p className="empty">{t(view === 'waiting' ? 'list.empty.waiting' : 'list.empty', clock)}</p>;
}
