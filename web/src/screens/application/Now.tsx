// Now.tsx - what the person who looks can do now, and where on the page or beyond it; or what became of it.
import type { Application } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';

export function Now({ app }: { app: Application }) {
  const { t, say } = useWords();
  if (app.state === 'approved' && app.service) {
    return (
      <p className="notice">
        <Link href={`/services/${app.service.id}`}>{t('now.registered', app.service.name)}</Link>
      </p>
    );
  }
  const sheets = app.sheets.filter((s) => s.mine && !s.filled);
  const steps = app.steps.filter((s) => s.mine && s.active);
  const judges = app.may.includes('judge') && app.criteria.some((c) => c.mine && c.asked_now && !c.settled);
  if (sheets.length + steps.length === 0 && !judges) return null;
  return (
    <nav className="notice wait now" aria-labelledby="now">
      <h2 id="now" className="notice-title">
        <Icon name="wait" />
        {t('now.title')}
      </h2>
      <ol>
        {sheets.map((s) => (
          <li key={s.id}>
            <Link href={`/applications/${app.id}/sheets/${s.id}`}>{t('now.fill', say(s.title))}</Link>
          </li>
        ))}
        {judges ? (
          <li>
            <Link href={`/applications/${app.id}/judge`}>{t('now.judge')}</Link>
          </li>
        ) : null}
        {steps.map((s) => (
          <li key={s.id}>
            <a href={`#${s.id}-decide`}>{t(s.state === 'entered' ? 'now.confirm' : 'now.decide', say(s.title))}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
