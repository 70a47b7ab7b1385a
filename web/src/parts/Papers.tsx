// Papers.tsx - what can be printed about something: A4, and as text where it is meant to be pasted.
import { listPapers, paperPath } from '../api/client.ts';
import { useLoad } from '../api/useLoad.ts';
import { useWords } from '../words/words.tsx';

export function Papers({ about }: { about: string }) {
  const { t, say } = useWords();
  const { value } = useLoad(`papers ${about}`, () => listPapers(about), 0);
  if (!value || value.items.length === 0) return null;
  return (
    <section className="to-print" aria-labelledby="papers">
      <h2 id="papers">{t('papers.title')}</h2>
      <ul className="duties">
        {value.items.map((p) => (
          <li key={p.id}>
            <a href={paperPath(p.id, about)} download>
              {say(p.title)}（PDF）
            </a>
            {p.text ? (
              <span className="second">
                <a href={paperPath(p.id, about, 'text')} download>
                  {t('papers.text')}
                </a>
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
