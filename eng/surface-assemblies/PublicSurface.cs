using System.Reflection;

namespace SurfaceAssemblies;

/// <summary>
/// Describes what an assembly shows to others, a line a member: kind, declaring type, name, parameter types, type.
/// Generic parameters stand by position (!0 of a type, !!0 of a method), so their names do not matter.
/// Types are compared by name, so that it also describes assemblies that are only looked at, not loaded to run.
/// </summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static IEnumerable<string> Of(IEnumerable<Type> types) => types.Where(t => t.IsVisible).SelectMany(Lines).Distinct();

    private static IEnumerable<string> Lines(Type type)
    {
        string name = TypeName(type);
        yield return $"{Kind(type)} {name}";
        if (type.IsEnum)
        {
            foreach (var value in type.GetFields(BindingFlags.Public | BindingFlags.Static)) yield return $"value {name}.{value.Name}";
            yield break;
        }
        for (var above = type.BaseType; above is not null && !IsRoot(above); above = above.BaseType)
            if (above.IsVisible) yield return $"base {name} : {TypeName(above)}";
        foreach (var contract in type.GetInterfaces().Where(i => i.IsVisible)) yield return $"implements {name} : {TypeName(contract)}";
        foreach (var member in Members(type)) yield return Line(member);
    }

    /// <summary>Fields, constructors and methods that callers or derived classes see.</summary>
    internal static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(Declared).Where(m => m switch
    {
        FieldInfo f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly,
        ConstructorInfo c => !c.IsStatic && IsShown(c),
        MethodInfo x => IsShown(x),
        _ => false,
    });

    internal static string Line(MemberInfo member)
    {
        string name = TypeName(member.DeclaringType!);
        return member switch
        {
            FieldInfo f => $"field {name}.{f.Name} : {TypeName(f.FieldType)}",
            ConstructorInfo c => $"ctor {name}({Parameters(c)})",
            MethodInfo m => $"method {name}.{m.Name}{(m.IsGenericMethodDefinition ? $"`{m.GetGenericArguments().Length}" : "")}({Parameters(m)}) : {TypeName(m.ReturnType)}",
            _ => throw new ArgumentException($"{member} has no line in a listing.", nameof(member)),
        };
    }

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsRoot(Type type) => type.FullName is "System.Object" or "System.ValueType" or "System.MulticastDelegate";

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.BaseType?.FullName == "System.MulticastDelegate" ? "delegate" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
    {
        string passed = !p.ParameterType.IsByRef ? "" : p.IsOut ? "out " : p.IsIn ? "in " : "ref ";
        return passed + TypeName(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType) + (p.IsOptional ? "=" : "");
    }));

    internal static string TypeName(Type type)
    {
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "!" : "!!") + type.GenericParameterPosition;
        if (type.IsByRef) return "ref " + TypeName(type.GetElementType()!);
        if (type.IsPointer) return TypeName(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{TypeName(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        string name = type.IsNested ? $"{TypeName(type.DeclaringType!)}+{type.Name}" : string.IsNullOrEmpty(type.Namespace) ? type.Name : $"{type.Namespace}.{type.Name}";
        // A generic type within itself is written without arguments, whether or not the reader of the metadata takes it for the definition.
        return type.IsConstructedGenericType && type.GetGenericArguments().Any(a => !a.IsGenericParameter || a.DeclaringMethod is not null || a.DeclaringType != type.GetGenericTypeDefinition()) ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>" : name;
    }
}
