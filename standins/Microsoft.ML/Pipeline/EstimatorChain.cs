using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators in a row: each is fitted on what the ones before it made of the data.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly IReadOnlyList<Step> _steps;

    internal readonly record struct Step(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);

    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain() : this([]) { }

    internal EstimatorChain(IReadOnlyList<Step> steps)
    {
        _steps = steps;
        LastEstimator = steps.LastOrDefault().Estimator as IEstimator<TLastTransformer>;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema)); // what cannot fit together is refused before anything costly happens
        var current = input;
        var fitted = new ITransformer[_steps.Count];
        for (int i = 0; i < fitted.Length; i++)
        {
            fitted[i] = _steps[i].Estimator.Fit(current);
            current = fitted[i].Transform(current);
            if (_steps[i].CacheAfter && i < fitted.Length - 1) current = new CacheView(current, []);
        }
        return new(fitted, _steps.Select(s => s.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _steps.Aggregate(inputSchema, (shape, step) => step.Estimator.GetOutputSchema(shape));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        var steps = _steps.Select(s => new EstimatorChain<TNewTrans>.Step(s.Estimator, s.Scope, s.CacheAfter));
        return new([.. steps, new(estimator, scope, false)]);
    }

    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        if (_steps.Count == 0) throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.");
        return new([.. _steps.SkipLast(1), _steps[^1] with { CacheAfter = true }]);
    }
}
