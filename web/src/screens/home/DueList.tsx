// DueList.tsx - 期限: what I have to do, by when it is due; each line ends with the one thing to press.
import type { Due, Home } from '../../api/home.ts';
import { Link } from '../../app/router.tsx';
import { Clauses } from '../../parts/Clauses.tsx';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { Nothing } from './Nothing.tsx';

type Group = Due['group'];
const GROUPS: readonly { group: Group; icon: IconName; tone: string }[] = [
  { group: 'overdue', icon: 'warn', tone: 'bad' },
  { group: 'today', icon: 'wait', tone: 'wait' },
  { group: 'week', icon: 'wait', tone: 'wait' },
  { group: 'later', icon: 'gone', tone: 'quiet' },
];

type DueListProps = { home: Home; without?: Due['kind'] };

/** `without`: what the page shows elsewhere. */
export function DueList({ home, without }: DueListProps) {
  const { t } = useWords();
  const rows = home.due.filter((due) => due.kind !== without);
  return (
    <section aria-labelledby="home-due" className="home-list">
      <h2 id="home-due">{t('home.due.title')}</h2>
      {rows.length === 0 ? <Nothing text="home.due.none" at={home.checked_at} /> : null}
      {GROUPS.map(({ group, icon, tone }) => {
        const own = rows.filter((due) => due.group === group);
        const count = without ? own.length : home.counts[group];
        return own.length > 0 ? (
          <section key={group} aria-labelledby={`home-due-${group}`} data-group={group}>
            <h3 id={`home-due-${group}`}>
              <span className={`state ${tone}`}>
                <Icon name={icon} />
                {t(`home.due.${group}`)}
              </span>
              <Link href="/duties">{t('home.count', String(count))}</Link>
            </h3>
            <ul className="rows">
              {own.map((due) => (
                <DueRow key={due.kind + due.about.id} due={due} />
              ))}
            </ul>
          </section>
        ) : null;
      })}
      {home.counts.at_least ? <p className="quiet">{t('home.due.more')}</p> : null}
    </section>
  );
}

function DueRow({ due }: { due: Due }) {
  const { t, say } = useWords();
  const title = due.title ? say(due.title) : t(`home.due.kind.${due.kind}`);
  return (
    <li data-kind={due.kind}>
      <div className="row-what">
        <p className="row-title">
          {title}
          {due.about.name ? <span>{due.about.name}</span> : null}
        </p>
        {due.what && due.title && due.what !== title ? <p className="quiet lines row-text">{due.what}</p> : null}
        <p className="quiet row-text">
          {due.number ? <span className="number">{due.number}</span> : null}
          {due.kind === 'duty' ? null : <span>{t(`home.due.kind.${due.kind}`)}</span>}
          {due.due_at ? (
            <span>
              {t('home.due.by')} <When at={due.due_at} as="until" />
            </span>
          ) : null}
          {due.since ? (
            <span>
              {t('home.since')} <When at={due.since} as="short" />
            </span>
          ) : null}
        </p>
        <Clauses clauses={due.clauses} />
      </div>
      <Link href={due.href} className="button plain">
        {t(`home.act.${due.kind}`)}
        <span className="unseen">{t('home.act.of', title + (due.number ?? due.about.name))}</span>
      </Link>
    </li>
  );
}
