using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

public class ZooTests
{
    private static readonly string[] s_families =
    [
        "resnet", "preresnet", "resnext", "wide_resnet", "vgg", "mobilenet", "densenet", "googlenet", "shufflenet_v2",
        "squeezenet", "efficientnet", "convnext", "vit",
    ];

    public static IReadOnlyList<string> Names => Networks.Names;

    // Parameters, MACs at 224x224 and a digest of all names and shapes, from torchvision_figures.py and torchvision
    // 0.14.
    [TestCase("resnet18", 11_689_512, 1_814_073_344, "bd0b28d3209a171d")]
    [TestCase("resnet34", 21_797_672, 3_663_761_408, "3527dbbb4ac82262")]
    [TestCase("resnet50", 25_557_032, 4_089_184_256, "a506be68cf630f4c")]
    [TestCase("resnet101", 44_549_160, 7_801_405_440, "b7894632184dafb1")]
    [TestCase("resnet152", 60_192_808, 11_513_626_624, "e13c31ea628f8ac7")]
    [TestCase("resnext50_32x4d", 25_028_904, 4_230_479_872, "bc48b1e31e512c70")]
    [TestCase("wide_resnet50_2", 68_883_240, 11_398_021_120, "3ace44a0831eff03")]
    [TestCase("vgg11_bn", 132_868_840, 7_609_090_048, "203f490cecc83114")]
    [TestCase("vgg13_bn", 133_053_736, 11_308_466_176, "94d052915fa90248")]
    [TestCase("vgg16_bn", 138_365_992, 15_470_264_320, "af4eeac57cb50d67")]
    [TestCase("vgg19_bn", 143_678_248, 19_632_062_464, "32f61b09653e739d")]
    [TestCase("mobilenet_v2", 3_504_872, 300_774_272, "1f27e3d93ac9d0ff")]
    [TestCase("mobilenet_v3_small", 2_542_856, 56_510_400, "c9434bf8fbe13322")]
    [TestCase("mobilenet_v3_large", 5_483_032, 216_589_760, "3abde803707966e4")]
    [TestCase("densenet121", 7_978_856, 2_834_161_664, "9de4aad2d5fb03ee")]
    [TestCase("densenet161", 28_681_000, 7_727_907_072, "b02a66be70121357")]
    [TestCase("densenet169", 14_149_480, 3_359_843_328, "b335f57fc820a526")]
    [TestCase("densenet201", 20_013_928, 4_291_365_888, "68d604ef7a9345d1")]
    [TestCase("googlenet", 6_624_904, 1_498_376_192, "0023758f57ab4b64")]
    [TestCase("shufflenet_v2_x0_5", 1_366_792, 40_476_448, "e143e8338a183af8")]
    [TestCase("shufflenet_v2_x1_0", 2_278_604, 144_907_992, "a8e23a9a2d160913")]
    [TestCase("shufflenet_v2_x1_5", 3_503_624, 295_759_392, "2f98906ebe73a7d9")]
    [TestCase("shufflenet_v2_x2_0", 7_393_996, 583_253_464, "6a748aff053c21c5")]
    [TestCase("squeezenet1_0", 1_248_424, 818_924_576, "cd23a9be2e193de5")]
    [TestCase("squeezenet1_1", 1_235_496, 349_151_936, "a462856ef96ade94")]
    [TestCase("efficientnet_b0", 5_288_548, 385_814_752, "ec10027311546760")]
    [TestCase("convnext_tiny", 28_589_128, 4_455_531_264, "39d0e94f41cc6e25")]
    // MACs include the products of attention. The two smaller networks are built by torchvision's class; their
    // parameters are those of DeiT.
    [TestCase("vit_b_16", 86_567_656, 17_563_828_224, "6fb29f2c47a51ed0")]
    [TestCase("vit_tiny_16", 5_717_416, 1_253_683_200, "24ab09346d48a3f3")]
    [TestCase("vit_small_16", 22_050_664, 4_598_882_304, "326bc850b687b640")]
    public void Is_torchvisions_network(string name, long parameters, long macs, string digest)
    {
        var definition = Networks.ByName(name).Build(new(3, 224, 224), 1000);
        Assert.That(NetworkCost.Of(definition), Is.EqualTo(new NetworkCost(parameters, macs)));
        var lines = definition.Parameters.OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name} {string.Join('x', p.Shape)}");
        Assert.That(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16],
            Is.EqualTo(digest));
    }

    // Summed by hand over the table of the paper, which has 569, 325, 149 and 41 million MACs, and 4.2, 2.6, 1.3 and
    // 0.5 million parameters.
    [TestCase("mobilenet_v1", 4_231_976, 568_740_352)]
    [TestCase("mobilenet_v1_x0_75", 2_585_560, 325_400_448)]
    [TestCase("mobilenet_v1_x0_5", 1_331_592, 149_497_088)]
    [TestCase("mobilenet_v1_x0_25", 470_072, 41_030_272)]
    public void Mobile_net_costs_what_its_paper_says(string name, long parameters, long macs) =>
        Assert.That(
            NetworkCost.Of(Networks.ByName(name).Build(new(3, 224, 224), 1000)),
            Is.EqualTo(new NetworkCost(parameters, macs)));

    // SqueezeNets with norms instead of biases: every convolution but the last has two values per channel in its norm
    // where the plain one has a bias.
    [TestCase("squeezenet1_0")]
    [TestCase("squeezenet1_1")]
    public void Squeeze_net_with_norms_differs_by_the_norms(string name)
    {
        var plain = Networks.ByName(name).Build(new(3, 224, 224), 1000);
        var widths = plain.Layers.OfType<ConvolutionLayer>().SkipLast(1).Sum(l => l.Out);
        var expected = NetworkCost.Of(plain) with { Parameters = NetworkCost.Of(plain).Parameters + widths };
        Assert.That(NetworkCost.Of(Networks.ByName(name + "_bn").Build(new(3, 224, 224), 1000)), Is.EqualTo(expected));
    }

    // PFEC's networks and He's option A. The preactivated one has as many values in norms, and two 1x1 projections.
    // DenseNet's paper has 1.0 million.
    [TestCase("vgg16-bn-cifar", 14_987_722)]
    [TestCase("resnet20-cifar-a", 269_722)]
    [TestCase("resnet56-cifar-a", 853_018)]
    [TestCase("resnet110-cifar-a", 1_727_962)]
    [TestCase("preresnet110-cifar", 1_727_962 + 512 + 2048)]
    [TestCase("densenet40-cifar", 1_019_722)]
    public void Small_networks_have_the_published_number_of_parameters(string name, long parameters) =>
        Assert.That(NetworkCost.Of(Networks.ByName(name).Build(new(3, 32, 32), 10)).Parameters, Is.EqualTo(parameters));

    [Test]
    public void All_families_are_listed()
    {
        Assert.That(Names, Is.Unique);
        Assert.That(Names, Has.Count.GreaterThanOrEqualTo(33));
        foreach (var family in s_families) Assert.That(Names, Has.Some.StartsWith(family));
    }

    [TestCase("resnet50", "resnet50")]
    [TestCase("resnet50-cifar", "resnet50-cifar")]
    [TestCase("resnet26-cifar-a", "resnet26-cifar-a")]
    [TestCase("resnet56", "resnet56-cifar")]
    public void Torchvisions_names_come_first(string name, string expected) =>
        Assert.That(Networks.ByName(name).Name, Is.EqualTo(expected));

    [TestCaseSource(nameof(Names))]
    public void Survives_a_round_trip_through_json(string name)
    {
        var definition = Networks.ByName(name).Build(Networks.ByName(name).StandardInput, 10);
        var copy = NetworkDefinition.FromJson(definition.ToJson());
        Assert.That(copy.ToJson(), Is.EqualTo(definition.ToJson()));
        Assert.That(NetworkCost.Of(copy), Is.EqualTo(NetworkCost.Of(definition)));
    }

    [TestCaseSource(nameof(Names))]
    public void Every_convolution_can_be_pruned_to_a_sliver(string name)
    {
        var definition = Networks.ByName(name).Build(Networks.ByName(name).StandardInput, 10);
        var groups = ChannelGroups.Of(definition);
        // All except the classifier.
        var widths = definition.Layers.Select(l =>
                l switch
                {
                    ConvolutionLayer c => (l.Name, c.Out),
                    LinearLayer c => (l.Name, c.Out),
                    AttentionLayer a => (l.Name, Out: a.Heads * a.HeadWidth),
                    _ => default,
                })
            .Where(l => l.Out > 0)
            .SkipLast(1)
            .ToList();
        Assert.That(groups.PrunableLayers, Is.EqualTo(widths.Select(w => w.Name)));
        var compact =
            new ChannelPruner(groups, new(groups.Groups.ToDictionary(g => g.Name, _ => new[] { 0 }))).Definition;
        Assert.That(NetworkCost.Of(compact).Parameters, Is.LessThan(NetworkCost.Of(definition).Parameters / 50));
        // The only fixed channels are those of splits that other layers read separately.
        var exempt = groups.PrunableLayers.Sum(c => groups.Flow.Channels(c).Count(groups.Flow.IsFixed));
        Assert.That(groups.Neurons + exempt, Is.EqualTo(widths.Sum(w => w.Out)));
        Assert.That(
            exempt,
            Is.LessThanOrEqualTo(
                definition.Layers.OfType<SelectChannelsLayer>()
                    .Count(l => l.Channels.Count < definition.OutputShape(l.Inputs[0]).Channels)));
    }

    [TestCaseSource(nameof(Names))]
    public void Costs_are_those_of_the_tensors_and_the_pixels_they_slide_over(string name)
    {
        var architecture = Networks.ByName(name);
        var definition = TinyNetworks.Half(architecture.Build(architecture.StandardInput, 10));
        var cost = NetworkCost.Of(definition);
        // Counted from the weights alone: each is used once per pixel of the layer's output. Attention also multiplies
        // all pairs of tokens, twice.
        long macs = 0, parameters = 0;
        foreach (var layer in definition.Layers)
        {
            var output = definition.OutputShape(layer.Name);
            foreach (var tensor in layer.Parameters.Where(p => p.Trainable))
            {
                parameters += tensor.Count;
                if (tensor.Role == ParameterRole.Weight) macs += tensor.Count * output.Height * output.Width;
            }
            if (layer is AttentionLayer) macs += 2L * output.Width * output.Width * output.Channels;
        }
        Assert.That(cost, Is.EqualTo(new NetworkCost(parameters, macs)));
    }
}
