// FieldInput.tsx - one field of the pack's form, drawn by its type.
import type { Field } from '../../api/client.ts';
import { Labelled, type ControlProps } from '../../parts/Labelled.tsx';
import { MomentInput } from '../../parts/MomentInput.tsx';
import { useWords } from '../../words/words.tsx';
import { momentOf, tidyMac, type Draft } from './draft.ts';

type FieldInputProps = { field: Field; draft: Draft; problem: string | undefined; onChange: (draft: Draft) => void };

export function FieldInput({ field, draft, problem, onChange }: FieldInputProps) {
  const { say } = useWords();
  const text = draft.text[field.id] ?? '';
  const setText = (value: string) => onChange({ ...draft, text: { ...draft.text, [field.id]: value } });

  const written = (control: ControlProps) => <input {...control} type="text" value={text} onChange={(e) => setText(e.target.value)} />;
  /** Types without an input of their own are written as the pack spells them. */
  const inputs: Partial<Record<Field['type'], (control: ControlProps) => React.ReactNode>> = {
    text: written,
    lines: (control) => <textarea {...control} rows={4} value={text} onChange={(e) => setText(e.target.value)} />,
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
    choice: (control) => <Choices field={field} control={control} value={text} onChange={setText} />,
  };
  return (
    <Labelled
      field={field.id}
      label={say(field.label)}
      required={field.required}
      problem={problem}
      group={field.type === 'moment' || field.type === 'choice'}
      hints={{ help: field.help && say(field.help), sample: field.sample && say(field.sample), rule: field.rule && say(field.rule) }}
    >
      {inputs[field.type] ?? written}
    </Labelled>
  );
}

/** The first one carries the control's id, so that the error summary can lead there. */
function Choices({ field, control, value, onChange }: { field: Field; control: ControlProps; value: string; onChange: (v: string) => void }) {
  const { say } = useWords();
  return (
    <div className="choices">
      {(field.choices ?? []).map((choice, n) => {
        const id = n === 0 ? control.id : `${control.id}-${choice.id}`;
        return (
          <div key={choice.id} className="choice">
            <input id={id} type="radio" name={field.id} checked={value === choice.id} onChange={() => onChange(choice.id)} />
            <label htmlFor={id}>{say(choice.label)}</label>
          </div>
        );
      })}
    </div>
  );
}
