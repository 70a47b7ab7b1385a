// DraftCard.tsx - one draft: what it is, when it was saved; to go on with, or to let go.
import { useState } from 'react';
import { dropDraft, type DraftLine } from '../../api/drafts.ts';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function DraftCard({ draft, goOn, dropped }: { draft: DraftLine; goOn: () => void; dropped: () => Promise<void> }) {
  const { t, say, tKey } = useWords();
  const [wrong, setWrong] = useState<string | null>(null);
  const drop = async () => {
    const reply = await dropDraft(draft.id);
    if (reply.ok || reply.error.kind === 'absent') await dropped();
    else setWrong(tKey(reply.error.key, reply.error.args));
  };
  const name = draft.headline || t('draft.nameless');
  return (
    <li>
      <p>
        <span className="title-form">
          {say(draft.title)}
          {draft.number ? ` ${draft.number}` : ''}
        </span>
        <strong>{name}</strong>
      </p>
      <p className="quiet">
        {t('draft.saved-at')} <When at={draft.saved_at} />　{t('draft.answered', String(draft.answered))}
        {draft.applicant ? `　${t('draft.for', draft.applicant.name)}` : ''}
      </p>
      {wrong ? <p className="problem">{wrong}</p> : null}
      <p className="acts">
        <button type="button" onClick={goOn}>
          {t('draft.go-on')}
          <span className="unseen">：{name}</span>
        </button>
        <button type="button" className="plain small" onClick={() => void drop()}>
          {t('draft.drop')}
          <span className="unseen">：{name}</span>
        </button>
      </p>
    </li>
  );
}
