using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Messages of one piece of work; its start and end are traced as well.</summary>
internal sealed class Channel : Pipe<ChannelMessage>, IChannel
{
    private readonly System.Diagnostics.Stopwatch _watch = System.Diagnostics.Stopwatch.StartNew();
    private bool _closed;

    internal Channel(string source, HostShared shared) : base(source, shared) => Trace(MessageSensitivity.None, "Channel started");

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Trace, sensitivity, fmt);
    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Trace, sensitivity, Text(fmt, args));
    public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, sensitivity, fmt);
    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Info, sensitivity, Text(fmt, args));
    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Warning, sensitivity, fmt);
    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Warning, sensitivity, Text(fmt, args));
    public void Error(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Error, sensitivity, fmt);
    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Error, sensitivity, Text(fmt, args));

    public override void Dispose()
    {
        if (_closed) return;
        _closed = true;
        Trace(MessageSensitivity.None, $"Channel finished. Elapsed {_watch.Elapsed:c}.");
        base.Dispose();
    }

    private static string Text(string fmt, object[] args) => args is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, fmt, args) : fmt;

    private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string message) => Send(new ChannelMessage(kind, sensitivity, message));
}
