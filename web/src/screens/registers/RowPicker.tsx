// RowPicker.tsx - a row of another register, found by part of its name; what is typed and not picked goes to the office as it stands.
import { useState } from 'react';
import { listRows, type Row } from '../../api/registers.ts';
import type { ControlProps } from '../../parts/Labelled.tsx';
import { Picker, type PickOption } from '../../parts/Picker.tsx';
import { useRegister } from './useRegister.ts';

/** What tells two of one name apart, by register. */
const MORE: Record<string, readonly string[]> = { person: ['section', 'post'], service: ['provider'], contact: ['organisation'], section: ['parent'] };

type RowPickerProps = {
  control: ControlProps;
  register: string;
  /** The cell holds the name, not the id. */
  byName: boolean;
  text: string;
  value: string;
  onChange: (value: string) => void;
};

export function RowPicker({ control, register: id, byName, text, value, onChange }: RowPickerProps) {
  const { register } = useRegister(id);
  const [picked, setPicked] = useState<PickOption | null>(null);
  const name = register?.columns.find((c) => c.flags.name)?.id ?? 'name';
  const optionOf = (row: Row): PickOption => ({
    id: row.id,
    label: row.cells[name]?.text ?? '',
    more: (MORE[id] ?? []).map((c) => row.cells[c]?.text ?? '').filter(Boolean).join('・'),
  });
  const find = async (words: string) => {
    const q = words.trim();
    const reply = await listRows(id, q ? { q } : {});
    return reply.ok ? reply.value.items.map(optionOf) : [];
  };
  const shown = picked && picked.id === value ? picked.label : value === text ? text : value;
  return (
    <Picker
      control={control}
      text={shown}
      find={find}
      onPick={(option, typed) => {
        setPicked(byName ? null : option);
        onChange(option ? (byName ? option.label : option.id) : typed.trim());
      }}
    />
  );
}
