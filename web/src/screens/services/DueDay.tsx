// DueDay.tsx - the last day of something, and in words how near it is or how long it is past.
import { Icon } from '../../parts/Icon.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

const DAY_MS = 24 * 60 * 60 * 1000;
const NEAR_DAYS = 30;

/** `over`: it binds nobody any more. */
export function DueDay({ at, over }: { at: string | undefined; over?: boolean }) {
  const { t } = useWords();
  if (!at) return '－';
  const days = Math.floor((Date.parse(at) - Date.now()) / DAY_MS);
  return (
    <span>
      <When at={at} as="until" />
      {over || days > NEAR_DAYS ? null : (
        <span className={days < 0 ? 'near past' : 'near'}>
          <Icon name={days < 0 ? 'warn' : 'wait'} />
          {days < 0 ? t('services.days-past', String(-days)) : t('services.days-left', String(days))}
        </span>
      )}
    </span>
  );
}
