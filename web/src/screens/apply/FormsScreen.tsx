// FormsScreen.tsx - what can be applied for: each form with what it is for.
import { listForms } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';

export function FormsScreen() {
  const { t, say } = useWords();
  const { value: forms, error, reload } = useLoad('forms', listForms, 0);
  return (
    <Page title={t('forms.title')}>
      {error && !forms ? <FailureNotice error={error} retry={() => void reload()} /> : null}
      {!forms && !error ? <p className="loading">{t('page.loading')}</p> : null}
      {forms?.length === 0 ? <p className="empty">{t('forms.empty')}</p> : null}
      {forms && forms.length > 0 ? (
        <>
          <p>{t('forms.intro')}</p>
          <ul className="forms">
            {forms.map((form) => (
              <li key={form.id}>
                <h2>
                  <Link href={`/apply/${form.id}`}>{say(form.title)}</Link>
                </h2>
                {form.intro ? <p className="intro">{say(form.intro)}</p> : null}
                {form.file ? null : <p className="quiet">{t('forms.draft-only')}</p>}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Page>
  );
}
