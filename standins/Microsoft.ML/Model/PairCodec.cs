namespace Microsoft.ML;

/// <summary>Writes and reads column name pairs.</summary>
internal static class PairCodec
{
    internal static void Write(BinaryWriter writer, IReadOnlyList<InputOutputColumnPair> columns)
    {
        writer.Write(columns.Count);
        foreach (var column in columns)
        {
            writer.Write(column.OutputColumnName);
            writer.Write(column.InputColumnName);
        }
    }

    internal static IReadOnlyList<InputOutputColumnPair> Read(BinaryReader reader)
    {
        var columns = new InputOutputColumnPair[ValueCodec.ReadCount(reader, 2)];
        for (int i = 0; i < columns.Length; i++)
        {
            string output = reader.ReadString(), input = reader.ReadString();
            if (output.Length == 0 || input.Length == 0) throw Failures.BadModel("Corrupt model file: a column without a name.");
            columns[i] = new(output, input);
        }
        return columns;
    }

    internal static void WriteNames(BinaryWriter writer, IReadOnlyList<string> names)
    {
        writer.Write(names.Count);
        foreach (string name in names) writer.Write(name);
    }

    internal static string[] ReadNames(BinaryReader reader)
    {
        var names = new string[ValueCodec.ReadCount(reader, 1)];
        for (int i = 0; i < names.Length; i++) names[i] = reader.ReadString();
        return names;
    }
}
