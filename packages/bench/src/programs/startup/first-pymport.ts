// The first result in a fresh process: pymport.

import { openPymport } from '../peer/pymport.js';

console.log(openPymport().module.get('add').call(40, 2).toJS());
