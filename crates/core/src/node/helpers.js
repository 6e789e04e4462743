// Small functions that native code calls because JavaScript does them faster, or alone can.
// Evaluated once per environment with the scratch memory; users never see it. Nothing here may
// keep state, or hand `scratch` to anybody.
(scratch) => {
  const doubles = new Float64Array(scratch);
  const integers = new Int32Array(scratch);
  const { isArray, from } = Array;
  const { isView } = ArrayBuffer;
  const arrays = [
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ];
  const { defineProperty, freeze, getOwnPropertySymbols, getPrototypeOf, hasOwn, keys } = Object;
  const isEnumerable = Object.prototype.propertyIsEnumerable;

  const toTag = Object.prototype.toString;
  const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, 'size').get;
  const setSize = Object.getOwnPropertyDescriptor(Set.prototype, 'size').get;
  const is = (size, value) => {
    try {
      size.call(value);
      return true;
    } catch {
      return false;
    }
  };

  const makeObject = (...flat) => {
    const object = {};
    for (let i = 0; i < flat.length; i += 2) {
      const key = flat[i];
      if (key === '__proto__') {
        const value = flat[i + 1];
        defineProperty(object, key, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      } else {
        object[key] = flat[i + 1];
      }
    }
    return object;
  };

  // The order is that of `enum Helper` in helpers.rs.
  return [
    // packNumbers: copies numbers into scratch, from `start` on; how many, until one is none, the
    // array ends, or scratch is full.
    (array, start, end) => {
      const count = Math.min(end - start, doubles.length);
      for (let i = 0; i < count; i++) {
        const item = array[start + i];
        if (typeof item !== 'number') return i;
        doubles[i] = item;
      }
      return count;
    },
    // makeArray
    (length) => new Array(length),
    // unpackDoubles: copies numbers from scratch into the array, from `start` on.
    (array, start, count) => {
      for (let i = 0; i < count; i++) array[start + i] = doubles[i];
    },
    // unpackIntegers: the same for 32-bit integers.
    (array, start, count) => {
      for (let i = 0; i < count; i++) array[start + i] = integers[i];
    },
    // classify: see `enum Class`; for objects that the quick questions did not recognise.
    (value) => {
      if (isArray(value)) return 1;
      if (value instanceof Map) return 2;
      if (value instanceof Set) return 3;
      if (isView(value) || toTag.call(value) === '[object SharedArrayBuffer]') return 5;
      const prototype = getPrototypeOf(value);
      if (prototype === null) return 4;
      // Object.prototype of another realm (a vm context, as test runners use).
      if (getPrototypeOf(prototype) === null && hasOwn(prototype, 'hasOwnProperty')) return 4;
      // Maps and sets of another realm.
      const tag = toTag.call(value);
      if (tag === '[object Map]') return is(mapSize, value) ? 2 : 0;
      if (tag === '[object Set]') return is(setSize, value) ? 3 : 0;
      return 0;
    },
    // items: an array of what a set or array (or a proxy of one) holds.
    (iterable) => (isArray(iterable) ? iterable.slice() : from(iterable)),
    // entries: keys and values of a map, alternating.
    (map) => {
      const flat = [];
      for (const [key, value] of map) flat.push(key, value);
      return flat;
    },
    // makeMap: a map of keys and values, alternating.
    (flat) => {
      const map = new Map();
      for (let i = 0; i < flat.length; i += 2) map.set(flat[i], flat[i + 1]);
      return map;
    },
    // makeSet
    (items) => new Set(items),
    // pairs: [[key, value], …] of keys and values, alternating.
    (flat) => {
      const pairs = [];
      for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i], flat[i + 1]]);
      return pairs;
    },
    // properties: own enumerable keys and values, alternating; a symbol among them comes first.
    (object) => {
      const names = keys(object);
      const flat = [];
      for (const symbol of getOwnPropertySymbols(object)) {
        if (isEnumerable.call(object, symbol)) return [symbol];
      }
      for (let i = 0; i < names.length; i++) flat.push(names[i], object[names[i]]);
      return flat;
    },
    // makeList
    (...items) => items,
    // makeTuple
    (...items) => freeze(items),
    // makeObject: of keys and values, alternating.
    makeObject,
    // makeFrozenObject: the same, frozen.
    (...flat) => freeze(makeObject(...flat)),
    // freeze
    freeze,
    // nothing: being called is enough, because V8 looks whether there is stack left.
    () => {},
    // describeError: [name, message, stack, cause] of whatever was thrown; never throws.
    (error) => {
      const text = (read, otherwise) => {
        try {
          const value = read();
          return typeof value === 'string' ? value : otherwise;
        } catch {
          return otherwise;
        }
      };
      if (typeof error !== 'object' || error === null) {
        return ['Error', text(() => String(error), '?'), '', undefined];
      }
      let cause;
      try {
        cause = error.cause;
      } catch {
        // Then it has none.
      }
      return [
        text(
          () => error.name,
          text(() => error.constructor.name, 'Error'),
        ),
        text(
          () => error.message,
          text(() => String(error), ''),
        ),
        text(() => error.stack, ''),
        cause,
      ];
    },
    // typeName: what to call a value in a refusal; never throws.
    (value) => {
      if (typeof value === 'function') return 'function';
      if (typeof value !== 'object') return typeof value;
      try {
        const name = value.constructor?.name;
        return typeof name === 'string' && name !== '' ? name : 'object';
      } catch {
        return 'object';
      }
    },
    // isThenable
    (value) =>
      (typeof value === 'object' || typeof value === 'function') &&
      value !== null &&
      typeof value.then === 'function',
    // settleThen: tells native code how a thenable ends.
    (thenable, ticket, settled) => {
      Promise.resolve(thenable).then(
        (value) => settled(ticket, true, value),
        (error) => settled(ticket, false, error),
      );
    },
    // swallow: nobody will look at this promise.
    (thenable) => {
      Promise.resolve(thenable).then(undefined, () => {});
    },
    // bytesOf: a DataView or an array buffer as a Uint8Array.
    (memory) =>
      isView(memory)
        ? new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength)
        : new Uint8Array(memory),
    // arrayOf: a typed array of an array buffer of either kind; the order is that of `Element`.
    (element, length, buffer, offset) => new arrays[element](buffer, offset, length),
    // moveBuffer: a new array buffer with the memory of this one, which is detached; undefined if
    // the memory cannot be moved.
    (buffer) => {
      try {
        const moved =
          typeof buffer.transfer === 'function'
            ? buffer.transfer()
            : structuredClone(buffer, { transfer: [buffer] });
        return buffer.byteLength === 0 ? moved : undefined;
      } catch {
        return undefined;
      }
    },
    // makeDoubles: an array for as many doubles. `new Array` makes one for small integers, which
    // V8 copies into another when it gets its first double.
    (length) => {
      const array = [0.5];
      array.length = length;
      return array;
    },
  ];
};
