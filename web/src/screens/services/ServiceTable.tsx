// ServiceTable.tsx - seven columns; on a phone a card each. Days that are past or near say so in words.
import type { ServiceLine } from '../../api/client.ts';
import { usePack } from '../../api/useShared.ts';
import { Link } from '../../app/router.tsx';
import { Levels } from '../../parts/Levels.tsx';
import { State } from '../../parts/State.tsx';
import { useWords } from '../../words/words.tsx';
import { DueDay } from './DueDay.tsx';

const COLUMNS = ['name', 'class', 'section', 'state', 'review', 'certificate', 'findings'] as const;

export function ServiceTable({ rows }: { rows: readonly ServiceLine[] }) {
  const { t, say } = useWords();
  const classes = (usePack().value?.axes ?? []).filter((axis) => axis.kind === 'class');
  const seen = rows.some((row) => row.findings !== undefined);
  const levelsOf = (row: ServiceLine) => classes.map((axis) => row.ratings.find((r) => r.axis === axis.id)?.level_name).filter((name) => name !== undefined);
  return (
    <table className="list services" aria-label={t('services.title')}>
      <thead>
        <tr>
          {COLUMNS.filter((c) => seen || c !== 'findings').map((c) => (
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
            <td data-label={t('services.column.class')}>
              {row.ratings.length > 0 ? <Levels of={levelsOf(row).map(say)} /> : t(row.conf2plus ? 'services.conf2plus' : 'services.below')}
            </td>
            <td data-label={t('services.column.section')}>
              {row.section}
              <span className="second">{row.manager?.name ?? '－'}</span>
            </td>
            <td data-label={t('services.column.state')}>
              <State of="service" is={row.state} />
            </td>
            <td className="date" data-label={t('services.column.review')}>
              <DueDay at={row.review_at} over={row.state === 'closed'} />
            </td>
            <td className="date" data-label={t('services.column.certificate')}>
              <DueDay at={row.certificate_until} over={row.state === 'closed'} />
            </td>
            {seen ? <td data-label={t('services.column.findings')}>{row.findings ? t('services.findings', String(row.findings)) : '－'}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
