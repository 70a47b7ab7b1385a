// KeptSheets.tsx - what the provider answered on other occasions about what is judged here, for judges who keep answer sheets.
import { listSheets } from '../../api/asheets.ts';
import type { Application } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { typedDate } from '../../words/time.ts';
import { useWords } from '../../words/words.tsx';

export function KeptSheets({ app }: { app: Application }) {
  const { t, say, lang } = useWords();
  const about = app.service?.name ?? app.outline.what?.ja ?? '';
  const { value } = useLoad(about ? `answer sheets ${about}` : null, () => listSheets({ q: about }), 0);
  if (!value) return null;
  const items = value.items.filter((s) => s.state === 'current');
  return (
    <section aria-labelledby="judge-asheets">
      <h3 id="judge-asheets">{t('asheet.title')}</h3>
      {items.length > 0 ? (
        <ul>
          {items.map((s) => (
            <li key={s.id}>
              <Link href={`/answer-sheets/${s.id}`}>{`${say(s.title)}（${t('asheet.answered', typedDate(s.answered_on ?? '', lang))}）`}</Link>
            </li>
          ))}
        </ul>
      ) : (
        <p className="quiet">{t('asheet.none-about')}</p>
      )}
      <p>
        <Link href="/answer-sheets">{t('asheet.to-all')}</Link>
      </p>
    </section>
  );
}
