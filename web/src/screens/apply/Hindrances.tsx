// Hindrances.tsx - rules that these answers would meet on their way, said before they are sent.
import type { Checked } from '../../api/client.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';

export function Hindrances({ checked }: { checked: Checked }) {
  const { t, say } = useWords();
  const rules = checked.open.filter((o) => o.kind === 'rule');
  if (rules.length === 0) return null;
  return (
    <section className="notice wait" aria-labelledby="hindrances">
      <h2 id="hindrances" className="notice-title">
        <Icon name="warn" />
        {t('check.hindrances')}
      </h2>
      <ul className="open-items">
        {rules.map((o) => (
          <li key={o.id}>
            {say(o.message)}
            {o.mend ? <p className="quiet">{say(o.mend)}</p> : null}
            {o.exception ? <p className="quiet">{t('open.exception')}</p> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
