// Overview.tsx - what falls due next, then whether it may be used, up to which information, under whose care.
import type { Service } from '../../api/client.ts';
import { usePack } from '../../api/useShared.ts';
import { Link } from '../../app/router.tsx';
import { When } from '../../parts/When.tsx';
import type { Key } from '../../words/text.ts';
import { useWords } from '../../words/words.tsx';
import { DueDay } from './DueDay.tsx';

/** Transitional: in use from before, until the day by which it has to be applied for. */
function headingOf({ state, conf2plus }: Service): Key {
  if (state === 'transitional') return 'services.transitional';
  if (state !== 'approved') return 'services.may-not';
  return conf2plus ? 'services.conf2plus' : 'services.below';
}

export function Overview({ service }: { service: Service }) {
  const { t, say } = useWords();
  const order = (usePack().value?.axes ?? []).map((axis) => axis.id);
  const ratings = [...service.ratings].sort((a, b) => order.indexOf(a.axis) - order.indexOf(b.axis));
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ...ratings.map((r) => [r.name ? say(r.name) : r.axis, <strong key={r.axis}>{r.level_name ? say(r.level_name) : r.level}</strong>] as const),
    [t('services.provider'), service.provider],
    [t('services.column.section'), service.section],
    [t('services.column.manager'), service.manager?.name ?? '－'],
    [t('services.deputy'), service.deputy?.name ?? '－'],
    ...(service.suspended_at ? [[t('services.suspended-at'), <When key="suspended" at={service.suspended_at} />] as const] : []),
    ...(service.reason ? [[t('services.reason'), service.reason] as const] : []),
    ...(service.successor
      ? [
          [
            t('services.successor'),
            <Link key="successor" href={`/services/${service.successor.id}`}>
              {service.successor.name}
            </Link>,
          ] as const,
        ]
      : []),
  ];
  return (
    <>
      <Dates service={service} />
      <div className="panel">
        <h3>{t(headingOf(service))}</h3>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="lines">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}

/** The days that somebody has to think of. */
function Dates({ service }: { service: Service }) {
  const { t } = useWords();
  const over = service.state === 'closed';
  const due = service.duties.filter((d) => d.state === 'open' && d.due_at).sort((a, b) => (a.due_at ?? '').localeCompare(b.due_at ?? ''))[0];
  return (
    <dl className="outline dates">
      <div>
        <dt>{t('services.column.review')}</dt>
        <dd>
          <DueDay at={service.review_at} over={over} />
        </dd>
      </div>
      <div>
        <dt>{t('services.column.certificate')}</dt>
        <dd>
          <DueDay at={service.certificate_until} over={over} />
        </dd>
      </div>
      <div>
        <dt>{t('services.column.until')}</dt>
        <dd>
          <DueDay at={service.until} over={over} />
        </dd>
      </div>
      {due ? (
        <div>
          <dt>{t('services.next-duty')}</dt>
          <dd>
            <DueDay at={due.due_at} />
            <span className="second">{due.text}</span>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}
