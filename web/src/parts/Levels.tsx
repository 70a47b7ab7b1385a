// Levels.tsx - 機密性２・完全性１・可用性２: the line breaks between two of them, never within one.
export function Levels({ of }: { of: readonly string[] }) {
  return of.map((level, n) => (
    <span key={level} className="level">
      {n > 0 ? '・' : ''}
      {level}
    </span>
  ));
}
