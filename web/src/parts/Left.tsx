// Left.tsx - how much time is left, in words; it moves on by itself every half minute.
import { useEffect, useState } from 'react';
import { leftOf } from '../words/left.ts';
import { useWords } from '../words/words.tsx';
import { Icon } from './Icon.tsx';

const EVERY_MS = 30_000;

export function Left({ until }: { until: string }) {
  const { t } = useWords();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => window.clearInterval(timer);
  }, []);
  const left = leftOf(until, now);
  return (
    <span className={`state ${left.late ? 'bad' : 'wait'}`}>
      <Icon name={left.late ? 'warn' : 'wait'} />
      {t(left.key, ...left.args)}
    </span>
  );
}
