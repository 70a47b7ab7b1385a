// PeopleScreen.tsx - 人と役職: roles that nobody holds first, then who leaves soon, then who holds what, section by section.
import { useState } from 'react';
import { paperPath } from '../../api/client.ts';
import { listPosts, type PostHolder, type Posts } from '../../api/people.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { has, keepsRules, useSession } from '../../app/session.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { OpenAppointments } from './Appointments.tsx';
import { Leaves, Roles } from './roles.tsx';

export function PeopleScreen() {
  const { t } = useWords();
  const session = useSession();
  const keeps = has(session, 'secretariat');
  const { value, error, reload } = useLoad('posts', listPosts, 30_000);
  return (
    <Page title={t('posts.title')} wide>
      <p>{t('posts.intro')}</p>
      <ul className="register-acts">
        <li>
          <Link href="/people/deputies">{t('posts.deputies')}</Link>
        </li>
        <li>
          <Link href="/registers/person">{t('posts.all')}</Link>
        </li>
        {keepsRules(session) ? (
          <li>
            <Link href="/people/appoint">{t('appoint.title')}</Link>
          </li>
        ) : null}
        {keeps ? (
          <>
            <li>
              <Link href="/registers/person/add">{t('posts.add')}</Link>
            </li>
            <li>
              <Link href="/registers/person/import">{t('posts.import')}</Link>
            </li>
            <li>
              <Link href="/registers/section">{t('posts.sections')}</Link>
            </li>
            <li>
              <a href={paperPath('handover', 'handover')} download>
                {t('posts.handover')}
              </a>
            </li>
          </>
        ) : null}
      </ul>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? <Lists posts={value} acted={reload} /> : null}
    </Page>
  );
}

function Lists({ posts, acted }: { posts: Posts; acted: () => Promise<void> }) {
  const { t } = useWords();
  const leaving = posts.items.filter((p) => p.leaves_at);
  return (
    <>
      <OpenAppointments items={posts.open} acted={acted} />
      <Vacant posts={posts} />
      {leaving.length > 0 ? (
        <section aria-labelledby="leaving">
          <h2 id="leaving">{t('posts.leaving', String(leaving.length))}</h2>
          <ul className="rows">
            {leaving.map((p) => (
              <li key={p.id}>
                <div className="row-what">
                  <p className="row-title">
                    <Link href={`/people/${p.id}`}>{p.name}</Link>
                    <Leaves of={p} />
                  </p>
                  <p className="row-text quiet">{p.section}</p>
                  <Roles of={p} />
                </div>
                <Link href={`/people/${p.id}`} className="button plain">
                  {t('posts.leaving.act')}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <Holders items={posts.items.filter((p) => p.roles.length > 0)} may={posts.may_appoint} />
    </>
  );
}

function Vacant({ posts }: { posts: Posts }) {
  const { t, say } = useWords();
  return (
    <section aria-labelledby="vacant">
      <h2 id="vacant">{t('posts.vacant', String(posts.vacant.length))}</h2>
      {posts.vacant.length === 0 ? (
        <p className="nothing">
          <Icon name="ok" />
          {t('posts.vacant.none')}
          <span className="quiet">
            <When at={posts.at} as="minute" />
          </span>
        </p>
      ) : (
        <>
          <p>{t('posts.vacant.why')}</p>
          <ul className="rows">
            {posts.vacant.map((v) => (
              <li key={`${v.role} ${v.section ?? ''}`}>
                <div className="row-what">
                  <p className="row-title">
                    <Icon name="warn" />
                    {say(v.role_name)}
                  </p>
                  <p className="row-text quiet">{v.section ?? t('posts.body')}</p>
                </div>
                {posts.may_appoint && posts.posts.some((p) => p.role === v.role) ? (
                  <Link href={`/people/appoint?${new URLSearchParams({ role: v.role, ...(v.section ? { section: v.section } : {}) })}`} className="button plain">
                    {t('appoint.vacant.act')}
                  </Link>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** One table a section; a word typed leaves the lines that have it. */
function Holders({ items, may }: { items: readonly PostHolder[]; may: boolean }) {
  const { t, say } = useWords();
  const [q, setQ] = useState('');
  const asked = q.trim();
  const matches = (p: PostHolder) => !asked || [p.name, p.section, p.post ?? '', ...p.roles.map((r) => say(r.role_name))].some((text) => text.includes(asked));
  const shown = items.filter(matches);
  const sections = [...new Set(shown.map((p) => p.section))];
  return (
    <section aria-labelledby="holders">
      <h2 id="holders">{t('posts.holders')}</h2>
      <div className="find short">
        <p>
          <label htmlFor="posts-q">{t('posts.find')}</label>
          <input id="posts-q" type="search" value={q} onChange={(e) => setQ(e.target.value)} />
        </p>
      </div>
      <p className="count" role="status">
        {t('posts.count', String(shown.length))}
      </p>
      {shown.length === 0 ? <p className="empty">{t('posts.none')}</p> : null}
      {shown.length > 0 ? (
        <table className="list" aria-labelledby="holders">
          <thead>
            <tr>
              <th scope="col">{t('posts.column.section')}</th>
              <th scope="col">{t('posts.column.name')}</th>
              <th scope="col">{t('posts.column.roles')}</th>
            </tr>
          </thead>
          {sections.map((section) => (
            <tbody key={section}>
              {shown
                .filter((p) => p.section === section)
                .map((p, i) => (
                  <tr key={p.id}>
                    <td data-label={t('posts.column.section')} className={i > 0 ? 'again' : undefined}>
                      {section}
                    </td>
                    <th scope="row">
                      <Link href={`/people/${p.id}`}>{p.name}</Link>
                      {p.post ? <span className="second">{p.post}</span> : null}
                      <Leaves of={p} />
                    </th>
                    <td data-label={t('posts.column.roles')}>
                      <Roles of={p} may={may} />
                    </td>
                  </tr>
                ))}
            </tbody>
          ))}
        </table>
      ) : null}
    </section>
  );
}
