import { fileURLToPath } from 'node:url';

/** The catalogue of the models that come with the studio. */
export const catalogFile = fileURLToPath(new URL('../models/catalog.json', import.meta.url));
