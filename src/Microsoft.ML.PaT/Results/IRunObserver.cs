using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT;

/// <summary>Receives the events of a run: see <see cref="PruningAwareTrainingOptions.Observers"/>.</summary>
public interface IRunObserver
{
    /// <summary>Receives an event, on the thread that trains: the run waits until the method returns.</summary>
    /// <remarks>
    /// An exception does not end the run. The observer receives no more events, and the other observers and ML.NET's
    /// log receive a warning that names the observer and the exception. Cancel the run by <see
    /// cref="PruningAwareTrainingOptions.CancellationToken"/>.
    /// </remarks>
    void OnEvent(RunEvent happened);

    /// <summary>An observer that calls a method.</summary>
    /// <param name="receive">The method; see <see cref="OnEvent"/>.</param>
    static IRunObserver Of(Action<RunEvent> receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return new DelegateObserver(receive);
    }
}
