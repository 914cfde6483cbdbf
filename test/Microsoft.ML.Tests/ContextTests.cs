using Microsoft.ML.Runtime;

namespace Microsoft.ML.Tests;

public class ContextTests
{
    private static (MLContext, List<LoggingEventArgs>) Logged()
    {
        var ml = new MLContext(1);
        var lines = new List<LoggingEventArgs>();
        ml.Log += (_, line) => lines.Add(line);
        return (ml, lines);
    }

    [Test]
    public void MessagesOfAHostReachTheLog()
    {
        var (ml, lines) = Logged();
        var host = ((IHostEnvironment)ml).Register("Trainer");
        using (var channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 1, 2);
            channel.Warning(MessageSensitivity.None, "braces {} stay without arguments");
        }
        var info = lines.Single(l => l.Kind == ChannelMessageKind.Info);
        Assert.That(info.RawMessage, Is.EqualTo("epoch 1 of 2"));
        Assert.That(info.Source, Does.Contain("Training"));
        Assert.That(info.Message, Does.Contain("epoch 1 of 2").And.Contain("Kind=Info"));
        Assert.That(lines.Any(l => l.Kind == ChannelMessageKind.Warning && l.RawMessage.Contains("braces {}")));
    }

    [Test]
    public void ProgressChannelsTakeHeadersAndCheckpoints()
    {
        var host = ((IHostEnvironment)new MLContext(1)).Register("Trainer");
        using var progress = host.StartProgressChannel("Training");
        double done = 3;
        Assert.That(() =>
        {
            progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => { entry.SetProgress(0, done, 10); entry.SetMetric(0, 0.5); });
            progress.Checkpoint(0.5, 3, 10);
            progress.Checkpoint();
        }, Throws.Nothing);
    }

    [Test]
    public void HostsOfTheSameSeedDrawTheSame()
    {
        static int Draw(int seed) => ((IHostEnvironment)new MLContext(seed)).Register("A").Rand.Next();
        Assert.That(Draw(1), Is.EqualTo(Draw(1)));
        Assert.That(Draw(1), Is.Not.EqualTo(Draw(2)));
    }

    [Test]
    public void SettingsOfTheContext()
    {
        var ml = new MLContext();
        Assert.That((ml.GpuDeviceId, ml.FallbackToCpu), Is.EqualTo(((int?)null, true)));
        Assert.That(Directory.Exists(ml.TempFilePath));
        ml.GpuDeviceId = 0;
        ml.SetOption("threads", 2);
        Assert.That(ml.TryGetOption("threads", out int threads) && threads == 2);
        Assert.That(ml.RemoveOption("threads"));
        Assert.That(ml.TryGetOption("threads", out threads), Is.False);
    }

    [Test]
    public void ExceptionsPassThroughTheContext()
    {
        var wrong = new InvalidOperationException("x");
        Assert.That(((IExceptionContext)new MLContext()).Process(wrong), Is.SameAs(wrong));
    }
}
