using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Pruning without training.</summary>
public class TrainedPruningTests
{
    private static readonly PruningOptions s_half =
        new() { Criterion = Importance.Magnitude, Target = PruningTarget.Channels(0.5), RoundTo = 1 };

    [Test]
    public void A_classifier_loses_the_channels_asked_for_and_keeps_the_rest()
    {
        using var classifier = TinyClassifiers.Create();
        using var pruned = classifier.Prune(s_half);
        var (before, after) = (ChannelGroups.Of(classifier.Network).Neurons, ChannelGroups.Of(pruned.Network).Neurons);
        Assert.That((double)after / before, Is.EqualTo(0.5).Within(0.02));
        Assert.That(
            (pruned.Classes, pruned.Normalization, pruned.Input),
            Is.EqualTo((classifier.Classes, classifier.Normalization, classifier.Input)));
        using var again = classifier.Prune(s_half);
        Assert.That(TinyRun.Hash(again), Is.EqualTo(TinyRun.Hash(pruned)), "the classifier is as it was");
    }

    [Test]
    public void A_plan_says_which_channels_stay_and_needs_no_images()
    {
        using var classifier = TinyClassifiers.Create();
        var groups = ChannelGroups.Of(classifier.Network);
        var plan = TinyNetworks.RandomPlan(groups, seed: 4);
        using var pruned = classifier.Prune(new() { Plan = plan });
        Assert.That(pruned.Network.ToJson(), Is.EqualTo(new ChannelPruner(groups, plan).Definition.ToJson()));
    }

    [Test]
    public void Criteria_that_need_images_use_those_given_and_say_when_there_are_none()
    {
        using var classifier = TinyClassifiers.Create();
        using var images = TinyImages.Store(16);
        foreach (var criterion in Importance.All)
        {
            using var pruned = classifier.Prune(s_half with { Criterion = criterion }, images);
            Assert.That(
                ChannelGroups.Of(pruned.Network).Neurons,
                Is.LessThan(ChannelGroups.Of(classifier.Network).Neurons),
                criterion.Name);
        }
        Assert.That(
            () => classifier.Prune(new()),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'taylor' needs images"));
        using var others = TinyImages.Store(16, size: 12);
        Assert.That(
            () => classifier.Prune(s_half, others),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("12"));
    }

    [Test]
    public void One_image_is_enough_on_any_number_of_threads()
    {
        using var classifier = TinyClassifiers.Create();
        using var image = TinyImages.Store(1);
        var before = TorchSharp.torch.get_num_threads();
        TorchSharp.torch.set_num_threads(3);
        foreach (var criterion in new[] { Importance.Taylor, Importance.Snip, Importance.HRank })
        {
            using var pruned = classifier.Prune(s_half with { Criterion = criterion }, image);
            Assert.That(
                ChannelGroups.Of(pruned.Network).Neurons,
                Is.LessThan(ChannelGroups.Of(classifier.Network).Neurons),
                criterion.Name);
        }
        Assert.That(TorchSharp.torch.get_num_threads(), Is.EqualTo(3), "as before");
        TorchSharp.torch.set_num_threads(before);
    }

    [Test]
    public void A_target_out_of_reach_is_refused_with_the_range()
    {
        using var classifier = TinyClassifiers.Create();
        Assert.That(
            () => classifier.Prune(s_half with { Target = PruningTarget.Channels(0.999) }),
            Throws.TypeOf<UnreachableTargetException>());
    }

    [Test]
    public void A_transformer_is_pruned_to_one_with_the_same_columns()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(TinyRows.Pixels(40));
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        using var model = ml.PaT().ImageClassification(TinyRows.Options).Fit(keyed);
        using var pruned = ml.PaT().Prune(model, s_half);
        using var byTaylor = ml.PaT().Prune(model, new() { RoundTo = 1 }, keyed);
        foreach (var one in new[] { pruned, byTaylor })
        {
            Assert.That(
                one.GetOutputSchema(keyed.Schema).Select(c => (c.Name, c.Type)),
                Is.EqualTo(model.GetOutputSchema(keyed.Schema).Select(c => (c.Name, c.Type))));
            Assert.That(
                one.Plan!.For(ChannelGroups.Of(model.Model.Network))
                    .Counts(ChannelGroups.Of(model.Model.Network))
                    .Sum(),
                Is.LessThan(ChannelGroups.Of(model.Model.Network).Neurons));
            Assert.That(
                ml.Data.CreateEnumerable<TinyRows.Prediction>(one.Transform(keyed), false, ignoreMissingColumns: true)
                    .Select(p => p.Score.Sum()),
                Is.All.EqualTo(1).Within(1e-5));
        }
    }

    [Test]
    public void A_network_of_the_zoo_becomes_a_classifier_an_archive_and_one_again()
    {
        using var folder = new TemporaryFolder();
        using var classifier = ImageClassifier.Create(Networks.ByName("resnet8"), seed: 5);
        using var same = ImageClassifier.Create(Networks.ByName("resnet8"), seed: 5);
        Assert.That(TinyRun.Hash(same), Is.EqualTo(TinyRun.Hash(classifier)));
        Assert.That(classifier.Classes, Is.EqualTo(Enumerable.Range(0, 10).Select(c => $"{c}")));
        using var pruned = classifier.Prune(s_half);
        var path = Path.Combine(folder.Name, "pruned.pat");
        pruned.SaveArchive(path);
        using var loaded = ImageClassifier.Load(path);
        Assert.That(TinyRun.Hash(loaded), Is.EqualTo(TinyRun.Hash(pruned)));
        using var continued = ImageClassifier.Create(NetworkArchitecture.Of(loaded.Network), new(path));
        Assert.That(TinyRun.Hash(continued), Is.EqualTo(TinyRun.Hash(pruned)));
    }
}
