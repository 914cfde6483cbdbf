using System.Reflection;

namespace Surface.Tests;

/// <summary>
/// Describes what an assembly shows to others, a line a member: kind, declaring type, name, parameter types, type.
/// Generic parameters stand by position (!0 of a type, !!0 of a method), so their names do not matter.
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
        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
            yield return $"field {name}.{field.Name} : {TypeName(field.FieldType)}";
        foreach (var constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && IsShown(c)))
            yield return $"ctor {name}({Parameters(constructor)})";
        foreach (var method in type.GetMethods(Declared).Where(IsShown))
            yield return $"method {name}.{method.Name}{(method.IsGenericMethodDefinition ? $"`{method.GetGenericArguments().Length}" : "")}({Parameters(method)}) : {TypeName(method.ReturnType)}";
    }

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsRoot(Type type) => type == typeof(object) || type == typeof(ValueType) || type == typeof(MulticastDelegate);

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsSubclassOf(typeof(Delegate)) ? "delegate" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
    {
        string passed = !p.ParameterType.IsByRef ? "" : p.IsOut ? "out " : p.IsIn ? "in " : "ref ";
        return passed + TypeName(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType) + (p.IsOptional ? "=" : "");
    }));

    private static string TypeName(Type type)
    {
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "!" : "!!") + type.GenericParameterPosition;
        if (type.IsByRef) return "ref " + TypeName(type.GetElementType()!);
        if (type.IsPointer) return TypeName(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{TypeName(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        string name = type.IsNested ? $"{TypeName(type.DeclaringType!)}+{type.Name}" : string.IsNullOrEmpty(type.Namespace) ? type.Name : $"{type.Namespace}.{type.Name}";
        return type.IsConstructedGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>" : name;
    }
}
