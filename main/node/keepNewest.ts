/** Forgets the oldest entries of a map, those that were put first, until it has no more than `most`. */
export function keepNewest<K, V>(map: Map<K, V>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
