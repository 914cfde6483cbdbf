// Classifies a picture with an exported model, without .NET:  node classify.mjs compact.onnx report.json picture.ppm
// The picture is a binary PPM (P6, 8 bits) of the size the model takes, as most picture programs write it.
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, report, picture] = process.argv.slice(2);
const { classes } = JSON.parse(readFileSync(report, 'utf8'));
const session = await ort.InferenceSession.create(model);
const [, channels, height, width] = session.inputMetadata[0].shape;

// The model takes bytes, plane after plane (all reds, all greens, all blues), and normalises by itself.
const pixels = readPpm(picture);
if (pixels.width !== width || pixels.height !== height) {
  throw new Error(`${picture} has ${pixels.width}x${pixels.height} pixels; the model takes ${width}x${height}`);
}
const planes = new Uint8Array(channels * height * width);
for (let i = 0; i < height * width; i++) {
  for (let c = 0; c < channels; c++) planes[c * height * width + i] = pixels.values[3 * i + c];
}

const { scores } = await session.run({ input: new ort.Tensor('uint8', planes, [1, channels, height, width]) });
const best = scores.data.indexOf(Math.max(...scores.data));
console.log(JSON.stringify({ file: picture, label: classes[best], score: scores.data[best], scores: [...scores.data] }));

function readPpm(file) {
  const bytes = readFileSync(file);
  const header = /^P6\s+(?:#.*\n\s*)*(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 256));
  if (!header) throw new Error(`${file} is no binary PPM with 8 bits a colour`);
  return { width: Number(header[1]), height: Number(header[2]), values: bytes.subarray(header[0].length) };
}
