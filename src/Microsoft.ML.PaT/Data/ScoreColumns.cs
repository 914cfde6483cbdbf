using Microsoft.ML.Data;
using Microsoft.ML.PaT.Pipeline;

namespace Microsoft.ML.PaT.Data;

/// <summary>The two columns that scoring adds, with everything ML.NET wants to know about them.</summary>
internal static class ScoreColumns
{
    /// <summary>The annotation with the values of a key column.</summary>
    public const string KeyValues = "KeyValues";

    /// <summary>As many classes as a model can be saved with (<see cref="ScoreRow"/>).</summary>
    public const int MaxClasses = 65_535;

    private const string ScoreColumnKind = "ScoreColumnKind";
    private const string ScoreValueKind = "ScoreValueKind";

    /// <summary>The key column of predicted classes.</summary>
    public static DataViewSchema.DetachedColumn PredictedLabel(string name, LabelValues labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        AddKind(annotations, "PredictedLabel");
        labels.AddTo(annotations, KeyValues);
        return new(name, new KeyDataViewType(typeof(uint), labels.Names.Count), annotations.ToAnnotations());
    }

    /// <summary>The vector column of probabilities.</summary>
    public static DataViewSchema.DetachedColumn Score(string name, LabelValues labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        AddKind(annotations, "Score");
        labels.AddTo(annotations, "TrainingLabelValues");
        LabelValues.OfText(labels.Names).AddTo(annotations, "SlotNames");
        return new(name, new VectorDataViewType(NumberDataViewType.Single, labels.Names.Count), annotations.ToAnnotations());
    }

    private static void AddKind(DataViewSchema.Annotations.Builder annotations, string value)
    {
        annotations.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        annotations.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, value.AsMemory());
    }
}
