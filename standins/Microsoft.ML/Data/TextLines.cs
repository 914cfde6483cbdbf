using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Splits the lines of a text into fields, with quotes where those are allowed.</summary>
internal sealed class TextLines(TextReader reader, TextLoader.Options options)
{
    private readonly char[] _separators = options.Separators;
    private readonly bool _skipsSpaces = !options.Separators.Contains(' ');

    /// <summary>The number of the last line read, from 1.</summary>
    internal long LineNumber { get; private set; }

    /// <summary>The fields of the next line that is not empty; null at the end.</summary>
    internal IReadOnlyList<ReadOnlyMemory<char>> Next()
    {
        string line;
        do
        {
            line = ReadLine();
            if (line is null) return null;
        }
        while (line.Length == 0);
        return Split(line);
    }

    private string ReadLine()
    {
        string line = reader.ReadLine();
        if (line is null) return null;
        LineNumber++;
        if (!options.ReadMultilines || !options.AllowQuoting) return line;
        // A line that ends inside quotes goes on with the next one.
        while (EndsInsideQuotes(line) && reader.ReadLine() is { } more)
        {
            LineNumber++;
            line = $"{line}\n{more}";
        }
        return line;
    }

    private bool EndsInsideQuotes(string line)
    {
        int at = 0;
        while (at <= line.Length)
        {
            Field(line, ref at, out bool closed, out bool last);
            if (!closed) return true;
            if (last) return false;
        }
        return false;
    }

    private List<ReadOnlyMemory<char>> Split(string line)
    {
        var fields = new List<ReadOnlyMemory<char>>();
        int at = 0;
        for (bool last = false; !last;)
        {
            var field = Field(line, ref at, out bool closed, out last);
            if (!closed) throw new InvalidOperationException($"Illegal quoting in line {LineNumber}: a quote is not closed.");
            fields.Add(field);
        }
        return fields;
    }

    /// <summary>The field that starts at a position; the position moves behind the separator that ends it.</summary>
    private ReadOnlyMemory<char> Field(string line, ref int at, out bool closed, out bool last)
    {
        closed = true;
        if (_skipsSpaces)
            while (at < line.Length && line[at] == ' ') at++;
        if (options.AllowQuoting && at < line.Length && line[at] == '"') return Quoted(line, ref at, out closed, out last);
        int end = line.AsSpan(at).IndexOfAny(_separators);
        last = end < 0;
        var field = line.AsMemory(at, last ? line.Length - at : end);
        at += field.Length + 1;
        return options.TrimWhitespace ? field.TrimEnd() : field;
    }

    private ReadOnlyMemory<char> Quoted(string line, ref int at, out bool closed, out bool last)
    {
        var text = new StringBuilder();
        closed = false;
        for (at++; at < line.Length; at++)
        {
            char c = line[at];
            bool quoteFollows = at + 1 < line.Length && line[at + 1] == '"';
            if (c == options.EscapeChar && quoteFollows) text.Append(line[++at]);
            else if (c != '"') text.Append(c);
            else
            {
                closed = true;
                at++;
                break;
            }
        }
        if (_skipsSpaces)
            while (at < line.Length && line[at] == ' ') at++;
        last = at >= line.Length;
        if (!last && !_separators.Contains(line[at])) throw new InvalidOperationException($"Illegal quoting in line {LineNumber}: text after a closing quote.");
        at++;
        return text.ToString().AsMemory();
    }
}
