// useAutosave.ts - what is typed is kept by the office a few seconds later, and by the browser while the office cannot be reached.
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../api/client.ts';
import { addDraft, getDraft, saveDraft, type DraftDetail, type Subject } from '../../api/drafts.ts';
import { useSession } from '../../app/session.tsx';
import { forget, keepHere } from './here.ts';

const PAUSE_MS = 2000; // the hand rests
const RETRY_MS = 15_000;

export type Keeping =
  | { state: 'nothing' }
  | { state: 'saving' }
  | { state: 'saved'; at: string }
  | { state: 'here'; at: Date }
  | { state: 'moved'; /** when the other one was saved; null when that cannot be told now */ at: string | null }
  | { state: 'gone' }
  | { state: 'refused'; error: Failure };

type Kept = { id: string; rev: number; saved_at: string };

export type Autosave = {
  keeping: Keeping;
  /** Its id, once there is one. */
  draft: string | null;
  /** At once: before another page. */
  saveNow: () => Promise<void>;
  /** Which draft there is once nothing is on its way any more: it goes with what is sent. */
  settled: () => Promise<string | null>;
  /** Moved: what is on this screen is the right one. Gone: begin another. */
  keepMine: () => Promise<void>;
  /** Moved: what was saved last. */
  takeTheirs: () => Promise<DraftDetail | null>;
  /** Sent: nothing is to be kept any more. */
  done: () => void;
};

/** Where a form begins: from nothing, from a draft, or from what only this browser has. */
export type Begun = { typed: Record<string, string> | null; from: DraftDetail | null; unsaved: boolean };
export const FROM_NOTHING: Begun = { typed: null, from: null, unsaved: false };

/** The same answers are the same text, in whatever order they were typed. */
const textOf = (typed: Record<string, string>, applicant: string) => JSON.stringify([Object.fromEntries(Object.entries(typed).sort(([a], [b]) => (a < b ? -1 : 1))), applicant]);

async function savedAt(draft: string | undefined): Promise<string | null> {
  const reply = draft ? await getDraft(draft) : null;
  return reply?.ok ? reply.value.saved_at : null;
}

/** `typed` is what stands on the screen now. Nothing is kept before something is typed. */
export function useAutosave(subject: Subject, typed: Record<string, string>, applicant: string, begun: Begun): Autosave {
  const { from } = begun;
  const session = useSession();
  const [keeping, setKeeping] = useState<Keeping>(from ? { state: 'saved', at: from.saved_at } : { state: 'nothing' });
  const [draft, setDraft] = useState<string | null>(from?.id ?? null);
  const text = textOf(typed, applicant);
  const kept = useRef<Kept | null>(from);
  const saved = useRef(begun.unsaved ? '' : text); // what the office has; at first: what nobody has typed yet
  const wanted = useRef(text);
  const busy = useRef<Promise<void> | null>(null);
  const stopped = useRef(false);
  wanted.current = text;

  const place = { person: session.person.id, ...subject };
  const once = async (): Promise<void> => {
    const now = wanted.current;
    const [answers, name] = JSON.parse(now) as [Record<string, string>, string];
    setKeeping({ state: 'saving' });
    const reply = kept.current ? await saveDraft(kept.current.id, answers, name, kept.current.rev) : await addDraft(subject, answers, name);
    if (stopped.current) return;
    if (reply.ok) {
      kept.current = reply.value;
      saved.current = now;
      forget(place);
      setDraft(reply.value.id);
      setKeeping({ state: 'saved', at: reply.value.saved_at });
      return;
    }
    keepHere(place, answers);
    const { key, kind } = reply.error;
    if (key === 'draft.moved') setKeeping({ state: 'moved', at: await savedAt(kept.current?.id) });
    else if (key === 'draft.absent') setKeeping({ state: 'gone' });
    else if (kind === 'network' || kind === 'internal' || kind === 'busy') setKeeping({ state: 'here', at: new Date() });
    else setKeeping({ state: 'refused', error: reply.error });
  };
  const save = async (): Promise<void> => {
    while (busy.current) await busy.current;
    if (stopped.current || wanted.current === saved.current) return;
    busy.current = once();
    await busy.current;
    busy.current = null;
  };
  const latest = useRef(save);
  latest.current = save;

  // A draft that moved or is gone waits for the person; one that is only here is tried again.
  const waits = keeping.state === 'moved' || keeping.state === 'gone' || keeping.state === 'refused';
  useEffect(() => {
    if (waits || text === saved.current) return undefined;
    const timer = window.setTimeout(() => void latest.current(), keeping.state === 'here' ? RETRY_MS : PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [text, waits, keeping.state]);

  // The window goes: what the pause held back is sent.
  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === 'hidden') void latest.current();
    };
    document.addEventListener('visibilitychange', leave);
    return () => document.removeEventListener('visibilitychange', leave);
  }, []);

  return {
    keeping,
    draft,
    saveNow: async () => {
      if (!waits) await save();
    },
    settled: async () => {
      while (busy.current) await busy.current;
      return kept.current?.id ?? null;
    },
    keepMine: async () => {
      const id = kept.current?.id;
      const reply = keeping.state === 'moved' && id ? await getDraft(id) : null;
      kept.current = reply?.ok ? reply.value : null;
      if (kept.current === null) setDraft(null);
      await once();
    },
    takeTheirs: async () => {
      const reply = kept.current ? await getDraft(kept.current.id) : null;
      if (!reply?.ok) return null;
      kept.current = reply.value;
      saved.current = textOf(reply.value.answers, applicant); // going back to what stood here before is a change
      forget(place);
      setKeeping({ state: 'saved', at: reply.value.saved_at });
      return reply.value;
    },
    done: () => {
      stopped.current = true;
      forget(place);
    },
  };
}
