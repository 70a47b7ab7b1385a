// TableInput.tsx - rows of a table field: one fieldset a row, so that it reads on a phone as on a wide screen.
import { useEffect, useState } from 'react';
import type { Field } from '../../api/client.ts';
import { controlId, type Problem } from '../../parts/ErrorSummary.tsx';
import type { ControlProps } from '../../parts/Labelled.tsx';
import { useWords } from '../../words/words.tsx';
import { rowsOf, textOfRows, type Draft } from './draft.ts';
import { FieldInput } from './FieldInput.tsx';

const ROWS_MAX = 100;

type TableInputProps = {
  field: Field;
  control: ControlProps;
  problems: readonly Problem[];
  value: string;
  onChange: (value: string) => void;
};

export function TableInput({ field, control, problems, value, onChange }: TableInputProps) {
  const { t, say } = useWords();
  const [focus, setFocus] = useState<string | null>(null);
  const typed = rowsOf(value);
  const rows = typed.length > 0 ? typed : [{}];
  /** As the office names a cell: rows count from 1. */
  const cellId = (n: number, column: string) => `${field.id}.${n + 1}.${column}`;
  const setCell = (n: number, column: string, draft: Draft) =>
    onChange(textOfRows(rows.map((row, i) => (i === n ? { ...row, [column]: draft.text[cellId(n, column)] ?? '' } : row))));

  // After a row came or went the hand is where it goes on.
  useEffect(() => {
    if (!focus) return;
    document.getElementById(controlId(focus))?.focus();
    setFocus(null);
  }, [focus]);

  const add = () => {
    onChange(textOfRows([...rows, {}]));
    setFocus(cellId(rows.length, field.columns?.[0]?.id ?? ''));
  };
  const remove = (n: number) => {
    onChange(textOfRows(rows.filter((_, i) => i !== n)));
    setFocus(field.id);
  };
  return (
    <div className="table-input" id={control.id} tabIndex={-1}>
      {rows.map((row, n) => (
        // A row has no identity but its place.
        <fieldset key={n} className="table-row" id={controlId(`${field.id}.${n + 1}`)} tabIndex={-1}>
          <legend>{t('table.row', String(n + 1))}</legend>
          {(field.columns ?? []).map((column) => (
            <FieldInput
              key={column.id}
              field={{ ...column, id: cellId(n, column.id) }}
              draft={{ text: { [cellId(n, column.id)]: row[column.id as keyof typeof row] ?? '' }, moment: {} }}
              problems={problems}
              inRow
              onChange={(draft) => setCell(n, column.id, draft)}
            />
          ))}
          {rows.length > 1 ? (
            <button type="button" className="plain small" onClick={() => remove(n)}>
              {t('table.remove', String(n + 1))}
              <span className="unseen">：{say(field.label)}</span>
            </button>
          ) : null}
        </fieldset>
      ))}
      {rows.length < (field.high ?? ROWS_MAX) ? (
        <button type="button" className="plain" onClick={add}>
          {t('table.add')}
          <span className="unseen">：{say(field.label)}</span>
        </button>
      ) : null}
    </div>
  );
}
