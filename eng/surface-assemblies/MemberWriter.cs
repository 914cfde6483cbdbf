using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;

namespace SurfaceAssemblies;

/// <summary>
/// Fields and methods of a type. What the stand-ins do not tell is chosen so that a compiler has the most overloads to consider:
/// public, last arrays as params, static where the type or the overloads beside it are.
/// </summary>
internal sealed class MemberWriter(MetadataBuilder metadata, SignatureWriter signatures, AttributeWriter attributes, GenericParameters generics, StandInKnowledge knowledge, int body, List<LeftOut> leftOut)
{
    private const MethodAttributes Kept = MethodAttributes.MemberAccessMask | MethodAttributes.Static | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot
        | MethodAttributes.HideBySig | MethodAttributes.Abstract | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;

    private readonly AccessorWriter _accessors = new(metadata, signatures, attributes);

    /// <summary>No constructor, nothing above: as far as the listing tells, a static class.</summary>
    internal static bool IsStatic(ListedType type, Type? known) => known is not null ? known is { IsAbstract: true, IsSealed: true }
        : type.Kind == "class" && type.Bases.Count == 0 && type.Contracts.Count == 0 && !type.Methods.Any(m => m.Name == ".ctor");

    internal void Add(TypeDefinitionHandle row, ListedType type, Type? known)
    {
        if (type.Kind == "enum") AddValues(type, known);
        foreach (var field in type.Fields) Try(field.Line, () => AddField(type, field, known));
        var extends = type.Methods.Where(m => IsExtension(m, type, known)).ToHashSet();
        if (known is null && extends.Count > 0) attributes.Add<ExtensionAttribute>(row);
        var accessors = new List<Accessor>();
        foreach (var method in type.Methods) Try(method.Line, () => AddMethod(type, method, known, extends.Contains(method), accessors));
        _accessors.Write(row, accessors, hasDefaultMember: known?.GetCustomAttribute<DefaultMemberAttribute>() is not null);
    }

    private void Try(string line, Action add)
    {
        try { add(); }
        catch (UnlistedTypeException e) { leftOut.Add(new LeftOut(line, e.Message)); }
    }

    private void AddValues(ListedType type, Type? known)
    {
        var underlying = known is null ? typeof(int) : Enum.GetUnderlyingType(known);
        metadata.AddFieldDefinition(FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName, metadata.GetOrAddString("value__"), signatures.Field(TypeText.Parse(underlying.FullName!)));
        var literals = known?.GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(f => f.Name, f => f.GetRawConstantValue()!) ?? [];
        long next = literals.Count == 0 ? 0 : literals.Values.Max(Convert.ToInt64) + 1;
        foreach (string name in type.Values)
        {
            object value = literals.TryGetValue(name, out object? real) ? real : Convert.ChangeType(next++, underlying);
            var field = metadata.AddFieldDefinition(FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal | FieldAttributes.HasDefault, metadata.GetOrAddString(name), signatures.Field(TypeText.Parse(type.Name)));
            metadata.AddConstant(field, value);
        }
    }

    private void AddField(ListedType type, ListedField field, Type? knownType)
    {
        var known = knowledge.Find(type.Name, field.Line) as FieldInfo;
        var flags = known is not null ? known.Attributes & ~(FieldAttributes.HasFieldRVA | FieldAttributes.HasFieldMarshal)
            : FieldAttributes.Public | (IsStatic(type, knownType) ? FieldAttributes.Static : default);
        var row = metadata.AddFieldDefinition(flags, metadata.GetOrAddString(field.Name), signatures.Field(field.Type));
        if (known is { IsLiteral: true }) metadata.AddConstant(row, known.GetRawConstantValue());
        if (known is not null) attributes.Copy(row, known.GetCustomAttributesData());
    }

    private void AddMethod(ListedType type, ListedMethod method, Type? knownType, bool isExtension, List<Accessor> accessors)
    {
        var known = knowledge.Find(type.Name, method.Line) as MethodBase;
        var flags = known is not null ? known.Attributes & Kept : Guess(type, method, knownType);
        bool isStatic = flags.HasFlag(MethodAttributes.Static);
        var signature = signatures.Method(isStatic, method.Arity, method.Parameters, method.Result, known);
        bool isRuntime = type.Kind == "delegate";
        int offset = isRuntime || flags.HasFlag(MethodAttributes.Abstract) ? -1 : body;
        var first = MetadataTokens.ParameterHandle(metadata.GetRowCount(TableIndex.Param) + 1);
        AddParameters(method, known, flags);
        var row = metadata.AddMethodDefinition(flags, isRuntime ? MethodImplAttributes.Runtime : MethodImplAttributes.IL, metadata.GetOrAddString(method.Name), signature, offset, first);
        if (known is not null) attributes.Copy(row, known.GetCustomAttributesData());
        if (isExtension) attributes.Add<ExtensionAttribute>(row);
        generics.Add(row, method.Arity, (known as MethodInfo)?.GetGenericArguments());
        if (flags.HasFlag(MethodAttributes.SpecialName) && Accessor.Of(method, row, isStatic, known) is { } accessor) accessors.Add(accessor);
    }

    private void AddParameters(ListedMethod method, MethodBase? known, MethodAttributes flags)
    {
        if (known is MethodInfo { ReturnParameter: var returned } && returned.GetCustomAttributesData().Count > 0)
            attributes.Copy(metadata.AddParameter(ParameterAttributes.None, default, 0), returned.GetCustomAttributesData());
        var parameters = known?.GetParameters();
        for (int i = 0; i < method.Parameters.Length; i++)
        {
            var listed = method.Parameters[i];
            var passing = (listed.Passing == "out" ? ParameterAttributes.Out : listed.Passing == "in" ? ParameterAttributes.In : default) | (listed.IsOptional ? ParameterAttributes.Optional | ParameterAttributes.HasDefault : default);
            var row = metadata.AddParameter(passing, metadata.GetOrAddString(parameters?[i].Name ?? $"p{i}"), i + 1);
            if (parameters is not null) attributes.Copy(row, parameters[i].GetCustomAttributesData());
            else if (i == method.Parameters.Length - 1 && listed is { IsOptional: false, Passing: "" } && listed.Type.Suffixes is [.., "[]"] && !flags.HasFlag(MethodAttributes.SpecialName))
                attributes.Add<ParamArrayAttribute>(row);
            // A missing value is read as the type's default.
            if (listed.IsOptional) metadata.AddConstant(row, parameters?[i].RawDefaultValue is { } value and not DBNull and not Missing and not decimal ? value : null);
        }
    }

    private MethodAttributes Guess(ListedType type, ListedMethod method, Type? knownType)
    {
        const MethodAttributes plain = MethodAttributes.Public | MethodAttributes.HideBySig;
        if (method.Name == ".ctor") return (knownType is { IsAbstract: true } ? MethodAttributes.Family | MethodAttributes.HideBySig : plain) | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        if (method.Name.StartsWith("op_", StringComparison.Ordinal)) return plain | MethodAttributes.Static | MethodAttributes.SpecialName;
        var siblings = knowledge.Siblings(type.Name, method.Name).ToArray();
        bool isStatic = IsStatic(type, knownType) || (siblings.Length > 0 && siblings.All(m => m.IsStatic));
        var flags = plain | (IsAccessor(method.Name, isStatic) ? MethodAttributes.SpecialName : default);
        if (type.Kind == "interface") return flags | MethodAttributes.Abstract | MethodAttributes.Virtual | MethodAttributes.NewSlot;
        if (isStatic) return flags | MethodAttributes.Static;
        if (type.Kind == "delegate") return flags | MethodAttributes.Virtual | MethodAttributes.NewSlot;
        return (method.Name, method.Parameters.Length) switch
        {
            ("Finalize", 0) => MethodAttributes.Family | MethodAttributes.HideBySig | MethodAttributes.Virtual,
            ("ToString" or "GetHashCode", 0) => flags | MethodAttributes.Virtual,
            ("Equals", 1) when method.Parameters[0].Type.Name == "System.Object" => flags | MethodAttributes.Virtual,
            _ => flags,
        };
    }

    /// <summary>TorchSharp has methods such as get_device(): in a static class only a capital tells a property.</summary>
    private static bool IsAccessor(string name, bool isStatic) =>
        name.Length > 4 && (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)) && (!isStatic || char.IsUpper(name[4]));

    private bool IsExtension(ListedMethod method, ListedType type, Type? known)
    {
        if (knowledge.Find(type.Name, method.Line) is not null || !IsStatic(type, known) || type.Name.Contains('+') || method.Parameters is not [{ Passing: "" } first, ..]) return false;
        return known is null
            ? type.Name.EndsWith("Catalog", StringComparison.Ordinal) || type.Name.EndsWith("Extensions", StringComparison.Ordinal)
            : PublicSurface.Members(known).OfType<MethodInfo>().Any(m => m.IsDefined(typeof(ExtensionAttribute), false) && PublicSurface.TypeName(m.GetParameters()[0].ParameterType) == first.Type.ToString());
    }
}
