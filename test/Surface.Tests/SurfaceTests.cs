using System.Reflection;
using SurfaceAssemblies;

namespace Surface.Tests;

public class SurfaceTests
{
    private static string[] Extra(Assembly assembly, string listings)
    {
        var known = Listings.Read(listings);
        Assert.That(known.Count, Is.GreaterThan(1000), "the listings are there");
        return PublicSurface.Of(assembly.GetTypes()).Where(line => !known.Has(line)).Order(StringComparer.Ordinal).ToArray();
    }

    [Test]
    public void MicrosoftMLShowsNothingThatTheRealOneLacks() =>
        Assert.That(Extra(typeof(Microsoft.ML.MLContext).Assembly, "Microsoft.ML.*.txt"), Is.Empty);

    [Test]
    public void TorchSharpShowsNothingThatTheRealOneLacks() =>
        Assert.That(Extra(typeof(TorchSharp.torch).Assembly, "TorchSharp.txt"), Is.Empty);

    // The check must bite: the samples below differ from their listing in the ways that a stand-in can.

    public class Sample
    {
        public int Field;
        public void Method(ref int a, out string b, int c = 1) => b = $"{a += c}";
        public T Generic<T>(T[] values) => values[0];
        protected internal void Seen() { }
        private protected void Unseen() { }
    }

    public class Below : Sample;

    private const string Name = "Surface.Tests.SurfaceTests+Sample";

    private static readonly string[] _lines =
    [
        $"class {Name}",
        $"ctor {Name}()",
        $"field {Name}.Field : System.Int32",
        $"method {Name}.Generic`1(!!0[]) : !!0",
        $"method {Name}.Method(ref System.Int32, out System.String, System.Int32=) : System.Void",
        $"method {Name}.Seen() : System.Void",
    ];

    [Test]
    public void LinesNameKindParametersAndTypes() =>
        Assert.That(PublicSurface.Of([typeof(Sample)]).Order(StringComparer.Ordinal), Is.EqualTo(_lines));

    [TestCase("System.Int32=", "System.Int32")]
    [TestCase("ref System.Int32", "System.Int32")]
    [TestCase("Method(", "Other(")]
    [TestCase(": !!0", ": System.Object")]
    public void AnyDifferenceIsAnExtra(string listed, string instead)
    {
        var known = new Listings(_lines.Select(l => l.Replace(listed, instead)));
        Assert.That(PublicSurface.Of([typeof(Sample)]).Count(line => !known.Has(line)), Is.GreaterThan(0));
    }

    [Test]
    public void WhatABaseClassHasCountsForTheClassesBelow()
    {
        var known = new Listings([.. _lines, "base X.Below : " + Name]);
        Assert.That(known.Has("method X.Below.Seen() : System.Void"));
        Assert.That(known.Has("method X.Below.Absent() : System.Void"), Is.False);
        Assert.That(known.Has("ctor X.Below()"), Is.False);
    }
}
