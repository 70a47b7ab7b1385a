// PersonScreen.tsx - one person: posts with their days, roles, deputies, and what would be nobody's when they leave.
import type { ReactNode } from 'react';
import { getPostsOf, type PostsOf } from '../../api/people.ts';
import { listRows, type Row } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { has, keepsRules, useSession } from '../../app/session.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { EndRole, OpenAppointments, Past } from './Appointments.tsx';
import { Deputies } from './DeputyList.tsx';
import { Leaves, Roles } from './roles.tsx';

export function PersonScreen({ id }: { id: string }) {
  const { t } = useWords();
  const session = useSession();
  const keeps = has(session, 'secretariat');
  const { value, error, reload } = useLoad(`posts ${id}`, () => getPostsOf(id), 0);
  const over = <Link href="/people">{t('posts.title')}</Link>;
  if (!value) return <Waiting title={t('posts.title')} error={error} retry={reload} />;
  const { person } = value;
  const mine = person.id === session.person.id;
  return (
    <Page title={person.name} over={over}>
      <section className="panel" aria-labelledby="person-now">
        <h2 id="person-now">{t('posts.person.now')}</h2>
        <dl className="facts">
          <div>
            <dt>{t('posts.column.section')}</dt>
            <dd>
              {person.section}
              {person.post ? `　${person.post}` : ''}
            </dd>
          </div>
          <div>
            <dt>{t('posts.column.roles')}</dt>
            <dd>
              <Roles of={person} may={keepsRules(session)} />
            </dd>
          </div>
          {person.leaves_at ? (
            <div>
              <dt>{t('posts.person.leaves')}</dt>
              <dd>
                <Leaves of={person} />
              </dd>
            </div>
          ) : null}
        </dl>
        <p className="acts">
          <Link href={`/rows/person/${id}`}>{t('posts.person.row')}</Link>
          {keepsRules(session) && !mine ? <Link href={`/people/appoint?person=${id}`}>{t('appoint.title')}</Link> : null}
        </p>
        {keepsRules(session) ? person.roles.filter((r) => r.post).map((r) => <EndRole key={`${r.role} ${r.rev}`} person={id} role={r} acted={reload} />) : null}
        <Past items={value.appointments.filter((a) => a.state !== 'asked' && a.state !== 'coming')} />
      </section>
      <OpenAppointments items={value.appointments.filter((a) => a.state === 'asked' || a.state === 'coming')} acted={reload} />
      <Postings person={id} keeps={keeps} />
      <Orphaned of={value} />
      <Deputies of={{ id, name: person.name, roles: person.roles.map((r) => r.role) }} may={person.roles.length > 0 && (keeps || mine)} />
    </Page>
  );
}

function Postings({ person, keeps }: { person: string; keeps: boolean }) {
  const { t } = useWords();
  const { value, error, reload } = useLoad(`postings ${person}`, () => listRows('posting', { of: person }), 0);
  return (
    <section aria-labelledby="postings">
      <h2 id="postings">{t('posts.postings')}</h2>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {value && value.items.length === 0 ? <p className="empty">{t('posts.postings.none')}</p> : null}
      {value && value.items.length > 0 ? (
        <ul className="rows">
          {value.items.map((row) => (
            <Posting key={row.id} row={row} keeps={keeps} />
          ))}
        </ul>
      ) : null}
      {keeps ? (
        <p className="acts">
          <Link href={`/registers/posting/add?of=${person}`}>{t('posts.posting.add')}</Link>
        </p>
      ) : null}
    </section>
  );
}

function Posting({ row, keeps }: { row: Row; keeps: boolean }) {
  const { t } = useWords();
  const cell = (column: string) => row.cells[column]?.text ?? '';
  const live = row.cells.state?.value !== 'ended';
  return (
    <li>
      <div className="row-what">
        <p className="row-title">
          {cell('section')} {cell('post')}
          <span className="quiet">{cell('kind')}</span>
        </p>
        <p className="row-text">
          {t('posts.posting.period', cell('from_at') || t('posts.posting.open'), cell('until_at') || t('posts.posting.no-end'))}
          <span className="quiet">{cell('state')}</span>
        </p>
      </div>
      {keeps && live ? (
        <Link href={`/rows/posting/${row.id}`} className="button plain">
          {t('posts.posting.end')}
        </Link>
      ) : null}
    </li>
  );
}

/** What nobody would do when this person is gone: to be handed over first. */
function Orphaned({ of }: { of: PostsOf }) {
  const { t, say } = useWords();
  const alone = of.person.roles.filter((r) => r.alone);
  const n = alone.length + of.services.length + of.applications.length + of.duties.length;
  return (
    <section aria-labelledby="orphaned">
      <h2 id="orphaned">{t('posts.orphaned', String(n))}</h2>
      <p>{t('posts.orphaned.why')}</p>
      {n === 0 ? <p className="empty">{t('posts.orphaned.none')}</p> : null}
      <Group title={t('posts.orphaned.roles')} items={alone.map((r) => ({ key: r.role, text: say(r.role_name) }))} />
      <Group
        title={t('posts.orphaned.services')}
        items={of.services.map((s) => ({
          key: `${s.id} ${s.as}`,
          text: (
            <>
              <Link href={`/services/${s.id}`}>{s.name}</Link> <span className="quiet">{t(`posts.as.${s.as}`)}</span>
            </>
          ),
        }))}
      />
      <Group
        title={t('posts.orphaned.applications')}
        items={of.applications.map((a) => ({
          key: a.id,
          text: (
            <>
              <Link href={`/applications/${a.id}`}>{a.number}</Link> {say(a.title)}
            </>
          ),
        }))}
      />
      <Group
        title={t('posts.orphaned.duties')}
        items={of.duties.map((d) => ({
          key: d.id,
          text: (
            <>
              {d.title ? say(d.title) : d.text} {d.service ? <Link href={`/services/${d.service.id}`}>{d.service.name}</Link> : null}{' '}
              {d.due_at ? (
                <span className="quiet">
                  {t('duties.due')} <When at={d.due_at} as="until" />
                </span>
              ) : null}
            </>
          ),
        }))}
      />
    </section>
  );
}

function Group({ title, items }: { title: string; items: readonly { key: string; text: ReactNode }[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <h3>
        <Icon name="warn" /> {title}
      </h3>
      <ul>
        {items.map((i) => (
          <li key={i.key}>{i.text}</li>
        ))}
      </ul>
    </>
  );
}
