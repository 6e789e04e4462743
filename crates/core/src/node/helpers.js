// Small functions that native code calls because JavaScript does them faster, or alone can.
// Evaluated once per environment with the scratch memory; users never see it. Nothing here may
// keep state from one call to the next, or hand `scratch` to anybody.
(scratch, stream) => {
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

  const setProperty = (object, key, value) => {
    if (key === '__proto__') {
      defineProperty(object, key, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    } else {
      object[key] = value;
    }
  };

  const makeObject = (...flat) => {
    const object = {};
    for (let i = 0; i < flat.length; i += 2) setProperty(object, flat[i], flat[i + 1]);
    return object;
  };

  // Plain values as a stream: a kind and a number for each (the numbers are those of stream.rs), and
  // the text of all strings: in one on the way in, in parts on the way out, because V8 keeps the whole
  // string of which somebody keeps a part. What is in a container follows it.
  const LENGTH = (stream.byteLength - 16) / 9;
  const numbers = new Float64Array(stream, 0, LENGTH + 2);
  const kinds = new Uint8Array(stream, 8 * (LENGTH + 2));
  const plainPrototype = Object.prototype;
  const LEVELS_MAX = 100;
  const CONTAINER_MAX = 64;
  const STRING_MAX = 2048;
  const TEXT_MAX = 16384;
  // Where the stream is. Whoever uses it begins anew, and notices if another use came in between: what
  // is read here may have getters, and what is made setters, that call Python.
  let at = 0;
  let place = 0;
  let text = '';
  let parts = [];
  let uses = 0;
  // The names of an object that has too many of them.
  let many;
  const begin = (texts) => {
    at = 0;
    place = 0;
    text = '';
    parts = texts;
    uses += 1;
    return uses;
  };

  const put = (kind, number) => {
    if (at >= LENGTH) return false;
    kinds[at] = kind;
    numbers[at] = number;
    at += 1;
    return true;
  };
  const putString = (string) => {
    if (string.length > STRING_MAX || text.length > TEXT_MAX || !put(1, string.length))
      return false;
    text += string;
    return true;
  };
  const putArray = (array, levels) => {
    const { length } = array;
    // A proxy may say anything.
    if (!(length < CONTAINER_MAX) || length !== length >>> 0 || !put(5, length)) return false;
    for (let i = 0; i < length; i++) if (!putValue(array[i], levels)) return false;
    return true;
  };
  const putObject = (object, levels) => {
    if (getPrototypeOf(object) !== plainPrototype) return false;
    const names = keys(object);
    if (getOwnPropertySymbols(object).length > 0) return false;
    if (names.length >= CONTAINER_MAX) {
      // Listing them again would cost as much as all else.
      if (at === 0) many = names;
      return false;
    }
    if (!put(7, names.length)) return false;
    for (let i = 0; i < names.length; i++) {
      if (!putProperty(object, names[i], levels)) return false;
    }
    return true;
  };
  const putProperty = (object, name, levels) => putString(name) && putValue(object[name], levels);
  const putValue = (value, levels) => {
    if (typeof value === 'number') return put(0, value);
    if (typeof value === 'string') return putString(value);
    if (value === null || value === undefined) return put(2, 0);
    if (typeof value === 'boolean') return put(value ? 3 : 4, 0);
    if (typeof value !== 'object' || levels === 0) return false;
    return isArray(value) ? putArray(value, levels - 1) : putObject(value, levels - 1);
  };
  // The text of a stream with so many values; behind it are their number and the text's length.
  const packed = (mine, count) => {
    const all = text;
    text = '';
    numbers[LENGTH] = mine === uses ? count : 0;
    numbers[LENGTH + 1] = all.length;
    return all;
  };

  const take = (mine) => {
    if (mine !== uses) throw new Error('a setter that all objects have has called Python');
    const i = at++;
    const number = numbers[i];
    switch (kinds[i]) {
      case 0:
        return number;
      case 1: {
        if (number === 0) return '';
        if (place === text.length) {
          text = parts.pop();
          place = 0;
        }
        const start = place;
        place += number;
        return text.slice(start, place);
      }
      case 2:
        return null;
      case 3:
        return true;
      case 4:
        return false;
      case 5:
        return takeArray(number, mine);
      case 6:
        return freeze(takeArray(number, mine));
      case 7:
        return takeInto({}, number, mine);
      default:
        return freeze(takeInto({}, number, mine));
    }
  };
  const takeArray = (length, mine) => {
    const array = [];
    for (let i = 0; i < length; i++) array.push(take(mine));
    return array;
  };
  const takeInto = (object, count, mine) => {
    for (let i = 0; i < count; i++) {
      const key = take(mine);
      setProperty(object, key, take(mine));
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
    // packValue: puts an array or a plain object into the stream, if there is nothing in it but plain
    // values, and it is small: its text. For a plain object with many properties: their names.
    (value) => {
      const mine = begin([]);
      const all = packed(mine, Number(putValue(value, LEVELS_MAX)));
      const names = many;
      many = undefined;
      return names ?? all;
    },
    // packItems: the same for items of an array, from `start` on, as many as fit and are plain.
    (array, start, end) => {
      const mine = begin([]);
      let i = start;
      for (; i < end; i++) {
        const before = text;
        if (!putValue(array[i], LEVELS_MAX)) {
          text = before;
          break;
        }
      }
      return packed(mine, i - start);
    },
    // packProperties: the same for properties of these names.
    (object, names, start, end) => {
      const mine = begin([]);
      let i = start;
      for (; i < end; i++) {
        const before = text;
        if (!putProperty(object, names[i], LEVELS_MAX)) {
          text = before;
          break;
        }
      }
      return packed(mine, i - start);
    },
    // unpackValue: what is in the stream; its texts, last part first.
    (...texts) => {
      const value = take(begin(texts));
      text = '';
      return value;
    },
    // unpackItems: puts so many values of the stream into the array, from `start` on.
    (array, start, count, ...texts) => {
      const mine = begin(texts);
      for (let i = 0; i < count; i++) array[start + i] = take(mine);
      text = '';
    },
    // unpackProperties: sets so many properties of the object.
    (object, count, ...texts) => {
      takeInto(object, count, begin(texts));
      text = '';
    },
  ];
};
