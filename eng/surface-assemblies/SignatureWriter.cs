using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SurfaceAssemblies;

/// <summary>Signatures from the listings' type names.</summary>
internal sealed class SignatureWriter(MetadataBuilder metadata, TypeReferences references)
{
    private static readonly Dictionary<string, Action<SignatureTypeEncoder>> _primitives = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = e => e.Boolean(), ["System.Char"] = e => e.Char(), ["System.SByte"] = e => e.SByte(), ["System.Byte"] = e => e.Byte(),
        ["System.Int16"] = e => e.Int16(), ["System.UInt16"] = e => e.UInt16(), ["System.Int32"] = e => e.Int32(), ["System.UInt32"] = e => e.UInt32(),
        ["System.Int64"] = e => e.Int64(), ["System.UInt64"] = e => e.UInt64(), ["System.Single"] = e => e.Single(), ["System.Double"] = e => e.Double(),
        ["System.String"] = e => e.String(), ["System.Object"] = e => e.Object(), ["System.IntPtr"] = e => e.IntPtr(), ["System.UIntPtr"] = e => e.UIntPtr(),
    };

    internal BlobHandle Method(bool isStatic, int arity, ListedParameter[] parameters, TypeText? result, MethodBase? known) =>
        Blob(new BlobEncoder(new BlobBuilder()), e => Write(e.MethodSignature(genericParameterCount: arity, isInstanceMethod: !isStatic), parameters, result, known));

    internal BlobHandle Property(bool isStatic, ListedParameter[] indices, TypeText type, MethodBase? getter) =>
        Blob(new BlobEncoder(new BlobBuilder()), e => Write(e.PropertySignature(isInstanceProperty: !isStatic), indices, type, getter));

    internal BlobHandle Field(TypeText type) => Blob(new BlobEncoder(new BlobBuilder()), e => Write(e.Field().Type(), type));

    /// <summary>The type itself, or its specification where it is more than a name.</summary>
    internal EntityHandle Type(TypeText type)
    {
        bool plain = type.Suffixes.Length == 0 && !type.Name.StartsWith('!') && TypeText.Arity(type.Name) == 0;
        return plain ? references.Find(type.Name) : metadata.AddTypeSpecification(Blob(new BlobEncoder(new BlobBuilder()), e => Write(e.TypeSpecificationSignature(), type)));
    }

    private BlobHandle Blob(BlobEncoder encoder, Action<BlobEncoder> write)
    {
        write(encoder);
        return metadata.GetOrAddBlob(encoder.Builder);
    }

    private void Write(MethodSignatureEncoder encoder, ListedParameter[] parameters, TypeText? result, MethodBase? known)
    {
        encoder.Parameters(parameters.Length, out var returned, out var list);
        Modifiers(returned.CustomModifiers(), (known as MethodInfo)?.ReturnParameter);
        if (result is null || (result.Name == "System.Void" && result.Suffixes.Length == 0)) returned.Void();
        else Write(returned.Type(result.IsByRef), result);
        var knownParameters = known?.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
        {
            var parameter = list.AddParameter();
            Modifiers(parameter.CustomModifiers(), knownParameters?[i]);
            Write(parameter.Type(parameters[i].Passing.Length > 0), parameters[i].Type);
        }
    }

    private void Modifiers(CustomModifiersEncoder encoder, ParameterInfo? known)
    {
        foreach (var modifier in known?.GetRequiredCustomModifiers() ?? [])
            encoder = encoder.AddModifier(references.Find(PublicSurface.TypeName(modifier)), isOptional: false);
    }

    private void Write(SignatureTypeEncoder encoder, TypeText type) => Write(encoder, type, type.Suffixes.Length);

    private void Write(SignatureTypeEncoder encoder, TypeText type, int suffixes)
    {
        if (suffixes > 0)
        {
            string outermost = type.Suffixes[suffixes - 1];
            if (outermost == "*" && suffixes == 1 && type.Name == "System.Void") encoder.VoidPointer();
            else if (outermost == "*") Write(encoder.Pointer(), type, suffixes - 1);
            else if (outermost == "[]") Write(encoder.SZArray(), type, suffixes - 1);
            else encoder.Array(e => Write(e, type, suffixes - 1), s => s.Shape(outermost.Length - 1, [], default));
        }
        else if (type.Name.StartsWith("!!", StringComparison.Ordinal)) encoder.GenericMethodTypeParameter(int.Parse(type.Name[2..]));
        else if (type.Name.StartsWith('!')) encoder.GenericTypeParameter(int.Parse(type.Name[1..]));
        else if (_primitives.TryGetValue(type.Name, out var primitive)) primitive(encoder);
        else WriteNamed(encoder, type);
    }

    private void WriteNamed(SignatureTypeEncoder encoder, TypeText type)
    {
        var handle = references.Find(type.Name);
        bool isValueType = references.IsValueType(type.Name);
        int arity = TypeText.Arity(type.Name);
        if (arity == 0)
        {
            encoder.Type(handle, isValueType);
            return;
        }
        var arguments = encoder.GenericInstantiation(handle, arity, isValueType);
        // Within itself a generic type is listed without arguments: they are its own parameters.
        for (int i = 0; i < arity; i++)
            Write(arguments.AddArgument(), type.Arguments.Length > 0 ? type.Arguments[i] : new TypeText($"!{i}", [], [], false));
    }
}
