// DerivedClasses.tsx - the class that follows from the answers, and why. The applicant is told, not asked.
import type { Derived } from '../../api/client.ts';
import { useWords } from '../../words/words.tsx';

/** Before an answer says anything about a class, there is nothing to tell. */
export function DerivedClasses({ ratings }: { ratings: readonly Derived[] }) {
  const { t, say } = useWords();
  const known = ratings.some((r) => r.because);
  return (
    <section className={known ? 'ratings' : 'unseen'} aria-labelledby="ratings">
      <h2 id="ratings">{t('ratings.title')}</h2>
      {known ? <p className="quiet">{t('ratings.help')}</p> : null}
      <dl className="facts" aria-live="polite">
        {(known ? ratings : []).map((r) => (
          <div key={r.axis}>
            <dt>{say(r.name)}</dt>
            <dd>
              <strong>{say(r.level_name)}</strong>
              <span className="second">{r.because ? t('ratings.why', say(r.because)) : t('ratings.why.none')}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
