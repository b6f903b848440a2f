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
export const RoundIcon = () => icon(<circle cx="9" cy="9" r="4.5" />);
export const SquareIcon = () => icon(<rect x="4.5" y="4.5" width="9" height="9" />);
