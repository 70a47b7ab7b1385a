// KeepingLine.tsx - how it stands with what was typed: where it is kept, since when, and what to do when it is not.
import type { DraftDetail } from '../../api/drafts.ts';
import { Link } from '../../app/router.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';
import type { Autosave } from './useAutosave.ts';

const clock = (at: Date, lang: string) => at.toLocaleTimeString(lang, { timeZone: 'Asia/Tokyo', hour: 'numeric', minute: '2-digit' });

export function KeepingLine({ kept, take }: { kept: Autosave; take: (draft: DraftDetail) => void }) {
  const { t, tKey, lang } = useWords();
  const { keeping } = kept;
  const words = {
    nothing: () => '',
    saving: () => t('draft.saving'),
    saved: () => (keeping.state === 'saved' ? t('draft.saved', clock(new Date(keeping.at), lang)) : ''),
  };
  if (keeping.state in words) {
    return (
      <p className="keeping" role="status">
        {keeping.state === 'saved' ? <Icon name="ok" /> : null}
        {words[keeping.state as keyof typeof words]()}
      </p>
    );
  }
  const theirs = async () => {
    const draft = await kept.takeTheirs();
    if (draft) take(draft);
  };
  return (
    <div className="notice wait keeping-notice" role="alert">
      <p className="notice-title">
        <Icon name="warn" />
        {keeping.state === 'here' ? t('draft.kept-here', clock(keeping.at, lang)) : null}
        {keeping.state === 'moved' ? (keeping.at ? t('draft.moved-at', clock(new Date(keeping.at), lang)) : t('draft.moved')) : null}
        {keeping.state === 'gone' ? t('draft.absent') : null}
        {keeping.state === 'refused' ? tKey(keeping.error.key, keeping.error.args) : null}
      </p>
      <p className="acts">
        {keeping.state === 'moved' ? (
          <>
            <button type="button" onClick={() => void kept.keepMine()}>
              {t('draft.keep-mine')}
            </button>
            <button type="button" onClick={() => void theirs()}>
              {t('draft.take-theirs')}
            </button>
          </>
        ) : null}
        {keeping.state === 'gone' ? (
          <button type="button" onClick={() => void kept.keepMine()}>
            {t('draft.save-anew')}
          </button>
        ) : null}
        {keeping.state === 'here' ? (
          <button type="button" onClick={() => void kept.saveNow()}>
            {t('action.retry')}
          </button>
        ) : null}
        {keeping.state === 'refused' ? <Link href="/applications?view=mine">{t('draft.tidy')}</Link> : null}
      </p>
    </div>
  );
}
