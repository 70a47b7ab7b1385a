// Parts.tsx - small lists of a service: sections that use it, what is to be done, its applications, its registers.
import type { Service } from '../../api/client.ts';
import { listRegisters } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { plainPath } from '../registers/paths.ts';

/** The sections that use it: the one that asked for it, and those that joined. */
export function Sections({ service }: { service: Service }) {
  const { t } = useWords();
  if (service.uses.length === 0) return <p className="empty">{t('services.uses.none')}</p>;
  return (
    <ul className="duties">
      {service.uses.map((use) => (
        <li key={use.id}>
          {use.section}
          <span className="sheet-state">
            <State of="use" is={use.state} />
            {use.until ? <When at={use.until} as="until" /> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Duties({ service }: { service: Service }) {
  const { t } = useWords();
  const open = service.duties.filter((d) => d.state === 'open');
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="duties">
      <h3 id="duties">{t('duties.title')}</h3>
      <ul className="duties">
        {open.map((d) => (
          <li key={d.id}>
            <span className="lines">{d.text}</span>
            <span className="sheet-state">
              <State of="duty" is={d.overdue ? 'overdue' : d.state} />
              {d.due_at ? <When at={d.due_at} as="until" /> : null}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <Link href="/duties">{t('duties.to')}</Link>
      </p>
    </section>
  );
}

export function Applications({ service }: { service: Service }) {
  const { t, say } = useWords();
  if (service.applications.length === 0) return null;
  return (
    <section aria-labelledby="applications">
      <h3 id="applications">{t('services.applications')}</h3>
      <ul className="duties">
        {service.applications.map((app) => (
          <li key={app.id}>
            <Link href={`/applications/${app.id}`}>{app.number}</Link> {say(app.title)}
            <span className="sheet-state">
              <State of="application" is={app.state} />
              <When at={app.submitted_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The registers that hang on a service: certificates, contracts, data flow, accounts … */
export function Kept({ id }: { id: string }) {
  const { t, say } = useWords();
  const { value } = useLoad('registers', listRegisters, 0);
  const under = (value?.items ?? []).filter((r) => r.of === 'service');
  return (
    <section aria-labelledby="kept">
      <h3 id="kept">{t('services.kept')}</h3>
      <ul className="register-acts">
        {under.map((r) => (
          <li key={r.id}>
            <Link href={`/registers/${r.id}?of=${id}`}>{say(r.caption)}</Link>
          </li>
        ))}
        <li>
          <Link href={plainPath('service', id)}>{t('services.history')}</Link>
        </li>
      </ul>
    </section>
  );
}
