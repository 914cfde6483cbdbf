// Runs exported models in ONNX Runtime: node run.mjs JOBS.json
// JOBS is an array of { model, input, type, shape, output }: files of raw little-endian values, "uint8" or "float32".
// Prints a JSON line for each job, in order: {} or { error }.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ort = createRequire(import.meta.url)('onnxruntime-node');
const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const job of jobs) {
  try {
    console.log(JSON.stringify(await run(job)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message ?? error) }));
  }
}

async function run({ model, input, type, shape, output }) {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
  const bytes = readFileSync(input);
  const values = type === 'uint8' ? new Uint8Array(bytes) : new Float32Array(new Uint8Array(bytes).buffer);
  const results = await session.run({ [session.inputNames[0]]: new ort.Tensor(type, values, shape) });
  const scores = results[session.outputNames[0]];
  writeFileSync(output, new Uint8Array(scores.data.buffer, scores.data.byteOffset, scores.data.byteLength));
  await session.release();
  return {};
}
