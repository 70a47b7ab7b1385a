// Waiting.tsx - a screen that has nothing to show yet: it is being read, or it could not be.
import type { Failure } from '../api/client.ts';
import { useWords } from '../words/words.tsx';
import { FailureNotice } from './Notice.tsx';
import { Page } from './Page.tsx';

type WaitingProps = { title: string; error: Failure | null | undefined; retry: () => Promise<void> };

export function Waiting({ title, error, retry }: WaitingProps) {
  const { t } = useWords();
  if (!error) return <p className="loading">{t('page.loading')}</p>;
  return (
    <Page title={title} failed>
      <FailureNotice error={error} retry={() => void retry()} />
    </Page>
  );
}
