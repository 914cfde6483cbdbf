namespace Microsoft.ML.Data;

/// <summary>How good a classifier's scores are.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(
        double microAccuracy, double macroAccuracy, double logLoss, double logLossReduction, int topK, double[] topKAccuracies,
        double[] perClassLogLoss, ConfusionMatrix confusion)
    {
        MicroAccuracy = microAccuracy;
        MacroAccuracy = macroAccuracy;
        LogLoss = logLoss;
        LogLossReduction = logLossReduction;
        TopKPredictionCount = topK;
        TopKAccuracyForAllK = topKAccuracies;
        PerClassLogLoss = perClassLogLoss;
        ConfusionMatrix = confusion;
    }

    /// <summary>Mean negative logarithm of the score of the true class.</summary>
    public double LogLoss { get; }

    /// <summary>1 - log-loss / entropy of the labels.</summary>
    public double LogLossReduction { get; }

    /// <summary>Mean over classes of the share of their rows predicted right.</summary>
    public double MacroAccuracy { get; }

    /// <summary>Share of all rows predicted right.</summary>
    public double MicroAccuracy { get; }

    /// <summary>Share of rows whose true class is among the k best scores; 0 where no k was asked for.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK.Count > 0 ? TopKAccuracyForAllK[^1] : 0;

    public int TopKPredictionCount { get; }
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }
    public IReadOnlyList<double> PerClassLogLoss { get; }
    public ConfusionMatrix ConfusionMatrix { get; }
}
