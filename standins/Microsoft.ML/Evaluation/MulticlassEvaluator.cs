using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Counts hits, ranks and log-loss in one pass. The prediction is the arg-max of the scores, the first one where several tie.</summary>
internal sealed class MulticlassEvaluator
{
    private const float Epsilon = 1e-15f;

    private readonly int _classes;
    private readonly float[] _scores;
    private readonly double[][] _confusion;
    private readonly double[] _ofClass;
    private readonly double[] _lossOfClass;
    private readonly double[] _ranks;
    private double _rows, _hits, _loss;

    private MulticlassEvaluator(int classes)
    {
        _classes = classes;
        _scores = new float[classes];
        _confusion = Enumerable.Range(0, classes).Select(_ => new double[classes]).ToArray();
        _ofClass = new double[classes];
        _lossOfClass = new double[classes];
        _ranks = new double[classes + 1];
    }

    internal static MulticlassClassificationMetrics Evaluate(IDataView data, string labelName, string scoreName, string predictedName, int topK)
    {
        DataViewSchema.Column Column(string role, string name) =>
            data.Schema.GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException("schema", $"{role} column '{name}' not found");
        var label = Column("Label", labelName);
        var score = Column("Score", scoreName);
        Column("PredictedLabel", predictedName); // must be there, although the prediction is read off the scores
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
            throw new ArgumentOutOfRangeException("schema", $"Schema mismatch for score column '{scoreName}': expected vector of two or more items of type Single, got {score.Type}");
        if (label.Type is not KeyDataViewType && label.Type != NumberDataViewType.Single)
            throw new ArgumentOutOfRangeException("schema", $"Schema mismatch for label column '{labelName}': expected Single or Key, got {label.Type}");
        var evaluator = new MulticlassEvaluator(vector.Size);
        using (var cursor = data.GetRowCursor([label, score]))
        {
            var number = NumberReader.Of(cursor, label);
            var getScores = cursor.GetGetter<VBuffer<float>>(score);
            double shift = label.Type is KeyDataViewType ? 1 : 0; // keys count from 1, a missing one becomes -1
            VBuffer<float> scores = default;
            while (cursor.MoveNext())
            {
                double index = number() - shift;
                if (double.IsNaN(index) || index < 0 || index != Math.Floor(index)) continue;
                getScores(ref scores);
                if (scores.Length != vector.Size) throw new InvalidOperationException($"Column '{scoreName}' has {scores.Length} scores in a row, not {vector.Size}.");
                scores.CopyTo(evaluator._scores);
                evaluator.Add((int)Math.Min(index, int.MaxValue));
            }
        }
        return evaluator.Metrics(ClassNames(score, vector.Size), topK);
    }

    private void Add(int label)
    {
        foreach (float s in _scores)
            if (!float.IsFinite(s)) return; // as if the row were not there
        bool known = label < _classes;
        int assigned = 0, rank = known ? 0 : _classes;
        for (int i = 0; i < _classes; i++)
        {
            if (_scores[i] > _scores[assigned]) assigned = i;
            if (known && (_scores[i] > _scores[label] || _scores[i] == _scores[label] && i < label)) rank++;
        }
        double loss = -Math.Log(known ? Math.Clamp(_scores[label], Epsilon, 1f) : Epsilon);
        _rows++;
        _loss += loss;
        _ranks[rank]++;
        if (!known) return;
        _ofClass[label]++;
        _lossOfClass[label] += loss;
        _confusion[label][assigned]++;
        if (assigned == label) _hits++;
    }

    private MulticlassClassificationMetrics Metrics(IReadOnlyList<string> names, int topK)
    {
        var seen = Enumerable.Range(0, _classes).Where(i => _ofClass[i] > 0).ToArray();
        double entropy = -seen.Sum(i => _ofClass[i] / _rows * Math.Log(_ofClass[i] / _rows));
        double logLoss = _rows > 0 ? _loss / _rows : 0;
        var top = new double[Math.Min(topK, _classes)];
        double below = 0;
        for (int k = 0; k < top.Length; k++) top[k] = (below += _ranks[k]) / _rows;
        return new(
            microAccuracy: _rows > 0 ? _hits / _rows : 0,
            macroAccuracy: seen.Length > 0 ? seen.Average(i => _confusion[i][i] / _ofClass[i]) : 0,
            logLoss,
            (entropy - logLoss) / entropy,
            topK,
            top,
            Enumerable.Range(0, _classes).Select(i => _ofClass[i] > 0 ? _lossOfClass[i] / _ofClass[i] : 0).ToArray(),
            new(_confusion, names));
    }

    private static string[] ClassNames(DataViewSchema.Column score, int classes)
    {
        if (!score.HasSlotNames()) return Enumerable.Range(0, classes).Select(i => i.ToString()).ToArray();
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return names.DenseValues().Select(n => n.ToString()).ToArray();
    }
}
