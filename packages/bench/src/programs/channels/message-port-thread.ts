// The Worker of message-port.ts. An object is an order, anything else a message.

import { type MessagePort, parentPort } from 'node:worker_threads';
import { weigh } from './payloads.js';

interface Order {
  readonly receive?: number;
  readonly send?: number;
  readonly value?: unknown;
  readonly echo?: boolean;
  readonly idle?: boolean;
}

const port = parentPort as MessagePort;
let take: (value: unknown) => void = () => {};

function receive(n: number): void {
  let left = n;
  let sum = 0;
  take = (value) => {
    sum += weigh(value);
    left -= 1;
    if (left === 0) port.postMessage(sum);
  };
}

function follow(order: Order): void {
  if (order.receive !== undefined) receive(order.receive);
  if (order.echo) take = (value) => port.postMessage((value as number) + 1);
  for (let i = 0; i < (order.send ?? 0); i += 1) port.postMessage(order.value);
}

port.on('message', (message: unknown) => {
  if (typeof message === 'object' && !ArrayBuffer.isView(message)) follow(message as Order);
  else take(message);
});
port.postMessage('ready');
