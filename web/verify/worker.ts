// worker.ts - the check beside the page, so that it can be read, scrolled and stopped meanwhile.
import type { Anchors } from './check/anchors.ts';
import type { Outcome, PhaseKey } from './check/report.ts';
import { verify, type Chosen } from './check/verify.ts';

export type Work = { chosen: Chosen; anchors: Anchors };
export type Told = { is: 'progress'; phase: PhaseKey; done: number; total: number } | { is: 'outcome'; outcome: Outcome; ms: number } | { is: 'failed'; why: string };

const EVERY_MS = 100;
const tell = (told: Told) => self.postMessage(told);

self.onmessage = (event: MessageEvent<Work>) => {
  const began = performance.now();
  let last = 0;
  let shown = '';
  const progress = (phase: PhaseKey, done: number, total: number) => {
    const now = performance.now();
    if (now - last < EVERY_MS && phase === shown) return;
    last = now;
    shown = phase;
    tell({ is: 'progress', phase, done, total });
  };
  verify(event.data.chosen, event.data.anchors, progress).then(
    (outcome) => tell({ is: 'outcome', outcome, ms: performance.now() - began }),
    (why: unknown) => tell({ is: 'failed', why: String(why) }),
  );
};
