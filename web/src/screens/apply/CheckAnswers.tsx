// CheckAnswers.tsx - the filled form once more before it becomes an application.
import type { Failure, Field, Form } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { momentOf, tidyMac, valueOf, type Draft } from './draft.ts';

type CheckAnswersProps = {
  form: Form;
  draft: Draft;
  sending: boolean;
  error: Failure | null;
  onChange: (field: Field) => void;
  onSubmit: () => void;
};

export function CheckAnswers({ form, draft, sending, error, onChange, onSubmit }: CheckAnswersProps) {
  const { t, say } = useWords();
  return (
    <>
      {error ? <FailureNotice error={error} /> : null}
      <p>{t('check.intro')}</p>
      <dl className="answers">
        {form.fields.map((field) => (
          <div key={field.id} className="answer">
            <dt>{say(field.label)}</dt>
            <dd className={field.type === 'mac' ? 'mac' : undefined}>
              <Answer field={field} draft={draft} />
            </dd>
            <dd className="answer-act">
              <button type="button" className="plain" onClick={() => onChange(field)}>
                {t('check.change')}
                <span className="unseen">：{say(field.label)}</span>
              </button>
            </dd>
          </div>
        ))}
      </dl>
      <p className="acts">
        <button type="button" className="main" disabled={sending} onClick={onSubmit}>
          {sending ? t('check.sending') : t('check.submit')}
        </button>
        <Link href={`/apply/${form.id}`}>{t('check.back')}</Link>
      </p>
    </>
  );
}

function Answer({ field, draft }: { field: Field; draft: Draft }) {
  const { t, say, lang } = useWords();
  const value = valueOf(draft, field);
  if (!value) return <span className="quiet">{t('field.unanswered')}</span>;
  if (field.type === 'mac') return tidyMac(value);
  if (field.type === 'moment') {
    const { date, time } = momentOf(draft, field.id);
    return time ? t('field.until-time', typedDate(date, lang), time) : t('field.until-day', typedDate(date, lang));
  }
  const choice = field.type === 'choice' ? field.choices?.find((c) => c.id === value) : undefined;
  return choice ? say(choice.label) : <span className="lines">{value}</span>;
}
