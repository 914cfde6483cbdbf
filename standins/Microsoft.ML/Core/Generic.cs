using System.Reflection;

namespace Microsoft.ML;

/// <summary>Calls generic methods with types known only at run time; exceptions come out as they were thrown.</summary>
internal static class Generic
{
    internal static object Call(object target, Type owner, string method, Type[] types, params object[] arguments)
    {
        var found = owner.GetMethod(method, BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            ?? throw new MissingMethodException(owner.FullName, method);
        return found.MakeGenericMethod(types).Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
