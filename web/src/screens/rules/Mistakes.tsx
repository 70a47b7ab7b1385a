// Mistakes.tsx - what is wrong with an edit or a file, each at its place.
import type { Draft } from '../../api/rules.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';

export function Mistakes({ mistakes, title }: { mistakes: Draft['mistakes']; title: string }) {
  const { say } = useWords();
  if (mistakes.length === 0) return null;
  return (
    <div className="notice bad" role="alert" data-mistakes="">
      <p className="notice-title">
        <Icon name="warn" />
        {title}
      </p>
      <ul>
        {mistakes.map((m, i) => (
          <li key={`${m.at} ${i}`}>{say(m.message)}</li>
        ))}
      </ul>
    </div>
  );
}
