// ApplicationTable.tsx - rows on a wide screen, cards on a narrow one (the style sheet decides).
import type { Summary } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

const COLUMNS = ['number', 'title', 'applicant', 'state', 'turn', 'until', 'submitted'] as const;

type ApplicationTableProps = {
  rows: readonly Summary[];
  label: string;
  /** One's own applications need no name. */
  own: boolean;
  /** Whose turn it is: in lists of what somebody has filed or drafted. */
  turns?: boolean;
};

export function ApplicationTable({ rows, label, own, turns }: ApplicationTableProps) {
  const { t, say } = useWords();
  const columns = COLUMNS.filter((c) => !(own && c === 'applicant') && (turns || c !== 'turn'));
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
              {row.drafter ? <span className="title-form">{t('list.drafted', row.drafter)}</span> : null}
            </td>
            {own ? null : (
              <td className="short" data-label={t('list.column.applicant')}>
                {row.applicant}
              </td>
            )}
            <td data-label={t('list.column.state')}>
              <RowState row={row} />
            </td>
            {turns ? (
              <td data-label={t('list.column.turn')}>
                <Turn row={row} />
              </td>
            ) : null}
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

/** Who has to do something now, since when; and what, when it is the reader. */
function Turn({ row }: { row: Summary }) {
  const { t, say } = useWords();
  if (!row.turn) return '－';
  const returned = row.turn.steps.length === 0;
  return (
    <>
      {returned ? <span className="turn">{t('list.turn.applicant')}</span> : null}
      {row.turn.steps.map((step) => (
        <span key={say(step.title)} className="turn">
          {step.role_name ? t('list.turn.step', say(step.role_name), say(step.title)) : say(step.title)}
        </span>
      ))}
      <span className="quiet">
        <When at={row.turn.since} as="short" /> {t('list.turn.since')}
      </span>
      {row.turn.mine ? (
        <strong className="turn">
          {returned ? <Link href={`/applications/${row.id}/mend`}>{t('list.turn.mend')}</Link> : t('list.turn.mine')}
        </strong>
      ) : null}
    </>
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
