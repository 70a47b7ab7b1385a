// MomentInput.tsx - a day, and a time if the day's end is not meant. Shows the day in the era as it is typed.
import { typedDate } from '../words/time.ts';
import { useWords } from '../words/words.tsx';
import type { ControlProps } from './Labelled.tsx';

export type Moment = { date: string; time: string };

type MomentInputProps = { control: ControlProps; value: Moment; onChange: (value: Moment) => void };

export function MomentInput({ control, value, onChange }: MomentInputProps) {
  const { t, lang } = useWords();
  const day = typedDate(value.date, lang);
  return (
    <div className="moment">
      <div>
        <label htmlFor={control.id}>{t('field.date')}</label>
        <input
          {...control}
          type="date"
          max="9999-12-31"
          value={value.date}
          onChange={(e) => onChange({ ...value, date: e.target.value })}
        />
      </div>
      <div>
        <label htmlFor={`${control.id}-time`}>{t('field.time')}</label>
        <input
          id={`${control.id}-time`}
          type="time"
          value={value.time}
          onChange={(e) => onChange({ ...value, time: e.target.value })}
        />
      </div>
      <p className="moment-words" aria-live="polite">
        {day ? (value.time ? t('field.until-time', day, value.time) : t('field.until-day', day)) : ''}
      </p>
    </div>
  );
}
