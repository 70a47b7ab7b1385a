// OpenList.tsx - what stands in the way of the next step, said before anybody presses a button.
import type { Application } from '../../api/client.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';

export function OpenList({ app }: { app: Application }) {
  const { t, say } = useWords();
  if (app.state !== 'submitted' || app.open.length === 0) return null;
  return (
    <section className="panel open-list" aria-labelledby="open">
      <h2 id="open" tabIndex={-1}>
        <Icon name="warn" />
        {t('open.title', String(app.open.length))}
      </h2>
      <ul className="open-items">
        {app.open.map((item) => (
          <li key={`${item.kind} ${item.id} ${item.why}`}>
            {say(item.message)}
            {item.mend ? <p className="quiet">{say(item.mend)}</p> : null}
            {item.exception ? <p className="quiet">{t('open.exception')}</p> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
