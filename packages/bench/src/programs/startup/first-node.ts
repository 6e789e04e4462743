// The first result in a fresh process: Node alone, what all others include.

console.log(6 * 7);
