// useSend.ts - one act after the other: what it said, what was wrong with it, and the list anew.
import { useState } from 'react';
import type { Failure, Reply } from '../../api/client.ts';

export function useSend(reload: () => Promise<void>) {
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [said, setSaid] = useState('');
  const refuse = (failure: Failure) => {
    setError(failure);
    setAttempt((n) => n + 1);
    return false;
  };
  /** True when it was done. */
  const send = async <T,>(act: () => Promise<Reply<T>>, words: (value: T) => string): Promise<boolean> => {
    setSending(true);
    setError(null);
    setSaid('');
    const reply = await act();
    setSending(false);
    if (!reply.ok) return refuse(reply.error);
    setSaid(words(reply.value));
    await reload();
    return true;
  };
  return { sending, error, attempt, said, send, refuse };
}
