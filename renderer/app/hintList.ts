interface SeenView {
  readonly peeking: boolean;
  readonly layout: string;
}

interface SeenMask {
  readonly status: string;
}

interface Hint {
  readonly id: string;
  readonly text: string;
  readonly isFollowed: (view: SeenView, mask: SeenMask) => boolean;
}

/** The first minute, in the order in which it goes. */
export const HINTS: readonly Hint[] = [
  { id: 'peek', text: 'Hold H to see the bare image.', isFollowed: (view) => view.peeking },
  {
    id: 'difference',
    text: 'Press C for only the pixels on which teacher and student disagree, Z to come back.',
    isFollowed: (view) => view.layout === 'difference',
  },
  {
    id: 'annotate',
    text: 'Press Alt+2 to fix what is wrong: start a mask from the teacher and paint.',
    isFollowed: (_view, mask) => mask.status === 'ready',
  },
];
