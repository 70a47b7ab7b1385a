// ExceptionList.tsx - exceptions from rules and criteria: what, until when, whether it still holds.
import type { Application } from '../api/client.ts';
import { Link } from '../app/router.tsx';
import { useWords } from '../words/words.tsx';
import { State } from './State.tsx';
import { When } from './When.tsx';

export function ExceptionList({ exceptions }: { exceptions: Application['exceptions'] }) {
  const { t, say } = useWords();
  if (exceptions.length === 0) return null;
  return (
    <section aria-labelledby="exceptions">
      <h2 id="exceptions">{t('exceptions.title')}</h2>
      <ul className="duties">
        {exceptions.map((x) => (
          <li key={`${x.application} ${x.item}`}>
            <Link href={`/applications/${x.application}`}>{x.text ? say(x.text) : x.item}</Link>
            <span className="sheet-state">
              <State of="exception" is={x.state} />
              <When at={x.until} as="until" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
