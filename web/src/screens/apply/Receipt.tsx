// Receipt.tsx - it is submitted: the number to quote, whose turn it is now and who comes after, and the journal's proof.
import { getApplication, proofPath, type Application, type Form, type Submitted } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Link } from '../../app/router.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';

export function Receipt({ form, submitted }: { form: Form; submitted: Submitted }) {
  const { t, say } = useWords();
  const { value: app, error } = useLoad(`receipt ${submitted.id}`, () => getApplication(submitted.id), 0);
  return (
    <Page key="receipt" title={t('receipt.title')} over={say(form.title)}>
      <div className="notice good receipt">
        <p>{t('receipt.number')}</p>
        <p className="receipt-number">
          <Icon name="ok" />
          {submitted.number}
        </p>
      </div>
      <h2>{t('receipt.next')}</h2>
      {app ? <Way app={app} /> : <p>{error ? t('receipt.next.decide') : t('page.loading')}</p>}
      <p>{t('receipt.nothing')}</p>
      <p className="acts">
        <Link href={`/applications/${submitted.id}`} className="button main">
          {t('receipt.open')}
        </Link>
        <Link href="/applications?view=mine">{t('receipt.list')}</Link>
      </p>
      <details>
        <summary>{t('receipt.proof')}</summary>
        <p>{t('receipt.proof.text', String(submitted.receipt.index))}</p>
        <p className="hash">{submitted.receipt.leaf}</p>
        <p>
          <a href={proofPath(submitted.receipt.index)} download>
            {t('timeline.proof', String(submitted.receipt.index))}
          </a>
        </p>
      </details>
    </Page>
  );
}

/** The steps as the pack has them: who looks at it, in which order, and where it is now. */
function Way({ app }: { app: Application }) {
  const { t, say } = useWords();
  return (
    <ol className="way">
      {app.steps
        .filter((step) => step.needed !== false)
        .map((step) => (
          <li key={step.id} aria-current={step.active ? 'step' : undefined}>
            {say(step.title)}
            {step.role_name ? <span className="second">{say(step.role_name)}</span> : null}
            {step.active ? <strong>{t('receipt.here')}</strong> : null}
          </li>
        ))}
    </ol>
  );
}
