// OpenList.tsx - what stands in the way of the next step, said before anybody presses a button.
import type { Application } from '../../api/client.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';

type Item = Application['open'][number];

const MANY = 5; // more criteria that nobody has judged yet are one line

export function OpenList({ app }: { app: Application }) {
  const { t } = useWords();
  if (app.state !== 'submitted' || app.open.length === 0) return null;
  const unjudged = app.open.filter((item) => item.why === 'open.criterion');
  const folded = unjudged.length > MANY ? unjudged : [];
  const shown = app.open.filter((item) => !folded.includes(item));
  return (
    <section className="panel open-list" aria-labelledby="open">
      <h2 id="open" tabIndex={-1}>
        <Icon name="warn" />
        {t('open.title', String(app.open.length))}
      </h2>
      <ul className="open-items">
        {shown.map((item) => (
          <Line key={`${item.kind} ${item.id} ${item.why}`} item={item} />
        ))}
        {folded.length > 0 ? <li>{t('open.unjudged', String(folded.length))}</li> : null}
      </ul>
      {folded.length > 0 ? (
        <details>
          <summary>{t('open.unjudged.show')}</summary>
          <ul className="open-items">
            {folded.map((item) => (
              <Line key={item.id} item={item} />
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Line({ item }: { item: Item }) {
  const { t, say } = useWords();
  return (
    <li>
      {say(item.message)}
      {item.mend ? <p className="quiet">{say(item.mend)}</p> : null}
      {item.exception ? <p className="quiet">{t('open.exception')}</p> : null}
    </li>
  );
}
