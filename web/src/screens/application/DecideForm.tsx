// DecideForm.tsx - the big buttons of one step. Approval is one click; what needs words opens a place for them, with ready phrases.
import { useEffect, useRef, useState } from 'react';
import { decideApplication, type Application, type Decision, type Failure, type Step } from '../../api/client.ts';
import { useSession } from '../../app/session.tsx';
import { ErrorSummary } from '../../parts/ErrorSummary.tsx';
import { problemOf } from '../../parts/failure.ts';
import { Icon } from '../../parts/Icon.tsx';
import { keepTab, readTab } from '../../parts/tab.ts';
import type { Key } from '../../words/text.ts';
import { useWords } from '../../words/words.tsx';
import { Because, NO_WORDS, type Choice, type Written } from './Because.tsx';
import { EMPTY_PAPER, Entered, PaperInput, type Paper } from './PaperInput.tsx';
import { noReason, useAct } from './useAct.ts';

const CLASS: Record<Decision, string> = { approve: 'main approve', return: 'plain', reject: 'danger' };
type Kind = NonNullable<Step['kind']>;
/** Only who decides can reject; the others let it pass or send it back. A machine has no hands. */
const BUTTONS: Record<Kind, readonly Decision[]> = {
  approve: ['approve', 'return', 'reject'],
  judge: ['approve', 'return'],
  concur: ['approve', 'return'],
  confirm: ['approve', 'return'],
  council: ['approve', 'return', 'reject'],
  'external-decision': ['approve', 'return', 'reject'],
  machine: [],
};
/** What was entered stands or goes back to who entered it. */
const CONFIRMING: readonly Decision[] = ['approve', 'return'];
const PLACED = ['reason', 'condition', 'condition_due', 'document', 'decided_on', 'authority', 'division', 'to'];

function wordOf(kind: Kind, confirms: boolean, decision: Decision): Key {
  if (confirms) return decision === 'approve' ? 'decide.confirm' : 'decide.unconfirm';
  const enters = kind === 'council' || kind === 'external-decision';
  if (enters && decision !== 'approve') return `decide.enter.${decision}`;
  return decision === 'approve' && kind !== 'approve' ? `decide.approve.${kind}` : `decide.${decision}`;
}

type DecideFormProps = { app: Application; what: string; acted: () => Promise<void>; reload: () => Promise<void> };

export function DecideForm({ app, what, acted, reload }: DecideFormProps) {
  const mine = app.steps.filter((s) => s.mine && s.active);
  return mine.map((step) => <OneStep key={step.id} app={app} step={step} what={what} acted={acted} reload={reload} />);
}

type OneStepProps = DecideFormProps & { step: Step };
/** What is kept in this tab until it is sent. */
type Typed = { choice: Choice | null; written: Written; paper: Paper };

/** Refused here before the office is asked: what is missing for this choice. */
function missing(choice: Choice, words: Written, paper: Paper | null): Failure | null {
  if (choice === 'condition' && !words.condition.trim()) return { kind: 'input', key: 'decide.condition.missing', field: 'condition', args: [] };
  if (choice === 'condition' && !words.due) return { kind: 'input', key: 'decide.condition.missing', field: 'condition_due', args: [] };
  if ((choice === 'return' || choice === 'reject') && !words.reason.trim()) return noReason('reason');
  const empty = paper && (['document', 'decided_on', 'authority'] as const).find((field) => !paper[field].trim());
  return empty ? { kind: 'input', key: 'paper.missing', field: empty, args: [] } : null;
}

function OneStep({ app, step, what, acted, reload }: OneStepProps) {
  const words = useWords();
  const { t, say } = words;
  const place = `decide ${useSession().person.id} ${app.id} ${step.id}`;
  const [kept] = useState(() => readTab<Typed>(place));
  const [choice, setChoice] = useState<Choice | null>(kept?.choice ?? null);
  const [written, setWritten] = useState<Written>(kept?.written ?? NO_WORDS);
  const [paper, setPaper] = useState<Paper>(kept?.paper ?? EMPTY_PAPER);
  const act = useAct(acted);
  const opened = useRef<HTMLDivElement>(null);
  const kind = step.kind ?? 'approve';
  const at = (field: string) => `${step.id}-${field}`;
  const problems = (act.error ? [problemOf(act.error, PLACED, words)] : []).map((p) => ({ ...p, field: p.field && at(p.field) }));
  const problemAt = (field: string) => problems.find((p) => p.field === at(field))?.text;
  const paperKind = kind === 'council' || kind === 'external-decision';
  const confirms = paperKind && step.state === 'entered';
  const enters = paperKind && !confirms;
  const open = app.open.length;

  useEffect(() => {
    if (choice) opened.current?.querySelector('textarea')?.focus();
  }, [choice]);

  useEffect(() => {
    keepTab(place, choice || written !== NO_WORDS || paper !== EMPTY_PAPER ? ({ choice, written, paper } satisfies Typed) : null);
  }, [place, choice, written, paper]);

  const decide = async (decision: Parameters<typeof decideApplication>[1]) => {
    const reply = await decideApplication(app.id, decision);
    if (reply.ok) keepTab(place, null);
    return reply;
  };
  const send = (chosen: Choice) => {
    const mistake = missing(chosen, written, enters ? paper : null);
    if (mistake) return act.refuse(mistake);
    return void act.send(() =>
      decide({
        decision: chosen === 'condition' ? 'approve' : chosen,
        reason: written.reason.trim(),
        rev: app.rev,
        step: step.id,
        ...(chosen === 'return' && written.to ? { to: written.to } : {}),
        ...(chosen === 'condition' ? { condition: written.condition.trim(), condition_due: written.due } : {}),
        ...(enters ? paper : {}),
      }),
    );
  };
  const press = (decision: Decision) => (decision === 'approve' ? send('approve') : setChoice(choice === decision ? null : decision));
  return (
    <section className="panel decide" aria-labelledby={at('decide')}>
      <h2 id={at('decide')} tabIndex={-1}>
        {t('decide.step', say(step.title))}
      </h2>
      {step.help ? <p>{say(step.help)}</p> : null}
      <ErrorSummary problems={problems} attempt={act.attempt} />
      {act.error?.kind === 'conflict' ? (
        <p>
          <button type="button" className="plain" onClick={() => void reload()}>
            {t('action.retry')}
          </button>
        </p>
      ) : null}
      {kind === 'approve' ? null : <p className="effect">{t(confirms ? 'decide.effect.confirming' : `decide.effect.${kind}`, what)}</p>}
      {open > 0 && !enters ? (
        <p className="still-open">
          <Icon name="warn" />
          <a href="#open">{t('decide.still-open', String(open))}</a>
        </p>
      ) : null}
      <p className="separation">
        <Icon name="ok" />
        {app.drafter ? t('decide.separation.drafter', app.applicant.name, app.drafter.name) : t('decide.separation', app.applicant.name)}
      </p>
      {enters ? <PaperInput app={app} step={step.id} value={paper} problemAt={problemAt} onChange={setPaper} /> : null}
      {confirms ? <Entered step={step} /> : null}
      <div className="big-acts">
        {(confirms ? CONFIRMING : BUTTONS[kind]).map((decision) => (
          <button
            key={decision}
            type="button"
            className={`big ${CLASS[decision]}`}
            disabled={act.sending}
            aria-expanded={decision === 'approve' ? undefined : choice === decision}
            onClick={() => press(decision)}
          >
            {t(wordOf(kind, confirms, decision))}
          </button>
        ))}
      </div>
      {step.conditional && !confirms ? (
        <p className="small-act">
          <button type="button" className="plain" aria-expanded={choice === 'condition'} onClick={() => setChoice(choice === 'condition' ? null : 'condition')}>
            {t('decide.under')}
          </button>
        </p>
      ) : null}
      {choice ? (
        <div ref={opened} className="because">
          <Because app={app} step={step} choice={choice} written={written} problemAt={problemAt} onChange={setWritten} />
          <p className="acts">
            <button type="button" className={choice === 'reject' ? 'danger' : 'main'} disabled={act.sending} onClick={() => send(choice)}>
              {t(`decide.send.${choice}`)}
            </button>
            <button type="button" className="plain" onClick={() => setChoice(null)}>
              {t('action.cancel')}
            </button>
          </p>
        </div>
      ) : null}
    </section>
  );
}
