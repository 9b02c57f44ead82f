/** Sources of texts that record how far they were read, and whether they were closed. */

/** "text 0", "text 1", … */
export function* count(length: number): Generator<string, void, undefined> {
  for (let at = 0; at < length; at++) yield `text ${at}`;
}

export async function* aside<Item>(items: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

export function readable(items: Iterable<string>): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      for (const item of items) controller.enqueue(item);
      controller.close();
    },
  });
}

export interface Counted {
  items: Iterable<string> | AsyncIterable<string>;
  /** How many items were read. */
  read: number;
  /** How often its `return` was called. */
  closed: number;
}

export function counted(source: Generator<string> | AsyncGenerator<string>): Counted {
  const state = { read: 0, closed: 0 };
  const iterator = {
    next() {
      const step = source.next();
      if (step instanceof Promise) return step.then(tally);
      return tally(step);
    },
    return(): unknown {
      state.closed++;
      return source.return(undefined);
    },
    [Symbol.iterator]: () => iterator,
  };
  function tally(step: IteratorResult<string>) {
    if (!step.done) state.read++;
    return step;
  }
  const isAsync = Symbol.asyncIterator in source;
  const items = { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator };
  return Object.assign(state, { items: items as unknown as Iterable<string> });
}
