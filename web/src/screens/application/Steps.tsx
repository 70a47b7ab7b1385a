// Steps.tsx - whose turn it was and is.
import type { Application } from '../../api/client.ts';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { Entered } from './PaperInput.tsx';

type Step = Application['steps'][number];

/** Who judges, agrees or confirms has not approved. */
const DONE: Partial<Record<NonNullable<Step['kind']>, 'judged' | 'agreed' | 'confirmed'>> = { judge: 'judged', concur: 'agreed', confirm: 'confirmed', machine: 'confirmed' };

/** A step that is not needed says so; one that waits for others is not the same as one that waits for a person. */
function stateOf(step: Step) {
  if (step.state === 'approved') return DONE[step.kind ?? 'approve'] ?? 'approved';
  if (step.state !== 'waiting') return step.state;
  return step.needed === false ? 'skipped' : step.active ? 'active' : 'waiting';
}

export function Steps({ app }: { app: Application }) {
  const { t, say, lang } = useWords();
  if (app.steps.length === 0) return null;
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{t('steps.title')}</h2>
      <ol className="steps">
        {app.steps.map((step) => (
          <li key={step.id}>
            <span className="step-title">
              {say(step.title)} <span className="second">{step.role_name ? say(step.role_name) : step.role || t('steps.machine')}</span>
            </span>
            <State of="step" is={stateOf(step)} />
            {step.decided_at ? (
              <span className="step-by">
                {step.principal ? t('steps.deputy', step.decider ?? '', step.principal) : step.decider} <When at={step.decided_at} />
              </span>
            ) : null}
            {step.document ? <Entered step={step} /> : null}
            {step.condition ? <p className="step-reason lines">{t('steps.condition', step.condition, typedDate(step.condition_due ?? '', lang))}</p> : null}
            {step.reason ? <p className="step-reason lines">{step.reason}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
