using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class ImageClassifierTests
{
    [Test]
    public void Scores_are_the_softmax_of_the_networks_output_on_normalized_images()
    {
        var definition = TinyNetworks.ResNet8();
        using var network = TinyNetworks.Trainable(definition);
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyClassifiers.Images(7);
        var scores = new float[7 * 3];
        classifier.Score(bytes, scores);

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var mean = tensor(TinyClassifiers.Normalization.Mean.ToArray()).view(3, 1, 1);
        var deviation = tensor(TinyClassifiers.Normalization.StandardDeviation.ToArray()).view(3, 1, 1);
        var images = (tensor(bytes).reshape(7, 3, 8, 8).to(float32) / 255 - mean) / deviation;
        network.Module.eval();
        var expected = network.Module.forward(images).softmax(1);
        TensorAssert.Close(tensor(scores).reshape(7, 3), expected, 1e-5);
    }

    [Test]
    public void A_image_gets_the_same_scores_alone_as_in_a_batch()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyClassifiers.Images(9);
        var (all, one) = (new float[27], new float[3]);
        classifier.Score(bytes, all);
        for (var i = 0; i < 9; i++)
        {
            classifier.Score(bytes.AsSpan(i * 192, 192), one);
            Assert.That(one, Is.EqualTo(all[(3 * i)..(3 * i + 3)]).Within(1e-6));
        }
    }

    [Test]
    public void Threads_do_not_disturb_each_other()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyClassifiers.Images(64);
        var (expected, actual) = (new float[192], new float[192]);
        classifier.Score(bytes, expected);
        for (var round = 0; round < 5; round++)
        {
            Parallel.For(0, 64, i => classifier.Score(bytes.AsSpan(i * 192, 192), actual.AsSpan(3 * i, 3)));
            Assert.That(actual, Is.EqualTo(expected).Within(1e-6));
        }
    }

    [Test]
    public void Disposal_while_other_threads_score_lets_their_calls_end()
    {
        var bytes = TinyClassifiers.Images(16);
        for (var round = 0; round < 20; round++)
        {
            var classifier = TinyClassifiers.Create();
            using var started = new CountdownEvent(3);
            var scoring = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                var scores = new float[48];
                started.Signal();
                Assert.Throws<ObjectDisposedException>(() =>
                {
                    while (true)
                    {
                        classifier.Score(bytes, scores);
                        Assert.That(scores.Take(3).Sum(), Is.EqualTo(1).Within(1e-5));
                    }
                });
            })).ToArray();
            started.Wait();
            Parallel.Invoke(classifier.Dispose, classifier.Dispose);
            Assert.That(Task.WaitAll(scoring, TimeSpan.FromSeconds(60)), Is.True);
        }
    }

    [Test]
    public void Warming_up_scores_and_changes_nothing()
    {
        using var classifier = TinyClassifiers.Create();
        var (before, after) = (new float[3], new float[3]);
        classifier.Score(TinyClassifiers.Images(1), before);
        classifier.WarmUp();
        classifier.Score(TinyClassifiers.Images(1), after);
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public void Scoring_draws_no_random_numbers_and_leaves_no_tensors()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyClassifiers.Images(2);
        using var before = torch.random.get_rng_state();
        using (var scope = NewDisposeScope())
        {
            classifier.Score(bytes, new float[6]);
            Assert.That(scope.DisposablesCount, Is.Zero);
        }
        using var after = torch.random.get_rng_state();
        Assert.That(after.bytes.SequenceEqual(before.bytes), Is.True);
    }

    [Test]
    public void It_outlives_the_scope_and_the_weights_it_was_made_from()
    {
        ImageClassifier classifier;
        var before = new float[3];
        using (NewDisposeScope())
        {
            classifier = TinyClassifiers.Create();
            classifier.Score(TinyClassifiers.Images(1), before);
        }
        var after = new float[3];
        classifier.Score(TinyClassifiers.Images(1), after);
        classifier.Dispose();
        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public void No_images_are_no_work_and_wrong_sizes_are_refused()
    {
        using var classifier = TinyClassifiers.Create();
        classifier.Score([], []);
        Assert.That(
            () => classifier.Score(new byte[191], new float[3]),
            Throws.ArgumentException.With.Message.Contains("192 bytes"));
        Assert.That(
            () => classifier.Score(new byte[384], new float[3]),
            Throws.ArgumentException.With.Message.Contains("6 scores"));
    }

    [Test]
    public void Disposing_twice_is_fine_and_scoring_afterwards_is_not()
    {
        var classifier = TinyClassifiers.Create();
        classifier.Dispose();
        classifier.Dispose();
        Assert.That(() => classifier.Score(new byte[192], new float[3]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Weights_that_do_not_fit_are_named()
    {
        var definition = TinyNetworks.ResNet8();
        using var network = TinyNetworks.Trainable(definition);
        var weights = network.Tensors.ToDictionary(t => t.Key, t => t.Value);
        string[] classes = ["a", "b", "c"];

        var lacking = new Dictionary<string, Tensor>(weights);
        lacking.Remove("fc.weight");
        Assert.That(
            () => new ImageClassifier(definition, lacking, TinyClassifiers.Normalization, classes),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("fc.weight"));
        using var odd = zeros([2, 2]);
        Assert.That(
            () =>
                new ImageClassifier(
                    definition,
                    new Dictionary<string, Tensor>(weights) { ["fc.weight"] = odd },
                    TinyClassifiers.Normalization,
                    classes),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("[2,2]"));
        Assert.That(
            () =>
                new ImageClassifier(
                    definition,
                    new Dictionary<string, Tensor>(weights) { ["stray"] = odd },
                    TinyClassifiers.Normalization,
                    classes),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("stray"));
        Assert.That(
            () => new ImageClassifier(definition, weights, TinyClassifiers.Normalization, ["a"]),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("3 classes"));
    }

    [Test]
    public void Weights_bring_what_their_file_says_of_the_images()
    {
        using var folder = new TemporaryFolder();
        using var tiny = TinyClassifiers.Create();
        using var trained = new ImageClassifier(tiny.Network, tiny.Weights, tiny.Normalization, ["cat", "dog", "owl"])
        {
            Resizing = ImageResizing.IsoCrop,
        };
        var (archive, weights) = (Path.Combine(folder.Name, "a.pat"), Path.Combine(folder.Name, "a.safetensors"));
        trained.SaveArchive(archive);
        trained.SaveWeights(weights);
        var network = Networks.ByName("resnet8");

        using var made = ImageClassifier.Create(network, new(archive));
        Assert.That(
            (made.Classes, made.Input, made.Resizing), Is.EqualTo((trained.Classes, trained.Input, trained.Resizing)));
        Assert.That(TinyRun.Hash(made), Is.EqualTo(TinyRun.Hash(trained)));

        using var named = ImageClassifier.Create(network, new(weights));
        Assert.That((named.Classes, named.Input), Is.EqualTo((trained.Classes, network.StandardInput)));

        using var reset = ImageClassifier.Create(network, new(archive) { ResetClassifier = true });
        Assert.That(reset.Classes, Has.Count.EqualTo(network.StandardClasses));

        var large = NetworkArchitecture.Of(network.Build(new(3, 16, 16), 3));
        using var own = ImageClassifier.Create(large, new(archive));
        Assert.That((own.Classes, own.Input), Is.EqualTo((trained.Classes, large.StandardInput)));
    }
}
