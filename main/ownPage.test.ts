import { expect, it } from 'vitest';
import { isOwnPage, isOwnRequest } from './ownPage.ts';

it.each([
  'studio://app/image/p/1',
  'studio://app/index.html.png',
  'studio://app/index.html/x',
  'studio://app.example/index.html',
  'studio://application/index.html',
  'studio://app',
  'studio:app/index.html',
  'https://app/index.html',
  'file:///index.html',
  'data:text/html,studio://app/index.html',
  'about:blank',
  '',
])('ipc: %s is not the page that may call', (address) => {
  expect(isOwnPage(address)).toBe(false);
});

it('ipc: the page itself may call, wherever it is scrolled to', () => {
  expect(isOwnPage('studio://app/index.html')).toBe(true);
  expect(isOwnPage('studio://app/index.html?reload=1#top')).toBe(true);
});

it.each([
  ['studio://app/assets/index.js', true],
  ['blob:studio://app/2f1c', true],
  ['data:image/png;base64,AA==', true],
  ['http://127.0.0.1/x', false],
  ['https://example.org/x', false],
  ['ws://127.0.0.1/x', false],
  ['wss://example.org/x', false],
  ['ftp://example.org/x', false],
  ['file:///etc/passwd', false],
  ['\\\\server\\share', false],
  ['', false],
])('requests: %s is asked for: %s', (address, allowed) => {
  expect(isOwnRequest(address)).toBe(allowed);
});
