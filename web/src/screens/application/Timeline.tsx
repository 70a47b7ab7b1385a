// Timeline.tsx - the journal's entries about this application; each has a proof that can be checked elsewhere.
import { proofPath, type Application } from '../../api/client.ts';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function Timeline({ app }: { app: Application }) {
  const { t, tOf } = useWords();
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">{t('timeline.title')}</h2>
      <p className="quiet">{t('timeline.help')}</p>
      <ol className="timeline">
        {app.timeline.map((entry) => (
          <li key={entry.index}>
            <span className="entry-when">
              <When at={entry.at} as="second" />
            </span>
            <span className="entry-what">{tOf('entry', entry.outcome ? `${entry.type}.${entry.outcome}` : entry.type)}</span>
            <span className="entry-who">{entry.actor ?? t('timeline.machine')}</span>
            <a className="entry-proof" href={proofPath(entry.index)} download>
              {t('timeline.proof', String(entry.index))}
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}
