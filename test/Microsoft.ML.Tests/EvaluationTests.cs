using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>Metrics against sums done by hand.</summary>
public class EvaluationTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Scored
    {
        [KeyType(3)] public uint Label { get; set; }
        [VectorType(3)] public float[] Score { get; set; } = [];
        [KeyType(3)] public uint PredictedLabel { get; set; }
    }

    private static Scored Row(uint label, params float[] score) => new() { Label = label, Score = score, PredictedLabel = 1 };

    private MulticlassClassificationMetrics Evaluate(int topK, params Scored[] rows) =>
        _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(rows), topKPredictionCount: topK);

    private static readonly Scored[] _rows =
    [
        Row(1, 0.7f, 0.2f, 0.1f), // right
        Row(1, 0.2f, 0.5f, 0.3f), // wrong, third
        Row(2, 0.3f, 0.6f, 0.1f), // right
        Row(3, 0.5f, 0.1f, 0.4f), // wrong, second
    ];

    [Test]
    public void AccuraciesCountArgMaxOfScoreNotPredictedLabel()
    {
        var metrics = Evaluate(2, _rows);
        Assert.That(metrics.MicroAccuracy, Is.EqualTo(0.5));
        Assert.That(metrics.MacroAccuracy, Is.EqualTo((0.5 + 1 + 0) / 3).Within(1e-12));
        Assert.That(metrics.TopKPredictionCount, Is.EqualTo(2));
        Assert.That(metrics.TopKAccuracy, Is.EqualTo(0.75));
        Assert.That(metrics.TopKAccuracyForAllK, Is.EqualTo(new[] { 0.5, 0.75 }));
    }

    [Test]
    public void LogLossIsTheMeanOfTheTrueClass()
    {
        var metrics = Evaluate(0, _rows);
        double[] losses = [-Math.Log(0.7f), -Math.Log(0.2f), -Math.Log(0.6f), -Math.Log(0.4f)];
        double entropy = -(0.5 * Math.Log(0.5) + 2 * 0.25 * Math.Log(0.25));
        Assert.That(metrics.LogLoss, Is.EqualTo(losses.Average()).Within(1e-9));
        Assert.That(metrics.LogLossReduction, Is.EqualTo(1 - losses.Average() / entropy).Within(1e-9));
        Assert.That(metrics.PerClassLogLoss, Is.EqualTo(new[] { losses[..2].Average(), losses[2], losses[3] }).Within(1e-9));
    }

    [Test]
    public void ConfusionMatrixCountsTrueByPredicted()
    {
        var matrix = Evaluate(0, _rows).ConfusionMatrix;
        Assert.That(matrix.NumberOfClasses, Is.EqualTo(3));
        Assert.That(matrix.Counts, Is.EqualTo(new[] { new double[] { 1, 1, 0 }, [0, 1, 0], [1, 0, 0] }));
        Assert.That(matrix.GetCountForClassPair(0, 1), Is.EqualTo(1));
        Assert.That(matrix.PerClassRecall, Is.EqualTo(new[] { 0.5, 1, 0 }));
        Assert.That(matrix.PerClassPrecision, Is.EqualTo(new[] { 0.5, 0.5, 0 }));
        Assert.That(matrix.GetFormattedConfusionTable(), Does.Contain("PREDICTED").And.Contain("TRUTH"));
    }

    [Test]
    public void FirstOfEqualScoresWins()
    {
        var metrics = Evaluate(1, Row(1, 0.4f, 0.4f, 0.2f), Row(2, 0.4f, 0.4f, 0.2f));
        Assert.That(metrics.MicroAccuracy, Is.EqualTo(0.5));
        Assert.That(metrics.ConfusionMatrix.Counts[1], Is.EqualTo(new double[] { 1, 0, 0 }));
    }

    [Test]
    public void MissingLabelsAreLeftOut() =>
        Assert.That(Evaluate(0, Row(0, 1, 0, 0), Row(2, 0, 1, 0)).MicroAccuracy, Is.EqualTo(1));

    [Test]
    public void ImpossibleScoreIsBounded() =>
        Assert.That(Evaluate(0, Row(2, 1, 0, 0)).LogLoss, Is.EqualTo(-Math.Log(1e-15f)).Within(1e-6));

    [Test]
    public void WrongColumnsAreNamed()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        Assert.That(() => _ml.MulticlassClassification.Evaluate(data, "Absent"), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _ml.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Absent"), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _ml.MulticlassClassification.Evaluate(data, "Label", "PredictedLabel"), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
