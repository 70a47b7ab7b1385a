// roles.tsx - the roles of one person, in words: which, since when, and whether nobody else could.
import type { PostHolder } from '../../api/people.ts';
import { Link } from '../../app/router.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { dayOf, dayWordsOf, untilWords } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

export function Roles({ of, may = false }: { of: PostHolder; may?: boolean }) {
  const { t, say, lang } = useWords();
  if (of.roles.length === 0) return <span className="quiet">{t('posts.roles.none')}</span>;
  return (
    <ul className="roles">
      {of.roles.map((r) => (
        <li key={r.role}>
          {say(r.role_name)} <span className="quiet">{t('posts.since', dayWordsOf(dayOf(r.since), lang))}</span>
          {r.until ? <span className="quiet">{t('appoint.until', untilWords(r.until, lang))}</span> : null}
          {r.alone ? <span className="quiet">・{t('posts.alone')}</span> : null}
          {may && r.post ? (
            <Link href={`/people/appoint?${new URLSearchParams({ role: r.role, replaces: of.id })}`} className="hand-over">
              {t('appoint.hand-over')}
              <span className="unseen">{t('appoint.hand-over.of', of.name, say(r.role_name))}</span>
            </Link>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export function Leaves({ of }: { of: PostHolder }) {
  const { t, lang } = useWords();
  if (!of.leaves_at) return null;
  return (
    <span className="state wait">
      <Icon name="wait" />
      {t('posts.leaves', untilWords(of.leaves_at, lang))}
    </span>
  );
}
