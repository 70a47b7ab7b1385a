// Steps.tsx - whose turn it was and is.
import type { Application } from '../../api/client.ts';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function Steps({ app }: { app: Application }) {
  const { t, say, tOf } = useWords();
  if (app.steps.length === 0) return null;
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{t('steps.title')}</h2>
      <ol className="steps">
        {app.steps.map((step) => (
          <li key={step.id}>
            <span className="step-title">
              {say(step.title)} <span className="second">{tOf('role', step.role)}</span>
            </span>
            <State of="step" is={step.state} />
            {step.decided_at ? (
              <span className="step-by">
                {step.decider} <When at={step.decided_at} />
              </span>
            ) : null}
            {step.reason ? <p className="step-reason lines">{step.reason}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
