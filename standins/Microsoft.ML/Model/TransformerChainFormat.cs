using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A saved chain: the number of transformers and their scopes; each lies in a folder "Transform_000", "Transform_001", ...</summary>
internal static class TransformerChainFormat
{
    internal const string Kind = "TransformerChain";

    internal static void Save(ModelSaveContext ctx, ITransformer[] transformers, TransformerScope[] scopes)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var writer = ctx.Begin(Kind, 1);
        writer.Write(transformers.Length);
        foreach (var scope in scopes) writer.Write((int)scope);
        for (int i = 0; i < transformers.Length; i++) ctx.SavePart(Folder(i), transformers[i]);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var reader = ctx.Expect(1);
        int count = reader.ReadInt32();
        if (count < 0 || count > 100_000) throw Failures.BadModel($"Corrupt model file: a chain of {count} transformers.");
        var scopes = new TransformerScope[count];
        for (int i = 0; i < count; i++) scopes[i] = (TransformerScope)reader.ReadInt32();
        return new TransformerChain<ITransformer>(Enumerable.Range(0, count).Select(i => ctx.LoadPart(Folder(i))).ToArray(), scopes);
    }

    private static string Folder(int i) => $"Transform_{i:000}";
}
