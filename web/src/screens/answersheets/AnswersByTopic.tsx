// AnswersByTopic.tsx - a provider's answers in the form's order, under its topics, each with the rule that wants it; what the form no longer asks comes last.
import type { Field, Form } from '../../api/client.ts';
import { AnswerText } from '../../parts/AnswerText.tsx';
import type { Text } from '../../words/text.ts';
import { useWords } from '../../words/words.tsx';

type Answer = { field: string; value: string; label?: Text };

export function AnswersByTopic({ answers, form }: { answers: readonly Answer[]; form: Form | null }) {
  const { t, say } = useWords();
  const valueOf = (field: Field) => answers.find((a) => a.field === field.id)?.value;
  const fields = form?.fields.filter((f) => valueOf(f) !== undefined) ?? [];
  const groups = form && form.topics.length > 0 ? form.topics.map((topic) => ({ ...topic, fields: fields.filter((f) => f.topic === topic.id) })) : [{ id: '', title: null, fields }];
  const gone = answers.filter((a) => form && !form.fields.some((f) => f.id === a.field));
  return (
    <>
      {groups
        .filter((group) => group.fields.length > 0)
        .map((group) => (
          <section key={group.id}>
            {group.title ? <h3>{say(group.title)}</h3> : null}
            <dl className="answers">
              {group.fields.map((field) => (
                <div key={field.id} className="answer">
                  <dt>
                    {say(field.label)}
                    {field.rule ? <span className="second">{say(field.rule)}</span> : null}
                  </dt>
                  <dd>
                    <AnswerText field={field} value={valueOf(field) ?? ''} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      {gone.length > 0 ? (
        <section>
          <h3>{t('asheet.gone')}</h3>
          <dl className="answers">
            {gone.map((a) => (
              <div key={a.field} className="answer">
                <dt>{a.label ? say(a.label) : a.field}</dt>
                <dd className="lines">{a.value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
    </>
  );
}
