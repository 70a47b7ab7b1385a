// RegisterScreen.tsx - one register as a list: looked through by words, state and section; taken out and brought back as a sheet.
import { useState, type FormEvent } from 'react';
import type { Failure } from '../../api/client.ts';
import { listRows, registerSheetPath, type Filter, type Register, type Row } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { RowTable } from './RowTable.tsx';
import { useRegister } from './useRegister.ts';

export const FILTERS = ['q', 'state', 'section', 'of', 'sort'] as const;

export function filterAt(place: URL): Filter {
  const filter: Filter = {};
  for (const name of FILTERS) {
    const value = place.searchParams.get(name);
    if (value) filter[name] = value;
  }
  return filter;
}

export function RegisterScreen({ id }: { id: string }) {
  const { t, say } = useWords();
  const { register, loaded } = useRegister(id);
  const place = usePlace();
  if (register === null) return loaded.error ? <Failed error={loaded.error} retry={() => void loaded.reload()} /> : <p className="loading">{t('page.loading')}</p>;
  if (register === undefined) return <Failed error={{ kind: 'absent', key: 'common.route.absent', args: [] }} />;
  const filter = filterAt(place);
  return (
    <Page title={say(register.caption)} over={<Link href="/registers">{t('registers.title')}</Link>} wide>
      <Find key={id} register={register} filter={filter} />
      <Acts register={register} filter={filter} />
      <Rows key={place.search} register={register} filter={filter} />
    </Page>
  );
}

function Failed({ error, retry }: { error: Failure; retry?: () => void }) {
  const { t } = useWords();
  return (
    <Page title={t('registers.title')} failed>
      <FailureNotice error={error} {...(retry ? { retry } : {})} />
    </Page>
  );
}

function Find({ register, filter }: { register: Register; filter: Filter }) {
  const { t, say } = useWords();
  const [q, setQ] = useState(filter.q ?? '');
  const [shown, setShown] = useState(filter.q);
  // Back, or a link with a filter of its own. Drawing the form anew would take the focus from who just chose.
  if (shown !== filter.q) {
    setShown(filter.q);
    setQ(filter.q ?? '');
  }
  const states = register.columns.find((c) => c.id === 'state')?.words ?? [];
  const show = (next: Filter) => {
    const query = new URLSearchParams();
    for (const name of FILTERS) {
      const value = next[name];
      if (value) query.set(name, value);
    }
    const text = query.toString();
    go(`/registers/${register.id}${text ? `?${text}` : ''}`);
  };
  const find = (e: FormEvent) => {
    e.preventDefault();
    show({ ...filter, q: q.trim() });
  };
  return (
    <form className="find" role="search" onSubmit={find}>
      <p>
        <label htmlFor="register-q">{t('registers.find')}</label>
        <input id="register-q" type="search" value={q} onChange={(e) => setQ(e.target.value)} />
      </p>
      {states.length > 0 ? (
        <p>
          <label htmlFor="register-state">{t('registers.state')}</label>
          <select id="register-state" value={filter.state ?? ''} onChange={(e) => show({ ...filter, q: q.trim(), state: e.target.value })}>
            <option value="">{t('registers.state.any')}</option>
            {states.map((s) => (
              <option key={s.id} value={s.id}>
                {say(s.label)}
              </option>
            ))}
          </select>
        </p>
      ) : null}
      <p className="acts">
        <button type="submit" className="plain">
          {t('registers.find.act')}
        </button>
      </p>
    </form>
  );
}

function Acts({ register, filter }: { register: Register; filter: Filter }) {
  const { t } = useWords();
  return (
    <ul className="register-acts">
      {register.adds && register.writes && (!register.of || filter.of) ? (
        <li>
          <Link href={`/registers/${register.id}/add${filter.of ? `?of=${filter.of}` : ''}`}>{t('registers.add')}</Link>
        </li>
      ) : null}
      {register.adds && register.writes ? (
        <li>
          <Link href={`/registers/${register.id}/import${filter.of ? `?of=${filter.of}` : ''}`}>{t('registers.import')}</Link>
        </li>
      ) : null}
      <li>
        <a href={registerSheetPath(register.id, 'xlsx', filter)} download>
          {t('registers.xlsx')}
        </a>
      </li>
      <li>
        <a href={registerSheetPath(register.id, 'csv', filter)} download>
          {t('registers.csv')}
        </a>
      </li>
    </ul>
  );
}

function Rows({ register, filter }: { register: Register; filter: Filter }) {
  const { t } = useWords();
  const { value, error, reload } = useLoad(`register ${register.id} ${JSON.stringify(filter)}`, () => listRows(register.id, filter), 0);
  const [more, setMore] = useState<{ items: Row[]; next: string | undefined; error: Failure | null } | null>(null);
  const next = more ? more.next : value?.next;
  const rows = [...(value?.items ?? []), ...(more?.items ?? [])];

  const readMore = async () => {
    const reply = await listRows(register.id, filter, next);
    const before = more?.items ?? [];
    setMore(reply.ok ? { items: [...before, ...reply.value.items], next: reply.value.next, error: null } : { items: before, next, error: reply.error });
  };
  return (
    <>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? (
        <>
          <p className="count" role="status">
            {t(value.at_least ? 'list.count.at-least' : 'list.count', String(value.total))}
          </p>
          {rows.length > 0 ? <RowTable register={register} rows={rows} /> : <p className="empty">{t('registers.empty')}</p>}
        </>
      ) : null}
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
