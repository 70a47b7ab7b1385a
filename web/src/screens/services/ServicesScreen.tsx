// ServicesScreen.tsx - 承認済み外部サービス: what may be used, up to which class, under whose care, and what falls due. The filter is the address.
import { useState } from 'react';
import type { Failure, ServiceLine } from '../../api/client.ts';
import { registerSheetPath, type Filter } from '../../api/registers.ts';
import { listServices } from '../../api/services.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link, usePlace } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { useRegister } from '../registers/useRegister.ts';
import { FILTERS, FindServices } from './FindServices.tsx';
import { ServiceTable } from './ServiceTable.tsx';

function filterAt(place: URL): Filter {
  const filter: Filter = {};
  for (const name of FILTERS) {
    const value = place.searchParams.get(name);
    if (value) filter[name] = value;
  }
  return filter;
}

export function ServicesScreen() {
  const { t } = useWords();
  const place = usePlace();
  const filter = filterAt(place);
  return (
    <Page title={t('services.title')} wide>
      <FindServices filter={filter} />
      <Found key={place.search} filter={filter} />
    </Page>
  );
}

function Found({ filter }: { filter: Filter }) {
  const { t } = useWords();
  const { register } = useRegister('service');
  const { value, error, reload } = useLoad(`services ${JSON.stringify(filter)}`, () => listServices(filter), 0);
  const [more, setMore] = useState<{ items: ServiceLine[]; next: string | undefined; error: Failure | null } | null>(null);
  const next = more ? more.next : value?.next;
  const rows = [...(value?.items ?? []), ...(more?.items ?? [])];

  const readMore = async () => {
    const reply = await listServices(filter, next);
    const before = more?.items ?? [];
    setMore(reply.ok ? { items: [...before, ...reply.value.items], next: reply.value.next, error: null } : { items: before, next, error: reply.error });
  };
  if (!value) return error ? <FailureNotice error={error} retry={() => void reload()} /> : <p className="loading">{t('page.loading')}</p>;
  return (
    <>
      <div className="list-top">
        <p className="count" role="status">
          {t(value.at_least ? 'list.count.at-least' : 'list.count', String(value.total))}
        </p>
        <ul className="register-acts">
          <li>
            <a href={registerSheetPath('service', 'xlsx', filter)} download>
              {t('services.xlsx')}
            </a>
          </li>
          {register?.adds && register.writes ? (
            <li>
              <Link href="/registers/service/import">{t('registers.import')}</Link>
            </li>
          ) : null}
        </ul>
      </div>
      {rows.length > 0 ? <ServiceTable rows={rows} /> : <p className="empty">{t(Object.keys(filter).length > 0 ? 'services.none' : 'services.empty')}</p>}
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
