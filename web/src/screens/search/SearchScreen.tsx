// SearchScreen.tsx - two characters are enough: names, domains, free text of everything I may see.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { search, type Hit } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { rowPath } from '../registers/paths.ts';

export function SearchScreen() {
  const { t } = useWords();
  const asked = usePlace().searchParams.get('q') ?? '';
  const [q, setQ] = useState(asked);
  const find = (e: FormEvent) => {
    e.preventDefault();
    go(`/search?${new URLSearchParams({ q: q.trim() })}`);
  };
  return (
    <Page title={t('search.title')}>
      <form className="find" role="search" onSubmit={find}>
        <p>
          <label htmlFor="search-q">{t('search.q')}</label>
          <input id="search-q" type="search" value={q} onChange={(e) => setQ(e.target.value)} />
        </p>
        <p className="acts">
          <button type="submit" className="main">
            {t('search.act')}
          </button>
        </p>
      </form>
      {asked ? <Hits key={asked} q={asked} /> : <p className="quiet">{t('search.help')}</p>}
    </Page>
  );
}

function Hits({ q }: { q: string }) {
  const { t, say } = useWords();
  const { value, error, reload } = useLoad(`search ${q}`, () => search(q), 0);
  const [more, setMore] = useState<{ items: Hit[]; next: string | undefined; error: Failure | null } | null>(null);
  const next = more ? more.next : value?.next;
  const hits = [...(value?.items ?? []), ...(more?.items ?? [])];
  const readMore = async () => {
    const reply = await search(q, next);
    const before = more?.items ?? [];
    setMore(reply.ok ? { items: [...before, ...reply.value.items], next: reply.value.next, error: null } : { items: before, next, error: reply.error });
  };
  if (error && !value) return <FailureNotice error={error} retry={() => void reload()} />;
  if (!value) return <p className="loading">{t('page.loading')}</p>;
  return (
    <>
      <p className="count" role="status">
        {t(value.at_least ? 'list.count.at-least' : 'list.count', String(value.total))}
      </p>
      {hits.length === 0 ? <p className="empty">{t('search.nothing', q)}</p> : null}
      <ul className="forms">
        {hits.map((h) => (
          <li key={`${h.register} ${h.id}`}>
            <h2>
              <Link href={rowPath(h.register, h.id)}>{h.title}</Link>
            </h2>
            <p className="quiet">
              {say(h.where)}：{h.snippet}
            </p>
          </li>
        ))}
      </ul>
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
