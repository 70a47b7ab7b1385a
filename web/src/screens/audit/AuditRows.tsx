// AuditRows.tsx - rows that an auditor looks at: what, when, where, on what it rests, and the way to the record.
import type { AuditRow, Population } from '../../api/oversight.ts';
import { Link } from '../../app/router.tsx';
import { Clauses } from '../../parts/Clauses.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function Bases({ bases }: { bases: Population['basis'] }) {
  const { t, tOf } = useWords();
  if (bases.length === 0) return null;
  return (
    <ul className="bases">
      {bases.map((basis) => (
        <li key={basis.id}>
          {tOf('audit.basis', basis.id)} {t('audit.count', String(basis.count))}
        </li>
      ))}
    </ul>
  );
}

/** `due`: the day is a date that was due. `proof`: with the id and the hash that put each row where it stands. */
export function AuditRows({ rows, proof, due }: { rows: readonly AuditRow[]; proof?: boolean; due?: boolean }) {
  return (
    <ol className="audit-rows">
      {rows.map((row) => (
        <OneRow key={row.id} row={row} proof={proof === true} due={due === true} />
      ))}
    </ol>
  );
}

function OneRow({ row, proof, due }: { row: AuditRow; proof: boolean; due: boolean }) {
  const { t, tOf, say } = useWords();
  const name = row.name || (/^\d+$/.test(row.id) ? t('audit.entry', row.id) : t('audit.nameless'));
  return (
    <li>
      <p className="criterion-head">
        {row.href ? <Link href={row.href}>{name}</Link> : <strong>{name}</strong>}
        {row.state ? <span className="strength">{say(row.state)}</span> : null}
        {row.change ? (
          <span className="strength">
            {say(row.change.from)} → {say(row.change.to)}
          </span>
        ) : null}
      </p>
      {row.kind ? <p className="lines">{say(row.kind)}</p> : null}
      <p className="quiet">
        {due ? t('audit.due') : ''} <When at={row.at} as={due ? 'until' : 'minute'} /> {row.section} · {tOf('audit.basis', row.basis)}
      </p>
      {row.clauses ? <Clauses clauses={row.clauses} /> : null}
      {proof ? (
        <p className="quiet proof">
          {t('audit.row.id')} <code>{row.id}</code> {t('audit.row.hash')} <code>{row.hash?.slice(0, 16)}</code>
        </p>
      ) : null}
    </li>
  );
}
