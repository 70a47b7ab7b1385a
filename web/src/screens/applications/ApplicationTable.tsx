// ApplicationTable.tsx - rows on a wide screen, cards on a narrow one (the style sheet decides).
import type { Summary } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

const COLUMNS = ['number', 'title', 'applicant', 'state', 'until', 'submitted'] as const;

type ApplicationTableProps = { rows: readonly Summary[]; label: string; /** One's own applications need no name. */ own: boolean };

export function ApplicationTable({ rows, label, own }: ApplicationTableProps) {
  const { t, say } = useWords();
  const columns = COLUMNS.filter((c) => !(own && c === 'applicant'));
  return (
    <table className="list" aria-label={label}>
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col">
              {t(`list.column.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" className="number">
              <Link href={`/applications/${row.id}`}>{row.number}</Link>
            </th>
            <td className="title">
              <span className="title-form">{say(row.title)}</span>
              <span className="title-device">{row.device}</span>
            </td>
            {own ? null : (
              <td className="short" data-label={t('list.column.applicant')}>
                {row.applicant}
              </td>
            )}
            <td data-label={t('list.column.state')}>
              <RowState row={row} />
            </td>
            <td className="short" data-label={t('list.column.until')}>
              {row.until ? <When at={row.until} as="until" /> : '－'}
            </td>
            <td className="short" data-label={t('list.column.submitted')}>
              <When at={row.submitted_at} as="short" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The application's state, then what became of the permit: a permit that ended says so instead of its enforcement. */
function RowState({ row }: { row: Summary }) {
  const { t } = useWords();
  const ended = row.permit_state && row.permit_state !== 'waiting' && row.permit_state !== 'active' ? row.permit_state : null;
  return (
    <span className="states">
      <State of="application" is={row.state} />
      {ended ? <State of="permit" is={ended} /> : null}
      {!ended && row.enforced_at ? (
        <span className="state good">
          <Icon name="gate" />
          {t('list.enforced')} <When at={row.enforced_at} as="clock" />
        </span>
      ) : null}
      {!ended && !row.enforced_at && row.permit_state ? (
        <span className="state wait">
          <Icon name="wait" />
          {t('list.not-enforced')}
        </span>
      ) : null}
    </span>
  );
}
