using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>Messages of a host channel, which code outside ML.NET may open, reach <c>MLContext.Log</c>.</summary>
public class LogTests
{
    [Test]
    public void Messages_of_a_channel_reach_the_log_of_the_context()
    {
        var ml = new MLContext();
        var seen = new List<(ChannelMessageKind Kind, string Message)>();
        ml.Log += (_, e) => seen.Add((e.Kind, e.RawMessage));
        using (var channel = ((IHostEnvironment)ml).Register("Step").Start("Work"))
        {
            channel.Trace(MessageSensitivity.None, "traced");
            channel.Info(MessageSensitivity.None, "said");
            channel.Warning(MessageSensitivity.UserData, "warned of");
        }
        Assert.That(seen, Does.Contain((ChannelMessageKind.Trace, "traced")));
        Assert.That(seen, Does.Contain((ChannelMessageKind.Info, "said")));
        Assert.That(seen, Does.Contain((ChannelMessageKind.Warning, "warned of")));
    }

    [Test]
    public void Braces_in_a_message_without_arguments_are_text()
    {
        var ml = new MLContext();
        var seen = new List<string>();
        ml.Log += (_, e) => seen.Add(e.RawMessage);
        using (var channel = ((IHostEnvironment)ml).Register("Step").Start("Work"))
            channel.Warning(MessageSensitivity.UserData, "Skipped {0}.png");
        Assert.That(seen, Does.Contain("Skipped {0}.png"));
    }
}
