// CheckAnswers.tsx - the filled form once more before it becomes an application.
import type { Failure, Field, Form } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { AnswerText } from '../../parts/AnswerText.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { momentOf, tidyMac, valueOf, type Draft } from './draft.ts';

type CheckAnswersProps = {
  form: Form;
  draft: Draft;
  sending: boolean;
  error: Failure | null;
  back: string;
  submitText: string;
  onChange: (field: Field) => void;
  onSubmit: () => void;
};

export function CheckAnswers({ form, draft, sending, error, back, submitText, onChange, onSubmit }: CheckAnswersProps) {
  const { t, say } = useWords();
  return (
    <>
      {error ? <FailureNotice error={error} /> : null}
      <p>{t('check.intro')}</p>
      <dl className="answers">
        {form.fields.map((field) => (
          <div key={field.id} className="answer">
            <dt>{say(field.label)}</dt>
            <dd>
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
          {sending ? t('check.sending') : submitText}
        </button>
        <Link href={back}>{t('check.back')}</Link>
      </p>
    </>
  );
}

function Answer({ field, draft }: { field: Field; draft: Draft }) {
  const { t, lang } = useWords();
  const value = valueOf(draft, field);
  if (field.type === 'mac') return <AnswerText field={field} value={tidyMac(value)} />;
  if (field.type === 'moment' && value) {
    const { date, time } = momentOf(draft, field.id);
    return time ? t('field.until-time', typedDate(date, lang), time) : t('field.until-day', typedDate(date, lang));
  }
  return <AnswerText field={field} value={value} />;
}
