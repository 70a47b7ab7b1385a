// AskForm.tsx - one field: the name or the address of a service.
import { useState, type FormEvent } from 'react';
import { go } from '../../app/router.tsx';
import { useWords } from '../../words/words.tsx';

export function AskForm({ q }: { q: string }) {
  const { t } = useWords();
  const [typed, setTyped] = useState(q);
  const ask = (e: FormEvent) => {
    e.preventDefault();
    if (typed.trim()) go(`/may-use?${new URLSearchParams({ q: typed.trim() })}`);
  };
  return (
    <form role="search" className="find" onSubmit={ask} noValidate>
      <div className="find-field">
        <label className="label" htmlFor="may-q">
          {t('may.field')}
        </label>
        <p className="hint" id="may-hint">
          {t('may.hint')}
        </p>
        <input id="may-q" type="search" name="q" value={typed} maxLength={100} autoComplete="off" aria-describedby="may-hint" onChange={(e) => setTyped(e.target.value)} />
      </div>
      <button type="submit" className="main">
        {t('may.ask')}
      </button>
    </form>
  );
}
