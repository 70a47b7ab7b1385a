// PersonPicker.tsx - one of the people who work here, by part of the name or the section.
import { sharedPeople } from '../api/useShared.ts';
import { useLoad } from '../api/useLoad.ts';
import { useWords } from '../words/words.tsx';
import type { ControlProps } from './Labelled.tsx';
import { among, Picker } from './Picker.tsx';

type PersonPickerProps = { control: ControlProps; value: string; not?: readonly string[]; onChange: (person: string) => void };

export function PersonPicker({ control, value, not = [], onChange }: PersonPickerProps) {
  const { tKey } = useWords();
  const { value: people, error } = useLoad('people', sharedPeople, 0);
  const options = (people ?? []).filter((p) => !not.includes(p.id)).map((p) => ({ id: p.id, label: p.name, more: p.section }));
  const chosen = options.find((o) => o.id === value);
  return (
    <>
      <Picker control={control} text={chosen ? `${chosen.label}（${chosen.more}）` : ''} find={among(options)} onPick={(option) => onChange(option?.id ?? '')} />
      {error ? <p className="problem">{tKey(error.key, error.args)}</p> : null}
    </>
  );
}
