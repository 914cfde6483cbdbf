using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>A service replaces its model while other threads score with it, and collections run.</summary>
public sealed class ReplacedModelTests
{
    [Test]
    public void No_request_is_lost_when_the_model_is_replaced() => Serve(TimeSpan.FromSeconds(5));

    /// <summary>Minutes: <c>PAT_STRESS_MINUTES</c>, default 10.</summary>
    [Test, Category("Long")]
    public void No_request_is_lost_in_minutes_of_replacing() =>
        Serve(TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("PAT_STRESS_MINUTES") ?? "10")));

    private static void Serve(TimeSpan duration)
    {
        using var first = TinyClassifiers.Create();
        var archive = TinyArchives.Save(first);
        var images = TinyClassifiers.Images(4);
        var expected = new float[4 * first.Classes.Count];
        first.Score(images, expected);
        var model = ImageClassifier.Load(new MemoryStream(archive));
        long answered = 0, retried = 0, replaced = 0;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, 3).Select(_ => new Thread(Score)).ToList();
        threads.ForEach(t => t.Start());
        var baseline = 0L;
        while (clock.Elapsed < duration && failures.IsEmpty)
        {
            var next = ImageClassifier.Load(new MemoryStream(archive));
            Interlocked.Exchange(ref model, next).Dispose();
            replaced++;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (replaced == 20) baseline = Environment.WorkingSet;
            Thread.Sleep(20);
        }
        var grown = Environment.WorkingSet - baseline;
        threads.ForEach(t => t.Join());
        model.Dispose();
        TestContext.Out.WriteLine(
            $"{answered} answers, {retried} retried, {replaced} models, {grown / 1e6:F1} MB more");
        Assert.That(failures, Is.Empty);
        Assert.That(replaced, Is.GreaterThan(20));
        Assert.That(answered, Is.GreaterThan(replaced));
        Assert.That(grown, Is.LessThan(100_000_000), "memory does not grow with the number of models");

        void Score()
        {
            var scores = new float[expected.Length];
            while (clock.Elapsed < duration && failures.IsEmpty)
                try
                {
                    Volatile.Read(ref model).Score(images, scores);
                    Interlocked.Increment(ref answered);
                    for (var i = 0; i < scores.Length; i++)
                        if (Math.Abs(scores[i] - expected[i]) > 1e-5)
                            failures.Enqueue($"score {scores[i]}, not {expected[i]}");
                }
                catch (ObjectDisposedException)
                {
                    // The model was replaced between reading it and calling it: the next one answers.
                    Interlocked.Increment(ref retried);
                }
                catch (Exception e)
                {
                    failures.Enqueue(e.ToString());
                }
        }
    }
}
