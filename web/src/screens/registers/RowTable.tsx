// RowTable.tsx - rows of a register under their listed columns; the name leads to the row.
import type { Register, Row } from '../../api/registers.ts';
import { Link } from '../../app/router.tsx';
import { useWords } from '../../words/words.tsx';
import { CellText, isDay } from './CellText.tsx';
import { rowPath } from './paths.ts';

const MANY = 6;

export function RowTable({ register, rows }: { register: Register; rows: readonly Row[] }) {
  const { say } = useWords();
  const columns = register.columns.filter((c) => c.flags.listed && !c.flags.name);
  const name = register.columns.find((c) => c.flags.name);
  const textOf = (row: Row, column: string) => row.cells[column]?.text || '－';
  return (
    <table className={columns.length > MANY ? 'list many' : 'list'} aria-label={say(register.caption)}>
      <thead>
        <tr>
          {name ? <th scope="col">{say(name.label)}</th> : null}
          {columns.map((c) => (
            <th key={c.id} scope="col">
              {say(c.label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            {name ? (
              <th scope="row">
                <Link href={rowPath(register.id, row.id)}>{textOf(row, name.id)}</Link>
              </th>
            ) : null}
            {columns.map((c) => (
              <td key={c.id} className={isDay(c.type) ? 'date' : undefined} data-label={say(c.label)}>
                <CellText type={c.type} text={row.cells[c.id]?.text} column />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
