using System.Reflection;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Creates and copies option records of types that are only known at run time.</summary>
internal static class OptionRecord
{
    private static readonly MethodInfo s_copy =
        typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>A record with its defaults.</summary>
    public static object New(Type type) => Activator.CreateInstance(type)!;

    public static object Copy(object record) => s_copy.Invoke(record, null)!;
}
