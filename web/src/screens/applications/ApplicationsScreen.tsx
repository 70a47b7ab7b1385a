// ApplicationsScreen.tsx - the list: what waits for me, what is mine, what I may see.
import { useState } from 'react';
import { listApplications, type Failure, type Summary, type View } from '../../api/client.ts';
import { listDrafts, type DraftLine } from '../../api/drafts.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { applyPath, useSession } from '../../app/session.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { DraftCard } from '../apply/DraftCard.tsx';
import { ApplicationTable } from './ApplicationTable.tsx';
import { nameOf, viewAt, viewsOf } from './views.ts';

const REFRESH_MS = 5000;
const REFRESH_OWN_MS = 30_000; // each row's case is read for whose turn it is
const STATES = ['open', 'done'] as const;
type State = (typeof STATES)[number];

export function ApplicationsScreen() {
  const { t } = useWords();
  const session = useSession();
  const place = usePlace();
  const view = viewAt(session, place);
  const state = STATES.find((s) => s === place.searchParams.get('state'));
  const title = t(`list.title.${nameOf(session, view)}`);
  const apply = applyPath(session);
  const turns = view === 'mine' || view === 'drafted';
  const what = `list ${view} ${state ?? ''}`;
  const first = useLoad(what, () => listApplications(view, undefined, state), turns ? REFRESH_OWN_MS : REFRESH_MS);
  const [more, setMore] = useState<{ what: string; items: Summary[]; next: string | null; error: Failure | null } | null>(null);
  const added = more?.what === what ? more : null;
  const items = [...(first.value?.items ?? []), ...(added?.items ?? [])];
  const rows = [...new Map(items.map((item) => [item.id, item])).values()]; // a row can move between pages while we read
  const next = added ? added.next : first.value?.next;

  const readMore = async () => {
    if (!next) return;
    const reply = await listApplications(view, next, state);
    const before = added?.items ?? [];
    if (reply.ok) setMore({ what, items: [...before, ...reply.value.items], next: reply.value.next ?? null, error: null });
    else setMore({ what, items: before, next, error: reply.error });
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
      {view === 'mine' ? <MyDrafts /> : null}
      {turns ? <Filter view={view} shown={state} /> : null}
      {first.error && !first.value ? <FailureNotice error={first.error} retry={() => void first.reload()} /> : null}
      {!first.value && !first.error ? <p className="loading">{t('page.loading')}</p> : null}
      {first.value ? (
        <>
          <p className="count" role="status">
            {t(view === 'waiting' ? 'list.count.waiting' : 'list.count', String(first.value.total))}
          </p>
          {rows.length > 0 ? <ApplicationTable rows={rows} label={title} own={view === 'mine'} turns={turns} /> : <Empty view={view} at={first.at} />}
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

/** What is under way, what is over, or both. */
function Filter({ view, shown }: { view: View; shown: State | undefined }) {
  const { t } = useWords();
  return (
    <nav aria-label={t('list.filter')}>
      <ul className="tabs">
        {[undefined, ...STATES].map((state) => (
          <li key={state ?? 'all'}>
            <Link href={`/applications?view=${view}${state ? `&state=${state}` : ''}`} current={state === shown}>
              {t(`list.filter.${state ?? 'all'}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What is not sent yet stands before what is: it waits for nobody but oneself. */
function MyDrafts() {
  const { t } = useWords();
  const drafts = useLoad('drafts', listDrafts, 0);
  if (drafts.error && !drafts.value) return <FailureNotice error={drafts.error} retry={() => void drafts.reload()} />;
  if (!drafts.value || drafts.value.items.length === 0) return null;
  const { items, days } = drafts.value;
  return (
    <section aria-labelledby="drafts">
      <h2 id="drafts">{t('draft.list', String(items.length))}</h2>
      <p className="quiet">{days > 0 ? t('draft.list.help', String(days)) : t('draft.list.help.kept')}</p>
      <ul className="drafts">
        {items.map((draft) => (
          <DraftCard key={draft.id} draft={draft} goOn={() => go(pathOf(draft))} dropped={drafts.reload} />
        ))}
      </ul>
    </section>
  );
}

/** Where a draft goes on: a new application, or the case whose mending or sheet it is. */
function pathOf({ id, form, about, kind }: DraftLine): string {
  const path = about ? `/applications/${about}/${kind === 'sheet' ? `sheets/${form}` : kind}` : `/apply/${form}`;
  return `${path}?draft=${id}`;
}

/** "Nothing" says when that was found, so that it is not mistaken for a page that did not load. */
function Empty({ view, at }: { view: View; at: Date | null }) {
  const { t, lang } = useWords();
  const clock = at?.toLocaleTimeString(lang, { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' }) ?? '';
  return <p className="empty">{t(view === 'waiting' || view === 'papers' ? `list.empty.${view}` : 'list.empty', clock)}</p>;
}
