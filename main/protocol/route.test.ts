import { describe, expect, it } from 'vitest';
import { imageUrl, modelUrl } from '../node/studioUrl.ts';
import { parseRoute } from './route.ts';

describe('parseRoute', () => {
  it('knows the page, images and models', () => {
    expect(parseRoute('studio://app/')).toEqual({ kind: 'page', segments: ['index.html'] });
    expect(parseRoute('studio://app/assets/index-1.js?v=2')).toEqual({
      kind: 'page',
      segments: ['assets', 'index-1.js'],
    });
    expect(parseRoute(imageUrl('c1a3', 12))).toEqual({ kind: 'image', projectId: 'c1a3', imageId: 12 });
    expect(parseRoute(modelUrl('my model/ä'))).toBeNull();
    expect(parseRoute(modelUrl('my model ä'))).toEqual({
      kind: 'model',
      modelId: 'my model ä',
      form: 'original',
    });
    expect(parseRoute(`${modelUrl('m')}?form=webgpu`)).toEqual({
      kind: 'model',
      modelId: 'm',
      form: 'webgpu',
    });
  });

  it.each([
    'studio://app/..%2f..%2fpackage.json',
    'studio://app/assets/..%2F..%2Fpackage.json',
    'studio://app/..%5c..%5cpackage.json',
    'studio://app/assets%2findex.js',
    'studio://app/%2e%2e%2fpackage.json',
    'studio://app//etc/passwd',
    'studio://app/a%00b',
    'studio://app/%zz',
    'studio://other/index.html',
    'https://app/index.html',
    'studio://app/image/c1a3/0',
    'studio://app/image/c1a3/1e3',
    'studio://app/image/c1a3/-1',
    'studio://app/image/c1a3',
    'studio://app/image/c1a3/1/2',
    'studio://app/model/m/other.onnx',
    'studio://app/model/m/model.onnx?form=other',
    'not an address',
  ])('refuses %s', (address) => {
    expect(parseRoute(address)).toBeNull();
  });

  it('keeps a plain .. inside the origin: the address itself is resolved before it is read', () => {
    expect(parseRoute('studio://app/assets/../../package.json')).toEqual({
      kind: 'page',
      segments: ['package.json'],
    });
  });
});
