// ServiceScreen.tsx - one service of the register: may I use it, up to which information, who looks after it, who works for it.
import { getService, type Service } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { usePack } from '../../api/useShared.ts';
import { Link } from '../../app/router.tsx';
import { ExceptionList } from '../../parts/ExceptionList.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Papers } from '../../parts/Papers.tsx';
import { State } from '../../parts/State.tsx';
import { When } from '../../parts/When.tsx';
import type { Key } from '../../words/text.ts';
import { useWords } from '../../words/words.tsx';
import { Files } from '../registers/Files.tsx';
import { plainPath } from '../registers/paths.ts';
import { Stop } from './Stop.tsx';
import { listRegisters } from '../../api/registers.ts';

export function ServiceScreen({ id }: { id: string }) {
  const { t } = useWords();
  const { value: service, error, reload } = useLoad(`service ${id}`, () => getService(id), 0);
  if (!service) {
    if (!error) return <p className="loading">{t('page.loading')}</p>;
    return (
      <Page title={t('services.title')} failed>
        <FailureNotice error={error} retry={() => void reload()} />
      </Page>
    );
  }
  return (
    <Page title={service.name} over={<Over service={service} />}>
      <Facts service={service} />
      <Sections service={service} />
      <Subcontractors all={service.subcontractors} />
      <ExceptionList exceptions={service.exceptions} />
      <Duties service={service} />
      <Applications service={service} />
      <Kept id={service.id} />
      <Files about={`service:${service.id}`} />
      <Papers about={`service:${service.id}`} />
      <Stop service={service} acted={reload} />
    </Page>
  );
}

function Over({ service }: { service: Service }) {
  const { t } = useWords();
  return (
    <>
      <Link href="/services">{t('services.back')}</Link>
      <State of="service" is={service.state} />
    </>
  );
}

/** Transitional: in use from before, until the day by which it has to be applied for. */
function headingOf({ state, conf2plus }: Service): Key {
  if (state === 'transitional') return 'services.transitional';
  if (state !== 'approved') return 'services.may-not';
  return conf2plus ? 'services.conf2plus' : 'services.below';
}

function Facts({ service }: { service: Service }) {
  const { t, say } = useWords();
  const order = (usePack().value?.axes ?? []).map((axis) => axis.id);
  const ratings = [...service.ratings].sort((a, b) => order.indexOf(a.axis) - order.indexOf(b.axis));
  const named = (person: { name: string } | undefined) => person?.name ?? '－';
  return (
    <section className="panel" aria-labelledby="may-use">
      <h2 id="may-use">{t(headingOf(service))}</h2>
      <dl className="facts">
        {ratings.map((r) => (
          <div key={r.axis}>
            <dt>{r.name ? say(r.name) : r.axis}</dt>
            <dd>
              <strong>{r.level_name ? say(r.level_name) : r.level}</strong>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('services.provider')}</dt>
          <dd>{service.provider}</dd>
        </div>
        <div>
          <dt>{t('services.section')}</dt>
          <dd>{service.section}</dd>
        </div>
        <div>
          <dt>{t('services.column.manager')}</dt>
          <dd>{named(service.manager)}</dd>
        </div>
        <div>
          <dt>{t('services.deputy')}</dt>
          <dd>{named(service.deputy)}</dd>
        </div>
        <div>
          <dt>{t('services.column.until')}</dt>
          <dd>{service.until ? <When at={service.until} as="until" /> : '－'}</dd>
        </div>
        <div>
          <dt>{t('services.column.review')}</dt>
          <dd>{service.review_at ? <When at={service.review_at} as="until" /> : '－'}</dd>
        </div>
        {service.domains.length > 0 ? (
          <div>
            <dt>{t('services.domains')}</dt>
            <dd className="lines">{service.domains.join('\n')}</dd>
          </div>
        ) : null}
        {service.successor ? (
          <div>
            <dt>{t('services.successor')}</dt>
            <dd>
              <Link href={`/services/${service.successor.id}`}>{service.successor.name}</Link>
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}

/** The sections that use it: the one that asked for it, and those that joined. */
function Sections({ service }: { service: Service }) {
  const { t } = useWords();
  if (service.uses.length === 0) return null;
  return (
    <section aria-labelledby="uses">
      <h2 id="uses">{t('services.uses')}</h2>
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
    </section>
  );
}

type Subcontractor = Service['subcontractors'][number];

/** A tree: who works for whom. */
function Subcontractors({ all }: { all: readonly Subcontractor[] }) {
  const { t } = useWords();
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="subcontractors">
      <h2 id="subcontractors">{t('services.subcontractors')}</h2>
      <Branch all={all} under={undefined} />
    </section>
  );
}

function Branch({ all, under }: { all: readonly Subcontractor[]; under: string | undefined }) {
  const { say } = useWords();
  const pack = usePack().value;
  const here = all.filter((s) => s.parent === under);
  if (here.length === 0) return null;
  return (
    <ul className="tree">
      {here.map((s) => {
        const country = pack?.countries.find((c) => c.id === s.country);
        return (
          <li key={s.id}>
            {s.name}
            <span className="second">
              {country ? say(country.name) : s.country}・{s.work}
            </span>
            <Branch all={all} under={s.id} />
          </li>
        );
      })}
    </ul>
  );
}

function Duties({ service }: { service: Service }) {
  const { t } = useWords();
  const open = service.duties.filter((d) => d.state === 'open');
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="duties">
      <h2 id="duties">{t('duties.title')}</h2>
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

function Applications({ service }: { service: Service }) {
  const { t, say } = useWords();
  if (service.applications.length === 0) return null;
  return (
    <section aria-labelledby="applications">
      <h2 id="applications">{t('services.applications')}</h2>
      <ul className="duties">
        {service.applications.map((app) => (
          <li key={app.id}>
            <Link href={`/applications/${app.id}`}>{app.number}</Link> {say(app.title)}
            <span className="sheet-state">
              <State of="application" is={app.state} />
              <When at={app.submitted_at} as="short" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The registers that hang on a service: certificates, contracts, data flow, accounts … */
function Kept({ id }: { id: string }) {
  const { t, say } = useWords();
  const { value } = useLoad('registers', listRegisters, 0);
  const under = (value?.items ?? []).filter((r) => r.of === 'service');
  return (
    <section aria-labelledby="kept">
      <h2 id="kept">{t('services.kept')}</h2>
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
