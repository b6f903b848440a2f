/** Paths on a 16 x 16 grid, drawn with a 1.4 line. */
const PATHS = {
  folder: 'M1.8 4.2v8c0 .6.4 1 1 1h10.4c.6 0 1-.4 1-1V5.7c0-.6-.4-1-1-1H8L6.4 3H2.8c-.6 0-1 .5-1 1.2Z',
  chevron: 'M4.5 6.5 8 10l3.5-3.5',
  close: 'm4 4 8 8m0-8-8 8',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  eyeOff:
    'M3 3l10 10M6.2 4c.6-.3 1.2-.5 1.8-.5 4 0 6.5 4.5 6.5 4.5s-.8 1.4-2.2 2.6M9.6 12.2c-.5.2-1 .3-1.6.3C4 12.5 1.5 8 1.5 8s.9-1.600 2.400-2.900',
  side: 'M2 3.500h12v9H2zM8 3.500v9',
  swipe: 'M2 3.500h12v9H2zM8 2v12M5.800 6.500 4.300 8l1.500 1.500M10.200 6.500 11.700 8l-1.500 1.500',
  difference: 'M6 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM10.300 10.300 14 14',
  alert: 'M8 2 1.800 13h12.400L8 2ZM8 6.500v3M8 11.400v.1',
  edited: 'M3 13l.6-2.600 7-7 2 2-7 7L3 13Z',
  truth: 'm3 8.500 3.200 3.200L13 5',
  export: 'M8 10V2.500M5 5.300l3-2.800 3 2.800M3 9v4h10V9',
  command:
    'M6 6h4v4H6zM6 6H4.500A1.500 1.500 0 1 1 6 4.500V6Zm4 0V4.500A1.500 1.500 0 1 1 11.500 6H10Zm0 4h1.500a1.500 1.500 0 1 1-1.500 1.500V10Zm-4 0v1.500A1.500 1.500 0 1 1 4.500 10H6Z',
  fit: 'M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10',
  plus: 'M8 3v10M3 8h10',
  check: 'm3.500 8.500 3 3 6-7',
  image: 'M2 3.500h12v9H2zM2 11l3.500-3.500L9 11M8.500 9.500 10.500 8l3.500 3',
  mask: 'M2 3.500h12v9H2zM2 9c3-3 5 1.500 7 0s2.500-3 5-2.500',
  keyboard: 'M1.500 4.500h13v7h-13zM4 7h.1M6.500 7h.1M9 7h.1M11.500 7h.1M5 9.500h6',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside a text or in a labelled button: hidden from screen readers. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
