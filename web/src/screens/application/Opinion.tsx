// Opinion.tsx - what the secretariat thinks of it: the answers that the pack marks so.
import type { Application } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

export function Opinion({ app }: { app: Application }) {
  const { t, say } = useWords();
  if (app.opinion.length === 0) return null;
  return (
    <section className="opinion" aria-labelledby="opinion">
      <h2 id="opinion">{t('opinion.title')}</h2>
      <dl className="answers">
        {app.opinion.map((o) => (
          <div key={o.field} className="answer">
            <dt>{say(o.label)}</dt>
            <dd className="lines">{say(o.text)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
