// Labelled.tsx - a control with its label, help, sample, rule and what is wrong with it; all of it is read out with the control.
import type { ReactNode } from 'react';
import { useWords } from '../words/words.tsx';
import { Icon } from './Icon.tsx';
import { controlId } from './ErrorSummary.tsx';

export type Hints = { help?: string | undefined; sample?: string | undefined; rule?: string | undefined };
export type ControlProps = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined; 'aria-required': true | undefined };

type LabelledProps = {
  field: string;
  label: string;
  /** null: neither demanded nor optional is said here. */
  required: boolean | null;
  hints?: Hints;
  problem?: string | undefined;
  /** A group of controls gets a legend in place of a label. */
  group?: boolean;
  children: (control: ControlProps) => ReactNode;
};

const HINTS = ['help', 'sample', 'rule'] as const;

export function Labelled({ field, label, required, hints = {}, problem, group, children }: LabelledProps) {
  const { t } = useWords();
  const id = controlId(field);
  const shown = HINTS.filter((h) => hints[h]);
  const described = [...(problem ? ['problem'] : []), ...shown].map((part) => `${id}-${part}`).join(' ') || undefined;
  const control: ControlProps = {
    id,
    'aria-describedby': described,
    'aria-invalid': problem ? true : undefined,
    'aria-required': required ? true : undefined,
  };
  const name = (
    <>
      <span>{label}</span>{' '}
      {required === null ? null : <span className={required ? 'need must' : 'need'}>{required ? t('field.required') : t('field.optional')}</span>}
    </>
  );
  const body = (
    <>
      {shown.map((h) => (
        <p key={h} id={`${id}-${h}`} className={`hint ${h}`}>
          {h === 'help' ? null : <span className="hint-name">{t(`field.${h}`)}</span>}
          <span>{hints[h]?.trim()}</span>
        </p>
      ))}
      {problem ? (
        <p id={`${id}-problem`} className="problem">
          <Icon name="warn" />
          {problem}
        </p>
      ) : null}
      {children(control)}
    </>
  );
  const className = problem ? 'field wrong' : 'field';
  if (group) {
    return (
      <fieldset className={className} aria-describedby={described}>
        <legend className="label">{name}</legend>
        {body}
      </fieldset>
    );
  }
  return (
    <div className={className}>
      <label className="label" htmlFor={id}>
        {name}
      </label>
      {body}
    </div>
  );
}
