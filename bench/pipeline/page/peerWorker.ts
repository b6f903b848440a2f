import { createPeer, type Peer, type Transformers } from '../peerPipeline.ts';

export interface PeerRequest {
  readonly imageUrl: string;
  /** Folder of the model below /models/. */
  readonly model: string;
}

export type PeerResponse = { readonly ids: Int32Array } | { readonly problem: string };

const scope = self as unknown as { postMessage(message: PeerResponse, transfer: Transferable[]): void };
let loaded: { model: string; peer: Promise<Peer> } | null = null;

self.addEventListener('message', ({ data }: MessageEvent<PeerRequest>) => {
  void (async () => {
    try {
      if (loaded?.model !== data.model) {
        const transformers = (await import(
          new URL('/page/transformers.js', location.href).href
        )) as Transformers;
        const peer = createPeer(transformers, {
          model: data.model,
          models: '/models/',
          device: 'wasm',
          runtime: new URL('/peer-ort/', location.href).href,
        });
        loaded = { model: data.model, peer };
      }
      const peer = await loaded.peer;
      const file = await (await fetch(data.imageUrl)).blob();
      const ids = await peer.segmentBlob(file);
      scope.postMessage({ ids }, [ids.buffer]);
    } catch (error) {
      scope.postMessage({ problem: error instanceof Error ? error.message : String(error) }, []);
    }
  })();
});
