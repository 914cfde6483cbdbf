using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;

namespace SurfaceAssemblies;

/// <summary>Copies the attributes that a compiler acts upon.</summary>
internal sealed class AttributeWriter(MetadataBuilder metadata, TypeReferences references, SignatureWriter signatures)
{
    private static readonly HashSet<string> _copied =
    [
        typeof(ExtensionAttribute).FullName!, typeof(ParamArrayAttribute).FullName!, typeof(TupleElementNamesAttribute).FullName!, typeof(DefaultMemberAttribute).FullName!,
        typeof(AttributeUsageAttribute).FullName!, typeof(IsReadOnlyAttribute).FullName!, typeof(IsByRefLikeAttribute).FullName!,
        typeof(CallerMemberNameAttribute).FullName!, typeof(CallerFilePathAttribute).FullName!, typeof(CallerLineNumberAttribute).FullName!,
    ];

    internal void Copy(EntityHandle to, IEnumerable<CustomAttributeData> attributes)
    {
        foreach (var attribute in attributes.Where(a => _copied.Contains(a.AttributeType.FullName!)))
            Add(to, attribute.Constructor, attribute.ConstructorArguments.Select(Value), attribute.NamedArguments.Select(n => (n.MemberName, n.TypedValue.Value)));
    }

    internal void Add<T>(EntityHandle to, params object[] arguments) where T : Attribute =>
        Add(to, typeof(T).GetConstructor([.. arguments.Select(a => a.GetType())])!, arguments, []);

    private static object? Value(CustomAttributeTypedArgument argument) =>
        argument.Value is IReadOnlyCollection<CustomAttributeTypedArgument> items ? items.Select(i => (string?)i.Value).ToArray() : argument.Value;

    private void Add(EntityHandle to, ConstructorInfo constructor, IEnumerable<object?> arguments, IEnumerable<(string Name, object? Value)> properties)
    {
        var parameters = constructor.GetParameters().Select(p => new ListedParameter("", TypeText.Parse(PublicSurface.TypeName(p.ParameterType)), false)).ToArray();
        var reference = metadata.AddMemberReference(references.Find(PublicSurface.TypeName(constructor.DeclaringType!)), metadata.GetOrAddString(".ctor"), signatures.Method(false, 0, parameters, null, null));
        var blob = new BlobBuilder();
        blob.WriteUInt16(1);
        foreach (object? argument in arguments)
        {
            if (argument is string?[] strings)
            {
                blob.WriteInt32(strings.Length);
                foreach (string? item in strings) blob.WriteSerializedString(item);
            }
            else if (argument is string text) blob.WriteSerializedString(text);
            else blob.WriteConstant(argument);
        }
        var named = properties.ToArray();
        blob.WriteUInt16((ushort)named.Length);
        foreach (var (name, value) in named)
        {
            blob.WriteByte((byte)CustomAttributeNamedArgumentKind.Property);
            blob.WriteByte((byte)SerializationTypeCode.Boolean);
            blob.WriteSerializedString(name);
            blob.WriteBoolean((bool)value!);
        }
        metadata.AddCustomAttribute(to, reference, metadata.GetOrAddBlob(blob));
    }
}
