using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What all tasks' catalogs have in common.</summary>
public abstract class TrainCatalogBase
{
    private protected TrainCatalogBase(MLContext context) => Context = context;

    private protected MLContext Context { get; }

    /// <summary>One fold: the model trained on the others, what it made of this one, and how good that is.</summary>
    public sealed class CrossValidationResult<T> where T : class
    {
        public readonly ITransformer Model;
        public readonly T Metrics;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scored, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scored;
            Fold = fold;
        }
    }
}

/// <summary>Evaluating classifiers of several classes.</summary>
public sealed class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(MLContext context) : base(context) { }

    public MulticlassClassificationMetrics Evaluate(
        IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int topKPredictionCount = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        ArgumentOutOfRangeException.ThrowIfNegative(topKPredictionCount);
        return MulticlassEvaluator.Evaluate(data, labelColumnName, scoreColumnName, predictedLabelColumnName, topKPredictionCount);
    }

    public IReadOnlyList<TrainCatalogBase.CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5, string labelColumnName = "Label",
        string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return Context.Data.CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed).Select((fold, i) =>
        {
            var model = estimator.Fit(fold.TrainSet);
            // Steps that take no part in scoring (those of the label, say) do in an evaluation.
            var scored = model is IScopedTransformer chain ? chain.Transform(fold.TestSet, TransformerScope.Everything) : model.Transform(fold.TestSet);
            return new CrossValidationResult<MulticlassClassificationMetrics>(model, Evaluate(scored, labelColumnName), scored, i);
        }).ToArray();
    }
}
