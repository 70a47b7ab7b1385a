// Icon.tsx - small pictures beside words, never instead of them.
export type IconName = 'wait' | 'ok' | 'no' | 'back' | 'gone' | 'gate' | 'pause' | 'end' | 'warn' | 'plus';

const PATHS: Record<IconName, string> = {
  wait: 'M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3zm-.75 1.500v4l3 1.800.7-1.200-2.200-1.300V4.500z',
  ok: 'M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zm-1 9.600 4.700-4.800-1.100-1-3.600 3.700-1.700-1.600-1 1.100z',
  no: 'M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM5.800 4.800l-1 1L7 8l-2.200 2.200 1 1L8 9l2.200 2.200 1-1L9 8l2.200-2.200-1-1L8 7z',
  back: 'M6.500 2.500 2 7l4.500 4.500V8.500h2.800c2 0 3.200 1 3.200 3V13H14v-1.700C14 8 12 6 9.500 5.700H6.500z',
  gone: 'M3 7.200h10v1.600H3z',
  gate: 'M2 2.500h12v2H2zM3.300 5.500h9.400V7H3.300zM3.500 8H5.500v6H3.500zM10.500 8h2v6h-2zM7 10h2v4H7z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  end: 'M3.500 3.500h9v9h-9z',
  warn: 'M8 1.500 15 14H1zM7.200 6v4h1.600V6zm0 5v1.600h1.600V11z',
  plus: 'M7 2h2v5h5v2H9v5H7V9H2V7h5z',
};

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}
