import type { Random } from './random.ts';
import { createCamera } from './camera.ts';
import { Ground } from './ground.ts';
import { furnishStreet } from './furnishStreet.ts';
import { createLight } from './light.ts';
import type { Photo } from './photo.ts';
import { createPhoto } from './photo.ts';
import { Shadows } from './shadows.ts';
import { Stage } from './stage.ts';
import { createStreetPlan } from './streetPlan.ts';
import { vec } from './vector.ts';

/** All that is needed to ask for any pixel. */
export interface Scene {
  readonly stage: Stage;
  readonly ground: Ground;
  readonly shadows: Shadows;
  readonly photo: Photo;
}

/** Draws street, weather, camera and everything in the street from one source of numbers. */
export function createScene(random: Random, width: number, height: number): Scene {
  const light = createLight(random.fork());
  const plan = createStreetPlan(random.fork());
  const view = random.fork();
  const camera = createCamera(
    {
      position: vec(view.range(-0.3, 0.3), view.range(1.25, 1.6), 0),
      yaw: view.range(-0.09, 0.09),
      pitch: view.range(-0.1, 0.05),
      roll: view.range(-0.012, 0.012),
      focal: view.range(0.82, 1.08),
    },
    width,
    height,
  );
  const stage = new Stage(camera, light);
  const shadows = new Shadows(light.sunDirection, light.sunColour.r > 0.05, plan.bend);
  const ground = new Ground(plan, random.fork());
  const photo = createPhoto(random.fork());
  furnishStreet({ stage, shadows, plan }, random.fork());
  return { stage, ground, shadows, photo };
}
