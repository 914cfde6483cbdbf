using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SkiaSharp;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>
/// A service of ResNet-20 at 32x32 pixels replaces its model every 2 seconds; a client in another process sends
/// requests at fixed times, whether or not earlier ones were answered.
/// </summary>
[Platform("Linux")]
public sealed class SwappedServiceTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void WriteModels()
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            using var classifier = ImageClassifier.Create(Networks.ResNet20, seed: seed);
            classifier.SaveArchive(Path.Combine(_folder.Name, $"{seed}.pat"));
        }
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public async Task No_request_is_lost()
    {
        var run = await ServeAsync(TimeSpan.FromSeconds(4), perSecond: 25, replaceEvery: TimeSpan.FromSeconds(0.5));
        Assert.That(run.Models, Is.GreaterThan(2));
    }

    [Test, Category("Long")]
    public async Task No_request_of_200_a_second_is_lost_in_five_minutes_and_memory_stays()
    {
        var run = await ServeAsync(TimeSpan.FromMinutes(5), perSecond: 200, replaceEvery: TimeSpan.FromSeconds(2));
        var slope = Slope([.. run.Memory.Where(m => m.Minutes >= 1)]);
        double[] sorted = [.. run.Milliseconds.Order()];
        var minutes = run.Memory.GroupBy(m => (int)m.Minutes).Select(g => $"{g.Average(m => m.Megabytes):F1}");
        TestContext.Out.WriteLine($"MB by minutes: {string.Join(", ", minutes)}");
        TestContext.Out.WriteLine(
            $"{sorted.Length} answers, {run.Models} models, p50 {Percentile(0.5):F1} ms, p99 {Percentile(0.99):F1} ms, "
                + $"p99.9 {Percentile(0.999):F1} ms, longest {sorted[^1]:F1} ms, {run.Memory[^1].Megabytes:F0} MB, "
                + $"{slope:F2} MB a minute after the first");
        Assert.That(run.Models, Is.GreaterThan(100));
        Assert.That(slope, Is.LessThan(1), "MB a minute");

        double Percentile(double fraction) => sorted[(int)(fraction * (sorted.Length - 1))];
    }

    private async Task<(double[] Milliseconds, List<(double Minutes, double Megabytes)> Memory, int Models)> ServeAsync(
        TimeSpan duration, int perSecond, TimeSpan replaceEvery)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "exec", typeof(SwapProgram).Assembly.Location, "swap", _folder.Name, $"{port}",
                $"{replaceEvery.TotalMilliseconds}",
            ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        using var service = Process.Start(start)!;
        Assert.That(service.StandardOutput.ReadLine(), Is.EqualTo("go"));
        // The service closes a connection after 15 seconds without a request; the client must not use it then.
        using var client = new HttpClient(
            new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = new($"http://127.0.0.1:{port}/"),
        };
        byte[][] images =
            [.. Enumerable.Range(0, 16).Select(i => SampleImages.Skia(SKEncodedImageFormat.Jpeg, 48 + i, 64))];
        string[][] labels = [.. Labels(images)];

        var count = (int)(duration.TotalSeconds * perSecond);
        var answers = new Task<double>[count];
        var memory = new List<(double, double)>();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
            answers[i] = AskAsync(i % images.Length, due);
            if (i % perSecond != 0) continue;
            service.Refresh();
            memory.Add((clock.Elapsed.TotalMinutes, service.WorkingSet64 / 1e6));
        }
        var milliseconds = await Task.WhenAll(answers);
        service.StandardInput.Close();
        var models = int.Parse(service.StandardOutput.ReadLine()!);
        service.WaitForExit();
        Assert.That(service.ExitCode, Is.Zero);
        return (milliseconds, memory, models);

        // Milliseconds from the time at which the request was due.
        async Task<double> AskAsync(int image, TimeSpan due)
        {
            using var answer = await client.PostAsync("", new ByteArrayContent(images[image]));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await answer.Content.ReadAsStringAsync(), Is.AnyOf(labels[image]));
            return (clock.Elapsed - due).TotalMilliseconds;
        }
    }

    /// <summary>What either model says.</summary>
    private IEnumerable<string[]> Labels(byte[][] images)
    {
        using var first = ImageClassifier.Load(Path.Combine(_folder.Name, "1.pat"));
        using var second = ImageClassifier.Load(Path.Combine(_folder.Name, "2.pat"));
        foreach (var image in images) yield return [first.Predict(image).Label, second.Predict(image).Label];
    }

    /// <summary>MB a minute, by least squares.</summary>
    private static double Slope((double Minutes, double Megabytes)[] memory)
    {
        var (x, y) = (memory.Average(m => m.Minutes), memory.Average(m => m.Megabytes));
        return memory.Sum(m => (m.Minutes - x) * (m.Megabytes - y))
            / memory.Sum(m => (m.Minutes - x) * (m.Minutes - x));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
