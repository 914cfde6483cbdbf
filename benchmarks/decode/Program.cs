using Microsoft.ML.PaT.Benchmark;

// What decoding images costs, and what decoding at a reduced scale changes: run.sh.
switch (args)
{
    case ["photo", var rounds]:
        Photo.Measure(int.Parse(rounds));
        return 0;
    case ["throughput", var rounds]:
        Throughput.Measure(int.Parse(rounds));
        return 0;
    case ["cursors", var archive, var rounds]:
        Cursors.Measure(archive, int.Parse(rounds));
        return 0;
    case ["pixels", var archive]:
        PixelDifference.Measure(archive);
        return 0;
    case ["accuracy", var archive, var model]:
        Accuracy.Measure(archive, model);
        return 0;
    default:
        Console.Error.WriteLine(
            "usage: Decode.Benchmark photo N | throughput N | cursors ARCHIVE N | pixels ARCHIVE "
                + "| accuracy ARCHIVE MODEL");
        return 2;
}
