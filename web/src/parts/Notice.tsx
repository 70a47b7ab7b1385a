// Notice.tsx - what went wrong, and what went well.
import type { ReactNode } from 'react';
import type { Failure } from '../api/client.ts';
import { useWords } from '../words/words.tsx';
import { Icon } from './Icon.tsx';

export function FailureNotice({ error, retry }: { error: Failure; retry?: () => void }) {
  const { t, tKey } = useWords();
  return (
    <div className="notice bad" role="alert">
      <p className="notice-title">
        <Icon name="warn" />
        {t('error.title')}
      </p>
      <p>{tKey(error.key, error.args)}</p>
      {retry ? (
        <p>
          <button type="button" className="plain" onClick={retry}>
            {t('action.retry')}
          </button>
        </p>
      ) : null}
    </div>
  );
}

/** Said aloud when it changes; place it before it has something to say. */
export function Said({ children }: { children: ReactNode }) {
  return (
    <div role="status" className="said">
      {children}
    </div>
  );
}
