// Answers.tsx - everything the applicant wrote, in the form's order.
import type { Application, Form } from '../../api/client.ts';
import { AnswerText } from '../../parts/AnswerText.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

type Answer = Application['answers'][number];

export function Answers({ app, form }: { app: Application; form: Form | null }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">{t('answers.title')}</h2>
      <dl className="answers">
        <AnswerRows answers={app.answers} form={form} />
        <div className="answer">
          <dt>{t('answers.submitted')}</dt>
          <dd>
            <When at={app.submitted_at} />
            {app.drafter ? <span className="second">{t('answers.drafted', app.drafter.name)}</span> : null}
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** A question that was not asked has no row; one that was left open says so. */
export function AnswerRows({ answers, form }: { answers: readonly Answer[]; form: Form | null }) {
  const { t, say } = useWords();
  return answers.map((answer) => (
    <div key={answer.field} className="answer">
      <dt>{say(answer.label)}</dt>
      <dd>
        {answer.erased ? (
          <span className="quiet">{t('answers.erased')}</span>
        ) : (
          <AnswerText field={form?.fields.find((f) => f.id === answer.field)} value={answer.value} />
        )}
      </dd>
    </div>
  ));
}
