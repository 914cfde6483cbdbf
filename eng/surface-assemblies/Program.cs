using SurfaceAssemblies;

if (args.Length < 3)
{
    Console.Error.WriteLine("usage: surface-assemblies LISTINGS-FOLDER OUTPUT-FOLDER STAND-IN.dll...");
    return 2;
}
var leftOut = SurfaceGenerator.Write(args[0], args[1], args[2..]);
foreach (var (line, reason) in leftOut) Console.WriteLine($"left out: {line} ({reason})");
Console.WriteLine($"{Directory.GetFiles(args[0], "*.txt").Length} assemblies in {args[1]}, {leftOut.Count} lines left out");
return 0;
