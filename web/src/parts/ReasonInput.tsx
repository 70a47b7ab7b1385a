// ReasonInput.tsx - why, in words that the journal keeps; ready phrases save typing and read alike.
import { useId } from 'react';
import { useWords } from '../words/words.tsx';
import { Labelled } from './Labelled.tsx';

const REASON_CHARS_MAX = 1000;

type ReasonInputProps = {
  field: string;
  label: string;
  required: boolean;
  help?: string;
  /** Whole sentences, in the reader's language. */
  phrases: readonly string[];
  problem?: string | undefined;
  value: string;
  onChange: (value: string) => void;
};

export function ReasonInput({ field, label, required, help, phrases, problem, value, onChange }: ReasonInputProps) {
  const { t } = useWords();
  const name = useId();
  return (
    <Labelled field={field} label={label} required={required} problem={problem} hints={{ help }}>
      {(control) => (
        <>
          <textarea {...control} rows={3} maxLength={REASON_CHARS_MAX} value={value} onChange={(e) => onChange(e.target.value)} />
          {phrases.length > 0 ? (
            <div className="phrases" role="group" aria-labelledby={name}>
              <span id={name} className="phrases-name">
                {t('reason.phrases')}
              </span>
              {phrases.map((phrase) => (
                <button key={phrase} type="button" className="chip" onClick={() => onChange(phrase)}>
                  {phrase}
                </button>
              ))}
            </div>
          ) : null}
        </>
      )}
    </Labelled>
  );
}
