// JudgeScreen.tsx - criteria line by line: result, reason, the place in the contract, the evidence. Saved together; nothing is lost.
import { useState } from 'react';
import { getApplication, judgeApplication, type Application, type Criterion, type Failure, type Judgement } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link } from '../../app/router.tsx';
import { ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { SheetAnswers } from '../application/Sheets.tsx';
import { CriterionInput } from './CriterionInput.tsx';
import { lineOf, missingOf, type Line } from './line.ts';

export function JudgeScreen({ id }: { id: string }) {
  const { t } = useWords();
  const { value: app, error, reload } = useLoad(`application ${id}`, () => getApplication(id), 0);
  if (app) return <Judging key={app.rev} app={app} />;
  if (!error) return <p className="loading">{t('page.loading')}</p>;
  return (
    <Page title={t('criteria.title')} failed>
      <FailureNotice error={error} retry={() => void reload()} />
    </Page>
  );
}

/** What the judge has typed over what is stored. Only lines with a result are sent. */
function Judging({ app }: { app: Application }) {
  const { t, say, tKey } = useWords();
  const mine = app.criteria.filter((c) => c.mine && c.asked_now);
  const [typed, setTyped] = useState<Record<string, Line>>({});
  const [found, setFound] = useState<Problem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);

  const put = (id: string, change: Line) => setTyped((was) => ({ ...was, [id]: { ...was[id], ...change } }));
  const changed = mine.filter((c) => typed[c.id]);
  const judged = mine.filter((c) => typed[c.id]?.result ?? c.result).length;
  const next = mine.find((c) => !(typed[c.id]?.result ?? c.result));
  const step = app.steps.find((s) => s.mine && s.active && s.kind === 'judge');

  const mistakes = (): Problem[] =>
    changed.flatMap((c) =>
      missingOf(c, typed[c.id] ?? {}).map((key) => ({ field: `${c.id}-${key}`, text: t('criteria.missing', say(c.text), t(`criteria.${key}`)) })),
    );
  const refused = (error: Failure): Problem => {
    const about = mine.find((c) => c.id === error.field || error.args.includes(c.id));
    return { field: about?.id ?? null, text: tKey(error.key, error.args.map((arg) => (arg === about?.id ? say(about.text) : arg))) };
  };
  const save = async () => {
    const now = mistakes();
    setFound(now);
    setAttempt(attempt + 1);
    if (now.length > 0) return;
    const lines: Judgement[] = changed.map((c) => lineOf(c, typed[c.id] ?? {})).filter((line) => line !== null);
    setSending(true);
    const reply = await judgeApplication(app.id, lines, app.rev);
    setSending(false);
    if (reply.ok) go(`/applications/${app.id}`, 'replace');
    else setFound([refused(reply.error)]);
  };
  return (
    <Page title={step ? say(step.title) : t('criteria.title')} over={`${say(app.title)} ${app.number}`} failed={found.length > 0}>
      <ErrorSummary problems={found} attempt={attempt} />
      <p className="intro">{t('criteria.intro')}</p>
      {app.sheets.filter((s) => s.filled).map((s) => (
        <SheetAnswers key={s.id} sheet={s} named />
      ))}
      {mine.length === 0 ? <p className="empty">{t('criteria.none-mine')}</p> : null}
      {mine.map((c, n) => (
        <CriterionInput key={c.id} place={`${n + 1} / ${mine.length}`} criterion={c} line={typed[c.id] ?? {}} problems={found} onChange={put} />
      ))}
      <Bar judged={judged} of={mine.length} next={next}>
        <button type="button" className="main" disabled={sending || changed.length === 0} onClick={() => void save()}>
          {t('criteria.save')}
        </button>
        <Link href={`/applications/${app.id}`} className="quiet-link">
          {t('action.cancel')}
        </Link>
      </Bar>
    </Page>
  );
}

/** Stays at the foot of the window: a sheet of forty lines is saved from wherever the reader is. */
function Bar({ judged, of, next, children }: { judged: number; of: number; next: Criterion | undefined; children: React.ReactNode }) {
  const { t } = useWords();
  return (
    <div className="save-bar">
      <span role="status">{t('criteria.count', String(judged), String(of))}</span>
      {next ? (
        <a
          href={`#f-${next.id}`}
          onClick={(e) => {
            e.preventDefault();
            document.getElementById(`f-${next.id}`)?.focus();
          }}
        >
          {t('criteria.next')}
        </a>
      ) : null}
      <span className="save-acts">{children}</span>
    </div>
  );
}
