// useAct.ts - one act with a reason: send once, show what was refused, then read the application anew.
import { useState } from 'react';
import type { Done, Failure, Reply } from '../../api/client.ts';

export type Act = {
  sending: boolean;
  error: Failure | null;
  /** Counts refusals, so that the error summary takes the focus each time. */
  attempt: number;
  refuse: (error: Failure) => void;
  send: (call: () => Promise<Reply<Done>>) => Promise<void>;
};

export function useAct(acted: () => Promise<void>): Act {
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);

  const refuse = (why: Failure) => {
    setError(why);
    setAttempt((n) => n + 1);
  };
  const send = async (call: () => Promise<Reply<Done>>) => {
    setSending(true);
    setError(null);
    const reply = await call();
    if (reply.ok) await acted();
    else refuse(reply.error);
    setSending(false);
  };
  return { sending, error, attempt, refuse, send };
}

/** Refused here, before asking the server: the reason is missing. */
export const noReason = (field: string): Failure => ({ kind: 'input', key: 'common.reason.missing', field, args: [] });
