// CheckAnswers.tsx - the filled form once more before it becomes an application; what differs from an earlier one is marked.
import type { Failure, Field, Form } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { AnswerText } from '../../parts/AnswerText.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { momentValue, typedDate, typedMoment } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { momentOf, tidyMac, valueOf, type Draft } from './draft.ts';
import { fieldsOf } from './topics.ts';

/** What the answers are compared with, and its number. */
export type Before = { number: string; answers: Record<string, string> };

type CheckAnswersProps = {
  form: Form;
  draft: Draft;
  before: Before | null;
  sending: boolean;
  error: Failure | null;
  back: string;
  submitText: string;
  onChange: (field: Field) => void;
  onSubmit: () => void;
};

export function CheckAnswers({ form, draft, before, sending, error, back, submitText, onChange, onSubmit }: CheckAnswersProps) {
  const { t, say } = useWords();
  const differs = (field: Field) => before !== null && plainValue(draft, field) !== storedValue(before.answers[field.id] ?? '', field);
  const groups = form.topics.length > 0 ? form.topics.map((topic) => ({ ...topic, fields: fieldsOf(form, topic.id) })) : [{ id: '', title: null, fields: form.fields }];
  return (
    <>
      {error ? <FailureNotice error={error} /> : null}
      <p>{t('check.intro')}</p>
      {before ? <p className="notice plain-notice">{t('check.before', before.number, String(form.fields.filter(differs).length))}</p> : null}
      {groups
        .filter((group) => group.fields.length > 0)
        .map((group) => (
          <section key={group.id}>
            {group.title ? <h2>{say(group.title)}</h2> : null}
            <dl className="answers">
              {group.fields.map((field) => (
                <div key={field.id} className="answer">
                  <dt>
                    {say(field.label)}
                    {differs(field) ? <span className="need differs">{t('check.differs')}</span> : null}
                  </dt>
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
          </section>
        ))}
      <p className="acts">
        <button type="button" className="main" disabled={sending} onClick={onSubmit}>
          {sending ? t('check.sending') : submitText}
        </button>
        <Link href={back}>{t('check.back')}</Link>
      </p>
    </>
  );
}

const plainValue = (draft: Draft, field: Field) => (field.type === 'mac' ? tidyMac(valueOf(draft, field)) : valueOf(draft, field));

/** A stored answer as it would be sent again. */
function storedValue(stored: string, field: Field): string {
  if (field.type !== 'moment' || !stored) return stored;
  const { date, time } = typedMoment(stored);
  return momentValue(date, time);
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
