// Criteria.tsx - each demand with its result, reason and evidence; the judge's way to the sheet.
import type { Application, Criterion } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { State } from '../../parts/State.tsx';
import { useWords } from '../../words/words.tsx';

const FACTS = ['article', 'document', 'answer', 'said', 'said_on'] as const;

export function Criteria({ app }: { app: Application }) {
  const { t } = useWords();
  const asked = app.criteria.filter((c) => c.asked_now);
  if (asked.length === 0) return null;
  const settled = asked.filter((c) => c.settled).length;
  return (
    <section aria-labelledby="criteria">
      <h2 id="criteria">{t('criteria.title')}</h2>
      <p>{t('criteria.count', String(settled), String(asked.length))}</p>
      {app.may.includes('judge') ? (
        <p className="acts">
          <Link href={`/applications/${app.id}/judge`} className="button main">
            {t('criteria.judge')}
          </Link>
        </p>
      ) : null}
      <details>
        <summary>{t('criteria.show')}</summary>
        <ol className="criteria">
          {asked.map((c) => (
            <Line key={c.id} criterion={c} />
          ))}
        </ol>
      </details>
    </section>
  );
}

function Line({ criterion: c }: { criterion: Criterion }) {
  const { t, say, tOf } = useWords();
  return (
    <li>
      <p className="criterion-head">
        <State of="criterion" is={c.result ?? 'open'} />
        <span className="strength">{tOf('strength', c.strength.toLowerCase())}</span>
        {c.judged_by ? <span className="quiet">{c.judged_by}</span> : null}
      </p>
      <p>{say(c.text)}</p>
      {c.reason ? <p className="step-reason lines">{c.reason}</p> : null}
      <dl className="criterion-facts">
        {FACTS.map((fact) => {
          const value = fact === 'answer' ? c.answer && t(`criteria.answer.${c.answer}`) : c[fact];
          return value ? (
            <div key={fact}>
              <dt>{t(`criteria.${fact}`)}</dt>
              <dd className="lines">{value}</dd>
            </div>
          ) : null;
        })}
      </dl>
    </li>
  );
}
