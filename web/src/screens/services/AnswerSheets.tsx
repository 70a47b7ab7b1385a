// AnswerSheets.tsx - what its provider has answered, for those who keep answer sheets; nothing at all for the others.
import { listSheets } from '../../api/asheets.ts';
import type { Service } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { useWords } from '../../words/words.tsx';
import { SheetTable } from '../answersheets/AnswerSheetsScreen.tsx';

const SHOWN_MAX = 5;

export function AnswerSheets({ service }: { service: Service }) {
  const { t } = useWords();
  const provider = service.tree.id;
  const { value } = useLoad(provider ? `answer sheets of ${provider}` : null, () => listSheets({ provider }), 0);
  if (!value) return null;
  const current = value.items.filter((s) => s.state === 'current');
  return (
    <section aria-labelledby="asheets">
      <h3 id="asheets">{t('asheet.title')}</h3>
      {current.length > 0 ? <SheetTable rows={current.slice(0, SHOWN_MAX)} /> : <p className="empty">{t('asheet.none-of-provider')}</p>}
      <ul className="register-acts">
        {value.may.keep ? (
          <li>
            <Link href={`/answer-sheets/new?${new URLSearchParams({ provider, subject: service.name })}`}>{t('asheet.new')}</Link>
          </li>
        ) : null}
        {value.items.length > 0 ? (
          <li>
            <Link href={`/answer-sheets?${new URLSearchParams({ q: service.tree.name })}`}>{t('asheet.all-of-provider')}</Link>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
