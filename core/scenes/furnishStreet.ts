import { addStreetSide } from './layout/streetSide.ts';
import { addTraffic } from './layout/traffic.ts';
import { addPeople } from './layout/people.ts';
import { addStreetEnd } from './layout/streetEnd.ts';
import type { Site } from './objects/site.ts';
import type { Random } from './random.ts';

/** Puts up everything that stands or drives in the street. */
export function furnishStreet(site: Site, random: Random): void {
  addStreetEnd(site, random.fork());
  addStreetSide(site, site.plan.left, random.fork());
  addStreetSide(site, site.plan.right, random.fork());
  addTraffic(site, random.fork());
  addPeople(site, random.fork());
}
