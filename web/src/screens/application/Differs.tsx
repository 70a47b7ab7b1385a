// Differs.tsx - what is not as it was when the same thing was approved last; a table, on a phone a card an answer.
import type { Application } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function Differs({ app }: { app: Application }) {
  const { t, say } = useWords();
  const { previous, differs } = app;
  if (!previous && app.state !== 'submitted') return null;
  return (
    <section className="differs" aria-labelledby="differs">
      <h2 id="differs">{previous ? t('differs.title', String(differs.length)) : t('differs.title.first')}</h2>
      {previous ? (
        <p>
          {t('differs.than')}
          <Link href={`/applications/${previous.id}`}>{previous.number}</Link> {say(previous.title)}（<When at={previous.decided_at} />）
        </p>
      ) : (
        <p>{t('differs.first')}</p>
      )}
      {previous && differs.length === 0 ? <p>{t('differs.none')}</p> : null}
      {differs.length > 0 ? (
        <table className="list" aria-labelledby="differs">
          <thead>
            <tr>
              <th scope="col">{t('differs.what')}</th>
              <th scope="col">{t('differs.before')}</th>
              <th scope="col">{t('differs.now')}</th>
            </tr>
          </thead>
          <tbody>
            {differs.map((d) => (
              <tr key={d.field}>
                <th scope="row" className="title">
                  {say(d.label)}
                </th>
                <td className="lines" data-label={t('differs.before')}>
                  {say(d.before) || t('differs.nothing')}
                </td>
                <td className="lines" data-label={t('differs.now')}>
                  <strong>{say(d.now) || t('differs.gone')}</strong>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
