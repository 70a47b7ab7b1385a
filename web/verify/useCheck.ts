// useCheck.ts - one run of the check in a worker made of the page's own text: from disk there is no address to load a second file from.
import { useEffect, useRef, useState } from 'react';
import source from 'virtual:verifier-worker';
import type { Anchors } from './check/anchors.ts';
import type { Outcome, PhaseKey } from './check/report.ts';
import type { Chosen } from './check/verify.ts';
import type { Told, Work } from './worker.ts';

export type Run =
  | { is: 'idle' }
  | { is: 'running'; phase: PhaseKey; done: number; total: number }
  | { is: 'done'; outcome: Outcome; ms: number }
  | { is: 'failed'; why: string };

export function useCheck() {
  const [run, setRun] = useState<Run>({ is: 'idle' });
  const worker = useRef<Worker | null>(null);

  const end = () => {
    worker.current?.terminate();
    worker.current = null;
  };
  useEffect(() => end, []);

  const start = (chosen: Chosen, anchors: Anchors) => {
    end();
    setRun({ is: 'running', phase: 'open', done: 0, total: 1 });
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const made = new Worker(url);
    worker.current = made;
    made.onmessage = (event: MessageEvent<Told>) => {
      const told = event.data;
      if (told.is === 'progress') setRun({ ...told, is: 'running' });
      else {
        setRun(told.is === 'outcome' ? { is: 'done', outcome: told.outcome, ms: told.ms } : told);
        end();
      }
    };
    made.onerror = (event) => setRun({ is: 'failed', why: event.message });
    made.postMessage({ chosen, anchors } satisfies Work);
    URL.revokeObjectURL(url);
  };

  const stop = () => {
    end();
    setRun({ is: 'idle' });
  };
  return { run, start, stop };
}
