// TopicList.tsx - a long form's table of contents: its topics, and how far each has come.
import type { Form } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import type { Problem } from '../../parts/ErrorSummary.tsx';
import { State } from '../../parts/State.tsx';
import { useWords } from '../../words/words.tsx';
import type { Draft } from './draft.ts';
import { fieldsOf, progressOf } from './topics.ts';

type TopicListProps = { form: Form; draft: Draft; /** Of all fields, as they are now. */ problems: readonly Problem[]; hrefOf: (topic: string) => string };

export function TopicList({ form, draft, problems, hrefOf }: TopicListProps) {
  const { t, say } = useWords();
  const topics = form.topics.map((topic) => ({ ...topic, fields: fieldsOf(form, topic.id) })).filter((topic) => topic.fields.length > 0);
  const states = topics.map((topic) => progressOf(topic.fields, draft, problems));
  const done = states.filter((s) => s === 'done').length;
  return (
    <section className="contents" aria-labelledby="topics">
      <h2 id="topics">{t('topics.title')}</h2>
      <p role="status">{done === topics.length ? t('topics.all') : t('topics.count', String(done), String(topics.length))}</p>
      <ol className="topics">
        {topics.map((topic, n) => (
          <li key={topic.id}>
            <Link href={hrefOf(topic.id)}>{say(topic.title)}</Link>
            <span className="quiet">{t('topics.questions', String(topic.fields.length))}</span>
            <State of="topic" is={states[n] ?? 'todo'} />
          </li>
        ))}
      </ol>
    </section>
  );
}
