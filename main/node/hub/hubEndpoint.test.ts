import { expect, test } from 'vitest';
import { hubEndpoint, refuseOffline } from './hubEndpoint.ts';

test('an option goes before HF_ENDPOINT, that before the settings', () => {
  const environment = { HF_ENDPOINT: 'https://mirror.example/hf/' };
  const setting = 'http://10.0.0.1:8080';
  expect(hubEndpoint({ option: 'https://a.example', environment, setting })).toEqual({
    url: 'https://a.example',
    from: 'option',
  });
  expect(hubEndpoint({ environment, setting })).toEqual({
    url: 'https://mirror.example/hf',
    from: 'HF_ENDPOINT',
  });
  expect(hubEndpoint({ environment: {}, setting })).toEqual({ url: setting, from: 'settings' });
  expect(hubEndpoint({ environment: {} })).toEqual({ url: 'https://huggingface.co', from: 'default' });
});

test.each(['file:///etc', 'mirror.example', 'https://user:pw@mirror.example', 'https://mirror.example/?a=b'])(
  '%s is no endpoint',
  (text) => {
    expect(() => hubEndpoint({ environment: { HF_ENDPOINT: text } })).toThrow(
      `${text}: not the address of a mirror of the Hub. It comes from HF_ENDPOINT`,
    );
  },
);

test('without a network it is said before anything is asked', () => {
  const inner = { internal: true } as never;
  expect(() => refuseOffline('https://huggingface.co', { lo: [inner] })).toThrow(
    'https://huggingface.co: it cannot be reached. This machine has no network connection',
  );
  expect(() => refuseOffline('http://localhost:80', { lo: [inner] })).not.toThrow();
});
