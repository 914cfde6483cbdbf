using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Tests;

/// <summary>Every estimator: schema propagation, row mapper and reloaded model agree with Transform; missing columns are named.</summary>
public class EstimatorTests
{
    private static readonly MLContext _ml = new(1);

    private static IEnumerable<TestCaseData> Estimators()
    {
        var t = _ml.Transforms;
        var c = t.Conversion;
        yield return Case("copy", t.CopyColumns("X", "Name"));
        yield return Case("concatenate", t.Concatenate("X", "Weight", "Features"));
        yield return Case("drop", t.DropColumns("Weight"));
        yield return Case("select", t.SelectColumns("Weight", "Kind"));
        yield return Case("convert", c.ConvertType("X", "Weight", DataKind.Double));
        yield return Case("convert vector", c.ConvertType("X", "Features", DataKind.String));
        yield return Case("value to key", c.MapValueToKey("X", "Name"));
        yield return Case("value to key of vector", c.MapValueToKey("X", "Features"));
        yield return Case("key and back", c.MapValueToKey("X", "Name").Append(c.MapKeyToValue("Y", "X")));
        yield return Case("map value", c.MapValue("X", new Dictionary<string, float> { ["cat"] = 1 }, "Name"));
        yield return Case("map value to key", c.MapValue("X", new Dictionary<string, string> { ["cat"] = "a", ["dog"] = "b" }, "Name", treatValuesAsKeyType: true));
        yield return Case("map value to bytes", c.MapValue("X", new Dictionary<string, byte[]> { ["cat"] = [1, 2], ["dog"] = [3] }, "Name"));
        yield return Case("custom mapping", t.CustomMapping(new Halving().GetMapping(), Halving.Contract));
        yield return Case("vector to image and back",
            t.ConvertToImage(1, 1, "Image", "Features").Append(t.ConvertToGrayscale("Grey", "Image")).Append(t.ResizeImages("Big", 3, 2, "Grey")).Append(t.ExtractPixels("X", "Big")));
        yield return Case("pixels as interleaved bytes",
            t.ConvertToImage(1, 1, "Image", "Features").Append(t.ExtractPixels("X", "Image", ImagePixelExtractingEstimator.ColorBits.All, ImagePixelExtractingEstimator.ColorsOrder.ABGR, true, outputAsFloatArray: false)));

        static TestCaseData Case(string name, IEstimator<ITransformer> estimator) => new TestCaseData(estimator).SetName($"{{m}}({name})");
    }

    [TestCaseSource(nameof(Estimators))]
    public void IsWellBehaved(IEstimator<ITransformer> estimator) => EstimatorChecks.AssertWellBehaved(_ml, estimator, Rows.Table(_ml));

    private static IEnumerable<TestCaseData> Misfits()
    {
        var t = _ml.Transforms;
        var c = t.Conversion;
        yield return Case("copy", t.CopyColumns("X", "Absent"));
        yield return Case("concatenate", t.Concatenate("X", "Absent"));
        yield return Case("drop", t.DropColumns("Absent"));
        yield return Case("select", t.SelectColumns("Absent"));
        yield return Case("convert", c.ConvertType("X", "Absent"));
        yield return Case("value to key", c.MapValueToKey("X", "Absent"));
        yield return Case("key to value", c.MapKeyToValue("X", "Absent"));
        yield return Case("map value", c.MapValue("X", new Dictionary<string, float> { ["cat"] = 1 }, "Absent"));
        yield return Case("load images", t.LoadImages("X", "", "Absent"));
        yield return Case("load images of numbers", t.LoadImages("X", "", "Weight"));
        yield return Case("load bytes", t.LoadRawImageBytes("X", "", "Absent"));
        yield return Case("resize of text", t.ResizeImages("X", 2, 2, "Name"));
        yield return Case("grey of text", t.ConvertToGrayscale("X", "Name"));
        yield return Case("pixels of text", t.ExtractPixels("X", "Name"));
        yield return Case("key to value of text", c.MapKeyToValue("X", "Name"));
        yield return Case("custom mapping of a wrong type", t.CustomMapping<WrongInput, Halved>((_, _) => { }, null));

        static TestCaseData Case(string name, IEstimator<ITransformer> estimator) => new TestCaseData(estimator).SetName($"{{m}}({name})");
    }

    [TestCaseSource(nameof(Misfits))]
    public void MissingAndMistypedColumnsAreRefusedByShape(IEstimator<ITransformer> estimator) =>
        Assert.That(() => estimator.GetOutputSchema(ShapeSpy.Of(Rows.Table(_ml))), Throws.InstanceOf<ArgumentOutOfRangeException>());

    public sealed class Weighed
    {
        public float Weight { get; set; }
    }

    public sealed class Halved
    {
        public float Half { get; set; }
    }

    private sealed class WrongInput
    {
        public int Name { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    public sealed class Halving : CustomMappingFactory<Weighed, Halved>
    {
        internal const string Contract = "Microsoft.ML.Tests.Halving";

        public override Action<Weighed, Halved> GetMapping() => (source, target) => target.Half = source.Weight / 2;
    }
}
