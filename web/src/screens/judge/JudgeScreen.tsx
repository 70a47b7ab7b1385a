// JudgeScreen.tsx - criteria line by line: result, reason, the place in the contract, the evidence. Saved together; nothing is lost.
import { useState, type KeyboardEvent } from 'react';
import { getApplication, judgeApplication, type Application, type Criterion, type Failure, type Judgement } from '../../api/client.ts';
import { useLoad } from '../../api/useLoad.ts';
import { go, Link } from '../../app/router.tsx';
import { ErrorSummary, type Problem } from '../../parts/ErrorSummary.tsx';
import { FailureNotice } from '../../parts/Notice.tsx';
import { Page } from '../../parts/Page.tsx';
import { useWords } from '../../words/words.tsx';
import { CriterionInput } from './CriterionInput.tsx';
import { keepTyped, readTyped, type Typed } from './draft.ts';
import { lineOf, missingOf, type Line } from './line.ts';
import { Standing } from './Standing.tsx';

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
  const [typed, setTyped] = useState<Typed>(() => readTyped(app.id));
  const [found, setFound] = useState<Problem[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [sending, setSending] = useState(false);

  const put = (id: string, change: Line) => {
    const now = { ...typed, [id]: { ...typed[id], ...change } };
    setTyped(now);
    keepTyped(app.id, now);
  };
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
    if (reply.ok) {
      keepTyped(app.id, {});
      go(`/applications/${app.id}`, 'replace');
    } else setFound([refused(reply.error)]);
  };
  /** Alt with an arrow: the line before, the line after. */
  const walk = (e: KeyboardEvent) => {
    if (!e.altKey || (e.key !== 'ArrowDown' && e.key !== 'ArrowUp')) return;
    const here = mine.findIndex((c) => (e.target as Element).closest('.criterion-input')?.querySelector(`[id="f-${c.id}"]`));
    const to = mine[here + (e.key === 'ArrowDown' ? 1 : -1)];
    if (here < 0 || !to) return;
    e.preventDefault();
    document.getElementById(`f-${to.id}`)?.focus();
  };
  return (
    <Page title={step ? say(step.title) : t('criteria.title')} over={`${say(app.title)} ${app.number}`} failed={found.length > 0} wide>
      <ErrorSummary problems={found} attempt={attempt} />
      <p className="intro">{t('criteria.intro')}</p>
      {mine.length === 0 ? <p className="empty">{t('criteria.none-mine')}</p> : null}
      <div className="judging">
        <div onKeyDown={walk}>
          {mine.map((c, n) => (
            <CriterionInput
              key={c.id}
              place={`${n + 1} / ${mine.length}`}
              criterion={c}
              line={typed[c.id] ?? {}}
              before={app.judged_before.find((b) => b.criterion === c.id)}
              phrases={app.phrases.map((p) => ({ use: p.use, text: say(p.text) }))}
              problems={found}
              onChange={put}
            />
          ))}
        </div>
        <Standing app={app} mine={mine} typed={typed} />
      </div>
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
