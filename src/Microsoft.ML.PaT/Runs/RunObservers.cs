using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Passes each event to several observers, in their order. An observer that throws is not called again, and the others
/// receive a warning: a broken console must not cost a run of hours.
/// </summary>
internal sealed class RunObservers(params IEnumerable<IRunObserver> observers) : IRunObserver
{
    private readonly List<IRunObserver> _observers = [.. observers];

    public void OnEvent(RunEvent happened)
    {
        foreach (var observer in _observers.ToArray())
        {
            if (!_observers.Contains(observer)) continue; // removed by an event within this one
            try
            {
                observer.OnEvent(happened);
            }
            catch (Exception e)
            {
                _observers.Remove(observer);
                var text =
                    $"The observer {observer} failed, and receives no more events. {e.GetType().Name}: {e.Message}";
                OnEvent(new RunMessage(text) { Severity = RunEventSeverity.Warning, Epoch = happened.Epoch });
            }
        }
    }
}
