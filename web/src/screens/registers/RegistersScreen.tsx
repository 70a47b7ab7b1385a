// RegistersScreen.tsx - 台帳: which registers there are for me.
import { listRegisters } from '../../api/registers.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';

/** Registers that hang on a row of another are reached from there as well. */
export function RegistersScreen() {
  const { t, say } = useWords();
  const { value, error, reload } = useLoad('registers', listRegisters, 0);
  return (
    <Page title={t('registers.title')}>
      <p>{t('registers.intro')}</p>
      {error && !value ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!value && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {value ? (
        <ul className="forms">
          {value.items.map((r) => (
            <li key={r.id}>
              <h2>
                <Link href={`/registers/${r.id}`}>{say(r.caption)}</Link>
              </h2>
              <p className="quiet">
                {r.columns
                  .filter((c) => c.flags.listed)
                  .map((c) => say(c.label))
                  .join('・')}
              </p>
            </li>
          ))}
        </ul>
      ) : null}
    </Page>
  );
}
