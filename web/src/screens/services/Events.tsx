// Events.tsx - what happened, newest first, each with the beginning of its hash in the log.
import { proofPath, type Service } from '../../api/client.ts';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

const PREFIX = 10; // characters: enough to tell entries apart by eye; the proof holds all of it

export function Events({ service }: { service: Service }) {
  const { t, tOf } = useWords();
  if (service.timeline.length === 0) return null;
  return (
    <section aria-labelledby="events">
      <h3 id="events">{t('services.events', String(service.timeline.length))}</h3>
      <ol className="timeline">
        {service.timeline.toReversed().map((entry) => (
          <li key={entry.index}>
            <span className="entry-when">
              <When at={entry.at} as="second" />
            </span>
            <span className="entry-what">
              {tOf('entry', entry.type)}
              {entry.number ? <span className="second">{entry.number}</span> : null}
            </span>
            <span className="entry-who">{entry.actor ?? t('timeline.machine')}</span>
            <a className="entry-proof" href={proofPath(entry.index)} download title={entry.leaf}>
              {t('services.events.proof', String(entry.index), entry.leaf.slice(0, PREFIX))}
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}
