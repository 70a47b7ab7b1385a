// FieldInput.tsx - one field of the pack's form, drawn by its type.
import type { ReactNode } from 'react';
import type { Field } from '../../api/client.ts';
import { DateInput } from '../../parts/DateInput.tsx';
import type { Problem } from '../../parts/ErrorSummary.tsx';
import { Labelled, type ControlProps } from '../../parts/Labelled.tsx';
import { MomentInput } from '../../parts/MomentInput.tsx';
import { useWords } from '../../words/words.tsx';
import { momentOf, tidyMac, type Draft } from './draft.ts';
import { CountriesInput, PickInput } from './PickInput.tsx';
import { TableInput } from './TableInput.tsx';

type FieldInputProps = {
  field: Field;
  draft: Draft;
  /** Those of the whole form: a table finds those of its cells. */
  problems: readonly Problem[];
  /** In a row of a table: a long choice is a list that opens. */
  inRow?: boolean;
  onChange: (draft: Draft) => void;
};

const GROUPS = new Set<Field['type']>(['moment', 'choice', 'choices', 'yes-no', 'pledge', 'table']);
const RADIOS_IN_ROW = 3;

export function FieldInput({ field, draft, problems, inRow, onChange }: FieldInputProps) {
  const { t, say } = useWords();
  const text = draft.text[field.id] ?? '';
  const setText = (value: string) => onChange({ ...draft, text: { ...draft.text, [field.id]: value } });
  const pick = (type: 'country' | 'person' | 'service' | 'application') => (control: ControlProps) => (
    <PickInput type={type} control={control} value={text} onChange={setText} />
  );
  const yesNo = [
    { id: 'true', label: t('field.yes') },
    { id: 'false', label: t('field.no') },
  ];

  const folded = inRow === true && field.type === 'choice' && (field.choices?.length ?? 0) > RADIOS_IN_ROW;

  const written = (control: ControlProps) => <input {...control} type="text" value={text} onChange={(e) => setText(e.target.value)} />;
  /** Types without an input of their own are written as the pack spells them. */
  const inputs: Partial<Record<Field['type'], (control: ControlProps) => ReactNode>> = {
    text: written,
    lines: (control) => <textarea {...control} rows={4} value={text} onChange={(e) => setText(e.target.value)} />,
    domains: (control) => (
      <textarea {...control} rows={3} spellCheck={false} autoCapitalize="none" value={text} onChange={(e) => setText(e.target.value)} />
    ),
    integer: (control) => (
      <input {...control} type="text" inputMode="numeric" className="short" value={text} onChange={(e) => setText(e.target.value)} />
    ),
    date: (control) => <DateInput control={control} value={text} onChange={setText} />,
    mac: (control) => (
      <input
        {...control}
        type="text"
        className="mac"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onBlur={(e) => setText(tidyMac(e.target.value))}
      />
    ),
    moment: (control) => (
      <MomentInput
        control={control}
        value={momentOf(draft, field.id)}
        onChange={(moment) => onChange({ ...draft, moment: { ...draft.moment, [field.id]: moment } })}
      />
    ),
    choice: (control) =>
      folded ? (
        <OneOf options={optionsOf(field, say)} control={control} value={text} onChange={setText} />
      ) : (
        <Choices name={field.id} options={optionsOf(field, say)} control={control} value={text} onChange={setText} />
      ),
    choices: (control) => <ManyChoices options={optionsOf(field, say)} control={control} value={text} onChange={setText} />,
    'yes-no': (control) => <Choices name={field.id} options={yesNo} control={control} value={text} onChange={setText} />,
    pledge: (control) => (
      <ManyChoices options={[{ id: 'true', label: t('field.pledge') }]} control={control} value={text} onChange={setText} />
    ),
    country: pick('country'),
    person: pick('person'),
    service: pick('service'),
    application: pick('application'),
    countries: (control) => <CountriesInput control={control} value={text} onChange={setText} />,
    table: (control) => <TableInput field={field} control={control} problems={problems} value={text} onChange={setText} />,
  };
  return (
    <Labelled
      field={field.id}
      label={say(field.label)}
      required={field.required}
      problem={problems.find((p) => p.field === field.id)?.text}
      group={GROUPS.has(field.type) && !folded}
      hints={{ help: field.help && say(field.help), sample: field.sample && say(field.sample), rule: field.rule && say(field.rule) }}
    >
      {inputs[field.type] ?? written}
    </Labelled>
  );
}

type Option = { id: string; label: string };

const optionsOf = (field: Field, say: ReturnType<typeof useWords>['say']): Option[] =>
  (field.choices ?? []).map((c) => ({ id: c.id, label: say(c.label) }));

type ChoicesProps = { options: Option[]; control: ControlProps; value: string; onChange: (v: string) => void };

/** The first one carries the control's id, so that the error summary can lead there. */
function Choices({ name, options, control, value, onChange }: ChoicesProps & { name: string }) {
  return (
    <div className="choices">
      {options.map((choice, n) => {
        const id = n === 0 ? control.id : `${control.id}-${choice.id}`;
        return (
          <div key={choice.id} className="choice">
            <input id={id} type="radio" name={name} checked={value === choice.id} onChange={() => onChange(choice.id)} />
            <label htmlFor={id}>{choice.label}</label>
          </div>
        );
      })}
    </div>
  );
}

function OneOf({ options, control, value, onChange }: ChoicesProps) {
  const { t } = useWords();
  return (
    <select {...control} value={value} onChange={(e) => onChange(e.target.value)}>
      <option value="">{t('pick.none')}</option>
      {options.map((o) => (
        <option key={o.id} value={o.id}>
          {o.label}
        </option>
      ))}
    </select>
  );
}

/** Any number of them; the answer is their ids in the order of the list. */
function ManyChoices({ options, control, value, onChange }: ChoicesProps) {
  const picked = new Set(value.split(' ').filter(Boolean));
  const toggle = (id: string) =>
    onChange(
      options
        .filter((o) => (o.id === id ? !picked.has(o.id) : picked.has(o.id)))
        .map((o) => o.id)
        .join(' '),
    );
  return (
    <div className="choices">
      {options.map((choice, n) => {
        const id = n === 0 ? control.id : `${control.id}-${choice.id}`;
        return (
          <div key={choice.id} className="choice">
            <input id={id} type="checkbox" checked={picked.has(choice.id)} onChange={() => toggle(choice.id)} />
            <label htmlFor={id}>{choice.label}</label>
          </div>
        );
      })}
    </div>
  );
}
