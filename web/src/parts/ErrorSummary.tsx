// ErrorSummary.tsx - everything that is wrong with a form, at its top: takes the focus, links to the fields.
import { useEffect, useRef, type MouseEvent } from 'react';
import { useWords } from '../words/words.tsx';
import { Icon } from './Icon.tsx';

export type Problem = { field: string | null; text: string };

export const controlId = (field: string) => `f-${field}`;

type ErrorSummaryProps = {
  problems: readonly Problem[];
  /** Changes with each attempt, so that a second failure takes the focus again. */
  attempt: number;
  /** Leads to a field that may be on another page; else it is on this one. */
  onFollow?: ((field: string) => void) | undefined;
};

export function ErrorSummary({ problems, attempt, onFollow }: ErrorSummaryProps) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (attempt > 0) box.current?.focus();
  }, [attempt]);

  if (problems.length === 0) return null;

  const follow = (e: MouseEvent, field: string): void => {
    e.preventDefault();
    if (onFollow) return onFollow(field);
    document.getElementById(controlId(field))?.focus();
  };
  return (
    <div ref={box} className="notice bad summary" role="alert" tabIndex={-1} aria-labelledby="summary-title">
      <h2 id="summary-title" className="notice-title">
        <Icon name="warn" />
        {t('page.problems', String(problems.length))}
      </h2>
      <ul>
        {problems.map((p) => (
          <li key={`${p.field}-${p.text}`}>
            {p.field ? (
              <a href={`#${controlId(p.field)}`} onClick={(e) => follow(e, p.field ?? '')}>
                {p.text}
              </a>
            ) : (
              p.text
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
