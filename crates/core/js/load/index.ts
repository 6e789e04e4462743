// What the rest of the package may use of loading.

export { addonStatus, joinBinding, loadBinding } from './binding.js';
export { type Configuration, configure, lockConfiguration, pythonInfo } from './configuration.js';
export type { BinaryOrigin, BinarySearch } from './locate.js';
