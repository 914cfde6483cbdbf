namespace Microsoft.ML;

internal static class AnnotationKinds
{
    internal const string KeyValues = "KeyValues";
    internal const string SlotNames = "SlotNames";
    internal const string IsNormalized = "IsNormalized";
    internal const string ScoreColumnKind = "ScoreColumnKind";
    internal const string TrainingLabelValues = "TrainingLabelValues";
}
