// CellInput.tsx - one cell of a register as people type it; the office reads dates and words in any of their spellings.
import type { Column } from '../../api/registers.ts';
import { usePack } from '../../api/useShared.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { RowPicker } from './RowPicker.tsx';
import { useWords } from '../../words/words.tsx';

type CellInputProps = { column: Column; /** What stands there, in words: the value of a row that was picked is its id. */ text: string; value: string; problem?: string | undefined; onChange: (value: string) => void };

export function CellInput({ column, text, value, problem, onChange }: CellInputProps) {
  const { t, say } = useWords();
  const countries = usePack().value?.countries ?? [];
  const dated = column.type === 'day' || column.type === 'last-day' || column.type === 'date';
  const options =
    column.type === 'country'
      ? countries.map((c) => ({ id: c.id, label: c.name }))
      : column.type === 'yes-no'
        ? [
            { id: '1', label: { ja: 'はい', en: 'yes' } },
            { id: '0', label: { ja: 'いいえ', en: 'no' } },
          ]
        : column.words;
  const hints = dated ? { help: t('registers.date.help') } : column.type === 'row' ? { help: t('registers.row.help') } : {};
  return (
    <Labelled field={column.id} label={say(column.label)} required={column.flags.required} problem={problem} hints={hints}>
      {(control) => {
        if (options && options.length > 0) {
          return (
            <select {...control} value={value} onChange={(e) => onChange(e.target.value)}>
              <option value="">{t('registers.none')}</option>
              {options.map((o) => (
                <option key={o.id} value={o.id}>
                  {say(o.label)}
                </option>
              ))}
            </select>
          );
        }
        const register = column.type === 'section' ? 'section' : column.type === 'row' ? column.register : undefined;
        if (register) return <RowPicker control={control} register={register} byName={column.type === 'section'} text={text} value={value} onChange={onChange} />;
        if (column.type === 'lines') return <textarea {...control} rows={3} value={value} onChange={(e) => onChange(e.target.value)} />;
        return <input {...control} type="text" value={value} onChange={(e) => onChange(e.target.value)} />;
      }}
    </Labelled>
  );
}
