// The first result in a fresh process: pythonia.

import { openPythonia, type Remote } from '../peer/pythonia.js';

const { module, exit } = await openPythonia();
console.log(await (module['add'] as Remote)(40, 2));
exit();
