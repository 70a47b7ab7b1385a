// Nothing.tsx - "nothing" says when that was found, so that it is not mistaken for a page that did not load.
import type { Key } from '../../words/text.ts';
import { clockOf } from '../../words/time.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/words.tsx';

type NothingProps = { text: Extract<Key, `home.${string}.none`>; at: string };

export function Nothing({ text, at }: NothingProps) {
  const { t } = useWords();
  return (
    <p className="empty nothing">
      <Icon name="ok" />
      {t(text, clockOf(at))}
    </p>
  );
}
