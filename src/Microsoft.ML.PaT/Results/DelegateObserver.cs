namespace Microsoft.ML.PaT.Results;

internal sealed class DelegateObserver(Action<RunEvent> receive) : IRunObserver
{
    public void OnEvent(RunEvent happened) => receive(happened);
}
