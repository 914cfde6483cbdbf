namespace PaT.Cli;

/// <summary>
/// A generated set of ten classes. Each image shows one shape at a random position, size, angle and color, with clutter
/// and noise.
/// </summary>
internal static class ShapeImages
{
    private const int Side = 32;
    private const int Plane = Side * Side;
    private const int SetSeed = 2022;

    /// <summary>Draws the set. An image depends only on its number, so the set is the same on every machine.</summary>
    /// <param name="cancellation">Stops drawing.</param>
    /// <param name="train">Number of training images, evenly over the classes.</param>
    /// <param name="test">Number of test images, evenly over the classes.</param>
    public static LabeledImages Draw(CancellationToken cancellation, int train = 24_000, int test = 4_000)
    {
        var images = new Image[train + test];
        Parallel.For(0, images.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var pixels = Render(i, i % Shapes.All.Count);
            images[i] = new Image($"shape {i}", Shapes.All[i % Shapes.All.Count].Name, () => pixels);
        });
        return new LabeledImages(
            "ten drawn shapes", "the generator", Encoded: false, images[..train], images[train..]).Checked();
    }

    /// <param name="shape">Index of the shape in <see cref="Shapes.All"/>.</param>
    /// <returns>Planar RGB, [3,32,32].</returns>
    public static byte[] Render(int number, int shape)
    {
        var random = new Random(Scattered(number));
        var canvas = new double[3 * Plane];
        var ground = Color(random);
        PaintGround(canvas, ground, random);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            Paint(canvas, Fragment(random), Color(random), opacity: 0.2 + (0.4 * random.NextDouble()));
        }

        var radius = 8 + (6 * random.NextDouble());
        var tilt = 1.4 * (random.NextDouble() - 0.5);
        var (centerX, centerY) = (Place(random, radius), Place(random, radius));
        var placed = Placed(Shapes.All[shape].Distance, centerX, centerY, radius, tilt);
        Paint(canvas, placed, Contrasting(random, ground), opacity: 0.9);
        if (random.Next(3) == 0)
        {
            Paint(canvas, Stroke(random), Color(random), opacity: 0.8);
        }

        return WithNoise(canvas, 6 + (24 * random.NextDouble()), random);
    }

    // Successive seeds start similar sequences, so they are mixed first.
    private static int Scattered(int number)
    {
        var mixed = ((ulong)SetSeed << 32 | (uint)number) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9;
        return (int)(mixed >> 33);
    }

    // At most a corner of the shape lies outside the image.
    private static double Place(Random random, double radius)
    {
        var margin = Math.Min(0.85 * radius, Side / 2.0);
        return margin + ((Side - (2 * margin)) * random.NextDouble());
    }

    private static void PaintGround(double[] canvas, double[] color, Random random)
    {
        var (slopeX, slopeY) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        for (var i = 0; i < canvas.Length; i++)
        {
            var (x, y) = (i % Side, i % Plane / Side);
            canvas[i] = color[i / Plane] + (4 * ((slopeX * (x - 16)) + (slopeY * (y - 16))));
        }
    }

    // Clutter: a small shape or a stroke.
    private static Func<double, double, double> Fragment(Random random) =>
        random.Next(2) == 0
            ? Stroke(random)
            : Placed(
                Shapes.All[random.Next(Shapes.All.Count)].Distance, Side * random.NextDouble(),
                Side * random.NextDouble(), 1.5 + (2 * random.NextDouble()), random.NextDouble() * Math.Tau);

    private static Func<double, double, double> Stroke(Random random)
    {
        var (x0, y0, angle) = (Side * random.NextDouble(), Side * random.NextDouble(), random.NextDouble() * Math.Tau);
        var (half, width) = (3 + (9 * random.NextDouble()), 0.4 + (0.8 * random.NextDouble()));
        var (sin, cos) = Math.SinCos(angle);
        return (x, y) => Math.Max(
            Math.Abs(((x - x0) * cos) + ((y - y0) * sin)) - half,
            Math.Abs(((y - y0) * cos) - ((x - x0) * sin)) - width);
    }

    private static Func<double, double, double> Placed(
        Func<double, double, double> distance, double x0, double y0, double radius, double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        return (x, y) =>
        {
            var (dx, dy) = ((x - x0) / radius, (y - y0) / radius);
            return radius * distance((dx * cos) + (dy * sin), (dy * cos) - (dx * sin));
        };
    }

    // The distance in pixels gives a smooth edge without oversampling.
    private static void Paint(double[] canvas, Func<double, double, double> distance, double[] color, double opacity)
    {
        for (var i = 0; i < Plane; i++)
        {
            var cover = opacity * Math.Clamp(0.5 - distance(i % Side, i / Side), 0, 1);
            if (cover > 0)
            {
                for (var plane = 0; plane < 3; plane++)
                {
                    ref var value = ref canvas[(plane * Plane) + i];
                    value += cover * (color[plane] - value);
                }
            }
        }
    }

    private static double[] Color(Random random) =>
        [255 * random.NextDouble(), 255 * random.NextDouble(), 255 * random.NextDouble()];

    private static double[] Contrasting(Random random, double[] ground)
    {
        while (true)
        {
            var color = Color(random);
            if (color.Zip(ground, (a, b) => (a - b) * (a - b)).Sum() > 160 * 160)
            {
                return color;
            }
        }
    }

    private static byte[] WithNoise(double[] canvas, double strength, Random random)
    {
        var noise = new byte[2 * canvas.Length];
        random.NextBytes(noise);
        var pixels = new byte[canvas.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            // The sum of two uniform values approximates a normal distribution.
            var bell = (noise[2 * i] + noise[(2 * i) + 1] - 255) / 255.0;
            pixels[i] = (byte)Math.Clamp(Math.Round(canvas[i] + (strength * bell)), 0, 255);
        }

        return pixels;
    }
}
