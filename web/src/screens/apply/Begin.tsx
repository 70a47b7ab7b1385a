// Begin.tsx - before a form opens: is there a draft of it? Whoever has one says whether to go on with it.
import { useState, type ReactNode } from 'react';
import { getDraft, listDrafts, type Subject } from '../../api/drafts.ts';
import { useLoad } from '../../api/useLoad.ts';
import { usePlace } from '../../app/router.tsx';
import { useSession } from '../../app/session.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';
import { DraftCard } from './DraftCard.tsx';
import { forget, foundHere } from './here.ts';
import { FROM_NOTHING, type Begun } from './useAutosave.ts';

type BeginProps = {
  subject: Subject;
  over: string;
  /** Something is asked for by the address already: an older draft is not offered. */
  anew?: boolean;
  children: (begun: Begun) => ReactNode;
};

export function Begin({ subject, over, anew, children }: BeginProps) {
  const { t } = useWords();
  const session = useSession();
  const asked = usePlace().searchParams.get('draft');
  const place = { person: session.person.id, ...subject };
  // Decided once: the address is renamed when a draft is first saved, and that begins nothing.
  const [chosen, setChosen] = useState<string | null>(asked);
  const [begun, setBegun] = useState<Begun | null>(anew && !asked ? FROM_NOTHING : null);
  const [here] = useState(() => foundHere(place));
  const one = useLoad(chosen && !begun ? `draft ${chosen}` : null, () => getDraft(chosen ?? ''), 0);
  const all = useLoad(chosen || begun ? null : 'drafts', listDrafts, 0);

  if (begun) return children(begun);
  if (chosen) {
    if (one.value) return children({ typed: one.value.answers, from: one.value, unsaved: false });
    if (!one.error) return <p className="loading">{t('page.loading')}</p>;
    return (
      <Page title={t('draft.title')} over={over} failed>
        <FailureNotice error={one.error} retry={() => void one.reload()} />
        <p className="acts">
          <button type="button" className="main" onClick={() => setChosen(null)}>
            {t('draft.back')}
          </button>
        </p>
      </Page>
    );
  }
  if (!all.value && !all.error) return <p className="loading">{t('page.loading')}</p>;
  const mine = (all.value?.items ?? []).filter((d) => d.form === subject.form && (d.about ?? '') === (subject.about ?? ''));
  if (mine.length === 0 && !here) return children(FROM_NOTHING);
  return (
    <Page title={t('draft.title')} over={over}>
      <p>{t('draft.found')}</p>
      <ul className="drafts">
        {here ? (
          <li>
            <p>
              <strong>{t('draft.here')}</strong> <When at={new Date(here.at).toISOString()} />
            </p>
            <p className="acts">
              <button type="button" onClick={() => setBegun({ typed: here.answers, from: null, unsaved: true })}>
                {t('draft.go-on')}
              </button>
            </p>
          </li>
        ) : null}
        {mine.map((draft) => (
          <DraftCard key={draft.id} draft={draft} goOn={() => setChosen(draft.id)} dropped={all.reload} />
        ))}
      </ul>
      <p className="acts">
        <button
          type="button"
          className="main"
          onClick={() => {
            forget(place);
            setBegun(FROM_NOTHING);
          }}
        >
          {t('draft.anew')}
        </button>
      </p>
    </Page>
  );
}
