// Header.tsx - where I am, who I am, the few places that my roles have.
import type { Session } from '../api/client.ts';
import type { Key } from '../words/text.ts';
import { nameOf, viewAt, viewsOf } from '../screens/applications/views.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../words/words.tsx';
import { Link, usePlace } from './router.tsx';
import { applyPath, handlesIncidents, has, keepsRules, useSession } from './session.tsx';

type Item = { href: string; text: Key; on: boolean };

/** The menu of exactly this person. */
function menuOf(session: Session, place: URL): Item[] {
  const { pathname } = place;
  const shown = pathname === '/' ? viewAt(session, place) : null;
  const items: Item[] = viewsOf(session).map((view) => ({
    href: `/?view=${view}`,
    text: `list.view.${nameOf(session, view)}`,
    on: view === shown,
  }));
  const apply = applyPath(session);
  if (apply) items.push({ href: apply, text: 'menu.apply', on: pathname.startsWith('/apply') });
  items.push({ href: '/services', text: 'menu.services', on: pathname.startsWith('/services') });
  items.push({ href: '/duties', text: 'menu.duties', on: pathname === '/duties' });
  items.push({ href: '/registers', text: 'menu.registers', on: pathname.startsWith('/registers') || pathname.startsWith('/rows') });
  if (handlesIncidents(session)) items.push({ href: '/incidents', text: 'menu.incidents', on: pathname.startsWith('/incidents') });
  items.push({ href: '/report', text: 'menu.report', on: pathname === '/report' });
  items.push({ href: '/search', text: 'menu.search', on: pathname === '/search' });
  if (has(session, 'system_manager')) items.push({ href: '/gates', text: 'menu.gates', on: pathname === '/gates' });
  if (keepsRules(session)) items.push({ href: '/pack/sheets', text: 'menu.sheets', on: pathname === '/pack/sheets' });
  return items;
}

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
      <nav aria-label={t('menu.label')}>
        <ul className="menu">
          {menuOf(session, place).map((item) => (
            <li key={item.href}>
              <Link href={item.href} current={item.on}>
                {t(item.text)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}
