// Header.tsx - where I am, who I am, the few places that my roles have; and the foot of the page, which is everybody's.
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/words.tsx';
import { currentOf, footOf, menuOf, type Item } from './menu.ts';
import { Link, usePlace } from './router.tsx';
import { useSession } from './session.tsx';

export function Header() {
  const { t, lang, setLang } = useWords();
  const session = useSession();
  const place = usePlace();
  const other = lang === 'ja' ? 'en' : 'ja';
  return (
    <header className={session.practice ? 'top practising' : 'top'}>
      <a className="skip" href="#main">
        {t('page.skip')}
      </a>
      {session.practice ? (
        <p className="practice">
          <Icon name="warn" />
          <strong>{t('practice.name')}</strong> {t('practice.help')}
        </p>
      ) : null}
      <div className="top-row">
        <p className="brand">
          <img className="mark" src="/assets/sekisho.svg" alt="" width="32" height="32" />
          <span className="brand-name">{t('app.name-long')}</span>
          <span className="brand-sub">{session.install.name}</span>
        </p>
        <div className="me">
          <span className="me-name">
            <span className="second">{session.person.section}</span>
            {session.person.name}
          </span>
          <button type="button" className="plain small" lang={other} onClick={() => setLang(other)}>
            {t(`app.language.${other}`)}
          </button>
          <form method="post" action="/sign-out">
            <input type="hidden" name="csrf" value={session.csrf} />
            <button type="submit" className="plain small">
              {t('action.sign-out')}
            </button>
          </form>
        </div>
      </div>
      <Places label={t('menu.label')} className="menu" items={menuOf(session)} current={currentOf(session, place)} />
    </header>
  );
}

export function Footer() {
  const { t } = useWords();
  const session = useSession();
  return (
    <footer className="foot">
      <Places label={t('menu.foot')} className="foot-menu" items={footOf(session)} current={usePlace().pathname} />
    </footer>
  );
}

type PlacesProps = { label: string; className: string; items: readonly Item[]; current: string | undefined };

function Places({ label, className, items, current }: PlacesProps) {
  const { t } = useWords();
  return (
    <nav aria-label={label}>
      <ul className={className}>
        {items.map((item) => (
          <li key={item.href}>
            <Link href={item.href} current={item.href === current}>
              {t(item.text)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
