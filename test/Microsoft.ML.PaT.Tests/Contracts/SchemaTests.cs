using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>
/// Shapes and annotations that can be taken from ML.NET's estimators, and those that its evaluators read.
/// </summary>
public class SchemaTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Keyed()
    {
        var data = _ml.Data.LoadFromEnumerable(ToyScorer.Examples);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    [Test]
    public void CopyColumns_lends_the_shape_of_a_key_with_its_values()
    {
        var shape =
            _ml.Transforms.CopyColumns("PredictedLabel", "Label").GetOutputSchema(SchemaShapes.Of(_ml, Keyed()));
        var borrowed = shape.Single(c => c.Name == "PredictedLabel");
        Assert.That(borrowed.IsKey);
        Assert.That(borrowed.Annotations.Select(a => a.Name), Does.Contain("KeyValues"));
        var values = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel");
        Assert.That(() => values.GetOutputSchema(shape), Throws.Nothing);
    }

    [Test]
    public void CustomMapping_lends_the_shape_of_a_vector_even_from_no_columns()
    {
        var shape = _ml.Transforms.CustomMapping<ToyScorer.Nothing, Scores>((_, _) => { }, contractName: null)
            .GetOutputSchema(new SchemaShape([]));
        var score = shape.Single();
        Assert.That((score.Name, score.Kind, score.ItemType),
            Is.EqualTo(("Score", SchemaShape.Column.VectorKind.Vector, (DataViewType)NumberDataViewType.Single)));
    }

    [Test]
    public void A_column_hides_an_earlier_one_of_its_name()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Score", NumberDataViewType.Int32);
        builder.AddColumn("Score", NumberDataViewType.Single);
        var schema = builder.ToSchema();
        Assert.That((schema[0].IsHidden, schema["Score"].Index), Is.EqualTo((true, 1)));
    }

    [Test]
    public void Slot_names_count_only_where_they_fit_the_vector()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> names) => names = new(2, ["a".AsMemory(), "b".AsMemory()]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Two", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        builder.AddColumn("Three", new VectorDataViewType(NumberDataViewType.Single, 3), annotations.ToAnnotations());
        var schema = builder.ToSchema();
        Assert.That((schema["Two"].HasSlotNames(), schema["Three"].HasSlotNames()), Is.EqualTo((true, false)));
    }

    [Test]
    public void Evaluation_names_the_classes_by_the_slot_names_of_the_scores()
    {
        var options = TinyRows.Options;
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(40));
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(options)).Fit(data);
        var scored = model.Transform(data);
        Assert.That(ClassNames(scored), Is.EqualTo(new[] { "left", "right" }));
        var reloaded = ToyScorer.Reloaded(model, data.Schema).Transform(data);
        Assert.That(reloaded.Schema["Score"].HasSlotNames(), Is.False, "no built-in step can name slots");
        Assert.That(ClassNames(reloaded), Is.EqualTo(new[] { "0", "1" }));
        Assert.That(_ml.MulticlassClassification.Evaluate(reloaded).LogLoss,
            Is.EqualTo(_ml.MulticlassClassification.Evaluate(scored).LogLoss).Within(1e-6));
    }

    private string[] ClassNames(IDataView scored)
    {
        var table = _ml.MulticlassClassification.Evaluate(scored).ConfusionMatrix.GetFormattedConfusionTable();
        var names = table.Split('\n').First(l => l.TrimStart().StartsWith("PREDICTED", StringComparison.Ordinal));
        return [.. names[(names.IndexOf("||", StringComparison.Ordinal) + 2)..]
            .Split(['|', ' ', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(n => n != "Recall")];
    }

    private sealed class Scores
    {
        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }
}
