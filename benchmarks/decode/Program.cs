using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.PaT;

// Decodes COUNT JPEG files of SIDE x SIDE pixels on THREADS threads, as reading a data set does it, and says how many seconds that took.
// The files are DISTINCT ones over and over, written to FOLDER when they are not there, and in memory before the clock starts.
const int Distinct = 500;
if (args is not [var folder, var sideText, var countText, var threadsText]
    || !int.TryParse(sideText, out var side) || !int.TryParse(countText, out var count) || !int.TryParse(threadsText, out var threads))
{
    Console.Error.WriteLine("usage: Decode.Benchmark FOLDER SIDE COUNT THREADS");
    return 1;
}

Directory.CreateDirectory(folder);
var files = Enumerable.Range(0, Distinct).Select(Load).ToArray();
var shape = new ImageShape(3, side, side);
var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
Parallel.For(0, Distinct, options, i => PictureDecoder.Decode(files[i], shape)); // warm-up
var clock = Stopwatch.StartNew();
Parallel.For(0, count, options, i => PictureDecoder.Decode(files[i % Distinct], shape));
Console.WriteLine(clock.Elapsed.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture));
return 0;

byte[] Load(int number)
{
    var path = Path.Combine(folder, $"{number:D4}.jpg");
    if (!File.Exists(path))
    {
        using var image = MLImage.CreateFromPixels(side, side, MLPixelFormat.Rgba32, Draw(number));
        image.Save(path);
    }
    return File.ReadAllBytes(path);
}

// Smooth waves of a few frequencies and a little noise: about as many bytes as a photograph of that size.
byte[] Draw(int number)
{
    var random = new Random(number);
    var waves = Enumerable.Range(0, 12).Select(_ => (Across: random.NextDouble() * 12, Down: random.NextDouble() * 12, Phase: random.NextDouble() * 7, Colour: random.Next(3))).ToArray();
    var pixels = new byte[4 * side * side];
    for (var i = 0; i < pixels.Length; i++)
    {
        var (row, column) = (i / 4 / side / (double)side, i / 4 % side / (double)side);
        var value = 128 + 24 * waves.Where(w => w.Colour == i % 4 || w.Phase < 2).Sum(w => Math.Sin(w.Across * column + w.Down * row + w.Phase)) + random.Next(-12, 13);
        pixels[i] = i % 4 == 3 ? byte.MaxValue : (byte)Math.Clamp(value, 0, 255);
    }
    return pixels;
}
