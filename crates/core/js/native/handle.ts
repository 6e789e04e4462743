// What stands for something native in TypeScript. Types only.

/** Index of something native that this environment holds: generation-checked, never reused for another kind. */
export type Handle = number & { readonly __handle: unique symbol };
