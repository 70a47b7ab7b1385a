// useLoad.ts - read something and keep it fresh. The first answer that fails is shown; a later one leaves what is there.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure, Reply } from './client.ts';

export type Loaded<T> = {
  value: T | null;
  error: Failure | null;
  /** When the value was last confirmed by the server. */
  at: Date | null;
  reload: () => Promise<void>;
};

/** `what` names what is read: another name starts afresh, null reads nothing yet. `everyMs` 0 reads once; a hidden page does not ask. */
export function useLoad<T>(what: string | null, read: () => Promise<Reply<T>>, everyMs: number): Loaded<T> {
  const [state, setState] = useState<{ what: string | null; value: T | null; error: Failure | null; at: Date | null }>({
    what,
    value: null,
    error: null,
    at: null,
  });
  const reader = useRef(read);
  reader.current = read;
  const wanted = useRef(what);
  wanted.current = what;

  const reload = useCallback(async () => {
    if (what === null) return;
    const reply = await reader.current();
    if (wanted.current !== what) return;
    setState((was) => {
      if (reply.ok) return { what, value: reply.value, error: null, at: new Date() };
      return was.what === what && was.value ? { ...was, error: reply.error } : { what, value: null, error: reply.error, at: null };
    });
  }, [what]);

  useEffect(() => {
    void reload();
  }, [reload]);

  useEffect(() => {
    if (!everyMs) return undefined;
    let stopped = false;
    let timer = 0;
    const tick = async () => {
      if (!document.hidden) await reload();
      if (!stopped) timer = window.setTimeout(tick, everyMs);
    };
    timer = window.setTimeout(tick, everyMs);
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [reload, everyMs]);

  const current = state.what === what;
  return { value: current ? state.value : null, error: current ? state.error : null, at: current ? state.at : null, reload };
}
