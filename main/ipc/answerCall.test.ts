import { describe, expect, it } from 'vitest';
import { ProblemError } from '#core/problem.ts';
import { answerCall } from './answerCall.ts';
import type { Handlers } from './calls.ts';

function answer(handlers: Partial<Handlers>, method: unknown, request: unknown) {
  const logged: string[] = [];
  const options = { checkResponses: true, log: (message: string) => logged.push(message) };
  return answerCall(handlers as Handlers, method, request, options).then((outcome) => ({ outcome, logged }));
}

describe('answerCall', () => {
  it('gives the handler the parsed request and answers with its value', async () => {
    const requests: unknown[] = [];
    const handlers: Partial<Handlers> = {
      'settings.save': (request) => {
        requests.push(request);
        return null;
      },
    };
    const { outcome } = await answer(handlers, 'settings.save', { settings: { theme: 'light' } });
    expect(outcome).toEqual({ ok: true, value: null });
    expect(requests).toMatchObject([{ settings: { version: 1, theme: 'light', backend: 'auto' } }]);
  });

  it.each(['nope', 'toString', '__proto__', 7])('refuses the method %s', async (method) => {
    const { outcome } = await answer({}, method, {});
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'ipc.unknownMethod' } });
  });

  it.each([
    ['project.open', { folder: 3 }],
    ['project.open', { folder: 'a', extra: 1 }],
    ['mask.open', { imageId: -1 }],
    ['mask.open', null],
    ['export.run', { folder: 'a', format: 'exe' }],
  ])('refuses a request of %s that does not fit', async (method, request) => {
    const { outcome } = await answer({}, method, request);
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'ipc.badRequest', subject: method } });
  });

  it('hands on a problem, and logs any other error', async () => {
    const expected = new ProblemError({ code: 'folder.unreadable', title: 'cannot be read', subject: 'a' });
    const refusing = await answer({ 'project.open': () => Promise.reject(expected) }, 'project.open', {
      folder: 'a',
    });
    expect(refusing).toEqual({ outcome: { ok: false, problem: expected.problem }, logged: [] });
    const failing: Partial<Handlers> = {
      'project.open': () => {
        throw new TypeError('x is not a function');
      },
    };
    const { outcome, logged } = await answer(failing, 'project.open', { folder: 'a' });
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'project.open.failed', title: 'x is not a function', subject: 'project.open' },
    });
    expect(logged[0]).toContain('project.open: TypeError: x is not a function');
  });

  it('refuses to send an answer that does not fit the contract', async () => {
    const handlers: Partial<Handlers> = { 'export.choose': () => 7 as never };
    const { outcome } = await answer(handlers, 'export.choose', {});
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'export.choose.failed' } });
  });
});
