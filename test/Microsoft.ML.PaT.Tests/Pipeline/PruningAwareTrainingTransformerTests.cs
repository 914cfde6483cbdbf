using Microsoft.ML.Data;
using Microsoft.ML.PaT.Serving;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class PruningAwareTrainingTransformerTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TransformerChain<ITransformer> _chain;
    private readonly PruningAwareTrainingTransformer _transformer;

    public PruningAwareTrainingTransformerTests()
    {
        var pipeline = Pipeline();
        _chain = pipeline.Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(100)));
        _transformer = _chain.OfType<PruningAwareTrainingTransformer>().Single();
    }

    [OneTimeTearDown]
    public void Dispose() => _chain.Dispose();

    [Test]
    public void The_score_columns_say_everything_about_themselves()
    {
        var schema = _chain.GetOutputSchema(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(1)).Schema);
        var score = schema["Score"];
        Assert.That(score.Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 2)));
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        Assert.That(names.DenseValues().Select(n => n.ToString()), Is.EqualTo(new[] { "left", "right" }));
        score.Annotations.GetValue("TrainingLabelValues", ref names);
        Assert.That(names.DenseValues().Select(n => n.ToString()), Is.EqualTo(new[] { "left", "right" }));
        ReadOnlyMemory<char> kind = default;
        score.Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.That(kind.ToString(), Is.EqualTo("MulticlassClassification"));

        var label = schema["PredictedLabel"];
        Assert.That(label.Type, Is.EqualTo(new KeyDataViewType(typeof(uint), 2)));
        label.GetKeyValues(ref names);
        Assert.That(names.DenseValues().Select(n => n.ToString()), Is.EqualTo(new[] { "left", "right" }));
        label.Annotations.GetValue("ScoreValueKind", ref kind);
        Assert.That(kind.ToString(), Is.EqualTo("PredictedLabel"));
    }

    [Test]
    public void The_shape_before_fit_promises_what_the_schema_after_it_has()
    {
        var data = Keyed(TinyRows.Pixels(4));
        var shape = SchemaShapes.Of(_ml, data);
        var promised = _ml.PaT().ImageClassification(TinyRows.Options).GetOutputSchema(shape).ToDictionary(c => c.Name);
        var given = _transformer.GetOutputSchema(data.Schema).Where(c => !c.IsHidden).ToArray();
        Assert.That(promised.Keys, Is.EquivalentTo(given.Select(c => c.Name)));
        foreach (var column in given)
        {
            var promise = promised[column.Name];
            var vector = column.Type as VectorDataViewType;
            Assert.That(promise.IsKey, Is.EqualTo(column.Type is KeyDataViewType), column.Name);
            Assert.That(promise.ItemType.RawType, Is.EqualTo((vector?.ItemType ?? column.Type).RawType), column.Name);
            Assert.That(
                promise.Kind,
                Is.EqualTo(
                    vector is null ? SchemaShape.Column.VectorKind.Scalar
                    : vector.IsKnownSize ? SchemaShape.Column.VectorKind.Vector
                    : SchemaShape.Column.VectorKind.VariableVector),
                column.Name);
            foreach (var annotation in promise.Annotations)
                Assert.That(column.Annotations.Schema.Select(a => a.Name), Has.Member(annotation.Name), column.Name);
        }
    }

    [Test]
    public void Score_and_label_columns_may_have_other_names_and_replace_older_ones()
    {
        var options = TinyRows.Options with { ScoreColumnName = "ImagePath", PredictedLabelColumnName = "Guess" };
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.PaT().ImageClassification(options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Guess"));
        using var model = pipeline.Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(40)));
        var scored = model.Transform(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(3)));
        Assert.That(scored.Schema["ImagePath"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 2)));
        Assert.That(scored.GetColumn<string>("Guess").Count(), Is.EqualTo(3));
    }

    [Test]
    public void Transform_prediction_engine_and_bare_classifier_give_the_same_numbers()
    {
        var rows = TinyRows.Pixels(150, first: 200); // more than two batches ahead
        var scored = Score(_chain, rows);
        using var engine = _ml.Model.CreatePredictionEngine<TinyRows.PixelRow, TinyRows.Prediction>(
            _chain,
            new PredictionEngineOptions { OwnsTransformer = false });
        var bare = new float[2];
        for (var i = 0; i < rows.Length; i++)
        {
            var single = engine.Predict(rows[i]);
            Assert.That(single.Score, Is.EqualTo(scored[i].Score).Within(1e-6));
            Assert.That((single.PredictedLabel, single.Name), Is.EqualTo((scored[i].PredictedLabel, scored[i].Name)));
            _transformer.Model.Score(TinyRows.Planar(200 + i), bare);
            Assert.That(bare, Is.EqualTo(scored[i].Score).Within(1e-6));
        }
        Assert.That(scored.Select(p => p.Name).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void Rows_keep_their_other_columns_and_ids_beside_the_scores()
    {
        var data = _ml.Data.LoadFromEnumerable(TinyRows.Pixels(130));
        var scored = _chain.Transform(data);
        using var cursor =
            scored.GetRowCursor([scored.Schema["ImagePath"], scored.Schema["PredictedLabel"], scored.Schema["Image"]]);
        using var plain = data.GetRowCursor(data.Schema);
        var path = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["ImagePath"]);
        var image = cursor.GetGetter<VBuffer<float>>(scored.Schema["Image"]);
        var (id, plainId) = (cursor.GetIdGetter(), plain.GetIdGetter());
        var count = 0;
        while (cursor.MoveNext() && plain.MoveNext())
        {
            ReadOnlyMemory<char> text = default;
            VBuffer<float> pixels = default;
            DataViewRowId a = default, b = default;
            path(ref text);
            image(ref pixels);
            id(ref a);
            plainId(ref b);
            Assert.That((text.ToString(), cursor.Position, a), Is.EqualTo(($"image{count}.png", (long)count, b)));
            Assert.That(pixels.GetValues()[0], Is.EqualTo((float)TinyRows.Planar(count)[0]));
            count++;
        }
        Assert.That(count, Is.EqualTo(130));
    }

    [Test]
    public void Transform_is_lazy_and_scores_nothing_unrequested()
    {
        var read = 0;
        IEnumerable<TinyRows.PixelRow> Rows()
        {
            foreach (var row in TinyRows.Pixels(200))
            {
                read++;
                yield return row;
            }
        }
        var scored = _chain.Transform(_ml.Data.LoadFromEnumerable(Rows()));
        Assert.That(read, Is.Zero);
        Assert.That(scored.GetColumn<string>("ImagePath").Count(), Is.EqualTo(200));
        read = 0;
        Assert.That(scored.GetColumn<uint>("PredictedLabel").First(), Is.Not.Zero);
        Assert.That(read, Is.InRange(16, 32), "who wants one row waits for few");
    }

    [Test]
    public void An_unreadable_image_fails_when_its_score_is_asked_for_and_no_other()
    {
        var ml = new MLContext();
        var pipeline =
            ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.PaT().ImageClassification(TinyRows.Options));
        using var model = pipeline.Fit(ml.Data.LoadFromEnumerable(TinyRows.Encoded(40)));
        var rows = TinyRows.Encoded(10);
        rows[4].Image = [1, 2, 3];
        var scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> value = default;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            if (i == 4)
            {
                Assert.That(
                    () => score(ref value), Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("row 4"));
            }
            else Assert.That(() => score(ref value), Throws.Nothing);
        }
    }

    [Test]
    public void Evaluates_as_any_multiclass_model_does()
    {
        var metrics = _ml.MulticlassClassification.Evaluate(
            _chain.Transform(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(60, first: 300))));
        Assert.That(metrics.MicroAccuracy, Is.InRange(0.5, 1));
        Assert.That(metrics.ConfusionMatrix.NumberOfClasses, Is.EqualTo(2));
    }

    /// <summary>ML.NET's evaluator counts a key beyond the known ones as wrong and skips a missing key.</summary>
    [Test]
    public void A_label_that_training_had_not_counts_as_wrong()
    {
        var rows = TinyRows.Pixels(20, first: 300);
        var known = Evaluate(rows, "left", "right");
        rows[3].Label = "top";
        var wrong = Evaluate(rows, "left", "right", "top");
        var left = Evaluate(rows, "left", "right");
        var hit = Score(_chain, rows)[3].Name == TinyRows.Label(303) ? 1 : 0;
        Assert.That(wrong.MicroAccuracy, Is.EqualTo(known.MicroAccuracy - hit / 20.0).Within(1e-9));
        Assert.That(wrong.LogLoss, Is.GreaterThan(known.LogLoss));
        Assert.That(left.MicroAccuracy, Is.EqualTo((20 * known.MicroAccuracy - hit) / 19).Within(1e-9));

        MulticlassClassificationMetrics Evaluate(TinyRows.PixelRow[] data, params string[] keys)
        {
            var order = _ml.Data.LoadFromEnumerable(keys.Select(k => new KeyRow { Label = k }));
            var view = _ml.Data.LoadFromEnumerable(data);
            return _ml.MulticlassClassification.Evaluate(
                _transformer.Transform(
                    _ml.Transforms.Conversion.MapValueToKey("Label", keyData: order).Fit(view).Transform(view)));
        }
    }

    [Test]
    public void Images_too_large_to_wait_together_are_scored_each_as_itself()
    {
        const int size = 2400; // 23 MB an image: the fourth finds the waiting room full
        var pipeline =
            _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.PaT().ImageClassification(TinyRows.Options));
        using var model = pipeline.Fit(_ml.Data.LoadFromEnumerable(TinyRows.Images(40)));
        var rows = Enumerable.Range(0, 5)
            .Select(i => new TinyRows.ImageRow
            {
                Label = "left",
                Image = MLImage.CreateFromPixels(
                    size,
                    size,
                    MLPixelFormat.Rgba32,
                    [.. Enumerable.Repeat((byte)(50 * i), 4 * size * size)]),
            })
            .ToArray();
        var scores = model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").ToArray();
        var (expected, image) = (new float[2], new byte[model.LastTransformer.Model.Input.Size]);
        for (var i = 0; i < rows.Length; i++)
        {
            Array.Fill(image, (byte)(50 * i));
            model.LastTransformer.Model.Score(image, expected);
            Assert.That(scores[i], Is.EqualTo(expected).Within(1e-6));
            rows[i].Image.Dispose();
        }
    }

    [Test]
    public void Several_prediction_engines_score_at_once()
    {
        var rows = TinyRows.Pixels(64, first: 500);
        var expected = Score(_chain, rows);
        Parallel.For(0, 4, _ =>
        {
            using var engine = _ml.Model.CreatePredictionEngine<TinyRows.PixelRow, TinyRows.Prediction>(
                _chain,
                new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = 0; i < rows.Length; i++)
                Assert.That(engine.Predict(rows[i]).Score, Is.EqualTo(expected[i].Score).Within(1e-6));
        });
    }

    [Test]
    public void Archive_has_model_and_report_and_failed_write_keeps_the_old_file()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "model.pat");
            _transformer.SaveArchive(path);
            using (var stream = File.OpenRead(path))
            {
                var (loaded, report) = ModelArchive.Load(stream);
                using (loaded) Assert.That(loaded.Classes, Is.EqualTo(_transformer.Model.Classes));
                Assert.That(report.Recipe, Is.EqualTo(_transformer.Report.Recipe));
            }
            using (var alone = ImageClassifier.Load(path))
                Assert.That(alone.Input, Is.EqualTo(_transformer.Model.Input));
            Assert.That(folder.GetFiles(), Has.Length.EqualTo(1));
            Assert.That(
                () => _transformer.SaveArchive(Path.Combine(folder.FullName, "none", "model.pat")),
                Throws.InstanceOf<IOException>());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Fitting_scoring_and_disposing_leave_no_tensor_behind()
    {
        Once();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Once();
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));

        void Once()
        {
            using var model = Pipeline().Fit(_ml.Data.LoadFromEnumerable(TinyRows.Pixels(70)));
            Score(model, TinyRows.Pixels(70));
        }
    }

    [Test]
    public void The_last_transformer_of_a_chain_shows_its_model()
    {
        ISingleFeaturePredictionTransformer<ImageClassifier> last = _transformer;
        Assert.That(last.Model.Classes, Is.EqualTo(new[] { "left", "right" }));
        Assert.That(
            (last.FeatureColumnName, last.FeatureColumnType.RawType), Is.EqualTo(("Image", typeof(VBuffer<float>))));
        Assert.That(last.IsRowToRowMapper, Is.True);
    }

    private EstimatorChain<ITransformer> Pipeline() => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.PaT().ImageClassification(TinyRows.Options))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel"))
        .Append((IEstimator<ITransformer>)_ml.Transforms.CopyColumns("Copy", "Score"));

    private sealed class KeyRow
    {
        public string Label { get; set; } = "";
    }

    private IDataView Keyed(TinyRows.PixelRow[] rows)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private TinyRows.Prediction[] Score(ITransformer model, TinyRows.PixelRow[] rows) =>
        [
            .. _ml.Data.CreateEnumerable<TinyRows.Prediction>(
                model.Transform(_ml.Data.LoadFromEnumerable(rows)),
                reuseRowObject: false),
        ];
}
