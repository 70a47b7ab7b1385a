// Receipt.tsx - it is submitted: the number to quote, what happens next, and the journal's proof.
import { proofPath, type Form, type Submitted } from '../../api/client.ts';
import { Link } from '../../app/router.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';

export function Receipt({ form, submitted }: { form: Form; submitted: Submitted }) {
  const { t, say } = useWords();
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
      <ol>
        <li>{t('receipt.next.decide')}</li>
        <li>{t('receipt.next.enforce')}</li>
        <li>{t('receipt.next.end')}</li>
      </ol>
      <p className="acts">
        <Link href={`/applications/${submitted.id}`} className="button main">
          {t('receipt.open')}
        </Link>
        <Link href="/">{t('receipt.list')}</Link>
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
