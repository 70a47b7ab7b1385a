// HouseClockSection.tsx - shown while time is held: two times side by side, and the word of a person that the machine's clock is right.
import { useState } from 'react';
import type { Failure } from '../../api/client.ts';
import { confirmClock, getClock } from '../../api/oversight.ts';
import { useLoad } from '../../api/useLoad.ts';
import { FailureNotice } from '../../parts/Notice.tsx';
import { When } from '../../parts/When.tsx';
import { useWords } from '../../words/words.tsx';

export function HouseClockSection() {
  const { t } = useWords();
  const { value: clock, reload } = useLoad('clock', getClock, 0);
  const [error, setError] = useState<Failure | null>(null);
  const [done, setDone] = useState(false);
  const [sending, setSending] = useState(false);
  if (done) return <p role="status">{t('installation.time.done')}</p>;
  if (!clock || clock.held === 'none') return null;
  const confirm = async () => {
    setSending(true);
    setError(null);
    const reply = await confirmClock(clock.wall);
    setSending(false);
    if (reply.ok) setDone(true);
    else {
      setError(reply.error);
      void reload();
    }
  };
  return (
    <section aria-labelledby="house-clock">
      <h2 id="house-clock">{t('installation.time.title')}</h2>
      <p>{t(clock.held === 'mass' ? 'installation.time.mass' : 'installation.time.jump')}</p>
      <dl>
        <dt>{t('installation.time.wall')}</dt>
        <dd>
          <strong>
            <When at={clock.wall} as="second" />
          </strong>
        </dd>
        <dt>{t('installation.time.house')}</dt>
        <dd>
          <When at={clock.now} as="second" />
        </dd>
      </dl>
      <p>{t('installation.time.lead')}</p>
      {error ? <FailureNotice error={error} /> : null}
      <p className="acts">
        <button type="button" disabled={sending} onClick={() => void confirm()}>
          {t('installation.time.confirm')}
        </button>
      </p>
    </section>
  );
}
