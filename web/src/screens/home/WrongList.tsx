// WrongList.tsx - 異常: what is wrong now, one line a kind. Nobody enters it, and nobody ticks it off: what was mended is gone.
import type { Home, Wrong } from '../../api/home.ts';
import { Link } from '../../app/router.tsx';
import { Clauses } from '../../parts/Clauses.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { Nothing } from './Nothing.tsx';

export function WrongList({ home }: { home: Home }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="home-wrong" className="home-list">
      <h2 id="home-wrong">{t('home.wrong.title')}</h2>
      {home.wrong.length === 0 ? (
        <Nothing text="home.wrong.none" at={home.checked_at} />
      ) : (
        <ul className="rows">
          {home.wrong.map((wrong) => (
            <WrongRow key={wrong.kind} wrong={wrong} />
          ))}
        </ul>
      )}
    </section>
  );
}

function WrongRow({ wrong }: { wrong: Wrong }) {
  const { t } = useWords();
  const names = wrong.names.length > 0 ? wrong.names : wrong.about?.name ? [wrong.about.name] : [];
  const rest = wrong.count - names.length;
  const others = rest > 0 ? t('home.rest', String(rest)) : '';
  return (
    <li data-kind={wrong.kind}>
      <div className="row-what">
        <p className="row-title">
          <Icon name="warn" />
          {t(`home.wrong.${wrong.kind}`)}
          <Link href={wrong.href}>{t('home.count', String(wrong.count))}</Link>
        </p>
        {names.length > 0 ? <p className="row-text">{wrong.kind === 'notice' ? t('home.notice.sinks', names.join('、')) : `${names.join('、')} ${others}`}</p> : null}
        <p className="quiet row-text">
          {t(`home.why.${wrong.kind}`)}
          {wrong.since ? (
            <span>
              {t('home.since')} <When at={wrong.since} as="short" />
            </span>
          ) : null}
        </p>
        <Clauses clauses={wrong.clauses} />
      </div>
      <Link href={wrong.href} className="button plain">
        {t(`home.mend.${wrong.kind}`)}
      </Link>
    </li>
  );
}
