// Will.tsx - what follows from an approval, line by line, and what stands behind each line. Nothing is called enforced that no gate holds.
import type { Application } from '../../api/client.ts';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';

type Hold = Application['will'][number]['hold'];
const ICONS: Record<Hold, IconName> = { gate: 'gate', record: 'ok', register: 'ok', task: 'wait' };

export function Will({ app }: { app: Application }) {
  const { t, say } = useWords();
  if (app.will.length === 0 && !app.next) return null;
  return (
    <section className="panel will" aria-labelledby="will">
      <h2 id="will">{t(app.ends ? 'gist.title.now' : 'gist.title.end')}</h2>
      {app.next ? <p className="will-next">{t('gist.next', say(app.next))}</p> : null}
      {app.will.length > 0 ? (
        <ul className="will-lines">
          {app.will.map((line, n) => (
            // One effect may say several things; they never change places.
            <li key={n}>
              <Icon name={ICONS[line.hold]} />
              <span>
                {say(line.text)}{' '}
                {line.hold === 'gate' || line.hold === 'record' ? <span className={`hold ${line.hold}`}>{t(`gist.hold.${line.hold}`)}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
