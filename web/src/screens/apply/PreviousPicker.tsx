// PreviousPicker.tsx - 前回の内容を写す: an earlier application of the same form as the beginning of this one.
import { useState } from 'react';
import { listPrevious, type Previous } from '../../api/drafts.ts';
import { useLoad } from '../../api/useLoad.ts';
import { Said } from '../../parts/Notice.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

/** `form` null: nothing is read. */
export const usePrevious = (form: string | null) => useLoad(form ? `previous ${form}` : null, () => listPrevious(form ?? ''), 0).value?.items ?? [];

export function PreviousPicker({ items, onCopy }: { items: readonly Previous[]; onCopy: (one: Previous) => void }) {
  const { t } = useWords();
  const [said, setSaid] = useState('');
  if (items.length === 0) return null;
  return (
    <details className="previous">
      <summary>{t('previous.title', String(items.length))}</summary>
      <p>{t('previous.help')}</p>
      <ul className="drafts">
        {items.map((one) => (
          <li key={one.id}>
            <p>
              <strong>{one.headline || one.number}</strong>
            </p>
            <p className="quiet">
              {one.number}　<When at={one.submitted_at} as="short" />　{one.applicant}
            </p>
            <p className="acts">
              <button
                type="button"
                className="small"
                onClick={() => {
                  onCopy(one);
                  setSaid(t('previous.copied', one.number));
                }}
              >
                {t('previous.copy')}
                <span className="unseen">：{one.headline || one.number}</span>
              </button>
            </p>
          </li>
        ))}
      </ul>
      <Said>{said}</Said>
    </details>
  );
}
