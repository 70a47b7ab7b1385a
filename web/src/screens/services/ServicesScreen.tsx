// ServicesScreen.tsx - 承認済み外部サービス: what may be used, for what, under whose care, until when.
import { useState } from 'react';
import { listServices, type Failure, type ServiceLine } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { usePack } from '../../api/useShared.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

const COLUMNS = ['name', 'state', 'manager', 'until', 'review'] as const;

export function ServicesScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('services page', () => listServices(), 0);
  const [more, setMore] = useState<{ items: ServiceLine[]; next: string | undefined; error: Failure | null } | null>(null);
  const next = more ? more.next : value?.next;
  const rows = [...(value?.items ?? []), ...(more?.items ?? [])];

  const readMore = async () => {
    const reply = await listServices(next);
    const before = more?.items ?? [];
    setMore(reply.ok ? { items: [...before, ...reply.value.items], next: reply.value.next, error: null } : { items: before, next, error: reply.error });
  };
  return (
    <Page title={t('services.title')} wide>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? (
        <>
          <p className="count" role="status">
            {t('list.count', String(value.total))}
          </p>
          {rows.length > 0 ? <ServiceTable rows={rows} /> : <p className="empty">{t('services.empty')}</p>}
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
    </Page>
  );
}

function ServiceTable({ rows }: { rows: readonly ServiceLine[] }) {
  const { t, say } = useWords();
  const classes = (usePack().value?.axes ?? []).filter((axis) => axis.kind === 'class');
  const levelsOf = (row: ServiceLine) =>
    classes.map((axis) => row.ratings.find((r) => r.axis === axis.id)?.level_name).filter((name) => name !== undefined);
  return (
    <table className="list" aria-label={t('services.title')}>
      <thead>
        <tr>
          {COLUMNS.map((c) => (
            <th key={c} scope="col">
              {t(`services.column.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" className="title">
              <span className="title-device">
                <Link href={`/services/${row.id}`}>{row.name}</Link>
              </span>
              <span className="title-form">{row.provider}</span>
            </th>
            <td data-label={t('services.column.state')}>
              <span className="states">
                <State of="service" is={row.state} />
                <span className="second">{levelsOf(row).map(say).join('・')}</span>
                <span className="second">{t(row.conf2plus ? 'services.conf2plus' : 'services.below')}</span>
              </span>
            </td>
            <td data-label={t('services.column.manager')}>
              {row.manager?.name ?? '－'}
              <span className="second">{row.section}</span>
            </td>
            <td className="short" data-label={t('services.column.until')}>
              {row.until ? <When at={row.until} as="until" /> : '－'}
            </td>
            <td className="short" data-label={t('services.column.review')}>
              {row.review_at ? <When at={row.review_at} as="until" /> : '－'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
