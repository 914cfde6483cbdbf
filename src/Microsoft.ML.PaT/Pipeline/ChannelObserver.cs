using Microsoft.ML.Runtime;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Writes events to ML.NET's log (<c>MLContext.Log</c>), warnings as warnings.</summary>
internal sealed class ChannelObserver(IChannel channel) : IRunObserver
{
    public void OnEvent(RunEvent happened)
    {
        if (happened is StepProgressed) return; // too many for a log
        if (happened.Severity == RunEventSeverity.Warning) channel.Warning(MessageSensitivity.None, happened.Text);
        else if (happened is EpochEnded or SubNetworkObserved or CheckpointWritten)
            channel.Trace(MessageSensitivity.None, happened.Text);
        else channel.Info(MessageSensitivity.None, happened.Text);
    }
}
