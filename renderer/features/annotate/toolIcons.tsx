import type { ReactNode } from 'react';
import type { ToolId } from '../../tools/tool.ts';

const icon = (children: ReactNode) => (
  <svg
    width="18"
    height="18"
    viewBox="0 0 18 18"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.4"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {children}
  </svg>
);

export const TOOL_ICONS: Readonly<Record<ToolId, ReactNode>> = {
  brush: icon(
    <>
      <path d="M15.2 2.8 8.4 9.6" />
      <path d="M8.4 9.6c-1.6-.6-3.4.2-3.9 2-.3 1.2-.8 2.2-2 2.7 1.9 1.2 5 1 6.3-.8.9-1.3.7-3.2-.4-3.9Z" />
    </>,
  ),
  eraser: icon(
    <>
      <path d="m10.6 3.4 4 4-6.8 6.8H5.2l-2-2a1.4 1.4 0 0 1 0-2l6.4-6.8a.7.7 0 0 1 1 0Z" />
      <path d="m6.6 6.6 4.8 4.8M7.8 14.6h7" />
    </>,
  ),
  snapBrush: icon(
    <>
      <path d="M15.4 2.6 9.6 8.4M9.6 8.4c-1.5-.5-3.1.200-3.6 1.8-.3 1.1-.7 2-1.8 2.4 1.7 1.1 4.5.900 5.7-.7.8-1.2.600-2.8-.3-3.500Z" />
      <path d="M2.2 3v3.200a2.4 2.4 0 0 0 4.8 0V3M2.2 4.600h1.600M5.4 4.600H7" />
    </>,
  ),
  superpixel: icon(
    <>
      <path d="M2.6 6.2 6.4 3l4.4 1.6 4.6-1.200M2.6 6.200l1.2 4.600L2.8 15l5-.6 3.6 1 4-1.2-.8-4.6.800-6.200M6.4 3l.8 4.4 5-.6-1.4-2.200M7.2 7.400l-3.4 3.4 4 3.6 3.2-3.4 3.6-1.4-2.4-2.800L11 11Z" />
    </>,
  ),
  lasso: icon(
    <>
      <path
        d="M9 3c3.6 0 6.4 1.9 6.4 4.300S12.6 11.6 9 11.6 2.6 9.7 2.6 7.3 5.4 3 9 3Z"
        strokeDasharray="2.6 2.2"
      />
      <path d="M5.4 11a1.6 1.6 0 1 0 .8 2.600c.6 1 .2 1.8-.6 2.4" />
    </>,
  ),
  box: icon(
    <>
      <rect x="3" y="4" width="12" height="10" strokeDasharray="2.6 2.2" />
      <circle cx="3" cy="4" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="15" cy="14" r="1.3" fill="currentColor" stroke="none" />
    </>,
  ),
  wand: icon(
    <>
      <path d="m3 15 7.4-7.400M12.2 2.400v2.400M12.2 8.800v1.600M8.2 5.800h1.600M14.2 5.800H16M9.6 3.200l.9.900M14.8 3.200l-.9.900M14.8 8.400l-.9-.9" />
    </>,
  ),
  morphology: icon(
    <>
      <path d="M9 5.400c2.4 0 3.6 1.6 3.6 3.600S11.4 12.6 9 12.6 5.4 11 5.4 9 6.6 5.4 9 5.400Z" />
      <path d="M9 3.600V1.400M9 16.600v-2.200M14.4 9h2.200M1.4 9h2.200M7.9 2.4 9 1.400l1.1 1M7.9 15.600l1.1 1 1.1-1M15.6 7.900l1 1.1-1 1.100M2.4 7.9 1.4 9l1 1.1" />
    </>,
  ),
  stamp: icon(
    <>
      <path d="M7 9.800c0-1.600-1-2.200-1-4a3 3 0 0 1 6 0c0 1.800-1 2.400-1 4h2.600c.800 0 1.400.600 1.400 1.400v1.600H3v-1.600c0-.800.600-1.400 1.400-1.400Z" />
      <path d="M3.500 15.600h11" />
    </>,
  ),
  polygon: icon(
    <>
      <path d="m9 2.8 6 4.6-2.3 7.2H5.3L3 7.4Z" />
      <circle cx="9" cy="2.8" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="15" cy="7.4" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="12.7" cy="14.6" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="5.3" cy="14.6" r="1.2" fill="currentColor" stroke="none" />
      <circle cx="3" cy="7.4" r="1.2" fill="currentColor" stroke="none" />
    </>,
  ),
  fill: icon(
    <>
      <path d="m7.6 3.2 6 6-5 5a1.3 1.3 0 0 1-1.8 0L3.2 10.6a1.3 1.3 0 0 1 0-1.8l4.4-4.4M5.8 1.8l2 2M3.6 9.6h9.6" />
      <path
        d="M15.4 11.2c.8 1.2 1.3 2 1.3 2.7a1.3 1.3 0 0 1-2.6 0c0-.7.5-1.5 1.3-2.7Z"
        fill="currentColor"
        stroke="none"
      />
    </>,
  ),
  picker: icon(
    <>
      <path d="m9.2 5.6 3.2 3.2M8.2 6.6l-5 5V14.8h3.2l5-5" />
      <path d="m9.8 5 2-2a2.26 2.26 0 0 1 3.2 3.2l-2 2Z" />
    </>,
  ),
};

export const UndoIcon = () => icon(<path d="M6.5 4 3 7.5 6.5 11M3.2 7.5h7.3a4 4 0 0 1 0 8H8" />);
export const RedoIcon = () => icon(<path d="M11.5 4 15 7.5 11.5 11M14.8 7.5H7.5a4 4 0 0 0 0 8H10" />);
export const PinIcon = () => icon(<path d="M6.5 3h5M7.5 3v4.2L5.5 10h7l-2-2.8V3M9 10v5" />);
export const LockIcon = ({ open }: { readonly open: boolean }) =>
  icon(
    <>
      <rect x="4.5" y="8.2" width="9" height="6.3" rx="1" />
      <path d={open ? 'M6.5 8.200V5.600a2.5 2.5 0 0 1 4.8-1' : 'M6.5 8.200V5.600a2.5 2.5 0 0 1 5 0v2.6'} />
    </>,
  );
/** Paint over this one only. */
export const OverIcon = () => icon(<path d="M3 13.500h12M9 3v7M6.2 7.4 9 10.200l2.8-2.8" />);
export const RoundIcon = () => icon(<circle cx="9" cy="9" r="4.5" />);
export const SquareIcon = () => icon(<rect x="4.5" y="4.5" width="9" height="9" />);
