// ReturnedBecause.tsx - who sent an application back and why; above the form to mend, and first thing on its page.
import type { ReactNode } from 'react';
import type { Application } from '../api/client.ts';
import { useWords } from '../words/words.tsx';

export function ReturnedBecause({ app, children }: { app: Application; children?: ReactNode }) {
  const { t } = useWords();
  const step = app.steps.find((s) => s.state === 'returned');
  return (
    <div className="notice wait">
      <p>
        <strong>{t('mend.because', step?.decider ?? '')}</strong>
      </p>
      <p>{step?.reason}</p>
      {children}
    </div>
  );
}
