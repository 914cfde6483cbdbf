using Microsoft.ML.Data;
using Microsoft.ML.PaT.Pipeline;

namespace Microsoft.ML.PaT.Data;

/// <summary>The two columns that scoring adds, with their annotations.</summary>
internal static class ScoreColumns
{
    /// <summary>Annotation with the values of a key column.</summary>
    public const string KeyValues = "KeyValues";

    /// <summary>Maximum number of classes of a saved model (<see cref="ScoreRow"/>).</summary>
    public const int MaxClasses = 65_535;

    private const string ScoreColumnKind = "ScoreColumnKind";
    private const string ScoreValueKind = "ScoreValueKind";

    /// <summary>Key column of predicted classes.</summary>
    public static DataViewSchema.DetachedColumn PredictedLabel(string name, LabelValues labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        AddKind(annotations, "PredictedLabel");
        labels.AddTo(annotations, KeyValues);
        return new(name, new KeyDataViewType(typeof(uint), labels.Names.Count), annotations.ToAnnotations());
    }

    /// <summary>Vector column of probabilities.</summary>
    public static DataViewSchema.DetachedColumn Score(string name, LabelValues labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        AddKind(annotations, "Score");
        labels.AddTo(annotations, "TrainingLabelValues");
        LabelValues.OfText(labels.Names).AddTo(annotations, "SlotNames");
        return new(
            name, new VectorDataViewType(NumberDataViewType.Single, labels.Names.Count), annotations.ToAnnotations());
    }

    private static void AddKind(DataViewSchema.Annotations.Builder annotations, string value)
    {
        annotations.AddPrimitiveValue(
            ScoreColumnKind, TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        annotations.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, value.AsMemory());
    }
}
