// Page.tsx - the one page: choose, type, check, read. Nothing is kept and nothing is sent.
import { useState, type FormEvent } from 'react';
import { ChooseSection, type Choice } from './Choose.tsx';
import { HeldSection, NOTHING_TYPED, readTyped, type Mistakes, type Typed } from './Held.tsx';
import { OutcomeSection } from './OutcomeSection.tsx';
import { useCheck } from './useCheck.ts';
import { useWords } from './words.tsx';

export function Page() {
  const { t, lang, turn } = useWords();
  const [round, setRound] = useState(0); // a new one empties the file inputs
  const [choice, setChoice] = useState<Choice | null>(null);
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const [mistakes, setMistakes] = useState<Mistakes>({});
  const [missing, setMissing] = useState(false);
  const { run, start, stop } = useCheck();

  const check = async (event: FormEvent) => {
    event.preventDefault();
    const read = await readTyped(typed);
    setMistakes(read.mistakes);
    setMissing(!choice);
    const first = !choice ? '#zip' : Object.keys(read.mistakes).length ? '[aria-invalid="true"]' : null;
    if (first) setTimeout(() => document.querySelector<HTMLElement>(first)?.focus());
    else if (choice) start(choice.chosen, read.anchors);
  };
  const again = () => {
    stop();
    setChoice(null);
    setTyped(NOTHING_TYPED);
    setRound(round + 1);
  };
  const choose = (next: Choice) => {
    stop();
    setMissing(false);
    setChoice(next);
  };
  const type = (next: Typed) => {
    if (run.is === 'done') stop(); // a verdict belongs to what was typed when it was made
    setTyped(next);
  };

  return (
    <>
      <header className="top">
        <div className="top-row">
          <span className="product" lang="ja">関所</span>
          <button type="button" className="lang" lang={lang === 'ja' ? 'en' : 'ja'} onClick={turn}>{t('lang.other')}</button>
        </div>
      </header>
      <main className="page">
        <h1>{t('page.title')}</h1>
        <p>{t('intro.offline')}</p>
        <p className="quiet no-print">{t('intro.self')}</p>
        <form key={round} onSubmit={(e) => void check(e)} noValidate>
          <ChooseSection choice={choice} choose={choose} missing={missing} />
          <HeldSection typed={typed} type={type} mistakes={mistakes} />
          <h2>{t('run.title')}</h2>
          <div className="acts no-print">
            {run.is === 'running' ? <button type="button" onClick={stop}>{t('run.stop')}</button> : <button type="submit" className="main">{t('run.start')}</button>}
          </div>
        </form>
        <div aria-live="polite">
          {run.is === 'running' && (
            <p className="working">
              <label>
                {t(`phase.${run.phase}`)} {run.total > 1 && `${Math.floor((100 * run.done) / run.total)} %`}
                <progress value={run.total > 1 ? run.done / run.total : undefined} max={1} />
              </label>
            </p>
          )}
          {run.is === 'failed' && <p className="problem" role="alert">{t('run.failed', run.why)}</p>}
        </div>
        {run.is === 'done' && <OutcomeSection outcome={run.outcome} ms={run.ms} again={again} />}
      </main>
    </>
  );
}
