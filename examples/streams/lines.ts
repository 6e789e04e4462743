// Text in pieces to text in lines, and back.

/** Splits text at newlines. */
export function lines(): TransformStream<string, string> {
  let rest = '';
  return new TransformStream({
    transform(piece, controller) {
      const parts = (rest + piece).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) controller.enqueue(line);
    },
    flush(controller) {
      if (rest !== '') controller.enqueue(rest);
    },
  });
}

/** Puts a newline behind each line. */
export function withNewlines(): TransformStream<string, string> {
  return new TransformStream({
    transform(line, controller) {
      controller.enqueue(`${line}\n`);
    },
  });
}
