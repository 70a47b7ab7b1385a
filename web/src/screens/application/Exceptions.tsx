// Exceptions.tsx - exceptions that were permitted for this application, and the tasks that hang on it.
import type { Application } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { ExceptionList } from '../../parts/ExceptionList.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function Exceptions({ app }: { app: Application }) {
  const { t } = useWords();
  return (
    <>
      <ExceptionList exceptions={app.exceptions} />
      {app.duties.length > 0 ? (
        <section aria-labelledby="duties">
          <h2 id="duties">{t('duties.title')}</h2>
          <ul className="duties">
            {app.duties.map((d) => (
              <li key={d.id}>
                <span className="lines">{d.text}</span>
                <span className="sheet-state">
                  <State of="duty" is={d.state === 'open' && d.overdue ? 'overdue' : d.state} />
                  {d.due_at ? (
                    <span className="quiet">
                      {t('duties.due')} <When at={d.due_at} as="until" />
                    </span>
                  ) : null}
                </span>
                {d.evidence ? <p className="step-reason lines">{d.evidence}</p> : null}
              </li>
            ))}
          </ul>
          <p>
            <Link href="/duties">{t('duties.to')}</Link>
          </p>
        </section>
      ) : null}
    </>
  );
}
