// AppointScreen.tsx - somebody is to hold a role: who, from which day, on which order; who makes way. Roles that decide want a second person.
import { useState, type FormEvent } from 'react';
import { askAppointment, listPosts, type Posts } from '../../api/people.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link, usePlace } from '../../app/router.tsx';
import { useSession } from '../../app/session.tsx';
import { DateInput } from '../../parts/DateInput.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Labelled } from '../../parts/Labelled.tsx';
import { Page } from '../../parts/Page.tsx';
import { PersonPicker } from '../../parts/PersonPicker.tsx';
import { ReasonInput } from '../../parts/ReasonInput.tsx';
import { Waiting } from '../../parts/Waiting.tsx';
import { dayOf } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';
import { useAct } from '../application/useAct.ts';

const FIELDS = ['role', 'person', 'from', 'until', 'replaces', 'why'] as const;

export function AppointScreen() {
  const { t } = useWords();
  const { value, error, reload } = useLoad('posts', listPosts, 0);
  return value ? <Appoint posts={value} /> : <Waiting title={t('appoint.title')} error={error} retry={reload} />;
}

function Appoint({ posts }: { posts: Posts }) {
  const words = useWords();
  const { t, say } = words;
  const asked = usePlace().searchParams;
  const me = useSession().person.id;
  const [given, setGiven] = useState<Record<string, string>>({ role: asked.get('role') ?? '', replaces: asked.get('replaces') ?? '', person: asked.get('person') ?? '', from: dayOf(posts.at) });
  const act = useAct(async () => go('/people'));
  const problem = act.error ? problemOf(act.error, FIELDS, words) : null;
  const wrong = (field: string) => (problem?.field === field ? problem.text : undefined);
  const set = (field: string) => (value: string) => setGiven((was) => ({ ...was, [field]: value }));
  const post = posts.posts.find((p) => p.role === given.role);
  const section = asked.get('section');
  const before = posts.items.find((p) => p.id === given.replaces);
  const send = (e: FormEvent) => {
    e.preventDefault();
    const missing = (['role', 'person', 'from', 'why'] as const).find((f) => !given[f]?.trim());
    if (missing) return act.refuse({ kind: 'input', key: `appoint.missing.${missing}`, field: missing, args: [] });
    const { role = '', person = '', from = '', until, replaces, why = '' } = given;
    void act.send(() => askAppointment({ role, person, from, why: why.trim(), ...(until ? { until } : {}), ...(replaces ? { replaces } : {}) }));
    return undefined;
  };
  return (
    <Page title={post ? t('appoint.title.role', say(post.role_name)) : t('appoint.title')} over={<Link href="/people">{t('posts.title')}</Link>}>
      <form className="panel" noValidate onSubmit={send}>
        <ErrorSummary problems={problem ? [problem] : []} attempt={act.attempt} />
        <Labelled field="role" label={t('appoint.role-name')} required problem={wrong('role')}>
          {(control) => (
            <select {...control} value={given.role ?? ''} onChange={(e) => set('role')(e.target.value)}>
              <option value="">{t('appoint.choose')}</option>
              {posts.posts.map((p) => (
                <option key={p.role} value={p.role}>
                  {say(p.role_name)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        {section ? <p>{t('appoint.section', section)}</p> : null}
        {before ? <p>{t('appoint.makes-way', before.name)}</p> : null}
        <Labelled field="person" label={t('appoint.who')} required problem={wrong('person') ?? wrong('replaces')} hints={{ help: t('appoint.who.help') }}>
          {(control) => <PersonPicker control={control} value={given.person ?? ''} not={before ? [me, before.id] : [me]} onChange={set('person')} />}
        </Labelled>
        <Labelled field="from" label={t('posts.deputy.from')} required problem={wrong('from')} hints={{ help: t('appoint.from.help') }}>
          {(control) => <DateInput control={control} value={given.from ?? ''} onChange={set('from')} />}
        </Labelled>
        <Labelled field="until" label={t('posts.deputy.until')} required={false} problem={wrong('until')} hints={{ help: t('appoint.until.help') }}>
          {(control) => <DateInput control={control} value={given.until ?? ''} onChange={set('until')} />}
        </Labelled>
        <ReasonInput field="why" label={t('appoint.why.label')} required help={t('appoint.why.help')} phrases={[t('appoint.why.order'), t('appoint.why.rule')]} problem={wrong('why')} value={given.why ?? ''} onChange={set('why')} />
        {post?.two ? <p>{t('appoint.two')}</p> : null}
        <p className="acts">
          <button type="submit" className="main" disabled={act.sending}>
            {t(post?.two ? 'appoint.act.ask' : 'appoint.act')}
          </button>
          <Link href="/people">{t('registers.cancel')}</Link>
        </p>
      </form>
    </Page>
  );
}
