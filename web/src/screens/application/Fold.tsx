// Fold.tsx - a part of the record that is read when somebody wants it; its heading tells what is inside.
import type { ReactNode } from 'react';

export function Fold({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details className="fold" open={open}>
      <summary>
        <h2>{title}</h2>
      </summary>
      {children}
    </details>
  );
}
