/*
 * A program is a list of steps, each cut into parts. Threads take parts in turn; whoever has none left waits for the
 * others to finish theirs, and goes on to the next step. A thread that comes late, or never, holds nobody up.
 *
 * A step has 32 words of 4 bytes: 0 what it is, 1 how many parts, 2 the next part to take, 3 parts that are done,
 * from 4 on what its kind asks for.
 *
 * The control block, int32: 0 counts the runs, 1 is 1 while one is open, 2 how many helpers are in it, 3 the first
 * step, 4 how many steps, 5 the threads' scratch memory, 6 how many bytes of it each has.
 */

import { CENTRED, normalise, RMS } from './elementwise';
import { addKeptRows, chooseNeurons, gatherKept, packKeptColumns, packKeptRows, sumRows } from './gates';
import { multiply, setEpilogue } from './gemm';
import {
  attendRows,
  depthwiseRow,
  dotRows,
  headRow,
  packColumns,
  packTransposed,
  planePatches,
  tokenPatches,
} from './layers';

const STEP: usize = 128;
/** How often a thread looks before it sleeps. */
const PATIENCE: i32 = 4000;
const FOREVER: f64 = Infinity;

/**
 * Sleeps while an int32 is as expected, and wakes all that sleep there. By JavaScript: in code that V8 compiled in haste
 * (seen in Node 20) a thread that had waited by WebAssembly's own instruction went on with wrong registers.
 */
@external("env", "sleep")
declare function sleep(address: usize, expected: i32, milliseconds: f64): void;
@external("env", "wake")
declare function wake(address: usize): void;

@inline
function word(step: usize, index: usize): i32 {
  return load<i32>(step + (index << 2));
}

@inline
function address(step: usize, index: usize): usize {
  return <usize>load<i32>(step + (index << 2));
}

@inline
function endOf(from: i32, size: i32, whole: i32): i32 {
  return min<i32>(from + size, whole);
}

/** One part of a step. `scratch` is the thread's own. */
function work(step: usize, part: i32, scratch: usize): void {
  switch (word(step, 0)) {
    case 0: {
      // Gemm: 4 a, 5 pitch of a, 6 rows, 7 rows of a part, 8 b, 9 panels, 10 k, 11 c, 12 pitch of c, 13 bias, 14
      // addend, 15 its pitch.
      const from = part * word(step, 7);
      const to = endOf(from, word(step, 7), word(step, 6));
      const addend = address(step, 14);
      const row = <usize>from;
      setEpilogue(0, addend ? addend + row * address(step, 15) : 0, address(step, 15), false);
      multiply(
        address(step, 4) + row * address(step, 5),
        address(step, 5),
        to - from,
        address(step, 8),
        word(step, 9),
        word(step, 10),
        address(step, 11) + row * address(step, 12),
        address(step, 12),
        address(step, 13),
      );
      break;
    }
    case 1: {
      // Convolution: 4 source, 5 whether it is planes, 6 height, 7 width, 8 channels, 9 width of the output, 10
      // kernel, 11 stride, 12 padding, 13 pixels of a part, 14 pixels, 15 b, 16 panels, 17 k, 18 c, 19 pitch, 20 bias.
      const from = part * word(step, 13);
      const to = endOf(from, word(step, 13), word(step, 14));
      if (word(step, 5)) {
        planePatches(address(step, 4), word(step, 6), word(step, 7), word(step, 8), word(step, 9), word(step, 10), word(step, 11), word(step, 12), from, to, scratch); // prettier-ignore
      } else {
        tokenPatches(address(step, 4), word(step, 6), word(step, 7), word(step, 8), word(step, 9), word(step, 10), word(step, 11), word(step, 12), from, to, scratch); // prettier-ignore
      }
      setEpilogue(0, 0, 0, false);
      multiply(
        scratch,
        address(step, 17) << 2,
        to - from,
        address(step, 15),
        word(step, 16),
        word(step, 17),
        address(step, 18) + <usize>from * address(step, 19),
        address(step, 19),
        address(step, 20),
      );
      break;
    }
    case 2: {
      // Norm: 4 source, 5 target, 6 rows, 7 rows of a part, 8 channels, 9 scale, 10 bias, 11 epsilon, 12 form.
      const from = part * word(step, 7);
      const to = endOf(from, word(step, 7), word(step, 6));
      const skipped = <usize>(from * word(step, 8)) << 2;
      normalise(
        address(step, 4) + skipped,
        address(step, 5) + skipped,
        to - from,
        word(step, 8),
        address(step, 9),
        address(step, 10),
        load<f32>(step, 44),
        word(step, 12) & (RMS | CENTRED),
      );
      break;
    }
    case 3: {
      // Depthwise convolution and GELU: 4 source, 5 target, 6 height, 7 width, 8 channels, 9 rows of a part, 10
      // weights, 11 bias, 12 zeros.
      const from = part * word(step, 9);
      const to = endOf(from, word(step, 9), word(step, 6));
      for (let y = from; y < to; y++) {
        depthwiseRow(address(step, 4), address(step, 5), word(step, 6), word(step, 7), word(step, 8), y, address(step, 10), address(step, 11), address(step, 12)); // prettier-ignore
      }
      break;
    }
    case 4: {
      // Keys to panels: 4 source, 5 pitch, 6 count, 7 width of a head, 8 scale, 9 target, 10 parts of a head, 11
      // panels of a part, 12 bytes of a head in the target.
      const head = part / word(step, 10);
      const from = (part % word(step, 10)) * word(step, 11);
      const to = endOf(from, word(step, 11), (word(step, 6) + 7) >> 3);
      packTransposed(
        address(step, 4) + (<usize>(head * word(step, 7)) << 2),
        address(step, 5),
        word(step, 6),
        word(step, 7),
        load<f32>(step, 32),
        address(step, 9) + <usize>head * address(step, 12),
        from,
        to,
      );
      break;
    }
    case 5: {
      // Values to panels: 4 source, 5 pitch, 6 count, 7 target.
      packColumns(address(step, 4), address(step, 5), word(step, 6), part, address(step, 7));
      break;
    }
    case 6: {
      // Products of rows with a vector: 4 source, 5 channels, 6 vector, 7 rows, 8 rows of a part, 9 target.
      const from = part * word(step, 8);
      dotRows(address(step, 4), word(step, 5), address(step, 6), from, endOf(from, word(step, 8), word(step, 7)), address(step, 9)); // prettier-ignore
      break;
    }
    case 7: {
      // Attention: 4 queries, 5 pitch, 6 rows, 7 rows of a part, 8 parts of a head, 9 width of a query, 10 keys, 11
      // bytes of a head's keys, 12 offsets of the scores, 13 count of keys, 14 values, 15 bytes of a head's values,
      // 16 width of a value, 17 zeros, 18 addend, 19 target, 20 pitch of both.
      const head = part / word(step, 8);
      const from = (part % word(step, 8)) * word(step, 7);
      const to = endOf(from, word(step, 7), word(step, 6));
      const column = <usize>from * address(step, 20) + (<usize>(head * word(step, 16)) << 2);
      attendRows(
        address(step, 4) + <usize>from * address(step, 5) + (<usize>(head * word(step, 9)) << 2),
        address(step, 5),
        to - from,
        word(step, 9),
        address(step, 10) + <usize>head * address(step, 11),
        address(step, 12),
        word(step, 13),
        address(step, 14) + <usize>head * address(step, 15),
        word(step, 16),
        address(step, 17),
        word(step, 18) ? address(step, 18) + column : 0,
        address(step, 19) + column,
        address(step, 20),
        scratch,
      );
      break;
    }
    case 8: {
      // The head: 4 task, 5 rows of a part, 6 rows.
      const from = part * word(step, 5);
      const to = endOf(from, word(step, 5), word(step, 6));
      for (let y = from; y < to; y++) headRow(address(step, 4), y, scratch);
      break;
    }
    case 9: {
      // Sums of rows: 4 source, 5 channels, 6 rows, 7 rows of a part, 8 target [parts, channels].
      const from = part * word(step, 7);
      const to = endOf(from, word(step, 7), word(step, 6));
      sumRows(address(step, 4), word(step, 5), from, to, address(step, 8) + (<usize>(part * word(step, 5)) << 2));
      break;
    }
    case 10: {
      chooseNeurons(address(step, 4));
      break;
    }
    case 11: {
      // Kept rows to panels: 4 source, 5 width, 6 list, 7 scales or 0, 8 target.
      packKeptRows(address(step, 4), word(step, 5), address(step, 6), address(step, 7), part, address(step, 8));
      break;
    }
    case 12: {
      // Kept columns to panels: 4 source, 5 width, 6 list, 7 count, 8 target.
      packKeptColumns(address(step, 4), word(step, 5), address(step, 6), word(step, 7), part, address(step, 8));
      break;
    }
    case 13: {
      // Kept entries of rows: 4 source, 5 neurons, 6 rows, 7 list, 8 count, 9 scales or 0, 10 target.
      gatherKept(address(step, 4), word(step, 5), word(step, 6), address(step, 7), word(step, 8), address(step, 9), address(step, 10)); // prettier-ignore
      break;
    }
    case 14: {
      // A bias with means: 4 bias, 5 factors, 6 matrix, 7 width, 8 list, 9 count, 10 target.
      addKeptRows(address(step, 4), address(step, 5), address(step, 6), word(step, 7), address(step, 8), word(step, 9), address(step, 10)); // prettier-ignore
      break;
    }
  }
}

function runSteps(steps: usize, count: i32, scratch: usize): void {
  for (let step = steps, end = steps + <usize>count * STEP; step < end; step += STEP) {
    const parts = word(step, 1);
    while (true) {
      const part = atomic.add<i32>(step + 8, 1);
      if (part >= parts) break;
      work(step, part, scratch);
      if (atomic.add<i32>(step + 12, 1) + 1 == parts) wake(step + 12);
    }
    let looks: i32 = 0;
    while (true) {
      const done = atomic.load<i32>(step + 12);
      if (done >= parts) break;
      if (++looks > PATIENCE) sleep(step + 12, done, 1);
    }
  }
}

/** Runs a program, with the help of whoever serves the same control block. */
export function run(control: usize): void {
  const steps = address(control, 3);
  const count = word(control, 4);
  for (let step = steps, end = steps + <usize>count * STEP; step < end; step += STEP) {
    store<i32>(step, 0, 8);
    store<i32>(step, 0, 12);
  }
  atomic.store<i32>(control + 4, 1);
  atomic.add<i32>(control, 1);
  wake(control);
  runSteps(steps, count, address(control, 5));
  atomic.store<i32>(control + 4, 0);
  // Helpers that are still inside only look around: every part is done.
  let looks: i32 = 0;
  while (true) {
    const inside = atomic.load<i32>(control + 8);
    if (inside == 0) break;
    if (++looks > PATIENCE) sleep(control + 8, inside, 0.2);
  }
}

/** Helps with every run, as thread `index` of those from 1 on, for as long as it lives; does not return. */
export function serve(control: usize, index: i32): void {
  let seen: i32 = 0;
  while (true) {
    sleep(control, seen, FOREVER);
    seen = atomic.load<i32>(control);
    atomic.add<i32>(control + 8, 1);
    if (atomic.load<i32>(control + 4)) {
      const scratch = address(control, 5) + <usize>(index * word(control, 6));
      runSteps(address(control, 3), word(control, 4), scratch);
    }
    atomic.sub<i32>(control + 8, 1);
  }
}
