namespace Microsoft.ML.PaT.Internal;

internal static class Untrimmed
{
    /// <summary>The warning that the compiler gives a trimmed application.</summary>
    public const string Reason =
        "Training, recipes and reports find properties by reflection, as ML.NET does, so they do not work in a trimmed "
            + "application. ImageClassifier does.";
}
