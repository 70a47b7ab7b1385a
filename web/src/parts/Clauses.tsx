// Clauses.tsx - why: the clauses of the guideline that something rests on; their words when they are opened.
import type { Clause } from '../api/home.ts';
import { useWords } from '../words/words.tsx';

export function Clauses({ clauses }: { clauses: readonly Clause[] }) {
  const { t, say } = useWords();
  if (clauses.length === 0) return null;
  return (
    <details className="clauses">
      <summary>{t('home.clauses', clauses.map((clause) => clause.id).join('、'))}</summary>
      <dl>
        {clauses.map((clause) => (
          <div key={clause.id}>
            <dt>{clause.id}</dt>
            <dd>{clause.text ? say(clause.text) : ''}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
