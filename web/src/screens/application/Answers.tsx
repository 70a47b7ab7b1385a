// Answers.tsx - everything the applicant wrote, in the form's order.
import type { Application, Form } from '../../api/client.ts';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

type Answer = Application['answers'][number];

export function Answers({ app, form }: { app: Application; form: Form | null }) {
  const { t, say } = useWords();
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">{t('answers.title')}</h2>
      <dl className="answers">
        {app.answers.map((answer) => (
          <div key={answer.field} className="answer">
            <dt>{say(answer.label)}</dt>
            <dd>
              <Value answer={answer} form={form} />
            </dd>
          </div>
        ))}
        <div className="answer">
          <dt>{t('answers.submitted')}</dt>
          <dd>
            <When at={app.submitted_at} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Value({ answer, form }: { answer: Answer; form: Form | null }) {
  const { t, say } = useWords();
  const field = form?.fields.find((f) => f.id === answer.field);
  if (answer.erased) return <span className="quiet">{t('answers.erased')}</span>;
  if (!answer.value) return <span className="quiet">{t('field.unanswered')}</span>;
  switch (field?.type) {
    case 'moment':
      return <When at={answer.value} as="until" />;
    case 'mac':
      return <span className="mac">{answer.value}</span>;
    case 'choice': {
      const choice = field.choices?.find((c) => c.id === answer.value);
      return choice ? say(choice.label) : answer.value;
    }
    default:
      return <span className="lines">{answer.value}</span>;
  }
}
