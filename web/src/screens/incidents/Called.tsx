// Called.tsx - the calling, rank by rank: who was called when, who answered, who is next and when that is.
import { contactsNow, type Alert, type Contact, type Incident } from '../../api/incidents.ts';
import { useLoad } from '../../api/useLoad.ts';
import { useSession } from '../../app/session.tsx';
import { Left } from '../../parts/Left.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { clockOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { Answer } from './Answer.tsx';

export const Phone = ({ number }: { number: string }) => (
  <a className="phone" href={`tel:${number.replace(/[^0-9+]/g, '')}`}>
    {number}
  </a>
);

export function Called({ incident, acted }: { incident: Incident; acted: () => Promise<void> }) {
  const { t } = useWords();
  const me = useSession().person.id;
  const runs = incident.alerts.map((a) => a.run);
  const last = Math.max(0, ...runs);
  const alerts = incident.alerts.filter((a) => a.run === last).sort((a, b) => a.sent_at.localeCompare(b.sent_at));
  const open = alerts.find((a) => a.state === 'sent');
  const earlier = incident.alerts.filter((a) => a.run !== last);
  if (alerts.length === 0) return null;
  return (
    <section aria-labelledby="called">
      <h2 id="called">{t('incidents.called')}</h2>
      <ol className="rows calls">
        {alerts.map((a) => (
          <li key={a.id}>
            <OneCall alert={a} />
            {a.state === 'sent' && incident.may.includes('log') ? <Answer alert={a} acted={acted} mine={a.contact?.person?.id === me} /> : null}
          </li>
        ))}
        {open ? <Next open={open} called={alerts} /> : null}
      </ol>
      {earlier.length > 0 ? (
        <details>
          <summary>{t('incidents.called.earlier', String(earlier.length))}</summary>
          <ol className="rows calls">
            {earlier.map((a) => (
              <li key={a.id}>
                <OneCall alert={a} />
              </li>
            ))}
          </ol>
        </details>
      ) : null}
    </section>
  );
}

function OneCall({ alert: a }: { alert: Alert }) {
  const { t } = useWords();
  return (
    <div className="row-what">
      <p className="row-title">
        {t('incidents.called.rank', String(a.rank))} {a.contact?.name ?? '－'} <State of="alert" is={a.state} />
      </p>
      <p className="row-text">
        <span>
          {t('incidents.called.at')} <When at={a.sent_at} as="short" />
        </span>
        {a.acked_at ? (
          <span>
            {t('incidents.called.answered')} <When at={a.acked_at} as="short" /> {a.acked_by?.name}
          </span>
        ) : null}
        {a.contact?.phone ? <Phone number={a.contact.phone} /> : null}
      </p>
      {a.how ? <p className="row-text lines">{a.how}</p> : null}
    </div>
  );
}

/** The ladder of this hour goes on behind whoever was called last; at its end everybody is called again. */
function nextOf(items: readonly Contact[], called: readonly Alert[]): Contact | undefined {
  const ladder = items.filter((c) => c.called);
  const last = called.at(-1)?.contact?.id;
  const at = ladder.findIndex((c) => c.id === last);
  return ladder[(at + 1) % Math.max(1, ladder.length)];
}

function Next({ open, called }: { open: Alert; called: readonly Alert[] }) {
  const { t } = useWords();
  const { value } = useLoad('contacts now', contactsNow, 0);
  const next = value ? nextOf(value.items, called) : undefined;
  if (!next) return null;
  return (
    <li>
      <div className="row-what">
        <p className="row-title quiet">{t('incidents.called.next', next.name, clockOf(open.due_at))}</p>
      </div>
      <Left until={open.due_at} />
    </li>
  );
}
