// DateInput.tsx - a day, shown in the era as it is typed.
import { typedDate } from '../words/time.ts';
import { useWords } from '../words/words.tsx';
import type { ControlProps } from './Labelled.tsx';

export function DateInput({ control, value, onChange }: { control: ControlProps; value: string; onChange: (value: string) => void }) {
  const { lang } = useWords();
  return (
    <div className="moment">
      <input {...control} type="date" max="9999-12-31" value={value} onChange={(e) => onChange(e.target.value)} />
      <p className="moment-words" aria-live="polite">
        {typedDate(value, lang)}
      </p>
    </div>
  );
}
