import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { STUDENT_CLAIM, TEACHER_CLAIM } from '#core/mask/colouriseDifference.ts';
import { differencePicture } from './differencePicture.ts';

test('agreed pixels are grey, disputed ones are in the colour of a claim', () => {
  const image = { width: 2, height: 1, data: new Uint8ClampedArray([255, 255, 255, 255, 10, 20, 30, 255]) };
  const png = decode(
    differencePicture(
      image,
      { width: 2, height: 1, ids: new Uint8Array([1, 2]) },
      { width: 2, height: 1, ids: new Uint8Array([1, 3]) },
    ),
  );
  expect([...png.data].slice(0, 3)).toEqual([153, 153, 153]);
  expect([[...TEACHER_CLAIM], [...STUDENT_CLAIM]]).toContainEqual([...png.data].slice(3));
});
