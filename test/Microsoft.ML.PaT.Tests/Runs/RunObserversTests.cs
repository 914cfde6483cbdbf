using Microsoft.ML.PaT.Results;
using Microsoft.ML.PaT.Runs;

namespace Microsoft.ML.PaT.Tests;

public class RunObserversTests
{
    [Test]
    public void Observers_that_throw_are_called_once_and_the_others_get_a_warning_for_each()
    {
        var (seen, calls) = (new List<RunEvent>(), 0);
        var observers = new RunObservers(Broken("first"), IRunObserver.Of(seen.Add), Broken("second"));
        observers.OnEvent(new RunMessage("one") { Epoch = 3 });
        observers.OnEvent(new RunMessage("two"));

        var warnings = seen.Where(e => e.Severity == RunEventSeverity.Warning).ToList();
        Assert.That(calls, Is.EqualTo(2));
        Assert.That(warnings.Select(w => w.Epoch), Is.EqualTo(new[] { 3, 3 }));
        Assert.That(warnings.Select(w => w.Text), Has.One.EndsWith("InvalidOperationException: first"));
        Assert.That(warnings.Select(w => w.Text), Has.One.EndsWith("InvalidOperationException: second"));
        Assert.That(seen.Except(warnings).Select(e => e.Text), Is.EqualTo(new[] { "one", "two" }));

        IRunObserver Broken(string name) => IRunObserver.Of(_ =>
        {
            calls++;
            throw new InvalidOperationException(name);
        });
    }
}
