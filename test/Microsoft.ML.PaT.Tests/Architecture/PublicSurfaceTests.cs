namespace Microsoft.ML.PaT.Tests;

public class PublicSurfaceTests
{
    /// <summary>
    /// More types than a reader can survey hide the few that matter. A new public type replaces another, or becomes a
    /// member of one, a factory, or part of another package.
    /// </summary>
    private const int MostTypes = 90;

    [Test]
    public void The_library_has_few_public_types()
    {
        var types = typeof(PruningAwareTrainingOptions).Assembly.GetExportedTypes();
        Assert.That(
            types,
            Has.Length.LessThanOrEqualTo(MostTypes),
            string.Join(Environment.NewLine, types.Select(t => t.FullName)));
    }
}
