// Accuracy and latency of exported models in ONNX Runtime: node onnx.mjs PICTURES THREADS MODEL...
// PICTURES is what onnx_pictures.py wrote. Prints a JSON line for each model:
// accuracy over all pictures, median milliseconds of 200 runs at batch 1, pictures a second at batch 128 (median of 20 runs).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ort = createRequire(new URL('../test/onnx/', import.meta.url))('onnxruntime-node');
const [pictures, threads, ...models] = process.argv.slice(2);
const { shape, labels } = JSON.parse(readFileSync(`${pictures}.json`, 'utf8'));
const bytes = new Uint8Array(readFileSync(`${pictures}.bytes`));
const size = shape.reduce((a, b) => a * b);
const batch = (first, n) => new ort.Tensor('uint8', bytes.subarray(first * size, (first + n) * size), [n, ...shape]);

for (const model of models) {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: Number(threads), logSeverityLevel: 3 });
  const run = async input => (await session.run({ input })).scores;
  let correct = 0;
  for (let first = 0; first < labels.length; first += 128) {
    const n = Math.min(128, labels.length - first);
    const { data, dims: [, classes] } = await run(batch(first, n));
    for (let i = 0; i < n; i++) {
      const scores = data.subarray(i * classes, (i + 1) * classes);
      if (scores.indexOf(Math.max(...scores)) === labels[first + i]) correct++;
    }
  }
  console.log(JSON.stringify({
    model, threads: Number(threads), pictures: labels.length, accuracy: correct / labels.length,
    millisecondsAtBatch1: await median(200, batch(0, 1), run), picturesPerSecondAtBatch128: 128000 / await median(20, batch(0, 128), run),
  }));
}

async function median(runs, input, run) {
  for (let i = 0; i < 5; i++) await run(input);
  const times = [];
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    await run(input);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return times.sort((a, b) => a - b)[runs >> 1];
}
